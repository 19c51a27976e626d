"""Owns how the tablet asks for a decision: two buttons, a tick before them, or words and a PIN.

A price is asked for with fields (`price_form`). A charge that contradicts a decision asks for nothing but
somebody who deals with it. It must not know HTTP, the database or the clock, nor what follows from an answer.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, assert_never

from inventory.domain.approving import ABOUT_ONE_ROW, PLAIN_POLICY, Place, Policy, Verdict, row_of, verdict
from inventory.domain.help_desk import InterventionKind
from inventory.domain.help_waiting import InLine
from inventory.domain.money import format_money
from inventory.domain.staff import Role
from inventory.services.approvals import asked_of
from inventory.services.interventions import Intervention
from inventory.services.lanes import LaneOnWall
from inventory.web.price_form import PriceTerms, price_question
from inventory.web.texts import Texts, own_name
from inventory.web.wall_parts import Action, Approval, PriceQuestion, Question, Tile, Tone, Urgency
from inventory.web.wall_words import lane_number, lane_words, language_tag, payment_facts, waited

PANEL: Final = "panel"
"""The mirror, where the keys of buttons are not those of the tile."""

_MARKS = {
    InterventionKind.AGE_CHECK: "18",
    InterventionKind.PRICE: "¤",
    InterventionKind.BASKET_LEFT: "!",
    InterventionKind.ITEMS_REMOVED: "−",
    InterventionKind.WEIGHT: "⚖",
    InterventionKind.VOID: "−",
    InterventionKind.QUANTITY: "×",
    InterventionKind.COUPON: "%",
}


@dataclass(frozen=True, slots=True)
class Deciding:
    """Who looks at the tablet, and what their store asks for."""

    role: Role = Role.ATTENDANT
    policy: Policy = PLAIN_POLICY
    terms: PriceTerms = field(default_factory=PriceTerms)

    def verdict(self, intervention: Intervention, place: Place = Place.AFAR) -> Verdict:
        """What stands between them and a yes."""
        return verdict(asked_of(intervention), self.role, place, policy=self.policy)


def decision_tile(
    lane: LaneOnWall, intervention: Intervention, now_utc: datetime, texts: Texts, deciding: Deciding
) -> Tile:
    """One lane that waits for a decision."""
    is_call = intervention.kind in _MARKS
    name = name_of(intervention.kind, texts)
    title = f"{lane_number(lane)} · {name}"
    return Tile(
        key=f"decision-{intervention.intervention_id}",
        lane_id=lane.lane_id,
        tone=Tone.CALL if is_call else Tone.DOUBT,
        mark=_MARKS.get(intervention.kind, "!"),
        title=title,
        urgency=Urgency.CALL if is_call else Urgency.DOUBT,
        lines=(*_lines(intervention, texts), *_not_here(deciding.verdict(intervention), texts)),
        language_tag=language_tag(intervention.language, texts),
        language_name=own_name(intervention.language),
        since_utc=intervention.waiting_since_utc,
        waited=waited(intervention.waiting_since_utc, now_utc),
        is_ringing=intervention.kind is not InterventionKind.ITEMS_REMOVED,
        spoken=f"{lane_words(lane, texts)}: {name}",
        line=InLine(intervention.intervention_id, intervention.waiting_since_utc),
        actions=plain_answers(intervention, title, texts, deciding, place="tile"),
        approval=approval_of(intervention, title, texts, deciding, place="tile"),
        question=payment_question(intervention, title, texts, deciding, place="tile"),
        price=price_asked(intervention, title, texts, deciding, place="tile"),
    )


def _not_here(needed: Verdict, texts: Texts) -> tuple[str, ...]:
    return (texts.text("Somebody at the lane decides this."),) if needed is Verdict.REFUSED else ()


def name_of(kind: InterventionKind, texts: Texts) -> str:
    """What a lane waits for, in a word or two."""
    match kind:
        case InterventionKind.AGE_CHECK:
            return texts.text("Age check")
        case InterventionKind.PAYMENT_IN_DOUBT:
            return texts.text("Paid?")
        case InterventionKind.CHARGE_CONTRADICTED:
            return texts.text("Charged after all")
        case InterventionKind.BASKET_LEFT:
            return texts.text("Basket left?")
        case InterventionKind.ITEMS_REMOVED:
            return texts.text("Items taken out")
        case InterventionKind.PRICE:
            return texts.text("Price?")
        case InterventionKind.WEIGHT:
            return texts.text("Weight?")
        case InterventionKind.VOID:
            return texts.text("Take out?")
        case InterventionKind.QUANTITY:
            return texts.text("So many?")
        case InterventionKind.COUPON:
            return texts.text("Coupon?")
        case _ as never:
            assert_never(never)


def _lines(intervention: Intervention, texts: Texts) -> tuple[str, ...]:
    match intervention.kind:
        case InterventionKind.AGE_CHECK:
            return intervention.facts
        case InterventionKind.PAYMENT_IN_DOUBT | InterventionKind.PRICE:
            return ()
        case InterventionKind.CHARGE_CONTRADICTED:
            facts = payment_facts(intervention.facts, texts)
            return (
                texts.text("The terminal shows a charge for the payment that was decided as not charged."),
                *(f"{fact.label}: {fact.value}" for fact in facts),
                texts.text("Nothing was sold for it. Look at the terminal’s slip and see to the refund."),
            )
        case InterventionKind.BASKET_LEFT:
            return (texts.text("Nobody answers at this lane. The basket is kept for 15 minutes."),)
        case InterventionKind.ITEMS_REMOVED:
            return (
                texts.text("The shopper took these out and goes on. Look in if you like."),
                *intervention.facts,
            )
        case (
            InterventionKind.WEIGHT
            | InterventionKind.VOID
            | InterventionKind.QUANTITY
            | InterventionKind.COUPON
        ):
            return row_lines(intervention.facts, texts)
        case _ as never:
            assert_never(never)


def row_lines(facts: tuple[str, ...], texts: Texts) -> tuple[str, ...]:
    """The row a question is about; what reads otherwise is shown as it was sent."""
    row = row_of(facts)
    if row is None:
        return facts
    amount = format_money(row.amount_minor, row.currency, texts.language) if row.currency else ""
    named = f"{row.pieces} × {row.name}" if row.pieces > 1 else row.name
    lines: tuple[str, ...] = (f"{named} · {amount}" if amount else named,)
    if len(row.grams) == 2:
        expected_g, seen_g = row.grams
        words = texts.text("Expected {expected} g, the scale shows {seen} g.")
        lines += (words.format(expected=expected_g, seen=seen_g),)
    return lines


def plain_answers(
    intervention: Intervention, about: str, texts: Texts, deciding: Deciding, *, place: str
) -> tuple[Action, ...]:
    """The buttons of what asks for nothing more than a tap of whoever looks at it.

    In the mirror a question about a row stands with its row, as an approval: there may be several.
    """
    is_plain = deciding.verdict(intervention) is Verdict.ALLOWED and not _is_with_row(intervention, place)
    return _answers(intervention, about, texts, place=place) if is_plain else ()


def approval_of(
    intervention: Intervention, about: str, texts: Texts, deciding: Deciding, *, place: str
) -> Approval | None:
    """Yes or no that asks for a tick, the PIN, or both; None for what has a form of its own."""
    needed = deciding.verdict(intervention)
    answers = _answers(intervention, about, texts, place=place)
    asks_more = needed in (Verdict.NEEDS_TICK, Verdict.NEEDS_PIN)
    is_row = needed is Verdict.ALLOWED and _is_with_row(intervention, place)
    if not answers or not (asks_more or is_row):
        return None
    wants_tick = needed is Verdict.NEEDS_TICK
    after_tick = deciding.verdict(intervention, Place.IN_SIGHT) if wants_tick else needed
    return Approval(
        key=_key(intervention, place),
        about=about,
        tick=sight_words(texts) if wants_tick else "",
        wants_pin=after_tick is Verdict.NEEDS_PIN,
        answers=answers,
        lines=(name_of(intervention.kind, texts), *_lines(intervention, texts)) if place == PANEL else (),
    )


def _is_with_row(intervention: Intervention, place: str) -> bool:
    return place == PANEL and intervention.kind in ABOUT_ONE_ROW


def sight_words(texts: Texts) -> str:
    """What somebody says with the tick; the audit trail keeps it word for word."""
    return texts.text("I can see the shopper")


def price_asked(
    intervention: Intervention, about: str, texts: Texts, deciding: Deciding, *, place: str
) -> PriceQuestion | None:
    """What is asked about an unknown item; None for another kind, and for whoever may set no price."""
    needed = deciding.verdict(intervention)
    if needed is Verdict.REFUSED:
        return None
    wants_pin = needed is Verdict.NEEDS_PIN
    return price_question(intervention, about, deciding.terms, texts, place=place, wants_pin=wants_pin)


def _answers(intervention: Intervention, about: str, texts: Texts, *, place: str) -> tuple[Action, ...]:
    """The buttons: two of a yes or no, one to take care; none of what has a form of its own."""
    key, path = _key(intervention, place), _path(intervention)
    match intervention.kind:
        case InterventionKind.AGE_CHECK:
            return (
                Action(f"{key}-yes", f"{path}/approve", texts.text("✓ Adult"), "ok", about),
                Action(f"{key}-no", f"{path}/refuse", texts.text("✕ Refuse"), "", about),
            )
        case InterventionKind.PAYMENT_IN_DOUBT | InterventionKind.PRICE:
            return ()
        case (
            InterventionKind.CHARGE_CONTRADICTED
            | InterventionKind.BASKET_LEFT
            | InterventionKind.ITEMS_REMOVED
        ):
            return (Action(f"{key}-yes", f"{path}/approve", texts.text("I see to it"), "", about),)
        case (
            InterventionKind.WEIGHT
            | InterventionKind.VOID
            | InterventionKind.QUANTITY
            | InterventionKind.COUPON
        ):
            return (
                Action(f"{key}-yes", f"{path}/approve", texts.text("✓ Approve"), "ok", about),
                Action(f"{key}-no", f"{path}/refuse", texts.text("✕ Refuse"), "", about),
            )
        case _ as never:
            assert_never(never)


def payment_question(
    intervention: Intervention, about: str, texts: Texts, deciding: Deciding, *, place: str
) -> Question | None:
    """What is asked about a payment in doubt; None for another kind of decision.

    Neither answer looks like the one to choose: only the terminal's slip knows.
    """
    is_payment = intervention.kind is InterventionKind.PAYMENT_IN_DOUBT
    if not is_payment or deciding.verdict(intervention) is Verdict.REFUSED:
        return None
    key, path = _key(intervention, place), _path(intervention)
    return Question(
        key=key,
        about=about,
        sentence=texts.text("Look at the terminal’s slip: was the card charged?"),
        facts=payment_facts(intervention.facts, texts),
        path=path,
        answers=(
            Action(f"{key}-yes", f"{path}/approve", texts.text("Charged"), "", about),
            Action(f"{key}-no", f"{path}/refuse", texts.text("Not charged"), "", about),
        ),
    )


def _key(intervention: Intervention, place: str) -> str:
    return f"{place}-{intervention.intervention_id}"


def _path(intervention: Intervention) -> str:
    return f"/staff/interventions/{intervention.intervention_id}"
