"""Each way in on the wire: what is sent, what comes of it, what the log keeps, and what a refusal tells."""

import json
from urllib.parse import parse_qs

import pytest

from tests.unit.api.raw_servers import Request, Writer, always, answer, connected, serving
from tui.api.connection import Connection
from tui.api.problems import ProblemError
from tui.api.sign_in.advice import display_name_used
from tui.api.sign_in.grants import refresh_grant
from tui.api.sign_in.pkce import begin_authorization
from tui.api.sign_in.token_set import Application, Login
from tui.api.sign_in.ways_in import sign_in_as_application, sign_in_by_code, sign_in_by_password
from tui.errors import Exit, Failure, NoAnswerError, SignInError, UiPathTuiError, UsageError
from tui.secret import Secret

APPLICATION = Application("app-id", Secret("Inv3nted(secret)!&of=an app"), "OR.Jobs offline_access OR.Jobs")
CODE = Secret("Invented-code-of-a-browser-sign-in")
LOGIN = Login("ada", Secret("Inv3nted pass&word"), "Default")
OPAQUE = "an-opaque-token-of-a-server-of-one's-own"
GIVEN = {"access_token": "an-access-token-123", "refresh_token": "a-refresh-token-456", "expires_in": 3600}


def form(request: Request) -> dict[str, str]:
    assert request.headers["content-type"] == "application/x-www-form-urlencoded"
    return {name: value for name, (value,) in parse_qs(request.body.decode(), strict_parsing=True).items()}


def kept(connection: Connection) -> str:
    exchanges = list(connection.log)
    assert exchanges
    return repr([(each, each.request_body.data, each.response_body.data) for each in exchanges])


async def test_a_code_of_2019() -> None:
    async with serving(always(answer(200, GIVEN))) as server, connected(server.url) as (_, connection, _clock):
        attempt = begin_authorization(connection.deployment, Application())
        credentials = await sign_in_by_code(connection, attempt, CODE)
        assert server.requests[0].path == "/oauth/token"
        assert json.loads(server.requests[0].body) == {
            "grant_type": "authorization_code",
            "code": CODE.reveal(),
            "redirect_uri": f"{server.url}/mobile",
            "code_verifier": attempt.verifier.reveal(),
            "client_id": "5v7PmPJL6FOGu6RB8I1Y4adLBhIwovQN",
        }
        assert credentials.can_renew
        assert credentials.record.kind == "browser"
        secrets = (CODE.reveal(), attempt.verifier.reveal(), *GIVEN.values())
        assert not any(str(secret) in kept(connection) for secret in secrets if secret != 3600)
        with pytest.raises(SignInError, match="used already"):
            await sign_in_by_code(connection, attempt, CODE)
        assert len(server.requests) == 1


@pytest.mark.parametrize("secret", ["", APPLICATION.client_secret.reveal()])
async def test_a_code_of_today(secret: str) -> None:
    today = serving(always(answer(200, GIVEN)))
    async with today as server, connected(server.url, key="automation-cloud") as (_, connection, _clock):
        application = Application("app-id", Secret(secret))
        attempt = begin_authorization(connection.deployment, application, "http://127.0.0.1:8765/")
        credentials = await sign_in_by_code(connection, attempt, CODE)
        assert server.requests[0].path == "/identity_/connect/token"
        assert form(server.requests[0]) == {
            "grant_type": "authorization_code",
            "code": CODE.reveal(),
            "redirect_uri": "http://127.0.0.1:8765/",
            "code_verifier": attempt.verifier.reveal(),
            "client_id": "app-id",
            **({"client_secret": secret} if secret else {}),
        }
        assert credentials.record.application.client_secret.reveal() == secret
        text = kept(connection)
        assert not any(each in text for each in (CODE.reveal(), attempt.verifier.reveal(), "Inv3nted"))


async def test_a_code_that_was_not_sent_can_be_sent_again() -> None:
    async with serving(always(answer(200, GIVEN))) as server, connected(server.url) as (_, connection, _clock):
        attempt = begin_authorization(connection.deployment, Application())
        async with connected("http://127.0.0.1:9") as (_, unreachable, _other):
            with pytest.raises(NoAnswerError):
                await sign_in_by_code(unreachable, attempt, CODE)
        assert await sign_in_by_code(connection, attempt, CODE)


