"""What every phase holds, and the first phase. All that is loaded of the workflow before the first paint.

Imports types only.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from tui.api.models import Account, Folder, Release, ServiceInstance
    from tui.errors import Failure
    from tui.flow.effects import Effect
    from tui.secret import Secret


@dataclass(frozen=True, slots=True)
class Identity:
    """Who is signed in. ``expires_at`` is when access ends, ``kept`` where the secret lives, in words."""

    who: str
    kind: str
    fingerprint: str
    expires_at: datetime | None = None
    renewable: bool = False
    kept: str = "kept for this session only"


@dataclass(frozen=True, slots=True)
class Answers:
    """What the person has answered so far. ``modern`` tells whether the server starts jobs by folder (today)."""

    deployment: str = "automation-cloud"
    base_url: str = ""
    identity: Identity | None = None
    account: Account | None = None
    instance: ServiceInstance | None = None
    modern: bool = False
    base: str = ""
    server_version: str = ""
    folder: Folder | None = None
    release: Release | None = None
    inputs: str = ""
    jobs_count: int = 1
    runtime_type: str = ""
    unresolved: tuple[str, ...] = ()
    """Keys of releases whose last start got no complete answer: a new start is warned about."""


@dataclass(frozen=True, kw_only=True)
class State:
    """Base of all phases.

    ``ticket`` is the last number given to a call; ``pending`` the effects whose answers are awaited; ``failed`` the
    effect behind ``failure``, repeated by `Retried`.
    """

    answers: Answers = field(default_factory=Answers)
    ticket: int = 0
    pending: tuple[Effect, ...] = ()
    failure: Failure | None = None
    failed: Effect | None = None


@dataclass(frozen=True, kw_only=True)
class SigningIn(State):
    """Step 1.

    ``prefilled`` offers a token per deployment (the demo's invented ones), to be sent nowhere but to
    ``answers.base_url``; ``names`` the account and instance that go with it. ``forward`` is the step that the sign-in
    in use has led to, for going on without signing in again.
    """

    prefilled: Mapping[str, Secret] = field(default_factory=dict[str, "Secret"])
    names: Mapping[str, tuple[str, str]] = field(default_factory=dict[str, tuple[str, str]])
    forward: State | None = None
