"""Owns the list of what the branches of a headquarters can ask of its API, for its description.

It must not know handlers or tables. A store that is no headquarters serves none of it, and describes none.
"""

from __future__ import annotations

from http import HTTPStatus

from inventory.hq_wire import PAGE_EVENTS, BranchEnvelope, HqEvent, HqPage
from inventory.web.api_operations import CREATED, OK, PREFIX, Caller, Operation, Parameter, in_path

_MESSAGE_ID = {"type": "string", "pattern": r"^[A-Za-z0-9][A-Za-z0-9._:-]{0,63}$"}

HQ_OPERATIONS = (
    Operation(
        "GET",
        f"{PREFIX}/hq/feed",
        "What the branch has not been told after a position; each of the page's events is an HqEvent.",
        {OK: HqPage},
        parameters=(
            Parameter(
                "position",
                "query",
                "What `next` of the page before said; the beginning if not given.",
                {"type": "string", "maxLength": 200},
            ),
            Parameter(
                "limit",
                "query",
                "How many events a page holds at most.",
                {"type": "integer", "minimum": 1, "maximum": PAGE_EVENTS, "default": PAGE_EVENTS},
            ),
        ),
        caller=Caller.BRANCH,
    ),
    Operation(
        "PUT",
        f"{PREFIX}/hq/messages/{{message_id}}",
        "Takes a branch's message once: 201 taken, 200 taken before, 409 when the id is another's.",
        {OK: None, CREATED: None},
        BranchEnvelope,
        (HTTPStatus.CONFLICT,),
        (in_path("message_id", "The id the branch made, the same as in the body.", _MESSAGE_ID),),
        Caller.BRANCH,
    ),
)
HQ_EVENT = HqEvent
"""What a page's events are; a page itself holds them unread, so that a bad one spoils no other."""
