"""``uipath-tui doctor``: makes the checks in order, prints what each found, ends with the code of the first failure.

Starts nothing, changes nothing on the server, prints no secret. A kept token may be renewed, and is then kept.
"""

from __future__ import annotations

import asyncio
import json
import shutil
import sys
import textwrap
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from tui import paths
from tui.doctor.finding import Finding, exit_code, skipped, summary
from tui.errors import Exit, Failure, UsageError
from tui.settings import Settings, load, with_options
from tui.system import hardening
from tui.system.interrupts import interrupting
from tui.text import clean

if TYPE_CHECKING:
    import argparse
    from collections.abc import AsyncGenerator, Awaitable, Callable

    from tui.clock import Clock
    from tui.doctor.subject import Subject
    from tui.store.credentials import CredentialStore

NAME_WIDTH: Final = 17
INDENT: Final = " " * (6 + NAME_WIDTH)
PATIENCE: Final = 0.3
"""Seconds after which a check says what it is doing."""
WIDEST: Final = 110
LONGEST: Final = 2_000
UNREACHED: Final = "the server was not reached"


def run(arguments: argparse.Namespace) -> int:
    """Examine what ``arguments`` ask, print it, return the exit code. Raises `UsageError` for what can't be asked.

    Settings that can't be used are a finding; the rest is examined as if there were none.
    """
    hardening.once_open()
    from tui.clock import SystemClock
    from tui.doctor.subject import subject

    report = Report(as_json=arguments.json)
    settings, unusable = _settings()
    examined = replace(subject(arguments, with_options(settings, arguments)), unusable=unusable)
    return int(asyncio.run(_examine(examined, SystemClock(), report)))


def _settings() -> tuple[Settings, Failure | None]:
    try:
        return load(paths.settings_file()), None
    except UsageError as error:
        return Settings(), error.failure


class Report:
    """Prints each finding when it is made, or all of them as one JSON object; tells a terminal what takes long.

    When the reader has gone, printing stops and the exit code stays.
    """

    def __init__(self, *, as_json: bool) -> None:
        self._as_json = as_json
        self.findings: list[Finding] = []
        self._progress = sys.stderr is not None and sys.stderr.isatty()  # pyright: ignore[reportUnnecessaryComparison] - None without a console
        self._shown = 0
        self._gone = False
        columns = shutil.get_terminal_size().columns
        self._width = min(columns, WIDEST) - 1 if sys.stdout.isatty() else 0

    def add(self, *findings: Finding) -> None:
        """Keep the findings and print them."""
        self.findings += findings
        for finding in () if self._as_json else findings:
            self._print(finding)

    def end(self) -> None:
        """Print what all of them come to."""
        if self._as_json:
            every = [finding.as_json() for finding in self.findings]
            self._say(json.dumps({"checks": every, "ok": exit_code(self.findings) is Exit.SUCCESSFUL}))
        else:
            self._say(f"\n{summary(self.findings)}")

    @asynccontextmanager
    async def doing(self, words: str, clock: Clock) -> AsyncGenerator[None]:
        """Say on a terminal what is being done, once it takes longer than a moment."""
        async with asyncio.TaskGroup() as group:
            telling = group.create_task(self._tell(words, clock))
            try:
                yield
            finally:
                telling.cancel()
                self._clear()

    async def _tell(self, words: str, clock: Clock) -> None:
        if self._progress:
            await clock.sleep(PATIENCE)
            text = f"{words} …"
            self._shown = len(text)
            print(f"\r{text}", end="", file=sys.stderr, flush=True)

    def _clear(self) -> None:
        if self._shown:
            print(f"\r{' ' * self._shown}\r", end="", file=sys.stderr, flush=True)
        self._shown = 0

    def _print(self, finding: Finding) -> None:
        words = clean(finding.words, limit=LONGEST)
        self._lines(f"{finding.status.value:<4}  {finding.name:<{NAME_WIDTH - 1}} {words}")
        if finding.next_step:
            self._lines(f"{INDENT}Next: {clean(finding.next_step, limit=LONGEST).rstrip('.')}.")

    def _lines(self, text: str) -> None:
        if self._width > len(INDENT) * 2:
            lines = textwrap.wrap(text, self._width, subsequent_indent=INDENT, break_on_hyphens=False)
            text = "\n".join(lines)
        self._say(text)

    def _say(self, text: str) -> None:
        try:
            if not self._gone:
                print(text, flush=True)
        except (BrokenPipeError, ValueError, OSError):
            self._gone = True


async def _examine(subject: Subject, clock: Clock, report: Report) -> Exit:
    """Make every check. An interrupt ends it, once what is being renewed is kept."""
    task = asyncio.current_task()
    assert task is not None  # noqa: S101 - it runs in one
    with interrupting(task.cancel):
        try:
            await _check(subject, clock, report)
        except asyncio.CancelledError:
            print("uipath-tui: Interrupted.", file=sys.stderr)
            return Exit.INTERRUPTED
    report.end()
    return exit_code(report.findings)


async def _check(subject: Subject, clock: Clock, report: Report) -> None:
    from tui.doctor import local
    from tui.doctor.network import Network
    from tui.doctor.rights import NAMES
    from tui.store.credentials import CredentialStore

    store = CredentialStore(clock=clock)
    report.add(*local.folders(subject), local.profiles(subject), local.kept_log())
    async with report.doing("Asking the key store", clock):
        kept = await local.key_store(store.key_store, subject)
    report.add(kept, local.environment(subject), local.proxy(subject), local.certificates())
    network = Network(subject, clock)
    async with report.doing("Reaching the server", clock):
        reached = await network.reach()
    report.add(*reached, network.clock())
    if network.reached:
        await _check_access(subject, clock, report, store, elsewhere=network.elsewhere)
    else:
        report.add(*(skipped(name, UNREACHED) for name in ("sign-in", "instance", "folder", *NAMES)))


async def _check_access(
    subject: Subject, clock: Clock, report: Report, store: CredentialStore, *, elsewhere: bool
) -> None:
    from tui.doctor.access import Access
    from tui.doctor.rights import Rights
    from tui.exchanges.log import ExchangeLog
    from tui.runtime.session import Session

    session = Session(settings=subject.settings, log=ExchangeLog(), clock=clock, store=store)
    access = Access(subject, session, clock, elsewhere=elsewhere)
    rights = Rights(subject, access)
    checks: tuple[tuple[str, Callable[[], Awaitable[Finding]]], ...] = (
        ("Looking for the folder", access.find_folder),
        ("Asking for releases", rights.releases),
        ("Asking for jobs", rights.jobs),
        ("Asking for a robot's log", rights.robot_log),
    )
    try:
        async with report.doing("Signing in", clock):
            signed_in = await access.sign_in()
        report.add(signed_in, access.instance())
        for words, check in checks:
            async with report.doing(words, clock):
                finding = await check()
            report.add(finding)
        report.add(rights.start())
        async with report.doing("Looking for the last release", clock):
            finding = await rights.last_release()
        report.add(finding)
    finally:
        await access.aclose()
