"""Owns release rows: the 2019.4 property set, and the v20 one. Property names and order from UiPath's definitions."""

from typing import Any

from tui.simulator.arguments import argument_list, output_list
from tui.simulator.catalogue import Process
from tui.simulator.model import Release, Tenant
from tui.simulator.queries import Entity
from tui.simulator.wire import Row, named_uuid

_CLASSIC: tuple[str, ...] = (
    *("Key", "ProcessKey", "ProcessVersion", "IsLatestVersion", "IsProcessDeleted", "Description", "Name"),
    *("EnvironmentId", "EnvironmentName", "InputArguments", "QueueDefinitionId", "QueueDefinitionName", "Id"),
    *("Arguments", "ProcessSettings"),
)
_MODERN: tuple[str, ...] = (
    *("Key", "ProcessKey", "ProcessVersion", "IsLatestVersion", "IsProcessDeleted", "Description", "Name"),
    *("EntryPointId", "EntryPointPath", "InputArguments", "EnvironmentVariables", "ProcessType"),
    *("SupportsMultipleEntryPoints", "RequiresUserInteraction", "IsConversational", "MinRequiredRobotVersion"),
    *("IsAttended", "IsCompiled", "AutomationHubIdeaUrl", "AutoUpdate", "HiddenForAttendedUser", "FeedId"),
    *("JobPriority", "SpecificPriorityValue", "FolderKey", "OrganizationUnitId"),
    *("OrganizationUnitFullyQualifiedName", "TargetFramework", "RobotSize", "RemoteControlAccess"),
    *("LastModificationTime", "LastModifierUserId", "CreationTime", "CreatorUserId", "Id", "Arguments"),
    *("ProcessSettings", "VideoRecordingSettings", "Tags"),
)
CLASSIC_RELEASE = Entity("ReleaseDto", _CLASSIC, frozenset({"Environment", "CurrentVersion", "ReleaseVersions"}))
MODERN_RELEASE = Entity("ReleaseDto", _MODERN, frozenset({"EntryPoint", "CurrentVersion", "ReleaseVersions"}))

_CREATED = "2019-05-02T07:45:11.123Z"


def release_row(release: Release, tenant: Tenant) -> Row:
    """Return the release with its navigation properties; callers must not change the row."""
    if release.row is None:
        release.row = _row(release, tenant.modern)
    return release.row


def _row(release: Release, modern: bool) -> Row:
    entity = MODERN_RELEASE if modern else CLASSIC_RELEASE
    values = _common(release) | (_modern(release) if modern else _classic(release))
    names = (*entity.properties, *sorted(entity.navigation))
    return {name: values.get(name) for name in names}


def _common(release: Release) -> dict[str, Any]:
    process = release.process
    version = {
        "ReleaseId": release.id,
        "VersionNumber": process.version,
        "CreationTime": _CREATED,
        "ReleaseName": process.name,
        "Id": release.id + 500_000,
    }
    return {
        "Key": release.key,
        "ProcessKey": process.package,
        "ProcessVersion": process.version,
        "IsLatestVersion": not process.outdated,
        "IsProcessDeleted": process.deleted,
        "Description": process.description,
        "Name": process.name,
        "InputArguments": process.defaults,
        "Id": release.id,
        "Arguments": _arguments(process),
        "CurrentVersion": version,
        "ReleaseVersions": [version],
    }


def _arguments(process: Process) -> Row | None:
    if process.arguments_absent:
        return None
    return {"Input": argument_list(process.arguments, pretty=process.pretty), "Output": output_list(process.outputs)}


def _classic(release: Release) -> dict[str, Any]:
    environment = release.environment
    if environment is None:
        return {}
    return {
        "EnvironmentId": environment.id,
        "EnvironmentName": environment.name,
        "Environment": {"Name": environment.name, "Description": None, "Type": "Prod", "Id": environment.id},
    }


def _modern(release: Release) -> dict[str, Any]:
    process, folder = release.process, release.folder
    return {
        "EntryPointId": release.id + 700_000,
        "EntryPointPath": "Main.xaml",
        "EntryPoint": {
            "UniqueId": named_uuid("entry", release.key),
            "Path": "Main.xaml",
            "InputArguments": argument_list(process.arguments),
            "OutputArguments": output_list(process.outputs),
            "DataVariation": None,
            "Id": release.id + 700_000,
        },
        "ProcessType": process.process_type,
        "SupportsMultipleEntryPoints": True,
        "RequiresUserInteraction": process.attended,
        "IsConversational": False,
        "IsAttended": process.attended,
        "IsCompiled": True,
        "AutoUpdate": False,
        "HiddenForAttendedUser": False,
        "FeedId": named_uuid("feed", "tenant"),
        "JobPriority": "Normal",
        "SpecificPriorityValue": 45,
        "FolderKey": folder.key if folder else None,
        "OrganizationUnitId": folder.id if folder else None,
        "OrganizationUnitFullyQualifiedName": folder.path if folder else None,
        "TargetFramework": process.target_framework,
        "RobotSize": "Standard" if process.target_framework == "Portable" else None,
        "RemoteControlAccess": "None",
        "LastModificationTime": _CREATED,
        "CreationTime": _CREATED,
        "CreatorUserId": 2_031_777,
        "ProcessSettings": _process_settings(),
        "Tags": [],
    }


def _process_settings() -> Row:
    return {
        "ErrorRecordingEnabled": False,
        "Duration": 40,
        "Frequency": 500,
        "Quality": 100,
        "AutoStartProcess": False,
        "AlwaysRunning": False,
        "AutopilotForRobots": None,
        "AgentSettings": None,
    }
