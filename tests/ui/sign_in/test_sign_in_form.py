"""The sign-in form by keys: which ways and fields there are, where the focus goes, what Enter and F9 do."""

# pyright: basic, reportAttributeAccessIssue=false, reportOptionalMemberAccess=false, reportMissingImports=false
from dataclasses import replace

import pytest
from scripted_runtime import (
    FAILURE,
    IDENTITY,
    USER_KEY,
    ScriptedRuntime,
    at,
    make_app,
    on_screen,
    sign_in,
    to_job,
    to_question,
    to_releases,
    to_start,
    until,
)

from tui.api.deployments import DEPLOYMENTS
from tui.errors import Exit
from tui.flow import effects as fx
from tui.flow import events as ev
from tui.flow.state import Answers, Here, SigningIn
from tui.flow.ways import ByApplication, ByLogin, ByRedirect
from tui.keeping import Keeping
from tui.profile import Profile, ProfileBook
from tui.screens.sign_in.fields import FIELDS

OFFERED = {
    "automation-cloud": ["token", "browser", "application"],
    "cloud-2019": ["token", "browser"],
    "automation-suite": ["token", "browser", "application", "password"],
    "standalone": ["token", "browser", "application", "password"],
}
SHOWN = {
    "token": {"token"},
    "browser": {"client-id", "client-secret", "scopes"},
    "application": {"client-id", "client-secret", "scopes"},
    "password": {"user", "password"},
}
PLACES = {
    "automation-cloud": {"organization", "tenant"},
    "cloud-2019": set(),
    "automation-suite": {"address", "organization", "tenant"},
    "standalone": {"address", "tenant"},
}
OWN = "https://orchestrator.example.test"


def state(deployment: str = "cloud-2019", **more) -> SigningIn:
    return SigningIn(answers=Answers(deployment=deployment, save_as="default", **more))


async def ready(pilot) -> None:
    await until(pilot, lambda: pilot.app.screen.query("#save-as"))
    await pilot.pause()


async def choose(pilot, way: str) -> None:
    """Go to the ways from the token field, and choose one."""
    await pilot.press("shift+tab")
    offered = [key for key, _ in pilot.app.screen.query_one("#way").entries]
    await pilot.press(*["right"] * offered.index(way))


def shown(app, names) -> set[str]:
    return {name for name in names if app.screen.query_one(f"#{name}-row").display}


async def focus_order(pilot) -> list[str]:
    """Return the ids of the fields in the order of Tab, once around, from the field in focus."""
    found = []
    while (here := pilot.app.focused.id) not in found:
        found.append(here)
        await pilot.press("tab")
    return found


@pytest.mark.parametrize(("deployment", "way"), [(kind, way) for kind, ways in OFFERED.items() for way in ways])
async def test_every_kind_offers_its_ways_and_every_way_its_fields(deployment: str, way: str):
    app = make_app(ScriptedRuntime(), state=state(deployment))
    async with app.run_test(size=(120, 36)) as pilot:
        await ready(pilot)
        assert [key for key, _ in app.screen.query_one("#way").entries] == OFFERED[deployment]
        await choose(pilot, way)
        fields = set() if (deployment, way) == ("cloud-2019", "browser") else SHOWN[way]
        assert shown(app, FIELDS) == fields
        assert shown(app, ("address", "organization", "tenant")) == PLACES[deployment]


def test_every_kind_is_in_the_tables():
    assert set(OFFERED) == set(PLACES) == set(DEPLOYMENTS)


async def test_tab_goes_down_the_form_and_never_to_what_is_hidden():
    app = make_app(ScriptedRuntime(), state=state("standalone"))
    async with app.run_test(size=(120, 36)) as pilot:
        await ready(pilot)
        await choose(pilot, "password")
        await pilot.press("enter")
        assert app.focused.id == "user"
        order = await focus_order(pilot)
    wanted = ["user", "password", "address", "tenant", "keep", "save-as"]
    assert order[: len(wanted)] == wanted
    assert order[-2:] == ["deployment", "way"]


async def test_enter_on_the_kind_and_on_the_way_goes_to_the_first_field():
    app = make_app(ScriptedRuntime(), state=state("automation-cloud"))
    async with app.run_test(size=(120, 36)) as pilot:
        await ready(pilot)
        app.screen.query_one("#deployment").focus()
        await pilot.press("enter")
        assert app.focused.id == "token"
        await choose(pilot, "application")
        await pilot.press("enter")
        assert app.focused.id == "client-id"


async def test_another_kind_takes_the_ways_it_does_not_know_away():
    app = make_app(ScriptedRuntime(), state=state("standalone"))
    async with app.run_test(size=(120, 36)) as pilot:
        await ready(pilot)
        await choose(pilot, "password")
        app.screen.query_one("#deployment").focus()
        await pilot.press("up", "up", "up")
        assert app.screen.query_one("#deployment").key == "automation-cloud"
        assert app.screen.query_one("#way").key == "token"
        assert shown(app, FIELDS) == {"token"}


