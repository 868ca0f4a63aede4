"""The tutorial's exchange of 2019, seen from the server: every request, in order, field for field.

On both address forms: ``/{account}/{instance}/odata`` and the bare ``/odata`` of June 2019.
"""

import json
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import parse_qs

import pytest

from tests.e2e.twin.running import INTAKE, START, Case, Ran, addressed, bearer, running
from tui.simulator.sign_in.tokens import Generation

FORMS = ("path", "root")
TOKEN, ACCOUNTS = "/oauth/token", "/cloudrpa/api/getAccountsForUser"


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], Ran]]:
    """Each address form, run once."""
    cases = {form: Case(("--release", INTAKE, "--address-form", form)) for form in FORMS}
    with running(cases, tmp_path_factory.mktemp("tutorial")) as result:
        yield result


def account(ran: Ran) -> str:
    """Return the logical name of the account."""
    return str(ran.summary["cloud_2019"]["accounts"][0]["logical_name"])


def instance(ran: Ran) -> str:
    """Return the logical name of the service instance."""
    return str(ran.summary["cloud_2019"]["accounts"][0]["instances"][0])


def base(ran: Ran, form: str) -> str:
    """Return what ``/odata`` follows in this address form."""
    return f"/{account(ran)}/{instance(ran)}" if form == "path" else ""


@pytest.mark.parametrize("form", FORMS)
def test_the_requests_come_in_the_tutorials_order(ran: Callable[[str], Ran], form: str) -> None:
    done = ran(form)
    before, after = base(done, form), addressed(done.journal)
    assert (done.code, done.err) == (0, "")
    assert after[:7] == [
        ("POST", TOKEN),
        ("GET", ACCOUNTS),
        ("GET", f"/cloudrpa/api/account/{account(done)}/getAllServiceInstances"),
        ("GET", f"{before}/odata/Releases"),
        ("GET", f"{before}/odata/Releases"),
        ("GET", f"{before}/odata/Jobs"),
        ("POST", f"{before}{START}"),
    ]
    assert set(after[7:]) == {("GET", f"{before}/odata/Jobs"), ("GET", f"{before}/odata/RobotLogs")}


@pytest.mark.parametrize("form", FORMS)
def test_the_user_key_is_exchanged_as_json(ran: Callable[[str], Ran], form: str) -> None:
    done = ran(form)
    asked = [request for request in done.journal if request.path == TOKEN]
    assert len(asked) == 1
    assert json.loads(asked[0].body) == {
        "grant_type": "refresh_token",
        "client_id": "5v7PmPJL6FOGu6RB8I1Y4adLBhIwovQN",
        "refresh_token": done.summary["cloud_2019"]["user_key"],
    }
    assert asked[0].headers["content-type"] == "application/json"
    assert "authorization" not in asked[0].headers


@pytest.mark.parametrize("form", FORMS)
def test_listings_carry_the_id_token_and_odata_the_access_token(ran: Callable[[str], Ran], form: str) -> None:
    done = ran(form)
    find = done.world.tokens.find
    for request in done.journal[1:]:
        grant = find(bearer(request))
        assert grant is not None, request.path
        assert grant.generation is Generation.CLASSIC
        assert grant.identity_only is request.path.startswith("/cloudrpa/"), request.path
    assert len({bearer(request) for request in done.journal[1:]}) == 2


@pytest.mark.parametrize("form", FORMS)
def test_only_odata_names_the_tenant(ran: Callable[[str], Ran], form: str) -> None:
    done = ran(form)
    for request in done.journal:
        named = request.headers.get("x-uipath-tenantname")
        assert named == (instance(done) if "/odata/" in request.path else None), request.path
        assert "x-uipath-organizationunitid" not in request.headers


@pytest.mark.parametrize("form", FORMS)
def test_the_start_is_the_tutorials_body_and_is_sent_once(ran: Callable[[str], Ran], form: str) -> None:
    done = ran(form)
    (start,) = done.starts
    key = next(item["key"] for item in done.summary["releases"] if item["name"] == INTAKE)
    wanted = {"ReleaseKey": key, "Strategy": "All", "RobotIds": [], "JobsCount": 0, "Source": "Manual"}
    assert json.loads(start.body) == {"startInfo": wanted}
    assert list(json.loads(start.body)["startInfo"]) == list(wanted), "the order of the tutorial"
    assert start.headers["content-type"] == "application/json"
    assert start.query == ""
    assert done.world.started_count == 1


@pytest.mark.parametrize("form", FORMS)
def test_the_start_follows_a_look_at_the_newest_job(ran: Callable[[str], Ran], form: str) -> None:
    done = ran(form)
    place = done.journal.index(done.starts[0])
    assert parse_qs(done.journal[place - 1].query) == {"$orderby": ["Id desc"], "$top": ["1"]}


@pytest.mark.parametrize("form", FORMS)
def test_every_job_is_followed_to_its_end(ran: Callable[[str], Ran], form: str) -> None:
    done = ran(form)
    jobs = [job for tenant in done.world.tenants for job in tenant.jobs]
    assert len(jobs) == 2, "one for each robot of the environment"
    for job in jobs:
        assert any(f"job {job.id} Pending" in line for line in done.lines)
        assert any(line.startswith("end") and f"job {job.id} · Successful" in line for line in done.lines)
    polls = [request for request in done.journal if request.path.endswith("/odata/Jobs")][1:]
    asked = {poll.query for poll in polls}
    assert all(f"Id%20eq%20{job.id}" in query for job in jobs for query in asked), "2019.4 knows no `in`"


@pytest.mark.parametrize("form", FORMS)
def test_no_request_asks_for_an_encoding_or_hides_who_asks(ran: Callable[[str], Ran], form: str) -> None:
    for request in ran(form).journal:
        assert request.headers["accept-encoding"] == "identity"
        assert request.headers["user-agent"].startswith("uipath-tui")


def test_both_forms_send_the_same(ran: Callable[[str], Ran]) -> None:
    def bodies(form: str) -> list[Any]:
        done = ran(form)
        return [(request.method, request.path.removeprefix(base(done, form)), request.body) for request in done.journal]

    assert bodies("path")[:7] == bodies("root")[:7]


def test_the_tenant_of_the_address_is_said_to_the_reader(ran: Callable[[str], Ran]) -> None:
    for form in FORMS:
        done = ran(form)
        line = next(line for line in done.lines if line.startswith("instance"))
        assert " at http://127.0.0.1:" in line
        assert (f"/{instance(done)}, version" in line) is (form == "path")
