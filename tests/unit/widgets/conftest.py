"""Exchanges made up for tests of rows and folds."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tui.exchanges.model import Body, Exchange, Purpose

MakeExchange = Callable[..., Exchange]


@pytest.fixture
def make_exchange() -> MakeExchange:
    def make(number: int = 1, **changes: Any) -> Exchange:
        values: dict[str, Any] = {
            "id": number,
            "started_at": datetime(2026, 11, 23, 9, 28, 12, tzinfo=UTC) + timedelta(seconds=number),
            "purpose": Purpose.RELEASES,
            "attempt": 1,
            "method": "GET",
            "url": "https://cloud.uipath.com/acme/prod/orchestrator_/odata/Releases?$top=50",
            "request_headers": (),
            "request_body": Body(),
            "status": 200,
        }
        return Exchange(**{**values, **changes})

    return make
