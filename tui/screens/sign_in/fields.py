"""Which ways in each kind of server offers, which fields each way has, and what is said about it. Data and rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from textual.binding import Binding
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import Input, Label, Static

from tui.widgets.one_of import OneOf
from tui.widgets.secret_input import SecretInput

if TYPE_CHECKING:
    from textual.widget import Widget

    from tui.api.deployments import Deployment
    from tui.flow.state import Answers, SigningIn


@dataclass(frozen=True, slots=True)
class WayIn:
    """One way to sign in: its short title, its fields by name, and the one that is typed into first."""

    key: str
    title: str
    fields: tuple[str, ...]

    @property
    def first(self) -> str:
        """The field to go to: the first one, or the choice among the ways where there is none."""
        return self.fields[0] if self.fields else "way"


TOKEN: Final = WayIn("token", "Paste a token", ("token",))
BROWSER_2019: Final = WayIn("browser", "Browser", ())
BROWSER: Final = WayIn("browser", "Browser", ("client-id", "client-secret", "scopes"))
APPLICATION: Final = WayIn("application", "Application", ("client-id", "client-secret", "scopes"))
PASSWORD: Final = WayIn("password", "Password", ("user", "password"))
FIELDS: Final = ("token", "client-id", "client-secret", "scopes", "user", "password")
"""Every field that some way has."""
NAMES: Final = ("organization", "tenant")
"""The fields that name where to; an address or a token may hold them."""
SECRET_FIELDS: Final = ("token", "client-secret", "password")
CONSENT: Final = "file"
"""The place of secrets that has to be agreed to, and the word that does."""
FIELD_KEYS: Final = tuple(
    Binding(
        key,
        f"app.focus_{which}",
        f"{which.title()} field",
        show=False,
        priority=True,
        system=True,
        id=f"sign_in.{which}",
        tooltip=f"Go to the {which} field",
    )
    for key, which in (("tab", "next"), ("shift+tab", "previous"))
)
"""Done before a field gets the next key: a password manager types user, Tab and password in one go."""


def ways_of(place: Deployment) -> tuple[WayIn, ...]:
    """Return the ways in, the most usual first."""
    if place.is_2019:
        return (TOKEN, BROWSER_2019)
    ways = (TOKEN, BROWSER, APPLICATION)
    return (*ways, PASSWORD) if place.needs_base_url else ways


def shown_fields(kind: Deployment, way: WayIn, *, address: bool, keeps: bool, consents: bool) -> dict[str, bool]:
    """Return which fields are shown for ``kind`` and ``way``.

    ``address`` when one is typed or asked for, ``keeps`` when the sign-in can be kept, ``consents`` when in a file.
    """
    return {name: name in way.fields for name in FIELDS} | {
        "address": kind.needs_base_url or address,
        "organization": not kind.is_2019 and kind.uses_path,
        "tenant": not kind.is_2019,
        "keep": keeps,
        "save-as": keeps,
        "consent": keeps and consents,
    }


def explanation(way: WayIn, redirect_uri: str) -> str:
    """Return what to know before the fields of ``way`` are filled in; ``""`` for a token, which is read instead."""
    if way is BROWSER_2019:
        return "Enter shows UiPath's sign-in page of 2019. It ends on an address that you paste back here."
    if way is BROWSER:
        return (
            f"Your own external application (Admin › External applications), with user scopes and the redirect "
            f"address {redirect_uri}. Enter opens the sign-in page; a secret only if it is confidential."
        )
    if way is APPLICATION:
        return (
            "A confidential external application with application scopes; it signs in by itself, and starts jobs as "
            "itself."
        )
    if way is PASSWORD:
        return "User and password of the server itself; since 2021.10 for administrators of the host only."
    return ""


def field(name: str, title: str, widget: Widget) -> Horizontal:
    """Return a labelled field."""
    return Horizontal(Label(title, markup=False), widget, id=f"{name}-row", classes="field")


def field_row(name: str, title: str, placeholder: str, value: str = "") -> Horizontal:
    """Return a labelled text field."""
    return field(name, title, Input(value, placeholder=placeholder, compact=True, id=name))


def is_seen(widget: Widget | None) -> bool:
    """Tell whether ``widget`` is there, and neither it nor what it lies in is hidden."""
    return widget is not None and all(each.display for each in widget.ancestors_with_self)


def way_rows(answers: Answers, scopes: str) -> list[Widget]:
    """Return the fields of every way but the token; ``scopes`` are those that are needed."""
    return [
        field_row("client-id", "Client id", "the application's id", answers.client_id),
        field("client-secret", "Client secret", SecretInput("it stays hidden", id="client-secret")),
        field_row("scopes", "Scopes", scopes, answers.scopes),
        field_row("user", "User", "user name or e-mail address"),
        field("password", "Password", SecretInput("it stays hidden", id="password")),
    ]


def place_rows(answers: Answers) -> list[Widget]:
    """Return where, which organization and tenant, and where the secret is kept."""
    return [
        field_row("address", "Address", "https://orchestrator.example.com", answers.base_url),
        field_row("organization", "Organization", "optional: as in cloud.uipath.com/ORGANIZATION/tenant"),
        field_row("tenant", "Tenant", "optional: as in cloud.uipath.com/organization/TENANT"),
        field("keep", "Keep it in", OneOf(id="keep")),
        Static(id="keep-note", markup=False),
        field_row("consent", "Type file", "to agree: the file is not encrypted; only your user can read it"),
        field_row("save-as", "Profile", "a name, such as default", answers.save_as),
    ]


def opening_text(state: SigningIn) -> Content:
    """Return what is being opened, while it signs in by itself."""
    profile = state.answers.profile
    if profile is None or not profile.name:
        return Content.styled("Signing in with what the environment holds", "bold")
    where = " / ".join(name for name in (profile.account_name or profile.account, profile.instance) if name)
    lines = [Content.styled(f"Opening profile {profile.name}", "bold")]
    lines += [Content(line) for line in (profile.who, where, profile.folder_path) if line]
    return Content("\n").join(lines)
