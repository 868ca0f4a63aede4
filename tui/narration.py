"""What changed between two states, in lines: the words of the line-by-line twin and of the exit summary. Pure."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tui import doubt
from tui.errors import Exit
from tui.flow.explain import explain
from tui.flow.marking import carrier, note
from tui.flow.outcome import is_final, meaning, outcome
from tui.flow.states import (
    Answers,
    ChoosingFolder,
    ChoosingRelease,
    ConfirmingStart,
    ListingJobs,
    PreparingStart,
    Starting,
    StartUnresolved,
    State,
    Watching,
)
from tui.text import clean, clock_time, counted, day_and_time, duration, short_duration

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tui.api.models import Job, RobotLog
    from tui.errors import Failure
    from tui.flow.states import WatchedJob


@dataclass(frozen=True, slots=True)
class Line:
    """One thing to say. ``data`` holds the same for ``--json``; ``error`` marks what belongs on standard error."""

    step: str
    text: str
    data: dict[str, object] = field(default_factory=dict[str, object])
    error: bool = False


def changes(old: State, new: State) -> tuple[Line, ...]:
    """Return the lines that tell how ``old`` became ``new``; none when nothing worth saying changed."""
    return (*_answered(old.answers, new.answers), *_phase(old, new), *_watched(old, new), *_failed(old, new))


def _answered(old: Answers, new: Answers) -> Iterator[Line]:
    if new.identity is not None and new.identity != old.identity:
        who = new.identity
        until = f", access until {day_and_time(who.expires_at)}" if who.expires_at else ""
        data: dict[str, object] = {"who": who.who, "kind": who.kind, "fingerprint": who.fingerprint}
        data["expires_at"] = who.expires_at.isoformat() if who.expires_at else None
        yield Line("sign-in", f"Signed in as {who.who} ({who.kind} {who.fingerprint}{until})", data)
    if new.base and new.base != old.base and new.account is not None and new.instance is not None:
        account, instance = new.account.account_logical_name, new.instance.logical_name
        version = f", version {new.server_version}" if new.server_version else ""
        data = {"account": account, "instance": instance, "address": new.base, "version": new.server_version}
        yield Line("instance", f"{account} / {instance} at {new.base}{version}", data)


def _phase(old: State, new: State) -> Iterator[Line]:
    if isinstance(old, ChoosingFolder) and isinstance(new, ChoosingRelease) and new.answers.folder is not None:
        folder = new.answers.folder
        yield Line("folder", f"Folder {folder.path}", {"id": folder.id, "key": folder.key, "path": folder.path})
    if isinstance(new, PreparingStart) and isinstance(old, ChoosingRelease) and new.answers.release is not None:
        release = new.answers.release
        data: dict[str, object] = {"name": release.name, "key": release.key, "version": release.process_version}
        yield Line("release", f"{release.name} {release.process_version} (release key {release.key})", data)
        if marked := note(new.answers):
            yield Line("mark", clean(f"{marked}."), {"argument": carrier(new.answers)})
    if isinstance(new, Starting) and isinstance(old, ConfirmingStart):
        body = new.preview.body.decode("utf-8", "replace")
        data = {"method": new.preview.method, "url": new.preview.url, "body": body}
        yield Line("start", f"{new.preview.method} {new.preview.url} {clean(body, limit=20_000)}", data)
    if isinstance(new, StartUnresolved) and not isinstance(old, StartUnresolved):
        intent = new.intent
        data = {"start": intent.id, "state": intent.state, "cause": intent.cause, "reference": intent.reference}
        yield Line("unknown", doubt.story(new), data, error=True)
    for sentence in [each for each in new.answers.late if each not in old.answers.late]:
        yield Line("late", f"{sentence}.", error=True)


def _watched(old: State, new: State) -> Iterator[Line]:
    if not isinstance(new, Watching):
        return
    before = {watched.job.id: watched for watched in old.jobs} if isinstance(old, Watching) else {}
    if not before:
        ids = [watched.job.id for watched in new.jobs]
        named = ", ".join(map(str, ids))
        step, text = "started", f"Started {counted(len(ids), 'job')}: {named}"
        if isinstance(old, ListingJobs):
            step, text = "attached", f"Watching job {named} of {new.current.job.release_name}"
        elif isinstance(old, StartUnresolved):
            step, text = "found", new.notice or f"Taken for yours: {named}"
        yield Line(step, text, {"jobs": ids})
    for watched in new.jobs:
        known = before.get(watched.job.id)
        if known is None or known.job.state != watched.job.state or known.job.info != watched.job.info:
            yield _state_line(watched.job)
        yield from _why(known, old, watched, new)
        if known is None or watched.logs is not known.logs:
            told = set(known.logs) if known else set[object]()
            yield from (_log_line(watched.job, log) for log in watched.logs if log not in told)
        if watched.logs_refused and not (known and known.logs_refused):
            yield Line("log", f"job {watched.job.id}: robot logs can't be read: {watched.logs_refused}", error=True)
    yield from _polling(old, new)


def _polling(old: State, new: Watching) -> Iterator[Line]:
    """Yield that the server gave no answer, and what came up beside the jobs."""
    if new.failures and (not isinstance(old, Watching) or new.failures != old.failures):
        asked = f"; the server asked to wait {short_duration(new.asked_to_wait)}" if new.asked_to_wait else ""
        text = f"No answer ({new.failures} in a row){asked}; next try in {duration(new.delay)}"
        data: dict[str, object] = {"failures": new.failures, "delay": new.delay, "retry_after": new.asked_to_wait}
        yield Line("stale", text, data, error=True)
    if isinstance(old, Watching) and new.notice != old.notice and new.notice and new.answers.late == old.answers.late:
        yield Line("note", new.notice, {"notice": new.notice}, error=True)


def _why(known: WatchedJob | None, old: State, watched: WatchedJob, new: Watching) -> Iterator[Line]:
    """Yield why the job is where it is, once for each explanation."""
    why = explain(watched, new.checked_at)
    before = explain(known, old.checked_at) if known is not None and isinstance(old, Watching) else None
    if why is not None and why != before:
        data: dict[str, object] = {"job": watched.job.id, "cause": why.cause, "next_steps": list(why.next_steps)}
        data["at"] = why.at.isoformat() if why.at else None
        text = " ".join((f"job {watched.job.id} {watched.job.state}: {why.cause}.", *why.next_steps))
        yield Line("why", text, data)


def _state_line(job: Job) -> Line:
    where = f" on {job.host_machine_name}" if job.host_machine_name else ""
    info = f": {job.info.splitlines()[0]}" if job.info else ""
    text = f"job {job.id} {job.state}, {meaning(job.state)}{where}{info}"
    data: dict[str, object] = {"job": job.id, "key": job.key, "state": job.state, "info": job.info}
    data["machine"] = job.host_machine_name
    if job.output_arguments:
        data["output"] = clean(job.output_arguments, multiline=True, limit=64_000)
    return Line("state", text, data)


def _log_line(job: Job, log: RobotLog) -> Line:
    at = log.time_stamp.isoformat() if log.time_stamp else None
    data: dict[str, object] = {"job": job.id, "at": at, "level": log.level, "message": log.message}
    return Line("log", f"job {job.id} {clock_time(log.time_stamp)} {log.level:<5} {log.message}", data)


def _failed(old: State, new: State) -> Iterator[Line]:
    if new.failure is not None and new.failure != old.failure:
        yield failure_line(new.failure)


def failure_line(failure: Failure) -> Line:
    """Return a failure as one line: what happened, why, what to do, and the server's own words."""
    said = f" The server said: {failure.server_message}" if failure.server_message else ""
    return Line("failed", f"{failure}{said}", failure_data(failure), error=True)


