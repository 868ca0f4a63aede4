"""A secret gives its value to nobody by accident."""

from __future__ import annotations

import pickle
import re
from dataclasses import dataclass

import pytest

from tui.secret import Secret, fingerprint

VALUE = "Simulated-User-Key-0123456789"


@dataclass(frozen=True)
class Holder:
    secret: Secret


def test_no_way_of_printing_shows_the_value() -> None:
    secret = Secret(VALUE)
    for shown in (
        str(secret),
        repr(secret),
        f"{secret}",
        f"{secret!r}",
        f"{secret:>40}",
        repr(Holder(secret)),
        f"{[secret]}",
    ):
        assert VALUE not in shown
        assert "…" in shown


def test_the_fingerprint_is_stable_and_short() -> None:
    assert fingerprint(VALUE) == Secret(VALUE).fingerprint
    assert re.fullmatch(r"…[0-9a-f]{4}", fingerprint(VALUE))
    assert fingerprint("\udce4")


def test_secrets_are_equal_by_value_and_empty_ones_are_false() -> None:
    assert Secret(VALUE) == Secret(VALUE)
    assert Secret(VALUE) != VALUE
    assert len({Secret(VALUE), Secret(VALUE)}) == 1
    assert not Secret("")


def test_a_secret_is_not_serialised() -> None:
    with pytest.raises(TypeError):
        pickle.dumps(Secret(VALUE))
