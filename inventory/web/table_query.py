"""Owns what a table's address says: `?name=milk&price.from=1,20&sort=-price&page=2`, read and written.

It must not know rows or SQL, and trusts nothing: what it cannot read is left out and named as a fault.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from inventory.domain.money import minor_digits
from inventory.formats.numbers import read_scaled
from inventory.services.listing import Between, By, Field, Filter, Holds, Kind, Listing, Order, Wish

MAX_FILTER_CHARS: Final = 100
_FROM, _TO = ".from", ".to"
_FIRST_DAY, _LAST_DAY = date(1900, 1, 1), date(9000, 1, 1)


@dataclass(frozen=True, slots=True)
class Asked:
    """A table's address, understood. `raw`: the filters as typed; `faults`: the unreadable ones."""

    wish: Wish
    raw: Mapping[str, str]
    faults: frozenset[str]

    def query(self, *, order: Order | None = None, page_no: int = 1, export: str = "") -> str:
        """The same question with another order, page or kind of answer, beginning with `?`."""
        order = order or self.wish.order
        parts = dict(self.raw)
        if order is not None:
            parts["sort"] = f"-{order.key}" if order.is_down else order.key
        if page_no > 1:
            parts["page"] = str(page_no)
        if export:
            parts["export"] = export
        return f"?{urlencode(parts)}" if parts else "?"


def read_query(query: Mapping[str, str], listing: Listing, *, zone: ZoneInfo, currency: str) -> Asked:
    """What a visitor asks of a listing. Money is read in the currency's major units, days in the zone."""
    raw: dict[str, str] = {}
    faults: set[str] = set()
    filters: list[Filter] = []
    for each in listing.fields:
        for name in names_of(each):
            if text := " ".join(query.get(name, "").split())[:MAX_FILTER_CHARS]:
                raw[name] = text
        if each.filter in (By.PART, By.VALUE) and each.key in raw:
            filters.append(Holds(each.key, raw[each.key]))
        elif each.filter is By.RANGE:
            least, most = (_bound(raw.get(name, ""), each, zone, currency) for name in names_of(each))
            faults |= {
                name
                for name, bound in zip(names_of(each), (least, most), strict=True)
                if name in raw and bound is None
            }
            if isinstance(most, datetime):
                most = most + timedelta(days=1)
            filters.append(Between(each.key, _instant(least), _instant(most)))
    page = query.get("page", "")
    page_no = int(page) if page.isascii() and page.isdecimal() and len(page) < 7 else 1
    return Asked(
        Wish(_order(query.get("sort", ""), listing), tuple(filters), page_no), raw, frozenset(faults)
    )


def names_of(field: Field) -> tuple[str, ...]:
    """The names a field's filter has in the address: none, one, or two of a range."""
    match field.filter:
        case By.NOTHING:
            return ()
        case By.RANGE:
            return f"{field.key}{_FROM}", f"{field.key}{_TO}"
        case _:
            return (field.key,)


def without_page(asked: Asked) -> Asked:
    """The same question from the first row on."""
    return replace(asked, wish=replace(asked.wish, page_no=1))


def hidden_parts(asked: Asked) -> Iterator[tuple[str, str]]:
    """What a filter form must carry besides its own fields: the order."""
    if asked.wish.order is not None:
        order = asked.wish.order
        yield "sort", f"-{order.key}" if order.is_down else order.key


def _order(text: str, listing: Listing) -> Order | None:
    order = Order(text.removeprefix("-"), is_down=text.startswith("-"))
    found = listing.find(order.key)
    return order if found is not None and found.is_sortable and found.is_shown else None


def _bound(text: str, field: Field, zone: ZoneInfo, currency: str) -> int | str | datetime | None:
    """One end of a range; a day is its midnight in the store's zone."""
    match field.kind:
        case Kind.MOMENT | Kind.DAY:
            day = _day(text)
            if day is None or field.kind is Kind.DAY:
                return None if day is None else day.isoformat()
            return datetime.combine(day, time(), zone)
        case Kind.MONEY:
            return _number(text, minor_digits(currency))
        case Kind.QUANTITY:
            return _number(text, 3)
        case _:
            return _number(text, 0)


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if _FIRST_DAY <= day <= _LAST_DAY else None


def _number(text: str, digits: int) -> int | None:
    is_negative = text[:1] in ("-", "−")
    number = read_scaled(text[1:] if is_negative else text, digits)
    return -number if is_negative and number is not None else number


def _instant(bound: int | str | datetime | None) -> int | str | datetime | None:
    """Midnight of a zone as UTC, after days were counted on the wall clock: a day may have 23 or 25 hours."""
    return bound.astimezone(UTC) if isinstance(bound, datetime) else bound
