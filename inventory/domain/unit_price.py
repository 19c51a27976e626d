"""Owns what a kilogram or a litre of a packed item costs, so that sizes can be compared.

It must not know how it is written. An item whose net content is not known, or is counted, has none.
"""

from __future__ import annotations

from enum import Enum
from fractions import Fraction

from inventory.domain.catalogue import Item, SoldBy

_LARGEST_MILLI = 10_000_000
_OF_A_THOUSANDTH = {"g": 1, "ml": 1, "cl": 10, "dl": 100, "kg": 1000, "l": 1000}


class Measure(Enum):
    KILOGRAM = "kg"
    LITRE = "L"


def unit_price(item: Item) -> tuple[int, Measure] | None:
    """Minor units of one kilogram or litre, rounded half up."""
    unit = item.net_unit.strip().lower()
    if item.sold_by is SoldBy.WEIGHT or unit not in _OF_A_THOUSANDTH:
        return None
    try:
        content_milli = Fraction(item.net_content.strip().replace(",", ".")) * _OF_A_THOUSANDTH[unit]
    except (ValueError, ZeroDivisionError):
        return None
    if not 0 < content_milli <= _LARGEST_MILLI:
        return None
    price = Fraction(item.price_minor * 1000) / content_milli
    measure = Measure.KILOGRAM if unit.endswith("g") else Measure.LITRE
    return int(price + Fraction(1, 2)), measure
