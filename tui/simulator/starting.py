"""Owns StartJobs: what the service accepts, what it refuses, and which robots a strategy picks.

Property names and enumerations from the 2019.4 and v20 definitions; refusals from Orchestrator's "Start jobs errors"
and UiPath's skills repository.
"""

import json
from collections.abc import Sequence
from itertools import islice
from typing import Any, cast
from uuid import UUID

from tui.simulator.arguments import missing_required
from tui.simulator.calls import Call
from tui.simulator.model import Folder, Job, Release, Robot, Tenant
from tui.simulator.problems import ErrorCode, OrchestratorError

MAX_INPUT_CHARACTERS = 10_000
MAX_JOBS = 10_000

_CLASSIC_STRATEGIES = ("All", "Specific", "RobotCount", "JobsCount")
_MODERN_STRATEGY = "ModernJobsCount"
_CLASSIC_SOURCES = ("Manual", "Schedule")
_MODERN_SOURCES = (
    *("Manual", "Schedule", "Queue", "StudioWeb", "IntegrationTrigger", "StudioDesktop", "AutomationOpsPipelines"),
    *("Apps", "SAP", "HttpTrigger", "HttpTriggerWithCallback", "RobotAPI", "Assistant", "CommandLine", "RobotNetAPI"),
    *("Autopilot", "TestManager", "AgentService", "ProcessOrchestration", "PluginEcosystem", "PerformanceTesting"),
    *("AgentHub", "ApiWorkflow"),
)
_RUNTIMES = (
    *("NonProduction", "Attended", "Unattended", "Development", "Studio", "RpaDeveloper", "StudioX"),
    *("CitizenDeveloper", "Headless", "StudioPro", "RpaDeveloperPro", "TestAutomation", "AutomationCloud"),
    *("Serverless", "AutomationKit", "ServerlessTestAutomation", "AutomationCloudTestAutomation"),
    *("AttendedStudioWeb", "Hosting", "AssistantWeb", "ProcessOrchestration", "AgentService", "AppTest"),
    "PerformanceTest",
)
_RUNTIMES_AT_HAND = frozenset({"Unattended", "NonProduction"})
_TYPES: dict[str, type] = {
    **dict.fromkeys(("releasekey", "strategy", "source", "inputarguments"), str),
    **dict.fromkeys(("noofrobots", "jobscount"), int),
    "robotids": list,
}
_MODERN_TYPES: dict[str, type] = {
    **dict.fromkeys(
        ("releasename", "reference", "environmentvariables", "inputfile", "runtimetype", "jobpriority"), str
    ),
    **dict.fromkeys(("batchexecutionkey", "entrypointpath", "parentoperationid", "traceid"), str),
    **dict.fromkeys(("runasme", "resumeonsamecontext", "requiresuserinteraction"), bool),
    **dict.fromkeys(("machinesessionids", "machinerobots", "attachments"), list),
    "specificpriorityvalue": int,
}
_MODERN_LENGTHS = {"reference": 128, "environmentvariables": 4000, "parentoperationid": 128, "traceid": 255}
_STORED = (
    *("Reference", "JobPriority", "SpecificPriorityValue", "InputFile", "EnvironmentVariables", "RuntimeType"),
    *("ResumeOnSameContext", "RequiresUserInteraction", "RemoteControlAccess", "EntryPointPath", "ProfilingOptions"),
    *("TraceId", "ParentSpanId", "RootSpanId", "FpsContext", "FpsProperties", "BatchExecutionKey"),
)


def start_jobs(call: Call) -> list[Job]:
    """Create the jobs that the body asks for.

    Raises:
        OrchestratorError: The service would not start anything.
    """
    tenant = call.tenant
    folder = call.folder()
    info = read_start_info(call)
    release = _release(info, tenant, folder)
    _check_release(release)
    given = _check_inputs(info, release, check_required="hostile" not in call.world.scenarios)
    _check_modern(info, tenant)
    robots = _robots(info, release, tenant)
    details: dict[str, Any] = {"Source": info.get("source") or "Manual"}
    if tenant.modern:
        details |= {name: info[name.lower()] for name in _STORED if info.get(name.lower()) is not None}
    call.world.started_count += 1
    return call.world.create_jobs(tenant, release, robots, details, given)


