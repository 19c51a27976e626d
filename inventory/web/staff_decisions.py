"""Owns the tablet's answers to what a lane waits for: an adult or not, charged or not, a name and a price.

It must not know what follows from an answer (the interventions do), nor how a tile looks.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Final, assert_never

from fastapi import Form, Request
from fastapi.responses import Response

from inventory.domain.approving import Place, Verdict, verdict
from inventory.domain.help_desk import Decision, InterventionKind
from inventory.domain.pricing import GivenPrice, PriceFault
from inventory.domain.staff import MAX_PIN_DIGITS, Permission
from inventory.services import approvals, interventions, pins
from inventory.services.approvals import Decider
from inventory.services.help_desk import ImpossibleStepError
from inventory.services.interventions import AlreadyDecided, Intervention
from inventory.services.pins import PinCheck, PinRefused
from inventory.services.sessions import Session
from inventory.web.auth import may_carry_pin, open_channel_words, refusal_words, session_of
from inventory.web.decision_tiles import sight_words
from inventory.web.pages import PageRefused
from inventory.web.price_form import PriceForm, fault_words, price_words, read_price
from inventory.web.staff_view import Route, StaffView

_DECISIONS: Final = {"approve": Decision.APPROVED, "refuse": Decision.REFUSED}
_CHARGES: Final = {Decision.APPROVED: "the card was charged", Decision.REFUSED: "the card was not charged"}
"""What a decision about a payment says, as the audit trail and the lane are told."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What somebody answers, and from where they say they do."""

    decision: Decision
    place: Place = Place.AFAR
    price: GivenPrice | None = None


@dataclass(frozen=True, slots=True)
class StaffDecisions:
    """What the buttons of a question do."""

    view: StaffView

    def decide(
        self,
        request: Request,
        intervention_id: str,
        decision: str,
        lane: Annotated[str, Form()] = "",
        pin: Annotated[str, Form()] = "",
        sight: Annotated[str, Form()] = "",
    ) -> Response:
        wanted, asked = self._wanted(decision), self._asked(intervention_id)
        if asked is None:
            notice = self.view.text("This question is not known here.")
        elif asked.kind is InterventionKind.PRICE:
            notice = self.view.text("Type a name and a price first.")
        else:
            is_seen = asked.kind is InterventionKind.AGE_CHECK and sight == "yes"
            answer = Answer(wanted, Place.IN_SIGHT if is_seen else Place.AFAR)
            notice = self._answered(request, asked, answer, pin=pin)
        return self.view.after_action(request, lane=lane, notice=notice)

    def price(
        self, request: Request, intervention_id: str, decision: str, form: Annotated[PriceForm, Form()]
    ) -> Response:
        """Names and prices goods the catalogue does not know, or says that they are not for sale."""
        wanted, asked = self._wanted(decision), self._asked(intervention_id)
        with self.view.database.read() as uow:
            terms = self.view.terms(uow)
        given = read_price(form, terms) if wanted is Decision.APPROVED else None
        if asked is None or asked.kind is not InterventionKind.PRICE:
            notice = self.view.text("This question is not known here.")
        elif isinstance(given, PriceFault):
            notice = fault_words(given, terms, self.view.pages.texts)
        else:
            notice = self._answered(request, asked, Answer(wanted, price=given), pin=form.pin)
        return self.view.after_action(request, lane=form.lane, notice=notice)

    def _wanted(self, decision: str) -> Decision:
        wanted = _DECISIONS.get(decision)
        if wanted is None:
            raise PageRefused(404, self.view.text("There is no such decision."), way_on="/staff")
        return wanted

    def _asked(self, intervention_id: str) -> Intervention | None:
        with self.view.database.read() as uow:
            return interventions.find(uow, self.view.store_id, intervention_id)

    def _answered(self, request: Request, asked: Intervention, answer: Answer, *, pin: str) -> str:
        """Asks for what the policy wants, then decides; answers why not, or ""."""
        view, person = self.view, session_of(request)
        asked_of, decision = approvals.asked_of(asked), answer.decision
        needed = verdict(asked_of, person.role, answer.place, decision=decision, policy=view.policy)
        checked = None
        match needed:
            case Verdict.REFUSED:
                return view.text("Somebody at the lane decides this.")
            case Verdict.NEEDS_TICK:
                return view.text("Tick first that you can see the shopper.")
            case Verdict.NEEDS_PIN:
                if not may_carry_pin(request):
                    raise PageRefused(403, open_channel_words(view.pages.texts), way_on="/staff")
                if not pin:
                    return view.text("Type your PIN to decide this.")
                # Worked on before the transaction, as every PIN: nobody else waits for it.
                typed = pin[: MAX_PIN_DIGITS + 1]
                checked = pins.check(view.database, view.store_id, name=person.name, pin=typed)
            case Verdict.ALLOWED:
                pass
            case _ as never:
                assert_never(never)
        return self._decide(person, asked, answer, checked)

    def _decide(self, person: Session, asked: Intervention, answer: Answer, checked: PinCheck | None) -> str:
        """Decides; answers why not, or "". What came of the PIN is counted even when somebody was faster."""
        view, is_payment = self.view, asked.kind is InterventionKind.PAYMENT_IN_DOUBT
        with view.database.write() as uow:
            now_utc = view.clock()
            if checked is not None:
                settled = pins.settle(uow, view.store_id, checked, what="pin.refused", now_utc=now_utc)
                if isinstance(settled, PinRefused):
                    return self._pin_words(settled)
            try:
                approvals.decide(
                    uow,
                    view.store_id,
                    asked,
                    answer.decision,
                    Decider(person.name, person.role, answer.place, has_shown_pin=checked is not None),
                    view.policy,
                    now_utc,
                    reason=self._reason(asked, answer),
                    price=answer.price,
                )
            except AlreadyDecided as decided:
                return self._decided_words(decided, is_payment=is_payment)
            except ImpossibleStepError:
                return view.text("The lane no longer waits for this.")
        return ""

    def _reason(self, asked: Intervention, answer: Answer) -> str:
        """What was said with the answer, for the audit trail."""
        if asked.kind is InterventionKind.PAYMENT_IN_DOUBT:
            return _CHARGES[answer.decision]
        if answer.place is Place.IN_SIGHT:
            return f"“{sight_words(self.view.pages.texts)}”"
        return price_words(answer.price, self.view.pages.texts) if answer.price is not None else ""

    def _pin_words(self, refused: PinRefused) -> str:
        wrong = self.view.text("The PIN is not right. Nothing was decided.")
        return refusal_words(refused.reason, self.view.pages.texts, wrong=wrong)

    def _decided_words(self, decided: AlreadyDecided, *, is_payment: bool) -> str:
        text = self.view.text
        match decided.decision:
            case Decision.APPROVED if is_payment:
                words = text("{name} has decided already: charged.")
            case Decision.REFUSED if is_payment:
                words = text("{name} has decided already: not charged.")
            case Decision.APPROVED:
                words = text("{name} has approved this already.")
            case Decision.REFUSED:
                words = text("{name} has refused this already.")
        return words.format(name=decided.by)


def routes(view: StaffView) -> tuple[Route, ...]:
    """What the buttons of a question post to."""
    decisions = StaffDecisions(view)
    return (
        Route(
            "/staff/interventions/{intervention_id}/{decision}",
            decisions.decide,
            Permission.APPROVE_FROM_AFAR,
        ),
        Route("/staff/prices/{intervention_id}/{decision}", decisions.price, Permission.SET_PRICE),
    )
