"""Owns the way from an address to a tenant's operation: three base paths, bearer tokens, tenant headers, refusals.

Addresses: ``/odata`` (June 2019, tenant in ``X-UIPATH-TenantName``; standalone today), ``/{account}/{instance}/odata``
(late 2019 to 2020), ``/{org}/{tenant}/orchestrator_/odata`` (today); today's gateway also takes the latter without
``orchestrator_`` (UiPathOrch ``OrchAPISession.cs``).
"""

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from tui.simulator.calls import Call, supported_versions
from tui.simulator.generation import Generation
from tui.simulator.hostile import tainted_text
from tui.simulator.model import Tenant
from tui.simulator.operations import find_operation
from tui.simulator.problems import (
    ErrorCode,
    MissingScopeError,
    NotPermittedError,
    OrchestratorError,
    UnauthorizedError,
    gateway_page,
    json_response,
    missing_scope_response,
    not_permitted_response,
    problem_response,
    unauthorized_response,
)
from tui.simulator.sign_in.scopes import is_allowed
from tui.simulator.sign_in.tokens import Grant
from tui.simulator.tenants import MODERN_TENANTS
from tui.simulator.world import World

VERSION = "25.10.0"
_SERVICE = "orchestrator_"
_APIS = frozenset({"odata", "api"})
_STATUS = {"api/status/version": {"version": VERSION}, "api/status/get": {}}


@dataclass(frozen=True, slots=True)
class _Address:
    """A path taken apart: its tenant (None: a header names it), the part before the API, and the API's own path."""

    tenant: Tenant | None
    prefix: str
    api_path: str


class Orchestrator:
    """The endpoint behind every address that no sign-in or portal route takes."""

    def __init__(self, world: World) -> None:
        self._world = world

    async def __call__(self, request: Request) -> Response:
        """Answer one request; never raises."""
        address = self._address(request.url.path)
        if address is None:
            return self._nothing_there(request)
        status = _STATUS.get(address.api_path.lower().rstrip("/"))
        if status is not None and request.method == "GET":
            return json_response(status, headers={"api-supported-versions": supported_versions(modern=True)})
        body = await request.body()
        try:
            return self._perform(request, address, body)
        except UnauthorizedError:
            return unauthorized_response()
        except NotPermittedError:
            return not_permitted_response()
        except MissingScopeError as problem:
            return missing_scope_response(problem)
        except OrchestratorError as problem:
            if "hostile" in self._world.scenarios:
                problem.message = tainted_text("message", problem.message)
            return problem_response(problem)

    def _perform(self, request: Request, address: _Address, body: bytes) -> Response:
        grant = self._grant(request)
        tenant = address.tenant or self._tenant_of_header(request, grant)
        if tenant is None or tenant.generation is not grant.generation:
            raise UnauthorizedError
        target = find_operation(request.method, address.api_path, modern=tenant.modern)
        if target is None:
            return gateway_page()
        if tenant.modern and not is_allowed(grant.scopes, target.scopes, self._world.scenarios):
            raise MissingScopeError(target.scopes)
        if target.changes and "read-only" in self._world.scenarios:
            raise NotPermittedError
        call = Call(
            world=self._world,
            tenant=tenant,
            grant=grant,
            base=f"{request.url.scheme}://{request.url.netloc}{address.prefix}",
            options=dict(request.query_params),
            headers={name.lower(): value for name, value in request.headers.items()},
            body=body,
            key=target.key,
            arguments=target.arguments,
        )
        return target.operation(call)

    def _nothing_there(self, request: Request) -> Response:
        """Answer where no tenant is: today's gateway with a page and 200, the platform of 2019 with 404.

        A display name in an address is such a place: only logical names lead anywhere.
        """
        segments = request.url.path.strip("/").split("/")
        if len(segments) < 2:
            return gateway_page(404)
        grant = self._world.tokens.find(_bearer(request))
        if grant is None or grant.generation is not Generation.CLASSIC:
            return gateway_page()
        if all(item.account.lower() != segments[0].lower() for item in self._world.tenants):
            return gateway_page(404)
        message = f"There is no service instance {segments[1]} in the account {segments[0]}."
        return problem_response(OrchestratorError(404, ErrorCode.ITEM_NOT_FOUND, message))

    def _grant(self, request: Request) -> Grant:
        grant = self._world.tokens.use(_bearer(request))
        if grant is None:
            raise UnauthorizedError
        return grant

    def _tenant_of_header(self, request: Request, grant: Grant) -> Tenant | None:
        name = request.headers.get("x-uipath-tenantname") or grant.tenancy_name
        if grant.generation is Generation.MODERN and (name or "default").lower() == "default":
            name = MODERN_TENANTS[0]
        return self._world.tenant(grant.generation, None, name) if name else None

    def _address(self, path: str) -> _Address | None:
        segments = path.strip("/").split("/")
        if segments[0].lower() == _SERVICE:
            segments = segments[1:]
        if segments and segments[0].lower() in _APIS:
            return _Address(None, "", "/".join(segments))
        if len(segments) < 3:
            return None
        account, name, *rest = segments
        modern = self._world.tenant(Generation.MODERN, account, name)
        tenant = modern or self._world.tenant(Generation.CLASSIC, account, name)
        prefix = f"/{account}/{name}"
        if modern is not None and rest[0].lower() == _SERVICE:
            prefix, rest = f"{prefix}/{rest[0]}", rest[1:]
        if tenant is None or not rest or rest[0].lower() not in _APIS:
            return None
        return _Address(tenant, prefix, "/".join(rest))


def _bearer(request: Request) -> str:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""
