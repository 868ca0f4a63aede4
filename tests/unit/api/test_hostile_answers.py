"""Answers made to break whoever reads them: headers, addresses, shapes, and secrets sent back."""

import json
from datetime import UTC, datetime

import httpx
import pytest

from tests.unit.api.raw_servers import (
    ACCESS,
    JOB,
    JOB_ID,
    REFRESH,
    STARTED,
    Request,
    Writer,
    always,
    answer,
    connected,
    serving,
)
from tui.api import starting
from tui.api.failures import CallError
from tui.api.outcome import Accepted, Rejected, Unknown
from tui.api.problems import Kind, ProblemError
from tui.api.start import StartInfo
from tui.errors import Exit, SignInError, UiPathTuiError
from tui.exchanges.model import Exchange
from tui.exchanges.reasons import Reason
from tui.secret import fingerprint

INFO = StartInfo(release_key="be33946f-9337-5b59-849b-8822fd27e545")
LOCATIONS = [
    "http://[bad",
    "http://ex\x01ample/",
    "http://xn--zzzzzz--/",
    "http://host:99999999/",
    "http://a b/",
    "\xff\xfe",
    "//",
    "",
    "https://u:p@h/",
]


async def test_a_header_in_latin_1_is_no_reason_to_lose_an_accepted_start() -> None:
    odd = always(answer(201, STARTED, extra="X-Name: B\xfccher\r\n"))
    async with serving(odd) as server, connected(server.url) as (client, connection, _):
        outcome = await client.start(INFO, None)
        assert isinstance(outcome, Accepted)
        assert [job.id for job in outcome.jobs] == [JOB_ID]
        assert ("X-Name", "B\xfccher") in connection.log[0].response_headers


@pytest.mark.parametrize("location", LOCATIONS)
async def test_a_start_redirected_anywhere_is_unknown(location: str) -> None:
    async with serving(always(answer(302, b"", extra=f"Location: {location}\r\n"))) as server:
        async with connected(server.url) as (client, connection, _):
            outcome = await client.start(INFO, None)
            assert isinstance(outcome, Unknown), outcome
            assert outcome.failure.status == 302
            assert "never followed" in outcome.failure.cause
            with pytest.raises(ProblemError) as error:
                await client.job(JOB_ID, None)
            assert error.value.kind is Kind.REDIRECT
            # The log has it, even if control characters in it are no header to the parser.
            assert connection.log[0].status == 302
        assert len(server.posts()) == 1


@pytest.mark.parametrize("cookie", ["a=b; expires=x; max-age=99999999999999999999", "\xff=\xfe; domain=[", ";;;="])
async def test_odd_cookies_break_nothing(cookie: str) -> None:
    odd = always(answer(201, STARTED, extra=f"Set-Cookie: {cookie}\r\n"))
    async with serving(odd) as server, connected(server.url) as (client, _, _clock):
        assert isinstance(await client.start(INFO, None), Accepted)


async def test_errors_of_the_client_itself_are_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    async with serving(always(answer(201, STARTED))) as server, connected(server.url) as (client, connection, _):
        sending = connection._client(one_shot=True)

        async def fail(*_: object, **__: object) -> httpx.Response:
            raise httpx.RemoteProtocolError("over the answer")

        monkeypatch.setattr(sending, "_send_handling_redirects", fail)
        assert isinstance(await client.start(INFO, None), Unknown)
        monkeypatch.setattr(connection._client(), "_send_handling_redirects", fail)
        with pytest.raises(CallError) as error:
            await client.job(JOB_ID, None)
        assert error.value.sent
        assert error.value.reason is Reason.OTHER


