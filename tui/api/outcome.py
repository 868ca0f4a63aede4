"""What one StartJobs call may end in, and the preview of it. Types only; standard library at run time."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tui.api.models import Job
    from tui.errors import Failure


@dataclass(frozen=True, slots=True)
class RequestPreview:
    """A request exactly as it will be sent, the token replaced by its fingerprint."""

    method: str
    url: str
    headers: tuple[tuple[str, str], ...]
    body: bytes


@dataclass(frozen=True, slots=True)
class Accepted:
    """The server said, in a complete list, that it created these jobs: at least one."""

    jobs: "tuple[Job, ...]"


@dataclass(frozen=True, slots=True)
class Rejected:
    """The server answered that it did not start anything.

    ``again_after`` is the pause in seconds after which the same start is worth sending once more, ``None`` for never.
    """

    failure: "Failure"
    again_after: float | None = None


@dataclass(frozen=True, slots=True)
class NotSent:
    """No byte of the request left: nothing can have started."""

    failure: "Failure"


@dataclass(frozen=True, slots=True)
class Unknown:
    """The request left and no complete answer came: the job may exist. Never send it again unasked."""

    failure: "Failure"


StartOutcome = Accepted | Rejected | NotSent | Unknown
