"""The demo: the simulated Orchestrator beside the program, and the answers that make the whole job one key press.

Talks to the simulator through its printed summary alone, as a stranger's client would.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from tui.errors import Exit, Failure, UsageError
from tui.flow.event import SignInSubmitted
from tui.flow.state import Answers, SigningIn
from tui.flow.ways import Pasted, Target
from tui.secret import Secret
from tui.simulator.scenarios import parse_scenarios
from tui.twin.choices import Wishes
from tui.twin.orders import Order

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping

    from tui.settings import Settings

Summary = dict[str, Any]
CLOUD_2019 = "cloud-2019"


@contextmanager
def serving(scenario: str, speed: float) -> Generator[Summary]:
    """Serve the scenario on a free port while the block runs; gives the summary. Raises `UsageError`."""
    try:
        scenarios = parse_scenarios(scenario)
    except ValueError as error:
        raise _wrong(str(error), "`uipath-tui demo --help` lists the scenarios.") from error
    if not speed > 0:
        raise _wrong(f"--speed is {speed}", "Give a number above 0.")
    from tui.simulator.server import SimulatorServer

    with SimulatorServer(scenarios, speed=speed) as server:
        yield server.summary


def demo_settings(settings: Settings, summary: Summary) -> Settings:
    """Point the settings at the simulator."""
    return replace(settings, base_url=str(summary["base_url"]))


def demo_tokens(summary: Summary) -> Mapping[str, Secret]:
    """Return the invented token for each deployment that the simulator serves."""
    today = Secret(summary["automation_cloud"]["personal_access_token"])
    return {CLOUD_2019: Secret(summary["cloud_2019"]["user_key"]), "automation-cloud": today, "automation-suite": today}


def demo_names(summary: Summary) -> Mapping[str, tuple[str, str]]:
    """Return organization and tenant for the deployments whose demo token can't list them."""
    today = (summary["automation_cloud"]["organization"], summary["automation_cloud"]["tenant"])
    return {"automation-cloud": today, "automation-suite": today}


def demo_answers(settings: Settings, summary: Summary) -> Answers:
    """Return the answers that the form starts with: where, and the application that the browser sign-in needs."""
    application = summary["automation_cloud"]["public_client_id"]
    return Answers(deployment=settings.deployment, base_url=settings.base_url, client_id=application)


def demo_order(settings: Settings, summary: Summary) -> Order:
    """Return the order that goes through the whole job with the first choice of everything."""
    tokens = demo_tokens(summary)
    if settings.deployment not in tokens:
        raise _wrong(f"the demo has no token for {settings.deployment}", f"Use one of {', '.join(tokens)}.")
    release = summary["releases"][0]["key"] if summary["releases"] else ""
    if settings.deployment == CLOUD_2019:
        first = summary["cloud_2019"]["accounts"][0]
        wishes = Wishes(account=first["logical_name"], instance=first["instances"][0], release=release)
    else:
        today = summary["automation_cloud"]
        folder = today["folders"][0]["key"] if today["folders"] else ""
        wishes = Wishes(account=today["organization"], instance=today["tenant"], folder=folder, release=release)
    event = SignInSubmitted(
        way=Pasted(tokens[settings.deployment]),
        target=Target(
            deployment=settings.deployment,
            base_url=settings.base_url,
            account=wishes.account,
            instance=wishes.instance,
        ),
    )
    answers = Answers(deployment=settings.deployment, base_url=settings.base_url)
    return Order(state=SigningIn(answers=answers), first=event, wishes=wishes, keeps=False)


def _wrong(cause: str, next_step: str) -> UsageError:
    return UsageError(Failure("The demo can't be shown", cause, next_step, exit=Exit.USAGE))
