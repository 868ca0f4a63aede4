"""The question before the start. Shows everything that says what will run where; one Enter starts, once."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from tui.flow.events import StartConfirmed, WentBack
from tui.flow.start_info import release_folder
from tui.flow.start_options import SPECIFIC
from tui.screens.overlay import Overlay
from tui.screens.release_detail import warnings
from tui.screens.step import StepScreen
from tui.text import clean, counted
from tui.widgets.facts import Facts
from tui.widgets.host import host
from tui.widgets.key_line import KeyLine
from tui.widgets.typed_ahead import KeysStayWithTheirScreen, Painted

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from tui.flow.events import Event
    from tui.flow.states import ConfirmingStart

SHOWN_INPUTS = 200


class ConfirmScreen(Overlay[None], Painted):
    """Asks whether to start. A second Enter, or one from before the whole question was painted, does nothing.

    Neither does a click that may be the second of a double click on the form below it.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "confirm", "Start it", id="confirm.yes", tooltip="Send the start, once"),
        Binding("y", "confirm_again", "Yes, in production", id="confirm.again", tooltip="Send the start, once"),
        Binding("escape", "close", "No", id="confirm.no", tooltip="Back to the inputs; nothing was started"),
    ]

    def __init__(self, state: ConfirmingStart) -> None:
        super().__init__()
        self._state = state
        self._answered = False
        self._whole_since: float | None = None

    def compose(self) -> ComposeResult:
        """Yield what will be started, and the two answers."""
        with Vertical(classes="box", id="question-box") as box:
            box.border_title = "Start this job?"
            yield Facts()
            yield Static(self._warnings(), id="warnings", markup=False)
            yield Static(id="answers", markup=False, classes="apart")
        yield KeyLine(palette=False)

    def on_mount(self) -> None:
        """Show what will be started."""
        self.query_one(Facts).show(self._what())
        self.query_one("#warnings").display = bool(self._warnings())
        self._show_answers()

    def show(self, state: ConfirmingStart) -> None:
        """Ask once more where the profile is a production one; a key pressed twice is no second answer."""
        if state.asked_again and not self._state.asked_again:
            self._state, self._answered, self._whole_since = state, False, None
            self.query_one("#question-box").border_title = f"Really start it in production? (profile {_name(state)})"
            self.query_one("#question-box").add_class("-production")
            self._show_answers()
            self.refresh_bindings()

    def _show_answers(self) -> None:
        yes = "Y" if self._state.asked_again else "Enter"
        once = " starts it in PRODUCTION, once    " if self._state.asked_again else " starts it, once    "
        line = Content.assemble((f" {yes} ", "bold reverse"), once, (" Esc ", "bold reverse"), " does not")
        self.query_one("#answers", Static).update(line)

    def _what(self) -> list[tuple[str, Content | str]]:
        answers, info = self._state.answers, self._state.info
        release, folder = answers.release, release_folder(answers)
        where = f"{answers.account.name} / {answers.instance.name}" if answers.account and answers.instance else ""
        jobs = _jobs(self._state)
        production = Content.styled(f"PRODUCTION  profile {_name(self._state)}", "bold $error")
        return [
            *([("Profile", production)] if answers.production else []),
            ("Release", Content.styled(release.name if release else "", "bold $primary")),
            ("Release key", Content.styled(info.release_key, "bold")),
            ("Version", release.process_version if release else ""),
            ("Where", where),
            ("Folder", folder.path if folder else ""),
            ("Environment", release.environment_name if release else ""),
            ("Strategy", f"{info.strategy}: {jobs}"),
            ("Priority", info.job_priority or (str(info.specific_priority) if info.specific_priority else "")),
            ("Runtime", info.runtime_type),
            ("Reference", info.reference.partition(" ")[2]),
            ("Inputs", clean(info.input_arguments, limit=SHOWN_INPUTS) or "none"),
        ]

    def _warnings(self) -> Content:
        answers = self._state.answers
        release = answers.release
        if release is None:
            return Content("")
        found = warnings(release, unresolved=release.key in answers.unresolved)
        return Content("\n").join([Content.styled(f"! {mark}", "$warning") for mark in found])

    def on_resize(self) -> None:
        """Offer the start only while the whole question is in view."""
        self.call_after_refresh(self._offer)

    @property
    def _whole(self) -> bool:
        """Whether every line of the question is on the screen."""
        boxes = self.query("#question-box")
        return bool(boxes) and boxes.first().size.height > 0 and boxes.first(Vertical).max_scroll_y == 0

    def painted(self, at: float) -> None:
        """Note since when the whole question can be seen."""
        if not self._whole:
            self._whole_since = None
        elif self._whole_since is None:
            self._whole_since = at

    @property
    def seen(self) -> bool:
        """Whether the whole question could be seen when what is done now was asked for."""
        app = host(self)
        pressed = app.pressed_at if isinstance(app, KeysStayWithTheirScreen) else None
        return self._whole and self._whole_since is not None and (pressed is None or pressed >= self._whole_since)

    def _forward_event(self, event: events.Event) -> None:
        """Hand over no press of a mouse button that came too soon after the picture to be meant for it."""
        if isinstance(event, events.MouseDown) and not self._meant(event.time):
            host(self).bell()
            return
        super()._forward_event(event)

    def _meant(self, pressed: float) -> bool:
        since = self._whole_since
        return since is not None and pressed - since > host(self).CLICK_CHAIN_TIME_THRESHOLD

    def _offer(self) -> None:
        box = self.query_one("#question-box")
        box.border_subtitle = "" if self._whole else "Too small: enlarge the window to confirm"

    def action_confirm(self) -> None:
        """Start, unless that was said already or the question was not seen whole."""
        self._confirm(StartConfirmed())

    def action_confirm_again(self) -> None:
        """Start in production, after the second question."""
        self._confirm(StartConfirmed(again=True))

    def _confirm(self, event: StartConfirmed) -> None:
        if self.seen:
            self._answer(event)
        else:
            host(self).bell()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer the one key that answers the question being asked."""
        if action in ("confirm", "confirm_again"):
            return self._state.asked_again is (action == "confirm_again")
        return super().check_action(action, parameters)

    def action_close(self) -> None:
        """Go back to the inputs."""
        self._answer(WentBack())

    def _answer(self, event: Event) -> None:
        if not self._answered:
            self._answered = True
            self.post_message(StepScreen.Happened(event, self._state))


def _jobs(state: ConfirmingStart) -> str:
    """Say how many jobs the start makes, and on which robots where it names them."""
    info = state.info
    if info.strategy == SPECIFIC:
        names = {robot.id: robot.name for robot in state.step_back.robots or ()}
        named = ", ".join(clean(names.get(each) or str(each)) for each in info.robot_ids)
        return f"{counted(len(info.robot_ids), 'job')} on {named}"
    return counted(info.jobs_count, "job") if info.jobs_count else "one job on every robot of the environment"


def _name(state: ConfirmingStart) -> str:
    return state.answers.profile.name if state.answers.profile is not None else ""
