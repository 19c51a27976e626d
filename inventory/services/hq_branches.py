"""Owns the branches of a headquarters: their keys, their zones, and the prices that are theirs alone.

It must not know what a branch does with a price. A price of a zone or a branch is an exception to the item's
own; a table of every price in every store is never made.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, select, update
from sqlmodel import col

from inventory.db.hq_table import BranchPriceRow, BranchRow
from inventory.db.repositories import ITEM, put, write_audit
from inventory.db.tables import StoreTable
from inventory.db.unit_of_work import UnitOfWork
from inventory.services import catalogue_feed
from inventory.services.item_list import naming
from inventory.services.listing import By, Field, Kind, Listing, Order

_BRANCHES = select(
    col(BranchRow.branch_id), col(BranchRow.zone), col(BranchRow.behind), col(BranchRow.seen_at_utc)
)
_PRICE: Any = StoreTable.metadata.tables["branch_price"]
_PRICES = select(
    col(BranchPriceRow.scope),
    col(BranchPriceRow.gtin),
    col(BranchPriceRow.price_minor),
    col(BranchPriceRow.who),
    col(BranchPriceRow.at_utc),
)


@dataclass(frozen=True, slots=True)
class BranchPrice:
    """A price in one zone or one branch."""

    scope: str
    gtin: str
    price_minor: int
    who: str
    at_utc: datetime


@dataclass(frozen=True, slots=True)
class Branch:
    """A store of this headquarters. `behind` is how many items it had not been told at its last question."""

    branch_id: str
    zone: str = ""
    behind: int = 0
    seen_at_utc: datetime | None = None

    @property
    def scopes(self) -> tuple[str, ...]:
        """Whose prices are its: the later wins."""
        zone = (f"zone:{self.zone}",) if self.zone else ()
        return (*zone, f"store:{self.branch_id}")


def enrol(uow: UnitOfWork, hq_id: str, branch_id: str, *, token: str, zone: str) -> None:
    """Lets a branch in with this token; one it had before is no longer good."""
    known = find(uow, hq_id, branch_id)
    row = BranchRow(
        store_id=hq_id,
        branch_id=branch_id,
        zone=zone,
        token_hash=_hash(token),
        behind=known.behind if known else 0,
        seen_at_utc=known.seen_at_utc if known else None,
    )
    put(uow.session, row)


def retire(uow: UnitOfWork, hq_id: str, *, keep: Iterable[str]) -> None:
    """Locks out all branches but these."""
    others = (col(BranchRow.store_id) == hq_id, col(BranchRow.branch_id).not_in(list(keep)))
    uow.session.connection().execute(delete(BranchRow).where(*others))


def authenticate(uow: UnitOfWork, hq_id: str, token: str) -> Branch | None:
    """The branch that this token belongs to, or None."""
    return _branch(uow, col(BranchRow.store_id) == hq_id, col(BranchRow.token_hash) == _hash(token))


def find(uow: UnitOfWork, hq_id: str, branch_id: str) -> Branch | None:
    """The branch of this id, or None."""
    return _branch(uow, col(BranchRow.store_id) == hq_id, col(BranchRow.branch_id) == branch_id)


def branches(uow: UnitOfWork, hq_id: str) -> tuple[Branch, ...]:
    """All branches by id."""
    of_hq = _BRANCHES.where(col(BranchRow.store_id) == hq_id).order_by(col(BranchRow.branch_id))
    rows = uow.session.connection().execute(of_hq)
    return tuple(Branch(*row) for row in rows)


def seen(uow: UnitOfWork, hq_id: str, branch_id: str, *, behind: int, now_utc: datetime) -> None:
    """Notes that a branch has asked, and how much it has not heard yet."""
    row = (col(BranchRow.store_id) == hq_id, col(BranchRow.branch_id) == branch_id)
    uow.session.connection().execute(update(BranchRow).where(*row).values(behind=behind, seen_at_utc=now_utc))


def set_prices(
    uow: UnitOfWork,
    hq_id: str,
    scope: str,
    prices: Mapping[str, int | None],
    *,
    who: str,
    now_utc: datetime,
) -> int:
    """Gives items (by GTIN) another price in `zone:…` or `store:…`; None takes it back. Answers the version.

    Raises ValueError for a price that is none.
    """
    connection = uow.session.connection()
    for gtin, price_minor in sorted(prices.items()):
        if price_minor is not None and not 0 < price_minor <= 2**53:
            raise ValueError(f"{price_minor} is no price.")
        here = (
            col(BranchPriceRow.store_id) == hq_id,
            col(BranchPriceRow.scope) == scope,
            col(BranchPriceRow.gtin) == gtin,
        )
        connection.execute(delete(BranchPriceRow).where(*here))
        if price_minor is not None:
            row = BranchPriceRow(
                store_id=hq_id, scope=scope, gtin=gtin, price_minor=price_minor, who=who, at_utc=now_utc
            )
            put(uow.session, row)
    version = catalogue_feed.add_scoped(uow, hq_id, scope, sorted(prices), kind="put", now_utc=now_utc)
    detail = f"{scope}: {', '.join(f'{gtin} {price}' for gtin, price in sorted(prices.items()))}"
    write_audit(uow.session, hq_id, who=who, what="branch.prices", detail=detail[:4000], at_utc=now_utc)
    return version


def prices_of(uow: UnitOfWork, hq_id: str, branch: Branch, gtins: Sequence[str]) -> dict[str, BranchPrice]:
    """The exceptions that hold for a branch, by GTIN: its own before its zone's."""
    exceptions = _PRICES.where(
        col(BranchPriceRow.store_id) == hq_id,
        col(BranchPriceRow.scope).in_(branch.scopes),
        col(BranchPriceRow.gtin).in_(list(gtins)),
    )
    found = [BranchPrice(*row) for row in uow.session.connection().execute(exceptions)]
    return {each.gtin: each for each in sorted(found, key=lambda each: branch.scopes.index(each.scope))}


