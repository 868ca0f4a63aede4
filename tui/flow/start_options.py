"""How a start is made beside its inputs: strategy, robots, number, priority, runtime, reference. Pure.

What each server takes: the 2019 platform All, Specific and JobsCount, and neither priority, runtime nor
reference; servers of today only ModernJobsCount (StartProcessDto of both definitions).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

ALL: Final = "All"
SPECIFIC: Final = "Specific"
JOBS_COUNT: Final = "JobsCount"
MODERN_JOBS_COUNT: Final = "ModernJobsCount"
CLASSIC: Final = (ALL, SPECIFIC, JOBS_COUNT)
STRATEGIES: Final = (*CLASSIC, MODERN_JOBS_COUNT)
PRIORITIES: Final = ("Low", "Normal", "High")
HIGHEST: Final = 100
"""The largest specific priority (Orchestrator 20.0 definition)."""
MOST_JOBS: Final = 9_999
LONGEST_REFERENCE: Final = 80
"""Characters of one's own reference: 128 (Orchestrator 20.0 definition), less our mark and a space before it."""


@dataclass(frozen=True, slots=True)
class StartOptions:
    """What the start form holds under "More". Empty texts leave the choice to the server or the release.

    ``priority`` is Low, Normal, High or a whole number from 1 to 100. ``robot_ids`` goes with Specific alone.
    """

    strategy: str = ""
    robot_ids: tuple[int, ...] = ()
    jobs_count: int = 1
    priority: str = ""
    runtime_type: str = ""
    reference: str = ""
    """The person's own words, kept with the job behind the mark of this program."""

    def strategy_for(self, *, modern: bool) -> str:
        """Return the strategy that is sent: the one chosen, else what the server and the number of jobs ask for."""
        if self.strategy:
            return self.strategy
        if modern:
            return MODERN_JOBS_COUNT
        if self.robot_ids:
            return SPECIFIC
        return JOBS_COUNT if self.jobs_count > 1 else ALL

    def problems(self, *, modern: bool) -> tuple[str, ...]:
        """Return what is wrong with the options on such a server, before anything is sent."""
        strategy = self.strategy_for(modern=modern)
        found: list[str] = []
        allowed = (MODERN_JOBS_COUNT,) if modern else CLASSIC
        if strategy not in allowed:
            found.append(f"the strategy {strategy} is not one of this server: {', '.join(allowed)}")
        if strategy == SPECIFIC and not self.robot_ids:
            found.append("the strategy Specific needs at least one robot")
        if strategy != SPECIFIC and self.robot_ids:
            found.append("robots can be named for the strategy Specific only")
        if not 1 <= self.jobs_count <= MOST_JOBS:
            found.append("at least one job is needed" if self.jobs_count < 1 else f"at most {MOST_JOBS:,} jobs")
        elif self.jobs_count > 1 and strategy in (ALL, SPECIFIC):
            found.append(
                f"the strategy {strategy} makes one job on each robot: a number of jobs can't be given with it"
            )
        return (
            *found,
            *self._priority_problems(modern=modern),
            *self._runtime_problems(modern=modern),
            *self._reference_problems(modern=modern),
        )

    def _priority_problems(self, *, modern: bool) -> tuple[str, ...]:
        if not self.priority:
            return ()
        if not modern:
            return ("the 2019 platform knows no priority",)
        if self.priority in PRIORITIES or 1 <= self.specific_priority <= HIGHEST:
            return ()
        return (f"the priority must be {', '.join(PRIORITIES)} or a whole number from 1 to {HIGHEST}",)

    def _runtime_problems(self, *, modern: bool) -> tuple[str, ...]:
        if not self.runtime_type or (modern and self.runtime_type.isascii() and self.runtime_type.isalnum()):
            return ()
        return (
            "the runtime type must be one word, such as Unattended"
            if modern
            else "the 2019 platform knows no runtime type",
        )

    def _reference_problems(self, *, modern: bool) -> tuple[str, ...]:
        if not self.reference:
            return ()
        if not modern:
            return ("the 2019 platform keeps no reference",)
        if len(self.reference) > LONGEST_REFERENCE:
            return (f"the reference has {len(self.reference)} characters, at most {LONGEST_REFERENCE} are kept",)
        return () if self.reference.isprintable() else ("the reference holds a character that can't be seen",)

    @property
    def specific_priority(self) -> int:
        """The priority as a number, 0 when it is a word or empty."""
        text = self.priority
        return int(text) if text.isascii() and text.isdigit() and len(text) <= len(str(HIGHEST)) else 0


PLAIN: Final = StartOptions()
"""The start that the server and the release decide on."""


def priority_of(text: str) -> str:
    """Return a typed priority as it is sent: letter case is forgiven, what is unknown stays as typed."""
    typed = text.strip()
    return next((word for word in PRIORITIES if word.casefold() == typed.casefold()), typed)


def strategy_of(text: str) -> str:
    """Return a typed strategy as it is sent: letter case and hyphens are forgiven, what is unknown stays as typed."""
    typed = text.strip()
    wanted = typed.replace("-", "").casefold()
    return next((name for name in STRATEGIES if name.casefold() == wanted), typed)
