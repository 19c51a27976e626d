"""Owns our own catalogue file: its columns, what each may hold, and the way back out.

It must not know what the store has already; comparing is `inventory.services.imports`' work.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from assets.languages import LANGUAGES, TRANSLATED
from inventory.domain.catalogue import FALLBACK_LANGUAGE, Item, SoldBy
from inventory.domain.identifiers import gtin_14
from inventory.domain.money import MAX_AMOUNT_MINOR
from inventory.domain.season import Season, read_season, write_season
from inventory.formats.numbers import read_whole
from inventory.formats.sheet import Row, read_sheet, write_sheet

REQUIRED = ("gtin", "name", "price_minor")
COLUMNS = (
    *("gtin", "sku", "plu", "name"),
    *(f"name_{language}" for language in TRANSLATED),
    *("price_minor", "currency", "tax_class", "sold_by", "age_limit", "deposit_minor"),
    *("multipack_of", "multipack_units", "department", "aisle", "bay", "shelf", "pictogram"),
    *("net_content", "net_unit", "label_prefix", "season", "aliases", "opening_stock_milli"),
)
DEFAULT_TAX_CLASS = "standard"
MAX_AGE_LIMIT = 99
MAX_MULTIPACK_UNITS = 1000
MAX_SHELF = 12
MAX_ALIASES = 12
MAX_ALIAS = 40
ALIAS_BAR = "|"
"""Between two aliases in one cell."""

_NAME_COLUMN = re.compile(r"name_([a-z]{2,3}(?:-[a-z0-9]{2,8})?)", re.IGNORECASE)
_CODES = {code.lower(): code for code in LANGUAGES}  # the first line of a file is read without capitals
_LABEL_PREFIX = re.compile(r"(?:2[0-9]{5,7}|02[0-9]{5})", re.ASCII)
_PLU = re.compile(r"[0-9]{4,5}", re.ASCII)


@dataclass(frozen=True, slots=True)
class RowError:
    """Why a row cannot be taken. `line_no` counts from 1, the header being line 1."""

    line_no: int
    column: str
    problem: str

    def __str__(self) -> str:
        return f"Line {self.line_no}, {self.column}: {self.problem}"


@dataclass(frozen=True, slots=True)
class Entry:
    """One good row. `opening_stock_milli` is None where the cell is empty."""

    line_no: int
    item: Item
    opening_stock_milli: int | None


@dataclass(frozen=True, slots=True)
class CatalogueSheet:
    """A catalogue file that was read: good rows, bad rows, and what a person should know."""

    encoding: str
    delimiter: str
    entries: tuple[Entry, ...]
    errors: tuple[RowError, ...]
    warnings: tuple[str, ...]


def read_catalogue(raw: bytes, *, currency: str) -> CatalogueSheet:
    """Reads a catalogue file. `currency` is the store's, and that of rows that name none.

    Raises SheetError when the file as a whole cannot be read; single rows become errors.
    """
    sheet = read_sheet(raw, known=_KnownColumns(COLUMNS), required=REQUIRED)
    errors: list[RowError] = []
    entries = [_entry(row, currency, errors) for row in sheet.rows]
    good = [entry for entry in entries if entry is not None]
    for column in ("gtin", "plu", "label_prefix", "sku"):
        errors += _twice(good, column)
    warnings = [*sheet.warnings, *_lonely_multipacks(good)]
    if not sheet.rows:
        warnings.append("The file has no rows below its first line.")
    return CatalogueSheet(
        sheet.encoding,
        sheet.delimiter,
        tuple(good),
        tuple(sorted(errors, key=lambda error: (error.line_no, error.column))),
        tuple(warnings),
    )


def write_catalogue(items: Iterable[Item], *, on_hand_milli: Mapping[str, int] | None = None) -> bytes:
    """The items as a file that `read_catalogue` reads back alike.

    With `on_hand_milli` the last column holds what is on hand (never less than nothing).
    """
    listed = tuple(items)
    others = {language for item in listed for language in item.names} - {FALLBACK_LANGUAGE, *TRANSLATED}
    columns = (*COLUMNS, *(f"name_{language}" for language in sorted(others)))
    stock = on_hand_milli or {}
    return write_sheet(columns, [_cells(item, columns, stock.get(item.gtin)) for item in listed])


class _KnownColumns(frozenset[str]):
    """The fixed columns, and a name in any language."""

    def __contains__(self, name: object) -> bool:
        is_name = isinstance(name, str) and _NAME_COLUMN.fullmatch(name) is not None
        return is_name or super().__contains__(name)


class _Cells:
    """One row's cells, read with their limits; every complaint goes into `errors`."""

    def __init__(self, row: Row, errors: list[RowError]) -> None:
        self._row = row
        self._errors = errors

    def text(self, column: str, default: str = "") -> str:
        return self._row.cells.get(column, "") or default

    def complain(self, column: str, problem: str) -> None:
        self._errors.append(RowError(self._row.line_no, column, problem))

    def whole(self, column: str, *, at_most: int, at_least: int = 0) -> int:
        cell = self.text(column)
        if not cell and column not in REQUIRED:
            return 0
        number = read_whole(cell)
        if number is None or not at_least <= number <= at_most:
            self.complain(column, f"“{cell[:20]}” is not a whole number from {at_least} to {at_most}.")
            return at_least
        return number

    def gtin(self, column: str) -> str:
        cell = self.text(column)
        if not cell and column not in REQUIRED:
            return ""
        gtin = gtin_14(cell)
        if gtin is None:
            self.complain(column, f"“{cell[:20]}” is not a GTIN, or its check digit is wrong.")
        return gtin or ""

    def matching(self, column: str, pattern: re.Pattern[str], meaning: str) -> str:
        cell = self.text(column)
        if cell and not pattern.fullmatch(cell):
            self.complain(column, f"“{cell[:20]}” is not {meaning}.")
        return cell


