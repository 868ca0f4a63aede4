"""Finds in what was sent to a terminal whatever it would obey and this program never sends."""

import re
import unicodedata

_COMMAND = re.compile(rb"\x1b\]([^\x07\x1b]*)(?:\x07|\x1b\\|(?=\x1b))")
_C1 = re.compile(rb"\xc2[\x80-\x9f]")
_UNSEEN = frozenset({"Cf", "Cs", "Co", "Zl", "Zp"})
_OURS = re.compile(r"0;[^\x00-\x1f\x7f-\x9f]*|22;[a-z-]*")
"""The window's title, and the shape of the mouse pointer."""


def attacks(stream: bytes) -> list[str]:
    """Return what in ``stream`` a terminal would obey and this program never sends."""
    found = [f"OSC {body[:40]!r}" for body in _COMMAND.findall(stream) if not _is_our_title(body)]
    found += ["DCS" for _ in re.findall(rb"\x1bP", stream)]
    found += ["RIS" for _ in re.findall(rb"\x1bc", stream)]
    found += [f"C1 {match!r}" for match in _C1.findall(stream)]
    found += ["erase" for _ in re.findall(rb"\x1b\[2J\x1b\[H\x1b\[31m", stream)]
    found += [f"control {byte!r}" for byte in re.findall(rb"[\x00-\x06\x08\x0b\x0c\x0e-\x1a\x1c-\x1f\x7f]", stream)]
    found += [f"string {match!r}" for match in re.findall(rb"\x1b[_^X]", stream)]
    found += ["query" for _ in re.findall(rb"\x1b\[(?:6n|c|>q)", stream)]
    text = stream.decode("utf-8", "replace")
    found += [f"U+{ord(letter):04X}" for letter in text if unicodedata.category(letter) in _UNSEEN]
    found += ["bell" for _ in re.findall(rb"(?:OWNED-TITLE|C1-TITLE|cm0gLXJmIH4=)\x07", stream)]
    return found


def _is_our_title(body: bytes) -> bool:
    return _OURS.fullmatch(body.decode("utf-8", "replace")) is not None and b"OWNED" not in body[:8]
