"""What the start says and where it goes, from the answers given. Pure; imports types and the start bodies only."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tui.api.start import StartInfo, modern_start, tutorial_start

if TYPE_CHECKING:
    from tui.api.models import Folder
    from tui.flow.states import Answers


def start_info(answers: Answers) -> StartInfo | None:
    """Return what the start will say, or ``None`` while no release is chosen.

    Today's servers take ModernJobsCount; the 2019 platform takes the tutorial's body (strategy All), and JobsCount
    once more than one job is wanted.
    """
    release = answers.release
    if release is None:
        return None
    if answers.modern:
        info = modern_start(release, answers.jobs_count)
        info = replace(info, runtime_type=answers.runtime_type)
    else:
        info = tutorial_start(release)
        if answers.jobs_count > 1:
            info = replace(info, strategy="JobsCount", jobs_count=answers.jobs_count)
    return replace(info, input_arguments=answers.inputs)


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
