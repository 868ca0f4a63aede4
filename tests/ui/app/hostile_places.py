"""Every place of the screens in which words of a server stand, as the state that puts a text there."""

# pyright: basic, reportMissingImports=false
from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from flow_samples import ANSWERS, INSTANCE, LOST, NOW, sample

from tui.api.models import Account, Candidate, Folder, Job, Release, RobotLog, ServiceInstance
from tui.api.outcome import RequestPreview
from tui.errors import Failure
from tui.flow import states as st
from tui.intent import Group
from tui.profile import Profile

KEY = "8d2f0c11-7d5e-4a63-9a52-0c2a9f3d5b11"


def _named(text: str) -> Release:
    return Release.model_validate({"Id": 3, "Key": KEY, "Name": text, "ProcessVersion": "1.0"})


def _release(**fields: str) -> st.State:
    row = Release.model_validate({"Id": 3, "Key": KEY, "Name": "Intake", **fields})
    return replace(sample(st.ChoosingRelease), releases=(row,), total=1)


def _job(**fields: Any) -> Job:
    return Job.model_validate({"Id": 101, "Key": KEY, "State": "Running", "ReleaseName": "Intake", **fields})


def _watching(*logs: RobotLog, notice: str = "", **fields: Any) -> st.State:
    job = _job(**fields)
    watched = st.WatchedJob(job=job, seen=(st.StateSeen(job.state, NOW),), logs=logs)
    return replace(sample(st.Watching), jobs=(watched,), notice=notice)


def _log(**fields: str) -> st.State:
    row = {"TimeStamp": "2026-03-04T09:28:12Z", "Level": "Info", "Message": "says", "RobotName": "R", **fields}
    return _watching(RobotLog.model_validate(row))


def _listed(**fields: Any) -> st.State:
    return replace(sample(st.ListingJobs), jobs=(_job(**fields),), total=1)


def _answers(**more: Any) -> st.State:
    return replace(sample(st.ChoosingRelease), answers=replace(ANSWERS, **more))


def _arguments(text: str) -> st.State:
    rows = [{"name": text, "type": "System.String", "required": True, "hasDefault": False}]
    wire = {"Id": 3, "Key": KEY, "Name": "Intake", "Arguments": {"Input": json.dumps(rows)}}
    release = Release.model_validate(wire)
    return replace(sample(st.PreparingStart), answers=replace(ANSWERS, release=release))


def _asked(**more: Any) -> st.State:
    return replace(sample(st.ConfirmingStart), **more)


def _request(text: str) -> st.State:
    body = json.dumps({"in": text}, ensure_ascii=False).encode("utf-8", "surrogatepass")
    return replace(sample(st.PreparingStart), preview=RequestPreview("POST", "https://h/odata", (), body))


def _unresolved(intent: Any = LOST, **row: Any) -> st.State:
    wire = {"Id": 102, "Key": KEY, "State": "Running", "ReleaseName": "Intake", **row}
    groups = (Group((Candidate.model_validate(wire),), ("another machine",)),)
    return replace(sample(st.StartUnresolved), intent=intent, groups=groups if row else ())


def _failed(**fields: Any) -> st.State:
    failure = replace(Failure("Could not list the releases", "the server answered 500", "Try again"), **fields)
    return replace(sample(st.ChoosingRelease), failure=failure)


def _account(text: str) -> st.State:
    wire = {"accountName": text, "accountLogicalName": "acme"}
    rows = (Account.model_validate(wire), Account(account_name="Other", account_logical_name="other"))
    answers = replace(ANSWERS, account=None, instance=None)
    return replace(sample(st.ChoosingInstance), answers=answers, accounts=rows, instances=None)


def _instance(text: str) -> st.State:
    wire = {"serviceInstanceName": text, "serviceInstanceLogicalName": "acmedefault"}
    return replace(sample(st.ChoosingInstance), instances=(ServiceInstance.model_validate(wire), INSTANCE))


def _folder(**fields: Any) -> st.State:
    rows = (Folder.model_validate({"Id": 8, "Key": "k", **fields}), Folder(id=9, display_name="Other"))
    return replace(sample(st.ChoosingFolder), folders=rows)


PLACES: dict[str, Callable[[str], st.State]] = {
    "account": _account,
    "instance": _instance,
    "folder path": lambda text: _folder(FullyQualifiedName=text),
    "folder name": lambda text: _folder(DisplayName=text),
    "release name": lambda text: _release(Name=text),
    "release version": lambda text: _release(ProcessVersion=text),
    "release description": lambda text: _release(Description=text),
    "release environment": lambda text: _release(EnvironmentName=text),
    "release package": lambda text: _release(ProcessKey=text),
    "who is signed in": lambda text: _answers(identity=st.Identity(who=text, kind="user key", fingerprint="…a3f1")),
    "profile": lambda text: _answers(profile=Profile(name=text, production=True)),
    "folder in the frame": lambda text: _answers(folder=Folder.model_validate({"Id": 1, "DisplayName": text})),
    "words of a failure": lambda text: _failed(server_message=text),
    "cause of a failure": lambda text: _failed(cause=text),
    "argument name": _arguments,
    "release of the question": lambda text: _asked(answers=replace(ANSWERS, release=_named(text))),
    "folder of the question": lambda text: _asked(
        answers=replace(ANSWERS, folder=Folder.model_validate({"Id": 1, "DisplayName": text}))
    ),
    "body of the request": _request,
    "cause of a lost start": lambda text: _unresolved(replace(LOST, cause=text)),
    "machine of a candidate": lambda text: _unresolved(HostMachineName=text),
    "state of a candidate": lambda text: _unresolved(State=text),
    "job state": lambda text: _watching(State=text),
    "job info": lambda text: _watching(State="Faulted", Info=text),
    "job machine": lambda text: _watching(HostMachineName=text),
    "job release": lambda text: _watching(ReleaseName=text),
    "job output": lambda text: _watching(State="Successful", OutputArguments=json.dumps({"out": text})),
    "job output name": lambda text: _watching(State="Successful", OutputArguments=json.dumps({text: 1})),
    "robot log": lambda text: _log(Message=text),
    "robot log level": lambda text: _log(Level=text),
    "listed job's release": lambda text: _listed(ReleaseName=text),
    "listed job's state": lambda text: _listed(State=text),
    "listed job's machine": lambda text: _listed(HostMachineName=text),
}
"""Place → the state that shows a text of the server there. Made by the models, as the wire makes it."""
