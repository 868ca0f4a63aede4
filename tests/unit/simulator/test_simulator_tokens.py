"""Tokens: PKCE, single use, families, lifetimes, and secrets that look invented."""

import base64
import json
import re
from typing import Any

import pytest

from tests.unit.simulator.worlds import ManualClock, make_world
from tui.simulator.generation import Generation
from tui.simulator.sign_in.applications import application_scopes, authenticated
from tui.simulator.sign_in.authorization_codes import AuthorizationRequest
from tui.simulator.sign_in.jwts import challenge_of
from tui.simulator.sign_in.scopes import ORCHESTRATOR_SCOPES
from tui.simulator.sign_in.token_errors import TokenError
from tui.simulator.sign_in.tokens import (
    CLIENT_ID,
    CLIENT_SECRET,
    LOCKED_USERNAME,
    PERSONAL_ACCESS_TOKEN,
    PUBLIC_CLIENT_ID,
    STANDALONE_PASSWORD,
    STANDALONE_USERNAME,
    USER_KEY,
    TokenAuthority,
)

VERIFIER = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
CHALLENGE = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
REDIRECT = "http://localhost:8104/oidc/login"


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def authority(clock: ManualClock) -> TokenAuthority:
    return TokenAuthority(clock, "an-organization")


def code_fields(
    authority: TokenAuthority, generation: Generation = Generation.MODERN, **changes: str
) -> dict[str, str]:
    scope = "openid offline_access OR.Jobs"
    code = authority.authorize(AuthorizationRequest(generation, "app", REDIRECT, scope, CHALLENGE))
    fields = {"code": code, "client_id": "app", "redirect_uri": REDIRECT, "code_verifier": VERIFIER}
    return fields | changes


def claims(token: str) -> dict[str, Any]:
    payload = token.split(".")[1]
    return json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))


def test_the_challenge_of_rfc_7636() -> None:
    assert challenge_of(VERIFIER) == CHALLENGE


def test_secrets_have_the_shape_of_real_ones() -> None:
    assert re.fullmatch(r"[A-Za-z0-9_-]{43,45}", USER_KEY)
    assert re.fullmatch(r"rt_[0-9a-f]{64}-1", PERSONAL_ACCESS_TOKEN)
    assert re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", CLIENT_ID)


def test_a_code_brings_a_jwt_with_the_claims_clients_read(authority: TokenAuthority, clock: ManualClock) -> None:
    answer = authority.redeem_code(Generation.MODERN, code_fields(authority))
    assert (answer["token_type"], answer["expires_in"]) == ("Bearer", 3600)
    assert {"access_token", "refresh_token", "id_token", "scope"} <= answer.keys()
    said = claims(answer["access_token"])
    assert said["prt_id"] == "an-organization"
    assert said["client_id"] == "app"
    assert said["exp"] == int(clock().timestamp()) + 3600
    assert said["sub"]


def test_tokens_come_only_for_scopes_that_ask_for_them(authority: TokenAuthority) -> None:
    code = authority.authorize(AuthorizationRequest(Generation.MODERN, "app", REDIRECT, "OR.Jobs", CHALLENGE))
    answer = authority.redeem_code(Generation.MODERN, code_fields(authority, code=code))
    assert not {"refresh_token", "id_token"} & answer.keys()


@pytest.mark.parametrize(
    "changes",
    [
        {"code": "another"},
        {"client_id": "another"},
        {"redirect_uri": "http://localhost:1"},
        {"code_verifier": "another"},
        {"code_verifier": ""},
    ],
)
def test_a_code_that_does_not_fit_is_refused(authority: TokenAuthority, changes: dict[str, str]) -> None:
    with pytest.raises(TokenError) as caught:
        authority.redeem_code(Generation.MODERN, code_fields(authority) | changes)
    assert caught.value.error == "invalid_grant"


def test_a_code_works_once_for_ten_minutes_and_one_generation(authority: TokenAuthority, clock: ManualClock) -> None:
    fields = code_fields(authority)
    authority.redeem_code(Generation.MODERN, fields)
    with pytest.raises(TokenError):
        authority.redeem_code(Generation.MODERN, fields)
    with pytest.raises(TokenError):
        authority.redeem_code(Generation.CLASSIC, code_fields(authority))
    old = code_fields(authority)
    clock.advance(601)
    with pytest.raises(TokenError):
        authority.redeem_code(Generation.MODERN, old)