@pytest.mark.parametrize(
    ("way", "typed", "missing"),
    [
        ("application", {}, ("client-id", "client id is needed")),
        ("application", {"client-id": "an-id"}, ("client-secret", "use the browser")),
        ("browser", {}, ("client-id", "client id is needed")),
        ("password", {}, ("user", "user name is needed")),
        ("password", {"user": "ada"}, ("password", "password is needed")),
        ("token", {"token": "9b2f0000-0000-4000-8000-00000000beef"}, ("token", "id of an application")),
    ],
)
async def test_what_is_missing_is_said_and_gone_to(way: str, typed: dict[str, str], missing: tuple[str, str]):
    runtime = ScriptedRuntime()
    app = make_app(runtime, state=state("standalone", base_url=OWN))
    async with app.run_test(size=(120, 36)) as pilot:
        await ready(pilot)
        await choose(pilot, way)
        for name, value in typed.items():
            app.screen.query_one(f"#{name}").value = value
        await pilot.press("f5")
        await pilot.pause()
        assert app.focused.id == missing[0]
        assert missing[1] in on_screen(app)
        assert "Not sent" in on_screen(app)
        assert runtime.performed == []


async def test_an_address_is_needed_for_a_server_of_ones_own():
    runtime = ScriptedRuntime()
    app = make_app(runtime, state=state("standalone"))
    async with app.run_test(size=(120, 36)) as pilot:
        await ready(pilot)
        app.screen.query_one("#token").value = f"rt_{'0a1b' * 16}-1"
        await pilot.press("enter")
        await pilot.pause()
        assert app.focused.id == "address"
        assert runtime.performed == []


async def test_an_application_is_handed_over_and_its_secret_forgotten():
    runtime = ScriptedRuntime()
    app = make_app(runtime, state=state("automation-cloud"))
    async with app.run_test(size=(120, 36)) as pilot:
        await ready(pilot)
        await choose(pilot, "application")
        await pilot.press("enter", *"an-id", "tab", *"an-invented-secret", "enter")
        await until(pilot, at(pilot, "ChoosingInstance"))
        (asked,) = (effect for effect in runtime.performed if isinstance(effect, fx.SignIn))
        assert isinstance(asked.way, ByApplication)
        assert asked.way.application.client_secret.reveal() == "an-invented-secret"
        await pilot.press("escape")
        await until(pilot, at(pilot, "SigningIn"))
        assert app.screen.query_one("#client-secret").value == ""
        assert app.screen.query_one("#client-id").value == "an-id"
        assert "invented-secret" not in on_screen(app)


async def test_user_and_password_are_handed_over_and_the_password_forgotten():
    runtime = ScriptedRuntime()
    app = make_app(runtime, state=state("standalone", base_url=OWN))
    async with app.run_test(size=(120, 36)) as pilot:
        await ready(pilot)
        await choose(pilot, "password")
        await pilot.press("enter", *"ada", "tab", *"not-a-password", "enter")
        await until(pilot, at(pilot, "ChoosingInstance"))
        (asked,) = (effect for effect in runtime.performed if isinstance(effect, fx.SignIn))
        assert isinstance(asked.way, ByLogin)
        assert (asked.way.login.username, asked.target.base_url) == ("ada", OWN)
        assert app.screen.query("#password").first().value == "" if app.screen.query("#password") else True


async def test_a_browser_that_is_waited_for_is_given_up_with_escape():
    runtime = ScriptedRuntime()
    gate = runtime.hold(fx.AwaitRedirect)
    app = make_app(runtime, state=state("automation-cloud"))
    async with app.run_test(size=(120, 36)) as pilot:
        await ready(pilot)
        await choose(pilot, "browser")
        await pilot.press("enter", *"an-id", "enter")
        await until(pilot, at(pilot, "AwaitingBrowser"))
        assert "This goes on by itself" in on_screen(app)
        await pilot.press("escape")
        await until(pilot, at(pilot, "SigningIn"))
        await until(pilot, lambda: fx.AwaitRedirect in runtime.cancelled)
        assert app.screen.query_one("#client-id").value == "an-id"
    assert not gate.is_set()


async def test_a_browser_that_cannot_come_back_wants_the_address():
    runtime = ScriptedRuntime(caught=False)
    app = make_app(runtime, state=state())
    async with app.run_test(size=(120, 36)) as pilot:
        await ready(pilot)
        await choose(pilot, "browser")
        await pilot.press("enter")
        await until(pilot, at(pilot, "AwaitingBrowser"))
        assert "Paste the address on which it ends" in on_screen(app)
        app.screen.query_one("#redirect").value = "two words"
        await pilot.press("enter")
        assert "Not sent" in on_screen(app)
        app.screen.query_one("#redirect").value = "https://account.uipath.com/mobile?code=made-up-code-1234&state=s"
        await pilot.press("enter")
        await until(pilot, at(pilot, "ChoosingInstance"))
    (asked,) = (effect for effect in runtime.performed if isinstance(effect, fx.SignIn))
    assert isinstance(asked.way, ByRedirect)
    assert runtime.count(fx.AwaitRedirect) == 0


