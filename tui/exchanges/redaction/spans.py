"""Where values begin and end in JSON, also in JSON within a JSON string. Standard library only."""

import re
from typing import Final

_NUMBER: Final = re.compile(rb"-?[0-9][0-9.eE+-]*")


def value_span(data: bytes, start: int, escape: bytes) -> tuple[int, int, bytes]:
    """Return where the value that starts at ``start`` begins and ends, without its quotes, and the quote to add.

    ``escape`` is the backslashes before each quote at this depth of nesting: none, 1, 3, 7 … A cut string ends with
    the data. Null, true, objects and lists have no span: names within them are found on their own.
    """
    opening = escape + b'"'
    if not data.startswith(opening, start):
        number = _NUMBER.match(data, start)
        return (start, number.end(), opening) if number else (start, start, b"")
    first = start + len(opening)
    place = data.find(b'"', first)
    while place >= 0:
        count = 0
        while place - count - 1 >= first and data[place - count - 1] == 0x5C:
            count += 1
        # With n backslashes before a quote, 2(n+1) more of them are an escaped backslash at this depth.
        if count % (2 * (len(escape) + 1)) == len(escape):
            return first, place - len(escape), b""
        place = data.find(b'"', place + 1)
    return first, len(data), b""
