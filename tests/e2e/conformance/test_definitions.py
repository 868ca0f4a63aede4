"""The oracle itself: the validator must catch what a definition alone lets pass, and let the tutorial's start pass.

The bodies are those measured against UiPath's files as they are; ``plain`` repeats that measurement.
"""

import copy
from typing import Any

import pytest

from tests.e2e.conformance.definitions import JUNE_2019, TODAY, Definition, Operation, definition
from tests.e2e.conformance.requests_checked import parameter_problems

START = "/odata/Jobs/UiPath.Server.Configuration.OData.StartJobs"
KEY = "fa2c8599-d64f-5ada-8540-5c47112e4b1f"
TUTORIAL: dict[str, Any] = {
    "startInfo": {"ReleaseKey": KEY, "Strategy": "All", "RobotIds": [], "JobsCount": 0, "Source": "Manual"}
}


def changed(**members: Any) -> dict[str, Any]:
    """Return the tutorial's start with members of ``startInfo`` replaced; ``...`` leaves one out."""
    body = copy.deepcopy(TUTORIAL)
    body["startInfo"].update(members)
    body["startInfo"] = {name: value for name, value in body["startInfo"].items() if value is not ...}
    return body


MISSPELT = {"startInfo": {name.replace("Strategy", "Stratgy"): value for name, value in TUTORIAL["startInfo"].items()}}
ROWS: dict[str, tuple[dict[str, Any], tuple[bool, bool], tuple[bool, bool]]] = {
    # name: body, caught by the plain files (2019.4, 20.0), caught when tightened (2019.4, 20.0)
    "the tutorial's own": (TUTORIAL, (False, False), (False, False)),
    "empty": ({}, (False, True), (True, True)),
    "wrapper misspelt": ({"StartInfo": TUTORIAL["startInfo"]}, (False, True), (True, True)),
    "property misspelt": (MISSPELT, (False, False), (True, True)),
    "no release key": (changed(ReleaseKey=...), (True, False), (True, True)),
    "release key no guid": (changed(ReleaseKey="xyz"), (False, False), (True, True)),
    "jobs count as text": (changed(JobsCount="1"), (True, True), (True, True)),
    "inputs as an object": (changed(InputArguments={}), (True, True), (True, True)),
    "inputs too long": (changed(InputArguments="x" * 10_001), (False, True), (False, True)),
    "specific without robots": (changed(Strategy="Specific"), (False, False), (True, True)),
    "specific without the list": (changed(Strategy="Specific", RobotIds=...), (False, False), (True, True)),
    "all with robots": (changed(RobotIds=[1]), (False, False), (True, True)),
    "modern strategy": (changed(Strategy="ModernJobsCount", JobsCount=1), (True, False), (True, False)),
    "priority 0": (changed(SpecificPriorityValue=0), (False, True), (True, True)),
    "by name": (changed(ReleaseKey=..., ReleaseName="Invoice Intake"), (True, False), (True, False)),
    "source unknown": (changed(Source="Terminal"), (True, True), (True, True)),
    "null for text": (changed(InputArguments=None), (True, True), (True, True)),
}


def start(of: Definition) -> Operation:
    """Return StartJobs."""
    found = of.find("POST", START)
    assert found is not None
    return found


@pytest.mark.parametrize("name", ROWS)
@pytest.mark.parametrize(("place", "file"), enumerate((JUNE_2019, TODAY)))
def test_the_validator_catches_what_it_should(place: int, file: str, name: str) -> None:
    body, plain, tightened = ROWS[name]
    of = definition(file)
    assert bool(of.plain_request_problems(start(of), body)) is plain[place], "by UiPath's words alone"
    problems = of.request_problems(start(of), body)
    assert bool(problems) is tightened[place], problems


