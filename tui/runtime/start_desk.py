"""Starts jobs so that none starts twice unknowingly: performs the effects around a start, each step written down first.

The journal says what was decided, the server what became of it. Times are the server's, carried on by the steady clock.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final
from uuid import uuid4

from tui.api.models import Folder
from tui.api.names import raw_of
from tui.api.outcome import Accepted, NotSent, Rejected, StartOutcome, Unknown
from tui.errors import Exit, Failure, UiPathTuiError
from tui.flow import events as ev
from tui.intent import REFERENCE, Intent, IntentState
from tui.marks import mark_in, with_mark
from tui.runtime.reconciling import RECHECKED, ROUNDED, WINDOW, hashed, inputs_hash, judged
from tui.store.errors import StoreError
from tui.store.journal import IntentOpenError, Journal
from tui.text import clean, clock_time

if TYPE_CHECKING:
    from datetime import datetime
    from typing import Any

    from tui.api.client import OrchestratorClient
    from tui.api.models import Job
    from tui.clock import Clock
    from tui.flow import effects as fx

TRIES: Final = 2
"""The first sending, and one more of the same start after a refusal that a new token or a short pause mends."""
LIKELY: Final = (IntentState.LIKELY, IntentState.ASK_USER)
"""What the audit log may yet prove."""
AUDITED: Final = "started by you, as the server's audit log says"
ELSEWHERE: Final = Failure(
    "The start was made in another service instance",
    "its job can't be looked for in the one that is open now",
    "Open that service instance again; the journal on this computer remembers.",
    exit=Exit.OUTCOME_UNKNOWN,
)
NO_REFERENCE: Final = Failure(
    "Not started: nothing was sent",
    "this server keeps no reference with a job",
    "Leave the reference out.",
    exit=Exit.REFUSED,
)


class StartDesk:
    """The starts of this session, on the journal that all sessions share."""

    def __init__(self, journal: Journal, clock: Clock) -> None:
        self._journal = journal
        self._clock = clock
        self._known: tuple[datetime, float] | None = None
        self._turn = 0
        self._late: list[Intent] = []

    def close(self) -> None:
        """Let other programs know that nothing is being started here."""
        self._journal.close()

    async def opened(self, client: OrchestratorClient) -> tuple[tuple[Intent, ...], tuple[str, ...]]:
        """Return the starts of the tenant that are not settled, and what came of those that had not been found.

        A journal that can't be read is no reason not to look around: a start will say so.
        """
        try:
            late = tuple(sentence for _, sentence in await self._recheck(client))
            return await asyncio.to_thread(self._journal.open_in, client.place), late
        except StoreError:
            return (), ()

    async def read_fence(self, client: OrchestratorClient, effect: fx.ReadFence) -> ev.Event:
        """Read what has to be known before the question; an unsettled start of the release comes before a new one."""
        found = await asyncio.to_thread(self._journal.open_for, client.place, effect.info.release_key)
        if found is not None and found.busy:
            raise IntentOpenError(found)
        if found is not None:
            return ev.IntentFound(ticket=effect.ticket, intent=found)
        for known, sentence in await self._recheck(client, effect.info.release_key):
            if known.open:
                return ev.IntentFound(ticket=effect.ticket, intent=known)
            raise UiPathTuiError(Failure(sentence, "", "Look at it first; then start, if you still want to."))
        fence = await client.fence(effect.folder)
        self._take_time(fence.now)
        intent_id, info = str(uuid4()), effect.info
        if info.reference and not fence.marks:
            raise UiPathTuiError(NO_REFERENCE)
        mark = f"{REFERENCE}{intent_id}"
        if effect.carrier:
            info = replace(info, input_arguments=with_mark(info.input_arguments, effect.carrier, mark))
        if fence.marks:
            info = replace(info, reference=f"{mark} {info.reference}".strip())
        carried = not fence.marks and bool(effect.carrier) and mark_in(info.input_arguments, effect.carrier) == mark
        intent = Intent(
            id=intent_id,
            tenant=client.place,
            folder=effect.folder.path if effect.folder is not None else "",
            release_key=raw_of(info.release_key),
            release_name=raw_of(effect.release_name),
            strategy=info.strategy,
            count=info.expected_jobs or 0,
            robot_ids=info.robot_ids,
            fence=fence.newest,
            body_hash=hashed(info.body()),
            inputs_hash=inputs_hash(info.input_arguments),
            reference=mark if carried else info.reference,
            carrier=effect.carrier if carried else "",
        )
        preview = client.start_request(info, effect.folder)
        return ev.FenceRead(ticket=effect.ticket, intent=intent, info=info, preview=preview)

    async def start(self, client: OrchestratorClient, effect: fx.StartJob) -> ev.Event:
        """Write the start down, send it, write down what came of it. What can't be written down is not sent."""
        intent = effect.intent
        try:
            await asyncio.to_thread(self._journal.prepare, intent)
            outcome = await self._sent(client, effect)
            return await self._settled(effect, outcome)
        except StoreError as error:
            await self._move(intent, IntentState.NOT_SENT)
            return ev.StartRefused(ticket=effect.ticket, failure=_not_written(error))
        finally:
            self._journal.done(intent.id)

    async def _sent(self, client: OrchestratorClient, effect: fx.StartJob) -> StartOutcome:
        outcome: StartOutcome | None = None
        for number in range(1, TRIES + 1):
            renew = False
            if isinstance(outcome, Rejected):
                renew = outcome.failure.status == 401
                await self._clock.sleep(outcome.again_after or 0.0)
            try:
                await self._write(effect.intent, IntentState.SENDING, tries=number, sent_at=self._now())
            except StoreError:
                if outcome is None:
                    raise
                return outcome
            outcome = await client.start(effect.info, effect.folder, renew=renew)
            if not isinstance(outcome, Rejected) or outcome.again_after is None:
                return outcome
        assert outcome is not None  # noqa: S101 - it was sent
        return outcome

    async def _settled(self, effect: fx.StartJob, outcome: StartOutcome) -> ev.Event:
        intent, ticket = effect.intent, effect.ticket
        match outcome:
            case Accepted(jobs):
                await self._move(intent, IntentState.ACCEPTED, jobs=_ids(jobs))
                return ev.JobsStarted(ticket=ticket, jobs=jobs, at=self._clock.now())
            case Rejected(failure):
                await self._move(intent, IntentState.REJECTED)
                return ev.StartRefused(ticket=ticket, failure=failure)
            case NotSent(failure):
                await self._move(intent, IntentState.NOT_SENT)
                return ev.StartRefused(ticket=ticket, failure=failure)
            case Unknown(failure):
                known = {"failed_at": self._now(), "cause": failure.cause}
                moved = await self._move(intent, IntentState.UNKNOWN, **known)
                lost = moved or replace(intent, state=IntentState.UNKNOWN, **known)
                return ev.StartLost(ticket=ticket, failure=failure, intent=lost)

    async def check(self, client: OrchestratorClient, effect: fx.CheckStart) -> ev.Event:
        """Look once for what became of a start, and write down what is known now."""
        if effect.intent.tenant != client.place:
            raise UiPathTuiError(ELSEWHERE)
        intent = await asyncio.to_thread(self._journal.find, effect.intent.id)
        if intent.state is IntentState.ACCEPTED:
            jobs = await client.jobs(intent.jobs, effect.folder)
            return ev.StartChecked(ticket=effect.ticket, intent=intent, jobs=jobs)
        if intent.busy or not intent.open:
            return ev.StartChecked(ticket=effect.ticket, intent=intent)
        if effect.denied:
            denied = tuple(dict.fromkeys((*intent.denied, *effect.denied)))
            intent = await self._write(intent, intent.state, denied=denied)
        look = await client.look_for(intent, effect.folder)
        self._take_time(look.now)
        claimed = await asyncio.to_thread(self._journal.claimed, client.place, intent.id)
        verdict, proof = judged(intent, look.jobs, claimed, self._now()), ""
        if verdict.state in LIKELY and intent.sent_at is not None and intent.failed_at is not None:
            starters = await client.starters(intent.sent_at - ROUNDED, intent.failed_at + WINDOW)
            verdict = judged(intent, look.jobs, claimed, self._now(), starters)
            proof = AUDITED if verdict.state is IntentState.ACCEPTED else ""
        if verdict.state is not intent.state:
            intent = await self._write(intent, verdict.state, jobs=_ids(verdict.jobs))
        return ev.StartChecked(
            ticket=effect.ticket, intent=intent, groups=verdict.groups, jobs=verdict.jobs, proof=proof
        )

    async def adopt(self, _client: OrchestratorClient, effect: fx.AdoptJobs) -> ev.Event:
        """Write down that the person knows these jobs as those of the start."""
        intent = await self._write(effect.intent, IntentState.ACCEPTED, jobs=effect.ids)
        return ev.StartChecked(ticket=effect.ticket, intent=intent)

    async def give_up(self, _client: OrchestratorClient, effect: fx.CloseStart) -> ev.Event:
        """Write down that the person starts again although the old start is not proven absent; it stays looked for.

        Without a mark only among jobs that the person has not passed over by that.
        """
        fence = effect.intent.fence if effect.intent.exact else max(effect.intent.fence, effect.seen)
        intent = await self._write(effect.intent, IntentState.CLOSED, again=True, fence=fence)
        return ev.StartClosed(ticket=effect.ticket, intent=intent)

    async def _recheck(self, client: OrchestratorClient, release_key: str = "") -> tuple[tuple[Intent, str], ...]:
        """Look again for starts that were not found; return those of which something came, and what in words.

        Only a mark proves that one came through; without it a job that fits makes it a question to the person again.
        """
        since = self._now() - RECHECKED
        rows = await asyncio.to_thread(self._journal.late, client.place, since)
        found: list[tuple[Intent, str]] = []
        for intent in rows:
            if release_key not in ("", intent.release_key):
                continue
            with suppress(UiPathTuiError):
                known = await self._came_through(client, intent)
                if known is not None and not known.open:
                    self._late.append(known)
                if known is not None:
                    found.append((known, _perhaps(known) if known.open else _late(known)))
        return tuple(found)

    async def _came_through(self, client: OrchestratorClient, intent: Intent) -> Intent | None:
        """Look once for the jobs of ``intent``; write down that they are there, or that only the person can tell."""
        folder = Folder(fully_qualified_name=intent.folder) if intent.folder else None
        look = await client.look_for(intent, folder)
        self._take_time(look.now)
        claimed = () if intent.exact else await asyncio.to_thread(self._journal.claimed, client.place, intent.id)
        verdict = judged(intent, look.jobs, claimed, self._now())
        if verdict.state not in (IntentState.ACCEPTED, *LIKELY):
            return None
        return await self._write(intent, verdict.state, jobs=_ids(verdict.jobs))

    async def look_for_late(self, client: OrchestratorClient, _effect: fx.LookForLate) -> ev.Event:
        """Look for one of the starts whose jobs may yet turn up, another one each time; one list request at most."""
        late = await asyncio.to_thread(self._journal.late, client.place, self._now() - RECHECKED)
        still_open = await asyncio.to_thread(self._journal.open_in, client.place)
        known = {intent.id: intent for intent in (*late, *still_open)}
        wanted = [each for each in known.values() if each.exact and not each.busy and each.failed_at is not None]
        if not wanted:
            return ev.LateFound()
        self._turn += 1
        found = await self._came_through(client, wanted[self._turn % len(wanted)])
        return ev.LateFound() if found is None else ev.LateFound(found=(found,), said=(_late(found),))

    def came_through(self) -> ev.LateFound | None:
        """Return the starts that were found late beside a question, once; it has told of them already."""
        late, self._late = tuple(self._late), []
        return ev.LateFound(found=late) if late else None

    async def _write(self, intent: Intent, state: IntentState, **changes: Any) -> Intent:
        return await asyncio.to_thread(self._journal.move, intent.id, state, **changes)

    async def _move(self, intent: Intent, state: IntentState, **changes: Any) -> Intent | None:
        """Write down what is known already: where that fails, the next session looks for the job."""
        with suppress(StoreError):
            return await self._write(intent, state, **changes)
        return None

    def _take_time(self, now: datetime | None) -> None:
        if now is not None:
            self._known = (now, self._clock.monotonic())

    def _now(self) -> datetime:
        """Return the server's time; this machine's while the server has not said any."""
        if self._known is None:
            return self._clock.now()
        moment, at = self._known
        return moment + timedelta(seconds=self._clock.monotonic() - at)


def _late(intent: Intent) -> str:
    numbers = ", ".join(map(str, intent.jobs))
    name, when = clean(intent.release_name), clock_time(intent.sent_at)
    return f"The start of {name} at {when} did come through, late: job {numbers}"


def _perhaps(intent: Intent) -> str:
    name, when = clean(intent.release_name), clock_time(intent.sent_at)
    return f"The start of {name} at {when} may have come through, late: choose the release to look at what fits"


def _ids(jobs: tuple[Job, ...]) -> tuple[int, ...]:
    return tuple(job.id for job in jobs)


def _not_written(error: StoreError) -> Failure:
    failure = error.failure
    if failure.title.startswith("Not started"):
        return failure
    cause = f"a start is written down before it is sent, and that failed: {failure.cause}"
    return replace(failure, title="Not started: nothing was sent", cause=cause, exit=Exit.REFUSED)
