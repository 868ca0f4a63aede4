"""Takes the values of input and output arguments out of what the log keeps, where the settings ask for it. Pure."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from tui.exchanges.redaction.spans import value_span

if TYPE_CHECKING:
    from tui.exchanges.model import Body, Exchange

HIDDEN: Final = b"(hidden)"
_NAMES: Final = re.compile(rb'(?i)(?<!\\)(\\*)"(inputarguments|outputarguments)\1"\s*:\s*')


def without_arguments(exchange: Exchange) -> Exchange:
    """Return the exchange without the values of arguments in its bodies; sizes stay those of the wire."""
    request, response = _without(exchange.request_body), _without(exchange.response_body)
    if request is exchange.request_body and response is exchange.response_body:
        return exchange
    return replace(exchange, request_body=request, response_body=response)


def _without(body: Body) -> Body:
    if b"arguments" not in body.data.lower():
        return body
    kept: list[bytes] = []
    done = 0
    for match in _NAMES.finditer(body.data):
        if match.start() < done:
            continue
        start, end, quote = value_span(body.data, match.end(), match[1])
        if start == end:
            continue
        kept += [body.data[done:start], quote, HIDDEN, quote]
        done = end
    return replace(body, data=b"".join([*kept, body.data[done:]])) if kept else body
