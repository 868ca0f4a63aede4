"""Takes secrets out of messages before anything keeps them: by name, by known value, by look. No I/O, no models.

Every secret is replaced by its fingerprint (``…a3f1``), so that two places with one secret can be told to have it.
"""

import json
import re
from collections import deque
from collections.abc import Callable, Iterable
from typing import Final
from urllib.parse import unquote_plus

from tui.exchanges.redaction.needles import Needle, has_escapes, has_percents, misread, needle
from tui.exchanges.redaction.spans import value_span
from tui.secret import MASK, fingerprint

SHORTEST_SECRET: Final = 8
"""Shorter values are only replaced by name: as known values they would hit harmless text."""

_FOUND_LIMIT: Final = 64
_RECENT: Final = 64
_SECRET_HEADERS: Final = frozenset({"authorization", "proxy-authorization", "cookie", "set-cookie"})
_ALWAYS: Final = (
    "access_token|refresh_token|id_token|client_secret|code_verifier|assertion|client_assertion|password|passwd"
    "|accesstoken|refreshtoken|idtoken|clientsecret|codeverifier|licensekey|token|secret"
)
_IN_SIGN_IN: Final = "code|state"
"""Secrets of a sign-in only: everywhere else jobs have states and errors have codes."""
_MARK: Final = re.compile((MASK + "[0-9a-f]{4}").encode() + rb"\Z")


def _json_key(names: str) -> re.Pattern[bytes]:
    return re.compile(rb'(?i)(?<!\\)(\\*)"(' + names.encode() + rb')\1"\s*:\s*')


_JSON_KEY: Final = _json_key(_ALWAYS)
_JSON_KEY_SIGN_IN: Final = _json_key(f"{_ALWAYS}|{_IN_SIGN_IN}|result")
_JSON_KEY_RESULT: Final = _json_key(f"{_ALWAYS}|result")
_NAME_HINTS: Final = (b'token"', b"token\\", b"secret", b"passw", b"licensekey")
"""Of these one stands in a lower-cased message that has a secret's name as a JSON name, outside sign-in."""
_PARAMETER_HINTS: Final = (b"_token=", b"?token=", b"&token=", b"secret=", b"passw", b"verifier=", b"code=", b"state=")
_FORM_START: Final = re.compile(rb"(?i)(?:" + f"{_ALWAYS}|{_IN_SIGN_IN}".encode() + rb")=")
_PARAMETER: Final = re.compile(
    rb"(?i)(?P<before>(?:\A|[?&;#]|\\u0026|&amp;)(?P<name>" + f"{_ALWAYS}|{_IN_SIGN_IN}".encode() + rb")=)"
    rb"(?P<value>[^&\s\"'<>#;\\]+)"
)
_JWT: Final = re.compile(rb"eyJ[A-Za-z0-9_-]{8,}(?:\.[A-Za-z0-9_-]*){1,4}")
_JWT_CUT: Final = re.compile(rb"eyJ[A-Za-z0-9_-]*(?:\.[A-Za-z0-9_-]*)*\Z")
_PAT: Final = re.compile(rb"(?i)rt_[0-9a-f]{16,}(?:-\d+)?")
_COOKIE: Final = re.compile(r"(=\s*)([^;]+)")


