"""What a person came for, ready to paste elsewhere: the tutorial's three values, the token call and the start call.

The secret itself is no value here: its fingerprint and its place are shown, and calls name a variable in its stead.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.widgets import Static

from tui.exchanges.model import Purpose
from tui.screens.log.copy_as import CopyAsScreen
from tui.screens.overlay import Overlay
from tui.text import clean
from tui.widgets.copying import copy_out
from tui.widgets.host import host
from tui.widgets.key_line import KeyLine
from tui.widgets.rows import Rows

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from tui.exchanges.log import ExchangeLog
    from tui.exchanges.model import Exchange
    from tui.flow.state import Answers


@dataclass(frozen=True, slots=True)
class Value:
    """One row: what it is, what is shown of it, and what it gives: ``text`` to copy, or a call to copy in a form."""

    name: str
    shown: str
    text: str = ""
    call: Exchange | None = None

    @property
    def gives(self) -> str:
        """What Enter does with it."""
        return "Copy as…" if self.call is not None else "Copy" if self.text else "secret"


def values(answers: Answers, log: ExchangeLog) -> list[Value]:
    """Return the rows that have something to show."""
    identity, account, instance, release = answers.identity, answers.account, answers.instance, answers.release
    rows = [
        Value(_called(identity.kind), f"{identity.fingerprint} {identity.kept}") if identity else Value("", ""),
        _text("Account logical name", account.account_logical_name if account else ""),
        _text("Service instance logical name", instance.logical_name if instance else ""),
        _text("Release key", release.key if release else ""),
        _call("Token call", newest(log, Purpose.SIGN_IN)),
        _call("Start call", newest(log, Purpose.START)),
    ]
    return [row for row in rows if row.shown]


def newest(log: ExchangeLog, purpose: Purpose) -> Exchange | None:
    """Return the newest exchange for ``purpose`` that was answered well, else the newest of all."""
    found = [entry for entry in log.entries if entry.purpose is purpose]
    if not found:
        return None
    good = [entry for entry in found if entry.status is not None and entry.status < 400]
    return log.exchange((good or found)[-1].id)


def _called(kind: str) -> str:
    return "Refresh token (user key)" if kind == "user key" else kind[:1].upper() + kind[1:]


def _text(name: str, text: str) -> Value:
    return Value(name, text, text)


def _call(name: str, call: Exchange | None) -> Value:
    return Value(name, f"{call.method} {call.url}", call=call) if call is not None else Value(name, "")


class ValuesScreen(Overlay[None]):
    """The values as rows; Enter copies the marked one, or offers the forms of a call."""

    AUTO_FOCUS = "#values"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("a", "copy_all", "Copy all", id="values.all", tooltip="Copy every value as lines, without secrets"),
    ]

    def __init__(self, answers: Answers, log: ExchangeLog) -> None:
        super().__init__()
        self._log = log
        self._values = values(answers, log)

    def compose(self) -> ComposeResult:
        """Yield the rows."""
        with Vertical(classes="box", id="values-box") as box:
            box.border_title = "To paste elsewhere"
            yield Rows(id="values")
            yield Static("Enter copies the marked value; a call is offered in several forms.", classes="muted")
        yield KeyLine()

    def on_mount(self) -> None:
        """Show the rows."""
        rows = self.query_one(Rows)
        rows.styles.height = len(self._values)
        rows.set_rows([(each.name, each.gives, clean(each.shown, limit=400)) for each in self._values])

    @on(Rows.Chosen)
    def _chosen(self, message: Rows.Chosen) -> None:
        chosen = self._values[message.index]
        if chosen.call is not None:
            host(self).push_screen(CopyAsScreen.of_exchange(chosen.call, self._log))
        elif chosen.text:
            copy_out(self, chosen.text)
        else:
            self.notify("A secret is never copied. Its fingerprint tells which one it is.", markup=False)

    def action_copy_all(self) -> None:
        """Copy what is shown, as lines."""
        copy_out(self, "\n".join(f"{each.name}: {each.shown}" for each in self._values))
