"""The arguments of every command, and what is read with them: the token, the input arguments. Starts nothing."""

from __future__ import annotations

import argparse
import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TextIO

from tui.errors import EXIT_MEANINGS, Exit, Failure, UsageError
from tui.secret import Secret
from tui.settings import FORMS
from tui.simulator import command
from tui.simulator.scenarios import SCENARIOS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tui.choices import Wishes

    # argparse has no public name for it.
    Commands = argparse._SubParsersAction["QuietParser"]  # pyright: ignore[reportPrivateUsage]

TOKEN_VARIABLE: Final = "UIPATH_TUI_TOKEN"  # noqa: S105 - a name, not a secret
MOST: Final = 1_000_000
"""Characters of standard input that are read at most."""


@dataclass(frozen=True, slots=True)
class Order:
    """What the line-by-line twin is asked to do. ``log_file`` is empty for none."""

    token: Secret
    wishes: Wishes
    follow: bool = True
    as_json: bool = False
    log_file: str = ""


def order(arguments: argparse.Namespace) -> Order:
    """Return the order that the arguments of ``start`` make. Raises `UsageError`; the token is read last."""
    if arguments.count < 1:
        raise UsageError(
            Failure("--count can't be used", "a start makes at least one job", "Give 1 or more.", exit=Exit.USAGE)
        )
    from tui.api.names import clean_name
    from tui.choices import Wishes

    wishes = Wishes(
        account=clean_name(arguments.account.strip()),
        instance=clean_name(arguments.instance.strip()),
        folder=clean_name(arguments.folder.strip()),
        release=clean_name(arguments.release.strip()),
        inputs=read_inputs(arguments.input),
        jobs_count=arguments.count,
    )
    return Order(
        token=read_token(from_stdin=arguments.token_stdin),
        wishes=wishes,
        follow=not arguments.no_follow,
        as_json=arguments.json,
        log_file=arguments.log,
    )


def parser() -> QuietParser:
    """Return the parser of the whole command line; ``command`` names the command, ``None`` for the session."""
    root = QuietParser(
        prog="uipath-tui",
        description="Start a UiPath job and watch its live state beside the raw request/response log.",
        epilog=exit_table(),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    root.add_argument("--version", action=ShowVersion, nargs=0, help="show the version and exit")
    _add_place(root, "")
    commands = root.add_subparsers(title="commands", metavar="COMMAND", dest="command")
    _add_demo(commands)
    _add_simulator(commands)
    _add_start(commands)
    return root


class QuietParser(argparse.ArgumentParser):
    """Never repeats an argument it does not know: it may be a token that was typed after a wrong option."""

    def __init__(self, **settings: Any) -> None:
        settings.setdefault("allow_abbrev", False)
        super().__init__(**settings)

    def parse_args(self, args: Iterable[str] | None = None, namespace: Any = None) -> Any:  # pyright: ignore[reportIncompatibleMethodOverride] - its overloads
        """Parse, and end the program with a sentence that names only the unknown options, not their values."""
        found, unknown = self.parse_known_args(None if args is None else list(args), namespace)
        if unknown:
            options = [word.partition("=")[0] for word in unknown if word.startswith("-")]
            named = ", ".join(options) or f"{len(unknown)} more than it takes"
            self.error(f"unknown arguments: {named} (values are not repeated; a token never belongs on a command line)")
        return found


class ShowVersion(argparse.Action):
    """Prints the installed version; reads the package's metadata only when asked, because that is slow."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        """Print the version and end the program."""
        from importlib.metadata import version

        print(f"uipath-tui {version('uipath-tui')}")
        parser.exit()


def exit_table() -> str:
    """Return the table of exit codes that ``--help`` shows."""
    rows = (f"  {code.value:>3}  {meaning}" for code, meaning in EXIT_MEANINGS.items())
    return "exit codes:\n" + "\n".join(rows)


def _add_place(parser: argparse.ArgumentParser, default: str = argparse.SUPPRESS) -> None:
    """Add where to sign in. On a command the default is suppressed, or it would undo what stands before it."""
    parser.add_argument(
        "--deployment",
        metavar="KIND",
        default=default,
        help="automation-cloud, cloud-2019, automation-suite or standalone",
    )
    parser.add_argument(
        "--base-url", metavar="URL", default=default, help="another host for it (http:// only for this machine)"
    )


def _add_demo(commands: Commands) -> None:
    listed = "\n".join(f"  {name:<16} {text}" for name, text in SCENARIOS.items())
    demo = commands.add_parser(
        "demo",
        help="the same program against a simulated Orchestrator: no account needed",
        description="Run the program against a simulated Orchestrator on this machine. Nothing leaves it.",
        epilog=f"scenarios (combine with commas):\n{listed}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    demo.add_argument("scenario", nargs="?", default="happy", metavar="SCENARIO")
    demo.add_argument(
        "--deployment", metavar="KIND", default=argparse.SUPPRESS, help="cloud-2019 (default) or automation-cloud"
    )
    demo.add_argument(
        "--speed", type=float, default=1.0, metavar="FACTOR", help="how fast simulated jobs run (default 1)"
    )


def _add_simulator(commands: Commands) -> None:
    parser = commands.add_parser(
        "simulator",
        help="only the simulated Orchestrator, for other clients and scripts",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    command.add_arguments(parser)


def _add_start(commands: Commands) -> None:
    start = commands.add_parser(
        "start",
        help="the same flow as plain lines, for pipes, CI and screen readers; the exit code is the outcome",
        epilog=exit_table(),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    _add_place(start)
    start.add_argument(
        "--token-stdin",
        action="store_true",
        help=f"read the token from standard input (else {TOKEN_VARIABLE}, else asked for)",
    )
    start.add_argument(
        "--address-form",
        choices=FORMS,
        default="",
        help="2019 platform: addresses with account and instance (path) or without (root)",
    )
    start.add_argument("--account", metavar="NAME", default="", help="account or organization, logical name")
    start.add_argument("--instance", metavar="NAME", default="", help="service instance or tenant, logical name")
    start.add_argument("--folder", metavar="PATH", default="", help="folder path, key or id")
    start.add_argument("--release", metavar="NAME|KEY", default="", help="release name or release key")
    start.add_argument("--input", metavar="JSON|@FILE", default="", help="input arguments, a JSON object")
    start.add_argument(
        "--count",
        type=int,
        default=1,
        metavar="N",
        help="how many jobs (default 1; on the 2019 platform one for each robot)",
    )
    start.add_argument("--no-follow", action="store_true", help="end once the job is started")
    start.add_argument("--json", action="store_true", help="one JSON object a line instead of text")
    start.add_argument(
        "--log",
        metavar="FILE.jsonl",
        default="",
        help="write every request and response, secrets replaced, to this file",
    )


def read_token(*, from_stdin: bool) -> Secret:
    """Return the token from standard input, the environment (it is removed from there) or a hidden prompt.

    Raises `UsageError` when there is none to be had.
    """
    found = os.environ.pop(TOKEN_VARIABLE, "")
    stdin: TextIO | None = sys.stdin
    if from_stdin and stdin is not None:
        found = stdin.readline() if stdin.isatty() else _decoded(stdin.buffer.read(MOST))
    elif not found and stdin is not None and stdin.isatty():
        found = _asked()
    if not found.strip():
        raise UsageError(
            Failure(
                "There is no token",
                f"neither --token-stdin nor {TOKEN_VARIABLE} brought one",
                "Pipe it in: uipath-tui start --token-stdin < FILE. Never write it on the command line.",
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
