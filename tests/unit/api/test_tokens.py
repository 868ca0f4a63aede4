import base64
import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.api.deployments import Generation
from tui.api.sign_in.tokens import TokenKind, recognise

OLD, TODAY = Generation.CLOUD_2019, Generation.TODAY
KEY = "An1nvented-user_key.of43characters0123456789"
PAT = "rt_" + "51a0" * 16 + "-1"
GUID = "be33946f-9337-5b59-849b-8822fd27e545"


def jwt(**claims: object) -> str:
    def part(data: object) -> str:
        return base64.urlsafe_b64encode(json.dumps(data).encode()).decode().rstrip("=")

    return f"{part({'alg': 'RS256'})}.{part(claims)}.c2lnbmF0dXJl"


ACCESS = jwt(sub="user", prt_id=GUID, exp=1560331692, email="ada@example.com", scope="OR.Jobs")
IDENTITY = jwt(sub="user", nonce="n", at_hash="h")
ANSWER = json.dumps({"access_token": ACCESS, "refresh_token": KEY, "id_token": IDENTITY, "expires_in": 86400})

CASES = [
    (KEY, OLD, TokenKind.USER_KEY, True),
    (KEY, TODAY, TokenKind.USER_KEY, False),
    (f"  Bearer {KEY}\n", OLD, TokenKind.USER_KEY, True),
    (f'"{KEY}",', OLD, TokenKind.USER_KEY, True),
    (f"“{KEY}”", OLD, TokenKind.USER_KEY, True),
    (f"{KEY[:20]}\n{KEY[20:]}", OLD, TokenKind.USER_KEY, True),
    (f"\ufeff{KEY}", OLD, TokenKind.USER_KEY, True),
    (PAT, TODAY, TokenKind.PERSONAL_ACCESS_TOKEN, True),
    (f"Authorization: Bearer {PAT}", TODAY, TokenKind.PERSONAL_ACCESS_TOKEN, True),
    (PAT, OLD, TokenKind.PERSONAL_ACCESS_TOKEN, False),
    (ACCESS, TODAY, TokenKind.ACCESS_TOKEN, True),
    (f"{ACCESS[:60]}\n  {ACCESS[60:]}", TODAY, TokenKind.ACCESS_TOKEN, True),
    (ACCESS, OLD, TokenKind.ACCESS_TOKEN, False),
    (ACCESS[:-30].rsplit(".", 1)[0] + ".x.y", TODAY, TokenKind.UNKNOWN, False),
    (IDENTITY, TODAY, TokenKind.UNKNOWN, False),
    (jwt(sub="user", aud="8DEv1AMNXczW3y4U15LL3jYf62jK93n5", email="ada@example.com"), TODAY, TokenKind.UNKNOWN, False),
    (jwt(sub="user", aud=[GUID], azp=GUID), TODAY, TokenKind.UNKNOWN, False),
    (jwt(sub="user", aud=GUID, client_id=GUID), TODAY, TokenKind.UNKNOWN, False),
    (jwt(sub="user", aud=GUID, c_hash="h"), TODAY, TokenKind.UNKNOWN, False),
    (jwt(sub="user", aud=GUID, client_id=GUID, scope=["OR.Jobs"]), TODAY, TokenKind.ACCESS_TOKEN, True),
    (jwt(sub="user", aud="UiPath.Orchestrator", client_id=GUID), TODAY, TokenKind.ACCESS_TOKEN, True),
    (jwt(sub="user", aud=["UiPath.Orchestrator", GUID], client_id=GUID), TODAY, TokenKind.ACCESS_TOKEN, True),
    (jwt(sub="user", client_id=GUID, nonce="n", scope="OR.Jobs"), TODAY, TokenKind.ACCESS_TOKEN, True),
    (ANSWER, OLD, TokenKind.TOKEN_ANSWER, True),
    (ANSWER, TODAY, TokenKind.TOKEN_ANSWER, True),
    (json.dumps({"refresh_token": KEY}), TODAY, TokenKind.TOKEN_ANSWER, False),
    (json.dumps({"access_token": ACCESS}), OLD, TokenKind.TOKEN_ANSWER, False),
    ('{"error":"invalid_grant"}', OLD, TokenKind.UNKNOWN, False),
    ('{"access_token": "cut', OLD, TokenKind.UNKNOWN, False),
    ("{" * 100_000, OLD, TokenKind.UNKNOWN, False),
    ("https://account.uipath.com/mobile?code=abcDEF123&state=x", OLD, TokenKind.REDIRECT_ADDRESS, False),
    ("account.uipath.com/mobile?code=abcDEF123", OLD, TokenKind.REDIRECT_ADDRESS, False),
    ("https://account.uipath.com/portal_/unhandlederror?error=x", OLD, TokenKind.REDIRECT_ADDRESS, False),
    ("https://cloud.uipath.com/acme/DefaultTenant/orchestrator_/", TODAY, TokenKind.TENANT_ADDRESS, False),
    ("cloud.uipath.com/acme/DefaultTenant", TODAY, TokenKind.TENANT_ADDRESS, False),
    ("https://cloud.uipath.com", TODAY, TokenKind.UNKNOWN, False),
    ("https://[::1", TODAY, TokenKind.UNKNOWN, False),
    (GUID, TODAY, TokenKind.CLIENT_ID, False),
    (GUID.upper(), OLD, TokenKind.CLIENT_ID, False),
    ("8DEv1AMNXczW3y4U15LL3jYf62jK93n5", OLD, TokenKind.CLIENT_ID, False),
    ("hunter2", OLD, TokenKind.PASSWORD, False),
    ("P@ssw0rd!", TODAY, TokenKind.PASSWORD, False),
    ("what is a user key?", OLD, TokenKind.UNKNOWN, False),
    ("", OLD, TokenKind.EMPTY, False),
    (' \n"" ', TODAY, TokenKind.EMPTY, False),
]


