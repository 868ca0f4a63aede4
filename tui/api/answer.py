"""A complete HTTP answer as the rest of this package sees it: no client type in it. Standard library only."""

from dataclasses import dataclass

from tui.api.rights import Holder


@dataclass(frozen=True, slots=True)
class Answer:
    """Status, headers and the whole decoded body of one answer. ``url`` is the address asked.

    ``retry_after`` is the pause in seconds that the server asked for, ``None`` for none. ``holder`` is who asked.
    """

    status: int
    headers: tuple[tuple[str, str], ...]
    content: bytes
    url: str
    retry_after: float | None = None
    holder: Holder = Holder.UNKNOWN

    def header(self, name: str) -> str:
        """Return the first header ``name`` in any case, ``""`` for none."""
        lowered = name.lower()
        return next((value for key, value in self.headers if key.lower() == lowered), "")

    @property
    def ok(self) -> bool:
        """Whether the status says success."""
        return 200 <= self.status < 300

    @property
    def looks_like_html(self) -> bool:
        """Whether the body is a page for people: a gateway's answer to an address that is wrong."""
        if "html" in self.header("content-type").lower():
            return True
        return self.content[:200].lstrip(b"\xef\xbb\xbf \t\r\n").lower().startswith((b"<!doctype", b"<html"))
