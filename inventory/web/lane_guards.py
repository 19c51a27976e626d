"""Owns what a lane's message must pass before the store listens: whose it is, its id, its numbers.

It must not know what the message is about, nor the database.
"""

from __future__ import annotations

from http import HTTPStatus

from inventory.services.sale_checks import MAX_STORED
from inventory.web.problems import Problem
from inventory.wire import LaneStateMessage

MAX_ID_LENGTH = 64


def refuse_odd_numbers(message: LaneStateMessage) -> None:
    """One lane's absurd amount may not take the wall from all the others."""
    if not 0 <= message.journal_seq <= MAX_STORED:
        raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, "journal_seq is no sequence number.")
    numbers = [message.total_minor, message.outbox_waiting, *(line.amount_minor for line in message.lines)]
    if any(abs(number) > MAX_STORED for number in numbers):
        raise Problem(
            HTTPStatus.UNPROCESSABLE_ENTITY,
            "A number in the lane's state is larger than any amount or count can be.",
        )


def speaks_for(authenticated: str, lane_id: str) -> None:
    if authenticated != lane_id:
        raise Problem(HTTPStatus.FORBIDDEN, f"{authenticated} cannot speak for another lane.")


def check_id(in_path: str, in_body: str) -> None:
    if in_path != in_body:
        raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, "The id in the path is not the one in the body.")
    if not (len(in_body) <= MAX_ID_LENGTH and in_body.isascii() and in_body.isprintable()):
        raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, "The id is too long or not printable.")