@pytest.mark.parametrize(("text", "generation", "kind", "usable"), CASES)
def test_says_what_was_pasted(text: str, generation: Generation, kind: TokenKind, usable: bool) -> None:
    found = recognise(text, generation)
    assert (found.kind, found.usable) == (kind, usable), found.sentence
    assert found.sentence.endswith(".")
    assert not found.usable or found.secret


@pytest.mark.parametrize("wrapped", [KEY, f"Bearer {KEY}", f"'{KEY}'", f"{KEY[:9]}\n{KEY[9:]}"])
def test_the_secret_is_the_bare_value(wrapped: str) -> None:
    assert recognise(wrapped, OLD).secret.reveal() == KEY


def test_parts_of_what_was_pasted() -> None:
    token = recognise(ACCESS, TODAY)
    assert token.organization_id == GUID
    assert token.expires_at == datetime(2019, 6, 12, 9, 28, 12, tzinfo=UTC)
    assert "2019-06-12 09:28 UTC" in token.sentence
    assert token.email == "ada@example.com"
    assert recognise(ANSWER, OLD).secret.reveal() == KEY
    assert recognise(ANSWER, TODAY).secret.reveal() == ACCESS
    assert recognise(ANSWER, OLD).id_token.reveal() == IDENTITY
    address = recognise("https://cloud.uipath.com/acme/My%20Tenant/orchestrator_/x", TODAY)
    assert (address.organization, address.tenant) == ("acme", "My Tenant")
    assert recognise("https://account.uipath.com/mobile?code=abcDEF123", OLD).secret.reveal() == "abcDEF123"


@given(st.text(), st.sampled_from([OLD, TODAY]))
def test_any_text_is_answered(text: str, generation: Generation) -> None:
    found = recognise(text, generation)
    assert found.sentence


@given(st.text(alphabet=st.characters(min_codepoint=33, max_codepoint=126), min_size=12), st.sampled_from([OLD, TODAY]))
def test_neither_sentence_nor_repr_holds_the_value(text: str, generation: Generation) -> None:
    found = recognise(text, generation)
    assert found.secret.reveal() not in found.sentence or not found.secret
    assert text not in found.sentence
    if found.secret and not found.organization:
        assert found.secret.reveal() not in repr(found)


def test_odd_claims_are_no_trouble() -> None:
    for exp in (True, "x", 1e300, -1e300, None, [1]):
        assert recognise(jwt(exp=exp, prt_id=7, email={"a": 1}), TODAY).usable
    assert recognise(jwt(org_name="a\u001b[31mb"), TODAY).organization == "a␛[31mb"
