"""What every step shares: the frame, its keys, and the one way by which a screen says that something happened.

A screen gets states through `show` and answers with `StepScreen.Happened`; it never calls anything itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final, Generic, TypeVar, cast

from textual import on
from textual.binding import Binding, BindingType
from textual.containers import Container
from textual.message import Message
from textual.widgets import Static

from tui.errors import Exit
from tui.flow.state import State
from tui.screens.frame import STEPS, PlaceLine, place
from tui.screens.log.actions import LogActions
from tui.widgets.content import renew
from tui.widgets.host import host
from tui.widgets.key_line import KeyLine
from tui.widgets.stepper import Stepper
from tui.widgets.waiting import Waiting

if TYPE_CHECKING:
    from textual.app import ComposeResult
    from textual.binding import ActiveBinding

    from tui.clock import Clock
    from tui.errors import Failure
    from tui.exchanges.log import ExchangeLog
    from tui.flow.effects import Effect
    from tui.flow.events import Event
    from tui.profile import Profile

S = TypeVar("S", bound=State)
LEAVABLE: Final = frozenset(
    {
        "ChoosingInstance",
        "ChoosingFolder",
        "ChoosingRelease",
        "ListingJobs",
        "PreparingStart",
        "StartUnresolved",
        "Watching",
    }
)
"""The states that `tui.flow.interruptions` can leave, by name: that module loads after the first paint."""


class StepScreen(LogActions, Generic[S]):
    """Base of the steps. ``STEP`` counts from 1, ``HELP`` explains the step in a few sentences."""

    STEP: ClassVar[int] = 1
    HELP: ClassVar[str | None] = None
    HINT: ClassVar[str] = ""
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (80, "-normal"), (120, "-wide")]  # noqa: RUF012 - Textual's declaration
    VERTICAL_BREAKPOINTS = [(0, "-low"), (20, "-middle"), (32, "-tall")]  # noqa: RUF012 - Textual's declaration
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "back", "Back", id="step.back", tooltip="Go one step back; no answer is lost"),
        Binding("f2,ctrl+r", "retry", "Try again", id="step.retry", tooltip="Repeat the call that failed"),
        Binding(
            "f9",
            "sign_in_again",
            "Sign in again",
            id="step.sign_in",
            tooltip="Sign in anew, or as somebody else; what you are doing goes on afterwards",
        ),
        Binding(
            "f3",
            "values",
            "Values",
            id="step.values",
            tooltip="What to paste elsewhere: instance name, release key, the calls",
            show=False,
        ),
        Binding(
            "f8,ctrl+l",
            "toggle_log",
            "Log",
            id="step.log",
            tooltip="Go to the log of requests, or put it away",
        ),
        Binding("f1,question_mark", "help", "Help", id="step.help", tooltip="Explain this step and its keys"),
    ]

    class Happened(Message):
        """The person did ``event`` while ``state`` was shown."""

        def __init__(self, event: Event, state: State) -> None:
            super().__init__()
            self.event = event
            self.state = state

    class Resumed(Message):
        """The screen is in front again."""

    def __init__(self, log: ExchangeLog, clock: Clock) -> None:
        super().__init__()
        self.exchanges = log
        self.clock = clock
        self._state: S | None = None
        self._composed = False
        self._offered_keys: frozenset[tuple[str, bool]] = frozenset()

    @property
    def state(self) -> S:
        """The state shown."""
        if self._state is None:
            raise RuntimeError("a step is shown before it got a state")
        return self._state

    def compose(self) -> ComposeResult:
        """Lay out the frame around the step's own widgets.

        Flat on purpose: a key draws every line of every container around the field again.
        """
        yield Stepper(STEPS, self.STEP)
        yield PlaceLine(id="where", markup=False)
        with Container(id="step"):
            yield from self.compose_step()
        yield Waiting(self.clock, lambda: self.exchanges.turn())  # noqa: PLW0108 - a session sets it later
        yield KeyLine()

    def compose_step(self) -> ComposeResult:
        """Yield the step's own widgets; none unless the step has some."""
        yield from ()

    def on_mount(self) -> None:
        """Show the state given before mounting; the log comes after the first paint."""
        self._composed = True
        self._show()
        self.query_one(Waiting).hint(self.HINT)
        self.call_after_refresh(self._mount_log)

    def on_unmount(self) -> None:
        """Show nothing more."""
        self._composed = False

    def _mount_log(self) -> None:
        from tui.widgets.log.log_panel import LogPanel

        if self.is_attached and self.query("#step"):  # unless the application is closing
            self.mount(LogPanel(self.exchanges, id="log"), after="#step")

    def action_values(self) -> None:
        """Show what can be pasted elsewhere."""
        from tui.screens.job.finish_values import ValuesScreen

        host(self).push_screen(ValuesScreen(self.state.answers, self.exchanges))

    @property
    def active_bindings(self) -> dict[str, ActiveBinding]:
        """The keys that work now, the step's own before those of every step."""
        found = super().active_bindings
        shared = {key: active for key, active in found.items() if self._is_shared(active)}
        return {key: active for key, active in found.items() if key not in shared} | shared

    @staticmethod
    def _is_shared(active: ActiveBinding) -> bool:
        return (active.binding.id or "app.").startswith(("step.", "app."))

    def show(self, state: State) -> None:
        """Show ``state``, leaving focus, scroll position, selection and half-typed text alone."""
        self._state = cast("S", state)
        if self._composed:
            self._show()

    def _show(self) -> None:
        state = self.state
        self._show_place()
        failure = self.failure(state)
        self._show_failure(failure, self._ways_on(failure, state))
        awaited = next((effect for effect in state.pending if effect.doing and self.awaits(effect)), None)
        self.query_one(Waiting).wait_for(awaited.doing if awaited else "", self.way_out(awaited))
        self.show_step(state)
        self._offer_keys()

    def _show_place(self) -> None:
        where = self.query_one("#where", Static)
        renew(where, place(self.state.answers, where.content_size.width))

    @on(PlaceLine.Fitted)
    def _refold(self) -> None:
        """Fold anew what is folded to the width."""
        if self._composed:
            self.fold()

    def fold(self) -> None:
        """Say who and where in the words for which there is room now; a step adds what else depends on the width."""
        self._show_place()

    def _ways_on(self, failure: Failure | None, state: S) -> str:
        """Return the key that helps with the failure, and what it does."""
        if failure is not None and failure.exit is Exit.SIGN_IN and self.can_leave and state.answers.identity:
            return "F9 signs in again"
        return "F2 tries again" if state.failed is not None else ""

    def _show_failure(self, failure: Failure | None, way_on: str) -> None:
        """Show the failure above the step; the notice is mounted when it is first needed."""
        notices = self.query("FailureNotice")
        if not notices and failure is None:
            return
        from tui.widgets.failure_notice import FailureNotice

        notice = notices.first(FailureNotice) if notices else FailureNotice()
        notice.show_failure(failure, way_on)
        if not notices:
            self.mount(notice, before="#step")

    def _offer_keys(self) -> None:
        """Renew the footer when other keys work than before; it costs more than showing a state."""
        offered = frozenset((key, active.enabled) for key, active in self.active_bindings.items())
        if offered != self._offered_keys:
            self._offered_keys = offered
            self.refresh_bindings()

    def failure(self, state: S) -> Failure | None:
        """Return the failure to show in place."""
        return state.failure

    def awaits(self, effect: Effect) -> bool:
        """Tell whether a person waits for this effect (and not only the clockwork behind the screen)."""
        return bool(effect.doing)

    @property
    def help_text(self) -> str:
        """What Help says of the step as it is now."""
        return self.HELP or ""

    def way_out(self, effect: Effect | None) -> str:
        """Return how to stop waiting."""
        return "Esc stops waiting" if effect is not None and effect.cancellable else ""

    def show_step(self, state: S) -> None:
        """Show the step's own part of ``state``; nothing unless the step has one."""

    def happened(self, event: Event) -> None:
        """Say that ``event`` happened."""
        self.post_message(self.Happened(event, self.state))

    def on_screen_resume(self) -> None:
        """Ask for what was held back while something covered this screen."""
        self.post_message(self.Resumed())

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer a retry only where something failed."""
        if action == "retry":
            return self._state is not None and self._state.failed is not None
        if action == "sign_in_again":
            return self.can_leave
        if action == "values":
            return self._state is not None and self._state.answers.identity is not None
        return super().check_action(action, parameters)

    def action_back(self) -> None:
        """Leave the log, or else go back, or stop waiting."""
        from tui.flow.events import WentBack

        if self.is_in_log:
            self.leave_log()
            if self.has_class("-low"):  # there the log takes the step's place
                self.toggle_class("-log-toggled")
        else:
            self.happened(WentBack())

    def action_retry(self) -> None:
        """Repeat the call that failed."""
        from tui.flow.events import Retried

        self.happened(Retried())

    @property
    def can_leave(self) -> bool:
        """Whether a new sign-in or another profile may be asked for here: never while a start is on its way."""
        return self._state is not None and type(self._state).__name__ in LEAVABLE

    def open_profile(self, profile: Profile) -> None:
        """Open another profile."""
        from tui.flow.events import ProfileChosen

        self.happened(ProfileChosen(profile=profile))

    def action_sign_in_again(self) -> None:
        """Sign in anew."""
        from tui.flow.events import SignInAgainRequested

        self.happened(SignInAgainRequested())

    def action_help(self) -> None:
        """Explain the step and its keys."""
        from tui.screens.help import HelpScreen

        host(self).push_screen(HelpScreen.of(self))
