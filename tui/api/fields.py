"""The kinds of values that the models of the wire have. Owns how each is made harmless; does no I/O."""

from datetime import UTC, datetime
from hashlib import blake2b
from typing import Annotated, Final, cast

from pydantic import AfterValidator, BeforeValidator, ValidatorFunctionWrapHandler, WrapValidator

from tui.api.names import clean_name, raw_of
from tui.text import clean, without_colours

LONG_TEXT: Final = 64_000
_YEARS: Final = range(1900, 9001)
"""Outside these a time is a server's word for none, and no time zone's offset may lead out of what Python counts."""


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


def _digest(value: str) -> str:
    return blake2b(value.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest() if value else ""


Number = Annotated[int, BeforeValidator(_no_boolean)]
"""A whole number. ``true`` is none, though Python takes it for 1: there may be a job 1."""
SafeText = Annotated[str, BeforeValidator(_text_of), AfterValidator(clean_name)]
"""One line, harmless to a terminal; `raw_of` gives what the server sent."""
SafeLines = Annotated[str, BeforeValidator(_text_of), AfterValidator(_many_lines)]
"""Several lines, harmless to a terminal, colour sequences dropped."""
RawText = Annotated[str, BeforeValidator(_text_of)]
"""Exactly what the server sent, because it is sent back or parsed. Never shown without `clean`."""
Digest = Annotated[str, BeforeValidator(_text_of), AfterValidator(_digest)]
"""What only equality matters of: 16 characters for a text of any length."""
Moment = Annotated[datetime | None, WrapValidator(_utc_or_none)]
"""A time in UTC; ``None`` for an empty, unreadable or impossible one, which must not hide the rest of an answer."""
