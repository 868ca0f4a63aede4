"""The HTTP connection to one deployment. The only module of this package that knows httpx.

Every call goes through the recording transport, to the deployment's own origins only, without redirects, cookies or
netrc, and with verified certificates. Errors of httpx never leave the calls of this module.

Answers hold no live secret, except the successful ones of a sign-in, from which tokens are taken.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from http.cookiejar import DefaultCookiePolicy
from typing import Final, cast
from urllib.parse import urlsplit

import httpx

from tui.api.answer import Answer
from tui.api.deployments import Deployment, same_site
from tui.api.failures import CallError, failure_for
from tui.api.limits import Limits
from tui.api.outcome import RequestPreview
from tui.api.pace import Pace
from tui.api.proxies import bad_proxy, proxies_for, proxy_for, without_credentials
from tui.api.retry import read_with_retries, retry_after
from tui.api.sleeps import Sleeps
from tui.api.tls import tls_context
from tui.clock import Clock
from tui.errors import Exit, Failure, UsageError
from tui.exchanges.log import ExchangeLog
from tui.exchanges.model import Headers as RecordedHeaders
from tui.exchanges.model import Purpose
from tui.exchanges.reasons import Reason
from tui.exchanges.recorder import NoCompleteAnswerError, RecordingTransport
from tui.exchanges.redaction.redact import Redactor
from tui.text import clean

_BASIC_HEADERS: Final = {
    "User-Agent": "uipath-tui",
    "Accept": "application/json",
    "Accept-Encoding": "identity",
}
_POOL: Final = httpx.Limits(max_connections=10, max_keepalive_connections=5, keepalive_expiry=30.0)
_ONE_SHOT: Final = httpx.Limits(max_connections=10, max_keepalive_connections=0)

_CONTROLS: Final = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_VERSIONS_LIMIT: Final = 200

Headers = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Call:
    """One call to make. ``doing`` completes “Could not …” in failures; ``deadline`` is seconds for a whole try.

    ``repeated`` calls are made again and again by the program itself; of lists of jobs they leave some to the person.
    """

    method: str
    url: str
    purpose: Purpose
    doing: str
    headers: Headers
    body: bytes | None = None
    deadline: float = 30.0
    body_limit: int = 0
    repeated: bool = False

    @property
    def lists_jobs(self) -> bool:
        """Whether this reads a list of jobs, of which a tenant has so many a minute for everybody."""
        return self.method == "GET" and urlsplit(self.url).path.endswith("/odata/Jobs")


class Connection:
    """Sends calls to one deployment and records them in ``log``. Opens nothing before the first call."""

    def __init__(
        self,
        deployment: Deployment,
        *,
        log: ExchangeLog,
        clock: Clock,
        redactor: Redactor | None = None,
        limits: Limits | None = None,
        pace: Pace | None = None,
    ) -> None:
        self.deployment = deployment
        self.log = log
        self.clock = clock
        self.redactor = redactor or Redactor()
        self.limits = limits or Limits()
        self._pace = pace or Pace(clock)
        self._sleeps = Sleeps(clock)
        self.api_versions = ""
        """What the latest answer that says so calls its API versions, harmless to a terminal."""
        self._pooled: httpx.AsyncClient | None = None
        self._one_shot: httpx.AsyncClient | None = None
        self._sending: list[httpx.AsyncClient] = []
        """The client of each call under way that is sent exactly once."""

    @property
    def proxies(self) -> tuple[str, ...]:
        """The proxies in use, without their credentials, for showing. Raises `UsageError` for a bad setting."""
        return proxies_for(self.deployment.origins)

    async def read(self, call: Call) -> Answer:
        """Send a call that changes nothing, again where that may help. Returns the answer whatever its status.

        Raises `CallError` when no complete answer came.
        """
        request = self._request(call)
        self._client()  # what makes none possible is told before waiting for a turn

        async def attempt(number: int) -> Answer:
            if call.lists_jobs:
                await self._pace.turn(repeated=call.repeated)
            await self._after_sleep()
            return await self._send(self._client(), call, request, number)

        return await read_with_retries(attempt, clock=self.clock, limits=self.limits)

    async def send(self, call: Call, *, fresh: bool = False) -> Answer:
        """Send a call exactly once; ``fresh`` on a connection of its own, so that no stale one can swallow it.

        Returns the answer whatever its status. Raises `CallError`, whose ``sent`` tells whether the server may have
        got it.
        """
        request = self._request(call)
        await self._after_sleep()
        client = self._client(one_shot=fresh)
        self._sending.append(client)
        try:
            return await self._send(client, call, request, 1)
        finally:
            self._sending.remove(client)
            if client not in (self._pooled, self._one_shot, *self._sending):
                await client.aclose()

    def preview(self, call: Call) -> RequestPreview:
        """Return ``call`` exactly as `send` would put it on the wire, secrets replaced by fingerprints."""
        request = self._request(call)
        headers = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in request.headers.raw]
        return RequestPreview(
            method=request.method,
            url=self.redactor.url(str(request.url)),
            headers=self.redactor.headers(headers),
            body=self.redactor.body(
                request.content, request.headers.get("content-type", ""), sign_in=call.purpose is Purpose.SIGN_IN
            ),
        )

    async def _after_sleep(self) -> None:
        """Give up the kept connections if the computer slept: their other ends may be gone without a word.

        A read under way is made again; a call that is sent exactly once is left to its end.
        """
        if self._sleeps.noticed() and self._pooled is not None:
            stale, self._pooled = self._pooled, None
            if stale not in self._sending:
                await stale.aclose()

    async def aclose(self) -> None:
        """Close every connection. The next call opens new ones."""
        clients = (self._pooled, self._one_shot)
        self._pooled = self._one_shot = None
        for client in clients:
            if client is not None:
                await client.aclose()

    async def _send(self, client: httpx.AsyncClient, call: Call, request: httpx.Request, attempt: int) -> Answer:
        request.extensions = {
            "purpose": call.purpose,
            "attempt": attempt,
            "deadline": call.deadline,
            "body_limit": call.body_limit or self.limits.body,
            "timeout": {
                "connect": self.limits.connect,
                "read": call.deadline,
                "write": call.deadline,
                "pool": call.deadline,
            },
        }
        host = request.url.host
        try:
            response = await client.send(request)
        except NoCompleteAnswerError as error:
            proxy = without_credentials(proxy_for(call.url))
            failure = failure_for(error.reason, call.doing, host, error.status, proxy=proxy)
            raise CallError(failure, sent=error.sent, reason=error.reason) from None
        except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, httpx.CookieConflict):
            # Raised over an answer by the client itself, after the transport: the server has got the call.
            raise CallError(failure_for(Reason.OTHER, call.doing, host), sent=True, reason=Reason.OTHER) from None
        answer = self._answer(call, response)
        self.api_versions = clean(answer.header("api-supported-versions"), limit=_VERSIONS_LIMIT) or self.api_versions
        return replace(answer, retry_after=retry_after(answer, self.clock.now()))

    def _answer(self, call: Call, response: httpx.Response) -> Answer:
        """Return the answer without live secrets, an error without any secret: its words are shown."""
        headers = self.redactor.headers(cast("RecordedHeaders", response.extensions["received_headers"]))
        content, redacted = response.content, cast("bytes", response.extensions["redacted"])
        if not response.is_success:
            content = redacted
        elif call.purpose is not Purpose.SIGN_IN and content != redacted:
            content = self.redactor.live(content)
        return Answer(response.status_code, headers, content, call.url)

    def _request(self, call: Call) -> httpx.Request:
        if not same_site(call.url, self.deployment):
            raise UsageError(
                Failure(
                    title=f"Could not {call.doing}",
                    cause="the address does not belong to the server you chose, so nothing is sent there",
                    next_step="Check the base address",
                    exit=Exit.USAGE,
                )
            )
        headers = {**_BASIC_HEADERS, **call.headers}
        if any(_CONTROLS.search(value) for value in headers.values()):
            raise _unusable(call, "a header would hold a character that headers can't have")
        try:
            return httpx.Request(
                call.method, call.url, headers=httpx.Headers(headers, encoding="utf-8"), content=call.body
            )
        except (httpx.InvalidURL, ValueError):
            raise _unusable(call, "the address can't be read") from None

    def _client(self, *, one_shot: bool = False) -> httpx.AsyncClient:
        if one_shot:
            self._one_shot = self._one_shot or self._new_client(_ONE_SHOT)
            return self._one_shot
        self._pooled = self._pooled or self._new_client(_POOL)
        return self._pooled

    def _new_client(self, pool: httpx.Limits) -> httpx.AsyncClient:
        origins = sorted(self.deployment.origins)
        context = tls_context(needed=any(each.startswith("https:") for each in origins))

        def transport(proxy: str) -> RecordingTransport:
            try:
                inner = httpx.AsyncHTTPTransport(
                    verify=context, trust_env=False, limits=pool, proxy=httpx.Proxy(proxy) if proxy else None
                )
            except (ValueError, ImportError):
                raise bad_proxy("The environment names a proxy that is no address") from None
            return RecordingTransport(inner, log=self.log, redactor=self.redactor, clock=self.clock)

        mounts: dict[str, httpx.AsyncBaseTransport | None] = {}
        for each in origins:
            if proxy := proxy_for(each):
                self.redactor.learn(urlsplit(proxy).password or "")
                mounts[f"all://{urlsplit(each).hostname}"] = transport(proxy)
        client = httpx.AsyncClient(
            transport=transport(""), mounts=mounts, trust_env=False, follow_redirects=False, max_redirects=0
        )
        client.cookies.jar.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        return client


def _unusable(call: Call, why: str) -> CallError:
    failure = failure_for(Reason.OTHER, call.doing)
    return CallError(
        Failure(failure.title, why, "Check the account, the instance and the folder", Exit.USAGE),
        sent=False,
        reason=Reason.OTHER,
    )
