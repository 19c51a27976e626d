"""Owns the lists about stock for people: what lies where, what expires, what is low, papers and their lines.

It must not know pages. Figures are as booked: lots that sales have emptied leave at the next upkeep.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    FromClause,
    and_,
    case,
    func,
    literal,
    select,
    union,
    union_all,
)
from sqlalchemy import cast as sql_cast

from inventory.db.bundle_levels import is_bundle
from inventory.db.ledger_table import BundlePartRow, ReorderRow, StockDocumentLineRow, StockDocumentRow
from inventory.db.repositories import ITEM, ON_HAND, STOCK_AT
from inventory.db.shelf_table import ShelfRuleRow
from inventory.db.tables import StoreTable
from inventory.domain.availability import DEFAULT_RULE
from inventory.domain.documents import Kind as PaperKind
from inventory.domain.documents import State
from inventory.domain.places import SHELF
from inventory.domain.reordering import WEEKS
from inventory.services.item_list import DEPARTMENT, naming
from inventory.services.listing import By, Field, Kind, Listing, Order
from inventory.services.reorder import LOOK_BACK, sold_since

_tables = StoreTable.metadata.tables
PAPER = _tables[str(StockDocumentRow.__tablename__)]
LINE = _tables[str(StockDocumentLineRow.__tablename__)]
BUNDLE_PART = _tables[str(BundlePartRow.__tablename__)]
RULE = _tables[str(ReorderRow.__tablename__)]
SHELF_RULE = _tables[str(ShelfRuleRow.__tablename__)]
SHELF_CHOICE = "shelf"
"""How a filter names the shelf, whose own code is empty."""


def places(language: str) -> Listing:
    """Everything that lies anywhere, by location, lot and expiry; the plain shelf is what is left over."""
    lying = _lying()
    return Listing(
        source=_with_item(lying, lying.c.store_id, lying.c.gtin),
        scope=lying.c.store_id,
        key=(lying.c.gtin, lying.c.location, lying.c.lot, lying.c.expires_on),
        fields=(
            *naming(language, store_id=lying.c.store_id, gtin=lying.c.gtin),
            _location(lying.c.location),
            Field("quantity", lying.c.quantity_milli, Kind.QUANTITY, filter=By.RANGE),
            Field("lot", lying.c.lot, filter=By.PART),
            Field("expires", lying.c.expires_on, Kind.DAY, filter=By.RANGE),
            Field("department", DEPARTMENT, filter=By.VALUE),
            *_hidden(gtin=lying.c.gtin, aisle=ITEM.c.aisle, bay=ITEM.c.bay, sold_by=ITEM.c.sold_by),
        ),
        where=(lying.c.quantity_milli != 0,),
        default=Order("name"),
    )


def expiry(language: str) -> Listing:
    """Lots with a date that are still there, the soonest first: the order in which they should leave."""
    return Listing(
        source=_with_item(STOCK_AT, STOCK_AT.c.store_id, STOCK_AT.c.gtin),
        scope=STOCK_AT.c.store_id,
        key=(STOCK_AT.c.gtin, STOCK_AT.c.location, STOCK_AT.c.lot),
        fields=(
            *naming(language, store_id=STOCK_AT.c.store_id, gtin=STOCK_AT.c.gtin),
            Field("expires", STOCK_AT.c.expires_on, Kind.DAY, filter=By.RANGE),
            Field("quantity", STOCK_AT.c.quantity_milli, Kind.QUANTITY),
            _location(STOCK_AT.c.location),
            Field("lot", STOCK_AT.c.lot, filter=By.PART),
            Field("department", DEPARTMENT, filter=By.VALUE),
            *_hidden(gtin=STOCK_AT.c.gtin, aisle=ITEM.c.aisle, bay=ITEM.c.bay, sold_by=ITEM.c.sold_by),
        ),
        where=(STOCK_AT.c.expires_on != "", STOCK_AT.c.quantity_milli > 0),
        default=Order("expires"),
    )


def low_stock(language: str, store_id: str, now_utc: datetime) -> Listing:
    """Every single item with its rule, what is there, what comes, what a week sells, and what to order."""
    sold = sold_since(store_id, now_utc - LOOK_BACK)
    coming = _coming(store_id)
    there = sql_cast(func.coalesce(ON_HAND.c.on_hand_milli, 0), BigInteger)
    expected = func.coalesce(coming.c.milli, 0)
    is_low = and_(RULE.c.gtin.is_not(None), there + expected <= RULE.c.point_milli)
    state = case((is_low, literal("low")), (RULE.c.gtin.is_(None), literal("none")), else_=literal("well"))
    source = (
        ITEM.outerjoin(ON_HAND, and_(ON_HAND.c.store_id == ITEM.c.store_id, ON_HAND.c.gtin == ITEM.c.gtin))
        .outerjoin(RULE, and_(RULE.c.store_id == ITEM.c.store_id, RULE.c.gtin == ITEM.c.gtin))
        .outerjoin(sold, sold.c.gtin == ITEM.c.gtin)
        .outerjoin(coming, coming.c.gtin == ITEM.c.gtin)
    )
    return Listing(
        source=source,
        scope=ITEM.c.store_id,
        key=(ITEM.c.gtin,),
        fields=(
            *naming(language),
            Field("state", state, filter=By.VALUE),
            Field("on_hand", there, Kind.QUANTITY, filter=By.RANGE),
            Field("coming", expected, Kind.QUANTITY),
            Field("point", RULE.c.point_milli, Kind.QUANTITY, is_nullable=True),
            Field("target", RULE.c.target_milli, Kind.QUANTITY, is_nullable=True),
            Field("weekly", func.coalesce(sold.c.sold_milli, 0) // WEEKS, Kind.QUANTITY),
            Field("order", case((is_low, RULE.c.target_milli - there - expected), else_=0), Kind.QUANTITY),
            Field("department", DEPARTMENT, filter=By.VALUE),
            *_hidden(gtin=ITEM.c.gtin, sold_by=ITEM.c.sold_by),
        ),
        where=(_is_single(),),
        default=Order("order", is_down=True),
    )


def papers(kinds: Sequence[PaperKind]) -> Listing:
    """Papers of these kinds: the open ones first, then the newest."""
    lines = (
        select(func.count())
        .where(LINE.c.store_id == PAPER.c.store_id, LINE.c.document_id == PAPER.c.document_id)
        .correlate(PAPER)
        .scalar_subquery()
    )
    return Listing(
        source=PAPER,
        scope=PAPER.c.store_id,
        key=(PAPER.c.document_id,),
        fields=(
            Field("title", PAPER.c.title, filter=By.PART),
            Field("number", PAPER.c.paper_number, filter=By.PART),
            Field("expected", PAPER.c.expected_on, Kind.DAY, filter=By.RANGE),
            Field("kind", PAPER.c.kind, filter=By.VALUE if len(kinds) > 1 else By.NOTHING),
            Field("state", PAPER.c.state, filter=By.VALUE),
            Field("lines", lines, Kind.NUMBER),
            Field("partner", PAPER.c.partner, filter=By.PART),
            Field("made", PAPER.c.made_at_utc, Kind.MOMENT, filter=By.RANGE),
            Field("made_by", PAPER.c.made_by),
            Field("posted", PAPER.c.posted_at_utc, Kind.MOMENT, is_nullable=True),
            *_hidden(document_id=PAPER.c.document_id),
        ),
        where=(PAPER.c.kind.in_([kind.value for kind in kinds]),),
        default=Order("made", is_down=True),
        default_order=(
            case((PAPER.c.state == State.OPEN.value, 0), else_=1),
            PAPER.c.made_at_utc.desc(),
            PAPER.c.document_id,
        ),
    )


def lines_of(document_id: str, language: str) -> Listing:
    """The lines of one paper, by aisle, so that they can be walked."""
    difference = LINE.c.quantity_milli - LINE.c.expected_milli
    return Listing(
        source=_with_item(LINE, LINE.c.store_id, LINE.c.gtin),
        scope=LINE.c.store_id,
        key=(LINE.c.line_id,),
        fields=(
            *naming(language, store_id=LINE.c.store_id, gtin=LINE.c.gtin),
            Field("gtin", LINE.c.gtin),
            Field("location", LINE.c.location),
            Field("lot", LINE.c.lot),
            Field("expires", LINE.c.expires_on, Kind.DAY),
            Field("expected", LINE.c.expected_milli, Kind.QUANTITY, is_nullable=True),
            Field("quantity", LINE.c.quantity_milli, Kind.QUANTITY, is_nullable=True),
            Field("difference", difference, Kind.QUANTITY, is_nullable=True),
            Field("value", _value(difference), Kind.MONEY, is_nullable=True),
            Field("actor", LINE.c.actor),
            Field("at", LINE.c.at_utc, Kind.MOMENT, is_nullable=True),
            *_hidden(
                line_id=LINE.c.line_id,
                aisle=ITEM.c.aisle,
                bay=ITEM.c.bay,
                sold_by=ITEM.c.sold_by,
                currency=ITEM.c.currency,
            ),
        ),
        where=(LINE.c.document_id == document_id,),
        default=Order("location"),
        default_order=(ITEM.c.aisle, ITEM.c.bay, LINE.c.gtin, LINE.c.line_id),
    )


def booked_lines(kinds: Sequence[PaperKind], language: str) -> Listing:
    """The lines of posted papers of these kinds with why and by whom, the newest first."""
    papers_of = LINE.join(
        PAPER, and_(PAPER.c.store_id == LINE.c.store_id, PAPER.c.document_id == LINE.c.document_id)
    )
    return Listing(
        source=_with_item(papers_of, LINE.c.store_id, LINE.c.gtin),
        scope=PAPER.c.store_id,
        key=(LINE.c.document_id, LINE.c.line_id),
        fields=(
            *naming(language, store_id=LINE.c.store_id, gtin=LINE.c.gtin),
            Field("at", PAPER.c.made_at_utc, Kind.MOMENT, filter=By.RANGE),
            Field("kind", PAPER.c.kind, filter=By.VALUE if len(kinds) > 1 else By.NOTHING),
            Field("quantity", LINE.c.quantity_milli, Kind.QUANTITY),
            Field("value", _value(LINE.c.quantity_milli), Kind.MONEY, is_nullable=True),
            Field("location", LINE.c.location),
            Field("to_location", PAPER.c.to_location),
            Field("lot", LINE.c.lot),
            Field("why", PAPER.c.why, filter=By.PART),
            Field("actor", PAPER.c.made_by, filter=By.PART),
            *_hidden(gtin=LINE.c.gtin, sold_by=ITEM.c.sold_by, currency=ITEM.c.currency),
        ),
        where=(
            PAPER.c.kind.in_([kind.value for kind in kinds]),
            PAPER.c.state == State.POSTED.value,
        ),
        default=Order("at", is_down=True),
    )


def bundle_parts(language: str) -> Listing:
    """Every bundle with each of its parts; `sold_by` is the part's."""
    parted = ITEM.alias("part")
    source = BUNDLE_PART.outerjoin(
        ITEM, and_(ITEM.c.store_id == BUNDLE_PART.c.store_id, ITEM.c.gtin == BUNDLE_PART.c.bundle_gtin)
    ).outerjoin(
        parted, and_(parted.c.store_id == BUNDLE_PART.c.store_id, parted.c.gtin == BUNDLE_PART.c.gtin)
    )
    _, part = naming(language, store_id=BUNDLE_PART.c.store_id, gtin=BUNDLE_PART.c.gtin)
    return Listing(
        source=source,
        scope=BUNDLE_PART.c.store_id,
        key=(BUNDLE_PART.c.bundle_gtin, BUNDLE_PART.c.gtin),
        fields=(
            *naming(language, store_id=BUNDLE_PART.c.store_id, gtin=BUNDLE_PART.c.bundle_gtin),
            replace(part, key="part"),
            Field("quantity", BUNDLE_PART.c.quantity_milli, Kind.QUANTITY),
            *_hidden(gtin=BUNDLE_PART.c.bundle_gtin, part_gtin=BUNDLE_PART.c.gtin, sold_by=parted.c.sold_by),
        ),
        default=Order("name"),
    )


