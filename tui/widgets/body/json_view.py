"""JSON as indented, coloured rows, read straight from the bytes: numbers, escapes and doubled keys stay as sent.

A parser of lines, not of values: one regular expression a line, checked against the stack of open brackets, so that
the first page of a body of any size is there at once and what is not JSON is noticed where it breaks.
"""

import re
from array import array
from typing import Final, cast

from tui.widgets.body.exchange_text import UNSAFE, BodyRows, Kind, Part, cut, shown
from tui.widgets.body.json_folds import NONE

_STRING: Final = rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"'
_SPACE: Final = rb"[ \t\r\n]*+"
_SCALAR: Final = _STRING + rb"|-?(?:0|[1-9][0-9]*+)(?:\.[0-9]++)?(?:[eE][+-]?[0-9]++)?+|true|false|null"
_LINE: Final = re.compile(
    _SPACE
    + rb"(?:(%b)%b(:)%b)?(?:(%b)|([\[{])(?:%b([\]}]))?|([\]}]))%b(,)?"
    % (_STRING, _SPACE, _SPACE, _SCALAR, _SPACE, _SPACE),
    re.DOTALL,
)
_KEY, _COLON, _VALUE, _OPEN, _EMPTY, _CLOSE, _COMMA = range(1, 8)
_KEY_PART: Final = re.compile(rb"(%b)%b:%b" % (_STRING, _SPACE, _SPACE), re.DOTALL)
_OBJECT: Final = ord("{")
_CLOSING: Final = {b"{": b"}", b"[": b"]", _OBJECT: b"}", ord("["): b"]"}

_HANGING: Final = 0x80000000
_PIECES: Final[tuple[Kind | None, ...]] = (None, "key", "string", "number", "text")
"""What a row holds, by the number in its mark: a whole line (or the begin of a member), or a piece of one token."""
_BEGIN: Final = 5
_PIECE_SHIFT: Final = 24
_DEPTH_MASK: Final = 0xFFFFFF


