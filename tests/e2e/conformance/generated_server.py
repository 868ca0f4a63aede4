"""A server made at test time from one of UiPath's definitions: it checks each request by it and answers with examples.

It shares no code with the simulator or the client. What no definition covers, the sign-in of 2019, is written by hand;
what a definition cannot say, that a job's state moves, is a script.
"""

import json
import re
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.e2e.conformance.definitions import JUNE_2019, Definition, Operation
from tests.e2e.conformance.examples import MOMENTS, Examples
from tests.e2e.conformance.requests_checked import parameter_problems

USER_KEY = "User_Key-of_the_generated_server-not_a_secret"
ACCESS = "Access_Token-of_the_generated_server-not_a_secret"
IDENTITY = "Id_Token-of_the_generated_server-not_a_secret"
PERSONAL = f"rt_{'c0de' * 16}-1"
ACCOUNT, INSTANCE = "northmill", "NorthMillDefault"
RELEASE = "Grain Count"
RELEASE_KEY = "3c1d0a52-7b5e-4c8e-9c39-0a64d1f0b001"
FIRST_JOB = 9_007_199_254_740_993
"""Above 2**53: ids are int64 in every definition."""

_SCRIPTS = {False: ("Pending", "Running", "Successful"), True: ("Pending", "NeverSeenBefore", "Successful")}
"""The states a job passes through; on a maximal server one that no definition knows."""
_IDS = re.compile(r"\d+")


