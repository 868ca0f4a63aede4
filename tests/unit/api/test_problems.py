import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from tui.api.answer import Answer
from tui.api.models import Job, Page, TokenAnswer
from tui.api.parsing import parsed
from tui.api.problems import Kind, ProblemError, failure_of, problem_of
from tui.api.rights import holder_of
from tui.errors import Exit

TRACE = "00-0123456789abcdef0123456789abcdef-0123456789abcdef-00"


def make(status: int, body: object = b"", content_type: str = "application/json", **headers: str) -> Answer:
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    pairs = (("Content-Type", content_type), *((name.replace("_", "-"), value) for name, value in headers.items()))
    return Answer(status, pairs, data, "https://platform.uipath.com/odata/Jobs")


ABP = {
    "message": "You are not authorized!",
    "errorCode": 0,
    "result": None,
    "success": False,
    "error": {
        "code": 0,
        "message": "You are not authorized!",
        "details": "You are not allowed to perform this operation.",
        "validationErrors": None,
    },
    "unAuthorizedRequest": True,
    "__abp": True,
}
SHAPES = {
    "orchestrator": (
        make(404, {"message": "Demo does not exist.", "errorCode": 1002, "traceId": TRACE, "resourceIds": None}),
        (Kind.NOT_FOUND, "Demo does not exist.", 1002, TRACE),
    ),
    "abp": (
        make(401, ABP),
        (Kind.SIGN_IN, "You are not authorized!: You are not allowed to perform this operation.", None, ""),
    ),
    "abp with a code": (
        make(400, {"error": {"code": 1009, "message": None, "details": "bad"}, "__abp": True}),
        (Kind.BAD_REQUEST, "bad", 1009, ""),
    ),
    "errorMessage": (
        make(403, {"errorMessage": "Expected scope OR.Jobs"}),
        (Kind.NOT_ALLOWED, "Expected scope OR.Jobs", None, ""),
    ),
    "identity": (make(400, {"error": "invalid_grant"}), (Kind.BAD_REQUEST, "invalid_grant", "invalid_grant", "")),
    "identity with a description": (
        make(400, {"error": "invalid_scope", "error_description": "no offline_access"}),
        (Kind.BAD_REQUEST, "invalid_scope: no offline_access", "invalid_scope", ""),
    ),
    "rfc 7807": (
        make(
            400,
            {
                "type": "x",
                "title": "Validation failed.",
                "status": 400,
                "traceId": TRACE,
                "errors": {"startInfo": ["is required", "is odd"]},
            },
        ),
        (Kind.BAD_REQUEST, "Validation failed; startInfo: is required is odd", None, TRACE),
    ),
    "rfc 7807 without errors": (make(404, {"title": "Not Found"}), (Kind.NOT_FOUND, "Not Found", None, "")),
    "pascal case": (
        make(500, {"StatusCode": 500, "StatusDescription": "Internal", "Message": "Boom"}),
        (Kind.SERVER, "Boom", None, ""),
    ),
    "html": (make(404, b"<html><b>Not found</b>", "text/html"), (Kind.NOT_FOUND, "", None, "")),
    "html with 200": (make(200, b"\r\n<!DOCTYPE html><p>", "text/plain"), (Kind.WRONG_ADDRESS, "", None, "")),
    "empty": (make(403), (Kind.NOT_ALLOWED, "", None, "")),
    "text": (make(503, b"upstream\r\nis down", "text/plain"), (Kind.SERVER, "upstream is down", None, "")),
    "folder missing": (make(400, {"message": "m", "errorCode": 1101}), (Kind.FOLDER, "m", 1101, "")),
    "folder unknown": (make(400, {"message": "m", "errorCode": 1100}), (Kind.FOLDER, "m", 1100, "")),
    "conflict": (make(409, {"message": "m", "errorCode": 1671}), (Kind.CONFLICT, "m", 1671, "")),
    "limit": (make(429, {"message": "slow"}), (Kind.LIMIT, "slow", None, "")),
    "timeout": (make(408), (Kind.SERVER, "", None, "")),
    "redirect": (
        make(307, b"", location="https://evil.example/p?refresh_token=zzz"),
        (Kind.REDIRECT, "https://evil.example", None, ""),
    ),
    "message wins over an empty error": (make(400, {"message": "m", "error": None}), (Kind.BAD_REQUEST, "m", None, "")),
    "not what it seems": (make(400, {"message": {"a": 1}, "errorCode": [1]}), (Kind.BAD_REQUEST, "", None, "")),
    "a list": (make(400, [1]), (Kind.BAD_REQUEST, "[1]", None, "")),
}


