"""Settings: a TOML file and ``UIPATH_TUI_*`` environment variables, the environment winning. Holds no secret."""

from __future__ import annotations

import os
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Final

from tui.errors import Exit, Failure, UsageError

if TYPE_CHECKING:
    import argparse
    from collections.abc import Mapping
    from pathlib import Path

PREFIX: Final = "UIPATH_TUI_"
FORMS: Final = ("auto", "path", "root")
OPENING: Final = ("auto", "never")


@dataclass(frozen=True, slots=True)
class Settings:
    """What a person may set for good.

    ``deployment`` is a key of `tui.api.deployments.DEPLOYMENTS`; ``base_url`` points it at another host; ``client_id``
    replaces its public application id; ``address_form`` chooses between ``/{account}/{instance}/odata`` (path) and
    ``/odata`` (root) on the 2019 platform, ``auto`` tries both; ``theme`` is a name from the palette. ``redirect_uri``
    is the loopback address that the application of the browser sign-in has registered; ``open_browser`` is ``auto`` or
    ``never``.
    """

    deployment: str = "automation-cloud"
    base_url: str = ""
    client_id: str = ""
    address_form: str = "auto"
    theme: str = ""
    redirect_uri: str = "http://127.0.0.1:8765/"
    open_browser: str = "auto"


NAMES: Final = tuple(field.name for field in fields(Settings))


def load(path: Path, environment: Mapping[str, str] = os.environ) -> Settings:
    """Read the settings. Raises `UsageError` for a file that isn't TOML, an unknown name or a wrong type."""
    values = _from_file(path) | _from_environment(environment)
    settings = Settings(**values)
    if settings.address_form not in FORMS:
        raise _wrong(f"address_form is “{settings.address_form}”", f"Use one of {', '.join(FORMS)}.")
    if settings.open_browser not in OPENING:
        raise _wrong(f"open_browser is “{settings.open_browser}”", f"Use one of {', '.join(OPENING)}.")
    return settings


def with_options(settings: Settings, arguments: argparse.Namespace) -> Settings:
    """Return ``settings`` with the place that a command line names."""
    names = ("deployment", "base_url", "address_form")
    return replace(settings, **{name: value for name in names if (value := getattr(arguments, name, ""))})


def _from_environment(environment: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name in NAMES if (value := environment.get(PREFIX + name.upper(), "").strip())}


def _from_file(path: Path) -> dict[str, str]:
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise _wrong(f"{path} can't be read ({error.strerror})", "Check its permissions.") from error
    import tomllib

    try:
        table = tomllib.loads(content.decode("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise _wrong(f"{path} is not TOML ({error})", "Correct the line it names.") from error
    for name, value in table.items():
        if name not in NAMES:
            raise _wrong(f"{path} sets “{name}”, which does not exist", f"The names are {', '.join(NAMES)}.")
        if not isinstance(value, str):
            raise _wrong(f"{path} sets “{name}” to something that is not text", 'Write it in quotes: name = "value".')
    return table


def _wrong(cause: str, next_step: str) -> UsageError:
    return UsageError(Failure("The settings can't be used", cause, next_step, exit=Exit.USAGE))
