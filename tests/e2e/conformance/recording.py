"""The simulated Orchestrator with a recorder in front: every request and every answer, as they crossed the wire."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import NamedTuple

import pytest
from starlette.types import ASGIApp, Message, Receive, Scope, Send

import tui.simulator.server
from tui.simulator.app import make_app
from tui.simulator.faults import DropConnection
from tui.simulator.journal import Journal
from tui.simulator.world import World


class Exchange(NamedTuple):
    """One request and its answer; header names in lower case, the path decoded."""

    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    body: bytes
    status: int
    answer_headers: Mapping[str, str]
    answer: bytes


def _headers(message: Message | Scope) -> dict[str, str]:
    return {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in message.get("headers", [])}


@dataclass(frozen=True)
class Recorder:
    """Notes down what goes through; an exchange without a complete answer is left out."""

    app: ASGIApp
    exchanges: list[Exchange]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request and note it."""
        asked, answered, head = bytearray(), bytearray(), dict[str, Message]()

        async def heard() -> Message:
            message = await receive()
            asked.extend(message.get("body", b""))
            return message

        async def said(message: Message) -> None:
            if message["type"] == "http.response.start":
                head["start"] = message
            answered.extend(message.get("body", b""))
            await send(message)
            if message["type"] == "http.response.body" and not message.get("more_body"):
                self._note(scope, bytes(asked), head["start"], bytes(answered))

        await self.app(scope, heard, said)

    def _note(self, scope: Scope, asked: bytes, start: Message, answered: bytes) -> None:
        query = scope["query_string"].decode("latin-1")
        asking = (scope["method"], scope["path"], query, _headers(scope), asked)
        self.exchanges.append(Exchange(*asking, start["status"], _headers(start), answered))


@contextmanager
def recorded() -> Iterator[list[Exchange]]:
    """Record every simulator that starts while the block runs."""
    exchanges: list[Exchange] = []

    def make_recorded(world: World, journal: Journal, drop: DropConnection) -> ASGIApp:
        return Recorder(make_app(world, journal, drop), exchanges)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tui.simulator.server, "make_app", make_recorded)
        yield exchanges