@dataclass
class GeneratedServer:
    """One Orchestrator made of ``definition``. ``refused`` holds what was wrong with any request."""

    definition: Definition
    maximal: bool
    base_url: str = ""
    refused: list[str] = field(default_factory=list[str])
    seen: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])
    jobs: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    reads: int = 0

    def __post_init__(self) -> None:
        self.examples = Examples(self.definition, self.maximal)
        self.is_2019 = self.definition.name == JUNE_2019
        self.script = _SCRIPTS[self.maximal]
        self.lock = threading.Lock()

    def app(self) -> Starlette:
        """Return the application."""
        routes = [
            Route("/oauth/token", self.token, methods=["POST"]),
            Route("/cloudrpa/api/getAccountsForUser", self.accounts),
            Route("/cloudrpa/api/account/{account}/getAllServiceInstances", self.instances),
            Route("/{path:path}", self.orchestrator, methods=["GET", "POST", "PUT", "PATCH", "DELETE"]),
        ]
        return Starlette(routes=routes)

    async def token(self, request: Request) -> Response:
        """Exchange the user key, as the token endpoint of 2019 does; there is no id token in every such answer."""
        fields = json.loads(await request.body())
        if (fields.get("grant_type"), fields.get("refresh_token")) != ("refresh_token", USER_KEY):
            return JSONResponse({"error": "invalid_grant"}, 403)
        answer = {"access_token": ACCESS, "expires_in": 86400, "token_type": "Bearer", "scope": "openid"}
        return JSONResponse(answer | {"id_token": IDENTITY})

    async def accounts(self, request: Request) -> Response:
        """List the account."""
        if request.headers.get("authorization") != f"Bearer {IDENTITY}":
            return Response(status_code=401)
        row = {"accountName": "North Mill", "accountLogicalName": ACCOUNT}
        return JSONResponse({"userEmail": "miller@example.com", "accounts": [row]})

    async def instances(self, request: Request) -> Response:
        """List the instances as a bare array."""
        if request.headers.get("authorization") != f"Bearer {IDENTITY}":
            return Response(status_code=401)
        names = {"serviceInstanceName": "Default", "serviceInstanceLogicalName": INSTANCE}
        return JSONResponse([{**names, "serviceType": "ORCHESTRATOR", "serviceUrl": None}])

    async def orchestrator(self, request: Request) -> Response:
        """Check a request by the definition, then answer with an example."""
        path = request.url.path
        prefix = f"/{ACCOUNT}/{INSTANCE}" + ("" if self.is_2019 else "/orchestrator_")
        below = path.removeprefix(prefix)
        operation = self.definition.find(request.method, below)
        self.seen.append((request.method, below))
        if operation is None:
            return JSONResponse({"message": "Not defined.", "errorCode": 0}, 404)
        expected = ACCESS if self.is_2019 else PERSONAL
        if request.headers.get("authorization") != f"Bearer {expected}":
            return JSONResponse({"message": "Not signed in.", "errorCode": 0}, 401)
        body = await request.body()
        problems = self._problems(operation, below, request, body)
        if problems:
            self.refused += [f"{request.method} {below}: {problem}" for problem in problems]
            return JSONResponse({"message": "; ".join(problems), "errorCode": 1000, "traceId": "00-0-0-00"}, 400)
        return self._answer(operation, below, request, json.loads(body) if body else None)

    def _problems(self, operation: Operation, below: str, request: Request, body: bytes) -> list[str]:
        headers = {name.lower(): value for name, value in request.headers.items()}
        problems = parameter_problems(self.definition, operation, below, request.url.query, headers)
        if operation.body is not None:
            try:
                problems += self.definition.request_problems(operation, json.loads(body))
            except ValueError:
                problems.append("the body is no JSON")
        return problems

    def _answer(self, operation: Operation, below: str, request: Request, body: Any) -> Response:
        status, schema = next(iter(operation.answers.items()))
        if schema is None:
            return Response(status_code=status)
        options = dict(parse_qsl(request.url.query))
        answer = self.examples.of(schema)
        rows = self._rows(below, options, body)
        members = self.definition.resolved(schema).get("properties", {})
        if rows is not None and "PageItems" in members:
            answer |= {"PageItems": rows, "Count": len(rows)}
        elif rows is not None and "value" in members:
            answer["value"] = rows
            if self.maximal and options.get("$count") == "true":
                answer["@odata.count"] = len(rows)
        elif rows is not None:
            answer = rows[0]
        return JSONResponse(answer, status)

    def _rows(self, below: str, options: dict[str, str], body: Any) -> list[dict[str, Any]] | None:
        makers: dict[str, Callable[[], list[dict[str, Any]]]] = {
            "/odata/Releases": lambda: [self._release()],
            "/odata/RobotLogs": self._logs,
            "/api/Folders/GetAllForCurrentUser": lambda: [self._folder()],
        }
        if below.endswith("StartJobs"):
            return self._started(body["startInfo"])
        if below.startswith("/odata/Jobs"):
            return self._read_jobs(below, options)
        maker = makers.get(below)
        return maker() if maker else None

    def _row(self, method: str, path: str, **members: Any) -> dict[str, Any]:
        operation = self.definition.find(method, path)
        assert operation is not None
        row = self.examples.of(self.definition.entity(operation))
        return {**row, **members}

    def _release(self) -> dict[str, Any]:
        return self._row("GET", "/odata/Releases", Key=RELEASE_KEY, Name=RELEASE, IsProcessDeleted=False)

    def _folder(self) -> dict[str, Any]:
        return {"Id": 7, "DisplayName": "Mill", "FullyQualifiedName": "Mill", "Key": RELEASE_KEY} | {"ParentId": None}

    def _logs(self) -> list[dict[str, Any]]:
        return [
            self._row("GET", "/odata/RobotLogs", Message=f"sack {number}", Id=0, TimeStamp=moment)
            for number, moment in enumerate(MOMENTS)
        ]

    def _started(self, info: dict[str, Any]) -> list[dict[str, Any]]:
        with self.lock:
            number = max(int(info.get("JobsCount") or 0), 1)
            made = [
                self._row("GET", "/odata/Jobs", Id=FIRST_JOB + len(self.jobs) + place, State=self.script[0])
                for place in range(number)
            ]
            self.jobs += made
            return made

    def _read_jobs(self, below: str, options: dict[str, str]) -> list[dict[str, Any]]:
        with self.lock:
            asked = _IDS.findall(below.removeprefix("/odata/Jobs") + options.get("$filter", ""))
            if asked:
                self.reads += 1
                state = self.script[min(self.reads, len(self.script) - 1)]
                for job in self.jobs:
                    job["State"] = state
            found = [job for job in self.jobs if str(job["Id"]) in asked or not asked]
            return found[: int(options.get("$top", 1000))]


@contextmanager
def serving(definition: Definition, *, maximal: bool) -> Iterator[GeneratedServer]:
    """Serve a server made of ``definition`` on a free port while the block runs."""
    server = GeneratedServer(definition, maximal)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        server.base_url = f"http://127.0.0.1:{listening.getsockname()[1]}"
        config = uvicorn.Config(server.app(), log_config=None, access_log=False, lifespan="off", ws="none")
        running = uvicorn.Server(config)
        running.install_signal_handlers = lambda: None  # pyright: ignore[reportAttributeAccessIssue]
        thread = threading.Thread(target=running.run, args=([listening],), daemon=True)
        thread.start()
        try:
            yield server
        finally:
            running.should_exit = True
            thread.join(10)
