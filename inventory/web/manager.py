"""Owns the console's routes: today, items, stock, import and staff. Role manager throughout.

It must not know how figures are drawn (console_views does) or how a file is read (formats does).
"""

from __future__ import annotations

import secrets
from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from threading import Lock
from typing import Annotated, Any, Final
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Form, Request, UploadFile
from fastapi.responses import RedirectResponse, Response

from inventory.config import StoreConfig
from inventory.db.unit_of_work import Database, UnitOfWork
from inventory.domain.staff import PinFault, Role
from inventory.formats.sheet import SheetError
from inventory.services import answers, catalogue, help_desk, imports, sales, searches, stock, stores
from inventory.services import staff as people
from inventory.services.imports import ImportPreview, ImportRefused
from inventory.services.staff import PinError, StaffNameError
from inventory.web import console_views as views
from inventory.web.auth import Guard, session_of
from inventory.web.events import Broker
from inventory.web.pages import Clock, PageRefused, Pages, pages_for, utc_now
from inventory.web.question_views import ROWS_SHOWN, missed_lines, question_lines, repairs_of_searches
from inventory.web.rail import places

PAGE_ROWS: Final = 50
MOVEMENTS_SHOWN: Final = 200
IMPORT_ROWS_SHOWN: Final = 100
AUDIT_SHOWN: Final = 100
ASKED_SINCE: Final = timedelta(days=7)
_UPLOADS_KEPT: Final = 4


@dataclass(frozen=True, slots=True)
class Upload:
    """A file between its preview and its confirmation; it belongs to who sent it."""

    staff_id: str
    file_name: str
    raw: bytes


class PendingUploads:
    """The few files that wait for a confirmation. The oldest goes when another comes."""

    def __init__(self) -> None:
        self._uploads: OrderedDict[str, Upload] = OrderedDict()
        self._lock = Lock()

    def keep(self, upload: Upload) -> str:
        """Keeps a file in place of its sender's last one; returns the ticket that finds it again."""
        ticket = secrets.token_urlsafe(16)
        with self._lock:
            for old in [key for key, kept in self._uploads.items() if kept.staff_id == upload.staff_id]:
                del self._uploads[old]
            self._uploads[ticket] = upload
            while len(self._uploads) > _UPLOADS_KEPT:
                self._uploads.popitem(last=False)
        return ticket

    def find(self, ticket: str, *, staff_id: str) -> Upload | None:
        with self._lock:
            upload = self._uploads.get(ticket)
        return upload if upload is not None and upload.staff_id == staff_id else None

    def drop(self, ticket: str) -> None:
        with self._lock:
            self._uploads.pop(ticket, None)


