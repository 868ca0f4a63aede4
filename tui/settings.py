"""Settings: a TOML file and ``UIPATH_TUI_*`` environment variables, the environment winning. Holds no secret."""

from __future__ import annotations

import os
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Any, Final, cast

from tui.errors import Exit, Failure, UsageError

if TYPE_CHECKING:
    import argparse
    from collections.abc import Mapping
    from pathlib import Path

PREFIX: Final = "UIPATH_TUI_"
FORMS: Final = ("auto", "path", "root")
OPENING: Final = ("auto", "never")
LOG: Final = ("on", "off")
PROGRESS: Final = ("auto", "on", "off")
THEMES: Final = ("uipath-dark", "uipath-light")
ARGUMENTS: Final = ("show", "hide")
NUMBERS: Final = ("log_days", "log_megabytes")
TABLES: Final = ("correlation",)
MOST: Final = 1_000_000
"""The largest number that a setting may have."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What a person may set for good.

    ``deployment`` is a key of `tui.api.deployments.DEPLOYMENTS`; ``base_url`` points it at another host; ``client_id``
    replaces its public application id; ``address_form`` chooses between ``/{account}/{instance}/odata`` (path) and
    ``/odata`` (root) on the 2019 platform, ``auto`` tries both; ``theme`` is one of `THEMES`. ``redirect_uri``
    is the loopback address that the application of the browser sign-in has registered; ``open_browser`` is ``auto`` or
    ``never``. ``log`` is ``on`` to keep the log of each session on this computer, for ``log_days`` days and within
    ``log_megabytes``, or ``off``; ``log_arguments`` is ``hide`` to keep the values of input and output arguments out
    of it. ``announce_title``, ``announce_bell`` and ``announce_notification`` are ``on`` or ``off``;
    ``announce_progress`` is ``auto`` to tell the state to terminals that are known to show it.
    """

    deployment: str = "automation-cloud"
    base_url: str = ""
    client_id: str = ""
    address_form: str = "auto"
    theme: str = THEMES[0]
    redirect_uri: str = "http://127.0.0.1:8765/"
    open_browser: str = "auto"
    log: str = "on"
    log_days: int = 30
    log_megabytes: int = 500
    log_arguments: str = "show"
    announce_title: str = "on"
    announce_bell: str = "on"
    announce_notification: str = "on"
    announce_progress: str = "auto"
    correlation: tuple[tuple[str, str], ...] = ()
    """Release (key or name) → the input argument that carries the mark of its starts. In the file alone, as a table."""


NAMES: Final = tuple(field.name for field in fields(Settings))


def load(path: Path, environment: Mapping[str, str] = os.environ) -> Settings:
    """Read the settings. Raises `UsageError` for a file that isn't TOML, an unknown name or a wrong type."""
    in_file = _from_file(path)
    carriers = _carriers(path, in_file.pop("correlation", {}))
    values: dict[str, str] = in_file | _from_environment(environment)
    texts = {name: value for name, value in values.items() if name not in NUMBERS}
    numbers = {name: _number(name, value) for name, value in values.items() if name in NUMBERS}
    settings = replace(Settings(), correlation=carriers, **texts, **numbers)
    choices = {"address_form": FORMS, "open_browser": OPENING, "log": LOG, "log_arguments": ARGUMENTS}
    choices |= {f"announce_{name}": LOG for name in ("title", "bell", "notification")}
    choices |= {"announce_progress": PROGRESS, "theme": THEMES}
    for name, possible in choices.items():
        if (value := str(getattr(settings, name))) not in possible:
            raise _wrong(f"{name} is “{value}”", f"Use one of {', '.join(possible)}.")
    return settings


def _number(name: str, value: str) -> int:
    if not (value.isascii() and value.isdecimal() and 0 < int(value[:9]) <= MOST):
        raise _wrong(f"{name} is “{value[:40]}”", f"Use a whole number from 1 to {MOST}.")
    return int(value)


def with_options(settings: Settings, arguments: argparse.Namespace) -> Settings:
    """Return ``settings`` with the place that a command line names."""
    names = ("deployment", "base_url", "address_form")
    return replace(settings, **{name: value for name in names if (value := getattr(arguments, name, ""))})


def _from_environment(environment: Mapping[str, str]) -> dict[str, str]:
    names = (name for name in NAMES if name not in TABLES)
    return {name: value for name in names if (value := environment.get(PREFIX + name.upper(), "").strip())}


def _carriers(path: Path, table: Any) -> tuple[tuple[str, str], ...]:
    """Return the table of releases and arguments. Raises `UsageError` for what is none."""
    rows = cast("dict[str, object]", table) if isinstance(table, dict) else {"": None}
    if not all(release and isinstance(argument, str) and argument for release, argument in rows.items()):
        raise _wrong(
            f"{path} sets “correlation” to something that is no table of releases and arguments",
            'Write [correlation] and below it a line for each release: "Release name or key" = "in_Argument".',
        )
    return tuple((release.strip(), str(argument).strip()) for release, argument in rows.items())


def _from_file(path: Path) -> dict[str, Any]:
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
        if name in NUMBERS and isinstance(value, int) and not isinstance(value, bool):
            table[name] = str(value)
        elif name not in TABLES and not isinstance(value, str):
            raise _wrong(f"{path} sets “{name}” to something that is not text", 'Write it in quotes: name = "value".')
    return table


def _wrong(cause: str, next_step: str) -> UsageError:
    return UsageError(Failure("The settings can't be used", cause, next_step, exit=Exit.USAGE))
