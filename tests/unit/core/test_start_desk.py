"""The desk of starts, real journal and real HTTP: written down before it is sent, looked for, never sent twice."""

import json
import sqlite3
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.never_twice.faults import FAULTS
from tests.e2e.never_twice.front import FastClock, Front
from tests.e2e.never_twice.wire_case import client_for, first_state
from tui.api.client import OrchestratorClient
from tui.api.start import StartInfo
from tui.errors import Exit, UiPathTuiError
from tui.flow import effects as fx
from tui.flow import events as ev
from tui.flow.marking import carrier
from tui.flow.start_info import release_folder, start_info
from tui.intent import REFERENCE, STAND_IN, Intent, IntentState
from tui.runtime.start_desk import StartDesk
from tui.simulator.server import SimulatorServer
from tui.store.journal import IntentOpenError, Journal

SCENARIOS = ("happy",)


@dataclass
class Ground:
    """A signed-in client before a simulated server whose answers to StartJobs a fault may spoil."""

    server: SimulatorServer
    front: Front
    clock: FastClock
    client: OrchestratorClient
    journal: Journal
    desk: StartDesk
    info: StartInfo
    folder: Any
    release_name: str
    carrier: str = ""

    async def fence(self) -> ev.FenceRead:
        effect = fx.ReadFence(
            ticket=1, info=self.info, folder=self.folder, release_name=self.release_name, carrier=self.carrier
        )
        event = await self.desk.read_fence(self.client, effect)
        assert isinstance(event, ev.FenceRead)
        return event

    async def start(self, ready: ev.FenceRead) -> ev.Event:
        effect = fx.StartJob(ticket=2, info=ready.info, folder=self.folder, intent=ready.intent)
        return await self.desk.start(self.client, effect)

    async def check(self, intent: Intent, denied: tuple[int, ...] = ()) -> ev.StartChecked:
        effect = fx.CheckStart(ticket=3, intent=intent, folder=self.folder, denied=denied)
        event = await self.desk.check(self.client, effect)
        assert isinstance(event, ev.StartChecked)
        return event

    async def lose(self) -> Intent:
        """Start, and get no answer."""
        event = await self.start(await self.fence())
        assert isinstance(event, ev.StartLost), event
        return event.intent


@pytest.fixture
async def opened(tmp_path: Path) -> AsyncIterator[Callable[..., Any]]:
    """Give what opens a ground with a fault and a generation."""
    closing: list[Callable[[], Any]] = []

    async def open_ground(
        fault: str = "", *, today: bool = True, scenarios: tuple[str, ...] = SCENARIOS, marked: bool = False
    ) -> Ground:
        clock = FastClock()
        server = SimulatorServer(scenarios).start()
        closing.append(server.stop)
        server.world.now = clock.now

        async def pass_on(front: Front, start: Any) -> None:
            await start.finish(await front.execute(start))

        front = Front(server.port, clock, FAULTS[fault].respond if fault else pass_on)
        await front.open()
        closing.append(front.shut)
        client = await client_for(today, server.summary, f"http://127.0.0.1:{front.port}", clock)
        journal = Journal(tmp_path / "state")
        closing.append(journal.close)
        state = await first_state(client, server.summary, today=today, marked=marked)
        info = start_info(state.answers)
        assert info is not None
        assert state.answers.release is not None
        name = state.answers.release.name
        folder = release_folder(state.answers)
        desk, named = StartDesk(journal, clock), carrier(state.answers)
        return Ground(server, front, clock, client, journal, desk, info, folder, name, named)

    clients: list[Ground] = []

    async def opening(*given: Any, **more: Any) -> Ground:
        ground = await open_ground(*given, **more)
        clients.append(ground)
        return ground

    yield opening
    for ground in clients:
        await ground.client._connection.aclose()  # pyright: ignore[reportPrivateUsage]
        for task in ground.front.later:
            task.cancel()
    for close in reversed(closing):
        close()


Opened = Callable[..., Any]


