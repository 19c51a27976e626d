"""Owns what lanes may ask and tell: catalogue, sales, help, interventions, states, and the event stream.

It must not know pages or people. Every lane shows its own token and speaks for itself alone; every message
may be sent again.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import Annotated, TypeVar

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import PlainTextResponse, Response, StreamingResponse
from pydantic import ValidationError
from starlette.concurrency import run_in_threadpool

from inventory.config import StoreConfig
from inventory.db.unit_of_work import Database, lane_audience
from inventory.domain.identifiers import gtin_14
from inventory.domain.staff import Role
from inventory.domain.store_plan import StorePlan
from inventory.services import (
    answers,
    catalogue,
    doors,
    feedback,
    help_desk,
    interventions,
    lane_staff,
    lanes,
    orders,
    sales,
    searches,
    stock,
)
from inventory.services.stores import UnknownStoreError, find_store
from inventory.web.events import KEEP_ALIVE, Broker, encode_event
from inventory.web.lane_guards import check_id, refuse_odd_numbers, speaks_for
from inventory.web.problems import Problem
from inventory.web.security import is_private_channel
from inventory.wire import (
    MAX_BODY_BYTES,
    AnswerReport,
    CatalogueChangedMessage,
    FeedbackMessage,
    HelpMessage,
    InterventionMessage,
    LaneStateMessage,
    Message,
    OpenLanesMessage,
    OrderReport,
    PlanMessage,
    SaleMessage,
    SearchReport,
    StaffActionMessage,
    StaffPinMessage,
)

PREFIX = "/api/v1"
LOOK_BACK = timedelta(hours=1)
"""How far back a lane that does not say what it missed is told decisions, help and stock."""

M = TypeVar("M", bound=Message)
Clock = Callable[[], datetime]


def utc_now() -> datetime:
    """The clock of a running store."""
    return datetime.now(UTC)


async def limited_body(request: Request) -> bytes:
    """The request's body. Raises Problem 413 as soon as it is longer than `MAX_BODY_BYTES`."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_BODY_BYTES:
            raise Problem(
                HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"A body may have {MAX_BODY_BYTES} bytes at most."
            )
    return bytes(body)


Body = Annotated[bytes, Depends(limited_body)]


def router_for(
    config: StoreConfig,
    database: Database,
    broker: Broker,
    *,
    plan: StorePlan | None = None,
    clock: Clock = utc_now,
) -> APIRouter:
    """The lane API and the two health pages."""
    api = _LaneApi(config, database, broker, plan=plan, clock=clock)
    router = APIRouter()
    for method, path, handler in (
        ("GET", "/catalogue", api.get_catalogue),
        ("GET", "/plan", api.get_plan),
        ("POST", "/sales", api.post_sale),
        ("PUT", "/help/{help_id}", api.put_help),
        ("PUT", "/interventions/{intervention_id}", api.put_intervention),
        ("PUT", "/orders/{order_id}", api.put_order),
        ("PUT", "/answers/{report_id}", api.put_answers),
        ("PUT", "/searches/{report_id}", api.put_searches),
        ("PUT", "/feedback/{feedback_id}", api.put_feedback),
        ("POST", "/staff/pin", api.post_staff_pin),
        ("PUT", "/staff/actions/{action_id}", api.put_staff_action),
        ("POST", "/lanes/{lane_id}/state", api.post_state),
        ("GET", "/stock/{gtin}", api.get_stock),
        ("GET", "/events", api.get_events),
    ):
        router.add_api_route(
            PREFIX + path,
            handler,
            methods=[method],
            response_model=None,
            summary=(handler.__doc__ or "").partition("\n")[0],
        )
    router.add_api_route("/healthz", api.healthz, methods=["GET"], response_model=None)
    router.add_api_route("/readyz", api.readyz, methods=["GET"], response_model=None)
    return router


