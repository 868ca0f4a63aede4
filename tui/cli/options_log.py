"""The arguments of ``uipath-tui log``. Starts nothing and reads nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import argparse

    from tui.cli.options import Commands

FORMS = ("har", "jsonl", "markdown")


def add_log(commands: Commands) -> None:
    """Add the command that looks at what was kept of earlier sessions."""
    log = commands.add_parser(
        "log",
        help="the kept requests and responses of earlier sessions: list, open, show, export, prune",
        description="Look at the kept log of earlier sessions, and of those that run. Sends nothing.",
    )
    actions = log.add_subparsers(title="actions", metavar="ACTION", dest="action")
    listed = actions.add_parser(
        "list",
        help="the sessions (also without an action); with a filter or --session, the exchanges of one",
        description='A filter is written as on the log\'s screen: status:>=400 path:jobs body:"text" slow:>1s !poll.',
    )
    _add_filter(listed)
    listed.add_argument("--json", action="store_true", help="one JSON object a line instead of text")
    opened = actions.add_parser(
        "open", help="a session on the screen, read-only: its calls, and its jobs at each of them"
    )
    opened.add_argument("session", type=int, nargs="?", default=0, help="a session's number (default: the last)")
    show = actions.add_parser("show", help="one exchange whole: request, response and timing")
    show.add_argument("number", type=int, metavar="NUMBER", help="its number in the session")
    _add_session(show)
    show.add_argument("--json", action="store_true", help="one JSON object instead of text")
    export = actions.add_parser("export", help="write exchanges to a file of yours alone")
    export.add_argument("file", metavar="FILE", help="ends in .har, .jsonl or .md, or --format says what it is")
    _add_filter(export)
    export.add_argument("--format", choices=FORMS, default="", help="what to write, whatever the file's name")
    export.add_argument("--replace", action="store_true", help="replace a file that exists")
    remove = actions.add_parser(
        "remove", help="remove sessions for good, by their numbers, as one that holds what became a secret later"
    )
    remove.add_argument("sessions", type=number, nargs="+", metavar="ID", help="a session's number")
    prune = actions.add_parser("prune", help="remove old sessions now, by the settings log_days and log_megabytes")
    prune.add_argument("--days", type=int, default=0, metavar="N", help="remove those that ended more than N days ago")


def number(text: str) -> int:
    """Return the number of a session. Raises `ValueError` for what is none; 0 would be the last."""
    if int(text) < 1:
        raise ValueError
    return int(text)


def _add_session(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--session", type=int, default=0, metavar="ID", help="a session's number (default: the last)")


def _add_filter(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("filter", nargs="*", metavar="TERM", help="only exchanges that fit")
    _add_session(parser)
