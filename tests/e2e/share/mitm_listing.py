"""An addon of mitmproxy that says what it has read, a call a line. Runs in mitmproxy's own environment."""

import json
from typing import Any


def response(flow: Any) -> None:
    asked, answered = flow.request, flow.response
    said = [asked.method, asked.url, answered.status_code, asked.get_text() or "", answered.get_text() or ""]
    print(json.dumps(said), flush=True)
