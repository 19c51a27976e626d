"""Owns the console's forms of one line: waste, goods brought back, corrections, and moves within the store.

It must not know what a paper moves (services do). A form that is sent twice carries the id of one paper.
"""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import Form, Request
from fastapi.responses import Response
from pydantic import BaseModel

from inventory.db.repositories import ordered_id
from inventory.db.unit_of_work import UnitOfWork
from inventory.domain.documents import Document, Kind
from inventory.domain.staff import Permission, may
from inventory.services import receiving, shelves, stock_list
from inventory.services.documents import DocumentClosed, DocumentRefused
from inventory.web import stock_views as views
from inventory.web import table_export
from inventory.web.auth import session_of
from inventory.web.console_frame import ConsolePage, to
from inventory.web.goods_form import (
    FormFault,
    GoodsForm,
    location_choices,
    read_goods,
    read_location,
    refusal_words,
)
from inventory.web.table_view import Column, Table, show

WASTE, MOVES = "/staff/waste", "/manager/moves"
LOSSES: Final = (Kind.WASTE, Kind.RETURN, Kind.CORRECTION)
_MAX_ID_CHARS: Final = 64
Text = Annotated[str, Form()]


class Loss(BaseModel):
    """What a browser sends about goods that are lost or brought back; every field may hold anything."""

    paper_id: str = ""
    kind: str = ""
    code: str = ""
    pick: str = ""
    quantity: str = ""
    location: str = ""
    lot: str = ""
    expires: str = ""
    why: str = ""


class GoodsPages(ConsolePage):
    """What is thrown away, brought back, corrected; what is moved from the backroom to the shelf."""

    def waste(
        self, request: Request, code: str = "", location: str = "", lot: str = "", expires: str = ""
    ) -> Response:
        return self._page(request, WASTE, GoodsForm(code, "", location, "", lot, expires).cut())

    def moves(self, request: Request) -> Response:
        return self._page(request, MOVES, GoodsForm(location="backroom"))

    def throw_away(self, request: Request, typed: Annotated[Loss, Form()]) -> Response:
        code = typed.pick or typed.code
        form = GoodsForm(code, typed.quantity, typed.location, "", typed.lot, typed.expires, typed.why).cut()
        wanted = next((each for each in self._kinds(request) if each.value == typed.kind), Kind.WASTE)
        return self._book(request, WASTE, wanted, typed.paper_id, form)

    def move(
        self,
        request: Request,
        paper_id: Text = "",
        code: Text = "",
        quantity: Text = "",
        location: Text = "",
        to_location: Text = "",
        other: Text = "",
        pick: Text = "",
    ) -> Response:
        form = GoodsForm(pick or code, quantity, location).cut()
        target = read_location(to_location, other[:200])
        return self._book(request, MOVES, Kind.MOVE, paper_id, form, to_location=target)

    def _book(
        self,
        request: Request,
        path: str,
        kind: Kind,
        paper_id: str,
        form: GoodsForm,
        *,
        to_location: str = "",
    ) -> Response:
        who, now_utc = session_of(request).name, self._clock()
        paper = Document(
            paper_id[:_MAX_ID_CHARS],
            kind,
            "",
            who,
            now_utc,
            location=read_location(form.location),
            to_location=to_location,
            why=form.why,
        )
        try:
            with self._database.write() as uow:
                self._record(uow, paper, form)
        except FormFault as fault:
            return self._page(request, path, form, refusal=fault)
        except (DocumentRefused, DocumentClosed) as refused:
            return self._page(request, path, form, refusal=FormFault(refusal_words(refused, self.texts)))
        return to(f"{path}?done=1")

    def _record(self, uow: UnitOfWork, paper: Document, form: GoodsForm) -> None:
        goods = read_goods(uow, self._store_id, form, self.texts)
        if paper.kind is Kind.MOVE and paper.location == paper.to_location:
            raise FormFault(self.texts.text("Choose two different places."))
        gtin = goods.coded.item.gtin
        receiving.record(uow, self._store_id, paper, [(gtin, goods.place, goods.quantity_milli)])

    def _page(
        self, request: Request, path: str, form: GoodsForm, *, refusal: FormFault | None = None
    ) -> Response:
        table = self._table(request, path)
        file = table_export.answer(self._database, self._store_id, table, request.query_params)
        if file is not None:
            return file
        with self._database.read() as uow:
            shown = show(uow, self._store_id, table, request.query_params)
            known = shelves.locations(uow, self._store_id)
        words = views.kind_words(self.texts)
        return self.page(
            request,
            "goods",
            here=path if path == WASTE else "/manager/transfers",
            status=422 if refusal else 200,
            table=shown,
            path=path,
            heading=table.caption,
            is_move=path == MOVES,
            kinds=[(kind.value, words[kind.value]) for kind in self._kinds(request)],
            form=form,
            refusal=refusal,
            is_done=request.query_params.get("done") == "1",
            paper_id=ordered_id(self._clock()),
            locations=location_choices(known, self.texts),
        )

    def _table(self, request: Request, path: str) -> Table:
        t = self.texts.text
        is_move = path == MOVES
        kinds = (Kind.MOVE,) if is_move else LOSSES
        words = views.kind_words(self.texts)
        of_kind = (Column("kind", t("What"), words={kind.value: words[kind.value] for kind in kinds}),)
        target = Column("to_location", t("To"), show=views.location_cell(self.texts, "to_location"))
        return Table(
            name="goods",
            path=path,
            caption=t("Move") if is_move else t("Waste"),
            listing=stock_list.booked_lines(kinds, self.texts.language),
            columns=(
                Column("search", t("Name, GTIN, SKU or PLU")),
                Column("at", t("When")),
                *(() if is_move else of_kind),
                views.item_column(self.texts, is_manager=_is_manager(request)),
                Column("quantity", t("Quantity")),
                Column("value", t("Value")),
                Column("location", t("Place"), show=views.location_cell(self.texts)),
                *((target,) if is_move else (Column("lot", t("Lot")), Column("why", t("Why")))),
                Column("actor", t("By")),
            ),
            empty=t("Nothing yet."),
            texts=self.texts,
            zone=self._zone,
            currency=self._currency,
        )

    def _kinds(self, request: Request) -> tuple[Kind, ...]:
        return LOSSES if _is_manager(request) else (Kind.WASTE, Kind.RETURN)


def _is_manager(request: Request) -> bool:
    return may(session_of(request).role, Permission.SEE_CONSOLE)
