"""The exact request as content: method, address, headers, body. Pure."""

from __future__ import annotations

import contextlib
import json
from typing import TYPE_CHECKING

from textual.content import Content

from tui.text import clean

if TYPE_CHECKING:
    from tui.api.outcome import RequestPreview


def preview_content(preview: RequestPreview) -> Content:
    """Return the request; the body is indented for reading, its values are exact."""
    lines = [Content.assemble((preview.method, "bold $primary"), " ", clean(preview.url))]
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
