"""Owns the conversation in a call: what was said is kept once, told to the other side, and forgotten in time.

It must not know words or screens, nor translate: a phrase is its id, a text stays as it was typed.
"""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import delete, func
from sqlmodel import col, select

from inventory.db.phrase_table import HelpPhraseRow
from inventory.db.repositories import insert_new
from inventory.db.unit_of_work import STAFF, UnitOfWork, lane_audience
from inventory.domain.help_desk import OPEN_STATES, Write
from inventory.domain.phrases import (
    MOST_ENTRIES,
    MOST_OF_ONE_SIDE,
    Phrase,
    PhraseFault,
    Side,
    TextFault,
    read_phrase,
    read_text,
)
from inventory.services import help_desk
from inventory.services.help_desk import ForeignRequestError, HelpRequest, UnknownRequestError
from inventory.wire import PhraseMessage, StaffPhraseMessage

KEPT: Final = timedelta(days=90)
TEXTS_A_MINUTE: Final = 10
"""Free texts that one side of one call may send; phrases are one tap each and bounded by the call alone."""


class CannotBeSaidError(ValueError):
    """What came is no phrase and no text that may be passed on; the text says why."""


class CallFullError(Exception):
    """The call is over, or has said as much as it may."""


class TooFastError(Exception):
    """More free texts within a minute than anybody types."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing said in a call: `phrase`, or else `text` in `language`. `who` is "" for the shopper."""

    phrase_id: str
    side: Side
    phrase: Phrase | None
    text: str
    language: str
    who: str
    at_utc: datetime


Said = Phrase | str
"""A phrase, or a free text."""


def shopper_said(uow: UnitOfWork, store_id: str, message: PhraseMessage, now_utc: datetime) -> None:
    """Keeps what a shopper says in an open call of this lane; the same again changes nothing.

    Raises UnknownRequestError, ForeignRequestError, CallFullError, TooFastError and CannotBeSaidError.
    """
    said = _read(Side.SHOPPER, message.phrase, message.slots, message.text)
    call = _open_call(uow, store_id, message.help_id)
    if call.lane_id != message.lane_id:
        raise ForeignRequestError(f"Request {message.help_id} was made by another lane.")
    row = _row(store_id, call, message.phrase_id, Side.SHOPPER, said, now_utc)
    row.language, row.at_utc = message.language, min(message.at_utc, now_utc)
    if not _kept(uow, row, now_utc):
        return
    if isinstance(said, Phrase) and said.skips_queue:
        help_desk.put_first(uow, store_id, call.help_id, now_utc)
    uow.announce(store_id, "phrase", message=message, audience=STAFF)


def staff_said(
    uow: UnitOfWork,
    store_id: str,
    help_id: str,
    said: Said,
    now_utc: datetime,
    *,
    phrase_id: str,
    who: str,
    language: str,
    desk: str = "",
) -> None:
    """Keeps what somebody on the staff answers and tells the lane; who answers first has the call.

    `desk` is where they sit, "" in the call's own store.

    Raises UnknownRequestError, AlreadyTaken, CallFullError and TooFastError.
    """
    call = _open_call(uow, store_id, help_id)
    help_desk.do(uow, store_id, help_id, Write(who, desk), now_utc)
    row = _row(store_id, call, phrase_id, Side.STAFF, said, now_utc)
    row.language, row.who = language, who
    if _kept(uow, row, now_utc):
        uow.announce(store_id, "phrase", message=_told(row), audience=lane_audience(call.lane_id))


def read_staff_phrase(phrase: str, slots: dict[str, str | int]) -> Said:
    """The phrase of a button and its fields. Raises CannotBeSaidError."""
    return _read(Side.STAFF, phrase, slots, "")


def read_staff_text(text: str) -> Said:
    """A free text of the staff's. Raises CannotBeSaidError."""
    return _read(Side.STAFF, "", {}, text)


def of_calls(uow: UnitOfWork, store_id: str, help_ids: Collection[str]) -> dict[str, tuple[Entry, ...]]:
    """What was said in each of these calls, oldest first; a call without a word is left out."""
    if not help_ids:
        return {}
    found: dict[str, list[Entry]] = {}
    rows = uow.session.exec(
        select(HelpPhraseRow).where(
            HelpPhraseRow.store_id == store_id, col(HelpPhraseRow.help_id).in_(help_ids)
        )
    )
    # Sorted here: asked for an order, SQLite goes through all that was ever said, for each drawing.
    for row in sorted(rows, key=lambda each: (each.received_at_utc, each.phrase_id)):
        found.setdefault(row.help_id, []).append(_entry(row))
    return {help_id: tuple(entries) for help_id, entries in found.items()}


