"""Answers the workflow's questions from what was named beforehand, as the line-by-line twin does. Pure.

Takes a state, gives the next event, or a `Failure` that lists what could have been named.
"""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from tui.api.guids import is_guid
from tui.errors import Exit, Failure
from tui.flow.events import (
    AccountChosen,
    Event,
    FolderChosen,
    InstanceChosen,
    InstanceTyped,
    MoreRequested,
    ReleaseChosen,
    ReleaseKeyEntered,
    SearchRequested,
    StartConfirmed,
)
from tui.flow.start_options import PLAIN, StartOptions
from tui.flow.states import (
    AwaitingBrowser,
    ChoosingFolder,
    ChoosingInstance,
    ChoosingRelease,
    ConfirmingStart,
    PreparingStart,
    State,
    Watching,
)
from tui.twin.choices_form import fill
from tui.twin.choices_jobs import JobsWish, answer
from tui.twin.choices_options import start_options

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tui.api.models import Folder, Release

T = TypeVar("T")
SHOWN = 8
NO_BROWSER = Failure(
    "A browser sign-in needs the full screen", "it has to show an address", "Use `uipath-tui setup`.", exit=Exit.USAGE
)


@dataclass(frozen=True, slots=True)
class Wishes:
    """What was named on the command line; empty where nothing was. ``inputs`` is JSON text.

    Names are as `tui.api.names.clean_name` gives them, so that they compare with what the server lists. ``production``
    is the consent to start with a profile that is marked so; ``jobs`` asks for jobs that exist, instead of a start.
    """

    account: str = ""
    instance: str = ""
    folder: str = ""
    release: str = ""
    inputs: str = ""
    options: StartOptions = PLAIN
    robots: tuple[str, ...] = ()
    production: bool = False
    preset: str = ""
    inputs_last: bool = False
    dry_run: bool = False
    request: str = ""
    """The form in which the start's request is wanted, instead of the start."""
    jobs: JobsWish | None = None


def choose(state: State, wishes: Wishes) -> Event | Failure | None:
    """Return the event that answers the question ``state`` asks; ``None`` when it asks none."""
    if wishes.jobs is not None and state.failure is None and isinstance(state, Watching):
        return answer(state, wishes.jobs)
    if state.pending or state.failure is not None:
        return None
    contradiction = _contradiction(state, wishes)
    return _choice(state, wishes) if contradiction is None else contradiction


def _choice(state: State, wishes: Wishes) -> Event | Failure | None:
    match state:
        case ChoosingInstance():
            return _instance(state, wishes)
        case ChoosingFolder():
            return _folder(state, wishes)
        case ChoosingRelease() if wishes.jobs is not None:
            return answer(state, wishes.jobs)
        case ChoosingRelease():
            return _release(state, wishes)
        case PreparingStart():
            return _start(state, wishes)
        case ConfirmingStart():
            return _confirm(state, wishes)
        case AwaitingBrowser():
            return NO_BROWSER
        case _:
            return None


def _confirm(state: ConfirmingStart, wishes: Wishes) -> Event | Failure:
    profile = state.answers.profile
    if profile is not None and profile.production and not wishes.production:
        return Failure(
            "Nothing was started",
            f"profile {profile.name} is a production one, and a start there wants a second yes",
            "Add --production to say it.",
            exit=Exit.USAGE,
        )
    return StartConfirmed(again=state.asked_again)


def _contradiction(state: State, wishes: Wishes) -> Failure | None:
    """Return a failure when the one choice there was is not the one that was named: nothing may start elsewhere."""
    answers = state.answers
    if isinstance(state, (ChoosingInstance, ChoosingFolder)) and not answers.base:
        return None
    account, instance, folder = answers.account, answers.instance, answers.folder
    if wishes.folder and folder is None and isinstance(state, (ChoosingRelease, PreparingStart, ConfirmingStart)):
        cause = "this server has no folders"
        return Failure("--folder can't be followed", cause, "Leave it out. Nothing was started.", exit=Exit.USAGE)
    named: list[tuple[str, str, tuple[str, ...]]] = []
    if account is not None and (account.account_logical_name or account.account_name):
        named.append(("account", wishes.account, (account.account_logical_name, account.account_name)))
    if instance is not None:
        named.append(("service instance", wishes.instance, (instance.logical_name, instance.service_instance_name)))
    if folder is not None and not isinstance(state, (ChoosingInstance, ChoosingFolder)):
        named.append(("folder", wishes.folder, _folder_names(folder)))
    for noun, wish, names in named:
        if wish and wish.casefold() not in (name.casefold() for name in names):
            cause = f"only “{names[0]}” is there, not “{wish}”"
            return Failure(
                f"The {noun} was not found", cause, "Correct the name. Nothing was started.", exit=Exit.NOT_FOUND
            )
    return None


def _folder_names(folder: Folder) -> tuple[str, ...]:
    return (folder.path, folder.key, str(folder.id), folder.display_name)


