"""Owns a player of random days in a stockroom: whatever happens, in whatever order, sent however often.

It must not know which engine it plays on. It keeps a plain sum of its own and compares the store's with it.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from hypothesis import strategies as st

from inventory.db.unit_of_work import Database, UnitOfWork
from inventory.domain.catalogue import Item
from inventory.domain.documents import Document, Kind
from inventory.domain.places import BACKROOM, SHELF, Place
from inventory.services import counts, documents, late_sales, receiving, sales, shelves, stock
from inventory.services.counts import Scope
from inventory.wire import SaleMessage
from tests.support.store_samples import (
    MIRROR,
    NOW,
    SIX_WATERS,
    STORE_ID,
    WATER,
    body_of,
    line_of,
    sale_message,
)

LOTS = (Place(), Place(SHELF, "L1", date(2026, 6, 1)), Place(SHELF, "L2", date(2026, 5, 20)))


@dataclass(frozen=True, slots=True)
class Happening:
    """One thing done to the stock; the same `number` again is the same thing sent again."""

    what: str
    number: int
    item: Item
    pieces: int
    location: str
    lot: int


happenings = st.lists(
    st.builds(
        Happening,
        what=st.sampled_from(["sale", "delivery", "move", "waste", "count", "correct", "settle", "late"]),
        number=st.integers(0, 5),
        item=st.sampled_from([MIRROR, WATER, SIX_WATERS]),
        pieces=st.integers(0, 9),
        location=st.sampled_from([SHELF, BACKROOM]),
        lot=st.integers(0, 2),
    ),
    max_size=12,
)


@dataclass
class Play:
    """Plays happenings on a store and knows what must be on hand afterwards."""

    database: Database
    now_utc: datetime = NOW
    expected_milli: defaultdict[str, int] = field(default_factory=lambda: defaultdict(int))
    done: set[tuple[str, int]] = field(default_factory=set)
    sold: dict[str, SaleMessage] = field(default_factory=dict)
    day: int = 0

    def run(self, happened: list[Happening]) -> None:
        """Plays one more day on the same store; ids of other days do not come again."""
        self.day += 1
        self.done.clear()
        for each in happened:
            self.now_utc += timedelta(minutes=1)
            with self.database.write() as uow:
                self._do(uow, each)
            self.check()

    def check(self) -> None:
        with self.database.read() as uow:
            assert stock.audit(uow, STORE_ID) == []
            assert shelves.audit(uow, STORE_ID) == []
            gtins = [MIRROR.gtin, WATER.gtin]
            placed: defaultdict[str, int] = defaultdict(int)
            for each in shelves.lying(uow, STORE_ID, gtins):
                placed[each.gtin] += each.quantity_milli
            for gtin in gtins:
                found = stock.on_hand(uow, STORE_ID, gtin)
                assert found is not None
                assert found.on_hand_milli == placed[gtin] == self.expected_milli[gtin]

    def _do(self, uow: UnitOfWork, each: Happening) -> None:
        is_new = (each.what, each.number) not in self.done
        self.done.add((each.what, each.number))
        gtin, units = each.item.booked_as
        milli = each.pieces * units * 1000
        match each.what:
            case "sale" if each.pieces:
                self._sell(uow, each)
                if is_new:
                    self.expected_milli[gtin] -= milli
            case "settle":
                shelves.settle(uow, STORE_ID, who="night", now_utc=self.now_utc)
            case "late":
                late_sales.give_back(uow, STORE_ID, now_utc=self.now_utc)
            case "count":
                self._count(uow, each, gtin, is_new=is_new)
            case "delivery" | "move" | "waste" | "correct" as what:
                kind = Kind.CORRECTION if what == "correct" else Kind(what)
                goods = [(each.item.gtin, LOTS[each.lot].at(each.location), each.pieces * 1000)]
                receiving.record(uow, STORE_ID, self._paper(each, kind), goods)
                sign = {"delivery": 1, "move": 0, "waste": -1, "correct": 1}[what]
                self.expected_milli[gtin] += sign * milli if is_new else 0
            case _:
                self.done.discard((each.what, each.number))

    def _sell(self, uow: UnitOfWork, each: Happening) -> None:
        fresh = sale_message(
            line_of(each.item, each.pieces * 1000),
            sale_id=f"s{self.day}-{each.number}",
            receipt_no=each.number,
            paid_at_utc=self.now_utc,
        )
        message = self.sold.setdefault(fresh.sale.sale_id, fresh)
        sales.record(uow, STORE_ID, message, body_of(message), self.now_utc)

    def _count(self, uow: UnitOfWork, each: Happening, gtin: str, *, is_new: bool) -> None:
        paper = self._paper(each, Kind.COUNT)
        if is_new:
            counts.open_count(uow, STORE_ID, paper, Scope(gtins=(gtin,)))
            place = Place(each.location)
            booked = shelves.at(uow, STORE_ID, gtin, place)
            found_milli = each.pieces * 1000
            counts.count_line(
                uow,
                STORE_ID,
                paper.document_id,
                gtin,
                found_milli,
                place=place,
                who="Ada",
                now_utc=self.now_utc,
            )
            self.expected_milli[gtin] += found_milli - booked
        documents.post(uow, STORE_ID, paper.document_id, who="Ada", now_utc=self.now_utc)

    def _paper(self, each: Happening, kind: Kind) -> Document:
        to_location = BACKROOM if each.location == SHELF else SHELF
        return Document(
            f"{each.what}-{self.day}-{each.number}",
            kind,
            "play",
            "Ada",
            self.now_utc,
            each.location,
            to_location=to_location,
        )
