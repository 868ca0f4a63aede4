"""Every wrapping in which a token is copied, and every wrong thing with its own sentence."""

import contextlib
import json
import time
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.api.test_tokens import GUID, IDENTITY, KEY, OLD, PAT, TODAY, jwt
from tui.api.deployments import Generation, deployment
from tui.api.sign_in.pkce import begin_authorization, code_from
from tui.api.sign_in.token_set import Application
from tui.api.sign_in.tokens import TokenKind, recognise, recognise_landing
from tui.errors import SignInError, UsageError

ATTEMPT = begin_authorization(deployment("cloud-2019"), Application())
NOW = datetime(2026, 8, 1, 12, tzinfo=UTC)
FRESH = jwt(sub="u", prt_id=GUID, exp=NOW.timestamp() + 3600, scope="OR.Jobs", iss="https://cloud.uipath.com/identity_")
PAT_TOO = "rt_" + "77b1" * 16 + "-1"
SECRET = "Inv3nted(secret)!of#an_app"


@pytest.mark.parametrize("token", [PAT, FRESH])
@pytest.mark.parametrize(
    "wrapping",
    [
        "{}\n",
        "“{}”",
        "\u200b{}\u2060",
        "\u00a0{}",
        "export UIPATH_TOKEN={}",
        "export UIPATH_TOKEN='{}'",
        "UIPATH_TUI_TOKEN={}",
        '$env:UIPATH_ACCESS_TOKEN = "{}"',
        "set UIPATH_PAT={}",
        "access_token={}",
        "Authorization: Bearer {}",
        "authorization:Bearer  {}",
        '-H "Authorization: Bearer {}"',
        "curl -s -H 'Authorization: Bearer {}' https://cloud.uipath.com/a/b/orchestrator_/odata/Releases",
        "curl https://cloud.uipath.com/a/b \\\n  -H 'Accept: */*' \\\n  -H 'Authorization: Bearer {}'",
        "GET /odata/Jobs HTTP/1.1\nHost: x.example.com\nAuthorization: Bearer {}\nAccept: */*",
        "UIPATH_URL=https://cloud.uipath.com/a/b\nUIPATH_ACCESS_TOKEN={}",
    ],
)
def test_wrappings_are_dropped(token: str, wrapping: str) -> None:
    found = recognise(wrapping.format(token), TODAY, now=NOW)
    assert found.usable, found.sentence
    assert found.secret.reveal() == token


@pytest.mark.parametrize("wrapping", ["USER_KEY={}", "refresh_token={}", 'REFRESH_TOKEN="{}"', "Bearer {}"])
def test_wrappings_of_a_user_key(wrapping: str) -> None:
    found = recognise(wrapping.format(KEY), OLD)
    assert (found.usable, found.secret.reveal()) == (True, KEY)


WRONG = [
    (f"{PAT}\n{PAT_TOO}", TODAY, "more than one token"),
    (f"{PAT} {FRESH}", TODAY, "more than one token"),
    (f"A_TOKEN={PAT}\nB_TOKEN={PAT_TOO}", TODAY, "more than one token"),
    (f"curl -H 'Authorization: Bearer {PAT}' -H 'X: Bearer {PAT_TOO}'", TODAY, "more than one token"),
    ("curl https://cloud.uipath.com/a/b", TODAY, "a command without a Bearer token"),
    ("UIPATH_URL=https://cloud.uipath.com\nUIPATH_TENANT=Default", TODAY, "settings of a shell"),
    ("rt_51a0****51a0-1", TODAY, "a masked token"),
    ("…a3f1", TODAY, "a masked token"),
    ("rt_51a051a0...", TODAY, "a masked token"),
    ("••••••••••••", OLD, "a masked token"),
    (PAT.replace("-1", "–1"), TODAY, "1 of its characters only looks like"),
    (KEY.replace("A", "А").replace("e", "е"), OLD, "of its characters only look like"),
    ("rt_51a0", TODAY, "a part is missing or altered"),
    (FRESH.rsplit(".", 1)[0], TODAY, "a part is missing"),
    (FRESH[:40], OLD, "a part is missing"),
    (IDENTITY, TODAY, "an ID token"),
    (jwt(sub="u", exp=1560331692, scope="x"), TODAY, "it ended 2019-06-12 09:28 UTC"),
    (json.dumps({"access_token": jwt(sub="u", exp=1560331692)}), TODAY, "ended 2019-06-12 09:28 UTC"),
    (jwt(sub="u", aud="https://orchestrator.cloud.uipath.com"), TODAY, "the cloud platform of 2019"),
    (jwt(sub="u", iss="https://account.uipath.com/"), TODAY, "the cloud platform of 2019"),
    (FRESH, OLD, "can't be renewed"),
    (PAT, OLD, "on the clouds of today only"),
    (GUID, TODAY, "an id of an application"),
    ("5v7PmPJL6FOGu6RB8I1Y4adLBhIwovQN", OLD, "an id of an application"),
    (SECRET, TODAY, "the secret of an application"),
    (f"UIPATH_CLIENT_SECRET={'a1' * 20}", TODAY, "the secret of an application"),
    ("hunter2", TODAY, "a password or a name"),
    ("please sign me in", TODAY, "several words"),
    ('{"error":"invalid_grant"}', OLD, "an error (invalid_grant)"),
    ('{"error":"<b>odd</b>"}', OLD, "an error: the sign-in"),
    ("https://account.uipath.com/mobile?code=abcDEF123&state=x", OLD, "It belongs to the way “In the browser”"),
    ("code=abcDEF123&state=x", OLD, "where the browser sign-in ended"),
    ("https://cloud.uipath.com/identity_/web/login?errorCode=219", TODAY, "your organization's own directory"),
    ("https://x.example.com/portal_/unhandlederror?error=access_denied", OLD, "refused on the page"),
    ("https://account.uipath.com/authorize?client_id=a&code_challenge=b", OLD, "where a browser sign-in begins"),
]


