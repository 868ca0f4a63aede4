"""One Orchestrator base: its headers, its authorized calls, its pages. What each endpoint is for is `client`'s."""

from base64 import b64encode
from collections.abc import AsyncIterator
from typing import Final, TypeVar

from pydantic import TypeAdapter

from tui.api.answer import Answer
from tui.api.connection import Call, Connection
from tui.api.models import Folder, Page
from tui.api.names import raw_of
from tui.api.odata import FOLDER_HEADER, FOLDER_KEY_HEADER, FOLDER_PATH_HEADER, TENANT_HEADER
from tui.api.parsing import parsed
from tui.api.sign_in.auth import Credentials, authorized
from tui.exchanges.model import Purpose

Parsed = TypeVar("Parsed")
PAGE_SIZE: Final = 1_000
"""Rows asked for at a time: the most that ``$top`` may be (Orchestrator 20.0 definition)."""


class Caller:
    """Makes authorized calls to one base. ``tenant`` goes into a header where the deployment uses one."""

    def __init__(self, connection: Connection, credentials: Credentials, base: str, tenant: str) -> None:
        self.connection = connection
        self.credentials = credentials
        self.base = base.rstrip("/")
        self.tenant = tenant

    def headers(self, folder: Folder | None, token: str) -> dict[str, str]:
        """Return the headers of a call in ``folder``: token, tenant where used, folder when known."""
        headers = {"Authorization": f"Bearer {token}"}
        if self.tenant and self.connection.deployment.uses_tenant_header:
            headers[TENANT_HEADER] = raw_of(self.tenant)
        if folder is not None and folder.id:
            headers[FOLDER_HEADER] = str(folder.id)
        elif folder is not None and folder.key:
            headers[FOLDER_KEY_HEADER] = raw_of(folder.key)
        elif folder is not None and folder.path:
            headers[FOLDER_PATH_HEADER] = b64encode(raw_of(folder.path).encode("utf-16-le", "replace")).decode()
        return headers

    async def answer(
        self,
        url: str,
        purpose: Purpose,
        doing: str,
        folder: Folder | None = None,
        *,
        long: bool = False,
        repeated: bool = False,
    ) -> Answer:
        """Read ``url``; ``long`` admits the body of a list page. Returns the answer whatever its status.

        ``repeated`` is for lists of jobs that the program asks for again and again.
        """
        limits = self.connection.limits

        async def call(token: str) -> Answer:
            return await self.connection.read(
                Call(
                    method="GET",
                    url=url,
                    purpose=purpose,
                    doing=doing,
                    headers=self.headers(folder, token),
                    deadline=limits.get,
                    body_limit=limits.list_body if long else limits.body,
                    repeated=repeated,
                )
            )

        return await authorized(self.credentials, call)

    async def get(
        self, url: str, kind: TypeAdapter[Parsed], purpose: Purpose, doing: str, folder: Folder | None = None
    ) -> Parsed:
        """Read ``url`` as ``kind``. Raises `ProblemError` for an error or an answer that can't be read."""
        return parsed(await self.answer(url, purpose, doing, folder, long=True), kind, doing)

    def post_call(
        self, path: str, body: bytes, purpose: Purpose, doing: str, folder: Folder | None, token: str
    ) -> Call:
        """Return the call that posts JSON ``body`` to ``path``."""
        return Call(
            method="POST",
            url=f"{self.base}{path}",
            purpose=purpose,
            doing=doing,
            headers={**self.headers(folder, token), "Content-Type": "application/json"},
            body=body,
            deadline=self.connection.limits.start if purpose is Purpose.START else self.connection.limits.get,
        )

    async def post(self, path: str, body: bytes, purpose: Purpose, doing: str, folder: Folder | None) -> Answer:
        """Post JSON once (after a 401 once more: nothing was done). Returns the answer whatever its status."""

        async def call(token: str) -> Answer:
            return await self.connection.send(self.post_call(path, body, purpose, doing, folder, token))

        return await authorized(self.credentials, call)

    async def pages(
        self, urls: "PageUrls", kind: TypeAdapter[Page[Parsed]], purpose: Purpose, doing: str, folder: Folder | None
    ) -> AsyncIterator[tuple[Parsed, ...]]:
        """Yield the rows of one page after the other by ``$skip``; a ``nextLink`` is never followed.

        Ends at a short or empty page, at the count the server gave, at a page that brings nothing new, and at the
        limits of pages and items.
        """
        limits = self.connection.limits
        seen: set[Parsed] = set()
        for _ in range(limits.pages):
            page = await self.get(urls(len(seen)), kind, purpose, doing, folder)
            fresh = tuple(row for row in dict.fromkeys(page.value) if row not in seen)
            seen.update(fresh)
            yield fresh
            complete = page.count is not None and len(seen) >= page.count
            if not fresh or complete or len(seen) >= limits.items:
                return
            if page.count is None and len(page.value) < PAGE_SIZE:
                return


class PageUrls:
    """Gives the address of the page that starts after ``skip`` rows."""

    def __init__(self, before: str) -> None:
        self._before = before

    def __call__(self, skip: int) -> str:
        """Return the address of the page after ``skip`` rows."""
        return f"{self._before}{skip}"
