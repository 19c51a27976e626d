"""The journal's letters: every event comes back exactly, and nothing else is taken for one."""

from __future__ import annotations

from dataclasses import fields
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk import inputs
from kiosk.checkout import messages as m
from kiosk.checkout.journaled import JOURNALED
from kiosk.journal import GENESIS, Entry, JournalError
from tests.support.lane_fakes import NOON, Walk

EVENTS: tuple[type, ...] = get_args(m.Event)

text = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
st.register_type_strategy(str, text)
st.register_type_strategy(float, st.floats(allow_nan=False, allow_infinity=False))


def entry(kind: str, body: str) -> Entry:
    return Entry(7, NOON, "boot", 1.0, kind, body, GENESIS, GENESIS)


@pytest.mark.parametrize("kind", EVENTS, ids=lambda kind: kind.__name__)
@settings(max_examples=30, deadline=None)
@given(data=st.data())
def test_every_event_comes_back_from_its_json_exactly(kind: type, data: st.DataObject) -> None:
    event = data.draw(st.from_type(kind))
    back = inputs.decode(entry(inputs.kind_of(event), inputs.encode(event)))
    assert back == event
    assert type(back) is type(event)


def test_no_two_events_share_a_name() -> None:
    names = [kind.__name__ for kind in EVENTS]
    assert len(names) == len(set(names))


def test_an_event_this_program_does_not_know_stops_the_replay() -> None:
    with pytest.raises(JournalError, match="entry 7: Refunded is not an event"):
        inputs.decode(entry("Refunded", "{}"))


@pytest.mark.parametrize("body", ["", "{}", "[]", "null", '{"line":3}', '{"line"', "\x00"])
def test_a_body_that_does_not_fit_names_its_entry(body: str) -> None:
    with pytest.raises(JournalError, match="entry 7: ItemScanned does not fit"):
        inputs.decode(entry("ItemScanned", body))


@given(kind=st.sampled_from([kind.__name__ for kind in EVENTS]), body=st.text(max_size=60))
def test_any_text_is_an_event_or_a_journal_error(kind: str, body: str) -> None:
    try:
        event = inputs.decode(entry(kind, body))
    except JournalError:
        return
    assert inputs.kind_of(event) == kind


def test_i11_no_journaled_field_is_made_for_a_card_number() -> None:
    named = {field.name for kind in JOURNALED for field in fields(kind)}
    assert not named & {"pan", "card_number", "track", "cvc"}


def test_a_sale_comes_back_from_the_outbox_exactly() -> None:
    sale = Walk().know_terminal().scan().pay().authorise().complete().state.sale
    assert sale is not None
    assert inputs.decode_sale(inputs.encode_sale(sale)) == sale
