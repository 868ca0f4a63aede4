"""What a step does for the log that lies in it: go to it, open a call, copy its request, write calls to a file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.screen import Screen

from tui.widgets.host import host

if TYPE_CHECKING:
    from textual.widget import Widget

    from tui.clock import Clock
    from tui.exchanges.log import ExchangeLog
    from tui.widgets.log.exchange_comparing import ExchangeComparing
    from tui.widgets.log.exchange_list import ExchangeList
    from tui.widgets.log.exchange_marking import ExchangeMarking
    from tui.widgets.log.log_panel import LogPanel


class LogActions(Screen[None]):
    """Answers the requests of a `LogPanel`; overlays are loaded when they are first asked for."""

    clock: Clock
    exchanges: ExchangeLog
    _focused_before: Widget | None = None

    def action_toggle_log(self) -> None:
        """Go to the log, where it is away bring it back first; from the log put it away."""
        from tui.widgets.log.log_panel import LogPanel

        if self.is_in_log:
            self.leave_log()
            self.toggle_class("-log-toggled")
            return
        for panel in self.query("#log").results(LogPanel):
            if not panel.display:
                self.toggle_class("-log-toggled")
            panel.collapsed = False
            self._focused_before = self.focused
            panel.entries.focus()

    @property
    def is_in_log(self) -> bool:
        """Whether the log has the keys."""
        return self.focused is not None and any(each.id == "log" for each in self.focused.ancestors_with_self)

    def leave_log(self) -> None:
        """Give the keys back to what had them before the log."""
        before, self._focused_before = self._focused_before, None
        if before is not None and before.is_attached and before.focusable:
            before.focus()
        else:
            self.focus_next("#step *")

    def on_log_panel_open_requested(self, message: LogPanel.OpenRequested) -> None:
        """Show the exchange in full."""
        from tui.screens.log.exchange import ExchangeScreen

        message.stop()
        host(self).push_screen(ExchangeScreen(message.exchange, self.exchanges))

    def on_exchange_comparing_compare_requested(self, message: ExchangeComparing.CompareRequested) -> None:
        """Show what differs from the same call before, or between two marked calls."""
        from tui.screens.log.diff import show_differences

        message.stop()
        show_differences(self, message.exchanges, message.number)

    def show_call(self, number: int) -> None:
        """Show a call in the log, which comes into view if it was away."""
        from tui.widgets.log.log_panel import LogPanel

        for panel in self.query("#log").results(LogPanel):
            if not panel.display:
                self.toggle_class("-log-toggled")
            panel.show_call(number)

    def on_exchange_list_job_requested(self, message: ExchangeList.JobRequested) -> None:
        """Show the job that a call is about; here there is none."""
        message.stop()
        name = message.names[0]
        said = f"Job {name} is not on this screen. At the releases F6 goes to a watched job, F7 lists all."
        self.notify(said, markup=False)

    def on_log_panel_copy_requested(self, message: LogPanel.CopyRequested) -> None:
        """Offer the forms in which the request can be copied."""
        from tui.screens.log.copy_as import CopyAsScreen

        message.stop()
        host(self).push_screen(CopyAsScreen.of_exchange(message.exchange, self.exchanges))

    def on_exchange_marking_comment_requested(self, message: ExchangeMarking.CommentRequested) -> None:
        """Ask for the comment, and mark the exchange with it."""
        from tui.screens.log.comment import CommentScreen

        message.stop()
        marks, number = self.exchanges.marks, message.number

        def commented(comment: str | None) -> None:
            if comment is not None:
                marks.set(number, comment)

        host(self).push_screen(CommentScreen(number, message.comment, self.exchanges), commented)

    def on_log_panel_export_requested(self, message: LogPanel.ExportRequested) -> None:
        """Offer to write the log to a file."""
        from tui.screens.log.export import ExportScreen

        message.stop()
        host(self).push_screen(ExportScreen(message.exchanges, message.choices, self.clock.now()))
