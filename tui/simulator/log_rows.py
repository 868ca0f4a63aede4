"""Owns robot log rows: what a job has written by a moment, as untidy as the real list.

Today every ``Id`` is 0, rows come in no order, fractions have two to seven digits, and `Information` turns up beside
`Info` (UiPathOrch ``06-LogsJobsQueues.md``, UiPath skills fixtures).
"""

import json
from datetime import datetime, timedelta
from random import Random

from tui.simulator.model import Job, Tenant
from tui.simulator.queries import Entity
from tui.simulator.wire import Row, wire_time

_CLASSIC: tuple[str, ...] = (
    *("Level", "WindowsIdentity", "ProcessName", "TimeStamp", "Message", "JobKey", "RawMessage", "RobotName"),
    *("MachineId", "Id"),
)
_MODERN: tuple[str, ...] = (
    *("Level", "WindowsIdentity", "ProcessName", "TimeStamp", "Message", "JobKey", "RawMessage", "RobotName"),
    *("HostMachineName", "MachineId", "MachineKey", "RuntimeType", "Id"),
)
CLASSIC_LOG = Entity("LogDto", _CLASSIC)
MODERN_LOG = Entity("LogDto", _MODERN)


def log_rows(job: Job, tenant: Tenant, now: datetime) -> list[Row]:
    """Return the rows ``job`` has written by ``now``; a different order each job, the same at every call."""
    if job.final_log is not None:
        return job.final_log
    started = job.lifecycle.started_at(now)
    if started is None:
        return []
    random = Random(job.key)  # noqa: S311 - invented data, the same each time
    ended = job.lifecycle.ended_at(now)
    until = ended or now
    rows = [
        _row(job, tenant, index, moment, level, message, random)
        for index, (moment, level, message) in enumerate(_lines(job, started, ended, random))
        if moment <= until
    ]
    if tenant.modern:
        random.shuffle(rows)
    if ended is not None:
        job.final_log = rows
    return rows


def _lines(job: Job, started: datetime, ended: datetime | None, random: Random) -> list[tuple[datetime, str, str]]:
    process = job.release.process
    pace = process.seconds / job.lifecycle.speed / (len(process.steps) + 1)
    lines = [(started + timedelta(milliseconds=3), "Info", f"{process.package} execution started")]
    for number, step in enumerate(process.steps, start=1):
        moment = started + timedelta(seconds=pace * (number - random.random() * 0.4))
        lines.append((moment, random.choice(("Info", "Info", "Info", "Debug", "Trace", "Warn")), step))
    if ended is not None:
        state = job.lifecycle.state(ended)
        if state == "Faulted":
            lines.append((ended - timedelta(milliseconds=2), "Error", "The sheet 'October' is protected."))
        lines.append((ended, "Info", f"{process.package} execution ended"))
    return lines


def _row(job: Job, tenant: Tenant, index: int, moment: datetime, level: str, message: str, random: Random) -> Row:
    if tenant.modern and level == "Info" and random.random() < 0.2:
        level = "Information"
    timestamp = wire_time(moment, random.randint(2, 7))
    raw: Row = {
        "message": message,
        "level": "Information" if level.startswith("Info") else level,
        "logType": "Default" if index == 0 or message.endswith("ended") else "User",
        "timeStamp": timestamp,
        "processName": job.release.process.package,
        "processVersion": job.release.process.version,
        "jobId": job.key,
        "robotName": job.robot.name,
        "machineName": job.robot.machine_name,
    }
    if message.endswith("execution ended"):
        raw["totalExecutionTimeInSeconds"] = round((moment - job.created).total_seconds())
    values: Row = {
        "Level": level,
        "WindowsIdentity": job.robot.username,
        "ProcessName": job.release.process.package,
        "TimeStamp": timestamp,
        "Message": message,
        "JobKey": job.key,
        "RawMessage": json.dumps(raw, ensure_ascii=False),
        "RobotName": job.robot.name,
        "HostMachineName": job.robot.machine_name,
        "MachineId": job.robot.machine_id,
        "MachineKey": job.robot.machine_key,
        "RuntimeType": "Unattended",
        "Id": 0 if tenant.modern else job.id * 1000 + index,
    }
    entity = MODERN_LOG if tenant.modern else CLASSIC_LOG
    return {name: values[name] for name in entity.properties}
