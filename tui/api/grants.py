"""Calls to the token endpoint. JSON in 2019 (UiPath.PowerShell at 3c5a9c3), a form today (uipath-python)."""

import json
from typing import Final
from urllib.parse import urlencode

from pydantic import TypeAdapter

from tui.api.connection import Call, Connection
from tui.api.models import TokenAnswer
from tui.api.parsing import parsed, unreadable
from tui.api.problems import Problem, problem_of
from tui.errors import Exit, Failure, SignInError
from tui.exchanges.model import Purpose
from tui.secret import Secret

_DOING: Final = "sign in"
_ANSWER: Final = TypeAdapter(TokenAnswer)
_REFUSALS: Final = frozenset({400, 401, 403, 404})


async def refresh_grant(connection: Connection, refresh_token: Secret, client_id: str) -> TokenAnswer:
    """Exchange a refresh token (user key) for an access token. Sent once: today's refresh tokens work only once.

    Raises `SignInError` when the server refuses it, `ProblemError` for any other answer, `CallError` for none.
    """
    connection.redactor.learn(refresh_token.reveal())
    fields = {"grant_type": "refresh_token", "client_id": client_id, "refresh_token": refresh_token.reveal()}
    if connection.deployment.is_2019:
        body, content_type = json.dumps(fields, separators=(",", ":")).encode(), "application/json"
    else:
        body, content_type = urlencode(fields).encode(), "application/x-www-form-urlencoded"
    call = Call(
        method="POST",
        url=connection.deployment.token_url,
        purpose=Purpose.SIGN_IN,
        doing=_DOING,
        headers={"Content-Type": content_type},
        body=body,
        deadline=connection.limits.token,
    )
    answer = await connection.send(call)
    if answer.status in _REFUSALS and not answer.looks_like_html:
        raise _refused(problem_of(answer))
    found = parsed(answer, _ANSWER, _DOING, unique_names=True)
    if not found.access_token or not found.access_token.isprintable():
        raise unreadable(answer.status, _DOING, "it holds no access token")
    return found


def _refused(problem: Problem) -> SignInError:
    return SignInError(
        Failure(
            title="Sign-in refused",
            cause="the server does not accept the token: wrong, revoked, used up, or of another application",
            next_step="Copy the token again, or make a new one, and paste it",
            exit=Exit.SIGN_IN,
            status=problem.status,
            server_message=problem.message,
            error_code=problem.error_code,
            trace_id=problem.trace_id,
        )
    )
