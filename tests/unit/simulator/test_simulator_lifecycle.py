"""Jobs in time: every state at every moment, without waiting."""

import json

import pytest

from tests.unit.simulator.worlds import ManualClock, make_world, tenant_of
from tui.simulator.job_rows import job_row
from tui.simulator.log_rows import log_rows
from tui.simulator.model import Job, Tenant
from tui.simulator.sign_in.tokens import Generation
from tui.simulator.world import World


def one_job(
    *scenarios: str, release: int = 0, speed: float = 1.0, generation: Generation = Generation.MODERN
) -> tuple[World, ManualClock, Tenant, Job]:
    world, clock = make_world(*scenarios, speed=speed)
    tenant = tenant_of(world, generation)
    job = world.create_jobs(tenant, tenant.releases[release], tenant.robots[:1], {}, None)[0]
    return world, clock, tenant, job


def states(clock: ManualClock, job: Job, seconds: int) -> list[str]:
    """Return the different states passed in ``seconds``, looking every tenth of a second."""
    seen: list[str] = []
    for _ in range(seconds * 10):
        state = job.lifecycle.state(clock())
        if not seen or seen[-1] != state:
            seen.append(state)
        clock.advance(0.1)
    return seen


@pytest.mark.parametrize(
    ("scenario", "expected"),
    [
        ("happy", ["Pending", "Running", "Successful"]),
        ("faulted", ["Pending", "Running", "Faulted"]),
        ("stopped", ["Pending", "Running", "Terminating", "Stopped"]),
        ("pending", ["Pending"]),
        ("suspended", ["Pending", "Running", "Suspended", "Resumed", "Running", "Successful"]),
    ],
)
def test_the_way_a_job_goes(scenario: str, expected: list[str]) -> None:
    _, clock, _, job = one_job(scenario)
    assert states(clock, job, 30) == expected


def test_2019_knows_no_suspended_state() -> None:
    _, clock, _, job = one_job("suspended", generation=Generation.CLASSIC)
    assert states(clock, job, 30) == ["Pending", "Running", "Successful"]


def test_scenarios_combine() -> None:
    _, clock, _, job = one_job("suspended", "faulted")
    assert states(clock, job, 30)[-3:] == ["Resumed", "Running", "Faulted"]


def test_speed_divides_durations_and_leaves_the_clock_alone() -> None:
    _, clock, tenant, job = one_job(speed=10)
    assert states(clock, job, 1) == ["Pending", "Running", "Successful"]
    row = job_row(job, tenant, clock())
    assert row["CreationTime"].startswith("2026-11-23T09:28:12.920731")
    assert row["EndTime"].startswith("2026-11-23T09:28:13.3207")


def test_a_soft_stop_is_honoured_by_a_process_that_asks_for_it() -> None:
    _, clock, tenant, job = one_job(release=2)
    assert tenant.releases[2].process.long_running
    clock.advance(5)
    assert job.lifecycle.stop(clock())
    assert states(clock, job, 5) == ["Stopping", "Successful"]
    assert not job.lifecycle.stop(clock())


def test_a_soft_stop_ends_another_process_as_stopped() -> None:
    _, clock, _, job = one_job(release=1)
    clock.advance(2)
    job.lifecycle.stop(clock())
    assert states(clock, job, 5) == ["Stopping", "Stopped"]


def test_kill_after_stop() -> None:
    _, clock, _, job = one_job(release=2)
    clock.advance(5)
    job.lifecycle.stop(clock())
    job.lifecycle.kill(clock())
    assert states(clock, job, 5) == ["Terminating", "Stopped"]
    assert not job.lifecycle.kill(clock())


def test_a_pending_job_is_cancelled_at_once() -> None:
    for act in ("stop", "kill"):
        _, clock, _, job = one_job("pending")
        assert getattr(job.lifecycle, act)(clock())
        assert states(clock, job, 2) == ["Stopped"]


