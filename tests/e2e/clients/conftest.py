"""The simulator as a process of its own."""

import json
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest


@pytest.fixture
def simulated() -> Iterator[dict[str, Any]]:
    """What `--json` of a running simulator says; jobs run five times as fast."""
    command = [sys.executable, "-m", "tui.simulator", "--json", "--speed", "5"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            yield json.loads(process.stdout.readline())
        finally:
            process.terminate()
            assert process.wait(20) == 0
