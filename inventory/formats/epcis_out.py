"""Owns the ledger told as GS1 EPCIS 2.0 events (JSON-LD): one ObjectEvent for each movement.

It must not read the ledger, nor keep it: events are written one after another, however many there are.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any

from inventory.domain.catalogue import SoldBy
from inventory.domain.stock import Movement
from inventory.formats.epcis_words import (
    CONTEXT,
    KILOGRAM,
    OTHER_STEP,
    OWN_NAMESPACE,
    OWN_PREFIX,
    STEP_OF,
    STORE_ID,
    class_of,
    event_id_of,
)


def written_epcis(
    movements: Iterable[tuple[Movement, SoldBy]], *, store_id: str, now_utc: datetime
) -> Iterator[bytes]:
    """A document of these movements in pieces. Movements of nothing are left out."""
    head = {
        "@context": [CONTEXT, {OWN_PREFIX: OWN_NAMESPACE}],
        "type": "EPCISDocument",
        "schemaVersion": "2.0",
        "creationDate": _moment(now_utc),
    }
    opening = json.dumps(head, ensure_ascii=False)[:-1]
    yield f'{opening}, "epcisBody": {{"eventList": [\n'.encode()
    before = ""
    for movement, sold_by in movements:
        if movement.quantity_milli:
            event = json.dumps(event_of(movement, sold_by, store_id), ensure_ascii=False)
            yield f"{before}{event}".encode()
            before = ",\n"
    yield b"\n]}}\n"


def event_of(movement: Movement, sold_by: SoldBy, store_id: str) -> dict[str, Any]:
    """One movement as an event. What the vocabulary has no word for stands in our own namespace."""
    sign = 1 if movement.quantity_milli > 0 else -1
    step, action, disposition = STEP_OF.get(
        (movement.reason, sign), (OTHER_STEP, "ADD" if sign > 0 else "DELETE", "")
    )
    event: dict[str, Any] = {
        "type": "ObjectEvent",
        "eventID": event_id_of(store_id, movement.source_id),
        "eventTime": _moment(movement.at_utc),
        "eventTimeZoneOffset": "+00:00",
        "action": action,
        "bizStep": step,
    }
    if disposition:
        event["disposition"] = disposition
    event["bizLocation"] = {"id": f"{STORE_ID}{store_id}"}
    event["quantityList"] = [_quantity(movement, sold_by)]
    event[f"{OWN_PREFIX}:reason"] = movement.reason.value
    return event


def _quantity(movement: Movement, sold_by: SoldBy) -> dict[str, Any]:
    whole, rest = divmod(abs(movement.quantity_milli), 1000)
    quantity: dict[str, Any] = {
        "epcClass": class_of(movement.gtin),
        "quantity": whole if rest == 0 else abs(movement.quantity_milli) / 1000,
    }
    if sold_by is SoldBy.WEIGHT:
        quantity["uom"] = KILOGRAM
    return quantity


def _moment(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
