"""A process that shares a kept sign-in: makes calls when told to, and can be killed at a point of a renewal.

Arguments: the server's address, Orchestrator's base, the folder, and the point at which to be killed (or ``none``).
Each line on standard input is a number of calls to make at once; each line out says in JSON what came of them.
"""

import asyncio
import json
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.e2e.rotation.shared_sign_in import call_once, connecting, keeper_of, kept_in
from tui.api.sign_in.auth import Credentials
from tui.errors import UiPathTuiError
from tui.store.credentials import StoredKeeper

POINTS = ("rotated", "writing", "replaced", "saved")
"""After the server rotated; when the new file is written but not in place; in place; after it is known to be kept."""


def die() -> None:
    os.kill(os.getpid(), getattr(signal, "SIGKILL", signal.SIGTERM))


def dying(function: Callable[..., Any], *, before: bool) -> Callable[..., Any]:
    def wrapped(*args: Any, **options: Any) -> Any:
        if before:
            die()
        function(*args, **options)
        die()

    return wrapped


def prepare(point: str) -> None:
    """Arrange for this process to be killed at ``point`` of its first renewal."""
    if point in ("writing", "replaced"):
        os.replace = dying(os.replace, before=point == "writing")  # type: ignore[assignment]
    if point in ("rotated", "saved"):
        save = StoredKeeper.save

        async def dying_save(self: StoredKeeper, record: Any) -> None:
            if point == "saved":
                await save(self, record)
            die()

        StoredKeeper.save = dying_save  # type: ignore[method-assign]


async def main(server: str, base: str, folder: Path, point: str) -> None:
    record = await kept_in(folder)
    assert record is not None
    async with connecting(server) as connection:
        credentials = Credentials(connection, record, keeper=keeper_of(folder))
        prepare(point)
        print("ready", flush=True)
        while line := (await asyncio.to_thread(sys.stdin.readline)).strip():
            many = (call_once(connection, credentials, base) for _ in range(int(line)))
            results = await asyncio.gather(*many, return_exceptions=True)
            unexpected = [each for each in results if isinstance(each, BaseException)]
            assert all(isinstance(each, UiPathTuiError) for each in unexpected), unexpected
            said = {
                "statuses": [each.status for each in results if not isinstance(each, BaseException)],
                "errors": sorted({str(each) for each in unexpected}),
                "access": credentials.access.fingerprint,
                "unsaved": str(credentials.unsaved or ""),
            }
            print(json.dumps(said), flush=True)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2], Path(sys.argv[3]), sys.argv[4]))
