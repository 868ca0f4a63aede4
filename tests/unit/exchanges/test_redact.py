import base64
import html
import json
import time
from collections.abc import Callable
from urllib.parse import quote, quote_plus, urlencode

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tui.exchanges.redaction.redact import Redactor
from tui.secret import fingerprint

SECRET = 'S3cret+"va/lue\\=&ü'
PLAIN = "uHqKN0-abcDEF_0123456789xyz"
TOKEN = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJ4In0.c2lnbmF0dXJl"
PAT = "rt_" + "51a0" * 16 + "-1"


def unicode_escaped(text: str, form: str = "\\u%04x") -> str:
    data = text.encode("utf-16-be")
    return "".join(form % int.from_bytes(data[place : place + 2], "big") for place in range(0, len(data), 2))


def dotnet_json(text: str) -> str:
    return "".join(c if c.isalnum() and c.isascii() else unicode_escaped(c, "\\u%04X") for c in text)


ENCODINGS: dict[str, Callable[[str], str]] = {
    "raw": lambda text: text,
    "JSON": lambda text: json.dumps(text, ensure_ascii=False)[1:-1],
    "JSON in ASCII": lambda text: json.dumps(text)[1:-1],
    "JSON in JSON": lambda text: json.dumps(json.dumps({"x": text})),
    "JSON three deep": lambda text: json.dumps(json.dumps(json.dumps({"x": text}))),
    "JSON of .NET": dotnet_json,
    "slashes escaped": lambda text: json.dumps(text)[1:-1].replace("/", "\\/"),
    "unicode escapes": unicode_escaped,
    "unicode escapes in capitals": lambda text: unicode_escaped(text, "\\u%04X"),
    "percent": lambda text: quote(text, safe=""),
    "percent in lower case": lambda text: "".join(
        chr(byte) if chr(byte).isalnum() and byte < 128 else f"%{byte:02x}" for byte in text.encode()
    ),
    "percent twice": lambda text: quote(quote(text, safe=""), safe=""),
    "percent everywhere": lambda text: "".join(f"%{byte:02X}" for byte in text.encode()),
    "percent, slash kept": quote,
    "form": quote_plus,
    "HTML": html.escape,
    "HTML numbers": lambda text: "".join(c if c.isalnum() and c.isascii() else f"&#{ord(c)};" for c in text),
    "base64": lambda text: base64.b64encode(text.encode()).decode(),
    "base64 of id:secret": lambda text: base64.b64encode(b"an-id:" + text.encode()).decode(),
    "base64 of id2:secret": lambda text: base64.b64encode(b"an-id2:" + text.encode()).decode(),
    "base64 for addresses": lambda text: base64.urlsafe_b64encode(b"an-id12:" + text.encode()).decode(),
}


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("secret", [SECRET, PLAIN, TOKEN, PAT, "p\U0001f600ssword-with-emoji", "with a space in it"])
def test_a_known_value_goes_in_any_encoding(secret: str, encoding: str) -> None:
    redactor = Redactor()
    redactor.learn(secret)
    hidden = ENCODINGS[encoding](secret)
    for data in (f"before {hidden} after", hidden, f'{{"a":"{hidden}"}}', f"https://x.example/{hidden}?q={hidden}#x"):
        text = redactor.body(data.encode()).decode()
        assert hidden not in text
        assert secret not in text
        assert fingerprint(secret) in text
    assert hidden not in redactor.text(f"x {hidden} y")


@given(
    st.text(st.characters(min_codepoint=0x20, exclude_categories=["Cs"]), min_size=8, max_size=40),
    st.sampled_from(sorted(ENCODINGS)),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=20),
)
@settings(max_examples=400, deadline=None)
def test_any_value_goes_in_any_encoding(secret: str, encoding: str, around: str) -> None:
    redactor = Redactor()
    redactor.learn(secret)
    # The name of a secret ("accesstoken") is no secret.
    assume(redactor.learned)
    hidden = ENCODINGS[encoding](secret)
    text = redactor.text(f"{around}|{hidden}|{around}")
    assert hidden not in text.replace(around, "") or hidden in around * 2


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda inner: (
            st.lists(inner, max_size=4)
            | st.dictionaries(st.sampled_from(["token", "Id", "password", "code", "x"]) | st.text(), inner, max_size=4)
        ),
    )
)
@settings(max_examples=300, deadline=None)
def test_json_stays_json_in_order(data: object) -> None:
    redactor = Redactor()
    body = json.dumps(data).encode()
    found = json.loads(redactor.body(body, "application/json"))
    assert type(found) is type(data) or isinstance(data, int)
    if isinstance(data, dict):
        assert isinstance(found, dict)
        assert list(found) == list(json.loads(body))
    assert redactor.body(redactor.body(body)) == redactor.body(body)


