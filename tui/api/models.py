"""Frozen models of what the server sends. Owns the text boundary: every field a person may see is cleaned here.

A name that cleaning changes keeps what the server calls it (see `tui.api.names`): take `raw_of` it to send it back.
Nulls and absent fields become defaults, unknown fields and unknown enum values pass: the service adds both without
notice. Field names: Orchestrator definitions 2019.4 and 20.0; the account calls: UiPath.PowerShell at 3c5a9c3.
Nothing here does I/O.
"""

from typing import Generic, TypeVar, cast

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    model_validator,
)
from pydantic.alias_generators import to_camel, to_pascal

from tui.api.fields import LONG_TEXT as LONG_TEXT
from tui.api.fields import Digest, Moment, RawText, SafeLines
from tui.api.fields import Number as Number
from tui.api.fields import SafeText as SafeText

Row = TypeVar("Row")


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
    """One line a robot logged. ``id`` is 0 on every row in the cloud, so rows are told apart by value.

    ``raw_message`` is the digest of what the robot itself wrote: it tells rows apart that say the same otherwise, and
    is never shown.
    """

    time_stamp: Moment = None
    level: SafeText = ""
    message: SafeLines = ""
    raw_message: Digest = ""
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
