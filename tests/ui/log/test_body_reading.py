"""Reading a body: searching it, folding it, both at once, and large ones beside the keys."""

import json
from typing import Any

from tui.exchanges.model import Body
from tui.widgets.body.body_view import BodyView
from tui.widgets.log.exchange_view import ExchangeView


def body(data: bytes, kind: str = "application/json") -> Body:
    return Body(data, len(data), kind)


async def test_a_search_counts_and_goes_around(stage: Any, make_exchange: Any, until: Any) -> None:
    data = json.dumps({"value": [{"Name": f"Job {n}", "Note": "a job"} for n in range(20)]}).encode()
    view = ExchangeView(make_exchange(1, response_body=body(data)))
    app = stage(view)
    async with app.run_test(size=(80, 20)) as pilot:
        await pilot.press("tab", "slash", *"job")
        await until(pilot, lambda: view.response.finding == "1 of 40")
        assert "1 of 40" in app.lines()[2]
        assert any('"Name": "Job 0",' in line for line in app.lines())
        await pilot.press("enter", "n")
        assert view.response.finding == "2 of 40"
        await pilot.press("N", "N")
        assert view.response.finding == "40 of 40 · from the end again"
        assert any('"Name": "Job 19",' in line for line in app.lines())
        await pilot.press("n")
        assert view.response.finding == "1 of 40 · from the top again"
        await pilot.press("p")
        await until(pilot, lambda: view.response.finding == "1 of 40" and "raw" in app.lines()[2])
        await pilot.press("slash", *"xyz")
        await until(pilot, lambda: "not found" in app.lines()[2])
        assert "xyz" in app.lines()[3]
        await pilot.press("escape")
        assert view.response.has_focus
        assert view.response.finding == ""


async def test_a_line_is_folded_by_key_and_by_click(stage: Any, until: Any) -> None:
    view = BodyView()
    app = stage(view)
    async with app.run_test(size=(60, 16)) as pilot:
        view.show(body(b'{"a":[1,2,{"b":3}],"c":{"d":4}}'))
        view.focus()
        await pilot.press("down", "enter")
        await until(pilot, lambda: app.lines()[1] == '   "a": [ … 3 items ],')
        assert [line.strip() for line in app.lines()[:6]][2:] == ['"c": {', '"d": 4', "}", "}"]
        assert view.virtual_size.height == 6
        await pilot.click(BodyView, offset=(5, 2))
        await until(pilot, lambda: app.lines()[2] == '   "c": { … 1 item }')
        await pilot.press("up", "space")
        await until(pilot, lambda: app.lines()[3].strip() == "2,")
        await pilot.press("minus")
        await until(pilot, lambda: view.row_count == 4)
        assert view.cursor == 1
        view.search("3")
        await until(pilot, lambda: '"b": 3' in app.lines()[5])
        assert view.cursor == 5
        await pilot.press("plus")
        await until(pilot, lambda: view.row_count == 12)
        assert view.cursor == 5


async def test_many_folds_are_worked_out_beside_the_keys_and_outlive_a_new_width(stage: Any, until: Any) -> None:
    data = json.dumps({"value": [{"Id": n, "Tags": [n]} for n in range(5_000)]}).encode()
    view = BodyView()
    app = stage(view)
    async with app.run_test(size=(80, 20)) as pilot:
        view.show(body(data))
        view.focus()
        await until(pilot, lambda: view.complete)
        await pilot.press("down")
        await pilot.press("minus")
        await until(pilot, lambda: view.row_count == 3)
        await pilot.press("enter")
        await until(pilot, lambda: view.row_count == 5_004)
        assert app.lines()[3].strip() == "{ … 2 items },"
        await pilot.resize_terminal(60, 20)
        await until(pilot, lambda: view.complete and view.row_count == 5_004)
        view.search('"Id": 4999')
        await until(pilot, lambda: view.finding == "1 of 1" and any('"Id": 4999,' in line for line in app.lines()))


async def test_raw_text_is_searched_across_its_rows(stage: Any, until: Any) -> None:
    view = BodyView()
    app = stage(view)
    async with app.run_test(size=(32, 10)) as pilot:
        view.show(body(b"." * 25 + b"needle" + b"\x1b[31mred" + b"-" * 9_000 + b"needle\xff", "text/plain"))
        view.search("NEEDLE")
        await until(pilot, lambda: view.finding == "1 of 2")
        view.action_found(1)
        assert view.finding == "2 of 2"
        await until(pilot, lambda: "needle\\xff" in "".join(app.lines()).replace(" ", ""))
        view.action_search()
        view.search("␛[31m")
        await until(pilot, lambda: view.finding.endswith("1 of 1 · from the top again"))


async def test_a_fold_needs_the_end_of_what_it_folds(stage: Any, until: Any) -> None:
    view = BodyView()
    app = stage(view)
    async with app.run_test(size=(80, 20), notifications=True) as pilot:
        view.show(body(json.dumps([list(range(300_000))]).encode()))
        view.row_opened(0)
        view.action_fold_all(True)
        await until(pilot, lambda: any("Try again in a moment" in line for line in app.lines()))
        view.search("299999")
        assert view.finding == "looking…"
        await until(pilot, lambda: view.finding == "1 of 1")


async def test_a_new_width_leaves_the_cursor_where_it_is_between_folds(stage: Any, until: Any) -> None:
    view = BodyView()
    app = stage(view)
    async with app.run_test(size=(80, 20)) as pilot:
        view.show(body(json.dumps([{"Id": n, "Tags": [n]} for n in range(60)]).encode()))
        view.focus()
        await pilot.press("down", "enter")
        await until(pilot, lambda: "… 2 items" in app.lines()[1])
        view.cursor = 100
        await pilot.resize_terminal(70, 20)
        await until(pilot, lambda: view.row_width < 70)
        await pilot.pause()
        assert view.cursor == 100
        assert view.scroll_offset.y <= 100 < view.scroll_offset.y + view.page_height