def _instance(state: ChoosingInstance, wishes: Wishes) -> Event | Failure:
    if state.typed:
        return _typed_instance(state, wishes)
    if state.instances is None:
        accounts = [(account, (account.account_logical_name, account.account_name)) for account in state.accounts]
        found = _pick("account", "--account", accounts, wishes.account)
        return found if isinstance(found, Failure) else AccountChosen(account=found)
    instances = [(instance, (instance.logical_name, instance.service_instance_name)) for instance in state.instances]
    found = _pick("service instance", "--instance", instances, wishes.instance)
    return found if isinstance(found, Failure) else InstanceChosen(instance=found)


def _typed_instance(state: ChoosingInstance, wishes: Wishes) -> Event | Failure:
    from tui.api.models import Account, ServiceInstance

    if not wishes.account or not wishes.instance:
        cause = state.typed_reason.rstrip(".") or "the server lists none for this sign-in"
        return Failure(
            "Organization and tenant are needed", cause, "Name them with --account and --instance.", exit=Exit.USAGE
        )
    return InstanceTyped(
        account=Account(account_logical_name=wishes.account),
        instance=ServiceInstance(service_instance_logical_name=wishes.instance),
    )


def _folder(state: ChoosingFolder, wishes: Wishes) -> Event | Failure:
    if state.typed and wishes.folder:
        from tui.api.models import Folder

        return FolderChosen(folder=Folder(fully_qualified_name=wishes.folder))
    if state.typed:
        return Failure("A folder is needed", state.typed_reason, "Name its path with --folder.", exit=Exit.USAGE)
    folders = [(folder, _folder_names(folder)) for folder in state.folders]
    found = _pick("folder", "--folder", folders, wishes.folder)
    return found if isinstance(found, Failure) else FolderChosen(folder=found)


def _release(state: ChoosingRelease, wishes: Wishes) -> Event | Failure:
    wish = wishes.release
    found = _matching_release(state.releases, wish)
    if found is not None:
        return ReleaseChosen(release=found)
    if wish and is_guid(wish):
        return ReleaseKeyEntered(key=wish)
    if wish and state.search != wish:
        return SearchRequested(text=wish)
    if wish and state.releases and state.total is not None and len(state.releases) < state.total:
        return MoreRequested()
    if not state.releases and not wish:
        return Failure(
            "There is no release here",
            "the server lists none for this folder and sign-in",
            "Publish a process, or choose another folder or service instance.",
            exit=Exit.NOT_FOUND,
        )
    same = [release for release in state.releases if wish and release.name.casefold() == wish.casefold()]
    if len(same) > 1:
        keys = ", ".join(f"{release.key} (version {release.process_version})" for release in same[:SHOWN])
        cause = f"{len(same)} releases are named “{wish}”"
        return Failure("The release is not clear", cause, f"Name its key with --release: {keys}.", exit=Exit.NOT_FOUND)
    rows = [(release, (release.name, release.key)) for release in state.releases]
    failure = _pick("release", "--release", rows, wish)
    return failure if isinstance(failure, Failure) else ReleaseChosen(release=failure)


def _matching_release(releases: Sequence[Release], wish: str) -> Release | None:
    wanted = wish.casefold()
    by_key = [release for release in releases if release.key.casefold() == wanted]
    if wish and by_key:
        return by_key[0]
    for named in (
        [release for release in releases if release.name == wish],
        [release for release in releases if release.name.casefold() == wanted],
    ):
        if wish and named:
            return named[0] if len(named) == 1 else None
    return None


def _start(state: PreparingStart, wishes: Wishes) -> Event | Failure | None:
    if state.problems:
        return Failure(
            "The input arguments don't fit the release",
            "; ".join(problem.rstrip(".") for problem in state.problems),
            "Correct --input. Nothing was started.",
            exit=Exit.USAGE,
        )
    options = start_options(state, wishes)
    if not isinstance(options, StartOptions):
        return options
    return fill(state, wishes, options)


def _pick(noun: str, option: str, rows: Sequence[tuple[T, tuple[str, ...]]], wish: str) -> T | Failure:
    """Return the one row that ``wish`` names (any of its names, letter case ignored), or the only row without one."""
    if not wish and len(rows) == 1:
        return rows[0][0]
    wanted = wish.casefold()
    for place in range(len(rows[0][1]) if rows and wish else 0):
        exact = [row for row, names in rows if names[place] == wish]
        found = exact or [row for row, names in rows if names[place].casefold() == wanted]
        if len(found) == 1:
            return found[0]
    return _unclear(noun, option, [names[0] for _row, names in rows], wish)


def _unclear(noun: str, option: str, names: list[str], wish: str) -> Failure:
    near = difflib.get_close_matches(wish, names, SHOWN, 0.4) if wish else []
    shown = near or names[:SHOWN]
    listed = ", ".join(shown) + (f", … ({len(names)} in all)" if len(names) > len(shown) else "")
    next_step = f"Name one with {option}: {listed}." if names else "Check what the sign-in may see."
    if not wish and names:
        return Failure(f"Which {noun}?", f"there are {len(names)}", next_step, exit=Exit.USAGE)
    several = sum(name.casefold() == wish.casefold() for name in names) > 1
    cause = f"several are named “{wish}”" if several else f"the server lists none named “{wish}”"
    if not wish:
        cause = "the server lists none"
    return Failure(f"The {noun} was not found", cause, next_step, exit=Exit.NOT_FOUND)