def test_a_confidential_application_proves_itself_with_its_secret(authority: TokenAuthority) -> None:
    request = AuthorizationRequest(Generation.MODERN, CLIENT_ID, REDIRECT, "OR.Jobs", None)
    fields = {"client_id": CLIENT_ID, "redirect_uri": REDIRECT, "client_secret": CLIENT_SECRET}
    assert authenticated(Generation.MODERN, fields).client_id == CLIENT_ID
    assert authority.redeem_code(Generation.MODERN, fields | {"code": authority.authorize(request)})["access_token"]
    for wrong in ({"client_secret": "guess"}, {"client_secret": ""}, {"client_id": "nobody"}):
        with pytest.raises(TokenError) as caught:
            authenticated(Generation.MODERN, fields | wrong)
        assert caught.value.error == "invalid_client"
    pair = base64.b64encode(f"{CLIENT_ID}:{CLIENT_SECRET}".encode()).decode()
    bare: dict[str, str] = {}
    assert authenticated(Generation.MODERN, bare, f"Basic {pair}").client_id == bare["client_id"] == CLIENT_ID
    with pytest.raises(TokenError):
        authenticated(Generation.MODERN, {}, "Basic %%%")


def test_the_user_key_is_not_rotated(authority: TokenAuthority) -> None:
    first = authority.redeem_code(Generation.CLASSIC, code_fields(authority, Generation.CLASSIC))
    assert (first["refresh_token"], first["expires_in"]) == (USER_KEY, 86_400)
    for _ in range(2):
        again = authority.refresh_classic({"client_id": "any", "refresh_token": USER_KEY})
        assert "refresh_token" not in again
        assert again["id_token"] != again["access_token"]
    with pytest.raises(TokenError):
        authority.refresh_classic({"client_id": "any", "refresh_token": "wrong"})


def test_reusing_a_refresh_token_revokes_its_family(authority: TokenAuthority) -> None:
    first = authority.redeem_code(Generation.MODERN, code_fields(authority))["refresh_token"]
    other = authority.redeem_code(Generation.MODERN, code_fields(authority))["refresh_token"]
    second = authority.refresh_modern({"client_id": "app", "refresh_token": first})["refresh_token"]
    for token in (first, second):
        with pytest.raises(TokenError) as caught:
            authority.refresh_modern({"client_id": "app", "refresh_token": token})
        assert caught.value.error == "invalid_grant"
    assert authority.counts.reuse_detections == 1
    assert authority.refresh_modern({"client_id": "app", "refresh_token": other})["access_token"]


def test_a_refresh_token_lasts_sixty_days(authority: TokenAuthority, clock: ManualClock) -> None:
    token = authority.redeem_code(Generation.MODERN, code_fields(authority))["refresh_token"]
    clock.advance(60 * 86_400 - 1)
    token = authority.refresh_modern({"client_id": "app", "refresh_token": token})["refresh_token"]
    clock.advance(60 * 86_400)
    with pytest.raises(TokenError):
        authority.refresh_modern({"client_id": "app", "refresh_token": token})
    assert authority.counts.reuse_detections == 0


def test_a_refresh_token_belongs_to_its_client(authority: TokenAuthority) -> None:
    token = authority.redeem_code(Generation.MODERN, code_fields(authority))["refresh_token"]
    with pytest.raises(TokenError):
        authority.refresh_modern({"client_id": "thief", "refresh_token": token})


def test_client_credentials(authority: TokenAuthority) -> None:
    application = authenticated(Generation.MODERN, {"client_id": CLIENT_ID, "client_secret": CLIENT_SECRET})
    answer = authority.client_credentials(CLIENT_ID, application_scopes(application, "OR.Execution OR.Jobs"))
    assert not {"refresh_token", "id_token"} & answer.keys()
    grant = authority.use(answer["access_token"])
    assert grant is not None
    assert (grant.application, grant.scopes) == (True, {"OR.Execution", "OR.Jobs"})
    assert application_scopes(application, "") == ORCHESTRATOR_SCOPES
    for scope in ("OR.Jobs offline_access", "openid", "OR.Jobs.Delete", "or.jobs"):
        with pytest.raises(TokenError) as caught:
            application_scopes(application, scope)
        assert caught.value.error == "invalid_scope"
    with pytest.raises(TokenError) as caught:
        application_scopes(authenticated(Generation.MODERN, {"client_id": PUBLIC_CLIENT_ID}), "OR.Jobs")
    assert caught.value.error == "unauthorized_client"


def test_everything_issued_can_be_looked_for(authority: TokenAuthority) -> None:
    fields = code_fields(authority)
    waiting = code_fields(authority)["code"]
    answer = authority.redeem_code(Generation.MODERN, fields)
    tokens = {answer[name] for name in ("access_token", "id_token", "refresh_token")}
    assert authority.issued == tokens | {fields["code"], waiting, PERSONAL_ACCESS_TOKEN}