def shelf_rules() -> Listing:
    """Every department that items are in or that has a rule, with how it speaks of its shelves."""
    named = union(
        select(ITEM.c.store_id, ITEM.c.department).where(ITEM.c.department != ""),
        select(SHELF_RULE.c.store_id, SHELF_RULE.c.department),
    ).subquery("named")
    limits, rule = DEFAULT_RULE.limits, SHELF_RULE.c
    return Listing(
        source=named.outerjoin(
            SHELF_RULE, and_(rule.store_id == named.c.store_id, rule.department == named.c.department)
        ),
        scope=named.c.store_id,
        key=(named.c.department,),
        fields=(
            Field("department", named.c.department, filter=By.PART),
            Field("plenty", func.coalesce(rule.plenty_milli, limits.plenty_milli), Kind.QUANTITY),
            Field("a_few", func.coalesce(rule.a_few_milli, limits.a_few_milli), Kind.QUANTITY),
            Field("hours", func.coalesce(rule.certain_for_h, DEFAULT_RULE.certain_for_h), Kind.NUMBER),
            Field("counted", func.coalesce(rule.counted, 0), Kind.NUMBER),
            Field("set_by", func.coalesce(rule.set_by, "")),
            Field("set_at", rule.set_at_utc, Kind.MOMENT, is_nullable=True),
            *_hidden(agreed=func.coalesce(rule.agreed, 0)),
        ),
        default=Order("department"),
    )


