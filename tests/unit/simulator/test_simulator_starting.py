"""StartJobs: what is accepted, what is refused and how, on both generations."""

import json
from typing import Any

import pytest

from tests.unit.simulator.worlds import make_world, start_call, start_info, tenant_of
from tui.simulator.job_rows import job_row
from tui.simulator.model import Job
from tui.simulator.problems import OrchestratorError
from tui.simulator.sign_in.tokens import Generation
from tui.simulator.starting import start_jobs

CLASSIC, MODERN = Generation.CLASSIC, Generation.MODERN


def key_of(name: str) -> str:
    world, _ = make_world()
    return next(item.key for item in tenant_of(world, CLASSIC).releases if item.process.name == name)


FIRST = key_of("Invoice Intake")


def start(generation: Generation, *scenarios: str, **members: Any) -> list[Job]:
    world, _ = make_world(*scenarios)
    return start_jobs(start_call(world, generation, start_info(**members)))


def refusal(generation: Generation, body: object, **headers: str) -> tuple[int, int]:
    world, _ = make_world()
    with pytest.raises(OrchestratorError) as caught:
        start_jobs(start_call(world, generation, body, **headers))
    assert world.started_count == 0
    return caught.value.status, caught.value.code


def test_the_tutorials_own_request_starts_one_job_a_robot() -> None:
    jobs = start(CLASSIC, ReleaseKey=FIRST, Strategy="All", RobotIds=[], JobsCount=0, Source="Manual", NoOfRobots=0)
    assert len(jobs) == 2
    assert jobs[0].batch_key == jobs[1].batch_key
    assert jobs[0].robot != jobs[1].robot


@pytest.mark.parametrize(
    ("members", "count"),
    [
        ({"Strategy": "JobsCount", "JobsCount": 5}, 5),
        ({"strategy": "jobscount", "jobscount": 1}, 1),
        ({"Strategy": "RobotCount", "NoOfRobots": 2}, 2),
        ({}, 2),
    ],
)
def test_strategies_of_2019(members: dict[str, Any], count: int) -> None:
    assert len(start(CLASSIC, releaseKEY=FIRST.upper(), **members)) == count


def test_specific_robots() -> None:
    world, _ = make_world()
    robots = tenant_of(world, CLASSIC).robots
    body = start_info(ReleaseKey=FIRST, Strategy="Specific", RobotIds=[robots[1].id])
    jobs = start_jobs(start_call(world, CLASSIC, body))
    assert [job.robot for job in jobs] == [robots[1]]
    elsewhere = start_info(ReleaseKey=FIRST, Strategy="Specific", RobotIds=[robots[3].id])
    assert refusal(CLASSIC, elsewhere) == (409, 1671)


def test_2019_ignores_what_it_does_not_know() -> None:
    world, clock = make_world()
    body = start_info(ReleaseKey=FIRST, Reference="my tag", JobPriority=7)
    job = start_jobs(start_call(world, CLASSIC, body))[0]
    assert "Reference" not in job_row(job, tenant_of(world, CLASSIC), clock())


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b"", (400, 0)),
        (b"nonsense", (400, 0)),
        ([], (400, 0)),
        ({}, (400, 0)),
        ({"start_info": {}}, (400, 0)),
        ({"startInfo": "text"}, (400, 0)),
        (start_info(ReleaseKey=FIRST, JobsCount="1"), (400, 0)),
        (start_info(ReleaseKey=FIRST, JobsCount=True), (400, 0)),
        (start_info(ReleaseKey=FIRST, InputArguments={"a": 1}), (400, 0)),
        (start_info(ReleaseKey=FIRST, Strategy="ModernJobsCount"), (400, 0)),
        (start_info(ReleaseKey=FIRST, Source="Queue"), (400, 0)),
        (start_info(Strategy="All"), (400, 1009)),
        (start_info(ReleaseName="Invoice Intake"), (400, 1009)),
        (start_info(ReleaseKey="11111111-2222-4333-8444-555555555555"), (404, 1002)),
        (start_info(ReleaseKey="xyz"), (404, 1002)),
        (start_info(ReleaseKey=FIRST, Strategy="Specific"), (409, 1671)),
        (start_info(ReleaseKey=FIRST, Strategy="Specific", RobotIds=[1]), (409, 1671)),
        (start_info(ReleaseKey=FIRST, Strategy="All", RobotIds=[1]), (400, 1009)),
        (start_info(ReleaseKey=FIRST, Strategy="JobsCount"), (400, 1009)),
        (start_info(ReleaseKey=FIRST, Strategy="RobotCount", NoOfRobots=99), (400, 1009)),
        (start_info(ReleaseKey=FIRST, InputArguments="{not json"), (400, 1009)),
        (start_info(ReleaseKey=FIRST, InputArguments="[]"), (400, 1009)),
        (start_info(ReleaseKey=FIRST, InputArguments=json.dumps({"a": "x" * 10_000})), (400, 1009)),
        (start_info(ReleaseKey=key_of("Fax Sorter")), (409, 1677)),
        (start_info(ReleaseKey=key_of("Desk Companion")), (409, 1230)),
    ],
)
def test_refusals_of_2019(body: object, expected: tuple[int, int]) -> None:
    assert refusal(CLASSIC, body) == expected


