"""What ``uipath-tui doctor`` examines: which profile, which server, which sign-in. Reads them; calls no server."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from tui import paths
from tui.api.deployments import deployment
from tui.api.names import clean_name
from tui.errors import UiPathTuiError
from tui.flow.effects import SignIn
from tui.flow.ways import ByApplication, ByKept, Pasted, Target
from tui.keeping import Keeping
from tui.profile import ProfileBook
from tui.runtime.opening import unknown_profile
from tui.store.profiles import load_profiles
from tui.system.environment import SECRETS, take_from
from tui.twin.orders import read_token

if TYPE_CHECKING:
    import argparse

    from tui.api.deployments import Deployment
    from tui.errors import Failure
    from tui.flow.ways import Way
    from tui.profile import Profile
    from tui.settings import Settings
    from tui.system.environment import EnvironmentSignIn


@dataclass(frozen=True, slots=True)
class Subject:
    """What is examined. ``settings`` say where; ``place`` is that server, ``None`` when ``misplaced`` says why not.

    ``way`` is the sign-in, ``None`` for none, and ``keeping`` where its secret comes from (``None`` when it was piped
    in). ``profile`` is the one examined. ``account``, ``instance`` and ``folder`` are names, empty when nobody chose.
    """

    settings: Settings
    place: Deployment | None
    misplaced: Failure | None
    book: ProfileBook
    unread: Failure | None
    """Why the profile file can't be read."""
    profile: Profile | None
    environment: EnvironmentSignIn | None
    way: Way | None
    keeping: Keeping | None
    account: str
    instance: str
    folder: str
    unusable: Failure | None = None
    """Why the settings can't be used."""

    @property
    def from_environment(self) -> bool:
        """Whether the environment signs in."""
        return self.keeping is Keeping.ENVIRONMENT

    @property
    def setup(self) -> str:
        """The command that asks for every answer again."""
        named = f" --profile {self.profile.name}" if self.profile is not None else ""
        return f"`uipath-tui setup{named}`"

    @property
    def with_another(self) -> str:
        """What to do with a new token or changed scopes, in words that complete “… , then”."""
        if self.environment is not None and self.from_environment:
            return f"give it in {', '.join(name for name in self.environment.names if name in SECRETS)}"
        return "pipe it in" if self.keeping is None and self.way is not None else f"sign in again: {self.setup}"

    def sign_in(self) -> SignIn:
        """Return the effect that signs in."""
        if self.way is None:
            raise RuntimeError("there is nothing to sign in with")
        kept = isinstance(self.way, ByKept) and self.profile is not None
        target = Target(
            deployment=self.settings.deployment,
            base_url=self.settings.base_url,
            account=self.account,
            instance=self.instance,
            keeping=self.keeping,
            save_as=self.profile.name if kept and self.profile is not None else "",
        )
        return SignIn(way=self.way, target=target, profile=self.profile, as_profiled=self.profile is not None)


def subject(arguments: argparse.Namespace, settings: Settings) -> Subject:
    """Return what ``arguments`` ask to examine, as a session would open it. Raises `UsageError`; reads a piped token.

    A profile file that can't be read is a finding, not an error.
    """
    environment = take_from(os.environ)
    book, unread = _book()
    named = str(getattr(arguments, "profile", ""))
    elsewhere = bool(getattr(arguments, "deployment", "") or getattr(arguments, "base_url", ""))
    signs_in = environment is not None and environment.signs_in and not named
    profile = None
    if named or not (arguments.token_stdin or signs_in):
        profile = _profile(book, named, settings if elsewhere else None)
        if named and profile is None and unread is None:
            raise unknown_profile(book, named)
    if profile is not None:
        profile = _renamed(profile, arguments)
        settings = replace(settings, deployment=profile.deployment, base_url=profile.base_url)
    elif environment is not None and environment.deployment and not elsewhere and not named:
        settings = replace(settings, deployment=environment.deployment, base_url=environment.base_url)
    place, misplaced = _place(settings)
    way, keeping = _way(arguments, profile, environment if signs_in else None)
    names = profile if profile is not None else environment
    known = (
        (names.account, names.instance, names.folder_key or names.folder_path) if names is not None else ("", "", "")
    )
    account, instance, folder = (_named(arguments, name) for name in ("account", "instance", "folder"))
    return Subject(
        settings=settings,
        place=place,
        misplaced=misplaced,
        book=book,
        unread=unread,
        profile=profile,
        environment=environment,
        way=way,
        keeping=keeping,
        account=account or known[0],
        instance=instance or known[1],
        folder=folder or known[2],
    )


def _named(arguments: argparse.Namespace, option: str) -> str:
    return clean_name(str(getattr(arguments, option, "")).strip())


def _book() -> tuple[ProfileBook, Failure | None]:
    try:
        return load_profiles(paths.profiles_file()), None
    except UiPathTuiError as error:
        return ProfileBook(), error.failure


def _profile(book: ProfileBook, named: str, settings: Settings | None) -> Profile | None:
    """Return the profile that a session opens; with ``settings`` only one of the server that they name."""
    unfinished = book.unfinished
    if named:
        return unfinished if unfinished is not None and unfinished.name == named else book.named(named)
    current = unfinished or book.named(book.current) or next(iter(book.profiles), None)
    if current is None or settings is None:
        return current
    same = (current.deployment, current.base_url) == (settings.deployment, settings.base_url)
    return current if same else None


def _renamed(profile: Profile, arguments: argparse.Namespace) -> Profile:
    """Return ``profile`` with the names of the command line; of another instance its folder and release are unknown."""
    account = _named(arguments, "account") or profile.account
    instance = _named(arguments, "instance") or profile.instance
    if (account.casefold(), instance.casefold()) == (profile.account.casefold(), profile.instance.casefold()):
        return profile
    elsewhere = replace(profile, account=account, instance=instance, account_name="", instance_name="")
    return replace(elsewhere, folder_key="", folder_path="", release_key="", release_name="")


def _place(settings: Settings) -> tuple[Deployment | None, Failure | None]:
    try:
        return deployment(settings.deployment, settings.base_url, settings.client_id), None
    except UiPathTuiError as error:
        return None, error.failure


def _way(
    arguments: argparse.Namespace, profile: Profile | None, environment: EnvironmentSignIn | None
) -> tuple[Way | None, Keeping | None]:
    """Return how to sign in, and where that came from: a piped token, the environment, or what a profile keeps."""
    if arguments.token_stdin:
        return Pasted(read_token("doctor", from_stdin=True)), None
    if environment is not None:
        way = Pasted(environment.token) if environment.token else ByApplication(environment.application)
        return way, Keeping.ENVIRONMENT
    if profile is not None and profile.keeping.lasts and profile.credential:
        return ByKept(), profile.keeping
    return None, None
