"""Owns the answer to a lane that asks for the catalogue: nothing new, the changes alone, or all of it.

It must not know who asks; the lane API has checked that.
"""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from http import HTTPStatus
from itertools import chain
from tempfile import SpooledTemporaryFile
from typing import Final

from fastapi.responses import Response, StreamingResponse

from inventory.db.unit_of_work import UnitOfWork
from inventory.services import catalogue, catalogue_feed, catalogue_text
from inventory.web.older_lanes import without_baskets
from inventory.wire import KNOWS, KNOWS_HEADER, Message, StockMessage

SHORT_BYTES: Final = 1_400
"""What fits one packet is not worth packing."""
IN_MEMORY_BYTES: Final = 4 << 20
_QUICK: Final = 3
_PART_BYTES: Final = 1 << 16
_HEADERS: Final = {"vary": f"accept-encoding, {KNOWS_HEADER}", KNOWS_HEADER: KNOWS}


def catalogue_answer(
    uow: UnitOfWork,
    store_id: str,
    *,
    since: int | None,
    mark: str | None,
    accepts: str = "",
    knows_baskets: bool = True,
    in_memory_bytes: int = IN_MEMORY_BYTES,
) -> Response:
    """304, 226 with the changes since (RFC 3229), or 200 with the whole.

    `mark` is that of the lane's version, "" while it has none, None from a lane that knows no deltas.
    `accepts` is the request's Accept-Encoding. A lane that does not know of baskets is told what they leave.
    A whole of more than `in_memory_bytes` is sent from a file.
    """
    newest = catalogue_feed.newest(uow, store_id)
    if since == newest.version and (mark is None or mark == newest.mark):
        return Response(status_code=HTTPStatus.NOT_MODIFIED)
    if mark and since is not None:
        delta = catalogue.delta(uow, store_id, since=since, mark=mark)
        if delta is not None:
            told = delta if knows_baskets else without_baskets(delta)
            return packed(told, status=HTTPStatus.IM_USED, accepts=accepts)
    level_as = None if knows_baskets else StockMessage.plain
    pieces = catalogue_text.written(uow, store_id, is_marked=mark is not None, level_as=level_as)
    return _whole(pieces, accepts, in_memory_bytes)


def packed(message: Message, *, status: int = HTTPStatus.OK, accepts: str = "") -> Response:
    """The message as JSON, in gzip where the other side takes that and it is worth it."""
    body = message.model_dump_json().encode()
    headers = dict(_HEADERS)
    if len(body) > SHORT_BYTES and _takes_gzip(accepts):
        body = gzip.compress(body, _QUICK)
        headers["content-encoding"] = "gzip"
    return Response(body, status_code=status, media_type="application/json", headers=headers)


def _whole(pieces: Iterator[bytes], accepts: str, in_memory_bytes: int) -> Response:
    """The pieces as one answer, all of it written before the first byte leaves: no lane holds the books open.

    What is longer than fits the memory waits in a file without a name.
    """
    headers = dict(_HEADERS)
    begun = b""
    while len(begun) <= SHORT_BYTES and (piece := next(pieces, b"")):
        begun += piece
    # Not closed here: the answer may go on reading it.
    file = SpooledTemporaryFile(in_memory_bytes)  # noqa: SIM115
    if len(begun) > SHORT_BYTES and _takes_gzip(accepts):
        headers["content-encoding"] = "gzip"
        with gzip.GzipFile(fileobj=file, mode="wb", compresslevel=_QUICK) as packing:
            packing.writelines(chain([begun], pieces))
    else:
        file.writelines(chain([begun], pieces))
    length = file.tell()
    file.seek(0)
    if length <= in_memory_bytes:
        with file:
            return Response(file.read(), media_type="application/json", headers=headers)
    headers["content-length"] = str(length)
    return StreamingResponse(_parts(file), media_type="application/json", headers=headers)


def _parts(file: SpooledTemporaryFile[bytes]) -> Iterator[bytes]:
    with file:
        while part := file.read(_PART_BYTES):
            yield part


def _takes_gzip(accepts: str) -> bool:
    offers = (offer.strip().lower().replace(" ", "") for offer in accepts.split(","))
    return any(offer == "gzip" or (offer.startswith("gzip;q=") and offer != "gzip;q=0") for offer in offers)
