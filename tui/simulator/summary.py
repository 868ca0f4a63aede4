"""Owns what a newcomer needs to use the simulator: addresses, names and tokens, as a dict and as text."""

from typing import Any

from tui.simulator.generation import Generation
from tui.simulator.sign_in.applications import CLASSIC_CLIENT_ID, CLASSIC_REDIRECT
from tui.simulator.sign_in.scopes import USEFUL_SCOPES
from tui.simulator.sign_in.tokens import (
    CLIENT_ID,
    CLIENT_SECRET,
    LOCKED_USERNAME,
    PERSONAL_ACCESS_TOKEN,
    PUBLIC_CLIENT_ID,
    STANDALONE_PASSWORD,
    STANDALONE_USERNAME,
    USER_KEY,
)
from tui.simulator.tenants import ACCOUNTS, MODERN_TENANTS, ORGANIZATION, shared_processes
from tui.simulator.world import World

REDIRECT_EXAMPLES = ("http://127.0.0.1:8104/oidc/login", "http://[::1]:8104/", "http://localhost:12700")


def make_summary(world: World, base_url: str) -> dict[str, Any]:
    """Return the facts that ``--json`` prints as one line.

    ``releases`` are those that every 2019 instance and today's first folder have; the first needs no arguments.
    ``redirect_uris`` are examples today, where any loopback http address will do, and all there are in 2019.
    """
    return {
        "base_url": base_url,
        "cloud_2019": {
            "user_key": USER_KEY,
            "client_id": CLASSIC_CLIENT_ID,
            "redirect_uris": [CLASSIC_REDIRECT, f"{base_url}/mobile"],
            "accounts": [
                {"logical_name": item.logical_name, "instances": [logical for logical, _ in item.instances]}
                for item in ACCOUNTS
            ],
        },
        "automation_cloud": _automation_cloud(world),
        "standalone": {
            "tenancy_name": MODERN_TENANTS[0],
            "username": STANDALONE_USERNAME,
            "password": STANDALONE_PASSWORD,
            "locked_username": LOCKED_USERNAME,
        },
        "releases": [
            {"name": process.name, "key": process.key, "long_running": process.long_running}
            for process in shared_processes(world.scenarios)
        ],
    }


def _automation_cloud(world: World) -> dict[str, Any]:
    tenant = world.tenant(Generation.MODERN, ORGANIZATION, MODERN_TENANTS[0])
    folders = tenant.folders if tenant else ()
    return {
        "organization": ORGANIZATION,
        "tenant": MODERN_TENANTS[0],
        "personal_access_token": PERSONAL_ACCESS_TOKEN,
        "client_id": CLIENT_ID,
        "client_secret": CLIENT_SECRET,
        "public_client_id": PUBLIC_CLIENT_ID,
        "redirect_uris": list(REDIRECT_EXAMPLES),
        "scopes": USEFUL_SCOPES,
        "folders": [{"id": folder.id, "key": folder.key, "path": folder.path} for folder in folders],
    }


def summary_text(summary: dict[str, Any], scenarios: tuple[str, ...]) -> str:
    """Return the same facts for a person."""
    cloud, today, own = summary["cloud_2019"], summary["automation_cloud"], summary["standalone"]
    lines = [
        f"Simulated Orchestrator on {summary['base_url']} (scenario: {', '.join(scenarios)})",
        "Every token below is invented.",
        "",
        "2019 cloud platform",
        f"  user key       {cloud['user_key']}",
        f"  client id      {cloud['client_id']}",
        f"  redirect       {' or '.join(cloud['redirect_uris'])}",
    ]
    lines += [f"  {item['logical_name']:<14} {', '.join(item['instances'])}" for item in cloud["accounts"]]
    lines += [
        "",
        "Automation Cloud",
        f"  address        {summary['base_url']}/{today['organization']}/{today['tenant']}/orchestrator_",
        f"  access token   {today['personal_access_token']}",
        f"  client id      {today['client_id']}",
        f"  client secret  {today['client_secret']}",
        f"  public client  {today['public_client_id']}",
        f"  redirect       {today['redirect_uris'][0]}, or any http address of this machine",
        f"  scopes         {today['scopes']}",
    ]
    lines += [f"  folder {folder['id']}  {folder['path']}" for folder in today["folders"]]
    lines += ["", "Standalone", f"  user           {own['username']} / {own['password']}"]
    lines += [f"  locked out     {own['locked_username']} / {own['password']}", "", "Releases"]
    lines += [
        f"  {item['key']}  {item['name']}{' (runs until stopped)' if item['long_running'] else ''}"
        for item in summary["releases"]
    ]
    return "\n".join([*lines, "", "Press Ctrl+C to stop."])
