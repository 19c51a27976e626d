"""Owns what the console shows: the day's figures, lists of items and levels, as values a template draws.

It must not know HTTP, the database or the clock.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from inventory.domain.catalogue import Item, SoldBy
from inventory.domain.moments import format_clock, format_moment
from inventory.domain.money import format_weight, round_half_up
from inventory.domain.staff import Role, SignInReason
from inventory.domain.stock import Band, Movement, Reason
from inventory.services.sales import HourOfSales, SalesOfDay, SaleSummary
from inventory.services.staff import AuditEntry, StaffMember
from inventory.services.stock import Level, StockDifference
from inventory.web.texts import Texts

REPAIRS_SHOWN = 12
HELP_GOAL_MOST_S = 20
"""Nine calls in ten are answered within this many seconds in a store that does well."""

_CHART_LEFT, _CHART_TOP, _CHART_WIDTH, _CHART_HEIGHT = 24, 30, 452, 170
_FIRST_HOUR, _LAST_HOUR = 8, 20


@dataclass(frozen=True, slots=True)
class Repair:
    """Something a person should look at, and the page where they can."""

    what: str
    why: str
    path: str = ""
    way: str = ""


@dataclass(frozen=True, slots=True)
class Bar:
    """One hour of the chart, in the drawing's units."""

    hour: int
    count: int
    x: int
    y: int
    width: int
    height: int
    is_now: bool

    @property
    def middle(self) -> int:
        return self.x + self.width // 2


@dataclass(frozen=True, slots=True)
class SaleLineOfDay:
    at: datetime
    lane_id: str
    receipt_no: int
    total_minor: int
    currency: str
    sale_id: str


@dataclass(frozen=True, slots=True)
class Today:
    now: datetime
    currency: str
    count: int
    total_minor: int
    average_minor: int
    last_words: str
    answered_half_s: int | None
    answered_most_s: int | None
    is_help_slow: bool
    repairs: tuple[Repair, ...]
    repair_count: int
    bars: tuple[Bar, ...]
    bars_words: str
    last: tuple[SaleLineOfDay, ...]


@dataclass(frozen=True, slots=True)
class ItemLine:
    """One row of the items or stock list; also the head of an item's page."""

    gtin: str
    sku: str
    name: str
    price_minor: int
    currency: str
    is_weighed: bool
    tax_class: str
    age_limit: int
    department: str
    place: str
    on_hand: str
    is_below_zero: bool
    band: str
    band_class: str
    band_mark: str
    moved: str


@dataclass(frozen=True, slots=True)
class PackLine:
    """What a pack is made of. `path` is the single's page, "" where the store does not sell it."""

    units: int
    name: str
    path: str


@dataclass(frozen=True, slots=True)
class ItemList:
    """One page of a search; `query` carries the search into the pager's links."""

    rows: tuple[ItemLine, ...]
    total: int
    page_no: int
    page_count: int
    search: str
    department: str
    departments: tuple[str, ...]
    query: str
    version: int


@dataclass(frozen=True, slots=True)
class MovementLine:
    when: str
    reason: str
    quantity: str
    actor: str
    source_id: str


def today_view(
    day: SalesOfDay, answers_s: Sequence[int], repairs: Sequence[Repair], *, now: datetime, texts: Texts
) -> Today:
    """The day so far. `answers_s` are sorted waits, `now` is the store's wall clock."""
    zone = now.tzinfo
    last = tuple(
        SaleLineOfDay(
            sale.paid_at_utc.astimezone(zone),
            sale.lane_id,
            sale.receipt_no,
            sale.total_minor,
            day.currency,
            sale.sale_id,
        )
        for sale in day.last
    )
    words = (
        texts.text("last at {time}").format(time=format_clock(last[0].at, texts.language))
        if last
        else texts.text("none yet")
    )
    most_s = percentile(answers_s, 90)
    chart = texts.text("Sales by hour: {hours}").format(
        hours=", ".join(f"{hour.hour}:00 {hour.count}" for hour in day.by_hour)
    )
    return Today(
        now=now,
        currency=day.currency,
        count=day.count,
        total_minor=day.total_minor,
        average_minor=round_half_up(day.total_minor, day.count) if day.count else 0,
        last_words=words,
        answered_half_s=percentile(answers_s, 50),
        answered_most_s=most_s,
        is_help_slow=most_s is not None and most_s > HELP_GOAL_MOST_S,
        repairs=tuple(repairs[:REPAIRS_SHOWN]),
        repair_count=len(repairs),
        bars=bars(day.by_hour, now_hour=now.hour),
        bars_words=chart,
        last=last,
    )


