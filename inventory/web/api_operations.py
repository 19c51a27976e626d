"""Owns the list of what can be asked of the API: each operation's words, parameters, messages and answers.

It must not know handlers or tables. The document, its test and the papers are made from this list, so that a
route is described in one place however it is served.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from http import HTTPStatus
from typing import Any

from pydantic import BaseModel

from inventory.wire import (
    CATALOGUE_HEADER,
    AnswerReport,
    CatalogueMessage,
    DecisionMessage,
    EnrolmentAnswer,
    EnrolmentMessage,
    FeedbackMessage,
    HelpMessage,
    HelpUpdateMessage,
    InterventionMessage,
    LaneStateMessage,
    OpenLanesMessage,
    OrderReport,
    PhraseMessage,
    PlanMessage,
    SaleAnswer,
    SaleMessage,
    SearchReport,
    StaffActionMessage,
    StaffPinAnswer,
    StaffPinMessage,
    StockMessage,
)

PREFIX = "/api/v1"


class Caller(Enum):
    """Whose token an operation wants. The words stand in the document as tags."""

    LANE = "lane"
    SYSTEM = "system"
    MANAGER = "system of the manager's role"
    KNOWN = "lane or system"
    BRANCH = "branch"
    NOBODY = "anybody"


@dataclass(frozen=True, slots=True)
class Text:
    """An answer that is text: its media type and what is in it."""

    media_type: str
    words: str


@dataclass(frozen=True, slots=True)
class File:
    """A request whose body is a file of any kind, as it is."""

    words: str


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter by its place (path, query or header) and JSON schema."""

    name: str
    place: str
    words: str
    schema: Mapping[str, Any]
    required: bool = False


@dataclass(frozen=True, slots=True)
class Operation:
    """One method on one path. `answers` maps a status to a model, a `Text`, or None for no body.

    `refusals` are the statuses beyond those that follow from the caller and the body.
    """

    method: str
    path: str
    summary: str
    answers: Mapping[int, type[BaseModel] | Text | None]
    request: type[BaseModel] | File | None = None
    refusals: tuple[HTTPStatus, ...] = ()
    parameters: tuple[Parameter, ...] = ()
    caller: Caller = Caller.LANE
    has_etag: bool = False

    @property
    def key(self) -> tuple[str, str]:
        return self.method, self.path


OK, CREATED, ACCEPTED, NO_CONTENT = 200, 201, 202, 204
NOT_MODIFIED = 304
_FOREIGN = (HTTPStatus.FORBIDDEN,)
ID: Mapping[str, Any] = {"type": "string", "minLength": 1, "maxLength": 64}


def in_path(name: str, words: str, schema: Mapping[str, Any] = ID) -> Parameter:
    """A parameter in the path."""
    return Parameter(name, "path", words, schema, required=True)


GTIN = in_path("gtin", "A GTIN of 8, 12, 13 or 14 digits.", {"type": "string"})


def _report(
    path: str,
    kind: type[BaseModel],
    summary: str,
    *,
    answers: Mapping[int, Any],
    refusals: tuple[HTTPStatus, ...] = (),
) -> Operation:
    names = re.findall(r"\{(\w+)\}", path)
    return Operation(
        "PUT",
        PREFIX + path,
        summary,
        answers,
        kind,
        (*_FOREIGN, HTTPStatus.CONFLICT, *refusals),
        tuple(in_path(name, "The id the lane made, the same as in the body.") for name in names),
    )


_NOTHING = {NO_CONTENT: None}
_PRICES = Parameter(
    CATALOGUE_HEADER,
    "header",
    "The catalogue's version that was sold from; nothing where the lane does not know.",
    {"type": "string", "pattern": "^[0-9]{1,15}$"},
)

