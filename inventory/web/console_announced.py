"""Owns the page on which a delivery is announced by hand: who sends it, when, and what will come.

It must not receive: the delivery's own page does. Once something has come it leads there.
"""

from __future__ import annotations

from urllib.parse import urlencode

from fastapi import Request
from fastapi.responses import Response

from inventory.db.unit_of_work import UnitOfWork
from inventory.domain.documents import Document
from inventory.services import announcing, documents, stock_list
from inventory.services.listing import ListRow
from inventory.web import stock_views as views
from inventory.web import table_export
from inventory.web.console_frame import to
from inventory.web.console_papers import ANNOUNCED, MAX_ID_CHARS, PaperPages, Text
from inventory.web.goods_form import FormFault, GoodsForm, read_day, read_goods
from inventory.web.pages import PageRefused
from inventory.web.table_view import Cell, Column, Table, quantity_words, show


class AnnouncedPages(PaperPages):
    """What is announced of one delivery."""

    def announced(
        self,
        request: Request,
        paper_id: str,
        code: str = "",
        quantity: str = "",
        lot: str = "",
        expires: str = "",
    ) -> Response:
        form = GoodsForm(code, quantity, lot=lot, expires=expires).cut()
        return self._announced_page(request, paper_id, form)

    def change(
        self, request: Request, paper_id: str, title: Text = "", number: Text = "", expected: Text = ""
    ) -> Response:
        def deed(uow: UnitOfWork, _: str) -> object:
            day = read_day(expected)
            announcing.change(uow, self._store_id, paper_id, title=title, number=number, expected_on=day)
            return None

        return self._then(request, paper_id, GoodsForm(), self._try(request, deed))

    def announce(
        self,
        request: Request,
        paper_id: str,
        code: Text = "",
        quantity: Text = "",
        lot: Text = "",
        expires: Text = "",
        pick: Text = "",
    ) -> Response:
        form = GoodsForm(pick or code, quantity, lot=lot, expires=expires).cut()

        def deed(uow: UnitOfWork, _: str) -> object:
            goods = read_goods(uow, self._store_id, form, self.texts)
            gtin, milli = goods.coded.item.gtin, goods.quantity_milli
            announcing.announce(uow, self._store_id, paper_id, gtin, milli, place=goods.place)
            return None

        return self._then(request, paper_id, form, self._try(request, deed))

    def _then(self, request: Request, paper_id: str, form: GoodsForm, refusal: FormFault | None) -> Response:
        if refusal is not None:
            return self._announced_page(request, paper_id, form, refusal=refusal)
        return to(self.path_of(paper_id) + ANNOUNCED)

    def _announced_page(
        self, request: Request, paper_id: str, form: GoodsForm, *, refusal: FormFault | None = None
    ) -> Response:
        with self._database.read() as uow:
            document = documents.find(uow, self._store_id, paper_id[:MAX_ID_CHARS])
            if document is None:
                raise PageRefused(404, self.texts.text("There is no such page."), way_on=self._path)
            if not document.is_announced:
                return to(self.path_of(paper_id))
            table = self._announced_table(document)
            shown = show(uow, self._store_id, table, request.query_params)
        file = table_export.answer(self._database, self._store_id, table, request.query_params)
        if file is not None:
            return file
        return self.page(
            request,
            "announced",
            here=self._path,
            status=409 if refusal else 200,
            table=shown,
            heading=views.paper_words(document) or self._heading(),
            up=self._heading(),
            path=self._path,
            paper=self.path_of(paper_id),
            announced=table.path,
            document=document,
            form=form,
            refusal=refusal,
        )

    def _announced_table(self, document: Document) -> Table:
        t, path = self.texts.text, self.path_of(document.document_id) + ANNOUNCED

        def item(row: ListRow) -> Cell:
            typed = {
                "code": row["gtin"],
                "quantity": quantity_words(row["expected"], "", self.texts),
                "lot": row["lot"],
                "expires": row["expires"],
            }
            return Cell(row["name"], f"{path}?{urlencode(typed)}")

        return self._table(
            "announced",
            path,
            t("What is announced"),
            stock_list.lines_of(document.document_id, self.texts.language),
            (
                Column("name", t("Item"), show=item),
                Column("gtin", t("GTIN"), css="num"),
                Column("expected", t("Announced")),
                Column("lot", t("Lot")),
                Column("expires", t("Expiry")),
            ),
        )
