"""Owns the journal's letters: checkout events to JSON text and back, exactly.

It must not know what an event does. A journal written by an older program stays readable: an event class
is never renamed, and a new field has a default.
"""

from __future__ import annotations

from typing import get_args

from pydantic import TypeAdapter, ValidationError

from inventory.domain.sales import Sale
from kiosk.checkout.messages import Event
from kiosk.journal import Entry, JournalError

_ADAPTERS: dict[str, TypeAdapter[Event]] = {cls.__name__: TypeAdapter(cls) for cls in get_args(Event)}


def kind_of(event: Event) -> str:
    return type(event).__name__


def encode(event: Event) -> str:
    """The event's fields as JSON text."""
    return _ADAPTERS[kind_of(event)].dump_json(event).decode()


def decode(entry: Entry) -> Event:
    """The event an entry holds. Raises JournalError when it holds none this program knows."""
    adapter = _ADAPTERS.get(entry.kind)
    if adapter is None:
        raise JournalError(f"entry {entry.seq}: {entry.kind} is not an event this program knows")
    try:
        return adapter.validate_json(entry.body)
    except ValidationError as error:
        raise JournalError(
            f"entry {entry.seq}: {entry.kind} does not fit: {error.error_count()} field(s)"
        ) from error


_SALE: TypeAdapter[Sale] = TypeAdapter(Sale)


def encode_sale(sale: Sale) -> str:
    """A sale for the outbox."""
    return _SALE.dump_json(sale).decode()


def decode_sale(text: str) -> Sale:
    """A sale from the outbox. Raises ValidationError for text this program never wrote."""
    return _SALE.validate_json(text)
