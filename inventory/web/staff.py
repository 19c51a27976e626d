"""Owns the tablet's routes: the lane wall, the steps of a call, decisions, and the news of a change.

It must not know how a tile looks (lane_wall does) or who may move what (the help desk does).
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable
from datetime import datetime, time
from typing import Annotated, Final
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response
from starlette.concurrency import run_in_threadpool
from starlette.responses import StreamingResponse

from inventory.config import StoreConfig
from inventory.db.unit_of_work import STAFF, Database, UnitOfWork
from inventory.domain.help_desk import Decision, Deed, HelpState, InterventionKind, Resolve, Take
from inventory.domain.pricing import GivenPrice, PriceFault
from inventory.domain.staff import MAX_PIN_DIGITS, Permission, may, needed_to_decide
from inventory.services import (
    availability,
    catalogue,
    doors,
    empty_shelves,
    feedback_alerts,
    help_desk,
    interventions,
    lanes,
    pins,
    stores,
    tasks,
)
from inventory.services import staff as service
from inventory.services.help_desk import AlreadyTaken, ImpossibleStepError, UnknownRequestError
from inventory.services.interventions import AlreadyDecided, Intervention
from inventory.services.pins import PinCheck, PinRefused
from inventory.web.auth import (
    FRAGMENT_HEADER,
    Guard,
    may_carry_pin,
    open_channel_words,
    refusal_words,
    session_of,
)
from inventory.web.events import Broker, StreamEvent
from inventory.web.feedback_steps import step_on
from inventory.web.lane_wall import WallWriter
from inventory.web.open_streams import OpenStreams
from inventory.web.pages import Clock, PageRefused, Pages, pages_for, utc_now
from inventory.web.price_form import PriceForm, PriceTerms, fault_words, price_words, read_price
from inventory.web.shelf_tile import read_count
from inventory.web.today_views import percentile
from inventory.web.wall_parts import Wall
from inventory.wire import StockMessage

STREAMS_OF_A_SESSION: Final = 12
"""Open at once: a tablet and a desk with some tabs, under one sign-in."""
TICK_S: Final = 5.0
"""How often the stream says something at least; the page calls itself not connected after three of these."""

RETRY_MS: Final = 2000

_CHANGED: Final = "event: changed\ndata: wall\n\n"
_TICK: Final = "event: tick\ndata: here\n\n"
_SIGNED_OUT: Final = "event: signed-out\ndata: now\n\n"
_WALL_EVENTS: Final = frozenset({"help", "decision", "door", "feedback", "intervention", "lane", "task"})

_QUESTION: Final = "/staff/interventions/{intervention_id}"
_PRICE: Final = "/staff/prices/{intervention_id}"

_STEPS: Final[dict[str, Callable[[str], Deed]]] = {
    "accept": lambda name: Take(name, HelpState.ACCEPTED),
    "en-route": lambda name: Take(name, HelpState.EN_ROUTE),
    "arrive": lambda name: Take(name, HelpState.ARRIVED),
    "resolve": Resolve,
}
_DECISIONS: Final = {"approve": Decision.APPROVED, "refuse": Decision.REFUSED}
_DOORS: Final = {"close": True, "open": False}
_CHARGES: Final = {Decision.APPROVED: "the card was charged", Decision.REFUSED: "the card was not charged"}
"""What a decision about a payment says, as the audit trail and the lane are told."""


class Tablet:
    """The tablet's pages and what its buttons do."""

    def __init__(
        self, config: StoreConfig, database: Database, broker: Broker, *, pages: Pages, clock: Clock
    ) -> None:
        self._store_id = config.store_id
        self._database = database
        self._broker = broker
        self._open = OpenStreams(most=STREAMS_OF_A_SESSION)
        self._pages = pages
        self._clock = clock

    def page(self, request: Request, lane: str = "") -> Response:
        return self._answer(request, "staff/tablet.html", lane=lane)

    def fragment(self, request: Request, lane: str = "") -> Response:
        return self._answer(request, "staff/wall.html", lane=lane)

    def seen(self) -> Response:
        """Somebody touched the tablet; the guard has noted it."""
        return Response(status_code=204)

    def step(self, request: Request, help_id: str, step: str, lane: Annotated[str, Form()] = "") -> Response:
        if step not in _STEPS:
            raise PageRefused(404, self._text("There is no such step."), way_on="/staff")
        notice = ""
        try:
            with self._database.write() as uow:
                deed = _STEPS[step](session_of(request).name)
                empty_shelves.do(uow, self._store_id, help_id, deed, self._clock())
        except AlreadyTaken as taken:
            notice = self._text("{name} has taken this call already.").format(name=taken.by)
        except ImpossibleStepError:
            notice = self._text("This call is over already.")
        except UnknownRequestError:
            notice = self._text("This call is not known here.")
        return self._after_action(request, lane=lane, notice=notice)

    def alert(
        self, request: Request, alert_id: str, step: str, lane: Annotated[str, Form()] = ""
    ) -> Response:
        """Sees to an alert of bad faces, or is done with it."""
        name, now_utc, texts = session_of(request).name, self._clock(), self._pages.texts
        notice = step_on(
            self._database, self._store_id, alert_id, step, by=name, now_utc=now_utc, texts=texts
        )
        return self._after_action(request, lane=lane, notice=notice)

    def count(
        self,
        request: Request,
        help_id: str,
        counted: Annotated[str, Form()] = "",
        lane: Annotated[str, Form()] = "",
    ) -> Response:
        """Ends a report of an empty shelf with what is really there."""
        number, name, notice = read_count(counted), session_of(request).name, ""
        if number is None:
            notice = self._text("Type the count as a whole number.")
            return self._after_action(request, lane=lane, notice=notice)
        try:
            with self._database.write() as uow:
                empty_shelves.counted(uow, self._store_id, help_id, number, who=name, now_utc=self._clock())
        except (ImpossibleStepError, availability.UncountableError):
            notice = self._text("This call is over already.")
        except UnknownRequestError:
            notice = self._text("This call is not known here.")
        return self._after_action(request, lane=lane, notice=notice)

    def decide(
        self,
        request: Request,
        intervention_id: str,
        decision: str,
        lane: Annotated[str, Form()] = "",
        pin: Annotated[str, Form()] = "",
    ) -> Response:
        wanted = _DECISIONS.get(decision)
        if wanted is None:
            raise PageRefused(404, self._text("There is no such decision."), way_on="/staff")
        with self._database.read() as uow:
            asked = interventions.find(uow, self._store_id, intervention_id)
        if asked is None:
            notice = self._text("This question is not known here.")
        elif not may(session_of(request).role, needed_to_decide(asked.kind)):
            notice = self._text("Somebody at the lane decides this.")
        elif asked.kind is InterventionKind.PRICE:
            notice = self._text("Type a name and a price first.")
        elif asked.kind is InterventionKind.PAYMENT_IN_DOUBT:
            notice = self._decide_payment(request, asked, wanted, pin=pin[: MAX_PIN_DIGITS + 1])
        else:
            notice = self._decide(session_of(request).name, asked, wanted)
        return self._after_action(request, lane=lane, notice=notice)

    def price(
        self, request: Request, intervention_id: str, decision: str, form: Annotated[PriceForm, Form()]
    ) -> Response:
        """Names and prices goods the catalogue does not know, or says that they are not for sale."""
        wanted = _DECISIONS.get(decision)
        if wanted is None:
            raise PageRefused(404, self._text("There is no such decision."), way_on="/staff")
        with self._database.read() as uow:
            asked = interventions.find(uow, self._store_id, intervention_id)
            terms = self._terms(uow)
        given = read_price(form, terms) if wanted is Decision.APPROVED else None
        if asked is None or asked.kind is not InterventionKind.PRICE:
            notice = self._text("This question is not known here.")
        elif isinstance(given, PriceFault):
            notice = fault_words(given, terms, self._pages.texts)
        else:
            notice = self._decide(session_of(request).name, asked, wanted, price=given)
        return self._after_action(request, lane=form.lane, notice=notice)

    def door(
        self,
        request: Request,
        lane_id: str,
        wanted: str,
        lane: Annotated[str, Form()] = "",
        after: Annotated[str, Form()] = "",
    ) -> Response:
        """Closes or opens a lane, unless somebody has moved its door since this page was drawn."""
        if wanted not in _DOORS:
            raise PageRefused(404, self._text("There is no such step."), way_on="/staff")
        notice = ""
        now_utc = self._clock()
        with self._database.write() as uow:
            if not any(each.lane_id == lane_id for each in lanes.wall(uow, self._store_id, now_utc)):
                raise PageRefused(404, self._text("This lane is not known here."), way_on="/staff")
            name, close = session_of(request).name, _DOORS[wanted]
            try:
                doors.order(uow, self._store_id, lane_id, name, now_utc, close=close, after=after)
            except doors.DoorMovedError as moved:
                words = self._text("{name} has opened this lane already.")
                if moved.is_closed:
                    words = self._text("{name} has closed this lane already.")
                notice = words.format(name=moved.by)
        return self._after_action(request, lane=lane, notice=notice)

    def _terms(self, uow: UnitOfWork) -> PriceTerms:
        currency = stores.find_store(uow, self._store_id).currency
        return PriceTerms(currency, catalogue.tax_rates(uow, self._store_id))

    def _decide_payment(self, request: Request, asked: Intervention, decision: Decision, *, pin: str) -> str:
        """Money is at stake: whoever decides shows their PIN again, whoever signed in on this tablet."""
        if not may_carry_pin(request):
            raise PageRefused(403, open_channel_words(self._pages.texts), way_on="/staff")
        if not pin:
            return self._text("Type your PIN to decide this.")
        name = session_of(request).name
        checked = pins.check(self._database, self._store_id, name=name, pin=pin)
        return self._decide(name, asked, decision, checked=checked)

    def _decide(
        self,
        name: str,
        asked: Intervention,
        decision: Decision,
        *,
        checked: PinCheck | None = None,
        price: GivenPrice | None = None,
    ) -> str:
        """Decides; answers why not, or "". What came of the PIN is counted even when somebody was faster."""
        is_payment = asked.kind is InterventionKind.PAYMENT_IN_DOUBT
        reason = _CHARGES[decision] if is_payment else ""
        reason = price_words(price, self._pages.texts) if price is not None else reason
        with self._database.write() as uow:
            now_utc = self._clock()
            if checked is not None:
                settled = pins.settle(uow, self._store_id, checked, what="pin.refused", now_utc=now_utc)
                if isinstance(settled, PinRefused):
                    return self._pin_words(settled)
            try:
                asked_id = asked.intervention_id
                interventions.decide(
                    uow, self._store_id, asked_id, decision, name, reason, now_utc, price=price
                )
            except AlreadyDecided as decided:
                return self._decided_words(decided, is_payment=is_payment)
            except ImpossibleStepError:
                return self._text("The lane no longer waits for this.")
        return ""

    def _pin_words(self, refused: PinRefused) -> str:
        wrong = self._text("The PIN is not right. Nothing was decided.")
        return refusal_words(refused.reason, self._pages.texts, wrong=wrong)

    def _decided_words(self, decided: AlreadyDecided, *, is_payment: bool) -> str:
        match decided.decision:
            case Decision.APPROVED if is_payment:
                words = self._text("{name} has decided already: charged.")
            case Decision.REFUSED if is_payment:
                words = self._text("{name} has decided already: not charged.")
            case Decision.APPROVED:
                words = self._text("{name} has approved this already.")
            case Decision.REFUSED:
                words = self._text("{name} has refused this already.")
        return words.format(name=decided.by)

    async def events(self, request: Request) -> Response:
        """The page's news: that the wall changed, never what; the page fetches the wall itself."""
        return StreamingResponse(
            self.news(session_of(request).token),
            media_type="text/event-stream",
            headers={"x-accel-buffering": "no"},
        )

    async def news(self, token: str) -> AsyncGenerator[str]:
        """The stream's text, until the session behind the token ends."""
        listening = self._broker.subscribe(self._store_id, STAFF)
        with listening as subscription, self._open.one_of(token, subscription.end):
            goods = await run_in_threadpool(self._missed_goods)
            yield f"retry: {RETRY_MS}\n\n{_CHANGED}"
            while not subscription.is_ended:
                event = await subscription.next_event(timeout_s=TICK_S)
                if not await run_in_threadpool(self._is_signed_in, token):
                    yield _SIGNED_OUT
                    return
                if event is not None and event.event_name == "help":
                    goods = await run_in_threadpool(self._missed_goods)
                yield _CHANGED if event is not None and _is_shown(event, goods) else _TICK

    def _is_signed_in(self, token: str) -> bool:
        with self._database.read() as uow:
            return service.session(uow, self._store_id, token=token, now_utc=self._clock()) is not None

    def _after_action(self, request: Request, *, lane: str, notice: str) -> Response:
        if FRAGMENT_HEADER in request.headers:
            return self._answer(request, "staff/wall.html", lane=lane, notice=notice)
        if notice:
            return self._answer(request, "staff/tablet.html", lane=lane, notice=notice)
        return RedirectResponse(f"/staff?{urlencode({'lane': lane})}" if lane else "/staff", status_code=303)

    def _answer(self, request: Request, template: str, *, lane: str, notice: str = "") -> Response:
        person = session_of(request)
        frame = self._pages.frame(
            form_token=person.form_token,
            staff_name=person.name,
            is_manager=may(person.role, Permission.SEE_CONSOLE),
        )
        wall = self._wall(person.name, lane=lane, notice=notice)
        return self._pages.answer(template, frame, wall=wall)

    def _wall(self, me: str, *, lane: str, notice: str) -> Wall:
        now_utc = self._clock()
        with self._database.read() as uow:
            zone = ZoneInfo(stores.find_store(uow, self._store_id).timezone)
            midnight = datetime.combine(now_utc.astimezone(zone).date(), time(), tzinfo=zone)
            answers_s = help_desk.seconds_to_answer(uow, self._store_id, since_utc=midnight)
            seen = lanes.wall(uow, self._store_id, now_utc)
            waiting = tuple(
                task.words for task in tasks.open_tasks(uow, self._store_id) if task.is_about_money
            )
            terms = self._terms(uow)
            shelves = empty_shelves.missed(uow, self._store_id)
            alerts = feedback_alerts.standing(uow, self._store_id, now_utc)
        writer = WallWriter(me, now_utc, self._pages.texts, terms, shelves)
        return writer.wall(
            seen,
            chosen=lane,
            notice=notice,
            answered_s=percentile(answers_s, 50),
            tasks=waiting,
            alerts=alerts,
        )

    def _missed_goods(self) -> frozenset[str]:
        with self._database.read() as uow:
            return frozenset(empty_shelves.missed(uow, self._store_id))

    def _text(self, message: str) -> str:
        return self._pages.texts.text(message)


