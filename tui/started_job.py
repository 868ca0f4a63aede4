"""A job that was started from this computer, as it is remembered from one session to the next. Types only.

Where, what and when, and the state seen last: never inputs or outputs.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from tui.flow.outcome import is_final

if TYPE_CHECKING:
    from datetime import datetime

GONE: Final = "Gone"
"""In the place of a state: the server no longer knows the job."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StartedJob:
    """One job. ``place`` names server and tenant, ``folder_…`` the folder where the server has folders.

    Names are as `tui.api.names.clean_name` gives them. ``state`` is the server's word when it was seen last.
    """

    place: str
    id: int
    key: str = ""
    release_key: str = ""
    release_name: str = ""
    folder_id: int = 0
    folder_key: str = ""
    folder_path: str = ""
    started_at: datetime
    state: str = ""

    @property
    def over(self) -> bool:
        """Whether looking for the job again brings nothing."""
        return is_final(self.state) or self.state == GONE
