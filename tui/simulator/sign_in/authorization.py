"""Owns the pages a browser is sent to for signing in, in both generations, and where each of their ends leads.

2019: npm ``uipath-orchestrator`` and UiPath's PowerShell client (``LoginForm.cs``). Today: OpenID Connect at
``/identity_``, its errors as in UiPathOrch ``AuthErrorUrlParserTests.cs``.
"""

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from tui.simulator.generation import Generation
from tui.simulator.problems import gateway_page, trace_id
from tui.simulator.sign_in.applications import CLASSIC_REDIRECT, find_application, is_loopback_redirect
from tui.simulator.sign_in.authorization_codes import AuthorizationRequest
from tui.simulator.sign_in.jwts import is_challenge
from tui.simulator.sign_in.pages import REFUSE, error_page, landing_page, sign_in_page
from tui.simulator.tenants import ORGANIZATION, ORGANIZATION_ID
from tui.simulator.world import World

CLASSIC_AUDIENCE = "https://orchestrator.cloud.uipath.com"
DIRECTORY_REFUSED = "219"
"""The ``errorCode`` of an organization whose own directory lets nobody in this way."""
_ORGANIZATION_NAMES = frozenset({ORGANIZATION, ORGANIZATION_ID})


@dataclass(frozen=True, slots=True)
class _Refusal:
    """Why a request is shown an error page instead of the question; ``error`` is one of OAuth's words."""

    error: str
    description: str


class Authorization:
    """The authorization endpoints over one world."""

    def __init__(self, world: World) -> None:
        self._world = world

    def routes(self) -> list[Route]:
        """Return the routes, exact in their spelling as the real hosts are."""
        both = ["GET", "POST"]
        return [
            Route("/authorize", self.classic, methods=both),
            Route("/mobile", self.landed),
            Route("/portal_/unhandlederror", self.failed_classic),
            Route("/identity_/connect/authorize", self.modern, methods=both),
            Route("/identity/connect/authorize", self.modern, methods=both),
            Route("/{organization}/identity_/connect/authorize", self.of_organization, methods=both),
            *(Route(f"/{service}/web/{page}", self.failed) for service in ("identity_", "identity") for page in _ENDS),
        ]

    async def classic(self, request: Request) -> Response:
        """``GET /authorize``: the 2019 page; its redirect address is not a loopback one."""
        fields = dict(request.query_params)
        refusal = _repeated(request) or _classic_refusal(fields, request.url.netloc)
        if refusal is None and await _is_refused(request):
            refusal = _Refusal("access_denied", "The user refused.")
        if refusal is not None:
            target = {"error": refusal.error, "error_description": refusal.description, "tracking": trace_id()}
            return RedirectResponse(f"/portal_/unhandlederror?{urlencode(target)}", 302)
        return self._answer(request, fields, Generation.CLASSIC)

    async def of_organization(self, request: Request) -> Response:
        """``GET /{organization}/identity_/connect/authorize``: as the host's, but it leads to the own directory."""
        if str(request.path_params["organization"]).lower() not in _ORGANIZATION_NAMES:
            return gateway_page()
        return await self._modern(request, own_directory=True)

    async def modern(self, request: Request) -> Response:
        """``GET /identity_/connect/authorize``; ``acr_values=tenantName:…`` leads to the organization's directory."""
        values = request.query_params.get("acr_values", "").split()
        named = {value.partition(":")[2].lower() for value in values if value.startswith("tenantName:")}
        return await self._modern(request, own_directory=not named.isdisjoint(_ORGANIZATION_NAMES))

    async def _modern(self, request: Request, *, own_directory: bool) -> Response:
        fields = dict(request.query_params)
        service = "identity" if request.url.path.startswith("/identity/") else "identity_"
        refusal = _repeated(request) or _modern_refusal(fields)
        if refusal is not None:
            target = {"errorCode": refusal.error, "errorId": _error_id(refusal, fields)}
            return RedirectResponse(f"/{service}/web/?{urlencode(target)}", 302)
        scenarios = self._world.scenarios
        if "sso-refused" in scenarios or (own_directory and "federated" in scenarios):
            back = f"{request.url.path}?{request.url.query}"
            target = {"errorCode": DIRECTORY_REFUSED, "returnUrl": back, "traceId": trace_id()}
            return RedirectResponse(f"/{service}/web/login?{urlencode(target)}", 302)
        if await _is_refused(request):
            return _sent_back(fields, {"error": "access_denied"})
        return self._answer(request, fields, Generation.MODERN)

    def _answer(self, request: Request, fields: Mapping[str, str], generation: Generation) -> Response:
        """Ask people on a page; send everybody else (and ``prompt=none``) back with a code at once."""
        wants_page = "text/html" in request.headers.get("accept", "") and fields.get("prompt") != "none"
        if request.method == "GET" and wants_page:
            return sign_in_page(fields["client_id"], fields["redirect_uri"], tuple(fields["scope"].split()))
        challenge, nonce = fields.get("code_challenge"), fields.get("nonce")
        asked = (generation, fields["client_id"], fields["redirect_uri"], fields["scope"], challenge, nonce)
        return _sent_back(fields, {"code": self._world.tokens.authorize(AuthorizationRequest(*asked))})

    async def landed(self, request: Request) -> Response:
        """Show the page 2019's redirect ends on."""
        return landing_page(request.query_params.get("code", ""))

    async def failed_classic(self, request: Request) -> Response:
        """Show the page 2019's errors end on."""
        said = request.query_params
        return error_page(said.get("error", ""), said.get("error_description", ""), said.get("tracking", ""))

    async def failed(self, request: Request) -> Response:
        """Show the page today's errors end on."""
        said = request.query_params
        return error_page(said.get("errorCode", ""), "", said.get("traceId") or said.get("errorId", ""))


