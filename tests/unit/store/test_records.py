"""A sign-in as text and back, and what a damaged or newer text is said to be, without a word of its secrets."""

from __future__ import annotations

import json
import traceback
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.api.sign_in.token_set import Application, Login, SignInRecord, Tokens
from tui.errors import Exit
from tui.secret import Secret
from tui.store.errors import StoreError
from tui.store.records import as_text, from_text

HIDDEN = "fake-refresh-token-0123456789"
RECORD = SignInRecord(
    "external application",
    Tokens(Secret("fake-access"), Secret("fake-id"), Secret(HIDDEN), datetime(2026, 11, 24, 10, 0, tzinfo=UTC)),
    Application("fake-client", Secret("fake-client-secret"), "OR.Jobs OR.Execution"),
    Login("someone", Secret("fake-password"), "Default"),
    own_grant=True,
)
texts = st.text(st.characters(exclude_categories=())) | st.text()
secrets = texts.map(Secret)
moments = st.datetimes(timezones=st.sampled_from([UTC, timezone(timedelta(hours=-5, minutes=30))]))
records = st.builds(
    SignInRecord,
    kind=texts,
    tokens=st.builds(Tokens, secrets, secrets, secrets, st.none() | moments),
    application=st.builds(Application, texts, secrets, texts),
    login=st.none() | st.builds(Login, texts, secrets, texts),
    own_grant=st.booleans(),
)


@given(records)
def test_every_sign_in_comes_back_as_it_was(record: SignInRecord) -> None:
    text = as_text(record)
    assert text.reveal().isascii()
    assert "\n" not in text.reveal()
    assert from_text(text, "here") == record


def changed(**values: Any) -> Secret:
    return Secret(json.dumps({**json.loads(as_text(RECORD).reveal()), **values}))


def test_unknown_names_are_ignored_and_missing_ones_are_empty() -> None:
    assert from_text(changed(colour="red"), "here") == RECORD
    least = from_text(Secret('{"version": 1, "kind": "user key", "tokens": {"access": "a"}}'), "here")
    assert least == SignInRecord("user key", Tokens(Secret("a")))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (Secret(f'{{"tokens": {{"refresh": "{HIDDEN}'), "it is not JSON"),
        (Secret("[" * 200_000 + HIDDEN), "it is not JSON"),
        (Secret(f'["{HIDDEN}"]'), "the record is not an object"),
        (Secret('{"tokens": {}}'), "it has no version"),
        (changed(version="1"), "it has no version"),
        (changed(version=True), "it has no version"),
        (changed(tokens=HIDDEN), "tokens is not an object"),
        (changed(tokens={"access": [HIDDEN]}), "access is not text"),
        (changed(tokens={"expires_at": HIDDEN}), "expires_at is not a time"),
        (changed(tokens={"expires_at": 5}), "expires_at is not a time"),
        (changed(tokens={"expires_at": "2026-11-24T10:00:00"}), "expires_at has no time zone"),
        (changed(login=[HIDDEN]), "login is not an object"),
        (changed(kind=None), "kind is not text"),
        (changed(version=2), "newer version"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_damaged_one_is_explained_without_its_secrets(text: Secret, said: str) -> None:
    with pytest.raises(StoreError, match=said) as caught:
        from_text(text, "in the file x")
    assert "in the file x" in caught.value.failure.cause
    assert caught.value.failure.exit is Exit.SIGN_IN
    assert HIDDEN not in "".join(traceback.format_exception(caught.value))
    assert HIDDEN not in str(caught.value)
