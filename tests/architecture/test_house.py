"""The shape of the house: sizes, docstrings, one stylesheet, no colour literals, no terminal sink fed as markup."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MODULES = sorted((ROOT / "tui").rglob("*.py"))
LONGEST = 300
LONGEST_FUNCTION = 45
MOST_MODULES = 40
TOP_LEVEL = {"pyproject.toml", "README.md", "tui", "tests", "screenshots", "uv.lock"}
BANNED_NAMES = ("manager", "helper", "utils", "util")


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", MODULES, ids=named)
def test_a_module_holds_one_thing(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    assert len(source.splitlines()) <= LONGEST
    assert not any(word in path.stem.split("_") for word in BANNED_NAMES)
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            assert length <= LONGEST_FUNCTION, f"{node.name} has {length} lines"


@pytest.mark.parametrize("path", MODULES, ids=named)
def test_a_module_says_what_it_owns_and_marks_nothing_unfinished(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    assert ast.get_docstring(ast.parse(source))
    assert not re.search(r"TODO|FIXME|XXX|raise NotImplementedError", source)


@pytest.mark.parametrize("folder", sorted({path.parent for path in MODULES}), ids=named)
def test_a_package_is_seen_at_a_glance(folder: Path) -> None:
    assert (folder / "__init__.py").exists()
    assert len(list(folder.glob("*.py"))) <= MOST_MODULES


def test_the_top_level_is_closed() -> None:
    seen = {path.name for path in ROOT.iterdir() if not path.name.startswith(".")}
    assert seen - {"dist", "build", "snapshot_report.html"} <= TOP_LEVEL


@pytest.mark.parametrize("path", [ROOT / "tui" / "app.tcss", *sorted((ROOT / "tui/widgets").rglob("*.py"))], ids=named)
def test_styles_use_the_theme_alone(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    assert not re.search(r"(color|background|border\S*|tint)\s*:[^;{}]*(#[0-9a-fA-F]{3,8}\b|rgb\()", source)


def test_server_text_never_meets_a_quadratic_highlighter() -> None:
    for path in MODULES:
        assert "highlight=True" not in path.read_text(encoding="utf-8"), named(path)
