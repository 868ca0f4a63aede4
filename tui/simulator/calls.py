"""Owns one Orchestrator call: who calls, which tenant and folder it is for, and how its answer is wrapped."""

import base64
import binascii
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from starlette.responses import Response

from tui.simulator.hostile import tainted
from tui.simulator.model import Folder, Tenant
from tui.simulator.problems import ErrorCode, OrchestratorError, json_response
from tui.simulator.queries import Entity, apply_query, read_query, shaped
from tui.simulator.sign_in.tokens import Grant
from tui.simulator.wire import Row, folded
from tui.simulator.world import World

NO_FOLDER = "A folder is required for this action."
UNKNOWN_FOLDER = "Folder does not exist or the user does not have access to the folder."


@dataclass(frozen=True, slots=True)
class Call:
    """One authorised request under a tenant.

    ``headers`` have lower-case names; ``base`` is the address before ``/odata``; ``key`` and ``arguments`` are what the
    path has in brackets.
    """

    world: World
    tenant: Tenant
    grant: Grant
    base: str
    options: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes
    key: str = ""
    arguments: Mapping[str, str] | None = None

    def folder(self, *, required: bool = True) -> Folder | None:
        """Return the folder the headers name; None in a 2019 tenant, which has none and ignores the headers.

        Headers: Orchestrator's "Building API requests". The numeric id wins over the key, the key over the path.

        Raises:
            OrchestratorError: 400 with 1101 when a required folder is missing, with 1100 when it is unknown.
        """
        if not self.tenant.modern:
            return None
        for name, matches in _FOLDER_HEADERS:
            text = self.headers.get(name, "").strip()
            if text:
                found = next((folder for folder in self.tenant.folders if matches(folder, text)), None)
                if found is None:
                    raise OrchestratorError(400, ErrorCode.INVALID_ORGANIZATION_UNIT, UNKNOWN_FOLDER)
                return found
        if required:
            raise OrchestratorError(400, ErrorCode.REQUIRED_ORGANIZATION_UNIT, NO_FOLDER)
        return None

    def body_members(self) -> dict[str, Any] | None:
        """Return the JSON body's members with lower-case names, or None when the body is no JSON object."""
        try:
            return folded(json.loads(self.body))
        except ValueError:
            return None

    def collection(self, name: str, rows: Sequence[Row], entity: Entity, *, status: int = 200) -> Response:
        """Answer with the page of ``rows`` that the query options ask for."""
        query = read_query(self.options, entity)
        if status == 201:
            query = replace(query, top=len(rows))
        page = apply_query(query, [self.finished(row) for row in rows], entity)
        selection = f"({','.join(query.select)})" if query.select else ""
        body: Row = {"@odata.context": f"{self.base}/odata/$metadata#{name}{selection}"}
        if status == 200:
            body["@odata.count"] = page.count
        return self._answer(body | {"value": page.rows}, status)

    def single(self, name: str, row: Row, entity: Entity) -> Response:
        """Answer with one entity."""
        query = read_query(self.options, entity)
        context = f"{self.base}/odata/$metadata#{name}/$entity"
        return self._answer({"@odata.context": context, **shaped(self.finished(row), query, entity)})

    def value(self, body: Row | list[Row]) -> Response:
        """Answer with JSON that is no entity."""
        return self._answer(body if isinstance(body, list) else self.finished(body))

    def empty(self) -> Response:
        """Answer 200 without a body, as StopJob does."""
        return Response(status_code=200, headers=self._headers())

    def finished(self, row: Row) -> Row:
        """Return ``row`` as it goes out: in the `hostile` scenario its texts attack the reader."""
        return tainted(row) if "hostile" in self.world.scenarios else row

    def _answer(self, body: object, status: int = 200) -> Response:
        return json_response(body, status, self._headers())

    def _headers(self) -> dict[str, str]:
        return {"api-supported-versions": supported_versions(modern=self.tenant.modern)}


def supported_versions(*, modern: bool) -> str:
    """Return the ``api-supported-versions`` header: its highest number is the API version (UiPathOrch)."""
    return ", ".join(f"{number}.0" for number in range(1, 21)) if modern else "1.0, 2.0, 3.0, 4.0"


def _same_path(folder: Folder, text: str) -> bool:
    return folder.path.casefold() == text.strip("/").casefold()


def _decoded_path(text: str) -> str:
    try:
        return base64.b64decode(text, validate=True).decode("utf-16-le")
    except (binascii.Error, UnicodeDecodeError) as error:
        raise OrchestratorError(400, ErrorCode.INVALID_ORGANIZATION_UNIT, UNKNOWN_FOLDER) from error


def _same_id(folder: Folder, text: str) -> bool:
    return str(folder.id) == text


def _same_key(folder: Folder, text: str) -> bool:
    return folder.key == text.lower()


def _same_encoded_path(folder: Folder, text: str) -> bool:
    return _same_path(folder, _decoded_path(text))


_FOLDER_HEADERS: tuple[tuple[str, Callable[[Folder, str], bool]], ...] = (
    ("x-uipath-organizationunitid", _same_id),
    ("x-uipath-folderkey", _same_key),
    ("x-uipath-folderpath", _same_path),
    ("x-uipath-folderpath-encoded", _same_encoded_path),
)
