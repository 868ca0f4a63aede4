"""How the twin answers questions from what was named, and how it says what could have been named."""

from __future__ import annotations

from dataclasses import replace

import pytest
from flow_samples import ACCOUNT, FOLDER, INSTANCE, RELEASE, awaiting, make_states

from tui.api.models import Account, Folder, Release, ReleaseArguments, Robot, ServiceInstance
from tui.api.names import clean_name
from tui.errors import Exit, Failure
from tui.flow import events as ev
from tui.flow import states as st
from tui.flow.start_options import StartOptions
from tui.twin.choices import Wishes, choose

STATES = make_states()
TEST = ServiceInstance(service_instance_name="Test", service_instance_logical_name="harbourtest")
OTHER = Account(account_name="Kite", account_logical_name="kite")
INSTANCES = replace(STATES[st.ChoosingInstance], instances=(INSTANCE, TEST), accounts=(ACCOUNT, OTHER))
ARGUED = Release(
    id=5,
    key="k",
    name="Argued",
    arguments=ReleaseArguments(input='[{"name":"n","type":"System.Int32, mscorlib","required":true}]'),
)


@pytest.mark.parametrize("wish", ["harbourtest", "HARBOURTEST", "Test"])
def test_an_instance_is_found_by_either_name_in_any_case(wish: str) -> None:
    assert choose(INSTANCES, Wishes(instance=wish)) == ev.InstanceChosen(instance=TEST)


def test_without_a_name_the_choices_are_listed() -> None:
    failure = choose(INSTANCES, Wishes())
    assert isinstance(failure, Failure)
    assert failure.exit is Exit.USAGE
    assert "--instance" in failure.next_step
    assert "harbourdefault" in failure.next_step
    assert "harbourtest" in failure.next_step


def test_a_wrong_name_gets_near_misses() -> None:
    failure = choose(INSTANCES, Wishes(instance="harbortest"))
    assert isinstance(failure, Failure)
    assert failure.exit is Exit.NOT_FOUND
    assert "harbourtest" in failure.next_step


def test_accounts_come_before_instances() -> None:
    state = replace(INSTANCES, instances=None)
    assert choose(state, Wishes(account="kite")) == ev.AccountChosen(account=OTHER)


def test_refused_listings_are_answered_by_name() -> None:
    state = replace(INSTANCES, typed=True, typed_reason="refused")
    chosen = choose(state, Wishes(account="org", instance="tenant"))
    assert isinstance(chosen, ev.InstanceTyped)
    assert (chosen.account.account_logical_name, chosen.instance.logical_name) == ("org", "tenant")
    assert isinstance(choose(state, Wishes()), Failure)
    folder = replace(STATES[st.ChoosingFolder], typed=True, typed_reason="refused")
    typed = choose(folder, Wishes(folder="Finance/Own"))
    assert isinstance(typed, ev.FolderChosen)
    assert typed.folder.path == "Finance/Own"


@pytest.mark.parametrize("wish", ["Finance/Two", "key-2", "12", "Two"])
def test_a_folder_is_found_by_path_key_id_or_name(wish: str) -> None:
    two = Folder(id=12, key="key-2", fully_qualified_name="Finance/Two", display_name="Two")
    state = replace(STATES[st.ChoosingFolder], folders=(FOLDER, two))
    assert choose(state, Wishes(folder=wish)) == ev.FolderChosen(folder=two)


def test_a_release_is_searched_where_it_is_not_loaded() -> None:
    state = STATES[st.ChoosingRelease]
    assert isinstance(state, st.ChoosingRelease)
    assert choose(state, Wishes(release="invoice intake")) == ev.ReleaseChosen(release=RELEASE)
    assert choose(state, Wishes(release=RELEASE.key)) == ev.ReleaseChosen(release=RELEASE)
    other = "00000000-0000-4000-8000-000000000001"
    assert choose(state, Wishes(release=other)) == ev.ReleaseKeyEntered(key=other)
    assert choose(state, Wishes(release="Payroll")) == ev.SearchRequested(text="Payroll")
    searched = replace(state, search="Payroll", releases=(), total=0)
    failure = choose(searched, Wishes(release="Payroll"))
    assert isinstance(failure, Failure)
    assert failure.exit is Exit.NOT_FOUND


def test_two_releases_of_one_name_are_never_guessed() -> None:
    twins = (RELEASE, RELEASE.model_copy(update={"id": 4, "key": "other"}))
    state = replace(STATES[st.ChoosingRelease], releases=twins, total=2, search=RELEASE.name)
    failure = choose(state, Wishes(release=RELEASE.name))
    assert isinstance(failure, Failure)
    assert "2 releases" in failure.cause
    assert "other" in failure.next_step, "the keys tell them apart"


