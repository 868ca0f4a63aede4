"""Requests of every shape, with secrets in them, as the log would keep them and as they were."""

from dataclasses import dataclass

from hypothesis import strategies as st

from tests.e2e.share.recording_server import Came
from tui.exchanges.share.asked import Asked, asked
from tui.secret import fingerprint

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
TARGET = "abcXYZ019-._~/:@!$'()*,;&=+[]"
VALUE = st.text(st.characters(min_codepoint=0x20, max_codepoint=0xFF, exclude_categories=("Cc",)), max_size=30)
TOKEN = st.text(st.sampled_from("abcXYZ019-_."), min_size=8, max_size=60)
SHELL = st.sampled_from(
    ["'", '"', "$HOME", "`id`", "!!", "\\", "\n", "\r\n", "\t", "$'", "\\n", "é", "日本", "😀", "\u202e", "\x1b[31m"]
)


@dataclass(frozen=True)
class Made:
    """A request: as it went (``came``), and how to write it down (``asked``). ``secrets``: name → value."""

    came: Came
    asked: Asked
    secrets: dict[str, str]


def made(origin: str, method: str, target: str, headers: list[tuple[str, bytes]], body: bytes, token: str) -> Made:
    """Redact the token wherever it stands, as the log does."""
    mark, secret = fingerprint(token), token.encode()
    redacted = body.replace(secret, mark.encode())
    shown = tuple((name, value.decode("latin-1").replace(token, mark)) for name, value in headers)
    found = asked(method, origin + target.replace(token, mark), shown, redacted)
    came = Came(
        method.encode(), target.encode(), tuple((name.lower().encode(), value) for name, value in headers), body
    )
    return Made(came.comparable(), found, dict.fromkeys(found.secrets, token))


@st.composite
def parts(draw: st.DrawFn) -> tuple[str, str, list[tuple[str, bytes]], bytes, str]:
    """Return method, target, headers, body and token."""
    token = draw(TOKEN)
    method = draw(st.sampled_from(METHODS))
    piece = st.one_of(st.text(st.sampled_from(TARGET), max_size=20), st.sampled_from(["%20", "%2F", "%C3%A9", "/../"]))
    target = "/" + "".join(draw(st.lists(piece, max_size=4))).lstrip("/")
    if draw(st.booleans()):
        target += "?" + "".join(draw(st.lists(piece, max_size=4)))
    names = draw(
        st.lists(st.sampled_from(["Accept", "X-UIPATH-TenantName", "X-One", "X-Two", "Content-Type"]), unique=True)
    )
    headers = [("Authorization", f"Bearer {token}".encode())] if draw(st.booleans()) else []
    headers += [(name, draw(VALUE).strip().encode(draw(st.sampled_from(["utf-8", "latin-1"])))) for name in names]
    text = st.one_of(st.text(max_size=20), SHELL, st.just(token), st.just(f'"refresh_token":"{token}"'))
    whole = st.lists(text, max_size=8).map(lambda found: "".join(found).encode("utf-8", "replace"))
    body = draw(st.one_of(whole, st.binary(max_size=30))) if method in ("POST", "PUT", "PATCH") else b""
    return method, target, headers, body, token
