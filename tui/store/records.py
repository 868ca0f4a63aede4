"""A sign-in as text: JSON with a version, so a newer program's record is recognised and never misread."""

from __future__ import annotations

import json
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final, cast

from tui.api.sign_in.token_set import Application, Login, SignInRecord, Tokens
from tui.errors import Exit, Failure
from tui.secret import Secret
from tui.store.errors import StoreError

if TYPE_CHECKING:
    from collections.abc import Mapping

VERSION: Final = 1


def as_text(record: SignInRecord) -> Secret:
    """Return the record as one line of ASCII JSON, in clear: only for the place that keeps it."""
    tokens, application, login = record.tokens, record.application, record.login
    return Secret(
        json.dumps(
            {
                "version": VERSION,
                "kind": record.kind,
                "own_grant": record.own_grant,
                "tokens": {
                    "access": tokens.access.reveal(),
                    "id_token": tokens.id_token.reveal(),
                    "refresh": tokens.refresh.reveal(),
                    "expires_at": tokens.expires_at.isoformat() if tokens.expires_at else None,
                },
                "application": {
                    "client_id": application.client_id,
                    "client_secret": application.client_secret.reveal(),
                    "scopes": application.scopes,
                },
                "login": login
                and {"username": login.username, "password": login.password.reveal(), "tenancy": login.tenancy},
            }
        )
    )


def from_text(text: Secret, where: str) -> SignInRecord:
    """Return the record that ``text`` holds; unknown names in it are ignored.

    ``where`` says in words where it was kept, for the `StoreError` about a damaged or a newer one.
    """
    # The causes are cut off: what the parser quotes may be a secret.
    try:
        values = json.loads(text.reveal())
    except (ValueError, RecursionError):
        raise damaged(where, "it is not JSON") from None
    try:
        top = _table(values, "the record")
        _check_version(top, where)
        login = top.get("login")
        return SignInRecord(
            kind=_words(top, "kind"),
            tokens=_tokens(_table(top.get("tokens"), "tokens")),
            application=_application(_table(top.get("application", {}), "application")),
            login=None if login is None else _login(_table(login, "login")),
            own_grant=top.get("own_grant") is True,
        )
    except _WrongShapeError as error:
        raise damaged(where, str(error)) from None


def damaged(where: str, why: str) -> StoreError:
    """Return the error about a kept sign-in that can't be understood."""
    cause = f"what is kept {where} is damaged: {why}"
    return StoreError(Failure("The kept sign-in can't be used", cause, "Sign in again.", exit=Exit.SIGN_IN))


class _WrongShapeError(Exception):
    """The record is JSON but not a record; says which part, never what it holds."""


def _check_version(top: Mapping[str, Any], where: str) -> None:
    version = top.get("version")
    if not isinstance(version, int) or isinstance(version, bool) or version < 1:
        raise _WrongShapeError("it has no version")
    if version > VERSION:
        cause = f"what is kept {where} was written by a newer version of uipath-tui"
        step = "Use that version, or sign in again with another profile."
        raise StoreError(Failure("The kept sign-in can't be used", cause, step, exit=Exit.SIGN_IN))


def _tokens(values: Mapping[str, Any]) -> Tokens:
    moment = values.get("expires_at")
    try:
        expires_at = None if moment is None else datetime.fromisoformat(moment)
    except (TypeError, ValueError):
        raise _WrongShapeError("expires_at is not a time") from None
    if expires_at is not None and expires_at.tzinfo is None:
        raise _WrongShapeError("expires_at has no time zone")
    return Tokens(
        access=Secret(_words(values, "access")),
        id_token=Secret(_words(values, "id_token")),
        refresh=Secret(_words(values, "refresh")),
        expires_at=expires_at,
    )


def _application(values: Mapping[str, Any]) -> Application:
    return Application(
        client_id=_words(values, "client_id"),
        client_secret=Secret(_words(values, "client_secret")),
        scopes=_words(values, "scopes"),
    )


def _login(values: Mapping[str, Any]) -> Login:
    return Login(
        username=_words(values, "username"),
        password=Secret(_words(values, "password")),
        tenancy=_words(values, "tenancy"),
    )


def _table(value: object, name: str) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise _WrongShapeError(f"{name} is not an object")
    return cast("Mapping[str, Any]", value)


def _words(values: Mapping[str, Any], name: str) -> str:
    value = values.get(name, "")
    if not isinstance(value, str):
        raise _WrongShapeError(f"{name} is not text")
    return value
