"""What the workflow promises along the way: one choice is taken, going back loses nothing, nothing starts twice."""

from __future__ import annotations

from dataclasses import replace

from flow_samples import (
    ACCOUNT,
    FAILURE,
    FOLDER,
    IDENTITY,
    INSTANCE,
    INTENT,
    JOB,
    LOST,
    NOW,
    PREVIEW,
    RELEASE,
    awaiting,
    make_states,
)

from tui.api.models import Folder, Job, Release, ServiceInstance
from tui.errors import Exit, Failure
from tui.flow import effects as fx
from tui.flow import events as ev
from tui.flow import states as st
from tui.flow.form_effects import RememberStart
from tui.flow.machine import transition
from tui.flow.ways import Pasted, Target
from tui.intent import Group, IntentState
from tui.secret import Secret

STATES = make_states()
OTHER = ServiceInstance(service_instance_logical_name="harbourtest")


def test_one_account_with_one_instance_is_opened_without_a_question() -> None:
    state, (sign_in,) = transition(
        st.SigningIn(), ev.SignInSubmitted(way=Pasted(Secret("user-key-value")), target=Target(deployment="cloud-2019"))
    )
    state, (fetch,) = transition(state, ev.SignedIn(ticket=sign_in.ticket, identity=IDENTITY, accounts=(ACCOUNT,)))
    assert isinstance(fetch, fx.FetchInstances)
    state, (open_it,) = transition(state, ev.InstancesLoaded(ticket=fetch.ticket, instances=(INSTANCE,)))
    assert isinstance(open_it, fx.OpenInstance)
    opened = ev.InstanceOpened(ticket=open_it.ticket, base="https://x.test", version="", modern=False, folders=None)
    state, (releases,) = transition(state, opened)
    assert isinstance(state, st.ChoosingRelease)
    assert isinstance(releases, fx.FetchReleases)
    assert state.answers.folder is None


def test_several_instances_are_a_question_and_going_back_keeps_the_answers() -> None:
    choosing = STATES[st.ChoosingInstance]
    state, effects = transition(choosing, ev.InstanceChosen(instance=OTHER))
    assert [type(effect) for effect in effects] == [fx.OpenInstance]
    state, _ = transition(state, ev.WentBack())
    assert isinstance(state, st.ChoosingInstance), "the first back only drops the call"
    state, _ = transition(state, ev.WentBack())
    assert isinstance(state, st.ChoosingInstance)
    assert state.instances is None, "the accounts are offered again"
    state, _ = transition(state, ev.WentBack())
    assert isinstance(state, st.SigningIn)
    assert state.answers.instance == OTHER
    assert state.answers.release == RELEASE


def test_a_refused_listing_asks_for_names() -> None:
    state, (sign_in,) = transition(
        st.SigningIn(), ev.SignInSubmitted(way=Pasted(Secret("rt_abc")), target=Target(deployment="automation-cloud"))
    )
    state, effects = transition(state, ev.SignedIn(ticket=sign_in.ticket, identity=IDENTITY, reason="refused"))
    assert isinstance(state, st.ChoosingInstance)
    assert (state.typed, state.typed_reason, effects) == (True, "refused", ())


def test_another_place_forgets_the_answers_of_the_old_one() -> None:
    signing = STATES[st.SigningIn]
    state, _ = transition(
        signing, ev.SignInSubmitted(way=Pasted(Secret("rt_abc")), target=Target(deployment="automation-cloud"))
    )
    assert state.answers == st.Answers(deployment="automation-cloud")
    state, _ = transition(
        signing, ev.SignInSubmitted(way=Pasted(Secret("key")), target=Target(deployment="cloud-2019"))
    )
    assert state.answers == signing.answers


