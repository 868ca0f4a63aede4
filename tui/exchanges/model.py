"""One request/response pair as the log keeps it. Everything in it is already redacted; nothing here does I/O."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from sys import intern
from typing import Final, Self

from tui.exchanges.links import jobs_of


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

    @property
    def step(self) -> int:
        """The step of the program that it belongs to, 1 to 5; the version is asked for with the instance."""
        return _STEPS[self]


_STEPS: Final = {
    Purpose.SIGN_IN: 1,
    Purpose.ACCOUNTS: 2,
    Purpose.INSTANCES: 2,
    Purpose.VERSION: 2,
    Purpose.FOLDERS: 2,
    Purpose.RELEASES: 3,
    Purpose.PREPARE: 4,
    Purpose.START: 4,
    Purpose.WATCH: 5,
    Purpose.LOGS: 5,
    Purpose.STOP: 5,
}

EXPLANATIONS: dict[Purpose, str] = {
    Purpose.SIGN_IN: "Exchanges what you pasted for an access token; the tutorial's “refresh token” step.",
    Purpose.ACCOUNTS: "Asks which accounts (organizations) this sign-in may use.",
    Purpose.INSTANCES: "Asks for the service instances (tenants) of the account; gives the logical name.",
    Purpose.VERSION: "Asks the server for its version; needs no sign-in.",
    Purpose.FOLDERS: "Asks which folders you may work in.",
    Purpose.RELEASES: "Lists the releases (processes) and their release keys.",
    Purpose.PREPARE: "Reads what the start form needs: robots, runtimes, the newest job before the start.",
    Purpose.START: "Starts the job. Sent once; again only after a refusal (401 or 429).",
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

REFUSED: Final = 400
"""Statuses from here on refuse or fail."""


@dataclass(frozen=True, slots=True)
class Exchange:
    """One try of one call.

    ``id`` counts up from 1 in a session; ``attempt`` counts the tries of one call from 1. ``status`` is ``None`` and
    ``error`` a sentence when no complete answer came. ``url``, headers and bodies are redacted: secrets appear as
    fingerprints (``…a3f1``). Texts are as received; a view cleans them for the terminal. ``gave_way``: headers and
    bodies were given up to keep memory bounded.
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
    gave_way: bool = False


@dataclass(frozen=True, slots=True)
class Entry:
    """What a list shows of an exchange: light enough to keep every one of a session in memory.

    Sizes are bytes on the wire, ``total`` is seconds. ``job`` names the jobs that it is about, ids and keys separated
    by spaces, in the order of the address or of the answer; empty for none.
    """

    id: int
    started_at: datetime
    purpose: Purpose
    attempt: int
    method: str
    url: str
    status: int | None
    error: str
    request_size: int
    response_size: int
    total: float
    job: str

    @classmethod
    def of(cls, exchange: Exchange) -> Self:
        """Return the entry of ``exchange``. Equal texts are kept once."""
        return cls(
            id=exchange.id,
            started_at=exchange.started_at,
            purpose=exchange.purpose,
            attempt=exchange.attempt,
            method=intern(exchange.method),
            url=intern(exchange.url),
            status=exchange.status,
            error=intern(exchange.error),
            request_size=exchange.request_body.size,
            response_size=exchange.response_body.size,
            total=exchange.timing.total,
            job=intern(
                jobs_of(exchange.url, exchange.response_body.data if exchange.purpose is Purpose.START else b"")
            ),
        )

    @property
    def failed(self) -> bool:
        """Whether no complete answer came, or one that refuses."""
        return bool(self.error) or self.status is None or self.status >= REFUSED

    @property
    def step(self) -> int:
        """The step of the program that it belongs to, 1 to 5."""
        return self.purpose.step

    def bare(self) -> Exchange:
        """Return an exchange that says no more than the entry: what is left of one that gave way."""
        return Exchange(
            id=self.id,
            started_at=self.started_at,
            purpose=self.purpose,
            attempt=self.attempt,
            method=self.method,
            url=self.url,
            request_headers=(),
            request_body=Body(size=self.request_size, truncated=True),
            status=self.status,
            response_body=Body(size=self.response_size, truncated=True),
            timing=Timing(total=self.total),
            error=self.error,
            gave_way=True,
        )
