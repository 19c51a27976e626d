"""Owns the codes by which a lane is let in: made for one lane, short of life, exchanged once for its token.

It must not know pages or HTTP. The lane makes its token itself and the store keeps a hash of it, so the same
exchange may be sent again after a lost answer, and no secret lies in any answer.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlmodel import col, select

from inventory.db.access_table import EnrolmentCodeRow
from inventory.db.repositories import ordered_id, write_audit
from inventory.db.unit_of_work import Database, UnitOfWork
from inventory.services import lanes, pins

DIGITS = 8
"""26 bits: five guesses find one of ten codes with a chance of one in two million."""

LIFE = timedelta(minutes=10)
WRONG_TRIES = 5


class EnrolmentRefusedError(Exception):
    """The code does not open; the text is one sentence that does not tell why."""

    def __init__(self) -> None:
        super().__init__("The code is wrong, used or too old. Ask for a new one.")


class OtherLaneError(Exception):
    """The code is right, but was made for another lane; the text is one sentence."""


@dataclass(frozen=True, slots=True)
class Code:
    """A new code as its maker sees it, this once."""

    lane_id: str
    digits: str = field(repr=False)
    ends_at_utc: datetime

    @property
    def spoken(self) -> str:
        """The digits in groups that can be said and typed."""
        return f"{self.digits[:4]} {self.digits[4:]}"


def new_digits() -> str:
    """Random digits for a code."""
    return f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"


def make(uow: UnitOfWork, store_id: str, lane_id: str, *, digits: str, by: str, now_utc: datetime) -> Code:
    """Makes a code for a lane; an older one of the same lane opens nothing any more."""
    for row in _living(uow, store_id, now_utc):
        if row.lane_id == lane_id:
            row.ends_at_utc = now_utc
            uow.session.add(row)
    code = Code(lane_id, digits, now_utc + LIFE)
    uow.session.add(
        EnrolmentCodeRow(
            store_id=store_id,
            code_id=ordered_id(now_utc),
            lane_id=lane_id,
            code_hash=pins.hash_of(digits),
            made_by=by,
            made_at_utc=now_utc,
            ends_at_utc=code.ends_at_utc,
        )
    )
    write_audit(uow.session, store_id, who=by, what="lane.code", detail=lane_id, at_utc=now_utc)
    return code


def exchange(
    database: Database, store_id: str, *, digits: str, lane_id: str, token: str, now_utc: datetime
) -> None:
    """Lets the lane in by `token` if `digits` are its living code; the same again changes nothing.

    Raises EnrolmentRefusedError, which counts against every living code, and OtherLaneError. Hashes are
    worked on before the transaction, for that takes tens of milliseconds in which nobody could sell.
    """
    with database.read() as uow:
        living = [(row.code_id, row.code_hash) for row in _living(uow, store_id, now_utc, to_change=False)]
    right = [code_id for code_id, code_hash in living if pins.is_right(digits, code_hash)]
    with database.write() as uow:
        row = _claimed(uow, store_id, right, now_utc)
        if row is not None and row.lane_id == lane_id:
            _let_in(uow, row, token, now_utc)
            return
        if row is None:
            _count_wrong(uow, store_id, now_utc)
    if row is not None:
        raise OtherLaneError(f"This code is not for {lane_id}. Look at the id in the lane's settings.")
    raise EnrolmentRefusedError


def _claimed(uow: UnitOfWork, store_id: str, right: list[str], now_utc: datetime) -> EnrolmentCodeRow | None:
    """The code that was found right, read again under the lock: others may have used it up meanwhile."""
    living = {row.code_id: row for row in _living(uow, store_id, now_utc)}
    return next((living[code_id] for code_id in right if code_id in living), None)


def _let_in(uow: UnitOfWork, row: EnrolmentCodeRow, token: str, now_utc: datetime) -> None:
    hashed = lanes.token_hash(token)
    if row.used_at_utc is not None and lanes.authenticate(uow, row.store_id, token) == row.lane_id:
        return  # the answer to the first time was lost; a lane that was revoked since is not answered so
    if row.used_at_utc is not None or lanes.holder(uow, row.store_id, token) not in (None, row.lane_id):
        raise EnrolmentRefusedError
    row.used_at_utc, row.token_hash = now_utc, hashed
    uow.session.add(row)
    lanes.enrol(uow, row.store_id, row.lane_id, token, now_utc, by=row.made_by)
    write_audit(
        uow.session,
        row.store_id,
        who=row.made_by,
        what="lane.enrol",
        detail=f"{row.lane_id}: by code",
        at_utc=now_utc,
    )


def _count_wrong(uow: UnitOfWork, store_id: str, now_utc: datetime) -> None:
    for row in _living(uow, store_id, now_utc):
        if row.used_at_utc is not None:
            continue
        row.wrong_tries += 1
        uow.session.add(row)
        if row.wrong_tries >= WRONG_TRIES:
            detail = f"{row.lane_id}: {WRONG_TRIES} wrong tries"
            write_audit(
                uow.session,
                store_id,
                who=row.made_by,
                what="lane.code-dead",
                detail=detail,
                at_utc=now_utc,
            )


def _living(
    uow: UnitOfWork, store_id: str, now_utc: datetime, *, to_change: bool = True
) -> list[EnrolmentCodeRow]:
    """Codes that are young and not guessed at too often; used ones among them, for a lost answer's sake."""
    statement = (
        select(EnrolmentCodeRow)
        .where(
            EnrolmentCodeRow.store_id == store_id,
            col(EnrolmentCodeRow.ends_at_utc) > now_utc,
            col(EnrolmentCodeRow.wrong_tries) < WRONG_TRIES,
        )
        .order_by(col(EnrolmentCodeRow.code_id))
    )
    return list(uow.session.exec(statement.with_for_update() if to_change else statement))
