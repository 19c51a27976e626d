"""Owns the desks of a database: what their settings say, and how they stand at one instant.

It must not decide where a call goes; `inventory.domain.routing` does.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import and_, func
from sqlmodel import col, select

from inventory.db.desk_table import DeskRow, HelpRouteRow
from inventory.db.help_table import HelpRequestRow
from inventory.db.repositories import put
from inventory.db.tables import StoreRow
from inventory.db.unit_of_work import UnitOfWork
from inventory.domain.help_desk import OPEN_STATES
from inventory.domain.help_reasons import HelpReason
from inventory.domain.opening_hours import read_hours
from inventory.domain.routing import Desk
from inventory.services import help_places

ANY_STORE = "*"


@dataclass(frozen=True, slots=True)
class DeskTerms:
    """What the settings of a desk say."""

    serves: tuple[str, ...]
    skills: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    hours: str = ""

    def serve(self, store_id: str) -> bool:
        return ANY_STORE in self.serves or store_id in self.serves


def settle(uow: UnitOfWork, desk_id: str, terms: DeskTerms | None) -> None:
    """Writes down what the settings say of this desk; None: it is none, or no longer."""
    if terms is None:
        row = uow.session.get(DeskRow, desk_id)
        if row is not None:
            uow.session.delete(row)
        return
    put(
        uow.session,
        DeskRow(
            store_id=desk_id,
            serves=json.dumps(terms.serves),
            skills=json.dumps(terms.skills),
            languages=json.dumps(terms.languages),
            hours=terms.hours,
        ),
    )


def terms_of(uow: UnitOfWork, desk_id: str) -> DeskTerms | None:
    """What a desk's settings said when it last started; None where it is no desk."""
    row = uow.session.get(DeskRow, desk_id)
    return None if row is None else _terms(row)


def serving(uow: UnitOfWork, store_id: str, now_utc: datetime) -> tuple[Desk, ...]:
    """The desks that serve a store, with their people and their calls at this instant."""
    rows = uow.session.exec(
        select(DeskRow, StoreRow.name, StoreRow.timezone)
        .join(StoreRow, col(StoreRow.store_id) == col(DeskRow.store_id))
        .where(DeskRow.store_id != store_id)
        .order_by(col(DeskRow.store_id))
    )
    found = [(row.store_id, _terms(row), name, timezone) for row, name, timezone in rows]
    return tuple(
        Desk(
            desk_id,
            name,
            people=help_places.staff_here(uow, desk_id, now_utc),
            open_calls=_open_calls(uow, desk_id),
            local=now_utc.astimezone(ZoneInfo(timezone)),
            hours=read_hours(terms.hours),
            skills=frozenset(map(HelpReason, terms.skills)),
            languages=frozenset(terms.languages),
        )
        for desk_id, terms, name, timezone in found
        if terms.serve(store_id)
    )


def _open_calls(uow: UnitOfWork, desk_id: str) -> int:
    """How many calls its people have in hand."""
    return uow.session.exec(
        select(func.count())
        .select_from(HelpRouteRow)
        .join(
            HelpRequestRow,
            and_(
                col(HelpRequestRow.store_id) == col(HelpRouteRow.store_id),
                col(HelpRequestRow.help_id) == col(HelpRouteRow.help_id),
            ),
        )
        .where(
            HelpRouteRow.desk_id == desk_id,
            col(HelpRouteRow.ended_at_utc).is_(None),
            HelpRequestRow.desk == desk_id,
            col(HelpRequestRow.state).in_([state.value for state in OPEN_STATES]),
        )
    ).one()


def _terms(row: DeskRow) -> DeskTerms:
    serves, skills, languages = map(json.loads, (row.serves, row.skills, row.languages))
    return DeskTerms(tuple(serves), tuple(skills), tuple(languages), row.hours)
