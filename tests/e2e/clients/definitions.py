"""UiPath's own definitions, where a checkout has them beside it, and a client generated from one."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

FOLDER = Path(__file__).parents[3].resolve().parent / "shared" / "openapi"
GENERATOR = "openapi-python-client"


def definition_file(name: str) -> Path:
    """Return the definition ``name``, or skip the test."""
    path = FOLDER / name
    if not path.is_file():
        pytest.skip(f"UiPath's definition {name} is not beside this checkout")
    return path


def nulls_admitted(schema: dict[str, Any]) -> dict[str, Any]:
    """Return an OpenAPI 3.0 schema in which every property may be null: the service sends null freely.

    The definitions mark nothing as nullable. This loosening is ours, not UiPath's.
    """
    changed = dict(schema)
    if isinstance(schema.get("items"), dict):
        changed["items"] = nulls_admitted(schema["items"])
    if isinstance(schema.get("properties"), dict):
        properties = schema["properties"]
        changed["properties"] = {name: _nullable(nulls_admitted(of)) for name, of in properties.items()}
    return changed


def _nullable(schema: dict[str, Any]) -> dict[str, Any]:
    if "$ref" in schema:
        return {"allOf": [schema], "nullable": True}
    members = {"enum": [*schema["enum"], None]} if "enum" in schema else {}
    return {**schema, **members, "nullable": True}


def generate_client(folder: Path) -> None:
    """Generate ``orchestrator_client`` below ``folder`` from the v20 definition.

    Envelopes stay as they are: for a union the generator falls back to plain dicts, which would hide a wrong row.
    """
    definition = yaml.load(definition_file("uipathcli-orchestrator.yaml").read_text(), Loader=yaml.CSafeLoader)
    definition["components"]["schemas"] = {
        name: schema if name.startswith("ODataValueOf") else nulls_admitted(schema)
        for name, schema in definition["components"]["schemas"].items()
    }
    (folder / "definition.json").write_text(json.dumps(definition))
    options = ["--path", "definition.json", "--meta", "none", "--output-path", "orchestrator_client"]
    command = ["uv", "run", "--no-project", "--with", GENERATOR, GENERATOR, "generate", *options]
    subprocess.run(command, cwd=folder, check=True, capture_output=True, timeout=300)