@pytest.mark.parametrize(("text", "generation", "part"), WRONG, ids=range(len(WRONG)))
def test_every_wrong_thing_has_its_sentence(text: str, generation: Generation, part: str) -> None:
    found = recognise(text, generation, now=NOW)
    assert not found.usable
    assert part in found.sentence
    assert found.sentence.endswith(".")
    assert all(len(word) < 12 or word not in found.sentence for word in text.split() if "://" not in word)


@given(st.text() | st.text(alphabet="abct=&?#/:%_-. \n'\"codestaerr"), st.sampled_from([OLD, TODAY]))
def test_any_text_is_answered(text: str, generation: Generation) -> None:
    assert recognise(text, generation, now=NOW).sentence
    assert recognise_landing(text).sentence
    with contextlib.suppress(UsageError, SignInError):
        assert code_from(ATTEMPT, text)


@pytest.mark.parametrize(
    "piece",
    ["a_", "_", "=", "a=", "bearer ", "Bearer\n", "a.", "code=", "eyJ", "rt_", "x", "*", "…", "'\"", "{", "A_B=c\n"],
)
def test_no_text_takes_long(piece: str) -> None:
    started = time.perf_counter()
    text = piece * (100_000 // len(piece))
    recognise(text, TODAY)
    recognise_landing(text)
    assert time.perf_counter() - started < 2


def test_the_token_of_a_password_sign_in_is_found() -> None:
    answer = {"result": "an-opaque-token-0123456789", "success": True, "__abp": True}
    found = recognise(json.dumps(answer), TODAY)
    assert (found.kind, found.usable) == (TokenKind.TOKEN_ANSWER, True)
    assert found.secret.reveal() == "an-opaque-token-0123456789"


def test_an_ended_token_that_can_be_renewed_is_usable() -> None:
    answer = {"access_token": jwt(sub="u", exp=1560331692), "refresh_token": KEY}
    assert recognise(json.dumps(answer), TODAY, now=NOW).usable


@pytest.mark.parametrize(
    ("text", "usable", "part"),
    [
        ("https://account.uipath.com/mobile?code=abcDEF123&state=x", True, "where the browser sign-in ended."),
        ("https://account.uipath.com/mobile?\n  code=abcDEF123&state=x", True, "where the browser sign-in ended."),
        ("?code=abcDEF123", True, "say which sign-in"),
        ("abcDEF123-_x", True, "may be the code"),
        ("", False, "Nothing pasted"),
        (PAT, False, "This is a token"),
        (FRESH, False, "This is a token"),
        ("https://account.uipath.com/authorize?code_challenge=b&state=x", False, "where the sign-in begins"),
        ("http://127.0.0.1:8/?error=access_denied&state=x", False, "refused on the page"),
        ("https://cloud.uipath.com/a/b", False, "no code in this"),
        ("two words", False, "no code in this"),
    ],
)
def test_ends_of_a_browser_sign_in(text: str, usable: bool, part: str) -> None:
    found = recognise_landing(text)
    assert (found.usable, part in found.sentence) == (usable, True), found.sentence
    assert not usable or found.secret.reveal() == text.strip()


@pytest.mark.parametrize(
    "text",
    ["hello", "1234567", "two words", "cloud.uipath.com", "www.example.com", "ada@example.com", "https://example.com/a",
     "5v7PmPJL6FOGu6RB8I1Y4adLBhIwovQN", "9b2f0000-0000-4000-8000-00000000beef"],
)  # fmt: skip
def test_what_can_be_no_code_is_never_sent(text: str) -> None:
    found = recognise_landing(text)
    assert not found.usable
    assert "whole address" in found.sentence


@pytest.mark.parametrize("text", ["a-code-1", "9F3C2B7A10-1", "SplxlOBeZQ.QYbYS6WxSbIA", "x" * 43, "AbC~d+e_f-g1234"])
def test_what_may_be_a_code_is_tried(text: str) -> None:
    assert recognise_landing(text).usable
