"""What the filter offers while it is typed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.exchanges.filter.complete import complete
from tui.exchanges.filter.language import parse
from tui.exchanges.filter.terms import FLAGS, KINDS


def offered(text: str, cursor: int | None = None, **known: list[str]) -> list[str]:
    at = len(text) if cursor is None else cursor
    return [text[: each.start] + each.text + text[each.end :] for each in complete(text, at, known)]


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("me", ["method:"]),
        ("path:jobs st", ["path:jobs status:", "path:jobs step:"]),
        ("method:p", ["method:POST", "method:PUT", "method:PATCH"]),
        ("status:>", ["status:>=400"]),
        ("status:4", ["status:4xx"]),
        ("!fa", ["!failed"]),
        ("(me", ["(method:"]),
        ("slow:", ["slow:>1s", "slow:>200ms", "slow:>5s"]),
        ("step:lo", ["step:robot-logs"]),
        ("method:", ["method:GET"]),
        ("STEP:star", ["STEP:start"]),
    ],
)
def test_it_goes_on_with_what_is_typed(text: str, first: list[str]) -> None:
    assert offered(text)[: len(first)] == first


@pytest.mark.parametrize("text", ["zzz", "unknown:x", 'body:"me', '"a b me', "method:POST", "body:"])
def test_nothing_is_offered_where_nothing_fits(text: str) -> None:
    assert offered(text) == []


def test_everything_is_offered_at_the_beginning_of_a_word() -> None:
    found = offered("method:get ")
    assert found[0] == "method:get method:"
    assert len(found) == 12


def test_a_word_in_the_middle_is_replaced_whole() -> None:
    assert offered("metho path:x", 3) == ["method: path:x"]


def test_values_seen_in_the_log_come_first() -> None:
    assert offered("job:1", job=["10173064", "9"]) == ["job:10173064"]
    assert offered("path:a", path=["a b", "c"]) == ['path:"a b"']


@given(st.text(alphabet=':()"! >=amest4', max_size=20), st.integers(-5, 25))
def test_no_text_breaks_it(text: str, cursor: int) -> None:
    for each in complete(text, cursor):
        assert 0 <= each.start <= each.end <= len(text)


def test_whatever_is_offered_can_be_read() -> None:
    for kind in KINDS.values():
        for text in offered(f"{kind.name}:"):
            parse(text)
    for name in FLAGS:
        parse(name)
