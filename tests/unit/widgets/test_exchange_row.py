"""One exchange in one row, at every width."""

from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from tui.exchanges.model import Body, Entry, Exchange, Timing
from tui.widgets.log.exchange_row import Columns, keep_end, keep_start, row_parts, target

MakeExchange = Callable[..., Exchange]
START = "https://cloud.uipath.com/acme/prod/orchestrator_/odata/Jobs/UiPath.Server.Configuration.OData.StartJobs"


@pytest.mark.parametrize(
    ("url", "path", "query"),
    [
        (START, "…/odata/Jobs/…StartJobs", ""),
        ("https://platform.uipath.com/acct/inst/odata/Jobs(12)?$expand=Robot", "…/odata/Jobs(12)", "?$expand=Robot"),
        ("https://h/a/b/orchestrator_/api/Status/Version", "…/api/Status/Version", ""),
        ("https://account.uipath.com/oauth/token", "/oauth/token", ""),
        ("http://h/odata/Releases?$filter=Name%20eq%20%27%C3%A9%27", "/odata/Releases", "?$filter=Name eq 'é'"),
        ("http://h", "/", ""),
        ("", "", ""),
        ("http://h/%1b]0;x%07?%E2%80%AE", "/␛]0;x␇", "?<U+202E>"),
    ],
)
def test_a_target_is_read_without_host_and_noise(url: str, path: str, query: str) -> None:
    assert target(url) == (path, query)


def test_cropping_keeps_the_meaningful_end_of_a_path_and_the_start_of_a_query() -> None:
    assert keep_end("/cloudrpa/api/account/acme/getAllServiceInstances", 27) == "…/getAllServiceInstances"
    assert keep_end("/odata/Jobs(123)", 40) == "/odata/Jobs(123)"
    assert keep_end("/日本語日本語日本語", 9) == "…語日本語"
    assert keep_start("?$filter=Key eq 1", 10) == "?$filter=…"
    assert [keep_end("abc", n) for n in (0, 1, 2)] == ["", "…", "…c"]


@pytest.mark.parametrize("width", [30, 58, 60, 66, 78, 90, 118, 200])
@pytest.mark.parametrize("count", [1, 12, 100_000])
def test_every_row_is_exactly_as_wide_as_the_list(make_exchange: MakeExchange, width: int, count: int) -> None:
    columns = Columns.fit(width, count=100_000, method=6)
    for changes in (
        {},
        {"url": START * 5, "method": "DELETE", "attempt": 3},
        {"url": "https://h/日本語" + "語" * 90, "status": None, "timing": Timing(total=4000.0)},
        {"url": "https://h/\x1b]0;x\x07\u202e", "status": 302, "response_body": Body(size=999_900_000)},
    ):
        text = "".join(part for part, _ in row_parts(Entry.of(make_exchange(99_999, **changes)), count, columns))
        assert cell_len(text) == width
        assert text.isprintable()


@given(url=st.text(max_size=300), width=st.integers(40, 130), comment=st.none() | st.text(max_size=90))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_url_and_comment_fit(make_exchange: MakeExchange, url: str, width: int, comment: str | None) -> None:
    entry, columns = Entry.of(make_exchange(1, url=url)), Columns.fit(width, count=1)
    text = "".join(part for part, _ in row_parts(entry, 1, columns, comment))
    assert cell_len(text) == width


def test_columns_leave_in_order_size_then_time() -> None:
    shown = [(bool(c.size), bool(c.time)) for c in map(Columns.fit, (118, 78, 58))]
    assert shown == [(True, True), (False, True), (False, False)]


def test_failures_say_so_without_colour(make_exchange: MakeExchange) -> None:
    columns = Columns.fit(100)
    for status, words in ((404, "✘ 404"), (None, "✘ –"), (302, "→ 302"), (201, "✓ 201")):
        assert words in "".join(part for part, _ in row_parts(Entry.of(make_exchange(status=status)), 1, columns))