class Console:
    """The pages a manager sees."""

    def __init__(self, config: StoreConfig, database: Database, *, pages: Pages, clock: Clock) -> None:
        self._store_id = config.store_id
        self._database = database
        self._pages = pages
        self._clock = clock
        self._uploads = PendingUploads()

    def today(self, request: Request) -> Response:
        texts = self._pages.texts
        with self._database.read() as uow:
            store = stores.find_store(uow, self._store_id)
            now = self._clock().astimezone(ZoneInfo(store.timezone))
            day = now.date()
            midnight = datetime.combine(day, time(), tzinfo=now.tzinfo)
            since = now - ASKED_SINCE
            missed = searches.missed(uow, self._store_id, since_utc=since, limit=ROWS_SHOWN)
            view = views.today_view(
                sales.today(uow, self._store_id, day),
                help_desk.seconds_to_answer(uow, self._store_id, since_utc=midnight),
                [
                    *self._stock_repairs(uow),
                    *views.repairs_of_sales(sales.flagged(uow, self._store_id, day), texts),
                    *repairs_of_searches(missed, texts),
                ],
                now=now,
                texts=texts,
            )
            asked = question_lines(answers.summaries(uow, self._store_id, since_utc=since), texts)
        return self._page(request, "today", today=view, asked=asked, missed=missed_lines(missed))

    def items(self, request: Request, search: str = "", department: str = "", page: str = "1") -> Response:
        found = self._list(search[:100], department[:100], page)
        return self._page(request, "items", list=found)

    def stock(self, request: Request, search: str = "", department: str = "", page: str = "1") -> Response:
        found = self._list(search[:100], department[:100], page)
        return self._page(request, "stock", list=found)

    def item(self, request: Request, gtin: str) -> Response:
        texts = self._pages.texts
        with self._database.read() as uow:
            zone = ZoneInfo(stores.find_store(uow, self._store_id).timezone)
            found = stock.levels(uow, self._store_id, search=gtin, limit=PAGE_ROWS).levels
            level = next((each for each in found if each.item.gtin == gtin), None)
            if level is None:
                raise PageRefused(
                    404,
                    texts.text("There is no item with this number."),
                    way_on="/manager/stock",
                    way_on_label=texts.text("Stock"),
                )
            moved = stock.movements(uow, self._store_id, gtin, limit=MOVEMENTS_SHOWN)
            single = catalogue.find_item(uow, self._store_id, level.item.multipack_of)
        return self._page(
            request,
            "item",
            here="/manager/stock",
            item=views.item_line(level, texts, zone=zone),
            pack=views.pack_line(level.item, single, texts),
            movements=[views.movement_line(each, level.item, texts, zone=zone) for each in moved],
        )

    def import_form(self, request: Request, done: str = "") -> Response:
        words = self._pages.texts.text("Price list {version} is live on every lane.")
        return self._import_page(request, done=words.format(version=int(done)) if done.isdecimal() else "")

    def import_preview(self, request: Request, file: UploadFile) -> Response:
        raw = file.file.read()
        name = " ".join((file.filename or "").split())[:100]
        try:
            with self._database.read() as uow:
                found = imports.preview(uow, self._store_id, raw)
        except SheetError as refused:
            return self._import_page(request, status=422, refusal=str(refused))
        ticket = self._uploads.keep(Upload(session_of(request).staff_id, name, raw))
        return self._import_page(request, found=found, ticket=ticket, file_name=name)

    def import_confirm(
        self,
        request: Request,
        ticket: Annotated[str, Form()] = "",
        confirmed: Annotated[str, Form()] = "",
    ) -> Response:
        person = session_of(request)
        upload = self._uploads.find(ticket, staff_id=person.staff_id)
        if upload is None:
            words = self._pages.texts.text(
                "The file is no longer here. Nothing was changed; choose it again."
            )
            return self._import_page(request, status=409, refusal=words)
        try:
            with self._database.write() as uow:
                result = imports.apply(
                    uow,
                    self._store_id,
                    upload.raw,
                    person.name,
                    self._clock(),
                    confirmed=confirmed == "yes",
                )
        except ImportRefused as refused:
            return self._import_page(
                request,
                status=409,
                found=refused.preview,
                ticket=ticket,
                file_name=upload.file_name,
                refusal=str(refused),
            )
        self._uploads.drop(ticket)
        return RedirectResponse(f"/manager/import?done={result.version}", status_code=303)

    def staff(self, request: Request) -> Response:
        return self._staff_page(request)

    def add_staff(
        self,
        request: Request,
        name: Annotated[str, Form()] = "",
        pin: Annotated[str, Form()] = "",
        role: Annotated[str, Form()] = "",
    ) -> Response:
        text = self._pages.texts.text
        try:
            wanted = Role.MANAGER if role == Role.MANAGER.value else Role.ATTENDANT
            with self._database.write() as uow:
                people.add(uow, self._store_id, name=name, pin=pin, role=wanted, now_utc=self._clock())
        except PinError as refused:
            return self._staff_page(request, status=422, refusal=_pin_words(refused.fault, self._pages))
        except StaffNameError as refused:
            return self._staff_page(request, status=422, refusal=str(refused))
        return self._staff_page(request, notice=text("{name} can sign in now.").format(name=name))

    def unlock(self, request: Request, staff_id: str) -> Response:
        with self._database.write() as uow:
            by = session_of(request).name
            people.unlock(uow, self._store_id, staff_id=staff_id, by=by, now_utc=self._clock())
        return RedirectResponse("/manager/staff", status_code=303)

    def revoke(self, request: Request, staff_id: str) -> Response:
        with self._database.write() as uow:
            by = session_of(request).name
            people.revoke_all(uow, self._store_id, staff_id=staff_id, by=by, now_utc=self._clock())
        return RedirectResponse("/manager/staff", status_code=303)

    def _stock_repairs(self, uow: UnitOfWork) -> list[views.Repair]:
        texts = self._pages.texts
        found = [views.repair_of_ledger(each, texts) for each in stock.audit(uow, self._store_id)]
        for short in stock.negative(uow, self._store_id):
            item = catalogue.find_item(uow, self._store_id, short.gtin)
            found.append(views.repair_below_zero(item, short.gtin, short.on_hand_milli, texts))
        return found

    def _list(self, search: str, department: str, page: str) -> views.ItemList:
        wanted = int(page) if page.isdecimal() and len(page) < 7 else 1
        with self._database.read() as uow:
            zone = ZoneInfo(stores.find_store(uow, self._store_id).timezone)
            counted = stock.levels(uow, self._store_id, search=search, department=department, limit=1)
            page_count = max(1, -(-counted.total // PAGE_ROWS))
            page_no = min(max(wanted, 1), page_count)
            found = stock.levels(
                uow,
                self._store_id,
                search=search,
                department=department,
                limit=PAGE_ROWS,
                offset=(page_no - 1) * PAGE_ROWS,
            )
            version = catalogue.version(uow, self._store_id)
            departments = stock.departments(uow, self._store_id)
        query = urlencode(
            {key: value for key, value in (("search", search), ("department", department)) if value}
        )
        return views.ItemList(
            rows=tuple(views.item_line(level, self._pages.texts, zone=zone) for level in found.levels),
            total=found.total,
            page_no=page_no,
            page_count=page_count,
            search=search,
            department=department,
            departments=departments,
            query=f"{query}&" if query else "",
            version=version,
        )

    def _import_page(
        self,
        request: Request,
        *,
        status: int = 200,
        found: ImportPreview | None = None,
        ticket: str = "",
        file_name: str = "",
        refusal: str = "",
        done: str = "",
    ) -> Response:
        with self._database.read() as uow:
            currency = stores.find_store(uow, self._store_id).currency
        return self._page(
            request,
            "import",
            status=status,
            found=found,
            ticket=ticket,
            file_name=file_name,
            refusal=refusal,
            done=done,
            currency=currency,
            shown=IMPORT_ROWS_SHOWN,
            is_asked_again=bool(refusal),
        )

    def _staff_page(
        self, request: Request, *, status: int = 200, notice: str = "", refusal: str = ""
    ) -> Response:
        with self._database.read() as uow:
            zone = ZoneInfo(stores.find_store(uow, self._store_id).timezone)
            members = people.members(uow, self._store_id, now_utc=self._clock())
            trail = people.audit_trail(uow, self._store_id, limit=AUDIT_SHOWN)
        return self._page(
            request,
            "staff",
            status=status,
            notice=refusal or notice,
            is_refused=bool(refusal),
            people=[views.person_line(member, self._pages.texts) for member in members],
            audit=[views.audit_line(entry, self._pages.texts, zone=zone) for entry in trail],
        )

    def _page(
        self, request: Request, name: str, *, status: int = 200, here: str = "", **values: Any
    ) -> Response:
        person = session_of(request)
        frame = self._pages.frame(form_token=person.form_token, staff_name=person.name, is_manager=True)
        path = here or ("/manager" if name == "today" else f"/manager/{name}")
        rail = places(path, self._pages.texts, is_manager=True)
        return self._pages.answer(f"manager/{name}.html", frame, status=status, places=rail, **values)


def _pin_words(fault: PinFault, pages: Pages) -> str:
    match fault:
        case PinFault.NOT_DIGITS:
            return pages.texts.text("A PIN is made of digits only.")
        case PinFault.TOO_SHORT:
            return pages.texts.text("A PIN has at least 6 digits.")
        case PinFault.TOO_LONG:
            return pages.texts.text("A PIN has at most 12 digits.")
        case PinFault.TOO_SIMPLE:
            return pages.texts.text(
                "This PIN is guessed first. Choose one without a run or one repeated digit."
            )


def router_for(
    config: StoreConfig, database: Database, broker: Broker, *, clock: Clock = utc_now
) -> APIRouter:
    """Routes under /manager."""
    del broker
    console = Console(config, database, pages=pages_for(config.name, config.language), clock=clock)
    guard = Guard(config, database, clock=clock)
    router = APIRouter(prefix="/manager", include_in_schema=False)
    reads, posts = [Depends(guard.reads(Role.MANAGER))], [Depends(guard.posts(Role.MANAGER))]
    for path, page in (
        ("", console.today),
        ("/items", console.items),
        ("/stock", console.stock),
        ("/stock/{gtin}", console.item),
        ("/import", console.import_form),
        ("/staff", console.staff),
    ):
        router.add_api_route(path, page, methods=["GET"], response_model=None, dependencies=reads)
    for path, action in (
        ("/import", console.import_preview),
        ("/import/confirm", console.import_confirm),
        ("/staff", console.add_staff),
        ("/staff/{staff_id}/unlock", console.unlock),
        ("/staff/{staff_id}/revoke", console.revoke),
    ):
        router.add_api_route(path, action, methods=["POST"], response_model=None, dependencies=posts)
    return router
