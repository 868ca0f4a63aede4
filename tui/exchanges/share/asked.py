"""One request to be written down for another program: its texts in pieces, each secret a placeholder with a name.

Pure. A secret is known by the fingerprint that stands where it was (``…a3f1``); equal fingerprints get one name.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from tui.secret import MASK
from tui.text import size

if TYPE_CHECKING:
    from tui.exchanges.model import Exchange, Headers

_MARK: Final = re.compile((MASK + "[0-9a-f]{4}").encode())
_WIDE_MARK: Final = MASK.encode("utf-16-le")
_BEFORE: Final = 80
_NAME_BEFORE: Final = re.compile(r"([A-Za-z_]+)\\*\"?\s*[:=]\s*\\*\"?\Z")
_TOKENS: Final = frozenset({"token", "accesstoken", "result"})
_OF_CONNECTION: Final = frozenset({"content-length", "transfer-encoding", "connection"})
"""Headers that every program writes itself, from what it sends."""


class NotCopyableError(Exception):
    """The request can't be written in this form; the text says why, as the end of a sentence."""


@dataclass(frozen=True, slots=True)
class Placeholder:
    """Where a secret stood: the environment variable to take it from."""

    name: str


Piece = bytes | Placeholder
Pieces = tuple[Piece, ...]


@dataclass(slots=True)
class Names:
    """Names of placeholders by fingerprint. One for several requests keeps a name over all of them."""

    _by_mark: dict[bytes, str] = field(default_factory=dict[bytes, str])

    def name(self, mark: bytes, wanted: str) -> str:
        """Return the name of ``mark``: the one it has, else ``wanted``, numbered when another secret has that."""
        if mark not in self._by_mark:
            taken = set(self._by_mark.values())
            number = next(n for n in range(1, len(taken) + 2) if _numbered(wanted, n) not in taken)
            self._by_mark[mark] = _numbered(wanted, number)
        return self._by_mark[mark]


@dataclass(frozen=True, slots=True)
class Asked:
    """A request as another program should send it. Headers that belong to the connection are left out."""

    method: str
    url: Pieces
    headers: tuple[tuple[str, Pieces], ...]
    body: Pieces
    content_type: str = ""

    @property
    def secrets(self) -> tuple[str, ...]:
        """The names of the placeholders, each once."""
        every = (*self.url, *(piece for _, value in self.headers for piece in value), *self.body)
        return tuple(dict.fromkeys(piece.name for piece in every if isinstance(piece, Placeholder)))

    @property
    def in_body(self) -> tuple[str, ...]:
        """The names of the placeholders in the body, each once."""
        return tuple(dict.fromkeys(piece.name for piece in self.body if isinstance(piece, Placeholder)))

    @property
    def has_body(self) -> bool:
        """Whether any byte is sent as the body."""
        return bool(self.body)

    def header(self, name: str) -> Pieces | None:
        """Return the value of the first header of that name, in any case."""
        return next((value for known, value in self.headers if known.lower() == name), None)


def asked_exchange(exchange: Exchange, names: Names | None = None) -> Asked:
    """Return the request of ``exchange``. Raises `NotCopyableError` when its body was not kept whole."""
    body = exchange.request_body
    if body.truncated or (body.size and not body.data):
        why = f"the request's body was cut when it was kept ({size(len(body.data))} of {size(body.size)})"
        raise NotCopyableError(why)
    return asked(exchange.method, exchange.url, exchange.request_headers, body.data, names)


def asked(method: str, url: str, headers: Headers, body: bytes, names: Names | None = None) -> Asked:
    """Return a request given by its redacted parts. Header values are as `Exchange` has them: bytes as Latin-1."""
    names = names or Names()
    content_type = next((value for name, value in headers if name.lower() == "content-type"), "")
    if _WIDE_MARK in body or _WIDE_MARK[::-1] in body:
        raise NotCopyableError("its body is UTF-16 and holds a secret")
    kept = [(name, value) for name, value in headers if not _is_own(name, value, url)]
    return Asked(
        method=method,
        url=_pieces(url.encode("utf-8", "surrogatepass"), names, "UIPATH_SECRET"),
        headers=tuple(
            (name, _pieces(_header_bytes(value), names, _header_secret(name, value))) for name, value in kept
        ),
        body=_pieces(body, names, "UIPATH_SECRET"),
        content_type=content_type,
    )


def _is_own(name: str, value: str, url: str) -> bool:
    """Tell whether every program sends this header by itself, with this value."""
    lowered = name.lower()
    if lowered != "host":
        return lowered in _OF_CONNECTION
    rest = url.partition("://")[2]
    return re.split(r"[/?#]", rest, maxsplit=1)[0].lower() == value.lower()


def _header_bytes(value: str) -> bytes:
    """Return the bytes of a header's value; only a fingerprint has a character beyond Latin-1."""
    return b"".join(
        part.encode("latin-1", "replace") if not index % 2 else part.encode()
        for index, part in enumerate(re.split(f"({MASK}[0-9a-f]{{4}})", value))
    )


def _header_secret(name: str, value: str) -> str:
    match name.lower():
        case "authorization":
            return "UIPATH_TOKEN" if value.lower().startswith("bearer ") else "UIPATH_CREDENTIALS"
        case "cookie":
            return "UIPATH_COOKIE"
        case _:
            return "UIPATH_SECRET"


def _pieces(data: bytes, names: Names, otherwise: str) -> Pieces:
    """Return ``data`` cut where secrets stood; empty data has no piece."""
    pieces: list[Piece] = []
    done = 0
    for match in _MARK.finditer(data):
        if match.start() > done:
            pieces.append(data[done : match.start()])
        before = data[max(0, match.start() - _BEFORE) : match.start()].decode("utf-8", "replace")
        pieces.append(Placeholder(names.name(match[0], _wanted(before, otherwise))))
        done = match.end()
    if done < len(data):
        pieces.append(data[done:])
    return tuple(pieces)


def _wanted(before: str, otherwise: str) -> str:
    """Return a name after the word that stands before a secret: ``refresh_token=`` makes UIPATH_REFRESH_TOKEN."""
    found = _NAME_BEFORE.search(before)
    if otherwise != "UIPATH_SECRET" or not found:
        return otherwise
    word = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", found[1]).lower().strip("_")
    return "UIPATH_TOKEN" if word.replace("_", "") in _TOKENS else f"UIPATH_{word.upper()}"


def _numbered(name: str, number: int) -> str:
    return name if number == 1 else f"{name}_{number}"
