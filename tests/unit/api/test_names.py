"""Names that a terminal must not get raw and a server knows only raw: over the wire and back."""

import base64
import copy
import json
from urllib.parse import unquote

import pytest
from pydantic import TypeAdapter

from tests.unit.api.raw_servers import (
    ACCESS,
    JOB,
    JOB_ID,
    Request,
    Writer,
    always,
    answer,
    connected,
    lost,
    serving,
)
from tui.api.client import OrchestratorClient
from tui.api.deployments import deployment
from tui.api.guids import is_guid
from tui.api.models import Account, AccountsForUser, Folder, Release, ServiceInstance
from tui.api.names import CleanName, clean_name, raw_of
from tui.api.odata import ADDRESS_LIMIT
from tui.api.sign_in.identity import service_instances
from tui.api.start import StartInfo, tutorial_start
from tui.text import clean

NAMES = ["R\u200cX", "soft\u00adhyphen", "👩\u200d💻", "a\u202eb", "esc\x1b[0m'x", "tab\there"]


@pytest.mark.parametrize("name", NAMES)
def test_a_name_is_shown_clean_and_sent_raw(name: str) -> None:
    shown = clean_name(name)
    assert shown == clean(name) != name
    assert raw_of(shown) == name
    assert raw_of(clean_name(shown)) == name
    assert raw_of(copy.deepcopy(shown)) == name
    assert json.dumps(shown) == json.dumps(clean(name))
    assert (hash(shown), f"{shown}") == (hash(clean(name)), clean(name))


def test_a_harmless_name_is_a_plain_text() -> None:
    assert type(clean_name("Größe 1")) is str
    assert raw_of("Größe 1") == "Größe 1"


@pytest.mark.parametrize("name", NAMES)
def test_models_pass_a_name_on(name: str) -> None:
    body = json.dumps({"accounts": [{"accountLogicalName": name}]}).encode()
    account = TypeAdapter(AccountsForUser).validate_json(body).accounts[0]
    assert isinstance(account.name, CleanName)
    again = Account(account_logical_name=account.name)
    assert raw_of(again.account_logical_name) == name
    assert raw_of(again.model_copy(update={"account_name": account.name}).name) == name
    assert raw_of(ServiceInstance(service_instance_logical_name=again.name).logical_name) == name
    assert again.model_dump()["account_logical_name"] == clean(name)


@pytest.mark.parametrize("name", NAMES)
async def test_the_jobs_of_a_release_are_asked_for_by_its_own_name(name: str) -> None:
    async def respond(writer: Writer, request: Request) -> None:
        if "/Releases" in request.path:
            body: object = {"@odata.count": 1, "value": [{"Id": 1, "Key": JOB["Key"], "Name": name}]}
        else:
            wanted = name.replace("'", "''")
            body = {"value": [JOB] if f"ReleaseName eq '{wanted}'" in unquote(request.path) else []}
        writer.write(answer(200, body))
        await writer.drain()

    async with serving(respond) as server, connected(server.url) as (client, _, _clock):
        release = (await client.releases(None)).value[0]
        assert release.name == clean(name)
        assert [job.id for job in (await client.look_for(lost(1, release.name), None)).jobs] == [JOB_ID]


@pytest.mark.parametrize("name", NAMES[:4])
async def test_addresses_and_headers_carry_the_raw_names(name: str) -> None:
    account, instance, folder = clean_name(name), clean_name(f"{name}2"), Folder(fully_qualified_name=f"F/{name}")
    async with serving(always(answer(200, JOB))) as server, connected(server.url) as (client, connection, _):
        base = connection.deployment.orchestrator_bases(account, instance)[0]
        there = OrchestratorClient(connection, client.credentials, base=base, tenant=instance)
        await there.job(JOB_ID, folder)
        asked = server.requests[0]
        assert unquote(asked.path) == f"/{name}/{name}2/odata/Jobs({JOB_ID})"
        assert asked.headers["x-uipath-tenantname"].encode("latin-1").decode() == f"{name}2"
        path = base64.b64decode(asked.headers["x-uipath-folderpath-encoded"]).decode("utf-16-le")
        assert path == f"F/{name}"
        assert asked.headers["authorization"] == f"Bearer {ACCESS}"


async def test_the_instances_of_an_account_are_asked_for_by_its_own_name() -> None:
    async with serving(always(answer(200, []))) as server, connected(server.url) as (client, connection, _):
        await service_instances(connection, client.credentials, clean_name("a\u200cb"))
        assert "/a%E2%80%8Cb/" in server.requests[0].path


def test_half_a_surrogate_pair_is_no_crash() -> None:
    there = deployment("cloud-2019", "https://x.example")
    assert there.orchestrator_bases(clean_name("a\ud800"), "b")[0] == "https://x.example/a%3F/b"


def test_a_start_names_the_key_as_it_came() -> None:
    release = Release.model_validate({"Key": "k\u200c"})
    assert tutorial_start(release).as_wire()["startInfo"]["ReleaseKey"] == "k\u200c"
    assert StartInfo(release_key="k").as_wire()["startInfo"]["ReleaseKey"] == "k"


@pytest.mark.parametrize("first", [1, 10**9, 2**62])
async def test_the_old_id_filter_keeps_addresses_short(first: int) -> None:
    ids = list(range(first, first + 500, 2))

    async def respond(writer: Writer, request: Request) -> None:
        rows = [
            {**JOB, "Id": each} for each in ids if f"Id eq {each} " in f"{unquote(request.path)} ".replace("&", " ")
        ]
        writer.write(answer(200, {"value": rows}))
        await writer.drain()

    async with serving(respond) as server, connected(server.url) as (client, _, _clock):
        assert [job.id for job in await client.jobs(ids, None)] == ids
        assert max(len(server.url + request.path) for request in server.requests) <= ADDRESS_LIMIT
        assert len(server.requests) <= 8


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("be33946f-9337-5b59-849b-8822fd27e545", True),
        ("BE33946F-9337-5B59-849B-8822FD27E545", True),
        ("be33946f-9337-5b59-849b-8822fd27e545\n", False),
        ("be33946f93375b59849b8822fd27e545", False),
        ("ｂe33946f-9337-5b59-849b-8822fd27e545", False),
        ("", False),
    ],
)
def test_guids(text: str, expected: bool) -> None:
    assert is_guid(text) is expected
