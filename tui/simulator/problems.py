"""Owns the answers that say no, in the shapes the real service uses.

Shapes: UiPath-Services/UiPathOrch ``TestData/ErrorMessageExtraction.tsv`` (observed traffic) and the error bodies in
UiPath's langchain and skills repositories. Numbers: the ``ErrorCode`` enumeration of the v20 definition.
"""

import secrets
from collections.abc import Mapping
from enum import IntEnum

from starlette.responses import HTMLResponse, Response

from tui.simulator.wire import to_json


class ErrorCode(IntEnum):
    """Orchestrator's numeric ``errorCode``."""

    NONE = 0
    INVALID_REQUEST = 1000
    ITEM_NOT_FOUND = 1002
    INVALID_ARGUMENT = 1009
    INVALID_ORGANIZATION_UNIT = 1100
    REQUIRED_ORGANIZATION_UNIT = 1101
    REQUIRED_PERMISSIONS = 1108
    FOREGROUND_NEEDS_UNATTENDED_ROBOT = 1230
    INVALID_START_JOB_ROBOT_IDS = 1671
    PACKAGE_NOT_FOUND = 1677
    NO_ROBOTS_AVAILABLE = 1678
    NO_MATCHING_RUNTIME = 2818


class OrchestratorError(Exception):
    """A refusal: raised anywhere below an endpoint, answered as ``{message, errorCode, traceId}``."""

    def __init__(self, status: int, code: int, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message


class UnauthorizedError(Exception):
    """The token is absent, unknown or has died: answered in the ABP shape with 401."""


class MissingScopeError(Exception):
    """The token has none of the scopes that the call asks for: answered with 403 and ``errorMessage``."""

    def __init__(self, accepted: tuple[str, ...]) -> None:
        super().__init__(f"The access token lacks the scope {' or '.join(accepted)}.")


class NotPermittedError(Exception):
    """The token's scopes suffice, its user's role does not: answered in the ABP shape with 403."""


def json_response(body: object, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """Return ``body`` as ``application/json`` with the metadata parameters OData answers carry."""
    media_type = "application/json; odata.metadata=minimal; odata.streaming=true"
    return Response(to_json(body), status, dict(headers or {}), media_type=media_type)


def trace_id() -> str:
    """Return a fresh W3C trace context value, the one support asks for."""
    return f"00-{secrets.token_hex(16)}-{secrets.token_hex(8)}-01"


def problem_response(problem: OrchestratorError) -> Response:
    """Answer in Orchestrator's own shape."""
    body = {
        "message": problem.message,
        "errorCode": int(problem.code),
        "traceId": trace_id(),
        "resourceIds": None,
    }
    return json_response(body, problem.status)


def abp_response(status: int, message: str, details: str, code: int = ErrorCode.NONE) -> Response:
    """Answer in the ABP shape, which 401 (and some 403) answers have."""
    body = {
        "message": message,
        "errorCode": int(code),
        "traceId": trace_id(),
        "result": None,
        "targetUrl": None,
        "success": False,
        "error": {"code": int(code), "message": message, "details": details, "validationErrors": None},
        "unAuthorizedRequest": status in {401, 403},
        "__abp": True,
    }
    headers = {"WWW-Authenticate": "Bearer"} if status == 401 else {}
    return json_response(body, status, headers)


def unauthorized_response() -> Response:
    """Answer 401 as Orchestrator does."""
    return abp_response(
        401, "You are not authenticated!", "You should be authenticated (sign in) to perform this operation."
    )


def not_permitted_response() -> Response:
    """Answer 403 as Orchestrator does when a role lacks a permission."""
    return abp_response(403, "You are not authorized!", "You are not allowed to perform this operation.")


def missing_scope_response(problem: MissingScopeError) -> Response:
    """Answer 403 as Orchestrator does when a token lacks a scope: one member, naming the scopes accepted."""
    return json_response({"errorMessage": str(problem)}, 403)


def oauth_error(status: int, error: str, description: str | None = None) -> Response:
    """Answer as a token endpoint: RFC 6749 section 5.2."""
    body = {"error": error} if description is None else {"error": error, "error_description": description}
    headers = {"Cache-Control": "no-store", "Pragma": "no-cache"}
    return Response(to_json(body), status, headers, media_type="application/json")


def gateway_page(status: int = 200) -> Response:
    """Answer as the cloud's gateway where nothing is: a page, with status 200 (UiPathOrch, "Getting Started")."""
    return HTMLResponse(
        "<!DOCTYPE html><html><head><title>UiPath</title></head>"
        '<body><div id="root"></div><noscript>You need to enable JavaScript to run this app.</noscript></body></html>',
        status,
    )
