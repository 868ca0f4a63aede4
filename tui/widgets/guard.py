"""The last line of defence for the terminal: a filter that lets no control character of any widget reach it.

Owns `TerminalGuard` only. Text is cleaned where it is shown (`tui.text.clean`); this filter catches what was forgotten.
"""

import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.filter import LineFilter

_BANNED_CATEGORIES: Final = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
_JOINERS: Final = frozenset({0x200C, 0x200D})
"""Zero-width (non-)joiners: many scripts and emoji need them and a terminal draws them as nothing."""


class _Visible(dict[int, str]):
    """Code point → one cell to show for it, filled as code points are met."""

    def __missing__(self, code: int) -> str:
        if code < 0x20:
            shown = chr(0x2400 + code)
        elif code == 0x7F:
            shown = "␡"
        elif code not in _JOINERS and unicodedata.category(chr(code)) in _BANNED_CATEGORIES:
            shown = "\ufffd"
        else:
            shown = chr(code)
        self[code] = shown
        return shown


_VISIBLE: Final = _Visible()


@lru_cache(4096)
def _visible(text: str) -> str:
    return text.translate(_VISIBLE)


def _harmless(segment: Segment) -> bool:
    text, style, control = segment
    return bool(control) or (text.isprintable() and (style is None or style.link is None or style.link.isprintable()))


def _without_hostile_link(style: Style | None) -> Style | None:
    if style is None or style.link is None or style.link.isprintable():
        return style
    return style.update_link(None)


class TerminalGuard(LineFilter):
    """Shows control, C1, direction-changing and lone-surrogate code points as symbols in every line of every widget.

    Return it last from ``App.get_line_filters``: one instance for the life of the app, since strips cache by filter. A
    line keeps its width: cells that the symbols add are taken from blanks after them, else from the text itself.
    Segments marked as control are Textual's own and stay.
    """

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:  # noqa: ARG002
        """Return ``segments`` themselves when all are harmless, which is nearly always."""
        for segment in segments:
            if not _harmless(segment):
                return list(self._guarded(segments))
        return segments

    def _guarded(self, segments: list[Segment]) -> Iterator[Segment]:
        texts = ["" if control else _visible(text) for text, _, control in segments]
        changed = [
            index for index, segment in enumerate(segments) if not segment.control and texts[index] != segment.text
        ]
        owed = sum(cell_len(texts[index]) - cell_len(segments[index].text) for index in changed)
        if owed > 0:
            owed = _take_blanks(texts, changed[0], owed)
        for index in reversed(changed):
            if owed <= 0:
                break
            width = cell_len(texts[index])
            taken = min(owed, width)
            texts[index] = set_cell_size(texts[index], width - taken)
            owed -= taken
        for segment, text in zip(segments, texts, strict=True):
            if segment.control:
                yield segment
            elif text:
                yield Segment(text, _without_hostile_link(segment.style))


def _take_blanks(texts: list[str], start: int, owed: int) -> int:
    """Shorten trailing blanks of ``texts[start:]`` by up to ``owed`` cells; return what is still owed."""
    for index in range(start, len(texts)):
        text = texts[index]
        taken = min(owed, len(text) - len(text.rstrip(" ")))
        if taken:
            texts[index] = text[: len(text) - taken]
            owed -= taken
        if not owed:
            break
    return owed
