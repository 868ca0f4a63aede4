"""A one-line field whose letters cost no layout: its own box never depends on what is typed in it."""

from __future__ import annotations

from textual.geometry import Size
from textual.reactive import Reactive
from textual.widgets import Input


class FilterField(Input):
    """An `Input` of fixed width. Textual's own lays out the whole screen for each letter, to grow with the text."""

    virtual_size: Reactive[Size] = Reactive(Size(0, 0), layout=False)
