"""Owns the console's papers of many lines: deliveries, transfers to and from other stores, counts.

It must not know what a paper moves (services do). A count is blind: what the books hold is shown to managers.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum
from typing import Annotated, Final
from urllib.parse import quote

from fastapi import Form, Request
from fastapi.responses import Response
from pydantic import BaseModel

from inventory.config import StoreConfig
from inventory.db.repositories import ordered_id
from inventory.db.unit_of_work import Database, UnitOfWork
from inventory.domain.documents import Document, Kind, State
from inventory.domain.places import Place
from inventory.domain.staff import Permission, may
from inventory.services import counts, documents, receiving, shelves, stock_list, transfers
from inventory.services.counts import Scope
from inventory.services.documents import DocumentClosed, DocumentRefused
from inventory.services.item_list import DEPARTMENT
from inventory.services.listing import Listing, ListRow, values_of
from inventory.web import stock_views as views
from inventory.web import table_export
from inventory.web.auth import session_of
from inventory.web.console_frame import ConsolePage, to
from inventory.web.goods_form import (
    FormFault,
    GoodsForm,
    location_choices,
    location_words,
    read_day,
    read_goods,
    read_location,
    refusal_words,
)
from inventory.web.pages import Clock, PageRefused, Pages
from inventory.web.table_view import Cell, Column, Table, show

MAX_ID_CHARS: Final = 64
ANNOUNCED: Final = "/announced"
"""Where, below a delivery's own address, what is announced is changed."""
Text = Annotated[str, Form()]
Deed = Callable[[UnitOfWork, str], object]
"""What a person does in one transaction: gets their name."""


class Room(Enum):
    """One kind of page for papers, by its place."""

    DELIVERIES = "/staff/deliveries"
    TRANSFERS = "/manager/transfers"
    COUNTS = "/staff/counts"


KINDS: Final = {
    Room.DELIVERIES: (Kind.DELIVERY, Kind.ARRIVAL),
    Room.TRANSFERS: (Kind.DISPATCH, Kind.MOVE),
    Room.COUNTS: (Kind.COUNT,),
}


class NewPaper(BaseModel):
    """What a browser sends to open a paper; every field may hold anything."""

    paper_id: str = ""
    title: str = ""
    location: str = ""
    other: str = ""
    partner: str = ""
    department: str = ""
    aisle: str = ""
    bay: str = ""
    number: str = ""
    expected: str = ""
    then: str = ""
    """What is done next: `announce` what it will bring, or say what came."""


