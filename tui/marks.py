"""The mark of a start inside its inputs, for servers that keep no reference with a job. Pure.

An input argument carries it; a job that was given the very same mark is proven to be of that start.
"""

from __future__ import annotations

from tui.api.arguments import compact, parse_values, read_inputs


def with_mark(inputs: str, carrier: str, mark: str) -> str:
    """Return ``inputs`` (JSON text) with ``mark`` as the value of ``carrier``; as they are if unreadable."""
    try:
        values = read_inputs(inputs)
    except ValueError:
        return inputs
    return compact({**values, carrier: mark})


def without_mark(inputs: str, carrier: str) -> str:
    """Return ``inputs`` (JSON text) without a value for ``carrier``; as they are where there is none."""
    try:
        values = read_inputs(inputs)
    except ValueError:
        return inputs
    if carrier not in values:
        return inputs
    del values[carrier]
    return compact(values) if values else ""


def mark_in(inputs: str, carrier: str) -> str:
    """Return the text that ``inputs`` (JSON text) give to ``carrier``, ``""`` for none."""
    value = parse_values(inputs).get(carrier)
    return value if isinstance(value, str) else ""
