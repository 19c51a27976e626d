"""Owns how a lane is let in by a code: who is not known yet asks here, and only here.

It must not know how codes are made. A code and a token may travel only where nobody else can read them.
"""

from __future__ import annotations

from datetime import timedelta
from http import HTTPStatus

from fastapi import APIRouter, Request
from fastapi.responses import Response

from inventory.config import StoreConfig
from inventory.services import enrolment
from inventory.web.api_operations import PREFIX
from inventory.web.auth import AddressThrottle
from inventory.web.callers import caller_of
from inventory.web.lane_requests import Body, json_answer, parsed
from inventory.web.problems import Problem
from inventory.web.reception import Reception
from inventory.web.security import is_private_channel
from inventory.wire import EnrolmentAnswer, EnrolmentMessage

TRIES_PER_ADDRESS = 10
TRIES_WINDOW = timedelta(minutes=10)


def router_for(config: StoreConfig, reception: Reception) -> APIRouter:
    """The one route of a lane that has no token yet."""
    throttle = AddressThrottle(limit=TRIES_PER_ADDRESS, window=TRIES_WINDOW)

    def post_enrolment(request: Request, body: Body) -> Response:
        host = request.client.host if request.client else ""
        if not throttle.admits(caller_of(request), reception.clock()):
            raise Problem(
                HTTPStatus.TOO_MANY_REQUESTS,
                "Too many codes were tried from this address.",
                headers={"retry-after": str(int(TRIES_WINDOW.total_seconds()))},
            )
        if not is_private_channel(scheme=request.url.scheme, client_host=host):
            raise Problem(HTTPStatus.FORBIDDEN, "A code may travel only over https.")
        message = parsed(EnrolmentMessage, body)
        if message.lane_id in config.lanes:
            raise Problem(HTTPStatus.CONFLICT, f"The store's settings hold the token of {message.lane_id}.")
        try:
            enrolment.exchange(
                reception.database,
                reception.store_id,
                digits=message.code,
                lane_id=message.lane_id,
                token=message.token,
                now_utc=reception.clock(),
            )
        except enrolment.EnrolmentRefusedError as error:
            raise Problem(HTTPStatus.FORBIDDEN, str(error)) from None
        except enrolment.OtherLaneError as error:
            raise Problem(HTTPStatus.CONFLICT, str(error)) from None
        return json_answer(
            EnrolmentAnswer(store_id=reception.store_id, store_name=config.name, lane_id=message.lane_id),
            status=HTTPStatus.CREATED,
        )

    router = APIRouter()
    router.add_api_route(f"{PREFIX}/enrolments", post_enrolment, methods=["POST"], response_model=None)
    return router
