"""The full-screen application: hands events to the workflow, runs its effects, shows its states. Wiring only.

httpx, pydantic, keyring and the servers stay out of here; ``load_runtime`` brings them in after the first paint.
"""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar, Final, Protocol

from textual.binding import Binding, BindingType

from tui.clock import Clock, SystemClock
from tui.screens.questions import ask, close_question
from tui.screens.routes import load_screens, screen_class
from tui.widgets.terminal import catch_signals, release_title
from tui.window import Window

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from textual.screen import Screen
    from textual.worker import Worker

    from tui.exchanges.log import ExchangeLog
    from tui.flow.effects import Effect
    from tui.flow.events import Event
    from tui.flow.state import State
    from tui.screens.step import StepScreen
    from tui.settings import Settings

    class Runtime(Protocol):
        """What performs effects."""

        async def perform(self, effect: Effect) -> Event:
            """Do it, and tell what came of it."""
            ...

        def news(self) -> Event | None:
            """Tell what came up beside the answers."""
            ...

        async def aclose(self) -> None:
            """Let go of connections."""
            ...


LAST_CALL: Final = 3.0
"""Seconds that a start on its way may still take when the person leaves."""


class UiPathApp(Window):
    """One window on one session. ``final_state`` is the state when it closed.

    ``first`` makes the event that opens the session, once everything is loaded; ``looks``: at this computer's profiles.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+q", "quit", "Quit", id="app.quit", tooltip="Leave; a started job goes on", priority=True),
    ]

    def __init__(
        self,
        *,
        state: State,
        first: Callable[[], Event | None] = lambda: None,
        looks: bool = False,
        load_runtime: Callable[[], Runtime],
        log: ExchangeLog,
        clock: Clock | None = None,
        theme: str = "",
        settings: Settings | None = None,
    ) -> None:
        super().__init__(theme)
        self.state = state
        self.exchanges = log
        self.clock: Clock = clock or SystemClock()
        self._first, self.settings = first, settings
        self._looks = looks
        self._load_runtime = load_runtime
        self._runtime: Runtime | None = None
        self._loaded = asyncio.Event()
        self._steps: dict[type[StepScreen[Any]], StepScreen[Any]] = {}
        self._calls: dict[int, tuple[Effect, Worker[None]]] = {}
        self._announced: set[int] = set()
        self._begun = False
        self._leaving = False

    @property
    def final_state(self) -> State:
        """The state when the application closed."""
        return self.state

    def on_mount(self) -> None:
        """Begin everything slow after the first step is on the screen."""
        catch_signals(self._end_by_signal)
        self.call_after_refresh(self._begin)

    def _begin(self) -> None:
        self._begun = True
        self._present()
        self.run_worker(self._preload, name="preload", group="preload")

    async def _preload(self) -> None:
        self._runtime = await asyncio.to_thread(self._load_runtime)
        self._loaded.set()
        first = self._first()
        if first is not None:
            self.dispatch(first)
        if self._looks:
            from tui.flow.effects import LookAround

            self._run(LookAround())
        await asyncio.to_thread(load_screens)

    def dispatch(self, event: Event) -> None:
        """Let ``event`` change the state, show it, and do what follows."""
        from tui.flow.machine import transition

        self.state, effects = transition(self.state, event)
        self._drop_unawaited()
        self._present()
        for effect in effects:
            self._run(effect)

    def _run(self, effect: Effect) -> None:
        worker = self.run_worker(
            partial(self._perform, effect),
            name=type(effect).__name__,
            group=f"ticket-{effect.ticket}",
            exit_on_error=True,
        )
        self._calls[effect.ticket] = (effect, worker)

    async def _perform(self, effect: Effect) -> None:
        await self._loaded.wait()
        if self._runtime is None:
            raise RuntimeError("effects run only after the runtime is loaded")
        event = await self._runtime.perform(effect)
        self._calls.pop(effect.ticket, None)
        self.dispatch(event)
        news = self._runtime.news()
        if news is not None:
            self.dispatch(news)

    def _drop_unawaited(self) -> None:
        """Cancel calls whose answer nobody awaits any more; a start or a stop is never taken back."""
        awaited = {effect.ticket for effect in self.state.pending}
        for ticket, (effect, worker) in tuple(self._calls.items()):
            if effect.cancellable and effect.awaited and ticket not in awaited:
                del self._calls[ticket]
                worker.cancel()

    def get_default_screen(self) -> Screen[Any]:
        """Return the step of the first state: it stays at the bottom, every other step lies on it."""
        step = self._step(screen_class(self.state))
        step.show(self.state)
        return step

    def _present(self) -> None:
        """Bring the step of the state in front, unless something the person opened covers it: then later."""
        if self._leaving or not self.screen_stack:
            return  # an answer that comes now changes the state alone
        state = self.state
        step = self._step(screen_class(state))
        close_question(self)
        stack = self.screen_stack
        steps = [known for known in stack if known in self._steps.values()]
        covered = len(stack) > len(steps)
        step.show(state)
        if not covered:
            self._bring(step, steps)
            ask(self)
        self._name_window()

    def _bring(self, step: Screen[Any], steps: Sequence[Screen[Any]]) -> None:
        """Put ``step`` on the bottom one, in the place of what lies there; Textual can't replace the bottom."""
        if step is steps[-1]:
            return
        if step is steps[0]:
            self.pop_screen()
        elif len(steps) == 1:
            self.push_screen(step)
        else:
            self.switch_screen(step)  # pyright: ignore[reportUnknownMemberType]

    def _step(self, kind: type[StepScreen[Any]]) -> StepScreen[Any]:
        """Return the one screen of its kind; it outlives being covered, with what is typed in it."""
        step = self._steps.get(kind)
        if step is None:
            step = self._steps[kind] = kind(self.exchanges, self.clock)
            self.install_screen(step, kind.__name__)  # pyright: ignore[reportUnknownMemberType]
        return step

    def _name_window(self) -> None:
        from tui.screens.job.announce import tell_outside

        tell_outside(self, self.state, self.settings, self._announced)

    def on_step_screen_happened(self, message: StepScreen.Happened) -> None:
        """Dispatch what the person did, unless the step it was done in is already gone (a second key press)."""
        message.stop()
        if type(message.state) is type(self.state):
            self.dispatch(message.event)

    def on_step_screen_resumed(self, message: StepScreen.Resumed) -> None:
        """Show what was held back while the step was covered."""
        message.stop()
        if self._begun:
            self._present()

    async def action_quit(self) -> None:
        """Leave; ask once where a start is on its way or a job goes on."""
        from tui.screens.leave import LeaveScreen, reason_to_stay

        reason = reason_to_stay(self.state)
        if not reason or isinstance(self.screen, LeaveScreen):
            self.run_worker(self._leave, name="leave", group="leave")
        else:
            self.push_screen(LeaveScreen(reason), self._leave_if)

    def _leave_if(self, leave: bool | None) -> None:
        if leave:
            self.run_worker(self._leave, name="leave", group="leave")

    async def _leave(self, code: int = 0) -> None:
        """Give a start on its way a last moment, then close."""
        self._leaving = True
        sent = [worker for effect, worker in self._calls.values() if not effect.cancellable]
        waits = [asyncio.ensure_future(asyncio.shield(worker.wait())) for worker in sent]
        if waits:
            await asyncio.wait(waits, timeout=LAST_CALL)
        if self._runtime is not None:
            await self._runtime.aclose()
        self.exit(return_code=code)

    async def _shutdown(self) -> None:
        """Show nothing more: the widgets go one by one, and an answer may still come."""
        self._leaving = True
        release_title(self)
        await super()._shutdown()

    def _end_by_signal(self, code: int) -> None:
        self.run_worker(partial(self._leave, code), name="leave", group="leave")
