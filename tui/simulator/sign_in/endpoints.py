"""Owns the endpoints that hand out tokens: those of both generations, and standalone's password call.

2019: npm ``uipath-orchestrator`` and UiPath's PowerShell client of 2019. Today: OpenID Connect at ``/identity_``.
"""

import json
from typing import Any, cast

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from tui.simulator.generation import Generation
from tui.simulator.problems import ErrorCode, abp_response, gateway_page, json_response, oauth_error
from tui.simulator.sign_in.applications import application_scopes, authenticated
from tui.simulator.sign_in.token_errors import TokenError
from tui.simulator.wire import folded, to_json
from tui.simulator.world import World

_HOST_TENANT = frozenset({"", "default", "host"})


class SignIn:
    """The token endpoints over one world."""

    def __init__(self, world: World) -> None:
        self._world = world

    def routes(self) -> list[Route]:
        """Return the routes, exact in their spelling as the real hosts are."""
        modern = ("/identity_", "/identity", "/{organization}/identity_")
        return [
            Route("/oauth/token", self.token_classic, methods=["POST"]),
            *(Route(f"{base}/connect/token", self.token_modern, methods=["POST"]) for base in modern),
            Route("/api/Account/Authenticate", self.authenticate, methods=["POST"]),
            Route("/api/account/authenticate", self.authenticate, methods=["POST"]),
        ]

    async def token_classic(self, request: Request) -> Response:
        """``POST /oauth/token`` with a JSON body; ``X-UIPATH-TenantName`` may come with it and changes nothing."""
        fields = _text_members(await request.body())
        if fields is None:
            return self._refused(400, TokenError("invalid_request", "The body is not a JSON object."), None)
        grant = fields.get("grant_type")
        try:
            return _token_answer(self._grant_classic(grant, fields))
        except TokenError as refusal:
            forbidden = {"invalid_grant", "unsupported_grant_type"}
            status = 403 if refusal.error in forbidden else 401 if refusal.error == "invalid_client" else 400
            return self._refused(status, refusal, refusal.description)
        finally:
            self._world.tokens.counts.note_call(grant)

    def _grant_classic(self, grant: str | None, fields: dict[str, str]) -> dict[str, Any]:
        if grant not in {"authorization_code", "refresh_token"}:
            raise TokenError("unsupported_grant_type", f"Unsupported grant type: {grant}")
        if not fields.get("client_id"):
            raise TokenError("invalid_request", "Missing required parameter: client_id")
        authenticated(Generation.CLASSIC, fields)
        if grant == "authorization_code":
            return self._world.tokens.redeem_code(Generation.CLASSIC, fields)
        return self._world.tokens.refresh_classic(fields)

    async def token_modern(self, request: Request) -> Response:
        """``POST …/connect/token`` with a form; a JSON body is no token request (standalone shows it a page)."""
        content_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if content_type != "application/x-www-form-urlencoded":
            standalone = request.url.path.startswith("/identity/")
            return gateway_page() if standalone else self._refused(400, TokenError("invalid_request"), None)
        form = await request.form()
        fields = {name: value for name, value in form.items() if isinstance(value, str)}
        try:
            return _token_answer(self._grant_modern(fields, request.headers.get("authorization", "")))
        except TokenError as refusal:
            return self._refused(400, refusal, None)
        finally:
            self._world.tokens.counts.note_call(fields.get("grant_type"))

    def _grant_modern(self, fields: dict[str, str], authorization: str) -> dict[str, Any]:
        tokens, application = self._world.tokens, authenticated(Generation.MODERN, fields, authorization)
        match fields.get("grant_type"):
            case "authorization_code":
                return tokens.redeem_code(Generation.MODERN, fields, first_party=application.first_party)
            case "refresh_token":
                return tokens.refresh_modern(fields, first_party=application.first_party)
            case "client_credentials":
                scopes = application_scopes(application, fields.get("scope", ""))
                return tokens.client_credentials(application.client_id, scopes)
            case _:
                raise TokenError("unsupported_grant_type")

    async def authenticate(self, request: Request) -> Response:
        """``POST /api/Account/Authenticate``: the answer's ``result`` is the token itself. ``tenancyName`` is optional.

        Property names bind in any case. Wrong names and passwords are 400 (Orchestrator's "Response codes").
        """
        counts = self._world.tokens.counts
        counts.note_call("password")
        try:
            fields = folded(json.loads(await request.body()))
        except (ValueError, RecursionError):
            fields = None
        if fields is None:
            counts.note_refusal("invalid_request")
            return abp_response(400, "Your request is not valid!", "The body is not a JSON object.")
        try:
            token = self._token_for_password(fields)
        except TokenError as refusal:
            counts.note_refusal(refusal.error)
            return abp_response(400, "Login failed!", refusal.description or "", ErrorCode.INVALID_REQUEST)
        envelope = {"result": token, "targetUrl": None, "success": True, "error": None}
        return json_response({**envelope, "unAuthorizedRequest": False, "__abp": True})

    def _token_for_password(self, fields: dict[str, Any]) -> str:
        name = str(fields.get("tenancyname") or "")
        if name.lower() in _HOST_TENANT:
            return self._world.tokens.password(fields | {"tenancyname": ""}, Generation.MODERN)
        for generation in (Generation.CLASSIC, Generation.MODERN):
            if self._world.tenant(generation, None, name) is not None:
                return self._world.tokens.password(fields, generation)
        raise TokenError("invalid_request", f"There is no tenant with the name {name}.")

    def _refused(self, status: int, refusal: TokenError, description: str | None) -> Response:
        self._world.tokens.counts.note_refusal(refusal.error)
        return oauth_error(status, refusal.error, description)


def _text_members(body: bytes) -> dict[str, str] | None:
    try:
        members = cast("dict[str, Any] | Any", json.loads(body))
    except (ValueError, RecursionError):
        return None
    if not isinstance(members, dict):
        return None
    return {name: value for name, value in cast("dict[str, Any]", members).items() if isinstance(value, str)}


def _token_answer(answer: dict[str, Any]) -> Response:
    headers = {"Cache-Control": "no-store", "Pragma": "no-cache"}
    return Response(to_json(answer), 200, headers, media_type="application/json")
