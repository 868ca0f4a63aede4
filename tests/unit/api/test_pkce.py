"""The browser sign-in: what its address says, and which answers belong to it."""

import base64
import hashlib
import json
from urllib.parse import parse_qs, urlsplit

import pytest

from tui.api.deployments import deployment
from tui.api.sign_in.pkce import AuthorizationAttempt, begin_authorization, challenge_of, code_from, new_verifier
from tui.api.sign_in.token_set import Application
from tui.errors import SignInError, UsageError
from tui.secret import Secret

REDIRECT = "http://127.0.0.1:8765/back"


def attempt_of(key: str = "cloud-2019") -> AuthorizationAttempt:
    place = deployment(key)
    return begin_authorization(place, Application("" if place.is_2019 else "app-id"), "" if place.is_2019 else REDIRECT)


def fields(attempt: AuthorizationAttempt) -> dict[str, str]:
    return {name: value for name, (value,) in parse_qs(urlsplit(attempt.address).query, strict_parsing=True).items()}


def test_the_example_of_the_specification() -> None:
    verifier = Secret("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk")
    assert challenge_of(verifier) == "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
    assert len(new_verifier().reveal()) == 43


def test_the_address_of_2019() -> None:
    attempt = attempt_of()
    found = fields(attempt)
    digest = hashlib.sha256(attempt.verifier.reveal().encode()).digest()
    assert attempt.address.startswith("https://account.uipath.com/authorize?")
    assert found == {
        "response_type": "code",
        "nonce": found["nonce"],
        "state": attempt.state.reveal(),
        "code_challenge": base64.urlsafe_b64encode(digest).decode().rstrip("="),
        "code_challenge_method": "S256",
        "scope": "openid profile offline_access email",
        "audience": "https://orchestrator.cloud.uipath.com",
        "client_id": "5v7PmPJL6FOGu6RB8I1Y4adLBhIwovQN",
        "redirect_uri": "https://account.uipath.com/mobile",
    }
    assert "scope=openid+profile+offline_access+email" in attempt.address
    assert "=" not in found["code_challenge"]
    assert len(found["nonce"]) >= 22


def test_the_address_of_today() -> None:
    attempt = attempt_of("automation-cloud")
    found = fields(attempt)
    assert attempt.address.startswith("https://cloud.uipath.com/identity_/connect/authorize?")
    assert found == {
        "response_type": "code",
        "state": attempt.state.reveal(),
        "code_challenge": challenge_of(attempt.verifier),
        "code_challenge_method": "S256",
        "scope": "OR.Execution.Read OR.Jobs OR.Monitoring.Read OR.Folders.Read offline_access",
        "client_id": "app-id",
        "redirect_uri": REDIRECT,
    }
    assert "scope=OR.Execution.Read%20OR.Jobs%20" in attempt.address
    assert " " not in attempt.address
    place = deployment("automation-cloud")
    named = begin_authorization(place, Application("app-id", scopes="openid OR.Jobs"), REDIRECT, organization="a b")
    assert named.address.endswith("&acr_values=tenantName%3Aa%20b")
    assert fields(named)["scope"] == "openid OR.Jobs offline_access"
    assert fields(named)["nonce"]


@pytest.mark.parametrize(("key", "path"), [("automation-suite", "identity_"), ("standalone", "identity")])
def test_the_address_of_ones_own_server(key: str, path: str) -> None:
    attempt = begin_authorization(deployment(key, "https://x.example.com"), Application("app-id"), REDIRECT)
    assert attempt.address.startswith(f"https://x.example.com/{path}/connect/authorize?")


def test_nothing_is_used_twice() -> None:
    one, two = attempt_of(), attempt_of()
    assert (one.state, one.verifier) != (two.state, two.verifier)
    assert fields(one)["nonce"] != fields(two)["nonce"]
    one.redeem()
    with pytest.raises(SignInError, match="only once"):
        one.redeem()
    two.redeem()


def test_what_is_missing_is_said() -> None:
    with pytest.raises(UsageError, match="application id is missing"):
        begin_authorization(deployment("automation-cloud"), Application(), REDIRECT)
    with pytest.raises(UsageError, match="redirect address is missing"):
        begin_authorization(deployment("automation-cloud"), Application("app-id"))


