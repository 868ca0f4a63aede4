"""What the job screen knew at each call of a recorded session, folded anew from the recorded answers. Pure.

Folds with the workflow's own functions. Nothing is shown that no recorded answer told: what is unknown is said so.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from tui.flow.states import PendingReasons, StateSeen, WatchedJob
from tui.flow.turns import merged
from tui.flow.watched_logs import with_logs, with_refusal
from tui.replay.answers import Failed, Logged, Looked, News, Reasons, Started, StopTaken, Unread, told
from tui.text import counted

if TYPE_CHECKING:
    from tui.api.models import Job, ValidationResult
    from tui.exchanges.model import Exchange

    Told = tuple[tuple[int, ...], str, bool]

_MOST_NAMED = 3
"""Jobs of one call of which a sentence tells."""


@dataclass(frozen=True, slots=True)
class Moment:
    """What was known of the jobs from ``call`` on, until the next moment.

    ``said`` is what this call told that was new, ``about`` whom. ``stale`` tells why the last look failed, ``unknown``
    of which jobs (0: of any) an answer came later than those shown, but can't be read any more.
    """

    call: int
    jobs: tuple[WatchedJob, ...] = ()
    about: tuple[int, ...] = ()
    said: str = ""
    stale: str = ""
    unknown: tuple[tuple[int, str], ...] = ()

    def unknown_of(self, job: int) -> str:
        """Return in sentences what is unknown of this job, ``""`` for nothing."""
        return " ".join(words for each, words in self.unknown if abs(each) == job or not each)


BEFORE = Moment(0)
"""Nothing is known yet."""


class Replay:
    """Takes exchanges in their order and keeps a moment for each that changed what is known."""

    def __init__(self) -> None:
        self._moments: list[Moment] = []
        self._calls: list[int] = []
        self._changes: list[int] = []
        self._looks: list[int] = []
        self._jobs: dict[int, WatchedJob] = {}
        self._unknown: dict[int, str] = {}
        """What could not be read since: of a job by its id, of its robot log by the negative id, of a start by 0."""
        self._stale = ""

    @property
    def changes(self) -> tuple[int, ...]:
        """The calls that told a job's next state, in order."""
        return tuple(self._changes)

    def at(self, call: int) -> Moment:
        """Return what was known after ``call``."""
        place = bisect_right(self._calls, call)
        return self._moments[place - 1] if place else BEFORE

    def look_before(self, call: int) -> int:
        """Return the last call up to ``call`` that read the state of a job, 0 for none."""
        place = bisect_right(self._looks, call)
        return self._looks[place - 1] if place else 0

    def change_after(self, call: int) -> int | None:
        """Return the next call after ``call`` that told another state."""
        place = bisect_right(self._changes, call)
        return self._changes[place] if place < len(self._changes) else None

    def change_before(self, call: int) -> int | None:
        """Return the last call before ``call`` that told another state."""
        place = bisect_left(self._changes, call)
        return self._changes[place - 1] if place else None

    def take(self, exchange: Exchange) -> None:
        """Fold the next exchange in. Raises nothing, whatever was recorded."""
        news = told(exchange)
        if news is None:
            return
        before = self._stale, dict(self._unknown)
        about, said, states = self._fold(news, exchange.id, time_of(exchange.started_at, exchange.timing.total))
        if states:
            self._changes.append(exchange.id)
        if said or before != (self._stale, self._unknown):
            self._moments.append(
                Moment(
                    call=exchange.id,
                    jobs=tuple(self._jobs.values()),
                    about=about,
                    said=said,
                    stale=self._stale,
                    unknown=tuple(self._unknown.items()),
                )
            )
            self._calls.append(exchange.id)  # last: whoever reads beside a thread finds its moment

    def _fold(self, news: News, call: int, at: datetime) -> Told:
        """Return the ids of the jobs that the call is about, what it told, and whether it told another state."""
        match news:
            case Started(jobs):
                return self._started(jobs, at)
            case Looked(jobs, asked):
                return self._looked(jobs, asked, call, at)
            case Logged():
                return self._logged(news)
            case Reasons(job, result):
                return self._reasons(job, result, at)
            case StopTaken(kill):
                return (), f"{'Kill' if kill else 'Stop'} was accepted; the robot decides when it takes effect", False
            case Failed(why, looked_for):
                if any(each in self._jobs for each in looked_for):
                    self._stale = why
                return looked_for, why, False
            case Unread():
                return self._unread(news, call), "nothing that can be read", False

    def _unread(self, news: Unread, call: int) -> tuple[int, ...]:
        """Note what is unknown from now on; a page of a robot log is not asked for again, so it stays unknown."""
        about = news.asked
        if news.key:
            about = tuple(each.job.id for each in self._with_key(news.key))
            self._unknown.update(
                (-each, f"What call {call} told of the robot log is unknown: {news.why}.") for each in about
            )
            return about
        for each in about or (0,):
            self._unknown[each] = f"What call {call} told is unknown: {news.why}."
        return about

    def _with_key(self, key: str) -> list[WatchedJob]:
        return [each for each in self._jobs.values() if each.job.key.lower() == key]

    def _started(self, jobs: tuple[Job, ...], at: datetime) -> Told:
        for job in jobs:
            self._jobs[job.id] = WatchedJob(job=job, seen=(StateSeen(job.state, at),))
        self._stale = ""
        self._unknown.pop(0, None)
        if not jobs:
            return (), "the server named no job: whether one was made is not known", False
        return tuple(job.id for job in jobs), f"started {_named([f'job {job.id} ({job.state})' for job in jobs])}", True

    def _looked(self, jobs: tuple[Job, ...], asked: tuple[int, ...], call: int, at: datetime) -> Told:
        """Take what was read of jobs that were asked for, and of those known already."""
        news = {job.id: job for job in jobs if job.id in self._jobs or job.id in asked}
        wanted = asked or tuple(news)
        if not wanted:
            return (), "", False
        self._stale = ""
        self._looks.append(call)
        found = [self._look(each, news.get(each), at) for each in wanted]
        new = [each for each, (words, _) in zip(wanted, found, strict=True) if words]
        about = tuple(each for each in new or wanted if each in self._jobs)
        return about, _named([words for words, _ in found if words]), any(states for _, states in found)

    def _look(self, number: int, job: Job | None, at: datetime) -> tuple[str, bool]:
        """Return what is new of a job, and whether it is another state."""
        known = self._jobs.get(number)
        if job is not None:
            self._unknown.pop(number, None)
            self._unknown.pop(0, None)
        if known is None:
            if job is None:
                return "", False
            self._jobs[number] = WatchedJob(job=job)
            return f"job {number} is {job.state}", True
        if known.job == job and not known.misses:
            return "", False
        fresh = self._jobs[number] = merged(known, job, at, 0)
        if fresh is known:
            return "", False
        if job is None:
            return f"job {number} was not listed", False
        if job.state != known.job.state:
            return f"job {number}: {known.job.state} → {job.state}", True
        return f"job {number}: still {job.state}, other facts are new", False

    def _logged(self, news: Logged) -> Told:
        found = self._with_key(news.key)
        if not found:
            return (), "", False
        known = found[0]
        number = known.job.id
        fresh = with_refusal(known, news.refused) if news.refused else with_logs(known, news.logs)
        self._jobs[number] = fresh
        more = len(fresh.logs) - len(known.logs)
        if news.refused:
            return (number,), "the robot log may not be read", False
        return (number,), counted(more, "new log line") if more else "", False

    def _reasons(self, number: int, result: ValidationResult | None, at: datetime) -> Told:
        known = self._jobs.get(number)
        if known is None:
            return (), "", False
        reasons = PendingReasons(at=at, told=False)
        if result is not None:
            reasons = PendingReasons(at=at, errors=result.errors, codes=result.error_codes)
        self._jobs[number] = replace(known, reasons=reasons)
        return (number,), "why it waits" if result is not None else "the server can't say why it waits", False


def time_of(started_at: datetime, seconds: float) -> datetime:
    """Return when an exchange was over; when it began, where its duration can't be believed."""
    try:
        at = started_at + timedelta(seconds=seconds)
    except (OverflowError, ValueError):
        at = started_at
    return at if at.tzinfo is not None else at.replace(tzinfo=UTC)


def _named(words: list[str]) -> str:
    more = len(words) - _MOST_NAMED
    return ", ".join(words[:_MOST_NAMED]) + (f" and {more:,} more" if more > 0 else "")
