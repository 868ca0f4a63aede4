"""The loopback address of the browser sign-in: which are taken, and that any other is refused with what to do."""

import pytest

from tui.errors import UsageError
from tui.redirects import redirect_parts


@pytest.mark.parametrize(
    ("address", "parts"),
    [
        ("http://127.0.0.1:8765/", ("127.0.0.1", 8765, "/")),
        (" http://localhost:80/oidc/login ", ("localhost", 80, "/oidc/login")),
        ("http://[::1]:8104", ("[::1]", 8104, "/")),
        ("http://127.0.0.1:0/", ("127.0.0.1", 0, "/")),
    ],
)
def test_an_address_of_this_machine(address: str, parts: tuple[str, int, str]) -> None:
    assert redirect_parts(address) == parts


@pytest.mark.parametrize(
    "address",
    [
        "",
        "8765",
        "https://127.0.0.1:8765/",
        "http://127.0.0.1/",
        "http://example.test:8765/",
        "http://127.0.0.1.example.test:8765/",
        "http://127.0.0.1:8765/?x=1",
        "http://127.0.0.1:8765/#x",
        "http://127.0.0.1:99999/",
        "http://[::1:8765/",
    ],
)
def test_any_other_address_is_refused(address: str) -> None:
    with pytest.raises(UsageError, match="redirect address") as caught:
        redirect_parts(address)
    assert "http://127.0.0.1:8765/" in str(caught.value)
