"""Owns the console's pages of help: what the waits of some days come to, what to repair, and every call.

It must not know how figures are drawn (help_views does), nor who answered: no page here names anybody.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from functools import partial
from typing import Final

from fastapi import Request
from fastapi.responses import Response

from inventory.domain.help_desk import Cause, HelpReason, HelpState
from inventory.services import catalogue, help_numbers, sales_list
from inventory.services.listing import ListRow
from inventory.web import help_views as views
from inventory.web.console_frame import ConsolePage
from inventory.web.table_view import Cell, Column, Table
from inventory.web.wall_words import lane_name_words, waited

PATH: Final = "/manager/help"
CALLS_PATH: Final = "/manager/help/calls"
SPANS: Final = (1, 7, 28, 90)
"""Days that can be looked at together, today counted."""
_SPAN_AT_FIRST: Final = 7


class HelpPage(ConsolePage):
    """The numbers, and the list behind them."""

    def numbers(self, request: Request, days: str = "") -> Response:
        span = int(days) if days in {str(each) for each in SPANS} else _SPAN_AT_FIRST
        today = self._clock().astimezone(self._zone).date()
        first = today - timedelta(days=span - 1)
        with self._database.read() as uow:
            found = help_numbers.of_days(uow, self._store_id, first, today, self._zone)
            items = catalogue.find_items(uow, self._store_id, sorted(set(found.gtins)))
            lanes = self._lanes(sales_list.lane_names(uow, self._store_id))
        names = {gtin: each.name(self.texts.language) for gtin, each in items.items()}
        view = views.help_view(found, lanes=lanes, items=names, texts=self.texts)
        spans = [(each, views.span_words(each, self.texts), each == span) for each in SPANS]
        return self.page(request, "help", here=PATH, help=view, spans=spans)

    def calls(self, request: Request) -> Response:
        t = self.texts.text
        with self._database.read() as uow:
            lanes = self._lanes(sales_list.lane_names(uow, self._store_id))
        table = Table(
            name="calls",
            path=CALLS_PATH,
            caption=t("Calls for help"),
            listing=help_numbers.CALLS,
            columns=(
                Column("called", t("When")),
                Column("lane", t("Lane"), words=lanes),
                Column("reason", t("About"), words=self._reasons()),
                Column("state", t("State"), words=self._states()),
                Column("cause", t("It was"), words=self._causes()),
                Column("language", t("Language")),
                Column("answered", t("Answered after"), show=partial(_after, key="answered"), css="n"),
                Column("arrived", t("Somebody there after"), show=partial(_after, key="arrived"), css="n"),
                Column("over", t("Over after"), show=partial(_after, key="over"), css="n"),
                Column("level", t("Rungs climbed"), css="n"),
                Column("turns", t("Given on"), css="n"),
            ),
            empty=t("Nobody has called yet."),
            texts=self.texts,
            zone=self._zone,
            currency=self._currency,
        )
        return self.table_page(request, "help_calls", table, here=PATH)

    def _lanes(self, names: Mapping[str, str]) -> dict[str, str]:
        return {lane_id: lane_name_words(name, self.texts) for lane_id, name in names.items()}

    def _reasons(self) -> dict[str, str]:
        return {each.value: views.reason_label(each, self.texts) for each in HelpReason}

    def _causes(self) -> dict[str, str]:
        return {each.value: views.cause_label(each, self.texts) for each in Cause}

    def _states(self) -> dict[str, str]:
        return {each.value: views.state_label(each, self.texts) for each in HelpState}


def _after(row: ListRow, *, key: str) -> Cell:
    """How long after the call, as the tablet counts it; nothing where it never happened."""
    return Cell("" if row[key] is None else waited(row["called"], row[key]))
