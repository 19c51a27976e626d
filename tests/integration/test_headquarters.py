"""A store follows its headquarters: changes travel, its own fixes stay, nothing bad blocks the rest."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from inventory.db.unit_of_work import Database
from inventory.domain.catalogue import Item
from inventory.services import (
    catalogue,
    conflicts,
    hq_branches,
    hq_inbox,
    hq_intake,
    hq_outbox,
    item_fields,
    quarantine,
    staff,
)
from inventory.services.conflicts import Choice, DecidedError
from inventory.services.item_fields import Origin
from tests.support.chain import HQ_ID, ZONE, Chain, at_price
from tests.support.store_samples import (
    ITEMS,
    MIRROR,
    PEARS,
    RATES,
    SIX_WATERS,
    STORE_ID,
    WATER,
    gtin,
    store_config,
)


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A headquarters with goods and a store that has not heard of them: made once, copied for each test."""
    folder = tmp_path_factory.mktemp("chain")
    database = Database(store_config(folder).database_url.get_secret_value())
    Chain.opened(folder, database).push(*ITEMS)
    database.dispose()
    return folder / "store.db"


@pytest.fixture
def chain(tmp_path: Path, template: Path) -> Iterator[Chain]:
    shutil.copy(template, tmp_path)
    database = Database(store_config(tmp_path).database_url.get_secret_value())
    yield Chain(database, database)
    database.dispose()


def versions(chain: Chain) -> int:
    with chain.store.read() as uow:
        return catalogue.version(uow, STORE_ID)


def decide(chain: Chain, conflict_id: str, choice: Choice) -> None:
    with chain.store.write() as uow:
        conflicts.decide(uow, STORE_ID, conflict_id, choice, who="Ada", now_utc=chain.later())


def proposals(chain: Chain) -> list[hq_inbox.Proposal]:
    """What waits at the store is delivered, and what headquarters has to decide."""
    with chain.store.write() as uow:
        waiting = hq_outbox.waiting(uow, STORE_ID, limit=100)
        for envelope in waiting:
            hq_outbox.settle(uow, STORE_ID, envelope.message_id)
    with chain.hq.write() as uow:
        branch = hq_branches.find(uow, HQ_ID, STORE_ID)
        assert branch is not None
        for envelope in (*waiting, *waiting):
            hq_inbox.receive(uow, HQ_ID, branch, envelope, chain.later())
        return list(hq_inbox.proposals(uow, HQ_ID))


# --- the feed ------------------------------------------------------------------------------------


def test_a_new_store_is_told_everything_and_then_only_what_changes(chain: Chain) -> None:
    assert chain.sync() == 2
    assert chain.items() == {item.gtin: item for item in ITEMS}
    before = versions(chain)
    chain.hq_set(WATER.gtin, price_minor=99)
    page = chain.page()
    assert [event["gtin"] for event in page.events] == [WATER.gtin]
    assert chain.take(page)
    assert chain.item(WATER.gtin) == at_price(WATER, 99)
    assert versions(chain) == before + 1
    with chain.store.read() as uow:
        line = item_fields.of_item(uow, STORE_ID, WATER.gtin)["price_minor"]
    assert (line.who, line.origin) == ("Harriet", Origin.HQ)


def test_what_headquarters_drops_the_store_sells_no_longer(chain: Chain) -> None:
    chain.sync()
    chain.push(dropped=[MIRROR.gtin])
    chain.sync()
    assert chain.item(MIRROR.gtin) is None
    assert chain.conflicts() == ()


