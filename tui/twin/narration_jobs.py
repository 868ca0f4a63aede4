"""The list of jobs and the comparison of two runs, in lines: the words of `uipath-tui jobs`. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.compare import Difference, compared
from tui.errors import Exit
from tui.flow.job_list import rows
from tui.flow.states import ListingJobs, Watching
from tui.narration import Line, failure_line
from tui.text import counted, day_and_time, duration
from tui.twin.choices_jobs import is_listed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tui.flow.job_list import Listed
    from tui.flow.states import State
    from tui.twin.choices_jobs import JobsWish


def told(lines: Iterable[Line], wish: JobsWish | None) -> Iterable[Line]:
    """Return what is told of ``lines``: everything, but a comparison is not about what the robot logged."""
    return lines if wish is None or not wish.compare else [line for line in lines if line.step != "log"]


def ending(state: State, wish: JobsWish) -> tuple[tuple[Line, ...], Exit] | None:
    """Return the last lines and the exit code once what was wanted is there; ``None`` before that."""
    if isinstance(state, ListingJobs) and not wish.one and is_listed(state):
        return tuple(_list(state, wish.limit)), Exit.SUCCESSFUL
    if isinstance(state, Watching) and wish.compare:
        if state.previous is not None and state.previous.failure is not None:
            return (failure_line(state.previous.failure),), state.previous.failure.exit
        if state.previous is not None:
            return tuple(_comparison(state)), Exit.SUCCESSFUL
        if state.failure is not None:
            return (), state.failure.exit
    return None


def _list(state: ListingJobs, limit: int) -> Iterator[Line]:
    found = rows(state)
    for row in found[:limit]:
        yield _row(row)
    total = max(state.total or 0, len(found))
    shown = min(limit, len(found))
    text = f"{shown:,} of {counted(total, 'job')}" if shown < total else counted(total, "job")
    yield Line("jobs", text, {"shown": shown, "total": total})


def _row(row: Listed) -> Line:
    job = row.job
    parts = [f"job {row.id} {row.state or 'not seen yet'}", row.release_name, f"created {day_and_time(row.created)}"]
    data: dict[str, object] = {"job": row.id, "key": row.key, "state": row.state, "release": row.release_name}
    data["created"] = row.created.isoformat() if row.created else None
    if job is not None:
        if job.start_time is not None and job.end_time is not None:
            parts.append(f"took {duration((job.end_time - job.start_time).total_seconds())}")
        parts += [job.host_machine_name] if job.host_machine_name else []
        data["started"] = job.start_time.isoformat() if job.start_time else None
        data["ended"] = job.end_time.isoformat() if job.end_time else None
        data["machine"] = job.host_machine_name
    if row.elsewhere and row.started is not None:
        parts.append(f"in {row.started.folder_path}, when last seen")
    data["folder"] = row.started.folder_path if row.elsewhere and row.started is not None else None
    data["started_here"] = row.started is not None
    parts += ["started here"] if row.started is not None else []
    return Line("job", " · ".join(parts), data)


def _comparison(state: Watching) -> Iterator[Line]:
    before = state.previous.job if state.previous is not None else None
    job = state.current.job
    if before is None:
        text = f"There is no run of {job.release_name} before job {job.id}."
        yield Line("compare", text, {"job": job.id, "before": None})
        return
    found = compared(before, job)
    text = f"job {before.id} ({before.state}, {day_and_time(before.creation_time)}) → job {job.id} ({job.state}): "
    yield Line("compare", text + found.summary, {"job": job.id, "before": before.id, "changes": found.changes})
    for kind, differences in (("input", found.inputs), ("output", found.outputs)):
        for each in differences:
            yield _difference(kind, each)


def _difference(kind: str, each: Difference) -> Line:
    mark, values = ("≠", f"{each.before} → {each.now}") if each.changed else ("=", each.now)
    data: dict[str, object] = {"name": each.name, "before": each.before, "now": each.now, "changed": each.changed}
    return Line(kind, f"{mark} {each.name}: {values}", data)