def _is_shown(event: StreamEvent, goods: frozenset[str]) -> bool:
    """Whether the wall looks different: stock stands there of `goods` alone."""
    if isinstance(event.message, StockMessage):
        return event.message.gtin in goods
    return event.event_name in _WALL_EVENTS


def router_for(
    config: StoreConfig, database: Database, broker: Broker, *, clock: Clock = utc_now
) -> APIRouter:
    """Routes under /staff."""
    tablet = Tablet(config, database, broker, pages=pages_for(config.name, config.language), clock=clock)
    guard = Guard(config, database, clock=clock)
    router = APIRouter(include_in_schema=False)
    for method, path, handler, check, needed in (
        ("GET", "/staff", tablet.page, guard.reads, Permission.SEE_LANES),
        ("GET", "/staff/wall", tablet.fragment, guard.watches, Permission.SEE_LANES),
        ("GET", "/staff/events", tablet.events, guard.watches, Permission.SEE_LANES),
        ("POST", "/staff/seen", tablet.seen, guard.posts, Permission.SEE_LANES),
        ("POST", "/staff/help/{help_id}/{step}", tablet.step, guard.posts, Permission.ANSWER_CALLS),
        ("POST", f"{_QUESTION}/{{decision}}", tablet.decide, guard.posts, Permission.APPROVE_FROM_AFAR),
        ("POST", "/staff/alerts/{alert_id}/{step}", tablet.alert, guard.posts, Permission.ANSWER_CALLS),
        ("POST", "/staff/shelf/{help_id}/count", tablet.count, guard.posts, Permission.KEEP_STOCK),
        ("POST", "/staff/doors/{lane_id}/{wanted}", tablet.door, guard.posts, Permission.MOVE_DOORS),
        ("POST", f"{_PRICE}/{{decision}}", tablet.price, guard.posts, Permission.SET_PRICE),
    ):
        router.add_api_route(
            path,
            handler,
            methods=[method],
            response_model=None,
            dependencies=[Depends(check(needed))],
        )
    return router