def profile(**more) -> Profile:
    kept = {"keeping": Keeping.FILE, "credential": "default-0001", "account": "acme", "instance": "acmedefault"}
    return Profile(**({"name": "default", "deployment": "cloud-2019", "who": "ada@example.com", **kept} | more))


async def test_a_profile_that_opens_says_so_and_its_form_comes_when_it_fails():
    runtime = ScriptedRuntime(fail={fx.SignIn: replace(FAILURE, title="Access has ended")})
    gate = runtime.hold(fx.SignIn)
    kept = profile()
    first = SigningIn(answers=replace(Answers.of(kept, Here()), resuming=True), opening=True)
    app = make_app(runtime, state=first, first=lambda: ev.ProfileChosen(profile=kept))
    async with app.run_test(size=(120, 36)) as pilot:
        await until(pilot, lambda: "Opening profile default" in on_screen(app))
        assert "ada@example.com" in on_screen(app)
        assert "Where does your UiPath run?" not in on_screen(app)
        gate.set()
        await until(pilot, lambda: "Where does your UiPath run?" in on_screen(app))
        assert "Access has ended" in on_screen(app)
        await until(pilot, lambda: app.focused is not None)
        assert app.focused.id == "token"


async def test_f9_signs_in_anew_and_goes_on_with_the_job():
    runtime = ScriptedRuntime()
    app = make_app(runtime)
    async with app.run_test(size=(120, 36)) as pilot:
        await to_job(pilot)
        await pilot.press("f9")
        await until(pilot, at(pilot, "SigningIn"))
        polls = runtime.count(fx.PollJobs)
        app.screen.query_one("#token").value = USER_KEY
        await pilot.press("enter")
        await until(pilot, at(pilot, "ChoosingInstance"))
        await pilot.press("enter")
        await until(pilot, lambda: app.state.instances is not None)
        await pilot.press("enter")
        await until(pilot, at(pilot, "Watching"))
        await until(pilot, lambda: runtime.count(fx.PollJobs) > polls)
    assert runtime.count(fx.StartJob) == 1


@pytest.mark.parametrize("reach", [to_releases, to_start, to_job])
async def test_escape_from_a_new_sign_in_goes_back(reach):
    app = make_app(ScriptedRuntime())
    async with app.run_test(size=(120, 36)) as pilot:
        await reach(pilot)
        before = type(app.state).__name__
        await pilot.press("f9")
        await until(pilot, at(pilot, "SigningIn"))
        await pilot.press("escape")
        await until(pilot, at(pilot, before))


async def test_f9_is_not_offered_while_a_start_is_asked_for():
    app = make_app(ScriptedRuntime())
    async with app.run_test(size=(120, 36)) as pilot:
        await to_question(pilot)
        await pilot.press("f9")
        await pilot.pause()
        assert type(app.state).__name__ == "ConfirmingStart"


async def test_production_asks_twice_and_names_itself():
    runtime = ScriptedRuntime()
    kept = profile(production=True)
    first = SigningIn(answers=Answers.of(kept, Here(book=ProfileBook((kept,), "default"))))
    app = make_app(runtime, state=first)
    async with app.run_test(size=(120, 36)) as pilot:
        await to_question(pilot)
        assert "PRODUCTION default" in on_screen(app)
        await pilot.press("enter")
        await pilot.pause()
        assert runtime.count(fx.StartJob) == 0
        await pilot.press("enter")
        await pilot.pause()
        assert runtime.count(fx.StartJob) == 0, "a second Enter is not enough"


async def test_the_end_of_a_setup_is_summed_up_until_the_next_step():
    app = make_app(ScriptedRuntime(), state=state())
    async with app.run_test(size=(120, 36)) as pilot:
        await to_releases(pilot)
        await until(pilot, lambda: "✓ Signed in as ada@example.com to Acme / Default: 2 releases." in on_screen(app))
        assert "Next time uipath-tui asks for it again" in " ".join(on_screen(app).replace("▌", "").split())
        await pilot.press("enter")
        await until(pilot, at(pilot, "PreparingStart"))
        await pilot.press("escape")
        await until(pilot, at(pilot, "ChoosingRelease"))
        assert "Signed in as" not in on_screen(app)


async def test_a_sign_in_that_could_not_be_kept_says_so():
    runtime = ScriptedRuntime()
    app = make_app(runtime, state=state())
    async with app.run_test(size=(120, 36)) as pilot:
        await sign_in(pilot)
        app.dispatch(ev.HereChanged(here=app.state.answers.here, failure=replace(FAILURE, title="The disk is full")))
        await pilot.pause()
        assert "sign-in not saved" in on_screen(app)
    assert app.state.answers.identity != IDENTITY
    assert FAILURE.exit is Exit.NETWORK
