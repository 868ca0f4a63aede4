"""Exchanges as a Markdown report for a ticket: a table of all calls, then each in full. Secrets stay fingerprints.

What a server sent can't break out of its block: fences are longer than any run of backticks in it, table cells are
escaped, and control and direction-changing characters are shown, not passed on.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from tui.exchanges.model import EXPLANATIONS
from tui.text import clean, duration, size

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import TextIO

    from tui.exchanges.model import Body, Exchange, Headers

BODY_LIMIT: Final = 20_000
"""Characters of one body: a ticket is read by people, the other formats hold all of it."""
_SPECIAL: Final = re.compile(r"([\\`*_{}\[\]<>()#+!|~&$@-])")
_RUNS: Final = re.compile(r"`+")


def write_markdown(exchanges: Iterable[Exchange], file: TextIO) -> None:
    """Write the report. The exchanges are gone through once; their rows are kept, their bodies are not."""
    file.write("# What was said to Orchestrator\n\n")
    file.write("Secrets are replaced by fingerprints (`…a3f1`): equal fingerprints are equal secrets.\n")
    rows: list[str] = []
    for exchange in exchanges:
        rows.append(_row(exchange))
        for line in _in_full(exchange):
            file.write(line)
    file.write("\n## All calls\n\n")
    file.write("| # | time | call | status | size | took |\n|--:|---|---|---|--:|--:|\n")
    file.writelines(rows)


def _row(exchange: Exchange) -> str:
    cells = (
        str(exchange.id),
        exchange.started_at.isoformat(timespec="milliseconds"),
        _escaped(f"{exchange.method} {urlsplit(exchange.url).path or exchange.url}"),
        _escaped(_status(exchange)),
        size(exchange.response_body.size),
        duration(exchange.timing.total),
    )
    return f"| {' | '.join(cells)} |\n"


def _status(exchange: Exchange) -> str:
    return "no answer" if exchange.status is None else f"{exchange.status} {exchange.reason}".strip()


def _in_full(exchange: Exchange) -> Iterable[str]:
    yield f"\n## {exchange.id}. {_escaped(exchange.method)} {_escaped(urlsplit(exchange.url).path)}\n\n"
    tries = f" Try {exchange.attempt}." if exchange.attempt > 1 else ""
    yield f"{EXPLANATIONS[exchange.purpose]}{tries}\n\n"
    started = exchange.started_at.isoformat(timespec="milliseconds")
    yield f"{_escaped(_status(exchange))}, {duration(exchange.timing.total)}, {started}\n"
    if exchange.error:
        yield f"\n**{_escaped(exchange.error)}**\n"
    request = _message(f"{exchange.method} {exchange.url}", exchange.request_headers, exchange.request_body)
    yield f"\nRequest\n\n{request}"
    if exchange.status is not None:
        line = f"{exchange.http_version} {exchange.status} {exchange.reason}".strip()
        yield f"\nAnswer\n\n{_message(line, exchange.response_headers, exchange.response_body)}"


def _message(first: str, headers: Headers, body: Body) -> str:
    lines = [clean(first), *(f"{clean(name)}: {clean(value)}" for name, value in headers)]
    text = _body(body)
    if text:
        lines += ["", text]
    whole = "\n".join(lines)
    fence = "`" * max(3, 1 + max((len(run) for run in _RUNS.findall(whole)), default=0))
    note = f"\nCut: {size(len(body.data))} of {size(body.size)} were kept.\n" if body.truncated else ""
    return f"{fence}http\n{whole}\n{fence}\n{note}"


def _body(body: Body) -> str:
    text = body.data.decode("utf-8", "backslashreplace")
    if len(body.data) <= BODY_LIMIT and text[:1] in ("{", "["):
        try:
            text = json.dumps(json.loads(text), ensure_ascii=False, indent=2)
        except (ValueError, RecursionError):
            text = body.data.decode("utf-8", "backslashreplace")
    if len(text) > BODY_LIMIT:
        text = f"{text[:BODY_LIMIT]}\n… ({len(text):,} characters in all)"
    return clean(text, multiline=True, limit=2 * BODY_LIMIT)


def _escaped(text: str) -> str:
    return _SPECIAL.sub(r"\\\1", clean(text, limit=300))
