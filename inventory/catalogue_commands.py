"""Owns what the command line can ask of the catalogue: bring files in, take an import back, write files.

It must not know how the words were typed, nor read a file itself: the import desk has it read.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from inventory.command_error import CommandError
from inventory.commands import opened, say
from inventory.config import StoreConfig
from inventory.db.unit_of_work import Database
from inventory.domain.import_batch import BatchState
from inventory.domain.money import format_money
from inventory.formats.detect import Format
from inventory.formats.sheet import ENCODINGS
from inventory.formats.table import SheetError
from inventory.formats.workbook_out import WorkbookTooLongError
from inventory.import_desk import Choices, ImportDesk
from inventory.services import exports, import_batches, import_undo
from inventory.services.import_batches import Batch, BatchError
from inventory.services.import_preview import ImportPreview, ImportRefused
from inventory.web.pages import utc_now

SHOWN = 20
_ACTOR = "command line"
_LOOK_EVERY_S = 0.2
KINDS = ("csv", "xlsx", "epcis", "stock")
"""What `catalogue export` writes: goods twice, the ledger, what is on hand."""


def choices(format_name: str, decimal: str, encoding: str) -> Choices:
    """What was typed about a file. Raises CommandError for what there is not."""
    names = [each.value for each in Format]
    if format_name and format_name not in names:
        raise CommandError(f"{format_name!r} is not read; there are {', '.join(names)}.")
    if encoding and encoding not in ENCODINGS:
        raise CommandError(f"{encoding!r} is no encoding read here; there are {', '.join(ENCODINGS)}.")
    if decimal not in ("", ".", ","):
        raise CommandError("A decimal sign is a comma or a point.")
    return Choices(format_name, decimal, encoding)


def import_file(
    config_path: Path,
    file: Path,
    chosen: Choices | None = None,
    *,
    confirmed: bool = False,
    without_faulty: bool = False,
) -> None:
    """Takes a file in and says what changed. `confirmed` allows big moves of many prices."""
    with opened(config_path) as (config, database):
        desk = ImportDesk(config, database, clock=utc_now)
        with _one_sentence(file):
            batch = _read(desk, config, database, file, chosen or Choices())
            try:
                result = desk.take(batch, actor=_ACTOR, confirmed=confirmed, without_faulty=without_faulty)
            except ImportRefused as refused:
                _say_preview(refused.preview, config)
                desk.drop(batch)
                raise CommandError(str(refused)) from refused
        _say_preview(result.preview, config)
        say(f"The catalogue is at version {result.version}.")


def undo_import(config_path: Path, *, keep_moved: bool = False) -> None:
    """Takes the last import back that was taken in; `keep_moved`: without new items that moved since."""
    with opened(config_path) as (config, database), database.write() as uow:
        done = import_batches.history(uow, config.store_id, limit=SHOWN)
        last = next((batch for batch in done if batch.state is BatchState.TAKEN), None)
        if last is None:
            raise CommandError("There is no import to undo.")
        try:
            version = import_undo.undo(
                uow, config.store_id, last.batch_id, _ACTOR, utc_now(), keep_moved=keep_moved
            )
        except BatchError as error:
            raise CommandError(str(error)) from error
        say(f"{last.file_name} is undone. The catalogue is at version {version}.")


def export_file(
    config_path: Path,
    file: Path,
    *,
    kind: str = "csv",
    since_utc: datetime | None = None,
    until_utc: datetime | None = None,
) -> None:
    """Writes goods, stock or the ledger to a file. `kind` is one of KINDS; the times are the ledger's."""
    if kind not in KINDS:
        raise CommandError(f"{kind!r} is not written; there are {', '.join(KINDS)}.")
    with opened(config_path) as (config, database):
        try:
            _write(config, database, file, kind, since_utc=since_utc, until_utc=until_utc)
            written = file.stat().st_size
        except OSError as error:
            raise CommandError(f"{file} cannot be written: {error.strerror}.") from error
        except WorkbookTooLongError as error:
            raise CommandError(str(error)) from error
        say(f"{file}: {written} bytes written.")


def _write(
    config: StoreConfig,
    database: Database,
    file: Path,
    kind: str,
    *,
    since_utc: datetime | None,
    until_utc: datetime | None,
) -> None:
    now_utc = utc_now()
    with database.read() as uow:
        match kind:
            case "xlsx":
                exports.catalogue_workbook(uow, config.store_id, file)
            case "epcis":
                since, until = since_utc or datetime.min.replace(tzinfo=UTC), until_utc or now_utc
                pieces = exports.ledger_epcis(
                    uow, config.store_id, since_utc=since, until_utc=until, now_utc=now_utc
                )
                _put(file, pieces)
            case "stock":
                _put(file, exports.stock_csv(uow, config.store_id))
            case _:
                _put(file, exports.catalogue_csv(uow, config.store_id))


def _put(file: Path, pieces: Iterable[bytes]) -> None:
    with file.open("wb") as target:
        target.writelines(pieces)


def _read(desk: ImportDesk, config: StoreConfig, database: Database, file: Path, chosen: Choices) -> Batch:
    with file.open("rb") as source:
        batch_id = desk.bring(source, file_name=file.name, made_by="", made_by_name=_ACTOR, choices=chosen)
    while True:
        desk.wait(batch_id, _LOOK_EVERY_S)
        with database.read() as uow:
            batch = import_batches.find(uow, config.store_id, batch_id)
        assert batch is not None, "an import that was begun stays on the list"
        if batch.state is not BatchState.READING:
            break
        _show(desk.how_far(batch_id).share, desk.how_far(batch_id).rows)
    if batch.state is BatchState.REFUSED:
        raise SheetError(batch.reason)
    return batch


def _show(share: int, rows: int) -> None:
    """How far the reading is, where somebody looks."""
    if sys.stderr.isatty():
        sys.stderr.write(f"\r{share // 10:3} %  {rows:,} rows")


@contextmanager
def _one_sentence(file: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise CommandError(f"{file} cannot be read: {error.strerror}.") from error
    except SheetError as error:
        raise CommandError(f"{file}: {error}") from error
    except BatchError as error:
        raise CommandError(str(error)) from error


def _say_preview(preview: ImportPreview, config: StoreConfig) -> None:
    read_as = (preview.format_name, preview.encoding, preview.delimiter.strip(), preview.decimal)
    say(f"read as: {' '.join(filter(None, read_as))}")
    say(
        f"{preview.new} new, {preview.changed} changed, {preview.unchanged} unchanged, "
        f"{preview.kept} not in the file and kept"
    )
    if preview.moved or preview.known:
        say(f"{preview.moved} movements, {preview.known} known already")
    for warning in preview.warnings:
        say(f"note: {warning}")
    for change in preview.price_changes[:SHOWN]:
        old, new = (
            format_money(amount, config.currency, config.language)
            for amount in (change.old_minor, change.new_minor)
        )
        say(f"price: {change.gtin} {change.name}: {old} to {new} ({change.tenths_of_percent / 10:+.1f} %)")
    for error in preview.errors[:SHOWN]:
        say(f"error: {error}")
    if preview.error_count > SHOWN:
        say(f"error: … and {preview.error_count - SHOWN} more")
    for left_out in preview.left_out[:SHOWN]:
        say(f"left out: line {left_out.line_no}: {left_out.reason}")