def test_an_empty_folder_list_asks_for_a_path_and_a_single_folder_is_taken() -> None:
    state = awaiting(STATES[st.ChoosingInstance])
    opened = ev.InstanceOpened(ticket=1, base="https://x.test", version="20", modern=True, folders=())
    typed, _ = transition(state, opened)
    assert isinstance(typed, st.ChoosingFolder)
    assert typed.typed
    taken, effects = transition(state, replace(opened, folders=(FOLDER,)))
    assert taken.answers.folder == FOLDER
    assert [type(effect) for effect in effects] == [fx.FetchReleases]


def test_pages_append_without_repeats_and_an_old_search_is_ignored() -> None:
    state = STATES[st.ChoosingRelease]
    assert isinstance(state, st.ChoosingRelease)
    state, (fetch,) = transition(state, ev.MoreRequested())
    assert isinstance(fetch, fx.FetchReleases)
    assert fetch.skip == 1
    assert transition(state, ev.MoreRequested())[1] == (), "one page at a time"
    page = ev.ReleasesLoaded(ticket=fetch.ticket, releases=(RELEASE, Release(id=4, name="Next")), total=2, skip=1)
    state, _ = transition(state, page)
    assert isinstance(state, st.ChoosingRelease)
    assert [release.id for release in state.releases] == [3, 4]
    assert transition(state, ev.MoreRequested())[1] == (), "everything is loaded"
    state, (search,) = transition(state, ev.SearchRequested(text="pay"))
    state, _ = transition(state, ev.ReleasesLoaded(ticket=search.ticket, releases=(), total=0, search="inv"))
    assert isinstance(state, st.ChoosingRelease)
    assert len(state.releases) == 2


def test_inputs_survive_going_back_and_belong_to_their_release() -> None:
    choosing = STATES[st.ChoosingRelease]
    state, _ = transition(choosing, ev.ReleaseChosen(release=RELEASE))
    state, _ = transition(state, ev.InputsEdited(inputs='{"a": 1}'))
    state, _ = transition(state, ev.WentBack())
    again, _ = transition(state, ev.ReleaseChosen(release=RELEASE))
    assert again.answers.inputs == '{"a": 1}'
    other = Release(id=9, key="other", name="Other", input_arguments=' {"b": 2} ')
    fresh, (preview,) = transition(state, ev.ReleaseChosen(release=other))
    assert fresh.answers.inputs == '{"b": 2}'
    assert isinstance(preview, fx.PreviewStart)
    assert preview.info.input_arguments == '{"b": 2}'


def test_bad_inputs_never_reach_the_question() -> None:
    state, effects = transition(STATES[st.PreparingStart], ev.InputsEdited(inputs="{", problems=("not JSON",)))
    assert effects == ()
    assert transition(state, ev.StartRequested())[1] == ()


def test_what_the_form_says_twice_does_not_take_the_question_back() -> None:
    told = ev.InputsEdited(inputs='{"a":1}', problems=(), options=STATES[st.PreparingStart].answers.options)
    preparing, _ = transition(STATES[st.PreparingStart], told)
    asked, (fence,) = transition(preparing, ev.StartRequested())
    again, effects = transition(asked, told)
    assert (again, effects) == (asked, ())
    assert fence in again.pending
    changed, _ = transition(asked, replace(told, inputs='{"a":2}'))
    assert fence not in changed.pending, "what was asked for is not what the form says now"


def test_the_start_goes_to_the_releases_own_folder() -> None:
    preparing = STATES[st.PreparingStart]
    release = RELEASE.model_copy(
        update={"organization_unit_id": 99, "organization_unit_fully_qualified_name": "Finance/Own"}
    )
    preparing = replace(preparing, answers=replace(preparing.answers, release=release, modern=True))
    state, (fence,) = transition(preparing, ev.StartRequested())
    assert isinstance(fence, fx.ReadFence)
    state, _ = transition(state, ev.FenceRead(ticket=fence.ticket, intent=INTENT, info=fence.info, preview=PREVIEW))
    _state, (start,) = transition(state, ev.StartConfirmed())
    assert isinstance(start, fx.StartJob)
    assert start.info.strategy == "ModernJobsCount"
    assert isinstance(start.folder, Folder)
    assert (start.folder.id, start.folder.key, start.folder.path) == (99, "", "Finance/Own")


