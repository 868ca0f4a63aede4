"""Bodies of 1, 10 and 50 MB: opening, a page, a search and folds, against the standard library in the same run."""

import gc
import json
import time
import tracemalloc
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from lateness import Lateness, idle
from textual.app import App, ComposeResult
from textual.pilot import Pilot
from textual.widgets import Static

from tests.unit.core.recorded import job, polled
from tui.exchanges.log import ExchangeLog
from tui.exchanges.model import Body
from tui.screens.log.diff import show_differences
from tui.widgets.body.body_search import Places
from tui.widgets.body.body_view import BodyView
from tui.widgets.body.json_folds import Folding
from tui.widgets.body.json_view import JsonRows
from tui.widgets.guard import TerminalGuard
from tui.widgets.strips import without_cycles

pytestmark = [pytest.mark.benchmark, pytest.mark.timeout(600)]
SIZE = (120, 40)
FRAME = 16.0
"""Milliseconds that nothing on the loop may take."""
MEGABYTES = (1, 10, 50)
ROW = b'{"Id":10173064,"Key":"4f8b7a36-8f0c-4f60","Name":"PayInvoice","Tags":[],"Ok":true},'


def body_of(megabytes: int) -> Body:
    count = megabytes * 1_000_000 // len(ROW)
    data = b'{"value":[' + (ROW * (count - 1)) + ROW.replace(b"PayInvoice", b"TheNeedle")[:-1] + b"]}"
    return Body(data, len(data), "application/json")


class Stage(App[None]):
    """One body behind the guard."""

    def __init__(self) -> None:
        without_cycles()
        super().__init__()
        self.view = BodyView()

    def get_line_filters(self) -> Any:
        return [*super().get_line_filters(), TerminalGuard()]

    def compose(self) -> ComposeResult:
        yield self.view


async def until(pilot: Pilot[None], condition: Callable[[], bool]) -> Lateness:
    """Wait and return how late the loop was meanwhile."""
    late = Lateness()
    while not condition():
        await late.wait()
    await pilot.pause()
    return late


@pytest.mark.parametrize("megabytes", MEGABYTES)
async def test_open_page_search_and_fold(
    megabytes: int, stopwatch: Any, page_milliseconds: Any, report: Callable[[str], None]
) -> None:
    body = body_of(megabytes)
    with stopwatch() as parse:
        floor = len(json.dumps(json.loads(body.data), indent=2))
    with stopwatch() as scan:
        body.data.find(b"no such text")
    app = Stage()
    view = app.view
    async with app.run_test(size=SIZE) as pilot:
        gc.collect()
        gc.freeze()  # as the program does once it is loaded
        report(f"{megabytes} MB, a loop with nothing to do is {await idle()}")
        with stopwatch() as opening:
            view.show(body)
            view.render_lines(view.size.region)
        begin = time.perf_counter()
        late = await until(pilot, lambda: view.complete)
        report(
            f"{megabytes} MB, {floor / 1e6:.0f} MB indented: first page {opening.seconds * 1000:.1f} ms "
            f"(loads + dumps {parse.seconds * 1000:.0f} ms) · all rows "
            f"{time.perf_counter() - begin:.1f} s, {late}"
        )
        page = await page_milliseconds(pilot, view)
        begin = time.perf_counter()
        with stopwatch() as typed:
            view.search("theneedle")
        late_search = await until(pilot, lambda: view.finding == "1 of 1")
        searched = time.perf_counter() - begin
        report(
            f"   page {page:.1f} ms · search typed {typed.seconds * 1000:.1f} ms, found after {searched * 1000:.0f} ms "
            f"(bytes.find {scan.seconds * 1000:.1f} ms), {late_search}"
        )
        view.search("")
        with stopwatch() as fold:
            view.row_opened(1)
            await pilot.pause()
        assert view.row_count == 3
        with stopwatch() as unfold:
            view.row_opened(1)
            await pilot.pause()
        view.action_fold_all(True)
        await until(pilot, lambda: view.row_count == 3)
        with stopwatch() as asked:
            view.row_opened(1)
        late_folds = await until(pilot, lambda: view.row_count == 4 + body.data.count(b"Id"))
        folded_page = await page_milliseconds(pilot, view)
        report(
            f"   fold the list {fold.seconds * 1000:.1f} ms · unfold {unfold.seconds * 1000:.1f} ms · unfold among "
            f"{body.data.count(b'Id'):,} folds {asked.seconds * 1000:.1f} ms, {late_folds} · "
            f"page {folded_page:.1f} ms"
        )
        assert opening.seconds * 1000 < 100
        assert max(fold.seconds, unfold.seconds) * 1000 < 4 * page + FRAME
        assert asked.seconds * 1000 < FRAME
        assert typed.seconds * 1000 < FRAME
        assert folded_page < 2 * page + 2
        assert searched < 2 * parse.seconds + 0.5


def test_memory_beside_the_body(report: Callable[[str], None]) -> None:
    body = body_of(10)
    gc.collect()
    tracemalloc.start()
    rows = JsonRows(body.data, 116)
    while not rows.done:
        rows.feed(20_000)
    indexed = tracemalloc.get_traced_memory()[0]
    places = Places(rows, "a")
    while not places.done:
        places.advance()
    found = tracemalloc.get_traced_memory()[0]
    folding = Folding(rows, b"\0\0" + b"\1" * (len(rows.opens) - 2))
    folded, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    size = len(body.data)
    report(
        f"10 MB beside the body: rows {indexed / size:.2f} ×, with {len(places.found):,} places {found / size:.2f} ×, "
        f"with {folding.hidden:,} rows folded {folded / size:.2f} ×, most {most / size:.2f} ×"
    )
    assert most < 2 * size


def told(app: App[None]) -> str:
    """Return how much differs, as the screen says it."""
    return " ".join(str(each.content) for each in app.screen.query("#diff-count").results(Static))


FLAT = {"numbers": b"1,", "texts": b'"",', "lists": b"[1],", "objects": b'{"Id":1,"State":"Running"},'}


@pytest.mark.parametrize("kind", FLAT)
async def test_comparing_two_large_bodies(kind: str, report: Callable[[str], None]) -> None:
    item = FLAT[kind]
    data = b"[" + item * (16_000_000 // len(item) - 2)
    log = ExchangeLog()
    for number, last in ((1, b"0]"), (2, b"9]")):
        body = Body(data + last, len(data) + 2, "application/json")
        log.append(replace(polled(number, job()), response_body=body))
    app = Stage()
    async with app.run_test(size=SIZE) as pilot:
        gc.collect()
        gc.freeze()
        report(f"16 MB of {kind}, a loop with nothing to do is {await idle()}")
        began = time.perf_counter()
        show_differences(app.screen, log, 2)
        late = await until(pilot, lambda: "1 difference" in told(app))
        report(f"   compared after {time.perf_counter() - began:.1f} s, {late}")
        show_differences(app.screen, log, 2)
        await until(pilot, lambda: bool(app.screen.query("#diff-count")))
        began = time.perf_counter()
        await pilot.press("escape")
        report(f"   left after {(time.perf_counter() - began) * 1000:.0f} ms")
