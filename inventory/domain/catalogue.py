"""Owns what can be sold: items, how they are sold, and what a weight of them costs.

It must not know how the catalogue is stored or shown.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from inventory.domain.money import round_half_up
from inventory.domain.season import Season

FALLBACK_LANGUAGE = "en"

MAX_WEIGHT_G = 30_000
"""Heaviest weight one line may carry; checkout scales end at 15 or 30 kg."""


class SoldBy(Enum):
    UNIT = "unit"
    WEIGHT = "weight"


@dataclass(frozen=True, slots=True)
class Item:
    """One sellable thing. `price_minor` is per piece, or per kilogram when sold by weight.

    `gtin` is GTIN-14 text. `deposit_minor` is paid per piece on top of the price. `label_prefix` holds the
    seven digits (2 and six item digits) that in-store labels of this item begin with, or "". `shelf` counts
    the boards of its bay from the floor, the lowest being 1; 0 where nobody said. `season` holds the months
    it is in season. `aliases` are further words people look for it by, in any script.
    """

    gtin: str
    sku: str
    names: dict[str, str]
    price_minor: int
    currency: str
    tax_class: str
    sold_by: SoldBy = SoldBy.UNIT
    plu: str = ""
    age_limit: int = 0
    deposit_minor: int = 0
    department: str = ""
    aisle: str = ""
    bay: str = ""
    pictogram: str = "box"
    net_content: str = ""
    net_unit: str = ""
    label_prefix: str = ""
    multipack_of: str = ""
    multipack_units: int = 0
    shelf: int = 0
    season: Season = ()
    aliases: tuple[str, ...] = ()

    @property
    def is_pack(self) -> bool:
        """Whether this is a multi-pack of another item's pieces."""
        return bool(self.multipack_of) and self.multipack_units > 0

    @property
    def booked_as(self) -> tuple[str, int]:
        """The GTIN whose stock this item is, and how many of it one piece takes: a pack is its singles."""
        return (self.multipack_of, self.multipack_units) if self.is_pack else (self.gtin, 1)

    def name(self, language: str) -> str:
        """The name in `language`, else in English, else whatever there is."""
        return (
            self.names.get(language)
            or self.names.get(FALLBACK_LANGUAGE)
            or next(iter(self.names.values()), self.sku)
        )


def price_of_weight(price_per_kg_minor: int, weight_g: int) -> int:
    """Price of `weight_g` grams (1 to 30,000), rounded half up to the minor unit."""
    assert 0 < weight_g <= MAX_WEIGHT_G, "the scale and the scan gate refuse other weights"
    return round_half_up(price_per_kg_minor * weight_g, 1000)


def weight_of_price(price_per_kg_minor: int, amount_minor: int) -> int:
    """Grams behind a price label: the ledger needs them where the label carries only money."""
    assert price_per_kg_minor > 0, "an item sold by weight has a price per kilogram"
    return round_half_up(amount_minor * 1000, price_per_kg_minor)
