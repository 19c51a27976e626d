"""Owns how the console asks for planned prices, reads what was typed, and says what became of them.

It must not know routes or the database; what a plan may be, services.prices says.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from inventory.db.price_plan_table import PricePlanRow
from inventory.domain.moments import format_clock, format_moment
from inventory.domain.money import MAX_AMOUNT_MINOR, format_money
from inventory.domain.price_plan import NoSuchTimeError, PlanState, PricePlan, instant_of
from inventory.domain.pricing import typed_minor
from inventory.services.prices import PlanFault, PlanRefused
from inventory.web.texts import Texts


@dataclass(frozen=True, slots=True)
class PlanForm:
    """What a manager typed, as typed; empty at first."""

    price: str = ""
    begin: str = ""
    end: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class WantedPlan:
    """A form that could be read. `until_utc` is None for a price that stays."""

    price_minor: int
    from_utc: datetime
    until_utc: datetime | None
    reason: str


@dataclass(frozen=True, slots=True)
class PlanLine:
    """One plan on an item's page."""

    plan_id: str
    price: str
    begin: str
    end: str
    reason: str
    who: str
    state: str
    is_running: bool


@dataclass(frozen=True, slots=True)
class PlanPart:
    """The plans on an item's page: those alive, the form, and what to say about the last thing done."""

    lines: tuple[PlanLine, ...] = ()
    form: PlanForm = field(default_factory=PlanForm)
    refusal: str = ""
    zone: str = ""


class PlanFormError(ValueError):
    """What was typed cannot be read; its text is one sentence in the reader's language."""


def read_form(
    form: PlanForm, *, now_utc: datetime, zone: ZoneInfo, currency: str, texts: Texts
) -> WantedPlan:
    """What the form asks for. An empty beginning is now, an empty end never. Raises PlanFormError."""
    price_minor = typed_minor(form.price, currency)
    if price_minor is None:
        raise PlanFormError(price_range_words(currency, texts))
    begin = _instant(form.begin, zone, texts)
    return WantedPlan(price_minor, begin or now_utc, _instant(form.end, zone, texts), form.reason)


def refusal_words(refused: PlanRefused, *, zone: ZoneInfo, currency: str, texts: Texts) -> str:
    """Why a price was not planned."""
    t = texts.text
    match refused.fault:
        case PlanFault.NO_ITEM:
            return t("There is no item with this number.")
        case PlanFault.PRICE:
            return price_range_words(currency, texts)
        case PlanFault.PAST:
            return t("The end lies in the past.")
        case PlanFault.BACKWARDS:
            return t("The end must come after the beginning.")
        case PlanFault.TOO_FAR:
            return t("Prices are planned at most five years ahead.")
        case PlanFault.GONE:
            return t("This planned price is over already.")
        case PlanFault.OVERLAP:
            assert refused.other is not None, "an overlap names what stands in the way"
            return _overlap_words(refused.other, zone=zone, currency=currency, texts=texts)


def plan_lines(
    rows: Sequence[PricePlanRow], *, zone: ZoneInfo, currency: str, texts: Texts
) -> tuple[PlanLine, ...]:
    """The plans of an item as its page lists them."""
    return tuple(
        PlanLine(
            row.plan_id,
            format_money(row.price_minor, currency, texts.language),
            format_moment(row.valid_from_utc.astimezone(zone), texts.language),
            format_moment(row.valid_until_utc.astimezone(zone), texts.language)
            if row.valid_until_utc
            else "",
            row.reason,
            row.who,
            state_words(PlanState(row.state), texts),
            row.state == PlanState.RUNNING.value,
        )
        for row in rows
    )


def state_words(state: PlanState, texts: Texts) -> str:
    """How far a plan came."""
    match state:
        case PlanState.PLANNED:
            return texts.text("planned")
        case PlanState.RUNNING:
            return texts.text("in force")
        case PlanState.OVER:
            return texts.text("over")
        case PlanState.CALLED_OFF:
            return texts.text("called off")


def price_range_words(currency: str, texts: Texts) -> str:
    """What a price may be."""
    least, most = (format_money(minor, currency, texts.language) for minor in (1, MAX_AMOUNT_MINOR))
    return texts.text("Type a price from {least} to {most}.").format(least=least, most=most)


def _instant(text: str, zone: ZoneInfo, texts: Texts) -> datetime | None:
    if not text.strip():
        return None
    try:
        wall = datetime.fromisoformat(text.strip())
        if wall.tzinfo is not None or not 1900 < wall.year < 9000:
            raise ValueError
    except ValueError:
        raise PlanFormError(texts.text("Choose a day and a time of day.")) from None
    try:
        return instant_of(wall, zone)
    except NoSuchTimeError as none:
        words = texts.text("At {time} the clocks are put forward that day. Choose {later} or later.")
        times = (format_clock(each, texts.language) for each in (wall, none.later))
        raise PlanFormError(words.format(**dict(zip(("time", "later"), times, strict=True)))) from none


def _overlap_words(other: PricePlan, *, zone: ZoneInfo, currency: str, texts: Texts) -> str:
    price = format_money(other.price_minor, currency, texts.language)
    begin = format_moment(other.from_utc.astimezone(zone), texts.language)
    if other.until_utc is None:
        words = texts.text("From {begin} on {price} is planned already. Call that off first.")
        return words.format(begin=begin, price=price)
    end = format_moment(other.until_utc.astimezone(zone), texts.language)
    words = texts.text(
        "From {begin} to {end} {price} is planned already. Call that off, or choose other times."
    )
    return words.format(begin=begin, end=end, price=price)