async def test_the_fence_is_the_newest_job_and_the_mark_is_ours(opened: Opened) -> None:
    ground = await opened()
    ready = await ground.fence()
    assert ready.intent.fence == 0, "there is no job yet"
    assert ready.info.reference == ready.intent.reference == REFERENCE + ready.intent.id
    assert ready.intent.exact
    assert ready.intent.reference.encode() in ready.preview.body
    assert ground.journal.open_in(ground.client.place) == (), "nothing is written before the person said yes"


async def test_a_reference_of_ones_own_stands_behind_the_mark_and_is_found_by_it(opened: Opened) -> None:
    ground = await opened("abort")
    ground.info = replace(ground.info, reference="order 4711, it's “rush”")
    ready = await ground.fence()
    assert ready.info.reference == f"{REFERENCE}{ready.intent.id} order 4711, it's “rush”"
    assert ready.intent.exact
    event = await ground.start(ready)
    assert isinstance(event, ev.StartLost)
    checked = await ground.check(event.intent)
    assert [job.id for job in checked.jobs] == ground.front.ours


async def test_a_reference_is_refused_where_nothing_keeps_it(opened: Opened) -> None:
    ground = await opened(today=False)
    ground.info = replace(ground.info, reference="order 4711")
    with pytest.raises(UiPathTuiError, match="keeps no reference"):
        await ground.fence()


async def test_the_2019_platform_gets_no_mark(opened: Opened) -> None:
    ground = await opened(today=False)
    ready = await ground.fence()
    assert (ready.info.reference, ready.intent.reference, ready.intent.exact) == ("", "", False)
    assert b"Reference" not in ready.preview.body


async def test_a_start_is_written_down_before_it_is_sent_and_settled_by_its_answer(opened: Opened) -> None:
    ground = await opened()
    ready = await ground.fence()
    seen: list[tuple[IntentState, int]] = []

    async def look(front: Front, start: Any) -> None:
        (intent,) = Journal(ground.journal.path.parent).open_in(ground.client.place)
        seen.append((intent.state, intent.tries))
        await start.finish(await front.execute(start))

    ground.front.respond = look
    event = await ground.start(ready)
    assert isinstance(event, ev.JobsStarted)
    assert seen == [(IntentState.SENDING, 1)]
    kept = ground.journal.find(ready.intent.id)
    assert (kept.state, kept.jobs) == (IntentState.ACCEPTED, tuple(job.id for job in event.jobs))
    assert list(kept.jobs) == ground.front.ours
    assert (await ground.fence()).intent.fence == max(ground.front.ours)


async def test_what_can_not_be_written_down_is_not_sent(opened: Opened) -> None:
    ground = await opened()
    ready = await ground.fence()
    ground.journal.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    ground.journal.path.write_bytes(b"this is no journal" * 99)
    event = await ground.start(ready)
    assert isinstance(event, ev.StartRefused)
    assert event.failure.title == "Not started: nothing was sent"
    assert event.failure.exit is Exit.REFUSED
    assert "is damaged" in event.failure.cause
    assert ground.front.posts == 0


async def test_a_second_start_of_the_release_is_refused_while_one_is_on_its_way(opened: Opened) -> None:
    ground = await opened()
    first, second = await ground.fence(), await ground.fence()
    refused: list[ev.Event] = []

    async def meanwhile(front: Front, start: Any) -> None:
        refused.append(await ground.start(second))
        await start.finish(await front.execute(start))

    ground.front.respond = meanwhile
    assert isinstance(await ground.start(first), ev.JobsStarted)
    (event,) = refused
    assert isinstance(event, ev.StartRefused)
    assert "is not settled" in event.failure.cause
    assert (ground.front.posts, ground.front.executed) == (1, 1)


async def test_another_program_at_it_is_waited_for_before_the_question(opened: Opened) -> None:
    ground = await opened()
    other = Journal(ground.journal.path.parent)
    other.prepare(replace((await ground.fence()).intent, id="another"))
    try:
        with pytest.raises(IntentOpenError, match="another uipath-tui is starting"):
            await ground.fence()
    finally:
        other.close()


