"""Finds one known secret in bytes, however it was encoded on the way. Standard library only; keeps the secret.

Every search takes time in proportion to the message: who is sent the secret may answer with the worst message.
"""

import base64
import html
import json
import re
from dataclasses import dataclass, replace
from typing import Final
from urllib.parse import quote, quote_plus

from tui.secret import fingerprint

_RUN: Final = re.compile(rb"[A-Za-z0-9]+")
_ESCAPES: Final = re.compile(rb"\\u[0-9a-fA-F]{4}(?:\\+u[0-9a-fA-F]{4}){3}")
_PERCENTS: Final = re.compile(rb"%(?:25)?[0-9a-fA-F]{2}(?:%(?:25)?[0-9a-fA-F]{2}){3}")
_ANCHOR: Final = 100
_PLAIN: Final = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789")
_BACKSLASHED: Final = "\"/'"
_ESCAPED_START: Final = 12
_BASE64_START: Final = 64
_BASE64: Final = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/_=-"
_BASE64_REST: Final = re.compile(rb"[A-Za-z0-9+/_=-]*")
_HEX_START: Final = 32
_BEGINNING: Final = 12
_SHORTEST_WITH_BEGINNING: Final = 16
_SHORTEST_ANCHOR: Final = 4


@dataclass(frozen=True, slots=True)
class Needle:
    """A secret to find.

    Of ``hints`` (or, in messages with such runs, of ``escaped`` or ``percent``) one occurs wherever ``pattern`` can
    match. Long ones are found fastest. Of ``cores`` one stands in every run of base64 or hexadecimal digits that holds
    the secret. ``written`` is the secret as it is, then as JSON, addresses, forms, pages write it; ``beginnings`` how
    these start when the secret is shortened, empty when that is not looked for.
    """

    value: bytes
    mark: bytes
    hints: tuple[bytes, ...]
    escaped: tuple[bytes, ...]
    percent: tuple[bytes, ...]
    pattern: re.Pattern[bytes]
    cores: tuple[bytes, ...]
    written: tuple[bytes, ...]
    beginnings: tuple[bytes, ...]

    def replace_in(self, data: bytes, *, escapes: bool, percents: bool) -> bytes:
        """Return ``data`` with every form of the secret replaced by its fingerprint.

        ``escapes`` and ``percents``: whether `has_escapes` and `has_percents` say so of ``data``.
        """
        hints = self.hints + (self.escaped if escapes else ()) + (self.percent if percents else ())
        for hint in hints:
            if hint in data:
                data = self.pattern.sub(lambda _: self.mark, data)
                break
        for core in self.cores:
            if core in data:
                data = _without_runs(data, core, self.mark)
        return data

    def replace_beginnings_in(self, data: bytes) -> bytes:
        """Replace what a server shows of a secret that it shortens: its first 12 characters or more."""
        for beginning in self.beginnings:
            if beginning in data:
                data = self._without_beginnings(data, beginning)
        return data

    def _without_beginnings(self, data: bytes, beginning: bytes) -> bytes:
        kept: list[bytes] = []
        done, place = 0, data.find(beginning)
        while place >= 0:
            # Two ways to write it may begin alike: the one that goes on longest is the one that stands there.
            end = place + max(_common(each, data[place : place + len(each)]) for each in self.written)
            kept += [data[done:place], self.mark]
            done, place = end, data.find(beginning, end)
        return b"".join([*kept, data[done:]])

    def cut_tail(self, data: bytes, shortest: int = 8) -> bytes:
        """Replace a beginning of the secret that ends ``data``, as a cut message may leave one."""
        for written in self.written:
            for length in range(min(len(written) - 1, len(data)), shortest - 1, -1):
                if data.endswith(written[:length]):
                    return data[:-length] + self.mark
        return data


def has_escapes(data: bytes) -> bool:
    """Tell whether ``data`` holds a run of unicode escapes, in which a secret may be written out."""
    return _ESCAPES.search(data) is not None


def has_percents(data: bytes) -> bool:
    """Tell whether ``data`` holds a run of percent escapes."""
    return _PERCENTS.search(data) is not None


def misread(secret: str) -> Needle:
    """Return what finds a secret that was sent as UTF-8 and read as Latin-1, as headers are."""
    read = secret.encode("utf-8", "surrogatepass")
    found = needle(read.decode("latin-1"), thorough=True)
    return replace(found, mark=fingerprint(secret).encode(), written=found.written[:1], beginnings=found.beginnings[:1])


