"""``uipath-tui profiles``: list the kept setups, say where their secrets are, forget one. Prints plain lines."""

from __future__ import annotations

import asyncio
import json
import sqlite3
from contextlib import suppress
from dataclasses import asdict
from typing import TYPE_CHECKING

from tui import paths
from tui.errors import Exit, Failure, UsageError
from tui.runtime.keeping_log import kept_log
from tui.runtime.opening import unknown_profile
from tui.store.credentials import CredentialStore
from tui.store.profiles import forget_profile, load_profiles, mark_production, save_unfinished, use_profile
from tui.text import clean, counted

if TYPE_CHECKING:
    import argparse

    from tui.profile import Profile, ProfileBook


WIDTH = 12
"""Columns for a name; a longer one pushes what follows."""


def run(arguments: argparse.Namespace) -> int:
    """Do what ``arguments`` ask. Raises `UsageError` for an unknown profile, and what the stores raise."""
    book = load_profiles(paths.profiles_file())
    match arguments.action:
        case "where":
            _where(book, arguments.name)
        case "use":
            use_profile(paths.profiles_file(), _named(book, arguments.name).name)
            print(f"Profile {arguments.name} opens from now on.")
        case "forget":
            _forget(book, arguments.name)
        case "production":
            _mark(_named(book, arguments.name), production=arguments.mark == "on")
        case _:
            _list(book, as_json=getattr(arguments, "json", False))
    return int(Exit.SUCCESSFUL)


def _named(book: ProfileBook, name: str) -> Profile:
    found = book.named(name)
    if found is None:
        raise unknown_profile(book, name)
    return found


def _list(book: ProfileBook, *, as_json: bool) -> None:
    profiles = sorted(book.profiles, key=lambda profile: profile.name != book.current)
    if as_json:
        rows = [{**asdict(profile), "current": profile.name == book.current} for profile in profiles]
        print(json.dumps({"profiles": rows, "unfinished": book.unfinished.name if book.unfinished else None}))
        return
    for profile in profiles:
        mark = "*" if profile.name == book.current else " "
        production = "  PRODUCTION" if profile.production else ""
        print(clean(f"{mark} {profile.name:<{WIDTH}} {profile.deployment}{production}"))
        where = " / ".join(part for part in (profile.account, profile.instance, profile.folder_path) if part)
        for line in (where, f"{profile.who} ({profile.way} {profile.fingerprint})"):
            print(clean(f"  {'':<{WIDTH}} {line}"))
    if book.unfinished is not None:
        print(clean(f"  {book.unfinished.name:<{WIDTH}} left half-way; `uipath-tui` goes on with it"))
    if not profiles and book.unfinished is None:
        print("No profile has been set up here yet. `uipath-tui` sets one up.")


def _where(book: ProfileBook, name: str) -> None:
    profiles = (_named(book, name),) if name else book.profiles
    print(clean(f"{'profiles':<{WIDTH}} in the file {paths.profiles_file()}"))
    store = CredentialStore()
    asyncio.run(store.key_store.probe())
    for profile in profiles:
        kept = profile.keeping.lasts and profile.credential
        words = store.where(profile.credential, profile.keeping) if kept else "nowhere: it is given in each session"
        print(clean(f"{profile.name:<{WIDTH}} {words}"))
        if kept:
            print(clean(f"{'':<{WIDTH}} entry {profile.credential}, secret {profile.fingerprint}"))


def _forget(book: ProfileBook, name: str) -> None:
    """Remove the secret first: a profile that is still listed can be forgotten again when that fails."""
    unfinished = book.unfinished is not None and book.unfinished.name == name
    profile = book.named(name) or (book.unfinished if unfinished else None)
    if profile is None:
        raise unknown_profile(book, name)
    kept = [each for each in (book.named(name), book.unfinished if unfinished else None) if each is not None]
    shared = {each.credential for each in book.profiles if each.name != name}
    for each in kept:
        if each.keeping.lasts and each.credential and each.credential not in shared:
            asyncio.run(CredentialStore().forget(each.credential, each.keeping))
    if unfinished:
        save_unfinished(paths.profiles_file(), None)
    if book.named(name) is not None:
        forget_profile(paths.profiles_file(), name)
    if any(each.credential in shared for each in kept if each.credential):
        print(f"Profile {name} is forgotten. Its secret stays, because another profile uses it.")
    else:
        print(f"Profile {name} is forgotten, and the secret that was kept for it with it.")
        print("The server still accepts that secret: revoke it there if others may have seen it.")
    _tell_of_log(name)


def _tell_of_log(name: str) -> None:
    """Say that the log of its sessions stays, and how to remove it. A file that can't be read is the log's matter."""
    with suppress(sqlite3.Error, OSError):
        kept = kept_log(name)
        if kept.sessions:
            print(
                clean(f"The log of {counted(kept.sessions, 'session')} with it stays, without secrets, in {kept.path}:")
            )
            print("`uipath-tui log list` shows their numbers, `uipath-tui log remove ID` removes one for good.")


def _mark(profile: Profile, *, production: bool) -> None:
    if profile.production == production:
        state = "already" if production else "not"
        raise UsageError(
            Failure(
                title="Nothing was changed",
                cause=f"profile {profile.name} is {state} marked as production",
                next_step="`uipath-tui profiles` lists the marks.",
                exit=Exit.USAGE,
            )
        )
    mark_production(paths.profiles_file(), profile.name, production)
    words = "is marked as production: a start asks once more" if production else "is no longer marked as production"
    print(f"Profile {profile.name} {words}.")