def percentile(sorted_values: Sequence[int], percent: int) -> int | None:
    """The nearest-rank percentile of values sorted upwards; None of nothing."""
    if not sorted_values:
        return None
    rank = -(-len(sorted_values) * percent // 100)
    return sorted_values[max(rank, 1) - 1]


def bars(by_hour: Sequence[HourOfSales], *, now_hour: int) -> tuple[Bar, ...]:
    """The chart's bars from the first to the last hour of trade; none on a day without sales."""
    if not by_hour:
        return ()
    counts = {hour.hour: hour.count for hour in by_hour}
    hours = range(min(_FIRST_HOUR, *counts), max(_LAST_HOUR, *counts) + 1)
    step = _CHART_WIDTH // len(hours)
    highest = max(counts.values())
    found = []
    for place, hour in enumerate(hours):
        height = round_half_up(counts.get(hour, 0) * _CHART_HEIGHT, highest)
        top = _CHART_TOP + _CHART_HEIGHT - height
        left = _CHART_LEFT + place * step + step // 6
        found.append(
            Bar(hour, counts.get(hour, 0), left, top, step - step // 3, height, is_now=hour == now_hour)
        )
    return tuple(found)


def repairs_of_sales(sales: Iterable[SaleSummary], texts: Texts) -> list[Repair]:
    """Sales whose prices, sums or items differ from ours."""
    what = texts.text("Receipt {number}, {lane}")
    return [
        Repair(what.format(number=sale.receipt_no, lane=sale.lane_id), "; ".join(sale.flags))
        for sale in sales
    ]


def repair_below_zero(item: Item | None, gtin: str, on_hand_milli: int, texts: Texts) -> Repair:
    """More was sold than was ever booked in."""
    why = texts.text("{quantity} on hand").format(quantity=quantity_words(on_hand_milli, item, texts))
    name = item.name(texts.language) if item else gtin
    return Repair(name, why, f"/manager/stock/{gtin}", texts.text("Movements"))


def repair_of_ledger(difference: StockDifference, texts: Texts) -> Repair:
    """The running sum is not the sum of the movements: a fault of the books, not of the shelf."""
    why = texts.text("movements add up to {ledger}, the level says {kept} (thousandths)").format(
        ledger=difference.ledger_milli, kept=difference.on_hand_milli
    )
    path = f"/manager/stock/{difference.gtin}"
    return Repair(difference.gtin, why, path, texts.text("Movements"))


def item_line(level: Level, texts: Texts, *, zone: ZoneInfo) -> ItemLine:
    """One item with its level."""
    item = level.item
    band_words, band_class, band_mark = _band_look(level.band, texts)
    moved = level.as_of_utc.astimezone(zone) if level.as_of_utc else None
    return ItemLine(
        gtin=item.gtin,
        sku=item.sku,
        name=item.name(texts.language),
        price_minor=item.price_minor,
        currency=item.currency,
        is_weighed=item.sold_by is SoldBy.WEIGHT,
        tax_class=item.tax_class,
        age_limit=item.age_limit,
        department=item.department,
        place=place_words(item, texts),
        on_hand=quantity_words(level.on_hand_milli, item, texts),
        is_below_zero=level.on_hand_milli < 0,
        band=band_words,
        band_class=band_class,
        band_mark=band_mark,
        moved=format_moment(moved, texts.language) if moved else texts.text("never"),
    )


def pack_line(item: Item, single: Item | None, texts: Texts) -> PackLine | None:
    """The singles that a pack is booked as; None for what is no pack."""
    if not item.is_pack:
        return None
    gtin, units = item.booked_as
    if single is None:
        return PackLine(units, gtin, "")
    return PackLine(units, single.name(texts.language), f"/manager/stock/{gtin}")


def _reason_words(reason: Reason, texts: Texts) -> str:
    match reason:
        case Reason.SALE:
            return texts.text("Sale")
        case Reason.RETURN:
            return texts.text("Return")
        case Reason.RECEIPT:
            return texts.text("Delivery")
        case Reason.WASTE:
            return texts.text("Waste")
        case Reason.COUNT:
            return texts.text("Count")
        case Reason.TRANSFER:
            return texts.text("Transfer")
        case Reason.CORRECTION:
            return texts.text("Correction")


def movement_line(movement: Movement, item: Item, texts: Texts, *, zone: ZoneInfo) -> MovementLine:
    quantity = quantity_words(movement.quantity_milli, item, texts)
    sign = "+" if movement.quantity_milli > 0 else ""
    return MovementLine(
        when=format_moment(movement.at_utc.astimezone(zone), texts.language),
        reason=_reason_words(movement.reason, texts),
        quantity=f"{sign}{quantity}",
        actor=movement.actor,
        source_id=movement.source_id,
    )


def quantity_words(quantity_milli: int, item: Item | None, texts: Texts) -> str:
    """Pieces, or kilograms with three decimals for what is sold by weight."""
    if item is not None and item.sold_by is SoldBy.WEIGHT:
        return format_weight(quantity_milli, texts.language)
    whole, rest = divmod(abs(quantity_milli), 1000)
    sign = "−" if quantity_milli < 0 else ""
    return f"{sign}{whole}.{rest:03}" if rest else f"{sign}{whole}"


def place_words(item: Item, texts: Texts) -> str:
    """Aisle and bay, as far as known."""
    aisle = texts.text("Aisle {aisle}").format(aisle=item.aisle) if item.aisle else ""
    bay = texts.text("Bay {bay}").format(bay=item.bay) if item.bay else ""
    return ", ".join(filter(None, (aisle, bay)))


def _band_look(band: Band, texts: Texts) -> tuple[str, str, str]:
    match band:
        case Band.PLENTY:
            return texts.text("plenty"), "plenty", "●"
        case Band.A_FEW:
            return texts.text("a few"), "few", "◐"
        case Band.LAST_ONES:
            return texts.text("last ones"), "last", "◔"
        case Band.NOT_HERE:
            return texts.text("not here"), "none", "○"


@dataclass(frozen=True, slots=True)
class PersonLine:
    staff_id: str
    name: str
    role: str
    lock: str
    sessions: int


@dataclass(frozen=True, slots=True)
class AuditLine:
    when: str
    who: str
    what: str
    detail: str


def person_line(member: StaffMember, texts: Texts) -> PersonLine:
    match member.lock:
        case SignInReason.WAIT:
            lock = texts.text("waits 15 minutes")
        case SignInReason.LOCKED | SignInReason.WRONG:
            lock = texts.text("locked")
        case None:
            lock = ""
    role = texts.text("manager") if member.role is Role.MANAGER else texts.text("attendant")
    return PersonLine(member.staff_id, member.name, role, lock, member.sessions)


def audit_line(entry: AuditEntry, texts: Texts, *, zone: ZoneInfo) -> AuditLine:
    """One line of the trail in words; a kind of entry without words here is shown by its name."""
    words = {
        "sign-in.done": texts.text("signed in"),
        "sign-in.refused": texts.text("gave a wrong PIN"),
        "pin.refused": texts.text("gave a wrong PIN"),
        "staff.added": texts.text("was added"),
        "staff.unlocked": texts.text("unlocked"),
        "staff.sessions-ended": texts.text("ended the sessions of"),
        "catalogue.import": texts.text("imported a price file"),
        "intervention.approved": texts.text("approved"),
        "intervention.refused": texts.text("refused"),
        "order.close-day": texts.text("ordered the day’s end"),
        "order.take-back": texts.text("ordered a payment back"),
        "task.done": texts.text("ended a task"),
        "goods.back": texts.text("put goods back on the shelf"),
        "goods.gone": texts.text("said that goods are not back"),
    }
    when = format_moment(entry.at_utc.astimezone(zone), texts.language)
    return AuditLine(when, entry.who, words.get(entry.what, entry.what), entry.detail)
