"""Owns the sign-in endpoints of both generations: authorization pages, token endpoints, standalone's password call.

2019: npm ``uipath-orchestrator`` and UiPath's PowerShell client of 2019. Today: OpenID Connect at ``/identity_``.
"""

import html
import json
from collections.abc import Mapping
from typing import Any, cast
from urllib.parse import urlencode, urlsplit

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from tui.simulator.problems import abp_response, gateway_page, json_response, oauth_error
from tui.simulator.tokens import CLIENT_ID, AuthorizationRequest, Generation, TokenError
from tui.simulator.wire import folded, to_json
from tui.simulator.world import World

CLASSIC_REDIRECT = "https://account.uipath.com/mobile"
CLASSIC_CLIENT_IDS = frozenset(
    {
        "5v7PmPJL6FOGu6RB8I1Y4adLBhIwovQN",
        "8DEv1AMNXczW3y4U15LL3jYf62jK93n5",
        "qccWcbcRgHGP0Nivlm7T9B7lven0AnTW",
        CLIENT_ID,
    }
)
"""The applications whose user keys the service of 2019 takes: UiPath's three public ones, and the simulator's own."""
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


class SignIn:
    """The sign-in endpoints over one world."""

    def __init__(self, world: World) -> None:
        self._world = world

    def routes(self) -> list[Route]:
        """Return the routes, exact in their spelling as the real hosts are."""
        return [
            Route("/authorize", self.authorize_classic, methods=["GET", "POST"]),
            Route("/oauth/token", self.token_classic, methods=["POST"]),
            Route("/mobile", self.mobile),
            Route("/identity_/connect/authorize", self.authorize_modern, methods=["GET", "POST"]),
            Route("/identity/connect/authorize", self.authorize_modern, methods=["GET", "POST"]),
            Route("/identity_/connect/token", self.token_modern, methods=["POST"]),
            Route("/identity/connect/token", self.token_modern, methods=["POST"]),
            Route("/api/Account/Authenticate", self.authenticate, methods=["POST"]),
            Route("/api/account/authenticate", self.authenticate, methods=["POST"]),
        ]

    async def authorize_classic(self, request: Request) -> Response:
        """``GET /authorize``: the 2019 page; its redirect address is not a loopback one."""
        fields = dict(request.query_params)
        error = _authorization_error(fields, classic=True)
        if error is not None:
            target = {"error": "invalid_request", "error_description": error, "tracking": "simulated"}
            return RedirectResponse(f"/portal_/unhandlederror?{urlencode(target)}", 302)
        return self._authorize(request, fields, Generation.CLASSIC)

    async def authorize_modern(self, request: Request) -> Response:
        """``GET /identity_/connect/authorize``."""
        fields = dict(request.query_params)
        error = _authorization_error(fields, classic=False)
        if error is not None:
            return RedirectResponse(
                f"/identity_/web/?{urlencode({'errorCode': 'invalid_request', 'errorId': error})}", 302
            )
        return self._authorize(request, fields, Generation.MODERN)

    def _authorize(self, request: Request, fields: Mapping[str, str], generation: Generation) -> Response:
        """Show browsers a page with one button; redirect everybody else (and ``prompt=none``) at once."""
        wants_page = "text/html" in request.headers.get("accept", "") and fields.get("prompt") != "none"
        if request.method == "GET" and wants_page:
            return HTMLResponse(_page(fields.get("client_id", ""), fields["redirect_uri"]))
        code = self._world.tokens.authorize(
            AuthorizationRequest(
                generation,
                fields.get("client_id", ""),
                fields["redirect_uri"],
                fields.get("scope", ""),
                fields.get("code_challenge"),
            )
        )
        answer = {"code": code} | ({"state": fields["state"]} if "state" in fields else {})
        separator = "&" if urlsplit(fields["redirect_uri"]).query else "?"
        return RedirectResponse(f"{fields['redirect_uri']}{separator}{urlencode(answer)}", 302)

    async def token_classic(self, request: Request) -> Response:
        """``POST /oauth/token`` with a JSON body."""
        fields = _text_members(await request.body())
        if fields is None:
            return oauth_error(400, "invalid_request", "The body is not a JSON object.")
        tokens = self._world.tokens
        try:
            match fields.get("grant_type"):
                case "authorization_code":
                    return _token_answer(tokens.redeem_code(Generation.CLASSIC, fields))
                case "refresh_token":
                    answer = tokens.refresh_classic(fields)
                    if fields["client_id"] not in CLASSIC_CLIENT_IDS:
                        raise TokenError("invalid_client", "Unknown client")
                    return _token_answer(answer)
                case other:
                    return oauth_error(403, "unsupported_grant_type", f"Unsupported grant type: {other}")
        except TokenError as refusal:
            status = 403 if refusal.error == "invalid_grant" else 401 if refusal.error == "invalid_client" else 400
            return oauth_error(status, refusal.error, refusal.description)

    async def token_modern(self, request: Request) -> Response:
        """``POST …/connect/token`` with a form; a JSON body is no token request (standalone shows it a page)."""
        content_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if content_type != "application/x-www-form-urlencoded":
            return gateway_page() if request.url.path.startswith("/identity/") else oauth_error(400, "invalid_request")
        form = await request.form()
        fields = {name: value for name, value in form.items() if isinstance(value, str)}
        tokens = self._world.tokens
        try:
            match fields.get("grant_type"):
                case "authorization_code":
                    return _token_answer(tokens.redeem_code(Generation.MODERN, fields))
                case "refresh_token":
                    return _token_answer(tokens.refresh_modern(fields))
                case "client_credentials":
                    return _token_answer(tokens.client_credentials(fields))
                case _:
                    return oauth_error(400, "unsupported_grant_type")
        except TokenError as refusal:
            return oauth_error(400, refusal.error)

    async def authenticate(self, request: Request) -> Response:
        """``POST /api/Account/Authenticate``: the answer's ``result`` is the token itself."""
        try:
            fields = folded(json.loads(await request.body())) or {}
            classic = self._world.tenant(Generation.CLASSIC, None, str(fields.get("tenancyname") or ""))
            token = self._world.tokens.password(fields, Generation.CLASSIC if classic else Generation.MODERN)
        except (ValueError, TokenError):
            return abp_response(400, "Login failed!", "Invalid user name or password.")
        envelope = {"result": token, "targetUrl": None, "success": True, "error": None}
        return json_response({**envelope, "unAuthorizedRequest": False, "__abp": True})

    async def mobile(self, request: Request) -> Response:
        """Show the page 2019's redirect ends on: nothing but an address to copy the code from."""
        code = html.escape(request.query_params.get("code", ""))
        return HTMLResponse(
            f"<!DOCTYPE html><title>UiPath</title><p>Copy this page's address.</p><p><code>{code}</code></p>"
        )


