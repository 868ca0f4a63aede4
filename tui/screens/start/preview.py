"""The exact request as content: method, address, headers, body. Pure."""

from __future__ import annotations

import contextlib
import json
import re
from typing import TYPE_CHECKING

from textual.content import Content

from tui.text import clean

if TYPE_CHECKING:
    from tui.api.outcome import RequestPreview


def preview_content(preview: RequestPreview, width: int = 0) -> Content:
    """Return the request; the body is indented for reading, its values are exact.

    An address longer than ``width`` goes on in the next line behind one of its own marks, not within a word.
    """
    address = f"{preview.method} {clean(preview.url)}"
    first, *others = _folded(address, width)
    lines = [Content.assemble((preview.method, "bold $primary"), first[len(preview.method) :]), *map(Content, others)]
    lines += [
        Content.assemble((f"{clean(name)}: ", "$text-muted"), clean(value)) for name, value in preview.headers
    ]  # fmt: skip
    lines += [Content(""), Content(_indented(preview.body))]
    return Content("\n").join(lines)


def _indented(body: bytes) -> str:
    text = body.decode("utf-8", "replace")
    with contextlib.suppress(ValueError):
        text = json.dumps(json.loads(text), ensure_ascii=False, indent=2)
    return clean(text, multiline=True, limit=20_000)


def _folded(address: str, width: int) -> list[str]:
    """Return ``address`` in lines of at most ``width`` cells where its parts allow that."""
    lines = [""]
    for part in re.findall(r"[^/.?& ]*[/.?& ]*", address):
        if width and lines[-1] and len(lines[-1]) + len(part.rstrip()) > width:
            lines.append("")
        lines[-1] += part
    return [line.rstrip() for line in lines]
