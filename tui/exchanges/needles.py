"""Finds one known secret in bytes, however it was encoded on the way. Standard library only; keeps the secret."""

import base64
import html
import re
from dataclasses import dataclass
from typing import Final

from tui.secret import fingerprint

_RUN: Final = re.compile(rb"[A-Za-z0-9]+")
_ESCAPES: Final = re.compile(rb"\\u[0-9a-fA-F]{4}(?:\\+u[0-9a-fA-F]{4}){3}")
_PERCENTS: Final = re.compile(rb"%(?:25)?[0-9a-fA-F]{2}(?:%(?:25)?[0-9a-fA-F]{2}){3}")
_ANCHOR: Final = 100
_PLAIN: Final = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789")
_BACKSLASHED: Final = "\"/'"
_ESCAPED_START: Final = 12
_BASE64_START: Final = 64
_BASE64: Final = rb"[A-Za-z0-9+/_=-]*"
_SHORTEST_ANCHOR: Final = 4


@dataclass(frozen=True, slots=True)
class Needle:
    """A secret to find.

    Of ``hints`` (or, in messages with such runs, of ``escaped`` or ``percent``) one occurs wherever ``pattern`` can
    match. Long ones are found fastest.
    """

    value: bytes
    mark: bytes
    hints: tuple[bytes, ...]
    escaped: tuple[bytes, ...]
    percent: tuple[bytes, ...]
    pattern: re.Pattern[bytes]

    def replace_in(self, data: bytes, *, escapes: bool, percents: bool) -> bytes:
        """Return ``data`` with every form of the secret replaced by its fingerprint.

        ``escapes`` and ``percents``: whether `has_escapes` and `has_percents` say so of ``data``.
        """
        hints = self.hints + (self.escaped if escapes else ()) + (self.percent if percents else ())
        for hint in hints:
            if hint in data:
                return self.pattern.sub(lambda _: self.mark, data)
        return data

    def cut_tail(self, data: bytes, shortest: int = 8) -> bytes:
        """Replace a beginning of the secret that ends ``data``, as a cut message may leave one."""
        longest = min(len(self.value) - 1, len(data))
        for length in range(longest, shortest - 1, -1):
            if data.endswith(self.value[:length]):
                return data[:-length] + self.mark
        return data


def has_escapes(data: bytes) -> bool:
    """Tell whether ``data`` holds a run of unicode escapes, in which a secret may be written out."""
    return _ESCAPES.search(data) is not None


def has_percents(data: bytes) -> bool:
    """Tell whether ``data`` holds a run of percent escapes."""
    return _PERCENTS.search(data) is not None


def needle(secret: str) -> Needle:
    """Return what finds ``secret`` raw and encoded: JSON, unicode escapes, percent, form, HTML, base64."""
    value = secret.encode("utf-8", "surrogatepass")
    cores = _base64_cores(value)
    forms = [_tolerant(secret), _all_escaped(secret), _all_percent(value)]
    forms += [_BASE64 + re.escape(core) + _BASE64 for core in cores]
    # No run of plain characters to look for: the pattern itself decides.
    anchor = max(_RUN.findall(value), key=len, default=b"")[:_ANCHOR]
    hints = (anchor, *cores) if len(anchor) >= _SHORTEST_ANCHOR else (b"",)
    return Needle(
        value, fingerprint(secret).encode(), hints, _escaped(secret), _percent(value), re.compile(b"|".join(forms))
    )


def _tolerant(secret: str) -> bytes:
    """Return a pattern for the secret in which everything but letters and digits may stand encoded."""
    return b"".join(
        re.escape(character.encode()) if character in _PLAIN else _alternatives(character) for character in secret
    )


def _alternatives(character: str) -> bytes:
    raw = character.encode("utf-8", "surrogatepass")
    code = ord(character)
    lead = rb"\\+" if character == "\\" else rb"\\*" + re.escape(raw) if character in _BACKSLASHED else re.escape(raw)
    forms = [
        lead,
        b"".join(rb"\\+u(?i:%04x)" % unit for unit in _utf16(character)),
        b"".join(b"(?i:%%(?:25)?%02x)" % byte for byte in raw),
        b"&#0*%d;" % code,
        b"(?i:&#x0*%x;)" % code,
    ]
    named = html.escape(character).encode("utf-8", "surrogatepass")
    if named != raw:
        forms.append(re.escape(named))
    if character == "'":
        forms.append(b"&apos;")
    if character == " ":
        forms.append(rb"\+")
    if character in "\n\r\t":
        forms.append(rb"\\+" + {"\n": b"n", "\r": b"r", "\t": b"t"}[character])
    return b"(?:" + b"|".join(forms) + b")"


def _all_escaped(secret: str) -> bytes:
    """Return a pattern for the wholly ``u``-escaped secret; long ones by their start and whatever escapes follow."""
    start = b"".join(rb"\\+u(?i:%04x)" % unit for unit in _utf16(secret[:_ESCAPED_START]))
    return start if len(secret) <= _ESCAPED_START else start + rb"(?:\\+u[0-9A-Fa-f]{4})*"


def _all_percent(value: bytes) -> bytes:
    """Return a pattern for the wholly percent-encoded secret, once or twice."""
    start = b"".join(b"(?i:%%(?:25)?%02x)" % byte for byte in value[:_ESCAPED_START])
    return start if len(value) <= _ESCAPED_START else start + b"(?:%(?:25)?[0-9A-Fa-f]{2})*"


def _utf16(text: str) -> list[int]:
    data = text.encode("utf-16-be", "surrogatepass")
    return [int.from_bytes(data[place : place + 2], "big") for place in range(0, len(data), 2)]


def _escaped(secret: str) -> tuple[bytes, ...]:
    """Return how the secret starts when all of it is written in unicode escapes, in either case of the digits."""
    unit = _utf16(secret)[0]
    return tuple(dict.fromkeys((b"u%04x" % unit, b"u%04X" % unit)))


def _percent(value: bytes) -> tuple[bytes, ...]:
    first = value[0]
    return tuple(dict.fromkeys((b"%%%02x" % first, b"%%%02X" % first, b"%%25%02x" % first, b"%%25%02X" % first)))


def _base64_cores(value: bytes) -> list[bytes]:
    """Return what base64 must hold for ``value`` at each of the three alignments, in both alphabets."""
    cores: list[bytes] = []
    for before in range(3):
        encoded = base64.b64encode(b"\0" * before + value)
        start = (before * 8 + 5) // 6
        end = (before + len(value)) * 8 // 6
        core = encoded[start:end][:_BASE64_START]
        if len(core) >= 8:
            cores += [core, core.translate(bytes.maketrans(b"+/", b"-_"))]
    return list(dict.fromkeys(cores))