def _authorization_error(fields: Mapping[str, str], *, classic: bool) -> str | None:
    redirect = urlsplit(fields.get("redirect_uri", ""))
    if fields.get("response_type") != "code":
        return "response_type must be code"
    if not fields.get("client_id"):
        return "client_id is missing"
    at_home = redirect.scheme in {"http", "https"} and redirect.hostname in _LOOPBACK
    if not at_home and not (classic and fields.get("redirect_uri") == CLASSIC_REDIRECT):
        return "redirect_uri is not registered"
    if fields.get("code_challenge_method", "S256") != "S256":
        return "code_challenge_method must be S256"
    if classic and not fields.get("code_challenge"):
        return "code_challenge is missing"
    return None


def _page(client_id: str, redirect_uri: str) -> str:
    return (
        '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Simulated sign-in</title></head><body>'
        "<h1>Simulated sign-in</h1><p>Nobody's account: this page belongs to a simulator.</p>"
        f"<p>The application <code>{html.escape(client_id)}</code> asks to act for Ada Harbour and wants you sent to "
        f"<code>{html.escape(redirect_uri)}</code>.</p>"
        '<form method="post"><button type="submit" autofocus>Sign in as Ada Harbour</button></form></body></html>'
    )


def _text_members(body: bytes) -> dict[str, str] | None:
    try:
        members = cast("dict[str, Any] | Any", json.loads(body))
    except ValueError:
        return None
    if not isinstance(members, dict):
        return None
    return {name: value for name, value in cast("dict[str, Any]", members).items() if isinstance(value, str)}


def _token_answer(answer: dict[str, Any]) -> Response:
    headers = {"Cache-Control": "no-store", "Pragma": "no-cache"}
    return Response(to_json(answer), 200, headers, media_type="application/json")
