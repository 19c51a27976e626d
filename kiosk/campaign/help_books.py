"""Owns the reading of books about help: a lane's journal and the store's tables, as the checks want them.

It must not judge them.
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path

from inventory.domain.help_desk import HelpState
from kiosk import inputs
from kiosk.campaign.help_checks import Deed, Kept, LaneBook, Standing
from kiosk.checkout.effects import SendHelp
from kiosk.checkout.help_messages import HelpUpdated
from kiosk.checkout.machine import step
from kiosk.checkout.messages import Event
from kiosk.checkout.state import LaneState
from kiosk.journal import read_file

_CALLS = "SELECT help_id, lane_id, state, staff_name, turn, reopens FROM help_request"
_DEEDS = "SELECT help_id, what, who FROM help_event ORDER BY help_id, event_no"


def lane_book(journal: Path, fresh: LaneState) -> LaneBook:
    """Steps the journal again, and notes what was said about calls. Raises JournalError."""
    return book_of(((inputs.decode(entry), entry.at_utc) for entry in read_file(journal)), fresh)


def book_of(written: Iterable[tuple[Event, datetime]], fresh: LaneState) -> LaneBook:
    """The book of a lane that wrote these events down."""
    state, made, taken_back, reopened = fresh, set[str](), set[str](), dict[str, str]()
    for event, at_utc in written:
        state, effects = step(state, event, at_utc)
        for said in effects:
            if not isinstance(said, SendHelp):
                continue
            if said.state is HelpState.REQUESTED:
                made.add(said.help_id)
                reopened |= {said.help_id: said.reopens} if said.reopens else {}
            elif not isinstance(event, HelpUpdated):  # then it is only said again: see `assisting`
                taken_back.add(said.help_id)
    return LaneBook(fresh.lane_id, frozenset(made), frozenset(taken_back), dict(_standing(state)), reopened)


def _standing(state: LaneState) -> Iterator[tuple[str, Standing]]:
    if state.help is not None:
        yield state.help.help_id, Standing(state.help.state, state.help.staff_name, state.help.turn)
    for errand in state.errands:
        yield errand.errand_id, Standing(errand.state, errand.staff_name)


def store_book(database: Path) -> dict[str, Kept]:
    """Every call the store has. Raises sqlite3.Error."""
    with contextlib.closing(sqlite3.connect(f"{database.absolute().as_uri()}?mode=ro", uri=True)) as db:
        db.execute("BEGIN")  # one moment of both tables
        calls = db.execute(_CALLS).fetchall()
        deeds = defaultdict[str, list[Deed]](list)
        for help_id, what, who in db.execute(_DEEDS):
            deeds[help_id].append(Deed(what, who))
    return {
        help_id: Kept(
            help_id,
            lane_id,
            Standing(HelpState(state), staff_name, turn),
            tuple(deeds[help_id]),
            reopens,
        )
        for help_id, lane_id, state, staff_name, turn, reopens in calls
    }
