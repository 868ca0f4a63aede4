"""Owns the map from an OData or API path under a tenant to the operation behind it. Paths match in any case."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from starlette.responses import Response

from tui.simulator import job_service as jobs
from tui.simulator import tenant_service as tenant
from tui.simulator.audit import list_audit
from tui.simulator.calls import Call
from tui.simulator.sign_in.scopes import accepted_scopes

Operation = Callable[[Call], Response]

_PATH = re.compile(
    r"(?P<entity>\$?[a-z]+)(?:\((?P<key>[^()]*)\))?"
    r"(?:/(?:uipath\.server\.configuration\.odata\.|uipathodatasvc\.)?(?P<name>[a-z]+)(?:\((?P<arguments>.*)\))?)?/?",
    re.IGNORECASE | re.DOTALL,
)
_ARGUMENT = re.compile(r"\s*(\w+)\s*=\s*('(?:[^']|'')*'|[^,']*)\s*(?:,|$)")

_GET: Mapping[str, Operation] = {
    "odata/releases": tenant.list_releases,
    "odata/releases()": tenant.read_release,
    "odata/releases/getbykey": tenant.read_release_by_key,
    "odata/releases/getbyname": tenant.read_release_by_name,
    "odata/releases/listreleases": tenant.list_releases,
    "odata/jobs": jobs.list_jobs,
    "odata/jobs()": jobs.read_job,
    "odata/jobs/getbykey": jobs.read_job_by_key,
    "odata/robotlogs": tenant.list_logs,
    "odata/auditlogs": list_audit,
    "odata/robots": tenant.list_robots,
    "odata/robots/getrobotsforprocess": tenant.list_robots_for_process,
    "odata/robots/getfolderrobots": tenant.list_robots,
    "odata/robots/getrobotsfromfolder": tenant.list_robots,
    "odata/robots/findallacrossfolders": tenant.list_robots,
    "odata/sessions": tenant.list_sessions,
    "odata/sessions/getglobalsessions": tenant.list_sessions,
    "odata/sessions/getmachinesessionruntimes": tenant.list_runtimes,
    "odata/sessions/getmachinesessionruntimesbyfolderid": tenant.list_runtimes,
    "odata/users/getcurrentuser": tenant.current_user,
    "odata/users/getcurrentuserextended": tenant.current_user,
    "odata/$metadata": tenant.metadata,
    "api/stats/getjobsstats": tenant.job_counters,
}
_GET_CLASSIC: Mapping[str, Operation] = {
    "odata/environments": tenant.list_environments,
    "odata/environments/getrobotsforenvironment": tenant.environment_robots,
}
_GET_MODERN: Mapping[str, Operation] = {
    "odata/folders": tenant.list_folders,
    "odata/folders/getbykey": tenant.read_folder_by_key,
    "api/folders/getallforcurrentuser": tenant.my_folders,
    "api/foldersnavigation/getfoldersforcurrentuser": tenant.navigation_folders,
}
_POST: Mapping[str, Operation] = {
    "odata/jobs/startjobs": jobs.start,
    "odata/jobs()/stopjob": jobs.stop_one,
    "odata/jobs/stopjobs": jobs.stop_several,
}
_POST_MODERN: Mapping[str, Operation] = {
    "odata/jobs/restartjob": jobs.restart,
    "odata/jobs/resumejob": jobs.resume,
    "odata/jobs/validatedynamicjob": jobs.validate_dynamic,
    "odata/jobs()/validateexistingjob": jobs.validate_existing,
}


@dataclass(frozen=True, slots=True)
class Target:
    """Where a path leads: the operation, the entity key, and the named arguments of a function.

    ``scopes`` are those of which a token needs one, none for any token; ``changes`` is true for what takes a role with
    Jobs.Create or Jobs.Edit.
    """

    operation: Operation
    key: str
    arguments: Mapping[str, str]
    scopes: tuple[str, ...]
    changes: bool


def find_operation(method: str, path: str, *, modern: bool) -> Target | None:
    """Return where ``path`` (``odata/Jobs(7)/…StopJob``) leads, or None where the service has nothing."""
    prefix, _, rest = path.partition("/")
    match = _PATH.fullmatch(rest)
    if match is None:
        return None
    name = f"{prefix}/{match['entity']}{'' if match['key'] is None else '()'}"
    if match["name"]:
        name = f"{name}/{match['name']}"
    if method in {"GET", "HEAD"}:
        table = {**_GET, **(_GET_MODERN if modern else _GET_CLASSIC)}
    elif method == "POST":
        table = {**_POST, **(_POST_MODERN if modern else {})}
    else:
        return None
    operation = table.get(name.lower())
    if operation is None:
        return None
    scopes = accepted_scopes(method, f"{prefix}/{match['entity']}".lower())
    changes = method == "POST" and operation is not jobs.validate_existing
    return Target(operation, (match["key"] or "").strip(), _arguments(match["arguments"] or ""), scopes, changes)


def _arguments(text: str) -> Mapping[str, str]:
    found: dict[str, str] = {}
    for match in _ARGUMENT.finditer(text):
        value = match[2].strip()
        quoted = len(value) >= 2 and value.startswith("'")
        found[match[1].lower()] = value[1:-1].replace("''", "'") if quoted else value
    return found
