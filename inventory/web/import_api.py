"""Owns the way in for files that managers' own systems bring: sent, looked at, taken, taken back.

It must not read a file or decide what is taken: the desk does, the same as for the console. A system sees its
own imports alone.
"""

from __future__ import annotations

import asyncio
import hashlib
import tempfile
import threading
from http import HTTPStatus
from typing import Annotated, BinaryIO, cast

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response
from starlette.concurrency import run_in_threadpool

from inventory.db.unit_of_work import UnitOfWork
from inventory.domain.import_batch import BatchState
from inventory.domain.staff import Permission
from inventory.formats.detect import Format
from inventory.formats.sheet import ENCODINGS
from inventory.formats.table import MAX_FILE_BYTES, MIB, SheetError
from inventory.import_desk import Choices, HowFar, ImportDesk
from inventory.import_wire import ImportApply, ImportBegun, ImportMessage, RejectedPage, RejectedRow
from inventory.services import import_batches, import_undo, once
from inventory.services.api_tokens import ApiToken
from inventory.services.import_batches import Batch, BatchError
from inventory.services.import_preview import ImportRefused, preview_of
from inventory.services.once import Answered
from inventory.web.api_operations import PREFIX
from inventory.web.cursors import cursor_of_key, key_of
from inventory.web.import_answers import import_message
from inventory.web.lane_requests import JSON, Body, json_answer, parsed
from inventory.web.problems import Problem
from inventory.web.reception import Reception
from inventory.web.store_changes import key_in

UPLOAD_S = 600.0
"""As long as a file may take to arrive; only one arrives at a time."""
BUSY_S = 5
MAX_PAGE = 500


def router_for(reception: Reception, desk: ImportDesk) -> APIRouter:
    """The imports of managers' own systems."""
    api = ImportApi(reception, desk)
    router = APIRouter(prefix=f"{PREFIX}/imports")
    router.add_api_route("", api.post_import, methods=["POST"], response_model=None)
    router.add_api_route("/{import_id}", api.get_import, methods=["GET"], response_model=None)
    router.add_api_route("/{import_id}", api.delete_import, methods=["DELETE"], response_model=None)
    router.add_api_route("/{import_id}/rejected", api.get_rejected, methods=["GET"], response_model=None)
    router.add_api_route("/{import_id}/apply", api.post_apply, methods=["POST"], response_model=None)
    router.add_api_route("/{import_id}/undo", api.post_undo, methods=["POST"], response_model=None)
    return router


