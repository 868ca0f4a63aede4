"""The environment variables that sign in without typing. Reads and removes them; standard library only.

``UIPATH_TUI_TOKEN`` is this program's own and wins. The others are the names that UiPath's tools read:
uipath-python (``packages/uipath-platform/src/uipath/platform/common/constants.py``): ``UIPATH_URL``,
``UNATTENDED_USER_ACCESS_TOKEN``, ``UIPATH_ACCESS_TOKEN``, ``UIPATH_FOLDER_KEY``, ``UIPATH_FOLDER_PATH``; uipathcli
(``README.md``, global arguments): ``UIPATH_PAT``, ``UIPATH_CLIENT_ID``, ``UIPATH_CLIENT_SECRET``, ``UIPATH_URI``,
``UIPATH_IDENTITY_URI``, ``UIPATH_ORGANIZATION``, ``UIPATH_TENANT``.

A secret is taken out of the environment whether it is used or not, so that no child process inherits it.
"""

from collections.abc import MutableMapping
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import unquote, urlsplit

from tui.api.addresses import checked_base_url, origin
from tui.api.deployments import DEFAULT, DEPLOYMENTS
from tui.api.guids import is_guid
from tui.api.sign_in.token_set import NOTHING, Application
from tui.errors import UsageError
from tui.secret import Secret

TOKEN: Final = "UIPATH_TUI_TOKEN"  # noqa: S105 - a name, not a secret
TOKENS: Final = (TOKEN, "UNATTENDED_USER_ACCESS_TOKEN", "UIPATH_ACCESS_TOKEN", "UIPATH_PAT")
"""The variables that hold a token, the one that wins first; among the others the order is uipath-python's."""
CLIENT_ID: Final = "UIPATH_CLIENT_ID"
CLIENT_SECRET: Final = "UIPATH_CLIENT_SECRET"  # noqa: S105 - a name, not a secret
SECRETS: Final = (*TOKENS, CLIENT_SECRET)
_URLS: Final = ("UIPATH_URL", "UIPATH_URI")
_IDENTITY: Final = "UIPATH_IDENTITY_URI"
_OWN: Final = "UIPATH_TUI_"
_CLOUDS: Final = frozenset({"cloud.uipath.com", "staging.uipath.com", "alpha.uipath.com", "govcloud.uipath.us"})
_CLOUD: Final = "https://cloud.uipath.com"
_LONGEST: Final = 100_000
_LONGEST_NAME: Final = 500
_NONE: Final = Application()


@dataclass(frozen=True, slots=True)
class EnvironmentSignIn:
    """What the environment says. Every text may be empty; ``deployment`` is a key of `DEPLOYMENTS`.

    ``token`` or ``application`` signs in. ``names`` are the variables that were used, ``notes`` sentences about those
    that could not be, without their values.
    """

    token: Secret = NOTHING
    application: Application = _NONE
    deployment: str = ""
    base_url: str = ""
    account: str = ""
    instance: str = ""
    folder_key: str = ""
    folder_path: str = ""
    names: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def signs_in(self) -> bool:
        """Whether it holds a token, or an application with its secret."""
        return bool(self.token) or bool(self.application.client_id and self.application.client_secret)


@dataclass(slots=True)
class _Reader:
    environ: MutableMapping[str, str]
    secrets: dict[str, str]
    names: list[str] = field(default_factory=list[str])
    notes: list[str] = field(default_factory=list[str])

    def text(self, *names: str, limit: int = _LONGEST_NAME) -> str:
        """Return the first of ``names`` that has a value that can be used."""
        for name in names:
            value = (self.secrets.get(name) or self.environ.get(name, "")).strip().strip("\"'").strip()
            if not value:
                continue
            # A token may be wrapped over lines, or a whole answer; what it is gets recognised later.
            if len(value) > limit or (name not in TOKENS and not value.isprintable()):
                self.notes.append(f"{name} is ignored: it is too long or holds characters that it can't have.")
                continue
            self.names.append(name)
            return value
        return ""