async def test_an_application() -> None:
    today = serving(always(answer(200, {"access_token": "an-access-token-123", "expires_in": 3600})))
    async with today as server, connected(server.url, key="automation-cloud") as (_, connection, _clock):
        credentials = await sign_in_as_application(connection, APPLICATION)
        assert form(server.requests[0]) == {
            "grant_type": "client_credentials",
            "client_id": "app-id",
            "client_secret": APPLICATION.client_secret.reveal(),
            "scope": "OR.Jobs",
        }
        assert credentials.can_renew
        await credentials.renew(credentials.access)
        assert [form(request)["grant_type"] for request in server.requests] == ["client_credentials"] * 2
        assert "Inv3nted" not in kept(connection)
        await sign_in_as_application(connection, Application("app-id", Secret("another-secret")))
        assert form(server.requests[-1])["scope"] == "OR.Execution.Read OR.Jobs OR.Monitoring.Read OR.Folders.Read"


@pytest.mark.parametrize("application", [Application("app-id"), Application("", Secret("only-a-secret"))])
async def test_half_an_application_is_not_sent(application: Application) -> None:
    today = serving(always(answer(200, GIVEN)))
    async with today as server, connected(server.url, key="automation-cloud") as (_, connection, _clock):
        with pytest.raises(UsageError):
            await sign_in_as_application(connection, application)
        assert server.connections == 0


async def test_a_user_and_a_password() -> None:
    envelope = {"result": OPAQUE, "targetUrl": None, "success": True, "error": None, "__abp": True}
    own = serving(always(answer(200, envelope)))
    async with own as server, connected(server.url, key="standalone") as (_, connection, clock):
        credentials = await sign_in_by_password(connection, LOGIN)
        assert server.requests[0].path == "/api/Account/Authenticate"
        assert json.loads(server.requests[0].body) == {
            "tenancyName": "Default",
            "usernameOrEmailAddress": "ada",
            "password": LOGIN.password.reveal(),
        }
        assert credentials.access.reveal() == OPAQUE
        assert credentials.expires_at is not None
        assert (credentials.expires_at - clock.now()).total_seconds() == 1800
        clock.seconds += 1750
        await credentials.ready()
        assert len(server.posts()) == 2
        text = kept(connection)
        assert OPAQUE not in text
        assert "Inv3nted" not in text
        await sign_in_by_password(connection, Login("ada", LOGIN.password))
        assert "tenancyName" not in json.loads(server.requests[-1].body)


@pytest.mark.parametrize("key", ["cloud-2019", "automation-cloud"])
async def test_passwords_are_for_servers_of_ones_own(key: str) -> None:
    async with serving(always(answer(200, GIVEN))) as server, connected(server.url, key=key) as (_, connection, _c):
        with pytest.raises(UsageError, match="don't sign in here"):
            await sign_in_by_password(connection, LOGIN)
        assert server.connections == 0


async def test_a_refresh_names_a_confidential_application() -> None:
    today = serving(always(answer(200, GIVEN)))
    async with today as server, connected(server.url, key="automation-cloud") as (_, connection, _clock):
        await refresh_grant(connection, Secret("a-refresh-token-123"), APPLICATION)
        assert form(server.requests[0])["client_secret"] == APPLICATION.client_secret.reveal()
        assert "Inv3nted" not in kept(connection)


def oauth(status: int, word: str, text: str = "") -> bytes:
    return answer(status, {"error": word, **({"error_description": text} if text else {})})


def abp(status: int, message: str, details: str = "") -> bytes:
    error = {"code": 0, "message": message, "details": details}
    return answer(status, {"result": None, "success": False, "error": error, "__abp": True})


async def signing_in(connection: Connection, way: str) -> None:
    match way:
        case "key" | "refresh":
            await refresh_grant(connection, Secret("a-refresh-token-123"), Application("app-id"))
        case "code":
            attempt = begin_authorization(connection.deployment, Application("app-id"), "http://127.0.0.1:8765/")
            await sign_in_by_code(connection, attempt, CODE)
        case "application":
            await sign_in_as_application(connection, APPLICATION)
        case _:
            await sign_in_by_password(connection, LOGIN)


