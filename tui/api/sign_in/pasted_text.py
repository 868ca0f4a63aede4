"""Takes what a person pasted out of its wrapping: quotes, headers, commands, shell lines, wrapped lines.

Never changes a value: what looks altered is told, not repaired. Standard library only; asks nobody.
"""

import re
from dataclasses import dataclass
from typing import Final

_INVISIBLE: Final = dict.fromkeys(map(ord, "\ufeff\u200b\u200c\u200d\u200e\u200f\u2060\u00ad")) | {0xA0: " "}
_QUOTES: Final = "\"'`“”‘’„«»,;<>"
_HEADER: Final = re.compile(r"\A(?:-H\s*)?[\"']?(?:authorization\s*[:=]\s*[\"']?)?bearer\s+", re.IGNORECASE)
_BEARER: Final = re.compile(r"(?i)\bbearer\s+([^\s\"'\\,;]{8,})")
_ASSIGNED: Final = re.compile(
    r"\A(?:export\s+|set\s+|setx\s+|\$env:)?(?P<name>[A-Za-z_][A-Za-z0-9_]{1,80})"
    r"(?:\s*=\s*|\s+(?=[\"']))(?P<value>[^\s=].{5,})\Z",
    re.IGNORECASE,
)
_VARIABLE: Final = re.compile(r"_|TOKEN\Z|KEY\Z|PAT\Z", re.IGNORECASE)
"""What tells the name of a variable from the beginning of a token that holds an equals sign."""
_CURL: Final = re.compile(r"\A(?:\$\s*)?(?:curl|http|https|wget|Invoke-RestMethod|irm)\s", re.IGNORECASE)
_WHOLE: Final = re.compile(r"rt_[0-9A-Fa-f]{16,}(?:-\d+)?\Z|eyJ[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\Z")
_OPAQUE: Final = re.compile(r"[A-Za-z0-9_\-.~+/=|]{20,}\Z")
_MASKED: Final = re.compile(r"\*{3,}|•{2,}|●{2,}|x{8,}|X{8,}|\A…[0-9a-f]{4}\Z|\A\S{1,24}(?:\.{3}|…)\S{0,24}\Z")
_LOOK_ALIKE_FROM: Final = 16


@dataclass(frozen=True, slots=True)
class Bare:
    """What is left without wrapping. ``fault`` is a sentence when that can be no token; ``name`` of its variable."""

    text: str
    fault: str = ""
    name: str = ""


def unwrapped(text: str) -> Bare:
    """Return what ``text`` wraps. Never raises; no sentence holds a part of the text."""
    text = text.translate(_INVISIBLE).strip().strip(_QUOTES).strip()
    if text.startswith("{"):
        return Bare(text)
    if (bearers := set(_BEARER.findall(text))) and (len(bearers) > 1 or _CURL.match(text) or "\n" in text):
        return Bare(bearers.pop()) if len(bearers) == 1 else Bare("", _SEVERAL)
    if _CURL.match(text):
        return Bare("", "This is a command without a Bearer token in it.")
    found = _assigned(text)
    if found is not None:
        return found
    return _joined(_HEADER.sub("", text).strip().strip(_QUOTES).strip())


def fault_of(text: str) -> str:
    """Return why one unwrapped word can't be a token, ``""`` for no such reason."""
    if _MASKED.search(text):
        return "This is a masked token: a part of it is hidden or left out. Copy it from where it is shown whole."
    odd = sum(not character.isascii() for character in text)
    if odd and len(text) >= _LOOK_ALIKE_FROM and odd <= len(text) // 4 and len(text.split()) == 1:
        return (
            f"{odd} of its characters only {'looks' if odd == 1 else 'look'} like those of a token, as after a program "
            "that changes letters or dashes. Copy it from where it was made."
        )
    return ""


_SEVERAL: Final = "There is more than one token in this. Paste one alone."


def _assigned(text: str) -> Bare | None:
    """Return the value of a shell's ``NAME=value``, of several lines the one that is a token."""
    lines = [line.strip().rstrip(";") for line in text.splitlines() if line.strip() and not line.startswith("#")]
    matches = [_ASSIGNED.match(line) for line in lines]
    found = [match for match in matches if match is not None and _VARIABLE.search(match["name"])]
    if not found or len(found) < len(lines):
        return None
    values = {match["name"]: match["value"].strip(_QUOTES).strip() for match in found}
    tokens = {name: value for name, value in values.items() if _WHOLE.match(value)}
    chosen = tokens if len(values) > 1 else values
    if len(chosen) != 1:
        return Bare("", _SEVERAL if chosen else "These are settings of a shell without a token that is known here.")
    ((name, value),) = chosen.items()
    return Bare(_HEADER.sub("", value), name=name)


def _joined(text: str) -> Bare:
    pieces = text.split()
    if sum(bool(_WHOLE.match(piece.strip(_QUOTES))) for piece in pieces) > 1:
        return Bare("", _SEVERAL)
    joined = "".join(pieces)
    # A token wrapped by a terminal or a mail comes in pieces; two words of prose do not look like one when joined.
    wrapped = len(pieces) > 1 and ("\n" in text or joined.startswith(("eyJ", "rt_")))
    return Bare(joined if wrapped and (_OPAQUE.match(joined) or "://" in pieces[0]) else text)
