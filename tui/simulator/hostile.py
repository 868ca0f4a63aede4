"""Owns texts that attack whoever shows them: terminal escapes, markup, bidirectional overrides, broken words."""

import json
from collections.abc import Callable
from typing import Any, cast
from zlib import crc32

from tui.simulator.wire import Row

HUGE_WORD = "W" * 300_000
PAYLOADS: tuple[str, ...] = (
    "\x1b]0;OWNED-TITLE\x07",
    "\x1b]52;c;cm0gLXJmIH4=\x07",
    "\x1b[2J\x1b[H\x1b[31mred",
    "\x9b31mC1\x9b0m\x9d0;C1-TITLE\x9c",
    "[/x]",
    "[@click=app.quit]x[/]",
    "[bold red]not markup[/bold red] [b",
    ":skull: \\[escaped]",
    "\u202egnp.exe\u202c \u2066isolate",
    "lone \ud800 surrogate \udfff",
    "\x1b]8;;http://127.0.0.1/\x1b\\link",
    "\x1bPq#0;2;0;0;0\x1b",
    "line one\r\nline two\tand a tab\x00\x08\x08\x7f",
    "a\u0301\u0301\u0301\u0301 \u200b\ufeff 👩‍👩‍👧‍👦 ﷽",
)
_UNTOUCHED = frozenset(
    {
        *("State", "Type", "SourceType", "Source", "HostingType", "CredentialType", "ProvisionType", "RuntimeType"),
        *("ProcessType", "TargetFramework", "FolderType", "Level", "InputArguments"),
        *("UniqueId", "JobPriority", "StopStrategy", "RobotSize", "RemoteControlAccess"),
        *("PermissionModel", "FeedType", "Reference", "Scope", "AutomationType", "Status", "MaintenanceMode"),
        *("MachineType", "MachineScope", "Platform", "EndpointDetection", "id", "serviceType", "serviceState"),
        *("accountLogicalName", "serviceInstanceLogicalName", "serviceUrl", "ErrorCodes", "timestamp", "ReportingTime"),
        *("RuntimeType", "TimeStamp", "LicenseKey", "TenantKey"),
    }
)
_HUGE = frozenset({"Info", "Message", "accountName"})


def _tainted_names(text: str) -> str:
    """Attack the argument names inside ``Arguments.Input``, which stays a JSON string of a list."""
    entries: list[Row] = json.loads(text)
    return json.dumps([{**entry, "name": tainted_text("name", str(entry["name"]))} for entry in entries])


def _tainted_members(text: str) -> str:
    """Add a member that attacks to a job's outputs; an entry point's are a list of arguments."""
    members: Row | list[Row] = json.loads(text)
    return _tainted_names(text) if isinstance(members, list) else json.dumps({**members, PAYLOADS[0]: list(PAYLOADS)})


def _tainted_defaults(text: str) -> str:
    """Give a release's defaults the names that its arguments have in the same row."""
    values: Row = json.loads(text)
    return json.dumps({tainted_text("name", name): value for name, value in values.items()})


_JSON_STRINGS: dict[str, Callable[[str], str]] = {
    "Input": _tainted_names,
    "Output": _tainted_names,
    "OutputArguments": _tainted_members,
    "RawMessage": lambda text: text[: len(text) // 2] + PAYLOADS[0],
}
"""JSON inside a string: a broken RawMessage, whole arguments (the service would not keep broken ones)."""


def tainted(row: Row) -> Row:
    """Return ``row`` with a payload in every text a person would read; keys, enumerations and times stay usable."""
    attacked = {name: _taint(name, value) for name, value in row.items()}
    if "Arguments" in row and isinstance(row.get("InputArguments"), str):
        attacked["InputArguments"] = _tainted_defaults(row["InputArguments"])
    return attacked


def tainted_text(name: str, text: str) -> str:
    """Return ``text`` with one payload; the same one for the same text."""
    digest = crc32(f"{name}/{text}".encode(errors="surrogatepass"))
    payload = PAYLOADS[digest % len(PAYLOADS)]
    if name in _HUGE and digest % 5 == 0:
        payload += HUGE_WORD
    return f"{payload} {text} {payload[:4]}" if digest % 2 else f"{text} {payload}"


def _taint(name: str, value: Any) -> Any:
    if isinstance(value, dict):
        return tainted(cast("Row", value))
    if isinstance(value, list):
        return [_taint(name, member) for member in cast("list[Any]", value)]
    if name in _JSON_STRINGS and isinstance(value, str):
        return _JSON_STRINGS[name](value)
    keep = name in _UNTOUCHED or (name.endswith(("Key", "Time", "Id")) and name != "ProcessKey")
    if keep or not isinstance(value, str):
        return value
    return tainted_text(name, value)