async def test_a_defect_after_sending_is_unknown(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(starting, "classify", broken)
    async with serving(always(answer(201, STARTED))) as server, connected(server.url) as (client, _, _clock):
        outcome = await client.start(INFO, None)
        assert isinstance(outcome, Unknown)
        assert outcome.failure.exit is Exit.OUTCOME_UNKNOWN
        assert "ZeroDivisionError" in outcome.failure.cause
        assert len(server.posts()) == 1


async def test_a_listener_that_fails_breaks_no_call() -> None:
    heard: list[int] = []

    def broken(_: Exchange) -> None:
        raise RuntimeError("a view is gone")

    async with serving(always(answer(201, STARTED))) as server, connected(server.url) as (client, connection, _):
        connection.log.subscribe(broken)
        connection.log.subscribe(lambda exchange: heard.append(exchange.id))
        assert isinstance(await client.start(INFO, None), Accepted)
        assert isinstance(await client.start(INFO, None), Accepted)
        assert heard == [1, 2]
        assert [str(error) for error in connection.log.failures] == ["a view is gone"]
        assert len(connection.log) == 2


UNPROVEN = {
    "null": {"value": None},
    "deeper": {"error": {"value": 1}},
    "deeper list": {"error": {"value": []}},
    "object": {"value": {}},
    "text": {"value": ""},
    "null row": {"value": [None]},
    "beside an error": {"value": [], "error": {"message": "m"}},
    "other letter case": {"Value": []},
    "two rows, one without a key": {"value": [JOB, {"Id": 2}]},
}


@pytest.mark.parametrize("shape", UNPROVEN)
async def test_only_a_real_list_proves_what_was_started(shape: str) -> None:
    async with serving(always(answer(201, UNPROVEN[shape]))) as server, connected(server.url) as (client, _, _clock):
        outcome = await client.start(INFO, None)
        assert isinstance(outcome, Unknown), outcome


@pytest.mark.parametrize("asked", [1, 2, 5])
async def test_other_numbers_of_jobs_than_asked_for_are_accepted(asked: int) -> None:
    info = StartInfo(INFO.release_key, strategy="JobsCount", jobs_count=asked)
    two = {"value": [JOB, {**JOB, "Id": 2}]}
    async with serving(always(answer(201, two))) as server, connected(server.url) as (client, _, _clock):
        outcome = await client.start(info, None)
        assert isinstance(outcome, Accepted)
        assert len(outcome.jobs) == 2


async def test_a_refused_sign_in_repeats_no_key() -> None:
    said = {"error": "invalid_grant", "error_description": f"Unknown refresh token {REFRESH}"}
    async with serving(always(answer(403, said))) as server, connected(server.url) as (client, _, _clock):
        with pytest.raises(SignInError) as error:
            await client.credentials.renew(client.credentials.access)
        failure = error.value.failure
        assert REFRESH not in repr(failure) + str(error.value)
        assert failure.server_message == f"invalid_grant: Unknown refresh token {fingerprint(REFRESH)}"


async def test_an_error_repeats_no_secret_however_it_is_written() -> None:
    jwt = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJ4In0.c2lnbmF0dXJl"
    words = f"{ACCESS} {ACCESS.encode().hex()} {ACCESS[:20]}… {jwt} at https://x.example/?access_token=zzzz"
    async with serving(always(answer(400, {"message": words}))) as server, connected(server.url) as (client, _, _clock):
        outcome = await client.start(INFO, None)
        assert isinstance(outcome, Rejected)
        message = outcome.failure.server_message
        mark = fingerprint(ACCESS)
        assert (
            message
            == f"{mark} {mark} {mark}… {fingerprint(jwt)} at https://x.example/?access_token={fingerprint('zzzz')}"
        )


async def test_of_a_redirect_only_the_place_is_told() -> None:
    target = f"https://user:{ACCESS}@elsewhere.example:8443/{ACCESS}?x={ACCESS}"
    away = always(answer(302, b"", extra=f"Location: {target}\r\n"))
    async with serving(away) as server, connected(server.url) as (client, connection, _):
        with pytest.raises(ProblemError) as error:
            await client.job(JOB_ID, None)
        assert "to https://elsewhere.example:8443;" in error.value.failure.cause
        assert ACCESS not in repr(error.value.failure) + repr(list(connection.log))


async def test_models_hold_no_live_secret_and_every_other_value() -> None:
    row = {
        **JOB,
        "State": "Faulted",
        "Info": f"Bearer {ACCESS} refused",
        "OutputArguments": f'{{"t":"{ACCESS[:15]}…"}}',
    }
    async with serving(always(answer(200, row))) as server, connected(server.url) as (client, connection, _):
        job = await client.job(JOB_ID, None)
        assert job.info == f"Bearer {fingerprint(ACCESS)} refused"
        assert job.output_arguments == f'{{"t":"{fingerprint(ACCESS)}…"}}'
        assert (job.state, job.key) == ("Faulted", JOB["Key"])
        connection.redactor.learn("10173064")
        connection.redactor.learn("Faulted!")
        assert (await client.job(JOB_ID, None)).id == JOB_ID


async def test_words_of_a_sign_in_in_an_answer_hide_no_state() -> None:
    row = {**JOB, "State": "Successful", "Info": "grant_type redirect_uri", "code": "Successful"}
    row["OutputArguments"] = "https://x.example/?state=Successful&code=Successful"
    async with serving(always(answer(200, row))) as server, connected(server.url) as (client, connection, _):
        for _ in range(2):
            assert (await client.job(JOB_ID, None)).state == "Successful"
        for exchange in connection.log:
            assert json.loads(exchange.response_body.data)["State"] == "Successful"


async def test_a_token_in_header_reason_and_content_type_is_not_kept() -> None:
    opaque = "opaque-token-of-a-new-sign-in-42"

    async def respond(writer: Writer, request: Request) -> None:
        if request.method == "POST":
            body = json.dumps({"access_token": opaque, "expires_in": 60}).encode()
            writer.write(
                f"HTTP/1.1 200 OK {opaque}\r\nContent-Type: application/json; x={opaque}\r\nX-Copy: {opaque}\r\n"
                f"Content-Length: {len(body)}\r\n\r\n".encode()
                + body
            )
        else:
            writer.write(answer(200, JOB))
        await writer.drain()

    async with serving(respond) as server, connected(server.url) as (client, connection, _):
        await client.credentials.renew(client.credentials.access)
        assert client.credentials.access.reveal() == opaque
        assert opaque not in repr(list(connection.log))
        assert connection.log[0].response_body.content_type == f"application/json; x={fingerprint(opaque)}"


async def test_api_versions_are_harmless_where_they_are_kept() -> None:
    extra = "api-supported-versions: 1.0\x1b]0;OWNED\x07, 9.0, 12.0\r\n".replace("\x07", "\xc2\x9b")
    odd = always(answer(200, JOB, extra=extra))
    async with serving(odd) as server, connected(server.url) as (client, connection, _):
        await client.job(JOB_ID, None)
        assert connection.api_versions.isprintable()


@pytest.mark.parametrize(
    ("versions", "shown"),
    [("1.0, 2.0, 3.0, 4.0", "API 4.0"), ("9.0,10.0", "API 10.0"), ("v2", "API 2"), ("none", ""), ("", "")],
)
async def test_the_version_is_the_newest_one_named(versions: str, shown: str) -> None:
    extra = f"api-supported-versions: {versions}\r\n"
    async with serving(always(answer(200, JOB, extra=extra))) as server, connected(server.url) as (client, _, _clock):
        await client.job(JOB_ID, None)
        assert await client.version() == shown


@pytest.mark.parametrize(("body", "shown"), [({"version": "23.10"}, "23.10"), ({}, "API 4.0"), (b"x", "API 4.0")])
async def test_the_products_version_comes_first(body: object, shown: str) -> None:
    served = always(answer(200, body, extra="api-supported-versions: 1.0, 4.0\r\n"))
    async with serving(served) as server, connected(server.url, key="automation-cloud") as (client, _, _clock):
        assert await client.version() == shown


TIMES = {
    "0001-01-01T00:00:00Z": None,
    "0001-01-01T00:00:00": None,
    "0001-01-01T00:00:00+02:00": None,
    "9999-12-31T23:59:59.9999999Z": None,
    "9999-12-31T23:59:59-02:00": None,
    "": None,
    "yesterday": None,
    "2019-06-12T09:28:12": datetime(2019, 6, 12, 9, 28, 12, tzinfo=UTC),
    "2019-06-12T09:28:12+02:00": datetime(2019, 6, 12, 7, 28, 12, tzinfo=UTC),
}


@pytest.mark.parametrize("text", TIMES)
async def test_an_impossible_time_is_none_and_hides_nothing(text: str) -> None:
    job = {**JOB, "CreationTime": text, "StartTime": text, "EndTime": "2020-01-01T00:00:00Z"}
    async with serving(always(answer(201, {"value": [job]}))) as server, connected(server.url) as (client, _, _clock):
        outcome = await client.start(INFO, None)
        assert isinstance(outcome, Accepted)
        (found,) = outcome.jobs
        assert (found.creation_time, found.start_time) == (TIMES[text], TIMES[text])
        assert found.end_time == datetime(2020, 1, 1, tzinfo=UTC)
        await client.newest_job_id(None)


@pytest.mark.parametrize("body", [{"value": [JOB]}, {}, {**JOB, "Id": 5}, {"d": JOB}])
async def test_an_answer_about_another_job_is_unreadable(body: object) -> None:
    async with serving(always(answer(200, body))) as server, connected(server.url) as (client, _, _clock):
        with pytest.raises(ProblemError) as error:
            await client.job(JOB_ID, None)
        assert error.value.kind is Kind.UNREADABLE
        assert error.value.failure.server_message == ""
        assert "another job" in error.value.failure.cause


async def test_no_folders_of_ones_own_are_asked_for_in_the_other_way() -> None:
    asked: list[str] = []
    every = [
        answer(200, {"value": [{"Id": 3, "DisplayName": "Shared", "Key": "k"}], "@odata.count": 1}),
        answer(403, {"message": "no"}),
        answer(200, b"<html>"),
        answer(404),
        answer(302),
    ]
    waiting = iter(every)

    async def respond(writer: Writer, request: Request) -> None:
        asked.append(request.path.partition("?")[0])
        own = "GetAllForCurrentUser" in request.path
        writer.write(answer(200, {"PageItems": [], "Count": 0}) if own else next(waiting))
        await writer.drain()

    async with serving(respond) as server, connected(server.url, key="automation-cloud") as (client, _, _clock):
        assert [folder.path for folder in await client.folders()] == ["Shared"]
        assert asked == ["/api/Folders/GetAllForCurrentUser", "/odata/Folders"]
        for _ in every[1:]:
            assert await client.folders() == ()
    assert len(asked) == 10


async def test_any_failing_answer_ends_as_one_of_our_errors_with_the_log_kept() -> None:
    extra = "Location: http://[bad\r\nX-A: \xff\xfe\r\nRetry-After: \xb2\r\nDate: x\r\nContent-Type: \xff\r\n"
    for status in (200, 302, 404, 429):
        odd = always(answer(status, b"\xff", extra=extra))
        async with serving(odd) as server, connected(server.url) as (client, connection, _):
            with pytest.raises(UiPathTuiError):
                await client.releases(None)
            assert len(connection.log) == (3 if status == 429 else 1)


async def test_a_secret_in_wide_characters_is_taken_out_of_an_answer_to_a_question() -> None:
    named = "kept-by-nobody-2046"
    said = json.dumps({"note": ACCESS, "password": named}).encode("utf-16")
    async with serving(always(answer(200, said))) as server, connected(server.url) as (client, connection, _):
        with pytest.raises(UiPathTuiError):
            await client.job(JOB_ID, None)
        kept = connection.log[0].response_body.data.decode("utf-16")
        assert json.loads(kept) == {"note": fingerprint(ACCESS), "password": fingerprint(named)}
