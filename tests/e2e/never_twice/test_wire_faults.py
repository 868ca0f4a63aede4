"""No wire fault makes a double start, a lost job, or a “started” without proof: counted at the server.

37 faults × two generations × alone or beside another operator × directly or through a proxy that reads along: 296;
and 74 of 2019 in which an input argument carries the mark.
"""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.e2e.clients.tls_front import tls_front
from tests.e2e.network.mitm import mitm
from tests.e2e.never_twice.dispatcher import Dispatcher
from tests.e2e.never_twice.faults import FAULTS
from tests.e2e.never_twice.wire_case import Ended, cases, run_all, through
from tui.flow import states as st

SAMPLE = ("abort", "done, 502", "dropped", "late", "409", "429 first")
GENERATIONS = pytest.mark.parametrize("today", [False, True], ids=["2019", "today"])


def none_bad(ended: list[Ended]) -> None:
    """Nothing that must not happen has happened; says how the cases ended."""
    tally = Counter(
        each.state.intent.state if isinstance(each.state, st.StartUnresolved) else type(each.state).__name__
        for each in ended
    )
    print(f"{len(ended)} cases: {dict(tally)}")
    assert [bad for each in ended for bad in each.bad] == []


def test_there_are_37_faults() -> None:
    assert len(FAULTS) == 37


@GENERATIONS
async def test_a_sample_of_faults(today: bool, tmp_path: Path) -> None:
    none_bad(await run_all(cases(today=today, faults=SAMPLE), tmp_path))


async def test_a_sample_of_faults_where_an_argument_carries_the_mark(tmp_path: Path) -> None:
    none_bad(await run_all(cases(today=False, faults=SAMPLE, marked=True), tmp_path))


@pytest.mark.full
@pytest.mark.timeout(600)
async def test_every_fault_where_an_argument_carries_the_mark(tmp_path: Path) -> None:
    none_bad(await run_all(cases(today=False, marked=True), tmp_path))


@pytest.mark.full
@pytest.mark.timeout(600)
@GENERATIONS
async def test_every_fault_directly(today: bool, tmp_path: Path) -> None:
    none_bad(await run_all(cases(today=today), tmp_path))


@pytest.fixture
def between(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Dispatcher]:
    """Give a proxy that reads along, and what leads from it to the front of each case."""
    names = [f"case-{number}.test" for number in range(2 * len(FAULTS))]
    dispatcher = Dispatcher(names)
    with (
        dispatcher.serving() as port,
        tls_front(port, tmp_path, *names) as (secure, authority),
        mitm(tmp_path, secure, authority, "walker:word", seconds=500) as proxy,
    ):
        monkeypatch.setenv("HTTPS_PROXY", f"http://walker:word@127.0.0.1:{proxy.port}")
        monkeypatch.setenv("SSL_CERT_FILE", str(proxy.authority))
        assert urlsplit(f"http://127.0.0.1:{proxy.port}").port
        yield dispatcher


@pytest.mark.full
@pytest.mark.timeout(600)
@GENERATIONS
async def test_every_fault_through_a_proxy(today: bool, tmp_path: Path, between: Dispatcher) -> None:
    none_bad(await run_all(through(cases(today=today), between.address), tmp_path / "cases"))
