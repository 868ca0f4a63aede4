"""A secret in twenty places of real traffic is in none of six outlets: twelve characters of it in no encoding."""

import asyncio
import html
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import pytest
from textual.app import App, ComposeResult
from textual.pilot import Pilot

from tests.e2e.leaks.placements import KINDS, PLACEMENTS, Placed
from tests.e2e.leaks.sweeper import sweeper
from tests.unit.api.raw_servers import QUICK, Request, Writer, connected, serving
from tui.api.connection import Call
from tui.errors import UiPathTuiError
from tui.exchanges.kept.store import ExchangeStore
from tui.exchanges.log import ExchangeLog
from tui.exchanges.model import Exchange
from tui.exchanges.share.asked import asked_exchange
from tui.exchanges.share.copy_as import FORMS, copy_as
from tui.exchanges.share.export import FORMATS, export_to
from tui.exchanges.share.jsonl import as_line, writing
from tui.system.clipboard import sequence
from tui.system.defect import report_defect
from tui.widgets.guard import TerminalGuard
from tui.widgets.log.exchange_view import SECTIONS, ExchangeView
from tui.widgets.log.log_panel import LogPanel

OUTLETS = ("screen", "disk log", "export", "clipboard", "screenshot", "crash")


class Screens(App[None]):
    """The log and one of its calls, as the session shows them."""

    def __init__(self, log: ExchangeLog) -> None:
        super().__init__()
        self.shown = log

    def get_line_filters(self):
        return [*super().get_line_filters(), TerminalGuard()]

    def compose(self) -> ComposeResult:
        yield LogPanel(self.shown)
        yield ExchangeView(self.shown[-1])

    def text(self) -> str:
        strips = self.screen._compositor.render_strips(self.size)
        return "\n".join(strip.text.rstrip() for strip in strips)


@asynccontextmanager
async def said(kind: str, placement: str, path: Path) -> AsyncIterator[tuple[ExchangeLog, Placed, list[str]]]:
    """Make the call over real HTTP, its log written to ``path``; also yield what a person is told of a failure."""
    secret = KINDS[kind]
    placed = PLACEMENTS[placement](secret)

    async def respond(writer: Writer, _: Request) -> None:
        writer.write(placed.answer)
        await writer.drain()
        writer.close()

    told: list[str] = []
    async with serving(respond) as server, connected(server.url, limits=QUICK) as (_, connection, _clock):
        # As a session does with each secret that it comes to use.
        connection.redactor.learn(secret)
        call = Call(
            method="GET" if placed.body is None else "POST",
            url=f"{server.url}{placed.path}",
            purpose=placed.purpose,
            doing="look",
            headers=dict(placed.headers),
            body=placed.body,
            deadline=5.0,
            body_limit=placed.limit,
        )
        kept = path.with_name("kept.sqlite")
        kept.touch()
        store = ExchangeStore.open(kept, version="0", profile="p", complain=pytest.fail)
        assert store is not None
        connection.log.attach(store)
        with writing(str(path), connection.log, told.append):
            try:
                answer = await connection.send(call)
            except UiPathTuiError as error:
                told.append(str(error.failure))
            else:
                told.append(repr(answer.headers) + ("" if answer.status == 200 else repr(answer.content)))
        yield connection.log, placed, told
        connection.log.close()


def on_the_disk(log: ExchangeLog, folder: Path) -> str:
    """Return both logs as they lie there, and what stands compressed in the kept one."""
    assert log.keeper is not None
    kept = log.keeper.exchange(1)
    assert kept is not None
    files = [file.read_bytes().decode("latin-1") for file in sorted(folder.iterdir())]
    assert len(files) >= 2
    return "\n".join([*files, as_line(kept)])


