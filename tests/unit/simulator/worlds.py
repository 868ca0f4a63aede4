"""A world whose time only a test moves."""

from datetime import UTC, datetime, timedelta
from typing import Any

from tui.simulator.calls import Call
from tui.simulator.model import Tenant
from tui.simulator.sign_in.tokens import Generation, Grant
from tui.simulator.wire import to_json
from tui.simulator.world import World


class ManualClock:
    """Stands still until told otherwise."""

    def __init__(self) -> None:
        self.moment = datetime(2026, 11, 23, 9, 28, 12, 920731, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.moment

    def advance(self, seconds: float) -> None:
        self.moment += timedelta(seconds=seconds)


def make_world(*scenarios: str, speed: float = 1.0) -> tuple[World, ManualClock]:
    clock = ManualClock()
    return World(scenarios or ("happy",), clock=clock, speed=speed), clock


def tenant_of(world: World, generation: Generation) -> Tenant:
    return next(tenant for tenant in world.tenants if tenant.generation is generation)


def start_call(world: World, generation: Generation, body: object, **headers: str) -> Call:
    """Return a StartJobs call in the first tenant; today's goes to the first folder unless headers say otherwise."""
    tenant = tenant_of(world, generation)
    if tenant.modern and not headers:
        headers = {"x-uipath-folderkey": tenant.folders[0].key}
    raw = body if isinstance(body, bytes) else to_json(body)
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Call(world, tenant, Grant(generation, None), "http://127.0.0.1", {}, named, raw)


def start_info(**members: Any) -> dict[str, Any]:
    return {"startInfo": members}
