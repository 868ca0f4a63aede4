"""Answers which strategy, robots and priority the line-by-line twin starts with, from what was named. Pure."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from tui.errors import Exit, Failure
from tui.flow.events import RobotsRequested
from tui.flow.start_options import SPECIFIC, StartOptions

if TYPE_CHECKING:
    from tui.api.models import Robot
    from tui.flow.states import PreparingStart
    from tui.twin.choices import Wishes

SHOWN: Final = 8


def start_options(state: PreparingStart, wishes: Wishes) -> StartOptions | RobotsRequested | Failure:
    """Return the options that ``wishes`` make on this server, what must be known first, or why they can't be used."""
    options = wishes.options
    if wishes.robots:
        # The names become ids only where Specific is open to the server: nothing is listed in vain.
        named = replace(options, strategy=options.strategy or SPECIFIC, robot_ids=(0,))
        problems = named.problems(modern=state.answers.modern)
        if problems:
            return _failure(problems)
        if state.robots is None:
            return RobotsRequested()
        found = [_robot(state.robots, wish) for wish in wishes.robots]
        failure = next((each for each in found if isinstance(each, Failure)), None)
        if failure is not None:
            return failure
        return replace(named, robot_ids=tuple(dict.fromkeys(each for each in found if isinstance(each, int))))
    problems = options.problems(modern=state.answers.modern)
    return _failure(problems) if problems else options


def _robot(robots: tuple[Robot, ...], wish: str) -> int | Failure:
    same = [robot for robot in robots if wish.casefold() in (robot.name.casefold(), str(robot.id))]
    if len(same) == 1:
        return same[0].id
    listed = ", ".join(f"{robot.name} ({robot.id})" for robot in (same or robots)[:SHOWN])
    cause = f"{len(same)} robots are named “{wish}”" if same else f"the release's environment has none named “{wish}”"
    next_step = f"Name one with --robot, by name or id: {listed}." if listed else "Leave --robot out."
    return Failure("The robot was not found", cause, next_step, exit=Exit.NOT_FOUND)


def _failure(problems: tuple[str, ...]) -> Failure:
    cause = "; ".join(problems)
    next_step = "Correct --strategy, --robot, --count, --priority, --runtime or --reference. Nothing was started."
    return Failure("The start can't be made with these options", cause, next_step, exit=Exit.USAGE)
