"""Servers for the tests of one module, fast ones: a job of three seconds takes a few milliseconds."""

from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from tests.e2e.simulator.wire import OPEN, Orchestrator, classic, modern
from tui.simulator.server import SimulatorServer

SPEED = 20.0


@pytest.fixture(autouse=True)
def close_clients() -> Iterator[None]:
    yield
    while OPEN:
        OPEN.pop().close()


@pytest.fixture(scope="module")
def happy() -> Iterator[SimulatorServer]:
    with SimulatorServer(speed=SPEED) as server:
        yield server


@pytest.fixture
def serve() -> Iterator["Serve"]:
    """Start servers with scenarios; they stop with the test."""
    with ExitStack() as stack:
        yield Serve(stack)


class Serve:
    """Starts servers and clients that end with the test."""

    def __init__(self, stack: ExitStack) -> None:
        self._stack = stack

    def __call__(self, *scenarios: str, speed: float = SPEED) -> SimulatorServer:
        return self._stack.enter_context(SimulatorServer(scenarios, speed=speed))

    def classic(self, *scenarios: str, speed: float = SPEED) -> Orchestrator:
        return classic(self(*scenarios, speed=speed))

    def modern(self, *scenarios: str, speed: float = SPEED) -> Orchestrator:
        return modern(self(*scenarios, speed=speed))


@pytest.fixture
def classic_client(happy: SimulatorServer) -> Orchestrator:
    return classic(happy)


@pytest.fixture
def modern_client(happy: SimulatorServer) -> Orchestrator:
    return modern(happy)
