"""Makes the traffic that is compared with the definitions: the twin's runs, and every call the client can make."""

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from tests.e2e.conformance.recording import Exchange, recorded
from tests.e2e.twin.running import INTAKE, PAYROLL, Case, run_case, several, token
from tests.unit.api.raw_servers import lost
from tui.api import job_list
from tui.api.arguments import compact
from tui.api.client import OrchestratorClient
from tui.api.connection import Connection
from tui.api.deployments import deployment
from tui.api.models import Folder, Release
from tui.api.outcome import Accepted
from tui.api.sign_in.tokens import recognise
from tui.api.sign_in.ways_in import sign_in
from tui.api.start import StartInfo, modern_start, tutorial_start
from tui.clock import SystemClock
from tui.exchanges.log import ExchangeLog
from tui.simulator.server import SimulatorServer

INPUTS = '{"in_Month": "2026-11", "in_HeadCount": 48}'


def twin_cases(*, today: bool) -> dict[str, Case]:
    """Return runs that between them make every request of the workflow."""
    path = () if today else ("--address-form", "path")
    cases = {
        "happy": Case(("--release", INTAKE, *path), today=today),
        "two": Case(("--release", INTAKE, "--count", "2", *(() if today else ("--no-follow",))), today=today),
        "inputs": Case(("--release", PAYROLL, "--input", INPUTS, "--no-follow"), today=today),
        "search": Case(("--release", "No Such Thing", "--no-follow"), ("many",), today=today),
        "key": Case(("--release", "00000000-0000-4000-8000-000000000000"), today=today),
        "lost": Case(("--release", INTAKE), ("ambiguous",), today=today),
    }
    if not today:
        cases["root"] = Case(("--release", INTAKE, "--address-form", "root", "--no-follow"))
    return cases


def record(folder: Path, *, today: bool) -> list[Exchange]:
    """Run everything and return what crossed the wire."""
    with recorded() as exchanges:
        cases = twin_cases(today=today)
        jobs = {name: partial(run_case, case, folder / name) for name, case in cases.items()}
        with several(jobs) as result:
            for name in cases:
                result(name)
        with SimulatorServer(("happy",), speed=1.0) as server:
            asyncio.run(every_call(server.summary, today=today))
    return exchanges


async def every_call(summary: Mapping[str, Any], *, today: bool) -> ExchangeLog:
    """Make each call that the client has, with each of its options, and return the log of them."""
    place = deployment("automation-cloud" if today else "cloud-2019", summary["base_url"])
    connection = Connection(place, log=ExchangeLog(), clock=SystemClock())
    try:
        given = recognise(token(summary, today=today), place.generation)
        credentials = await sign_in(connection, given)
        if today:
            account, instance = summary["automation_cloud"]["organization"], summary["automation_cloud"]["tenant"]
        else:
            first = summary["cloud_2019"]["accounts"][0]
            account, instance = first["logical_name"], first["instances"][0]
        base = place.orchestrator_bases(account, instance)[0]
        client = OrchestratorClient(connection, credentials, base=base, tenant=instance)
        await _calls(client, summary, await _folder(client, summary) if today else None)
    finally:
        await connection.aclose()
    return connection.log


async def _folder(client: OrchestratorClient, summary: Mapping[str, Any]) -> Folder:
    wanted = summary["automation_cloud"]["folders"][0]["id"]
    return next(folder for folder in await client.folders() if folder.id == wanted)


async def _calls(client: OrchestratorClient, summary: Mapping[str, Any], folder: Folder | None) -> None:
    await client.version()
    await client.probe()
    await client.probe(folder)
    await client.releases(folder, search="O'Hara's", skip=1, top=1000)
    endless = next(item["key"] for item in summary["releases"] if item["long_running"])
    release = await client.release_by_key(endless, folder)
    assert release is not None
    ids: list[int] = []
    for _ in range(2):
        info = modern_start(release, runtime_type="Unattended") if folder else tutorial_start(release)
        outcome = await client.start(info, folder)
        assert isinstance(outcome, Accepted), outcome
        ids += [job.id for job in outcome.jobs]
    ids += await _with_options(client, release, folder)
    job = await client.job(ids[0], folder)
    await client.jobs([*ids, *range(1, 120)], folder)
    await client.newest_job_id(folder)
    await client.look_for(lost(ids[0] - 1, "O'Hara's Contract Reader"), folder)
    await client.robot_logs(job.key, folder, since=job.creation_time)
    await client.validate_existing(ids[0], folder)
    for search, shown in (("", ""), ("O'Hara's", job_list.UNFINISHED), (str(job.id), "Running"), (job.key, "Faulted")):
        await job_list.jobs(client.caller, folder, search=search, shown=shown, skip=1)
    await job_list.attach(client.caller, folder, job_id=job.id)
    await job_list.attach(client.caller, folder, key=job.key)
    assert await job_list.previous(client.caller, folder, await client.job(ids[-1], folder), release.key) is not None
    await client.stop(ids[:1], folder, kill=False)
    await client.stop(ids, folder, kill=True)


async def _with_options(client: OrchestratorClient, release: Release, folder: Folder | None) -> list[int]:
    """Start once with every option that the server takes, let it check such a start, and return the ids of the jobs."""
    inputs = compact({"note": "ä “x”"}) if folder else ""
    if folder is None:
        robots = await client.robots(folder)
        plain = StartInfo(release_key=release.key)
        wanted = [
            replace(plain, strategy="Specific", robot_ids=(robots[0].id,)),
            replace(plain, strategy="Specific", robot_ids=tuple(robot.id for robot in robots[:2])),
            replace(plain, strategy="JobsCount", jobs_count=2),
        ]
    else:
        await client.robots(folder)
        plain = modern_start(release, 2, runtime_type="NonProduction", input_arguments=inputs)
        wanted = [
            *(replace(plain, job_priority=word) for word in ("Low", "Normal", "High")),
            *(replace(plain, specific_priority=number) for number in (1, 45, 100)),
        ]
        for info in wanted:
            assert await client.validate_dynamic(info, folder) is not None
        refused = await client.validate_dynamic(replace(plain, runtime_type="Serverless"), folder)
        assert refused is not None
        assert refused.error_codes == ("TemplateNoRuntime",)
    ids: list[int] = []
    for info in wanted:
        outcome = await client.start(info, folder)
        assert isinstance(outcome, Accepted), outcome
        ids += [job.id for job in outcome.jobs]
    return ids
