"""Owns the addresses under which a manager takes goods, stock and ledger away as files, streamed.

It must not know how a file is written: services.exports does.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from fastapi import HTTPException, Request
from fastapi.responses import Response, StreamingResponse

from inventory.config import StoreConfig
from inventory.db.unit_of_work import Database
from inventory.services import exports
from inventory.web.pages import Clock

_TYPES = {
    "catalogue.csv": "text/csv; charset=utf-8",
    "catalogue.xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "stock.csv": "text/csv; charset=utf-8",
    "ledger.jsonld": "application/ld+json",
}
_PIECE_BYTES = 64 * 1024
_BOM = b"\xef\xbb\xbf"
"""Without it the most used spreadsheet reads UTF-8 as something else."""


class ExportFiles:
    """The files a manager takes away."""

    def __init__(self, config: StoreConfig, database: Database, *, clock: Clock) -> None:
        self._store_id = config.store_id
        self._database = database
        self._clock = clock

    def file(self, request: Request, name: str) -> Response:
        """One of the files above."""
        del request
        if name not in _TYPES:
            raise HTTPException(404)
        headers = {"content-disposition": f'attachment; filename="{name}"'}
        return StreamingResponse(self._pieces(name), media_type=_TYPES[name], headers=headers)

    def _pieces(self, name: str) -> Iterator[bytes]:
        now_utc = self._clock()
        with self._database.read() as uow:
            match name:
                case "catalogue.csv":
                    yield _BOM
                    yield from exports.catalogue_csv(uow, self._store_id)
                case "stock.csv":
                    yield _BOM
                    yield from exports.stock_csv(uow, self._store_id)
                case "ledger.jsonld":
                    since = datetime.min.replace(tzinfo=UTC)
                    yield from exports.ledger_epcis(
                        uow, self._store_id, since_utc=since, until_utc=now_utc, now_utc=now_utc
                    )
                case _:
                    with tempfile.TemporaryDirectory(prefix="lanelight-export-") as folder:
                        path = Path(folder) / name
                        exports.catalogue_workbook(uow, self._store_id, path)
                        with path.open("rb") as written:
                            while piece := written.read(_PIECE_BYTES):
                                yield piece