def objections(call: Call) -> list[tuple[str, str]]:
    """Return why the start that the body asks for would not run, as ``(ErrorCode, sentence)``; empty when it would.

    Codes from v20's ``ValidationResultDto``.

    Raises:
        OrchestratorError: The body can't be bound, names no release, or contradicts itself.
    """
    info = read_start_info(call)
    release = _release(info, call.tenant, call.folder())
    found: list[tuple[str, str]] = []
    try:
        _check_release(release)
    except OrchestratorError as error:
        found.append(("DynamicJobForegroundAutomationTypeInvalid", error.message))
    try:
        _check_modern(info, call.tenant)
    except OrchestratorError as error:
        if error.status != 409:
            raise
        found.append(("TemplateNoRuntime", error.message))
    return found


def read_start_info(call: Call) -> dict[str, Any]:
    """Return ``startInfo`` with lower-case member names, every type checked.

    A body the service cannot bind counts as no body at all: 400 with code 0.
    """
    members = call.body_members() or {}
    raw = members.get("startinfo")
    info = (
        {str(name).lower(): value for name, value in cast("dict[str, Any]", raw).items()}
        if isinstance(raw, dict)
        else None
    )
    types = _TYPES | (_MODERN_TYPES if call.tenant.modern else {})
    if (
        info is None
        or not all(_fits(info.get(name), of) for name, of in types.items())
        or not _enums_fit(info, call.tenant)
    ):
        raise OrchestratorError(400, ErrorCode.NONE, "startJobParameters must not be null")
    return info


def _fits(value: Any, of: type) -> bool:
    if value is None:
        return True
    return isinstance(value, of) and not (of is int and isinstance(value, bool))


def _enums_fit(info: dict[str, Any], tenant: Tenant) -> bool:
    strategies = (*_CLASSIC_STRATEGIES, _MODERN_STRATEGY) if tenant.modern else _CLASSIC_STRATEGIES
    choices = {"strategy": strategies, "source": _MODERN_SOURCES if tenant.modern else _CLASSIC_SOURCES}
    if tenant.modern:
        choices |= {"jobpriority": ("Low", "Normal", "High"), "runtimetype": _RUNTIMES}
    return all(
        info.get(name) is None or any(str(info[name]).lower() == choice.lower() for choice in allowed)
        for name, allowed in choices.items()
    )


def _release(info: dict[str, Any], tenant: Tenant, folder: Folder | None) -> Release:
    key, name = info.get("releasekey"), info.get("releasename") if tenant.modern else None
    if not key and not name:
        raise OrchestratorError(400, ErrorCode.INVALID_ARGUMENT, "The ReleaseKey field is required.")
    if key:
        release = tenant.release_by_key(_normalized(key))
    else:
        mine = (item for item in tenant.releases if item.folder is folder)
        release = next((item for item in mine if item.process.name.lower() == str(name).lower()), None)
    if release is None or release.folder is not folder:
        raise OrchestratorError(404, ErrorCode.ITEM_NOT_FOUND, f"Release with key '{key or name}' does not exist.")
    return release


def _normalized(key: str) -> str:
    try:
        return str(UUID(key))
    except ValueError:
        return key


def _check_release(release: Release) -> None:
    process = release.process
    if process.deleted:
        raise OrchestratorError(
            409, ErrorCode.PACKAGE_NOT_FOUND, f"The package {process.package} {process.version} was not found."
        )
    if process.attended:
        raise OrchestratorError(
            409,
            ErrorCode.FOREGROUND_NEEDS_UNATTENDED_ROBOT,
            "The process requires user interaction: it cannot be started without an attended robot and its user.",
        )