def failure_data(failure: Failure) -> dict[str, object]:
    """Return a failure as plain data."""
    return {
        "title": failure.title,
        "cause": failure.cause,
        "next_step": failure.next_step,
        "status": failure.status,
        "message": failure.server_message,
        "error_code": failure.error_code,
        "trace_id": failure.trace_id,
    }


def candidate_lines(state: StartUnresolved) -> Iterator[Line]:
    """Return what the search for the job of an unresolved start has brought. Never says that it started."""
    yield Line("unknown", doubt.finding(state), {"start": state.intent.id, "state": state.intent.state}, error=True)
    for job in state.candidates:
        created = clock_time(job.creation_time)
        text = f"job {job.id} of {job.release_name}, created {created}, fits; nothing proves that it is yours"
        yield Line("unknown", text, {"job": job.id, "key": job.key, "state": job.state}, error=True)


def farewell(state: State) -> tuple[tuple[Line, ...], Exit]:
    """Return what stays in the scrollback after the program ends in ``state``, and its exit code."""
    watching = watch_behind(state)
    in_doubt = isinstance(state, (Starting, StartUnresolved))
    if watching is None and not in_doubt and not state.answers.unresolved:
        return (), Exit.SUCCESSFUL
    if watching is None or in_doubt:
        text = "The start was sent and no complete answer came. The job may exist: check before you start it again."
        if isinstance(state, StartUnresolved) and state.intent.busy:
            text = "Nothing was started here: another uipath-tui is starting the same release."
        return (Line("end", text, error=True),), Exit.OUTCOME_UNKNOWN
    code = outcome(watched.job.state for watched in watching.jobs)
    lines = tuple(_summary(watched) for watched in watching.jobs[:20])
    if len(watching.jobs) > len(lines):
        lines = (*lines, _rest([watched.job.state for watched in watching.jobs[len(lines) :]]))
    return lines, code


def _rest(states: list[str]) -> Line:
    """Return how many jobs more there are in each state; they are left as long as one of them goes on."""
    counts = ", ".join(f"{count:,} {state}" for state, count in Counter(states).items())
    step = "end" if all(is_final(state) for state in states) else "left"
    return Line(step, f"… and {len(states):,} more: {counts}")


def watch_behind(state: State | None) -> Watching | None:
    """Return the watch that the state is, or that was left running on the way to it."""
    while state is not None and not isinstance(state, Watching):
        parked: Watching | None = getattr(state, "parked", None)
        state = parked or getattr(state, "step_back", None)
    return state


def _summary(watched: WatchedJob) -> Line:
    job = watched.job
    took = ""
    if job.start_time is not None and job.end_time is not None:
        took = f" after {duration((job.end_time - job.start_time).total_seconds())}"
    release = job.release_name or "job"
    text = f"{release} · job {job.id} · {job.state}{took}"
    if job.output_arguments not in ("", "{}"):
        text += f" · output {clean(job.output_arguments, limit=400)}"
    data: dict[str, object] = {"job": job.id, "key": job.key, "state": job.state}
    return Line("end" if is_final(job.state) else "left", text, data)
