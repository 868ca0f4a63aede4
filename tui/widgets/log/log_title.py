"""The one line above the log: how many calls, how many of them fit or failed, and the last one while it is put away."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from textual.content import Content
from textual.message import Message
from textual.widgets import Static

from tui.text import clean, counted, duration
from tui.widgets.content import status_content
from tui.widgets.log.exchange_row import keep_end, target

if TYPE_CHECKING:
    from textual import events

    from tui.exchanges.log import ExchangeLog
    from tui.exchanges.model import Entry

_SUMMARY_PATH: Final = 48
_Part = Content | str | tuple[str, str]


class LogTitle(Static):
    """The one-line title; a click on it puts the list away or brings it back."""

    DEFAULT_CSS = """
    LogTitle { height: 1; padding: 0 1; background: $panel; color: $text; text-wrap: nowrap; text-overflow: ellipsis; }
    """

    class Clicked(Message):
        """The title was clicked."""

    def on_click(self, event: events.Click) -> None:
        """Tell the panel."""
        event.stop()
        self.post_message(self.Clicked())


def title(
    log: ExchangeLog, *, failed: int, collapsed: bool, fitting: int | None = None, progress: float = 1.0
) -> Content:
    """Return the title; ``fitting`` calls fit the filter, ``None`` without one, of which ``progress`` was looked at."""
    calls = len(log)
    told = counted(calls, "call") if calls else "nothing was sent yet"
    if progress < 1.0:
        told = f"looking through {told}" + (f", {progress:.0%}" if progress else "…")
    elif fitting is not None:
        told = f"{fitting:,} of {told}"
    parts: list[_Part] = [("▸ " if collapsed else "▾ ", "$foreground-muted"), ("Log", "bold")]
    parts.append((f" · {told}", "$foreground-muted" if fitting is None else "$text-accent"))
    if log.proxies:
        parts.append((f" · through {clean(', '.join(log.proxies))}", "$foreground-muted"))
    if failed:
        parts.append((f" · ✘ {failed:,} failed", "$text-error"))
    if log.troubles:
        parts.append((" · ! the kept log has trouble", "$text-warning"))
    if collapsed and calls:
        parts += _last_call(log.entries[-1])
    return Content.assemble(*parts)


def _last_call(entry: Entry) -> list[_Part]:
    path = keep_end(target(entry.url)[0], _SUMMARY_PATH)
    return [
        (" · last ", "$foreground-muted"),
        f"{clean(entry.method, limit=7)} {path} ",
        status_content(entry.status),
        (f" {duration(entry.total)}", "$foreground-muted"),
    ]
