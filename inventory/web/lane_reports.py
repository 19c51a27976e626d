"""Owns what lanes put: reports under an id the lane made, each of which may be sent again.

It must not know pages or people, nor what a service does with a report. Every lane speaks for itself alone.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Any

from fastapi import Request
from fastapi.responses import Response

from inventory.db.unit_of_work import UnitOfWork
from inventory.services import (
    answers,
    empty_shelves,
    feedback,
    help_desk,
    interventions,
    lane_staff,
    once,
    orders,
    searches,
    talk,
)
from inventory.web.lane_guards import check_id, speaks_for
from inventory.web.lane_requests import Body, json_answer, parsed
from inventory.web.older_lanes import knows_help
from inventory.web.problems import Problem
from inventory.web.reception import Reception
from inventory.wire import (
    AnswerReport,
    FeedbackMessage,
    HelpMessage,
    HelpUpdateMessage,
    InterventionMessage,
    Message,
    OrderReport,
    PhraseMessage,
    SearchReport,
    StaffActionMessage,
)

Receive = Callable[[UnitOfWork, str, Any, datetime], Message | None]


@dataclass(frozen=True, slots=True)
class Report:
    """One kind of report: its path below the API, ending in the name of its id, and who receives it.

    An answer of None is sent as `without_answer`. What is bound says all it has to say at once: the same id
    with other contents is refused. The others tell of something that goes on.
    """

    path: str
    kind: type[Message]
    receive: Receive
    summary: str
    without_answer: HTTPStatus = HTTPStatus.NO_CONTENT
    is_bound: bool = False

    @property
    def id_name(self) -> str:
        """The field that carries the report's id, as the path names it."""
        return self.path.rpartition("{")[2].rstrip("}")


def _receive_order(uow: UnitOfWork, store_id: str, report: OrderReport, now_utc: datetime) -> None:
    orders.receive(uow, store_id, report.outcome, now_utc)


REPORTS = (
    Report(
        "/help/{help_id}",
        HelpMessage,
        empty_shelves.heard,
        "Takes the shopper's side of a help request; answers where it stands.",
    ),
    Report(
        "/help/{help_id}/phrases/{phrase_id}",
        PhraseMessage,
        talk.shopper_said,
        "Takes what a shopper says in an open call; 204, and the same again changes nothing.",
        is_bound=True,
    ),
    Report(
        "/interventions/{intervention_id}",
        InterventionMessage,
        interventions.receive,
        "Takes an intervention or its withdrawal: 200 with the decision once there is one, else 202.",
        HTTPStatus.ACCEPTED,
    ),
    Report(
        "/orders/{order_id}",
        OrderReport,
        _receive_order,
        "Takes how far the lane has come with an order; 204, and the same again changes nothing.",
    ),
    Report(
        "/answers/{report_id}",
        AnswerReport,
        answers.receive,
        "Takes counts of answers that helped or did not; 204, and the same report again changes nothing.",
        is_bound=True,
    ),
    Report(
        "/searches/{report_id}",
        SearchReport,
        searches.receive,
        "Takes counts of searches that found nothing; 204, and the same report again changes nothing.",
        is_bound=True,
    ),
    Report(
        "/feedback/{feedback_id}",
        FeedbackMessage,
        feedback.receive,
        "Takes a shopper's face, and later its reason; 204, and the same again changes nothing.",
    ),
    Report(
        "/staff/actions/{action_id}",
        StaffActionMessage,
        lane_staff.record,
        "Takes what staff did at the lane for the audit trail; 204, and the same again changes nothing.",
        is_bound=True,
    ),
)


def handler_for(report: Report, reception: Reception) -> Callable[..., Response]:
    """The handler of PUTs of this kind."""

    def put(request: Request, body: Body) -> Response:
        lane_id = reception.lane(request)
        message = parsed(report.kind, body)
        told = message.outcome if isinstance(message, OrderReport) else message
        speaks_for(lane_id, getattr(told, "lane_id"))  # noqa: B009 - every report has one
        for name, in_path in request.path_params.items():
            check_id(in_path, getattr(told, name))
        try:
            with reception.database.write() as uow:
                if report.is_bound and _was_told(uow, request, body, lane_id, reception):
                    return Response(status_code=report.without_answer)
                answer = report.receive(uow, reception.store_id, message, reception.clock())
        except once.KeyTakenError as error:
            raise Problem(HTTPStatus.CONFLICT, str(error)) from None
        except help_desk.ForeignRequestError as error:
            raise Problem(HTTPStatus.FORBIDDEN, str(error)) from None
        except help_desk.UnknownRequestError as error:
            raise Problem(HTTPStatus.NOT_FOUND, str(error)) from None
        except talk.CallFullError as error:
            raise Problem(HTTPStatus.CONFLICT, str(error)) from None
        except talk.TooFastError as error:
            raise Problem(HTTPStatus.TOO_MANY_REQUESTS, str(error)) from None
        except (
            help_desk.ImpossibleStepError,
            orders.OutcomeUnreadableError,
            talk.CannotBeSaidError,
        ) as error:
            raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, str(error)) from None
        if isinstance(answer, HelpUpdateMessage) and not knows_help(request):
            answer = answer.plain()
        return Response(status_code=report.without_answer) if answer is None else json_answer(answer)

    return put


def _was_told(uow: UnitOfWork, request: Request, body: bytes, lane_id: str, reception: Reception) -> bool:
    """Whether the lane has said exactly this before. Raises KeyTakenError for something else by this id."""
    path = request.url.path
    asked = once.Request(lane_id, path, once.fingerprint(path, body))
    return once.begin(uow, reception.store_id, asked, reception.clock()) is not None
