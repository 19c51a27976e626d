"""Owns a headquarters and one of its stores for tests, both in one database, spoken to without a network.

It must not check anything; tests do.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from pydantic import SecretStr

from inventory.config import BranchConfig, HeadquartersConfig, StoreConfig
from inventory.db.unit_of_work import Database
from inventory.domain.catalogue import Item
from inventory.hq_wire import HqPage
from inventory.opening import prepare
from inventory.services import catalogue, hq_branches, hq_feed, hq_intake, item_fields
from inventory.services.conflicts import Conflict, open_conflicts
from inventory.services.item_fields import Origin
from inventory.services.quarantine import Quarantined, waiting
from tests.support.store_samples import NOW, RATES, STORE_ID, store_config

HQ_ID = "chain"
BRANCH_TOKEN = "branch-token-of-tests-0000001"
ZONE = "north"


def hq_config(
    folder: Path, *, name: str = "store.db", hq_id: str = HQ_ID, store_id: str = STORE_ID
) -> StoreConfig:
    return store_config(folder).model_copy(
        update={
            "store_id": hq_id,
            "name": "Headquarters",
            "lanes": {},
            "database_url": SecretStr(f"sqlite:///{folder / name}"),
            "branches": {store_id: BranchConfig(token=SecretStr(BRANCH_TOKEN), zone=ZONE)},
        }
    )


def branch_config(
    folder: Path, *, name: str = "store.db", url: str = "http://127.0.0.1", store_id: str = STORE_ID
) -> StoreConfig:
    headquarters = HeadquartersConfig(url=url, token=SecretStr(BRANCH_TOKEN), every_s=1)
    database_url = SecretStr(f"sqlite:///{folder / name}")
    return store_config(folder).model_copy(
        update={"store_id": store_id, "headquarters": headquarters, "database_url": database_url}
    )


@dataclass
class Chain:
    """`at` is the clock of both, a minute later at each deed."""

    hq: Database
    store: Database
    at: datetime = NOW
    limit: int = 2

    hq_id: str = HQ_ID
    store_id: str = STORE_ID
    zone: str = ZONE

    @classmethod
    def opened(
        cls, folder: Path, database: Database, *, hq_id: str = HQ_ID, store_id: str = STORE_ID
    ) -> Chain:
        prepare(hq_config(folder, hq_id=hq_id, store_id=store_id), database, NOW)
        prepare(branch_config(folder, store_id=store_id), database, NOW)
        return cls(database, database, hq_id=hq_id, store_id=store_id)

    def later(self, **step: int) -> datetime:
        self.at += timedelta(**(step or {"minutes": 1}))
        return self.at

    # -- headquarters ----------------------------------------------------------------------------

    def push(self, *put: Item, dropped: Iterable[str] = ()) -> int:
        with self.hq.write() as uow:
            return catalogue.change_items(uow, self.hq_id, put=put, dropped=dropped, now_utc=self.later())

    def hq_set(self, gtin: str, **values: object) -> int:
        with self.hq.write() as uow:
            return item_fields.set_fields(
                uow, self.hq_id, gtin, values, origin=Origin.HQ, who="Harriet", now_utc=self.later()
            )

    def price(self, scope: str, gtin: str, price_minor: int | None) -> int:
        with self.hq.write() as uow:
            return hq_branches.set_prices(
                uow, self.hq_id, scope, {gtin: price_minor}, who="Harriet", now_utc=self.later()
            )

    def page(self, position: str | None = None) -> HqPage:
        """What headquarters answers the store now."""
        with self.hq.read() as uow:
            branch = hq_branches.find(uow, self.hq_id, self.store_id)
            assert branch is not None
            asked = self.position() if position is None else position
            return hq_feed.page(uow, self.hq_id, branch, asked, limit=self.limit)

    # -- the store -------------------------------------------------------------------------------

    def position(self) -> str:
        with self.store.read() as uow:
            line = hq_intake.place(uow, self.store_id)
            assert line is not None
            return line

    def take(self, page: HqPage) -> bool:
        with self.store.write() as uow:
            return hq_intake.apply_page(uow, self.store_id, page, self.later())

    def take_and(self, page: HqPage, then: Callable[[], None]) -> bool:
        """Takes a page and does something before the commit."""
        with self.store.write() as uow:
            taken = hq_intake.apply_page(uow, self.store_id, page, self.later())
            then()
            return taken

    def sync(self) -> int:
        """Page after page until there is no more; answers how many."""
        for count in range(1, 200):
            page = self.page()
            assert self.take(page)
            if not page.behind:
                return count
        raise AssertionError("headquarters never comes to an end")

    def fix(self, gtin: str, **values: object) -> int:
        with self.store.write() as uow:
            return item_fields.set_fields(
                uow, self.store_id, gtin, values, origin=Origin.STORE, who="Ada", now_utc=self.later()
            )

    def item(self, gtin: str) -> Item | None:
        with self.store.read() as uow:
            return catalogue.find_item(uow, self.store_id, gtin)

    def items(self) -> dict[str, Item]:
        with self.store.read() as uow:
            return {item.gtin: item for item in catalogue.current(uow, self.store_id).items}

    def conflicts(self) -> tuple[Conflict, ...]:
        with self.store.read() as uow:
            return open_conflicts(uow, self.store_id)

    def aside(self) -> tuple[Quarantined, ...]:
        with self.store.read() as uow:
            return waiting(uow, self.store_id)


def at_price(item: Item, price_minor: int) -> Item:
    return replace(item, price_minor=price_minor)


__all__ = ["HQ_ID", "RATES", "Chain", "at_price", "branch_config", "hq_config"]
