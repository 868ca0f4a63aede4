"""A process of its own that asks the key store: steps as JSON in, what came of each as JSON lines out."""

from __future__ import annotations

import asyncio
import json
import os
import sys
import threading
import time
from dataclasses import dataclass
from typing import Any

from tui.api.sign_in.token_set import Application, SignInRecord, Tokens
from tui.keeping import Keeping
from tui.secret import Secret
from tui.store.credentials import CredentialStore
from tui.store.errors import StoreError
from tui.store.keystore import KeyStore

SERVICE = "uipath-tui"


@dataclass
class Steps:
    """What can be asked, a method a step."""

    store: KeyStore

    async def limited(self, seconds: float) -> None:
        """Go on with another limit, now that keyring is loaded and loading it takes nothing of the limit."""
        self.store = KeyStore(limit=seconds)

    async def probe(self) -> object:
        state = await self.store.probe()
        return {"usable": state.usable, "name": state.name, "why": state.why, "problem": _kind(state.problem)}

    async def set(self, name: str, text: str, times: int) -> None:
        await self.store.set(name, Secret(text * times))

    async def get(self, name: str) -> str | None:
        found = await self.store.get(name)
        return None if found is None else found.reveal()

    async def delete(self, name: str) -> None:
        await self.store.delete(name)

    async def cancelled(self, name: str, seconds: float) -> bool:
        waiting = asyncio.ensure_future(self.store.get(name))
        await asyncio.sleep(seconds)
        waiting.cancel()
        await asyncio.wait([waiting])
        return waiting.cancelled()

    async def kill(self, process: int, number: int) -> None:
        os.kill(process, number)

    async def idle(self) -> None:
        """Wait until no call is out any more."""
        give_up = time.monotonic() + 20
        while await self.threads() and time.monotonic() < give_up:
            await asyncio.sleep(0.05)

    async def threads(self) -> int:
        return sum(thread.name == "key store" for thread in threading.enumerate())

    async def sign_in(self, action: str, name: str) -> object:
        """Keep, load or forget a sign-in of usual size; says where it is."""
        credentials = CredentialStore(key_store=self.store)
        tokens = Tokens(Secret("fake-access-" * 200), Secret("fake-id-" * 150), Secret("fake-refresh"))
        record = SignInRecord("browser", tokens, Application("fake-client"))
        if action == "save":
            async with credentials.keeper(name, Keeping.KEY_STORE).locked():
                await credentials.save(name, Keeping.KEY_STORE, record)
        elif action == "forget":
            await credentials.forget(name, Keeping.KEY_STORE)
        same = await credentials.load(name, Keeping.KEY_STORE) == record
        return {"same": same, "where": credentials.where(name, Keeping.KEY_STORE)}

    async def raw(self, name: str) -> str | None:
        """Return what is in the entry, as another program would see it."""
        import keyring

        return keyring.get_password(SERVICE, name)

    async def harm(self, name: str, kind: str) -> None:
        """Damage the parts or the head of a value, as another program or a lost disk could."""
        import keyring

        text = keyring.get_password(SERVICE, name) or ""
        mark, _, rest = text.rpartition(" {")
        head = json.loads("{" + rest)
        part = f"{name}/{head['generation']}/1"
        if kind == "missing":
            keyring.delete_password(SERVICE, part)
        elif kind == "changed":
            keyring.set_password(SERVICE, part, "y" * 1_200)
        else:
            wrong = {
                "digest": json.dumps({**head, "digest": "0"}),
                "not JSON": "{",
                "no table": "[]",
                "count": json.dumps({**head, "count": 10**9}),
                "generation": json.dumps({**head, "generation": "../other"}),
            }[kind]
            keyring.set_password(SERVICE, name, f"{mark} {wrong}")


def _kind(problem: object) -> str | None:
    return getattr(problem, "name", None)


async def main() -> None:
    order: dict[str, Any] = json.loads(sys.argv[1])
    steps = Steps(KeyStore(limit=order["limit"], part=order["part"]))
    for action, *rest in order["steps"]:
        began = time.monotonic()
        told: dict[str, Any] = {"result": None, "error": None, "problem": None}
        try:
            told["result"] = await getattr(steps, action)(*rest)
        except StoreError as error:
            told |= {"error": str(error), "problem": _kind(getattr(error, "problem", None))}
        print(json.dumps({**told, "seconds": time.monotonic() - began}), flush=True)


asyncio.run(main())