class ImportApi:
    """The handlers."""

    def __init__(self, reception: Reception, desk: ImportDesk) -> None:
        self._reception = reception
        self._database = reception.database
        self._store_id = reception.store_id
        self._desk = desk
        self._arriving = threading.Lock()

    async def post_import(
        self,
        request: Request,
        name: Annotated[str, Query(max_length=200)] = "",
        format: Annotated[str, Query(max_length=40)] = "",  # noqa: A002 - the parameter's name
        decimal: Annotated[str, Query(max_length=1)] = "",
        encoding: Annotated[str, Query(max_length=40)] = "",
    ) -> Response:
        """Keeps a file and begins to read it. The token is looked at before the body."""
        caller = await run_in_threadpool(self._reception.system, request, Permission.CHANGE_GOODS)
        key, choices = key_in(request), _choices(format, decimal, encoding)
        _refuse_by_headers(request)
        if not self._arriving.acquire(blocking=False):
            raise Problem(
                HTTPStatus.TOO_MANY_REQUESTS,
                "Another file is arriving; one is taken at a time.",
                headers={"retry-after": str(BUSY_S)},
            )
        try:
            with tempfile.SpooledTemporaryFile(max_size=MIB) as spool:
                file = cast("BinaryIO", spool)
                await _receive(request, file)
                claim = _Claim(self._reception, caller, key, request)
                answer = await run_in_threadpool(self._bring, file, name, caller, choices, claim)
        finally:
            self._arriving.release()
        return Response(answer.body, status_code=answer.status, media_type=JSON)

    def get_import(self, request: Request, import_id: str) -> Response:
        """Where an import stands; while it waits, what it would do."""
        _caller, batch = self._own(request, import_id)
        return json_answer(self._message(batch))

    def delete_import(self, request: Request, import_id: str) -> Response:
        """Forgets a file that waits."""
        _caller, batch = self._own(request, import_id)
        if batch.state in (BatchState.TAKEN, BatchState.UNDONE):
            raise Problem(HTTPStatus.CONFLICT, "The import was taken; it can be undone.")
        self._desk.drop(batch)
        return Response(status_code=HTTPStatus.NO_CONTENT)

    def get_rejected(
        self,
        request: Request,
        import_id: str,
        cursor: Annotated[str, Query(max_length=400)] = "",
        limit: Annotated[int, Query(ge=1, le=MAX_PAGE)] = 100,
    ) -> Response:
        """Every row that cannot be taken, for as long as the import waits."""
        _caller, batch = self._own(request, import_id)
        passed = key_of(cursor) or "0"
        if not (passed.isascii() and passed.isdecimal() and len(passed) < 8):
            raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, "cursor: send back what `next` said, unchanged.")
        if batch.state is not BatchState.READY:
            raise Problem(
                HTTPStatus.CONFLICT, f"The import is {batch.state.value}; only one that waits is shown."
            )
        try:
            with self._desk.staged(batch.batch_id) as staged:
                faults = list(staged.faults(limit, int(passed)))
        except BatchError as error:
            raise Problem(HTTPStatus.CONFLICT, str(error)) from None
        rows = tuple(
            RejectedRow(line_no=each.line_no, column=each.column, problem=each.problem) for each in faults
        )
        following = cursor_of_key(str(int(passed) + limit)) if len(rows) == limit else None
        return json_answer(RejectedPage(rows=rows, next=following))

    def post_apply(self, request: Request, import_id: str, body: Body) -> Response:
        """Takes a waiting import in; one that is taken already is answered as the first time."""
        caller, batch = self._own(request, import_id)
        wanted = parsed(ImportApply, body)
        try:
            if batch.state is not BatchState.TAKEN:
                self._desk.take(
                    batch,
                    actor=caller.name,
                    confirmed_moves=wanted.confirmed_price_changes,
                    without_faulty=wanted.without_faulty,
                )
        except ImportRefused as refused:
            raise Problem(HTTPStatus.CONFLICT, _question(refused)) from None
        except BatchError as error:
            return self._same_again(batch, BatchState.TAKEN, error)
        return json_answer(self._message(self._again(batch)))

    def post_undo(self, request: Request, import_id: str) -> Response:
        """Takes an import back; one that is taken back already is answered as the first time."""
        caller, batch = self._own(request, import_id)
        try:
            if batch.state is not BatchState.UNDONE:
                with self._database.write() as uow:
                    now_utc = self._reception.clock()
                    import_undo.undo(uow, self._store_id, batch.batch_id, caller.name, now_utc)
        except BatchError as error:
            return self._same_again(batch, BatchState.UNDONE, error)
        return json_answer(self._message(self._again(batch)))

    def _bring(
        self, file: BinaryIO, name: str, caller: ApiToken, choices: Choices, claim: _Claim
    ) -> Answered:
        try:
            import_id = self._desk.bring(
                file,
                file_name=name,
                made_by=_maker(caller),
                made_by_name=caller.name,
                choices=choices,
                claim=claim,
            )
        except _KnownKey as known:
            return known.answer
        except (once.KeyTakenError, BatchError) as error:
            raise Problem(HTTPStatus.CONFLICT, str(error)) from None
        except SheetError as error:
            raise Problem(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, str(error)) from None
        return _begun(import_id)

    def _own(self, request: Request, import_id: str) -> tuple[ApiToken, Batch]:
        """The caller and an import of its own. Raises Problem 404 for anybody else's."""
        caller = self._reception.system(request, Permission.CHANGE_GOODS)
        with self._database.read() as uow:
            batch = import_batches.find(uow, self._store_id, import_id) if import_id.isalnum() else None
        if batch is None or batch.made_by != _maker(caller):
            raise Problem(HTTPStatus.NOT_FOUND, "This system has no such import.")
        return caller, batch

    def _again(self, batch: Batch) -> Batch:
        with self._database.read() as uow:
            return import_batches.find(uow, self._store_id, batch.batch_id) or batch

    def _same_again(self, batch: Batch, wanted: BatchState, error: BatchError) -> Response:
        """The answer to a request that came twice at once; what was refused is raised as Problem 409."""
        current = self._again(batch)
        if current.state is not wanted:
            raise Problem(HTTPStatus.CONFLICT, str(error)) from None
        return json_answer(self._message(current))

    def _message(self, batch: Batch) -> ImportMessage:
        match batch.state:
            case BatchState.READING:
                self._desk.resume(batch)
                return import_message(batch, self._desk.how_far(batch.batch_id), None)
            case BatchState.READY:
                try:
                    with self._desk.staged(batch.batch_id) as staged:
                        return import_message(batch, HowFar(1000), preview_of(staged))
                except BatchError as gone:
                    raise Problem(HTTPStatus.CONFLICT, str(gone)) from None
            case _:
                return import_message(batch, HowFar(1000), None)


