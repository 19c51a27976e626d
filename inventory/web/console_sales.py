"""Owns the console's page of sales: the list, narrowed as somebody wishes, and its sums.

It must not know how sums are drawn (sales_views does) nor SQL (services.sales_list does).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Final
from urllib.parse import quote

from fastapi import Request
from fastapi.responses import Response

from inventory.services import sales_list
from inventory.services.listing import ListRow, Wish
from inventory.web import sales_views as views
from inventory.web import table_export
from inventory.web.console_frame import ConsolePage
from inventory.web.table_query import read_query
from inventory.web.table_view import Cell, Column, Table, show
from inventory.web.wall_words import lane_name_words

PATH: Final = "/manager/sales"
DAYS_AT_FIRST: Final = 7


class SalesPage(ConsolePage):
    """Sales of the last days, or of whatever the filters say."""

    def sales(self, request: Request) -> Response:
        today = self._clock().astimezone(self._zone).date()
        query = _at_first(request.query_params, today)
        with self._database.read() as uow:
            table = self._table(sales_list.lane_names(uow, self._store_id))
        file = table_export.answer(self._database, self._store_id, table, query)
        if file is not None:
            return file
        wish = self._wish(table, query)
        with self._database.read() as uow:
            shown = show(uow, self._store_id, table, query)
            summary = views.summary(
                sales_list.by_day(uow, self._store_id, wish),
                sales_list.by_hour(uow, self._store_id, wish),
                sales_list.by_department(uow, self._store_id, wish),
                sales_list.taken_back(uow, self._store_id, wish),
                today=today,
                currency=self._currency,
                texts=self.texts,
            )
        return self.page(request, "sales", here=PATH, table=shown, sums=summary)

    def _wish(self, table: Table, query: Mapping[str, str]) -> Wish:
        return read_query(query, table.listing, zone=self._zone, currency=self._currency).wish

    def _table(self, names: Mapping[str, str]) -> Table:
        t = self.texts.text
        lanes = {lane_id: lane_name_words(name, self.texts) for lane_id, name in names.items()}
        states = {
            sales_list.TO_CHECK: t("to check"),
            sales_list.TAKEN_BACK: t("paid back"),
            sales_list.PLAIN: t("recorded"),
        }
        return Table(
            name="sales",
            path=PATH,
            caption=t("Sales"),
            listing=sales_list.SALES,
            columns=(
                Column("day", t("Day")),
                Column("paid", t("When")),
                Column("lane", t("Lane"), words=lanes),
                Column("receipt", t("Receipt"), link=_sale_path),
                Column("item", t("Item")),
                Column("total", t("Total")),
                Column("state", t("State"), words=states, show=lambda row: _state(row, states)),
            ),
            empty=t("Nothing was sold yet."),
            beside="sales-sums",
            texts=self.texts,
            zone=self._zone,
            currency=self._currency,
        )


def _at_first(query: Mapping[str, str], today: date) -> dict[str, str]:
    """The last week while nobody has said which days: a year of sales is no page to begin with."""
    asked = dict(query)
    if "day.from" not in asked and "day.to" not in asked:
        asked["day.from"] = (today - timedelta(days=DAYS_AT_FIRST - 1)).isoformat()
    return asked


def _sale_path(row: ListRow) -> str:
    return f"/staff/day/sale?id={quote(row['sale_id'], safe='')}"


def _state(row: ListRow, words: Mapping[str, str]) -> Cell:
    looks = {sales_list.TO_CHECK: ("few", "!"), sales_list.TAKEN_BACK: ("none", "↩")}
    look, mark = looks.get(row["state"], ("", ""))
    return Cell(words[row["state"]], look=look, mark=mark)
