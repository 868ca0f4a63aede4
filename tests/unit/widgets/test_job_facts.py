"""The facts of a job say each thing once."""

from __future__ import annotations

import pytest
from flow_samples import JOB  # pyright: ignore[reportMissingImports]

from tui.screens.job.detail import job_facts


@pytest.mark.parametrize(
    ("kind", "runtime", "said"),
    [
        ("Unattended", "Unattended", "Unattended"),
        ("Unattended", "NonProduction", "Unattended · NonProduction"),
        ("Unattended", None, "Unattended"),
    ],
)
def test_type_and_runtime_type_are_said_once(kind: str, runtime: str | None, said: str) -> None:
    job = JOB.model_copy(update={"type": kind, "runtime_type": runtime})
    assert dict(job_facts(job))["Type"] == said
