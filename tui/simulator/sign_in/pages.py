"""Owns the pages that people see in a browser: the question to sign in, and where a sign-in ends."""

import html

from starlette.responses import HTMLResponse

_HEADERS = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "DENY",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
}
_STYLE = (
    "body{font:1rem/1.5 system-ui,sans-serif;max-width:40rem;margin:4rem auto;padding:0 1rem}"
    "button{font:inherit;padding:.4rem 1rem;margin-right:.5rem}code{overflow-wrap:anywhere}"
)
SIGN_IN = "sign-in"
REFUSE = "refuse"


def sign_in_page(client_id: str, redirect_uri: str, scopes: tuple[str, ...]) -> HTMLResponse:
    """Ask whether the application may act for the one user there is: the form's ``decision`` is the answer."""
    wanted = ", ".join(f"<code>{html.escape(scope)}</code>" for scope in scopes) or "nothing in particular"
    return _page(
        "Simulated sign-in",
        "<p>Nobody's account: this page belongs to a simulator, and every name on it is invented.</p>"
        f"<p>The application <code>{html.escape(client_id)}</code> asks to act for Ada Harbour. It wants {wanted}, and "
        f"you sent to <code>{html.escape(redirect_uri)}</code> afterwards.</p>"
        '<form method="post">'
        f'<button type="submit" name="decision" value="{SIGN_IN}" autofocus>Sign in as Ada Harbour</button>'
        f'<button type="submit" name="decision" value="{REFUSE}">Refuse</button></form>',
    )


def landing_page(code: str) -> HTMLResponse:
    """Show the page 2019's sign-in ends on: nothing but an address to copy the code from."""
    return _page(
        "Signed in",
        f"<p>Copy this page's address into the program you came from.</p><p><code>{html.escape(code)}</code></p>",
    )


def error_page(error: str, description: str, reference: str) -> HTMLResponse:
    """Show a sign-in that went wrong; the address of this page says the same to a program."""
    return _page(
        "The sign-in did not work",
        f"<p><code>{html.escape(error)}</code> {html.escape(description)}</p>"
        f"<p>For support: <code>{html.escape(reference)}</code></p>"
        "<p>Close this page and start again from the program you came from.</p>",
    )


def _page(title: str, body: str) -> HTMLResponse:
    return HTMLResponse(
        f'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>'
        f"<style>{_STYLE}</style></head><body><h1>{title}</h1>{body}</body></html>",
        headers=_HEADERS,
    )