@pytest.mark.parametrize("shape", SHAPES)
def test_every_shape_becomes_one_problem(shape: str) -> None:
    answer, (kind, message, code, trace_id) = SHAPES[shape]
    problem = problem_of(answer)
    assert (problem.kind, problem.message, problem.error_code, problem.trace_id) == (kind, message, code, trace_id)
    failure = failure_of(problem, "list the releases")
    assert failure.title == "Could not list the releases"
    assert failure.cause
    assert failure.next_step
    assert failure.status == answer.status


@pytest.mark.parametrize(
    ("status", "body", "cause", "next_step"),
    [
        (403, {"errorMessage": "Insufficient scope: OR.Jobs or OR.Jobs.Write"}, "OR.Jobs or OR.Jobs.Write", "scope"),
        (403, {"errorMessage": "Expected another"}, "that the server names", "sign in again"),
        (403, ABP, "your role does not allow", "administrator"),
        (403, {"message": "You don't have permissions", "errorCode": 1108}, "your role does not allow", "permission"),
        (403, {"message": "odd"}, "your role or the token's scopes", "administrator"),
        (403, {"errorMessage": "Insufficient scope: OR.Jobs"}, "your role may well allow it", "Get a token that has"),
        (401, ABP, "has ended, was revoked", "Sign in again"),
        (400, {"message": "m", "errorCode": 1100}, "not open to you", "assign you"),
        (400, {"message": "m", "errorCode": 1101}, "none was named", "Choose a folder"),
        (404, {"message": "m", "errorCode": 1002}, "no such item in this folder", "Check the folder"),
    ],
)
def test_a_missing_scope_is_told_from_a_missing_role(status: int, body: object, cause: str, next_step: str) -> None:
    failure = failure_of(problem_of(make(status, body)), "start the job")
    assert cause in failure.cause
    assert next_step in failure.next_step


SCOPE = {"errorMessage": "Insufficient scope: OR.Jobs or OR.Jobs.Write"}
ODD = {"message": "odd"}


@pytest.mark.parametrize(
    ("kind", "scoped", "body", "said", "never"),
    [
        ("user key", False, ABP, "role with the permission", "scope"),
        ("user key", False, SCOPE, "role with the permission", "scope"),
        ("user key", False, b"", "signing in anew would not help", "token"),
        ("browser", False, ODD, "role in Orchestrator", "scope"),
        ("user and password", True, ODD, "your role does not allow", "scope"),
        ("personal access token", True, SCOPE, "Make a new personal access token that has the scope OR.Jobs", "Admin,"),
        ("personal access token", True, ABP, "your role does not allow", "Make a new"),
        ("personal access token", True, ODD, "If the role has it: make a new personal", "Admin,"),
        ("application", True, SCOPE, "as an application scope to the application (Admin", "personal"),
        ("application", True, ABP, "give the application a role", "scope"),
        ("browser", True, SCOPE, "as a user scope to the application (Admin", "personal"),
        ("access token", True, SCOPE, "Get a token that has the scope OR.Jobs", "Admin,"),
    ],
)
def test_what_is_not_allowed_is_advised_on_by_how_one_signed_in(
    kind: str, scoped: bool, body: object, said: str, never: str
) -> None:
    answer = replace(make(403, body), holder=holder_of(kind, scoped=scoped))
    failure = failure_of(problem_of(answer), "start the job")
    words = f"{failure.cause}. {failure.next_step}"
    assert said in words
    assert never not in words


