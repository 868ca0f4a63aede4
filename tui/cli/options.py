"""The arguments of every command. Starts nothing and reads nothing."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from tui.cli.options_log import add_log
from tui.errors import EXIT_MEANINGS
from tui.settings import FORMS
from tui.simulator import command
from tui.simulator.scenarios import SCENARIOS
from tui.system.environment import TOKEN

if TYPE_CHECKING:
    from collections.abc import Iterable

    # argparse has no public name for it.
    Commands = argparse._SubParsersAction["QuietParser"]  # pyright: ignore[reportPrivateUsage]


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
    _add_profile(root, "")
    commands = root.add_subparsers(title="commands", metavar="COMMAND", dest="command")
    _add_setup(commands)
    _add_demo(commands)
    _add_simulator(commands)
    _add_start(commands)
    _add_jobs(commands)
    _add_doctor(commands)
    _add_profiles(commands)
    add_log(commands)
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


def _add_names(parser: argparse.ArgumentParser, folder: str = "folder path, key or id") -> None:
    """Add which place it is among those that the sign-in can see."""
    parser.add_argument("--account", metavar="NAME", default="", help="account or organization, logical name")
    parser.add_argument("--instance", metavar="NAME", default="", help="service instance or tenant, logical name")
    parser.add_argument("--folder", metavar="PATH", default="", help=folder)


def _add_profile(parser: argparse.ArgumentParser, default: str = argparse.SUPPRESS) -> None:
    parser.add_argument("--profile", metavar="NAME", default=default, help="the kept setup to use (default: the last)")


def _add_setup(commands: Commands) -> None:
    setup = commands.add_parser("setup", help="the setup again, with the last answers as defaults; Enter keeps them")
    _add_place(setup)
    _add_profile(setup)


def _add_doctor(commands: Commands) -> None:
    doctor = commands.add_parser(
        "doctor",
        help="check network, key store, sign-in, permissions, folder and clock; says what to do next",
        description="Check this computer, the network, the sign-in and what it may do. Starts and changes nothing.",
        epilog=exit_table(),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    _add_place(doctor)
    _add_profile(doctor)
    doctor.add_argument("--token-stdin", action="store_true", help="examine a token from standard input instead")
    _add_names(doctor, "folder path or key")
    doctor.add_argument("--json", action="store_true", help="one JSON object instead of text")


def _add_profiles(commands: Commands) -> None:
    profiles = commands.add_parser("profiles", help="list the kept setups; where their secrets are; forget one")
    actions = profiles.add_subparsers(title="actions", metavar="ACTION", dest="action")
    listed = actions.add_parser("list", help="every profile, the one in use first (also without an action)")
    listed.add_argument("--json", action="store_true", help="one JSON object instead of text")
    where = actions.add_parser("where", help="where the profiles and each secret are kept")
    where.add_argument("name", nargs="?", default="", metavar="NAME")
    for action, text in (("use", "open this one from now on"), ("forget", "remove it, and its secret with it")):
        chosen = actions.add_parser(action, help=text)
        chosen.add_argument("name", metavar="NAME")
    production = actions.add_parser("production", help="mark it as production: a start then asks once more")
    production.add_argument("name", metavar="NAME")
    production.add_argument("mark", nargs="?", choices=("on", "off"), default="on")


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


def _add_options(start: argparse.ArgumentParser) -> None:
    start.add_argument(
        "--strategy",
        metavar="NAME",
        default="",
        help="2019 platform: All (default), Specific (with --robot), JobsCount",
    )
    start.add_argument(
        "--robot",
        metavar="NAME|ID",
        action="append",
        default=[],
        help="2019 platform: run on this robot; may be repeated",
    )
    start.add_argument("--priority", metavar="P", default="", help="servers of today: Low, Normal, High, or 1 to 100")
    start.add_argument(
        "--runtime", metavar="TYPE", default="", help="servers of today: runtime type, such as Unattended"
    )
    start.add_argument(
        "--reference", metavar="TEXT", default="", help="servers of today: your own words, kept with the job"
    )


def _add_what(start: argparse.ArgumentParser) -> None:
    """Add what a start says, and what is done with it instead of starting."""
    start.add_argument("--input", metavar="JSON|@FILE", default="", help="input arguments, a JSON object")
    start.add_argument(
        "--inputs-last",
        action="store_true",
        help="begin with the inputs of the last start; --input adds to them",
    )
    start.add_argument(
        "--preset", metavar="NAME", default="", help="begin with the inputs and options kept under this name"
    )
    start.add_argument(
        "--dry-run", action="store_true", help="servers of today: let the server check the start, and start nothing"
    )
    start.add_argument(
        "--request",
        choices=("curl", "httpie", "python", "powershell", "joget", "plain"),
        default="",
        metavar="FORM",
        help="print the start as curl, httpie, python, powershell, joget or plain text, and start nothing",
    )


def _add_start(commands: Commands) -> None:
    start = commands.add_parser(
        "start",
        help="the same flow as plain lines, for pipes, CI and screen readers; the exit code is the outcome",
        epilog=exit_table(),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    _add_place(start)
    _add_profile(start)
    start.add_argument(
        "--token-stdin",
        action="store_true",
        help=f"read the token from standard input (else {TOKEN}, else the profile, else asked for)",
    )
    start.add_argument(
        "--address-form",
        choices=FORMS,
        default="",
        help="2019 platform: addresses with account and instance (path) or without (root)",
    )
    _add_names(start)
    start.add_argument("--release", metavar="NAME|KEY", default="", help="release name or release key")
    _add_what(start)
    start.add_argument(
        "--count",
        type=int,
        default=1,
        metavar="N",
        help="how many jobs (default 1; on the 2019 platform one for each robot)",
    )
    _add_options(start)
    start.add_argument(
        "--production", action="store_true", help="the second yes that a production profile asks for before a start"
    )
    start.add_argument("--no-follow", action="store_true", help="end once the job is started")
    start.add_argument("--json", action="store_true", help="one JSON object a line instead of text")
    start.add_argument(
        "--log",
        metavar="FILE.jsonl",
        default="",
        help="write every request and response, secrets replaced, to this file",
    )


def _add_jobs(commands: Commands) -> None:
    jobs = commands.add_parser(
        "jobs",
        help="list the recent jobs; watch one again, or compare it with the run before",
        description="List the recent jobs of a folder, newest first. Starts nothing.",
        epilog=exit_table(),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    _add_place(jobs)
    _add_profile(jobs)
    jobs.add_argument("--token-stdin", action="store_true", help="read the token from standard input")
    jobs.add_argument("--address-form", choices=FORMS, default="", help="2019 platform: as for `start`")
    _add_names(jobs)
    jobs.add_argument("--state", metavar="STATE", default="", help="only jobs in this state, or unfinished ones")
    jobs.add_argument("--limit", type=int, default=20, metavar="N", help="how many to list (default 20, up to 100)")
    one = jobs.add_mutually_exclusive_group()
    one.add_argument("--watch", metavar="ID|KEY", default="", help="follow this job; the exit code is its outcome")
    one.add_argument("--compare", metavar="ID|KEY", default="", help="its inputs and outputs beside the run before")
    jobs.add_argument("--json", action="store_true", help="one JSON object a line instead of text")
    jobs.add_argument("--log", metavar="FILE.jsonl", default="", help="write every request and response to this file")
