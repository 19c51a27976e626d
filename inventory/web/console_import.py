"""Owns the console's import pages: a file comes up, is read, is shown, is taken, and may be undone.

It must not know how a file is read (formats does), where it waits (import_desk does) or what taking it means.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Form, Request, UploadFile
from fastapi.responses import JSONResponse, Response, StreamingResponse

from inventory.config import StoreConfig
from inventory.db.unit_of_work import Database
from inventory.domain.import_batch import BatchState
from inventory.domain.staff import Permission
from inventory.formats.detect import Format
from inventory.formats.sheet import ENCODINGS, safe_cell
from inventory.formats.table import SheetError
from inventory.import_desk import Choices, ImportDesk
from inventory.services import import_batches, import_undo
from inventory.services.import_batches import Batch, BatchError
from inventory.services.import_preview import SHOWN, ImportPreview, ImportRefused, preview_of
from inventory.services.import_undo import MovedSinceError, TouchedSinceError
from inventory.web.auth import Guard, session_of
from inventory.web.console_export import ExportFiles
from inventory.web.console_frame import ConsolePage, add_routes, to
from inventory.web.import_views import (
    batch_line,
    change_lines,
    fault_line,
    in_words,
    left_out_line,
    read_as,
    stock_lines,
)
from inventory.web.pages import Clock, PageRefused, Pages

HISTORY_SHOWN: Final = 20
AT_ONCE_S: Final = 1.5
"""Small files are read by then, and their preview is the first thing to be seen."""
_HERE: Final = "/manager/import"


class ImportPages(ConsolePage):
    """A file on its way in."""

    def __init__(self, config: StoreConfig, database: Database, *, pages: Pages, clock: Clock) -> None:
        super().__init__(config, database, pages=pages, clock=clock)
        self._desk = ImportDesk(config, database, clock=clock)

    def form(self, request: Request, done: str = "", undone: str = "") -> Response:
        words = self.texts.text("Price list {version} is live on every lane.")
        notice = words.format(version=int(done)) if done.isdecimal() and len(done) < 16 else ""
        if undone:
            notice = self.texts.text("The import is undone.")
        return self._form_page(request, notice=notice)

    def bring(
        self,
        request: Request,
        file: UploadFile,
        format: Annotated[str, Form()] = "",  # noqa: A002 - the field's name on the page
        decimal: Annotated[str, Form()] = "",
        encoding: Annotated[str, Form()] = "",
    ) -> Response:
        person = session_of(request)
        try:
            batch_id = self._desk.bring(
                file.file,
                file_name=file.filename or "",
                made_by=person.staff_id,
                made_by_name=person.name,
                choices=_choices(format, decimal, encoding),
            )
        except (SheetError, BatchError) as refused:
            return self._form_page(request, status=422, refusal=str(refused))
        self._desk.wait(batch_id, AT_ONCE_S)
        return to(f"{_HERE}/{batch_id}")

    def show(self, request: Request, batch_id: str) -> Response:
        batch = self._batch(request, batch_id)
        match batch.state:
            case BatchState.READING:
                self._desk.resume(batch)
                return self.page(
                    request, "import_reading", here=_HERE, batch=batch, how_far=self._desk.how_far(batch_id)
                )
            case BatchState.READY:
                return self._preview_page(request, batch)
            case BatchState.REFUSED:
                return self._form_page(request, status=422, refusal=batch.reason, file_name=batch.file_name)
            case BatchState.TAKEN | BatchState.UNDONE | BatchState.DROPPED:
                return to(_HERE)

    def progress(self, request: Request, batch_id: str) -> Response:
        batch = self._batch(request, batch_id)
        how_far = self._desk.how_far(batch_id)
        is_reading = batch.state is BatchState.READING
        return JSONResponse({"is_reading": is_reading, "share": how_far.share, "rows": how_far.rows})

    def again(
        self,
        request: Request,
        batch_id: str,
        format: Annotated[str, Form()] = "",  # noqa: A002 - the field's name on the page
        decimal: Annotated[str, Form()] = "",
        encoding: Annotated[str, Form()] = "",
    ) -> Response:
        batch = self._waiting(request, batch_id)
        try:
            self._desk.read_again(batch, _choices(format, decimal, encoding))
        except BatchError as refused:
            return self._form_page(request, status=409, refusal=str(refused))
        self._desk.wait(batch_id, AT_ONCE_S)
        return to(f"{_HERE}/{batch_id}")

    def take(
        self,
        request: Request,
        batch_id: str,
        confirmed: Annotated[str, Form()] = "",
        without_faulty: Annotated[str, Form()] = "",
    ) -> Response:
        batch = self._waiting(request, batch_id)
        try:
            result = self._desk.take(
                batch,
                actor=session_of(request).name,
                confirmed=confirmed == "yes",
                without_faulty=without_faulty == "yes",
            )
        except BatchError as refused:
            return self._form_page(request, status=409, refusal=str(refused))
        except ImportRefused as refused:
            return self._preview_page(request, batch, status=409, refusal=str(refused))
        return to(f"{_HERE}?done={result.version}")

    def drop(self, request: Request, batch_id: str) -> Response:
        self._desk.drop(self._waiting(request, batch_id))
        return to(_HERE)

    def undo(self, request: Request, batch_id: str, keep_moved: Annotated[str, Form()] = "") -> Response:
        """Takes an import back; where new items moved since, the rest of it if somebody says so."""
        who, is_kept = session_of(request).name, keep_moved == "yes"
        try:
            with self._database.write() as uow:
                import_undo.undo(uow, self._store_id, batch_id, who, self._clock(), keep_moved=is_kept)
        except MovedSinceError as refused:
            words = self.texts.text("Not undone: goods of these new items came or went since: {names}.")
            return self._form_page(
                request, status=409, refusal=words.format(names=_some(refused)), undo_rest=batch_id
            )
        except TouchedSinceError as refused:
            words = self.texts.text("Not undone: these items changed since this import: {names}.")
            return self._form_page(request, status=409, refusal=words.format(names=_some(refused)))
        except BatchError as refused:
            return self._form_page(request, status=409, refusal=str(refused))
        return to(f"{_HERE}?undone=yes")

    def rejected(self, request: Request, batch_id: str) -> Response:
        """All rows that were not taken, as a file to mend them by; only while the import waits."""
        batch = self._waiting(request, batch_id)
        headers = {"content-disposition": 'attachment; filename="rejected-rows.csv"'}
        return StreamingResponse(self._rejected(batch), media_type="text/csv; charset=utf-8", headers=headers)

    def _rejected(self, batch: Batch) -> Iterator[bytes]:
        with self._desk.staged(batch.batch_id) as staged:
            yield _lines(["line", "column", "problem"])
            for fault in staged.faults():
                yield _lines([str(fault.line_no), fault.column, in_words(fault.problem, self.texts)])
            for left_out in staged.left_out():
                yield _lines([str(left_out.line_no), "", in_words(left_out.reason, self.texts)])

    def _batch(self, request: Request, batch_id: str) -> Batch:
        """The import, if it is this person's."""
        with self._database.read() as uow:
            batch = import_batches.find(uow, self._store_id, batch_id)
        if batch is None or batch.made_by != session_of(request).staff_id:
            raise PageRefused(404, self._gone(), way_on=_HERE, way_on_label=self.texts.text("Import"))
        return batch

    def _waiting(self, request: Request, batch_id: str) -> Batch:
        batch = self._batch(request, batch_id)
        if batch.state is not BatchState.READY:
            raise PageRefused(409, self._gone(), way_on=_HERE, way_on_label=self.texts.text("Import"))
        return batch

    def _gone(self) -> str:
        return self.texts.text("The file is no longer here. Nothing was changed; choose it again.")

    def _form_page(
        self,
        request: Request,
        *,
        status: int = 200,
        notice: str = "",
        refusal: str = "",
        file_name: str = "",
        undo_rest: str = "",
    ) -> Response:
        person = session_of(request)
        with self._database.read() as uow:
            waiting = import_batches.waiting(uow, self._store_id)
            history = import_batches.history(uow, self._store_id, limit=HISTORY_SHOWN)
        return self.page(
            request,
            "import",
            here=_HERE,
            status=status,
            notice=notice,
            refusal=refusal,
            file_name=file_name,
            undo_rest=undo_rest,
            waiting=[batch for batch in waiting if batch.made_by == person.staff_id],
            history=[batch_line(batch, zone=self._zone) for batch in history],
            **_choice_fields(),
        )

    def _preview_page(
        self, request: Request, batch: Batch, *, status: int = 200, refusal: str = ""
    ) -> Response:
        try:
            with self._desk.staged(batch.batch_id) as staged:
                found: ImportPreview = preview_of(staged)
        except BatchError as gone:
            return self._form_page(request, status=409, refusal=str(gone))
        return self.page(
            request,
            "import_preview",
            here=_HERE,
            status=status,
            batch=batch,
            found=found,
            currency=self._currency,
            read_as=read_as(found),
            prices=change_lines(found, self._currency, self.texts.language),
            stock=stock_lines(found, self.texts),
            faults=[fault_line(each, self.texts) for each in found.errors],
            left_out=[left_out_line(each, self.texts) for each in found.left_out],
            refusal=refusal,
            shown=SHOWN,
            is_asked_again=bool(refusal),
            **_choice_fields(batch),
        )


