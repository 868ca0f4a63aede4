"""Robot logs come in pages that overlap, from rows without an id: each line is kept once, and none is lost."""

from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

from tests.unit.api.raw_servers import Request, Writer, answer, connected, serving
from tui.api.models import RobotLog
from tui.flow.watching import merged_logs
from tui.simulator.filters import parse_filter

KEY = "00000000-0000-4000-8000-000000000007"
BEGAN = datetime(2026, 3, 4, 9, 28, 12, tzinfo=UTC)
OVERLAP = timedelta(seconds=10)


def row(number: int, at: datetime, message: str = "Next row") -> dict[str, object]:
    """Return one line as the cloud sends it: many say the same within one millisecond."""
    stamp = at.strftime("%Y-%m-%dT%H:%M:%S.") + f"{at.microsecond // 1000:03d}Z"
    raw = f'{{"message":"{message}","fingerprint":"{number}"}}'
    return {"Id": 0, "JobKey": KEY, "TimeStamp": stamp, "Level": "Info", "Message": message, "RawMessage": raw}


def test_rows_that_differ_in_what_the_robot_wrote_alone_are_two() -> None:
    one, other = (RobotLog.model_validate(row(n, BEGAN)) for n in (1, 2))
    assert one.message == other.message
    assert len(merged_logs((one,), (one, other, other))) == 2
    assert "fingerprint" not in repr(one), "what robots write may be personal: only its digest is kept"
    assert len(RobotLog.model_validate(row(3, BEGAN, "x" * 9000)).raw_message) == 16


async def test_overlapping_pages_bring_each_line_once() -> None:
    kept = [row(n, BEGAN + timedelta(milliseconds=4 * (n // 3))) for n in range(2_500)]
    arrived = 0

    async def respond(writer: Writer, request: Request) -> None:
        query = parse_qs(urlsplit(request.path).query)
        fits = parse_filter(query["$filter"][0], ["JobKey", "TimeStamp"])
        found = [each for each in kept[:arrived] if fits(each)]
        skip = int(query.get("$skip", ["0"])[0])
        writer.write(answer(200, {"value": found[skip : skip + int(query["$top"][0])]}))
        await writer.drain()

    known: tuple[RobotLog, ...] = ()
    async with serving(respond) as server, connected(server.url) as (client, _, _clock):
        for arrived in (10, 11, 900, 2_400, 2_500, 2_500):
            newest = max((log.time_stamp for log in known if log.time_stamp), default=None)
            since = newest - OVERLAP if newest else None
            fresh = await client.robot_logs(KEY, None, since=since, top=500)
            before, known = known, merged_logs(known, fresh)
            assert len(known) == arrived
            assert known is before or len(before) < arrived
    assert [log.time_stamp for log in known] == sorted(log.time_stamp for log in known if log.time_stamp)
