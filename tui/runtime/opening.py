"""How a session opens: with what the environment holds, a profile, a setup left half-way, or the empty form.

Reads the environment and the profile file; asks nobody. Loaded before the first paint, so events are made later.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from tui import paths
from tui.errors import Exit, Failure, UsageError
from tui.flow.state import Answers, Here, SigningIn
from tui.keeping import Keeping
from tui.profile import DEFAULT_NAME, Profile, ProfileBook
from tui.store.profiles import load_profiles
from tui.system.environment import EnvironmentSignIn, take_from

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable

    from tui.flow.event import Event, SignInSubmitted
    from tui.settings import Settings

FREE_NAMES: Final = 1000


@dataclass(frozen=True, slots=True)
class Opening:
    """The first state, and what happens first, made when it is needed (``None`` for waiting for the person).

    ``notes`` are sentences about what could not be used; ``keeps`` tells whether anything outlives the session.
    """

    state: SigningIn
    first: Callable[[], Event | None]
    notes: tuple[str, ...] = ()
    keeps: bool = True


def opening(arguments: argparse.Namespace, settings: Settings, *, setup: bool = False) -> Opening:
    """Return how the session that ``arguments`` ask for opens. Raises `UsageError` and what the profile file raises."""
    book = load_profiles(paths.profiles_file())
    environment = take_from(os.environ)
    notes = environment.notes if environment is not None else ()
    named = str(getattr(arguments, "profile", ""))
    elsewhere = bool(getattr(arguments, "deployment", "") or getattr(arguments, "base_url", ""))
    if environment is not None and environment.signs_in and not named and not setup:
        return _from_environment(environment, settings, book, elsewhere=elsewhere)
    profile = _profile(book, named, setup=setup, settings=settings if elsewhere else None)
    if profile is None:
        return _form(settings, book, named or _free_name(book), notes, environment)
    if setup:
        return _again(profile, settings, book, notes)

    def first() -> Event:
        from tui.flow.event import ProfileChosen

        return ProfileChosen(profile=profile)

    lasting = profile.keeping.lasts and bool(profile.credential)
    answers = replace(Answers.of(profile, Here(book=book)), resuming=True)
    state = SigningIn(answers=answers, opening=lasting, redirect_uri=settings.redirect_uri)
    return Opening(state, first, notes)


def _profile(book: ProfileBook, named: str, *, setup: bool, settings: Settings | None) -> Profile | None:
    """Return the profile to open; ``settings`` are given when the command line says where, which may be elsewhere."""
    if named:
        found = book.named(named)
        unfinished = book.unfinished if book.unfinished is not None and book.unfinished.name == named else None
        if found is None and unfinished is None and not setup:
            raise unknown_profile(book, named)
        return unfinished or found
    current = book.unfinished if book.unfinished is not None and not setup else None
    current = current or book.named(book.current) or (book.profiles[0] if book.profiles else None)
    if current is not None and settings is not None:
        same = (current.deployment, current.base_url) == (settings.deployment, settings.base_url)
        return current if same else None
    return current


def unknown_profile(book: ProfileBook, name: str) -> UsageError:
    """Return the error for a profile that does not exist."""
    names = ", ".join(profile.name for profile in book.profiles)
    return UsageError(
        Failure(
            title=f"There is no profile “{name[:60]}”",
            cause=f"the profiles here are {names}" if names else "no profile has been set up here yet",
            next_step="`uipath-tui setup --profile NAME` makes one.",
            exit=Exit.USAGE,
        )
    )


def _free_name(book: ProfileBook) -> str:
    taken = {profile.name for profile in book.profiles}
    numbered = (f"{DEFAULT_NAME}-{number}" for number in range(2, FREE_NAMES))
    return next(name for name in (DEFAULT_NAME, *numbered) if name not in taken)


def _nothing() -> None:
    return None


def _form(
    settings: Settings, book: ProfileBook, name: str, notes: tuple[str, ...], environment: EnvironmentSignIn | None
) -> Opening:
    deployment, base_url = settings.deployment, settings.base_url
    if environment is not None and environment.deployment and not base_url:
        deployment, base_url = environment.deployment, environment.base_url
    answers = Answers(deployment=deployment, base_url=base_url, here=Here(book=book), save_as=name)
    names = {}
    if environment is not None and environment.instance:
        names = {deployment: (environment.account, environment.instance)}
    return Opening(SigningIn(answers=answers, names=names, redirect_uri=settings.redirect_uri), _nothing, notes)


def _again(profile: Profile, settings: Settings, book: ProfileBook, notes: tuple[str, ...]) -> Opening:
    answers = Answers.of(profile, Here(book=book))
    return Opening(SigningIn(answers=answers, redirect_uri=settings.redirect_uri), _nothing, notes)


def _from_environment(
    environment: EnvironmentSignIn, settings: Settings, book: ProfileBook, *, elsewhere: bool
) -> Opening:
    deployment, base_url = settings.deployment, settings.base_url
    if environment.deployment and not elsewhere:
        deployment, base_url = environment.deployment, environment.base_url
    named = Profile(
        name="",
        deployment=deployment,
        base_url=base_url,
        account=environment.account,
        instance=environment.instance,
        folder_key=environment.folder_key,
        folder_path=environment.folder_path,
        keeping=Keeping.ENVIRONMENT,
    )
    answers = Answers(deployment=deployment, base_url=base_url, here=Here(book=book), profile=named, resuming=True)
    state = SigningIn(answers=answers, opening=True, redirect_uri=settings.redirect_uri)
    return Opening(state, lambda: environment_event(environment, deployment, base_url), environment.notes)


def environment_event(environment: EnvironmentSignIn, deployment: str, base_url: str) -> SignInSubmitted:
    """Return the event that signs in with what the environment holds."""
    from tui.flow.event import SignInSubmitted
    from tui.flow.ways import ByApplication, Pasted, Target

    way = Pasted(environment.token) if environment.token else ByApplication(environment.application)
    target = Target(
        deployment=deployment,
        base_url=base_url,
        account=environment.account,
        instance=environment.instance,
        keeping=Keeping.ENVIRONMENT,
    )
    return SignInSubmitted(way=way, target=target)