def _some(refused: MovedSinceError | TouchedSinceError) -> str:
    """The first names, and how many more there are."""
    more = refused.count - len(refused.names)
    return ", ".join(refused.names) + (f" … +{more}" if more else "")


def add_imports(
    router: APIRouter,
    guard: Guard,
    config: StoreConfig,
    database: Database,
    *,
    pages: Pages,
    clock: Clock,
) -> None:
    """Puts the pages of imports and the files of exports on the console's router."""
    files = ImportPages(config, database, pages=pages, clock=clock)
    out = ExportFiles(config, database, clock=clock)
    add_routes(
        router,
        guard,
        reads=[
            ("/import", files.form),
            ("/import/{batch_id}", files.show),
            ("/import/{batch_id}/rejected", files.rejected),
            ("/export/{name}", out.file),
        ],
        posts=[
            ("/import", files.bring),
            ("/import/{batch_id}/again", files.again),
            ("/import/{batch_id}/take", files.take),
            ("/import/{batch_id}/drop", files.drop),
            ("/import/{batch_id}/undo", files.undo),
        ],
    )
    router.add_api_route(
        "/import/{batch_id}/progress",
        files.progress,
        methods=["GET"],
        response_model=None,
        dependencies=[Depends(guard.watches(Permission.CHANGE_GOODS))],
    )


def _choices(format_name: str, decimal: str, encoding: str) -> Choices:
    """What the form chose; what no form offers counts as nothing chosen."""
    names = {each.value for each in Format}
    return Choices(
        format_name=format_name if format_name in names else "",
        decimal=decimal if decimal in (".", ",") else "",
        encoding=encoding if encoding in ENCODINGS else "",
    )


def _choice_fields(batch: Batch | None = None) -> dict[str, Any]:
    chosen = batch.options if batch else {}
    return {
        "formats": [(each.value, each.own_name) for each in Format],
        "encodings": ENCODINGS,
        "chosen": {name: chosen.get(name, "") for name in ("format_name", "decimal", "encoding")},
    }


def _lines(cells: list[str]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\r\n").writerow([safe_cell(cell) for cell in cells])
    return text.getvalue().encode()
