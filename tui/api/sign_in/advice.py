"""Why a sign-in was refused and what to do now: the token endpoints' words and each way in. Data; does no I/O.

The words are those of RFC 6749; what each means at UiPath is from its documentation and from UiPathOrch's tests.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Final

from tui.api.problems import Kind, Problem, failure_of
from tui.api.rights import APPLICATIONS, Advice
from tui.errors import Exit, Failure, SignInError


class Way(StrEnum):
    """How a sign-in is made, in words for people."""

    USER_KEY = "user key"
    REFRESH = "refresh token"
    BROWSER = "browser"
    APPLICATION = "application"
    PASSWORD = "user and password"  # noqa: S105 - the name of a way


@dataclass(frozen=True, slots=True)
class Asked:
    """What a token call asked for: the way in, and the scopes where it named any."""

    way: Way
    scopes: str = ""


PERSONAL_ACCESS_TOKEN: Final = "personal access token"  # noqa: S105 - the name of a kind
_AGAIN: Final = "Start the browser sign-in again and use the address it ends at only once, within a few minutes"

_BY_WORD: Final[dict[tuple[Way, str], Advice]] = {
    (Way.USER_KEY, "invalid_grant"): (
        "the user key is wrong or was revoked: “Revoke Access” ends every key at once",
        "Copy the user key again, all of it, or make a new one, and paste it"),
    (Way.USER_KEY, "invalid_client"): (
        "the user key does not belong to this application id, or this server does not know the application",
        "Check client_id in the settings: it has to be the one shown beside the user key"),
    (Way.REFRESH, "invalid_grant"): (
        "the refresh token was used before (each works once), is older than 60 days, or was revoked",
        "Sign in again"),
    (Way.REFRESH, "invalid_client"): (
        "the refresh token belongs to another application, or the application's secret is wrong or has ended",
        f"Check the application id and its secret under {APPLICATIONS}"),
    (Way.BROWSER, "invalid_grant"): (
        "the code was used before, is too old, or was made for another redirect address", _AGAIN),
    (Way.BROWSER, "invalid_client"): (
        "the server does not know the application id, or wants a secret that is missing, wrong or has ended",
        f"Check the application id and its secret under {APPLICATIONS}"),
    (Way.BROWSER, "unauthorized_client"): (
        "the application is not one that people sign in to",
        f"Give it user scopes and the redirect address under {APPLICATIONS}"),
    (Way.BROWSER, "invalid_scope"): (
        "the application may not ask for every one of the scopes {scopes}",
        f"Add them as user scopes under {APPLICATIONS}"),
    (Way.APPLICATION, "invalid_client"): (
        "the server does not know the application id, or the secret is wrong or has ended",
        f"Check both under {APPLICATIONS}; a lost secret can only be replaced by a new one"),
    (Way.APPLICATION, "unauthorized_client"): (
        "the application is not confidential, so it can't sign in by itself",
        "Use a confidential application, or sign in with the browser"),
    (Way.APPLICATION, "invalid_scope"): (
        "the application has not every one of the application scopes {scopes}; offline_access is never one of them",
        f"Add them as application scopes under {APPLICATIONS}"),
}  # fmt: skip
_ALIKE: Final = {"unauthorized_client": "invalid_client", "access_denied": "invalid_grant"}
"""Words that mean the same where a way says nothing of its own about them."""

_BY_WAY: Final[dict[Way, Advice]] = {
    Way.USER_KEY: ("the server does not accept the user key: wrong, revoked, or of another application",
                   "Copy the user key again, or make a new one, and paste it"),
    Way.REFRESH: ("the server does not accept the refresh token: used up, too old, or revoked", "Sign in again"),
    Way.BROWSER: ("the server does not accept the code of the browser sign-in", _AGAIN),
    Way.APPLICATION: ("the server does not accept the application's id and secret",
                      f"Check both under {APPLICATIONS}"),
    Way.PASSWORD: ("the user, the password or the tenant is wrong",
                   "Type them again; the tenant of a host administrator stays empty"),
}  # fmt: skip
_VERIFIER: Final[Advice] = ("the code belongs to another sign-in: it does not fit the one that was begun here", _AGAIN)
_LOCKED: Final[Advice] = ("the user is locked, as after several wrong passwords",
                          "Wait a few minutes, or ask an administrator to unlock the user")  # fmt: skip
_NO_PASSWORDS: Final[Advice] = (
    "this server lets no user of this kind sign in with a password: since version 2021.10 only host administrators may",
    "Sign in with an application or a token instead",
)
_NO_SUCH_CALL: Final[Advice] = (
    "there is no sign-in at this address: the base address is probably wrong",
    "Check the base address; it is the server's own, without organization and tenant",
)


def refused(problem: Problem, asked: Asked) -> SignInError:
    """Return the error for a refusal of a token endpoint, with its cause and next step."""
    cause, next_step = _advice(problem, asked)
    return SignInError(
        Failure(
            title="Sign-in refused",
            cause=cause,
            next_step=next_step,
            exit=Exit.SIGN_IN,
            status=problem.status,
            server_message=problem.message,
            error_code=problem.error_code,
            trace_id=problem.trace_id,
        )
    )


def no_sign_in_here(problem: Problem) -> Failure:
    """Return what to say when a token endpoint sends a page for people, or is not there."""
    cause, next_step = _NO_SUCH_CALL
    if problem.kind is Kind.SERVER:
        return failure_of(problem, "sign in")
    if problem.kind is Kind.WRONG_ADDRESS:
        cause = "the server sent a page for people instead of a token: the base address is probably wrong"
    return Failure(
        title="Could not sign in", cause=cause, next_step=next_step, exit=Exit.NETWORK, status=problem.status
    )


def access_ended(why: str, status: int | None = 401) -> SignInError:
    """Return the error that asks for a new sign-in."""
    return SignInError(
        Failure(
            title="Access has ended",
            cause=why,
            next_step="Sign in again; your answers and watched jobs stay",
            exit=Exit.SIGN_IN,
            status=status,
        )
    )


def renewal_refused(failure: Failure) -> SignInError:
    """Return the error for a refused renewal: the reason and the server's words stay those of ``failure``."""
    next_step = f"{failure.next_step}; your answers and watched jobs stay"
    return SignInError(replace(failure, title="Access has ended", next_step=next_step))