LANE_OPERATIONS = (
    Operation(
        "GET",
        f"{PREFIX}/catalogue",
        "The whole catalogue with stock; 304 when the lane's version is the newest.",
        {OK: CatalogueMessage, NOT_MODIFIED: None},
        parameters=(
            Parameter("since", "query", "The version the lane has.", {"type": "integer", "minimum": 0}),
        ),
    ),
    Operation(
        "GET",
        f"{PREFIX}/plan",
        "The store's plan; 304 when the lane has this one, 204 when the store has none.",
        {OK: PlanMessage, NO_CONTENT: None, NOT_MODIFIED: None},
        parameters=(Parameter("known", "query", "The plan's version the lane has.", {"type": "string"}),),
    ),
    Operation(
        "POST",
        f"{PREFIX}/sales",
        "Records a sale once: 201 created, 200 exists, 409 when the id is taken by another sale.",
        {OK: SaleAnswer, CREATED: SaleAnswer},
        SaleMessage,
        (*_FOREIGN, HTTPStatus.CONFLICT),
        (_PRICES,),
    ),
    Operation(
        "POST",
        f"{PREFIX}/staff/pin",
        "Whether a PIN typed at the lane is right; 403 where it could have been read on its way.",
        {OK: StaffPinAnswer},
        StaffPinMessage,
        _FOREIGN,
    ),
    Operation(
        "POST",
        f"{PREFIX}/lanes/{{lane_id}}/state",
        "Keeps what the lane shows, for the wall; answers which lanes are open.",
        {OK: OpenLanesMessage},
        LaneStateMessage,
        _FOREIGN,
        (in_path("lane_id", "The lane's own id."), _PRICES),
    ),
    Operation(
        "GET",
        f"{PREFIX}/stock/{{gtin}}",
        "What is there of one item, of a pack in whole packs; 404 for what the store does not know.",
        {OK: StockMessage},
        refusals=(HTTPStatus.NOT_FOUND,),
        parameters=(GTIN,),
        caller=Caller.KNOWN,
    ),
    Operation(
        "GET",
        f"{PREFIX}/events",
        "The event stream: first what is true now or changed since, then news as it comes.",
        {OK: Text("text/event-stream", "Server-sent events; each event's name says which message it holds.")},
        parameters=(
            Parameter(
                "since",
                "query",
                "What happened since then is told first.",
                {"type": "string", "format": "date-time"},
            ),
        ),
    ),
    _report(
        "/help/{help_id}",
        HelpMessage,
        "Takes the shopper's side of a help request; answers where it stands.",
        answers={OK: HelpUpdateMessage},
    ),
    _report(
        "/help/{help_id}/phrases/{phrase_id}",
        PhraseMessage,
        "Takes what a shopper says in an open call.",
        answers=_NOTHING,
        refusals=(HTTPStatus.NOT_FOUND,),
    ),
    _report(
        "/interventions/{intervention_id}",
        InterventionMessage,
        "Takes an intervention or its withdrawal: 200 with the decision once there is one, else 202.",
        answers={OK: DecisionMessage, ACCEPTED: None},
    ),
    _report(
        "/orders/{order_id}",
        OrderReport,
        "Takes how far the lane has come with an order.",
        answers=_NOTHING,
    ),
    _report(
        "/answers/{report_id}",
        AnswerReport,
        "Takes counts of answers that helped or did not.",
        answers=_NOTHING,
    ),
    _report(
        "/searches/{report_id}",
        SearchReport,
        "Takes counts of searches that found nothing.",
        answers=_NOTHING,
    ),
    _report(
        "/feedback/{feedback_id}",
        FeedbackMessage,
        "Takes a shopper's face, and later its reason.",
        answers=_NOTHING,
    ),
    _report(
        "/staff/actions/{action_id}",
        StaffActionMessage,
        "Takes what staff did at the lane for the audit trail.",
        answers=_NOTHING,
    ),
)

OPEN_OPERATIONS = (
    Operation(
        "POST",
        f"{PREFIX}/enrolments",
        "Lets a lane in by a code of the console; the same code with the same token again changes nothing.",
        {CREATED: EnrolmentAnswer},
        EnrolmentMessage,
        (HTTPStatus.FORBIDDEN, HTTPStatus.CONFLICT, HTTPStatus.TOO_MANY_REQUESTS),
        caller=Caller.NOBODY,
    ),
    Operation(
        "GET",
        f"{PREFIX}/openapi.json",
        "This document.",
        {OK: Text("application/json", "OpenAPI 3.1.")},
        caller=Caller.NOBODY,
    ),
    Operation(
        "GET",
        "/healthz",
        "Whether the process answers at all.",
        {OK: Text("text/plain", "ok")},
        caller=Caller.NOBODY,
    ),
    Operation(
        "GET",
        "/readyz",
        "Whether the store can serve lanes: its tables answer and hold it.",
        {OK: Text("text/plain", "ready")},
        caller=Caller.NOBODY,
    ),
)
