"""Profiles in the workflow: what is taken without asking, what is kept when, and what a new sign-in goes on with."""

from dataclasses import replace
from typing import Any

import pytest
from flow_samples import ACCOUNT, FAILURE, FOLDER, IDENTITY, INSTANCE, JOB, NOW, PROFILE, RELEASE, make_states

from tui.api.models import Folder, ServiceInstance
from tui.flow import effects as fx
from tui.flow import events as ev
from tui.flow import states as st
from tui.flow.machine import transition
from tui.flow.profiles import profile_of
from tui.flow.state import Here
from tui.flow.ways import ByKept, Pasted, Target
from tui.keeping import Keeping
from tui.profile import Profile, ProfileBook
from tui.secret import Secret

KEPT = replace(IDENTITY, keeping=Keeping.FILE, credential="work-0001", kept="in a file")
WORK = replace(
    PROFILE,
    who=IDENTITY.who,
    fingerprint=IDENTITY.fingerprint,
    account_name=ACCOUNT.account_name,
    instance_name=INSTANCE.service_instance_name,
    keeping=Keeping.FILE,
    credential="work-0001",
    folder_key="f-7",
    folder_path="Finance",
    release_key=RELEASE.key,
    release_name=RELEASE.name,
)
HERE = Here(book=ProfileBook((WORK,), "work"))
BASE = "https://example.test/harbour/harbourdefault"


def go(state: st.State, *events: ev.Event) -> tuple[st.State, list[fx.Effect]]:
    """Let events happen; answers take the ticket of what is awaited."""
    done: list[fx.Effect] = []
    for event in events:
        answer = isinstance(event, ev.Answer)
        state, effects = transition(state, replace(event, ticket=state.pending[-1].ticket) if answer else event)
        done += effects
    return state, done


def signed(**more: Any) -> ev.SignedIn:
    return ev.SignedIn(ticket=0, identity=KEPT, accounts=(ACCOUNT,), instances=(INSTANCE,), **more)


def opened(*folders: Folder, refused: str = "", base: str = BASE) -> ev.InstanceOpened:
    return ev.InstanceOpened(ticket=0, base=base, version="20", modern=True, folders=folders, folders_refused=refused)


def listed() -> ev.ReleasesLoaded:
    return ev.ReleasesLoaded(ticket=0, releases=(RELEASE,), total=1)


def saved(effects: list[fx.Effect]) -> list[tuple[Profile, bool]]:
    return [(each.profile, each.unfinished) for each in effects if isinstance(each, fx.SaveProfile)]


def first() -> st.SigningIn:
    return st.SigningIn(answers=st.Answers(here=HERE))


def by_profile(profile: Profile = WORK, **more: Any) -> st.State:
    """Open ``profile`` up to the answer of its sign-in."""
    folder = Folder(key=profile.folder_key, fully_qualified_name=profile.folder_path)
    return go(first(), ev.ProfileChosen(profile=profile, **more), signed(partial=True, folder=folder))[0]


def test_a_profile_leads_to_its_releases_without_a_question() -> None:
    state, effects = go(first(), ev.ProfileChosen(profile=WORK))
    (asked,) = effects
    assert isinstance(asked, fx.SignIn)
    assert (asked.way, asked.as_profiled, asked.target.keeping) == (ByKept(), True, Keeping.FILE)
    state, effects = go(by_profile(), opened(FOLDER, Folder(id=8, key="f-8", fully_qualified_name="Other")), listed())
    assert isinstance(state, st.ChoosingRelease)
    assert state.answers.folder == FOLDER
    assert not state.answers.finished, "nothing was set up"
    assert saved(effects) == []


def test_the_folder_of_last_time_is_known_by_its_key_whatever_number_it_has_now() -> None:
    renumbered = Folder(id=4711, key="F-7", fully_qualified_name="Finance/Renamed")
    state, effects = go(by_profile(), opened(FOLDER_OF_OTHERS, renumbered))
    (asked,) = effects[-1:]
    assert isinstance(asked, fx.FetchReleases)
    assert asked.folder == renumbered
    assert isinstance(state, st.ChoosingFolder)


