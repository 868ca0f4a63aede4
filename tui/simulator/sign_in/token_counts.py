"""Owns what is counted at the token endpoints, and how the counts are said. Standard library only."""

from collections import Counter
from dataclasses import dataclass, field

GRANTS = ("authorization_code", "refresh_token", "client_credentials", "password")
OTHER = "other"


@dataclass(slots=True)
class TokenCounts:
    """Token calls since the start. One event loop writes; tests may read from another thread.

    ``calls`` has every call by grant (`GRANTS`, or `OTHER` for what the service does not know), refused ones included;
    ``refused`` the refusals by OAuth's error word. ``reuse_detections`` counts refresh tokens that came a second time,
    ``code_reuses`` authorization codes that did.
    """

    calls: Counter[str] = field(default_factory=Counter[str])
    refused: Counter[str] = field(default_factory=Counter[str])
    reuse_detections: int = 0
    code_reuses: int = 0

    def note_call(self, grant: str | None) -> None:
        """Count one token call."""
        self.calls[grant if grant in GRANTS else OTHER] += 1

    def note_refusal(self, error: str) -> None:
        """Count one refusal."""
        self.refused[error] += 1

    def text(self) -> str:
        """Return the counts as one line, ``""`` when nobody asked for a token."""
        if not self.calls:
            return ""
        calls = ", ".join(f"{name} {self.calls[name]}" for name in (*GRANTS, OTHER) if self.calls[name])
        return f"Token calls: {calls}; refused: {self.refused.total()}; refresh tokens reused: {self.reuse_detections}"
