"""The sweeper itself: it finds a planted secret in every encoding, a part of one, and nothing where nothing is."""

import base64
import json
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.e2e.leaks.sweeper import ENCODINGS, SHORTEST, sweeper

SECRET = "Quayside+Key/2019=A~b_c-d.EfGhIjKlMnOpQrStUvWxYz0123456789"
PART = SECRET[20 : 20 + SHORTEST]
PLANTED = {
    "raw": SECRET,
    "a part": f"[{PART}]",
    "percent": quote(SECRET, safe=""),
    "every character percent": "".join(f"%{ord(character):02X}" for character in SECRET),
    "form": quote(SECRET, safe="").replace("%20", "+"),
    "hexadecimal": SECRET.encode().hex(),
    "hexadecimal in capitals": SECRET.encode().hex().upper(),
    "python escapes": "".join(f"\\x{ord(character):02x}" for character in SECRET),
    "json": json.dumps({"refresh_token": SECRET}),
    "json in json": json.dumps(json.dumps({"refresh_token": SECRET})),
    "json escapes": "".join(f"\\u{ord(character):04X}" for character in SECRET),
    "html": "".join(f"&#{ord(character)};" for character in SECRET),
    "base64": base64.b64encode(SECRET.encode()).decode(),
    "base64 after a user name": base64.b64encode(f"someone:{SECRET}".encode()).decode(),
    "base64 shifted once": base64.b64encode(f"a{SECRET}".encode()).decode(),
    "base64 shifted twice": base64.b64encode(f"ab{SECRET}b".encode()).decode(),
    "base64 for addresses": base64.urlsafe_b64encode(f"client_id:{SECRET}".encode()).decode(),
    "a part in base64": base64.b64encode(f"a long way before {SECRET[:24]}".encode()).decode(),
    "a part in hexadecimal": PART.encode().hex(),
}


@pytest.mark.parametrize("name", PLANTED)
def test_a_planted_secret_is_found(name: str, tmp_path: Path) -> None:
    looking = sweeper([SECRET, "Another_Secret-that_is_not_there"])
    assert looking.leaks("here", f"some words before {PLANTED[name]} and after") != []
    (tmp_path / "deep" / "er").mkdir(parents=True)
    (tmp_path / "deep" / "er" / "file").write_bytes(b"\x00\xff" + PLANTED[name].encode())
    assert looking.leaks_below(tmp_path) != []


def test_a_secret_in_a_file_name_is_found(tmp_path: Path) -> None:
    (tmp_path / f"crash-{PART}.txt").touch()
    assert sweeper([SECRET]).leaks_below(tmp_path) != []


@pytest.mark.parametrize("start", range(0, len(SECRET) - SHORTEST + 1, 5))
def test_every_part_of_twelve_characters_is_found(start: int) -> None:
    assert sweeper([SECRET]).leaks("here", f"({SECRET[start : start + SHORTEST]})") != []


def test_nothing_is_found_where_nothing_is(tmp_path: Path) -> None:
    looking = sweeper([SECRET])
    assert looking.leaks("here", f"…{SECRET[-4:]} {SECRET[: SHORTEST - 1]} {SECRET[::-1]}") == []
    (tmp_path / "file").write_text("Signed in as someone (user key …6789)" * 1000)
    assert looking.leaks_below(tmp_path) == []


def test_a_find_does_not_repeat_the_secret() -> None:
    for text in PLANTED.values():
        assert not any(SECRET[:8] in find for find in sweeper([SECRET]).leaks("here", text))


def test_every_encoding_has_windows() -> None:
    looking = sweeper([SECRET])
    named = {
        name for windows in (looking.exact, looking.folded) for known in windows.values() for name in known.values()
    }
    assert named == set(ENCODINGS)