def test_a_zone_and_a_store_have_their_own_prices_and_lose_them_again(chain: Chain) -> None:
    chain.sync()
    chain.price(f"zone:{ZONE}", WATER.gtin, 80)
    chain.price("zone:south", WATER.gtin, 1)
    chain.price("store:elsewhere", MIRROR.gtin, 1)
    page = chain.page()
    assert [event["gtin"] for event in page.events] == [WATER.gtin]  # others' prices do not travel
    chain.sync()
    assert chain.items() == {item.gtin: item for item in ITEMS} | {WATER.gtin: at_price(WATER, 80)}
    chain.price(f"store:{STORE_ID}", WATER.gtin, 75)
    chain.sync()
    assert chain.item(WATER.gtin) == at_price(WATER, 75)
    chain.price(f"store:{STORE_ID}", WATER.gtin, None)
    chain.sync()
    assert chain.item(WATER.gtin) == at_price(WATER, 80)
    chain.price(f"zone:{ZONE}", WATER.gtin, None)
    chain.sync()
    assert chain.item(WATER.gtin) == WATER
    assert chain.conflicts() == ()


def test_pages_that_are_lost_repeated_or_out_of_order_do_nothing(chain: Chain) -> None:
    first = chain.page()
    second = chain.page(first.next)
    assert not chain.take(second)
    assert chain.take(first)
    assert not chain.take(first)
    assert chain.take(second)
    assert not chain.take(second)
    assert chain.items() == {item.gtin: item for item in ITEMS}


def test_a_feed_that_reaches_no_longer_back_is_told_whole_and_what_went_meanwhile_goes(chain: Chain) -> None:
    chain.sync()
    position = chain.position()
    chain.push(at_price(WATER, 95), dropped=[PEARS.gtin])
    chain.later(days=50)
    chain.push(at_price(MIRROR, 2100))
    page = chain.page(position)
    assert page.round
    chain.sync()
    assert chain.items() == {
        MIRROR.gtin: at_price(MIRROR, 2100),
        WATER.gtin: at_price(WATER, 95),
        SIX_WATERS.gtin: SIX_WATERS,
    }


def test_a_position_of_another_history_is_told_whole(chain: Chain) -> None:
    chain.sync()
    for position in ("", "v:1:~:other", "v:x:~:y", "s:99:~:z", "nonsense", "v:" + "9" * 50 + ":~:m"):
        page = chain.page(position)
        assert page.position == position
        assert page.round


# --- what the store fixed ------------------------------------------------------------------------


def test_a_price_fixed_in_the_store_is_not_overwritten_and_the_push_makes_a_conflict(chain: Chain) -> None:
    chain.sync()
    chain.fix(WATER.gtin, price_minor=95)
    chain.push(replace(WATER, price_minor=89, names={"en": "Sparkling"}))
    chain.sync()
    mine = chain.item(WATER.gtin)
    assert mine is not None
    assert (mine.price_minor, mine.names) == (95, {"en": "Sparkling"})  # another field is no quarrel
    assert chain.conflicts() == ()
    chain.hq_set(WATER.gtin, price_minor=79)
    chain.sync()
    (conflict,) = chain.conflicts()
    assert (conflict.ours, conflict.ours_who) == ("95", "Ada")
    assert (conflict.theirs, conflict.theirs_who) == ("79", "Harriet")
    assert chain.item(WATER.gtin) == replace(mine, price_minor=95)
    chain.hq_set(WATER.gtin, price_minor=78)
    chain.sync()
    (again,) = chain.conflicts()
    assert (again.conflict_id, again.theirs) == (conflict.conflict_id, "78")


