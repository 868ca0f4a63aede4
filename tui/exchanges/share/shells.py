"""Requests as commands for a POSIX shell: curl and HTTPie. Pure.

Every byte is quoted so that the command is one line of printable characters: safe to paste, the same bytes arrive.
``$'…'`` is used only where it must be: bash, zsh, ksh and POSIX 2024 know it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from tui.exchanges.share.asked import NotCopyableError, Placeholder

if TYPE_CHECKING:
    from tui.exchanges.share.asked import Asked, Piece, Pieces

ARGUMENT_LIMIT: Final = 128 * 1024 - 1
"""Bytes of one argument on Linux, the narrowest of the systems: a longer one can't be given."""
_PLAIN: Final = re.compile(r"[A-Za-z0-9_@%+=:,./-]+\Z")
_CURL_OWN: Final = ("User-Agent", "Accept")
_WITH_LENGTH: Final = ("POST", "PUT", "PATCH")
_HTTPIE_OWN: Final = ("User-Agent", "Accept", "Accept-Encoding", "Connection", "Content-Type")
_HTTPIE_METHOD: Final = re.compile(r"[A-Z]+\Z")
_HTTPIE_CHANGES: Final = re.compile(
    rb"[\[\]#]|;(?:\?|\Z)|\?\Z|%(?:4[1-9A-F]|5[0-9AF]|6[1-9A-F]|7[0-9AE]|3[0-9]|2[DE]|[a-f].|.[a-f])"
)
"""What the library behind it decodes, encodes or drops; none of it is in an address of the log."""
_HTTPIE_MARKS: Final = frozenset(b":;=@")
_NO_BREAK: Final = " \\\n  "


def curl(asked: Asked) -> str:
    """Return a curl command that sends exactly this request. Raises `NotCopyableError`."""
    if asked.method == "HEAD" and asked.has_body:
        raise NotCopyableError("curl can't send a HEAD with a body")
    sends = asked.has_body or asked.method in _WITH_LENGTH
    is_get = asked.method == "GET" and not sends
    how = "" if is_get else "--head " if asked.method == "HEAD" else f"--request {quoted((asked.method.encode(),))} "
    lines = [f"curl --globoff --path-as-is {how}{_argument(asked.url)}"]
    for name, value in asked.headers:
        head = (f"{name}: " if value else f"{name};").encode("latin-1", "replace")
        lines.append(f"--header {_argument((head, *value))}")
    own = _CURL_OWN + (("Content-Type", "Expect") if sends else ())
    lines += [f"--header '{name}:'" for name in own if asked.header(name.lower()) is None]
    if sends:
        lines.append(f"--data-raw {_argument(asked.body)}")
    return _NO_BREAK.join(lines)


def httpie(asked: Asked) -> str:
    """Return an HTTPie command that sends exactly this request. Raises `NotCopyableError`."""
    if not _HTTPIE_METHOD.match(asked.method):
        raise NotCopyableError("HTTPie knows only methods of capital letters")
    if _HTTPIE_CHANGES.search(b"".join(piece for piece in asked.url if isinstance(piece, bytes))):
        raise NotCopyableError("HTTPie would change its address")
    if not all(map(_is_text, (*(piece for _, value in asked.headers for piece in value), *asked.body))):
        raise NotCopyableError("HTTPie takes only text, and this holds other bytes")
    lines = [f"http --ignore-stdin --ignore-netrc --path-as-is {asked.method} {_argument(asked.url)}"]
    for name, value in asked.headers:
        lines.append(_argument(_httpie_item(name, value)))
    lines += [f"{name}:" for name in _HTTPIE_OWN if asked.header(name.lower()) is None]
    if asked.has_body:
        lines.append(f"--raw {_argument(asked.body)}")
    return _NO_BREAK.join(lines)


def _is_text(piece: Piece) -> bool:
    if isinstance(piece, Placeholder):
        return True
    try:
        piece.decode()
    except UnicodeDecodeError:
        return False
    return True


def _httpie_item(name: str, value: Pieces) -> Pieces:
    """Return ``Name:value`` with the characters escaped that HTTPie would take for other kinds of items."""
    if any(mark in _HTTPIE_MARKS for mark in name.encode()) or "\\" in name:
        raise NotCopyableError(f"HTTPie can't write a header called {name}")
    if not value:
        return (f"{name};".encode(),)
    pieces: list[Piece] = [f"{name}:".encode("latin-1", "replace")]
    for index, piece in enumerate(value):
        if isinstance(piece, Placeholder):
            pieces.append(piece)
            continue
        if re.search(rb"\\[:;=@]|\\\Z", piece):
            raise NotCopyableError("HTTPie can't write a header with a backslash there")
        if piece.strip(b" \t") != piece and len(value) == 1:
            raise NotCopyableError("HTTPie drops the blanks around a header's value")
        escape = index == 0 and piece[:1] in (b"=", b"@", b":")
        pieces.append((b"\\" if escape else b"") + piece)
    return tuple(pieces)


def quoted(pieces: Pieces) -> str:
    """Return ``pieces`` as one word of a shell. Raises `NotCopyableError` for a NUL byte: no argument holds one."""
    pieces = joined(pieces)
    words = [_variable(piece) if isinstance(piece, Placeholder) else _literal(piece) for piece in pieces]
    return "".join(words) or "''"


def joined(pieces: Pieces) -> Pieces:
    """Return ``pieces`` with neighbouring bytes made one, so that they share their quotes."""
    found: list[Piece] = []
    for piece in pieces:
        if found and isinstance(piece, bytes) and isinstance(last := found[-1], bytes):
            found[-1] = last + piece
        else:
            found.append(piece)
    return tuple(found)


def _literal(data: bytes) -> str:
    if b"\0" in data:
        raise NotCopyableError("it holds a NUL byte, which no command line can")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        text = ""
    if text and text.isprintable():
        return text if _PLAIN.match(text) else "'" + text.replace("'", "'\\''") + "'"
    return "$'" + "".join(map(_escaped, data.decode("utf-8", "surrogateescape"))) + "'"


def _escaped(character: str) -> str:
    """Return one character of a ``$'…'``; octal because three digits are three digits in every shell."""
    if character in "\\'":
        return "\\" + character
    if character == "\n":
        return "\\n"
    if character.isprintable() and character != "!":
        return character
    return "".join(f"\\{byte:03o}" for byte in character.encode("utf-8", "surrogateescape"))


def _variable(placeholder: Placeholder) -> str:
    """Return the variable, with which nothing is sent while it is not set."""
    return f'"${{{placeholder.name}:?}}"'


def _argument(pieces: Pieces) -> str:
    if sum(len(piece) for piece in pieces if isinstance(piece, bytes)) > ARGUMENT_LIMIT - 8192:
        raise NotCopyableError("it is longer than a command line may be; the Python form has no limit")
    return quoted(pieces)
