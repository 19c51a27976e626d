"""Owns the desk where files are brought: each is kept, read by a process of its own, compared, and waits.

It must not decide what an import means (services.imports does) nor show anything. Files wait in the store's
data folder, so that a restart loses none: one that was being read is read again.
"""

from __future__ import annotations

import fcntl
import hashlib
import logging
import os
import secrets
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO, Protocol

from inventory.config import StoreConfig
from inventory.db.unit_of_work import Database, UnitOfWork
from inventory.domain.import_batch import WAITING, BatchState
from inventory.formats.entries import ReadOptions
from inventory.formats.numbers import DecimalSign
from inventory.formats.table import MAX_FILE_BYTES, MIB, SheetError
from inventory.intake.runner import read_apart
from inventory.intake.staged import StagedFile
from inventory.intake.worker import options_from, options_to
from inventory.services import import_batches, imports
from inventory.services.import_batches import Batch, BatchError
from inventory.services.import_preview import preview_of
from inventory.services.imports import ImportResult

_log = logging.getLogger(__name__)
_FOLDER = "imports"
_INCOMING = "incoming-"
_LEFT_BEHIND_S = 24 * 3600.0
_PIECE_BYTES = MIB
_BROKEN = "Reading the file broke off; nothing was changed. Choose it again."
READING_SHARE = 800
"""Thousandths of the way that reading takes; the rest is comparing."""

Clock = Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class Choices:
    """What a person set by hand about a file; "" where it is to be found out."""

    format_name: str = ""
    decimal: str = ""
    encoding: str = ""


@dataclass(frozen=True, slots=True)
class HowFar:
    """How far a reading is: thousandths of the way, and rows read."""

    share: int = 0
    rows: int = 0


class Claim(Protocol):
    """What somebody writes down together with the beginning of an import, such as a key of theirs."""

    def before(self, uow: UnitOfWork, digest: str) -> None: ...

    def after(self, uow: UnitOfWork, batch_id: str) -> None: ...


