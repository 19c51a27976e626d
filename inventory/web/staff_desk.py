"""Owns a desk's page: the calls of other stores, what its buttons do, and where it stands in the store.

It must not know who may have which call (`inventory.services.desk_calls` does), nor how a tile looks.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Final
from urllib.parse import urlencode

from fastapi import Form, Request
from fastapi.responses import RedirectResponse, Response

from inventory.db.unit_of_work import UnitOfWork
from inventory.domain.approving import Asked, Place, Verdict, verdict
from inventory.domain.help_desk import Decision, HelpState, Resolve, Take
from inventory.domain.staff import MAX_PIN_DIGITS, Permission, Role, may
from inventory.services import desk_calls, desks, help_terms, lanes, pins
from inventory.services.approvals import NotAllowed
from inventory.services.call_links import call_link_for
from inventory.services.desk_calls import DeskCall, Helper
from inventory.services.help_desk import (
    AlreadyTaken,
    ImpossibleStepError,
    StaleTurnError,
    UnknownRequestError,
)
from inventory.services.interventions import AlreadyDecided, Intervention
from inventory.services.pins import PinCheck, PinRefused
from inventory.web.auth import (
    FRAGMENT_HEADER,
    may_carry_pin,
    open_channel_words,
    refusal_words,
    session_of,
)
from inventory.web.call_form import CallForm
from inventory.web.desk_parts import DeskWall
from inventory.web.desk_wall import ROOT, DeskWriter, OfCall, name_of
from inventory.web.pages import PageRefused
from inventory.web.staff_view import Check, Route, StaffView
from inventory.web.talk_form import TalkForm, answered, talks_of

_STEPS: Final = ("accept", "resolve", "give-back")
_DECISIONS: Final = {"approve": Decision.APPROVED, "refuse": Decision.REFUSED}


@dataclass(frozen=True, slots=True)
class StaffDesk:
    """The page and its buttons. `view` is the desk's own store."""

    view: StaffView

    def page(self, request: Request, lane: str = "") -> Response:
        return self._answer(request, "staff/desk.html", chosen=lane)

    def fragment(self, request: Request, lane: str = "") -> Response:
        return self._answer(request, "staff/desk_wall.html", chosen=lane)

    def step(
        self, request: Request, store: str, help_id: str, step: str, form: Annotated[CallForm, Form()]
    ) -> Response:
        """Takes a call, ends it, or gives it back."""
        if step not in _STEPS:
            raise PageRefused(404, self.view.text("There is no such step."), way_on=ROOT)
        notice = self._done(self._helper(request), store, help_id, step, form)
        return self._after(request, form.lane, notice)

    def _done(self, helper: Helper, store: str, help_id: str, step: str, form: CallForm) -> str:
        """Does it; answers why not, or ""."""
        view, note, turn = self.view, form.plain_note, form.seen_turn
        fault = form.note_fault(view.pages.texts)
        if fault:
            return fault
        try:
            with view.database.write() as uow:
                now_utc = view.clock()
                if step == "give-back":
                    desk_calls.give_back(uow, helper, store, help_id, now_utc, note=note, turn=turn)
                    return ""
                deed = (
                    Take(helper.name, HelpState.ACCEPTED, helper.desk_id)
                    if step == "accept"
                    else Resolve(helper.name, form.wanted_cause, helper.desk_id)
                )
                desk_calls.do(uow, helper, store, help_id, deed, now_utc, turn=turn)
        except AlreadyTaken as taken:
            return view.text("{name} has taken this call already.").format(name=taken.by)
        except StaleTurnError:
            return view.text("This call was given on meanwhile.")
        except ImpossibleStepError:
            return view.text("This call is over already.")
        except UnknownRequestError:
            return view.text("This call is not known here.")
        return ""

    def decide(
        self,
        request: Request,
        store: str,
        intervention_id: str,
        decision: str,
        lane: Annotated[str, Form()] = "",
        pin: Annotated[str, Form()] = "",
    ) -> Response:
        """Answers what the lane of a call waits for, as far as its store lets people elsewhere."""
        wanted = _DECISIONS.get(decision)
        if wanted is None:
            raise PageRefused(404, self.view.text("There is no such decision."), way_on=ROOT)
        view, helper = self.view, self._helper(request)
        with view.database.read() as uow:
            asked = desk_calls.question(uow, helper, store, intervention_id, view.clock())
            policy = help_terms.terms_of(uow, store).policy
        if asked is None:
            return self._after(request, lane, view.text("This question is not known here."))
        needed = verdict(
            Asked(asked.kind, asked.facts), Role.REMOTE, Place.AFAR, decision=wanted, policy=policy
        )
        checked = None
        if needed is Verdict.NEEDS_PIN:
            if not may_carry_pin(request):
                raise PageRefused(403, open_channel_words(view.pages.texts), way_on=ROOT)
            if not pin:
                return self._after(request, lane, view.text("Type your PIN to decide this."))
            typed = pin[: MAX_PIN_DIGITS + 1]
            checked = pins.check(view.database, view.store_id, name=helper.name, pin=typed)
        return self._after(request, lane, self._decided(helper, store, asked, wanted, checked))

    def say(
        self,
        request: Request,
        store: str,
        help_id: str,
        form: Annotated[TalkForm, Form()],
        phrase: str = "",
    ) -> Response:
        """Answers in the conversation of a call."""
        view, helper = self.view, self._helper(request)
        notice = answered(
            view.database,
            store,
            help_id,
            phrase,
            form,
            who=helper.name,
            texts=view.pages.texts,
            now_utc=view.clock(),
            desk=helper.desk_id,
        )
        return self._after(request, form.lane, notice)

    def write(
        self, request: Request, store: str, help_id: str, form: Annotated[TalkForm, Form()]
    ) -> Response:
        return self.say(request, store, help_id, form)

    def _decided(
        self, helper: Helper, store: str, asked: Intervention, decision: Decision, checked: PinCheck | None
    ) -> str:
        """Decides; answers why not, or "". What came of the PIN is counted even when somebody was faster."""
        view, text = self.view, self.view.text
        with view.database.write() as uow:
            now_utc = view.clock()
            if checked is not None:
                settled = pins.settle(uow, view.store_id, checked, what="pin.refused", now_utc=now_utc)
                if isinstance(settled, PinRefused):
                    wrong = text("The PIN is not right. Nothing was decided.")
                    return refusal_words(settled.reason, view.pages.texts, wrong=wrong)
            try:
                if desk_calls.question(uow, helper, store, asked.intervention_id, now_utc) is None:
                    return text("This question is not known here.")
                has_shown = checked is not None
                desk_calls.decide(uow, helper, store, asked, decision, now_utc, has_shown_pin=has_shown)
            except NotAllowed:
                return text("Somebody at the lane decides this.")
            except AlreadyDecided as decided:
                words = text("{name} has approved this already.")
                if decided.decision is Decision.REFUSED:
                    words = text("{name} has refused this already.")
                return words.format(name=decided.by)
            except ImpossibleStepError:
                return text("The lane no longer waits for this.")
        return ""

    def _helper(self, request: Request) -> Helper:
        return Helper(self.view.store_id, session_of(request).name)

    def _after(self, request: Request, chosen: str, notice: str) -> Response:
        if FRAGMENT_HEADER in request.headers:
            return self._answer(request, "staff/desk_wall.html", chosen=chosen, notice=notice)
        if notice:
            return self._answer(request, "staff/desk.html", chosen=chosen, notice=notice)
        return RedirectResponse(f"{ROOT}?{urlencode({'lane': chosen})}" if chosen else ROOT, status_code=303)

    def _answer(self, request: Request, template: str, *, chosen: str, notice: str = "") -> Response:
        person = session_of(request)
        frame = self.view.pages.frame(
            form_token=person.form_token,
            staff_name=person.name,
            is_manager=may(person.role, Permission.SEE_CONSOLE),
        )
        with self.view.database.read() as uow:
            wall = self._wall(uow, self._helper(request), chosen, notice)
            has_lanes = bool(lanes.enrolled(uow, self.view.store_id))
        return self.view.pages.answer(template, frame, wall=wall, has_lanes=has_lanes)

    def _wall(self, uow: UnitOfWork, helper: Helper, chosen: str, notice: str) -> DeskWall:
        now_utc, texts = self.view.clock(), self.view.pages.texts
        calls = desk_calls.queue(uow, helper.desk_id, now_utc)
        beside = {name_of(call): self._beside(uow, call) for call in calls}
        return DeskWriter(helper, now_utc, texts, beside).wall(calls, chosen=chosen, notice=notice)

    def _beside(self, uow: UnitOfWork, call: DeskCall) -> OfCall:
        store_id, language = call.store.store_id, self.view.pages.texts.language
        terms = help_terms.terms_of(uow, store_id)
        talks = talks_of(uow, store_id, [call.call], language, call.store.currency)
        link = call_link_for(terms.call_link).of(uow, store_id, call.call, self.view.clock())
        return OfCall(terms.policy, talks.get(call.call.help_id), link)


def is_desk_alone(view: StaffView) -> bool:
    """Whether people here have no lanes of their own, and answer those of other stores."""
    with view.database.read() as uow:
        is_desk = desks.terms_of(uow, view.store_id) is not None
        return is_desk and not lanes.enrolled(uow, view.store_id)


def routes(view: StaffView) -> tuple[Route, ...]:
    """The page, its wall, and what its buttons post to."""
    desk, call = StaffDesk(view), f"{ROOT}/{{store}}"
    return (
        Route(ROOT, desk.page, Permission.ANSWER_CALLS, Check.READS),
        Route(f"{ROOT}/wall", desk.fragment, Permission.ANSWER_CALLS, Check.WATCHES),
        Route(f"{call}/help/{{help_id}}/{{step}}", desk.step, Permission.ANSWER_CALLS),
        Route(
            f"{call}/interventions/{{intervention_id}}/{{decision}}",
            desk.decide,
            Permission.APPROVE_FROM_AFAR,
        ),
        Route(f"{call}/talk/{{help_id}}", desk.write, Permission.ANSWER_CALLS),
        Route(f"{call}/talk/{{help_id}}/{{phrase}}", desk.say, Permission.ANSWER_CALLS),
    )
