"""Today's flow with a personal access token: ``/{organization}/{tenant}/orchestrator_`` and a folder on every call."""

import json
from collections.abc import Callable, Iterator
from urllib.parse import parse_qs, unquote

import pytest

from tests.e2e.twin.running import INTAKE, START, Case, Ran, addressed, bearer, running

FOLDERS = "/api/Folders/GetAllForCurrentUser"


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], Ran]]:
    """The flow with the token on standard input and in the environment, and two jobs at once."""
    cases = {
        "stdin": Case(today=True),
        "variable": Case(today=True, by_variable=True, arguments=("--release", INTAKE, "--no-follow")),
        "two": Case(today=True, arguments=("--release", INTAKE, "--count", "2")),
        "twenty": Case(today=True, arguments=("--release", INTAKE, "--count", "20", "--json")),
    }
    with running(cases, tmp_path_factory.mktemp("today")) as result:
        yield result


def base(ran: Ran) -> str:
    """Return the path of the tenant's Orchestrator."""
    today = ran.summary["automation_cloud"]
    return f"/{today['organization']}/{today['tenant']}/orchestrator_"


def test_the_requests_come_in_order(ran: Callable[[str], Ran]) -> None:
    done = ran("stdin")
    assert (done.code, done.err) == (0, "")
    before, seen = base(done), addressed(done.journal)
    assert seen[:6] == [
        ("GET", f"{before}{FOLDERS}"),
        ("GET", "/orchestrator_/api/status/version"),
        ("GET", f"{before}/odata/Releases"),
        ("GET", f"{before}/odata/Jobs"),
        ("GET", f"{before}/odata/$metadata"),
        ("POST", f"{before}{START}"),
    ]
    (job,) = [job for tenant in done.world.tenants for job in tenant.jobs]
    assert set(seen[6:]) == {("GET", f"{before}/odata/Jobs({job.id})"), ("GET", f"{before}/odata/RobotLogs")}


def test_every_call_into_the_tenant_carries_the_token(ran: Callable[[str], Ran]) -> None:
    done = ran("stdin")
    token = done.summary["automation_cloud"]["personal_access_token"]
    assert {bearer(request) for request in done.journal if request.path.startswith(base(done))} == {token}


def test_the_folder_is_named_by_its_id_and_no_tenant_header_is_sent(ran: Callable[[str], Ran]) -> None:
    done = ran("stdin")
    folder = str(done.summary["automation_cloud"]["folders"][0]["id"])
    for request in done.journal:
        named = request.headers.get("x-uipath-organizationunitid")
        assert named == (folder if "/odata/" in request.path else None), request.path
        assert "x-uipath-tenantname" not in request.headers


def test_the_start_is_that_of_a_modern_folder(ran: Callable[[str], Ran]) -> None:
    done = ran("stdin")
    key = next(item["key"] for item in done.summary["releases"] if item["name"] == INTAKE)
    wanted = {"ReleaseKey": key, "Strategy": "ModernJobsCount", "JobsCount": 1, "Source": "Manual"}
    (sent,) = [json.loads(start.body)["startInfo"] for start in done.starts]
    assert sent.pop("Reference").startswith("uipath-tui/"), "where the server keeps a mark, the start has one"
    assert sent == wanted


def test_robot_logs_are_read_for_this_job_in_order(ran: Callable[[str], Ran]) -> None:
    done = ran("stdin")
    (job,) = [job for tenant in done.world.tenants for job in tenant.jobs]
    asked = [parse_qs(request.query) for request in done.journal if request.path.endswith("/odata/RobotLogs")]
    assert asked
    for query in asked:
        assert query["$filter"][0].startswith(f"JobKey eq {job.key}"), "a guid stands unquoted"
        assert query["$orderby"] == ["TimeStamp asc"]
        assert int(query["$top"][0]) <= 1000
    assert sum("Found 12 messages" in line for line in done.lines) == 1, "rows read twice are said once"


def test_the_token_may_come_from_the_environment(ran: Callable[[str], Ran]) -> None:
    done = ran("variable")
    assert (done.code, done.err) == (12, "")
    token = done.summary["automation_cloud"]["personal_access_token"]
    assert bearer(done.journal[0]) == token
    assert len(done.starts) == 1


def test_two_jobs_are_started_by_one_request_and_read_together(ran: Callable[[str], Ran]) -> None:
    done = ran("two")
    assert done.code == 0
    (start,) = done.starts
    assert json.loads(start.body)["startInfo"]["JobsCount"] == 2
    jobs = [job for tenant in done.world.tenants for job in tenant.jobs]
    assert len(jobs) == 2
    queries = [unquote(request.query) for request in done.journal if request.path.endswith("/odata/Jobs")]
    together = ",".join(str(job.id) for job in jobs)
    assert any(f"Id in ({together})" in query for query in queries)
    told = [line for line in done.lines if any(f"job {job.id} " in line and "execution ended" in line for job in jobs)]
    assert len(told) == 2, "the log of each is told, under its number"


def test_the_logs_of_twenty_jobs_are_told_each_line_once(ran: Callable[[str], Ran]) -> None:
    done = ran("twenty")
    assert done.code == 0, done.err
    rows = [json.loads(line) for line in done.lines]
    jobs = {job.id: job for tenant in done.world.tenants for job in tenant.jobs}
    assert len(jobs) == 20
    logs: dict[int, list[dict[str, str]]] = {number: [] for number in jobs}
    for row in rows:
        if row["step"] == "log":
            logs[row["job"]].append(row)
    for lines in logs.values():
        assert [line["at"] for line in lines] == sorted(line["at"] for line in lines)
        messages = [line["message"] for line in lines]
        assert len(set(messages)) == len(messages)
        assert messages[-1].endswith("execution ended")
    assert len({len(lines) for lines in logs.values()}) == 1, "every job runs the same process"
    assert {row["job"] for row in rows if row["step"] == "end"} == set(jobs)
    lists = [request for request in done.journal if request.path.endswith("/odata/Jobs")]
    assert len(lists) <= 4, "all of them are read by one list"
