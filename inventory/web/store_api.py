"""Owns what managers' own systems may read of the store: items, prices, levels, movements, sales, health.

It must not know lanes or pages, nor change anything. A token of the attendant's role reads goods and stock;
only a manager's reads sales.
"""

from __future__ import annotations

from datetime import date
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from inventory.domain.staff import Permission
from inventory.services import books, catalogue
from inventory.services.item_changes import tag_of
from inventory.services.stores import business_time, find_store
from inventory.store_wire import (
    HealthMessage,
    ItemMessage,
    ItemPage,
    MovementPage,
    MovementRecord,
    PriceMessage,
    PricePage,
    SalePage,
    SaleRecord,
    StockPage,
)
from inventory.web.api_operations import PREFIX
from inventory.web.cursors import cursor_of_key, cursor_of_moment, key_of, moment_of
from inventory.web.lane_requests import json_answer
from inventory.web.problems import Problem
from inventory.web.reception import Reception
from inventory.web.store_changes import StoreChanges, wanted_gtin

MAX_PAGE = 500
Limit = Annotated[int, Query(ge=1, le=MAX_PAGE)]
Cursor = Annotated[str, Query(max_length=400)]


def router_for(reception: Reception) -> APIRouter:
    """The store API."""
    reads, changes = StoreBooks(reception), StoreChanges(reception)
    router = APIRouter(prefix=PREFIX)
    for method, path, handler in (
        ("GET", "/health", reads.get_health),
        ("GET", "/items", reads.get_items),
        ("GET", "/items/{gtin}", reads.get_item),
        ("PUT", "/items/{gtin}", changes.put_item),
        ("DELETE", "/items/{gtin}", changes.delete_item),
        ("GET", "/prices", reads.get_prices),
        ("POST", "/prices", changes.post_prices),
        ("GET", "/stock", reads.get_stock),
        ("GET", "/movements", reads.get_movements),
        ("POST", "/movements", changes.post_movement),
        ("GET", "/sales", reads.get_sales),
    ):
        endpoint: Any = handler
        router.add_api_route(path, endpoint, methods=[method], response_model=None)
    return router


class StoreBooks:
    """The handlers that read."""

    def __init__(self, reception: Reception) -> None:
        self._reception = reception
        self._store_id = reception.store_id

    def get_health(self, request: Request) -> Response:
        self._reception.system(request, Permission.SEE_LANES)
        with self._reception.database.read() as uow:
            version = catalogue.version(uow, self._store_id)
        now_utc = self._reception.clock()
        return json_answer(HealthMessage(store_id=self._store_id, catalogue_version=version, now_utc=now_utc))

    def get_items(self, request: Request, cursor: Cursor = "", limit: Limit = 100) -> Response:
        self._reception.system(request, Permission.SEE_LANES)
        with self._reception.database.read() as uow:
            items = books.items_after(uow, self._store_id, key_of(cursor), limit)
            version = catalogue.version(uow, self._store_id)
        following = cursor_of_key(items[-1].gtin) if len(items) == limit else None
        return json_answer(ItemPage(version=version, items=items, next=following))

    def get_item(self, request: Request, gtin: str) -> Response:
        self._reception.system(request, Permission.SEE_LANES)
        wanted = wanted_gtin(gtin)
        with self._reception.database.read() as uow:
            item = catalogue.find_item(uow, self._store_id, wanted)
        if item is None:
            raise Problem(HTTPStatus.NOT_FOUND, f"The store has no item {wanted}.")
        headers = {"etag": tag_of(item)}
        if headers["etag"] in _tags(request.headers.get("if-none-match", "")):
            return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
        answer = json_answer(ItemMessage(item=item))
        answer.headers.update(headers)
        return answer

    def get_prices(self, request: Request, cursor: Cursor = "", limit: Limit = 100) -> Response:
        self._reception.system(request, Permission.SEE_LANES)
        with self._reception.database.read() as uow:
            items = books.items_after(uow, self._store_id, key_of(cursor), limit)
            page = PricePage(
                version=catalogue.version(uow, self._store_id),
                currency=find_store(uow, self._store_id).currency,
                prices=tuple(
                    PriceMessage.model_construct(gtin=item.gtin, price_minor=item.price_minor)
                    for item in items
                ),
                next=cursor_of_key(items[-1].gtin) if len(items) == limit else None,
            )
        return json_answer(page)

    def get_stock(self, request: Request, cursor: Cursor = "", limit: Limit = 100) -> Response:
        self._reception.system(request, Permission.SEE_LANES)
        with self._reception.database.read() as uow:
            levels = books.levels_after(uow, self._store_id, key_of(cursor), limit)
        following = cursor_of_key(levels[-1].gtin) if len(levels) == limit else None
        return json_answer(StockPage(levels=levels, next=following))

    def get_movements(self, request: Request, gtin: str, cursor: Cursor = "", limit: Limit = 100) -> Response:
        self._reception.system(request, Permission.SEE_LANES)
        wanted = wanted_gtin(gtin)
        with self._reception.database.read() as uow:
            found = books.movements_before(uow, self._store_id, wanted, moment_of(cursor), limit)
        records = tuple(
            MovementRecord(
                source_id=each.source_id,
                gtin=each.gtin,
                reason=each.reason,
                quantity_milli=each.quantity_milli,
                actor=each.actor,
                at_utc=each.at_utc,
                location=each.place.location,
                lot=each.place.lot,
                expires_on=each.place.expires_on,
            )
            for each in found
        )
        following = cursor_of_moment(found[-1].at_utc, found[-1].source_id) if len(found) == limit else None
        return json_answer(MovementPage(movements=records, next=following))

    def get_sales(
        self, request: Request, day: date | None = None, cursor: Cursor = "", limit: Limit = 100
    ) -> Response:
        self._reception.system(request, Permission.SEE_CONSOLE)
        with self._reception.database.read() as uow:
            today, _hour = business_time(find_store(uow, self._store_id), self._reception.clock())
            found = books.sales_after(uow, self._store_id, day or today, moment_of(cursor), limit)
        records = tuple(
            SaleRecord(sale=each.sale, received_at_utc=each.received_at_utc, flags=each.flags)
            for each in found
        )
        last = found[-1].sale if len(found) == limit else None
        following = cursor_of_moment(last.paid_at_utc, last.sale_id) if last is not None else None
        return json_answer(SalePage(business_day=(day or today).isoformat(), sales=records, next=following))


def _tags(header: str) -> set[str]:
    return {each.strip().removeprefix("W/") for each in header.split(",")}
