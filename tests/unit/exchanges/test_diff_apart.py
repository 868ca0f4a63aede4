"""Bodies compared in a process of their own: the same answer, an end on request, and what happens without a process."""

import io
import json
import sys
import threading
import time
from typing import cast

import psutil
import pytest

from tui.exchanges.diff.apart import LARGE, Comparing, StoppedError, answer_to
from tui.exchanges.diff.bodies import compared_bodies

NUMBERS = b"[" + b"1," * LARGE + b"1]"
OTHER = b"[" + b"1," * LARGE + b"2]"


def test_the_answer_is_the_same_as_in_this_process() -> None:
    surrogate = json.dumps({"value": ["\ud800", "x" * LARGE]}).encode()
    for before, now, cut in (
        (NUMBERS, OTHER, False),
        (surrogate, b"{}", False),
        (b"<html>\n" * LARGE, b"<html>\n" * LARGE + b"\xff", True),
        (b"[" + b"1," * 5_000 + b"1" * LARGE + b"]", b"[]", False),
    ):
        assert Comparing()(before, now, cut) == compared_bodies(before, now, cut)


def test_small_bodies_start_no_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    assert Comparing()(b"[1]", b"[2]", False).found == [("~", "[0]", "1", "2")]


@pytest.mark.parametrize("executable", ["/nowhere/python", "/bin/false"])
def test_without_a_process_it_is_compared_here(monkeypatch: pytest.MonkeyPatch, executable: str) -> None:
    monkeypatch.setattr(sys, "executable", executable)
    assert len(Comparing()(NUMBERS, OTHER, False).found) == 1


def children() -> list[psutil.Process]:
    return [each for each in psutil.Process().children() if "exchanges.diff.apart" in " ".join(each.cmdline())]


def test_stopping_ends_the_process_and_the_wait() -> None:
    comparing, ended = Comparing(), list[str]()
    large = b"[" + b"[1,2]," * 2_000_000 + b"1]"

    def work() -> None:
        try:
            comparing(large, large[:-2] + b"2]", False)
        except StoppedError:
            ended.append("stopped")

    thread = threading.Thread(target=work)
    thread.start()
    deadline = time.monotonic() + 20
    while not children() and time.monotonic() < deadline:
        time.sleep(0.01)
    assert children()
    comparing.stop()
    thread.join(20)
    assert ended == ["stopped"]
    assert not children()
    with pytest.raises(StoppedError):
        comparing(large, NUMBERS, False)


def test_what_the_process_reads_and_writes() -> None:
    told = io.BytesIO()
    answer_to(io.BytesIO(b"3 3 0\n[1][2]"), told)
    assert cast("list[object]", json.loads(told.getvalue())) == [[["~", "[0]", "1", "2"]], 0, ""]
