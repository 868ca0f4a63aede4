"""Owns job rows: the 2019.4 property set, and the v20 one. Property names and order from UiPath's definitions."""

import json
from datetime import datetime
from typing import Any

from tui.simulator.model import Job, Tenant
from tui.simulator.queries import Entity
from tui.simulator.release_rows import release_row
from tui.simulator.robot_rows import machine_row, robot_row
from tui.simulator.wire import Row, wire_time

_CLASSIC: tuple[str, ...] = (
    *("Key", "StartTime", "EndTime", "State", "Source", "SourceType", "BatchExecutionKey", "Info", "CreationTime"),
    *("StartingScheduleId", "ReleaseName", "Type", "InputArguments", "OutputArguments", "HostMachineName"),
    *("HasMediaRecorded", "Id"),
)
_MODERN: tuple[str, ...] = (
    *("Key", "StartTime", "EndTime", "State", "SubState", "JobPriority", "SpecificPriorityValue"),
    *("ResourceOverwrites", "Source", "SourceType", "BatchExecutionKey", "Info", "CreationTime"),
    *("StartingScheduleId", "ReleaseName", "Type", "InputArguments", "InputFile", "EnvironmentVariables"),
    *("OutputArguments", "OutputFile", "HostMachineName", "HasMediaRecorded", "HasVideoRecorded", "PersistenceId"),
    *("ResumeVersion", "StopStrategy", "RuntimeType", "RequiresUserInteraction", "ReleaseVersionId"),
    *("EntryPointPath", "OrganizationUnitId", "OrganizationUnitFullyQualifiedName", "Reference", "ProcessType"),
    *("ProfilingOptions", "ResumeOnSameContext", "LocalSystemAccount", "OrchestratorUserIdentity"),
    *("RemoteControlAccess", "StartingTriggerId", "MaxExpectedRunningTimeSeconds", "ServerlessJobType"),
    *("ParentJobKey", "ResumeTime", "LastModificationTime", "JobError", "ErrorCode", "FpsProperties", "TraceId"),
    *("ParentSpanId", "RootSpanId", "AutopilotForRobots", "FpsContext", "Id"),
)
CLASSIC_JOB = Entity("JobDto", _CLASSIC, frozenset({"Robot", "Release"}))
MODERN_JOB = Entity("JobDto", _MODERN, frozenset({"Robot", "Release", "Machine"}))

_STORED = frozenset(_MODERN) - {"Key", "Id", "State", "Source"}
_FAULT_CODE = "Robot"


def job_row(job: Job, tenant: Tenant, now: datetime) -> Row:
    """Return the job as it stands at ``now``, navigation properties included."""
    entity = MODERN_JOB if tenant.modern else CLASSIC_JOB
    values = _common(job, now)
    if tenant.modern:
        values |= _modern(job, now)
    row: Row = {name: values.get(name) for name in entity.properties}
    row["Robot"] = robot_row(job.robot, tenant) if _assigned(job, now) else None
    row["Release"] = release_row(job.release, tenant)
    if tenant.modern:
        row["Machine"] = machine_row(job.robot) if _assigned(job, now) else None
    return row


def _assigned(job: Job, now: datetime) -> bool:
    return job.lifecycle.started_at(now) is not None or job.release.environment is not None


def _common(job: Job, now: datetime) -> dict[str, Any]:
    life = job.lifecycle
    state = life.state(now)
    return {
        "Key": job.key,
        "Id": job.id,
        "StartTime": wire_time(life.started_at(now)),
        "EndTime": wire_time(life.ended_at(now)),
        "State": state,
        "Source": job.details.get("Source", "Manual"),
        "SourceType": job.details.get("Source", "Manual"),
        "BatchExecutionKey": job.batch_key,
        "Info": job_info(job, state),
        "CreationTime": wire_time(job.created),
        "ReleaseName": job.release.process.name,
        "Type": "Unattended",
        "InputArguments": job.input_arguments,
        "OutputArguments": _output(job, state),
        "HostMachineName": job.robot.machine_name if life.started_at(now) else None,
        "HasMediaRecorded": False,
    }


def _modern(job: Job, now: datetime) -> dict[str, Any]:
    state = job.lifecycle.state(now)
    folder = job.release.folder
    own: dict[str, Any] = {
        "JobPriority": None,
        "SpecificPriorityValue": 45,
        "HasVideoRecorded": False,
        "RuntimeType": "Unattended",
        "RequiresUserInteraction": job.release.process.attended,
        "ReleaseVersionId": job.release.id + 500_000,
        "EntryPointPath": "Main.xaml",
        "OrganizationUnitId": folder.id if folder else None,
        "OrganizationUnitFullyQualifiedName": folder.path if folder else None,
        "Reference": "",
        "ProcessType": job.release.process.process_type,
        "ResumeOnSameContext": False,
        "LocalSystemAccount": "NT AUTHORITY\\LOCAL SERVICE",
        "RemoteControlAccess": "None",
        "StopStrategy": "SoftStop" if state == "Stopping" else "Kill" if state == "Terminating" else None,
        "LastModificationTime": wire_time(job.lifecycle.changed_at(now)),
        "JobError": _job_error(job, state, now),
        "ErrorCode": _FAULT_CODE if state == "Faulted" else None,
    }
    return own | {name: value for name, value in job.details.items() if name in _STORED and value is not None}


def _output(job: Job, state: str) -> str | None:
    if state != "Successful":
        return None
    results = job.release.process.results
    if job.lifecycle.stop_requested and results:
        results = dict.fromkeys(results)
    return json.dumps(results)


def _job_error(job: Job, state: str, now: datetime) -> Row | None:
    if state != "Faulted":
        return None
    return {
        "code": _FAULT_CODE,
        "title": "The value of the cell cannot be read",
        "detail": job_info(job, state),
        "category": "User",
        "status": None,
        "timestamp": wire_time(job.lifecycle.ended_at(now)),
    }


def job_info(job: Job, state: str) -> str | None:
    """Return ``Info``: for a fault the whole exception, with Windows line ends."""
    match state:
        case "Successful":
            return "Job completed"
        case "Stopped":
            by = "the user" if job.lifecycle.stop_requested else "bert.quayside@example.com"
            return f"Job was stopped by {by}."
        case "Faulted":
            return "\r\n".join(_exception(job))
        case _:
            return None


def _exception(job: Job) -> tuple[str, ...]:
    package = job.release.process.package
    return (
        "Main.xaml: The value of the cell cannot be read",
        "",
        "RemoteException wrapping System.InvalidOperationException: The sheet 'October' is protected.",
        f"   at {package}.Main.ReadSheet(NativeActivityContext context)",
        "   at System.Activities.NativeActivity.InternalExecute(ActivityInstance instance, ActivityExecutor executor)",
        "   at System.Activities.Runtime.ActivityExecutor.ExecuteActivityWorkItem.ExecuteBody()",
    )
