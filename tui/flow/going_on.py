"""What a new sign-in interrupted goes on where it was. Imports types only."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tui.flow import job_list, unresolved, watching
from tui.flow.states import ListingJobs, StartUnresolved, Watching
from tui.flow.table import Step, ask_afresh, back_to, stay

if TYPE_CHECKING:
    from tui.flow.states import Answers, ChoosingInstance, State


def same_place(one: Answers, other: Answers) -> bool:
    """Tell whether both are about one service instance: an address may serve many, told apart by a header alone."""
    return one.base == other.base and _instance(one) == _instance(other)


def _instance(answers: Answers) -> tuple[str, str]:
    account, instance = answers.account, answers.instance
    return (
        account.account_logical_name.casefold() if account is not None else "",
        instance.logical_name.casefold() if instance is not None else "",
    )


def go_on(interrupted: State, state: ChoosingInstance) -> Step:
    """Return to ``interrupted`` with the sign-in of ``state``; repeat the read that the old sign-in failed at."""
    of_now = state.answers
    answers = replace(
        interrupted.answers,
        identity=of_now.identity,
        here=of_now.here,
        save_as=of_now.save_as,
        profile=of_now.profile,
        intents=of_now.intents,
        late=of_now.late,
        memory=of_now.memory,
        carriers=of_now.carriers,
        started=of_now.started,
        started_looked=of_now.started_looked,
        started_trouble=of_now.started_trouble,
        new_sign_in=False,
        resuming=False,
    )
    failed = interrupted.failed
    returned = back_to(interrupted, replace(state, answers=answers))
    if isinstance(returned, Watching):
        return watching.poll_now(replace(returned, failures=0))
    if isinstance(returned, ListingJobs):
        return job_list.open_list(returned)
    if isinstance(returned, StartUnresolved):
        return unresolved.check(returned)
    return ask_afresh(returned, failed) if failed is not None else stay(returned)