def take_from(environ: MutableMapping[str, str]) -> EnvironmentSignIn | None:
    """Return what ``environ`` says, its secrets removed from it; ``None`` when it says nothing. Never raises.

    Settings of this program (``UIPATH_TUI_DEPLOYMENT``, ``UIPATH_TUI_BASE_URL``) win over the address of other tools.
    """
    secrets = {name: value for name in SECRETS if (value := environ.pop(name, "")).strip()}
    reader = _Reader(environ, secrets)
    token = Secret(reader.text(*TOKENS, limit=_LONGEST))
    application = _application(reader) if not token else _NONE
    deployment, base_url, account, instance = _place(reader)
    found = EnvironmentSignIn(
        token=token,
        application=application,
        deployment=deployment,
        base_url=base_url,
        account=reader.text("UIPATH_ORGANIZATION") or account,
        instance=reader.text("UIPATH_TENANT") or instance,
        folder_key=_folder_key(reader),
        folder_path=reader.text("UIPATH_FOLDER_PATH"),
        names=tuple(dict.fromkeys(reader.names)),
        notes=tuple(reader.notes),
    )
    return found if found.names or found.notes else None


def _application(reader: _Reader) -> Application:
    client_id, client_secret = reader.text(CLIENT_ID), Secret(reader.text(CLIENT_SECRET, limit=_LONGEST))
    if bool(client_id) == bool(client_secret):
        return Application(client_id, client_secret)
    there, missing = (CLIENT_ID, CLIENT_SECRET) if client_id else (CLIENT_SECRET, CLIENT_ID)
    reader.notes.append(f"{there} is ignored: {missing} is missing.")
    reader.names.remove(there)
    return _NONE


def _place(reader: _Reader) -> tuple[str, str, str, str]:
    """Return deployment key, base address, account and instance that an address names."""
    own = reader.environ.get(f"{_OWN}DEPLOYMENT", "").strip()
    if own or reader.environ.get(f"{_OWN}BASE_URL", "").strip():
        return "", "", "", ""
    address = reader.text(*_URLS, limit=2_000)
    if not address:
        return "", "", "", ""
    name = reader.names[-1]
    try:
        parts = urlsplit(address if "://" in address else f"https://{address}")
        base = checked_base_url(f"{parts.scheme}://{parts.netloc}")
        segments = [unquote(segment) for segment in parts.path.split("/") if segment]
    except (UsageError, ValueError):
        reader.names.remove(name)
        reader.notes.append(f"{name} is ignored: it is not an https address of a server.")
        return "", "", "", ""
    account, instance = _names(segments)
    _check_identity(reader, base)
    if (parts.hostname or "").lower() in _CLOUDS:
        return DEFAULT, "" if base == _CLOUD else base, account, instance
    key = "automation-suite" if account or _says_path(reader) else "standalone"
    return DEPLOYMENTS[key].key, base, account, instance


def _names(segments: list[str]) -> tuple[str, str]:
    """Return organization and tenant: what stands before a service's segment, which ends with an underscore."""
    place = next((at for at, segment in enumerate(segments) if segment.endswith("_")), len(segments))
    named = [
        segment for segment in segments[:place] if segment.isprintable() and segment.lower() not in ("odata", "api")
    ]
    return (named[0], named[1]) if len(named) >= 2 else (named[0], "") if named else ("", "")


def _says_path(reader: _Reader) -> bool:
    """Whether an organization is named elsewhere, as only servers have whose addresses hold it."""
    return bool(reader.environ.get("UIPATH_ORGANIZATION", "").strip())


def _check_identity(reader: _Reader, base: str) -> None:
    identity = reader.environ.get(_IDENTITY, "").strip()
    if identity and origin(identity) != origin(base):
        reader.notes.append(f"{_IDENTITY} is ignored: the sign-in of this program is always on the server itself.")


def _folder_key(reader: _Reader) -> str:
    key = reader.text("UIPATH_FOLDER_KEY")
    if key and not is_guid(key):
        reader.names.remove("UIPATH_FOLDER_KEY")
        reader.notes.append("UIPATH_FOLDER_KEY is ignored: it is not the key of a folder.")
        return ""
    return key
