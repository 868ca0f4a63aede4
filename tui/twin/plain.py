"""The line-by-line twin: the same workflow as plain lines, for pipes, continuous integration and screen readers.

Owns the loop and the printing. What to answer comes from `tui.twin.choices`, what to say from `tui.narration`.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol, TextIO

from tui.errors import Exit, Failure
from tui.flow.machine import transition
from tui.flow.outcome import is_settled
from tui.flow.states import Starting, StartUnresolved, State, Watching
from tui.flow.watched_logs import followed
from tui.intent import IntentState
from tui.narration import Line, candidate_lines, changes, failure_line, farewell
from tui.system.interrupts import interrupting
from tui.text import clean
from tui.twin.choices import Wishes, choose
from tui.twin.narration_form import checked
from tui.twin.narration_jobs import ending, told
from tui.twin.narration_request import REQUEST, written

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tui.flow.effects import Effect
    from tui.flow.events import Event

GRACE = 3.0
"""Seconds that an interrupted start gets to bring its answer."""
LONGEST_LINE = 100_000
INDENT = " " * 10
"""Before every further line of one text, so that server text can't pass for a line of ours."""
PERMANENT = frozenset({403, 404})
"""Statuses that do not get better by asking again."""
PATIENCE = 3
"""Looks in a row with a permanent answer before the twin gives up."""
CHECKS = 5
"""Looks for the job of an unresolved start before the twin ends (20 seconds)."""


class Performer(Protocol):
    """Whatever performs effects."""

    async def perform(self, effect: Effect) -> Event:
        """Do what the effect asks and return what came of it."""
        ...

    def news(self) -> Event | None:
        """Return what came up beside the answers."""
        ...


@dataclass(slots=True)
class Printer:
    """Prints lines as text, errors to ``errors``; or everything to ``out`` as JSON objects, one a line.

    Where ``only`` names a step, ``out`` gets the text of that step alone, to be piped on; the rest goes to ``errors``.

    Text is made harmless to a terminal once more here, whatever its source. When the reader has gone, printing stops
    and the job goes on.
    """

    out: TextIO
    errors: TextIO
    as_json: bool = False
    only: str = ""
    gone: bool = False

    def say(self, lines: Iterable[Line]) -> None:
        """Print the lines and flush."""
        for line in () if self.gone else lines:
            try:
                self._print(line)
            except (BrokenPipeError, ValueError, OSError):
                self.gone = True
                return

    def _print(self, line: Line) -> None:
        if self.as_json:
            print(json.dumps({"step": line.step, "text": line.text, **line.data}), file=self.out, flush=True)
            return
        if line.step == REQUEST:
            text = clean(line.text, multiline=True, limit=len(line.text))
        else:
            text = clean(f"{line.step:<9} {line.text}", multiline=True, limit=LONGEST_LINE)
            text = text.replace("\n", "\n" + INDENT)
        aside = line.error or self.only not in ("", line.step)
        print(text, file=self.errors if aside else self.out, flush=True)