@pytest.mark.parametrize("fault", ["409", "not done, 502"])
async def test_a_refusal_frees_the_release_and_a_gateway_does_not(opened: Opened, fault: str) -> None:
    ground = await opened(fault)
    ready = await ground.fence()
    event = await ground.start(ready)
    held = ground.journal.open_for(ground.client.place, ready.intent.release_key)
    if fault == "409":
        assert isinstance(event, ev.StartRefused)
        assert held is None
        assert ground.journal.find(ready.intent.id).state is IntentState.REJECTED
    else:
        assert isinstance(event, ev.StartLost)
        assert held is not None
        assert held.state is IntentState.UNKNOWN
        assert held.failed_at is not None
        with pytest.raises(AssertionError):
            await ground.fence()  # answers with the open start instead of a fence


async def test_nothing_listening_means_not_sent(opened: Opened) -> None:
    ground = await opened()
    ready = await ground.fence()
    ground.front.shut()
    event = await ground.start(ready)
    assert isinstance(event, ev.StartRefused)
    assert ground.journal.find(ready.intent.id).state is IntentState.NOT_SENT


async def test_a_short_pause_that_the_server_asks_for_is_one_more_try_of_the_same_start(opened: Opened) -> None:
    ground = await opened("429 first")
    ready = await ground.fence()
    event = await ground.start(ready)
    assert isinstance(event, ev.JobsStarted)
    assert ground.journal.find(ready.intent.id).tries == 2
    assert (ground.front.posts, ground.front.executed) == (2, 1)


async def test_a_lost_answer_is_found_by_its_mark(opened: Opened) -> None:
    ground = await opened("abort")
    intent = await ground.lose()
    checked = await ground.check(intent)
    assert checked.intent.state is IntentState.ACCEPTED
    assert [job.id for job in checked.jobs] == ground.front.ours
    assert ground.journal.open_for(ground.client.place, intent.release_key) is None
    again = await ground.check(intent)
    assert again.intent == checked.intent, "settled by another program, it is read and not judged again"
    assert [job.id for job in again.jobs] == ground.front.ours


async def test_without_a_mark_the_person_decides(opened: Opened) -> None:
    ground = await opened("abort", today=False)
    intent = await ground.lose()
    early = await ground.check(intent)
    assert early.intent.state is IntentState.UNKNOWN
    assert early.jobs == ()
    await ground.clock.sleep(125)
    late = await ground.check(intent)
    assert late.intent.state is IntentState.LIKELY
    (ids,) = [tuple(job.id for job in group.jobs) for group in late.groups if group.fits]
    assert list(ids) == ground.front.ours
    effect = fx.AdoptJobs(ticket=4, intent=late.intent, ids=ids)
    adopted = await ground.desk.adopt(ground.client, effect)
    assert isinstance(adopted, ev.StartChecked)
    assert ground.journal.find(intent.id).jobs == ids


async def test_a_start_is_not_looked_for_in_another_service_instance(opened: Opened) -> None:
    ground = await opened("abort", today=False)
    intent = await ground.lose()
    before = len(ground.server.journal)
    with pytest.raises(UiPathTuiError, match="another service instance"):
        await ground.check(replace(intent, tenant="https://elsewhere.test a"))
    assert len(ground.server.journal) == before


async def test_a_job_that_the_person_disowns_is_no_candidate_any_more(opened: Opened) -> None:
    ground = await opened("abort", today=False)
    intent = await ground.lose()
    await ground.clock.sleep(125)
    found = await ground.check(intent)
    ids = tuple(job.id for group in found.groups for job in group.jobs)
    checked = await ground.check(found.intent, denied=ids)
    assert all("not yours" in group.misfits for group in checked.groups)
    assert checked.intent.denied == ids
    assert ground.journal.find(intent.id).denied == ids


async def test_a_start_that_is_given_up_frees_the_release_and_stays_looked_for(opened: Opened) -> None:
    ground = await opened("dropped")
    intent = await ground.lose()
    await ground.clock.sleep(301)
    missing = await ground.check(intent)
    assert missing.intent.state is IntentState.NOT_FOUND
    closed = await ground.desk.give_up(ground.client, fx.CloseStart(ticket=4, intent=missing.intent))
    assert isinstance(closed, ev.StartClosed)
    assert closed.intent.again
    assert ground.journal.open_for(ground.client.place, intent.release_key) is None
    assert [each.id for each in ground.journal.late(ground.client.place, intent.failed_at)] == [intent.id]


