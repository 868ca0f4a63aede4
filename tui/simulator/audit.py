"""Owns the audit log: who started which job. Names from the 2019.4 and v20 definitions (``AuditLogDto``).

Of what people do it holds the starts alone. Reading it takes Audit.View, which few roles have: scenario ``auditor``.
"""

from starlette.responses import Response

from tui.simulator.calls import Call
from tui.simulator.model import Job
from tui.simulator.problems import NotPermittedError
from tui.simulator.queries import Entity
from tui.simulator.sign_in.tokens import USER_EMAIL
from tui.simulator.wire import Row, wire_time

USER_ID = 2_031_777
COLLEAGUE_ID = 2_031_778
_FIRST_ID = 88_400_000
_CLASSIC: tuple[str, ...] = (
    *("ServiceName", "MethodName", "Parameters", "ExecutionTime", "Action", "Component", "DisplayName", "EntityId"),
    *("OperationText", "UserName", "UserType", "UserId", "UserIsDeleted", "Id"),
)
CLASSIC_AUDIT = Entity("AuditLogDto", _CLASSIC, frozenset({"Entities"}))
MODERN_AUDIT = Entity("AuditLogDto", (*_CLASSIC, "ExternalClientId"), frozenset({"Entities"}))


def list_audit(call: Call) -> Response:
    """``GET /odata/AuditLogs``: of the whole tenant, whatever folder the headers name."""
    if "auditor" not in call.world.scenarios:
        raise NotPermittedError
    rows = [_row(job, number) for number, job in enumerate(call.tenant.jobs)]
    entity = MODERN_AUDIT if call.tenant.modern else CLASSIC_AUDIT
    kept = frozenset((*entity.properties, *entity.navigation))
    rows = [{name: value for name, value in row.items() if name in kept} for row in rows]
    return call.collection("AuditLogs", rows, entity)


def _row(job: Job, number: int) -> Row:
    name = job.release.process.name
    return {
        "ServiceName": None,
        "MethodName": None,
        "Parameters": None,
        "ExecutionTime": wire_time(job.created),
        "Action": "StartJob",
        "Component": "Jobs",
        "DisplayName": name,
        "EntityId": job.id,
        "OperationText": f"User {job.started_by} started a job of {name}",
        "UserName": job.started_by,
        "UserType": "User",
        "UserId": USER_ID if job.started_by == USER_EMAIL else COLLEAGUE_ID,
        "UserIsDeleted": False,
        "ExternalClientId": None,
        "Entities": [],
        "Id": _FIRST_ID + number,
    }
