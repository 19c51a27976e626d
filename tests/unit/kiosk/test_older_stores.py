"""A lane says nothing a store of an older version would refuse."""

from __future__ import annotations

import httpx
import pytest

from inventory.domain.help_desk import HelpReason, HelpState
from inventory.wire import KNOWS_HEADER, KNOWS_MODES, KNOWS_SHELF, HeldMessage, HelpMessage, LaneStateMessage
from kiosk.older_stores import StoreKnowledge
from tests.support.lane_fakes import MILK, NOON

STATE = LaneStateMessage(
    lane_id="lane-1",
    screen="basket",
    language="it",
    currency="EUR",
    total_minor=129,
    at_utc=NOON,
    held=(HeldMessage(gtin=MILK.gtin, quantity_milli=1000),),
    modes=("speak",),
)
CALL = HelpMessage(
    help_id="shelf-1",
    lane_id="lane-1",
    state=HelpState.REQUESTED,
    reason=HelpReason.SHELF_EMPTY,
    requested_at_utc=NOON,
    gtin=MILK.gtin,
)


def answered(*, knows: bool, status: int = 200, kind: str = "application/json") -> httpx.Response:
    words = {KNOWS_HEADER: f"{KNOWS_SHELF} {KNOWS_MODES}"} if knows else {}
    return httpx.Response(status, headers={"content-type": kind, **words}, content=b"{}")


def test_a_store_that_has_not_said_so_is_told_neither_of_baskets_nor_of_goods_of_a_call() -> None:
    store = StoreKnowledge()
    for message in (STATE, CALL):
        said = store.fit(message).model_dump_json()
        assert MILK.gtin not in said
        assert "held" not in said
        assert "modes" not in said
        assert "gtin" not in said


def test_a_store_that_has_said_so_is_told_all() -> None:
    store = StoreKnowledge()
    store.hear(answered(knows=True))
    assert (store.fit(STATE), store.fit(CALL)) == (STATE, CALL)


@pytest.mark.parametrize(("status", "kind"), [(503, "application/json"), (200, "text/html"), (204, "")])
def test_an_answer_that_is_no_message_says_nothing_of_it(status: int, kind: str) -> None:
    store = StoreKnowledge()
    store.hear(answered(knows=True))
    store.hear(answered(knows=False, status=status, kind=kind))
    assert store.fit(STATE) is STATE
    store.hear(answered(knows=False))
    assert store.fit(STATE) != STATE