SIGN_IN = {"grant_type": "authorization_code", "code": "short", "code_verifier": PLAIN, "client_id": "public-id-1234"}


def test_names_in_json() -> None:
    body = json.dumps({"access_token": TOKEN, "id_token": "opaque-id-token", "refresh_token": None, "expires_in": 1})
    found = json.loads(Redactor().body(body.encode()))
    assert found == {
        "access_token": fingerprint(TOKEN),
        "id_token": fingerprint("opaque-id-token"),
        "refresh_token": None,
        "expires_in": 1,
    }
    found = json.loads(Redactor().body(json.dumps(SIGN_IN).encode(), sign_in=True))
    assert found["code"] == fingerprint("short")
    assert found["client_id"] == "public-id-1234"
    found = json.loads(Redactor().body(b'{"a":{"Password":"p\\"w","n":[{"client_secret":12345}]}}'))
    assert found == {"a": {"Password": fingerprint('p"w'), "n": [{"client_secret": fingerprint("12345")}]}}


def test_names_in_json_within_json() -> None:
    inner = json.dumps({"user": "u", "password": 'pa"ss\\word', "deeper": json.dumps({"client_secret": "abcdefgh"})})
    body = json.dumps({"InputArguments": inner, "after": 1}).encode()
    found = json.loads(Redactor().body(body))
    again = json.loads(found["InputArguments"])
    assert again["password"] == fingerprint('pa"ss\\word')
    assert json.loads(again["deeper"]) == {"client_secret": fingerprint("abcdefgh")}
    assert found["after"] == 1


def test_names_in_forms_and_addresses() -> None:
    form = urlencode({**SIGN_IN, "refresh_token": SECRET}).encode()
    text = Redactor().body(form, "application/x-www-form-urlencoded").decode()
    assert "short" not in text
    assert f"refresh_token={fingerprint(SECRET)}" in text
    assert "client_id=public-id-1234" in text
    first = Redactor().body(b"code=abc&x=1", "application/x-www-form-urlencoded").decode()
    assert first == f"code={fingerprint('abc')}&x=1"
    url = Redactor().url("https://account.uipath.com/mobile?code=abcDEF&state=xyz&x=1#access_token=zzz")
    assert url == (
        f"https://account.uipath.com/mobile?code={fingerprint('abcDEF')}&state={fingerprint('xyz')}&x=1"
        f"#access_token={fingerprint('zzz')}"
    )


def test_what_is_found_by_name_is_known_at_once() -> None:
    redactor = Redactor()
    redactor.body(json.dumps({"access_token": PLAIN}).encode())
    assert PLAIN not in redactor.text(f"later: {PLAIN}")
    assert (
        redactor.text(
            "x",
        )
        == "x"
    )


def test_harmless_names_stay() -> None:
    for text in (
        '{"State":"Running","code":"Robot.Failed","Result":"ok","errorCode":1002,"status":"ok"}',
        '{"Type":"System.String, mscorlib, PublicKeyToken=b77a5c561934e089"}',
        "https://x.example/odata/Jobs?$filter=State%20eq%20'Running'&$top=1",
        '{"token":null,"password":""}',
    ):
        assert Redactor().text(text) == text
        assert Redactor().body(text.encode()) == text.encode()


def test_the_password_sign_ins_result_is_a_token() -> None:
    body = {"result": "opaque-token", "targetUrl": None, "success": True, "unAuthorizedRequest": False, "__abp": True}
    assert json.loads(Redactor().body(json.dumps(body).encode()))["result"] == fingerprint("opaque-token")


