"""Owns rows about who runs jobs: robots, machines, sessions, environments. Names from UiPath's definitions."""

from datetime import datetime
from typing import Any

from tui.simulator.model import Environment, Folder, Robot, Tenant
from tui.simulator.queries import Entity
from tui.simulator.wire import Row, wire_time

_CLASSIC_ROBOT: tuple[str, ...] = (
    *("LicenseKey", "MachineName", "MachineId", "Name", "Username", "Description", "Version", "Type", "HostingType"),
    *("Password", "CredentialType", "RobotEnvironments", "Id", "ExecutionSettings"),
)
_MODERN_ROBOT: tuple[str, ...] = (
    *("LicenseKey", "MachineName", "MachineId", "Name", "Username", "ExternalName", "Description", "Type"),
    *("HostingType", "ProvisionType", "Password", "CredentialStoreId", "UserId", "Enabled", "CredentialType"),
    *("RobotEnvironments", "IsExternalLicensed", "LimitConcurrentExecution", "LastModificationTime"),
    *("LastModifierUserId", "CreationTime", "CreatorUserId", "Id", "ExecutionSettings"),
)
CLASSIC_ROBOT = Entity("RobotDto", _CLASSIC_ROBOT, frozenset({"Environments"}))
MODERN_ROBOT = Entity("RobotDto", _MODERN_ROBOT, frozenset({"Environments"}))
ENVIRONMENT = Entity("EnvironmentDto", ("Name", "Description", "Type", "Id"), frozenset({"Robots"}))
_CLASSIC_SESSION: tuple[str, ...] = (
    *("HostMachineName", "MachineId", "MachineName", "State", "ReportingTime", "Info", "IsUnresponsive"),
    *("LicenseErrorCode", "Id"),
)
CLASSIC_SESSION = Entity("SessionDto", _CLASSIC_SESSION, frozenset({"Robot", "Job"}))
MODERN_SESSION = Entity(
    "SessionDto", (*_CLASSIC_SESSION, "OrganizationUnitId", "FolderName", "Version"), frozenset({"Robot", "Job"})
)
RUNTIME = Entity(
    "MachineSessionRuntimeDto",
    (
        *("SessionId", "MachineId", "MachineName", "MaintenanceMode", "HostMachineName", "RuntimeType", "MachineType"),
        *("MachineScope", "Status", "IsUnresponsive", "Runtimes", "UsedRuntimes", "ServiceUserName", "ReportingTime"),
        *("Version", "Platform", "EndpointDetection", "TriggersCount"),
    ),
)


def robot_row(robot: Robot, tenant: Tenant) -> Row:
    """Return the robot as a RobotDto (also fit for SimpleRobotDto); callers must not change it."""
    known = tenant.robot_rows.get(robot.id)
    if known is None:
        known = tenant.robot_rows[robot.id] = _robot_row(robot, tenant)
    return known


def _robot_row(robot: Robot, tenant: Tenant) -> Row:
    entity = MODERN_ROBOT if tenant.modern else CLASSIC_ROBOT
    homes = [environment for environment in tenant.environments if robot in environment.robots]
    values: dict[str, Any] = {
        "MachineName": robot.machine_name,
        "MachineId": robot.machine_id,
        "Name": robot.name,
        "Username": robot.username,
        "Version": "19.4.3",
        "Type": "Unattended",
        "HostingType": "Standard",
        "CredentialType": "Default",
        "ProvisionType": "Automatic",
        "UserId": 2_031_000 + robot.id % 1000,
        "Enabled": True,
        "IsExternalLicensed": False,
        "LimitConcurrentExecution": False,
        "RobotEnvironments": ",".join(environment.name for environment in homes),
        "Id": robot.id,
    }
    row: Row = {name: values.get(name) for name in entity.properties}
    row["Environments"] = [_plain_environment(environment) for environment in homes]
    return row


def machine_row(robot: Robot) -> Row:
    """Return the robot's machine, as ``$expand=Machine`` shows it."""
    return {
        "Name": robot.machine_name,
        "Description": None,
        "Type": "Template",
        "Scope": "Default",
        "UnattendedSlots": 2,
        "Key": robot.machine_key,
        "AutomationType": "Any",
        "TargetFramework": "Any",
        "Id": robot.machine_id,
    }


def environment_row(environment: Environment, tenant: Tenant) -> Row:
    """Return a classic environment and its robots."""
    robots = [robot_row(robot, tenant) for robot in environment.robots]
    return _plain_environment(environment) | {"Robots": robots}


def _plain_environment(environment: Environment) -> Row:
    return {"Name": environment.name, "Description": "", "Type": "Prod", "Id": environment.id}


def session_row(robot: Robot, tenant: Tenant, folder: Folder | None, now: datetime) -> Row:
    """Return the robot's session: connected and available."""
    entity = MODERN_SESSION if tenant.modern else CLASSIC_SESSION
    values: Row = {
        "HostMachineName": robot.machine_name,
        "MachineId": robot.machine_id,
        "MachineName": robot.machine_name,
        "State": "Available",
        "ReportingTime": wire_time(now, 3),
        "Info": None,
        "IsUnresponsive": False,
        "LicenseErrorCode": None,
        "OrganizationUnitId": folder.id if folder else None,
        "FolderName": folder.path if folder else None,
        "Version": "23.10.4",
        "Id": robot.id + 60_000,
        "Robot": robot_row(robot, tenant),
    }
    return {name: values.get(name) for name in (*entity.properties, *sorted(entity.navigation))}


def runtime_row(robot: Robot, now: datetime) -> Row:
    """Return what the robot's machine can run, as a modern start dialog asks for it."""
    return {
        "SessionId": robot.id + 60_000,
        "MachineId": robot.machine_id,
        "MachineName": robot.machine_name,
        "MaintenanceMode": "Default",
        "HostMachineName": robot.machine_name,
        "RuntimeType": "Unattended",
        "MachineType": "Template",
        "MachineScope": "Default",
        "Status": "Available",
        "IsUnresponsive": False,
        "Runtimes": 2,
        "UsedRuntimes": 0,
        "ServiceUserName": "NT AUTHORITY\\LOCAL SERVICE",
        "ReportingTime": wire_time(now, 3),
        "Version": "23.10.4",
        "Platform": "Windows",
        "EndpointDetection": "NotAvailable",
        "TriggersCount": 0,
    }
