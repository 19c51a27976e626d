"""Owns what a deed of the staff is called when the shopper is told of it.

It must not know how it is worded, nor for how long it stands there.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from inventory.domain.catalogue import Item


class Told(Enum):
    AGE_APPROVED = "age approved"
    AGE_REFUSED = "age refused"
    PRICE_GIVEN = "price given"
    NOT_FOR_SALE = "not for sale"
    PRICE_CORRECTED = "price corrected"
    TAKEN_OUT = "taken out"
    LANE_CLOSED = "lane closed"
    LANE_OPENED = "lane opened"


@dataclass(frozen=True, slots=True)
class StaffNews:
    """`items` are the goods it is about; none where it is about the lane or a shopper's age."""

    told: Told
    staff_name: str
    items: tuple[Item, ...] = ()
