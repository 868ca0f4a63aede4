"""Requests as the fields of Joget's JSON Tool, named as its dialog names them. Pure.

Fields: JSON URL, Call Type, POST Method, Custom JSON Payload or POST Parameters, Request Headers (Joget's documentation
of the JSON Tool). Secrets are hash variables of the application's environment variables (``#envVariable.NAME#``).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qsl

from tui.exchanges.share.asked import NotCopyableError, Placeholder
from tui.text import clean

if TYPE_CHECKING:
    from tui.exchanges.share.asked import Asked, Pieces

_OF_THE_TOOL: Final = frozenset({"user-agent", "accept-encoding", "host"})
_FORM: Final = "application/x-www-form-urlencoded"


@dataclass(frozen=True, slots=True)
class JsonToolFields:
    """What to type into the dialog; ``payload`` for a custom payload, ``parameters`` for a form, neither for GET."""

    url: str
    call_type: str
    payload: str
    parameters: tuple[tuple[str, str], ...]
    headers: tuple[tuple[str, str], ...]


def json_tool(asked: Asked) -> JsonToolFields:
    """Return the fields. Raises `NotCopyableError` where the tool can't send the request."""
    if asked.method not in ("GET", "POST"):
        raise NotCopyableError("Joget's JSON Tool knows only GET and POST")
    if asked.method == "GET" and asked.has_body:
        raise NotCopyableError("Joget's JSON Tool sends no body with GET")
    is_form = asked.content_type.lower().startswith(_FORM)
    text = _text(asked.body)
    apart = _OF_THE_TOOL | frozenset(("content-type",) if is_form else ())
    return JsonToolFields(
        url=_text(asked.url),
        call_type=asked.method,
        payload="" if is_form else text,
        parameters=tuple(parse_qsl(text, keep_blank_values=True)) if is_form else (),
        headers=tuple((name, _text(value)) for name, value in asked.headers if name.lower() not in apart),
    )


def joget(asked: Asked) -> str:
    """Return the fields as text, one a line. Raises `NotCopyableError`."""
    fields = json_tool(asked)
    lines = [f"JSON URL: {fields.url}", f"Call Type: {fields.call_type}"]
    if fields.parameters:
        lines += ["POST Method: POST Parameters", "POST Parameters:"]
        lines += [f"  {name} = {value}" for name, value in fields.parameters]
    elif fields.call_type == "POST":
        lines += ["POST Method: Custom JSON Payload", "Custom JSON Payload:", fields.payload or "{}"]
    lines.append("Request Headers:")
    lines += [f"  {name} = {value}" for name, value in fields.headers]
    return "\n".join(lines)


def _text(pieces: Pieces) -> str:
    """Return the text to type. Raises `NotCopyableError` for what a dialog can't take."""
    try:
        text = "".join(_hash_variable(each) if isinstance(each, Placeholder) else each.decode() for each in pieces)
    except UnicodeDecodeError:
        raise NotCopyableError("it holds bytes that are no text") from None
    if clean(text, multiline=True, limit=len(text)) != text:
        raise NotCopyableError("it holds characters that can't be typed")
    return text


def _hash_variable(placeholder: Placeholder) -> str:
    return f"#envVariable.{placeholder.name}#"
