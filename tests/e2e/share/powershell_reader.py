"""A strict reader of the one kind of command that is copied for PowerShell: anything else in it is an error.

It follows the language's own rules for strings: in single quotes only a doubled quote ends nothing, and each of the
typographic single quotes is a quote too.
"""

import base64
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

QUOTES = "'‘’‚‛"
_STRING = re.compile(f"[{QUOTES}]((?:[^{QUOTES}]|[{QUOTES}][{QUOTES}])*)[{QUOTES}]", re.S)
_CHARACTER = re.compile(r"\[char\]0x([0-9a-f]{1,4})")
_VARIABLE = re.compile(r"\$env:([A-Za-z_][A-Za-z0-9_]*)")
_WORD = re.compile(r"[A-Za-z-]+")


@dataclass
class Command:
    """What the command says: named arguments, and headers by name. The body is bytes."""

    switches: set[str] = field(default_factory=set)
    values: dict[str, str] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""


class Reader:
    """Reads one command; ``variables`` is the environment."""

    def __init__(self, text: str, variables: Mapping[str, str]) -> None:
        self._text = text.replace(" `\n  ", " ")
        assert "`" not in re.sub(_STRING, "", self._text)
        assert "\n" not in self._text
        self._at = 0
        self._variables = variables

    def read(self) -> Command:
        """Return the command; an `AssertionError` says what is wrong."""
        command = Command()
        self._take("Invoke-WebRequest")
        while self._at < len(self._text):
            self._take(" -")
            name = self._match(_WORD)[0]
            if name == "UseBasicParsing":
                command.switches.add(name)
                continue
            self._take(" ")
            if name == "Headers":
                command.headers = self._table()
            elif name == "Body":
                command.body = self._bytes()
            else:
                command.values[name] = self._match(_WORD)[0] if name == "Method" else self._value()
        return command

    def _table(self) -> dict[str, str]:
        self._take("@{ ")
        rows: dict[str, str] = {}
        while True:
            name = self._value()
            self._take(" = ")
            assert name.lower() not in map(str.lower, rows), "PowerShell refuses two keys of one name"
            rows[name] = self._value()
            if self._sees(" }"):
                self._take(" }")
                return rows
            self._take("; ")

    def _bytes(self) -> bytes:
        self._take("(")
        if self._sees("[Convert]"):
            self._take("[Convert]::FromBase64String(")
            found = base64.b64decode(self._value(), validate=True)
        else:
            self._take("[Text.Encoding]::UTF8.GetBytes(")
            found = self._value().encode()
        self._take("))")
        return found

    def _value(self) -> str:
        if not self._sees("("):
            return self._part(first=True)
        self._take("(")
        units = [self._part(first=True)]
        while self._sees(" + "):
            self._take(" + ")
            units.append(self._part(first=False))
        self._take(")")
        return "".join(units).encode("utf-16-be", "surrogatepass").decode("utf-16-be")

    def _part(self, *, first: bool) -> str:
        if self._sees("[char]"):
            assert not first, "a sum that begins with a character adds numbers"
            return chr(int(self._match(_CHARACTER)[1], 16))
        if self._sees("$env:"):
            return self._variables[self._match(_VARIABLE)[1]]
        inside = self._match(_STRING)[1]
        return re.sub(f"([{QUOTES}])[{QUOTES}]", r"\1", inside)

    def _sees(self, text: str) -> bool:
        return self._text.startswith(text, self._at)

    def _take(self, text: str) -> None:
        assert self._sees(text), f"{text!r} is wanted at {self._text[self._at : self._at + 40]!r}"
        self._at += len(text)

    def _match(self, pattern: re.Pattern[str]) -> re.Match[str]:
        found = pattern.match(self._text, self._at)
        assert found, f"{pattern.pattern} is wanted at {self._text[self._at : self._at + 40]!r}"
        self._at = found.end()
        return found
