"""Owns what the day close shows: each lane's three books, the day's card sales and the open tasks, in words.

It must not know HTTP, the database or the clock.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from inventory.domain.catalogue import SoldBy
from inventory.domain.moments import format_moment
from inventory.domain.money import format_money, format_weight
from inventory.domain.orders import UNFINISHED, OrderState
from inventory.domain.sales import SaleLine
from inventory.services.day_close import Closing
from inventory.services.lanes import LaneOnWall
from inventory.services.orders import OrderRefused, PlacedOrder, Refusal
from inventory.services.reversals import CardSale, Goods
from inventory.services.tasks import GOODS, ORDER_UNCLEAR, Task
from inventory.web.texts import Texts
from inventory.web.wall_words import lane_words

_TOLD_BY_STANDING = frozenset({Refusal.ORDERED, Refusal.UNCLEAR, Refusal.TAKEN_BACK})


@dataclass(frozen=True, slots=True)
class Figure:
    """One book's word on the day. `amount` is "" where it told nothing."""

    book: str
    amount: str
    count: str
    is_odd: bool


@dataclass(frozen=True, slots=True)
class LaneDay:
    """One lane: its last closing, and where a closing that was ordered stands."""

    lane_id: str
    name: str
    closed: str
    figures: tuple[Figure, ...]
    taken_back: str
    verdict: str
    is_well: bool
    standing: str
    is_refused: bool
    may_close: bool
    slip: str


@dataclass(frozen=True, slots=True)
class SaleRowOfDay:
    sale_id: str
    at: datetime
    lane_name: str
    receipt_no: int
    card: str
    total: str
    standing: str
    may_take_back: bool


@dataclass(frozen=True, slots=True)
class TaskView:
    """One open task. `asks` is "order", "goods", or "" for one that is merely done."""

    task_id: str
    order_id: str
    sale_id: str
    words: str
    made: str
    asks: str


@dataclass(frozen=True, slots=True)
class GoodsLine:
    name: str
    quantity: str
    amount: str


@dataclass(frozen=True, slots=True)
class SalePage:
    row: SaleRowOfDay
    paid: str
    terminal: str
    lines: tuple[GoodsLine, ...]
    standing: str
    may_take_back: bool
    why_not: str
    asks_goods: bool
    slip: str
    price_list: str


def lane_day(
    lane: LaneOnWall, closing: Closing | None, order: PlacedOrder | None, texts: Texts, *, zone: ZoneInfo
) -> LaneDay:
    """A lane's card. What was ordered after the last closing says where it stands."""
    t = texts.text
    is_newer = order is not None and (closing is None or order.state is not OrderState.DONE)
    found = closing.task_count if closing else 0
    differ = texts.plural("{count} difference was found", "{count} differences were found", found)
    closed = t("Closed {when}").format(when=moment(closing.closed_at_utc, zone, texts)) if closing else ""
    return LaneDay(
        lane_id=lane.lane_id,
        name=lane_words(lane, texts),
        closed=closed or t("Never closed from here"),
        figures=_figures(closing, texts) if closing and closing.has_figures else (),
        taken_back=_taken_back_words(closing, texts),
        verdict="" if closing is None else (differ.format(count=found) if found else t("All three agree")),
        is_well=not found,
        standing=order_words(order, texts) if order is not None and is_newer else "",
        is_refused=order is not None and order.state in (OrderState.FAILED, OrderState.UNCLEAR),
        may_close=order is None or order.state not in UNFINISHED,
        slip=order.slip if order is not None else "",
    )


def _figures(closing: Closing, texts: Texts) -> tuple[Figure, ...]:
    t = texts.text
    expected_minor = closing.lane_minor - closing.reversed_minor
    is_odd = closing.terminal_minor is not None and closing.terminal_minor != expected_minor
    return (
        _figure(t("Lane"), closing.lane_minor, closing.lane_count, closing, texts),
        _figure(t("Terminal"), closing.terminal_minor, closing.terminal_count, closing, texts, is_odd=is_odd),
        _figure(
            t("Store"),
            closing.store_minor,
            closing.store_count,
            closing,
            texts,
            is_odd=(closing.store_minor, closing.store_count) != (closing.lane_minor, closing.lane_count),
        ),
    )


def _figure(
    book: str,
    amount_minor: int | None,
    count: int | None,
    closing: Closing,
    texts: Texts,
    *,
    is_odd: bool = False,
) -> Figure:
    told = "" if amount_minor is None else format_money(amount_minor, closing.currency, texts.language)
    words = texts.plural("{count} sale", "{count} sales", count or 0).format(count=count)
    return Figure(book, told or texts.text("not told"), "" if count is None else words, is_odd or not told)


def _taken_back_words(closing: Closing | None, texts: Texts) -> str:
    if closing is None or not closing.reversed_minor:
        return ""
    amount = format_money(closing.reversed_minor, closing.currency, texts.language)
    return texts.text("{amount} of it taken back").format(amount=amount)


def order_words(order: PlacedOrder, texts: Texts) -> str:
    """Where an order stands; "" for one that was carried out."""
    t = texts.text
    match order.state:
        case OrderState.OPEN:
            words = t("Ordered by {name}. The lane has not heard of it yet.")
            return words.format(name=order.ordered_by)
        case OrderState.SENT:
            words = t("Ordered by {name}. It begins as soon as nobody shops there.")
            return words.format(name=order.ordered_by)
        case OrderState.FAILED:
            return t("It was not done: {reason}").format(reason=order.reason)
        case OrderState.UNCLEAR:
            return t("Nobody knows whether it was done. See the tasks.")
        case OrderState.DONE:
            return ""


