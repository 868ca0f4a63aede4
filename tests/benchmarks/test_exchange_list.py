"""The log at 1,000 to 1,000,000 exchanges and the detail at 50 MB, against floors in the same run.

The floors of the list are Textual's own `Log`, and a widget that does nothing but draw lines.
"""

import asyncio
import gc
import sqlite3
import time
import tracemalloc
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from rich.segment import Segment
from textual.app import App, ComposeResult
from textual.geometry import Size
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.widget import Widget
from textual.widgets import Log

from tui.exchanges.filter.language import Filter, parse
from tui.exchanges.kept.store import ExchangeStore
from tui.exchanges.log import ExchangeLog
from tui.exchanges.model import Body, Exchange, Purpose
from tui.widgets.body.body_view import FIRST_ROWS, BodyView, rows_of
from tui.widgets.guard import TerminalGuard
from tui.widgets.log.exchange_list import ExchangeList

pytestmark = pytest.mark.benchmark
SIZE = (120, 40)
MANY = 100_000
MILLION = 1_000_000
FRAME = 16.0
"""Milliseconds."""
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
def million() -> ExchangeLog:
    return filled(MILLION)


@pytest.fixture(scope="module")
def body() -> Body:
    row = b'{"Id":10173064,"Key":"4f8b7a36-8f0c-4f60-9a6f-4b2f0c5d9a10","Name":"PayInvoice","Tags":[],"Ok":true},'
    count = 50_000_000 // len(row)
    data = b'{"value":[' + (row * count)[:-1] + b"]}"
    return Body(data, len(data), "application/json")


class Bare(ScrollView):
    """The least that draws lines: one segment a line, no cursor, no columns, no cache."""

    def __init__(self, count: int) -> None:
        super().__init__()
        self.virtual_size = Size(SIZE[0], count)

    def render_line(self, y: int) -> Strip:
        text = f"{self.scroll_offset.y + y:>7}  09:28:12  GET  …/odata/Jobs/…StartJobs?$skip=1  200  87 ms"
        return Strip([Segment(text.ljust(self.size.width), self.rich_style)])


