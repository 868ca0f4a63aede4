"""Walks through the list of jobs: in from the releases and from a job, to one of them, and back with nothing lost."""

from __future__ import annotations

from dataclasses import replace

from flow_samples import ANSWERS, FAILURE, FOLDER, JOB, NOW, RELEASE, sample  # pyright: ignore[reportMissingImports]

from tui.api.models import Folder, Job
from tui.flow import effects as fx
from tui.flow import events as ev
from tui.flow import states as st
from tui.flow.job_list import RENEWED, UNFINISHED, rows
from tui.flow.machine import transition
from tui.started_job import StartedJob

OTHER = Job(id=102, key="job-102", state="Successful", release_name="Other", input_arguments='{"x": 1}')
FAR = Folder(id=9, key="f-9", fully_qualified_name="Far")


def step(state: st.State, *events: ev.Event) -> tuple[st.State, tuple[fx.Effect, ...]]:
    effects: tuple[fx.Effect, ...] = ()
    for event in events:
        state, effects = transition(state, event)
    return state, effects


def listed(state: st.State, *jobs: Job, total: int | None = None) -> st.ListingJobs:
    """Return the state after the page that it awaits came with ``jobs``."""
    ticket = next(effect.ticket for effect in state.pending if isinstance(effect, fx.FetchJobs))
    state, _ = step(state, ev.JobsListed(ticket=ticket, jobs=jobs, total=total, at=NOW))
    assert isinstance(state, st.ListingJobs)
    return state


def attached(state: st.State, job: Job, folder: Folder | None = FOLDER) -> st.Watching:
    state, (effect,) = step(state, ev.JobChosen(job_id=job.id, folder=folder))
    assert isinstance(effect, fx.AttachJob)
    answer = ev.JobAttached(ticket=effect.ticket, job=job, at=NOW, release=RELEASE, folder=effect.folder)
    state, _ = step(state, answer)
    assert isinstance(state, st.Watching)
    return state


def test_from_the_releases_to_a_job_and_back_the_same_way() -> None:
    before = replace(sample(st.ChoosingRelease), answers=replace(ANSWERS, release=None, inputs="kept"))
    listing = listed(step(before, ev.JobsRequested())[0], JOB, OTHER)
    watch = attached(listing, OTHER)
    assert (watch.current.job, watch.answers.inputs) == (OTHER, OTHER.input_arguments)
    again, effects = step(watch, ev.WentBack())
    assert isinstance(again, st.ListingJobs)
    assert [type(effect) for effect in effects] == [fx.FetchJobs]
    assert again.jobs == listing.jobs
    back, _ = step(again, ev.WentBack())
    assert isinstance(back, st.ChoosingRelease)
    assert (back.answers.release, back.answers.inputs) == (None, "kept")
    assert back.releases == before.releases
    assert back.parked is not None
    assert back.parked.current.job == OTHER


def test_a_watch_is_never_dropped_by_looking_at_another_job() -> None:
    watch = sample(st.Watching)
    listing = listed(step(watch, ev.JobsRequested())[0], JOB, OTHER)
    other = attached(listing, OTHER)
    again, _ = step(other, ev.JobsRequested())
    assert isinstance(again, st.ListingJobs)
    back, effects = step(again, ev.WentBack())
    assert isinstance(back, st.Watching)
    assert back.jobs == watch.jobs
    assert back.listing is None
    assert [type(effect) for effect in effects] == [fx.PollJobs]


def test_the_watched_job_is_returned_to_with_all_that_is_known() -> None:
    watch = sample(st.Watching)
    listing = listed(step(watch, ev.JobsRequested())[0], JOB, OTHER)
    back, effects = step(listing, ev.JobChosen(job_id=JOB.id))
    assert isinstance(back, st.Watching)
    assert back.jobs == watch.jobs
    assert not any(isinstance(effect, fx.AttachJob) for effect in effects)


def test_a_job_in_another_folder_takes_its_folder_along_and_leaves_it_behind() -> None:
    listing = listed(step(sample(st.ChoosingRelease), ev.JobsRequested())[0], JOB)
    watch = attached(listing, OTHER, FAR)
    assert watch.answers.folder == FAR
    again, _ = step(watch, ev.WentBack())
    assert again.answers.folder == FOLDER


def test_unfinished_jobs_of_other_folders_stand_first() -> None:
    far = StartedJob(place="p", id=7, folder_id=9, folder_path="Far", started_at=NOW, state="Running")
    over, here = replace(far, id=8, state="Faulted"), replace(far, id=101, folder_id=7, folder_path="Finance")
    state = listed(step(sample(st.ChoosingRelease), ev.JobsRequested())[0], JOB, OTHER)
    state = replace(state, answers=replace(ANSWERS, started=(far, over, here)))
    found = [(row.id, row.elsewhere, row.started is not None) for row in rows(state)]
    assert found == [(7, True, True), (101, False, True), (102, False, False)]


