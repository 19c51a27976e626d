"""Owns what the console shows of help: waits, shares with bounds, causes by weight, what to repair first.

It must not know HTTP, the database or the clock, nor anybody's name.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import assert_never
from urllib.parse import quote

from babel import Locale
from babel.numbers import format_percent

from assets.languages import cldr_of, direction_of
from inventory.domain.feedback import Share
from inventory.domain.help_desk import Cause, HelpReason, HelpState, InterventionKind
from inventory.domain.help_numbers import (
    GOAL_ACKNOWLEDGED_S,
    GOAL_ARRIVED_S,
    HelpFigures,
    Spread,
    figures,
    figures_by,
    items_to_repair,
    lanes_to_repair,
    pareto,
    per_hundred,
)
from inventory.services.help_numbers import HelpDays
from inventory.web.charts import Chart, Point, chart
from inventory.web.texts import Texts
from inventory.web.today_views import Repair


@dataclass(frozen=True, slots=True)
class Wait:
    """One wait: half and nine in ten as `0:14`, the goal where there is one, and whether it was missed."""

    label: str
    half: str = "–"
    most: str = ""
    goal: str = ""
    is_missed: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """One share with its bounds; "–" where there is nothing to share."""

    label: str
    percent: str = "–"
    bounds: str = ""


@dataclass(frozen=True, slots=True)
class HelpLine:
    """One reason, lane or hour."""

    name: str
    calls: int
    answered: str
    arrived: str
    resolved: str


@dataclass(frozen=True, slots=True)
class CauseLine:
    """One cause; `permille` draws its bar, `up_to` is what it and all before it make."""

    name: str
    count: int
    permille: int
    percent: str
    up_to: str


@dataclass(frozen=True, slots=True)
class HelpView:
    calls: int
    baskets: int
    stops_per_hundred: int
    waits: tuple[Wait, ...]
    parts: tuple[Part, ...]
    by_reason: tuple[HelpLine, ...]
    by_lane: tuple[HelpLine, ...]
    by_hour: tuple[HelpLine, ...]
    hours: Chart | None
    causes: tuple[CauseLine, ...]
    repairs: tuple[Repair, ...]


def help_view(
    found: HelpDays, *, lanes: Mapping[str, str], items: Mapping[str, str], texts: Texts
) -> HelpView:
    """The page. `lanes` and `items` are names by id and GTIN."""
    whole = figures(found.facts)
    stops = found.stops_by_lane
    baskets = sum(found.sales_by_lane.values())
    hours = figures_by(found.facts, lambda fact: fact.hour)
    return HelpView(
        whole.calls,
        baskets,
        per_hundred(sum(stops.values()), baskets),
        _waits(whole, texts),
        _parts(whole, texts),
        _lines({reason_label(key, texts): each for key, each in _by_reason(found).items()}),
        _lines({lanes.get(key, key): each for key, each in _by_lane(found).items()}),
        tuple(_line(f"{hour}:00", hours[hour]) for hour in sorted(hours)),
        _hour_chart(hours, texts),
        _causes(found, texts),
        _repairs(found, stops, lanes=lanes, items=items, texts=texts),
    )


def _by_reason(found: HelpDays) -> dict[HelpReason, HelpFigures]:
    return figures_by(found.facts, lambda fact: fact.reason)


def _by_lane(found: HelpDays) -> dict[str, HelpFigures]:
    return figures_by(found.facts, lambda fact: fact.lane_id)


def _waits(whole: HelpFigures, texts: Texts) -> tuple[Wait, ...]:
    t = texts.text
    return (
        _wait(t("Answered"), whole.acknowledged, GOAL_ACKNOWLEDGED_S, texts),
        _wait(t("Somebody there"), whole.arrived, GOAL_ARRIVED_S, texts),
        _wait(t("Solved"), whole.resolved, 0, texts),
    )


def _wait(label: str, known: Spread | None, goal_s: int, texts: Texts) -> Wait:
    goal = texts.text("goal {most}").format(most=clock(goal_s)) if goal_s else ""
    if known is None:
        return Wait(label, goal=goal)
    most = texts.text("nine in ten within {most}").format(most=clock(known.most_s))
    return Wait(label, clock(known.half_s), most, goal, is_missed=bool(goal_s) and known.most_s > goal_s)


def _parts(whole: HelpFigures, texts: Texts) -> tuple[Part, ...]:
    t = texts.text
    return (
        _part(t("Solved from afar"), whole.afar, texts),
        _part(t("Called again"), whole.reopened, texts),
        _part(t("Given up before an answer"), whole.cancelled_unanswered, texts),
    )


def _part(label: str, known: Share | None, texts: Texts) -> Part:
    if known is None:
        return Part(label)
    bounds = texts.text("%(low)s to %(high)s") % {
        "low": percent(known.low_permille, texts),
        "high": percent(known.high_permille, texts),
    }
    return Part(label, percent(known.permille, texts), bounds)


def _lines(named: Mapping[str, HelpFigures]) -> tuple[HelpLine, ...]:
    return tuple(_line(name, each) for name, each in sorted(named.items(), key=lambda it: -it[1].calls))


def _line(name: str, each: HelpFigures) -> HelpLine:
    return HelpLine(name, each.calls, _both(each.acknowledged), _both(each.arrived), _both(each.resolved))


def _both(known: Spread | None) -> str:
    return "–" if known is None else f"{clock(known.half_s)} · {clock(known.most_s)}"


def _hour_chart(hours: Mapping[int, HelpFigures], texts: Texts) -> Chart | None:
    if not hours:
        return None
    span = range(min(hours), max(hours) + 1)
    counts = {hour: hours[hour].calls if hour in hours else 0 for hour in span}
    return chart(
        "calls-by-hour",
        [Point(str(hour), count, str(count)) for hour, count in counts.items()],
        title=texts.text("Calls by hour"),
        what=texts.text("Hour"),
        how_much=texts.text("Calls"),
        is_rtl=direction_of(texts.language) == "rtl",
    )


def _causes(found: HelpDays, texts: Texts) -> tuple[CauseLine, ...]:
    """What staff said it was, and the questions lanes asked of themselves; unsaid ones stand as such."""
    counts: Counter[str] = Counter()
    for fact in found.facts:
        if fact.resolved_s is not None:
            counts[cause_label(fact.cause, texts)] += 1
    counts.update(kind_label(stop.kind, texts) for stop in found.stops)
    return tuple(
        CauseLine(
            line.key,
            line.count,
            line.count * 1000 // line.total,
            _percent_of(line.count, line.total, texts),
            _percent_of(line.up_to, line.total, texts),
        )
        for line in pareto(counts)
    )


def _percent_of(count: int, total: int, texts: Texts) -> str:
    locale = Locale.parse(cldr_of(texts.language))
    return str(format_percent(Decimal(count) / total, locale=locale))


def _repairs(
    found: HelpDays,
    stops: Mapping[str, int],
    *,
    lanes: Mapping[str, str],
    items: Mapping[str, str],
    texts: Texts,
) -> tuple[Repair, ...]:
    t = texts.text
    of_items = [
        Repair(
            items.get(spot.key, spot.key),
            t("{count} stops").format(count=spot.count),
            f"/manager/stock/{spot.key}" if spot.key in items else "",
            t("To the item"),
        )
        for spot in items_to_repair(found.gtins)
    ]
    of_lanes = [
        Repair(
            lanes.get(spot.key, spot.key),
            t("{count} stops in 100 baskets").format(count=spot.per_hundred),
            f"/staff?lane={quote(spot.key, safe='')}",
            t("To the lane"),
        )
        for spot in lanes_to_repair(stops, found.sales_by_lane)
    ]
    return (*of_items, *of_lanes)


def clock(seconds: int) -> str:
    """`0:14`, `12:05`: minutes and seconds."""
    return f"{seconds // 60}:{seconds % 60:02}"


def percent(permille: int, texts: Texts) -> str:
    """A share as its language writes it."""
    return str(format_percent(Decimal(permille) / 1000, locale=Locale.parse(cldr_of(texts.language))))


def span_words(days: int, texts: Texts) -> str:
    """`Today`, `7 days`."""
    if days == 1:
        return texts.text("Today")
    return texts.plural("%(n)d day", "%(n)d days", days) % {"n": days}


def reason_label(reason: HelpReason, texts: Texts) -> str:
    """What a shopper said it was about, in a column."""
    t = texts.text
    match reason:
        case HelpReason.UNSAID:
            return t("Not said")
        case HelpReason.PRICE:
            return t("Price")
        case HelpReason.WONT_SCAN:
            return t("Won’t scan")
        case HelpReason.PAYMENT:
            return t("Payment")
        case HelpReason.FIND:
            return t("Find")
        case HelpReason.AGE:
            return t("Age check")
        case HelpReason.BRING:
            return t("Bring")
        case HelpReason.SHELF_EMPTY:
            return t("Shelf")
        case HelpReason.SALES:
            return t("Advice")
        case HelpReason.OTHER:
            return t("Other")
        case _:
            assert_never(reason)


def cause_label(cause: Cause | None, texts: Texts) -> str:
    """What it turned out to be."""
    t = texts.text
    match cause:
        case None:
            return t("Not said")
        case Cause.SCANNING:
            return t("Would not scan")
        case Cause.PRICE:
            return t("Price")
        case Cause.PAYMENT:
            return t("Payment")
        case Cause.AGE:
            return t("Age check")
        case Cause.MACHINE:
            return t("Machine")
        case Cause.GOODS:
            return t("Goods")
        case Cause.HOW_TO:
            return t("How it works")
        case Cause.NOTHING:
            return t("Nothing")
        case _:
            assert_never(cause)


def kind_label(kind: InterventionKind, texts: Texts) -> str:
    """What a lane had to ask of staff."""
    t = texts.text
    match kind:
        case InterventionKind.AGE_CHECK:
            return t("Age check")
        case InterventionKind.PAYMENT_IN_DOUBT | InterventionKind.CHARGE_CONTRADICTED:
            return t("Payment in doubt")
        case InterventionKind.BASKET_LEFT:
            return t("Basket left")
        case InterventionKind.ITEMS_REMOVED:
            return t("Items removed")
        case InterventionKind.PRICE:
            return t("Unknown item")
        case InterventionKind.WEIGHT:
            return t("Weight")
        case InterventionKind.VOID:
            return t("Void item")
        case InterventionKind.QUANTITY:
            return t("Quantity")
        case InterventionKind.COUPON:
            return t("Coupon")
        case _:
            assert_never(kind)


def state_label(state: HelpState, texts: Texts) -> str:
    """Where a call stands."""
    t = texts.text
    match state:
        case HelpState.REQUESTED | HelpState.DELIVERED:
            return t("waits")
        case HelpState.ACCEPTED:
            return t("answered")
        case HelpState.EN_ROUTE:
            return t("on the way")
        case HelpState.ARRIVED:
            return t("at the lane")
        case HelpState.RESOLVED:
            return t("solved")
        case HelpState.CANCELLED:
            return t("cancelled")
        case _:
            assert_never(state)
