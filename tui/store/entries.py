"""Values of any length in a key store whose entries are short: one entry, or a head and its parts.

The head names its parts by a random generation and says how many there are and their digest, so that a value is always
the old one or the new one, and a missing part is noticed. Blocks: only `tui.store.keystore` calls it.
"""

from __future__ import annotations

import json
import os
import re
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final, cast

from tui.secret import Secret
from tui.store.backends import ELSEWHERE, trouble
from tui.store.errors import KeyStoreError, KeyStoreProblem

if TYPE_CHECKING:
    from tui.store.backends import TrustedBackend

SERVICE: Final = "uipath-tui"
HEAD: Final = "uipath-tui parts "
"""How a head begins; a value that begins so is kept in parts too, and never mistaken for one."""

MOST_PARTS: Final = 1_000
_GENERATION: Final = re.compile(r"[0-9a-f]{16}")


def read(store: TrustedBackend, name: str) -> Secret | None:
    """Return the value called ``name``, ``None`` for none. Raises `KeyStoreError` when parts are missing or wrong."""
    text = _get(store, name)
    if text is None or not text.startswith(HEAD):
        return None if text is None else Secret(text)
    head = _head(text)
    if head is None:
        raise _damaged(store)
    parts = [_get(store, part) for part in _part_names(name, text)]
    value = "".join(part for part in parts if part is not None)
    if None in parts or _digest(value) != head["digest"]:
        raise _damaged(store)
    return Secret(value)


def write(store: TrustedBackend, name: str, value: Secret, part: int) -> None:
    """Keep the value in entries of at most ``part`` characters and read it back. Raises `KeyStoreError`.

    The old value stays readable until the new one is whole; only then are its parts removed.
    """
    text = value.reveal()
    old = _get(store, name)
    if len(text) <= part and not text.startswith(HEAD):
        store.backend.set_password(SERVICE, name, text)
    else:
        _write_parts(store, name, text, part)
    if read(store, name) != value:
        raise _lost(store)
    if old is not None:
        _remove_parts(store, _part_names(name, old))


def remove(store: TrustedBackend, name: str) -> None:
    """Forget the value and its parts; none is no error. The head goes last: until then it still names them."""
    text = _get(store, name)
    if text is None:
        return
    for part in _part_names(name, text):
        _drop(store, part)
    _drop(store, name)


def _write_parts(store: TrustedBackend, name: str, text: str, part: int) -> None:
    pieces = [text[at : at + part] for at in range(0, len(text), part)]
    if len(pieces) > MOST_PARTS:
        raise _lost(store)
    head = {"count": len(pieces), "generation": os.urandom(8).hex(), "digest": _digest(text)}
    written = HEAD + json.dumps(head)
    names = _part_names(name, written)
    try:
        for part_name, piece in zip(names, pieces, strict=True):
            store.backend.set_password(SERVICE, part_name, piece)
            if _get(store, part_name) != piece:
                raise _lost(store)
        store.backend.set_password(SERVICE, name, written)
    except Exception:
        _remove_parts(store, names)
        raise


def _remove_parts(store: TrustedBackend, names: list[str]) -> None:
    """Remove what no head names any more; what stays is unreachable and harms no value."""
    for name in names:
        with suppress(Exception):
            _drop(store, name)


def _part_names(name: str, text: str) -> list[str]:
    head = _head(text)
    if head is None:
        return []
    return [f"{name}/{head['generation']}/{number}" for number in range(head["count"])]


def _head(text: str) -> dict[str, Any] | None:
    """Return what the head says, ``None`` for anything that is not a head of ours."""
    if not text.startswith(HEAD):
        return None
    try:
        values = json.loads(text.removeprefix(HEAD))
    except (ValueError, RecursionError):
        return None
    if not isinstance(values, dict):
        return None
    head = cast("dict[str, Any]", values)
    count, generation, digest = head.get("count"), head.get("generation"), head.get("digest")
    if not isinstance(count, int) or not 1 <= count <= MOST_PARTS or not isinstance(digest, str):
        return None
    return head if isinstance(generation, str) and _GENERATION.fullmatch(generation) else None


def _get(store: TrustedBackend, name: str) -> str | None:
    return store.backend.get_password(SERVICE, name)


def _drop(store: TrustedBackend, name: str) -> None:
    if _get(store, name) is not None:
        store.backend.delete_password(SERVICE, name)


def _digest(text: str) -> str:
    import hashlib

    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _damaged(store: TrustedBackend) -> KeyStoreError:
    return trouble(
        KeyStoreProblem.DAMAGED,
        store.name,
        f"the sign-in kept in {store.name} is damaged: parts of it are missing or changed",
        "Sign in again.",
    )


def _lost(store: TrustedBackend) -> KeyStoreError:
    return trouble(
        KeyStoreProblem.OTHER,
        store.name,
        f"{store.name} did not keep what it was given",
        f"Try again, {ELSEWHERE}.",
    )
