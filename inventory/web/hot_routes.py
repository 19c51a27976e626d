"""Owns the requests that lanes send most: a sale, what is there of one item, and the stream of news.

It must not do anything that the others do not: only the framework around them is thinner. They run on the
event loop; what waits for the disk waits on the writer's thread.
"""

from __future__ import annotations

from http import HTTPStatus

from fastapi import Request

from inventory.domain.identifiers import gtin_14
from inventory.services import stock
from inventory.services.prepared_sales import Arrival
from inventory.services.sale_checks import SaleUnreadableError
from inventory.services.sale_intake import SaleIntake
from inventory.services.sales import SaleConflict
from inventory.web.events import Broker
from inventory.web.hot_door import Answer, Handlers
from inventory.web.lane_guards import speaks_for
from inventory.web.lane_requests import catalogue_in, limited_body, parsed
from inventory.web.lane_stream import LaneStream
from inventory.web.loop_answers import LoopAnswers
from inventory.web.older_lanes import knows_shelf
from inventory.web.problems import Problem
from inventory.web.reception import Reception
from inventory.web.turnstile import Turnstile
from inventory.wire import SaleMessage, StockMessage

PREFIX = "/api/v1"


class HotRoutes:
    """The handlers, with what they share."""

    def __init__(self, reception: Reception, broker: Broker) -> None:
        self.handlers: Handlers = {
            ("POST", f"{PREFIX}/sales"): self.post_sale,
            ("GET", f"{PREFIX}/stock/{{gtin}}"): self.get_stock,
            ("GET", f"{PREFIX}/events"): LaneStream(reception, broker).get_events,
        }
        self._reception = reception
        self._store_id = reception.store_id
        self._turnstile = Turnstile()
        self._answers = LoopAnswers()
        self._intake = SaleIntake(reception.database, reception.store_id, reception.clock)

    async def post_sale(self, request: Request) -> Answer:
        """Records a sale once: 201 created, 200 exists, 409 when the id is taken by another sale."""
        await self._turnstile.passed()
        lane_id = await self._reception.look(lambda: self._reception.lane(request, is_fact=True))
        body = await limited_body(request)
        message = parsed(SaleMessage, body)
        speaks_for(lane_id, message.sale.lane_id)
        outcome = await self._answers.of(self._intake.take(Arrival(message, body, catalogue_in(request))))
        await self._turnstile.passed()
        match outcome:
            case SaleConflict() as refused:
                raise Problem(HTTPStatus.CONFLICT, str(refused))
            case SaleUnreadableError() as refused:
                raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, str(refused))
            case status, answer:
                return Answer(status, answer.model_dump_json().encode())

    async def get_stock(self, request: Request) -> Answer:
        """What is there of one item, of a pack in whole packs; 404 for what the store does not know."""
        level = await self._reception.look(lambda: self._level(request))
        told = level if knows_shelf(request) else level.plain()
        return Answer(HTTPStatus.OK, told.model_dump_json().encode())

    def _level(self, request: Request) -> StockMessage:
        self._reception.anybody(request)
        wanted = gtin_14(request.scope["path"].rpartition("/")[2])
        if wanted is None:
            raise Problem(HTTPStatus.NOT_FOUND, "This is not a GTIN.")
        level = stock.on_hand_now(self._reception.database, self._store_id, wanted)
        if level is None:
            raise Problem(HTTPStatus.NOT_FOUND, f"The store does not know {wanted}.")
        return level
