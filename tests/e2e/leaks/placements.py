"""Seven kinds of secrets, and twenty places of a request or an answer in which one may stand."""

import base64
import html
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote, quote_plus

from tui.exchanges.model import Purpose


def jwt(name: str) -> str:
    """Return a token that looks like a signed one and is not."""
    parts = ({"alg": "RS256", "typ": "JWT"}, {"sub": f"{name}-of-nobody", "iss": "https://issuer.example"})
    encoded = [base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode() for part in parts]
    return ".".join([*encoded, f"made-up_signature-of-the-{name}"])


KINDS: Final = {
    "user key": "8f3kQ0-invented_user-key_of-43-characters-01",
    "personal access token": f"rt_{'5ec3e7a9' * 8}-1",
    "access token": jwt("access"),
    "id token": jwt("id"),
    "refresh token": "Opaque+Refresh/Token=made~up.for-tests_0123456789==",
    "client secret": "a~B3$k9!(x)^inv'ented*secret&of<an>app\"lication\\%41",
    "password": 'Quay Straße & <Lantern lit> at "dusk" ünder 7731',
}


@dataclass(frozen=True)
class Placed:
    """One call with the secret in one place: what is asked, and the bytes that answer it."""

    path: str = "/odata/Jobs"
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes | None = None
    answer: bytes = b'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 12\r\n\r\n{"value":[]}'
    purpose: Purpose = Purpose.PREPARE
    limit: int = 0


def _answered(
    data: str | bytes, *, head: str = "", status: str = "400 Bad Request", kind: str = "application/json", more: int = 0
) -> bytes:
    body = data if isinstance(data, bytes) else data.encode()
    lines = f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {len(body) + more}\r\n{head}\r\n"
    return lines.encode() + body


def _all_escaped(secret: str) -> str:
    return "".join(f"\\u{ord(letter):04x}" for letter in secret)


def _cut(secret: str) -> Placed:
    part = secret[: len(secret) * 2 // 3]
    return Placed(answer=_answered(json.dumps({"note": f"it was {part}"})[:-2], status="200 OK", more=500))


def _over(secret: str) -> Placed:
    before = '{"message": "it was '
    return Placed(answer=_answered(f'{before}{secret} and more"}}', status="200 OK"), limit=len(before) + 20)


JSON: Final = ("Content-Type", "application/json")
FORM: Final = ("Content-Type", "application/x-www-form-urlencoded")
PLACEMENTS: Final[dict[str, Callable[[str], Placed]]] = {
    "address, query": lambda secret: Placed(f"/odata/Jobs?note={quote(secret, safe='')}"),
    "address, path": lambda secret: Placed(f"/odata/Jobs/{quote(secret, safe='')}/more"),
    "authorization": lambda secret: Placed(headers=(("Authorization", f"Bearer {secret}"),)),
    "basic": lambda secret: Placed(
        headers=(("Authorization", "Basic " + base64.b64encode(f"an-app:{secret}".encode()).decode()),)
    ),
    "header of its own": lambda secret: Placed(headers=(("X-Given", secret),)),
    "cookie": lambda secret: Placed(headers=(("Cookie", f"session={quote(secret)}; theme=dark"),)),
    "asked JSON, by name": lambda secret: Placed(body=json.dumps({"client_secret": secret}).encode(), headers=(JSON,)),
    "asked JSON, a value": lambda secret: Placed(body=json.dumps({"note": [secret]}).encode(), headers=(JSON,)),
    "asked form": lambda secret: Placed(
        body=f"grant_type=x&refresh_token={quote_plus(secret)}&z=1".encode(), headers=(FORM,), purpose=Purpose.SIGN_IN
    ),
    "answered header": lambda secret: Placed(answer=_answered("{}", head=f"X-Debug: it was {secret}\r\n")),
    "set-cookie": lambda secret: Placed(answer=_answered("{}", head=f"Set-Cookie: s={quote(secret)}; Path=/\r\n")),
    "reason": lambda secret: Placed(answer=_answered("{}", status=f"400 No {secret} here")),
    "location": lambda secret: Placed(
        answer=_answered("", head=f"Location: https://x.example/?a={quote(secret)}\r\n", status="302 Found")
    ),
    "answered JSON, by name": lambda secret: Placed(answer=_answered(json.dumps({"access_token": secret}))),
    "JSON in JSON": lambda secret: Placed(
        answer=_answered(json.dumps({"OutputArguments": json.dumps({"note": json.dumps({"deep": secret})})}))
    ),
    "unicode escapes": lambda secret: Placed(answer=_answered(f'{{"message": "{_all_escaped(secret)}"}}')),
    "page": lambda secret: Placed(answer=_answered(f"<p>{html.escape(secret)}</p>", kind="text/html")),
    "base64 in an answer": lambda secret: Placed(
        answer=_answered(json.dumps({"echo": base64.urlsafe_b64encode(f"id:{secret}".encode()).decode()}))
    ),
    "cut by the wire": _cut,
    "cut by the limit": _over,
}