def _check_inputs(info: dict[str, Any], release: Release, *, check_required: bool) -> str | None:
    text: str | None = info.get("inputarguments")
    # .NET counts UTF-16 units.
    if text and len(text.encode("utf-16-le", "surrogatepass")) // 2 > MAX_INPUT_CHARACTERS:
        limit = f"The field InputArguments must be a string with a maximum length of {MAX_INPUT_CHARACTERS}."
        raise OrchestratorError(400, ErrorCode.INVALID_ARGUMENT, limit)
    try:
        given: Any = json.loads(text) if text else {}
    except ValueError as error:
        raise OrchestratorError(400, ErrorCode.INVALID_ARGUMENT, "InputArguments is not valid JSON.") from error
    if not isinstance(given, dict):
        raise OrchestratorError(400, ErrorCode.INVALID_ARGUMENT, "InputArguments must hold a JSON object.")
    if not info.get("inputfile") and check_required:
        missing = missing_required(release.process.arguments, cast("dict[str, Any]", given))
        if missing:
            message = f"A value for a required argument was not supplied: {', '.join(missing)}."
            raise OrchestratorError(400, ErrorCode.INVALID_ARGUMENT, message)
    return text


def _check_modern(info: dict[str, Any], tenant: Tenant) -> None:
    if not tenant.modern:
        return
    for name, limit in _MODERN_LENGTHS.items():
        if len(str(info.get(name) or "")) > limit:
            message = f"The field {name} must be a string with a maximum length of {limit}."
            raise OrchestratorError(400, ErrorCode.INVALID_ARGUMENT, message)
    if info.get("inputfile") and info.get("inputarguments"):
        message = "A job cannot have both input file and input arguments."
        raise OrchestratorError(400, ErrorCode.INVALID_ARGUMENT, message)
    if info.get("jobpriority") and info.get("specificpriorityvalue") is not None:
        message = "Cannot set a specific priority value when a standard job priority setting is selected."
        raise OrchestratorError(400, ErrorCode.INVALID_ARGUMENT, message)
    if info.get("runtimetype") and info["runtimetype"] not in _RUNTIMES_AT_HAND:
        message = f"There is no machine with the {info['runtimetype']} runtime in the current folder."
        raise OrchestratorError(409, ErrorCode.NO_MATCHING_RUNTIME, message)


def _robots(info: dict[str, Any], release: Release, tenant: Tenant) -> Sequence[Robot]:
    default = _MODERN_STRATEGY if tenant.modern else "All"
    strategy = str(info.get("strategy") or default).lower()
    if tenant.modern:
        if strategy != _MODERN_STRATEGY.lower():
            message = f"StrategyNotAvailableInModernFolder: '{info['strategy']}' needs a classic folder."
            raise OrchestratorError(400, ErrorCode.INVALID_ARGUMENT, message)
        return _jobs_count(info, tenant.robots, default=1)
    robots = release.environment.robots if release.environment else ()
    robot_ids = cast("list[Any]", info.get("robotids") or [])
    if strategy == "specific":
        return _specific(robot_ids, robots)
    if robot_ids:
        raise OrchestratorError(
            400, ErrorCode.INVALID_ARGUMENT, "RobotIds must be empty unless the strategy is Specific."
        )
    if not robots:
        raise OrchestratorError(
            409, ErrorCode.NO_ROBOTS_AVAILABLE, "There are no robots available in the release's environment."
        )
    if strategy == "all":
        return robots
    if strategy == "robotcount":
        wanted = int(info.get("noofrobots") or info.get("jobscount") or 0)
        if not 0 < wanted <= len(robots):
            raise OrchestratorError(400, ErrorCode.INVALID_ARGUMENT, f"NoOfRobots must be between 1 and {len(robots)}.")
        return robots[:wanted]
    return _jobs_count(info, robots, default=0)


def _jobs_count(info: dict[str, Any], robots: Sequence[Robot], *, default: int) -> Sequence[Robot]:
    wanted = info.get("jobscount")
    number = default if wanted is None else int(wanted)
    if not 0 < number <= MAX_JOBS:
        raise OrchestratorError(400, ErrorCode.INVALID_ARGUMENT, f"JobsCount must be between 1 and {MAX_JOBS}.")
    repeats = (robot for _ in range(number) for robot in robots)
    return list(islice(repeats, number))


def _specific(robot_ids: Sequence[Any], robots: Sequence[Robot]) -> Sequence[Robot]:
    known = {robot.id: robot for robot in robots}
    if not robot_ids or any(robot_id not in known for robot_id in robot_ids):
        message = "Couldn't find the specified unattended user/robot in the release's environment."
        raise OrchestratorError(409, ErrorCode.INVALID_START_JOB_ROBOT_IDS, message)
    return [known[robot_id] for robot_id in robot_ids]