@dataclass
class Twin:
    """One run of the workflow without a screen. ``follow`` keeps watching until every job is over."""

    performer: Performer
    printer: Printer
    wishes: Wishes
    state: State
    follow: bool = True
    _events: asyncio.Queue[Event | None] = field(default_factory=asyncio.Queue["Event | None"])
    _tasks: dict[int, asyncio.Task[None]] = field(default_factory=dict[int, "asyncio.Task[None]"])
    _unawaited: set[int] = field(default_factory=set[int])
    """Tickets of what is done whatever becomes of the step that asked for it."""
    _earlier: bool = False
    """Whether what is watched is an earlier start, found instead of the new one that was asked for."""

    async def run(self, first: Event) -> Exit:
        """Begin with ``first`` and go on until the job is over, a question can't be answered, or an interrupt.

        Returns the exit code; everything else is printed.
        """
        self._events.put_nowait(first)
        with interrupting(lambda: self._events.put_nowait(None)):
            async with asyncio.TaskGroup() as group:
                code = await self._loop(group)
                for ticket, task in self._tasks.items():
                    if ticket not in self._unawaited:
                        task.cancel()
        return code

    async def _loop(self, group: asyncio.TaskGroup) -> Exit:
        while True:
            event = await self._events.get()
            if event is None:
                return await self._interrupted(group)
            self._take(event, group)
            code = self._ended()
            if code is not None:
                return code
            answer = choose(self.state, self.wishes)
            if isinstance(answer, Failure):
                self.printer.say([failure_line(answer)])
                return answer.exit
            if answer is not None:
                self._events.put_nowait(answer)
            elif self.wishes.request and (found := written(self.state, self.wishes.request)) is not None:
                self.printer.say(found[0])
                return found[1]

    def _take(self, event: Event, group: asyncio.TaskGroup) -> None:
        before = self.state
        self.state, effects = transition(before, event)
        resumed = isinstance(before, StartUnresolved) and before.resumed
        self._earlier = self._earlier or (resumed and isinstance(self.state, Watching))
        self.printer.say(told(changes(before, self.state), self.wishes.jobs))
        for effect in effects:
            if not effect.awaited:
                self._unawaited.add(effect.ticket)
            self._tasks[effect.ticket] = group.create_task(self._perform(effect))
        awaited = {effect.ticket for effect in self.state.pending} | self._unawaited
        for ticket in [ticket for ticket, task in self._tasks.items() if task.done() or ticket not in awaited]:
            self._tasks.pop(ticket).cancel()

    async def _perform(self, effect: Effect) -> None:
        self._events.put_nowait(await self.performer.perform(effect))
        self._unawaited.discard(effect.ticket)
        news = self.performer.news()
        if news is not None:
            self._events.put_nowait(news)

    def _ended(self) -> Exit | None:
        state = self.state
        if self._earlier:
            text = "That was an earlier start. Nothing was started now: run this again to start another."
            self.printer.say([Line("refused", text, error=True)])
            return Exit.REFUSED
        if self.wishes.jobs is not None and (found := ending(state, self.wishes.jobs)) is not None:
            self.printer.say(found[0])
            return found[1]
        if self.wishes.dry_run and (verdict := checked(state)) is not None and not state.pending:
            self.printer.say(verdict[0])
            return verdict[1]
        if isinstance(state, Watching):
            return self._watch_ended(state)
        if isinstance(state, StartUnresolved):
            return self._unresolved(state)
        if state.failure is not None and not state.pending:
            return state.failure.exit
        return None

    def _unresolved(self, state: StartUnresolved) -> Exit | None:
        """Give up looking after a while: the journal remembers, and the next run looks before it starts anything."""
        judged = state.intent.state in (IntentState.LIKELY, IntentState.ASK_USER, IntentState.NOT_FOUND)
        if state.checks < CHECKS and not judged and not state.intent.busy:
            return None
        self.printer.say(candidate_lines(state))
        code = self._leave()
        return Exit.REFUSED if state.intent.busy else code

    def _watch_ended(self, state: Watching) -> Exit | None:
        if all(watched.over for watched in state.jobs):
            told = all(watched.logs_complete for watched in followed(state))
            return self._leave() if told or not self.follow else None
        if not self.follow or is_settled(watched.job.state for watched in state.jobs if not watched.over):
            return self._leave()
        failure = state.failure
        if failure is None:
            return None
        if state.halted or (failure.status in PERMANENT and state.failures >= PATIENCE):
            self._leave()
            return failure.exit
        return None

    def _leave(self) -> Exit:
        lines, code = farewell(self.state)
        self.printer.say(lines)
        return code

    async def _interrupted(self, group: asyncio.TaskGroup) -> Exit:
        """End early. A start that is on its way gets a moment to bring its answer."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(GRACE):
                while isinstance(self.state, Starting):
                    event = await self._events.get()
                    if event is not None:
                        self._take(event, group)
        code = self._leave()
        goes_on = " The started job goes on." if isinstance(self.state, Watching) else ""
        self.printer.say([Line("stopped", f"Interrupted.{goes_on}", error=True)])
        return code if code is Exit.OUTCOME_UNKNOWN else Exit.INTERRUPTED
