"""Where a browser sign-in ended: the code and the state in the address, or why it failed. Standard library only.

Errors in addresses: UiPathOrch ``AuthErrorUrlParserTests.cs`` (today) and ``LoginForm.cs`` of UiPath.PowerShell at
3c5a9c3 (2019). Texts out of an address are cleaned; its code and state are secrets.
"""

import base64
import binascii
import json
import re
from dataclasses import dataclass
from typing import Any, Final, cast
from urllib.parse import parse_qs, urlsplit

from tui.api.rights import APPLICATIONS
from tui.api.sign_in.token_set import NOTHING
from tui.errors import Exit, Failure
from tui.secret import Secret
from tui.text import clean

_FIELDS: Final = 50
_LONGEST: Final = 20_000
_TEXT_LIMIT: Final = 300
_BARE_QUERY: Final = re.compile(r"[?&#]?(?:code|state|error|errorCode|session_state|iss|scope)=", re.IGNORECASE)
_ERROR_PAGE: Final = "/portal_/unhandlederror"
_AGAIN: Final = "Start the browser sign-in again"

_ERRORS: Final[dict[str, tuple[str, str]]] = {
    "access_denied": ("it was refused on the page, by you or by your organization",
                      f"{_AGAIN}, or choose another way in"),
    "219": ("your organization's own directory refused it (code 219)",
            "Sign in to UiPath in the browser first and start again, or use a personal access token"),
    "invalid_scope": ("the application may not ask for these scopes",
                      f"Add the scopes to the application as user scopes under {APPLICATIONS}"),
    "invalid_client": ("the server does not know the application id",
                       f"Check the application id under {APPLICATIONS}"),
    "unauthorized_client": ("the application is not one that people sign in to here, or its id is wrong",
                            f"Check the application id and its user scopes under {APPLICATIONS}"),
    "invalid_request": ("the server does not accept the request: the redirect address is not registered, most likely",
                        f"Add the redirect address to the application under {APPLICATIONS}"),
    "login_required": ("nobody was signed in to the browser", f"{_AGAIN} and sign in on the page"),
    "server_error": ("the sign-in service failed", "Try again in a while"),
    "temporarily_unavailable": ("the sign-in service is not available", "Try again in a while"),
}  # fmt: skip
_OTHER: Final = ("the sign-in service gave an error", f"Read its words; then {_AGAIN[0].lower()}{_AGAIN[1:]}")


@dataclass(frozen=True, slots=True)
class Landing:
    """The end of a browser sign-in. Either ``code`` is there, or ``failure``, or neither."""

    code: Secret = NOTHING
    state: Secret = NOTHING
    failure: Failure | None = None
    is_sign_in_page: bool = False
    """Whether it is the address at which a sign-in begins."""


def landing_of(text: str) -> Landing | None:
    """Return what an address, or the part of one from ``code=`` on, says. ``None`` for any other text. Never raises."""
    bare = "".join(text.split())
    if len(bare) > _LONGEST or ("://" not in bare and not _BARE_QUERY.match(bare) and "/" not in bare):
        return None
    try:
        parts = urlsplit(bare if not _BARE_QUERY.match(bare) else f"?{bare.lstrip('?&#')}")
        fields = parse_qs(parts.query, max_num_fields=_FIELDS) or parse_qs(parts.fragment, max_num_fields=_FIELDS)
    except ValueError:
        return None
    return landing_of_fields(fields, parts.path)


def landing_of_fields(fields: dict[str, list[str]], path: str = "") -> Landing:
    """Return what the parameters of an address say. A parameter that is given twice counts as none."""
    code, state = _only(fields, "code"), _only(fields, "state")
    word = _only(fields, "error") or _only(fields, "errorCode")
    if word or _ERROR_PAGE in path:
        return Landing(state=Secret(state), failure=_failure(word, fields))
    return Landing(Secret(code), Secret(state), is_sign_in_page="code_challenge" in fields)


def _failure(word: str, fields: dict[str, list[str]]) -> Failure:
    details = _details(_only(fields, "errorId"))
    word = clean(word or details.get("error", ""), limit=60)
    said = _only(fields, "error_description") or details.get("errordescription", "") or _only(fields, "message")
    cause, next_step = _ERRORS.get(word.lower(), _OTHER)
    if word.lower() == "unknown_error" and "redirect" in said.lower():
        cause, next_step = _ERRORS["invalid_request"]
    return Failure(
        title="The browser sign-in failed",
        cause=cause,
        next_step=next_step,
        exit=Exit.SIGN_IN,
        server_message=clean(" ".join(said.split()), limit=_TEXT_LIMIT),
        error_code=word or None,
        trace_id=clean(_only(fields, "traceId") or _only(fields, "tracking"), limit=80),
    )


def _details(error_id: str) -> dict[str, str]:
    """Return the texts of ``errorId``, base64 of JSON whose ``Data`` says what happened; nothing for any other one."""
    padded = error_id.replace("-", "+").replace("_", "/") + "=" * (-len(error_id) % 4)
    try:
        found: Any = json.loads(base64.b64decode(padded, validate=True))
    except (ValueError, binascii.Error, RecursionError):
        return {}
    if isinstance(found, dict):
        found = cast("dict[str, Any]", found).get("Data", cast("dict[str, Any]", found))
    if not isinstance(found, dict):
        return {}
    named = cast("dict[str, Any]", found)
    return {name.lower(): value for name, value in named.items() if isinstance(value, str)}


def _only(fields: dict[str, list[str]], name: str) -> str:
    values = fields.get(name, [])
    return values[0] if len(values) == 1 else ""
