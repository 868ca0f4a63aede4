"""Calls that bring tokens, one a way in: JSON in 2019 (UiPath.PowerShell at 3c5a9c3), a form today (uipath-python).

Each is sent once, because codes and today's refresh tokens work only once, and after the redactor has learned every
secret in it. All raise `SignInError` when the server refuses, `ProblemError` for any other answer, `CallError` for
none.
"""

import json
from typing import Final
from urllib.parse import urlencode

from pydantic import BaseModel, ConfigDict, TypeAdapter

from tui.api.answer import Answer
from tui.api.connection import Call, Connection
from tui.api.models import TokenAnswer
from tui.api.parsing import parsed, unreadable
from tui.api.problems import ProblemError, problem_of
from tui.api.sign_in.advice import Asked, Way, no_sign_in_here, refused
from tui.api.sign_in.pkce import AuthorizationAttempt
from tui.api.sign_in.scopes import scopes_of_an_application
from tui.api.sign_in.token_set import Application, Login
from tui.errors import Exit, Failure, NoAnswerError, UsageError
from tui.exchanges.model import Purpose
from tui.secret import Secret

PASSWORD_LIFETIME: Final = 30 * 60.0
"""Seconds that the token of a user and password lasts, unless the server was set up otherwise; no answer says it."""
_DOING: Final = "sign in"
_REFUSALS: Final = frozenset({400, 401, 403, 404})


class _Authenticated(BaseModel):
    """The answer of ``/api/Account/Authenticate``: ``result`` is the token itself."""

    model_config = ConfigDict(hide_input_in_errors=True)
    result: str = ""

    def __repr__(self) -> str:
        return "_Authenticated()"

    __str__ = __repr__


_TOKENS: Final = TypeAdapter(TokenAnswer)
_AUTHENTICATED: Final = TypeAdapter(_Authenticated)


async def refresh_grant(connection: Connection, refresh_token: Secret, application: Application) -> TokenAnswer:
    """Exchange a refresh token (in 2019 the user key) for an access token."""
    fields = {
        "grant_type": "refresh_token",
        "client_id": application.client_id,
        "refresh_token": refresh_token.reveal(),
        **_client_secret(application),
    }
    way = Way.USER_KEY if connection.deployment.is_2019 else Way.REFRESH
    return await _token_call(connection, fields, Asked(way), (refresh_token, application.client_secret))


async def code_grant(connection: Connection, attempt: AuthorizationAttempt, code: Secret) -> TokenAnswer:
    """Exchange the code in which the browser sign-in ``attempt`` ended. Raises `SignInError` for a second time."""
    attempt.redeem()
    fields = {
        "grant_type": "authorization_code",
        "code": code.reveal(),
        "redirect_uri": attempt.redirect_uri,
        "code_verifier": attempt.verifier.reveal(),
        "client_id": attempt.application.client_id,
        **_client_secret(attempt.application),
    }
    secrets = (code, attempt.verifier, attempt.state, attempt.application.client_secret)
    try:
        return await _token_call(connection, fields, Asked(Way.BROWSER, attempt.application.scopes), secrets)
    except NoAnswerError as error:
        if not error.sent:
            attempt.give_back()
        raise


async def application_grant(connection: Connection, application: Application) -> TokenAnswer:
    """Let a confidential application sign in by itself (client credentials). It never gets a refresh token."""
    scopes = scopes_of_an_application(application.scopes)
    fields = {
        "grant_type": "client_credentials",
        "client_id": application.client_id,
        **_client_secret(application),
        "scope": scopes,
    }
    return await _token_call(connection, fields, Asked(Way.APPLICATION, scopes), (application.client_secret,))


async def password_grant(connection: Connection, login: Login) -> TokenAnswer:
    """Sign in with a user and a password on a server of one's own. Raises `UsageError` where there is no such call."""
    if not connection.deployment.password_url:
        raise UsageError(
            Failure(
                title="A user and a password don't sign in here",
                cause=f"{connection.deployment.title} takes tokens, applications and the browser only",
                next_step="Choose another way in",
                exit=Exit.USAGE,
            )
        )
    fields = {"usernameOrEmailAddress": login.username, "password": login.password.reveal()}
    if login.tenancy:
        fields = {"tenancyName": login.tenancy, **fields}
    connection.redactor.learn(login.password.reveal())
    answer = await _send(connection, connection.deployment.password_url, _json(fields), "application/json")
    found = parsed(_accepted(answer, Asked(Way.PASSWORD)), _AUTHENTICATED, _DOING, unique_names=True)
    return _usable(TokenAnswer(access_token=found.result, expires_in=PASSWORD_LIFETIME), answer)


async def _token_call(
    connection: Connection, fields: dict[str, str], asked: Asked, secrets: tuple[Secret, ...]
) -> TokenAnswer:
    for secret in secrets:
        connection.redactor.learn(secret.reveal())
    if connection.deployment.is_2019:
        body, content_type = _json(fields), "application/json"
    else:
        body, content_type = urlencode(fields).encode(), "application/x-www-form-urlencoded"
    answer = await _send(connection, connection.deployment.token_url, body, content_type)
    return _usable(parsed(_accepted(answer, asked), _TOKENS, _DOING, unique_names=True), answer)


async def _send(connection: Connection, url: str, body: bytes, content_type: str) -> Answer:
    return await connection.send(
        Call(
            method="POST",
            url=url,
            purpose=Purpose.SIGN_IN,
            doing=_DOING,
            headers={"Content-Type": content_type},
            body=body,
            deadline=connection.limits.token,
        )
    )


def _accepted(answer: Answer, asked: Asked) -> Answer:
    if answer.looks_like_html:
        problem = problem_of(answer)
        raise ProblemError(no_sign_in_here(problem), problem)
    if answer.status in _REFUSALS:
        raise refused(problem_of(answer), asked)
    return answer


def _usable(found: TokenAnswer, answer: Answer) -> TokenAnswer:
    # Of ASCII (RFC 6750): what else a damaged answer holds would only be refused later, under another name.
    if not found.access_token or not (found.access_token.isascii() and found.access_token.isprintable()):
        raise unreadable(answer.status, _DOING, "it holds no access token")
    return found


def _client_secret(application: Application) -> dict[str, str]:
    secret = application.client_secret.reveal()
    return {"client_secret": secret} if secret else {}


def _json(fields: dict[str, str]) -> bytes:
    return json.dumps(fields, separators=(",", ":")).encode()
