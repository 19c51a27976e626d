"""Owns the basket: lines, quantities, amounts and their limits. Every change makes a new basket.

It must not know payments, screens or where an item came from.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from inventory.domain.catalogue import MAX_WEIGHT_G, Item, SoldBy, price_of_weight, weight_of_price
from inventory.domain.correcting import Correction
from inventory.domain.money import MAX_AMOUNT_MINOR
from inventory.domain.sales import SaleLine

MAX_LINES = 300
MAX_UNITS = 99
"""More than this of one item is a slip of the finger, or a matter for staff."""


@dataclass(frozen=True, slots=True)
class BasketLine:
    """One row. Exactly one of `units` and `weight_g` is above zero.

    `label_price_minor` is the price an in-store label carried; it wins over price times weight.
    `pending`: the catalogue does not know these goods. They cost nothing yet, and nobody may pay before staff
    have given a price or the row has gone. `priced_by` is who gave it.

    A row with a `correction` holds the pieces it was made for: more are rows of their own, at the catalogue's
    price.
    """

    line_id: str
    item: Item
    tax_rate_bp: int
    units: int = 0
    weight_g: int = 0
    label_price_minor: int | None = None
    pending: bool = False
    priced_by: str = ""
    correction: Correction | None = None

    @property
    def countable(self) -> bool:
        """Whether the shopper may change how many there are."""
        return self.units > 0 and self.label_price_minor is None and not self.pending and not self.correction

    @property
    def catalogue_minor(self) -> int:
        """What one cost before anybody corrected it."""
        return self.correction.from_minor if self.correction else self.item.price_minor

    @property
    def correctable(self) -> bool:
        """Whether staff may correct its price: a label's is the scale's, an unknown item's is theirs."""
        return not self.pending and not self.priced_by and self.label_price_minor is None

    @property
    def goods_minor(self) -> int:
        if self.pending:
            return 0
        if self.label_price_minor is not None:
            return self.label_price_minor
        if self.weight_g:
            return price_of_weight(self.item.price_minor, self.weight_g)
        return self.item.price_minor * self.units

    @property
    def deposit_minor(self) -> int:
        return 0 if self.pending else self.item.deposit_minor * self.units

    @property
    def amount_minor(self) -> int:
        return self.goods_minor + self.deposit_minor

    def as_sale_line(self, language: str) -> SaleLine:
        """The line as a fact of the finished sale. Labels with a price alone get their weight back."""
        assert not self.pending, "nothing without a price is ever sold"
        weight_g = self.weight_g
        if not weight_g and self.item.sold_by is SoldBy.WEIGHT:
            weight_g = weight_of_price(self.item.price_minor, self.goods_minor)
        return SaleLine(
            gtin=self.item.gtin,
            sku=self.item.sku,
            name=self.item.name(language),
            sold_by=self.item.sold_by,
            quantity_milli=weight_g or self.units * 1000,
            unit_price_minor=self.item.price_minor,
            amount_minor=self.goods_minor,
            deposit_minor=self.deposit_minor,
            tax_class=self.item.tax_class,
            tax_rate_bp=self.tax_rate_bp,
            priced_by=self.correction.staff_name if self.correction else self.priced_by,
            catalogue_price_minor=self.correction.from_minor if self.correction else 0,
            price_reason=self.correction.reason.value if self.correction else "",
        )


@dataclass(frozen=True, slots=True)
class Basket:
    """Lines in the order they were last touched, newest last. `sale_id` is set by the first line."""

    sale_id: str = ""
    lines: tuple[BasketLine, ...] = ()

    @property
    def total_minor(self) -> int:
        return sum(line.amount_minor for line in self.lines)

    @property
    def piece_count(self) -> int:
        """What a shopper would count: pieces, and one for each weighed or labelled line."""
        return sum(max(line.units, 1) for line in self.lines)

    @property
    def age_limit(self) -> int:
        """The strictest age limit among the lines; 0 when there is none."""
        return max((line.item.age_limit for line in self.lines), default=0)

    @property
    def pending(self) -> tuple[BasketLine, ...]:
        """The rows that still wait for a price."""
        return tuple(line for line in self.lines if line.pending)

    def line(self, line_id: str) -> BasketLine | None:
        return next((line for line in self.lines if line.line_id == line_id), None)

    def add(self, line: BasketLine) -> Basket | None:
        """With one more scan; like pieces join their row. None when a limit would be passed."""
        same = next((old for old in self.lines if _joins(old, line)), None)
        if same is not None:
            line = replace(same, units=same.units + line.units)
        others = tuple(old for old in self.lines if old is not same)
        return self._checked((*others, line), self.sale_id or line.line_id)

    def change_units(self, line_id: str, delta: int) -> Basket | None:
        """With `delta` pieces more or fewer; at zero the row goes. None when a limit would be passed."""
        line = self.line(line_id)
        if line is None or not line.countable:
            return None
        if line.units + delta <= 0:
            return self.remove(line_id)
        changed = replace(line, units=line.units + delta)
        return self._checked(tuple(changed if old is line else old for old in self.lines), self.sale_id)

    def give_price(self, line_id: str, item: Item, tax_rate_bp: int, priced_by: str) -> Basket | None:
        """With a pending row priced, as many pieces as it had. None when a limit would be passed."""
        line = self.line(line_id)
        if line is None or not line.pending:
            return None
        priced = replace(line, item=item, tax_rate_bp=tax_rate_bp, pending=False, priced_by=priced_by)
        return self._checked(tuple(priced if old is line else old for old in self.lines), self.sale_id)

    def correct_price(self, line_id: str, price_minor: int, correction: Correction) -> Basket | None:
        """With the price of a row's goods corrected, downwards alone. None where it may not be."""
        line = self.line(line_id)
        if line is None or not line.correctable or not 0 < price_minor < line.catalogue_minor:
            return None
        corrected = replace(line, item=replace(line.item, price_minor=price_minor), correction=correction)
        return self._checked(tuple(corrected if old is line else old for old in self.lines), self.sale_id)

    def remove(self, line_id: str) -> Basket:
        """Without the row. The sale id stays: it names the visit, not its goods."""
        return replace(self, lines=tuple(line for line in self.lines if line.line_id != line_id))

    def _checked(self, lines: tuple[BasketLine, ...], sale_id: str) -> Basket | None:
        basket = Basket(sale_id, lines)
        too_much = (
            len(lines) > MAX_LINES
            or any(line.units > MAX_UNITS or line.weight_g > MAX_WEIGHT_G for line in lines)
            or basket.total_minor > MAX_AMOUNT_MINOR
        )
        return None if too_much else basket


def _joins(old: BasketLine, new: BasketLine) -> bool:
    if old.pending or new.pending:
        return old.pending and new.pending and old.item.gtin == new.item.gtin
    return old.countable and new.countable and old.item == new.item and old.tax_rate_bp == new.tax_rate_bp
