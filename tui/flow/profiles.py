"""Which profile the answers make, and when it is kept: once they are proven, never before. Imports types only."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tui.flow.effects import SaveProfile
from tui.flow.table import Step, also
from tui.keeping import Keeping
from tui.profile import Profile

if TYPE_CHECKING:
    from tui.flow.state import Answers


def profile_of(answers: Answers) -> Profile | None:
    """Return the answers as a profile; ``None`` where nothing is to be kept (no name for it, or not signed in)."""
    identity, name = answers.identity, answers.save_as
    if not name or identity is None or identity.keeping is Keeping.ENVIRONMENT:
        return None
    last = answers.profile if answers.profile is not None and answers.profile.name == name else None
    profile = Profile(
        name=name,
        deployment=answers.deployment,
        base_url=answers.base_url,
        client_id=answers.client_id,
        scopes=answers.scopes,
        way=answers.way,
        who=identity.who,
        fingerprint=identity.fingerprint,
        organization_id=identity.organization_id,
        account=answers.account.account_logical_name if answers.account else "",
        account_name=answers.account.account_name if answers.account else "",
        instance=answers.instance.logical_name if answers.instance else "",
        instance_name=answers.instance.service_instance_name if answers.instance else "",
        folder_key=answers.folder.key if answers.folder else "",
        folder_path=answers.folder.path if answers.folder else "",
        production=last.production if last else False,
        keeping=identity.keeping,
        credential=identity.credential,
    )
    if answers.release is not None:
        release = answers.release
        return replace(profile, release_key=release.key, release_name=release.name)
    if last is not None and (last.account, last.instance) == (profile.account, profile.instance):
        return replace(profile, release_key=last.release_key, release_name=last.release_name)
    return profile


def keep(step: Step) -> Step:
    """Add the keeping of the profile to ``step``, when its state's answers say more than what was kept last."""
    state, _ = step
    profile = profile_of(state.answers)
    if profile is None or profile == state.answers.profile:
        return step
    return also(step, SaveProfile(profile=profile))


def keep_unfinished(step: Step) -> Step:
    """Add the keeping of a setup half-way, so that it can be resumed; only where its secret outlives the session."""
    state, _ = step
    profile = profile_of(state.answers)
    if profile is None or not profile.keeping.lasts:
        return step
    return also(step, SaveProfile(profile=profile, unfinished=True))