def test_an_attempt_shows_no_secret() -> None:
    attempt = attempt_of()
    for secret in (attempt.state, attempt.verifier):
        assert secret.reveal() not in repr(attempt)


@pytest.mark.parametrize(
    "text",
    [
        "https://account.uipath.com/mobile?code=abcDEF-123_x&state={state}",
        " “https://account.uipath.com/mobile?code=abcDEF-123_x&state={state}”\n",
        "https://account.uipath.com/mobile?state={state}&code=abcDEF-123_x#_",
        "https://account.uipath.com/mobile?\n   code=abcDEF-\n123_x&state={state}",
        "https://account.uipath.com/mobile#code=abcDEF-123_x&state={state}",
        "account.uipath.com/mobile?code=abcDEF-123_x&state={state}",
        "code=abcDEF-123_x&state={state}",
        "?code=abcDEF-123_x&state={state}",
        "&state={state}&code=abcDEF-123_x",
        "code=abcDEF-123_x",
        "abcDEF-123_x",
    ],
)
def test_codes_that_are_found(text: str) -> None:
    attempt = attempt_of()
    text = text.format(state=attempt.state.reveal())
    assert code_from(attempt, text).reveal() == "abcDEF-123_x"
    if "state" not in text:
        with pytest.raises(UsageError):
            code_from(attempt, text, pasted=False)


@pytest.mark.parametrize("text", ["code=abcDEF&state=x", "https://x.example.com/?error=access_denied&state=x"])
def test_another_sign_in_is_refused(text: str) -> None:
    with pytest.raises(SignInError, match="belongs to another sign-in"):
        code_from(attempt_of(), text)
    with pytest.raises(SignInError, match="belongs to another sign-in"):
        code_from(attempt_of(), f"code=abcDEF&state={attempt_of().state.reveal()}")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "two words",
        "rt_" + "51a0" * 16,
        "eyJhbGciOiJSUzI1NiJ9.e30.c2ln",
        "be33946f-9337-5b59-849b-8822fd27e545",
        "https://account.uipath.com/mobile",
        "https://account.uipath.com/mobile?code=a&code=b",
        "https://[::1",
        "x" * 30_000,
    ],
)
def test_what_holds_no_code(text: str) -> None:
    with pytest.raises(UsageError, match="no code") as error:
        code_from(attempt_of(), text)
    assert not text or text not in str(error.value)


def test_the_sign_in_page_is_told_from_its_end() -> None:
    attempt = attempt_of()
    with pytest.raises(UsageError, match="where the sign-in begins"):
        code_from(attempt, attempt.address)


DATA = {"Data": {"Error": "invalid_scope", "ErrorDescription": "Invalid scope\u001b[2J: OR.Odd", "ClientId": "a"}}
ERROR_ID = base64.b64encode(json.dumps(DATA).encode()).decode()
ERRORS = [
    ("https://x/?error=access_denied&error_description=The+user+said+no", "refused on the page", "The user said no"),
    ("https://cloud.uipath.com/identity_/web/login?errorCode=219&returnUrl=%2F&traceId=00-ab", "own directory", ""),
    (f"https://cloud.uipath.com/identity_/web/?errorCode=invalid_scope&errorId={ERROR_ID}", "these scopes", "OR.Odd"),
    (f"https://cloud.uipath.com/identity_/web/?errorCode=invalid_scope&errorId={ERROR_ID[:-6]}", "these scopes", ""),
    ("https://account.uipath.com/portal_/unhandlederror?error=unauthorized_client&tracking=t1", "people sign in", ""),
    ("https://account.uipath.com/portal_/unhandlederror", "gave an error", ""),
    ("error=invalid_request&error_description=bad", "redirect address is not registered", "bad"),
    ("error=odd%1b%5b31m", "gave an error", ""),
]


@pytest.mark.parametrize(("text", "cause", "said"), ERRORS, ids=range(len(ERRORS)))
def test_errors_of_the_page_are_told(text: str, cause: str, said: str) -> None:
    with pytest.raises(SignInError) as error:
        code_from(attempt_of(), text)
    failure = error.value.failure
    assert cause in failure.cause
    assert said in failure.server_message
    assert failure.next_step
    assert "\x1b" not in str(failure) + failure.server_message + str(failure.error_code)