@pytest.mark.parametrize("generation", [CLASSIC, MODERN])
def test_required_arguments(generation: Generation) -> None:
    payroll = key_of("Payroll Export")
    incomplete = start_info(ReleaseKey=payroll, InputArguments='{"in_Month":"May","in_HeadCount":null}')
    assert refusal(generation, incomplete) == (400, 1009)
    complete = '{"in_Month":"May","IN_HEADCOUNT":48}'
    jobs = start(generation, ReleaseKey=payroll, InputArguments=complete)
    assert jobs[0].input_arguments == complete


def test_today_counts_jobs_and_stores_the_reference() -> None:
    world, clock = make_world()
    body = start_info(ReleaseKey=FIRST, Strategy="ModernJobsCount", JobsCount=3, Reference="my tag", Source="Apps")
    jobs = start_jobs(start_call(world, MODERN, body))
    rows = [job_row(job, tenant_of(world, MODERN), clock()) for job in jobs]
    assert [row["Reference"] for row in rows] == ["my tag"] * 3
    assert rows[0]["SourceType"] == "Apps"
    assert rows[0]["OrganizationUnitId"] == tenant_of(world, MODERN).folders[0].id
    assert world.started_count == 1


def test_today_takes_a_name_and_defaults_to_one_job() -> None:
    assert len(start(MODERN, ReleaseName="invoice intake", Source="AgentService")) == 1


@pytest.mark.parametrize("strategy", ["All", "Specific", "JobsCount", "RobotCount"])
def test_modern_folders_refuse_the_old_strategies(strategy: str) -> None:
    body = start_info(ReleaseKey=FIRST, Strategy=strategy, JobsCount=1, RobotIds=[1])
    assert refusal(MODERN, body) == (400, 1009)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (start_info(ReleaseKey=FIRST, JobsCount=0), (400, 1009)),
        (start_info(ReleaseKey=FIRST, JobsCount=10_001), (400, 1009)),
        (start_info(ReleaseKey=FIRST, Reference="x" * 129), (400, 1009)),
        (start_info(ReleaseKey=FIRST, InputFile="a", InputArguments="{}"), (400, 1009)),
        (start_info(ReleaseKey=FIRST, JobPriority="High", SpecificPriorityValue=3), (400, 1009)),
        (start_info(ReleaseKey=FIRST, RuntimeType="Serverless"), (409, 2818)),
        (start_info(ReleaseKey=FIRST, RuntimeType="Imaginary"), (400, 0)),
        (start_info(ReleaseKey=FIRST, Source="Imaginary"), (400, 0)),
    ],
)
def test_refusals_of_today(body: object, expected: tuple[int, int]) -> None:
    assert refusal(MODERN, body) == expected


def test_folders() -> None:
    world, _ = make_world()
    folders = tenant_of(world, MODERN).folders
    body = start_info(ReleaseKey=FIRST)
    assert refusal(MODERN, body, accept="*/*") == (400, 1101)
    assert refusal(MODERN, body, x_uipath_organizationunitid="1") == (400, 1100)
    assert refusal(MODERN, body, x_uipath_folderpath_encoded="!") == (400, 1100)
    assert refusal(MODERN, body, x_uipath_folderkey=folders[1].key) == (404, 1002)
    encoded = "RgBpAG4AYQBuAGMAZQA="
    for headers in (
        {"x_uipath_organizationunitid": str(folders[0].id)},
        {"x_uipath_folderkey": folders[0].key.upper()},
        {"x_uipath_folderpath": "finance"},
        {"x_uipath_folderpath_encoded": encoded},
    ):
        assert len(start_jobs(start_call(world, MODERN, body, **headers))) == 1
