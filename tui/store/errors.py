"""What goes wrong with what is kept on this machine, in words a person can act on."""

from enum import StrEnum
from pathlib import Path

from tui.errors import Exit, Failure, UiPathTuiError
from tui.text import clean


class StoreError(UiPathTuiError):
    """Something kept on this machine can't be read or written. Never holds a secret."""


class KeyStoreProblem(StrEnum):
    """Why the key store gave no answer; the values are words for people."""

    LOCKED = "it is locked"
    ABSENT = "there is none to reach"
    HUNG = "it does not answer"
    REFUSED = "it would not protect a secret"
    DAMAGED = "what it holds is damaged"
    OTHER = "it failed"


class KeyStoreError(StoreError):
    """The operating system's key store did not do what it was asked. ``problem`` tells which kind of trouble it is."""

    def __init__(self, failure: Failure, problem: KeyStoreProblem) -> None:
        super().__init__(failure)
        self.problem = problem


def file_trouble(path: Path, why: str, next_step: str, *, title: str = "A file can't be used") -> StoreError:
    """Return the error about ``path``: ``why`` completes the sentence that begins with the path."""
    return StoreError(Failure(title, f"{shown(path)} {why}", next_step, exit=Exit.USAGE))


def shown(path: Path) -> str:
    """Return the path as people write it, their own folder as ``~``, safe for a terminal."""
    try:
        home = Path.home()
    except RuntimeError:
        return clean(str(path))
    if home != Path(home.anchor) and path.is_relative_to(home):
        return clean(str(Path("~") / path.relative_to(home)))
    return clean(str(path))