class ImportDesk:
    """One store's desk. Safe to use from any thread, and beside other desks of the same folder."""

    def __init__(self, config: StoreConfig, database: Database, *, clock: Clock) -> None:
        self._config = config
        self._store_id = config.store_id
        self._database = database
        self._clock = clock
        self._folder = config.data_dir / _FOLDER
        self._readings: dict[str, threading.Thread] = {}
        self._how_far: dict[str, HowFar] = {}
        self._lock = threading.Lock()
        self._moving = threading.Lock()
        """Held where a folder gets its name, and where folders that nobody names are removed."""

    def bring(
        self,
        source: BinaryIO,
        *,
        file_name: str,
        made_by: str,
        made_by_name: str,
        choices: Choices,
        claim: Claim | None = None,
    ) -> str:
        """Keeps a file and begins to read it; answers the id of its import.

        `claim` is heard in the very transaction that begins the import; what it raises undoes that. Raises
        SheetError for a file over the limit, BatchError while another is being read.
        """
        incoming = self._folder / f"{_INCOMING}{secrets.token_hex(8)}"
        incoming.mkdir(parents=True, mode=0o700)
        try:
            digest = _keep(source, incoming / "upload")
            with self._moving, self._database.write() as uow:
                if claim is not None:
                    claim.before(uow, digest)
                options = self._options(imports.options_for(uow, self._store_id), choices)
                batch_id = import_batches.start(
                    uow,
                    self._store_id,
                    file_name=_plain(file_name),
                    digest=digest,
                    options=options_to(options),
                    made_by=made_by,
                    made_by_name=made_by_name,
                    now_utc=self._clock(),
                )
                if claim is not None:
                    claim.after(uow, batch_id)
                incoming.rename(self._folder / batch_id)
        except BaseException:
            shutil.rmtree(incoming, ignore_errors=True)
            raise
        self._sweep()
        self._begin(batch_id, digest, options)
        return batch_id

    def read_again(self, batch: Batch, choices: Choices) -> None:
        """Reads a waiting file once more, told otherwise. Raises BatchError where it is gone."""
        self.wait(batch.batch_id)  # its thread may still be putting its things away
        options = self._options(options_from(dict(batch.options)), choices)
        if not (self._folder / batch.batch_id / "upload").is_file():
            raise BatchError("The file is no longer here. Nothing was changed; choose it again.")
        with self._database.write() as uow:
            if not self._is_in(uow, batch.batch_id, BatchState.READY, BatchState.READING, BatchState.REFUSED):
                raise BatchError("The file is no longer here. Nothing was changed; choose it again.")
            import_batches.become(uow, self._store_id, batch.batch_id, BatchState.READING, self._clock())
        self._begin(batch.batch_id, batch.digest, options)

    def resume(self, batch: Batch) -> None:
        """Reads a file again whose reading ended with the program; does nothing where one is under way."""
        with self._lock:
            if batch.batch_id in self._readings:
                return
        # A reading is written down as ended before it leaves the list: so asked, none is begun twice.
        with self._database.read() as uow:
            current = import_batches.find(uow, self._store_id, batch.batch_id)
        is_orphan = current is not None and current.state is BatchState.READING
        if is_orphan and (self._folder / batch.batch_id / "upload").is_file():
            self._begin(batch.batch_id, batch.digest, options_from(dict(batch.options)))

    def how_far(self, batch_id: str) -> HowFar:
        return self._how_far.get(batch_id, HowFar())

    def wait(self, batch_id: str, seconds: float | None = None) -> None:
        """Waits until a reading ended, for `seconds` at most."""
        with self._lock:
            thread = self._readings.get(batch_id)
        if thread is not None:
            thread.join(seconds)

    @contextmanager
    def staged(self, batch_id: str) -> Iterator[StagedFile]:
        """The staging file of an import that waits. Raises BatchError where it is gone."""
        path = self._folder / batch_id / "staged.sqlite"
        if not path.is_file():
            raise BatchError("The file is no longer here. Nothing was changed; choose it again.")
        staged = StagedFile(path)
        try:
            yield staged
        finally:
            staged.close()

    def take(
        self,
        batch: Batch,
        *,
        actor: str,
        confirmed: bool = False,
        confirmed_moves: int | None = None,
        without_faulty: bool = False,
    ) -> ImportResult:
        """Takes a waiting file in. Raises BatchError where it is gone, ImportRefused where more is asked."""
        with self._database.write() as uow, self.staged(batch.batch_id) as staged:
            current = import_batches.find(uow, self._store_id, batch.batch_id, is_locked=True)
            if current is None or current.state is not BatchState.READY:
                raise BatchError("The file is no longer here. Nothing was changed; choose it again.")
            now_utc = self._clock()
            result = imports.take(
                uow,
                self._store_id,
                staged,
                actor,
                now_utc,
                confirmed=confirmed,
                confirmed_moves=confirmed_moves,
                without_faulty=without_faulty,
                batch_id=batch.batch_id,
            )
            summary = {"format": result.preview.format_name, "counts": result.preview.counts()}
            import_batches.become(
                uow,
                self._store_id,
                batch.batch_id,
                BatchState.TAKEN,
                now_utc,
                summary=summary,
                version=result.version,
            )
        self._sweep()
        return result

    def drop(self, batch: Batch) -> None:
        """Forgets a file that waits; one that was taken meanwhile can still be undone."""
        with self._database.write() as uow:
            if self._is_in(uow, batch.batch_id, BatchState.READY, BatchState.READING, BatchState.REFUSED):
                import_batches.become(uow, self._store_id, batch.batch_id, BatchState.DROPPED, self._clock())
        self._sweep()

    def _is_in(self, uow: UnitOfWork, batch_id: str, *states: BatchState) -> bool:
        current = import_batches.find(uow, self._store_id, batch_id, is_locked=True)
        return current is not None and current.state in states

    def _options(self, options: ReadOptions, choices: Choices) -> ReadOptions:
        return replace(
            options,
            language=self._config.language,
            format_name=choices.format_name,
            encoding=choices.encoding,
            decimal=DecimalSign(choices.decimal) if choices.decimal else None,
        )

    def _begin(self, batch_id: str, digest: str, options: ReadOptions) -> None:
        thread = threading.Thread(
            target=self._read, args=(batch_id, digest, options), name=f"import-{batch_id[-6:]}", daemon=True
        )
        with self._lock:
            if batch_id in self._readings:
                return
            self._how_far[batch_id] = HowFar()
            self._readings[batch_id] = thread
        thread.start()

    def _read(self, batch_id: str, digest: str, options: ReadOptions) -> None:
        try:
            with _alone(self._folder / batch_id / "reader") as is_alone:
                if is_alone:
                    self._read_alone(batch_id, digest, options)
        finally:
            with self._lock:
                self._readings.pop(batch_id, None)

    def _read_alone(self, batch_id: str, digest: str, options: ReadOptions) -> None:
        state, summary = BatchState.REFUSED, {}
        try:
            summary = self._read_and_compare(batch_id, digest, options)
            state = BatchState.READY
        except SheetError as refused:
            summary = {"reason": str(refused)}
        except Exception:  # noqa: BLE001 - whatever it is, an import does not stay "being read" for ever
            _log.exception("The reading of an import broke off.")
            summary = {"reason": _BROKEN}
        with self._database.write() as uow:
            if self._is_in(uow, batch_id, BatchState.READING):  # nobody has dropped it meanwhile
                import_batches.become(uow, self._store_id, batch_id, state, self._clock(), summary=summary)

    def _read_and_compare(self, batch_id: str, digest: str, options: ReadOptions) -> dict[str, Any]:
        folder = self._folder / batch_id
        (folder / "staged.sqlite").unlink(missing_ok=True)

        def reading(share: int, rows: int) -> None:
            self._how_far[batch_id] = HowFar(share * READING_SHARE // 1000, rows)

        read_apart(folder / "upload", folder / "staged.sqlite", options, reading)
        with self.staged(batch_id) as staged:
            if not staged.noted("is_read"):
                raise SheetError(_BROKEN)
            staged.note(digest=digest)
            rows = max(1, staged.count("entry"))

            def comparing(compared: int) -> None:
                share = READING_SHARE + compared * (1000 - READING_SHARE) // rows
                self._how_far[batch_id] = replace(self.how_far(batch_id), share=share)

            with self._database.read() as uow:
                imports.compare(uow, self._store_id, staged, comparing)
            preview = preview_of(staged)
        return {"format": preview.format_name, "counts": preview.counts()}

    def _sweep(self) -> None:
        """Removes the files of imports that no longer wait, and uploads that broke off with the program.

        A folder that no import names yet may be one that another process is about to name.
        """
        with self._moving:
            folders = list(self._folder.iterdir())
            with self._database.read() as uow:
                batches = {each: import_batches.find(uow, self._store_id, each.name) for each in folders}
            for folder, batch in batches.items():
                is_over = _is_left_behind(folder) if batch is None else batch.state not in WAITING
                if is_over:
                    shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _alone(path: Path) -> Iterator[bool]:
    """Whether nobody else, in this process or another, reads the same import, for as long as the block lasts.

    Nobody reads what was dropped. The lock ends with whoever holds it.
    """
    try:
        mark = path.open("ab")
    except FileNotFoundError:
        yield False
        return
    with mark:
        try:
            fcntl.flock(mark, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        yield True


def _is_left_behind(folder: Path) -> bool:
    """Whether nothing came for so long that nobody can still be sending."""
    try:
        return time.time() - folder.stat().st_mtime > _LEFT_BEHIND_S
    except FileNotFoundError:
        return False


def _keep(source: BinaryIO, path: Path) -> str:
    """Copies a file piece by piece and makes it durable; answers its SHA-256."""
    digest, size = hashlib.sha256(), 0
    with path.open("xb") as kept:
        while piece := source.read(_PIECE_BYTES):
            size += len(piece)
            if size > MAX_FILE_BYTES:
                raise SheetError(f"The file is larger than {MAX_FILE_BYTES // MIB} MiB.")
            digest.update(piece)
            kept.write(piece)
        kept.flush()
        os.fsync(kept.fileno())
    return digest.hexdigest()


def _plain(file_name: str) -> str:
    """The last part of a name, on one line; it is shown and never opened."""
    return " ".join(file_name.replace("\\", "/").rpartition("/")[2].split())[:100]