def test_headers() -> None:
    redactor = Redactor()
    found = redactor.headers(
        [
            ("Authorization", f"Bearer {PLAIN}"),
            ("proxy-authorization", "Basic dXNlcjpwYXNzd29yZA=="),
            ("Cookie", "a=12345678; b=short"),
            ("Set-Cookie", "ARRAffinity=abcdef0123456789; Path=/; HttpOnly"),
            ("Location", "https://x.example/?code=abc"),
            ("X-Other", PLAIN),
            ("Content-Type", "application/json"),
        ]
    )
    assert found == (
        ("Authorization", f"Bearer {fingerprint(PLAIN)}"),
        ("proxy-authorization", f"Basic {fingerprint('dXNlcjpwYXNzd29yZA==')}"),
        ("Cookie", f"a={fingerprint('12345678')}; b={fingerprint('short')}"),
        ("Set-Cookie", f"ARRAffinity={fingerprint('abcdef0123456789')}; Path=/; HttpOnly"),
        ("Location", f"https://x.example/?code={fingerprint('abc')}"),
        ("X-Other", fingerprint(PLAIN)),
        ("Content-Type", "application/json"),
    )


def test_looks() -> None:
    redactor = Redactor()
    assert redactor.text(f"a {TOKEN} b") == f"a {fingerprint(TOKEN)} b"
    assert redactor.text(f"a {PAT} b") == f"a {fingerprint(PAT)} b"


@pytest.mark.parametrize("cut", range(9, 40, 3))
def test_a_cut_message_keeps_no_beginning_of_a_secret(cut: int) -> None:
    redactor = Redactor()
    redactor.learn(PLAIN * 2)
    body = f'{{"a":"{(PLAIN * 2)[:cut]}'.encode()
    assert PLAIN[:8] not in redactor.body(body, truncated=True).decode()
    assert TOKEN[:12] not in redactor.body(f'{{"x":"{TOKEN[:cut]}'.encode(), truncated=True).decode()
    assert "opaque" not in redactor.body(b'{"refresh_token":"opaque-and-cut').decode()


def test_wide_text() -> None:
    redactor = Redactor()
    redactor.learn(PLAIN)
    assert PLAIN not in redactor.body(f'{{"x":"{PLAIN}"}}'.encode("utf-16")).decode("utf-16")


def test_short_and_known_words_are_not_learned() -> None:
    redactor = Redactor()
    for word in ("short", "password", "access_token", fingerprint("x")):
        redactor.learn(word)
    assert redactor.text("short password access_token") == "short password access_token"


def test_a_secret_within_another_goes_as_the_longer() -> None:
    redactor = Redactor()
    redactor.learn("abcdefgh")
    redactor.learn("xx-abcdefgh-yy")
    assert redactor.text("xx-abcdefgh-yy abcdefgh") == f"{fingerprint('xx-abcdefgh-yy')} {fingerprint('abcdefgh')}"


def test_only_the_latest_found_values_are_kept() -> None:
    redactor = Redactor()
    redactor.learn(PLAIN)
    for number in range(200):
        redactor.body(json.dumps({"LicenseKey": f"licence-number-{number:04}"}).encode())
    assert "0199" not in redactor.text("licence-number-0199")
    assert redactor.text("licence-number-0000") == "licence-number-0000"
    assert PLAIN not in redactor.text(PLAIN)


@given(st.binary())
def test_any_bytes_are_survived(data: bytes) -> None:
    redactor = Redactor()
    redactor.learn(PLAIN)
    redactor.body(data)
    redactor.body(data, "text/plain; charset=utf-16", truncated=True)


STRANGE: dict[str, Callable[[str], str]] = {
    "hex": lambda text: text.encode().hex(),
    "hex in capitals": lambda text: text.encode().hex().upper(),
    "base64 of base64": lambda text: base64.b64encode(base64.b64encode(text.encode())).decode(),
    "base64 of base64 of id:secret": lambda text: base64.b64encode(
        b"x" + base64.b64encode(b"id:" + text.encode())
    ).decode(),
    "base64 of base64 for addresses": lambda text: base64.urlsafe_b64encode(
        base64.urlsafe_b64encode(b"ab" + text.encode())
    ).decode(),
    "its first twelve characters": lambda text: text[:12],
    "its first twenty characters": lambda text: f"{text[:20]}…",
}


