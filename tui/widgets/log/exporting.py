"""Exporting from a screen: the file is written in a thread, the log read where it lives, and a notice says the end."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

from tui.errors import UiPathTuiError
from tui.exchanges.share.export import export_to
from tui.text import counted, size
from tui.widgets.host import host

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from textual.screen import Screen

    from tui.errors import Failure
    from tui.exchanges.log import ExchangeLog
    from tui.exchanges.model import Exchange

_AT_ONCE: Final = 50


def export_out(
    node: Screen[None],
    log: ExchangeLog,
    numbers: Sequence[int],
    form: str,
    path: str,
    *,
    replace: bool,
    ended: Callable[[Failure | None], None],
) -> None:
    """Write the exchanges with these ids to the file, then call ``ended`` with what went wrong, if anything.

    The log belongs to the event loop: its exchanges are taken there, a few at a time, so that no key has to wait.
    """
    app = host(node)

    def some(at: int) -> list[Exchange]:
        return [log.exchange(number) for number in numbers[at : at + _AT_ONCE]]

    def every() -> Iterator[Exchange]:
        for at in range(0, len(numbers), _AT_ONCE):
            yield from app.call_from_thread(some, at)

    async def work() -> None:
        try:
            count = await asyncio.to_thread(export_to, path, every(), form, replace=replace)
        except UiPathTuiError as error:
            ended(error.failure)
            return
        app.notify(
            f"Wrote {counted(len(numbers), 'call')} ({size(count)}) to {path}, readable by you alone", markup=False
        )
        ended(None)

    app.run_worker(work, name="export", group="export")
