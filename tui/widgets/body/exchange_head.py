"""What stands above a body: the first line of the message, its headers, and notes. Pure text in pieces."""

from itertools import pairwise

from rich.cells import cell_len, chop_cells

from tui.exchanges.model import Body, Exchange, Headers
from tui.text import clean, size
from tui.widgets.body.exchange_text import Kind, Part

_NAME_LIMIT = 30
_ALIGNED_FROM = 70
Row = list[Part]


def request_head(exchange: Exchange, width: int, *, pretty: bool) -> list[Row]:
    """Return the request line and headers, wrapped to ``width``."""
    rows = fold("", f"{clean(exchange.method)} {clean(exchange.url)}", "title", width)
    return rows + header_rows(exchange.request_headers, width, aligned=pretty)


def response_head(exchange: Exchange, width: int, *, pretty: bool) -> list[Row]:
    """Return the status line and headers, or the sentence that says why there is no answer."""
    if exchange.status is None:
        cause = clean(exchange.error)
        return fold("", f"No answer. {cause[:1].upper()}{cause[1:]}".rstrip(), "error", width)
    line = f"{clean(exchange.http_version)} {exchange.status} {clean(exchange.reason)}".strip()
    rows = fold("", line, "title", width)
    if exchange.error:
        rows += fold("", clean(exchange.error), "error", width)
    return rows + header_rows(exchange.response_headers, width, aligned=pretty)


def header_rows(headers: Headers, width: int, *, aligned: bool) -> list[Row]:
    """Return ``Name: value`` rows; values begin in one column when ``aligned``."""
    names = [clean(name, limit=200) for name, _ in headers]
    column = min(max(map(cell_len, names), default=0) + 2, _NAME_LIMIT) if aligned and width >= _ALIGNED_FROM else 0
    rows: list[Row] = []
    for name, (_, value) in zip(names, headers, strict=True):
        label = f"{name}: "
        rows += fold(label + " " * max(0, column - cell_len(label)), clean(value), "string", width)
    return rows


def fold(label: str, text: str, kind: Kind, width: int) -> list[Row]:
    """Return ``label`` + ``text`` on as many rows as they need, continued below the text where there is room."""
    indent = cell_len(label)
    if indent > width // 2:
        names: list[Row] = [[(piece, "key")] for piece in chop_cells(label.rstrip(), width)]
        return names + fold("  ", text, kind, width)
    pieces = chop_cells(text, max(4, width - indent)) or [""]
    first: Row = [(label, "key")] if label else []
    return [[*first, (pieces[0], kind)], *([(" " * indent, "text"), (piece, kind)] for piece in pieces[1:])]


def exchange_note(exchange: Exchange, *, asked: bool) -> str:
    """Return the sentence about what of the request or the answer is not here, and what to do; nothing when all is."""
    if exchange.gave_way:
        return (
            "Headers and bodies of this call are gone: they gave way to later calls, or their file can't be read. "
            "With the setting log = “on”, the calls to come are kept whole on this computer."
        )
    if asked:
        return body_note(exchange.request_body, asked=True)
    if exchange.status is None:
        return ""
    note = body_note(exchange.response_body, asked=False)
    if exchange.response_body.truncated and exchange.response_body.data and exchange.method == "GET":
        note += " To have it whole, copy the call (c) and ask elsewhere."
    return note


def body_note(body: Body, *, asked: bool) -> str:
    """Return the sentence about a body that is absent or cut, or nothing; ``asked`` for a request's."""
    if not body.data:
        if body.size:
            return f"The body ({size(body.size)}) was not kept."
        return "No body was sent." if asked else "The answer has no body."
    if body.truncated:
        return f"Cut: the first {size(len(body.data))} of {size(body.size)} were kept."
    return ""


def offsets(parts: list[float | None]) -> list[tuple[float, float]]:
    """Return begin and end of each phase, one after another; an absent phase has no length."""
    ends = [0.0]
    for part in parts:
        ends.append(ends[-1] + max(0.0, part or 0.0))
    return list(pairwise(ends))
