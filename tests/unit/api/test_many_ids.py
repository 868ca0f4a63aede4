"""How many jobs one list request names, and that its address is no longer than old servers take."""

import random
from urllib.parse import unquote

from tui.api.odata import ADDRESS_LIMIT, IDS_PER_REQUEST, address, any_id, fitting
from tui.simulator.filters import parse_filter

BASE = "https://platform.uipath.com/an-account-with-a-long-name/AnInstanceWithALongName"


def test_ids_that_follow_each_other_take_one_condition() -> None:
    assert any_id([7], has_in=False) == "Id eq 7"
    assert any_id([9, 8], has_in=False) == "Id eq 8 or Id eq 9"
    assert any_id([5, 3, 4, 9], has_in=False) == "(Id ge 3 and Id le 5) or Id eq 9"
    assert any_id([5, 3], has_in=True) == "Id in (5,3)"


def test_a_whole_start_of_jobs_fits_where_in_is_unknown() -> None:
    ids = list(range(10_173_064, 10_173_564))
    assert fitting(ids, BASE) == ids[:IDS_PER_REQUEST]


def test_scattered_ids_are_cut_at_the_length_of_the_address() -> None:
    ids = random.Random(7).sample(range(10_000_000, 99_999_999), 500)
    some = fitting(ids, BASE)
    wanted = any_id(some, has_in=False)
    url = address(BASE, "/odata/Jobs", filter=wanted, top=len(some))
    assert len(url) <= ADDRESS_LIMIT
    assert 40 <= len(some) < IDS_PER_REQUEST
    assert some == ids[: len(some)]
    assert unquote(url.partition("$filter=")[2].partition("&")[0]) == wanted
    fits = parse_filter(wanted, ["Id"])
    assert [each for each in ids if fits({"Id": each})] == some


def test_the_condition_is_true_of_these_ids_alone() -> None:
    chance = random.Random(8)
    for _ in range(20):
        ids = chance.sample(range(1, 60), 30)
        fits = parse_filter(any_id(ids, has_in=False), ["Id"])
        assert {each for each in range(70) if fits({"Id": each})} == set(ids)
