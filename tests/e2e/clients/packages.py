"""Installing packages of other people in throw-away folders, and running the drivers that use them."""

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

DRIVERS = Path(__file__).parent / "drivers"
INSTALL_SECONDS = 300
RUN_SECONDS = 120


def npm_install(folder: Path, *packages: str) -> None:
    """Install npm packages below ``folder``."""
    npm = shutil.which("npm")
    if npm is None:
        pytest.skip("npm is not installed")
    (folder / "package.json").write_text('{"private": true}')
    arguments = [npm, "install", "--no-audit", "--no-fund", "--no-save", *packages]
    subprocess.run(arguments, cwd=folder, check=True, timeout=INSTALL_SECONDS, capture_output=True)


def run_driver(command: list[str], options: dict[str, Any], cwd: Path, env: dict[str, str]) -> dict[str, Any]:
    """Run a driver with ``options`` as its last argument and return the JSON of its last line."""
    done = subprocess.run(
        [*command, json.dumps(options)], cwd=cwd, env=env, capture_output=True, text=True, timeout=RUN_SECONDS
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return json.loads(done.stdout.strip().splitlines()[-1])