@pytest.mark.parametrize(
    ("choice", "price_minor", "proposed"),
    [(Choice.KEEP, 95, ["95"]), (Choice.TAKE, 79, ["95"]), (Choice.PROPOSE, 95, ["95", "95"])],
)
def test_a_conflict_is_decided_once_and_stays_decided(
    chain: Chain, choice: Choice, price_minor: int, proposed: list[str]
) -> None:
    chain.sync()
    chain.fix(WATER.gtin, price_minor=95)
    chain.hq_set(WATER.gtin, price_minor=79)
    chain.sync()
    (conflict,) = chain.conflicts()
    decide(chain, conflict.conflict_id, choice)
    with pytest.raises(DecidedError):
        decide(chain, conflict.conflict_id, Choice.TAKE)
    chain.push(replace(at_price(WATER, 79), aisle="9"))  # the same price once more
    chain.sync()
    item = chain.item(WATER.gtin)
    assert item is not None
    assert (item.price_minor, item.aisle) == (price_minor, "9")
    assert chain.conflicts() == ()
    with chain.store.read() as uow:
        said = [envelope.message for envelope in hq_outbox.waiting(uow, STORE_ID, limit=9)]
        (line,) = [
            each for each in staff.audit_trail(uow, STORE_ID, limit=9) if each.what == "conflict.decided"
        ]
    assert [message.value for message in said if message.kind == "proposal"] == proposed
    assert (line.who, line.detail.partition(":")[0]) == ("Ada", choice.value)


def test_an_item_the_store_changed_is_not_dropped_without_a_word(chain: Chain) -> None:
    chain.sync()
    chain.fix(MIRROR.gtin, aisle="1")
    chain.push(dropped=[MIRROR.gtin])
    chain.sync()
    (conflict,) = chain.conflicts()
    assert (conflict.field, conflict.theirs) == ("", conflicts.DROPPED)
    assert chain.item(MIRROR.gtin) is not None
    decide(chain, conflict.conflict_id, Choice.TAKE)
    assert chain.item(MIRROR.gtin) is None


def test_what_a_file_changed_in_the_store_is_not_overwritten_either(chain: Chain) -> None:
    chain.sync()
    with chain.store.write() as uow:
        catalogue.replace_items(uow, STORE_ID, [*ITEMS[1:], at_price(MIRROR, 1500)], RATES, chain.later())
    chain.push(replace(MIRROR, aisle="6"))
    chain.sync()
    assert chain.item(MIRROR.gtin) == replace(at_price(MIRROR, 1500), aisle="6")
    chain.push(replace(MIRROR, aisle="6", price_minor=1700))
    chain.sync()
    (conflict,) = chain.conflicts()
    assert (conflict.ours, conflict.ours_who, conflict.theirs) == ("1500", "", "1700")


def test_a_proposal_that_is_accepted_ends_the_quarrel(chain: Chain) -> None:
    chain.sync()
    chain.fix(WATER.gtin, price_minor=95)
    chain.hq_set(WATER.gtin, price_minor=79)
    chain.sync()
    (proposal,) = proposals(chain)
    with chain.hq.write() as uow:
        hq_inbox.accept(
            uow, HQ_ID, proposal.proposal_id, everywhere=False, who="Harriet", now_utc=chain.later()
        )
        assert catalogue.find_item(uow, HQ_ID, WATER.gtin) == at_price(WATER, 79)
    chain.sync()
    assert chain.conflicts() == ()
    assert chain.item(WATER.gtin) == at_price(WATER, 95)
    with chain.store.read() as uow:
        assert item_fields.of_item(uow, STORE_ID, WATER.gtin)["price_minor"].origin is Origin.HQ
    chain.price(f"store:{STORE_ID}", WATER.gtin, 92)
    chain.sync()
    assert chain.item(WATER.gtin) == at_price(WATER, 92)  # no longer the store's own


def test_a_proposal_that_is_refused_comes_back_as_a_conflict(chain: Chain) -> None:
    chain.sync()
    chain.fix(WATER.gtin, price_minor=95)
    (proposal,) = proposals(chain)
    with chain.hq.write() as uow:
        hq_inbox.refuse(uow, HQ_ID, proposal.proposal_id, who="Harriet", now_utc=chain.later())
        with pytest.raises(hq_inbox.NotOpenError):
            hq_inbox.refuse(uow, HQ_ID, proposal.proposal_id, who="Harriet", now_utc=chain.later())
    chain.sync()
    (conflict,) = chain.conflicts()
    assert (conflict.ours, conflict.theirs, conflict.theirs_who) == ("95", "89", "Harriet")
    assert chain.item(WATER.gtin) == at_price(WATER, 95)


