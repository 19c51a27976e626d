"""Owns what the sales page shows above its list: the sums and the charts, as values a template draws.

It must not know HTTP, the database or the clock.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from babel import Locale
from babel.dates import format_skeleton
from babel.numbers import format_compact_decimal

from assets.languages import cldr_of, direction_of
from inventory.domain.money import format_money, round_half_up, to_decimal
from inventory.services.sales_list import Sum
from inventory.web.charts import Chart, Point, chart
from inventory.web.texts import Texts

DAYS_AS_DAYS: Final = 62
"""With more days than this a bar is a month."""
_FIRST_HOUR, _LAST_HOUR = 8, 20


@dataclass(frozen=True, slots=True)
class DepartmentLine:
    """One department: what was taken there, its share of all, and the same out of 1000 for a bar."""

    name: str
    total: str
    share: str
    permille: int


@dataclass(frozen=True, slots=True)
class SalesSummary:
    """The sums of the sales that the filters leave."""

    count: int
    total: str
    average: str
    back: str
    back_count: int
    by_day: Chart | None
    by_hour: Chart | None
    departments: tuple[DepartmentLine, ...]


def summary(
    days: Sequence[Sum],
    hours: Sequence[Sum],
    departments: Sequence[Sum],
    back: Sum,
    *,
    today: date,
    currency: str,
    texts: Texts,
) -> SalesSummary:
    """Everything above the list. Sums are what was sold; what was paid back stands beside them."""
    count = sum(day.count for day in days)
    total_minor = sum(day.total_minor for day in days)

    def money(amount_minor: int) -> str:
        return format_money(amount_minor, currency, texts.language)

    return SalesSummary(
        count,
        money(total_minor),
        money(round_half_up(total_minor, count)) if count else "–",
        money(back.total_minor),
        back.count,
        day_chart(days, today=today, currency=currency, texts=texts),
        hour_chart({int(hour.key): hour.count for hour in hours}, now_hour=None, texts=texts),
        _departments(departments, currency, texts),
    )


def day_chart(days: Sequence[Sum], *, today: date, currency: str, texts: Texts) -> Chart | None:
    """What was taken by day from the first to the last, or by month of a long time; None of one day alone."""
    taken = {date.fromisoformat(day.key): day.total_minor for day in days}
    if len(taken) < 2:
        return None
    span = (max(taken) - min(taken)).days + 1
    if span > DAYS_AS_DAYS:
        months: dict[date, int] = {}
        for day, total_minor in sorted(taken.items()):
            month = day.replace(day=1)
            months[month] = months.get(month, 0) + total_minor
        taken, skeleton = months, "yMMM"
        today = today.replace(day=1)
    else:
        taken = {each: taken.get(each, 0) for each in (min(taken) + timedelta(n) for n in range(span))}
        skeleton = "MMMd"
    locale = Locale.parse(cldr_of(texts.language))
    points = [
        Point(
            str(format_skeleton(skeleton, day, locale=locale)),
            max(0, total_minor),
            format_money(total_minor, currency, texts.language),
            is_now=day == today,
        )
        for day, total_minor in taken.items()
    ]
    return chart(
        "by-day",
        points,
        title=texts.text("Taken by day"),
        what=texts.text("Day"),
        how_much=texts.text("Taken"),
        is_rtl=direction_of(texts.language) == "rtl",
        axis=lambda minor: str(
            format_compact_decimal(to_decimal(minor, currency), locale=locale, fraction_digits=1)
        ),
        with_values=False,
    )


def hour_chart(counts: Mapping[int, int], *, now_hour: int | None, texts: Texts) -> Chart | None:
    """How many sales by hour of the store's clock, from the first to the last hour of trade."""
    if not counts:
        return None
    hours = range(min(_FIRST_HOUR, *counts), max(_LAST_HOUR, *counts) + 1)
    points = [
        Point(str(hour), counts.get(hour, 0), str(counts.get(hour, 0)), is_now=hour == now_hour)
        for hour in hours
    ]
    return chart(
        "by-hour",
        points,
        title=texts.text("Sales by hour"),
        what=texts.text("Hour"),
        how_much=texts.text("Sales"),
        is_rtl=direction_of(texts.language) == "rtl",
    )


def _departments(sums: Sequence[Sum], currency: str, texts: Texts) -> tuple[DepartmentLine, ...]:
    whole = sum(max(0, each.total_minor) for each in sums)
    return tuple(
        DepartmentLine(
            each.key or texts.text("without a department"),
            format_money(each.total_minor, currency, texts.language),
            f"{round_half_up(max(0, each.total_minor) * 100, whole)} %" if whole else "",
            round_half_up(max(0, each.total_minor) * 1000, whole) if whole else 0,
        )
        for each in sums
    )
