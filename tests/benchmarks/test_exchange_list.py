"""The log at 100,000 exchanges and the detail at 50 MB, against Textual's own `Log` in the same run."""

import gc
import tracemalloc
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from textual.app import App, ComposeResult
from textual.widget import Widget
from textual.widgets import Log

from tui.exchanges.log import ExchangeLog
from tui.exchanges.model import Body, Exchange, Purpose
from tui.widgets.body_view import FIRST_ROWS, BodyView, rows_of
from tui.widgets.exchange_list import ExchangeList
from tui.widgets.guard import TerminalGuard

pytestmark = pytest.mark.benchmark
SIZE = (120, 40)
MANY = 100_000
WHEN = datetime(2026, 11, 23, tzinfo=UTC)
URL = "https://cloud.uipath.com/acme/prod/orchestrator_/odata/Jobs/UiPath.Server.Configuration.OData.StartJobs"


class Stage(App[None]):
    """One widget, nothing else."""

    def __init__(self, widget: Widget, *, guarded: bool = True) -> None:
        super().__init__()
        self.widget = widget
        self._guards = [TerminalGuard()] if guarded else []

    def get_line_filters(self) -> Any:
        return [*super().get_line_filters(), *self._guards]

    def compose(self) -> ComposeResult:
        yield self.widget


def exchange(number: int) -> Exchange:
    url = f"{URL}?$skip={number}"
    return Exchange(number, WHEN, Purpose.RELEASES, 1, "GET", url, (), Body(), status=200)


def filled(count: int) -> ExchangeLog:
    log = ExchangeLog()
    for number in range(1, count + 1):
        log.append(exchange(number))
    return log


@pytest.fixture(scope="module")
def body() -> Body:
    row = b'{"Id":10173064,"Key":"4f8b7a36-8f0c-4f60-9a6f-4b2f0c5d9a10","Name":"PayInvoice","Tags":[],"Ok":true},'
    count = 50_000_000 // len(row)
    data = b'{"value":[' + (row * count)[:-1] + b"]}"
    return Body(data, len(data), "application/json")


async def list_page(count: int, page_milliseconds: Any, *, guarded: bool = True) -> float:
    entries = ExchangeList(filled(count))
    async with Stage(entries, guarded=guarded).run_test(size=SIZE) as pilot:
        return await page_milliseconds(pilot, entries)


async def test_a_page_costs_no_more_with_a_hundred_times_the_rows(page_milliseconds: Any, report: Any) -> None:
    lines = Log()
    async with Stage(lines, guarded=False).run_test(size=SIZE) as pilot:
        lines.write_lines(
            f"{n:>6}  09:28:12  GET  …/odata/Jobs/…StartJobs?$skip={n}  ✓ 200  87 ms" for n in range(MANY)
        )
        await pilot.app.workers.wait_for_complete()
        floor = await page_milliseconds(pilot, lines)
    few = await list_page(1_000, page_milliseconds)
    many = await list_page(MANY, page_milliseconds)
    bare = await list_page(MANY, page_milliseconds, guarded=False)
    report(
        f"page: Log {floor:.1f} ms · list 1k {few:.1f} ms · 100k {many:.1f} ms · 100k without the guard {bare:.1f} ms"
    )
    assert many < 1.5 * few
    assert many < 2.5 * floor


async def test_a_line_down_costs_less_than_a_page(page_milliseconds: Any, stopwatch: Any, report: Any) -> None:
    entries = ExchangeList(filled(MANY))
    async with Stage(entries).run_test(size=SIZE) as pilot:
        page = await page_milliseconds(pilot, entries)
        entries.action_first()
        await pilot.pause()
        with stopwatch() as watch:
            for _ in range(30):
                entries.action_down()
                await pilot.pause()
        line = watch.seconds * 1000 / 30
        report(f"cursor down at 100k: {line:.1f} ms · page {page:.1f} ms")
        assert line < page


async def test_appending_is_cheap_and_keeps_little(stopwatch: Any, report: Any) -> None:
    log = ExchangeLog()
    entries = ExchangeList(log)
    exchanges = [exchange(number) for number in range(1, MANY + 1)]
    async with Stage(entries).run_test(size=SIZE) as pilot:
        bare = ExchangeLog()
        with stopwatch() as floor:
            for one in exchanges:
                bare.append(one)
        gc.collect()
        tracemalloc.start()
        before = tracemalloc.get_traced_memory()[0]
        for one in exchanges[: MANY // 2]:
            log.append(one)
        kept = (tracemalloc.get_traced_memory()[0] - before) / (MANY // 2)
        tracemalloc.stop()
        with stopwatch() as watch:
            for one in exchanges[MANY // 2 :]:
                log.append(one)
        await pilot.pause()
        append = watch.seconds / (MANY // 2) * 1e6
        report(f"append: {append:.2f} µs a row (log alone {floor.seconds / MANY * 1e6:.2f}) · {kept:.0f} B a row")
        assert append < 50
        assert kept < 500


async def test_live_rows_while_following(stopwatch: Any, report: Any) -> None:
    log = filled(MANY)
    entries = ExchangeList(log)
    async with Stage(entries).run_test(size=SIZE) as pilot:
        with stopwatch() as watch:
            for number in range(30):
                log.append(exchange(MANY + number + 1))
                await pilot.pause()
        following = watch.seconds * 1000 / 30
        entries.action_first()
        await pilot.pause()
        with stopwatch() as watch:
            for number in range(30):
                log.append(exchange(MANY + number + 100))
                await pilot.pause()
        reading = watch.seconds * 1000 / 30
        report(f"one new row at 100k: {following:.1f} ms followed · {reading:.1f} ms while reading elsewhere")
        assert reading < following


async def test_fifty_megabytes_open_with_their_first_page(
    body: Body, stopwatch: Any, page_milliseconds: Any, report: Any
) -> None:
    small = Body(body.data[:9_000] + b"", 9_000, "application/json", truncated=True)
    view = BodyView()
    async with Stage(view).run_test(size=SIZE) as pilot:
        first: dict[str, float] = {}
        for name, one in (("9 kB", small), ("50 MB", body)):
            with stopwatch() as watch:
                view.show(one)
                view.render_lines(view.size.region)
            first[name] = watch.seconds * 1000
        view.show(small)
        await pilot.pause()
        report(" · ".join(f"first page of {name}: {cost:.1f} ms" for name, cost in first.items()))
        assert first["50 MB"] < 100
        assert first["50 MB"] < 10 * first["9 kB"] + 10


def test_reading_all_of_fifty_megabytes(body: Body, stopwatch: Callable[[], Any], report: Any) -> None:
    rows = rows_of(body, 110, pretty=True)
    slices: list[float] = []
    tracemalloc.start()
    rows.feed(FIRST_ROWS)
    kept = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    with stopwatch() as whole:
        while not rows.done:
            with stopwatch() as watch:
                rows.feed(5_000)
            slices.append(watch.seconds * 1000)
    assert rows.fault == ""
    with stopwatch() as page:
        for index in range(len(rows) - 40, len(rows)):
            rows.parts(index)
    report(
        f"all {len(rows):,} rows in {whole.seconds:.1f} s · 5,000 rows ≤ {max(slices):.0f} ms · "
        f"a page's pieces {page.seconds * 1000:.2f} ms · {12 * len(rows) / len(body.data):.2f} × the body kept"
    )
    assert kept < 1_000_000
    assert 12 * len(rows) < 2 * len(body.data)