class _LaneApi:
    """The handlers, with what they share. Handlers that touch tables are plain: they run on threads."""

    def __init__(
        self, config: StoreConfig, database: Database, broker: Broker, *, plan: StorePlan | None, clock: Clock
    ) -> None:
        self._store_id = config.store_id
        self._price_cuts_percent = {
            Role.ATTENDANT: config.attendant_price_cut_percent,
            Role.MANAGER: config.manager_price_cut_percent,
        }
        self._database = database
        self._broker = broker
        self._plan = plan
        self._clock = clock

    def get_catalogue(self, request: Request, since: Annotated[int | None, Query(ge=0)] = None) -> Response:
        """The whole catalogue with stock; 304 when the lane's version is the newest."""
        self._lane(request)
        with self._database.read() as uow:
            if since is not None and since == catalogue.version(uow, self._store_id):
                return Response(status_code=HTTPStatus.NOT_MODIFIED)
            return _json(catalogue.current(uow, self._store_id))

    def get_plan(self, request: Request, known: str = "") -> Response:
        """The store's plan; 304 when the lane has this one, 204 when the store has none."""
        self._lane(request)
        if self._plan is None:
            return Response(status_code=HTTPStatus.NO_CONTENT)
        if known == self._plan.version:
            return Response(status_code=HTTPStatus.NOT_MODIFIED)
        return _json(PlanMessage(plan=self._plan))

    def post_sale(self, request: Request, body: Body) -> Response:
        """Records a sale once: 201 created, 200 exists, 409 when the id is taken by another sale."""
        lane_id = self._lane(request)
        message = _parsed(SaleMessage, body)
        speaks_for(lane_id, message.sale.lane_id)
        try:
            with self._database.write() as uow:
                status, answer = sales.record(uow, self._store_id, message, body, self._clock())
        except sales.SaleConflict as error:
            raise Problem(HTTPStatus.CONFLICT, str(error)) from None
        except sales.SaleUnreadableError as error:
            raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, str(error)) from None
        return _json(answer, status=status)

    def put_help(self, request: Request, help_id: str, body: Body) -> Response:
        """Takes the shopper's side of a help request; answers where it stands."""
        lane_id = self._lane(request)
        message = _parsed(HelpMessage, body)
        speaks_for(lane_id, message.lane_id)
        check_id(help_id, message.help_id)
        try:
            with self._database.write() as uow:
                return _json(help_desk.receive(uow, self._store_id, message, self._clock()))
        except help_desk.ForeignRequestError as error:
            raise Problem(HTTPStatus.FORBIDDEN, str(error)) from None
        except help_desk.ImpossibleStepError as error:
            raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, str(error)) from None

    def put_intervention(self, request: Request, intervention_id: str, body: Body) -> Response:
        """Takes an intervention or its withdrawal: 200 with the decision once there is one, else 202."""
        lane_id = self._lane(request)
        message = _parsed(InterventionMessage, body)
        speaks_for(lane_id, message.lane_id)
        check_id(intervention_id, message.intervention_id)
        try:
            with self._database.write() as uow:
                decision = interventions.receive(uow, self._store_id, message, self._clock())
        except help_desk.ForeignRequestError as error:
            raise Problem(HTTPStatus.FORBIDDEN, str(error)) from None
        return _json(decision) if decision else Response(status_code=HTTPStatus.ACCEPTED)

    def put_order(self, request: Request, order_id: str, body: Body) -> Response:
        """Takes how far the lane has come with an order; 204, and the same again changes nothing."""
        lane_id = self._lane(request)
        outcome = _parsed(OrderReport, body).outcome
        speaks_for(lane_id, outcome.lane_id)
        check_id(order_id, outcome.order_id)
        try:
            with self._database.write() as uow:
                orders.receive(uow, self._store_id, outcome, self._clock())
        except help_desk.ForeignRequestError as error:
            raise Problem(HTTPStatus.FORBIDDEN, str(error)) from None
        except orders.OutcomeUnreadableError as error:
            raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, str(error)) from None
        return Response(status_code=HTTPStatus.NO_CONTENT)

    def put_answers(self, request: Request, report_id: str, body: Body) -> Response:
        """Takes counts of answers that helped or did not; 204, and the same report again changes nothing."""
        lane_id = self._lane(request)
        report = _parsed(AnswerReport, body)
        speaks_for(lane_id, report.lane_id)
        check_id(report_id, report.report_id)
        with self._database.write() as uow:
            answers.receive(uow, self._store_id, report, self._clock())
        return Response(status_code=HTTPStatus.NO_CONTENT)

    def put_searches(self, request: Request, report_id: str, body: Body) -> Response:
        """Takes counts of searches that found nothing; 204, and the same report again changes nothing."""
        lane_id = self._lane(request)
        report = _parsed(SearchReport, body)
        speaks_for(lane_id, report.lane_id)
        check_id(report_id, report.report_id)
        with self._database.write() as uow:
            searches.receive(uow, self._store_id, report, self._clock())
        return Response(status_code=HTTPStatus.NO_CONTENT)

    def put_feedback(self, request: Request, feedback_id: str, body: Body) -> Response:
        """Takes a shopper's face, and later its reason; 204, and the same again changes nothing."""
        lane_id = self._lane(request)
        message = _parsed(FeedbackMessage, body)
        speaks_for(lane_id, message.lane_id)
        check_id(feedback_id, message.feedback_id)
        with self._database.write() as uow:
            feedback.receive(uow, self._store_id, message, self._clock())
        return Response(status_code=HTTPStatus.NO_CONTENT)

    def post_staff_pin(self, request: Request, body: Body) -> Response:
        """Whether a PIN typed at the lane is right; 403 where it could have been read on its way."""
        lane_id = self._lane(request)
        host = request.client.host if request.client else ""
        if not is_private_channel(scheme=request.url.scheme, client_host=host):
            raise Problem(HTTPStatus.FORBIDDEN, "A PIN may travel only over https.")
        message = _parsed(StaffPinMessage, body)
        speaks_for(lane_id, message.lane_id)
        return _json(
            lane_staff.check_pin(
                self._database,
                self._store_id,
                message,
                self._clock(),
                price_cuts_percent=self._price_cuts_percent,
            )
        )

    def put_staff_action(self, request: Request, action_id: str, body: Body) -> Response:
        """Takes what staff did at the lane for the audit trail; 204, and the same again changes nothing."""
        lane_id = self._lane(request)
        message = _parsed(StaffActionMessage, body)
        speaks_for(lane_id, message.lane_id)
        check_id(action_id, message.action_id)
        lane_staff.record(self._database, self._store_id, message, self._clock())
        return Response(status_code=HTTPStatus.NO_CONTENT)

    def post_state(self, request: Request, lane_id: str, body: Body) -> Response:
        """Keeps what the lane shows, for the wall; answers which lanes are open."""
        authenticated = self._lane(request)
        message = _parsed(LaneStateMessage, body)
        speaks_for(authenticated, message.lane_id)
        speaks_for(authenticated, lane_id)
        refuse_odd_numbers(message)
        with self._database.write() as uow:
            lanes.report_state(uow, self._store_id, message, self._clock())
            return _json(OpenLanesMessage(lanes=lanes.open_lanes(uow, self._store_id, self._clock())))

    def get_stock(self, request: Request, gtin: str) -> Response:
        """What is there of one item, of a pack in whole packs; 404 for what the store does not know."""
        self._lane(request)
        wanted = gtin_14(gtin)
        if wanted is None:
            raise Problem(HTTPStatus.NOT_FOUND, "This is not a GTIN.")
        with self._database.read() as uow:
            level = stock.on_hand(uow, self._store_id, wanted)
        if level is None:
            raise Problem(HTTPStatus.NOT_FOUND, f"The store does not know {wanted}.")
        return _json(level)

    async def get_events(
        self, request: Request, since: Annotated[datetime | None, Query()] = None
    ) -> Response:
        """The event stream: first what is true now or changed since, then news as it comes."""
        lane_id = await run_in_threadpool(self._lane, request)
        since_utc = since or self._clock() - LOOK_BACK
        return StreamingResponse(
            self._stream(lane_id, since_utc),
            media_type="text/event-stream",
            headers={"cache-control": "no-store", "x-accel-buffering": "no"},
        )

    def healthz(self) -> Response:
        """Whether the process answers at all."""
        return PlainTextResponse("ok\n")

    def readyz(self) -> Response:
        """Whether the store can serve lanes: its tables answer and hold it."""
        try:
            with self._database.read() as uow:
                find_store(uow, self._store_id)
        except UnknownStoreError as error:
            raise Problem(HTTPStatus.SERVICE_UNAVAILABLE, str(error)) from None
        return PlainTextResponse("ready\n")

    async def _stream(self, lane_id: str, since_utc: datetime) -> AsyncIterator[bytes]:
        # Subscribed before looking back: what happens in between is told twice rather than never.
        with self._broker.subscribe(self._store_id, lane_audience(lane_id)) as subscription:
            told_version, missed = await run_in_threadpool(self._missed, lane_id, since_utc)
            for encoded in missed:
                yield encoded
            async for encoded in subscription.encoded_events():
                yield encoded
                if encoded == KEEP_ALIVE:
                    # An import from the command line commits in another process, which cannot tell us.
                    version = await run_in_threadpool(self._version)
                    if version != told_version:
                        told_version = version
                        yield encode_event("catalogue", CatalogueChangedMessage(version=version))

    def _version(self) -> int:
        with self._database.read() as uow:
            return catalogue.version(uow, self._store_id)

    def _missed(self, lane_id: str, since_utc: datetime) -> tuple[int, list[bytes]]:
        with self._database.read() as uow:
            version = catalogue.version(uow, self._store_id)
            told: list[tuple[str, Message]] = [("catalogue", CatalogueChangedMessage(version=version))]
            requests = help_desk.requests_of_lane(uow, self._store_id, lane_id, since_utc=since_utc)
            decisions = interventions.decisions_of_lane(uow, self._store_id, lane_id, since_utc=since_utc)
            door = doors.of_lane(uow, self._store_id, lane_id)
            unfinished = orders.of_lane(uow, self._store_id, lane_id)
            moved = stock.moved_since(uow, self._store_id, since_utc)
        told += [("help", message) for message in requests]
        told += [("decision", message) for message in decisions]
        told += [("door", door)] if door is not None else []
        told += [("order", message) for message in unfinished]
        told += [("stock", message) for message in moved]
        return version, [encode_event(event_name, message) for event_name, message in told]

    def _lane(self, request: Request) -> str:
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        lane_id = None
        if scheme.lower() == "bearer" and token:
            with self._database.read() as uow:
                lane_id = lanes.authenticate(uow, self._store_id, token.strip())
        if lane_id is None:
            raise Problem(
                HTTPStatus.UNAUTHORIZED,
                "A lane must show its token.",
                headers={"www-authenticate": 'Bearer realm="lanelight"'},
            )
        return lane_id


def _json(message: Message, *, status: int = HTTPStatus.OK) -> Response:
    return Response(message.model_dump_json(), status_code=status, media_type="application/json")


def _parsed(kind: type[M], body: bytes) -> M:
    if kind is not SaleMessage and b"\\u0000" in body:
        # PostgreSQL holds no NUL. A sale is a fact and is taken without it; a note can be refused.
        raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, "A text of the message holds a NUL character.")
    try:
        return kind.model_validate_json(body)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False, include_context=False)[0]
        place = ".".join(str(part) for part in first["loc"]) or "body"
        raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, f"{place}: {first['msg']}") from None