def test_the_folder_of_last_time_is_known_by_its_path_where_it_was_made_anew() -> None:
    anew = Folder(id=9, key="f-9", fully_qualified_name="finance")
    _, effects = go(by_profile(), opened(FOLDER_OF_OTHERS, anew))
    assert isinstance(effects[-1], fx.FetchReleases)
    assert effects[-1].folder == anew


def test_a_folder_that_is_gone_is_said_and_asked_for() -> None:
    others = (FOLDER_OF_OTHERS, replace_folder("f-2", "More"))
    state, effects = go(by_profile(), opened(*others))
    assert isinstance(state, st.ChoosingFolder)
    assert "Finance, is not listed any more" in state.note
    assert effects == []


def test_a_folder_is_named_as_it_is_where_none_is_listed() -> None:
    _, effects = go(by_profile(), opened(refused="Not allowed"))
    assert isinstance(effects[-1], fx.FetchReleases)
    assert effects[-1].folder is not None
    assert (effects[-1].folder.id, effects[-1].folder.key) == (0, "f-7") or not effects[-1].folder.id


def replace_folder(key: str, path: str) -> Folder:
    return Folder(id=2, key=key, fully_qualified_name=path)


FOLDER_OF_OTHERS = replace_folder("f-1", "Shared")


def test_nothing_of_a_number_is_kept() -> None:
    state, _ = go(by_profile(), opened(FOLDER, FOLDER_OF_OTHERS), listed())
    found = profile_of(state.answers)
    assert found is not None
    assert (found.folder_key, found.folder_path) == ("f-7", "Finance")
    assert "7" not in {value for value in vars_of(found) if value.isdigit()}


def vars_of(profile: Profile) -> list[str]:
    return [str(getattr(profile, name)) for name in profile.__dataclass_fields__]


def submitted(**target: Any) -> ev.SignInSubmitted:
    where = Target(deployment="cloud-2019", keeping=Keeping.FILE, save_as="work", **target)
    return ev.SignInSubmitted(way=Pasted(Secret("an-invented-key-0001")), target=where, way_name="token")


def test_a_setup_is_kept_half_way_and_the_profile_only_once_releases_are_listed() -> None:
    state, effects = go(first(), submitted(), signed())
    assert [unfinished for _, unfinished in saved(effects)] == [True]
    state, effects = go(state, opened(FOLDER))
    assert saved(effects) == [], "an opened instance proves no folder"
    state, effects = go(state, listed())
    ((profile, unfinished),) = saved(effects)
    assert (profile.name, profile.way, unfinished) == ("work", "token", False)
    assert profile.release_key == RELEASE.key, "in the same instance the release of last time stays marked"
    assert state.answers.finished


def test_a_setup_whose_secret_does_not_last_is_not_kept_half_way() -> None:
    event = replace(signed(), identity=replace(KEPT, keeping=Keeping.SESSION, credential=""))
    _, effects = go(first(), submitted(), event)
    assert saved(effects) == []


@pytest.mark.parametrize("event", [ev.ProfileChosen(profile=WORK, keep=False)])
def test_a_profile_that_is_not_to_be_kept_stays_as_it_was(event: ev.ProfileChosen) -> None:
    folder = Folder(key="f-1", fully_qualified_name="Shared")
    state, _ = go(first(), event, signed(partial=True, folder=folder))
    state, effects = go(state, opened(FOLDER_OF_OTHERS), listed())
    assert isinstance(state, st.ChoosingRelease)
    assert saved(effects) == []


def test_nothing_of_the_environment_is_kept() -> None:
    answers = st.Answers(save_as="work", identity=replace(KEPT, keeping=Keeping.ENVIRONMENT))
    assert profile_of(answers) is None