def test_resume_cuts_a_suspension_short() -> None:
    _, clock, _, job = one_job("suspended")
    clock.advance(3)
    assert job.lifecycle.state(clock()) == "Suspended"
    assert job.lifecycle.resume(clock(), 1.0)
    assert states(clock, job, 5) == ["Resumed", "Running", "Successful"]
    assert not job.lifecycle.resume(clock(), 1.0)


def test_rows_follow_the_state() -> None:
    _, clock, tenant, job = one_job()
    pending = job_row(job, tenant, clock())
    assert (pending["StartTime"], pending["EndTime"], pending["HostMachineName"], pending["Robot"]) == (None,) * 4
    clock.advance(2)
    running = job_row(job, tenant, clock())
    assert running["StartTime"] is not None
    assert (running["EndTime"], running["OutputArguments"]) == (None, None)
    assert running["Machine"]["Name"] == running["HostMachineName"]
    clock.advance(10)
    ended = job_row(job, tenant, clock())
    assert json.loads(ended["OutputArguments"])["out_InvoiceCount"] == 12
    assert ended["Info"] == "Job completed"


def test_a_fault_says_why() -> None:
    _, clock, tenant, job = one_job("faulted")
    clock.advance(30)
    row = job_row(job, tenant, clock())
    assert "\r\n" in row["Info"]
    assert row["JobError"]["code"] == row["ErrorCode"] == "Robot"
    assert any(log["Level"] == "Error" for log in log_rows(job, tenant, clock()))


def test_logs_appear_as_the_job_runs() -> None:
    _, clock, tenant, job = one_job()
    counts: list[int] = []
    for _ in range(60):
        counts.append(len(log_rows(job, tenant, clock())))
        clock.advance(0.1)
    assert counts[0] == 0
    assert counts == sorted(counts)
    assert counts[-1] == len(tenant.releases[0].process.steps) + 2


def test_todays_logs_are_as_untidy_as_the_real_ones() -> None:
    world, clock = make_world()
    tenant = tenant_of(world, Generation.MODERN)
    jobs = world.create_jobs(tenant, tenant.releases[0], tenant.robots * 5, {}, None)
    clock.advance(60)
    logs = [log_rows(job, tenant, clock()) for job in jobs]
    rows = [row for log in logs for row in log]
    assert {row["Id"] for row in rows} == {0}
    assert {"Info", "Information"} <= {row["Level"] for row in rows}
    digits = {len(row["TimeStamp"].rpartition(".")[2]) - 1 for row in rows}
    assert digits == {2, 3, 4, 5, 6, 7}
    assert any([row["TimeStamp"] for row in log] != sorted(row["TimeStamp"] for row in log) for log in logs)
    assert log_rows(jobs[0], tenant, clock()) == logs[0]


def test_logs_of_2019_have_ids_and_no_machine_name() -> None:
    _, clock, tenant, job = one_job(generation=Generation.CLASSIC)
    clock.advance(20)
    rows = log_rows(job, tenant, clock())
    assert len({row["Id"] for row in rows}) == len(rows)
    assert "HostMachineName" not in rows[0]
    assert "totalExecutionTimeInSeconds" in json.loads(rows[-1]["RawMessage"])


def test_many_jobs_leave_the_queue_in_waves() -> None:
    world, clock = make_world("many")
    tenant = tenant_of(world, Generation.MODERN)
    jobs = world.create_jobs(tenant, tenant.releases[0], tenant.robots, {}, None)
    assert len(jobs) == 500
    assert len({job.key for job in jobs}) == 500
    assert len({job.batch_key for job in jobs}) == 1
    clock.advance(2.5)
    assert {job.lifecycle.state(clock()) for job in jobs} == {"Pending", "Running"}
    clock.advance(60)
    assert {job.lifecycle.state(clock()) for job in jobs} == {"Successful"}


def test_the_same_seed_gives_the_same_world() -> None:
    first, second = one_job()[3], one_job()[3]
    assert (first.id, first.key, first.batch_key) == (second.id, second.key, second.batch_key)
