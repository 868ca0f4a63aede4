"""The pages that the browser shows at the end of a sign-in. Static: nothing of a request ever gets into one."""

from dataclasses import dataclass
from typing import Final

_PAGE: Final = (
    '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
    "<title>{title}</title></head>"
    '<body style="font-family:system-ui,sans-serif;max-width:32em;margin:15vh auto;padding:0 1em;line-height:1.5">'
    "<h1>{title}</h1><p>{text}</p></body></html>"
)


@dataclass(frozen=True, slots=True)
class Page:
    """One page with its status."""

    status: int
    title: str
    text: str

    @property
    def body(self) -> bytes:
        """The page as HTML."""
        return _PAGE.format(title=self.title, text=self.text).encode()

    @property
    def headers(self) -> list[tuple[str, str]]:
        """The headers: nothing is kept, told on or run."""
        return [
            ("Content-Type", "text/html; charset=utf-8"),
            ("Content-Length", str(len(self.body))),
            ("Cache-Control", "no-store"),
            ("Referrer-Policy", "no-referrer"),
            ("X-Content-Type-Options", "nosniff"),
            ("X-Frame-Options", "DENY"),
            ("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'"),
            ("Connection", "close"),
        ]


SUCCESS: Final = Page(200, "You are nearly there", "The sign-in goes on in your terminal. You can close this page.")
FAILED: Final = Page(200, "The sign-in failed", "Your terminal says why and what to do now. You can close this page.")
OTHER_SIGN_IN: Final = Page(
    400,
    "This page belongs to another sign-in",
    "Nothing was done. Use the address that your terminal shows now; it still waits.",
)
ENDED: Final = Page(410, "This sign-in is over", "Look at your terminal. You can close this page.")
NOT_HERE: Final = Page(404, "There is nothing here", "Your terminal still waits for the sign-in.")
REFUSED: Final = Page(400, "This is not understood here", "Your terminal still waits for the sign-in.")
TOO_MUCH: Final = Page(431, "This is too much", "Your terminal still waits for the sign-in.")
