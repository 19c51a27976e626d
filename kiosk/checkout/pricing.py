"""Owns rows whose price nobody knows yet: how staff are asked, and what their answer makes of a row.

It must not know tablets or networks, and never lets a row without a price change what there is to pay.
"""

from __future__ import annotations

from dataclasses import replace

from inventory.domain.catalogue import FALLBACK_LANGUAGE, Item
from inventory.domain.help_desk import Decision, InterventionKind
from inventory.domain.pricing import GivenPrice, price_fault
from kiosk.checkout.basket import Basket, BasketLine
from kiosk.checkout.effects import Effect, RaiseIntervention, WithdrawIntervention
from kiosk.checkout.messages import InterventionDecided
from kiosk.checkout.state import MONEY_AT_RISK, LaneState

_PREFIX = "price-"
NO_TAX_CLASS = ""
"""A pending row has no tax class: whoever gives the price names one."""


def unknown_item(gtin: str, currency: str) -> Item:
    """What stands in a pending row until somebody knows better: the number alone."""
    shown = gtin.lstrip("0") or gtin
    return Item(gtin, "", {FALLBACK_LANGUAGE: shown}, 0, currency, NO_TAX_CLASS)


def question_id(line: BasketLine) -> str:
    """Under which id staff are asked for the row's price."""
    return f"{_PREFIX}{line.line_id}"


def raised(line: BasketLine) -> RaiseIntervention:
    """Staff are asked for a price; said again it shows how many pieces there are by now."""
    return RaiseIntervention(question_id(line), InterventionKind.PRICE, (line.item.gtin, str(line.units)))


def raised_again(basket: Basket) -> tuple[Effect, ...]:
    """Every open question of a basket: after a restart the store hears of it under the same id (C03)."""
    return tuple(raised(line) for line in basket.pending)


def withdrawn(before: Basket, after: Basket) -> tuple[Effect, ...]:
    """Nobody need look for the price of what has left the basket."""
    kept = {line.line_id for line in after.pending}
    gone = (line.line_id for line in before.pending if line.line_id not in kept)
    return tuple(WithdrawIntervention(f"{_PREFIX}{line_id}", InterventionKind.PRICE) for line_id in gone)


def row_of(state: LaneState, event: InterventionDecided) -> BasketLine | None:
    """The pending row a decision is about, or None: it may have gone meanwhile."""
    line = state.basket.line(event.intervention_id.removeprefix(_PREFIX))
    is_about = event.intervention_id.startswith(_PREFIX) and line is not None and line.pending
    return line if is_about and state.payment.state not in MONEY_AT_RISK else None


def is_about_price(event: InterventionDecided) -> bool:
    """Whether a decision answers a question for a price."""
    return event.intervention_id.startswith(_PREFIX)


def decided(state: LaneState, line: BasketLine, event: InterventionDecided) -> Basket | None:
    """The basket with the row priced; None where it may not be sold, or not at this price."""
    if event.decision is Decision.REFUSED or event.price is None:
        return None
    return given(state, line, event.price, event.staff_name)


def given(state: LaneState, line: BasketLine, price: GivenPrice, staff_name: str) -> Basket | None:
    """The basket with a row priced by a person; None for a price that breaks a limit or is other money."""
    if price_fault(price) is not None or price.currency != state.currency:
        return None
    item = replace(
        line.item,
        names={FALLBACK_LANGUAGE: price.name},
        price_minor=price.price_minor,
        tax_class=price.tax_class,
        age_limit=price.age_limit,
    )
    return state.basket.give_price(line.line_id, item, price.tax_rate_bp, staff_name)