# --- what cannot be used -------------------------------------------------------------------------


def spoiled(chain: Chain, **item: Any) -> None:
    """The next page arrives with this in the first event's item."""
    page = chain.page()
    first = {**page.events[0], "item": {**(page.events[0]["item"] or {}), **item}}
    assert chain.take(page.model_copy(update={"events": (first, *page.events[1:])}))


@pytest.mark.parametrize(
    "item",
    [
        {"price_minor": -1},
        {"price_minor": "1e1000000"},
        {"price_minor": None},
        {"currency": "USD"},
        {"tax_class": "unheard"},
        {"gtin": gtin(77)},
        {"names": {}},
        {"sold_by": "hope"},
        {"names": {"en": "a\0b"}},
    ],
)
def test_one_bad_event_is_put_aside_and_those_behind_it_are_used(chain: Chain, item: dict[str, Any]) -> None:
    chain.sync()
    chain.push(at_price(MIRROR, 1), at_price(WATER, 2))
    spoiled(chain, **item)
    assert chain.item(MIRROR.gtin) == MIRROR
    assert chain.item(WATER.gtin) == at_price(WATER, 2)
    (aside,) = chain.aside()
    assert aside.gtin == MIRROR.gtin
    assert aside.reason
    chain.push(at_price(MIRROR, 3))  # a newer one overtakes it
    chain.sync()
    assert chain.item(MIRROR.gtin) == at_price(MIRROR, 3)
    assert chain.aside() == ()


@pytest.mark.parametrize("event", [None, 7, "x", [], {}, {"gtin": "1"}, {"event_id": "\0"}])
def test_an_event_that_cannot_be_read_is_put_aside_until_somebody_drops_it(chain: Chain, event: Any) -> None:
    chain.sync()
    chain.push(at_price(WATER, 2))
    page = chain.page()
    assert chain.take(page.model_copy(update={"events": (event, *page.events)}))
    assert chain.item(WATER.gtin) == at_price(WATER, 2)
    (aside,) = chain.aside()
    with chain.store.write() as uow:
        assert hq_intake.retry(uow, STORE_ID, chain.later()) == 1
        assert quarantine.drop(uow, STORE_ID, aside.event_id, who="Ada", now_utc=chain.later())
        assert not quarantine.drop(uow, STORE_ID, aside.event_id, who="Ada", now_utc=chain.later())
    assert chain.aside() == ()


def test_what_was_put_aside_is_used_as_soon_as_it_can_be(chain: Chain) -> None:
    chain.sync()
    local = Item(gtin(50), "LOCAL", {"en": "Local bun"}, 50, "EUR", "reduced", plu="7777")
    with chain.store.write() as uow:
        catalogue.change_items(uow, STORE_ID, put=[local], now_utc=chain.later())
    chain.push(replace(PEARS, plu="7777"))
    chain.sync()
    assert [each.reason for each in chain.aside()] == [f"plu 7777 belongs to {local.gtin} already."]
    with chain.store.write() as uow:
        catalogue.change_items(uow, STORE_ID, dropped=[local.gtin], now_utc=chain.later())
        assert hq_intake.retry(uow, STORE_ID, chain.later()) == 0
    assert chain.item(PEARS.gtin) == replace(PEARS, plu="7777")


def test_two_items_may_change_their_short_numbers_over(chain: Chain) -> None:
    chain.push(replace(WATER, plu="4001"), replace(PEARS, plu="4002"))
    chain.limit = 10
    chain.sync()
    chain.push(replace(WATER, plu="4002"), replace(PEARS, plu="4001"))
    chain.sync()
    assert chain.item(WATER.gtin) == replace(WATER, plu="4002")
    assert chain.item(PEARS.gtin) == replace(PEARS, plu="4001")
    assert chain.aside() == ()