def test_confirming_twice_starts_once() -> None:
    state, effects = transition(STATES[st.ConfirmingStart], ev.StartConfirmed())
    again, more = transition(state, ev.StartConfirmed())
    assert (len(effects), more) == (1, ())
    assert again == state


def test_a_refused_start_stays_with_its_answers() -> None:
    state, (start,) = transition(STATES[st.ConfirmingStart], ev.StartConfirmed())
    state, _ = transition(state, ev.StartRefused(ticket=start.ticket, failure=FAILURE))
    assert isinstance(state, st.PreparingStart)
    assert state.failure == FAILURE
    assert transition(state, ev.Retried())[1] == (), "a start is never repeated by the retry key"


def lost_start() -> tuple[st.StartUnresolved, fx.CheckStart]:
    state, (start,) = transition(STATES[st.ConfirmingStart], ev.StartConfirmed())
    state, (check,) = transition(state, ev.StartLost(ticket=start.ticket, failure=FAILURE, intent=LOST))
    assert isinstance(state, st.StartUnresolved)
    assert isinstance(check, fx.CheckStart)
    return state, check


def checked(
    state: st.State, check: fx.Effect, known: IntentState, *jobs: Job
) -> tuple[st.State, tuple[fx.Effect, ...]]:
    intent = replace(LOST, state=known)
    proven = jobs if known is IntentState.ACCEPTED else ()
    return transition(state, ev.StartChecked(ticket=check.ticket, intent=intent, groups=(Group(jobs),), jobs=proven))


def test_a_lost_start_is_looked_for_and_remembered() -> None:
    state, check = lost_start()
    assert check.intent == LOST
    assert state.answers.unresolved == (RELEASE.key,)
    state, (wait,) = checked(state, check, IntentState.UNKNOWN, JOB)
    assert isinstance(wait, fx.Wait)
    left, _ = transition(state, ev.WentBack())
    assert left.answers.unresolved == (RELEASE.key,)
    adopted, (poll, note, *kept) = transition(state, ev.CandidateAdopted(job=JOB))
    assert [type(effect) for effect in kept] == [RememberStart]
    assert isinstance(adopted, st.Watching)
    assert isinstance(poll, fx.PollJobs)
    assert isinstance(note, fx.AdoptJobs)
    assert note.ids == (JOB.id,)
    assert adopted.answers.unresolved == ()


def test_a_release_whose_start_is_open_leads_to_the_search_and_never_to_the_form() -> None:
    state, check = lost_start()
    state, _ = checked(state, check, IntentState.UNKNOWN)
    state, _ = transition(state, ev.WentBack())
    state, effects = transition(state, ev.ReleaseChosen(release=RELEASE))
    assert isinstance(state, st.StartUnresolved)
    assert state.resumed
    assert [type(effect) for effect in effects] == [fx.CheckStart]


def test_an_open_start_found_before_the_question_is_looked_for_instead() -> None:
    state, (fence,) = transition(STATES[st.PreparingStart], ev.StartRequested())
    state, effects = transition(state, ev.IntentFound(ticket=fence.ticket, intent=LOST))
    assert isinstance(state, st.StartUnresolved)
    assert [type(effect) for effect in effects] == [fx.CheckStart]


def test_a_proven_job_is_watched_and_said_to_be_found() -> None:
    state, check = lost_start()
    state, effects = checked(state, check, IntentState.ACCEPTED, JOB)
    assert isinstance(state, st.Watching)
    assert state.notice.startswith(f"It did start: job {JOB.id}")
    assert isinstance(effects[0], fx.PollJobs)
    assert state.answers.unresolved == ()


