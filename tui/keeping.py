"""Where a secret may live, in words for people and in the profile file. Standard library only."""

from enum import StrEnum


class Keeping(StrEnum):
    """Where the secret of a sign-in lives. Only the first two outlive the session."""

    KEY_STORE = "key-store"
    FILE = "file"
    SESSION = "session"
    ENVIRONMENT = "environment"

    @property
    def lasts(self) -> bool:
        """Whether the secret is still there at the next start."""
        return self in (Keeping.KEY_STORE, Keeping.FILE)