async def test_a_late_delivery_is_said_when_the_tenant_is_opened_and_before_the_next_start(opened: Opened) -> None:
    ground = await opened("late")
    intent = await ground.lose()
    # What is delivered is held back until the start was given up.
    ground.front.later[0].cancel()
    await ground.clock.sleep(301)
    missing = await ground.check(intent)
    await ground.desk.give_up(ground.client, fx.CloseStart(ticket=4, intent=missing.intent))
    made = ground.server.world
    await deliver(ground, intent)
    with pytest.raises(UiPathTuiError, match="did come through, late"):
        await ground.fence()
    assert ground.journal.find(intent.id).state is IntentState.ACCEPTED
    assert made.started_count == 1
    told = ground.desk.came_through()
    assert told is not None
    assert ([each.id for each in told.found], told.said) == ([intent.id], ())
    assert ground.desk.came_through() is None, "told once"
    assert await ground.desk.opened(ground.client) == ((), ()), "said once"


async def test_a_late_delivery_is_found_beside_other_jobs_with_one_request(opened: Opened) -> None:
    ground = await opened("dropped")
    intent = await ground.lose()
    look = fx.LookForLate(ticket=5)
    assert await ground.desk.look_for_late(ground.client, look) == ev.LateFound()
    await ground.clock.sleep(301)
    missing = await ground.check(intent)
    await ground.desk.give_up(ground.client, fx.CloseStart(ticket=4, intent=missing.intent))
    await deliver(ground, intent)
    before = len(ground.server.journal)
    event = await ground.desk.look_for_late(ground.client, look)
    assert isinstance(event, ev.LateFound)
    assert len(ground.server.journal) - before == 1
    assert [found.id for found in event.found] == [intent.id]
    assert list(event.found[0].jobs) == ground.front.ours
    assert "did come through, late" in event.said[0]
    assert await ground.desk.look_for_late(ground.client, look) == ev.LateFound(), "said once"


async def test_nobody_looks_where_nothing_is_missing(opened: Opened) -> None:
    ground = await opened()
    await ground.start(await ground.fence())
    before = len(ground.server.journal)
    assert await ground.desk.look_for_late(ground.client, fx.LookForLate(ticket=5)) == ev.LateFound()
    assert len(ground.server.journal) == before


async def deliver(ground: Ground, intent: Intent) -> None:
    """Let the server get the lost start after all, as a proxy may."""
    ground.front.respond = FAULTS["abort"].respond
    info = replace(ground.info, reference=intent.reference)
    await ground.client.start(info, ground.folder)


async def test_a_journal_that_can_not_be_read_is_no_reason_not_to_look_around(opened: Opened) -> None:
    ground = await opened()
    ground.journal.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    ground.journal.path.write_bytes(b"this is no journal" * 99)
    assert await ground.desk.opened(ground.client) == ((), ())


async def test_the_journal_knows_no_value_of_an_input(opened: Opened) -> None:
    ground = await opened()
    ground.info = replace(ground.info, input_arguments='{"in_Month": "a-value-of-mine"}')
    await ground.start(await ground.fence())
    with sqlite3.connect(ground.journal.path) as connection:
        rows = repr(connection.execute("SELECT * FROM intents").fetchall())
    connection.close()
    assert "a-value-of-mine" not in rows


async def judged_late(ground: Ground) -> tuple[ev.StartChecked, set[int]]:
    """Lose an answer while somebody starts the same process; look once the whole window has passed."""
    intent = await ground.lose()
    ours = ground.front.ours
    tenant = next(tenant for tenant in ground.server.world.tenants if tenant.job_by_id(ours[0]) is not None)
    jobs = [job for job in tenant.jobs if job.id in ours]
    robots, details = [job.robot for job in jobs], dict(jobs[0].details)
    for job in ground.server.world.create_jobs(tenant, jobs[0].release, robots, details, jobs[0].input_arguments):
        job.started_by = "bert.quay@example.com"
    await ground.clock.sleep(125)
    return await ground.check(intent), set(ours)


