"""The rules between the options of a start, and the body that they make."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from flow_samples import ANSWERS, RELEASE, make_states  # pyright: ignore[reportMissingImports]

from tui.api.models import Robot
from tui.flow import effects as fx
from tui.flow import events as ev
from tui.flow import states as st
from tui.flow.machine import transition
from tui.flow.start_info import robots_for, start_info
from tui.flow.start_options import StartOptions, priority_of, strategy_of


@pytest.mark.parametrize(
    ("options", "modern", "complaint"),
    [
        (StartOptions(), False, ""),
        (StartOptions(), True, ""),
        (StartOptions(strategy="Specific", robot_ids=(1,)), False, ""),
        (StartOptions(strategy="JobsCount", jobs_count=3), False, ""),
        (StartOptions(jobs_count=3), False, ""),
        (StartOptions(priority="High", runtime_type="Unattended", jobs_count=2), True, ""),
        (StartOptions(priority="1"), True, ""),
        (StartOptions(priority="100"), True, ""),
        (StartOptions(reference="order 4711"), True, ""),
        (StartOptions(reference="x" * 80), True, ""),
        (StartOptions(reference="x" * 81), True, "at most 80"),
        (StartOptions(reference="a\u202eb"), True, "can't be seen"),
        (StartOptions(reference="order 4711"), False, "keeps no reference"),
        (StartOptions(strategy="Specific"), False, "at least one robot"),
        (StartOptions(strategy="All", robot_ids=(1,)), False, "for the strategy Specific only"),
        (StartOptions(strategy="All", jobs_count=2), False, "one job on each robot"),
        (StartOptions(jobs_count=0), True, "at least one job"),
        (StartOptions(jobs_count=10_000), True, "at most 9,999"),
        (StartOptions(strategy="Specific", robot_ids=(1,)), True, "not one of this server"),
        (StartOptions(strategy="ModernJobsCount"), False, "not one of this server"),
        (StartOptions(priority="Urgent"), True, "must be Low"),
        (StartOptions(priority="0"), True, "must be Low"),
        (StartOptions(priority="101"), True, "must be Low"),
        (StartOptions(priority="٤"), True, "must be Low"),
        (StartOptions(priority="Low"), False, "knows no priority"),
        (StartOptions(runtime_type="Unattended"), False, "knows no runtime"),
        (StartOptions(runtime_type="two words"), True, "one word"),
    ],
)
def test_rules_between_options(options: StartOptions, modern: bool, complaint: str) -> None:
    problems = options.problems(modern=modern)
    assert len(problems) == bool(complaint), problems
    assert complaint in "".join(problems)


CLASSIC_BODY = {"ReleaseKey": RELEASE.key, "Strategy": "All", "RobotIds": [], "JobsCount": 0, "Source": "Manual"}
MODERN_BODY = {"ReleaseKey": RELEASE.key, "Strategy": "ModernJobsCount", "JobsCount": 1, "Source": "Manual"}


@pytest.mark.parametrize(
    ("options", "modern", "changes"),
    [
        (StartOptions(), False, {}),
        (StartOptions(strategy="All"), False, {}),
        (StartOptions(jobs_count=3), False, {"Strategy": "JobsCount", "JobsCount": 3}),
        (StartOptions(strategy="JobsCount"), False, {"Strategy": "JobsCount", "JobsCount": 1}),
        (StartOptions(strategy="Specific", robot_ids=(5, 7)), False, {"Strategy": "Specific", "RobotIds": [5, 7]}),
        (StartOptions(), True, {}),
        (StartOptions(jobs_count=4, priority="High"), True, {"JobsCount": 4, "JobPriority": "High"}),
        (StartOptions(priority="77"), True, {"SpecificPriorityValue": 77}),
        (StartOptions(runtime_type="NonProduction"), True, {"RuntimeType": "NonProduction"}),
    ],
)
def test_the_body_of_each_choice(options: StartOptions, modern: bool, changes: dict[str, Any]) -> None:
    info = start_info(replace(ANSWERS, options=options, modern=modern))
    assert info is not None
    assert info.as_wire()["startInfo"] == (MODERN_BODY if modern else CLASSIC_BODY) | changes


def test_typed_words_are_forgiven_their_case() -> None:
    assert (priority_of(" high "), priority_of("77"), priority_of("urgent")) == ("High", "77", "urgent")
    assert (strategy_of("jobs-count"), strategy_of("ALL"), strategy_of("most")) == ("JobsCount", "All", "most")


def test_robots_of_another_environment_are_not_offered() -> None:
    release = RELEASE.model_copy(update={"environment_name": "Prod"})
    rows = [
        Robot(id=1, name="b", robot_environments="Prod"),
        Robot(id=2, name="c", robot_environments="Test,Dev"),
        Robot(id=3, name="a", robot_environments="Test,Prod"),
        Robot(id=4, name="d"),
    ]
    assert [robot.id for robot in robots_for(release, tuple(rows))] == [3, 1, 4]


def test_robots_are_asked_for_once_and_escape_drops_the_question() -> None:
    state, effects = transition(make_states()[st.PreparingStart], ev.RobotsRequested())
    assert isinstance(effects[0], fx.FetchRobots)
    assert transition(state, ev.RobotsRequested()) == (state, ())
    dropped, _ = transition(state, ev.WentBack())
    assert isinstance(dropped, st.PreparingStart)
    assert not dropped.pending
    loaded, _ = transition(state, ev.RobotsLoaded(ticket=effects[0].ticket, robots=(Robot(id=1, name="b"),)))
    assert isinstance(loaded, st.PreparingStart)
    assert loaded.robots == (Robot(id=1, name="b"),)
    assert transition(loaded, ev.RobotsRequested()) == (loaded, ())


def test_wrong_options_ask_nothing_and_start_nothing() -> None:
    state = make_states()[st.PreparingStart]
    edited, effects = transition(state, ev.InputsEdited(inputs="", options=StartOptions(strategy="Specific")))
    assert isinstance(edited, st.PreparingStart)
    assert effects == ()
    assert "robot" in edited.problems[0]
    assert transition(edited, ev.StartRequested()) == (edited, ())