REFUSALS = [
    ("cloud-2019", "key", oauth(403, "invalid_grant", "Unknown or invalid refresh token."), "Revoke Access", "new one"),
    ("cloud-2019", "key", oauth(401, "invalid_client"), "does not belong to this application id", "client_id"),
    ("cloud-2019", "key", oauth(403, "unauthorized_client"), "does not belong to this application id", "client_id"),
    ("cloud-2019", "key", answer(401, b""), "wrong, revoked", "paste it"),
    ("cloud-2019", "code", oauth(403, "invalid_grant", "Invalid authorization code"), "used before", "only once"),
    ("automation-cloud", "code", oauth(400, "invalid_grant"), "used before, is too old", "only once"),
    ("cloud-2019", "code", oauth(403, "invalid_grant", "Failed to verify code verifier"), "another sign-in", "again"),
    ("automation-cloud", "code", oauth(400, "invalid_client"), "wants a secret", "External applications"),
    ("automation-cloud", "code", oauth(400, "unauthorized_client"), "not one that people", "redirect address"),
    ("automation-cloud", "code", oauth(400, "invalid_scope"), "OR.Monitoring.Read", "user scopes"),
    ("automation-cloud", "refresh", oauth(400, "invalid_grant"), "each works once", "Sign in again"),
    ("automation-cloud", "refresh", oauth(400, "invalid_client"), "another application", "secret"),
    ("automation-cloud", "application", oauth(400, "invalid_client"), "the secret is wrong", "lost secret"),
    ("automation-cloud", "application", oauth(400, "unauthorized_client"), "not confidential", "browser"),
    (
        "automation-cloud",
        "application",
        oauth(400, "invalid_scope"),
        "scopes OR.Jobs; offline_access",
        "application scopes",
    ),
    ("automation-cloud", "application", oauth(400, "odd\u001b[31m"), "id and secret", "Check both"),
    ("standalone", "password", abp(400, "Login failed!", "Invalid user name or password."), "password", "host admin"),
    ("standalone", "password", abp(401, "Login failed!", "The user is locked out."), "locked", "unlock"),
    ("standalone", "password", abp(403, "You are not authorized!"), "2021.10", "application or a token"),
    ("standalone", "password", abp(400, "Basic authentication is disabled"), "2021.10", "application or a token"),
    ("standalone", "password", answer(404, b""), "2021.10", "application or a token"),
    ("automation-cloud", "application", answer(404, b""), "no sign-in at this address", "base address"),
]


@pytest.mark.parametrize(("key", "way", "reply", "cause", "next_step"), REFUSALS, ids=range(len(REFUSALS)))
async def test_every_refusal_has_its_cause_and_next_step(
    key: str, way: str, reply: bytes, cause: str, next_step: str
) -> None:
    async with serving(always(reply)) as server, connected(server.url, key=key) as (_, connection, _clock):
        with pytest.raises(SignInError) as error:
            await signing_in(connection, way)
        failure = error.value.failure
        assert cause in failure.cause
        assert next_step in failure.next_step
        assert failure.exit is Exit.SIGN_IN
        assert len(server.requests) == 1
        assert "\x1b" not in str(failure) + failure.server_message + str(failure.error_code)
        assert "…" not in str(failure.error_code)
        assert not any(each in repr(error.value) for each in ("Inv3nted", CODE.reveal(), "a-refresh-token"))


@pytest.mark.parametrize("status", [200, 400, 404])
@pytest.mark.parametrize(
    ("key", "way"), [("standalone", "application"), ("standalone", "password"), ("cloud-2019", "key")]
)
async def test_a_page_for_people_means_a_wrong_address(status: int, key: str, way: str) -> None:
    reply = answer(status, b"<!DOCTYPE html><p>hello", "text/html")
    async with serving(always(reply)) as server, connected(server.url, key=key) as (_, connection, _clock):
        with pytest.raises(ProblemError, match="base address"):
            await signing_in(connection, way)


async def test_a_failing_server_is_no_refusal() -> None:
    for reply in (answer(503, b"<html>down", "text/html"), answer(502, b"")):
        async with serving(always(reply)) as server, connected(server.url) as (_, connection, _clock):
            with pytest.raises(UiPathTuiError, match="failed"):
                await signing_in(connection, "key")


async def test_secrets_are_learned_before_they_are_sent() -> None:
    async def echo(writer: Writer, request: Request) -> None:
        writer.write(answer(400, {"error": "invalid_grant", "error_description": request.body.decode()}))
        await writer.drain()

    for key, way in (("cloud-2019", "code"), ("automation-cloud", "application"), ("standalone", "password")):
        async with serving(echo) as server, connected(server.url, key=key) as (_, connection, _clock):
            with pytest.raises(SignInError) as error:
                await signing_in(connection, way)
            text = kept(connection) + repr(error.value.failure)
            assert not any(secret in text for secret in ("Inv3nted", CODE.reveal()))


def test_a_display_name_is_told() -> None:
    failure = display_name_used(Failure("Could not open it", "x", "y", status=404), "Acme Corp", "Demo Default")
    assert "“Acme Corp/Demo Default”" in failure.cause
    assert "display names" in failure.cause
    assert failure.exit is Exit.NOT_FOUND
