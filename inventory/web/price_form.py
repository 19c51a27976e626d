"""Owns how the tablet asks for the price of goods the catalogue does not know, and reads what was typed.

It must not know routes, the database or the clock; what a price must be, `inventory.domain.pricing` says.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from pydantic import BaseModel

from inventory.domain.help_desk import InterventionKind
from inventory.domain.money import format_money
from inventory.domain.pricing import (
    AGE_LIMITS,
    MAX_NAME_LENGTH,
    GivenPrice,
    PriceFault,
    most_minor,
    price_fault,
    typed_minor,
)
from inventory.domain.tax import DEPOSIT_TAX_CLASS
from inventory.services.interventions import Intervention
from inventory.web.texts import Texts
from inventory.web.wall_parts import Action, Choice, PriceQuestion


@dataclass(frozen=True, slots=True)
class PriceTerms:
    """What every price of a store has in common: its money, and the tax classes it may be of."""

    currency: str = ""
    tax_rates_bp: Mapping[str, int] = field(default_factory=dict)

    @property
    def classes(self) -> list[tuple[str, int]]:
        """The highest rate first: it stands chosen, for too much tax harms nobody but can be given back."""
        goods = [each for each in self.tax_rates_bp.items() if each[0] != DEPOSIT_TAX_CLASS]
        return sorted(goods, key=lambda each: (-each[1], each[0]))


class PriceForm(BaseModel):
    """What a browser sends; every field may hold anything."""

    lane: str = ""
    name: str = ""
    price: str = ""
    tax_class: str = ""
    age_limit: str = "0"
    pin: str = ""


def price_question(
    intervention: Intervention,
    about: str,
    terms: PriceTerms,
    texts: Texts,
    *,
    place: str,
    wants_pin: bool = False,
) -> PriceQuestion | None:
    """What is asked about an unknown item; None for another kind of question."""
    if intervention.kind is not InterventionKind.PRICE:
        return None
    key, path = f"{place}-{intervention.intervention_id}", f"/staff/prices/{intervention.intervention_id}"
    code, *rest = (*intervention.facts, "")
    count = rest[0] if rest and rest[0].isdecimal() else "1"
    t = texts.text
    return PriceQuestion(
        key=key,
        about=about,
        sentence=t("What is this, and what does it cost?"),
        code=f"{code.lstrip('0') or code} × {count}" if int(count) > 1 else code.lstrip("0") or code,
        currency=terms.currency,
        most_name=MAX_NAME_LENGTH,
        tax_classes=tuple(Choice(name, f"{rate_bp / 100:g} %") for name, rate_bp in terms.classes),
        ages=tuple(Choice(str(age), f"{age}+" if age else t("none")) for age in AGE_LIMITS),
        answers=(
            Action(f"{key}-yes", f"{path}/approve", t("Set the price"), "go", about),
            Action(f"{key}-no", f"{path}/refuse", t("Not for sale"), "", about),
        ),
        wants_pin=wants_pin,
    )


def read_price(form: PriceForm, terms: PriceTerms) -> GivenPrice | PriceFault:
    """The price that was typed, or what is wrong with it."""
    price_minor = typed_minor(form.price, terms.currency)
    if price_minor is None:
        return PriceFault.NOT_A_NUMBER
    if form.tax_class not in dict(terms.classes):
        return PriceFault.TAX_CLASS
    known_age = form.age_limit in {str(age) for age in AGE_LIMITS}
    price = GivenPrice(
        name=" ".join(form.name.split()),
        price_minor=price_minor,
        currency=terms.currency,
        tax_class=form.tax_class,
        tax_rate_bp=terms.tax_rates_bp[form.tax_class],
        age_limit=int(form.age_limit) if known_age else -1,
    )
    return price_fault(price) or price


def fault_words(fault: PriceFault, terms: PriceTerms, texts: Texts) -> str:
    """Why a price was not taken, and what to do."""
    match fault:
        case PriceFault.NOT_A_NUMBER:
            return texts.text("Type the price as a number, like 3.40.")
        case PriceFault.TOO_LOW:
            return texts.text("The price must be more than zero.")
        case PriceFault.TOO_HIGH:
            most = format_money(most_minor(terms.currency), terms.currency, texts.language)
            return texts.text("The price may be {most} at most.").format(most=most)
        case PriceFault.NO_NAME:
            return texts.text("Type a short name for the receipt.")
        case PriceFault.TAX_CLASS:
            return texts.text("Choose a VAT rate.")
        case PriceFault.AGE_LIMIT:
            return texts.text("Choose an age limit.")


def price_words(price: GivenPrice, texts: Texts) -> str:
    """What was given, for the audit trail."""
    money = format_money(price.price_minor, price.currency, texts.language)
    age = f", {price.age_limit}+" if price.age_limit else ""
    return f"{price.name} {money}, {price.tax_rate_bp / 100:g} %{age}"
