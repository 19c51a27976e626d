"""Owns the store's signal: on as long as somebody waits at the manager's level, whatever drives it.

It must not know what the signal is. No lamp, siren or public address is driven by this program itself.
"""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from sqlmodel import col, select

from inventory.db.help_table import HelpRequestRow
from inventory.db.repositories import insert_new
from inventory.db.unit_of_work import UnitOfWork
from inventory.db.webhook_table import StoreSignalRow
from inventory.domain.help_desk import WAITING_STATES
from inventory.domain.help_waiting import Level


class StoreSignal(Protocol):
    """Whatever a house has beyond its tablets."""

    def turn(self, uow: UnitOfWork, store_id: str, number: int, now_utc: datetime, *, is_on: bool) -> None:
        """Switches it, in the transaction that is the reason; `number` counts the changes."""


def watch(uow: UnitOfWork, store_id: str, signal: StoreSignal, now_utc: datetime) -> None:
    """Switches the signal if it is not as the open calls want it; called whenever a call has moved."""
    row = uow.session.get(StoreSignalRow, store_id, with_for_update=True)
    is_wanted = _is_late(uow, store_id)
    if is_wanted == (row is not None and row.is_on):
        return
    if row is None:
        row = StoreSignalRow(store_id=store_id, is_on=False, count=0)
        if not insert_new(uow.session, row):
            return  # another process switches it just now
        row = uow.session.get(StoreSignalRow, store_id, with_for_update=True)
        assert row is not None, "it was put there a line above"
    row.is_on, row.count = is_wanted, row.count + 1
    uow.session.add(row)
    signal.turn(uow, store_id, row.count, now_utc, is_on=is_wanted)


def _is_late(uow: UnitOfWork, store_id: str) -> bool:
    found = uow.session.exec(
        select(HelpRequestRow.help_id)
        .where(
            HelpRequestRow.store_id == store_id,
            col(HelpRequestRow.state).in_([state.value for state in WAITING_STATES]),
            HelpRequestRow.level >= int(Level.MANAGER),
        )
        .limit(1)
    )
    return found.first() is not None
