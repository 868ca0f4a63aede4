"""What a start says on the wire. Pure, standard library only: no I/O, no clock, no models at run time.

Shapes: StartProcessDto of Orchestrator 2019.4 and 20.0. The server reads ``InputArguments`` as JSON *text*.
"""

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from tui.api.names import raw_of

if TYPE_CHECKING:
    from tui.api.models import Release

START_PATH: Final = "/odata/Jobs/UiPath.Server.Configuration.OData.StartJobs"
VALIDATE_PATH: Final = "/odata/Jobs/UiPath.Server.Configuration.OData.ValidateDynamicJob"
MODERN_STRATEGY: Final = "ModernJobsCount"


@dataclass(frozen=True, slots=True)
class StartInfo:
    """One start. ``input_arguments`` is JSON text or ``""``; ``robot_ids`` counts only for Specific.

    A server refuses ``job_priority`` and ``specific_priority`` together.

    Optional fields that are empty are left out of the body: a server that does not know a field may refuse all of it.
    """

    release_key: str
    strategy: str = "All"
    robot_ids: tuple[int, ...] = ()
    jobs_count: int = 0
    source: str = "Manual"
    runtime_type: str = ""
    input_arguments: str = ""
    job_priority: str = ""
    specific_priority: int = 0
    reference: str = ""

    def as_wire(self) -> dict[str, Any]:
        """Return the whole request body, its members in the order of the tutorial."""
        info: dict[str, Any] = {"ReleaseKey": raw_of(self.release_key), "Strategy": self.strategy}
        if self.strategy != MODERN_STRATEGY:
            info["RobotIds"] = list(self.robot_ids)
        info["JobsCount"] = self.jobs_count
        info["Source"] = self.source
        optional = {
            "RuntimeType": self.runtime_type,
            "JobPriority": self.job_priority,
            "SpecificPriorityValue": self.specific_priority,
            "InputArguments": self.input_arguments,
            "Reference": self.reference,
        }
        info.update({name: value for name, value in optional.items() if value})
        return {"startInfo": info}

    def body(self) -> bytes:
        """Return exactly the bytes that are sent."""
        return json.dumps(self.as_wire(), ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")

    @property
    def expected_jobs(self) -> int | None:
        """How many jobs the answer should bring, ``None`` when only the server knows (one for each robot)."""
        if self.strategy == "All":
            return None
        return len(self.robot_ids) if self.strategy == "Specific" else self.jobs_count


def tutorial_start(release: "Release", input_arguments: str = "") -> StartInfo:
    """Return the tutorial's start: one job on every robot of the release's environment."""
    return StartInfo(release_key=release.key, input_arguments=input_arguments)


def modern_start(release: "Release", count: int = 1, *, runtime_type: str = "", input_arguments: str = "") -> StartInfo:
    """Return the start for a folder of today: ``count`` jobs on whatever robots are free."""
    return StartInfo(
        release_key=release.key,
        strategy=MODERN_STRATEGY,
        jobs_count=count,
        runtime_type=runtime_type,
        input_arguments=input_arguments,
    )
