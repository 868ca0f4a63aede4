"""Drawn rows that are gone as soon as nothing draws them, so that no search for garbage stands between two keys."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from textual.strip import Strip

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_DIVIDE: Final = Strip.divide


def without_cycles() -> None:
    """Have `Strip.divide` keep no strip within itself.

    Textual 8.2.8 caches the strip that is cut at its end in the cache of that very strip: each row of each frame, about
    500 objects a frame, then stays until the collector has walked through everything else there is.
    """
    Strip.divide = _divide


def _divide(self: Strip, cuts: Iterable[int]) -> Sequence[Strip]:
    wanted = [cut for cut in cuts if cut <= self.cell_length]
    return [self] if wanted == [self.cell_length] else _DIVIDE(self, wanted)
