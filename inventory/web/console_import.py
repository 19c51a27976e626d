"""Owns the console's import pages: a file comes up, is shown, and is taken. Role manager throughout.

It must not know how a file is read (formats does) or what taking it means (services.imports does).
"""

from __future__ import annotations

import secrets
from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock
from typing import Annotated, Final

from fastapi import Form, Request, UploadFile
from fastapi.responses import RedirectResponse, Response

from inventory.config import StoreConfig
from inventory.db.unit_of_work import Database
from inventory.formats.table import SheetError
from inventory.services import imports
from inventory.services.imports import ImportPreview, ImportRefused
from inventory.web.auth import session_of
from inventory.web.console_frame import ConsolePage
from inventory.web.pages import Clock, Pages

IMPORT_ROWS_SHOWN: Final = 100
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


class ImportPage(ConsolePage):
    """A price file on its way in."""

    def __init__(self, config: StoreConfig, database: Database, *, pages: Pages, clock: Clock) -> None:
        super().__init__(config, database, pages=pages, clock=clock)
        self._uploads = PendingUploads()

    def import_form(self, request: Request, done: str = "") -> Response:
        words = self.texts.text("Price list {version} is live on every lane.")
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
            words = self.texts.text("The file is no longer here. Nothing was changed; choose it again.")
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
        return self.page(
            request,
            "import",
            here="/manager/import",
            status=status,
            found=found,
            ticket=ticket,
            file_name=file_name,
            refusal=refusal,
            done=done,
            currency=self._currency,
            shown=IMPORT_ROWS_SHOWN,
            is_asked_again=bool(refusal),
        )
