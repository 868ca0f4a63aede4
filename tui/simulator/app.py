"""Owns the assembly: world, sign-in, portal, Orchestrator, faults and journal as one ASGI application."""

from starlette.applications import Starlette
from starlette.routing import Route
from starlette.types import ASGIApp

from tui.simulator.faults import DropConnection, Faults
from tui.simulator.journal import Journal, JournalMiddleware
from tui.simulator.orchestrator import Orchestrator
from tui.simulator.portal import Portal
from tui.simulator.sign_in.authorization import Authorization
from tui.simulator.sign_in.endpoints import SignIn
from tui.simulator.world import World

_METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]


def make_app(world: World, journal: Journal, drop: DropConnection) -> ASGIApp:
    """Return the application; ``drop`` cuts the connection of a request."""
    routes = [
        *Authorization(world).routes(),
        *SignIn(world).routes(),
        *Portal(world).routes(),
        Route("/{path:path}", Orchestrator(world).__call__, methods=_METHODS),
    ]
    return JournalMiddleware(Faults(Starlette(routes=routes), world, drop), journal)
