"""Owns the `simulator` command: its arguments (cheap to import) and serving until a signal."""

import argparse
import sys
from typing import TYPE_CHECKING

from tui.simulator.scenarios import SCENARIOS, parse_scenarios

if TYPE_CHECKING:
    from tui.simulator.server import SimulatorServer

MAX_PORT = 65_535


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Give ``parser`` the command's options, and the scenarios as its epilog."""
    width = max(map(len, SCENARIOS))
    listing = "\n".join(f"  {name:<{width}}  {line}" for name, line in SCENARIOS.items())
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.epilog = f"scenarios, composable with commas (throttled,faulted):\n{listing}"
    parser.add_argument("--port", type=_port, default=0, metavar="N", help="port on 127.0.0.1 (default: a free one)")
    parser.add_argument(
        "--scenario", type=_scenarios, default=("happy",), metavar="S", help="what happens (default: happy)"
    )
    parser.add_argument("--speed", type=_speed, default=1.0, metavar="F", help="how many times faster jobs run")
    parser.add_argument("--json", action="store_true", help="print addresses and tokens as one JSON line")


def run(args: argparse.Namespace) -> int:
    """Print the addresses, accounts, instances and invented tokens; serve until SIGINT or SIGTERM; return 0.

    At the end it says how many tokens were asked for, unless everything is to be JSON. A port that cannot be used is
    one sentence on standard error and exit code 1.
    """
    import json

    from tui.simulator.server import SimulatorServer
    from tui.simulator.summary import summary_text

    def announce(server: "SimulatorServer") -> None:
        text = json.dumps(server.summary) if args.json else summary_text(server.summary, server.scenarios)
        sys.stdout.write(f"{text}\n")
        sys.stdout.flush()

    try:
        server = SimulatorServer(args.scenario, port=args.port, speed=args.speed)
        server.run_forever(announce)
    except OSError as error:
        sys.stderr.write(f"{error.strerror or error}\n")
        return 1
    counted = server.world.tokens.counts.text()
    if counted and not args.json:
        sys.stdout.write(f"{counted}\n")
    return 0


def _scenarios(text: str) -> tuple[str, ...]:
    try:
        return parse_scenarios(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from error


def _port(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and int(text) <= MAX_PORT):
        raise argparse.ArgumentTypeError(f"`{text}` is not a port: give a number from 0 to {MAX_PORT}.")
    return int(text)


def _speed(text: str) -> float:
    try:
        speed = float(text)
    except ValueError:
        speed = 0.0
    if not 0.0 < speed < 1e6:
        raise argparse.ArgumentTypeError(f"`{text}` is not a speed: give a number above 0, such as 10.")
    return speed