async def test_the_audit_log_proves_which_of_two_starts_is_ours(opened: Opened) -> None:
    ground = await opened("abort", today=False, scenarios=("auditor",))
    checked, ours = await judged_late(ground)
    assert (checked.intent.state, set(checked.intent.jobs)) == (IntentState.ACCEPTED, ours)
    assert {job.id for job in checked.jobs} == ours
    assert "audit log" in checked.proof


async def test_an_audit_log_that_may_not_be_read_proves_nothing(opened: Opened) -> None:
    ground = await opened("abort", today=False)
    checked, _ = await judged_late(ground)
    assert (checked.intent.state, checked.jobs, checked.proof) == (IntentState.ASK_USER, (), "")
    asked = [request.path for request in ground.server.journal if "AuditLogs" in request.path]
    assert len(asked) == 1


def inputs_of(info: StartInfo) -> dict[str, Any]:
    return json.loads(info.input_arguments)


async def test_an_argument_carries_the_mark_where_the_server_keeps_none(opened: Opened) -> None:
    ground = await opened(today=False, marked=True)
    first, second = await ground.fence(), await ground.fence()
    for ready in (first, second):
        mark = REFERENCE + ready.intent.id
        assert inputs_of(ready.info) == {"in_Month": "May", "in_HeadCount": 3, "in_Note": mark}
        assert (ready.intent.reference, ready.intent.carrier, ready.intent.exact) == (mark, "in_Note", True)
        assert ready.info.reference == "", "a server of 2019 may refuse a member that it does not know"
        assert mark.encode() in ready.preview.body
    assert first.intent.id != second.intent.id


async def test_where_the_server_keeps_a_reference_the_argument_is_filled_in_and_proves_nothing(opened: Opened) -> None:
    ground = await opened("abort", marked=True)
    ready = await ground.fence()
    assert inputs_of(ready.info)["in_Note"] == ready.intent.reference == ready.info.reference
    assert ready.intent.carrier == ""
    event = await ground.start(ready)
    assert isinstance(event, ev.StartLost)
    assert [job.id for job in (await ground.check(event.intent)).jobs] == ground.front.ours


def by_hand(ground: Ground, inputs: str) -> list[int]:
    """Let another operator start the same release, with these inputs; return the jobs."""
    known = ((each, each.release_by_key(ground.info.release_key)) for each in ground.server.world.tenants)
    tenant, release = next((each, found) for each, found in known if found is not None)
    robots = release.environment.robots if release.environment else ()
    return [job.id for job in ground.server.world.create_jobs(tenant, release, robots, {"Source": "Manual"}, inputs)]


async def test_a_lost_answer_is_proven_by_the_argument_beside_another_operators_start(opened: Opened) -> None:
    ground = await opened("abort", today=False, marked=True)
    intent = await ground.lose()
    by_hand(ground, '{"in_Month":"May","in_HeadCount":3,"in_Note":"by hand"}')
    checked = await ground.check(intent)
    assert (checked.intent.state, sorted(checked.intent.jobs)) == (IntentState.ACCEPTED, ground.front.ours)
    assert [job.id for job in checked.jobs] == ground.front.ours
    assert ground.journal.open_for(ground.client.place, intent.release_key) is None


@pytest.mark.parametrize("note", ["by hand", "uipath-tui/", STAND_IN, " {mark}", "{mark} ", "{MARK}"])
async def test_no_other_job_is_taken_for_ours_however_alike(opened: Opened, note: str) -> None:
    ground = await opened("swallowed", today=False, marked=True)
    intent = await ground.lose()
    alike = note.format(mark=intent.reference, MARK=intent.reference.upper())
    by_hand(ground, json.dumps({"in_Month": "May", "in_HeadCount": 3, "in_Note": alike}))
    for pause in (0, 125, 180):
        await ground.clock.sleep(pause)
        checked = await ground.check(intent)
        assert (checked.jobs, checked.groups) == ((), ())
    assert checked.intent.state is IntentState.NOT_FOUND


