"""Owns how the tablet asks for a decision: an age check with two buttons, a payment with words and a PIN.

It must not know HTTP, the database or the clock, nor what follows from an answer.
"""

from __future__ import annotations

from datetime import datetime

from inventory.domain.help_desk import InterventionKind
from inventory.services.interventions import Intervention
from inventory.services.lanes import LaneOnWall
from inventory.web.texts import Texts, own_name
from inventory.web.wall_parts import Action, Question, Tile, Tone, Urgency
from inventory.web.wall_words import lane_number, lane_words, language_tag, payment_facts, waited


def decision_tile(lane: LaneOnWall, intervention: Intervention, now_utc: datetime, texts: Texts) -> Tile:
    """One lane that waits for a decision."""
    t = texts.text
    is_age = intervention.kind is InterventionKind.AGE_CHECK
    name = t("Age check") if is_age else t("Paid?")
    title = f"{lane_number(lane)} · {name}"
    return Tile(
        key=f"decision-{intervention.intervention_id}",
        lane_id=lane.lane_id,
        tone=Tone.CALL if is_age else Tone.DOUBT,
        mark="18" if is_age else "!",
        title=title,
        urgency=Urgency.CALL if is_age else Urgency.DOUBT,
        lines=(*intervention.facts, t("Approve only with the shopper in sight.")) if is_age else (),
        language_tag=language_tag(intervention.language, texts),
        language_name=own_name(intervention.language),
        since_utc=intervention.waiting_since_utc,
        waited=waited(intervention.waiting_since_utc, now_utc),
        is_ringing=True,
        spoken=f"{lane_words(lane, texts)}: {name}",
        actions=age_answers(intervention, title, texts, place="tile"),
        question=payment_question(intervention, title, texts, place="tile"),
    )


def age_answers(intervention: Intervention, about: str, texts: Texts, *, place: str) -> tuple[Action, ...]:
    """The two buttons of an age check; none for another kind of decision."""
    if intervention.kind is not InterventionKind.AGE_CHECK:
        return ()
    key, path = _key(intervention, place), _path(intervention)
    return (
        Action(f"{key}-yes", f"{path}/approve", texts.text("✓ Adult"), "ok", about),
        Action(f"{key}-no", f"{path}/refuse", texts.text("✕ Refuse"), "", about),
    )


def payment_question(intervention: Intervention, about: str, texts: Texts, *, place: str) -> Question | None:
    """What is asked about a payment in doubt; None for another kind of decision.

    Neither answer looks like the one to choose: only the terminal's slip knows.
    """
    if intervention.kind is not InterventionKind.PAYMENT_IN_DOUBT:
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
