"""A secret that was said before the program knew it for one is gone from memory and from the files of the session."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import pytest

from tests.e2e.leaks.placements import KINDS, PLACEMENTS, Placed
from tests.e2e.leaks.sweeper import sweeper
from tests.unit.api.raw_servers import QUICK, Request, Writer, connected, serving
from tui.api.connection import Call, Connection
from tui.errors import UiPathTuiError
from tui.exchanges.kept.schema import NAME
from tui.exchanges.kept.store import ExchangeStore
from tui.exchanges.log import ExchangeLog
from tui.exchanges.model import Purpose
from tui.exchanges.share.jsonl import as_line

EVERY = [(kind, placement) for kind in KINDS for placement in PLACEMENTS]
SAMPLE = {(tuple(KINDS)[at % len(KINDS)], placement) for at, placement in enumerate(PLACEMENTS)}


@asynccontextmanager
async def answering(path: Path, *answers: bytes) -> AsyncIterator[tuple[Connection, str]]:
    """A connection whose log is kept at ``path``, to a server that gives the answers in turn."""
    left = list(answers)

    async def respond(writer: Writer, _: Request) -> None:
        writer.write(left.pop(0))
        await writer.drain()
        writer.close()

    path.touch(0o600)
    store = ExchangeStore.open(path, version="0", profile="p", complain=pytest.fail)
    assert store is not None
    async with serving(respond) as server, connected(server.url, limits=QUICK) as (_, connection, _clock):
        connection.log.attach(store)
        store.follow(connection.log.marks)
        yield connection, server.url
        connection.log.close()


async def say(connection: Connection, url: str, placed: Placed) -> None:
    with suppress(UiPathTuiError):
        await connection.send(
            Call(
                method="GET" if placed.body is None else "POST",
                url=f"{url}{placed.path}",
                purpose=placed.purpose,
                doing="look",
                headers=dict(placed.headers),
                body=placed.body,
                deadline=5.0,
                body_limit=placed.limit,
            )
        )


def lies(folder: Path, log: ExchangeLog) -> str:
    """Return the files by their bytes, what they hold compressed, and what memory holds."""
    files = [file.read_bytes().decode("latin-1") for file in sorted(folder.iterdir())]
    keeper = log.keeper
    assert keeper is not None
    stored = [keeper.exchange(entry.id) for entry in log.entries]
    return "\n".join(
        [
            *files,
            *(as_line(each) for each in (*log, *stored) if each is not None),
            *log.marks.values(),
            repr(list(log.entries)),
        ]
    )


def json_answer(content: object) -> bytes:
    data = json.dumps(content).encode()
    head = f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {len(data)}\r\n\r\n"
    return head.encode() + data


@pytest.mark.parametrize(
    ("kind", "placement"),
    [pytest.param(*each, marks=() if each in SAMPLE else pytest.mark.full, id=" in ".join(each)) for each in EVERY],
)
async def test_a_secret_that_is_learned_after_it_was_said(kind: str, placement: str, tmp_path: Path) -> None:
    secret = KINDS[kind]
    placed, looking = PLACEMENTS[placement](secret), sweeper([secret])
    async with answering(tmp_path / NAME, placed.answer) as (connection, url):
        await say(connection, url, placed)
        connection.log.marks.conceal = connection.redactor.text
        connection.log.marks.set(1, f"see {secret}")
        connection.redactor.learn(secret)
        assert len(connection.log) == 1
        connection.log.close()
        assert not looking.leaks("what lies", lies(tmp_path, connection.log))
    assert not looking.leaks("what lies", lies(tmp_path, connection.log))


@pytest.mark.parametrize("name", ["access_token", "refresh_token", "result"])
async def test_a_value_that_becomes_the_token_is_covered_while_the_session_runs(name: str, tmp_path: Path) -> None:
    secret = KINDS["refresh token"]
    answers = (
        json_answer({"correlation": secret, "state": "Running"}),
        json_answer({"value": [{"Note": f"see {secret}"}], "padding": "x" * 40_000}),
        json_answer({"echo": secret, name: secret, "success": True, "unAuthorizedRequest": False, "__abp": True}),
    )
    looking = sweeper([secret])
    async with answering(tmp_path / NAME, *answers) as (connection, url):
        for _ in range(2):
            await say(connection, url, Placed())
        assert looking.leaks("what lies", lies(tmp_path, connection.log))
        await say(connection, url, Placed(purpose=Purpose.SIGN_IN))
        async with asyncio.timeout(10):
            while looking.leaks("what lies", lies(tmp_path, connection.log)):
                await asyncio.sleep(0.05)
        assert "Running" in lies(tmp_path, connection.log)
    assert not looking.leaks("what lies", lies(tmp_path, connection.log))


async def test_a_large_answer_that_names_a_secret_after_it_was_said(tmp_path: Path) -> None:
    secret = KINDS["user key"]
    looking = sweeper([secret])
    large = json_answer({"first": secret, "padding": "words " * 300_000, "token": secret, "last": [secret]})
    async with answering(tmp_path / NAME, large) as (connection, url):
        await say(connection, url, Placed(limit=8_000_000))
        assert not looking.leaks("what lies", lies(tmp_path, connection.log))


async def test_a_request_that_held_what_its_own_answer_names_a_secret(tmp_path: Path) -> None:
    secret = KINDS["user key"]
    looking = sweeper([secret])
    asked = Placed(body=json.dumps({"odd": secret}).encode(), headers=(("Content-Type", "application/json"),))
    async with answering(tmp_path / NAME, json_answer({"first": secret, "token": secret})) as (connection, url):
        await say(connection, url, asked)
        # Nothing was kept of it at any time: not even until the next look.
        assert not looking.leaks("what lies", lies(tmp_path, connection.log))
