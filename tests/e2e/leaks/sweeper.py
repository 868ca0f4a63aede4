"""Finds secrets where none may be: any twelve characters of one in a row, in any usual encoding."""

import base64
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, quote_plus

from tui.simulator.journal import ReceivedRequest
from tui.simulator.sign_in.tokens import CLIENT_SECRET, PERSONAL_ACCESS_TOKEN, USER_KEY
from tui.simulator.world import World

SHORTEST = 12
"""Characters in a row that count as a leak; fingerprints are shorter."""


def raw(text: str) -> list[str]:
    """Return the text itself."""
    return [text]


def percent(text: str) -> list[str]:
    """Return the text with every character percent-encoded, and with those that need it, as in addresses and forms."""
    everything = "".join(f"%{byte:02x}" for byte in text.encode())
    some = {encoded.lower() for encoded in (quote(text, safe=""), quote_plus(text)) if encoded != text}
    return [everything, *sorted(some)]


def hexadecimal(text: str) -> list[str]:
    """Return the text's bytes in hexadecimal, bare and as ``\\x`` escapes."""
    return [text.encode().hex(), "".join(f"\\x{byte:02x}" for byte in text.encode())]


def json_escaped(text: str) -> list[str]:
    """Return the text as JSON's ``\\u`` escapes."""
    return ["".join(f"\\u{ord(character):04x}" for character in text)]


def html(text: str) -> list[str]:
    """Return the text as HTML's character references."""
    return ["".join(f"&#{ord(character)};" for character in text)]


def in_base64(text: str) -> list[str]:
    """Return what Base64 makes of the text wherever it starts among three bytes; the ends depend on neighbours."""
    found: list[str] = []
    for before in range(3):
        data = b"\0" * before + text.encode()
        data += b"\0" * (-len(data) % 3)
        encoded = base64.b64encode(data).decode()
        inner = encoded[4 if before else 0 : -4]
        found += [inner, inner.replace("+", "-").replace("/", "_")]
    return found


ENCODINGS = {
    "raw": (raw, 1.0),
    "percent": (percent, 1.0),
    "hexadecimal": (hexadecimal, 2.0),
    "JSON": (json_escaped, 6.0),
    "HTML": (html, 4.0),
    "base64": (in_base64, 4 / 3),
}
"""Each encoding, and how many characters it makes of one."""


@dataclass(frozen=True)
class Sweeper:
    """Knows every window of every secret in every encoding. Letter case counts in raw text and Base64 only."""

    exact: Mapping[int, Mapping[str, str]]
    folded: Mapping[int, Mapping[str, str]]

    def leaks(self, where: str, text: str) -> list[str]:
        """Return what was found in ``text``; never the secret itself."""
        found = {
            f"{where}: {name}"
            for haystack, windows in ((text, self.exact), (text.lower(), self.folded))
            for length, known in windows.items()
            for name in _met(haystack, length, known)
        }
        return sorted(found)

    def leaks_below(self, folder: Path) -> list[str]:
        """Return what was found in the names and contents of everything below ``folder``."""
        found: list[str] = []
        for path in sorted(folder.rglob("*")):
            found += self.leaks(f"the name {path.relative_to(folder)}", str(path.relative_to(folder)))
            if path.is_file() and not path.is_symlink():
                found += self.leaks(str(path.relative_to(folder)), path.read_bytes().decode("latin-1"))
        return found


def _met(haystack: str, length: int, known: Mapping[str, str]) -> Iterator[str]:
    """Yield the names of the windows in ``haystack``.

    Wherever a window lies, it covers one whole block of half its length; so only every such block is looked up, and
    the windows around it only when the block is a part of one.
    """
    half = length // 2
    blocks = {window[start : start + half] for window in known for start in range(length - half + 1)}
    for place in range(0, len(haystack), half):
        if haystack[place : place + half] in blocks:
            for start in range(max(place - length + half, 0), place + 1):
                name = known.get(haystack[start : start + length])
                if name is not None:
                    yield name


def sweeper(secrets: Iterable[str]) -> Sweeper:
    """Return a sweeper for these secrets."""
    exact: dict[int, dict[str, str]] = {}
    folded: dict[int, dict[str, str]] = {}
    for secret in secrets:
        for name, (encode, growth) in ENCODINGS.items():
            windows = exact if name in ("raw", "base64") else folded
            length = int(SHORTEST * growth)
            for encoded in encode(secret):
                for start in range(max(len(encoded) - length, 0) + 1):
                    window = encoded[start : start + length]
                    if len(window) == length:
                        windows.setdefault(length, {})[window] = name
    return Sweeper(exact, folded)


def secrets_of(world: World, journal: Iterable[ReceivedRequest]) -> set[str]:
    """Return every token that the simulator issued or accepted, and every one it was shown."""
    issued = world.tokens.issued
    shown = {request.headers.get("authorization", "").partition(" ")[2] for request in journal}
    return {secret for secret in issued | shown | {USER_KEY, PERSONAL_ACCESS_TOKEN, CLIENT_SECRET} if secret}