class _KnownKey(Exception):  # noqa: N818 - it carries an answer, no error
    """The key was used for the same file before."""

    def __init__(self, answer: Answered) -> None:
        super().__init__()
        self.answer = answer


class _Claim:
    """The caller's key, written down together with the import that it began."""

    def __init__(self, reception: Reception, caller: ApiToken, key: str, request: Request) -> None:
        self._reception = reception
        self._caller = caller
        self._key = key
        self._line = f"POST {request.url.path}?{request.url.query}"
        self._asked: once.Request | None = None

    def before(self, uow: UnitOfWork, digest: str) -> None:
        """Raises _KnownKey for the same file again, KeyTakenError for another one."""
        told = hashlib.sha256(f"{self._line}\n{digest}".encode()).hexdigest()
        self._asked = once.Request(self._caller.token_id, self._key, told)
        known = once.begin(uow, self._reception.store_id, self._asked, self._reception.clock())
        if known is not None:
            raise _KnownKey(known)

    def after(self, uow: UnitOfWork, batch_id: str) -> None:
        assert self._asked is not None, "it was claimed before"
        once.end(uow, self._reception.store_id, self._asked, _begun(batch_id))


def _begun(import_id: str) -> Answered:
    return Answered(HTTPStatus.ACCEPTED.value, ImportBegun(import_id=import_id).model_dump_json())


def _maker(caller: ApiToken) -> str:
    """What stands as the maker of a system's import; no person has such an id."""
    return f"api:{caller.token_id}"


def _question(refused: ImportRefused) -> str:
    """Why a file was not taken, and how to say yes."""
    if refused.is_faulty:
        return f"{refused} Send without_faulty: true to leave faulty rows out."
    moves = refused.preview.price_change_count
    return f"{refused} Send confirmed_price_changes: {moves} to say yes."


def _choices(format_name: str, decimal: str, encoding: str) -> Choices:
    """What the sender says of its file. Raises Problem 422 for a word that is none."""
    for name, value, known in (
        ("format", format_name, {each.value for each in Format}),
        ("decimal", decimal, {".", ","}),
        ("encoding", encoding, {*ENCODINGS}),
    ):
        if value and value not in known:
            raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, f"{name} is one of {', '.join(sorted(known))}.")
    return Choices(format_name=format_name, decimal=decimal, encoding=encoding)


def _refuse_by_headers(request: Request) -> None:
    """Raises Problem 413 for a stated length over the limit, 422 for a form; nothing is read for either."""
    stated = request.headers.get("content-length", "")
    if stated.isascii() and stated.isdecimal() and (len(stated) > 15 or int(stated) > MAX_FILE_BYTES):
        raise _too_large()
    if (
        request.headers.get("content-type", "")
        .strip()
        .lower()
        .startswith(("multipart/", "application/x-www"))
    ):
        raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, "Send the file itself as the body, not a form.")


async def _receive(request: Request, file: BinaryIO) -> None:
    """Takes the body in. Raises Problem 413 past the limit, 422 for nothing, 400 for one that never ends."""
    size = 0
    try:
        async with asyncio.timeout(UPLOAD_S):
            async for chunk in request.stream():
                size += len(chunk)
                if size > MAX_FILE_BYTES:
                    raise _too_large()
                file.write(chunk)
    except TimeoutError:
        raise Problem(
            HTTPStatus.BAD_REQUEST, f"The file did not arrive within {UPLOAD_S:.0f} seconds."
        ) from None
    if not size:
        raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, "The body is empty; send the file as the body.")
    file.seek(0)


def _too_large() -> Problem:
    return Problem(
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"A file may have {MAX_FILE_BYTES // MIB} MiB at most."
    )
