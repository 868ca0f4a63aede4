"""Where the secret is to be kept: what is offered, what is chosen at first, and the agreement to a plain file."""

# pyright: basic, reportAttributeAccessIssue=false, reportOptionalMemberAccess=false, reportMissingImports=false
import pytest
from scripted_runtime import USER_KEY, ScriptedRuntime, at, make_app, on_screen, until

from tui.flow import effects as fx
from tui.flow.state import Answers, Here, SigningIn
from tui.flow.ways import ByKept, Pasted
from tui.keeping import Keeping
from tui.profile import Profile, ProfileBook

STORE = Here(looked=True, key_store="Secret Service")
NO_STORE = Here(looked=True, why="there is none")


def setup(profile: Profile | None = None, deployment: str = "cloud-2019") -> SigningIn:
    if profile is None:
        return SigningIn(answers=Answers(deployment=deployment, save_as="default"))
    return SigningIn(answers=Answers.of(profile, Here(book=ProfileBook((profile,), profile.name))))


def kept(keeping: Keeping, **more) -> Profile:
    lasting = {"credential": "default-0001"} if keeping.lasts else {}
    more = {"deployment": "cloud-2019", "way": "token", "who": "ada@example.com", **lasting, **more}
    return Profile(name="default", keeping=keeping, **more)


def opened(state: SigningIn, here: Here):
    runtime = ScriptedRuntime(here=here)
    return runtime, make_app(runtime, state=state, looks=True)


async def ready(pilot) -> None:
    await until(pilot, lambda: pilot.app.screen.query("#save-as") and pilot.app.state.answers.here.looked)
    await pilot.pause()


def place(app) -> str:
    return app.screen.query_one("#keep").key


@pytest.mark.parametrize(
    ("here", "offered"),
    [(STORE, ["key-store", "session", "file"]), (NO_STORE, ["session", "file"])],
    ids=["key store", "no key store"],
)
async def test_the_places_of_this_computer_are_offered(here: Here, offered: list[str]):
    _, app = opened(setup(), here)
    async with app.run_test(size=(120, 36)) as pilot:
        await ready(pilot)
        assert [key for key, _ in app.screen.query_one("#keep").entries] == offered
        assert place(app) == offered[0]
        assert ("No OS key store can be used here" in on_screen(app)) is (here is NO_STORE)


@pytest.mark.parametrize("keeping", [Keeping.KEY_STORE, Keeping.FILE, Keeping.SESSION])
async def test_the_place_of_last_time_is_chosen_at_first(keeping: Keeping):
    _, app = opened(setup(kept(keeping)), STORE)
    async with app.run_test(size=(120, 36)) as pilot:
        await ready(pilot)
        assert place(app) == keeping.value


async def test_the_place_that_the_person_chose_stays_chosen():
    _, app = opened(setup(kept(Keeping.FILE)), STORE)
    async with app.run_test(size=(120, 36)) as pilot:
        await ready(pilot)
        app.screen.query_one("#keep").focus()
        await pilot.press("left")
        assert place(app) == "session"
        app.dispatch(_news(app))
        await pilot.pause()
        assert place(app) == "session"


def _news(app):
    from tui.flow.events import HereChanged

    return HereChanged(here=app.state.answers.here)


async def test_a_file_wants_the_word_typed():
    runtime, app = opened(setup(), NO_STORE)
    async with app.run_test(size=(120, 36)) as pilot:
        await ready(pilot)
        assert not app.screen.query_one("#consent-row").display
        app.screen.query_one("#keep").focus()
        await pilot.press("right")
        assert "it is not encrypted" in on_screen(app)
        assert app.screen.query_one("#consent-row").display
        app.screen.query_one("#token").value = USER_KEY
        await pilot.press("f5")
        await pilot.pause()
        assert runtime.count(fx.SignIn) == 0
        assert "type file" in on_screen(app)
        assert app.focused.id == "consent"
        await pilot.press(*"file", "enter")
        await until(pilot, at(pilot, "ChoosingInstance"))
    (asked,) = (effect for effect in runtime.performed if isinstance(effect, fx.SignIn))
    assert asked.target.keeping is Keeping.FILE
    assert isinstance(asked.way, Pasted)


async def test_enter_keeps_the_sign_in_where_it_is():
    runtime, app = opened(setup(kept(Keeping.FILE)), STORE)
    async with app.run_test(size=(120, 36)) as pilot:
        await ready(pilot)
        assert "is kept: Enter uses it" in on_screen(app)
        await pilot.press("enter")
        await until(pilot, at(pilot, "ChoosingInstance"))
    (asked,) = (effect for effect in runtime.performed if isinstance(effect, fx.SignIn))
    assert isinstance(asked.way, ByKept)
    assert asked.target.keeping is Keeping.FILE


async def test_moving_a_kept_sign_in_into_a_file_wants_the_word_typed():
    runtime, app = opened(setup(kept(Keeping.KEY_STORE)), STORE)
    async with app.run_test(size=(120, 36)) as pilot:
        await ready(pilot)
        app.screen.query_one("#keep").focus()
        await pilot.press("left", "f5")
        await pilot.pause()
        assert place(app) == "file"
        assert runtime.count(fx.SignIn) == 0
        assert app.focused.id == "consent"
        await pilot.press(*"file", "enter")
        await until(pilot, at(pilot, "ChoosingInstance"))
    (asked,) = (effect for effect in runtime.performed if isinstance(effect, fx.SignIn))
    assert (asked.target.keeping, type(asked.way)) == (Keeping.FILE, ByKept)


@pytest.mark.parametrize(
    "profile",
    [
        kept(Keeping.KEY_STORE),
        kept(Keeping.KEY_STORE, way="browser"),
        kept(Keeping.KEY_STORE, deployment="automation-cloud", way="browser", client_id="an-id"),
        kept(Keeping.KEY_STORE, deployment="automation-cloud", way="application", client_id="an-id", scopes="OR.Jobs"),
        kept(Keeping.FILE, deployment="standalone", way="password", base_url="https://orchestrator.example.test"),
    ],
    ids=lambda profile: f"{profile.deployment} {profile.way}",
)
async def test_setup_with_enter_keeps_the_sign_in_of_every_way(profile: Profile):
    runtime, app = opened(setup(profile), STORE)
    async with app.run_test(size=(120, 36)) as pilot:
        await ready(pilot)
        assert app.focused is not None
        assert app.focused.display
        assert "is kept: Enter uses it" in on_screen(app)
        await pilot.press("enter")
        if not runtime.count(fx.SignIn):  # the ways come first where they have the focus: Enter goes on from there
            await pilot.press("enter")
        await until(pilot, at(pilot, "ChoosingInstance"))
    (asked,) = (effect for effect in runtime.performed if isinstance(effect, fx.SignIn))
    assert isinstance(asked.way, ByKept)
    assert runtime.count(fx.BeginBrowser) == 0


async def test_without_a_profile_nothing_is_said_of_keeping():
    _, app = opened(SigningIn(answers=Answers(deployment="cloud-2019")), STORE)
    async with app.run_test(size=(120, 36)) as pilot:
        await ready(pilot)
        for name in ("keep", "save-as", "consent"):
            assert not app.screen.query_one(f"#{name}-row").display