@pytest.mark.parametrize("file", [JUNE_2019, TODAY])
def test_answers_may_hold_null_and_unknown_fields_but_no_wrong_type(file: str) -> None:
    of = definition(file)
    job = {"Id": 1, "Key": KEY, "State": "Pending", "CreationTime": "2019-06-12T09:28:12.9207318Z"}
    row = {**job, "Robot": None, "Release": None, "StartTime": None, "SourceType": None, "QueueDefinitionId": 7}
    operation = start(of)
    assert of.answer_problems(operation, 201, {"@odata.context": "x", "value": [row]}) == []
    wrong = [{"Id": "1"}, {"Key": "xyz"}, {"State": "Pausing"}, {"CreationTime": "yesterday"}, {"Robot": "Sorrel"}]
    for member in wrong:
        assert of.answer_problems(operation, 201, {"value": [{**row, **member}]}), member
    assert of.answer_problems(operation, 201, {"value": row})


HEADERS = {"host": "x", "x-uipath-organizationunitid": "7"}
PARAMETERS = {
    "fine": ("/odata/Jobs", "$filter=Id eq 7&$top=1000&$orderby=Id desc&$count=true", HEADERS, ""),
    "unknown option": ("/odata/Jobs", "$search=x", HEADERS, "no option"),
    "old count": ("/odata/Jobs", "count=true", HEADERS, "no option"),
    "top too large": ("/odata/Jobs", "$top=1001", HEADERS, "$top"),
    "top no number": ("/odata/Jobs", "$top=all", HEADERS, "integer"),
    "skip below 0": ("/odata/Jobs", "$skip=-1", HEADERS, "below 0"),
    "twice": ("/odata/Jobs", "$top=1&$top=2", HEADERS, "twice"),
    "unknown property": ("/odata/Jobs", "$filter=Colour eq 'red'", HEADERS, "Colour"),
    "order by unknown": ("/odata/Jobs", "$orderby=Colour", HEADERS, "Colour"),
    "too many terms": ("/odata/Jobs", "$filter=" + " or ".join(f"Id eq {n}" for n in range(101)), HEADERS, "101"),
    "guid quoted": ("/odata/RobotLogs", f"$filter=JobKey eq '{KEY}'", HEADERS, "must not be quoted"),
    "text unquoted": ("/odata/Jobs", "$filter=ReleaseName eq Intake", HEADERS, "quoted"),
    "no folder": ("/odata/Jobs", "", {"host": "x"}, "missing"),
    "folder no number": ("/odata/Jobs", "", {**HEADERS, "x-uipath-organizationunitid": "Finance"}, "integer"),
    "unknown header": ("/odata/Jobs", "", {**HEADERS, "x-uipath-colour": "red"}, "not defined"),
    "id no number": ("/odata/Jobs(seven)", "", HEADERS, "key"),
    "option of the list": ("/odata/Jobs(7)", "$top=1", HEADERS, "no option"),
}


@pytest.mark.parametrize("name", PARAMETERS)
def test_parameters_are_checked(name: str) -> None:
    path, query, headers, says = PARAMETERS[name]
    of = definition(TODAY)
    operation = of.find("GET", path)
    assert operation is not None
    problems = parameter_problems(of, operation, path, query, headers)
    assert (says in "; ".join(problems)) if says else problems == [], problems


def test_2019_knows_no_folder_header_and_the_tenants_is_an_exception() -> None:
    of = definition(JUNE_2019)
    operation = of.find("GET", "/odata/Jobs")
    assert operation is not None
    assert parameter_problems(of, operation, "/odata/Jobs", "", {"x-uipath-tenantname": "t"}) == []
    assert parameter_problems(of, operation, "/odata/Jobs", "", {"x-uipath-organizationunitid": "7"})


def test_a_path_that_is_nowhere_defined_is_found_out() -> None:
    of = definition(TODAY)
    assert of.find("GET", "/odata/Job") is None
    assert of.find("GET", f"/odata/Jobs/UiPath.Server.Configuration.OData.GetByKey(identifier={KEY})") is None
    assert of.find("DELETE", "/odata/Jobs(7)") is None
    found = of.find("GET", "/odata/Jobs(7)")
    assert found is not None
    assert found.template == "/odata/Jobs({key})"
