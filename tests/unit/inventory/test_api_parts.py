"""The small parts of the API: digests of requests, cursors, what an item must be like, what a lane types."""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inventory.services.once import fingerprint
from inventory.web.cursors import cursor_of_key, cursor_of_moment, key_of, moment_of
from inventory.web.problems import Problem
from kiosk.enrolment import read_invitation

PRINTABLE = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), max_size=60)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=8,
)


@given(JSON, JSON)
def test_two_bodies_have_one_digest_exactly_when_they_are_the_same_json(one: object, other: object) -> None:
    loose = json.dumps(one, indent=2, ensure_ascii=False).encode("utf-8", "surrogatepass")
    digest = fingerprint("PUT /x", json.dumps(one).encode())
    if b"\xed" not in loose:  # a lone surrogate cannot be sent as UTF-8
        assert fingerprint("PUT /x", loose) == digest
    same = json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True)
    assert (fingerprint("PUT /x", json.dumps(other).encode()) == digest) == same
    assert fingerprint("PUT /y", json.dumps(one).encode()) != digest


@given(PRINTABLE, st.datetimes(timezones=st.just(UTC)))
def test_a_cursor_leads_back_to_its_place(key: str, at_utc: datetime) -> None:
    assert key_of(cursor_of_key(key)) == key
    assert moment_of(cursor_of_moment(at_utc, key)) == (at_utc, key)


@given(st.text(max_size=40))
def test_no_text_breaks_the_reading_of_a_cursor(text: str) -> None:
    for read in (key_of, moment_of):
        with suppress(Problem):
            read(text)


@given(st.integers(0, 99_999_999), st.sampled_from(["", " ", "-", "."]))
def test_a_code_may_be_typed_in_any_grouping(number: int, between: str) -> None:
    digits = f"{number:08}"
    assert read_invitation(f" {digits[:4]}{between}{digits[4:]}\n").code == digits


@pytest.mark.parametrize("cursor", [cursor_of_moment(datetime(2026, 1, 1, tzinfo=UTC), "x"), "%%%", "bnVsbA"])
def test_a_cursor_of_another_list_is_refused(cursor: str) -> None:
    with pytest.raises(Problem):
        key_of(cursor)
