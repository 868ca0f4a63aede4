"""What is started here is remembered and looked at again; jobs are listed, attached to and compared over real HTTP."""

from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.never_twice.front import FastClock
from tests.e2e.never_twice.wire_case import client_for, first_state
from tui.api import job_list
from tui.api.client import OrchestratorClient
from tui.errors import Exit, UiPathTuiError
from tui.flow import effects as fx
from tui.flow import events as ev
from tui.flow.start_info import release_folder, start_info
from tui.intent import Intent, IntentState
from tui.runtime.started_desk import StartedDesk
from tui.simulator.server import SimulatorServer
from tui.started_job import GONE, StartedJob
from tui.store.started import StartedJobs

NOW = datetime(2026, 3, 4, 9, 28, 12, tzinfo=UTC)


class Ground:
    """A signed-in client before the simulator, and a desk that remembers in a folder."""

    def __init__(self, server: SimulatorServer, client: OrchestratorClient, state: Any, path: Path) -> None:
        self.server, self.client, self.answers = server, client, state.answers
        self.kept = StartedJobs(path)
        self.desk = StartedDesk(self.kept, FastClock())
        self.folder = release_folder(self.answers)
        self.release = self.answers.release

    def intent(self) -> Intent:
        return Intent(id="i", tenant=self.client.place, release_key=self.release.key, release_name=self.release.name)

    async def start(self, inputs: str = "") -> Any:
        info = start_info(replace(self.answers, inputs=inputs))
        assert info is not None
        outcome: Any = await self.client.start(info, self.folder)
        effect = fx.StartJob(ticket=1, info=info, folder=self.folder, intent=self.intent())
        await self.desk.note(self.client, effect, ev.JobsStarted(ticket=1, jobs=outcome.jobs, at=NOW))
        return outcome.jobs

    def end(self, job_id: int) -> None:
        for tenant in self.server.world.tenants:
            job = tenant.job_by_id(job_id)
            if job is not None:
                job.lifecycle.kill(self.server.world.now())


@pytest.fixture(params=[False, True], ids=["2019", "today"])
async def ground(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Ground]:
    server = SimulatorServer(("happy",), speed=0.01).start()
    client = await client_for(request.param, server.summary, f"http://127.0.0.1:{server.port}", FastClock())
    state = await first_state(client, server.summary, today=request.param)
    yield Ground(server, client, state, tmp_path / "state")
    await client._connection.aclose()  # pyright: ignore[reportPrivateUsage]
    server.stop()


async def test_what_is_started_is_remembered_without_its_inputs(ground: Ground) -> None:
    jobs = await ground.start('{"in_Month": "swordfish"}')
    kept = ground.kept.in_place(ground.client.place)
    assert {job.id for job in kept} == {job.id for job in jobs}
    assert {(job.key, job.release_key) for job in kept} == {(job.key, ground.release.key) for job in jobs}
    assert ground.kept.path is not None
    assert "swordfish" not in ground.kept.path.read_text()
    news = ground.desk.news()
    assert isinstance(news, ev.StartedChanged)
    assert news.started == kept
    assert ground.desk.news() is None


async def test_a_start_that_was_lost_and_is_proven_is_remembered(ground: Ground) -> None:
    jobs = await ground.start()
    assert ground.kept.path is not None
    ground.kept.path.unlink()
    proven = replace(ground.intent(), state=IntentState.ACCEPTED)
    check = fx.CheckStart(ticket=1, intent=ground.intent(), folder=ground.folder)
    await ground.desk.note(ground.client, check, ev.StartChecked(ticket=1, intent=proven, jobs=jobs))
    adopt = fx.AdoptJobs(ticket=2, intent=ground.intent(), ids=(7,))
    await ground.desk.note(ground.client, adopt, ev.StartChecked(ticket=2, intent=proven))
    doubtful = ev.StartChecked(ticket=3, intent=ground.intent(), jobs=jobs)
    await ground.desk.note(ground.client, check, doubtful)
    assert {job.id for job in ground.kept.all()} == {7, *(job.id for job in jobs)}


async def test_only_a_final_state_is_written_down(ground: Ground) -> None:
    (job, *_) = await ground.start()
    ground.desk.news()
    poll = fx.PollJobs(ticket=1, ids=(job.id,), folder=ground.folder)
    for state in ("Running", "Suspended", "Weird"):
        now = job.model_copy(update={"state": state})
        await ground.desk.note(ground.client, poll, ev.JobsPolled(ticket=1, jobs=(now,), at=NOW))
    assert ground.desk.news() is None
    over = job.model_copy(update={"state": "Faulted"})
    await ground.desk.note(ground.client, poll, ev.JobsPolled(ticket=1, jobs=(over,), at=NOW))
    assert {each.id: each.state for each in ground.kept.all()}[job.id] == "Faulted"
    assert ground.desk.news() is not None


async def test_a_new_session_learns_what_has_become_of_them(ground: Ground) -> None:
    (job, *others) = await ground.start()
    ground.end(job.id)
    ground.kept.add([StartedJob(place=ground.client.place, id=424242, started_at=NOW, state="Running")])
    if ground.folder is not None:
        far = StartedJob(place=ground.client.place, id=5, folder_id=999_999, started_at=NOW, state="Running")
        ground.kept.add([far])
    desk = StartedDesk(StartedJobs(ground.kept.path and ground.kept.path.parent), FastClock())
    found = await desk.look(ground.client, fx.LookAtStarted(ticket=1))
    assert isinstance(found, ev.StartedChanged)
    states = {each.id: each.state for each in found.started}
    assert states[job.id] == "Stopped"
    assert states[424242] == GONE or ground.folder is not None
    assert all(states[other.id] in ("Pending", "Running") for other in others)
    # A folder that refuses tells nothing about its jobs.
    assert states.get(5, "Running") == "Running"
    assert found.looked is (ground.folder is None)