def _entry(row: Row, currency: str, errors: list[RowError]) -> Entry | None:
    before = len(errors)
    cells = _Cells(row, errors)
    if not row.is_whole:
        cells.complain("row", "it has more or fewer cells than the first line.")
        return None
    item = _item(cells, row, currency)
    opening = cells.whole("opening_stock_milli", at_most=999_999_999)
    if item.currency != currency:
        cells.complain("currency", f"“{item.currency[:20]}” is not the store's {currency}.")
    if bool(item.multipack_of) != bool(item.multipack_units):
        cells.complain("multipack_units", "a multipack needs both the GTIN of its single and its units.")
    elif item.multipack_of and item.multipack_of == item.gtin:
        cells.complain("multipack_of", "a multipack cannot be made of itself.")
    has_stock = bool(row.cells.get("opening_stock_milli"))
    return Entry(row.line_no, item, opening if has_stock else None) if len(errors) == before else None


def _item(cells: _Cells, row: Row, currency: str) -> Item:
    gtin = cells.gtin("gtin")
    return Item(
        gtin=gtin,
        sku=cells.text("sku", gtin),
        names=_names(cells, row),
        price_minor=cells.whole("price_minor", at_least=1, at_most=MAX_AMOUNT_MINOR),
        currency=cells.text("currency", currency).upper(),
        tax_class=cells.text("tax_class", DEFAULT_TAX_CLASS),
        sold_by=_sold_by(cells),
        plu=cells.matching("plu", _PLU, "a PLU of four or five digits"),
        age_limit=cells.whole("age_limit", at_most=MAX_AGE_LIMIT),
        deposit_minor=cells.whole("deposit_minor", at_most=MAX_AMOUNT_MINOR),
        department=cells.text("department"),
        aisle=cells.text("aisle"),
        bay=cells.text("bay"),
        pictogram=cells.text("pictogram", "box"),
        net_content=cells.text("net_content"),
        net_unit=cells.text("net_unit"),
        label_prefix=cells.matching("label_prefix", _LABEL_PREFIX, "the beginning of an in-store number"),
        multipack_of=cells.gtin("multipack_of"),
        multipack_units=cells.whole("multipack_units", at_most=MAX_MULTIPACK_UNITS),
        shelf=cells.whole("shelf", at_most=MAX_SHELF),
        season=_season(cells),
        aliases=_aliases(cells),
    )


def _names(cells: _Cells, row: Row) -> dict[str, str]:
    name = cells.text("name")
    if not name:
        cells.complain("name", "it is empty.")
    names = {FALLBACK_LANGUAGE: name}
    for column, cell in row.cells.items():
        found = _NAME_COLUMN.fullmatch(column)
        if found and cell:
            names[_CODES.get(found[1], found[1])] = cell
    return names


def _season(cells: _Cells) -> Season:
    cell = cells.text("season")
    season = read_season(cell)
    if season is None:
        cells.complain("season", f"“{cell[:20]}” is not months such as 5-9, 11-2 or 4 9-10.")
    return season or ()


def _aliases(cells: _Cells) -> tuple[str, ...]:
    words = dict.fromkeys(word.strip() for word in cells.text("aliases").split(ALIAS_BAR))
    aliases = tuple(filter(None, words))
    if len(aliases) > MAX_ALIASES:
        cells.complain("aliases", f"{len(aliases)} words are too many; take {MAX_ALIASES} at most.")
    for alias in aliases:
        if len(alias) > MAX_ALIAS:
            cells.complain("aliases", f"“{alias[:20]}…” is longer than {MAX_ALIAS} characters.")
    return aliases


def _sold_by(cells: _Cells) -> SoldBy:
    word = cells.text("sold_by", SoldBy.UNIT.value).lower()
    try:
        return SoldBy(word)
    except ValueError:
        cells.complain("sold_by", f"“{word[:20]}” is neither unit nor weight.")
        return SoldBy.UNIT


def _twice(entries: list[Entry], column: str) -> list[RowError]:
    first: dict[str, int] = {}
    errors: list[RowError] = []
    for entry in entries:
        value: str = getattr(entry.item, column)
        line_no = first.setdefault(value, entry.line_no) if value else entry.line_no
        if line_no != entry.line_no:
            errors.append(
                RowError(
                    entry.line_no, column, f"{value} stands on line {line_no} and on line {entry.line_no}."
                )
            )
    return errors


def _lonely_multipacks(entries: list[Entry]) -> list[str]:
    gtins = {entry.item.gtin for entry in entries}
    lonely = [
        entry.line_no for entry in entries if entry.item.multipack_of and entry.item.multipack_of not in gtins
    ]
    return [f"Line {line_no}: the single of this multipack is not in the file." for line_no in lonely]


def _cells(item: Item, columns: tuple[str, ...], on_hand_milli: int | None) -> list[str]:
    return [_cell(item, column, on_hand_milli) for column in columns]


def _cell(item: Item, column: str, on_hand_milli: int | None) -> str:
    language = _NAME_COLUMN.fullmatch(column)
    if language:
        return item.names.get(language[1], "")
    match column:
        case "name":
            return item.name(FALLBACK_LANGUAGE)
        case "sold_by":
            return item.sold_by.value
        case "opening_stock_milli":
            return "" if on_hand_milli is None else str(max(0, on_hand_milli))
        case "season":
            return write_season(item.season)
        case "aliases":
            return f" {ALIAS_BAR} ".join(item.aliases)
        case "multipack_units" | "shelf":
            return str(getattr(item, column) or "")
        case _:
            return str(getattr(item, column))