def test_production_stays_marked_whatever_is_answered_anew() -> None:
    answers = st.Answers(save_as="work", identity=KEPT, profile=replace(WORK, production=True), account=ACCOUNT)
    found = profile_of(answers)
    assert found is not None
    assert found.production
    elsewhere = profile_of(replace(answers, save_as="other"))
    assert elsewhere is not None
    assert not elsewhere.production


INTERRUPTED = (st.ChoosingRelease, st.PreparingStart, st.StartUnresolved, st.Watching)


def interrupted(kind: type[st.State]) -> st.State:
    state = make_states()[kind]
    answers = replace(state.answers, base=BASE, here=HERE)
    return replace(state, answers=answers, pending=(), failure=FAILURE, failed=None)


@pytest.mark.parametrize("kind", INTERRUPTED)
def test_what_a_new_sign_in_interrupted_goes_on_in_the_same_instance(kind: type[st.State]) -> None:
    before = interrupted(kind)
    state, effects = go(before, ev.SignInAgainRequested())
    assert (type(state), effects) == (st.SigningIn, [])
    state, effects = go(state, submitted(), signed(), opened(FOLDER, FOLDER_OF_OTHERS))
    assert type(state) is kind
    assert state.answers.identity == KEPT
    assert state.answers.release == before.answers.release
    assert state.failure is None
    if isinstance(state, st.Watching) and isinstance(before, st.Watching):
        assert state.jobs == before.jobs
        assert any(isinstance(each, fx.PollJobs) for each in effects)


@pytest.mark.parametrize("kind", INTERRUPTED)
def test_another_instance_starts_afresh(kind: type[st.State]) -> None:
    state, _ = go(interrupted(kind), ev.SignInAgainRequested())
    state, effects = go(state, submitted(), signed(), opened(FOLDER, base="https://example.test/elsewhere"))
    assert isinstance(state, st.ChoosingFolder)
    assert not any(isinstance(each, fx.PollJobs) for each in effects)


@pytest.mark.parametrize("kind", INTERRUPTED)
def test_another_instance_behind_the_same_address_starts_afresh_too(kind: type[st.State]) -> None:
    """On the 2019 platform one address may serve every tenant: a header alone tells them apart."""
    before = interrupted(kind)
    other = ServiceInstance(service_instance_logical_name="another-one")
    before = replace(before, answers=replace(before.answers, instance=other))
    state, _ = go(before, ev.SignInAgainRequested())
    state, effects = go(state, submitted(), signed(), opened(FOLDER))
    assert isinstance(state, st.ChoosingFolder)
    assert not any(isinstance(each, (fx.PollJobs, fx.CheckStart)) for each in effects)


@pytest.mark.parametrize("kind", INTERRUPTED)
def test_going_back_from_the_form_returns_with_the_old_sign_in(kind: type[st.State]) -> None:
    before = interrupted(kind)
    news = replace(HERE, looked=True, key_store="Secret Service")
    state, effects = go(before, ev.SignInAgainRequested(), ev.HereChanged(here=news), ev.WentBack())
    assert type(state) is kind
    assert state.answers.identity == before.answers.identity
    assert state.answers.here == news
    assert effects == []


def test_a_refused_new_sign_in_loses_nothing_of_what_was_being_done() -> None:
    before = interrupted(st.PreparingStart)
    state, _ = go(before, ev.SignInAgainRequested(), submitted(), ev.CallFailed(ticket=0, failure=FAILURE, at=NOW))
    assert isinstance(state, st.SigningIn)
    assert state.failure == FAILURE
    state, _ = go(state, ev.WentBack())
    assert isinstance(state, st.PreparingStart)
    assert state.answers.inputs == before.answers.inputs


def test_news_of_a_failed_keeping_is_a_warning_and_the_watch_goes_on() -> None:
    before = interrupted(st.Watching)
    state, effects = go(before, ev.HereChanged(here=HERE, failure=FAILURE))
    assert isinstance(state, st.Watching)
    assert state.answers.identity is not None
    assert FAILURE.title in state.answers.identity.warning
    assert (state.current.job, effects) == (JOB, [])
