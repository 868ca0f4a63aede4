"""An addon of mitmproxy: whatever host is asked for, the connection goes to one port of this machine."""

from typing import Any

from mitmproxy import ctx  # pyright: ignore[reportMissingImports]


class Elsewhere:
    """Stands in for name resolution; the certificate is still checked against the name that was asked for."""

    def load(self, loader: Any) -> None:
        """Add the option that names the port."""
        loader.add_option("origin_port", int, 0, "the port that everything goes to")

    def server_connect(self, data: Any) -> None:
        """Turn a connection before it is made."""
        data.server.address = ("127.0.0.1", ctx.options.origin_port)


addons = [Elsewhere()]
