import json

from tui.api.models import Release
from tui.api.start import StartInfo, modern_start, tutorial_start

RELEASE = Release(key="be33946f-9337-5b59-849b-8822fd27e545", name="Demo")


def test_the_tutorials_body_field_for_field() -> None:
    expected = {
        "startInfo": {
            "ReleaseKey": RELEASE.key,
            "Strategy": "All",
            "RobotIds": [],
            "JobsCount": 0,
            "Source": "Manual",
        }
    }
    info = tutorial_start(RELEASE)
    assert info.as_wire() == expected
    assert list(info.as_wire()["startInfo"]) == list(expected["startInfo"])
    assert json.loads(info.body()) == expected
    assert info.expected_jobs is None


def test_inputs_are_a_string() -> None:
    wire = tutorial_start(RELEASE, '{"a":"ü"}').as_wire()["startInfo"]
    assert wire["InputArguments"] == '{"a":"ü"}'
    assert b'"InputArguments":"{\\"a\\":\\"\xc3\xbc\\"}"' in tutorial_start(RELEASE, '{"a":"ü"}').body()


def test_todays_body() -> None:
    assert modern_start(RELEASE).as_wire() == {
        "startInfo": {"ReleaseKey": RELEASE.key, "Strategy": "ModernJobsCount", "JobsCount": 1, "Source": "Manual"}
    }
    full = modern_start(RELEASE, 3, runtime_type="Unattended", input_arguments="{}")
    assert full.as_wire()["startInfo"]["RuntimeType"] == "Unattended"
    assert full.expected_jobs == 3


def test_specific_robots_priority_and_reference() -> None:
    info = StartInfo("key", "Specific", (5, 7), job_priority="High", reference="uipath-tui/1")
    assert info.as_wire()["startInfo"] == {
        "ReleaseKey": "key",
        "Strategy": "Specific",
        "RobotIds": [5, 7],
        "JobsCount": 0,
        "Source": "Manual",
        "JobPriority": "High",
        "Reference": "uipath-tui/1",
    }
    assert info.expected_jobs == 2
    assert "RobotIds" not in modern_start(RELEASE).as_wire()["startInfo"]
