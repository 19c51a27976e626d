"""Owns the console's page of bundles: which goods are sold as several others, part by part.

It must not know what a bundle may be made of (services.bundles does).
"""

from __future__ import annotations

from typing import Annotated, Final
from urllib.parse import quote

from fastapi import Form, Request
from fastapi.responses import Response

from inventory.db.unit_of_work import UnitOfWork
from inventory.domain.bundles import BundleError, Part
from inventory.services import bundles, item_codes, stock_list
from inventory.web import stock_views as views
from inventory.web.auth import session_of
from inventory.web.console_frame import ConsolePage, to
from inventory.web.goods_form import FormFault, GoodsForm, read_goods
from inventory.web.table_view import Column, Table

PATH: Final = "/manager/bundles"
Text = Annotated[str, Form()]


class BundlePages(ConsolePage):
    """All bundles with their parts."""

    def bundles(self, request: Request) -> Response:
        return self._page(request)

    def put(self, request: Request, bundle: Text = "", code: Text = "", quantity: Text = "") -> Response:
        form = GoodsForm(code, quantity).cut()
        wanted = bundle[:200].strip()
        try:
            with self._database.write() as uow:
                self._put(uow, session_of(request).name, wanted, form)
        except FormFault as fault:
            return self._page(request, bundle=wanted, form=form, refusal=str(fault))
        except BundleError:
            words = self.texts.text("That makes no bundle: its parts are single goods, no packs or bundles.")
            return self._page(request, bundle=wanted, form=form, refusal=words)
        return to(f"{PATH}?search={quote(wanted)}")

    def _put(self, uow: UnitOfWork, who: str, wanted: str, form: GoodsForm) -> None:
        """Adds a part, or changes how much of it there is; of none, the part goes."""
        coded = item_codes.find(uow, self._store_id, wanted)
        goods = read_goods(uow, self._store_id, form, self.texts)
        if coded is None:
            raise FormFault(self.texts.text("There is no item with this number."))
        whole = coded.item.gtin
        before = bundles.of(uow, self._store_id, [whole]).get(whole, ())
        parts = [part for part in before if part.gtin != goods.coded.item.gtin]
        if goods.quantity_milli:
            parts.append(Part(goods.coded.item.gtin, goods.quantity_milli))
        if parts:
            bundles.put(uow, self._store_id, whole, parts, who=who, now_utc=self._clock())
        else:
            bundles.drop(uow, self._store_id, whole, who=who, now_utc=self._clock())

    def _page(
        self, request: Request, *, bundle: str = "", form: GoodsForm | None = None, refusal: str = ""
    ) -> Response:
        t = self.texts.text
        table = Table(
            name="bundles",
            path=PATH,
            caption=t("Bundles"),
            listing=stock_list.bundle_parts(self.texts.language),
            columns=(
                Column("search", t("Name, GTIN, SKU or PLU")),
                Column("name", t("Bundle"), link=views.item_path),
                Column("part", t("Part"), link=lambda row: views.item_path({"gtin": row["part_gtin"]})),
                Column("quantity", t("Quantity")),
            ),
            empty=t("Nothing yet."),
            texts=self.texts,
            zone=self._zone,
            currency=self._currency,
        )
        return self.table_page(
            request, "bundles", table, here=PATH, bundle=bundle, form=form or GoodsForm(), refusal=refusal
        )
