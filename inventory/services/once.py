"""Owns that a request under a key of its caller's is done once: the same again gets the first answer again.

It must not know what a request does. A key belongs to its caller and to what was asked; it is kept long
enough for a lane or a system that was away for a year.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlmodel import col

from inventory.db.access_table import ApiAnswerRow
from inventory.db.repositories import insert_new
from inventory.db.unit_of_work import UnitOfWork

KEPT = timedelta(days=400)


class KeyTakenError(Exception):
    """The key was used before for another request."""

    def __init__(self, key: str) -> None:
        super().__init__(f"“{key}” was used before for another request.")


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer as it went out: status, body as text ("" for none) and entity tag ("" for none)."""

    status: int
    body: str = ""
    etag: str = ""


@dataclass(frozen=True, slots=True)
class Request:
    """Who asks under which key, and a digest of what."""

    caller: str
    key: str
    fingerprint: str


def fingerprint(line: str, body: bytes) -> str:
    """A digest of a request line and a JSON body, whatever the order of its keys and its white space.

    Raises ValueError for a body that is not JSON.
    """
    told = json.dumps(json.loads(body), sort_keys=True, separators=(",", ":")) if body else ""
    return hashlib.sha256(f"{line}\n{told}".encode("utf-8", "surrogatepass")).hexdigest()


def begin(uow: UnitOfWork, store_id: str, request: Request, now_utc: datetime) -> Answered | None:
    """Claims the key and answers None, or answers what was told first. Raises KeyTakenError.

    A rollback lets the key go again. Two of the same at once: the second waits for the first's commit.
    """
    row = ApiAnswerRow(
        store_id=store_id,
        caller=request.caller,
        request_key=request.key,
        fingerprint=request.fingerprint,
        status=0,
        body="",
        made_at_utc=now_utc,
    )
    if insert_new(uow.session, row):
        old = (col(ApiAnswerRow.store_id) == store_id, col(ApiAnswerRow.made_at_utc) < now_utc - KEPT)
        uow.session.connection().execute(delete(ApiAnswerRow).where(*old))
        return None
    known = uow.session.get(ApiAnswerRow, (store_id, request.caller, request.key))
    if known is None or known.fingerprint != request.fingerprint:
        raise KeyTakenError(request.key)
    return Answered(known.status, known.body, known.etag)


def end(uow: UnitOfWork, store_id: str, request: Request, answer: Answered) -> None:
    """Keeps the answer, in the same transaction as what was done."""
    row = uow.session.get(ApiAnswerRow, (store_id, request.caller, request.key))
    assert row is not None, "it was claimed in this transaction"
    row.status, row.body, row.etag = answer.status, answer.body, answer.etag
    uow.session.add(row)
