"""Owns the answer to a lane that asks for the catalogue: nothing new, the changes alone, or all of it.

It must not know who asks; the lane API has checked that.
"""

from __future__ import annotations

import gzip
from http import HTTPStatus
from typing import Final

from fastapi.responses import Response

from inventory.db.unit_of_work import UnitOfWork
from inventory.services import catalogue, catalogue_feed
from inventory.web.older_lanes import without_baskets
from inventory.wire import KNOWS_HEADER, KNOWS_SHELF, Message

SHORT_BYTES: Final = 1_400
"""What fits one packet is not worth packing."""
_QUICK: Final = 3


def catalogue_answer(
    uow: UnitOfWork,
    store_id: str,
    *,
    since: int | None,
    mark: str | None,
    accepts: str = "",
    knows_baskets: bool = True,
) -> Response:
    """304, 226 with the changes since (RFC 3229), or 200 with the whole.

    `mark` is that of the lane's version, "" while it has none, None from a lane that knows no deltas.
    `accepts` is the request's Accept-Encoding. A lane that does not know of baskets is told what they leave.
    """
    newest = catalogue_feed.newest(uow, store_id)
    if since == newest.version and (mark is None or mark == newest.mark):
        return Response(status_code=HTTPStatus.NOT_MODIFIED)
    if mark and since is not None:
        delta = catalogue.delta(uow, store_id, since=since, mark=mark)
        if delta is not None:
            told = delta if knows_baskets else without_baskets(delta)
            return packed(told, status=HTTPStatus.IM_USED, accepts=accepts)
    whole = catalogue.current(uow, store_id, is_marked=mark is not None)
    return packed(whole if knows_baskets else without_baskets(whole), accepts=accepts)


def packed(message: Message, *, status: int = HTTPStatus.OK, accepts: str = "") -> Response:
    """The message as JSON, in gzip where the other side takes that and it is worth it."""
    body = message.model_dump_json().encode()
    headers = {"vary": f"accept-encoding, {KNOWS_HEADER}", KNOWS_HEADER: KNOWS_SHELF}
    if len(body) > SHORT_BYTES and _takes_gzip(accepts):
        body = gzip.compress(body, _QUICK)
        headers["content-encoding"] = "gzip"
    return Response(body, status_code=status, media_type="application/json", headers=headers)


def _takes_gzip(accepts: str) -> bool:
    offers = (offer.strip().lower().replace(" ", "") for offer in accepts.split(","))
    return any(offer == "gzip" or (offer.startswith("gzip;q=") and offer != "gzip;q=0") for offer in offers)
