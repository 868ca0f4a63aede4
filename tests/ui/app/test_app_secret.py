"""The token is never on the screen, in a message, on the clipboard or in a crash."""

# pyright: basic, reportAttributeAccessIssue=false, reportOptionalMemberAccess=false, reportMissingImports=false
import io

from scripted_runtime import USER_KEY, ScriptedRuntime, at, make_app, on_screen, sign_in, until
from textual import events
from textual.widgets import Input

from tui.flow import effects as fx
from tui.flow.states import Answers, SigningIn
from tui.flow.ways import Pasted, Target
from tui.secret import Secret, fingerprint
from tui.widgets.secret_input import SecretInput


async def test_the_token_is_hidden_recognised_and_cleared():
    runtime = ScriptedRuntime()
    app = make_app(runtime)
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: app.screen.query("#tenant"))
        field = app.screen.query_one(SecretInput)
        field.post_message(events.Paste(f"\n {USER_KEY}\n"))
        await until(pilot, lambda: fingerprint(USER_KEY) in on_screen(app))
        assert USER_KEY not in on_screen(app)
        assert "user key" in on_screen(app)
        await pilot.press("enter")
        await until(pilot, at(pilot, "ChoosingInstance"))
        assert field.value == ""
        assert runtime.performed[0] == fx.SignIn(
            ticket=1, way=Pasted(Secret(USER_KEY)), target=Target(deployment="cloud-2019")
        )


async def test_copy_and_cut_give_nothing():
    app = make_app(ScriptedRuntime())
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: app.screen.query("#tenant"))
        field = app.screen.query_one(SecretInput)
        field.value = USER_KEY
        field.focus()
        for key in ("ctrl+a", "ctrl+c", "ctrl+x", "super+c"):
            field.select_all()
            await pilot.press(key)
        assert app.clipboard == ""
        assert field.value == USER_KEY


async def test_no_message_carries_the_value(monkeypatch):
    seen: list[object] = []
    app = make_app(ScriptedRuntime())
    async with app.run_test(size=(80, 24), message_hook=seen.append) as pilot:
        await until(pilot, lambda: app.screen.query("#tenant"))
        app.screen.query_one(SecretInput).value = USER_KEY
        await pilot.press("enter")
        await until(pilot, at(pilot, "ChoosingInstance"))
    own = [message for message in seen if isinstance(message, (Input.Changed, Input.Submitted))]
    assert not any(USER_KEY in message.value for message in own)
    assert not any(USER_KEY in repr(message) for message in seen)


async def test_what_is_no_token_says_so_and_sends_nothing():
    runtime = ScriptedRuntime()
    app = make_app(runtime)
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: app.screen.query("#tenant"))
        app.screen.query_one(SecretInput).value = "11111111-2222-4333-8444-555555555555"
        await until(pilot, lambda: "not a token" in on_screen(app))
        await pilot.press("enter")
        await pilot.pause()
        assert runtime.performed == []


async def test_a_prefilled_token_signs_in_with_enter():
    runtime = ScriptedRuntime()
    state = SigningIn(answers=Answers(deployment="cloud-2019"), prefilled={"cloud-2019": Secret(USER_KEY)})
    app = make_app(runtime, state)
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: "press Enter" in on_screen(app))
        await pilot.press("enter")
        await until(pilot, at(pilot, "ChoosingInstance"))
        assert runtime.performed[0].way.text == Secret(USER_KEY)


async def test_the_token_can_be_given_for_another_deployment():
    runtime = ScriptedRuntime()
    app = make_app(runtime)
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: app.screen.query("#tenant"))
        app.screen.query_one("#deployment").focus()
        await pilot.press("up", "enter")
        app.screen.query_one(SecretInput).value = "rt_0123456789ABCDEF0123456789ABCDEF-1"
        app.screen.query_one("#organization", Input).value = "acme"
        await pilot.press("enter")
        await until(pilot, at(pilot, "ChoosingInstance"))
        effect = runtime.performed[0]
        assert (effect.target.deployment, effect.target.account) == ("automation-cloud", "acme")


async def test_a_crash_prints_no_values_of_variables():
    class Broken(ScriptedRuntime):
        async def perform(self, effect):
            token = effect.way.text.reveal()
            raise ValueError(f"broken after {len(token)} characters")

    app = make_app(Broken())
    printed = io.StringIO()
    app.error_console.file = printed
    crashed = None
    try:
        async with app.run_test(size=(80, 24)) as pilot:
            await sign_in(pilot)
    except Exception as error:  # noqa: BLE001
        crashed = error
    assert crashed is not None
    assert app.return_code == 1
    assert USER_KEY not in printed.getvalue()