def sale_row(
    found: CardSale,
    lane_name: str,
    texts: Texts,
    *,
    closing: Closing | None,
    order: PlacedOrder | None,
    zone: ZoneInfo,
) -> SaleRowOfDay:
    """One line of the list, `order` being the newest about its payment."""
    sale, tender = found.sale, found.tender
    is_closed = closing is not None and closing.is_over(sale.receipt_no)
    card = f"{tender.card_name} •••• {tender.card_last4}" if tender and tender.card_last4 else ""
    return SaleRowOfDay(
        sale.sale_id,
        sale.paid_at_utc.astimezone(zone),
        lane_name,
        sale.receipt_no,
        card.strip() or (tender.card_name if tender else ""),
        format_money(sale.total_minor, sale.currency, texts.language),
        texts.text("paid back") if found.taken_back_at_utc else _brief_standing(order, texts),
        may_take_back=tender is not None
        and found.taken_back_at_utc is None
        and not is_closed
        and not _stands_in_the_way(order),
    )


def _stands_in_the_way(order: PlacedOrder | None) -> bool:
    return order is not None and (order.state in UNFINISHED or order.state is OrderState.UNCLEAR)


def _brief_standing(order: PlacedOrder | None, texts: Texts) -> str:
    if order is None or not _stands_in_the_way(order):
        return ""
    return texts.text("unclear") if order.state is OrderState.UNCLEAR else texts.text("ordered")


def sale_page(
    found: CardSale,
    lane_name: str,
    texts: Texts,
    *,
    order: PlacedOrder | None,
    refused: OrderRefused | None,
    zone: ZoneInfo,
) -> SalePage:
    """One sale with what may be done about it; `refused` is why its payment cannot be ordered back."""
    t = texts.text
    sale, tender = found.sale, found.tender
    row = sale_row(found, lane_name, texts, closing=None, order=order, zone=zone)
    standing = order_words(order, texts) if order is not None else ""
    if found.taken_back_at_utc is not None:
        when = moment(found.taken_back_at_utc, zone, texts)
        standing = t("Paid back, ordered by {name}, {when}.").format(name=found.taken_back_by, when=when)
        if found.goods is not None:
            standing = f"{standing} {_goods_words(found.goods, texts)}"
    return SalePage(
        row=row,
        paid=moment(sale.paid_at_utc, zone, texts),
        terminal=f"{tender.terminal_id} / {tender.terminal_receipt_no}" if tender else "",
        lines=tuple(_goods_line(line, sale.currency, texts) for line in sale.lines),
        standing=standing,
        may_take_back=refused is None,
        why_not=_why_not(refused, standing, texts),
        asks_goods=found.taken_back_at_utc is not None and found.goods is None,
        slip=order.slip if order is not None else "",
        price_list=str(found.catalogue_version or "–"),
    )


def _why_not(refused: OrderRefused | None, standing: str, texts: Texts) -> str:
    """Nothing that the page's first line has said already."""
    if refused is None or (standing and refused.reason in _TOLD_BY_STANDING):
        return ""
    return refusal_words(refused.reason, refused.by, texts)


def _goods_words(goods: Goods, texts: Texts) -> str:
    match goods:
        case Goods.BACK:
            return texts.text("The goods are back on the shelf.")
        case Goods.GONE:
            return texts.text("The goods are not back.")


def _goods_line(line: SaleLine, currency: str, texts: Texts) -> GoodsLine:
    is_weighed = line.sold_by is SoldBy.WEIGHT
    quantity = (
        format_weight(line.quantity_milli, texts.language)
        if is_weighed
        else f"{line.quantity_milli / 1000:g}"
    )
    amount = format_money(line.amount_minor + line.deposit_minor, currency, texts.language)
    return GoodsLine(line.name, quantity, amount)


def task_view(task: Task, texts: Texts, *, zone: ZoneInfo) -> TaskView:
    asks = {ORDER_UNCLEAR: "order", GOODS: "goods"}.get(task.kind, "")
    made = moment(task.made_at_utc, zone, texts) if task.made_at_utc else ""
    return TaskView(task.task_id, task.order_id, task.sale_id, task.words, made, asks)


def refusal_words(reason: Refusal, by: str, texts: Texts) -> str:
    """Why an order was not placed."""
    t = texts.text
    words: Mapping[Refusal, str] = {
        Refusal.UNKNOWN: t("This is not known here."),
        Refusal.ORDERED: t("{name} has ordered this already."),
        Refusal.UNCLEAR: t("An earlier try is unclear. Settle its task first."),
        Refusal.NOT_BY_CARD: t("The terminal knows no receipt of this payment, so it cannot take it back."),
        Refusal.TAKEN_BACK: t("It was paid back already, ordered by {name}."),
        Refusal.DAY_CLOSED: t("The terminal has closed its day over this payment. It cannot be taken back."),
        Refusal.DAY_UNCLEAR: t("Whether the terminal’s day was closed is unclear. Settle its task first."),
        Refusal.RECEIPT_TWICE: t(
            "The terminal gave that receipt number twice today. Take the payment back at the terminal itself."
        ),
    }
    return words[reason].format(name=by)


def moment(at_utc: datetime, zone: ZoneInfo, texts: Texts) -> str:
    return format_moment(at_utc.astimezone(zone), texts.language)
