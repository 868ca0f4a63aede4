"""The options of a start as the server receives them, field for field, and what it never receives."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.e2e.twin.running import INTAKE, Case, Ran, running
from tui.errors import Exit

PLAIN = ("--release", INTAKE, "--no-follow")
ROBOT = "Marigold"
CLASSIC = {"Strategy": "All", "RobotIds": [], "JobsCount": 0, "Source": "Manual"}
MODERN = {"Strategy": "ModernJobsCount", "JobsCount": 1, "Source": "Manual"}
SENT: dict[str, tuple[bool, tuple[str, ...], dict[str, Any]]] = {
    "count": (False, ("--strategy", "jobs-count", "--count", "1"), {"Strategy": "JobsCount", "JobsCount": 1}),
    "high": (
        True,
        ("--priority", "high", "--runtime", "NonProduction"),
        {"JobPriority": "High", "RuntimeType": "NonProduction"},
    ),
    "number": (True, ("--priority", "77"), {"SpecificPriorityValue": 77}),
}
REFUSED: dict[str, tuple[bool, tuple[str, ...]]] = {
    "no robot": (False, ("--strategy", "Specific")),
    "priority": (False, ("--priority", "Low")),
    "robot today": (True, ("--robot", ROBOT)),
    "101": (True, ("--priority", "101")),
}


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], Ran]]:
    """Every choice of options, run once."""
    cases = {name: Case((*PLAIN, *more), today=today) for name, (today, more, _) in SENT.items()}
    cases |= {name: Case((*PLAIN, *more), today=today) for name, (today, more) in REFUSED.items()}
    cases["specific"] = Case((*PLAIN, "--robot", ROBOT.upper()))
    cases["unknown robot"] = Case((*PLAIN, "--robot", "Nobody"))
    with running(cases, tmp_path_factory.mktemp("options")) as result:
        yield result


@pytest.mark.parametrize("name", SENT)
def test_the_body_says_what_was_chosen_and_no_more(ran: Callable[[str], Ran], name: str) -> None:
    today, _, changes = SENT[name]
    done = ran(name)
    (start,) = done.starts
    info = json.loads(start.body)["startInfo"]
    assert {key: info[key] for key in info if key not in ("ReleaseKey", "Reference")} == (
        MODERN if today else CLASSIC
    ) | changes
    assert (done.code, done.world.started_count) == (Exit.UNFINISHED, 1)


@pytest.mark.parametrize("name", REFUSED)
def test_options_that_do_not_fit_are_not_sent(ran: Callable[[str], Ran], name: str) -> None:
    done = ran(name)
    assert (done.code, done.starts) == (Exit.USAGE, [])
    assert "can't be made with these options" in done.err


def test_specific_names_the_robots_by_their_ids_and_makes_one_job_on_each(ran: Callable[[str], Ran]) -> None:
    done = ran("specific")
    (start,) = done.starts
    (job,) = [job for tenant in done.world.tenants for job in tenant.jobs]
    info = json.loads(start.body)["startInfo"]
    assert (info["Strategy"], info["RobotIds"], info["JobsCount"]) == ("Specific", [job.robot.id], 0)
    assert job.robot.name == ROBOT


def test_an_unknown_robot_lists_those_of_the_environment_by_name_and_id(ran: Callable[[str], Ran]) -> None:
    done = ran("unknown robot")
    assert (done.code, done.starts) == (Exit.NOT_FOUND, [])
    robots = [robot for tenant in done.world.tenants for robot in tenant.robots]
    assert any(f"{robot.name} ({robot.id})" in done.err for robot in robots)
