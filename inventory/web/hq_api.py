"""Owns what the branches of a headquarters may ask and tell: the feed, page by page, and their messages.

It must not know lanes or people. Every branch shows its own token and hears its own prices alone.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from inventory.hq_wire import PAGE_EVENTS, BranchEnvelope
from inventory.services import hq_branches, hq_feed, hq_inbox
from inventory.services.hq_branches import Branch
from inventory.services.hq_inbox import MessageConflict
from inventory.web.catalogue_answers import packed
from inventory.web.lane_guards import check_id
from inventory.web.lane_requests import Body, parsed
from inventory.web.problems import Problem
from inventory.web.reception import Reception

PREFIX = "/api/v1/hq"


class HqApi:
    """The handlers. They touch tables and are plain: they run on threads."""

    def __init__(self, reception: Reception) -> None:
        self._hq_id = reception.store_id
        self._database = reception.database
        self._clock = reception.clock
        self._reception = reception

    def get_feed(
        self,
        request: Request,
        position: Annotated[str, Query(max_length=200)] = "",
        limit: Annotated[int, Query(ge=1, le=PAGE_EVENTS)] = PAGE_EVENTS,
    ) -> Response:
        """What the branch has not been told after `position`; "" is the beginning."""
        branch = self._branch(request)
        with self._database.read() as uow:
            page = hq_feed.page(uow, self._hq_id, branch, position, limit=limit)
        with self._database.write() as uow:
            behind = page.behind + len(page.events)
            hq_branches.seen(uow, self._hq_id, branch.branch_id, behind=behind, now_utc=self._clock())
        return packed(page, accepts=request.headers.get("accept-encoding", ""))

    def put_message(self, request: Request, message_id: str, body: Body) -> Response:
        """Takes a branch's message: 201, or 200 for one taken before; 409 for another under its id."""
        branch = self._branch(request)
        envelope = parsed(BranchEnvelope, body)
        check_id(message_id, envelope.message_id)
        try:
            with self._database.write() as uow:
                is_new = hq_inbox.receive(uow, self._hq_id, branch, envelope, self._clock())
        except MessageConflict as error:
            raise Problem(HTTPStatus.CONFLICT, str(error)) from None
        return Response(status_code=HTTPStatus.CREATED if is_new else HTTPStatus.OK)

    def _branch(self, request: Request) -> Branch:
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        branch = None
        if scheme.lower() == "bearer" and token:
            with self._database.read() as uow:
                branch = hq_branches.authenticate(uow, self._hq_id, token.strip())
        if branch is None:
            self._reception.count_address(request)
            raise Problem(
                HTTPStatus.UNAUTHORIZED,
                "A branch must show its token.",
                headers={"www-authenticate": 'Bearer realm="lanelight"'},
            )
        self._reception.count(f"branch {branch.branch_id}")
        return branch


def router_for(reception: Reception) -> APIRouter:
    """Routes under /api/v1/hq, for the application of a headquarters."""
    api = HqApi(reception)
    router = APIRouter(prefix=PREFIX, include_in_schema=False)
    router.add_api_route("/feed", api.get_feed, methods=["GET"], response_model=None)
    router.add_api_route("/messages/{message_id}", api.put_message, methods=["PUT"], response_model=None)
    return router
