"""Owns the console's pages of items: the price list, the stock, and one item with its movements.

It must not know how an item is drawn (item_views does) nor SQL (services.item_list does).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from fastapi import Request
from fastapi.responses import Response

from inventory.domain.stock import Reason, band
from inventory.services import catalogue, item_find, item_list, prices, stock
from inventory.services.listing import ListRow, values_of
from inventory.web import item_views as views
from inventory.web import table_export
from inventory.web.console_frame import ConsolePage
from inventory.web.pages import PageRefused
from inventory.web.price_plans import PlanForm, PlanPart, plan_lines
from inventory.web.table_query import MAX_FILTER_CHARS
from inventory.web.table_view import Cell, Column, Table, show

ITEMS, STOCK, IMPORT = "/manager/items", "/manager/stock", "/manager/import"
_FOUND_AT_MOST: Final = 50


class ItemPages(ConsolePage):
    """Items and prices, stock, one item."""

    def items(self, request: Request) -> Response:
        t = self.texts.text
        with self._database.read() as uow:
            version = catalogue.version(uow, self._store_id)
        columns = (
            Column("search", t("Name, GTIN, SKU or PLU")),
            Column("name", t("Item"), link=_item_path),
            Column("gtin", "GTIN", css="num"),
            Column("price", t("Price"), show=self._price),
            Column("tax_class", t("Tax")),
            Column("age_limit", t("Age"), show=_age),
            Column("department", t("Department")),
            Column("aisle", t("Place"), show=self._place),
        )
        table = self._table(request, "items", ITEMS, t("Items and prices"), columns)
        return self.table_page(request, "items", table, here=ITEMS, version=version)

    def stock(self, request: Request) -> Response:
        t = self.texts.text
        columns = (
            Column("search", t("Name, GTIN, SKU or PLU")),
            Column("name", t("Item"), link=_item_path),
            Column("on_hand", t("On hand")),
            Column("band", t("Shoppers see"), show=self._band),
            Column("department", t("Department")),
            Column("aisle", t("Place"), show=self._place),
            Column("moved", t("Last movement"), show=self._moved),
        )
        table = self._table(request, "stock", STOCK, t("Stock"), columns)
        return self.table_page(request, "stock", table, here=STOCK)

    def item(self, request: Request, gtin: str) -> Response:
        return self.item_page(request, gtin)

    def item_page(
        self, request: Request, gtin: str, *, form: PlanForm | None = None, refusal: str = ""
    ) -> Response:
        """One item; with what was typed and why it was refused, after a form that was."""
        query = request.query_params
        table = self._movements(gtin)
        file = table_export.answer(self._database, self._store_id, table, query)
        if file is not None:
            return file
        with self._database.read() as uow:
            found = stock.levels(uow, self._store_id, search=gtin, limit=_FOUND_AT_MOST).levels
            level = next((each for each in found if each.item.gtin == gtin), None)
            if level is None:
                text = self.texts.text
                raise PageRefused(
                    404,
                    text("There is no item with this number."),
                    way_on=STOCK,
                    way_on_label=text("Stock"),
                )
            single = catalogue.find_item(uow, self._store_id, level.item.multipack_of)
            moved = show(uow, self._store_id, table, query)
            planned = prices.of_item(uow, self._store_id, gtin)
        return self.page(
            request,
            "item",
            here=STOCK,
            status=422 if refusal else 200,
            plans=PlanPart(
                plan_lines(planned, zone=self._zone, currency=self._currency, texts=self.texts),
                form or PlanForm(),
                refusal,
                self._zone.key,
            ),
            item=views.item_line(level, self.texts, zone=self._zone),
            pack=views.pack_line(level.item, single, self.texts),
            table=moved,
        )

    def _table(
        self, request: Request, name: str, path: str, caption: str, columns: tuple[Column, ...]
    ) -> Table:
        list_of = item_list.items if name == "items" else item_list.levels
        typed = request.query_params.get("search", "")[:MAX_FILTER_CHARS]
        with self._database.read() as uow:
            found = item_find.numbers_found(uow, self._store_id, typed)
            departments = values_of(uow, self._store_id, item_list.DEPARTMENT)
        return Table(
            name=name,
            path=path,
            caption=caption,
            listing=list_of(self.texts.language, found),
            columns=columns,
            choices={"department": departments},
            empty=self.texts.text("There are no items yet."),
            empty_link=(IMPORT, self.texts.text("Import a price file")),
            texts=self.texts,
            zone=self._zone,
            currency=self._currency,
        )

    def _movements(self, gtin: str) -> Table:
        t = self.texts.text
        return Table(
            name="movements",
            path=f"{STOCK}/{gtin}",
            caption=t("Movements"),
            listing=item_list.movements_of(gtin),
            columns=(
                Column("at", t("When")),
                Column("reason", t("Reason"), words=self._reasons()),
                Column("quantity", t("Quantity"), show=self._moved_by),
                Column("actor", t("By")),
                Column("source", t("Source"), css="source"),
            ),
            empty=t("This item has never moved."),
            texts=self.texts,
            zone=self._zone,
            currency=self._currency,
        )

    def _reasons(self) -> Mapping[str, str]:
        return {reason.value: views.reason_words(reason, self.texts) for reason in Reason}

    def _price(self, row: ListRow) -> Cell:
        return views.price_cell(row["price"], row["currency"], row["sold_by"], self.texts)

    def _place(self, row: ListRow) -> Cell:
        return Cell(views.place_of(row["aisle"], row["bay"], self.texts))

    def _band(self, row: ListRow) -> Cell:
        return views.band_cell(band(row["band"]), self.texts)

    def _moved(self, row: ListRow) -> Cell:
        return Cell(views.moved_words(row["moved"], self.texts, zone=self._zone))

    def _moved_by(self, row: ListRow) -> Cell:
        return views.moved_by_cell(row["quantity"], row["sold_by"] or "", self.texts)


def _item_path(row: ListRow) -> str:
    return f"{STOCK}/{row['gtin']}"


def _age(row: ListRow) -> Cell:
    return Cell(f"{row['age_limit']}+", look="age") if row["age_limit"] else Cell("")
