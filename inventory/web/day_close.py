"""Owns the day close: its page, a sale's page, and the orders and answers people give there.

It must not know how figures are drawn (day_views does), nor what an order does to a terminal. Whoever orders
money to move types their PIN again, whoever signed in on this screen.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response

from inventory.config import StoreConfig
from inventory.db.unit_of_work import Database, UnitOfWork
from inventory.domain.orders import OrderKind
from inventory.domain.staff import MAX_PIN_DIGITS, Permission, may
from inventory.services import day_close, lanes, orders, pins, reversals, stores, tasks
from inventory.services.orders import OrderRefused, PlacedOrder, Refusal
from inventory.services.pins import PinRefused
from inventory.services.reversals import CardSale, Goods
from inventory.services.tasks import NoteMissing, TaskGone
from inventory.web import day_views as views
from inventory.web.auth import Guard, may_carry_pin, open_channel_words, refusal_words, session_of
from inventory.web.events import Broker
from inventory.web.pages import Clock, PageRefused, Pages, pages_for, utc_now
from inventory.web.rail import places
from inventory.web.wall_words import lane_name_words, lane_words

PATH = "/staff/day"
MAX_ID_LENGTH = 200
_FORMS = ("/close", "/take-back", "/settle", "/goods", "/task")

Deed = Callable[[UnitOfWork, str, datetime], object]
"""What a person does in one transaction: gets their name and the time."""

Text = Annotated[str, Form()]


class DayClose:
    """The pages under /staff/day."""

    def __init__(self, config: StoreConfig, database: Database, *, pages: Pages, clock: Clock) -> None:
        self._store_id = config.store_id
        self._database = database
        self._pages = pages
        self._clock = clock

    def page(self, request: Request, receipt: str = "") -> Response:
        return self._page(request, receipt=receipt)

    def sale(self, request: Request, id: str = "") -> Response:  # noqa: A002 - the name in the address
        return self._sale_page(request, id)

    def close(self, request: Request, lane_id: Text = "", pin: Text = "") -> Response:
        def deed(uow: UnitOfWork, who: str, now_utc: datetime) -> object:
            return orders.close_day(uow, self._store_id, lane_id[:MAX_ID_LENGTH], who=who, now_utc=now_utc)

        return self._after(request, self._with_pin(request, pin, deed))

    def take_back(self, request: Request, sale_id: Text = "", pin: Text = "") -> Response:
        def deed(uow: UnitOfWork, who: str, now_utc: datetime) -> object:
            return orders.take_back(uow, self._store_id, sale_id[:MAX_ID_LENGTH], who=who, now_utc=now_utc)

        notice = self._with_pin(request, pin, deed)
        return self._sale_page(request, sale_id, notice=notice, status=409) if notice else self._to(sale_id)

    def settle(self, request: Request, order_id: Text = "", was_done: Text = "", pin: Text = "") -> Response:
        def deed(uow: UnitOfWork, who: str, now_utc: datetime) -> object:
            wanted = order_id[:MAX_ID_LENGTH]
            is_done = was_done == "yes"
            orders.settle(uow, self._store_id, wanted, was_done=is_done, who=who, now_utc=now_utc)
            return None

        if was_done not in ("yes", "no"):
            raise PageRefused(422, self._text("Say what the slip shows."), way_on=PATH)
        return self._after(request, self._with_pin(request, pin, deed))

    def goods(self, request: Request, sale_id: Text = "", goods: Text = "") -> Response:
        if goods not in {each.value for each in Goods}:
            raise PageRefused(422, self._text("Say where the goods are."), way_on=PATH)

        def deed(uow: UnitOfWork, who: str, now_utc: datetime) -> object:
            wanted = sale_id[:MAX_ID_LENGTH]
            reversals.decide_goods(uow, self._store_id, wanted, Goods(goods), who=who, now_utc=now_utc)
            return None

        return self._after(request, self._do(request, deed))

    def task(self, request: Request, task_id: Text = "", note: Text = "") -> Response:
        def deed(uow: UnitOfWork, who: str, now_utc: datetime) -> object:
            wanted = task_id[:MAX_ID_LENGTH]
            tasks.tick_off(uow, self._store_id, wanted, who=who, note=note, now_utc=now_utc)
            return None

        return self._after(request, self._do(request, deed))

    # -- deeds -----------------------------------------------------------------------------------

    def _with_pin(self, request: Request, pin: str, deed: Deed) -> str:
        """Does what moves money, once the PIN is right; answers why not, or ""."""
        if not may_carry_pin(request):
            raise PageRefused(403, open_channel_words(self._pages.texts), way_on=PATH)
        if not pin:
            return self._text("Type your PIN to order this.")
        name = session_of(request).name
        # Worked on before the transaction, as every PIN: nobody else waits for it.
        checked = pins.check(self._database, self._store_id, name=name, pin=pin[: MAX_PIN_DIGITS + 1])
        with self._database.write() as uow:
            settled = pins.settle(uow, self._store_id, checked, what="pin.refused", now_utc=self._clock())
        if isinstance(settled, PinRefused):
            wrong = self._text("The PIN is not right. Nothing was ordered.")
            return refusal_words(settled.reason, self._pages.texts, wrong=wrong)
        return self._do(request, deed)

    def _do(self, request: Request, deed: Deed) -> str:
        """Does it in one transaction, or nothing of it; answers why not, or ""."""
        try:
            with self._database.write() as uow:
                deed(uow, session_of(request).name, self._clock())
        except OrderRefused as refused:
            return views.refusal_words(refused.reason, refused.by, self._pages.texts)
        except TaskGone as gone:
            if not gone.by:
                return views.refusal_words(Refusal.UNKNOWN, "", self._pages.texts)
            return self._text("{name} has done this already.").format(name=gone.by)
        except NoteMissing:
            return self._text("Write what you found.")
        return ""

    def _after(self, request: Request, notice: str) -> Response:
        return self._page(request, notice=notice, status=409) if notice else self._to("")

    def _to(self, sale_id: str) -> Response:
        path = _sale_path(sale_id) if sale_id else PATH
        return RedirectResponse(path, status_code=303)

    # -- pages -----------------------------------------------------------------------------------

    def _page(self, request: Request, *, receipt: str = "", notice: str = "", status: int = 200) -> Response:
        texts, number = self._pages.texts, int(receipt) if _is_number(receipt) else None
        with self._database.read() as uow:
            now_utc = self._clock()
            zone = ZoneInfo(stores.find_store(uow, self._store_id).timezone)
            closings = day_close.last_closings(uow, self._store_id)
            ordered = orders.newest_of_lanes(uow, self._store_id, OrderKind.CLOSE_DAY)
            today = now_utc.astimezone(zone).date()
            sold = reversals.card_sales(uow, self._store_id, today, receipt_no=number)
            about = orders.of_sales(uow, self._store_id, [each.sale.sale_id for each in sold])
            wall = lanes.wall(uow, self._store_id, now_utc)
            day = [
                views.lane_day(lane, closings.get(lane.lane_id), ordered.get(lane.lane_id), texts, zone=zone)
                for lane in wall
            ]
            waiting = [task for task in tasks.open_tasks(uow, self._store_id) if task.kind != tasks.WRITTEN]
        names = {lane.lane_id: lane_words(lane, texts) for lane in wall}
        return self._answer(
            request,
            "day",
            status=status,
            notice=notice,
            lanes=day,
            tasks=[views.task_view(task, texts, zone=zone) for task in waiting],
            sales=[
                views.sale_row(
                    found,
                    names.get(found.sale.lane_id, found.sale.lane_id),
                    texts,
                    closing=closings.get(found.sale.lane_id),
                    order=about.get(found.sale.sale_id),
                    zone=zone,
                )
                for found in sold
            ],
            receipt=receipt if number is not None else "",
        )

    def _sale_page(self, request: Request, sale_id: str, *, notice: str = "", status: int = 200) -> Response:
        with self._database.read() as uow:
            zone = ZoneInfo(stores.find_store(uow, self._store_id).timezone)
            found: CardSale | None = reversals.find(uow, self._store_id, sale_id[:MAX_ID_LENGTH])
            if found is None:
                raise PageRefused(
                    404,
                    self._text("There is no such sale."),
                    way_on=PATH,
                    way_on_label=self._text("Day close"),
                )
            order: PlacedOrder | None = orders.of_sales(uow, self._store_id, [found.sale.sale_id]).get(
                sale_id
            )
            refused = orders.refusal_of(uow, self._store_id, found)
            name = day_close.lane_name(uow, self._store_id, found.sale.lane_id)
        texts = self._pages.texts
        view = views.sale_page(
            found, lane_name_words(name, texts), texts, order=order, refused=refused, zone=zone
        )
        return self._answer(request, "sale", status=status, notice=notice, sale=view)

    def _answer(self, request: Request, name: str, *, status: int, **values: Any) -> Response:
        person = session_of(request)
        is_manager = may(person.role, Permission.SEE_CONSOLE)
        frame = self._pages.frame(form_token=person.form_token, staff_name=person.name, is_manager=is_manager)
        rail = places(PATH, self._pages.texts, role=person.role)
        return self._pages.answer(f"day/{name}.html", frame, status=status, places=rail, **values)

    def back(self) -> Response:
        """Whoever reloads the address of a form gets the page it stood on, and nothing is ordered again."""
        return self._to("")

    def _text(self, message: str) -> str:
        return self._pages.texts.text(message)


def _sale_path(sale_id: str) -> str:
    return f"{PATH}/sale?{urlencode({'id': sale_id})}"


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 10


def router_for(
    config: StoreConfig, database: Database, broker: Broker, *, clock: Clock = utc_now
) -> APIRouter:
    """Routes under /staff/day."""
    del broker
    here = DayClose(config, database, pages=pages_for(config.name, config.language), clock=clock)
    guard = Guard(config, database, clock=clock)
    router = APIRouter(prefix=PATH, include_in_schema=False)
    ways: list[tuple[str, str, Callable[..., Response], Callable[[Permission], Callable[..., object]]]] = [
        ("GET", "", here.page, guard.reads),
        ("GET", "/sale", here.sale, guard.reads),
        ("POST", "/close", here.close, guard.posts),
        ("POST", "/take-back", here.take_back, guard.posts),
        ("POST", "/settle", here.settle, guard.posts),
        ("POST", "/goods", here.goods, guard.posts),
        ("POST", "/task", here.task, guard.posts),
        *[("GET", path, here.back, guard.reads) for path in _FORMS],
    ]
    for method, path, handler, check in ways:
        router.add_api_route(
            path,
            handler,
            methods=[method],
            response_model=None,
            dependencies=[Depends(check(Permission.CLOSE_DAY))],
        )
    return router