class JsonRows(BodyRows):
    """Rows of a JSON body. A truncated one is shown as far as it goes; any other that breaks sets ``fault``.

    Objects and arrays are numbered as they open: ``opens`` has the row that each opens in, ``closes`` the row that
    it closes in (0 while that is not known), ``parents`` the number of the one around it, ``items`` how many it has.
    """

    respaced = True

    def __init__(self, data: bytes, width: int, *, truncated: bool = False) -> None:
        super().__init__(data, width)
        self._at: int = 3 if data.startswith(b"\xef\xbb\xbf") else 0
        self._truncated = truncated
        self._stack = bytearray()
        self._wants = "value"
        self._path: array[int] = array("I")
        self.opens: array[int] = array("I")
        self.closes: array[int] = array("I")
        self.parents: array[int] = array("I")
        self.items: array[int] = array("I")

    def feed(self, limit: int, reach: int = 0) -> None:
        """Find up to ``limit`` more rows; with ``reach`` only as far as so many bytes tell for certain."""
        goal, size = len(self) + limit, len(self.data)
        stop = self._at + reach if 0 < reach < size - self._at else size + 1
        while not self.done and len(self) < goal and self._at < stop:
            match = self._take_scalars(goal, stop) if self._stack else _LINE.match(self.data, self._at, stop)
            if match is not None and match.end() >= stop:
                return
            problem = "expected a value" if match is None else self._take(match)
            if problem and stop < size:
                return
            if problem:
                self._break(problem)
            elif not self._stack:
                self._finish()

    def _take_scalars(self, goal: int, stop: int) -> re.Match[bytes] | None:
        """Add the plain one-row lines that come next, which most lines are: this loop has to be fast.

        Return the first match that is not one of them, or that reaches to ``stop``.
        """
        data, at, wants = self.data, self._at, self._wants
        keyed, depth = self._stack[-1] == _OBJECT, min(len(self._stack), _DEPTH_MASK)
        room = self.width - self._indent(depth)
        match_line, unsafe = _LINE.match, UNSAFE.search
        starts, ends, marks = self._starts, self._ends, self._marks
        known = len(marks)
        while match := match_line(data, at, stop):
            start, value, last = match.start(_KEY), match.start(_VALUE), match.lastindex or 0
            if value < 0 or wants == "close" or (start >= 0) != keyed or len(marks) >= goal:
                break
            start, end, following = start if keyed else value, match.end(last), match.end()
            if following >= stop or end - start >= room or unsafe(data, start, end):
                break
            starts.append(start)
            ends.append(end)
            marks.append(depth)  # last: its length is the count that another thread reads
            at = following
            wants = "item" if last == _COMMA else "close"
        self._at, self._wants = at, wants
        self.items[self._path[-1]] += len(marks) - known
        return match

    def _take(self, match: re.Match[bytes]) -> str:
        """Add the line of ``match``; return what is wrong with it, if anything."""
        _, colon, _, opened, empty, closed, comma = cast("tuple[bytes | None, ...]", match.groups())
        stack = self._stack
        if closed:
            if not stack or colon or self._wants == "item" or _CLOSING[stack[-1]] != closed:
                return f"unexpected “{closed.decode()}”"
            stack.pop()
            self.closes[self._path.pop()] = len(self)
        elif problem := self._misplaced(colon, opened, empty):
            return problem
        opens = opened if opened and not empty else None
        if comma and (opens or not stack):
            return "unexpected comma"
        self._add_line(match)
        if not closed and self._path:
            self.items[self._path[-1]] += 1
        if opens:
            stack += opens
            self._open()
        self._wants = "item" if comma else "value" if opens else "close"
        self._at = match.end()
        return ""

    def _open(self) -> None:
        number = len(self.opens)
        self.closes.append(0)
        self.parents.append(self._path[-1] if self._path else NONE)
        self.items.append(0)
        self.opens.append(len(self) - 1)  # last: its length is the count that another thread reads
        self._path.append(number)

    def last_row_of(self, number: int) -> int:
        """Return the last row of a container that is closed."""
        row = self.closes[number]
        while row + 1 < len(self) and self.continues(row + 1):
            row += 1
        return min(row, len(self) - 1)

    def _misplaced(self, colon: bytes | None, opened: bytes | None, empty: bytes | None) -> str:
        """Return what is wrong with a value, keyed or not, that stands here."""
        if self._wants == "close":
            return "expected a comma or a closing bracket"
        in_object = bool(self._stack) and self._stack[-1] == _OBJECT
        if in_object != bool(colon):
            return "expected a key" if in_object else "unexpected “:”"
        if opened and empty and _CLOSING[opened] != empty:
            return f"unexpected “{empty.decode()}”"
        return ""

    def _add_line(self, match: re.Match[bytes]) -> None:
        start = match.start(_KEY)
        if start < 0:
            start = max(match.start(_VALUE), match.start(_OPEN), match.start(_CLOSE))
        end = match.end(match.lastindex or 0)
        depth = min(len(self._stack), _DEPTH_MASK)
        room = self.width - self._indent(depth)
        if end - start < room and cut(self.data, start, end, room - 1) == end:
            self._add(start, end, depth)
        else:
            self._add_pieces(match, start, end, depth)

    def _add_pieces(self, match: re.Match[bytes], start: int, end: int, depth: int) -> None:
        room = self.width - self._indent(depth)
        key_end = match.end(_KEY)
        value = self.data[match.start(_VALUE)] if match.start(_VALUE) >= 0 else 0
        kind = 2 if value == 0x22 else 3
        at = cut(self.data, start, end, room - 1)
        first = _BEGIN if 0 <= key_end < at else 1 if key_end >= 0 else kind
        self._add(start, at, depth | first << _PIECE_SHIFT)
        while at < end:
            stop = cut(self.data, at, end, max(4, room - 2))
            self._add(at, stop, depth | (1 if at < key_end else kind) << _PIECE_SHIFT | _HANGING)
            at = stop

    def _finish(self) -> None:
        rest = self.data[self._at : self._at + 4096].strip(b" \t\r\n")
        if rest:
            self._break("more text after the end")
        elif self._at + 4096 >= len(self.data):
            self.done = True
        else:
            self._at += 4096

    def _break(self, problem: str) -> None:
        """End here: with the rest as plain pieces when the body was cut, else with a fault."""
        if not self._truncated:
            self.fault = f"Not valid JSON at byte {self._at + 1:,}: {problem}."
        else:
            at, depth = self._at, min(len(self._stack), _DEPTH_MASK)
            while at < len(self.data):
                stop = cut(self.data, at, len(self.data), max(4, self.width - self._indent(depth)))
                self._add(at, stop, depth | 4 << _PIECE_SHIFT | (_HANGING if at > self._at else 0))
                at = stop
            for number in self._path:
                self.closes[number] = len(self)
        self.done = True

    def _indent(self, depth: int) -> int:
        return min(2 * depth, self.width // 2)

    def indent(self, index: int) -> int:
        """Return how many spaces row ``index`` is moved to the right."""
        mark = self._marks[index]
        return self._indent(mark & _DEPTH_MASK) + (2 if mark & _HANGING else 0)

    def parts(self, index: int) -> list[Part]:
        """Return row ``index`` as indented, coloured pieces."""
        mark, start, end = self._marks[index], self._starts[index], self._ends[index]
        piece = mark >> _PIECE_SHIFT & 0x7
        indent = self.indent(index)
        parts: list[Part] = [(" " * indent, "text")] if indent else []
        if piece == _BEGIN:
            return parts + self._member_begin(start, end)
        kind = _PIECES[piece]
        if kind is None:
            return parts + self._whole(start, end)
        return [*parts, (shown(self.data, start, end), kind)]

    def _member_begin(self, start: int, end: int) -> list[Part]:
        match = _KEY_PART.match(self.data, start, end)
        if match is None:
            return [(shown(self.data, start, end), "key")]
        rest = shown(self.data, match.end(), end)
        key = shown(self.data, start, match.end(1))
        kind: Kind = "string" if rest.startswith('"') else "number"
        return [(key, "key"), (": ", "punctuation"), (rest, kind)]

    def _whole(self, start: int, end: int) -> list[Part]:
        match = _LINE.match(self.data, start, end)
        if match is None:
            return [(shown(self.data, start, end), "text")]
        parts: list[Part] = []
        if match.start(_KEY) >= 0:
            parts.append((shown(self.data, *match.span(_KEY)), "key"))
            parts.append((": ", "punctuation"))
        if match.start(_VALUE) >= 0:
            value = shown(self.data, *match.span(_VALUE))
            kind: Kind = "string" if value[0] == '"' else "constant" if value[0] in "tfn" else "number"
            parts.append((value, kind))
        brackets = b"".join(match.group(group) or b"" for group in (_OPEN, _EMPTY, _CLOSE, _COMMA))
        if brackets:
            parts.append((brackets.decode(), "punctuation"))
        return parts

    def folded_parts(self, number: int) -> list[Part]:
        """Return the row that stands for a container that is folded: its opening line, how much it has, its end."""
        open_row, end = self.opens[number], self.closes[number]
        items = self.items[number]
        parts: list[Part] = [*self.parts(open_row), (f" … {items:,} {'item' if items == 1 else 'items'} ", "note")]
        if end < len(self):
            parts.append((self.text(end).replace(" ", ""), "punctuation"))
        return parts
