"""Owns the operations on jobs: list, read, start, stop, restart, resume, and the two validations."""

from collections.abc import Sequence
from typing import Any, cast
from uuid import UUID

from starlette.responses import Response

from tui.simulator.calls import Call
from tui.simulator.job_rows import CLASSIC_JOB, MODERN_JOB, job_row
from tui.simulator.lifecycle import FINAL_STATES
from tui.simulator.model import Job
from tui.simulator.problems import ErrorCode, OrchestratorError
from tui.simulator.queries import Entity
from tui.simulator.starting import objections, start_jobs
from tui.simulator.wire import Row

_STRATEGIES = {"softstop": "SoftStop", "1": "SoftStop", "kill": "Kill", "2": "Kill"}
"""UiPathOrch sends the enumeration's numbers as text."""
_NO_HOST = (
    "TemplateNoHostsAvailable",
    "There are no connected machines that could run this job: HARBOUR-VM-01 was last seen two hours ago.",
)


def _entity(call: Call) -> Entity:
    return MODERN_JOB if call.tenant.modern else CLASSIC_JOB


def _row(call: Call, job: Job) -> Row:
    return job_row(job, call.tenant, call.world.now())


def _not_found(reference: object) -> OrchestratorError:
    return OrchestratorError(404, ErrorCode.ITEM_NOT_FOUND, f"Job with id {reference} does not exist.")


def _visible(call: Call, job: Job | None, reference: object) -> Job:
    folder = call.folder()
    if job is None or (folder is not None and job.release.folder is not folder):
        raise _not_found(reference)
    return job


def _by_id(call: Call, reference: object) -> Job:
    text = str(reference)
    job = call.tenant.job_by_id(int(text)) if text.isascii() and text.isdecimal() else None
    return _visible(call, job, text)


def _by_key(call: Call, reference: object) -> Job:
    text = str(reference or "").strip("'")
    try:
        key = str(UUID(text))
    except ValueError as error:
        raise _not_found(text) from error
    return _visible(call, call.tenant.job_by_key(key), text)


def list_jobs(call: Call) -> Response:
    """``GET /odata/Jobs``."""
    folder = call.folder()
    jobs = (job for job in call.tenant.jobs if folder is None or job.release.folder is folder)
    return call.collection("Jobs", [_row(call, job) for job in jobs], _entity(call))


def read_job(call: Call) -> Response:
    """``GET /odata/Jobs({id})``."""
    return call.single("Jobs", _row(call, _by_id(call, call.key)), _entity(call))


def read_job_by_key(call: Call) -> Response:
    """``GET …GetByKey(identifier=guid)``: in no definition, used by both of UiPath's SDKs (``_jobs_service.py``)."""
    job = _by_key(call, (call.arguments or {}).get("identifier"))
    return call.single("Jobs", _row(call, job), _entity(call))


def start(call: Call) -> Response:
    """``POST …StartJobs``: 201 and the created jobs."""
    jobs = start_jobs(call)
    for job in jobs:
        job.started_by = call.grant.user_name
    return call.collection("Jobs", [_row(call, job) for job in jobs], _entity(call), status=201)


def _strategy(members: dict[str, Any]) -> str:
    strategy = _STRATEGIES.get(str(members.get("strategy")).lower())
    if strategy is None:
        raise OrchestratorError(400, ErrorCode.NONE, "stopJobParameters must not be null")
    return strategy


def _stop(call: Call, job: Job, strategy: str) -> None:
    now = call.world.now()
    done = job.lifecycle.kill(now) if strategy == "Kill" else job.lifecycle.stop(now)
    if not done:
        raise OrchestratorError(
            409, ErrorCode.INVALID_REQUEST, f"Job {job.id} has already ended and cannot be stopped."
        )


def stop_one(call: Call) -> Response:
    """``POST /odata/Jobs({id})/…StopJob``: 200 without a body."""
    strategy = _strategy(call.body_members() or {})
    _stop(call, _by_id(call, call.key), strategy)
    return call.empty()


def stop_several(call: Call) -> Response:
    """``POST …StopJobs``: 200 without a body. Jobs that have ended are skipped."""
    members = call.body_members() or {}
    strategy = _strategy(members)
    job_ids = members.get("jobids")
    if not isinstance(job_ids, list) or not job_ids:
        raise OrchestratorError(400, ErrorCode.NONE, "stopJobsParameters must not be null")
    jobs = [_by_id(call, job_id) for job_id in cast("list[object]", job_ids)]
    for job in jobs:
        if job.lifecycle.state(call.world.now()) not in FINAL_STATES:
            _stop(call, job, strategy)
    return call.empty()


def restart(call: Call) -> Response:
    """``POST …RestartJob``: a new job like the ended one."""
    old = _by_id(call, (call.body_members() or {}).get("jobid"))
    if old.lifecycle.state(call.world.now()) not in FINAL_STATES:
        raise OrchestratorError(
            409, ErrorCode.INVALID_REQUEST, "An unfinished job cannot be restarted (CannotRestartUnfinishedJob)."
        )
    details = {name: value for name, value in old.details.items() if name != "BatchExecutionKey"}
    created = call.world.create_jobs(call.tenant, old.release, [old.robot], details, old.input_arguments)
    created[0].started_by = call.grant.user_name
    return call.single("Jobs", _row(call, created[0]), _entity(call))


def resume(call: Call) -> Response:
    """``POST …ResumeJob``: a suspended job goes on at once."""
    job = _by_key(call, (call.body_members() or {}).get("jobkey"))
    if not job.lifecycle.resume(call.world.now(), job.release.process.seconds / 2):
        raise OrchestratorError(409, ErrorCode.INVALID_REQUEST, "Only a suspended job can be resumed.")
    return call.single("Jobs", _row(call, job), _entity(call))


def validate_dynamic(call: Call) -> Response:
    """``POST …ValidateDynamicJob``: StartJobs without starting."""
    found = objections(call)
    if "pending" in call.world.scenarios:
        found.append(_NO_HOST)
    return call.value(_validation(call, found))


def validate_existing(call: Call) -> Response:
    """``POST /odata/Jobs({id})/…ValidateExistingJob``: why a job is still pending."""
    job = _by_id(call, call.key)
    waits = "pending" in call.world.scenarios and job.lifecycle.state(call.world.now()) == "Pending"
    return call.value(_validation(call, [_NO_HOST] if waits else []))


def _validation(call: Call, found: Sequence[tuple[str, str]]) -> Row:
    return {
        "@odata.context": f"{call.base}/odata/$metadata#UiPath.Server.Configuration.OData.ValidationResultDto",
        "IsValid": not found,
        "Errors": [sentence for _, sentence in found],
        "ErrorCodes": [code for code, _ in found],
    }
