"""Frozen models of what the server sends. Owns the text boundary: every field a person may see is cleaned here.

A name that cleaning changes keeps what the server calls it (see `tui.api.names`): take `raw_of` it to send it back.
Nulls and absent fields become defaults, unknown fields and unknown enum values pass: the service adds both without
notice. Field names: Orchestrator definitions 2019.4 and 20.0; the account calls: UiPath.PowerShell at 3c5a9c3.
Nothing here does I/O.
"""

from datetime import UTC, datetime
from typing import Annotated, Final, Generic, TypeVar, cast

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidatorFunctionWrapHandler,
    WrapValidator,
    model_validator,
)
from pydantic.alias_generators import to_camel, to_pascal

from tui.api.names import clean_name, raw_of
from tui.text import clean, without_colours

LONG_TEXT: Final = 64_000
_YEARS: Final = range(1900, 9001)
"""Outside these a time is a server's word for none, and no time zone's offset may lead out of what Python counts."""

Row = TypeVar("Row")


def _many_lines(value: str) -> str:
    return clean(without_colours(value), multiline=True, limit=LONG_TEXT)


def _utc_or_none(value: object, parse: ValidatorFunctionWrapHandler) -> datetime | None:
    try:
        moment = cast("datetime | None", parse(value))
    except ValueError:
        return None
    if moment is None or moment.year not in _YEARS:
        return None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def _text_of(value: object) -> object:
    """Admit numbers and booleans where text is promised; servers of different years disagree on a few."""
    if isinstance(value, str):
        return raw_of(value)
    return str(value) if isinstance(value, (int, float)) else value


def _no_boolean(value: object) -> object:
    if isinstance(value, bool):
        raise ValueError("true and false are no numbers")
    return value


Number = Annotated[int, BeforeValidator(_no_boolean)]
"""A whole number. ``true`` is none, though Python takes it for 1: there may be a job 1."""
SafeText = Annotated[str, BeforeValidator(_text_of), AfterValidator(clean_name)]
"""One line, harmless to a terminal; `raw_of` gives what the server sent."""
SafeLines = Annotated[str, BeforeValidator(_text_of), AfterValidator(_many_lines)]
"""Several lines, harmless to a terminal, colour sequences dropped."""
RawText = Annotated[str, BeforeValidator(_text_of)]
"""Exactly what the server sent, because it is sent back or parsed. Never shown without `clean`."""
Moment = Annotated[datetime | None, WrapValidator(_utc_or_none)]
"""A time in UTC; ``None`` for an empty, unreadable or impossible one, which must not hide the rest of an answer."""


class Wire(BaseModel):
    """Base of every model: frozen, unknown fields ignored, null means the default."""

    model_config = ConfigDict(
        frozen=True, extra="ignore", defer_build=True, populate_by_name=True, hide_input_in_errors=True
    )

    @model_validator(mode="before")
    @classmethod
    def _null_is_default(cls, data: object) -> object:
        if not isinstance(data, dict):
            return data
        return {name: value for name, value in cast("dict[str, object]", data).items() if value is not None}


class ODataModel(Wire):
    """PascalCase names, as every OData answer has."""

    model_config = ConfigDict(alias_generator=to_pascal)


class CamelModel(Wire):
    """camelCase names, as the account, identity and portal answers have."""

    model_config = ConfigDict(alias_generator=to_camel)


class Account(CamelModel):
    """An account (today: organization) of ``getAccountsForUser``."""

    account_name: SafeText = ""
    account_logical_name: SafeText = ""

    @property
    def name(self) -> str:
        """The display name, or the logical one where there is none."""
        return self.account_name or self.account_logical_name


class AccountsForUser(CamelModel):
    """The whole answer of ``getAccountsForUser``."""

    user_email: SafeText = ""
    accounts: tuple[Account, ...] = ()


class ServiceInstance(CamelModel):
    """A service instance (today: tenant). ``service_url`` may be empty."""

    service_instance_name: SafeText = ""
    service_instance_logical_name: SafeText = ""
    service_type: SafeText = ""
    service_url: SafeText = ""
    service_state: SafeText = ""

    @property
    def name(self) -> str:
        """The display name, or the logical one where there is none."""
        return self.service_instance_name or self.service_instance_logical_name

    @property
    def logical_name(self) -> str:
        """The name whose raw form goes into addresses and ``X-UIPATH-TenantName``."""
        return self.service_instance_logical_name


