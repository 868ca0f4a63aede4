"""The detail of an exchange: sections, pretty and raw, large and broken bodies, copying."""

import json
from typing import Any

import pytest

from tui.exchanges.model import Body, Entry, Purpose, Timing
from tui.widgets.body.body_view import BodyView
from tui.widgets.body.exchange_head import exchange_note
from tui.widgets.log.exchange_view import ExchangeView, SectionBar


def body(data: bytes, kind: str = "application/json", **changes: Any) -> Body:
    return Body(data, changes.pop("size", len(data)), kind, **changes)


async def test_it_says_what_was_answered_and_what_for(stage: Any, make_exchange: Any) -> None:
    exchange = make_exchange(1, response_body=body(b'{"value":[1]}'))
    app = stage(ExchangeView(exchange))
    async with app.run_test(size=(80, 20)) as pilot:
        await pilot.pause()
        shown = app.lines()
        assert shown[0] == " GET …/odata/Releases  ✓ 200 OK  91 ms"
        assert shown[1].startswith(" Lists the releases")
        assert [line.strip() for line in shown[3:12]] == [
            *("HTTP/1.1 200 OK", "Content-Type: application/json", "", "{", '"value": [', "1", "]", "}", ""),
        ]


async def test_sections_change_by_key_and_by_click(stage: Any, make_exchange: Any, until: Any) -> None:
    timing = Timing(connect=0.02, tls=0.03, send=0.001, wait=0.2, receive=0.01, total=0.261)
    exchange = make_exchange(1, method="POST", request_body=body(b'{"a":1}'), timing=timing)
    view = ExchangeView(exchange)
    app = stage(view)
    async with app.run_test(size=(80, 24)) as pilot:
        view.focus_section()
        await pilot.press("left")
        await until(pilot, lambda: any('"a": 1' in line for line in app.lines()))
        assert any("POST https://cloud.uipath.com/acme" in line for line in app.lines())
        await pilot.press("left")
        await until(pilot, lambda: any(line.startswith(" wait") and "200 ms  " in line for line in app.lines()))
        assert view.timing.has_focus
        await pilot.press("right")
        assert view.section == "Request"
        await pilot.click(SectionBar, offset=(16, 0))
        assert view.section == "Response"


async def test_pretty_and_raw(stage: Any, make_exchange: Any, until: Any) -> None:
    view = ExchangeView(make_exchange(1, response_body=body(b'{"a":  1.50,"b":"\xc3\xa9"}')))
    app = stage(view)
    async with app.run_test(size=(80, 20)) as pilot:
        view.focus_section()
        await until(pilot, lambda: '   "a": 1.50,' in app.lines())
        await pilot.press("p")
        await until(pilot, lambda: ' {"a":  1.50,"b":"é"}' in app.lines())


@pytest.mark.parametrize(
    ("made", "sentence"),
    [
        (body(b""), "The answer has no body."),
        (body(b"", size=4_700), "The body (4.7 kB) was not kept."),
        (
            body(b'{"a":[1,', size=31_200_000, truncated=True),
            "Cut: the first 8 B of 31.2 MB were kept. To have it whole, copy the call (c)",
        ),
        (body(b'{"a" 1}'), "Not valid JSON at byte 2: expected a key. Shown raw."),
        (body(b"<b>[bold]</b>", "text/html"), "<b>[bold]</b>"),
        (body(b"a=1&b=%C3%A9", "application/x-www-form-urlencoded"), "b=é"),
        (body(b"[1]", ""), "  1"),
    ],
)
async def test_bodies_of_every_sort(stage: Any, make_exchange: Any, until: Any, made: Body, sentence: str) -> None:
    app = stage(ExchangeView(make_exchange(1, response_body=made)))
    async with app.run_test(size=(80, 20)) as pilot:
        await until(pilot, lambda: any(line[1:] == sentence for line in app.lines()))


async def test_what_gave_way_says_so_and_what_keeps_it(stage: Any, make_exchange: Any, until: Any) -> None:
    bare = Entry.of(make_exchange(1, response_body=body(b'{"value":[1]}'))).bare()
    app = stage(ExchangeView(bare))
    async with app.run_test(size=(120, 20)) as pilot:
        await until(pilot, lambda: any("bodies of this call are gone: they gave way" in line for line in app.lines()))
        assert "setting log = “on”" in " ".join(line.strip() for line in app.lines())
        assert not any("was not kept" in line for line in app.lines())


