"""The options of a start, folded away by default: what the server takes, and what is wrong with what was chosen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, cast

from textual import on
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Input, Label, SelectionList, Static

from tui.flow.start_options import ALL, HIGHEST, JOBS_COUNT, SPECIFIC, StartOptions, priority_of
from tui.widgets.marked_list import MarkedList
from tui.widgets.one_of import OneOf

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from tui.api.models import Robot

NOTES: Final = {
    ALL: "one job on each robot of the environment, as many jobs as it has robots",
    SPECIFIC: "one job on each robot you mark",
    JOBS_COUNT: "this many jobs, on whatever robots of the environment are free",
}


class OptionsForm(Vertical):
    """Strategy, robots, number of jobs, priority, runtime type, reference: only what this server takes is shown."""

    class Edited(Message):
        """The person changed an option."""

    class RobotsWanted(Message):
        """Specific was chosen: the robots are to be listed."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._modern = False
        self._robots: tuple[Robot, ...] | None = None
        self._chosen: tuple[int, ...] = ()

    def compose(self) -> ComposeResult:
        """Yield every field; `show` hides what does not apply."""
        yield OneOf([(name, name) for name in NOTES], id="strategy")
        yield Static(id="strategy-note", classes="muted", markup=False)
        yield MarkedList[int](id="robots", compact=True)
        with Horizontal(classes="field", id="count-row"):
            yield Label("Jobs", markup=False)
            yield Input("1", compact=True, id="jobs-count", restrict=r"[0-9]{0,4}")
        with Horizontal(classes="field", id="priority-row"):
            yield Label("Priority", markup=False)
            hint = f"the release's own, or Low, Normal, High, 1–{HIGHEST}"
            yield Input(compact=True, id="priority", placeholder=hint, restrict=r"[A-Za-z0-9]{0,6}")
        with Horizontal(classes="field", id="runtime-row"):
            yield Label("Runtime type", markup=False)
            yield Input(compact=True, id="runtime-type", placeholder="the release's own, or Unattended …")
        with Horizontal(classes="field", id="reference-row"):
            yield Label("Reference", markup=False)
            yield Input(compact=True, id="reference", placeholder="your own words, kept with the job")
        yield Static(id="options-problem", markup=False)

    def fill(self, options: StartOptions, *, modern: bool) -> None:
        """Show these options, for this kind of server; robots have to be shown anew."""
        self._modern, self._robots, self._chosen = modern, None, options.robot_ids
        self.query_one("#strategy", OneOf).choose(options.strategy_for(modern=False))
        self.query_one("#jobs-count", Input).value = str(options.jobs_count)
        self.query_one("#priority", Input).value = options.priority
        self.query_one("#runtime-type", Input).value = options.runtime_type
        self.query_one("#reference", Input).value = options.reference
        self.query_one("#robots", SelectionList).clear_options()
        self._arrange()

    def show_robots(self, robots: tuple[Robot, ...] | None) -> None:
        """Offer the robots, once they are known; what was marked stays marked."""
        if robots is None or robots == self._robots:
            return
        self._robots = robots
        chosen = self._chosen
        offered = cast("SelectionList[int]", self.query_one("#robots", SelectionList))
        offered.clear_options()
        offered.add_options([(_named(robot), robot.id, robot.id in chosen) for robot in robots])
        self._arrange()

    @property
    def options(self) -> StartOptions:
        """The options as the fields say them; hidden fields say nothing, and All is what holds by itself."""
        count = int(self.query_one("#jobs-count", Input).value or 0)
        if self._modern:
            return StartOptions(
                jobs_count=count,
                priority=priority_of(self.query_one("#priority", Input).value),
                runtime_type=self.query_one("#runtime-type", Input).value.strip(),
                reference=self.query_one("#reference", Input).value.strip(),
            )
        strategy = self.query_one("#strategy", OneOf).key
        return StartOptions(
            strategy="" if strategy == ALL else strategy,
            robot_ids=self._chosen if strategy == SPECIFIC else (),
            jobs_count=count if strategy == JOBS_COUNT else 1,
        )

    def focus_first(self) -> None:
        """Put the focus into the first field shown."""
        self.query_one("#jobs-count" if self._modern else "#strategy").focus()

    def _arrange(self) -> None:
        strategy = self.query_one("#strategy", OneOf).key
        specific = not self._modern and strategy == SPECIFIC
        for name, shown in (
            ("strategy", not self._modern),
            ("strategy-note", not self._modern),
            ("robots", specific and bool(self._robots)),
            ("count-row", self._modern or strategy == JOBS_COUNT),
            ("priority-row", self._modern),
            ("runtime-row", self._modern),
            ("reference-row", self._modern),
        ):
            self.query_one(f"#{name}").display = shown
        note = NOTES[strategy]
        if specific and self._robots is not None:
            marked = ", ".join(robot.name or str(robot.id) for robot in self._robots if robot.id in self._chosen)
            note = f"{note}; marked: {marked or 'none'}" if self._robots else "no robot can be named here"
        note = f"Strategy {strategy}: {note}"
        self.query_one("#strategy-note", Static).update(note)
        problems = self.options.problems(modern=self._modern)
        line = self.query_one("#options-problem", Static)
        line.update("\n".join(f"✘ {problem}" for problem in problems))
        line.display = bool(problems)

    @on(OneOf.Changed, "#strategy")
    def _strategy_changed(self, message: OneOf.Changed) -> None:
        message.stop()
        if self.options.strategy == SPECIFIC and self._robots is None:
            self.post_message(self.RobotsWanted())
        self._edited()

    @on(SelectionList.SelectedChanged, "#robots")
    def _robots_changed(self, message: SelectionList.SelectedChanged[int]) -> None:
        message.stop()
        marked = set(message.selection_list.selected)
        self._chosen = tuple(robot.id for robot in self._robots or () if robot.id in marked)
        self._edited()

    @on(Input.Changed)
    def _field_changed(self, message: Input.Changed) -> None:
        message.stop()
        self._edited()

    def _edited(self) -> None:
        self._arrange()
        self.post_message(self.Edited())


def _named(robot: Robot) -> Content:
    return Content.assemble(robot.name or str(robot.id), (f"  {robot.machine_name}", "$text-muted"))