def _lying() -> FromClause:
    placed_milli = (
        select(func.coalesce(func.sum(STOCK_AT.c.quantity_milli), 0))
        .where(STOCK_AT.c.store_id == ON_HAND.c.store_id, STOCK_AT.c.gtin == ON_HAND.c.gtin)
        .correlate(ON_HAND)
        .scalar_subquery()
    )
    nothing = literal("")
    plain = select(
        ON_HAND.c.store_id,
        ON_HAND.c.gtin,
        nothing.label("location"),
        nothing.label("lot"),
        nothing.label("expires_on"),
        sql_cast(ON_HAND.c.on_hand_milli - placed_milli, BigInteger).label("quantity_milli"),
    )
    placed = select(
        STOCK_AT.c.store_id,
        STOCK_AT.c.gtin,
        STOCK_AT.c.location,
        STOCK_AT.c.lot,
        STOCK_AT.c.expires_on,
        STOCK_AT.c.quantity_milli,
    )
    return union_all(plain, placed).subquery("lying")


def _coming(store_id: str) -> FromClause:
    """By GTIN what open deliveries and transfers announce (`gtin`, `milli`)."""
    return (
        select(LINE.c.gtin, sql_cast(func.sum(LINE.c.expected_milli), BigInteger).label("milli"))
        .join(PAPER, and_(PAPER.c.store_id == LINE.c.store_id, PAPER.c.document_id == LINE.c.document_id))
        .where(
            LINE.c.store_id == store_id,
            PAPER.c.state == State.OPEN.value,
            PAPER.c.kind.in_([PaperKind.DELIVERY.value, PaperKind.ARRIVAL.value]),
            LINE.c.expected_milli.is_not(None),
        )
        .group_by(LINE.c.gtin)
        .subquery("coming")
    )


def _is_single() -> ColumnElement[bool]:
    """Neither a pack nor a bundle: those have no stock of their own to order."""
    return and_((ITEM.c.multipack_of == "") | (ITEM.c.multipack_units == 0), ~is_bundle())


def _value(quantity: ColumnElement[int]) -> ColumnElement[int]:
    """What a quantity is worth at today's price, cut to whole minor units."""
    return sql_cast(quantity * ITEM.c.price_minor // 1000, BigInteger)


def _with_item(source: FromClause, store_id: ColumnElement[str], gtin: ColumnElement[str]) -> FromClause:
    return source.outerjoin(ITEM, and_(ITEM.c.store_id == store_id, ITEM.c.gtin == gtin))


def _location(column: ColumnElement[str]) -> Field:
    """A choice cannot say "nothing": the shelf, whose code is empty, is asked for by a word."""

    def matches(text: str) -> ColumnElement[bool]:
        return column == (SHELF if text == SHELF_CHOICE else text)

    return Field("location", column, filter=By.VALUE, matches=matches)


def _hidden(**columns: ColumnElement[str]) -> tuple[Field, ...]:
    return tuple(Field(name, column, is_sortable=False) for name, column in columns.items())
