"""Owns how a job passes through its states in time: a list of dated transitions, read at any moment.

Nothing here waits: the state at a moment is a pure function of the transitions, so tests own the clock. States and
what a stop does to each: Orchestrator's user guide, "Job states".
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

FINAL_STATES = frozenset({"Successful", "Faulted", "Stopped"})
STOPPING_SECONDS = 1.5
TERMINATING_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Transition:
    """From ``at`` on, the job is in ``state``."""

    at: datetime
    state: str


@dataclass(slots=True)
class Lifecycle:
    """A job's transitions, oldest first; the first is its creation."""

    transitions: list[Transition]
    speed: float = 1.0
    honours_soft_stop: bool = False
    stop_requested: bool = field(default=False, init=False)

    def state(self, now: datetime) -> str:
        """Return the state at ``now``."""
        return self._current(now).state

    def started_at(self, now: datetime) -> datetime | None:
        """Return when it first ran, if that was before ``now``."""
        return next((item.at for item in self.transitions if item.state == "Running" and item.at <= now), None)

    def ended_at(self, now: datetime) -> datetime | None:
        """Return when it ended, if that was before ``now``."""
        last = self._current(now)
        return last.at if last.state in FINAL_STATES else None

    def changed_at(self, now: datetime) -> datetime:
        """Return when the state at ``now`` began."""
        return self._current(now).at

    @property
    def end(self) -> datetime | None:
        """When it will have ended, as things stand; None when it never will."""
        last = self.transitions[-1]
        return last.at if last.state in FINAL_STATES else None

    def stop(self, now: datetime) -> bool:
        """Ask it to stop; return False when it has already ended."""
        state = self.state(now)
        if state in FINAL_STATES:
            return False
        self.stop_requested = True
        if state in {"Stopping", "Terminating"}:
            return True
        if state != "Running":
            self._replan(now, ())
            return True
        outcome = "Successful" if self.honours_soft_stop else "Stopped"
        self._replan(now, (("Stopping", 0.0), (outcome, STOPPING_SECONDS)))
        return True

    def kill(self, now: datetime) -> bool:
        """End it by force; return False when it has already ended."""
        state = self.state(now)
        if state in FINAL_STATES:
            return False
        self.stop_requested = True
        if state == "Terminating":
            return True
        if state == "Pending":
            self._replan(now, ())
            return True
        self._replan(now, (("Terminating", 0.0), ("Stopped", TERMINATING_SECONDS)))
        return True

    def resume(self, now: datetime, running_seconds: float) -> bool:
        """Continue a suspended job; return False when it is not suspended."""
        if self.state(now) != "Suspended":
            return False
        self._replan(now, (("Resumed", 0.0), ("Running", 1.0), ("Successful", 1.0 + running_seconds)))
        return True

    def _replan(self, now: datetime, plan: Sequence[tuple[str, float]]) -> None:
        kept = [item for item in self.transitions if item.at <= now]
        self.transitions = kept + planned(now, plan or (("Stopped", 0.0),), self.speed)

    def _current(self, now: datetime) -> Transition:
        current = self.transitions[0]
        for item in self.transitions:
            if item.at <= now:
                current = item
        return current


def planned(start: datetime, plan: Sequence[tuple[str, float]], speed: float) -> list[Transition]:
    """Return the transitions of ``plan``: state, and seconds after ``start`` at speed 1."""
    return [Transition(start + timedelta(seconds=offset / speed), state) for state, offset in plan]


def plan_job(scenarios: frozenset[str], seconds: float, pending: float, *, suspends: bool) -> list[tuple[str, float]]:
    """Return the states a job passes through, with seconds after its creation, as the scenarios have it.

    ``seconds`` is how long it runs, ``pending`` how long it queues first.
    """
    plan = [("Pending", 0.0)]
    if "pending" in scenarios:
        return plan
    plan.append(("Running", pending))
    half = pending + min(seconds, 20.0) / 2
    if "suspended" in scenarios and suspends:
        plan += [("Suspended", half), ("Resumed", half + 8.0), ("Running", half + 9.0)]
        half, seconds = half + 11.0, seconds + 9.0
    if "stopped" in scenarios:
        return [*plan, ("Terminating", half), ("Stopped", half + TERMINATING_SECONDS)]
    if "faulted" in scenarios:
        return [*plan, ("Faulted", half)]
    return [*plan, ("Successful", pending + seconds)]
