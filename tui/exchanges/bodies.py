"""Reads an answer's body within bounds, decompressing it with bounds too. Standard library only; knows no client."""

import zlib
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from tui.exchanges.reasons import Reason

_GZIP: Final = 16 + zlib.MAX_WBITS
_ENCODINGS: Final = {"gzip": _GZIP, "x-gzip": _GZIP, "deflate": zlib.MAX_WBITS}


class BodyRefusedError(Exception):
    """The body is too large, wrongly compressed, or cut."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(str(reason))
        self.reason = reason


@dataclass(slots=True)
class Received:
    """What has come so far: decoded bytes, and how many bytes came over the wire."""

    data: bytearray = field(default_factory=bytearray)
    wire_size: int = 0


def encodings_of(headers: Sequence[tuple[str, str]]) -> list[str]:
    """Return the content encodings that are not ``identity``, in lower case."""
    values = ",".join(value for name, value in headers if name.lower() == "content-encoding")
    return [each for part in values.split(",") if (each := part.strip().lower()) and each != "identity"]


async def read_body(chunks: AsyncIterator[bytes], encodings: Sequence[str], limit: int, received: Received) -> None:
    """Read ``chunks`` into ``received``, at most ``limit`` decoded bytes.

    One ``gzip`` or ``deflate`` is decompressed a bounded piece at a time; two or more encodings, others, and damaged
    ones are refused. Raises `BodyRefusedError`; what came until then stays in ``received``.
    """
    if len(encodings) > 1 or (encodings and encodings[0] not in _ENCODINGS):
        raise BodyRefusedError(Reason.ENCODING)
    inflate = _Inflate(_ENCODINGS[encodings[0]]) if encodings else None
    async for chunk in chunks:
        received.wire_size += len(chunk)
        room = limit - len(received.data)
        piece = inflate.feed(chunk, room + 1) if inflate else chunk
        if len(piece) > room:
            received.data += piece[:room]
            raise BodyRefusedError(Reason.TOO_LARGE)
        received.data += piece
    if inflate and received.wire_size and not inflate.finished:
        raise BodyRefusedError(Reason.INCOMPLETE)


class _Inflate:
    """One decompressor that never gives more than asked for."""

    def __init__(self, window_bits: int) -> None:
        self._window_bits = window_bits
        self._inner = zlib.decompressobj(window_bits)
        self._started = False

    @property
    def finished(self) -> bool:
        return self._inner.eof

    def feed(self, chunk: bytes, most: int) -> bytes:
        """Return up to ``most`` decompressed bytes. One that fills ``most`` is over the limit: the rest is dropped."""
        if self._inner.eof:
            raise BodyRefusedError(Reason.ENCODING)
        try:
            piece = self._inner.decompress(chunk, most)
        except zlib.error:
            piece = self._raw(chunk, most)
        self._started = True
        if self._inner.unused_data:
            raise BodyRefusedError(Reason.ENCODING)
        return piece

    def _raw(self, chunk: bytes, most: int) -> bytes:
        """Try ``deflate`` without its zlib header, which some servers send."""
        if self._started or self._window_bits != zlib.MAX_WBITS:
            raise BodyRefusedError(Reason.ENCODING)
        self._inner = zlib.decompressobj(-zlib.MAX_WBITS)
        try:
            return self._inner.decompress(chunk, most)
        except zlib.error:
            raise BodyRefusedError(Reason.ENCODING) from None
