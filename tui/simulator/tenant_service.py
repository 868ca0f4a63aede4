"""Owns the operations on what is not a job: releases, robot logs, robots, sessions, environments, folders, users."""

from starlette.responses import Response

from tui.simulator.calls import Call
from tui.simulator.folder_rows import FOLDER, USER, folder_row, navigation_row, user_row
from tui.simulator.log_rows import CLASSIC_LOG, MODERN_LOG, log_rows
from tui.simulator.metadata import metadata_xml
from tui.simulator.model import Folder, Release
from tui.simulator.problems import ErrorCode, MissingScopeError, NotPermittedError, OrchestratorError
from tui.simulator.queries import Entity, invalid_options
from tui.simulator.release_rows import CLASSIC_RELEASE, MODERN_RELEASE, release_row
from tui.simulator.robot_rows import (
    CLASSIC_ROBOT,
    CLASSIC_SESSION,
    ENVIRONMENT,
    MODERN_ROBOT,
    MODERN_SESSION,
    RUNTIME,
    environment_row,
    robot_row,
    runtime_row,
    session_row,
)
from tui.simulator.sign_in.scopes import accepted_scopes

MAX_TAKE = 1000
MAX_NAVIGATION_TAKE = 100


def _release_entity(call: Call) -> Entity:
    return MODERN_RELEASE if call.tenant.modern else CLASSIC_RELEASE


def _releases(call: Call) -> list[Release]:
    folder = call.folder()
    return [release for release in call.tenant.releases if folder is None or release.folder is folder]


def _one_release(call: Call, release: Release | None, reference: object) -> Response:
    folder = call.folder()
    if release is None or (folder is not None and release.folder is not folder):
        raise OrchestratorError(404, ErrorCode.ITEM_NOT_FOUND, f"Release {reference} does not exist.")
    return call.single("Releases", release_row(release, call.tenant), _release_entity(call))


def list_releases(call: Call) -> Response:
    """``GET /odata/Releases`` and ``…ListReleases``."""
    rows = [release_row(release, call.tenant) for release in _releases(call)]
    return call.collection("Releases", rows, _release_entity(call))


def read_release(call: Call) -> Response:
    """``GET /odata/Releases({id})``."""
    found = next((release for release in call.tenant.releases if str(release.id) == call.key), None)
    return _one_release(call, found, call.key)


def read_release_by_key(call: Call) -> Response:
    """``GET …GetByKey(identifier=guid)``, as npm ``@uipath/orchestrator-tool`` calls it."""
    key = (call.arguments or {}).get("identifier", "")
    return _one_release(call, call.tenant.release_by_key(key), key)


def read_release_by_name(call: Call) -> Response:
    """``GET …GetByName(processName='…')``, as npm ``@uipath/orchestrator-tool`` calls it."""
    name = (call.arguments or {}).get("processname", "")
    found = next((release for release in _releases(call) if release.process.name.lower() == name.lower()), None)
    return _one_release(call, found, name)


def list_logs(call: Call) -> Response:
    """``GET /odata/RobotLogs``; its right is another than that of jobs, so it may be refused while jobs are not.

    Today the token's scope is missed, in 2019 the role's permission: there were no scopes.
    """
    folder = call.folder()
    if "forbidden" in call.world.scenarios:
        if not call.tenant.modern:
            raise NotPermittedError
        raise MissingScopeError(accepted_scopes("GET", "odata/robotlogs"))
    now = call.world.now()
    jobs = (job for job in call.tenant.jobs if folder is None or job.release.folder is folder)
    rows = [row for job in jobs for row in log_rows(job, call.tenant, now)]
    return call.collection("RobotLogs", rows, MODERN_LOG if call.tenant.modern else CLASSIC_LOG)


def list_robots(call: Call) -> Response:
    """``GET /odata/Robots`` and the listings by folder or process: every robot of the tenant can run everything."""
    call.folder(required=False)
    rows = [robot_row(robot, call.tenant) for robot in call.tenant.robots]
    return call.collection("Robots", rows, MODERN_ROBOT if call.tenant.modern else CLASSIC_ROBOT)


def list_robots_for_process(call: Call) -> Response:
    """``GET …GetRobotsForProcess(processId='package')``: the robots of the environments that release the package."""
    package = (call.arguments or {}).get("processid", "")
    homes = [item.environment for item in call.tenant.releases if item.process.package == package]
    rows = [robot_row(robot, call.tenant) for home in dict.fromkeys(homes) if home for robot in home.robots]
    return call.collection("Robots", rows, CLASSIC_ROBOT)