def test_advice_by_kind_and_code() -> None:
    assert failure_of(problem_of(make(401)), "x").exit is Exit.SIGN_IN
    assert failure_of(problem_of(make(403)), "x").exit is Exit.REFUSED
    assert failure_of(problem_of(make(404)), "x").exit is Exit.NOT_FOUND
    assert "runtime" in failure_of(problem_of(make(409, {"message": "m", "errorCode": 2818})), "x").cause
    assert "42 seconds" in failure_of(problem_of(make(429), 42.0), "x").next_step
    assert "never followed" in failure_of(problem_of(make(302, location="https://e.example/")), "x").cause


def test_hostile_words_are_harmless() -> None:
    problem = problem_of(make(400, {"message": "a\u001b]52;c;x\u0007\u202e[/b]" + "x" * 9000, "traceId": "\u009b2J"}))
    assert "\x1b" not in problem.message
    assert "\u202e" not in problem.message
    assert problem.message.startswith("a␛]52;c;x␇<U+202E>[/b]")
    assert len(problem.message) < 1100
    assert problem.trace_id == "<U+009B>2J"


@given(st.binary(), st.integers(200, 599))
def test_any_answer_is_survived(body: bytes, status: int) -> None:
    failure_of(problem_of(make(status, body)), "x")


JOBS = TypeAdapter(Page[Job])
TOKEN = TypeAdapter(TokenAnswer)
BAD_DOCUMENTS = {
    "empty": b"",
    "cut": b'{"value":[{"Id":1',
    "no JSON": b"hello",
    "NaN": b'{"value":[{"Id":NaN}]}',
    "infinite": b'{"value":[{"Id":1e400}]}',
    "huge id": b'{"value":[{"Id":' + b"9" * 5_000 + b"}]}",
    "deep": b'{"value":' + b"[" * 100_000,
    "wrong type": b'{"value":{"a":1}}',
    "wrong row": b'{"value":[3]}',
    "wrong field": b'{"value":[{"Id":"x"}]}',
    "bad UTF-8": b'{"value":[{"State":"\xff"}]}',
    "UTF-16": '{"value":[]}'.encode("utf-16"),
    "UTF-32": '{"value":[]}'.encode("utf-32"),
    "two documents": b"{}{}",
    "a list": b"[]",
    "a text": b'"x"',
    "html": b"<html></html>",
}


@pytest.mark.parametrize("name", BAD_DOCUMENTS)
def test_bad_documents_are_answer_errors_that_echo_nothing(name: str) -> None:
    with pytest.raises(ProblemError) as error:
        parsed(make(200, BAD_DOCUMENTS[name]), JOBS, "read the jobs")
    assert "hello" not in str(error.value)
    assert error.value.__cause__ is None
    assert error.value.kind in (Kind.UNREADABLE, Kind.WRONG_ADDRESS)


def test_values_of_token_answers_are_not_in_errors() -> None:
    with pytest.raises(ProblemError) as error:
        parsed(make(200, {"access_token": {"nested": "very-secret-value"}}), TOKEN, "sign in")
    assert "very-secret-value" not in repr(error.value) + str(error.value.failure)
    with pytest.raises(ProblemError, match="given twice"):
        parsed(make(200, b'{"access_token":"a","access_token":"b"}'), TOKEN, "sign in", unique_names=True)


def test_what_servers_really_send_is_accepted() -> None:
    body = (
        b'\xef\xbb\xbf{"@odata.context":"x","@odata.count":1,"value":[{"Key":"k","State":"Odd\\u001b[0m","Info":null,'
        b'"CreationTime":"2019-06-12T09:28:12.9207318Z","New":{"a":1},"Robot":null,"Id":9223372036854775807}]}'
    )
    page = parsed(make(200, body), JOBS, "read the jobs")
    job = page.value[0]
    assert page.count == 1
    assert job.state == "Odd␛[0m"
    assert job.id == 2**63 - 1
    assert job.creation_time is not None
    assert job.creation_time.microsecond == 920731


def test_half_a_surrogate_pair_spoils_nothing_else() -> None:
    body = rb'{"value":[{"State":"a\ud800b\udc00\ud83d\ude00","Info":"\\ud800 \" \uD83Dx"},{"State":"fine"}]}'
    first, second = parsed(make(200, body), JOBS, "read the jobs").value
    assert first.state == "a\ufffdb\ufffd\U0001f600"
    assert first.info == '\\ud800 " \ufffdx'
    assert second.state == "fine"
