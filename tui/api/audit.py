"""Who started which jobs, as the server's audit log has it. Needs Audit.View; whoever lacks it learns nothing.

Names: ``AuditLogDto`` of the Orchestrator definitions 2019.4 and 20.0. Its enumerations are compared here rather than
by the server, which spells them differently from version to version.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from pydantic import TypeAdapter

from tui.api.caller import PAGE_SIZE, Caller
from tui.api.fields import Moment
from tui.api.models import Number, ODataModel, Page, SafeText
from tui.api.names import raw_of
from tui.api.odata import address, moment
from tui.errors import UiPathTuiError
from tui.exchanges.model import Purpose

if TYPE_CHECKING:
    from datetime import datetime

_CURRENT_USER: Final = "/odata/Users/UiPath.Server.Configuration.OData.GetCurrentUser()"
_DOING: Final = "read who started the job"


class AuditRow(ODataModel):
    """One thing that somebody did."""

    execution_time: Moment = None
    action: SafeText = ""
    component: SafeText = ""
    entity_id: Number = 0
    user_name: SafeText = ""
    user_id: Number = 0


class CurrentUser(ODataModel):
    """Who is signed in, as the tenant knows them."""

    user_name: SafeText = ""
    id: Number = 0


@dataclass(frozen=True, slots=True)
class Starters:
    """The ids of jobs that, by the audit log, the person who is signed in started, and those of everybody else."""

    ours: frozenset[int]
    others: frozenset[int]


_ROWS: Final = TypeAdapter(Page[AuditRow])
_USER: Final = TypeAdapter(CurrentUser)


async def starters(caller: Caller, since: "datetime", until: "datetime") -> Starters | None:
    """Return who started the jobs of that time, ``None`` where the server does not tell, or not everything."""
    within = f"ExecutionTime ge {moment(since)} and ExecutionTime le {moment(until + timedelta(seconds=1))}"
    url = address(caller.base, "/odata/AuditLogs", filter=within, orderby="Id desc", top=PAGE_SIZE)
    try:
        rows = (await caller.get(url, _ROWS, Purpose.WATCH, _DOING)).value
        if not rows or len(rows) >= PAGE_SIZE:
            return None
        user = await caller.get(f"{caller.base}{_CURRENT_USER}", _USER, Purpose.WATCH, _DOING)
    except UiPathTuiError:
        return None
    if not user.user_name:
        return None
    starts = [row for row in rows if row.entity_id and _is_start(row)]
    ours = frozenset(row.entity_id for row in starts if _by(row, user))
    others = frozenset(row.entity_id for row in starts if not _by(row, user))
    return Starters(ours - others, others)


def _is_start(row: AuditRow) -> bool:
    return row.action.casefold() == "startjob" and row.component.casefold() == "jobs"


def _by(row: AuditRow, user: CurrentUser) -> bool:
    same_name = raw_of(row.user_name).casefold() == raw_of(user.user_name).casefold()
    return same_name and user.id == (row.user_id or user.id)
