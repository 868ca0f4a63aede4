"""Requests as programs: Python with httpx, and PowerShell. Pure; knows neither."""

from __future__ import annotations

import base64
import re
from typing import TYPE_CHECKING, Final

from tui.exchanges.share.asked import NotCopyableError, Placeholder

if TYPE_CHECKING:
    from tui.exchanges.share.asked import Asked, Piece, Pieces

_SHELL_METHODS: Final = ("GET", "HEAD", "POST", "PUT", "DELETE", "TRACE", "OPTIONS", "MERGE", "PATCH")
_DOTS: Final = re.compile(rb"\A[^?]*/\.\.?(?:[/?]|\Z)")
_SINGLE_QUOTES: Final = re.compile("(['‘’‚‛])")
"""PowerShell takes each of these for the end of a string."""


def python(asked: Asked) -> str:
    """Return a Python program that sends exactly this request with httpx and prints the answer.

    Raises `NotCopyableError` for an address that httpx, which made every address of the log, would change.
    """
    if _DOTS.search(b"".join(piece for piece in asked.url if isinstance(piece, bytes))):
        raise NotCopyableError("httpx takes the dots out of its address")
    lines = ["import os", ""] if asked.secrets else []
    lines += [
        "import httpx",
        "",
        "request = httpx.Request(",
        f"    {asked.method!r},",
        f"    {_python_text(asked.url)},",
    ]
    if asked.headers:
        lines.append("    headers=[")
        lines += [f"        ({name!r}, {_python_header(value)})," for name, value in asked.headers]
        lines.append("    ],")
    if asked.has_body:
        lines.append(f"    content={_python_bytes(asked.body)},")
    lines += [")", "with httpx.Client(timeout=60) as client:", "    response = client.send(request)"]
    lines.append("print(response.status_code, response.text)")
    return "\n".join(lines)


def _python_header(pieces: Pieces) -> str:
    """Return a text where it is ASCII, else bytes, since httpx takes no other texts for headers."""
    if all(piece.isascii() for piece in pieces if isinstance(piece, bytes)):
        return _python_text(pieces)
    return " + ".join(
        f'os.environ["{piece.name}"].encode()' if isinstance(piece, Placeholder) else repr(piece) for piece in pieces
    )


def _python_bytes(pieces: Pieces) -> str:
    try:
        text = _python_text(pieces)
    except UnicodeDecodeError:
        parts = (
            f'os.environ["{each.name}"].encode()' if isinstance(each, Placeholder) else repr(each) for each in pieces
        )
        return " + ".join(parts)
    return f"{text}.encode()" if len(pieces) == 1 else f"({text}).encode()"


def _python_text(pieces: Pieces) -> str:
    parts = (
        f'os.environ["{piece.name}"]' if isinstance(piece, Placeholder) else repr(piece.decode()) for piece in pieces
    )
    return " + ".join(parts) or "''"


def powershell(asked: Asked) -> str:
    """Return a PowerShell command that sends this request. Raises `NotCopyableError`.

    PowerShell may add headers of its own where the request has none of that name (User-Agent).
    """
    if asked.method not in _SHELL_METHODS:
        raise NotCopyableError(f"PowerShell knows no method {asked.method}")
    if asked.has_body and asked.method in ("GET", "HEAD"):
        raise NotCopyableError(f"PowerShell sends no body with {asked.method}")
    names = [name.lower() for name, _ in asked.headers]
    if len(set(names)) < len(names):
        raise NotCopyableError("PowerShell can't send two headers of one name")
    if not all(piece.isascii() for _, value in asked.headers for piece in value if isinstance(piece, bytes)):
        raise NotCopyableError("PowerShell sends only ASCII in headers")
    arguments = [f"Invoke-WebRequest -UseBasicParsing -Method {asked.method}", f"-Uri {_shell_value(asked.url)}"]
    agent, kind = asked.header("user-agent"), asked.header("content-type")
    if agent is not None:
        arguments.append(f"-UserAgent {_shell_value(agent)}")
    if kind is not None:
        arguments.append(f"-ContentType {_shell_value(kind)}")
    apart = ("user-agent", "content-type")
    rows = [f"{_shell_text(n)} = {_shell_value(v)}" for n, v in asked.headers if n.lower() not in apart]
    if rows:
        arguments.append(f"-Headers @{{ {'; '.join(rows)} }}")
    if asked.has_body:
        arguments.append(f"-Body {_shell_body(asked.body)}")
    return " `\n  ".join(arguments)


def _shell_body(pieces: Pieces) -> str:
    """Return the body as bytes, so that no version of PowerShell encodes it in its own way."""
    try:
        return f"([Text.Encoding]::UTF8.GetBytes({_shell_value(pieces)}))"
    except UnicodeDecodeError:
        if any(isinstance(piece, Placeholder) for piece in pieces):
            raise NotCopyableError("its body is no text and holds a secret") from None
        data = b"".join(piece for piece in pieces if isinstance(piece, bytes))
        return f"([Convert]::FromBase64String('{base64.b64encode(data).decode()}'))"


def _shell_value(pieces: Pieces) -> str:
    parts = [part for piece in pieces for part in _shell_parts(piece)] or ["''"]
    if parts[0].startswith("[") or (len(parts) > 1 and not parts[0].startswith("'")):
        # What stands first decides the type of the sum: a character plus a text is a number.
        parts.insert(0, "''")
    return parts[0] if len(parts) == 1 else f"({' + '.join(parts)})"


def _shell_parts(piece: Piece) -> list[str]:
    if isinstance(piece, Placeholder):
        return [f"$env:{piece.name}"]
    parts: list[str] = []
    for text in re.findall(r"(?s)\w+|\W", piece.decode()):
        if not text.isprintable():
            wide = text.encode("utf-16-be")
            parts += [f"[char]0x{wide[at : at + 2].hex()}" for at in range(0, len(wide), 2)]
        elif parts and parts[-1].startswith("'"):
            parts[-1] = parts[-1][:-1] + _SINGLE_QUOTES.sub(r"\1\1", text) + "'"
        else:
            parts.append(_shell_text(text))
    return parts


def _shell_text(text: str) -> str:
    return "'" + _SINGLE_QUOTES.sub(r"\1\1", text) + "'"
