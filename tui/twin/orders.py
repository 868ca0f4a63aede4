"""What the line-by-line twin is asked to do, and what is read for it: token, profile, inputs. Starts nothing."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final, TextIO

from tui import paths
from tui.errors import Exit, Failure, UsageError
from tui.flow.event import ProfileChosen, SignInSubmitted
from tui.flow.state import Answers, Here, SigningIn
from tui.flow.ways import Pasted, Target
from tui.runtime.opening import environment_event, unknown_profile
from tui.secret import Secret
from tui.store.profiles import load_profiles
from tui.system.environment import TOKEN, EnvironmentSignIn, take_from

if TYPE_CHECKING:
    import argparse

    from tui.flow.event import Event
    from tui.profile import Profile, ProfileBook
    from tui.settings import Settings
    from tui.twin.choices import Wishes

MOST: Final = 1_000_000
"""Characters of standard input that are read at most."""


@dataclass(frozen=True, slots=True)
class Order:
    """What the line-by-line twin is asked to do: the first ``state``, and ``first``, which happens in it.

    ``log_file`` is empty for none; ``keeps`` tells whether a profile may be read and kept; ``notes`` are sentences
    about what could not be used.
    """

    state: SigningIn
    first: Event
    wishes: Wishes
    follow: bool = True
    as_json: bool = False
    log_file: str = ""
    keeps: bool = True
    notes: tuple[str, ...] = ()


def order(arguments: argparse.Namespace, settings: Settings) -> Order:
    """Return the order that the arguments of ``start`` make. Raises `UsageError`; the token is read last."""
    if arguments.count < 1:
        raise UsageError(
            Failure("--count can't be used", "a start makes at least one job", "Give 1 or more.", exit=Exit.USAGE)
        )
    environment = take_from(os.environ)
    wishes = _wishes(arguments, environment)
    state, first = _beginning(arguments, settings, wishes, environment)
    return Order(
        state=state,
        first=first,
        wishes=wishes,
        follow=not arguments.no_follow,
        as_json=arguments.json,
        log_file=arguments.log,
        notes=environment.notes if environment is not None else (),
    )


def _wishes(arguments: argparse.Namespace, environment: EnvironmentSignIn | None) -> Wishes:
    from tui.api.names import clean_name
    from tui.flow.start_options import StartOptions, priority_of, strategy_of
    from tui.twin.choices import Wishes

    folder = arguments.folder.strip()
    if not folder and environment is not None and environment.signs_in:
        folder = environment.folder_path or environment.folder_key
    return Wishes(
        account=clean_name(arguments.account.strip()),
        instance=clean_name(arguments.instance.strip()),
        folder=clean_name(folder),
        release=clean_name(arguments.release.strip()),
        inputs=read_inputs(arguments.input),
        options=StartOptions(
            strategy=strategy_of(arguments.strategy),
            jobs_count=arguments.count,
            priority=priority_of(arguments.priority),
            runtime_type=arguments.runtime.strip(),
            reference=arguments.reference.strip(),
        ),
        robots=tuple(clean_name(name.strip()) for name in arguments.robot if name.strip()),
        production=arguments.production,
        preset=arguments.preset.strip(),
        inputs_last=arguments.inputs_last,
        dry_run=arguments.dry_run,
        request=arguments.request,
    )


def _beginning(
    arguments: argparse.Namespace, settings: Settings, wishes: Wishes, environment: EnvironmentSignIn | None
) -> tuple[SigningIn, Event]:
    """Return the first state and event: a piped token, the environment, a kept profile, or a hidden prompt."""
    named = str(getattr(arguments, "profile", ""))
    elsewhere = bool(getattr(arguments, "deployment", "") or getattr(arguments, "base_url", ""))
    deployment, base_url = settings.deployment, settings.base_url
    if environment is not None and environment.deployment and not elsewhere and not named:
        deployment, base_url = environment.deployment, environment.base_url
    if not arguments.token_stdin and not named and environment is not None and environment.signs_in:
        event = environment_event(environment, deployment, base_url)
        target = event.target
        account, instance = wishes.account or target.account, wishes.instance or target.instance
        state = SigningIn(answers=Answers(deployment=deployment, base_url=base_url))
        return state, replace(event, target=replace(target, account=account, instance=instance))
    book = load_profiles(paths.profiles_file())
    profile = _profile(book, named, elsewhere=elsewhere)
    state = SigningIn(answers=Answers(deployment=deployment, base_url=base_url, here=Here(book=book)))
    if profile is not None and not arguments.token_stdin and profile.keeping.lasts and profile.credential:
        wanted = _with_wishes(profile, wishes)
        return state, ProfileChosen(profile=wanted, keep=wanted == profile)
    return _pasted(state, profile if named else None, wishes, arguments)


def _profile(book: ProfileBook, named: str, *, elsewhere: bool) -> Profile | None:
    if not named:
        return None if elsewhere else book.named(book.current)
    profile = book.named(named)
    if profile is None:
        raise unknown_profile(book, named)
    return profile


def _with_wishes(profile: Profile, wishes: Wishes) -> Profile:
    """Return the profile with what was named on the command line instead of its own answers."""
    account, instance = wishes.account or profile.account, wishes.instance or profile.instance
    if (account.casefold(), instance.casefold()) != (profile.account.casefold(), profile.instance.casefold()):
        profile = replace(
            profile,
            account=account,
            account_name="",
            instance=instance,
            instance_name="",
            folder_key="",
            folder_path="",
        )
    if wishes.folder and wishes.folder.casefold() not in (
        profile.folder_path.casefold(),
        profile.folder_key.casefold(),
    ):
        profile = replace(profile, folder_key="", folder_path=wishes.folder)
    return profile


def _pasted(
    state: SigningIn, profile: Profile | None, wishes: Wishes, arguments: argparse.Namespace
) -> tuple[SigningIn, Event]:
    """Return what signs in with a token that is given now; of a ``profile`` it takes where and which instance."""
    answers = state.answers
    account, instance = wishes.account, wishes.instance
    if profile is not None:
        answers = replace(answers, deployment=profile.deployment, base_url=profile.base_url, profile=profile)
        account, instance = account or profile.account, instance or profile.instance
    event = SignInSubmitted(
        way=Pasted(read_token(arguments.command, from_stdin=arguments.token_stdin)),
        target=Target(deployment=answers.deployment, base_url=answers.base_url, account=account, instance=instance),
    )
    return replace(state, answers=answers), event


def read_token(command: str, *, from_stdin: bool) -> Secret:
    """Return the token from standard input or a hidden prompt.

    Raises `UsageError` when there is none to be had; it says how to pipe one into ``command``.
    """
    found = ""
    stdin: TextIO | None = sys.stdin
    if from_stdin and stdin is not None:
        found = stdin.readline() if stdin.isatty() else _decoded(stdin.buffer.read(MOST))
    elif stdin is not None and stdin.isatty():
        found = _asked()
    if not found.strip():
        raise UsageError(
            Failure(
                "There is no token",
                f"neither --token-stdin nor {TOKEN} nor a profile brought one",
                f"Pipe it in: uipath-tui {command} --token-stdin < FILE. Never write it on the command line.",
                exit=Exit.USAGE,
            )
        )
    return Secret(found.strip())


def _asked() -> str:
    from getpass import getpass

    try:
        return getpass("Token (hidden): ")
    except EOFError:
        return ""


def _decoded(content: bytes) -> str:
    """Decode a piped token; Windows shells write UTF-16 or a byte order mark."""
    encoding = "utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    return content.decode(encoding, "replace")


def read_inputs(text: str) -> str:
    """Return the input arguments as JSON text; ``@file`` is read. Raises `UsageError` for what is not an object."""
    from tui.api.arguments import compact_inputs

    try:
        if text.startswith("@"):
            text = Path(text[1:]).read_text(encoding="utf-8-sig")
        compacted = compact_inputs(text)
        compacted.encode("utf-8")
    except UnicodeEncodeError as error:
        raise _bad_input("it holds half of a surrogate pair, which no text can carry") from error
    except (OSError, ValueError) as error:
        cause = f"{error.strerror}: {text[1:]}" if isinstance(error, OSError) else str(error)
        raise _bad_input(cause) from error
    return compacted


def _bad_input(cause: str) -> UsageError:
    next_step = """Give a JSON object: --input '{"name": "value"}'."""
    return UsageError(Failure("--input can't be used", cause, next_step, exit=Exit.USAGE))
