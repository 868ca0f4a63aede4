"""The terminal as a POSIX device, also once it is gone: the program then ends as it should, and never waits for it."""

from __future__ import annotations

from typing import IO, TYPE_CHECKING, Any, Final

from textual.drivers.linux_driver import LinuxDriver

if TYPE_CHECKING:
    from collections.abc import Callable

_NOTHING: Final = 0


class Vanishing:
    """A text file that may go away: from its first error on it takes everything and writes nothing."""

    def __init__(self, file: IO[str]) -> None:
        self._file = file
        self.gone = False

    def write(self, text: str) -> int:
        """Write ``text`` and return how many characters were written."""
        return self._try(lambda: self._file.write(text))

    def flush(self) -> None:
        """Write what is held back."""
        self._try(self._file.flush)

    def fileno(self) -> int:
        """Return the number of the open file."""
        return self._file.fileno()

    def _try(self, write: Callable[[], int | None]) -> int:
        if self.gone:
            return _NOTHING
        try:
            return write() or _NOTHING
        except (OSError, ValueError):
            self.gone = True
            return _NOTHING


class LastingDriver(LinuxDriver):
    """Outlives its terminal, and being continued without having been suspended.

    A window that closes sends SIGCONT behind SIGHUP. Textual 8.2.8 then starts its two threads a second time, and the
    thread that writes dies of the first error; after thirty more writes everything waits for it, for ever.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)  # pyright: ignore[reportUnknownMemberType] - any application
        self._file: Any = Vanishing(self._file)
        self._suspended = False

    def suspend_application_mode(self) -> None:
        """Give the terminal back."""
        self._suspended = True
        super().suspend_application_mode()

    def resume_application_mode(self) -> None:
        """Take the terminal again, if it was given back; else only draw again what others may have drawn over."""
        if self._suspended:
            self._suspended = False
            super().resume_application_mode()
        else:
            self._app.call_later(self._app.refresh, layout=True)
