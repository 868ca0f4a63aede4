"""A process whose children start a job and are killed on the way: at a named point, or after a while.

Arguments: the server's summary as JSON, and ``2019`` or ``today``. Each line in: ``POINT SECONDS FOLDER``; each line
out: the signal that ended the child, 0 when it came through, and its seconds from the form on. Children are forked, so
that nothing is loaded again.
"""

import asyncio
import json
import os
import signal
import sqlite3
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.e2e.never_twice.wire_case import Person, client_for, first_state
from tui.api.client import OrchestratorClient
from tui.clock import SystemClock
from tui.exchanges.phases import Phases
from tui.runtime.start_desk import StartDesk
from tui.store import journal as journal_module
from tui.store.journal import Journal

POINTS = (
    *("before the fence", "after the fence", "preparing", "prepared", "marking", "marked"),
    *("connected", "headers sent", "body sent", "answered", "accepting", "accepted"),
)
COMMITS = {"preparing": "prepare", "marking": "SENDING", "accepting": "ACCEPTED"}
COMMITTED = {"prepared": "prepare", "marked": "SENDING", "accepted": "ACCEPTED"}
TRACED = {
    "connected": "connect_tcp.complete",
    "headers sent": "send_request_headers.complete",
    "body sent": "send_request_body.complete",
    "answered": "receive_response_body.complete",
}
now = {"doing": "", "marked": ""}


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


class Dying(sqlite3.Connection):
    """Ends the process before or after the commit of what is being done."""

    point = ""

    def execute(self, sql: str, *given: Any) -> sqlite3.Cursor:
        commits = sql == "COMMIT"
        if commits and COMMITS.get(self.point) == now["doing"]:
            die()
        done = super().execute(sql, *given)
        if commits and COMMITTED.get(self.point) == now["doing"]:
            die()
        return done


def prepare(point: str) -> None:
    """Arrange for the end of this process."""
    Dying.point = point
    connect = sqlite3.connect
    journal_module.sqlite3.connect = lambda *args, **more: connect(*args, factory=Dying, **more)  # type: ignore[assignment,misc]
    prepared, moved, traced = Journal.prepare, Journal.move, Phases.__call__

    def named(function: Callable[..., Any], name: Callable[..., str]) -> Callable[..., Any]:
        def wrapped(*args: Any, **more: Any) -> Any:
            now["doing"] = name(*args)
            result = function(*args, **more)
            now["marked"], now["doing"] = now["doing"], ""
            return result

        return wrapped

    async def tracing(self: Phases, event: str, info: dict[str, Any]) -> None:
        await traced(self, event, info)
        if now["marked"] == "SENDING" and event.partition(".")[2] == TRACED.get(point):
            die()

    Journal.prepare = named(prepared, lambda *_: "prepare")  # type: ignore[method-assign]
    Journal.move = named(moved, lambda _self, _id, state: str(state))  # type: ignore[method-assign]
    Phases.__call__ = tracing  # type: ignore[method-assign]
    fence = OrchestratorClient.fence

    async def fencing(self: OrchestratorClient, folder: Any) -> Any:
        if point == "before the fence":
            die()
        found = await fence(self, folder)
        if point == "after the fence":
            die()
        return found

    OrchestratorClient.fence = fencing  # type: ignore[method-assign]


async def start(summary: dict[str, Any], folder: Path, *, today: bool, ready: int) -> None:
    clock = SystemClock()
    client = await client_for(today, summary, summary["base_url"], clock)
    beginning = await first_state(client, summary, today=today)
    os.write(ready, b"r")
    await Person(client, StartDesk(Journal(folder), clock), clock).go(beginning)


def child(summary: dict[str, Any], point: str, folder: Path, *, today: bool, ready: int) -> None:
    prepare(point)
    asyncio.run(start(summary, folder, today=today, ready=ready))


def main(summary: dict[str, Any], *, today: bool) -> None:
    for line in sys.stdin:
        point, seconds, folder = line.rstrip("\n").split("\t")
        listening, ready = os.pipe()
        pid = os.fork()
        if not pid:
            try:
                child(summary, point, Path(folder), today=today, ready=ready)
            finally:
                os._exit(0)
        os.close(ready)
        os.read(listening, 1)
        os.close(listening)
        began = time.monotonic()
        if float(seconds) >= 0:
            time.sleep(float(seconds))
            os.kill(pid, signal.SIGKILL)
        _, status = os.waitpid(pid, 0)
        print(os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0, time.monotonic() - began, flush=True)


if __name__ == "__main__":
    main(json.loads(sys.argv[1]), today=sys.argv[2] == "today")