def test_the_nonce_comes_back_in_the_id_token(authority: TokenAuthority) -> None:
    request = AuthorizationRequest(Generation.MODERN, "app", REDIRECT, "openid", CHALLENGE, "a-nonce")
    answer = authority.redeem_code(Generation.MODERN, code_fields(authority, code=authority.authorize(request)))
    assert claims(answer["id_token"])["nonce"] == "a-nonce"


def test_a_password_lasts_half_an_hour(authority: TokenAuthority, clock: ManualClock) -> None:
    fields = {"usernameoremailaddress": STANDALONE_USERNAME, "password": STANDALONE_PASSWORD}
    token = authority.password(fields, Generation.MODERN)
    clock.advance(1799)
    assert authority.use(token)
    clock.advance(1)
    assert authority.use(token) is None


def test_who_is_locked_out_hears_it_only_with_the_right_password(authority: TokenAuthority) -> None:
    fields = {"usernameoremailaddress": LOCKED_USERNAME, "password": STANDALONE_PASSWORD}
    with pytest.raises(TokenError, match="locked out"):
        authority.password(fields, Generation.MODERN)
    with pytest.raises(TokenError, match="Invalid user name or password"):
        authority.password(fields | {"password": "guess"}, Generation.MODERN)


def test_access_ends(authority: TokenAuthority, clock: ManualClock) -> None:
    token = authority.redeem_code(Generation.MODERN, code_fields(authority))["access_token"]
    assert authority.use(token)
    clock.advance(3600)
    assert authority.use(token) is None
    assert authority.use(PERSONAL_ACCESS_TOKEN)


def test_an_id_token_opens_no_orchestrator(authority: TokenAuthority) -> None:
    answer = authority.refresh_classic({"client_id": "any", "refresh_token": USER_KEY})
    assert authority.use(answer["id_token"]) is None
    assert authority.find(answer["id_token"]) is not None


def test_expired_tokens_die_after_some_calls_and_personal_ones_do_not() -> None:
    world, _ = make_world("expired")
    tokens = world.tokens
    token = tokens.refresh_classic({"client_id": "any", "refresh_token": USER_KEY})["access_token"]
    alive = [tokens.use(token) is not None for _ in range(10)]
    assert alive == [True] * 8 + [False] * 2
    assert all(tokens.use(PERSONAL_ACCESS_TOKEN) for _ in range(20))


def test_short_tokens_end_after_five_seconds() -> None:
    world, clock = make_world("short")
    tokens = world.tokens
    answer = tokens.redeem_code(Generation.MODERN, code_fields(tokens))
    assert answer["expires_in"] == 5
    clock.advance(5)
    assert tokens.use(answer["access_token"]) is None
    again = tokens.refresh_modern({"client_id": "app", "refresh_token": answer["refresh_token"]})
    assert again["refresh_token"] != answer["refresh_token"]
    assert tokens.use(again["access_token"])
    assert tokens.refresh_classic({"client_id": "any", "refresh_token": USER_KEY})["expires_in"] == 5


def test_revoked_keys_and_tokens() -> None:
    world, _ = make_world("revoked")
    tokens = world.tokens
    answer = tokens.redeem_code(Generation.MODERN, code_fields(tokens))
    assert tokens.use(answer["access_token"])
    assert tokens.use(PERSONAL_ACCESS_TOKEN) is None
    with pytest.raises(TokenError):
        tokens.refresh_classic({"client_id": "any", "refresh_token": USER_KEY})
    with pytest.raises(TokenError):
        tokens.refresh_modern({"client_id": "app", "refresh_token": answer["refresh_token"]})


def test_every_second_refresh_may_lack_an_id_token() -> None:
    world, _ = make_world("no-id-token")
    answers = [world.tokens.refresh_classic({"client_id": "any", "refresh_token": USER_KEY}) for _ in range(4)]
    assert ["id_token" in answer for answer in answers] == [True, False, True, False]
    assert {answer["expires_in"] for answer in answers} == {10}, "a second answer is seen while a job is watched"


def test_the_counts_as_a_line() -> None:
    counts = make_world()[0].tokens.counts
    assert counts.text() == ""
    for grant in ("refresh_token", "refresh_token", "password", "telepathy", None):
        counts.note_call(grant)
    counts.note_refusal("invalid_grant")
    expected = "Token calls: refresh_token 2, password 1, other 2; refused: 1; refresh tokens reused: 0"
    assert counts.text() == expected