class Redactor:
    """Replaces secrets. Learns values as it goes; one a session, shared by everything that keeps text."""

    def __init__(self) -> None:
        self._needles: tuple[Needle, ...] = ()
        self._live: dict[str, Needle] = {}
        self._live_needles: tuple[Needle, ...] = ()
        self._found_values: dict[str, Needle] = {}
        self._recent: deque[Needle] = deque(maxlen=_RECENT)
        self._listeners: list[Callable[[Needle], None]] = []
        self.learned = 0
        """How many secrets were learned so far."""

    def subscribe(self, listener: Callable[[Needle], None]) -> None:
        """Tell ``listener`` once of each secret that is and was learned, in whatever thread that happens.

        A second subscription of the same listener changes nothing.
        """
        if listener not in self._listeners:
            self._listeners.append(listener)
            for each in tuple(self._recent):
                listener(each)

    def learned_since(self, learned: int) -> tuple[Needle, ...]:
        """Return what was learned since ``learned`` secrets were, of very many the latest."""
        new = self.learned - learned
        return tuple(self._recent)[-new:] if new > 0 else ()

    def _tell(self, *new: Needle) -> None:
        for each in new:
            self._recent.append(each)
            self.learned += 1
            for listener in self._listeners:
                listener(each)

    def learn(self, secret: str) -> None:
        """Replace the live ``secret`` from now on wherever it turns up, in whatever encoding or shortened."""
        if secret in self._live or not _is_learnable(secret):
            return
        self._found_values.pop(secret, None)
        new = [needle(secret, thorough=True)]
        self._live[secret] = new[0]
        if not secret.isascii():
            wrong = misread(secret)
            self._live[wrong.value.decode()] = wrong
            new.append(wrong)
        self._sort()
        self._tell(*new)

    def _found(self, secret: str) -> None:
        """Learn a value that stood under a secret's name; only the latest of these are kept."""
        if secret in self._live or secret in self._found_values or not _is_learnable(secret):
            return
        new = needle(secret)
        self._found_values[secret] = new
        if len(self._found_values) > _FOUND_LIMIT:
            del self._found_values[next(iter(self._found_values))]
        self._sort()
        self._tell(new)

    def _sort(self) -> None:
        # Longest first: one secret may be a part of another.
        every = [*self._live.values(), *self._found_values.values()]
        self._needles = tuple(sorted(every, key=lambda each: -len(each.value)))
        self._live_needles = tuple(each for each in self._needles if each.beginnings)

    def live(self, data: bytes) -> bytes:
        """Return ``data`` with the live secrets replaced and nothing else, so that JSON keeps its values.

        Short ones are left: as a password of a proxy may, they could be any word or number of an answer.
        """
        escapes, percents = has_escapes(data), has_percents(data)
        for each in self._live_needles:
            data = each.replace_in(data, escapes=escapes, percents=percents)
        for each in self._live_needles:
            data = each.replace_beginnings_in(data)
        return data

    def headers(self, headers: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
        """Return ``headers`` in their order, secret values replaced; schemes, cookie names and attributes stay."""
        named = self.named_headers(headers)
        if self.is_harmless(*(value for _, value in named)):
            return named
        return tuple((name, self.text(value)) for name, value in named)

    def named_headers(self, headers: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
        """Return ``headers`` with only those replaced that hold secrets by their name."""
        return tuple(
            (name, self._named(lowered, value)) if (lowered := name.lower()) in _SECRET_HEADERS else (name, value)
            for name, value in headers
        )

    def is_harmless(self, *parts: str | bytes) -> bool:
        """Tell whether no part holds a secret: one look at all of them is much cheaper than one at each."""
        data = b"\n".join(part if isinstance(part, bytes) else part.encode("utf-8", "surrogatepass") for part in parts)
        return self._redact(data, keys=_keys_of(data)) == data

    def url(self, url: str) -> str:
        """Return an address with the secrets in its query, fragment and path replaced."""
        return self.text(url)

    def text(self, text: str) -> str:
        """Return any text with the secrets replaced."""
        data = text.encode("utf-8", "surrogatepass")
        redacted = self._redact(data)
        return text if redacted == data else redacted.decode("utf-8", "surrogatepass")

    def body(self, data: bytes, content_type: str = "", *, truncated: bool = False, sign_in: bool = False) -> bytes:
        """Return a body with the secrets replaced. JSON stays JSON, every other byte as it was.

        Values that stand under a secret's name are learned. Give the whole message; ``truncated`` says that its end is
        missing, so a beginning of a secret at the end goes too. ``sign_in`` says that it asks for a token: then its
        ``code`` and ``state`` are secrets.
        """
        if not data:
            return data
        keys = _JSON_KEY_SIGN_IN if sign_in else _keys_of(data)
        wide = wide_encoding(data, content_type)
        if wide:
            return self._redact(data.decode(wide, "replace").encode(), keys=keys).decode().encode(wide, "replace")
        redacted = self._redact(data, keys=keys)
        if truncated:
            for each in self._needles:
                redacted = each.cut_tail(redacted)
            redacted = _JWT_CUT.sub(lambda match: _mark_of(match[0]), redacted)
        return redacted

    def _named(self, name: str, value: str) -> str:
        if name == "set-cookie":
            return _COOKIE.sub(self._cookie, value, count=1)
        if name == "cookie":
            return _COOKIE.sub(self._cookie, value)
        scheme, space, credentials = value.partition(" ")
        if not space:
            scheme, credentials = "", value
        self._found(credentials)
        return f"{scheme}{space}{_fingerprinted(credentials)}"

    def _cookie(self, match: re.Match[str]) -> str:
        self._found(match[2])
        return match[1] + _fingerprinted(match[2])

    def _redact(self, data: bytes, *, keys: re.Pattern[bytes] = _JSON_KEY) -> bytes:
        escapes, percents = has_escapes(data), has_percents(data)
        for each in self._needles:
            data = each.replace_in(data, escapes=escapes, percents=percents)
        data = self._by_name(data, keys=keys)
        if b"eyJ" in data:
            data = _JWT.sub(lambda match: _mark_of(match[0]), data)
        if b"rt_" in data or b"RT_" in data:
            data = _PAT.sub(lambda match: _mark_of(match[0]), data)
        # After whole tokens: every token of one service begins alike.
        for each in self._live_needles:
            data = each.replace_beginnings_in(data)
        return data

    def _by_name(self, data: bytes, *, keys: re.Pattern[bytes]) -> bytes:
        lowered = data.lower()
        if keys is not _JSON_KEY or any(hint in lowered for hint in _NAME_HINTS):
            data = self._json_values(data, keys)
        if any(hint in lowered for hint in _PARAMETER_HINTS) or _FORM_START.match(data):
            data = _PARAMETER.sub(self._parameter, data)
        return data

    def _parameter(self, match: re.Match[bytes]) -> bytes:
        value = match["value"]
        if _MARK.match(value):
            return match[0]
        decoded = unquote_plus(value.decode("utf-8", "replace"))
        if match["name"].lower() not in _LOCAL_NAMES:
            self._found(decoded)
        return match["before"] + fingerprint(decoded).encode()

    def _json_values(self, data: bytes, pattern: re.Pattern[bytes]) -> bytes:
        """Replace the values under matching names; a name may stand in JSON within a JSON string, to any depth."""
        kept: list[bytes] = []
        done = 0
        for match in pattern.finditer(data):
            if match.start() < done:
                continue
            start, end, quote = value_span(data, match.end(), match[1])
            is_number = bool(quote)
            if start == end or (is_number and match[2].lower() in _LOCAL_NAMES):
                continue
            secret = _decoded(data[start:end], len(match[1]))
            if _is_mark(secret) or not secret:
                continue
            if match[2].lower() != b"state":
                self._found(secret)
            kept += [data[done:start], quote, fingerprint(secret).encode(), quote]
            done = end
        return b"".join([*kept, data[done:]]) if kept else data


_NAMES: Final = frozenset(f"{_ALWAYS}|{_IN_SIGN_IN}".split("|"))
_LOCAL_NAMES: Final = frozenset(_IN_SIGN_IN.encode().split(b"|"))


def _decoded(raw: bytes, escapes: int) -> str:
    """Return the text of a JSON string's inside, unescaped as often as it is nested."""
    text = raw.decode("utf-8", "replace")
    depth = (escapes + 1).bit_length()
    for _ in range(depth):
        try:
            text = str(json.loads(f'"{text}"', strict=False))
        except ValueError:
            break
    return text


def _keys_of(data: bytes) -> re.Pattern[bytes]:
    """Return the names of secrets in a body: in the answer of ``/api/Account/Authenticate`` the result is a token."""
    is_authenticate = b"unAuthorizedRequest" in data or b"__abp" in data
    return _JSON_KEY_RESULT if is_authenticate and b'"result' in data.lower() else _JSON_KEY


def wide_encoding(data: bytes, content_type: str) -> str:
    """Return the encoding of a body whose characters take more than a byte each; empty for all others."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")) or "utf-16" in content_type.lower():
        return "utf-16"
    return ""


def _is_learnable(secret: str) -> bool:
    return len(secret) >= SHORTEST_SECRET and not _is_mark(secret) and secret.lower() not in _NAMES


def _is_mark(text: str) -> bool:
    return len(text) == 5 and text.startswith(MASK)


def _fingerprinted(text: str) -> str:
    return text if _is_mark(text) else fingerprint(text)


def _mark_of(match: bytes) -> bytes:
    return fingerprint(match.decode("ascii", "replace")).encode()
