"""The text boundary and the tolerance of the wire models."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from tui.api.models import Job, Page, Release, RobotLog, TokenAnswer


def test_nulls_unknown_fields_and_unknown_states_pass() -> None:
    job = Job.model_validate_json(
        '{"Id": 10173064, "Key": "k", "State": "Teleported", "Info": null, "StartTime": null, "Robot": {"Id": 1},'
        ' "CreationTime": "2019-06-12T09:28:12.9207318Z", "InputArguments": "", "Unheard": [1]}'
    )
    assert (job.state, job.info, job.start_time) == ("Teleported", "", None)
    assert job.creation_time is not None
    assert job.creation_time.microsecond == 920731


def test_a_page_counts_all_matches_and_null_arguments_are_none() -> None:
    page = Page[Release].model_validate_json('{"@odata.count": 213, "value": [{"Name": "A", "Arguments": null}]}')
    assert (page.count, page.value[0].arguments.input) == (213, "")


def test_server_text_is_cleaned_where_it_enters() -> None:
    release = Release.model_validate_json(
        '{"Name": "\\u001b]0;OWNED\\u0007\\u202e", "Description": "a\\r\\nb\\u001b[31m"}'
    )
    assert release.name == "␛]0;OWNED␇<U+202E>"
    assert release.description == "a\nb"
    log = RobotLog.model_validate_json('{"Message": "\\u001b[31mred\\u001b[0m"}')
    assert log.message == "red"


def test_what_is_sent_back_is_kept_exactly() -> None:
    raw = '{"text": "tab\\there"}'
    job = Job.model_validate({"OutputArguments": raw})
    assert job.output_arguments == raw


def test_errors_and_reprs_hold_no_value() -> None:
    answer = TokenAnswer.model_validate({"access_token": "simulated-access", "refresh_token": "simulated-refresh"})
    assert "simulated" not in f"{answer} {answer!r}"
    with pytest.raises(ValidationError) as caught:
        TokenAnswer.model_validate({"access_token": {"nested": "simulated-access"}})
    assert "simulated-access" not in str(caught.value)
