"""Owns what lanes may ask and tell beside the hot routes, put together: catalogue, plan, states, reports.

It must not know pages or people. Every lane shows its own token and speaks for itself alone; every message
may be sent again.
"""

from __future__ import annotations

import time
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import PlainTextResponse, Response

from inventory.config import StoreConfig
from inventory.domain.staff import Role
from inventory.domain.store_plan import StorePlan
from inventory.services import lane_staff, lanes
from inventory.services.state_intake import Report, StateIntake
from inventory.services.stores import UnknownStoreError, find_store
from inventory.web.catalogue_answers import catalogue_answer
from inventory.web.hot_routes import PREFIX
from inventory.web.lane_guards import refuse_odd_numbers, speaks_for
from inventory.web.lane_reports import REPORTS, handler_for
from inventory.web.lane_requests import Body, catalogue_in, json_answer, parsed
from inventory.web.older_lanes import knows_shelf
from inventory.web.problems import Problem
from inventory.web.reception import Reception
from inventory.web.security import is_private_channel
from inventory.web.shared_reading import SharedReading
from inventory.wire import LaneStateMessage, OpenLanesMessage, PlanMessage, StaffPinMessage


def router_for(config: StoreConfig, reception: Reception, *, plan: StorePlan | None = None) -> APIRouter:
    """The lane API and the two health pages."""
    api = _LaneApi(config, reception, plan=plan)
    router = APIRouter()
    for method, path, handler in (
        ("GET", "/catalogue", api.get_catalogue),
        ("GET", "/plan", api.get_plan),
        ("POST", "/staff/pin", api.post_staff_pin),
        ("POST", "/lanes/{lane_id}/state", api.post_state),
    ):
        router.add_api_route(
            PREFIX + path,
            handler,
            methods=[method],
            response_model=None,
            summary=(handler.__doc__ or "").partition("\n")[0],
        )
    for report in REPORTS:
        router.add_api_route(
            PREFIX + report.path,
            handler_for(report, reception),
            methods=["PUT"],
            response_model=None,
            summary=report.summary,
        )
    router.add_api_route("/healthz", api.healthz, methods=["GET"], response_model=None)
    router.add_api_route("/readyz", api.readyz, methods=["GET"], response_model=None)
    return router


class _LaneApi:
    """The handlers, with what they share. Handlers that touch tables are plain: they run on threads."""

    def __init__(self, config: StoreConfig, reception: Reception, *, plan: StorePlan | None) -> None:
        self._store_id = reception.store_id
        self._database = reception.database
        self._clock = reception.clock
        self._lane = reception.lane
        self._reception = reception
        self._plan = plan
        self._states = StateIntake(reception.database, reception.store_id, reception.clock)
        self._open = SharedReading(self._open_lanes)
        self._price_cuts_percent = {
            Role.ATTENDANT: config.attendant_price_cut_percent,
            Role.SUPERVISOR: config.supervisor_price_cut_percent,
            Role.MANAGER: config.manager_price_cut_percent,
        }

    def get_catalogue(
        self,
        request: Request,
        since: Annotated[int | None, Query(ge=0)] = None,
        mark: Annotated[str | None, Query(max_length=64)] = None,
    ) -> Response:
        """The whole catalogue with stock; 304 when the lane's version is the newest.

        A lane that names its version's mark too ("" while it has none) understands 226, which is the changes
        since alone.
        """
        self._lane(request)
        accepts = request.headers.get("accept-encoding", "")
        with self._database.read() as uow:
            return catalogue_answer(
                uow,
                self._store_id,
                since=since,
                mark=mark,
                accepts=accepts,
                knows_baskets=knows_shelf(request),
            )

    def get_plan(self, request: Request, known: str = "") -> Response:
        """The store's plan; 304 when the lane has this one, 204 when the store has none."""
        self._lane(request)
        if self._plan is None:
            return Response(status_code=HTTPStatus.NO_CONTENT)
        if known == self._plan.version:
            return Response(status_code=HTTPStatus.NOT_MODIFIED)
        return json_answer(PlanMessage(plan=self._plan))

    def post_staff_pin(self, request: Request, body: Body) -> Response:
        """Whether a PIN typed at the lane is right; 403 where it could have been read on its way."""
        lane_id = self._lane(request)
        host = request.client.host if request.client else ""
        if not is_private_channel(scheme=request.url.scheme, client_host=host):
            raise Problem(HTTPStatus.FORBIDDEN, "A PIN may travel only over https.")
        message = parsed(StaffPinMessage, body)
        speaks_for(lane_id, message.lane_id)
        return json_answer(
            lane_staff.check_pin(
                self._database,
                self._store_id,
                message,
                self._clock(),
                price_cuts_percent=self._price_cuts_percent,
            )
        )

    def post_state(self, request: Request, lane_id: str, body: Body) -> Response:
        """Keeps what the lane shows, for the wall; answers which lanes are open."""
        authenticated = self._lane(request)
        message = parsed(LaneStateMessage, body)
        speaks_for(authenticated, message.lane_id)
        speaks_for(authenticated, lane_id)
        refuse_odd_numbers(message)
        self._states.take(Report(message, catalogue_in(request))).result()
        return json_answer(self._open.since(time.monotonic()))

    def _open_lanes(self) -> OpenLanesMessage:
        with self._database.read() as uow:
            return OpenLanesMessage(lanes=lanes.open_lanes(uow, self._store_id, self._clock()))

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
