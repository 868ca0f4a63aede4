"""Programs of other people against the simulator: each lists releases, starts a job and follows it to the end.

`tui.simulator` shares no code with them, and they none with this project, so agreement here is about the wire.
"""

import os
import shutil
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.e2e.clients.definitions import generate_client
from tests.e2e.clients.packages import DRIVERS, npm_install, run_driver
from tests.e2e.clients.tls_front import tls_front

pytestmark = [pytest.mark.clients, pytest.mark.timeout(600)]

ENDED_WELL = (["Pending", "Running", "Successful"], ["Running", "Successful"])
TYPESCRIPT_SDK = "@uipath/uipath-typescript@1.3.8"
NODE_2019 = "uipath-orchestrator@1.1.3"
PYTHON_SDK = "uipath==2.14.44"


def test_uipaths_node_client_of_2019_signs_in_with_the_user_key(simulated: dict[str, Any], tmp_path: Path) -> None:
    """The cloud's host names and https are built into it: a TLS front and a preloaded redirect stand in for DNS."""
    npm_install(tmp_path, NODE_2019)
    shutil.copy(DRIVERS / "node_2019.cjs", tmp_path)
    cloud = simulated["cloud_2019"]
    account = cloud["accounts"][0]
    instance = account["instances"][0]
    constructor_options = {
        "refreshToken": cloud["user_key"],
        "serviceInstanceLogicalName": instance,
        "path": f"{account['logical_name']}/{instance}",
    }
    options = {"constructor_options": constructor_options, "release_key": simulated["releases"][0]["key"]}
    port = urlsplit(simulated["base_url"]).port
    assert port is not None
    with tls_front(port, tmp_path, "account.uipath.com", "platform.uipath.com") as (tls_port, authority):
        env = {**os.environ, "TLS_FRONT_PORT": str(tls_port), "NODE_EXTRA_CA_CERTS": str(authority)}
        command = ["node", "--require", str(DRIVERS / "cloud_hosts.cjs"), "node_2019.cjs"]
        seen = run_driver(command, options, tmp_path, env)
    assert seen["states"] in ENDED_WELL
    assert (seen["releases"], seen["jobs"]) == (5, 2)
    assert seen["logs"] == 7


def test_uipaths_node_client_of_2019_with_a_password(simulated: dict[str, Any], tmp_path: Path) -> None:
    """Its documented options name host, port and plain http, as for a private installation."""
    npm_install(tmp_path, NODE_2019)
    shutil.copy(DRIVERS / "node_2019.cjs", tmp_path)
    account = simulated["cloud_2019"]["accounts"][1]
    instance = account["instances"][0]
    address = urlsplit(simulated["base_url"])
    constructor_options = {
        "tenancyName": instance,
        "usernameOrEmailAddress": "admin",
        "password": "simulated-password",
        "hostname": address.hostname,
        "port": address.port,
        "isSecure": False,
    }
    options = {"constructor_options": constructor_options, "release_key": simulated["releases"][0]["key"]}
    seen = run_driver(["node", "node_2019.cjs"], options, tmp_path, dict(os.environ))
    assert seen["states"] in ENDED_WELL
    assert seen["jobs"] == 2


def test_uipaths_typescript_sdk(simulated: dict[str, Any], tmp_path: Path) -> None:
    npm_install(tmp_path, TYPESCRIPT_SDK)
    shutil.copy(DRIVERS / "typescript_sdk.mjs", tmp_path)
    cloud = simulated["automation_cloud"]
    options = {
        "base_url": simulated["base_url"],
        "organization": cloud["organization"],
        "tenant": cloud["tenant"],
        "secret": cloud["personal_access_token"],
        "folder_id": cloud["folders"][0]["id"],
        "release_key": simulated["releases"][0]["key"],
        "long_release_key": next(item["key"] for item in simulated["releases"] if item["long_running"]),
    }
    seen = run_driver(["node", "typescript_sdk.mjs"], options, tmp_path, dict(os.environ))
    assert seen["states"] in ENDED_WELL
    assert seen["releases"] == len(simulated["releases"])
    assert (seen["page"], seen["total"]) == (3, len(simulated["releases"]) - 1)
    assert seen["output"]["out_InvoiceCount"] == 12
    assert seen["listed"] == 1
    assert seen["stopping"] == "Stopping"


def test_uipaths_python_sdk(simulated: dict[str, Any], tmp_path: Path) -> None:
    cloud = simulated["automation_cloud"]
    env = {
        **os.environ,
        "UIPATH_URL": f"{simulated['base_url']}/{cloud['organization']}/{cloud['tenant']}",
        "UIPATH_ACCESS_TOKEN": cloud["personal_access_token"],
        "UIPATH_FOLDER_PATH": cloud["folders"][0]["path"],
        "UIPATH_TELEMETRY_ENABLED": "false",
    }
    options = {
        "folder_path": cloud["folders"][0]["path"],
        "release_name": simulated["releases"][0]["name"],
        "long_release_name": next(item["name"] for item in simulated["releases"] if item["long_running"]),
    }
    command = ["uv", "run", "--no-project", "--with", PYTHON_SDK, "python", str(DRIVERS / "python_sdk.py")]
    seen = run_driver(command, options, tmp_path, env)
    assert seen["states"] in ENDED_WELL
    assert seen["releases"] == len(simulated["releases"])
    assert seen["output"]["out_InvoiceCount"] == 12
    assert seen["listed"] == 1
    assert seen["stopping"] in {"Terminating", "Stopped"}
    assert seen["missing"] is False


def test_a_client_generated_from_uipaths_v20_definition(simulated: dict[str, Any], tmp_path: Path) -> None:
    generate_client(tmp_path)
    cloud = simulated["automation_cloud"]
    options = {
        "base_url": f"{simulated['base_url']}/{cloud['organization']}/{cloud['tenant']}/orchestrator_",
        "token": cloud["personal_access_token"],
        "folder_id": cloud["folders"][0]["id"],
        "release_key": simulated["releases"][0]["key"],
    }
    shutil.copy(DRIVERS / "generated_client.py", tmp_path)
    packages = ["--with", "httpx", "--with", "attrs", "--with", "python-dateutil"]
    command = ["uv", "run", "--no-project", *packages, "python", "generated_client.py"]
    seen = run_driver(command, options, tmp_path, dict(os.environ))
    assert seen["states"] in ENDED_WELL
    assert (seen["releases"], seen["jobs"], seen["listed"]) == (len(simulated["releases"]), 2, 1)
    assert seen["valid"] is True
    assert seen["logs"] == 7
