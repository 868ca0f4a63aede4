"""What the start says and where it goes, from the answers given. Pure; imports types and the start bodies only."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tui.api.start import StartInfo, modern_start, tutorial_start
from tui.flow.effects import PreviewStart
from tui.flow.marking import carrier
from tui.flow.start_options import JOBS_COUNT, PRIORITIES, SPECIFIC
from tui.flow.table import Step, ask, stay, without
from tui.intent import STAND_IN
from tui.marks import with_mark

if TYPE_CHECKING:
    from tui.api.models import Folder, Release, Robot
    from tui.flow.states import Answers, PreparingStart


def start_info(answers: Answers) -> StartInfo | None:
    """Return what the start will say, or ``None`` while no release is chosen.

    Today's servers take ModernJobsCount; the 2019 platform takes the tutorial's body (strategy All) unless other
    options were chosen. Where an input argument carries the mark, a stand-in takes its place.
    """
    release = answers.release
    if release is None:
        return None
    options = answers.options
    if answers.modern:
        word = options.priority if options.priority in PRIORITIES else ""
        info = modern_start(release, options.jobs_count, runtime_type=options.runtime_type)
        info = replace(info, job_priority=word, specific_priority=options.specific_priority)
        info = replace(info, reference=options.reference)
    else:
        strategy = options.strategy_for(modern=False)
        count = options.jobs_count if strategy == JOBS_COUNT else 0
        robots = options.robot_ids if strategy == SPECIFIC else ()
        info = replace(tutorial_start(release), strategy=strategy, robot_ids=robots, jobs_count=count)
    name = carrier(answers)
    return replace(info, input_arguments=with_mark(answers.inputs, name, STAND_IN) if name else answers.inputs)


def robots_for(release: Release, robots: tuple[Robot, ...]) -> tuple[Robot, ...]:
    """Return the robots that Specific may name for ``release``: those of its environment, by name.

    Where the server does not say which environment a robot is in, nothing speaks against it.
    """
    home = release.environment_name
    fit = [robot for robot in robots if not (home and robot.environments) or home in robot.environments]
    return tuple(sorted(fit, key=lambda robot: (robot.name.casefold(), robot.id)))


def release_folder(answers: Answers) -> Folder | None:
    """Return the folder the release lives in: its own where it names one, else the chosen one."""
    folder, release = answers.folder, answers.release
    if folder is None or release is None or release.organization_unit_id in (None, folder.id):
        return folder
    own = {
        "id": release.organization_unit_id,
        "key": "",
        "fully_qualified_name": release.organization_unit_fully_qualified_name,
    }
    return folder.model_copy(update=own)


def preview_again(state: PreparingStart) -> Step:
    """Ask for the exact request that the answers make now; an older one is no longer awaited."""
    info = start_info(state.answers)
    if info is None:
        return stay(state)
    return ask(without(state, PreviewStart), PreviewStart(info=info, folder=release_folder(state.answers)))
