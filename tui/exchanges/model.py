"""One request/response pair as the log keeps it. Everything in it is already redacted; nothing here does I/O."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class Purpose(StrEnum):
    """What a call is for: the step of the tutorial that it serves."""

    SIGN_IN = "sign in"
    ACCOUNTS = "accounts"
    INSTANCES = "instances"
    VERSION = "version"
    FOLDERS = "folders"
    RELEASES = "releases"
    PREPARE = "prepare"
    START = "start"
    WATCH = "watch"
    LOGS = "robot logs"
    STOP = "stop"


EXPLANATIONS: dict[Purpose, str] = {
    Purpose.SIGN_IN: "Exchanges what you pasted for an access token; the tutorial's “refresh token” step.",
    Purpose.ACCOUNTS: "Asks which accounts (organizations) this sign-in may use.",
    Purpose.INSTANCES: "Asks for the service instances (tenants) of the account; gives the logical name.",
    Purpose.VERSION: "Asks the server for its version; needs no sign-in.",
    Purpose.FOLDERS: "Asks which folders you may work in.",
    Purpose.RELEASES: "Lists the releases (processes) and their release keys.",
    Purpose.PREPARE: "Reads what the start form needs: robots, runtimes, the newest job before the start.",
    Purpose.START: "Starts the job. Sent once; never repeated by itself.",
    Purpose.WATCH: "Reads the job's state.",
    Purpose.LOGS: "Reads what the robot has logged.",
    Purpose.STOP: "Asks the job to stop, or kills it.",
}


@dataclass(frozen=True, slots=True)
class Body:
    """A message body after redaction. ``size`` is the byte count on the wire; ``truncated`` when cut."""

    data: bytes = b""
    size: int = 0
    content_type: str = ""
    truncated: bool = False


@dataclass(frozen=True, slots=True)
class Timing:
    """Seconds of each phase, ``None`` where the phase did not happen (kept-alive connection, no TLS, no answer)."""

    connect: float | None = None
    tls: float | None = None
    send: float | None = None
    wait: float | None = None
    receive: float | None = None
    total: float = 0.0


Headers = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Exchange:
    """One try of one call.

    ``id`` counts up from 1 in a session; ``attempt`` counts the tries of one call from 1. ``status`` is ``None`` and
    ``error`` a sentence when no complete answer came. ``url``, headers and bodies are redacted: secrets appear as
    fingerprints (``…a3f1``). Texts are as received; a view cleans them for the terminal.
    """

    id: int
    started_at: datetime
    purpose: Purpose
    attempt: int
    method: str
    url: str
    request_headers: Headers
    request_body: Body
    status: int | None = None
    reason: str = ""
    http_version: str = ""
    response_headers: Headers = ()
    response_body: Body = field(default_factory=Body)
    timing: Timing = field(default_factory=Timing)
    error: str = ""
