"""Owns the simulated world: its tenants, its tokens, and the only place jobs are created. Time comes from outside."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from random import Random
from typing import Any

from tui.simulator.generation import Generation
from tui.simulator.lifecycle import Lifecycle, plan_job, planned
from tui.simulator.model import Job, Release, Robot, Tenant
from tui.simulator.sign_in.tokens import TokenAuthority
from tui.simulator.tenants import ORGANIZATION_ID, make_tenants
from tui.simulator.wire import named_uuid, seeded_uuid

FIRST_JOB_ID = 10_173_064
PENDING_SECONDS = 1.0
ROBOTS_AT_ONCE = 50
"""How many jobs of one start leave the queue together; the others follow in waves."""
WAVE_SECONDS = 1.0
EXPIRED_TOKEN_CALLS = 8


def utc_now() -> datetime:
    """Return the machine's wall clock."""
    return datetime.now(UTC)


class World:
    """Everything the simulated service knows. One event loop uses it; tests may read it from another thread."""

    def __init__(
        self,
        scenarios: Sequence[str] = ("happy",),
        *,
        clock: Callable[[], datetime] = utc_now,
        speed: float = 1.0,
        seed: int = 0,
    ) -> None:
        if speed <= 0:
            raise ValueError("The speed must be above 0: 1 is real time, 10 is ten times as fast.")
        self.scenarios = frozenset(scenarios)
        self.now = clock
        self.speed = speed
        self.random = Random(seed)  # noqa: S311 - invented data, the same each time
        self.tenants = make_tenants(self.scenarios)
        calls = EXPIRED_TOKEN_CALLS if "expired" in self.scenarios else None
        self.tokens = TokenAuthority(clock, ORGANIZATION_ID, calls, self.scenarios)
        self.started_count = 0
        """How many StartJobs calls created jobs."""
        self._next_job_id = FIRST_JOB_ID

    def tenant(self, generation: Generation, account: str | None, name: str) -> Tenant | None:
        """Return the tenant with these logical names (any case); ``account`` None means any."""
        for tenant in self.tenants:
            known_as = {tenant.name.lower(), tenant.key}
            accounts = (tenant.account.lower(), ORGANIZATION_ID if tenant.modern else "")
            fits = tenant.generation is generation and name.lower() in known_as
            if fits and (not account or account.lower() in accounts):
                return tenant
        return None

    def create_jobs(
        self,
        tenant: Tenant,
        release: Release,
        robots: Sequence[Robot],
        details: dict[str, Any],
        input_arguments: str | None,
    ) -> list[Job]:
        """Create one job per member of ``robots`` (a robot may appear more than once), all in one batch."""
        created = self.now()
        batch_key = str(details.get("BatchExecutionKey") or seeded_uuid(self.random))
        jobs = [
            self._create_job(tenant, release, robot, created, batch_key, details, input_arguments, index)
            for index, robot in enumerate(robots)
        ]
        tenant.jobs.extend(jobs)
        return jobs

    def _create_job(
        self,
        tenant: Tenant,
        release: Release,
        robot: Robot,
        created: datetime,
        batch_key: str,
        details: dict[str, Any],
        input_arguments: str | None,
        index: int,
    ) -> Job:
        job_id = self._next_job_id
        self._next_job_id += 1
        pending = PENDING_SECONDS + index // ROBOTS_AT_ONCE * WAVE_SECONDS
        plan = plan_job(self.scenarios, release.process.seconds, pending, suspends=tenant.modern)
        lifecycle = Lifecycle(
            planned(created, plan, self.speed), self.speed, honours_soft_stop=release.process.long_running
        )
        key = named_uuid("job", str(job_id), str(self.random.getrandbits(64)))
        return Job(job_id, key, release, robot, created, batch_key, lifecycle, details, input_arguments)