def list_sessions(call: Call) -> Response:
    """``GET /odata/Sessions``."""
    folder = call.folder(required=False)
    now = call.world.now()
    rows = [session_row(robot, call.tenant, folder, now) for robot in call.tenant.robots]
    return call.collection("Sessions", rows, MODERN_SESSION if call.tenant.modern else CLASSIC_SESSION)


def list_runtimes(call: Call) -> Response:
    """``GET …GetMachineSessionRuntimesByFolderId(folderId=…)``."""
    call.folder(required=False)
    rows = [runtime_row(robot, call.world.now()) for robot in call.tenant.robots]
    return call.collection("Sessions", rows, RUNTIME)


def list_environments(call: Call) -> Response:
    """``GET /odata/Environments`` (2019)."""
    rows = [environment_row(environment, call.tenant) for environment in call.tenant.environments]
    return call.collection("Environments", rows, ENVIRONMENT)


def environment_robots(call: Call) -> Response:
    """``GET …GetRobotsForEnvironment(key=…)`` (2019)."""
    key = (call.arguments or {}).get("key")
    home = next((item for item in call.tenant.environments if str(item.id) == key), None)
    if home is None:
        raise OrchestratorError(404, ErrorCode.ITEM_NOT_FOUND, f"Environment {key} does not exist.")
    return call.collection("Robots", [robot_row(robot, call.tenant) for robot in home.robots], CLASSIC_ROBOT)


def list_folders(call: Call) -> Response:
    """``GET /odata/Folders``: without the personal workspaces' contents, needs Units.View."""
    if "forbidden" in call.world.scenarios:
        raise NotPermittedError
    rows = [folder_row(folder) for folder in call.tenant.folders]
    return call.collection("Folders", rows, FOLDER)


def read_folder_by_key(call: Call) -> Response:
    """``GET …Folders…GetByKey(identifier=guid)``."""
    if "forbidden" in call.world.scenarios:
        raise NotPermittedError
    key = (call.arguments or {}).get("identifier", "").lower()
    found = next((folder for folder in call.tenant.folders if folder.key == key), None)
    if found is None:
        raise OrchestratorError(404, ErrorCode.ITEM_NOT_FOUND, f"Folder {key} does not exist.")
    return call.single("Folders", folder_row(found), FOLDER)


def my_folders(call: Call) -> Response:
    """``GET /api/Folders/GetAllForCurrentUser``: ``{PageItems, Count}``, empty for applications (UiPathOrch)."""
    if "forbidden" in call.world.scenarios:
        raise NotPermittedError
    folders: tuple[Folder, ...] = () if call.grant.application else call.tenant.folders
    return _folder_page(call, folders, MAX_TAKE)


def navigation_folders(call: Call) -> Response:
    """``GET /api/FoldersNavigation/GetFoldersForCurrentUser``: for people only, OAuth applications are refused."""
    if "folder-hidden" in call.world.scenarios:
        raise MissingScopeError(accepted_scopes("GET", "odata/folders"))
    if "forbidden" in call.world.scenarios or call.grant.scopes is not None:
        raise NotPermittedError
    text = next((value for name, value in call.options.items() if name.lower() == "searchtext"), "").lower()
    return _folder_page(
        call, tuple(item for item in call.tenant.folders if text in item.path.lower()), MAX_NAVIGATION_TAKE
    )


def _folder_page(call: Call, folders: tuple[Folder, ...], limit: int) -> Response:
    given = {name.lower(): value for name, value in call.options.items()}
    numbers = {name: given.get(name, default) for name, default in (("take", str(limit)), ("skip", "0"))}
    if not all(value.isascii() and value.isdecimal() for value in numbers.values()):
        raise invalid_options("take and skip are non-negative integers.")
    take, skip = int(numbers["take"]), int(numbers["skip"])
    if take > limit:
        raise OrchestratorError(400, ErrorCode.INVALID_ARGUMENT, f"The field take must be between 0 and {limit}.")
    items = [call.finished(navigation_row(folder, folders)) for folder in folders[skip : skip + take]]
    return call.value({"PageItems": items, "Count": len(folders)})


def metadata(call: Call) -> Response:
    """``GET /odata/$metadata``."""
    return Response(metadata_xml(modern=call.tenant.modern), media_type="application/xml")


def current_user(call: Call) -> Response:
    """``GET …GetCurrentUser`` and ``…GetCurrentUserExtended``."""
    return call.single("Users", user_row(call.tenant), USER)


def job_counters(call: Call) -> Response:
    """``GET /api/Stats/GetJobsStats``: how many jobs ended how."""
    now = call.world.now()
    states = [job.lifecycle.state(now) for job in call.tenant.jobs]
    names = ("Successful", "Faulted", "Stopped", "Pending", "Running", "Stopping", "Terminating")
    return call.value([{"title": name, "count": states.count(name), "hasPermissions": True} for name in names])
