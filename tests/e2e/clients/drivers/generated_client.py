# pyright: reportMissingImports=false, reportPossiblyUnboundVariable=false
"""A client generated from UiPath's v20 definition: list releases, start one, follow it to the end, read its log."""

import json
import sys
import time

from orchestrator_client import AuthenticatedClient
from orchestrator_client.api.jobs import jobs_get, jobs_get_by_id, jobs_start_jobs, jobs_validate_existing_job_by_id
from orchestrator_client.api.releases import releases_get
from orchestrator_client.api.robot_logs import robot_logs_get
from orchestrator_client.models import StartJobsRequest, StartProcessDto

options = json.loads(sys.argv[1])
folder = {"x_uipath_organization_unit_id": options["folder_id"]}
client = AuthenticatedClient(base_url=options["base_url"], token=options["token"], raise_on_unexpected_status=True)
releases = releases_get.sync(client=client, top=100, **folder).value
chosen = next(release for release in releases if release.key == options["release_key"])
info = StartProcessDto.from_dict({"ReleaseKey": chosen.key, "Strategy": "ModernJobsCount", "JobsCount": 2})
started = jobs_start_jobs.sync(client=client, body=StartJobsRequest(start_info=info), **folder).value
validation = jobs_validate_existing_job_by_id.sync(started[0].id, client=client, **folder)
states: list[str] = []
for _ in range(100):
    job = jobs_get_by_id.sync(started[0].id, client=client, expand="Robot,Release,Machine", **folder)
    if not states or states[-1] != str(job.state):
        states.append(str(job.state))
    if states[-1] in {"Successful", "Faulted", "Stopped"}:
        break
    time.sleep(0.1)
logs = robot_logs_get.sync(client=client, filter_=f"JobKey eq {job.key}", orderby="TimeStamp asc", **folder).value
listed = jobs_get.sync(client=client, filter_=f"Key in ('{job.key}')", count=True, **folder).value
print(
    json.dumps(
        {
            "releases": len(releases),
            "jobs": len(started),
            "valid": validation.is_valid,
            "states": states,
            "robot": job.robot.name,
            "logs": len(logs),
            "listed": len(listed),
        }
    )
)
