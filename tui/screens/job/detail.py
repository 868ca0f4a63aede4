"""What there is to know about one job, as content: facts, stages, outputs, and how honest the picture is. Pure."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from textual.content import Content

from tui.api.arguments import parse_values
from tui.flow.explain import explain
from tui.flow.outcome import is_final
from tui.flow.schedule import LISTED, ROUND
from tui.text import clean, clock_time, duration, short_duration
from tui.widgets.waiting import turn_words

if TYPE_CHECKING:
    from datetime import datetime

    from tui.api.models import Job
    from tui.flow.states import WatchedJob, Watching

OUTPUT_LIMIT = 20_000
SAID_LIMIT = 240
LATE = 3.0
"""Seconds from when a look was due after which its answer is late."""


def job_facts(job: Job) -> list[tuple[str, Content | str]]:
    """Return the facts of a job."""
    return [
        ("Job", Content.assemble((str(job.id), "bold"), f"  {job.release_name}")),
        ("Key", job.key),
        ("Created", clock_time(job.creation_time) if job.creation_time else ""),
        ("Started", clock_time(job.start_time) if job.start_time else ""),
        ("Ended", _ended(job)),
        ("Machine", job.host_machine_name),
        ("Type", " · ".join(dict.fromkeys(filter(None, (job.type, job.runtime_type))))),
        ("Source", job.source or job.source_type),
        ("Priority", job.job_priority),
        ("Error code", job.error_code),
        ("Info", Content.styled(job.info, "$error" if job.state == "Faulted" else "")),
    ]


def _ended(job: Job) -> str:
    if job.end_time is None:
        return ""
    took = f"  after {duration((job.end_time - job.start_time).total_seconds())}" if job.start_time else ""
    return clock_time(job.end_time) + took


def explained(watched: WatchedJob, now: datetime | None) -> Content:
    """Return why the job is where it is and what to do now; empty when its state says it all."""
    found = explain(watched, now)
    if found is None:
        return Content("")
    steps = [Content(f"  → {step}") for step in found.next_steps]
    asked = f" (asked at {clock_time(found.at)})" if found.at else ""
    why = Content.assemble(("Why  ", "bold"), found.cause, (asked, "$text-muted"))
    return Content("\n").join([why, *steps])


def said(job: Job) -> Content:
    """Return the beginning and the end of what the server says of an end that was not Successful."""
    lines = [line.strip() for line in job.info.splitlines() if line.strip()]
    if not lines or job.state == "Successful":
        return Content("")
    text = lines[0] if len(lines) == 1 else f"{lines[0]} … {lines[-1]}"
    return Content.assemble(
        ("Info ", "bold"), (clean(text, limit=SAID_LIMIT), "$error" if job.state == "Faulted" else "")
    )


def stages(watched: WatchedJob) -> list[tuple[str, datetime | None]]:
    """Return the states in order, each with the server's own time where it told one, else with ours.

    A state that came and went between two looks has its place where the server tells when it began.
    """
    job = watched.job
    told = {"Pending": job.creation_time, "Running": job.start_time}
    if is_final(job.state):
        told[job.state] = job.end_time
    seen = [(stage.state, stage.at) for stage in watched.seen] or [(job.state, None)]
    known = [(state, told.pop(state, None) or at) for state, at in seen]  # it may run again after it was suspended
    names = {state for state, _ in known}
    if "Running" not in names and job.start_time is not None:
        after = next((place for place, (state, _) in enumerate(known) if state != "Pending"), len(known))
        known.insert(after, ("Running", job.start_time))
    if "Pending" not in names and job.creation_time is not None:
        known.insert(0, ("Pending", job.creation_time))
    return known


def outputs(job: Job) -> str:
    """Return the output arguments as indented JSON, ``""`` for none."""
    values = parse_values(job.output_arguments)
    if not values:
        return clean(job.output_arguments, multiline=True, limit=OUTPUT_LIMIT)
    text = json.dumps(values, ensure_ascii=False, indent=2)
    return clean(text, multiline=True, limit=OUTPUT_LIMIT)


def poll_line(state: Watching, now: datetime, width: int = 0, turn: float = 0.0) -> Content:
    """Return how old the picture is and when it will be renewed; how long the state holds, where ``width`` allows.

    ``turn`` is in how many seconds a look that waits for its turn may be taken, 0 where none waits.
    """
    parts: list[Content] = []
    job = state.current.job
    began = stages(state.current)[-1][1]
    if began is not None and not is_final(job.state):
        parts.append(Content(f"{job.state} for {short_duration((now - began).total_seconds())}"))
    held = len(parts)
    parts += _age(state, now, turn)
    if state.hint:
        parts.append(Content.styled(state.hint, "$warning"))
    between = Content.styled(" · ", "$text-muted")
    whole = between.join(parts)
    return between.join(parts[held:]) if width and whole.cell_length > width else whole


def _age(state: Watching, now: datetime, turn: float) -> list[Content]:
    some = f"{state.read} of {state.unfinished} " if state.turns > 1 else ""
    since = state.checked_at
    checked = f"{some}checked {short_duration((now - since).total_seconds())} ago" if since else ""
    if all(is_final(watched.job.state) for watched in state.jobs):
        return [Content(f"final, read at {clock_time(since)}" if since else "final")]
    if state.halted:
        return [Content.styled(" SIGN-IN REFUSED ", "bold reverse $error"), Content(checked), Content("c asks again")]
    if state.failures:
        stale = Content.assemble((" STALE ", "bold reverse $error"), f" {checked or 'never checked'}")
        asked = f"server asked to wait {short_duration(state.asked_to_wait)}" if state.asked_to_wait else ""
        return [part for part in (stale, Content(asked), Content(_next(state, now, turn))) if part.plain]
    if state.paused:
        return [Content.styled("paused", "bold $warning"), Content(checked), Content("p goes on")]
    parts = (checked, _next(state, now, turn), _by_turns(state))
    return [Content(part) for part in parts if part]


def _by_turns(state: Watching) -> str:
    """Return how old what is shown of the other jobs may be, where one look does not read all of them."""
    return f"by turns, all in {short_duration(max(ROUND, state.turns * LISTED))}" if state.turns > 1 else ""


def _next(state: Watching, now: datetime, turn: float) -> str:
    due = state.delay - (now - state.tried_at).total_seconds() if state.tried_at else None
    if any(type(effect).__name__ == "PollJobs" for effect in state.pending):
        late = f", {short_duration(-due)} late" if due is not None and -due >= LATE else ""
        return f"next look {turn_words(turn)}" if turn > 0 else f"checking{late}"
    if due is None or not any(type(effect).__name__ == "Wait" for effect in state.pending):
        return ""
    return f"next in {short_duration(due)}"
