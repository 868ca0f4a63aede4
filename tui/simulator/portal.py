"""Owns the listings before a tenant is chosen: accounts and instances of 2019, tenants of today's organization."""

from typing import Any, cast

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from tui.simulator.generation import Generation
from tui.simulator.hostile import tainted
from tui.simulator.problems import abp_response, gateway_page, json_response, unauthorized_response
from tui.simulator.sign_in.tokens import USER_EMAIL, Grant
from tui.simulator.tenants import ACCOUNTS, ORGANIZATION, ORGANIZATION_DISPLAY_NAME, ORGANIZATION_ID
from tui.simulator.wire import Row
from tui.simulator.world import World


class Portal:
    """The portal endpoints over one world."""

    def __init__(self, world: World) -> None:
        self._world = world

    def routes(self) -> list[Route]:
        """Return the routes."""
        return [
            Route("/cloudrpa/api/getAccountsForUser", self.accounts),
            Route("/cloudrpa/api/account/{account}/getAllServiceInstances", self.service_instances),
            Route("/{organization}/portal_/api/filtering/leftnav/tenantsAndOrganizationInfo", self.tenants),
        ]

    async def accounts(self, request: Request) -> Response:
        """Answer the user's accounts. The id_token is asked for; an access token is refused."""
        if not self._is_id_token(request):
            return unauthorized_response()
        rows = [{"accountName": item.name, "accountLogicalName": item.logical_name} for item in ACCOUNTS]
        return self._answer({"userEmail": USER_EMAIL, "accounts": rows})

    async def service_instances(self, request: Request) -> Response:
        """Answer an account's instances as a bare array. ``serviceUrl`` null means: below the account's own address."""
        if not self._is_id_token(request):
            return unauthorized_response()
        wanted = str(request.path_params["account"]).lower()
        account = next((item for item in ACCOUNTS if item.logical_name.lower() == wanted), None)
        if account is None:
            return abp_response(403, "You are not authorized!", "You do not belong to this account.")
        return self._answer(
            [
                {
                    "serviceInstanceName": display,
                    "serviceInstanceLogicalName": logical,
                    "serviceType": "ORCHESTRATOR",
                    "serviceUrl": None,
                    "serviceState": "ENABLED",
                    "userRolesInService": ["Administrator"],
                }
                for logical, display in account.instances
            ]
        )

    async def tenants(self, request: Request) -> Response:
        """Answer the organization and its tenants to people: applications and personal access tokens are refused."""
        grant = self._grant(request)
        if grant is None or grant.identity_only or grant.generation is not Generation.MODERN:
            return unauthorized_response()
        if str(request.path_params["organization"]).lower() not in {ORGANIZATION, ORGANIZATION_ID}:
            return gateway_page()
        if grant.application or grant.personal or "listing-refused" in self._world.scenarios:
            return Response(status_code=403)
        mine = [tenant for tenant in self._world.tenants if tenant.modern]
        return self._answer(
            {
                "tenants": [{"id": item.key, "name": item.name, "displayName": item.display_name} for item in mine],
                "organization": {
                    "id": ORGANIZATION_ID,
                    "name": ORGANIZATION,
                    "displayName": ORGANIZATION_DISPLAY_NAME,
                },
            }
        )

    def _grant(self, request: Request) -> Grant | None:
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        return self._world.tokens.find(token.strip()) if scheme.lower() == "bearer" else None

    def _is_id_token(self, request: Request) -> bool:
        grant = self._grant(request)
        return grant is not None and grant.identity_only and grant.generation is Generation.CLASSIC

    def _answer(self, body: Row | list[Row]) -> Response:
        hostile = "hostile" in self._world.scenarios
        return json_response(_displayed(body) if hostile else body)


def _displayed(value: Any) -> Any:
    """Attack the display names; the names that addresses are made of stay usable."""
    if isinstance(value, list):
        return [_displayed(member) for member in cast("list[Any]", value)]
    if not isinstance(value, dict):
        return value
    row = cast("Row", value)
    attacked = tainted({name: member for name, member in row.items() if isinstance(member, str)})
    kept = {"name": row["name"]} if "name" in row else {}
    return {name: _displayed(member) for name, member in row.items()} | attacked | kept