def test_more_jobs_than_asked_for_are_an_alarm() -> None:
    state, check = lost_start()
    answer = ev.StartChecked(
        ticket=check.ticket,
        intent=replace(LOST, state=IntentState.ACCEPTED, count=1),
        jobs=tuple(JOB.model_copy(update={"id": number}) for number in range(101, 108)),
    )
    state, _ = transition(state, answer)
    assert isinstance(state, st.Watching)
    assert "More jobs than asked for: 7 instead of 1 job" in state.notice
    assert "jobs 101, 102, 103 and 4 more, created" in state.notice


def test_a_start_that_was_settled_elsewhere_is_never_called_unsent_when_it_may_have_made_a_job() -> None:
    said = {
        IntentState.REJECTED: "it was refused by the server",
        IntentState.NOT_SENT: "it was never sent",
        IntentState.ACCEPTED: "the server does not list them: 7, 8",
        IntentState.CLOSED: "its job may still turn up",
    }
    for known, cause in said.items():
        state, check = lost_start()
        intent = replace(LOST, state=known, jobs=(7, 8) if known is IntentState.ACCEPTED else ())
        state, _ = transition(state, ev.StartChecked(ticket=check.ticket, intent=intent))
        assert isinstance(state, st.PreparingStart)
        assert state.failure is not None
        assert state.failure.cause == cause
        made_none = known in (IntentState.REJECTED, IntentState.NOT_SENT)
        assert ("You may start now." in state.failure.next_step) is made_none


def test_a_likely_job_waits_for_the_persons_word() -> None:
    state, check = lost_start()
    state, effects = checked(state, check, IntentState.LIKELY, JOB)
    assert isinstance(state, st.StartUnresolved)
    assert effects == (), "nothing is adopted, and nothing more is asked"
    denied, (again,) = transition(state, ev.CandidateDenied(job=JOB))
    assert isinstance(again, fx.CheckStart)
    assert again.denied == (JOB.id,)
    assert isinstance(denied, st.StartUnresolved)


def test_starting_again_needs_the_time_and_the_name() -> None:
    state, check = lost_start()
    named = ev.StartAgainRequested(name=RELEASE.name)
    assert transition(state, named)[1] == (), "not while it may still come"
    state, _ = checked(state, check, IntentState.NOT_FOUND)
    assert transition(state, ev.StartAgainRequested(name="y"))[1] == ()
    state, (close,) = transition(state, named)
    assert isinstance(close, fx.CloseStart)
    assert transition(state, named)[1] == (), "once"
    state, effects = transition(state, ev.StartClosed(ticket=close.ticket, intent=LOST))
    assert isinstance(state, st.PreparingStart), "the form, never a start"
    assert [type(effect) for effect in effects] == [fx.PreviewStart]
    assert state.answers.unresolved == ()


def test_a_start_that_another_program_settled_as_refused_frees_the_form() -> None:
    state, check = lost_start()
    state, _ = checked(state, check, IntentState.REJECTED)
    assert isinstance(state, st.PreparingStart)
    assert state.failure is not None


def test_any_other_failure_of_the_start_counts_as_lost() -> None:
    state, (start,) = transition(STATES[st.ConfirmingStart], ev.StartConfirmed())
    state, _ = transition(state, ev.CallFailed(ticket=start.ticket, failure=FAILURE, at=NOW))
    assert isinstance(state, st.StartUnresolved)


def test_a_parked_watch_comes_back_and_asks_at_once() -> None:
    state, _ = transition(STATES[st.Watching], ev.WentBack())
    assert isinstance(state, st.ChoosingRelease)
    assert state.parked is not None
    state, (poll,) = transition(state, ev.WatchResumed())
    assert isinstance(state, st.Watching)
    assert isinstance(poll, fx.PollJobs)