async def test_opening_the_tenant_again_tells_what_was_started_there(ground: Ground) -> None:
    jobs = await ground.start()
    assert ground.kept.path is not None
    desk = StartedDesk(StartedJobs(ground.kept.path.parent), FastClock())
    opened = ev.InstanceOpened(ticket=1, base="b", version="", modern=True)
    effect = fx.OpenInstance(ticket=1, account=ground.answers.account, instance=ground.answers.instance)
    await desk.note(ground.client, effect, opened)
    news = desk.news()
    assert isinstance(news, ev.StartedChanged)
    assert (news.opened, {job.id for job in news.started}) == (True, {job.id for job in jobs})


async def test_a_broken_memory_stops_nothing_and_is_told(ground: Ground) -> None:
    await ground.start()
    assert ground.kept.path is not None
    ground.kept.path.write_text("{")
    ground.desk.news()
    await ground.start()
    news = ground.desk.news()
    assert isinstance(news, ev.StartedChanged)
    assert "list of started jobs" in news.trouble


async def test_the_list_is_newest_first_paged_and_filtered_by_the_server(ground: Ground) -> None:
    for _ in range(3):
        await ground.start()
    caller, folder = ground.client.caller, ground.folder
    page = await job_list.jobs(caller, folder)
    ids = [job.id for job in page.value]
    assert ids == sorted(ids, reverse=True)
    assert page.count == len(ids) >= 3
    ground.end(ids[0])
    stopped = await job_list.jobs(caller, folder, shown="Stopped")
    assert [job.id for job in stopped.value] == ids[:1]
    going_on = await job_list.jobs(caller, folder, shown=job_list.UNFINISHED)
    assert [job.id for job in going_on.value] == ids[1:]
    assert [job.id for job in (await job_list.jobs(caller, folder, skip=len(ids) - 1)).value] == ids[-1:]
    for search in (ground.release.name[2:6], str(ids[1]), page.value[1].key):
        assert ids[1] in [job.id for job in (await job_list.jobs(caller, folder, search=search)).value], search
    assert not (await job_list.jobs(caller, folder, search="no such ' name")).value


async def test_a_job_is_read_with_the_release_it_runs(ground: Ground) -> None:
    (job, *_) = await ground.start()
    for named in ({"job_id": job.id}, {"key": job.key.upper()}):
        found = await job_list.attach(ground.client.caller, ground.folder, **named)
        assert found.job.id == job.id
        assert found.release is not None
        assert (found.release.key, found.release.arguments) == (ground.release.key, ground.release.arguments)


@pytest.mark.parametrize("named", [{"job_id": 424242}, {"key": "00000000-0000-4000-8000-000000000001"}, {"key": "x'"}])
async def test_a_job_that_is_not_there_is_said_so(ground: Ground, named: Any) -> None:
    with pytest.raises(UiPathTuiError) as error:
        await job_list.attach(ground.client.caller, ground.folder, **named)
    assert error.value.failure.exit is Exit.NOT_FOUND


async def test_the_run_before_is_of_the_same_release_and_of_another_start(ground: Ground) -> None:
    first, second = await ground.start('{"in_Month": "May"}'), await ground.start('{"in_Month": "June"}')
    newest = max(second, key=lambda job: job.id)
    before = await job_list.previous(ground.client.caller, ground.folder, newest, ground.release.key)
    assert before is not None
    assert before.id == max(job.id for job in first)
    assert "May" in before.input_arguments
    oldest = min(first, key=lambda job: job.id)
    assert await job_list.previous(ground.client.caller, ground.folder, oldest, ground.release.key) is None


async def test_effects_bring_the_events_that_the_flow_awaits(ground: Ground) -> None:
    (job, *_) = await ground.start()
    desk, client = ground.desk, ground.client
    effects: list[tuple[Callable[..., Any], fx.Effect, type[ev.Event]]] = [
        (desk.list_jobs, fx.FetchJobs(ticket=5, folder=ground.folder), ev.JobsListed),
        (desk.attach, fx.AttachJob(ticket=5, job_id=job.id, folder=ground.folder), ev.JobAttached),
        (desk.previous, fx.FetchPrevious(ticket=5, job=job, folder=ground.folder), ev.PreviousFound),
    ]
    for perform, effect, kind in effects:
        event: Any = await perform(client, effect)
        assert event.ticket == 5
        assert type(event) is kind


async def test_what_is_found_late_is_remembered_too(ground: Ground) -> None:
    late = replace(ground.intent(), state=IntentState.ACCEPTED, jobs=(7, 8), folder="Bakery")
    await ground.desk.note(ground.client, fx.LookForLate(ticket=1), ev.LateFound(found=(late,)))
    kept = ground.kept.in_place(ground.client.place)
    assert {job.id: (job.release_name, job.folder_path) for job in kept} == dict.fromkeys(
        (7, 8), (ground.release.name, "Bakery")
    )
    await ground.desk.note(ground.client, fx.LookForLate(ticket=2), ev.LateFound())
    assert ground.kept.in_place(ground.client.place) == kept