def test_only_a_question_is_offered_to_be_asked_elsewhere(make_exchange: Any) -> None:
    cut = body(b'{"a":[1,', size=31_200_000, truncated=True)
    asked = exchange_note(make_exchange(1, response_body=cut), asked=False)
    started = exchange_note(make_exchange(1, method="POST", response_body=cut), asked=False)
    assert asked.startswith(started)
    assert "copy the call" not in started


async def test_no_answer_says_why(stage: Any, make_exchange: Any, until: Any) -> None:
    exchange = make_exchange(1, status=None, error="the connection was closed.", purpose=Purpose.START, attempt=2)
    app = stage(ExchangeView(exchange))
    async with app.run_test(size=(80, 20)) as pilot:
        await until(pilot, lambda: " No answer. The connection was closed." in app.lines())
        assert "✘ no answer" in app.lines()[0]
        assert app.lines()[0].endswith("try 2")
        assert not any("no body" in line for line in app.lines())


async def test_a_large_body_shows_its_first_page_at_once_and_the_rest_soon(stage: Any, until: Any) -> None:
    data = json.dumps([{"Id": n, "Name": f"Process {n}"} for n in range(30_000)]).encode()
    view = BodyView()
    app = stage(view)
    async with app.run_test(size=(80, 20)) as pilot:
        view.show(body(data))
        assert not view.complete
        await pilot.pause()
        assert app.lines()[2].strip() == '"Id": 0,'
        view.focus()
        await until(pilot, lambda: view.complete and view.virtual_size.height == 120_002)
        await pilot.press("end")
        await until(pilot, lambda: app.lines()[-1].strip() == "]")


async def test_a_large_body_that_breaks_late_falls_back_to_raw(stage: Any, until: Any) -> None:
    data = json.dumps(list(range(20_000))).encode()[:-1]
    view = BodyView()
    app = stage(view)
    async with app.run_test(size=(80, 20)) as pilot:
        view.show(body(data))
        await until(pilot, lambda: app.lines()[0].startswith(" Not valid JSON at byte") and view.complete)
        assert app.lines()[1].startswith(" [0, 1, 2")


async def test_another_body_ends_the_reading_of_the_first(stage: Any, until: Any) -> None:
    view = BodyView()
    app = stage(view)
    async with app.run_test(size=(80, 20)) as pilot:
        view.show(body(json.dumps(list(range(400_000))).encode()))
        view.show(body(b"{}"))
        await app.workers.wait_for_complete()
        await pilot.pause()
        assert view.row_count == view.virtual_size.height == 1


async def test_rows_wrap_anew_when_the_width_changes(stage: Any, until: Any) -> None:
    view = BodyView()
    app = stage(view)
    async with app.run_test(size=(80, 20)) as pilot:
        view.show(body(b"x" * 300, "text/plain"))
        await until(pilot, lambda: view.row_count == 4)
        await pilot.resize_terminal(40, 20)
        await until(pilot, lambda: view.row_count == 9)


async def test_the_body_is_copied_as_received(
    stage: Any, make_exchange: Any, until: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    view = ExchangeView(make_exchange(1, response_body=body(b'{"a":"\x1b]0;x\xff"}')))
    app = stage(view)
    sent: list[str] = []
    monkeypatch.setattr("tui.widgets.copying.copy", lambda text, **_: sent.append(text) or "Copied")
    async with app.run_test(size=(80, 20)) as pilot:
        view.focus_section()
        await pilot.press("y")
        await until(pilot, lambda: sent == ['{"a":"\x1b]0;x\\xff"}'])


async def test_a_selection_leaves_out_the_breaks_of_wrapping(stage: Any, until: Any) -> None:
    view = BodyView()
    app = stage(view)
    async with app.run_test(size=(30, 10)) as pilot:
        view.show(body(b"0123456789" * 5 + b"\nsecond", "text/plain"))
        await until(pilot, lambda: view.row_count == 3)
        view.text_select_all()
        assert app.screen.get_selected_text() == "0123456789" * 5 + "\nsecond"


async def test_nothing_to_show_says_what_to_do(stage: Any) -> None:
    app = stage(ExchangeView())
    async with app.run_test(size=(80, 20)):
        assert app.lines()[0] == " Pick a call in the log to see what was said."
