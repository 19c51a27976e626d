"""Owns the console's lists of stock: where it lies, what expires, what to order again.

It must not know SQL (services.stock_list does).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Final
from urllib.parse import urlencode

from fastapi import Form, Request
from fastapi.responses import Response

from inventory.domain.reordering import ReorderRule, RuleError
from inventory.formats.numbers import read_scaled
from inventory.services import item_codes, reorder, shelves, stock_list
from inventory.services.item_list import DEPARTMENT
from inventory.services.listing import Listing, ListRow, values_of
from inventory.services.stock_list import SHELF_CHOICE
from inventory.web import stock_views as views
from inventory.web.auth import session_of
from inventory.web.console_frame import ConsolePage, to
from inventory.web.goods_form import FormFault, location_choices
from inventory.web.table_view import Cell, Column, Table

PLACES, EXPIRY, REORDER = "/manager/places", "/manager/expiry", "/manager/reorder"
SOON_DAYS: Final = 3
Text = Annotated[str, Form()]


class ShelfPages(ConsolePage):
    """Places, expiry, low stock."""

    def places(self, request: Request) -> Response:
        t = self.texts.text
        table = self._table(
            "places",
            PLACES,
            t("Where it lies"),
            stock_list.places(self.texts.language),
            (
                Column("search", t("Name, GTIN, SKU or PLU")),
                Column("name", t("Item"), link=views.item_path),
                self._location(),
                Column("quantity", t("Quantity")),
                Column("lot", t("Lot")),
                Column("expires", t("Expiry")),
                Column("department", t("Department")),
            ),
        )
        return self.table_page(request, "shelves", table, here=PLACES, heading=t("Where it lies"))

    def expiry(self, request: Request) -> Response:
        t = self.texts.text
        today = self._clock().astimezone(self._zone).date()
        table = self._table(
            "expiry",
            EXPIRY,
            t("Expiry"),
            stock_list.expiry(self.texts.language),
            (
                Column("search", t("Name, GTIN, SKU or PLU")),
                Column("expires", t("Expiry"), show=lambda row: self._expires(row, today)),
                Column("name", t("Item"), link=views.item_path),
                Column("quantity", t("Quantity")),
                self._location(),
                Column("lot", t("Lot"), show=self._lot),
                Column("department", t("Department")),
            ),
        )
        return self.table_page(request, "shelves", table, here=EXPIRY, heading=t("Expiry"))

    def low_stock(self, request: Request) -> Response:
        return self._reorder_page(request)

    def set_rule(self, request: Request, code: Text = "", point: Text = "", target: Text = "") -> Response:
        values = {"code": code[:200], "point": point[:20], "target": target[:20]}
        try:
            self._set_rule(request, values)
        except FormFault as fault:
            return self._reorder_page(request, values=values, refusal=str(fault))
        return to(REORDER)

    def take_suggestions(self, request: Request) -> Response:
        with self._database.write() as uow:
            who = session_of(request).name
            count = reorder.take_suggestions(uow, self._store_id, who=who, now_utc=self._clock())
        return to(f"{REORDER}?set={count}")

    def _set_rule(self, request: Request, values: Mapping[str, str]) -> None:
        t = self.texts.text
        point, target = (read_scaled(values[name].strip(), 3) for name in ("point", "target"))
        if point is None or target is None:
            raise FormFault(t("Type the quantity as a number, like 12 or 1.5."))
        with self._database.write() as uow:
            coded = item_codes.find(uow, self._store_id, values["code"])
            if coded is None:
                raise FormFault(t("There is no item with this number."))
            rule = ReorderRule(coded.item.gtin, point, target)
            try:
                who = session_of(request).name
                reorder.put_rule(uow, self._store_id, rule, who=who, now_utc=self._clock())
            except RuleError as error:
                raise FormFault(t("Fill up to at least the reorder point.")) from error

    def _reorder_page(
        self, request: Request, *, values: Mapping[str, str] | None = None, refusal: str = ""
    ) -> Response:
        t = self.texts.text
        states = {"low": t("low"), "well": t("enough"), "none": t("no rule")}
        table = self._table(
            "reorder",
            REORDER,
            t("To reorder"),
            stock_list.low_stock(self.texts.language, self._store_id, self._clock()),
            (
                Column("search", t("Name, GTIN, SKU or PLU")),
                Column("name", t("Item"), link=views.item_path),
                Column("state", t("State"), words=states, show=lambda row: _state(row, states)),
                Column("order", t("To order")),
                Column("on_hand", t("On hand")),
                Column("coming", t("Announced")),
                Column("point", t("Reorder at")),
                Column("target", t("Fill up to")),
                Column("weekly", t("Sold a week")),
                Column("department", t("Department")),
            ),
        )
        count = request.query_params.get("set", "")
        return self.table_page(
            request,
            "reorder",
            table,
            here=REORDER,
            heading=t("To reorder"),
            values=values or {"code": "", "point": "", "target": ""},
            refusal=refusal,
            count=int(count) if count.isascii() and count.isdecimal() and len(count) < 8 else None,
        )

    def _location(self) -> Column:
        with self._database.read() as uow:
            known = shelves.locations(uow, self._store_id)
        words = dict(location_choices(known, self.texts))
        label = self.texts.text("Place")
        return Column("location", label, words=words, show=views.location_cell(self.texts))

    def _expires(self, row: ListRow, today: date) -> Cell:
        left = (date.fromisoformat(row["expires"]) - today).days
        words = views.day_words(row["expires"], self.texts)
        if left < 0:
            return Cell(words, look="none", mark="✕")
        return Cell(words, look="last", mark="!") if left <= SOON_DAYS else Cell(words)

    def _lot(self, row: ListRow) -> Cell:
        """The lot, as the way to throw it away."""
        place = {
            "code": row["gtin"],
            "location": row["location"] or SHELF_CHOICE,
            "lot": row["lot"],
            "expires": row["expires"],
        }
        return Cell(row["lot"] or self.texts.text("Waste"), f"/staff/waste?{urlencode(place)}")

    def _table(
        self, name: str, path: str, caption: str, listing: Listing, columns: tuple[Column, ...]
    ) -> Table:
        with self._database.read() as uow:
            departments = values_of(uow, self._store_id, DEPARTMENT)
        return Table(
            name=name,
            path=path,
            caption=caption,
            listing=listing,
            columns=columns,
            choices={"department": departments},
            empty=self.texts.text("Nothing yet."),
            texts=self.texts,
            zone=self._zone,
            currency=self._currency,
        )


def _state(row: ListRow, words: Mapping[str, str]) -> Cell:
    looks = {"low": ("last", "!"), "well": ("plenty", "✓")}
    look, mark = looks.get(row["state"], ("quiet", ""))
    return Cell(words[row["state"]], look=look, mark=mark)