def token_refused(kind: str, expires_at: datetime | None, now: datetime) -> SignInError:
    """Return the error for a token that is refused and that nothing renews; ``kind`` is what it is."""
    why = "it has ended or was revoked, or it belongs to another organization"
    if expires_at is not None and expires_at <= now:
        why = f"it ended on {expires_at:%Y-%m-%d at %H:%M} UTC"
    cause, next_step = f"the server does not accept the token: {why}", "Sign in again with a new one"
    if kind == PERSONAL_ACCESS_TOKEN:
        cause = f"the server does not accept the personal access token: {why}, or lacks a scope"
        next_step = "Sign in again with a new one, made under /portal_/personalAccessToken of your organization"
    ended = access_ended(cause)
    return SignInError(replace(ended.failure, next_step=f"{next_step}; your answers and watched jobs stay"))


def token_ended(expires_at: datetime | None) -> SignInError:
    """Return the error for a kept token that has ended and that nothing renews."""
    when = f" on {expires_at:%Y-%m-%d at %H:%M} UTC" if expires_at is not None else ""
    return access_ended(f"the kept token ended{when} and can't be renewed", status=None)


def display_name_used(failure: Failure, account: str, instance: str) -> Failure:
    """Return ``failure`` of an instance's first call with what most likely is wrong: a display name in the address.

    Only for a token that is known to be good. ``account`` and ``instance`` are the names that were used.
    """
    return Failure(
        title=failure.title,
        cause=f"the server knows no “{account}/{instance}”: the address uses the logical names, and the display "
        "names that people see do not work there",
        next_step="Copy the names out of the address that the browser shows, as in cloud.uipath.com/name/name",
        exit=Exit.NOT_FOUND,
        status=failure.status,
        server_message=failure.server_message,
        error_code=failure.error_code,
        trace_id=failure.trace_id,
    )


def _advice(problem: Problem, asked: Asked) -> Advice:
    way, message = asked.way, problem.message.lower()
    if way is Way.PASSWORD:
        return _password_advice(problem, message)
    if problem.status == 404:
        return _NO_SUCH_CALL
    if way is Way.BROWSER and "verif" in message:
        return _VERIFIER
    word = problem.error_code.lower() if isinstance(problem.error_code, str) else ""
    found = _BY_WORD.get((way, word)) or _BY_WORD.get((way, _ALIKE.get(word, ""))) or _BY_WAY[way]
    return found[0].format(scopes=asked.scopes or "that were asked for"), found[1]


def _password_advice(problem: Problem, message: str) -> Advice:
    if "lock" in message:
        return _LOCKED
    if problem.status == 404 or "not allowed" in message or "not supported" in message or "disabled" in message:
        return _NO_PASSWORDS
    return _NO_PASSWORDS if problem.status == 403 else _BY_WAY[Way.PASSWORD]
