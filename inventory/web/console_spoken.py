"""Owns the console's page of how each department speaks of its shelves: from how many on it says what.

It must not know what the words mean to a shopper (availability does). What is set here goes before the
settings, which stay the default.
"""

from __future__ import annotations

from typing import Final
from urllib.parse import quote

from fastapi import Request
from fastapi.responses import Response

from inventory.config import StoreConfig
from inventory.db.unit_of_work import Database
from inventory.domain.availability import DEFAULT_RULE, LONGEST_CERTAIN_H, ShelfRule
from inventory.domain.stock import BandLimits
from inventory.formats.numbers import read_scaled
from inventory.services import availability, stock_list
from inventory.services.listing import ListRow
from inventory.web.auth import session_of
from inventory.web.console_frame import ConsolePage, to
from inventory.web.console_papers import Text
from inventory.web.pages import Clock, Pages
from inventory.web.table_view import Cell, Column, Table, quantity_words

PATH: Final = "/manager/shelves"
_MAX_CHARS: Final = 200


class SpokenPages(ConsolePage):
    """The rule of every department, and the form that sets one."""

    def __init__(self, config: StoreConfig, database: Database, *, pages: Pages, clock: Clock) -> None:
        super().__init__(config, database, pages=pages, clock=clock)
        self._settled = {name: limits.rule for name, limits in config.shelves.items()}

    def rules(self, request: Request, about: str = "") -> Response:
        return self._page(request, department=about[:_MAX_CHARS])

    def set_rule(
        self,
        request: Request,
        department: Text = "",
        plenty: Text = "",
        a_few: Text = "",
        hours: Text = "",
        then: Text = "",
    ) -> Response:
        """Sets what was typed, or gives the department back to the settings."""
        name, who, now_utc = department[:_MAX_CHARS], session_of(request).name, self._clock()
        wanted = self._settled.get(name, DEFAULT_RULE) if then == "back" else _read(plenty, a_few, hours)
        do = availability.give_rule_back if then == "back" else availability.set_rule_by_hand
        try:
            if wanted is None:
                raise ValueError(name)
            with self._database.write() as uow:
                if name not in {each.department for each in availability.rules(uow, self._store_id)}:
                    raise ValueError(name)
                do(uow, self._store_id, name, wanted, who=who, now_utc=now_utc)
        except ValueError:
            t = self.texts.text
            words = t(
                "“Plenty” begins at or above “a few”, both above 0; a number is sure for 0 to {hours} h."
            )
            values = {"plenty": plenty[:20], "a_few": a_few[:20], "hours": hours[:20]}
            refusal = words.format(hours=LONGEST_CERTAIN_H)
            return self._page(request, department=name, values=values, refusal=refusal)
        return to(f"{PATH}?about={quote(name, safe='')}&done=1")

    def _page(
        self,
        request: Request,
        *,
        department: str,
        values: dict[str, str] | None = None,
        refusal: str = "",
    ) -> Response:
        with self._database.read() as uow:
            rules = availability.rules(uow, self._store_id)
            by_hand = availability.set_by_hand(uow, self._store_id)
        chosen = next((each for each in rules if each.department == department), None)
        return self.table_page(
            request,
            "spoken",
            self._table(),
            here=PATH,
            departments=[each.department for each in rules],
            department=department,
            values=values or self._typed(chosen.rule if chosen else DEFAULT_RULE),
            is_by_hand=department in by_hand,
            refusal=refusal,
            is_done=request.query_params.get("done") == "1",
        )

    def _typed(self, rule: ShelfRule) -> dict[str, str]:
        limits, texts = rule.limits, self.texts
        return {
            "plenty": quantity_words(limits.plenty_milli, "", texts),
            "a_few": quantity_words(limits.a_few_milli, "", texts),
            "hours": str(rule.certain_for_h),
        }

    def _table(self) -> Table:
        t = self.texts.text
        return Table(
            name="spoken",
            path=PATH,
            caption=t("What shoppers are told"),
            listing=stock_list.shelf_rules(),
            columns=(
                Column("department", t("Department"), link=_path_of),
                Column("plenty", t("Plenty from")),
                Column("a_few", t("A few from")),
                Column("hours", t("Number sure for"), show=self._hours, css="n"),
                Column("counted", t("Counts that agreed"), show=_agreed, css="n"),
                Column("set_by", t("Set by"), show=self._set_by),
                Column("set_at", t("When")),
            ),
            empty=t("Nothing yet."),
            texts=self.texts,
            zone=self._zone,
            currency=self._currency,
        )

    def _hours(self, row: ListRow) -> Cell:
        return Cell(f"{row['hours']} h" if row["hours"] else self.texts.text("never"), is_ltr=True)

    def _set_by(self, row: ListRow) -> Cell:
        return Cell(row["set_by"]) if row["set_by"] else Cell(self.texts.text("default"), look="quiet")


def _agreed(row: ListRow) -> Cell:
    return Cell(f"{row['agreed']} / {row['counted']}" if row["counted"] else "", is_ltr=True)


def _path_of(row: ListRow) -> str:
    return f"{PATH}?about={quote(row['department'], safe='')}"


def _read(plenty: str, a_few: str, hours: str) -> ShelfRule | None:
    """The rule as it was typed, in pieces or kilograms and hours; None for what is no number."""
    most, some = read_scaled(plenty.strip(), 3), read_scaled(a_few.strip(), 3)
    sure = read_scaled(hours.strip(), 0)
    return None if most is None or some is None or sure is None else ShelfRule(BandLimits(most, some), sure)
