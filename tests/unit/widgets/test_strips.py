"""Rows that were drawn leave nothing for the collector."""

import gc

from rich.segment import Segment
from textual.strip import Strip

from tui.widgets.strips import without_cycles


def garbage_of(cuts: list[int]) -> int:
    gc.collect()
    gc.disable()
    try:
        strip = Strip([Segment("drawn"), Segment(" row")])
        pieces = [piece.text for piece in strip.divide(cuts)]
        assert "".join(pieces) == "drawn row"[: cuts[-1]]
        del strip
        return gc.collect()
    finally:
        gc.enable()


def test_a_row_cut_at_its_end_is_gone_once_it_is_let_go() -> None:
    without_cycles()
    without_cycles()
    assert garbage_of([9]) == 0
    assert garbage_of([3, 9]) == 0
    assert garbage_of([9, 12]) == 0
