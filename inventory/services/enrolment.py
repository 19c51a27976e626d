"""Owns the codes that let a device in: made for one lane or tablet, short of life, exchanged once.

It must not know pages or HTTP. A lane makes its token itself and the store keeps a hash of it, so the same
exchange may be sent again after a lost answer, and no secret lies in any answer.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum
from typing import TypeVar

from sqlmodel import col, select

from inventory.db.access_table import EnrolmentCodeRow
from inventory.db.repositories import ordered_id, write_audit
from inventory.db.unit_of_work import Database, UnitOfWork
from inventory.services import lanes, pins

T = TypeVar("T")

DIGITS = 8
"""26 bits: five guesses find one of ten codes with a chance of one in two million."""

LIFE = timedelta(minutes=10)
WRONG_TRIES = 5


class Kind(Enum):
    """What a code lets in. Wrong codes of one kind count against no code of the other."""

    LANE = "lane"
    TABLET = "tablet"


class EnrolmentRefusedError(Exception):
    """The code does not open; the text is one sentence that does not tell why."""

    def __init__(self) -> None:
        super().__init__("The code is wrong, used or too old. Ask for a new one.")


class OtherLaneError(Exception):
    """The code is right, but was made for another lane; the text is one sentence."""


@dataclass(frozen=True, slots=True)
class Code:
    """A new code as its maker sees it, this once. `made_for` is a lane's id or a tablet's name."""

    made_for: str
    digits: str = field(repr=False)
    ends_at_utc: datetime

    @property
    def spoken(self) -> str:
        """The digits in groups that can be said and typed."""
        return f"{self.digits[:4]} {self.digits[4:]}"


def new_digits() -> str:
    """Random digits for a code."""
    return f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"


def make(
    uow: UnitOfWork,
    store_id: str,
    made_for: str,
    *,
    digits: str,
    by: str,
    now_utc: datetime,
    kind: Kind = Kind.LANE,
) -> Code:
    """Makes a code for a device; an older one for the same opens nothing any more."""
    for row in _living(uow, store_id, kind, now_utc):
        if row.lane_id == made_for:
            row.ends_at_utc = now_utc
            uow.session.add(row)
    code = Code(made_for, digits, now_utc + LIFE)
    uow.session.add(
        EnrolmentCodeRow(
            store_id=store_id,
            code_id=ordered_id(now_utc),
            lane_id=made_for,
            code_hash=pins.hash_of(digits),
            made_by=by,
            made_at_utc=now_utc,
            ends_at_utc=code.ends_at_utc,
            kind=kind.value,
        )
    )
    _note(uow, store_id, kind, "code", made_for, by=by, now_utc=now_utc)
    return code


def exchange(
    database: Database, store_id: str, *, digits: str, lane_id: str, token: str, now_utc: datetime
) -> None:
    """Lets the lane in by `token` if `digits` are its living code; the same again changes nothing.

    Raises EnrolmentRefusedError, which counts against every living code of a lane, and OtherLaneError.
    """

    def let_in(uow: UnitOfWork, row: EnrolmentCodeRow) -> None:
        if row.lane_id != lane_id:
            raise OtherLaneError(f"This code is not for {lane_id}. Look at the id in the lane's settings.")
        _let_lane_in(uow, row, token, now_utc)

    redeem(database, store_id, Kind.LANE, digits=digits, now_utc=now_utc, let_in=let_in)


def redeem(
    database: Database,
    store_id: str,
    kind: Kind,
    *,
    digits: str,
    now_utc: datetime,
    let_in: Callable[[UnitOfWork, EnrolmentCodeRow], T],
) -> T:
    """Does `let_in` with the living code that `digits` are, under the lock. Raises EnrolmentRefusedError.

    Hashes are worked on before the transaction, for that takes tens of milliseconds in which nobody could
    sell.
    """
    with database.read() as uow:
        rows = _living(uow, store_id, kind, now_utc, to_change=False)
        living = [(row.code_id, row.code_hash) for row in rows]
    right = [code_id for code_id, code_hash in living if pins.is_right(digits, code_hash)]
    with database.write() as uow:
        # Read again: others may have used it up meanwhile.
        unspent = {row.code_id: row for row in _living(uow, store_id, kind, now_utc)}
        row = next((unspent[code_id] for code_id in right if code_id in unspent), None)
        if row is not None:
            return let_in(uow, row)
        _count_wrong(uow, store_id, kind, now_utc)
    raise EnrolmentRefusedError


def spend(uow: UnitOfWork, row: EnrolmentCodeRow, token: str, now_utc: datetime) -> None:
    """Notes that the code was exchanged for this token. Raises EnrolmentRefusedError if it was before."""
    if row.used_at_utc is not None:
        raise EnrolmentRefusedError
    row.used_at_utc, row.token_hash = now_utc, lanes.token_hash(token)
    uow.session.add(row)
    detail = f"{row.lane_id}: by code"
    _note(uow, row.store_id, Kind(row.kind), "enrol", detail, by=row.made_by, now_utc=now_utc)


def _let_lane_in(uow: UnitOfWork, row: EnrolmentCodeRow, token: str, now_utc: datetime) -> None:
    if row.used_at_utc is not None and lanes.authenticate(uow, row.store_id, token) == row.lane_id:
        return  # the answer to the first time was lost; a lane that was revoked since is not answered so
    if lanes.holder(uow, row.store_id, token) not in (None, row.lane_id):
        raise EnrolmentRefusedError
    spend(uow, row, token, now_utc)
    lanes.enrol(uow, row.store_id, row.lane_id, token, now_utc, by=row.made_by)


def _count_wrong(uow: UnitOfWork, store_id: str, kind: Kind, now_utc: datetime) -> None:
    for row in _living(uow, store_id, kind, now_utc):
        if row.used_at_utc is not None:
            continue
        row.wrong_tries += 1
        uow.session.add(row)
        if row.wrong_tries >= WRONG_TRIES:
            detail = f"{row.lane_id}: {WRONG_TRIES} wrong tries"
            _note(uow, store_id, kind, "code-dead", detail, by=row.made_by, now_utc=now_utc)


def _living(
    uow: UnitOfWork, store_id: str, kind: Kind, now_utc: datetime, *, to_change: bool = True
) -> list[EnrolmentCodeRow]:
    """Codes that are young and not guessed at too often; used ones among them, for a lost answer's sake."""
    statement = (
        select(EnrolmentCodeRow)
        .where(
            EnrolmentCodeRow.store_id == store_id,
            EnrolmentCodeRow.kind == kind.value,
            col(EnrolmentCodeRow.ends_at_utc) > now_utc,
            col(EnrolmentCodeRow.wrong_tries) < WRONG_TRIES,
        )
        .order_by(col(EnrolmentCodeRow.code_id))
    )
    return list(uow.session.exec(statement.with_for_update() if to_change else statement))


def _note(
    uow: UnitOfWork, store_id: str, kind: Kind, what: str, detail: str, *, by: str, now_utc: datetime
) -> None:
    write_audit(uow.session, store_id, who=by, what=f"{kind.value}.{what}", detail=detail, at_utc=now_utc)