@pytest.mark.parametrize("form", STRANGE)
@pytest.mark.parametrize("secret", ["uk/SECRET+SECRET=SECRET_12345", PLAIN, PAT])
def test_a_live_value_goes_in_strange_forms(secret: str, form: str) -> None:
    redactor = Redactor()
    redactor.learn(secret)
    hidden = STRANGE[form](secret)
    for text in (f"before {hidden} after", hidden, f"{hidden}{hidden} {hidden}"):
        for found in (redactor.text(text), redactor.live(text.encode()).decode()):
            assert secret[:12] not in found
            assert hidden.rstrip("…") not in found
            assert "…" in found


def test_shortened_tokens_hide_no_other_token_half() -> None:
    redactor = Redactor()
    redactor.learn(TOKEN)
    other = TOKEN.partition(".")[0] + ".eyJzdWIiOiJ5In0.b3RoZXI"
    assert redactor.text(f"{other} {TOKEN[:14]}…") == f"{fingerprint(other)} {fingerprint(TOKEN)}…"


@pytest.mark.parametrize("before", ["\n", "\u00fc", "\t", "/", "\\", '"', "n"])
def test_an_answer_with_an_encoded_secret_stays_json(before: str) -> None:
    redactor = Redactor()
    redactor.learn(PLAIN)
    for encode in (*ENCODINGS.values(), *STRANGE.values()):
        for ascii_only in (True, False):
            body = json.dumps({"Info": f"{before}{encode(PLAIN)}{before}", "Id": 7}, ensure_ascii=ascii_only)
            for text in (body, body.replace("/", "\\/")):
                found = json.loads(redactor.live(text.encode()))
                assert found["Id"] == 7
                assert PLAIN not in found["Info"]


def test_only_long_live_values_are_taken_out_of_answers() -> None:
    redactor = Redactor()
    redactor.learn("Successful")
    redactor.body(b'{"password":"a-password-found-by-name"}')
    body = b'{"State":"Successful","Name":"a-password-found-by-name","token":"x"}'
    assert redactor.live(body) == body


def test_a_live_value_that_was_found_first_is_never_forgotten() -> None:
    redactor = Redactor()
    redactor.body(json.dumps({"access_token": PLAIN}).encode())
    redactor.learn(PLAIN)
    for number in range(200):
        redactor.body(json.dumps({"LicenseKey": f"licence-number-{number:04}"}).encode())
    assert PLAIN not in redactor.text(PLAIN)
    assert PLAIN[:12] not in redactor.text(PLAIN[:14])


def test_code_and_state_are_secrets_of_a_sign_in_alone() -> None:
    redactor = Redactor()
    asked = redactor.body(
        json.dumps({"grant_type": "x", "code": "abcdefghi", "state": "Successful"}).encode(), sign_in=True
    )
    assert json.loads(asked) == {
        "grant_type": "x",
        "code": fingerprint("abcdefghi"),
        "state": fingerprint("Successful"),
    }
    assert "abcdefghi" not in redactor.text("Unknown code abcdefghi")
    redactor.url("https://x.example/?state=Faulted--&code=Stopped--")
    redactor.body(b"state=Pending--&code=Running--", "application/x-www-form-urlencoded")
    for text in (
        '{"Info":"grant_type redirect_uri code_verifier","State":"Successful"}',
        '{"grant_type":"x","State":"Successful","code":"Robot.Failed"}',
        '{"State":"Faulted--","a":"Stopped--","b":"Pending--","c":"Running--"}',
    ):
        assert redactor.body(text.encode()).decode() == text


@pytest.mark.parametrize("filling", [b"A", b"\\", b"/", b"%41", b"\\u0041", b"ab "])
def test_the_worst_message_takes_no_longer_than_its_length(filling: bytes) -> None:
    redactor = Redactor()
    redactor.learn(SECRET)
    redactor.learn(PLAIN)
    hit = f'{PLAIN} {base64.b64encode(PLAIN.encode()).decode()} {PLAIN.encode().hex()} "token" {SECRET[:6]}'.encode()
    body = filling * (500_000 // len(filling)) + hit + filling * (500_000 // len(filling))
    began = time.process_time()
    redactor.body(body)
    redactor.live(body)
    assert time.process_time() - began < 10