def told_to_lane(
    uow: UnitOfWork, store_id: str, lane_id: str, *, since_utc: datetime, open_ids: Collection[str]
) -> list[StaffPhraseMessage]:
    """What a lane that comes back must hear: all that staff said in these calls, and since then in others."""
    of_lane = select(HelpPhraseRow).where(
        HelpPhraseRow.store_id == store_id,
        HelpPhraseRow.lane_id == lane_id,
        HelpPhraseRow.side == Side.STAFF.value,
    )
    asked = (
        of_lane.where(col(HelpPhraseRow.received_at_utc) >= since_utc),
        of_lane.where(col(HelpPhraseRow.help_id).in_(open_ids)),
    )
    rows = {(row.help_id, row.phrase_id): row for each in asked for row in uow.session.exec(each)}
    return list(map(_told, sorted(rows.values(), key=lambda row: (row.received_at_utc, row.phrase_id))))


def _read(side: Side, phrase: str, slots: dict[str, str | int], text: str) -> Said:
    if bool(phrase) == bool(text) or (slots and not phrase):
        raise CannotBeSaidError("Either a phrase with its slots is said, or a text.")
    said = read_phrase(side, phrase, slots) if phrase else read_text(text)
    if isinstance(said, PhraseFault | TextFault):
        raise CannotBeSaidError(said.value)
    return said


def _open_call(uow: UnitOfWork, store_id: str, help_id: str) -> HelpRequest:
    call = help_desk.find(uow, store_id, help_id)
    if call is None:
        raise UnknownRequestError(f"There is no help request {help_id}.")
    if call.state not in OPEN_STATES:
        raise CallFullError("This call is over.")
    return call


def _kept(uow: UnitOfWork, row: HelpPhraseRow, now_utc: datetime) -> bool:
    """Whether the row is new; what is older than a season goes with it."""
    of_call = (HelpPhraseRow.store_id == row.store_id, HelpPhraseRow.help_id == row.help_id)
    of_side = (*of_call, HelpPhraseRow.side == row.side, HelpPhraseRow.text != "")
    count = select(func.count()).select_from(HelpPhraseRow)
    if uow.session.get(HelpPhraseRow, (row.store_id, row.help_id, row.phrase_id)) is not None:
        return False
    said = uow.session.exec(count.where(*of_call)).one()
    said_here = uow.session.exec(count.where(*of_call, HelpPhraseRow.side == row.side)).one()
    if said >= MOST_ENTRIES or said_here >= MOST_OF_ONE_SIDE:
        raise CallFullError(f"No more than {MOST_ENTRIES} things are said in one call.")
    lately = col(HelpPhraseRow.received_at_utc) > now_utc - timedelta(minutes=1)
    if row.text and uow.session.exec(count.where(*of_side, lately)).one() >= TEXTS_A_MINUTE:
        raise TooFastError("So many texts within a minute are not passed on.")
    old = col(HelpPhraseRow.received_at_utc) < now_utc - KEPT
    uow.session.connection().execute(
        delete(HelpPhraseRow).where(col(HelpPhraseRow.store_id) == row.store_id, old)
    )
    return insert_new(uow.session, row)


def _row(
    store_id: str, call: HelpRequest, phrase_id: str, side: Side, said: Said, now_utc: datetime
) -> HelpPhraseRow:
    phrase = said if isinstance(said, Phrase) else None
    return HelpPhraseRow(
        store_id=store_id,
        help_id=call.help_id,
        phrase_id=phrase_id,
        lane_id=call.lane_id,
        side=side.value,
        phrase=phrase.phrase_id.value if phrase else "",
        slots=json.dumps(phrase.slots if phrase else {}, ensure_ascii=False),
        text=said if isinstance(said, str) else "",
        language="",
        who="",
        at_utc=now_utc,
        received_at_utc=now_utc,
    )


def _entry(row: HelpPhraseRow) -> Entry:
    side = Side(row.side)
    phrase = read_phrase(side, row.phrase, json.loads(row.slots)) if row.phrase else None
    if isinstance(phrase, PhraseFault):  # a newer process of this store knows it
        return Entry(row.phrase_id, side, None, row.phrase, row.language, row.who, row.at_utc)
    return Entry(row.phrase_id, side, phrase, row.text, row.language, row.who, row.at_utc)


def _told(row: HelpPhraseRow) -> StaffPhraseMessage:
    return StaffPhraseMessage(
        phrase_id=row.phrase_id,
        help_id=row.help_id,
        lane_id=row.lane_id,
        staff_name=row.who,
        phrase=row.phrase,
        slots=json.loads(row.slots),
        text=row.text,
        language=row.language,
        at_utc=row.at_utc,
    )
