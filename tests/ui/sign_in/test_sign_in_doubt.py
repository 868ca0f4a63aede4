"""A token that says it is of another organization than the one it is to open: told before anything is sent."""

# pyright: basic, reportAttributeAccessIssue=false, reportOptionalMemberAccess=false, reportMissingImports=false
import base64
import json
from dataclasses import replace

import pytest
from scripted_runtime import IDENTITY, ScriptedRuntime, at, make_app, on_screen, until

from tui.api.deployments import Generation
from tui.api.models import Account
from tui.api.sign_in.tokens import recognise
from tui.flow import effects as fx
from tui.flow.state import Answers, SigningIn
from tui.profile import Profile
from tui.screens.sign_in.words import other_organization

ACME_ID = "11110000-0000-4000-8000-00000000000a"
OTHER_ID = "22220000-0000-4000-8000-00000000000b"


def jwt(**claims: object) -> str:
    parts = ({"alg": "none"}, {"scope": "OR.Jobs", "sub": "u", "exp": 4102444800} | claims)
    encoded = (base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in parts)
    return ".".join((*encoded, "c2lnbmVk"))


ACME = Profile(account="acme", organization_id=ACME_ID)
SIGNED_IN = Answers(
    identity=replace(IDENTITY, organization_id=ACME_ID), account=Account(account_logical_name="acme"), profile=None
)


@pytest.mark.parametrize(
    ("claims", "typed", "answers", "doubted"),
    [
        ({"organization": "other"}, "acme", Answers(), True),
        ({"organization": "Acme"}, "acme", Answers(), False),
        ({"prt_id": OTHER_ID}, ACME_ID, Answers(), True),
        ({"prt_id": ACME_ID}, ACME_ID.upper(), Answers(), False),
        ({"prt_id": OTHER_ID}, "acme", Answers(), False),
        ({"prt_id": OTHER_ID}, "acme", Answers(profile=ACME), True),
        ({"prt_id": OTHER_ID}, "", Answers(profile=ACME), True),
        ({"prt_id": ACME_ID}, "acme", Answers(profile=ACME), False),
        ({"prt_id": OTHER_ID}, "elsewhere", Answers(profile=ACME), False),
        ({"prt_id": OTHER_ID}, "acme", SIGNED_IN, True),
        ({"prt_id": ACME_ID}, "Acme", SIGNED_IN, False),
        ({}, "acme", SIGNED_IN, False),
        ({"prt_id": OTHER_ID, "exp": 1}, "acme", SIGNED_IN, True),
    ],
)
def test_only_what_is_known_speaks_against_a_token(claims, typed: str, answers: Answers, doubted: bool):
    found = recognise(jwt(**claims), Generation.TODAY)
    assert bool(other_organization(found, typed, answers)) is doubted


def test_a_personal_access_token_says_nothing_of_its_organization():
    found = recognise(f"rt_{'0a1b' * 16}-1", Generation.TODAY)
    assert other_organization(found, "acme", SIGNED_IN) == ""


@pytest.mark.parametrize("size", [(120, 36), (80, 24), (60, 15)])
async def test_a_token_of_another_organization_is_told_before_a_call_and_sent_on_a_second_enter(size):
    runtime = ScriptedRuntime()
    app = make_app(runtime, state=SigningIn(answers=Answers(deployment="automation-cloud", save_as="default")))
    async with app.run_test(size=size) as pilot:
        await until(pilot, lambda: app.screen.query("#save-as"))
        app.screen.query_one("#organization").value = "acme"
        app.screen.query_one("#token").value = jwt(organization="other")
        await until(pilot, lambda: "It is not of" in on_screen(app))
        assert app.screen.query_one("#organization").value == "acme", "what was typed is the person's"
        await pilot.press("enter")
        await until(pilot, lambda: "Not sent." in on_screen(app))
        assert runtime.performed == []
        await pilot.press("enter")
        await until(pilot, at(pilot, "ChoosingInstance"))
    (asked,) = (effect for effect in runtime.performed if isinstance(effect, fx.SignIn))
    assert asked.target.account == "acme"


async def test_the_organization_of_a_token_is_filled_in_where_none_is_typed_and_goes_with_the_next_token():
    runtime = ScriptedRuntime()
    app = make_app(runtime, state=SigningIn(answers=Answers(deployment="automation-cloud")))
    async with app.run_test(size=(120, 36)) as pilot:
        await until(pilot, lambda: app.screen.query("#save-as"))
        for name in ("acme", "other"):
            app.screen.query_one("#token").value = jwt(organization=name)
            await until(pilot, lambda name=name: app.screen.query_one("#organization").value == name)
        await pilot.pause()
        assert "It is not of" not in on_screen(app)