_ENDS = ("", "login")


def _classic_refusal(fields: Mapping[str, str], host: str) -> _Refusal | None:
    """Check what 2019's page was asked. A client that was pointed at ``host`` sends people to its ``/mobile``.

    TLS may end in front of the simulator, so that either scheme can be the one the client knows.
    """
    if fields.get("response_type") != "code":
        return _Refusal("unsupported_response_type", "response_type must be code")
    if find_application(Generation.CLASSIC, fields.get("client_id", "")) is None:
        return _Refusal("unauthorized_client", "Unknown client")
    if fields.get("redirect_uri") not in {CLASSIC_REDIRECT, f"http://{host}/mobile", f"https://{host}/mobile"}:
        return _Refusal("invalid_request", "redirect_uri is not registered")
    if fields.get("code_challenge_method") != "S256" or not is_challenge(fields.get("code_challenge", "")):
        return _Refusal("invalid_request", "code_challenge must be the unpadded base64url of an S256 challenge")
    if fields.get("audience") != CLASSIC_AUDIENCE:
        return _Refusal("invalid_request", "audience names no service")
    if "openid" not in fields.get("scope", "").split():
        return _Refusal("invalid_scope", "scope must have openid")
    missing = [name for name in ("state", "nonce") if not fields.get(name)]
    return _Refusal("invalid_request", f"{missing[0]} is missing") if missing else None


def _modern_refusal(fields: Mapping[str, str]) -> _Refusal | None:
    application = find_application(Generation.MODERN, fields.get("client_id", ""))
    if application is None:
        return _Refusal("unauthorized_client", "Unknown client or client not enabled")
    if not is_loopback_redirect(fields.get("redirect_uri", "")):
        return _Refusal("invalid_request", "Invalid redirect_uri")
    if fields.get("response_type") != "code" or fields.get("response_mode", "query") != "query":
        return _Refusal("unsupported_response_type", "Response type not supported")
    scopes = tuple(fields.get("scope", "").split())
    if not scopes:
        return _Refusal("invalid_request", "scope is missing")
    if application.unknown_scopes(scopes):
        return _Refusal("invalid_scope", "Invalid scope")
    if "code_challenge" not in fields and application.secret is not None:
        return None
    if fields.get("code_challenge_method") != "S256":
        return _Refusal("invalid_request", "Transform algorithm not supported")
    return None if is_challenge(fields.get("code_challenge", "")) else _Refusal("invalid_request", "Code challenge")


def _repeated(request: Request) -> _Refusal | None:
    """Refuse what RFC 6749 3.1 forbids: a parameter that comes twice."""
    names = [name for name, _ in request.query_params.multi_items()]
    return _Refusal("invalid_request", "A parameter is repeated") if len(names) > len(set(names)) else None


async def _is_refused(request: Request) -> bool:
    return request.method == "POST" and (await request.form()).get("decision") == REFUSE


def _sent_back(fields: Mapping[str, str], answer: dict[str, str]) -> Response:
    """Redirect to where the application wants people, ``state`` untouched."""
    if "state" in fields:
        answer = answer | {"state": fields["state"]}
    separator = "&" if urlsplit(fields["redirect_uri"]).query else "?"
    return RedirectResponse(f"{fields['redirect_uri']}{separator}{urlencode(answer)}", 302)


def _error_id(refusal: _Refusal, fields: Mapping[str, str]) -> str:
    data = {
        "Error": refusal.error,
        "ErrorDescription": refusal.description,
        "ClientId": fields.get("client_id", ""),
        "RedirectUri": fields.get("redirect_uri", ""),
    }
    return base64.b64encode(json.dumps({"Data": data}).encode()).decode()
