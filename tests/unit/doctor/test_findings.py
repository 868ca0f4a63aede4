"""What a finding says to people and to programs, and what a refused call is said to lack."""

from collections.abc import Callable
from typing import Any

import pytest

from tui.api.answer import Answer
from tui.api.problems import problem_error
from tui.api.sign_in.scopes import Scope
from tui.api.sign_in.token_set import SignInRecord, Tokens
from tui.doctor.denied import Asking, denied
from tui.doctor.finding import Finding, Status, doubted, exit_code, failed, ok, skipped, summary, warned
from tui.errors import Exit, Failure
from tui.secret import Secret

FAILURE = Failure(
    "Could not list the releases",
    "the server failed (status 500).",
    "Try again in a while",
    exit=Exit.NETWORK,
    status=500,
    server_message="Boom",
    trace_id="00-1",
)
NEED = Scope("OR.Monitoring.Read", "show the robot's log", "Logs.View")
TOKENS = Tokens(Secret("fake-access-token"))


def test_a_failure_keeps_its_words_and_the_servers() -> None:
    found = failed("releases", FAILURE, scope="x")
    assert found.as_json() == {
        "name": "releases",
        "status": "FAIL",
        "finding": "Could not list the releases: the server failed (status 500). The server said: Boom",
        "next_step": "Try again in a while",
        "http_status": 500,
        "trace_id": "00-1",
        "scope": "x",
    }
    assert doubted("releases", FAILURE).status is Status.WARN


@pytest.mark.parametrize(
    ("findings", "code", "words"),
    [
        ([ok("a", "x")], Exit.SUCCESSFUL, "Nothing is wrong."),
        ([ok("a", "x"), skipped("b", "x")], Exit.SUCCESSFUL, "Nothing is wrong. 1 check was skipped."),
        ([warned("a", "x", "y"), doubted("b", FAILURE)], Exit.SUCCESSFUL, "2 warnings."),
        (
            [
                failed("a", Failure("t", "c", "n", exit=Exit.SIGN_IN)),
                failed("b", FAILURE),
                skipped("c", "x"),
                skipped("d", "x"),
            ],
            Exit.SIGN_IN,
            "2 failures. 2 checks were skipped.",
        ),
        ([warned("a", "x", "y"), failed("b", FAILURE)], Exit.NETWORK, "1 failure and 1 warning."),
    ],
)
def test_the_first_failure_decides_the_exit_code(findings: list[Finding], code: Exit, words: str) -> None:
    assert exit_code(findings) is code
    assert summary(findings) == words


def refused(body: bytes, status: int = 403) -> Any:
    return problem_error(Answer(status, (("content-type", "application/json"),), body, "http://x"), "read it")


SCOPE = b'{"errorMessage": "The access token lacks the scope OR.Monitoring."}'
ROLE = b'{"message": "You are not authorized!", "errorCode": 0, "unAuthorizedRequest": true, "__abp": true}'
EITHER = b'{"message": "No.", "errorCode": 0}'


@pytest.mark.parametrize(
    ("body", "record", "lacks", "words", "step"),
    [
        (SCOPE, SignInRecord("personal access token", TOKENS), "scope", "the token lacks the scope OR.Monitoring.Read",
         "Make a new personal access token that has OR.Monitoring.Read"),
        (SCOPE, SignInRecord("application", TOKENS, own_grant=True), "scope", "lacks the scope",
         "Add OR.Monitoring.Read as an application scope"),
        (SCOPE, SignInRecord("browser", TOKENS), "scope", "lacks the scope", "Add OR.Monitoring.Read as a user scope"),
        (ROLE, SignInRecord("browser", TOKENS), "role", "your role lacks the permission Logs.View; the token is fine",
         "Ask an administrator for a role with Logs.View in the folder Finance"),
        (EITHER, SignInRecord("browser", TOKENS), "unknown", "or the token the scope OR.Monitoring.Read",
         "If the role has it: Add OR.Monitoring.Read as a user scope"),
    ],
)  # fmt: skip
def test_a_missing_scope_and_a_missing_role_are_told_apart(
    body: bytes, record: SignInRecord, lacks: str, words: str, step: str
) -> None:
    asking = Asking(record, scoped=True, then="do it again")
    found = denied("robot log", refused(body), NEED, "the folder Finance", asking, vital=False)
    assert found.status is Status.WARN
    assert found.details["lacks"] == lacks
    assert words in found.words
    assert step in found.next_step
    assert ("do it again" in found.next_step) == (lacks != "role")
    vital = denied("robot log", refused(body), NEED, "the folder Finance", asking, vital=True)
    assert (vital.status, vital.exit) == (Status.FAIL, Exit.REFUSED)


@pytest.mark.parametrize("body", [SCOPE, ROLE, EITHER])
def test_where_there_are_no_scopes_it_is_the_role(body: bytes) -> None:
    asking = Asking(SignInRecord("user key", TOKENS), scoped=False, then="do it again")
    found = denied("robot log", refused(body), NEED, "this service instance", asking, vital=True)
    assert "scope" not in found.words + found.next_step
    assert (found.details["lacks"], found.details["scope"]) == ("role", None)


@pytest.mark.parametrize(("vital", "make"), [(True, failed), (False, doubted)])
def test_another_failure_is_no_question_of_rights(vital: bool, make: Callable[..., Finding]) -> None:
    error = refused(b"{}", 500)
    asking = Asking(SignInRecord("browser", TOKENS), scoped=True, then="x")
    assert denied("jobs", error, NEED, "x", asking, vital=vital) == make("jobs", error.failure)
