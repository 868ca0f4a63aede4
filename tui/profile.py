"""A profile: the answers of one setup, kept by name. Holds no secret. Standard library only."""

from dataclasses import dataclass
from typing import Final

from tui.keeping import Keeping

DEFAULT_NAME: Final = "default"


@dataclass(frozen=True, slots=True)
class Profile:
    """What a person may read and edit in the profile file; every text may be empty.

    ``account`` and ``instance`` are logical names, the ``…_name`` beside them what people see. ``folder_key`` and
    ``folder_path`` say which folder; the numeric id is never kept, because it changes. ``release_key`` is that of the
    last release. ``way`` is how the sign-in was made, ``who`` and ``fingerprint`` who and what signed in,
    ``organization_id`` which organization the tokens say they are of.
    ``credential`` names the kept secret in the place that ``keeping`` says. ``production`` marks what must be asked
    about once more before a start.
    """

    name: str = DEFAULT_NAME
    deployment: str = "automation-cloud"
    base_url: str = ""
    client_id: str = ""
    scopes: str = ""
    way: str = ""
    who: str = ""
    fingerprint: str = ""
    organization_id: str = ""
    account: str = ""
    account_name: str = ""
    instance: str = ""
    instance_name: str = ""
    folder_key: str = ""
    folder_path: str = ""
    release_key: str = ""
    release_name: str = ""
    production: bool = False
    keeping: Keeping = Keeping.SESSION
    credential: str = ""


@dataclass(frozen=True, slots=True)
class ProfileBook:
    """Every profile by name; ``current`` opens without asking; ``unfinished`` is a setup that was left half-way."""

    profiles: tuple[Profile, ...] = ()
    current: str = ""
    unfinished: Profile | None = None

    def named(self, name: str) -> Profile | None:
        """Return the profile called ``name``, ``None`` for none."""
        return next((profile for profile in self.profiles if profile.name == name), None)