async def on_the_screen(pilot: Pilot[None], app: Screens) -> tuple[str, str]:
    view = app.query_one(ExchangeView)
    texts: list[str] = []
    pictures: list[str] = []
    for section in SECTIONS:
        view.section = section
        for pretty in (True, False):
            view.pretty = pretty
            await pilot.pause()
            texts.append(app.text())
            pictures.append(app.export_screenshot())
    return "\n".join(texts), "\n".join(pictures)


def exported(log: ExchangeLog, folder: Path) -> str:
    texts: list[str] = []
    for form in FORMATS:
        path = folder / f"out.{form}"
        export_to(str(path), log, form, replace=True)
        texts.append(path.read_bytes().decode("latin-1"))
    return "\n".join(texts)


def copied(exchange: Exchange) -> str:
    texts = [copy_as(asked_exchange(exchange), form).text for form in FORMS]
    bodies = [exchange.request_body.data.decode("latin-1"), exchange.response_body.data.decode("latin-1")]
    return "\n".join([*texts, *bodies, *(sequence(text.encode(), {}) for text in texts)])


def crashed(placed: Placed, secret: str) -> str:
    """Return the report of a defect in the middle of a call: its variables hold the secret, its message the answer."""
    local = {"secret": secret, "placed": placed}
    try:
        try:
            raise ValueError("no row there", len(local))
        except ValueError as error:
            raise RuntimeError(f"unexpected {placed.answer[:20]!r} at {placed.purpose}") from error
    except RuntimeError as error:
        return report_defect(error)


async def outlets(kind: str, placement: str, folder: Path) -> dict[str, str]:
    path = folder / "log.jsonl"
    async with said(kind, placement, path) as (log, placed, told):
        assert len(log) == 1
        disk = on_the_disk(log, folder)
        app = Screens(log)
        async with app.run_test(size=(160, 50)) as pilot:
            text, picture = await on_the_screen(pilot, app)
        return {
            "screen": "\n".join([text, *told]),
            "disk log": disk,
            "export": exported(log, folder),
            "clipboard": copied(log[0]),
            "screenshot": picture + html.unescape(picture),
            "crash": crashed(placed, KINDS[kind]),
        }


async def check(kind: str, placement: str, folder: Path) -> list[str]:
    looking = sweeper([KINDS[kind]])
    found = await outlets(kind, placement, folder)
    assert set(found) == set(OUTLETS)
    assert all(len(text) > 100 for text in found.values())
    return [f"{kind}, {placement}, {leak}" for outlet, text in found.items() for leak in looking.leaks(outlet, text)]


def test_there_are_840_cases() -> None:
    assert len(KINDS) * len(PLACEMENTS) * len(OUTLETS) == 840


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("placement", PLACEMENTS)
def test_each_secret_does_stand_in_each_place(kind: str, placement: str) -> None:
    placed = PLACEMENTS[placement](KINDS[kind])
    traffic = [placed.path, repr(placed.headers), (placed.body or b"").decode(), placed.answer.decode()]
    for every in (traffic, [html.unescape(part).replace("\\\\", "\\") for part in traffic]):
        with suppress(AssertionError):
            assert sweeper([KINDS[kind]]).leaks("traffic", "\n".join(every)) != []
            return
    pytest.fail("the secret is not there")


def _sample() -> list[tuple[str, str]]:
    kinds = list(KINDS)
    sample = [(kinds[place % len(kinds)], name) for place, name in enumerate(PLACEMENTS)]
    # Letters beyond ASCII are written in most ways.
    return [*sample, *(("password", name) for name in ("answered header", "reason", "cut by the wire"))]


@pytest.mark.parametrize(("kind", "placement"), _sample())
async def test_a_secret_is_in_no_outlet(kind: str, placement: str, tmp_path: Path) -> None:
    assert await asyncio.wait_for(check(kind, placement, tmp_path), 60) == []


@pytest.mark.full
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("placement", PLACEMENTS)
async def test_every_secret_is_in_no_outlet(kind: str, placement: str, tmp_path: Path) -> None:
    assert await asyncio.wait_for(check(kind, placement, tmp_path), 60) == []