class PaperPages(ConsolePage):
    """The papers of one room: their list, one of them, and what is done with it."""

    def __init__(
        self, config: StoreConfig, database: Database, room: Room, *, pages: Pages, clock: Clock
    ) -> None:
        super().__init__(config, database, pages=pages, clock=clock)
        self._room = room
        self._path = room.value

    def papers(self, request: Request) -> Response:
        return self._list_page(request)

    def paper(self, request: Request, paper_id: str) -> Response:
        return self._paper_page(request, paper_id)

    def open(self, request: Request, new: Annotated[NewPaper, Form()]) -> Response:
        refusal = self._try(request, lambda uow, who: self._open(uow, who, new))
        if refusal:
            return self._list_page(request, refusal=refusal)
        return to(self.path_of(new.paper_id[:MAX_ID_CHARS]) + (ANNOUNCED if new.then == "announce" else ""))

    def line(
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
        refusal = self._try(request, lambda uow, who: self._fill(uow, who, paper_id, form))
        if refusal:
            return self._paper_page(request, paper_id, form=form, refusal=refusal)
        return self._to(paper_id)

    def rest(self, request: Request, paper_id: str, line: str = "") -> Response:
        """Takes as announced what nobody has spoken of: all of it, or one line."""

        def deed(uow: UnitOfWork, who: str) -> object:
            now_utc = self._clock()
            receiving.fill_as_announced(uow, self._store_id, paper_id, who=who, now_utc=now_utc, line_id=line)
            return None

        return self._after(request, paper_id, deed)

    def post(self, request: Request, paper_id: str) -> Response:
        def deed(uow: UnitOfWork, who: str) -> object:
            return documents.post(uow, self._store_id, paper_id, who=who, now_utc=self._clock())

        self._only_managers_book_counts(request)
        answer = self._after(request, paper_id, deed)
        if self._room is Room.TRANSFERS:
            transfers.announce(self._database, self._store_id, paper_id)
        return answer

    def cancel(self, request: Request, paper_id: str) -> Response:
        def deed(uow: UnitOfWork, who: str) -> object:
            documents.cancel(uow, self._store_id, paper_id, who=who, now_utc=self._clock())
            return None

        self._only_managers_book_counts(request)
        return self._after(request, paper_id, deed)

    # -- deeds -----------------------------------------------------------------------------------

    def _open(self, uow: UnitOfWork, who: str, new: NewPaper) -> object:
        kind = KINDS[self._room][0]
        title = new.title
        if self._room is Room.COUNTS and not title.strip():
            title = " · ".join(filter(str.strip, (new.department, new.aisle, new.bay)))
        paper = Document(
            new.paper_id[:MAX_ID_CHARS],
            kind,
            title,
            who,
            self._clock(),
            location=read_location(new.location, new.other),
            partner=new.partner.strip(),
            number=new.number,
            expected_on=read_day(new.expected),
        )
        if self._room is not Room.COUNTS:
            return documents.open_document(uow, self._store_id, paper)
        scope = Scope(new.department, new.aisle.strip(), new.bay.strip())
        return counts.open_count(uow, self._store_id, paper, scope)

    def _fill(self, uow: UnitOfWork, who: str, paper_id: str, form: GoodsForm) -> object:
        goods = read_goods(uow, self._store_id, form, self.texts)
        document = documents.find(uow, self._store_id, paper_id)
        if document is None:
            raise DocumentClosed
        do = counts.count_line if self._room is Room.COUNTS else receiving.fill
        # Of a count the lot is counted only where it was typed: a shelf is counted as one.
        place = Place(document.location, form.lot) if self._room is Room.COUNTS else goods.place
        return do(
            uow,
            self._store_id,
            paper_id,
            goods.coded.item.gtin,
            goods.quantity_milli,
            place=place.at(document.location),
            who=who,
            now_utc=self._clock(),
        )

    def _try(self, request: Request, deed: Deed) -> FormFault | None:
        """Does it in one transaction; answers why not."""
        try:
            with self._database.write() as uow:
                deed(uow, session_of(request).name)
        except FormFault as fault:
            return fault
        except (DocumentRefused, DocumentClosed) as refused:
            return FormFault(refusal_words(refused, self.texts))
        return None

    def _after(self, request: Request, paper_id: str, deed: Deed) -> Response:
        refusal = self._try(request, deed)
        return self._paper_page(request, paper_id, refusal=refusal) if refusal else self._to(paper_id)

    def _to(self, paper_id: str) -> Response:
        return to(self.path_of(paper_id))

    def _only_managers_book_counts(self, request: Request) -> None:
        if self._room is Room.COUNTS and not _is_manager(request):
            raise PageRefused(403, "This page is for managers.", way_on=self._path)

    # -- pages -----------------------------------------------------------------------------------

    def _list_page(self, request: Request, *, refusal: FormFault | None = None) -> Response:
        table = self._papers_table()
        file = table_export.answer(self._database, self._store_id, table, request.query_params)
        if file is not None:
            return file
        with self._database.read() as uow:
            shown = show(uow, self._store_id, table, request.query_params)
            known = shelves.locations(uow, self._store_id)
            departments = values_of(uow, self._store_id, DEPARTMENT)
        return self.page(
            request,
            "papers",
            here=self._path,
            status=422 if refusal else 200,
            table=shown,
            room=self._room.name,
            heading=self._heading(),
            path=self._path,
            refusal=refusal,
            paper_id=ordered_id(self._clock()),
            locations=location_choices(known, self.texts),
            departments=departments,
            blank=Document("", KINDS[self._room][0], "", "", self._clock()),
        )

    def _paper_page(
        self,
        request: Request,
        paper_id: str,
        *,
        form: GoodsForm | None = None,
        refusal: FormFault | None = None,
    ) -> Response:
        with self._database.read() as uow:
            document = documents.find(uow, self._store_id, paper_id[:MAX_ID_CHARS])
            if document is None or document.kind not in KINDS[self._room]:
                raise PageRefused(404, self.texts.text("There is no such page."), way_on=self._path)
            table = self._lines_table(document, is_manager=_is_manager(request))
            shown = show(uow, self._store_id, table, request.query_params)
        file = table_export.answer(self._database, self._store_id, table, request.query_params)
        if file is not None:
            return file
        looked, lines = counts.progress(document)
        return self.page(
            request,
            "paper",
            here=self._path,
            status=409 if refusal else 200,
            table=shown,
            room=self._room.name,
            heading=views.paper_words(document) or self._heading(),
            up=self._heading(),
            path=self._path,
            document=document,
            state=views.state_cell(document.state.value, self.texts),
            location=location_words(document.location, self.texts),
            is_open=document.state is State.OPEN,
            may_book=self._room is not Room.COUNTS or _is_manager(request),
            has_rest=any(line.expected_milli and line.quantity_milli is None for line in document.lines),
            progress=f"{looked} / {lines}",
            made=document.made_at_utc.astimezone(self._zone),
            expected_on=views.day_words(document.expected_on.isoformat(), self.texts)
            if document.expected_on
            else "",
            announced=self.path_of(document.document_id) + ANNOUNCED if document.is_announced else "",
            form=form or GoodsForm(),
            refusal=refusal,
        )

    def _heading(self) -> str:
        t = self.texts.text
        match self._room:
            case Room.DELIVERIES:
                return t("Deliveries")
            case Room.TRANSFERS:
                return t("Transfers")
            case Room.COUNTS:
                return t("Counts")

    def _papers_table(self) -> Table:
        t = self.texts.text
        kinds = KINDS[self._room]
        words = views.kind_words(self.texts)
        of_kind = (Column("kind", t("What"), words={kind.value: words[kind.value] for kind in kinds}),)
        return self._table(
            "papers",
            self._path,
            self._heading(),
            stock_list.papers(kinds),
            (
                Column("title", t("Name"), show=self._title),
                *(of_kind if len(kinds) > 1 else ()),
                Column(
                    "state",
                    t("State"),
                    words=views.state_words(self.texts),
                    show=lambda row: views.state_cell(row["state"], self.texts),
                ),
                *(self._announced_columns() if self._room is Room.DELIVERIES else ()),
                Column("lines", t("Lines")),
                *((Column("partner", t("Store")),) if self._room is not Room.COUNTS else ()),
                Column("made", t("When")),
                Column("made_by", t("By")),
            ),
        )

    def _announced_columns(self) -> tuple[Column, ...]:
        t, today = self.texts.text, self._clock().astimezone(self._zone).date()
        expected = views.expected_cell(self.texts, today=today)
        return Column("number", t("Number")), Column("expected", t("Expected"), show=expected)

    def _lines_table(self, document: Document, *, is_manager: bool) -> Table:
        t = self.texts.text
        is_count = self._room is Room.COUNTS
        expected, found = (t("Booked"), t("Counted")) if is_count else (t("Announced"), t("Quantity"))
        seen: tuple[Column, ...] = ()
        if is_manager or not is_count:
            seen = (
                Column("expected", expected),
                Column("difference", t("Difference"), show=views.difference_cell(self.texts)),
            )
        if is_manager and is_count:
            seen = (*seen, Column("value", t("Value")))
        return self._table(
            "lines",
            self.path_of(document.document_id),
            document.title or self._heading(),
            stock_list.lines_of(document.document_id, self.texts.language),
            (
                Column("search", t("Name, GTIN, SKU or PLU")),
                views.item_column(self.texts, is_manager=is_manager),
                *self._line_columns(document, found, seen),
                Column("actor", t("By")),
                Column("at", t("When")),
            ),
        )

    def _line_columns(self, document: Document, found: str, seen: tuple[Column, ...]) -> tuple[Column, ...]:
        """What is said of each line: of goods on their way first what was announced, then what came."""
        t = self.texts.text
        quantity = Column("quantity", found, show=views.looked_cell(self.texts, tick=self._tick(document)))
        place = Column("location", t("Place"), show=views.location_cell(self.texts))
        if self._room is Room.COUNTS:
            return (place, quantity, *seen)
        lots = (Column("lot", t("Lot")), Column("expires", t("Expiry")))
        return (*seen[:1], quantity, *seen[1:], *lots, *((place,) if self._room is Room.TRANSFERS else ()))

    def _tick(self, document: Document) -> str:
        """Where a line is taken as announced; "" where that cannot be."""
        is_open = document.state is State.OPEN and self._room is not Room.COUNTS
        return f"{self.path_of(document.document_id)}/rest" if is_open else ""

    def _table(
        self, name: str, path: str, caption: str, listing: Listing, columns: tuple[Column, ...]
    ) -> Table:
        return Table(
            name=name,
            path=path,
            caption=caption,
            listing=listing,
            columns=columns,
            empty=self.texts.text("Nothing yet."),
            texts=self.texts,
            zone=self._zone,
            currency=self._currency,
        )

    def path_of(self, paper_id: str) -> str:
        """The address of one paper."""
        return f"{self._path}/{quote(paper_id, safe='')}"

    def _title(self, row: ListRow) -> Cell:
        return Cell(row["title"] or self._heading(), self.path_of(row["document_id"]))


def _is_manager(request: Request) -> bool:
    return may(session_of(request).role, Permission.SEE_CONSOLE)
