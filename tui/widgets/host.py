"""The application that a widget or screen lives in, with a type: Textual leaves its result type open."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from textual.app import App
    from textual.message_pump import MessagePump


def host(node: MessagePump) -> App[object]:
    """Return the application of ``node``."""
    return node.app  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
