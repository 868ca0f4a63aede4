"""Covers secrets that were learned after they had been kept: in texts and whole exchanges. No I/O."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tui.exchanges.redaction.needles import has_escapes, has_percents
from tui.exchanges.redaction.redact import wide_encoding

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from tui.exchanges.model import Body, Exchange, Headers
    from tui.exchanges.redaction.needles import Needle


def covered(data: bytes, needles: Sequence[Needle]) -> bytes:
    """Return ``data`` with the secrets replaced; the same object when it holds none."""
    escapes, percents = has_escapes(data), has_percents(data)
    clean = data
    for each in needles:
        clean = each.replace_in(clean, escapes=escapes, percents=percents)
    # After whole ones: every token of one service begins alike.
    for each in needles:
        clean = each.replace_beginnings_in(clean)
    return data if clean == data else clean


def covered_text(text: str, needles: Sequence[Needle]) -> str:
    """Return ``text`` with the secrets replaced; the same object when it holds none."""
    data = text.encode("utf-8", "surrogatepass")
    clean = covered(data, needles)
    return text if clean is data else clean.decode("utf-8", "replace")


def covered_exchange(exchange: Exchange, needles: Sequence[Needle]) -> Exchange:
    """Return ``exchange`` with the secrets replaced; the same object when it holds none."""
    request, response = exchange.request_body, exchange.response_body
    if may_be_clean(request) and may_be_clean(response):
        texts = (exchange.url, exchange.reason, exchange.error, request.content_type, response.content_type)
        values = (value for _, value in (*exchange.request_headers, *exchange.response_headers))
        if not any_holds(needles, (*texts, *values), (request.data, response.data)):
            return exchange

    def headers(given: Headers) -> Headers:
        return tuple((name, covered_text(value, needles)) for name, value in given)

    changed = replace(
        exchange,
        url=covered_text(exchange.url, needles),
        reason=covered_text(exchange.reason, needles),
        error=covered_text(exchange.error, needles),
        request_headers=headers(exchange.request_headers),
        request_body=covered_body(request, needles),
        response_headers=headers(exchange.response_headers),
        response_body=covered_body(response, needles),
    )
    return exchange if changed == exchange else changed


def any_holds(needles: Sequence[Needle], texts: Iterable[str], blobs: Iterable[bytes] = ()) -> bool:
    """Tell whether one of the parts may hold a secret: one look at all of them is much cheaper than one at each."""
    data = b"\n".join((*(text.encode("utf-8", "surrogatepass") for text in texts), *blobs))
    return covered(data, needles) is not data


def may_be_clean(body: Body) -> bool:
    """Tell whether a look at its bytes among others can show that it holds no secret."""
    return not body.truncated and not wide_encoding(body.data, body.content_type)


def covered_body(body: Body, needles: Sequence[Needle]) -> Body:
    """Return ``body`` with the secrets replaced, at a missing end also what may begin one."""
    data, wide = body.data, wide_encoding(body.data, body.content_type)
    if wide:
        text = data.decode(wide, "replace")
        clean = covered_text(text, needles)
        data = data if clean is text else clean.encode(wide, "replace")
    else:
        data = covered(data, needles)
        if body.truncated:
            for each in needles:
                data = each.cut_tail(data)
    return replace(body, data=data, content_type=covered_text(body.content_type, needles))
