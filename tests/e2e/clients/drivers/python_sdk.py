# pyright: reportMissingImports=false, reportPossiblyUnboundVariable=false
"""UiPath's Python SDK (PyPI uipath): start a process by name, follow it to the end. Has an environment of its own."""

import json
import sys
import time

from uipath.platform import UiPath

options = json.loads(sys.argv[1])
folder = {"folder_path": options["folder_path"]}
sdk = UiPath()
releases = sdk.api_client.request(
    "GET", "/orchestrator_/odata/Releases", params={"$top": 1000}, include_folder_headers=True
)
names = [row["Name"] for row in releases.json()["value"]]
started = sdk.processes.invoke(options["release_name"], **folder)
states: list[str] = []
for _ in range(100):
    job = sdk.jobs.retrieve(started.key, **folder)
    if not states or states[-1] != job.state:
        states.append(job.state)
    if job.state in {"Successful", "Faulted", "Stopped"}:
        break
    time.sleep(0.1)
output = sdk.jobs.extract_output(job)
listed = sdk.jobs.list(filter="State eq 'Successful'", orderby="CreationTime desc", top=10, **folder)
long = sdk.processes.invoke(options["long_release_name"], **folder)
time.sleep(0.7)
sdk.jobs.stop(job_keys=[long.key], strategy="Kill", **folder)
stopping = sdk.jobs.retrieve(long.key, **folder).state
missing = sdk.jobs.exists("11111111-2222-4333-8444-555555555555", **folder)
print(
    json.dumps(
        {
            "releases": len(names),
            "states": states,
            "output": json.loads(output),
            "listed": len(listed.items),
            "stopping": stopping,
            "missing": missing,
        }
    )
)