async def frames(pilot: Any, widget: ScrollView, pages: int = 60) -> tuple[float, float]:
    """Return median and p95 of the milliseconds that a page costs in which every row is another one."""
    end = int(widget.max_scroll_y)
    costs: list[float] = []
    for page in range(pages):
        begin = time.thread_time()
        widget.scroll_to(y=(page * max(1, end // (pages + 1))) % max(1, end), animate=False, force=True)
        await pilot.pause()
        costs.append((time.thread_time() - begin) * 1000)
    costs.sort()
    return costs[len(costs) // 2], costs[int(len(costs) * 0.95)]


async def page_of(widget: ScrollView, *, guarded: bool = True) -> tuple[float, float]:
    async with Stage(widget, guarded=guarded).run_test(size=SIZE) as pilot:
        await shown(pilot, widget)
        return await frames(pilot, widget)


async def shown(pilot: Any, widget: Widget) -> None:
    """Wait until a list holds every row of its log: the last ones of a long one come in slices."""
    while isinstance(widget, ExchangeList) and widget.progress < 1.0:
        await asyncio.sleep(0.002)
    await pilot.pause()


async def test_a_page_costs_no_more_with_a_thousand_times_the_rows(million: ExchangeLog, report: Any) -> None:
    lines = Log()
    async with Stage(lines, guarded=False).run_test(size=SIZE) as pilot:
        lines.write_lines(
            f"{n:>6}  09:28:12  GET  …/odata/Jobs/…StartJobs?$skip={n}  ✓ 200  87 ms" for n in range(MANY)
        )
        await pilot.app.workers.wait_for_complete()
        text_log = await frames(pilot, lines)
    floor = await page_of(Bare(MANY), guarded=False)
    found = {count: await page_of(ExchangeList(filled(count))) for count in (1_000, 10_000, MANY)}
    found[MILLION] = await page_of(ExchangeList(million))
    bare = await page_of(ExchangeList(filled(MANY)), guarded=False)
    told = " · ".join(f"{count:,} rows {half:.1f} (p95 {most:.1f})" for count, (half, most) in found.items())
    report(f"page, ms: Textual Log {text_log[0]:.1f} · bare lines {floor[0]:.1f} · {told} · unguarded {bare[0]:.1f}")
    assert found[MANY][0] < 2 * found[1_000][0]
    assert found[MILLION][0] < 2 * found[1_000][0]
    assert found[MANY][0] < 2.5 * text_log[0]
    assert found[MANY][1] < FRAME
    assert found[MILLION][1] < FRAME


async def test_a_line_down_costs_less_than_a_page(million: ExchangeLog, stopwatch: Any, report: Any) -> None:
    for log in (filled(MANY), million):
        entries = ExchangeList(log)
        async with Stage(entries).run_test(size=SIZE) as pilot:
            await shown(pilot, entries)
            page, _ = await frames(pilot, entries)
            entries.action_first()
            await pilot.pause()
            with stopwatch() as watch:
                for _ in range(30):
                    entries.action_down()
                    await pilot.pause()
            line = watch.seconds * 1000 / 30
            report(f"cursor down at {len(log):,}: {line:.1f} ms · page {page:.1f} ms")
            assert line < page


async def lags(entries: ExchangeList, wanted: Filter) -> tuple[float, float, float]:
    """Filter, and return milliseconds of this thread in all, and median and p95 of what a key would wait for."""
    waits: list[float] = []
    begin = before = time.thread_time()
    entries.sift(wanted)
    while True:
        now = time.thread_time()
        waits.append((now - before) * 1000)
        if entries.shown_filter is wanted:
            break
        before = now
        await asyncio.sleep(0)
    whole = (time.thread_time() - begin) * 1000
    worst = sorted(waits)[-max(1, len(waits) // 20) :]
    slices = sorted(wait for wait in waits if wait > 0.5) or worst
    return whole, slices[len(slices) // 2], slices[int(len(slices) * 0.95)]


@pytest.mark.parametrize("count", [1_000, 10_000, MANY, MILLION])
async def test_a_filter_leaves_the_keys_their_frame(count: int, million: ExchangeLog, report: Any) -> None:
    log = million if count == MILLION else filled(count)
    wanted = parse("status:>=400 or (path:skip=7 !poll slow:<1s)")
    begin = time.thread_time()
    fitting = sum(wanted.matches(entry, log.exchange, log.marks) for entry in log.entries)
    floor = (time.thread_time() - begin) * 1000
    entries = ExchangeList(log)
    async with Stage(entries).run_test(size=SIZE) as pilot:
        await shown(pilot, entries)
        whole, half, most = await lags(entries, wanted)
        assert entries.rows.total == fitting
    report(
        f"filter {count:,}: {whole:.0f} ms in all, {whole / floor:.1f} × one bare pass ({floor:.0f} ms) · "
        f"a key waits {half:.1f} ms, p95 {most:.1f}"
    )
    assert most < FRAME
    assert whole < 4 * floor + 50


async def test_a_filter_of_bodies_reads_them_in_a_thread(tmp_path: Path, report: Any) -> None:
    path = tmp_path / "log.sqlite3"
    path.touch()
    store = ExchangeStore.open(path, version="1", profile="", complain=pytest.fail)
    assert store is not None
    log = ExchangeLog()
    log.attach(store)
    for number in range(1, 10_001):
        text = (b'{"needle":1}' if number % 100 == 0 else b'{"hay":12}') * 400
        log.append(replace(exchange(number), response_body=Body(text, len(text), "application/json")))
    begin = time.perf_counter()
    with sqlite3.connect(path) as connection:
        count = "SELECT count(*) FROM messages WHERE instr(response_body, CAST('needle' AS BLOB))"
        assert connection.execute(count).fetchone() == (100,)
    floor = (time.perf_counter() - begin) * 1000
    connection.close()
    entries = ExchangeList(log)
    async with Stage(entries).run_test(size=SIZE) as pilot:
        await shown(pilot, entries)
        begin = time.perf_counter()
        whole, half, most = await lags(entries, parse("body:needle"))
        took = (time.perf_counter() - begin) * 1000
        assert entries.rows.total == 100
    store.close()
    report(
        f"filter the bodies of 10,000 kept calls (4.7 kB each): {took:.0f} ms, {took / floor:.1f} × one bare scan "
        f"({floor:.0f} ms) · of the screen's thread {whole:.0f} ms · a key waits {half:.1f} ms, p95 {most:.1f}"
    )
    assert most < FRAME


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


async def test_appending_to_a_million_costs_no_more(million: ExchangeLog, stopwatch: Any, report: Any) -> None:
    entries = ExchangeList(million)
    async with Stage(entries).run_test(size=SIZE) as pilot:
        await shown(pilot, entries)
        fresh = [exchange(number) for number in range(len(million) + 1, len(million) + 10_001)]
        with stopwatch() as watch:
            for one in fresh:
                million.append(one)
        await pilot.pause()
        append = watch.seconds / len(fresh) * 1e6
        report(f"append at {len(million):,}: {append:.2f} µs a row")
        assert entries.row_count == len(million)
        assert append < 50


async def test_live_rows_while_following(stopwatch: Any, report: Any) -> None:
    log = filled(MANY)
    entries = ExchangeList(log)
    async with Stage(entries).run_test(size=SIZE) as pilot:
        await shown(pilot, entries)
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