class Folder(ODataModel):
    """A folder. The key is stable; the numeric id changes with the licence plan."""

    id: Number = 0
    key: SafeText = ""
    display_name: SafeText = ""
    fully_qualified_name: SafeText = ""
    description: SafeText = ""
    folder_type: SafeText = ""
    parent_id: Number | None = None

    @property
    def path(self) -> str:
        """The full path, ``Finance/Invoices``."""
        return self.fully_qualified_name or self.display_name


class ReleaseArguments(ODataModel):
    """The declared arguments: two JSON texts, each a list, or nothing."""

    input: RawText = ""
    output: RawText = ""


class Release(ODataModel):
    """A release (today's user interface says process)."""

    id: Number = 0
    key: SafeText = ""
    name: SafeText = ""
    process_key: SafeText = ""
    process_version: SafeText = ""
    is_latest_version: bool = True
    is_process_deleted: bool = False
    description: SafeLines = ""
    environment_id: Number | None = None
    environment_name: SafeText = ""
    input_arguments: RawText = ""
    arguments: ReleaseArguments = ReleaseArguments()
    process_type: SafeText = ""
    requires_user_interaction: bool = False
    is_attended: bool = False
    job_priority: SafeText = ""
    entry_point_path: SafeText = ""
    organization_unit_id: Number | None = None
    organization_unit_fully_qualified_name: SafeText = ""
    creation_time: Moment = None


class Job(ODataModel):
    """A job. ``state`` is the server's word, known or not; ``info`` the server's explanation."""

    id: Number = 0
    key: SafeText = ""
    state: SafeText = ""
    sub_state: SafeText = ""
    info: SafeLines = ""
    release_name: SafeText = ""
    creation_time: Moment = None
    start_time: Moment = None
    end_time: Moment = None
    host_machine_name: SafeText = ""
    type: SafeText = ""
    source: SafeText = ""
    source_type: SafeText = ""
    job_priority: SafeText = ""
    runtime_type: SafeText = ""
    batch_execution_key: SafeText = ""
    input_arguments: RawText = ""
    output_arguments: RawText = ""
    reference: SafeText = ""
    error_code: SafeText = ""
    has_media_recorded: bool = False
    organization_unit_id: Number | None = None


class RobotLog(ODataModel):
    """One line a robot logged. ``id`` is 0 on every row in the cloud, so rows are told apart by value."""

    time_stamp: Moment = None
    level: SafeText = ""
    message: SafeLines = ""
    robot_name: SafeText = ""
    host_machine_name: SafeText = ""
    job_key: SafeText = ""


class Robot(ODataModel):
    """A robot that the strategy Specific may name."""

    id: Number = 0
    name: SafeText = ""
    machine_name: SafeText = ""
    type: SafeText = ""
    robot_environments: SafeText = ""

    @property
    def environments(self) -> tuple[str, ...]:
        """The names of the environments that it is in, none where the server does not say."""
        return tuple(name for part in self.robot_environments.split(",") if (name := part.strip()))


class Candidate(Job):
    """A job that may be of a start without an answer; ``robot`` where it was asked for."""

    robot: Robot = Robot()


class ValidationResult(ODataModel):
    """The answer of ValidateDynamicJob and ValidateExistingJob."""

    is_valid: bool = True
    errors: tuple[SafeText, ...] = ()
    error_codes: tuple[SafeText, ...] = ()


class Page(Wire, Generic[Row]):
    """One page of a list. ``count`` is the number of all matches, ``None`` when the server did not say."""

    value: tuple[Row, ...] = ()
    count: Number | None = Field(default=None, alias="@odata.count")


class TokenAnswer(Wire):
    """The token endpoint's answer (names as on the wire, ``hide_input_in_errors`` keeps values out of errors)."""

    access_token: str = ""
    refresh_token: str = ""
    id_token: str = ""
    expires_in: float | None = None
    token_type: str = ""
    scope: SafeText = ""

    def __repr__(self) -> str:
        return f"TokenAnswer(expires_in={self.expires_in})"

    __str__ = __repr__


class Organization(CamelModel):
    """The organization of ``tenantsAndOrganizationInfo`` (uipath-python ``portal.py``)."""

    id: SafeText = ""
    name: SafeText = ""


class Tenant(CamelModel):
    """A tenant of ``tenantsAndOrganizationInfo``."""

    id: SafeText = ""
    name: SafeText = ""


class TenantsAndOrganization(CamelModel):
    """The whole answer of ``tenantsAndOrganizationInfo``."""

    tenants: tuple[Tenant, ...] = ()
    organization: Organization = Organization()
