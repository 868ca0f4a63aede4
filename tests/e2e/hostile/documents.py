"""Twenty-seven documents that are bad JSON, bad types or bad sense, and endless mutations of good ones."""

import json
import random
from typing import Any

from tests.unit.api.raw_servers import ACCESS, JOB

GOOD: dict[str, Any] = {
    "token": {
        "access_token": "a-new-access-token-0001",
        "expires_in": 3600,
        "token_type": "Bearer",
        "scope": "OR.Jobs",
    },
    "folders": {"PageItems": [{"Id": 3, "Key": JOB["Key"], "DisplayName": "Shared"}], "Count": 1},
    "releases": {"@odata.count": 1, "value": [{"Id": 1, "Key": JOB["Key"], "Name": "Demo", "ProcessVersion": "1.0"}]},
    "job": {**JOB, "CreationTime": "2019-06-12T09:28:12Z", "Info": "waits", "OutputArguments": '{"a": 1}'},
    "start": {"@odata.context": "x", "value": [JOB]},
}
DEEP = 100_000
DOCUMENTS: dict[str, bytes] = {
    "nothing": b"",
    "blanks": b" \r\n\t ",
    "half": b'{"value": [{"Id": 1',
    "two": b"{}{}",
    "a comma too many": b'{"value": [],}',
    "quotes of another kind": b"{'value': []}",
    "NaN": b'{"Id": NaN, "expires_in": NaN, "Count": NaN, "value": NaN, "access_token": NaN}',
    "past infinity": b'{"Id": 1e400, "expires_in": 1e400, "Count": 1e400, "value": [{"Id": 1e400}]}',
    "a number of 5000 digits": b'{"Id": %s, "value": [{"Id": %s}]}' % (b"9" * 5000, b"9" * 5000),
    "an id past 2^63": b'{"Id": 18446744073709551617, "value": [{"Id": 18446744073709551617}]}',
    "an id with a fraction": b'{"Id": 1.5, "value": [{"Id": 1.5}], "PageItems": [{"Id": 1.5}], "access_token": 1.5}',
    "lists to the bottom": b"[" * DEEP,
    "objects to the bottom": b'{"value":' * DEEP,
    "closed at the bottom": b"[" * DEEP + b"]" * DEEP,
    "half a surrogate pair": b'{"access_token": "\\ud800", "Id": "\\udfff", "value": "\\ud800"}',
    "bytes that are no UTF-8": b'{"value": "\xff\xfe\xfa"}',
    "UTF-16": json.dumps({"value": []}).encode("utf-16"),
    "UTF-16 without its mark": json.dumps({"value": []}).encode("utf-16-le"),
    "a byte order mark alone": b"\xef\xbb\xbf",
    "null": b"null",
    "a list": b"[]",
    "a text": b'"value"',
    "a page for people": b"<!doctype html><title>Sign in</title>",
    "lists for texts": b'{"access_token": [], "Id": [], "Key": {}, "State": [], "value": {}, "PageItems": {}}',
    "a name twice": b'{"access_token": "a", "access_token": "b", "Id": 1, "Id": 2, "value": 1, "value": 2}',
    "NUL and escapes": b'{"access_token": "\\u0000\\u001b]0;OWNED\\u0007", "Id": "\\u0000", "value": "\\u001b[2J"}',
    "rows of nothing": b'{"value": [null], "PageItems": [null], "Id": {}, "access_token": null}',
}
_WORDS = (
    *(b"null", b"true", b"-1", b"0", b"1e400", b"NaN", b"[]", b"{}", b'""', b'"\\ud800"', b'"\\u001b]0;x\\u0007"'),
    *(
        b'"' + ACCESS.encode() + b'"',
        b"18446744073709551617",
        b'{"value":',
        b"[[[",
        b"]",
        b"}",
        b",",
        b":",
        b'"',
        b"\\",
    ),
    *(b"\x00", b"\xff", b"\xef\xbb\xbf", b"\xed\xa0\x80", "\u202e".encode(), b"[/x]", b"9" * 400),
)


def mutated(rng: random.Random, data: bytes) -> bytes:
    """Return ``data`` with one to six changes: bytes, words, cuts, doublings, swaps."""
    for _ in range(rng.randint(1, 6)):
        start = rng.randrange(len(data) + 1)
        end = min(len(data), start + rng.choice((0, 1, 1, 2, 8, 40)))
        match rng.randrange(6):
            case 0:
                data = data[:start] + bytes([rng.randrange(256)]) + data[end:]
            case 1 | 2:
                data = data[:start] + rng.choice(_WORDS) + data[end:]
            case 3:
                data = data[:start] + data[end:]
            case 4:
                data = data[:end] + data[start:end] * rng.randint(1, 3) + data[end:]
            case _:
                data = _replaced_value(rng, data)
    return data


def _replaced_value(rng: random.Random, data: bytes) -> bytes:
    """Put a word where a value stands, so that the shape stays JSON more often than chance would have it."""
    colons = [place for place, byte in enumerate(data) if byte == 0x3A]
    if not colons:
        return data
    start = rng.choice(colons) + 1
    ends = [place for mark in (b",", b"}") if (place := data.find(mark, start)) >= 0]
    return data[:start] + rng.choice(_WORDS) + (data[min(ends) :] if ends else b"")
