"""The checks that need no sign-in: whether the server is reached and answers as one, whether the clocks agree."""

from __future__ import annotations

from dataclasses import dataclass, replace
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Final

from pydantic import TypeAdapter

from tui.api.addresses import origin
from tui.api.client import ServerVersion
from tui.api.connection import Call, Connection
from tui.api.failures import CallError
from tui.api.odata import newest_version
from tui.api.parsing import parsed
from tui.api.problems import Kind, ProblemError, failure_of, problem_of
from tui.doctor.finding import Finding, doubted, failed, ok, skipped, warned
from tui.errors import UiPathTuiError
from tui.exchanges.log import ExchangeLog
from tui.exchanges.model import Purpose
from tui.text import duration

if TYPE_CHECKING:
    from datetime import datetime

    from tui.api.answer import Answer
    from tui.api.deployments import Deployment
    from tui.clock import Clock
    from tui.doctor.subject import Subject
    from tui.exchanges.model import Timing

CLOCK_MATTERS: Final = 60.0
"""Seconds between this computer's clock and the server's that are worth a word."""
CLOCK_BREAKS: Final = 300.0
"""Seconds from which servers refuse what was made in time by the wrong clock."""
_VERSION: Final = TypeAdapter(ServerVersion)
_DOING: Final = "reach the server"


@dataclass(frozen=True, slots=True)
class _Target:
    """One origin to reach: ``role`` is what it is for, ``url`` what is asked there without a token."""

    role: str
    url: str
    is_platform: bool


def _targets(place: Deployment) -> tuple[_Target, ...]:
    """Return what to reach: a GET that changes nothing, at any address for which every answer is proof."""
    platform = _Target("network", place.version_url or f"{place.platform_host}/", is_platform=True)
    if origin(place.sign_in_host) == origin(place.platform_host):
        return (platform,)
    sign_in = _Target("network, sign-in", place.token_url, is_platform=False)
    return (sign_in, replace(platform, role="network, platform"))


class Network:
    """Reaches every origin of one deployment once."""

    def __init__(self, subject: Subject, clock: Clock) -> None:
        self._subject = subject
        self._clock = clock
        self._dated: tuple[datetime, datetime] | None = None
        self.reached = False
        """Whether the platform, which every later check needs, gave an answer."""
        self.elsewhere = False
        """Whether what answered there does not seem to be Orchestrator."""

    async def reach(self) -> tuple[Finding, ...]:
        """Connect to each origin and wait for the first answer."""
        place = self._subject.place
        if place is None:
            failure = self._subject.misplaced
            return (skipped("network", "the server is not known") if failure is None else failed("network", failure),)
        log = ExchangeLog()
        connection = Connection(place, log=log, clock=self._clock)
        try:
            return tuple([await self._probe(connection, log, target) for target in _targets(place)])
        finally:
            await connection.aclose()

    async def _probe(self, connection: Connection, log: ExchangeLog, target: _Target) -> Finding:
        where = origin(target.url).removesuffix(":443")
        call = Call("GET", target.url, Purpose.VERSION, _DOING, {}, deadline=connection.limits.get)
        try:
            answer = await connection.send(call, fresh=True)
        except CallError as error:
            return failed(target.role, error.failure, origin=where, reason=error.reason.name.lower())
        except UiPathTuiError as error:
            return skipped(
                target.role, f"nothing can be sent: {error.failure.title[:1].lower()}{error.failure.title[1:]}"
            )
        self.reached = self.reached or target.is_platform
        sent_at = parsed_date(answer.header("date"))
        if sent_at is not None:
            self._dated = (sent_at, self._clock.now())
        return self._answered(connection, target, where, answer, log[-1].timing)

    def _answered(self, connection: Connection, target: _Target, where: str, answer: Answer, timing: Timing) -> Finding:
        details = {
            "origin": where,
            "http_status": answer.status,
            "connect_seconds": timing.connect,
            "tls_seconds": timing.tls,
            "answer_seconds": timing.wait,
        }
        took = ", ".join(
            f"{word} in {duration(seconds)}"
            for word, seconds in (("connected", timing.connect), ("secured", timing.tls), ("answered", timing.wait))
            if seconds is not None
        )
        if answer.status >= 500:
            failure = failure_of(problem_of(answer), _DOING)
            return doubted(target.role, replace(failure, cause=f"{where}: {failure.cause}"), **details)
        if not target.is_platform or connection.deployment.is_2019:
            return ok(target.role, f"{where} {took}", **details)
        version, failing = _version(connection, answer)
        if failing is not None:
            self.elsewhere = True
            why = (
                failing.failure.cause
                if failing.kind is Kind.REDIRECT
                else f"not as Orchestrator does (status {answer.status})"
            )
            words = f"{where} answers, but {why}: the base address may be wrong"
            step = "Check the base address (--base-url): it is the server's own, such as https://cloud.uipath.com"
            return warned(target.role, words, step, **details)
        shown = f"version {version}" if version[:1].isdigit() else version or "version not told"
        return ok(target.role, f"{where} {took}; {shown}", version=version or None, **details)

    def clock(self) -> Finding:
        """Compare the server's clock with this computer's."""
        name = "clock"
        if self._dated is None:
            return skipped(name, "no server has told the time" if self.reached else "the server was not reached")
        theirs, ours = self._dated
        seconds = (ours - theirs).total_seconds()
        details = {"seconds_ahead": round(seconds, 1)}
        if abs(seconds) <= CLOCK_MATTERS:
            return ok(name, "agrees with the server's", **details)
        way = "ahead of" if seconds > 0 else "behind"
        words = f"this computer is {duration(abs(seconds))} {way} the server"
        if abs(seconds) > CLOCK_BREAKS:
            looks = "have ended too early" if seconds > 0 else "be good for longer than they are"
            words += f": tokens seem to {looks}, certificates may look invalid, and sign-ins may be refused"
        return warned(
            name, words, "Set this computer's date and time (automatically, if it can), then try again", **details
        )


def _version(connection: Connection, answer: Answer) -> tuple[str, ProblemError | None]:
    """Return the version that the server told, and what is wrong when it did not answer as Orchestrator does."""
    try:
        found = parsed(answer, _VERSION, "read the version").version
    except ProblemError as error:
        return "", error
    newest = newest_version(connection.api_versions)
    return found or (f"API {newest}" if newest else ""), None


def parsed_date(text: str) -> datetime | None:
    """Return the time that a ``Date`` header tells, ``None`` for none that can be read."""
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError):
        return None
    return moment if moment.tzinfo is not None else None
