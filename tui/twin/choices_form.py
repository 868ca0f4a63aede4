"""Answers what the line-by-line twin fills the start form with: what was named, over what is remembered. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.api.arguments import check_inputs, compact, read_inputs
from tui.errors import Exit, Failure
from tui.flow.events import DryRunRequested, Event, InputsEdited, StartRequested
from tui.flow.marking import declared, remembered, unmarked
from tui.flow.remembering import NO_CHECK
from tui.flow.start_options import PLAIN, StartOptions

if TYPE_CHECKING:
    from tui.flow.states import PreparingStart
    from tui.twin.choices import Wishes


def fill(state: PreparingStart, wishes: Wishes, options: StartOptions) -> Event | Failure | None:
    """Return the event that fills the form, then the one that goes on; ``options`` are what the command line makes.

    Nothing is taken from earlier starts unasked: without a word about inputs the release's own hold.
    """
    found = _base(state, wishes)
    if isinstance(found, Failure):
        return found
    base, kept = found
    if options == PLAIN and kept != PLAIN:
        options = kept
        wrong = options.problems(modern=state.answers.modern)
        if wrong:
            cause = f"its options don't fit this server: {'; '.join(wrong)}"
            return Failure(f"The preset {wishes.preset} can't be used", cause, "Nothing was started.", exit=Exit.USAGE)
    wanted = _over(base, wishes.inputs)
    problems = _problems(state, wanted)
    if problems or (wanted, options) != (state.answers.inputs, state.answers.options):
        return InputsEdited(inputs=wanted, problems=problems, options=options)
    if wishes.request:
        return None
    if not wishes.dry_run:
        return StartRequested()
    if not state.answers.modern:
        return NO_CHECK
    return DryRunRequested() if state.verdict is None else None


def _base(state: PreparingStart, wishes: Wishes) -> tuple[str, StartOptions] | Failure:
    """Return the inputs and options that were asked for by their name, else the release's own."""
    known = remembered(state.answers)
    release = state.answers.release
    name = release.name if release is not None else ""
    if wishes.preset:
        preset = known.preset(wishes.preset)
        if preset is not None:
            return preset.inputs, preset.options
        names = ", ".join(each.name for each in known.presets)
        cause = f"the presets of {name} are {names}" if names else f"{name} has none yet: the full screen saves them"
        return Failure(f"There is no preset “{wishes.preset}”", cause, "Nothing was started.", exit=Exit.NOT_FOUND)
    if wishes.inputs_last:
        if known.at is None:
            cause = f"no start of {name} from this computer is remembered"
            step = "Name the inputs with --input. Nothing was started."
            return Failure("There are no last inputs", cause, step, exit=Exit.NOT_FOUND)
        return known.inputs, PLAIN
    own = unmarked(state.answers, release.input_arguments.strip()) if release is not None else ""
    return ("" if wishes.inputs else own), PLAIN


def _over(base: str, given: str) -> str:
    """Return ``given`` laid over ``base``, name by name."""
    if not base or not given:
        return given or base
    try:
        return compact({**read_inputs(base), **read_inputs(given)})
    except ValueError:
        return given


def _problems(state: PreparingStart, inputs: str) -> tuple[str, ...]:
    errors = check_inputs(inputs, declared(state.answers))
    return tuple(f"{error.name}: {error.message}" if error.name else error.message for error in errors)
