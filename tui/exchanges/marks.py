"""The exchanges a person has marked, each with a comment. In memory, with listeners; no I/O."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

Listener = Callable[[int, "str | None"], None]
"""Hears the id of an exchange and its comment, ``None`` when it is marked no more."""


class Marks(Mapping[int, str]):
    """Exchange id → comment, which may be empty. Bound to the thread that records."""

    def __init__(self) -> None:
        self._comments: dict[int, str] = {}
        self._listeners: list[Listener] = []
        self.conceal: Callable[[str], str] | None = None
        """What takes secrets out of a comment before anything keeps it."""

    def set(self, number: int, comment: str = "") -> None:
        """Mark exchange ``number``, with ``comment`` in the place of the one it had."""
        if self.conceal is not None:
            comment = self.conceal(comment)
        if self._comments.get(number) != comment:
            self._comments[number] = comment
            self._tell(number, comment)

    def drop(self, number: int) -> None:
        """Take the mark and its comment away."""
        if self._comments.pop(number, None) is not None:
            self._tell(number, None)

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
