"""Owns what goes wrong between client and service: waits, refusals, outages, and connections that drop.

Every fault follows from the order of the calls, never from chance, so that a scenario shows the same thing each time.
"""

import asyncio
from collections.abc import Callable

from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tui.simulator.problems import ErrorCode, OrchestratorError, gateway_page, problem_response
from tui.simulator.world import World

SLOW_SECONDS = 1.5
THROTTLED_EVERY = 4
RETRY_AFTER_SECONDS = 1
OUTAGE = ("fine", "fine", "fine", "503", "page", "drop", "cut", "503", "fine", "fine")
"""What reads meet, over and over, once jobs exist."""

DropConnection = Callable[[Scope], None]


class Faults:
    """Stands between the network and the service, and spoils what the scenarios say."""

    def __init__(self, app: ASGIApp, world: World, drop: DropConnection) -> None:
        self._app = app
        self._world = world
        self._drop = drop
        self._calls = 0
        self._reads = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request, or spoil it."""
        scenarios = self._world.scenarios
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        if "slow" in scenarios:
            await asyncio.sleep(SLOW_SECONDS / self._world.speed)
        if not _is_orchestrator_call(scope):
            await self._app(scope, receive, send)
            return
        self._calls += 1
        if "throttled" in scenarios and self._calls % THROTTLED_EVERY == 0:
            await _too_many_requests()(scope, receive, send)
        elif "outage" in scenarios and scope["method"] == "GET":
            await self._outage(scope, receive, send)
        elif "ambiguous" in scenarios and scope["path"].lower().endswith("startjobs"):
            await self._lose_answer(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    async def _outage(self, scope: Scope, receive: Receive, send: Send) -> None:
        if not self._world.started_count:
            await self._app(scope, receive, send)
            return
        fate = OUTAGE[self._reads % len(OUTAGE)]
        self._reads += 1
        match fate:
            case "503":
                problem = OrchestratorError(503, ErrorCode.NONE, "The service is unavailable.")
                await problem_response(problem)(scope, receive, send)
            case "page":
                await gateway_page(503)(scope, receive, send)
            case "drop":
                await self._drop_and_wait(scope, receive)
            case "cut":
                await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"4096")]})
                await send({"type": "http.response.body", "body": b'{"@odata.context":', "more_body": True})
                await self._drop_and_wait(scope, receive)
            case _:
                await self._app(scope, receive, send)

    async def _lose_answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        messages: list[Message] = []

        async def keep(message: Message) -> None:
            messages.append(message)

        await self._app(scope, receive, keep)
        if messages[0]["status"] == 201:
            await self._drop_and_wait(scope, receive)
            return
        for message in messages:
            await send(message)

    async def _drop_and_wait(self, scope: Scope, receive: Receive) -> None:
        self._drop(scope)
        while (await receive())["type"] != "http.disconnect":
            pass


def _is_orchestrator_call(scope: Scope) -> bool:
    path = scope["path"].lower()
    return "/odata/" in path or "/api/folders" in path


def _too_many_requests() -> Response:
    response = problem_response(OrchestratorError(429, ErrorCode.NONE, "Too many requests. Try again later."))
    response.headers["Retry-After"] = str(RETRY_AFTER_SECONDS)
    return response
