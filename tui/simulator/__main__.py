"""Makes ``python -m tui.simulator`` the `simulator` command."""

import argparse
import sys

from tui.simulator.command import add_arguments, run


def main() -> int:
    """Read the arguments and serve."""
    parser = argparse.ArgumentParser(
        prog="python -m tui.simulator", description="Serve a simulated UiPath Orchestrator on loopback."
    )
    add_arguments(parser)
    return run(parser.parse_args())


if __name__ == "__main__":
    sys.exit(main())
