"""The console's page of the exchange: lag, backlog, conflicts decided, what was put aside dropped."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from inventory.domain.catalogue import Item
from inventory.hq_wire import BranchEnvelope, FieldMark, HqEvent, HqPage, ProposalMessage
from inventory.services import catalogue, hq_branches, hq_inbox, hq_intake, hq_outbox, item_fields, staff
from inventory.services.conflicts import open_conflicts
from inventory.services.item_fields import Origin
from inventory.services.quarantine import waiting
from tests.support.web_store import MILK, STORE, StoreInTest, item

PAGE = "/manager/exchange"
BASE = item(MILK, "Whole milk 1 L")


def words(text: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", text).split()).replace(" ,", ",")


def tell(store: StoreInTest, position: str, after: str, goods: Item, *more: object) -> None:
    """A page of headquarters arrives."""
    mark = FieldMark(who="Harriet", at_utc=store.clock())
    event = HqEvent(
        event_id=f"{after}:{goods.gtin}",
        gtin=goods.gtin,
        item=item_fields.plain_item(goods),
        at_utc=store.clock(),
        fields={"price_minor": mark},
    )
    events = (event.model_dump(mode="json"), *more)
    page = HqPage(position=position, next=after, behind=4, events=events)
    with store.database.write() as uow:
        assert hq_intake.apply_page(uow, STORE, page, store.clock())


@pytest.fixture
def disputed(store: StoreInTest) -> StoreInTest:
    """Ada fixed the price of milk, then headquarters sent another."""
    with store.database.write() as uow:
        hq_outbox.open_line(uow, STORE)
    tell(store, "", "1", BASE)
    with store.database.write() as uow:
        item_fields.set_fields(
            uow, STORE, MILK, {"price_minor": 145}, origin=Origin.STORE, who="Ada", now_utc=store.clock()
        )
    tell(store, "1", "2", replace(BASE, price_minor=119))
    return store


def price(store: StoreInTest) -> int:
    with store.database.read() as uow:
        found = catalogue.find_item(uow, STORE, MILK)
    assert found is not None
    return found.price_minor


def test_a_conflict_shows_both_values_who_and_when(disputed: StoreInTest) -> None:
    text = words(disputed.signed_in("Ada").get(PAGE).text)
    assert "Conflicts 1" in text
    assert "Whole milk 1 L Price In this store €1.45 Ada, 21 Nov 2026 13:00" in text
    assert "Headquarters €1.19 Harriet, 21 Nov 2026 13:00" in text
    assert "To be received 4" in text
    assert "To be sent 1" in text  # Ada's proposal
    assert price(disputed) == 145


@pytest.mark.parametrize(("choice", "price_minor"), [("keep", 145), ("take", 119), ("propose", 145)])
def test_a_decision_is_carried_out_once_and_stands_in_the_trail(
    disputed: StoreInTest, choice: str, price_minor: int
) -> None:
    ada = disputed.signed_in("Ada")
    with disputed.database.read() as uow:
        (conflict,) = open_conflicts(uow, STORE)
    path = f"{PAGE}/conflicts/{conflict.conflict_id}"
    assert ada.submit(path, page=PAGE, choice="nonsense").status_code == 303
    assert ada.submit(path, page=PAGE, choice=choice).status_code == 303
    again = ada.submit(path, page="/manager/staff", choice="take")
    assert again.status_code == 409
    assert "Somebody has decided this already." in again.text
    assert price(disputed) == price_minor
    with disputed.database.read() as uow:
        trail = [(each.who, each.what) for each in staff.audit_trail(uow, STORE, limit=9)]
        assert open_conflicts(uow, STORE) == ()
    assert ("Ada", "conflict.decided") in trail
    assert "Nothing is disputed." in ada.get(PAGE).text


def test_only_managers_see_and_decide(disputed: StoreInTest) -> None:
    marco = disputed.signed_in("Marco")
    assert marco.get(PAGE).status_code == 403
    sent = marco.submit(f"{PAGE}/conflicts/x", page="/staff", choice="take")
    assert sent.status_code == 403
    assert price(disputed) == 145


def test_what_was_put_aside_is_shown_tried_again_and_dropped(store: StoreInTest) -> None:
    with store.database.write() as uow:
        hq_outbox.open_line(uow, STORE)
    evil = {
        "event_id": "9:9",
        "gtin": "04006381333931",
        "item": {"names": {"en": "<script>alert(1)</script>"}},
    }
    tell(store, "", "1", BASE, evil | {"at_utc": store.clock().isoformat()}, {"gtin": "<b>"})
    ada = store.signed_in("Ada")
    text = ada.get(PAGE).text
    assert "Put aside" in text
    assert "04006381333931" in text
    assert "<script>alert" not in text
    with store.database.read() as uow:
        ids = [each.event_id for each in waiting(uow, STORE)]
    assert len(ids) == 2
    for event_id in ids:
        assert ada.submit(f"{PAGE}/aside/{event_id}", page=PAGE, action="retry").status_code == 303
    with store.database.read() as uow:
        assert len(waiting(uow, STORE)) == 2
    for event_id in ids:
        assert ada.submit(f"{PAGE}/aside/{event_id}", page=PAGE, action="drop").status_code == 303
    assert "Put aside" not in ada.get(PAGE).text


@pytest.mark.parametrize(
    ("choice", "master_minor", "own_minor"),
    [("here", 129, 135), ("everywhere", 135, None), ("refuse", 129, None)],
)
def test_headquarters_answers_a_proposal(
    store: StoreInTest, choice: str, master_minor: int, own_minor: int | None
) -> None:
    with store.database.write() as uow:
        hq_branches.enrol(uow, STORE, "harbour", token="token-of-the-harbour-0001", zone="coast")
        branch = hq_branches.find(uow, STORE, "harbour")
        assert branch is not None
        proposal = ProposalMessage(
            gtin=MILK, field="price_minor", value="135", who="Ben", at_utc=store.clock()
        )
        envelope = BranchEnvelope(message_id="m1", message=proposal)
        assert hq_inbox.receive(uow, STORE, branch, envelope, store.clock())
    ada = store.signed_in("Ada")
    assert "Whole milk 1 L Price €1.35" in words(ada.get(PAGE).text)
    path = f"{PAGE}/proposals/harbour:m1"
    assert ada.submit(path, page=PAGE, choice=choice).status_code == 303
    assert ada.submit(path, page="/manager/staff", choice=choice).status_code == 409
    assert price(store) == master_minor
    with store.database.read() as uow:
        own = hq_branches.prices_of(uow, STORE, branch, [MILK]).get(MILK)
    assert (own.price_minor if own else None) == own_minor


def test_a_store_alone_sees_its_lanes_backlog(store: StoreInTest) -> None:
    store.report("lane-1", "basket")
    text = words(store.signed_in("Ada").get(PAGE).text)
    assert "This store follows no headquarters." in text
    assert "Sales waiting" in text
    assert "Conflicts" not in text
