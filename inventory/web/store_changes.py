"""Owns what managers' own systems may change in the store: items, prices, stock. Each change is made once.

It must not know lanes or pages. A change carries an id of its sender's: an Idempotency-Key, or a movement's
own source; the same again is answered as the first was, another under the same id is refused.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from http import HTTPStatus

from fastapi import Request
from fastapi.responses import Response

from inventory.db.unit_of_work import UnitOfWork
from inventory.domain.identifiers import gtin_14
from inventory.domain.staff import Permission
from inventory.domain.stock import Movement
from inventory.services import books, catalogue, item_changes, once, stock
from inventory.services.api_tokens import ApiToken
from inventory.services.item_changes import ItemChangedError, ItemRefusedError, ManyPricesError
from inventory.services.once import Answered
from inventory.store_wire import ItemAnswer, ItemMessage, MovementAnswer, MovementMessage, PriceChanges
from inventory.web.lane_requests import JSON, Body, json_answer, parsed
from inventory.web.problems import Problem
from inventory.web.reception import Reception

_KEY = re.compile(r"[\x21-\x7e]{1,128}")
_TAG = re.compile(r'"[\x21\x23-\x7e]{1,128}"')

Change = Callable[[UnitOfWork], Answered]


class StoreChanges:
    """The handlers that change something."""

    def __init__(self, reception: Reception) -> None:
        self._reception = reception
        self._store_id = reception.store_id

    def put_item(self, request: Request, gtin: str, body: Body) -> Response:
        caller = self._reception.system(request, Permission.CHANGE_GOODS)
        item = parsed(ItemMessage, body).item
        if item.gtin != wanted_gtin(gtin):
            raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, "The GTIN in the path is not the one in the body.")
        seen = _seen(request)

        def change(uow: UnitOfWork) -> Answered:
            version = item_changes.put_item(
                uow, self._store_id, item, seen=seen, by=caller.name, now_utc=self._reception.clock()
            )
            status = HTTPStatus.OK if seen else HTTPStatus.CREATED
            return _answered(ItemAnswer(version=version), status, etag=item_changes.tag_of(item))

        return self._once(request, caller, body, change)

    def delete_item(self, request: Request, gtin: str) -> Response:
        caller = self._reception.system(request, Permission.CHANGE_GOODS)
        wanted, seen = wanted_gtin(gtin), _seen(request)
        if seen is None:
            raise Problem(HTTPStatus.PRECONDITION_REQUIRED, "If-Match is wanted: the item's entity tag.")

        def change(uow: UnitOfWork) -> Answered:
            version = item_changes.drop_item(
                uow, self._store_id, wanted, seen=seen, by=caller.name, now_utc=self._reception.clock()
            )
            if version is None:
                raise Problem(HTTPStatus.NOT_FOUND, f"The store has no item {wanted}.")
            return _answered(ItemAnswer(version=version), HTTPStatus.OK)

        return self._once(request, caller, b"", change)

    def post_prices(self, request: Request, body: Body) -> Response:
        caller = self._reception.system(request, Permission.CHANGE_GOODS)
        wanted = parsed(PriceChanges, body)

        def change(uow: UnitOfWork) -> Answered:
            version = item_changes.set_prices(
                uow,
                self._store_id,
                {each.gtin: each.price_minor for each in wanted.prices},
                confirmed=wanted.confirmed,
                by=caller.name,
                now_utc=self._reception.clock(),
            )
            return _answered(ItemAnswer(version=version), HTTPStatus.OK)

        return self._once(request, caller, body, change)

    def post_movement(self, request: Request, body: Body) -> Response:
        caller = self._reception.system(request, Permission.KEEP_STOCK)
        message = parsed(MovementMessage, body)
        source_id = f"api:{caller.token_id}:{message.source_id}"
        with self._reception.database.write() as uow:
            item = catalogue.find_item(uow, self._store_id, message.gtin)
            if item is None:
                raise Problem(HTTPStatus.NOT_FOUND, f"The store has no item {message.gtin}.")
            gtin, units = item.booked_as
            wanted = Movement(
                gtin,
                message.reason,
                message.quantity_milli * units,
                source_id,
                caller.name,
                self._reception.clock(),
                message.place,
            )
            is_new = stock.post(uow, self._store_id, wanted)
            known = None if is_new else books.movement_of(uow, self._store_id, source_id)
            if known is not None and replace(known, at_utc=wanted.at_utc, actor=wanted.actor) != wanted:
                raise Problem(HTTPStatus.CONFLICT, f"{message.source_id} was posted with other contents.")
            level = stock.on_hand(uow, self._store_id, message.gtin)
        if known is None:
            return json_answer(MovementAnswer(outcome="created", level=level), status=HTTPStatus.CREATED)
        return json_answer(MovementAnswer(outcome="exists", level=level))

    def _once(self, request: Request, caller: ApiToken, body: bytes, change: Change) -> Response:
        key = key_in(request)
        line = f"{request.method} {request.url.path} {request.headers.get('if-match', '')}"
        asked = once.Request(caller.token_id, key, once.fingerprint(line, body))
        now_utc = self._reception.clock()
        try:
            with self._reception.database.write() as uow:
                answer = once.begin(uow, self._store_id, asked, now_utc)
                if answer is None:
                    answer = change(uow)
                    once.end(uow, self._store_id, asked, answer)
        except (once.KeyTakenError, ManyPricesError) as error:
            raise Problem(HTTPStatus.CONFLICT, str(error)) from None
        except ItemChangedError as error:
            raise Problem(HTTPStatus.PRECONDITION_FAILED, str(error)) from None
        except ItemRefusedError as error:
            raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, str(error)) from None
        headers = {"etag": answer.etag} if answer.etag else {}
        return Response(answer.body, status_code=answer.status, media_type=JSON, headers=headers)


def key_in(request: Request) -> str:
    """The sender's id of a change. Raises Problem 400 where there is none."""
    key = request.headers.get("idempotency-key", "")
    if not _KEY.fullmatch(key):
        raise Problem(HTTPStatus.BAD_REQUEST, "Idempotency-Key is wanted: 1 to 128 printable characters.")
    return key


def wanted_gtin(typed: str) -> str:
    """A GTIN of any length in 14 digits. Raises Problem 404: there is nothing under another number."""
    wanted = gtin_14(typed)
    if wanted is None:
        raise Problem(HTTPStatus.NOT_FOUND, "This is not a GTIN.")
    return wanted


def _answered(message: ItemAnswer, status: HTTPStatus, *, etag: str = "") -> Answered:
    return Answered(status.value, message.model_dump_json(), etag)


def _seen(request: Request) -> str | None:
    """The tag of the item the caller saw, None where it saw none. Raises Problem 412 and 428."""
    tag, nothing = request.headers.get("if-match", ""), request.headers.get("if-none-match", "")
    if not tag and nothing == "*":
        return None
    if not tag or nothing:
        words = "If-Match with the item's entity tag is wanted, or If-None-Match: * for a new item."
        raise Problem(HTTPStatus.PRECONDITION_REQUIRED, words)
    if not _TAG.fullmatch(tag):
        raise Problem(HTTPStatus.PRECONDITION_FAILED, "If-Match is not one strong entity tag.")
    return tag
