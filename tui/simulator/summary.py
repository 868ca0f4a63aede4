"""Owns what a newcomer needs to use the simulator: addresses, names and tokens, as a dict and as text."""

from typing import Any

from tui.simulator.tenants import ACCOUNTS, MODERN_TENANTS, ORGANIZATION, shared_processes
from tui.simulator.tokens import (
    CLIENT_ID,
    CLIENT_SECRET,
    PERSONAL_ACCESS_TOKEN,
    STANDALONE_PASSWORD,
    STANDALONE_USERNAME,
    USER_KEY,
    Generation,
)
from tui.simulator.world import World


def make_summary(world: World, base_url: str) -> dict[str, Any]:
    """Return the facts that ``--json`` prints as one line.

    ``releases`` are those that every 2019 instance and today's first folder have; the first needs no arguments.
    """
    tenant = world.tenant(Generation.MODERN, ORGANIZATION, MODERN_TENANTS[0])
    folders = tenant.folders if tenant else ()
    return {
        "base_url": base_url,
        "cloud_2019": {
            "user_key": USER_KEY,
            "accounts": [
                {"logical_name": item.logical_name, "instances": [logical for logical, _ in item.instances]}
                for item in ACCOUNTS
            ],
        },
        "automation_cloud": {
            "organization": ORGANIZATION,
            "tenant": MODERN_TENANTS[0],
            "personal_access_token": PERSONAL_ACCESS_TOKEN,
            "client_id": CLIENT_ID,
            "client_secret": CLIENT_SECRET,
            "folders": [{"id": folder.id, "key": folder.key, "path": folder.path} for folder in folders],
        },
        "releases": [
            {"name": process.name, "key": process.key, "long_running": process.long_running}
            for process in shared_processes(world.scenarios)
        ],
    }


def summary_text(summary: dict[str, Any], scenarios: tuple[str, ...]) -> str:
    """Return the same facts for a person, standalone's password sign-in included."""
    cloud, today = summary["cloud_2019"], summary["automation_cloud"]
    lines = [
        f"Simulated Orchestrator on {summary['base_url']} (scenario: {', '.join(scenarios)})",
        "Every token below is invented.",
        "",
        "2019 cloud platform",
        f"  user key       {cloud['user_key']}",
    ]
    lines += [f"  {item['logical_name']:<14} {', '.join(item['instances'])}" for item in cloud["accounts"]]
    lines += [
        "",
        "Automation Cloud",
        f"  address        {summary['base_url']}/{today['organization']}/{today['tenant']}/orchestrator_",
        f"  access token   {today['personal_access_token']}",
        f"  client id      {today['client_id']}",
        f"  client secret  {today['client_secret']}",
    ]
    lines += [f"  folder {folder['id']}  {folder['path']}" for folder in today["folders"]]
    lines += ["", f"Standalone: {STANDALONE_USERNAME} / {STANDALONE_PASSWORD}", "", "Releases"]
    lines += [
        f"  {item['key']}  {item['name']}{' (runs until stopped)' if item['long_running'] else ''}"
        for item in summary["releases"]
    ]
    return "\n".join([*lines, "", "Press Ctrl+C to stop."])
