"""The command line: which view runs, on which runtime, with which exit code. The only module that opens the app.

Nothing heavy is imported before the chosen command needs it.
"""

from __future__ import annotations

import gc
import os
import sys
from dataclasses import replace
from io import TextIOWrapper
from typing import TYPE_CHECKING, TextIO

from tui import paths
from tui.cli import options
from tui.errors import Exit, Failure, UiPathTuiError, UsageError
from tui.exchanges.log import ExchangeLog
from tui.flow.state import SigningIn
from tui.settings import load, with_options
from tui.system import hardening
from tui.text import clean

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Iterable, Sequence

    from tui.runtime.opening import Opening
    from tui.runtime.performer import Runtime
    from tui.settings import Settings
    from tui.twin.orders import Order

FIRST_SIGNAL = 128


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command that ``argv`` names and return its exit code."""
    notices = hardening.before_anything()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    arguments = options.parser().parse_args(argv)
    for notice in notices:
        print(f"uipath-tui: {notice}", file=sys.stderr)
    try:
        return int(_run(arguments))
    except UiPathTuiError as error:
        print(f"uipath-tui: {clean(str(error.failure), multiline=True)}", file=sys.stderr)
        return int(error.failure.exit)
    except KeyboardInterrupt:
        return int(Exit.INTERRUPTED)
    except Exception as error:  # noqa: BLE001 - told without the values of variables
        from tui.system.defect import report_defect

        print(report_defect(error), file=sys.stderr)
        return int(Exit.INTERNAL)
    finally:
        _let_go_of_output()


def _let_go_of_output() -> None:
    """Flush, and if the reader of the output has gone, keep the interpreter from complaining about it at its end."""
    if sys.stdout is None:  # pyright: ignore[reportUnnecessaryComparison] - it was closed before the program began
        return
    try:
        sys.stdout.flush()
    except (BrokenPipeError, ValueError, OSError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _run(arguments: argparse.Namespace) -> int:
    match arguments.command:
        case "simulator":
            from tui.simulator import command

            return command.run(arguments)
        case "demo":
            return _demo(arguments)
        case "start":
            return _start(arguments)
        case "jobs":
            return _jobs(arguments)
        case "profiles":
            from tui.cli.profiles import run

            return run(arguments)
        case "doctor":
            from tui.cli.doctor import run as examine

            return examine(arguments)
        case "log":
            if arguments.action == "open":
                _need_terminal("For pipes and scripts use `uipath-tui log list` and `uipath-tui log show NUMBER`.")
            from tui.cli.log import run as look

            return look(arguments, _settings(arguments))
        case command:
            settings = _settings(arguments)
            _need_terminal()
            from tui.runtime.opening import opening

            return _open(settings, opening(arguments, settings, setup=command == "setup"))


def _settings(arguments: argparse.Namespace) -> Settings:
    return with_options(load(paths.settings_file()), arguments)


def _has_terminal() -> bool:
    dumb = os.name == "posix" and os.environ.get("TERM", "") in ("", "dumb")
    streams: tuple[TextIO | None, ...] = (sys.stdin, sys.stdout)
    return all(stream is not None and stream.isatty() for stream in streams) and not dumb


def _need_terminal(instead: str = "For pipes and scripts use `uipath-tui start`.") -> None:
    if not _has_terminal():
        raise UsageError(
            Failure(
                "This needs a terminal",
                "standard input or output is not one (or TERM is dumb)",
                instead,
                exit=Exit.USAGE,
            )
        )


def _runtime(
    settings: Settings, log: ExchangeLog, started: Opening | Order, complain: Callable[[str], None]
) -> Runtime:
    from tui.clock import SystemClock
    from tui.runtime.performer import Runtime
    from tui.runtime.session import Session

    clock = SystemClock()
    if settings.log_arguments == "hide":
        from tui.exchanges.redaction.arguments import without_arguments

        log.conceal = without_arguments
    if not started.keeps:
        return Runtime(settings=settings, session=Session(settings=settings, log=log, clock=clock), clock=clock)
    from tui.runtime.keeping_log import keep_log
    from tui.runtime.kept_profiles import KeptProfiles
    from tui.store.credentials import CredentialStore
    from tui.store.inputs import InputStore
    from tui.store.journal import Journal
    from tui.store.started import StartedJobs

    profile = started.state.answers.profile
    keep_log(log, settings, clock, profile=profile.name if profile is not None else "", complain=complain)
    store = CredentialStore(clock=clock)
    session = Session(settings=settings, log=log, clock=clock, store=store)
    kept = KeptProfiles(store, paths.profiles_file())
    folder = paths.state_folder()
    return Runtime(
        settings=settings,
        session=session,
        clock=clock,
        profiles=kept,
        journal=Journal(folder),
        started=StartedJobs(folder),
        inputs=InputStore(folder),
    )


def _open(settings: Settings, opened: Opening) -> int:
    """Run the full-screen application and leave its summary on the normal screen.

    Until the first paint, and while everything else loads behind it, nothing becomes garbage worth a search.
    """
    gc.disable()
    from tui.app import UiPathApp

    log, later = ExchangeLog(), list[str]()
    _complain(opened.notes)

    def load_runtime() -> Runtime:
        hardening.once_open()
        runtime = _runtime(settings, log, opened, later.append)
        gc.freeze()  # what is loaded by now stays: no later search has to walk through it
        gc.enable()
        return runtime

    app = UiPathApp(
        state=opened.state,
        first=opened.first,
        looks=opened.keeps,
        load_runtime=load_runtime,
        log=log,
        theme=settings.theme,
        settings=settings,
    )
    app.run()
    log.close()
    _complain(later)
    from tui.narration import farewell
    from tui.twin.plain import Printer

    lines, code = farewell(app.final_state)
    Printer(sys.stdout, sys.stderr).say(lines)
    if app.return_code:
        return app.return_code if app.return_code > FIRST_SIGNAL else int(Exit.INTERNAL)
    return int(code)


def _demo(arguments: argparse.Namespace) -> int:
    from tui.cli.demo import CLOUD_2019, demo_answers, demo_names, demo_order, demo_settings, demo_tokens, serving
    from tui.runtime.opening import Opening

    with serving(arguments.scenario, arguments.speed) as summary:
        chosen = replace(_settings(arguments), deployment=arguments.deployment or CLOUD_2019)
        settings = demo_settings(chosen, summary)
        if _has_terminal():
            answers, tokens, names = demo_answers(settings, summary), demo_tokens(summary), demo_names(summary)
            state = SigningIn(answers=answers, prefilled=tokens, names=names, redirect_uri=settings.redirect_uri)
            return _open(settings, Opening(state, lambda: None, keeps=False))
        return _tell(settings, demo_order(settings, summary))


def _start(arguments: argparse.Namespace) -> Exit:
    hardening.once_open()
    settings = _settings(arguments)
    from tui.twin.orders import order

    return _tell(settings, order(arguments, settings))


def _jobs(arguments: argparse.Namespace) -> Exit:
    hardening.once_open()
    settings = _settings(arguments)
    from tui.cli.jobs import jobs_order

    return _tell(settings, jobs_order(arguments, settings))


def _proxies(settings: Settings) -> tuple[str, ...]:
    """Return the proxies in use, for showing. A setting that can't be used is told when it is needed."""
    from tui.api.deployments import deployment
    from tui.api.proxies import proxies_for

    try:
        return proxies_for(deployment(settings.deployment, settings.base_url).origins)
    except UiPathTuiError:
        return ()


def _complain(sentences: Iterable[str]) -> None:
    for sentence in sentences:
        print(f"uipath-tui: {sentence}", file=sys.stderr)


def _tell(settings: Settings, order: Order) -> Exit:
    """Run the line-by-line twin."""
    import asyncio

    from tui.exchanges.share.jsonl import writing
    from tui.twin.narration_request import REQUEST
    from tui.twin.plain import Printer, Twin

    log = ExchangeLog()

    async def go() -> Exit:
        runtime = _runtime(settings, log, order, lambda sentence: _complain([sentence]))
        try:
            only = REQUEST if order.wishes.request else ""
            printer = Printer(sys.stdout, sys.stderr, as_json=order.as_json, only=only)
            return await Twin(runtime, printer, order.wishes, order.state, follow=order.follow).run(order.first)
        finally:
            await runtime.aclose()
            log.close()

    _complain((*order.notes, *(f"calls go through the proxy {proxy}" for proxy in _proxies(settings))))
    with writing(order.log_file, log, lambda sentence: _complain([sentence])):
        return asyncio.run(go())
