"""Which input argument of the chosen release carries the mark of a start, where the server keeps none. Pure.

What was chosen in the form counts before what the settings say. Imports types only.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tui.api.arguments import parse_arguments
from tui.marks import mark_in, without_mark
from tui.remembered import of_release
from tui.text import clean

if TYPE_CHECKING:
    from tui.api.arguments import Argument
    from tui.flow.state import Answers
    from tui.remembered import Remembered


def folder_key(answers: Answers) -> str:
    """Return what the chosen folder is remembered by, ``""`` where the server has none."""
    return answers.folder.key or answers.folder.path if answers.folder is not None else ""


def remembered(answers: Answers) -> Remembered:
    """Return what is remembered of the chosen release."""
    return of_release(answers.memory, folder_key(answers), answers.release.key if answers.release is not None else "")


def declared(answers: Answers) -> tuple[Argument, ...]:
    """Return the inputs that the chosen release declares, the one that carries the mark told apart."""
    wanted, release = _wanted(answers), answers.release
    every = parse_arguments(release.arguments.input) if release is not None else ()
    return tuple(replace(each, carries_mark=True) if each.name == wanted and each.is_text else each for each in every)


def carrier(answers: Answers) -> str:
    """Return the name of the argument that carries the mark, ``""`` for none."""
    return next((each.name for each in declared(answers) if each.carries_mark), "")


def unmarked(answers: Answers, inputs: str) -> str:
    """Return ``inputs`` of the chosen release without a value for what this program fills in itself."""
    name = carrier(answers)
    return without_mark(inputs, name) if name else inputs


def trouble(answers: Answers) -> str:
    """Return in a sentence why the mark goes into no argument although it was to, ``""`` where nothing is wrong."""
    wanted = _wanted(answers)
    if not wanted or carrier(answers):
        return ""
    return f"no text argument of this release is named {clean(wanted)}, which was to carry the mark of its starts"


def note(answers: Answers) -> str:
    """Return in a sentence what a person has to know of the argument that carries the mark, ``""`` for nothing."""
    name, release = clean(carrier(answers)), answers.release
    if not name or release is None:
        return trouble(answers)
    if mark_in(release.input_arguments, carrier(answers)):
        return f"{name} carries the mark of each start: the release's own value for it is not sent"
    return f"{name} carries the mark of each start, filled in by uipath-tui"


def _wanted(answers: Answers) -> str:
    chosen = remembered(answers).carrier
    if chosen is not None or answers.release is None:
        return chosen or ""
    names = {answers.release.key.casefold(), answers.release.name.casefold()}
    return next((argument for release, argument in answers.carriers if release.casefold() in names), "")