def test_inputs_are_checked_before_the_start() -> None:
    answers = replace(STATES[st.PreparingStart].answers, release=ARGUED)
    state = replace(STATES[st.PreparingStart], answers=answers)
    edited = choose(state, Wishes())
    assert isinstance(edited, ev.InputsEdited)
    assert "n" in edited.problems[0]
    failure = choose(replace(state, problems=edited.problems), Wishes())
    assert isinstance(failure, Failure)
    assert failure.exit is Exit.USAGE
    good = '{"n":4}'
    assert choose(state, Wishes(inputs=good)) == ev.InputsEdited(inputs=good)
    ready = replace(state, answers=replace(answers, inputs=good))
    assert choose(ready, Wishes(inputs=good)) == ev.StartRequested()


def test_nothing_is_answered_while_an_answer_is_awaited_or_a_failure_shown() -> None:
    assert choose(awaiting(INSTANCES), Wishes(instance="harbourtest")) is None
    failed = replace(INSTANCES, failure=Failure("a", "b", "c"))
    assert choose(failed, Wishes(instance="harbourtest")) is None


def test_only_the_question_is_confirmed() -> None:
    assert choose(STATES[st.ConfirmingStart], Wishes()) == ev.StartConfirmed()
    assert choose(STATES[st.Starting], Wishes()) is None


@pytest.mark.parametrize(
    ("wishes", "noun"),
    [
        (Wishes(account="nope"), "account"),
        (Wishes(instance="Production"), "service instance"),
        (Wishes(folder="Elsewhere"), "folder"),
    ],
)
def test_what_was_taken_by_itself_must_be_what_was_named(wishes: Wishes, noun: str) -> None:
    for kind in (st.ChoosingRelease, st.PreparingStart, st.ConfirmingStart):
        failure = choose(STATES[kind], wishes)
        assert isinstance(failure, Failure)
        assert (noun in failure.title, failure.exit) == (True, Exit.NOT_FOUND)
    good = Wishes(account="HARBOUR", instance="Default", folder="finance")
    assert choose(STATES[st.ConfirmingStart], good) == ev.StartConfirmed()


def test_a_folder_named_for_a_server_without_folders_is_told() -> None:
    state = STATES[st.ConfirmingStart]
    state = replace(state, answers=replace(state.answers, folder=None))
    failure = choose(state, Wishes(folder="Finance"))
    assert isinstance(failure, Failure)
    assert failure.exit is Exit.USAGE


def test_exact_letter_case_decides_between_names() -> None:
    lower = ServiceInstance(service_instance_logical_name="HARBOURTEST")
    state = replace(INSTANCES, instances=(TEST, lower))
    assert choose(state, Wishes(instance="HARBOURTEST")) == ev.InstanceChosen(instance=lower)


def test_a_name_with_invisible_characters_is_found_as_it_is_typed() -> None:
    release = Release.model_validate({"Id": 9, "Key": "k9", "Name": "R\u200cX"})
    state = replace(STATES[st.ChoosingRelease], releases=(release,), total=1)
    assert choose(state, Wishes(release=clean_name("R\u200cX"))) == ev.ReleaseChosen(release=release)


def test_robots_are_listed_first_and_named_by_name_or_id() -> None:
    robots = (Robot(id=5, name="Baker"), Robot(id=7, name="Mixer"), Robot(id=8, name="mixer"))
    asked = choose(STATES[st.PreparingStart], Wishes(robots=("baker",)))
    assert asked == ev.RobotsRequested()
    state = replace(STATES[st.PreparingStart], robots=robots)
    edited = choose(state, Wishes(robots=("baker", "7", "5")))
    assert isinstance(edited, ev.InputsEdited)
    assert edited.options == StartOptions(strategy="Specific", robot_ids=(5, 7))
    for wish in ("nobody", "mixer"):
        failure = choose(state, Wishes(robots=(wish,)))
        assert isinstance(failure, Failure)
        assert (failure.exit, "7" in failure.next_step) == (Exit.NOT_FOUND, True)


def test_options_the_server_does_not_take_start_nothing() -> None:
    modern = replace(STATES[st.PreparingStart], answers=replace(STATES[st.PreparingStart].answers, modern=True))
    for state, wishes in (
        (modern, Wishes(robots=("Baker",))),
        (modern, Wishes(options=StartOptions(priority="Urgent"))),
        (STATES[st.PreparingStart], Wishes(options=StartOptions(priority="Low"))),
        (STATES[st.PreparingStart], Wishes(options=StartOptions(strategy="All"), robots=("Baker",))),
    ):
        failure = choose(state, wishes)
        assert isinstance(failure, Failure)
        assert failure.exit is Exit.USAGE
