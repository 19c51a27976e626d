"""Owns what a person is shown of an import before it is taken, and the reasons it is not taken.

It must not read the store or change anything: it tells what the comparison left in the staging file.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from inventory.formats.entries import LeftOut, RowError
from inventory.intake.staged import StagedFile, Which

SHOWN = 100
"""Rows of a kind that a preview holds; the staging file has them all."""
NEW_SHOWN = 20
BIG_MOVE_PERCENT = 50
ASKED_SHARE_PERCENT = 20
"""When more than this share of the store's prices moves at all, or of the file's prices by more than the
above, somebody must say yes twice."""


@dataclass(frozen=True, slots=True)
class PriceChange:
    """An item whose price the file changes, in minor units."""

    gtin: str
    name: str
    old_minor: int
    new_minor: int

    @property
    def is_big(self) -> bool:
        return abs(self.new_minor - self.old_minor) * 100 > self.old_minor * BIG_MOVE_PERCENT

    @property
    def tenths_of_percent(self) -> int:
        """How far it moves, in thousandths of the old price; negative downwards."""
        return round((self.new_minor - self.old_minor) * 1000 / max(self.old_minor, 1))


@dataclass(frozen=True, slots=True)
class NewItem:
    """An item that only the file has, with its price in minor units."""

    gtin: str
    name: str
    price_minor: int


@dataclass(frozen=True, slots=True)
class StockChange:
    """A movement the file brings, in thousandths. A count's quantity is what lay there."""

    gtin: str
    name: str
    reason: str
    quantity_milli: int
    is_weighed: bool


@dataclass(frozen=True, slots=True)
class ImportPreview:
    """What an import would do. Without a word from a person nothing is written while there are errors."""

    format_name: str
    encoding: str
    delimiter: str
    decimal: str
    """The decimal sign of its prices, "" where it has none or shows none."""
    new: int
    changed: int
    unchanged: int
    kept: int
    """Items of the store that the file does not name."""
    new_items: tuple[NewItem, ...]
    """The first of the new ones: their names show whether the letters were read right."""
    price_changes: tuple[PriceChange, ...]
    """The first of them, those that move furthest in front."""
    price_change_count: int
    errors: tuple[RowError, ...]
    """The first of them, by line."""
    error_count: int
    left_out: tuple[LeftOut, ...]
    left_out_count: int
    warnings: tuple[str, ...]
    needs_confirmation: bool
    stock: tuple[StockChange, ...] = ()
    moved: int = 0
    """Movements the file brings that the ledger does not have."""
    known: int = 0
    """Movements of the file that the ledger has already."""

    @property
    def changes_nothing(self) -> bool:
        return not (self.new or self.changed or self.moved)

    def counts(self) -> dict[str, int]:
        """The numbers that a list of imports shows."""
        names = ("new", "changed", "unchanged", "kept", "price_change_count", "error_count", "moved", "known")
        return {name: getattr(self, name) for name in names}


class ImportRefused(Exception):  # noqa: N818 - it names what the manager is told
    """The file was not taken, and nothing was written; `preview` says why.

    `is_faulty`: for its faulty rows; else because nobody confirmed its prices.
    """

    def __init__(self, preview: ImportPreview, *, is_faulty: bool) -> None:
        if is_faulty:
            found = preview.error_count
            reason = f"{found} {'mistake' if found == 1 else 'mistakes'}; the first: {preview.errors[0]}"
        else:
            reason = (
                f"it moves more than {ASKED_SHARE_PERCENT} % of the prices, or that share of them by more "
                f"than {BIG_MOVE_PERCENT} %, which must be confirmed."
            )
        super().__init__(f"The file was not taken: {reason}")
        self.preview = preview
        self.is_faulty = is_faulty


def preview_of(staged: StagedFile) -> ImportPreview:
    """What the comparison found; only of a file that was compared."""
    counts: dict[str, Any] = staged.noted("counts")
    prices = (
        PriceChange(change.gtin, change.name, change.old_minor, change.new_minor)
        for change in staged.changes(Which.PRICES, SHOWN)
        if change.old_minor is not None
    )
    new_items = (
        NewItem(change.gtin, change.name, change.new_minor) for change in staged.changes(Which.NEW, NEW_SHOWN)
    )
    return ImportPreview(
        format_name=staged.noted("format", ""),
        encoding=staged.noted("encoding", ""),
        delimiter=staged.noted("delimiter", ""),
        decimal=staged.noted("decimal", ""),
        new_items=tuple(new_items),
        price_changes=tuple(prices),
        errors=tuple(staged.faults(SHOWN)),
        error_count=staged.count("fault"),
        left_out=tuple(staged.left_out(SHOWN)),
        left_out_count=staged.count("left_out"),
        warnings=(*staged.noted("warnings", []), *_bare_goods(staged, counts["new"])),
        stock=tuple(StockChange(**each) for each in staged.noted("stock_shown", [])),
        **counts,
    )


def _bare_goods(staged: StagedFile, new: int) -> list[str]:
    """New goods of a file that knows neither taxes nor ages of this store."""
    speaks_of = {*staged.noted("speaks_of", [])}
    missing = [name for name in ("age_limit", "tax_class") if name not in speaks_of]
    if not new or not missing:
        return []
    said = {"age_limit": "no age limit", "tax_class": "the tax class standard"}
    return [f"New items from this file have {' and '.join(said[name] for name in missing)}."]


def shown_stock(changes: list[StockChange]) -> list[dict[str, Any]]:
    """The first movements as the staging file keeps them."""
    return [asdict(change) for change in changes[:SHOWN]]