def test_the_list_is_renewed_slowly_and_without_anybody_waiting() -> None:
    listing = listed(step(sample(st.ChoosingRelease), ev.JobsRequested())[0], JOB)
    (wait,) = listing.pending
    assert isinstance(wait, fx.Wait)
    assert wait.seconds == RENEWED
    renewing, (effect,) = step(listing, ev.WaitEnded(ticket=wait.ticket))
    assert isinstance(effect, fx.FetchJobs)
    assert effect.quiet
    renewed = listed(renewing, OTHER, total=1)
    assert renewed.jobs == (OTHER,)
    (wait,) = renewed.pending
    assert isinstance(wait, fx.Wait)
    assert wait.seconds == 2 * RENEWED


def test_a_page_in_the_middle_doubles_nothing_and_a_renewal_forgets_what_has_left() -> None:
    def numbered(*ids: int) -> tuple[Job, ...]:
        return tuple(Job(id=each, state="Running") for each in ids)

    listing = listed(step(sample(st.ChoosingRelease), ev.JobsRequested())[0], *numbered(9, 8, 7), total=6)
    more, (effect,) = step(listing, ev.MoreRequested())
    assert isinstance(effect, fx.FetchJobs)
    assert effect.skip == 3
    longer = listed(more, *numbered(7, 6, 5), total=7)
    assert [job.id for job in longer.jobs] == [9, 8, 7, 6, 5]
    renewed = listed(step(longer, ev.PollRequested())[0], *numbered(10, 9, 7), total=7)
    assert [job.id for job in renewed.jobs] == [10, 9, 7, 6, 5]


def test_another_filter_begins_a_list_of_its_own() -> None:
    listing = listed(step(sample(st.ChoosingRelease), ev.JobsRequested())[0], JOB, total=1)
    other, (effect,) = step(listing, ev.JobsRequested(shown=UNFINISHED))
    assert isinstance(other, st.ListingJobs)
    assert other.jobs == ()
    assert isinstance(effect, fx.FetchJobs)
    assert (effect.shown, effect.quiet) == (UNFINISHED, False)
    searched, (effect,) = step(other, ev.SearchRequested(text="Pay"))
    assert isinstance(effect, fx.FetchJobs)
    assert (effect.shown, effect.search) == (UNFINISHED, "Pay")
    assert not any(isinstance(each, fx.FetchJobs) and not each.search for each in searched.pending)


def test_a_quiet_failure_is_shown_and_tried_again_later() -> None:
    listing = listed(step(sample(st.ChoosingRelease), ev.JobsRequested())[0], JOB)
    renewing, (effect,) = step(listing, ev.PollRequested())
    failed, (wait,) = step(renewing, ev.CallFailed(ticket=effect.ticket, failure=FAILURE, at=NOW))
    assert failed.failure is FAILURE
    assert isinstance(wait, fx.Wait)
    assert wait.seconds >= RENEWED


def test_a_comparison_belongs_to_the_job_it_was_asked_for() -> None:
    watch = sample(st.Watching)
    asking, (effect,) = step(watch, ev.CompareRequested())
    assert isinstance(effect, fx.FetchPrevious)
    assert (effect.job, effect.release_key) == (JOB, RELEASE.key)
    assert step(asking, ev.CompareRequested()) == (asking, ())
    found, _ = step(asking, ev.PreviousFound(ticket=effect.ticket, previous=OTHER))
    assert isinstance(found, st.Watching)
    assert found.previous == st.PreviousRun(of=JOB.id, job=OTHER)
    refused, _ = step(asking, ev.CallFailed(ticket=effect.ticket, failure=FAILURE, at=NOW))
    assert isinstance(refused, st.Watching)
    assert (refused.failure, refused.failures) == (None, 0)
    assert refused.previous == st.PreviousRun(of=JOB.id, failure=FAILURE)


def test_news_of_what_was_started_here_reach_every_state() -> None:
    job = StartedJob(place="p", id=7, started_at=NOW, state="Running")
    state, effects = step(sample(st.Starting), ev.StartedChanged(started=(job,)))
    assert isinstance(state, st.Starting)
    assert (state.answers.started, effects) == ((job,), ())
    asked, effects = step(sample(st.ChoosingRelease), ev.StartedLookRequested())
    assert [effect.awaited for effect in effects] == [False]
    assert asked.pending == ()
    looked, _ = step(asked, ev.StartedChanged(started=(), looked=True))
    assert looked.answers.started_looked
    kept, _ = step(looked, ev.StartedChanged(started=(job,)))
    assert kept.answers.started_looked
    elsewhere, _ = step(kept, ev.StartedChanged(started=(job,), opened=True))
    assert not elsewhere.answers.started_looked


def test_a_new_sign_in_goes_on_with_the_list() -> None:
    listing = listed(step(sample(st.ChoosingRelease), ev.JobsRequested())[0], JOB)
    signing, _ = step(listing, ev.SignInAgainRequested())
    assert isinstance(signing, st.SigningIn)
    assert isinstance(signing.interrupted, st.ListingJobs)


def test_what_the_list_tells_of_a_job_left_running_is_known_of_it() -> None:
    over = JOB.model_copy(update={"state": "Faulted"})
    listing = listed(step(sample(st.Watching), ev.JobsRequested())[0], over)
    assert listing.parked is not None
    (watched,) = listing.parked.jobs
    assert (watched.job, [stage.state for stage in watched.seen]) == (over, ["Running", "Faulted"])
    stale = listed(step(listing, ev.PollRequested())[0], JOB)
    assert stale.parked == listing.parked
