"""What is remembered of starts: what the form begins with, the releases started last, and what a new start adds.

Pure; holds no transitions, so that every phase that comes upon a start can remember it. Imports types only.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from tui.flow.form_effects import RememberStart
from tui.flow.marking import carrier, declared, folder_key, remembered, unmarked
from tui.flow.table import Step, also
from tui.intent import REFERENCE
from tui.marks import mark_in
from tui.remembered import Started, StartedUnseen, without_secrets

if TYPE_CHECKING:
    from datetime import datetime

    from tui.api.models import Job, Release
    from tui.flow.state import Answers
    from tui.flow.states import PreparingStart
    from tui.intent import Intent
    from tui.remembered import Change

LAST: Final = "the last start"
OWN: Final = "the release"


def recent_keys(answers: Answers) -> tuple[str, ...]:
    """Return the keys of the releases of this folder that were started from here, the last one first."""
    folder = folder_key(answers)
    started = [(each.at, each.release_key) for each in answers.memory if each.folder == folder and each.at is not None]
    return tuple(key for _, key in sorted(started, reverse=True))


def first_inputs(answers: Answers, release: Release) -> tuple[str, str]:
    """Return the inputs that the form of ``release`` begins with, and where they are from when not its own."""
    answers = replace(answers, release=release)
    given = release.input_arguments.strip()
    own = unmarked(answers, given)
    last = unmarked(answers, remembered(answers).inputs)
    return (last, LAST) if last and last != own else (own, filled_from(OWN, answers, given) if own != given else "")


def filled_from(source: str, answers: Answers, given: str) -> str:
    """Return where inputs are from, and what of those that were ``given`` there this program fills in itself."""
    name = carrier(answers)
    value = mark_in(given, name) if name else ""
    return f"{source}, without its {name}" if value and not value.startswith(REFERENCE) else source


def place(answers: Answers) -> dict[str, str]:
    """Return the folder and the key under which the chosen release is remembered."""
    return {"folder": folder_key(answers), "release_key": answers.release.key if answers.release is not None else ""}


def fit_to_keep(answers: Answers, inputs: str) -> str:
    """Return ``inputs`` of the chosen release without what is better kept nowhere."""
    types = [(argument.name, argument.type_name) for argument in declared(answers)]
    return without_secrets(unmarked(answers, inputs), types)


def remember(step: Step, change: Change) -> Step:
    """Add ``change`` to what is remembered, now and on this computer."""
    state, effects = step
    answers = replace(state.answers, memory=change.applied(state.answers.memory))
    return also((replace(state, answers=answers), effects), RememberStart(base=answers.base, change=change))


def after_start(step: Step, origin: PreparingStart, at: datetime) -> Step:
    """Add to ``step`` what is to be remembered of an accepted start made from ``origin``."""
    answers = origin.answers
    if answers.release is None:
        return step
    return remember(step, Started(**place(answers), inputs=fit_to_keep(answers, answers.inputs), at=at))


def after_find(step: Step, answers: Answers, intent: Intent, jobs: tuple[Job, ...]) -> Step:
    """Add to ``step`` what is to be remembered of a start whose jobs were looked for; the server tells its inputs."""
    at = intent.sent_at or jobs[0].creation_time
    if at is None:
        return step
    if answers.release is None or answers.release.key != intent.release_key:
        return after_late(step, intent)
    return remember(step, Started(**place(answers), inputs=fit_to_keep(answers, jobs[0].input_arguments), at=at))


def after_late(step: Step, intent: Intent) -> Step:
    """Add to ``step`` that a start came through although nobody waited for it: when, not with what.

    Which of its inputs are secret is known where its release is chosen alone.
    """
    if intent.sent_at is None:
        return step
    folder = _folder_of(step[0].answers, intent)
    return remember(step, StartedUnseen(folder=folder, release_key=intent.release_key, at=intent.sent_at))


def _folder_of(answers: Answers, intent: Intent) -> str:
    """Return what the folder of a start is remembered by; of the start itself its path alone is known."""
    if answers.folder is not None and answers.folder.path == intent.folder:
        return folder_key(answers)
    known = (job.folder_key for job in answers.started if job.folder_key and job.folder_path == intent.folder)
    return next(known, intent.folder)
