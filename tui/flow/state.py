"""What every phase holds, and the first phase. All that is loaded of the workflow before the first paint.

Imports types only.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tui.flow.start_options import PLAIN, StartOptions
from tui.keeping import Keeping
from tui.profile import Profile, ProfileBook

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from tui.api.models import Account, Folder, Release, ServiceInstance
    from tui.errors import Failure
    from tui.flow.effects import Effect
    from tui.intent import Intent
    from tui.remembered import Memory
    from tui.secret import Secret
    from tui.started_job import StartedJob


@dataclass(frozen=True, slots=True)
class Identity:
    """Who is signed in. ``expires_at`` is when access ends.

    ``keeping`` says where the secret lives, ``kept`` the same in words, ``credential`` under which name; ``warning``
    what went wrong when it was to be kept.
    """

    who: str
    kind: str
    fingerprint: str
    expires_at: datetime | None = None
    renewable: bool = False
    keeping: Keeping = Keeping.SESSION
    kept: str = "in this session only"
    credential: str = ""
    warning: str = ""
    organization_id: str = ""
    """The organization that the tokens are of, where they say."""


@dataclass(frozen=True, slots=True)
class Here:
    """What this computer keeps: the profiles, and its key store (``key_store`` is its name, ``""`` when unusable).

    ``looked`` is false until the key store was asked; ``why`` says why it can't be used.
    """

    book: ProfileBook = field(default_factory=ProfileBook)
    looked: bool = False
    key_store: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True)
class Answers:
    """What the person has answered so far. ``modern`` tells whether the server starts jobs by folder (today)."""

    deployment: str = "automation-cloud"
    base_url: str = ""
    way: str = ""
    client_id: str = ""
    scopes: str = ""
    named: tuple[str, str] = ("", "")
    """The account and the instance that were named at the sign-in, which a list may not have."""
    identity: Identity | None = None
    account: Account | None = None
    instance: ServiceInstance | None = None
    modern: bool = False
    base: str = ""
    server_version: str = ""
    folder: Folder | None = None
    release: Release | None = None
    inputs: str = ""
    options: StartOptions = PLAIN
    memory: Memory = ()
    """What is remembered of starts in this service instance."""
    carriers: tuple[tuple[str, str], ...] = ()
    """Release (key or name) → the input argument that carries the mark of its starts, as the settings say."""
    intents: tuple[Intent, ...] = ()
    """Starts in this tenant that got no complete answer and are not settled: they come before a new start."""
    given_up: tuple[Intent, ...] = ()
    """Starts of this session in whose place another one was made although their jobs may yet turn up."""
    late: tuple[str, ...] = ()
    """What came of starts that had not been found at first, in words."""
    started: tuple[StartedJob, ...] = ()
    """The jobs that were started from this computer in this tenant, newest first."""
    started_looked: bool = False
    """Whether the server was asked what has become of them; ``started_trouble`` says why the list can't be kept."""
    started_trouble: str = ""
    here: Here = field(default_factory=Here)
    save_as: str = ""
    """The name of the profile that these answers become once they are proven; ``""`` keeps nothing."""
    profile: Profile | None = None
    """The profile as it was kept last: where the defaults of unanswered questions come from."""
    resuming: bool = False
    """Whether what the profile answers is taken without asking, until the releases are listed."""
    new_sign_in: bool = False
    """Whether the sign-in is not yet proven by a list of releases."""
    finished: bool = False
    """Whether a setup has just been proven: its summary is shown until the next step."""

    @classmethod
    def of(cls, profile: Profile, here: Here) -> Answers:
        """Return what ``profile`` answers of the first step; the rest it answers when its turn comes."""
        return cls(
            deployment=profile.deployment,
            base_url=profile.base_url,
            way=profile.way,
            client_id=profile.client_id,
            scopes=profile.scopes,
            named=(profile.account, profile.instance),
            here=here,
            save_as=profile.name,
            profile=profile,
        )

    @property
    def unresolved(self) -> tuple[str, ...]:
        """Keys of releases whose last start got no complete answer."""
        return tuple(intent.release_key for intent in self.intents)

    @property
    def production(self) -> bool:
        """Whether a start asks once more."""
        return self.profile is not None and self.profile.production


@dataclass(frozen=True, kw_only=True)
class State:
    """Base of all phases.

    ``ticket`` is the last number given to a call; ``pending`` the effects whose answers are awaited; ``failed`` the
    effect behind ``failure``, repeated by `Retried`; ``answered`` the effect whose answer is being taken.
    """

    answers: Answers = field(default_factory=Answers)
    ticket: int = 0
    pending: tuple[Effect, ...] = ()
    failure: Failure | None = None
    failed: Effect | None = None
    answered: Effect | None = None


@dataclass(frozen=True, kw_only=True)
class SigningIn(State):
    """Step 1.

    ``prefilled`` offers a token per deployment (the demo's invented ones), to be sent nowhere but to
    ``answers.base_url``; ``names`` the account and instance that go with it. ``forward`` is the step that the sign-in
    in use has led to, for going on without signing in again. ``opening`` is true while a profile signs in by itself.
    ``interrupted`` is what the person was at when a new sign-in was asked for; it goes on afterwards.
    """

    prefilled: Mapping[str, Secret] = field(default_factory=dict[str, "Secret"])
    names: Mapping[str, tuple[str, str]] = field(default_factory=dict[str, tuple[str, str]])
    forward: State | None = None
    opening: bool = False
    interrupted: State | None = None
    redirect_uri: str = ""
    """The loopback address that the application of the browser sign-in has to have registered."""