def needle(secret: str, *, thorough: bool = False) -> Needle:
    """Return what finds ``secret`` raw and encoded: JSON, unicode escapes, percent, form, HTML, base64.

    With ``thorough`` also in hexadecimal, in base64 of base64, and shortened to its beginning.
    """
    value = secret.encode("utf-8", "surrogatepass")
    cores = _base64_cores(value)
    if thorough:
        cores += [each for core in cores for each in _base64_cores(core)]
        cores += [value[:_HEX_START].hex().encode(), value[:_HEX_START].hex().upper().encode()]
    forms = [_tolerant(secret), _all_escaped(secret), _all_percent(value)]
    # No run of plain characters to look for: the pattern itself decides.
    anchor = max(_RUN.findall(value), key=len, default=b"")[:_ANCHOR]
    written = _written(secret)
    is_shortened = thorough and len(value) >= _SHORTEST_WITH_BEGINNING
    return Needle(
        value=value,
        mark=fingerprint(secret).encode(),
        hints=(anchor if len(anchor) >= _SHORTEST_ANCHOR else b"",),
        escaped=_escaped(secret),
        percent=_percent(value),
        pattern=re.compile(b"|".join(forms)),
        cores=tuple(dict.fromkeys(cores)),
        written=written,
        beginnings=tuple(dict.fromkeys(each[:_BEGINNING] for each in written)) if is_shortened else (),
    )


def _without_runs(data: bytes, core: bytes, mark: bytes) -> bytes:
    """Replace each run of base64 characters around ``core``; an escape of JSON that touches the run stays whole."""
    kept: list[bytes] = []
    done, place = 0, data.find(core)
    while place >= 0:
        before = data[done:place]
        start = done + len(before.rstrip(_BASE64))
        if start > 0 and data[start - 1] == 0x5C:
            start = min(start + (5 if data[start : start + 1] == b"u" else 1), place)
        rest = _BASE64_REST.match(data, place)
        kept += [data[done:start], mark]
        done = rest.end() if rest else place + len(core)
        place = data.find(core, done)
    return b"".join([*kept, data[done:]])


def _common(one: bytes, other: bytes) -> int:
    """Return how many bytes at the beginning of both are the same."""
    return next((place for place, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), len(other))


def _tolerant(secret: str) -> bytes:
    """Return a pattern for the secret in which everything but letters and digits may stand encoded."""
    return b"".join(
        re.escape(character.encode()) if character in _PLAIN else _alternatives(character) for character in secret
    )


def _alternatives(character: str) -> bytes:
    raw = character.encode("utf-8", "surrogatepass")
    code = ord(character)
    lead = re.escape(raw)
    if character == "\\":
        lead = rb"\\{1,63}"
    elif character in _BACKSLASHED:
        lead = rb"\\{0,63}" + lead
    forms = [
        lead,
        b"".join(rb"\\{1,63}u(?i:%04x)" % unit for unit in _utf16(character)),
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
        forms.append(rb"\\{1,63}" + {"\n": b"n", "\r": b"r", "\t": b"t"}[character])
    return b"(?:" + b"|".join(forms) + b")"


def _all_escaped(secret: str) -> bytes:
    """Return a pattern for the wholly ``u``-escaped secret; long ones by their start and whatever escapes follow."""
    start = b"".join(rb"\\{1,63}u(?i:%04x)" % unit for unit in _utf16(secret[:_ESCAPED_START]))
    return start if len(secret) <= _ESCAPED_START else start + rb"(?:\\{1,63}u[0-9A-Fa-f]{4})*"


def _all_percent(value: bytes) -> bytes:
    """Return a pattern for the wholly percent-encoded secret, once or twice."""
    start = b"".join(b"(?i:%%(?:25)?%02x)" % byte for byte in value[:_ESCAPED_START])
    return start if len(value) <= _ESCAPED_START else start + b"(?:%(?:25)?[0-9A-Fa-f]{2})*"


def _utf16(text: str) -> list[int]:
    data = text.encode("utf-16-be", "surrogatepass")
    return [int.from_bytes(data[place : place + 2], "big") for place in range(0, len(data), 2)]


def _written(secret: str) -> tuple[bytes, ...]:
    """Return the whole secret as it is, and as each usual encoding that changes it writes it."""
    value = secret.encode("utf-8", "surrogatepass")
    in_json = json.dumps(secret)[1:-1].encode()
    readable = json.dumps(secret, ensure_ascii=False)[1:-1].encode("utf-8", "surrogatepass")
    page = html.escape(secret).encode("utf-8", "surrogatepass")
    return tuple(
        dict.fromkeys((value, in_json, readable, quote(value, safe="").encode(), quote_plus(value).encode(), page))
    )


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
