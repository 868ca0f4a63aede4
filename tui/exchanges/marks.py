"""The exchanges a person has marked, each with a comment. In memory, with listeners; no I/O."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from threading import Lock

Listener = Callable[[int, "str | None"], None]
"""Hears the id of an exchange and its comment, ``None`` when it is marked no more."""


class Marks(Mapping[int, str]):
    """Exchange id → comment, which may be empty. Bound to the thread that records, but for `change`."""

    def __init__(self) -> None:
        self._comments: dict[int, str] = {}
        self._dropped: dict[int, str] = {}
        """Comments of marks that were taken away."""
        self._lock = Lock()
        self._listeners: list[Listener] = []
        self.conceal: Callable[[str], str] | None = None
        """What takes secrets out of a comment before anything keeps it."""

    def set(self, number: int, comment: str = "") -> None:
        """Mark exchange ``number``, with ``comment`` in the place of the one it had."""
        if self.conceal is not None:
            comment = self.conceal(comment)
        if self._comments.get(number) != comment:
            with self._lock:
                self._comments[number] = comment
            self._tell(number, comment)

    def drop(self, number: int) -> None:
        """Take the mark and its comment away."""
        with self._lock:
            comment = self._comments.pop(number, None)
            if comment is not None:
                self._dropped[number] = comment
        if comment is not None:
            self._tell(number, None)

    def restore(self, number: int) -> None:
        """Mark exchange ``number`` with the comment of the mark that was taken from it, if it had one."""
        with self._lock:
            comment = self._dropped.pop(number, "")
        self.set(number, comment)

    def change(self, change: Callable[[str], str]) -> bool:
        """Put ``change`` of each comment in its place and tell nobody; return whether one is another. In any thread."""
        any_changed = False
        for comments in (self._comments, self._dropped):
            with self._lock:
                every = tuple(comments.items())
            for number, comment in every:
                changed = change(comment)
                if changed != comment:
                    any_changed = True
                    with self._lock:
                        if comments.get(number) == comment:
                            comments[number] = changed
        return any_changed

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Call ``listener`` for each change from now on; the returned function ends that."""
        self._listeners.append(listener)

        def end() -> None:
            if listener in self._listeners:
                self._listeners.remove(listener)

        return end

    def _tell(self, number: int, comment: str | None) -> None:
        for listener in tuple(self._listeners):
            listener(number, comment)

    def __getitem__(self, number: int) -> str:
        return self._comments[number]

    def __iter__(self) -> Iterator[int]:
        return iter(self._comments)

    def __len__(self) -> int:
        return len(self._comments)