async def test_a_late_delivery_is_found_by_the_argument_in_another_session(opened: Opened) -> None:
    ground = await opened("swallowed", today=False, marked=True)
    ready = await ground.fence()
    event = await ground.start(ready)
    assert isinstance(event, ev.StartLost)
    await ground.clock.sleep(301)
    assert (await ground.check(event.intent)).intent.state is IntentState.NOT_FOUND
    late = by_hand(ground, ready.info.input_arguments)
    intents, said = await StartDesk(ground.journal, ground.clock).opened(ground.client)
    assert intents == ()
    assert str(late[0]) in said[0]
    assert ground.journal.find(event.intent.id).jobs == tuple(late)


async def given_up(opened: Opened, fault: str = "swallowed") -> tuple[Ground, Intent]:
    """Lose an answer on the 2019 platform, wait until nobody can tell more, and start again."""
    ground = await opened(fault, today=False)
    intent = await ground.lose()
    await ground.clock.sleep(301)
    checked = await ground.check(intent)
    seen = max((job.id for group in checked.groups if group.fits for job in group.jobs), default=0)
    event = await ground.desk.give_up(ground.client, fx.CloseStart(ticket=4, intent=checked.intent, seen=seen))
    assert isinstance(event, ev.StartClosed)
    return ground, event.intent


async def test_a_start_of_2019_that_was_given_up_is_looked_for_before_the_next_one_and_never_adopted(
    opened: Opened,
) -> None:
    ground, intent = await given_up(opened)
    await ground.fence()
    ground.clock.jump(3_600)
    late = by_hand(ground, "")
    effect = fx.ReadFence(ticket=5, info=ground.info, folder=ground.folder, release_name=ground.release_name)
    event = await ground.desk.read_fence(ground.client, effect)
    assert isinstance(event, ev.IntentFound)
    assert (event.intent.id, event.intent.state, event.intent.jobs) == (intent.id, IntentState.LIKELY, ())
    checked = await ground.check(event.intent)
    assert (checked.intent.state, checked.jobs) == (IntentState.LIKELY, ())
    assert [job.id for group in checked.groups if group.fits for job in group.jobs] == late
    denied = await ground.check(event.intent, tuple(late))
    assert (denied.intent.state, denied.jobs) == (IntentState.CLOSED, ())
    await ground.fence()


async def test_it_is_looked_for_when_its_tenant_is_opened_and_adopted_by_the_persons_yes_alone(opened: Opened) -> None:
    ground, intent = await given_up(opened)
    late = by_hand(ground, "")
    desk = StartDesk(ground.journal, ground.clock)
    intents, (said,) = await desk.opened(ground.client)
    assert [(each.id, each.state) for each in intents] == [(intent.id, IntentState.LIKELY)]
    assert "may have come through, late" in said
    assert desk.came_through() is None, "nothing is known to have come through"
    await desk.adopt(ground.client, fx.AdoptJobs(ticket=6, intent=intents[0], ids=tuple(late)))
    assert ground.journal.find(intent.id).jobs == tuple(late)
    assert await StartDesk(ground.journal, ground.clock).opened(ground.client) == ((), ())


async def test_jobs_of_the_start_made_instead_and_those_passed_over_are_asked_about_no_more(opened: Opened) -> None:
    ground, intent = await given_up(opened, "abort")  # its own job fits, and the person could not tell
    assert intent.fence == max(ground.front.ours)

    async def pass_on(front: Front, start: Any) -> None:
        await start.finish(await front.execute(start))

    ground.front.respond = pass_on
    event = await ground.start(await ground.fence())
    assert isinstance(event, ev.JobsStarted)
    await ground.fence()
    assert ground.journal.find(intent.id).state is IntentState.CLOSED
    ground.clock.jump(24 * 3_600)
    by_hand(ground, "")
    await ground.fence()  # tells the new time
    await ground.fence()
    assert ground.journal.find(intent.id).state is IntentState.CLOSED, "a day later it is looked for no more"
