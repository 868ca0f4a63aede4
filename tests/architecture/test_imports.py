"""What each part may load, measured in a fresh interpreter: the rules that no linter of source text can see."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

HEAVY = (
    "httpx",
    "pydantic",
    "keyring",
    "starlette",
    "uvicorn",
    "truststore",
    "tenacity",
    "odata_query",
    "textual",
    "rich",
)


def loaded_by(statement: str) -> set[str]:
    """Return which of the heavy packages are loaded after ``statement`` in a new interpreter."""
    code = f"import sys\n{statement}\nprint(' '.join(name for name in {HEAVY!r} if name in sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    return set(done.stdout.split())


@pytest.mark.parametrize(
    ("statement", "allowed"),
    [
        ("import tui.flow.machine", set[str]()),
        ("import tui.cli.main", set[str]()),
        ("import tui.cli.options; tui.cli.options.parser()", set[str]()),
        ("import tui.simulator, tui.simulator.scenarios, tui.simulator.command", set[str]()),
        ("import tui.api.deployments, tui.api.sign_in.tokens, tui.api.start, tui.api.arguments", set[str]()),
        ("import tui.exchanges.log, tui.exchanges.share.jsonl, tui.text, tui.settings, tui.errors", set[str]()),
        ("import tui.store.credentials, tui.store.profiles, tui.paths", set[str]()),
        ("import tui.api.models", {"pydantic"}),
        ("import tui.app", {"textual", "rich"}),
        ("import tui.app, tui.screens.sign_in.form", {"textual", "rich"}),
        # httpx itself looks for rich, for a command line of its own.
        ("import tui.runtime.performer", {"httpx", "pydantic", "truststore", "tenacity", "rich"}),
        ("import tui.twin.plain, tui.narration, tui.twin.choices", set[str]()),
        ("import tui.simulator.server", {"starlette", "uvicorn", "odata_query"}),
    ],
    ids=lambda value: value.replace("import ", "") if isinstance(value, str) else "",
)
def test_nothing_heavy_is_loaded_before_it_is_needed(statement: str, allowed: set[str]) -> None:
    assert loaded_by(statement) <= allowed


FIRST_PAINT = """
import sys
from functools import partialmethod
from tui.cli import main as cli
from tui.app import UiPathApp

def painted(app):
    sys.__stdout__.write(" ".join(sys.modules) + " | ")
    app.exit()

cli._need_terminal = lambda: None
UiPathApp._begin = painted
UiPathApp.run = partialmethod(UiPathApp.run, headless=True)
cli.main([])
"""
LATER = {
    *HEAVY[:8],
    *("json", "tomllib", "hashlib"),
    *("tui.flow.machine", "tui.flow.events", "tui.flow.effects", "tui.flow.states"),
    *("tui.runtime.performer", "tui.twin.plain", "tui.narration", "tui.api.models"),
    *("tui.api.sign_in.tokens", "tui.exchanges.model"),
    *("tui.screens.release", "tui.screens.job.announce", "tui.widgets.log.log_panel", "tui.commands"),
}


def test_the_first_paint_loads_only_the_first_step(tmp_path: Path) -> None:
    environment = {**os.environ, "HOME": str(tmp_path), "XDG_CONFIG_HOME": str(tmp_path)}
    command = [sys.executable, "-c", FIRST_PAINT]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60, env=environment)
    assert not done.stderr
    loaded = set(done.stdout.split(" | ")[0].split())
    assert "tui.screens.sign_in.form" in loaded
    assert not loaded & LATER


def test_the_probe_sees_what_is_loaded() -> None:
    assert loaded_by("import httpx") >= {"httpx"}
