"""After a sleep of the computer nothing is sent on a connection whose other end may have gone without a word."""

import asyncio
from datetime import timedelta

from tests.unit.api.raw_servers import Request, Writer, answer, connected, serving
from tui.api.connection import Call
from tui.exchanges.model import Purpose

JOB = {"Id": 7, "Key": "00000000-0000-4000-8000-000000000007", "State": "Running"}


async def test_the_next_request_after_a_sleep_goes_on_a_fresh_connection() -> None:
    dead: set[Writer] = set()

    async def respond(writer: Writer, _: Request) -> None:
        if writer in dead:
            return
        writer.write(answer(200, JOB))
        await writer.drain()
        alive.add(writer)

    alive: set[Writer] = set()
    async with serving(respond) as server, connected(server.url) as (client, _, clock):
        await client.job(7, None)
        await client.job(7, None)
        assert server.connections == 1
        dead |= alive  # a router forgot them; nobody was told
        clock.start += timedelta(hours=2)
        assert (await client.job(7, None)).id == 7
        assert (server.connections, len(server.requests)) == (2, 3), "not even one try was lost on the dead one"
        assert clock.slept == []
        clock.start += timedelta(seconds=2)
        await client.job(7, None)
        assert server.connections == 2, "a clock put right by a little is no sleep"


async def test_a_read_under_way_while_the_computer_slept_is_made_again() -> None:
    silent = True

    async def respond(writer: Writer, _: Request) -> None:
        if silent:
            return
        writer.write(answer(200, JOB))
        await writer.drain()

    async with serving(respond) as server, connected(server.url) as (client, _, clock):
        waiting = asyncio.create_task(client.job(7, None))
        while not server.requests:
            await asyncio.sleep(0.01)
        silent = False
        clock.start += timedelta(hours=2)
        assert (await client.job(7, None)).id == 7
        assert (await waiting).id == 7


async def test_a_call_that_is_sent_exactly_once_is_left_to_its_end() -> None:
    answered = asyncio.Event()

    async def respond(writer: Writer, request: Request) -> None:
        if request.method == "POST":
            await answered.wait()
        writer.write(answer(200, JOB))
        await writer.drain()

    async with serving(respond) as server, connected(server.url) as (client, connection, clock):
        await client.job(7, None)
        call = Call("POST", f"{server.url}/stop", purpose=Purpose.STOP, doing="stop the job", headers={})
        stopping = asyncio.create_task(connection.send(call))
        while not server.posts():
            await asyncio.sleep(0.01)
        clock.start += timedelta(hours=2)
        assert (await client.job(7, None)).id == 7
        answered.set()
        assert (await stopping).status == 200
        assert server.connections == 2
        await client.job(7, None)
        assert server.connections == 2, "the fresh connection is kept"