def test_a_refused_sign_in_in_the_middle_of_a_watch_keeps_the_watch() -> None:
    watching = awaiting(STATES[st.Watching], fx.PollJobs(ids=(101,), folder=None))
    failure = Failure("Sign-in expired", "the server says 401", "Sign in again.", exit=Exit.SIGN_IN)
    state, effects = transition(watching, ev.CallFailed(ticket=1, failure=failure, at=NOW))
    assert isinstance(state, st.Watching)
    assert effects == (), "no poll goes on with a token that is refused"
    _state, (poll,) = transition(state, ev.Retried())
    assert isinstance(poll, fx.PollJobs)


def test_the_warning_before_a_second_start_survives_a_resumed_watch() -> None:
    parked = STATES[st.Watching]
    assert isinstance(parked, st.Watching)
    releases = STATES[st.ChoosingRelease]
    state = replace(
        releases, parked=parked, answers=replace(releases.answers, intents=(replace(LOST, release_key="b"),))
    )
    state, _ = transition(state, ev.WatchResumed())
    state, _ = transition(state, ev.WentBack())
    assert state.answers.unresolved == ("b",)


def test_a_parked_watch_survives_the_way_through_the_folders_of_its_instance() -> None:
    parked = STATES[st.Watching]
    assert isinstance(parked, st.Watching)
    state: st.State = replace(STATES[st.ChoosingRelease], parked=parked)
    state, _ = transition(state, ev.WentBack())
    assert isinstance(state, st.ChoosingFolder)
    back, (fetch,) = transition(state, ev.FolderChosen(folder=FOLDER))
    back, _ = transition(back, ev.ReleasesLoaded(ticket=fetch.ticket, releases=(), total=0))
    assert isinstance(back, st.ChoosingRelease)
    assert back.parked is parked
    state, _ = transition(state, ev.WentBack())
    state, (open_it,) = transition(state, ev.InstanceChosen(instance=OTHER))
    elsewhere = ev.InstanceOpened(ticket=open_it.ticket, base="https://else.test", version="", modern=True, folders=())
    state, _ = transition(state, elsewhere)
    assert isinstance(state, st.ChoosingFolder)
    assert state.parked is None, "another instance can't be asked about its jobs"


def test_a_page_without_news_ends_the_list_and_a_found_key_stands_once() -> None:
    state, (fetch,) = transition(STATES[st.ChoosingRelease], ev.MoreRequested())
    page = ev.ReleasesLoaded(ticket=fetch.ticket, releases=(RELEASE,), total=9999, skip=1)
    state, _ = transition(state, page)
    assert transition(state, ev.MoreRequested())[1] == ()
    state, (find,) = transition(state, ev.ReleaseKeyEntered(key=RELEASE.key))
    state, _ = transition(state, ev.ReleaseFound(ticket=find.ticket, release=RELEASE.model_copy(update={"id": 77})))
    assert isinstance(state, st.ChoosingRelease)
    assert [release.id for release in state.releases] == [77]


def test_a_sign_in_in_use_is_gone_on_with_and_not_sent_twice() -> None:
    state = replace(STATES[st.ChoosingInstance], instances=None)
    state, _ = transition(state, ev.WentBack())
    assert isinstance(state, st.SigningIn)
    assert state.forward is not None
    kept, effects = transition(state, ev.SignInKept())
    assert isinstance(kept, st.ChoosingInstance)
    assert effects == ()
    submitted = ev.SignInSubmitted(way=Pasted(Secret("user-key-value")), target=Target(deployment="cloud-2019"))
    state, (sign_in,) = transition(state, submitted)
    assert isinstance(sign_in, fx.SignIn)
    assert transition(state, submitted) == (state, ()), "a second Enter is nothing"


def test_a_refused_stop_reads_the_state_at_once() -> None:
    state = awaiting(STATES[st.Watching], fx.StopJobs(ids=(101,), kill=True, folder=None))
    state, (poll,) = transition(state, ev.CallFailed(ticket=1, failure=FAILURE, at=NOW))
    assert isinstance(poll, fx.PollJobs)
    assert state.failure == FAILURE
