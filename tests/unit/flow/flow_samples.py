"""One sample of every state and every event, awaiting an answer where the state awaits any."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TypeVar

from tui.api.models import Account, Folder, Job, Release, Robot, RobotLog, ServiceInstance, ValidationResult
from tui.api.outcome import RequestPreview
from tui.api.sign_in.token_set import Application
from tui.api.start import tutorial_start
from tui.errors import Failure
from tui.flow import effects as fx
from tui.flow import events as ev
from tui.flow import states as st
from tui.flow.state import Here
from tui.flow.ways import Pasted, Target
from tui.intent import Group, Intent, IntentState
from tui.profile import Profile
from tui.secret import Secret
from tui.started_job import StartedJob

S = TypeVar("S", bound=st.State)
NOW = datetime(2026, 3, 4, 9, 28, 12, tzinfo=UTC)
ACCOUNT = Account(account_name="Harbour Bakery", account_logical_name="harbour")
INSTANCE = ServiceInstance(service_instance_name="Default", service_instance_logical_name="harbourdefault")
FOLDER = Folder(id=7, key="f-7", fully_qualified_name="Finance")
RELEASE = Release(id=3, key="8d2f0c11-7d5e-4a63-9a52-0c2a9f3d5b11", name="Invoice Intake", process_version="1.0.2")
JOB = Job(id=101, key="job-101", state="Running", release_name="Invoice Intake")
STARTED = StartedJob(place="https://example.test", id=101, key="job-101", started_at=NOW, state="Running")
ROBOT = Robot(id=5, name="Baker")
FAILURE = Failure("It failed", "because", "Try again.")
PREVIEW = RequestPreview("POST", "https://example.test/odata/Jobs", (), b"{}")
IDENTITY = st.Identity(who="ada@example.test", kind="user key", fingerprint="…a3f1")
PROFILE = Profile(name="work", deployment="cloud-2019", account="harbour", instance="harbourdefault")
BEGUN = fx.BeginBrowser(application=Application("an-id"), target=Target(deployment="cloud-2019"))
INFO = tutorial_start(RELEASE)
INTENT = Intent(
    id="3b1d5c9e-0f6a-4f4e-9d43-6a0f6f2b7c11",
    tenant="https://example.test",
    release_key=RELEASE.key,
    release_name=RELEASE.name,
    fence=100,
)
LOST = replace(INTENT, state=IntentState.UNKNOWN, cause="because", sent_at=NOW, failed_at=NOW)
ANSWERS = st.Answers(
    deployment="cloud-2019", account=ACCOUNT, instance=INSTANCE, identity=IDENTITY, folder=FOLDER, release=RELEASE
)


def make_states() -> dict[type[st.State], st.State]:
    signing = st.SigningIn(answers=ANSWERS, ticket=1)
    browser = st.AwaitingBrowser(
        answers=ANSWERS, ticket=1, step_back=signing, begun=BEGUN, address="https://x.test/a", redirect_uri="http://l/"
    )
    instance = st.ChoosingInstance(
        answers=ANSWERS, ticket=1, step_back=signing, accounts=(ACCOUNT, ACCOUNT), instances=(INSTANCE, INSTANCE)
    )
    folder = st.ChoosingFolder(answers=ANSWERS, ticket=1, step_back=instance, folders=(FOLDER, FOLDER))
    release = st.ChoosingRelease(answers=ANSWERS, ticket=1, step_back=folder, releases=(RELEASE,), total=9)
    preparing = st.PreparingStart(answers=ANSWERS, ticket=1, step_back=release, preview=PREVIEW)
    about = {
        "answers": ANSWERS,
        "ticket": 1,
        "step_back": preparing,
        "info": INFO,
        "preview": PREVIEW,
        "intent": INTENT,
    }
    watched = st.WatchedJob(job=JOB, seen=(st.StateSeen("Running", NOW),))
    every = (
        signing,
        browser,
        instance,
        folder,
        release,
        preparing,
        st.ConfirmingStart(**about),
        st.Starting(**about),
        st.StartUnresolved(answers=replace(ANSWERS, intents=(LOST,)), ticket=1, step_back=preparing, intent=LOST),
        st.Watching(answers=ANSWERS, ticket=1, step_back=preparing, jobs=(watched,), checked_at=NOW),
        st.ListingJobs(answers=ANSWERS, ticket=1, step_back=release, jobs=(JOB,), total=9),
    )
    return {type(state): state for state in every}


def sample(kind: type[S]) -> S:
    """Return the sample of one state."""
    state = make_states()[kind]
    assert isinstance(state, kind)
    return state


def make_events(ticket: int = 1) -> dict[type[ev.Event], ev.Event]:
    every = (
        ev.SignInSubmitted(way=Pasted(Secret("a-user-key")), target=Target(deployment="cloud-2019")),
        ev.SignInKept(),
        ev.BrowserRequested(application=Application("an-id"), target=Target(deployment="cloud-2019")),
        ev.RedirectGiven(text=Secret("https://x.test/mobile?code=made-up")),
        ev.ProfileChosen(profile=PROFILE),
        ev.SignInAgainRequested(),
        ev.HereChanged(here=Here(looked=True)),
        ev.AccountChosen(account=ACCOUNT),
        ev.InstanceChosen(instance=INSTANCE),
        ev.InstanceTyped(account=ACCOUNT, instance=INSTANCE),
        ev.FolderChosen(folder=FOLDER),
        ev.SearchRequested(text="inv"),
        ev.MoreRequested(),
        ev.ReleaseKeyEntered(key=RELEASE.key),
        ev.ReleaseChosen(release=RELEASE),
        ev.InputsEdited(inputs='{"a": 1}'),
        ev.RobotsRequested(),
        ev.CarrierChosen(argument="in_Text"),
        ev.DefaultsTaken(),
        ev.LastTaken(),
        ev.PresetTaken(name="month"),
        ev.PresetSaved(name="month"),
        ev.PresetDeleted(name="month"),
        ev.DryRunRequested(),
        ev.StartRemembered(base="https://example.test"),
        ev.StartRequested(),
        ev.StartConfirmed(),
        ev.CheckRequested(),
        ev.CandidateAdopted(job=JOB),
        ev.CandidateDenied(job=JOB),
        ev.StartAgainRequested(name=RELEASE.name),
        ev.JobSelected(index=0),
        ev.StopRequested(kill=False),
        ev.PollRequested(),
        ev.PauseToggled(),
        ev.RunAgainRequested(),
        ev.WatchResumed(),
        ev.JobsRequested(),
        ev.JobChosen(job_id=102),
        ev.CompareRequested(),
        ev.StartedLookRequested(),
        ev.StartedChanged(started=(STARTED,), looked=True),
        ev.Retried(),
        ev.WentBack(),
        ev.CallFailed(ticket=ticket, failure=FAILURE, at=NOW),
        ev.SignedIn(ticket=ticket, identity=IDENTITY, accounts=(ACCOUNT,)),
        ev.BrowserBegun(ticket=ticket, address="https://x.test/a", redirect_uri="http://127.0.0.1:1/", caught=True),
        ev.AccountsListed(ticket=ticket, accounts=(ACCOUNT, ACCOUNT)),
        ev.InstancesLoaded(ticket=ticket, instances=(INSTANCE,)),
        ev.InstanceOpened(ticket=ticket, base="https://example.test", version="20.0", modern=True, folders=(FOLDER,)),
        ev.ReleasesLoaded(ticket=ticket, releases=(RELEASE,), total=1),
        ev.ReleaseFound(ticket=ticket, release=RELEASE),
        ev.StartPreviewed(ticket=ticket, preview=PREVIEW),
        ev.StartValidated(ticket=ticket, verdict=ValidationResult()),
        ev.RobotsLoaded(ticket=ticket, robots=(ROBOT,)),
        ev.FenceRead(ticket=ticket, intent=INTENT, info=INFO, preview=PREVIEW),
        ev.IntentFound(ticket=ticket, intent=LOST),
        ev.JobsStarted(ticket=ticket, jobs=(JOB,), at=NOW),
        ev.StartRefused(ticket=ticket, failure=FAILURE),
        ev.StartLost(ticket=ticket, failure=FAILURE, intent=LOST),
        ev.StartChecked(ticket=ticket, intent=LOST, groups=(Group((JOB,)),)),
        ev.StartClosed(ticket=ticket, intent=LOST),
        ev.LateFound(found=(LOST,), said=("It did come through",)),
        ev.JobsPolled(ticket=ticket, jobs=(JOB,), at=NOW),
        ev.JobsListed(ticket=ticket, jobs=(JOB,), total=1, at=NOW),
        ev.JobAttached(ticket=ticket, job=JOB, at=NOW, release=RELEASE, folder=FOLDER),
        ev.PreviousFound(ticket=ticket, previous=None),
        ev.RobotLogsLoaded(ticket=ticket, job_key=JOB.key, logs=(RobotLog(level="Info", message="hello"),)),
        ev.PendingExplained(ticket=ticket, result=None, at=NOW),
        ev.StopAccepted(ticket=ticket, kill=False),
        ev.WaitEnded(ticket=ticket),
    )
    return {type(event): event for event in every}


def awaiting(state: st.State, effect: fx.Effect | None = None) -> st.State:
    """Return the state awaiting the answer with ticket 1."""
    return replace(state, pending=(replace(effect or fx.Wait(seconds=1), ticket=1),))
