"""Owns what the console's first page shows: the day's figures, its chart, what to repair, the last sales.

It must not know HTTP, the database or the clock.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote

from inventory.domain.catalogue import Item
from inventory.domain.help_numbers import GOAL_ACKNOWLEDGED_S, percentile
from inventory.domain.moments import format_clock
from inventory.domain.money import round_half_up
from inventory.services.sales import SalesOfDay, SaleSummary
from inventory.services.stock import StockDifference
from inventory.web.charts import Chart
from inventory.web.item_views import item_quantity
from inventory.web.sales_views import hour_chart
from inventory.web.texts import Texts
from inventory.web.wall_words import lane_name_words

REPAIRS_SHOWN = 12


@dataclass(frozen=True, slots=True)
class Repair:
    """Something a person should look at, and the page where they can."""

    what: str
    why: str
    path: str = ""
    way: str = ""


@dataclass(frozen=True, slots=True)
class SaleLineOfDay:
    at: datetime
    lane: str
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
    by_hour: Chart | None
    last: tuple[SaleLineOfDay, ...]


def today_view(
    day: SalesOfDay,
    answers_s: Sequence[int],
    repairs: Sequence[Repair],
    *,
    lanes: Mapping[str, str],
    now: datetime,
    texts: Texts,
) -> Today:
    """The day so far. `answers_s` are sorted waits, `lanes` names by id, `now` is the store's wall clock."""
    zone = now.tzinfo
    last = tuple(
        SaleLineOfDay(
            sale.paid_at_utc.astimezone(zone),
            lane_name_words(lanes.get(sale.lane_id, sale.lane_id), texts),
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
    counts = {hour.hour: hour.count for hour in day.by_hour}
    return Today(
        now=now,
        currency=day.currency,
        count=day.count,
        total_minor=day.total_minor,
        average_minor=round_half_up(day.total_minor, day.count) if day.count else 0,
        last_words=words,
        answered_half_s=percentile(answers_s, 50),
        answered_most_s=most_s,
        is_help_slow=most_s is not None and most_s > GOAL_ACKNOWLEDGED_S,
        repairs=tuple(repairs[:REPAIRS_SHOWN]),
        repair_count=len(repairs),
        by_hour=hour_chart(counts, now_hour=now.hour, texts=texts),
        last=last,
    )


def repairs_of_sales(sales: Iterable[SaleSummary], texts: Texts, *, lanes: Mapping[str, str]) -> list[Repair]:
    """Sales whose prices, sums or items differ from ours."""
    what = texts.text("Receipt {number}, {lane}")
    return [
        Repair(
            what.format(
                number=sale.receipt_no, lane=lane_name_words(lanes.get(sale.lane_id, sale.lane_id), texts)
            ),
            "; ".join(sale.flags),
            f"/staff/day/sale?id={quote(sale.sale_id, safe='')}",
            texts.text("Receipt"),
        )
        for sale in sales
    ]


def repair_below_zero(item: Item | None, gtin: str, on_hand_milli: int, texts: Texts) -> Repair:
    """More was sold than was ever booked in."""
    why = texts.text("{quantity} on hand").format(quantity=item_quantity(on_hand_milli, item, texts))
    name = item.name(texts.language) if item else gtin
    return Repair(name, why, f"/manager/stock/{gtin}", texts.text("Movements"))


def repair_of_ledger(difference: StockDifference, texts: Texts) -> Repair:
    """The running sum is not the sum of the movements: a fault of the books, not of the shelf."""
    why = texts.text("movements add up to {ledger}, the level says {kept} (thousandths)").format(
        ledger=difference.ledger_milli, kept=difference.on_hand_milli
    )
    path = f"/manager/stock/{difference.gtin}"
    return Repair(difference.gtin, why, path, texts.text("Movements"))
