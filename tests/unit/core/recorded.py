"""Recorded exchanges about jobs, made up: a start, looks at jobs, pages of a robot log; and files that keep them."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from tui.exchanges.kept.store import ExchangeStore
from tui.exchanges.log import ExchangeLog
from tui.exchanges.model import Body, Exchange, Purpose, Timing
from tui.replay.folding import Replay

BASE = "https://cloud.uipath.com/acme/prod/orchestrator_"
ACTION = "UiPath.Server.Configuration.OData"
KEY = "7f6bd6a5-4f2b-4f0e-9c60-000000000012"
NOW = datetime(2026, 11, 24, 9, 28, 12, tzinfo=UTC)


def job(number: int = 12, state: str = "Pending", **more: Any) -> dict[str, Any]:
    key = f"{KEY[:-12]}{number:012}"
    return {"Id": number, "Key": key, "State": state, "ReleaseName": "Intake", "CreationTime": NOW.isoformat(), **more}


def call(
    number: int, purpose: Purpose, target: str, answer: object = b"", *, status: int | None = 200, sent: object = b""
) -> Exchange:
    data = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
    asked = sent if isinstance(sent, bytes) else json.dumps(sent).encode()
    return Exchange(
        id=number,
        started_at=NOW + timedelta(seconds=number),
        purpose=purpose,
        attempt=1,
        method="POST" if sent or purpose in (Purpose.START, Purpose.STOP) else "GET",
        url=f"{BASE}/odata/{target}",
        request_headers=(),
        request_body=Body(asked, len(asked)),
        status=status,
        response_headers=(("Content-Type", "application/json"),),
        response_body=Body(data, len(data), "application/json"),
        timing=Timing(total=0.5),
        error="" if status else "The connection was lost",
    )


def started(number: int, *jobs: dict[str, Any], status: int | None = 201) -> Exchange:
    return call(number, Purpose.START, f"Jobs/{ACTION}.StartJobs", {"value": jobs}, status=status)


def polled(number: int, answer: dict[str, Any], *, status: int | None = 200) -> Exchange:
    return call(number, Purpose.WATCH, f"Jobs({answer.get('Id', 12)})", answer, status=status)


def listed(number: int, condition: str, *jobs: dict[str, Any]) -> Exchange:
    return call(number, Purpose.WATCH, f"Jobs?$filter={condition.replace(' ', '%20')}&$top=9", {"value": jobs})


def logged(number: int, *messages: str, status: int = 200) -> Exchange:
    rows = [{"TimeStamp": NOW.isoformat(), "Level": "Info", "Message": text} for text in messages]
    target = f"RobotLogs?$filter=JobKey%20eq%20{KEY}&$orderby=TimeStamp%20asc"
    return call(number, Purpose.LOGS, target, {"value": rows}, status=status)


def replayed(*exchanges: Exchange) -> Replay:
    replay = Replay()
    for each in exchanges:
        replay.take(each)
    return replay


def keep(path: Path, exchanges: Sequence[Exchange], profile: str = "work") -> Path:
    """Keep a session of these exchanges in the file at ``path``, behind those that are there."""
    path.touch(0o600)
    complaints: list[str] = []
    store = ExchangeStore.open(path, version="1.2", profile=profile, complain=complaints.append)
    assert store is not None
    log = ExchangeLog()
    log.attach(store)
    for each in exchanges:
        log.append(each)
    log.close()
    assert not complaints
    return path
