"""Performs the watch: states, robot logs, reasons, stops, and the waits between, in which the computer may sleep."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from tui.api.problems import ProblemError
from tui.errors import UiPathTuiError
from tui.flow import effects as fx
from tui.flow import events as ev

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from tui.api.client import OrchestratorClient
    from tui.clock import Clock

LOG_OVERLAP: Final = timedelta(seconds=10)
CONFLICT: Final = 409
LOOK: Final = 5.0
"""Seconds between two looks at the wall clock: a sleeping computer's other clock may stand still."""
ASLEEP: Final = 30.0
"""More seconds than this on the wall clock beyond those waited for are a sleep, not a busy machine."""


def watch_performers(
    clock: Clock, client: Callable[[], OrchestratorClient]
) -> Mapping[type[fx.Effect], Callable[[Any], Awaitable[ev.Event]]]:
    """Return what performs the effects of a watch, on the ``client`` of the moment."""
    return {
        fx.PollJobs: lambda effect: poll_jobs(client(), clock, effect),
        fx.FetchRobotLogs: lambda effect: fetch_robot_logs(client(), effect),
        fx.AskWhyPending: lambda effect: ask_why_pending(client(), clock, effect),
        fx.StopJobs: lambda effect: stop_jobs(client(), effect),
        fx.Wait: lambda effect: wait(clock, effect),
    }


async def poll_jobs(client: OrchestratorClient, clock: Clock, effect: fx.PollJobs) -> ev.Event:
    """Read one job by its id, several by one list, which may leave some to the next look.

    The job that the person looks at is never left: it is read by its id, which is no list.
    """
    if len(effect.ids) == 1:
        asked, jobs = effect.ids, (await client.job(effect.ids[0], effect.folder),)
    else:
        asked, jobs = await client.some_jobs(effect.ids, effect.folder)
        if effect.looked_at in effect.ids and effect.looked_at not in asked:
            with suppress(UiPathTuiError):
                jobs = (*jobs, await client.job(effect.looked_at, effect.folder))
                asked = (*asked, effect.looked_at)
    return ev.JobsPolled(ticket=effect.ticket, jobs=jobs, ids=asked, at=clock.now())


async def fetch_robot_logs(client: OrchestratorClient, effect: fx.FetchRobotLogs) -> ev.Event:
    """Read what was logged since, and a little before it: rows are delivered late."""
    since = effect.since - LOG_OVERLAP if effect.since else None
    logs = await client.robot_logs(effect.job_key, effect.folder, since=since)
    return ev.RobotLogsLoaded(ticket=effect.ticket, job_key=effect.job_key, logs=logs)


async def ask_why_pending(client: OrchestratorClient, clock: Clock, effect: fx.AskWhyPending) -> ev.Event:
    """Let the server say why a job still waits."""
    result = await client.validate_existing(effect.job_id, effect.folder)
    return ev.PendingExplained(ticket=effect.ticket, result=result, at=clock.now())


async def stop_jobs(client: OrchestratorClient, effect: fx.StopJobs) -> ev.Event:
    """Ask the jobs to end. A conflict says that their state no longer allows it."""
    try:
        await client.stop(effect.ids, effect.folder, kill=effect.kill)
    except ProblemError as error:
        if error.failure.status != CONFLICT:
            raise
        cause = "the job's state no longer allows it; it may have ended by itself"
        raise UiPathTuiError(replace(error.failure, cause=cause, next_step="Look at the state above.")) from error
    return ev.StopAccepted(ticket=effect.ticket, kill=effect.kill)


async def wait(clock: Clock, effect: fx.Wait) -> ev.Event:
    """Wait as long as ``effect`` says; after a sleep of the computer the wait is over at once."""
    left = effect.seconds
    while left > 0:
        part = min(left, LOOK)
        before = clock.now()
        await clock.sleep(part)
        beyond = (clock.now() - before).total_seconds() - part
        if beyond > ASLEEP:
            return ev.WaitEnded(ticket=effect.ticket, slept=beyond)
        left -= part
    return ev.WaitEnded(ticket=effect.ticket)