def price_at(uow: UnitOfWork, hq_id: str, scope: str, gtin: str) -> BranchPrice | None:
    """The exception of an item in exactly this zone or branch, or None."""
    exception = _PRICES.where(
        col(BranchPriceRow.store_id) == hq_id,
        col(BranchPriceRow.scope) == scope,
        col(BranchPriceRow.gtin) == gtin,
    )
    row = uow.session.connection().execute(exception).first()
    return BranchPrice(*row) if row is not None else None


def scopes(uow: UnitOfWork, hq_id: str) -> tuple[str, ...]:
    """Where a price can be set: every zone that has a branch, then every branch."""
    known = branches(uow, hq_id)
    zones = sorted({f"zone:{branch.zone}" for branch in known if branch.zone})
    return (*zones, *(f"store:{branch.branch_id}" for branch in known))


@cache
def price_list(language: str) -> Listing:
    """Every exception, the last set first, with its item's name and the item's own price, `usual`."""
    return Listing(
        source=_PRICE.outerjoin(
            ITEM, and_(ITEM.c.store_id == _PRICE.c.store_id, ITEM.c.gtin == _PRICE.c.gtin)
        ),
        scope=_PRICE.c.store_id,
        key=(_PRICE.c.gtin, _PRICE.c.scope),
        fields=(
            *naming(language, store_id=_PRICE.c.store_id, gtin=_PRICE.c.gtin),
            Field("scope", _PRICE.c.scope, filter=By.VALUE),
            Field("price", _PRICE.c.price_minor, Kind.MONEY, filter=By.RANGE),
            Field("usual", ITEM.c.price_minor, Kind.MONEY, is_nullable=True),
            Field("at", _PRICE.c.at_utc, Kind.MOMENT),
            Field("who", _PRICE.c.who),
            Field("gtin", _PRICE.c.gtin, is_sortable=False),
            Field("sold_by", ITEM.c.sold_by, is_sortable=False),
        ),
        default=Order("at", is_down=True),
    )


def _branch(uow: UnitOfWork, *where: ColumnElement[bool]) -> Branch | None:
    row = uow.session.connection().execute(_BRANCHES.where(*where)).first()
    return Branch(*row) if row is not None else None


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
