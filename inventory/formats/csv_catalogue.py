"""Owns our own catalogue file: its columns, what each may hold, and the way back out.

It must not know what the store has already; comparing is `inventory.services.imports`' work.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain, islice

from assets.languages import LANGUAGES, TRANSLATED
from inventory.domain.catalogue import FALLBACK_LANGUAGE, Item, SoldBy
from inventory.domain.money import MAX_AMOUNT_MINOR
from inventory.domain.season import Season, read_season, write_season
from inventory.formats.entries import (
    Cells,
    Entry,
    Line,
    Reading,
    ReadOptions,
    RowError,
    other_currency,
    read_rows,
    stands_twice,
)
from inventory.formats.numbers import DecimalSign, common_sign
from inventory.formats.said import Said, said
from inventory.formats.sheet import open_sheet, written_sheet
from inventory.formats.table import Row, Table, listed

REQUIRED = ("gtin", "name", "price_minor")
COLUMNS = (
    *("gtin", "sku", "plu", "name"),
    *(f"name_{language}" for language in TRANSLATED),
    *("price_minor", "currency", "tax_class", "sold_by", "age_limit", "deposit_minor"),
    *("multipack_of", "multipack_units", "department", "aisle", "bay", "shelf", "pictogram"),
    *("net_content", "net_unit", "label_prefix", "season", "aliases", "opening_stock_milli"),
)
PRICE = "price"
"""In major units, as people write them; stands in for price_minor."""
DEFAULT_TAX_CLASS = "standard"
MAX_AGE_LIMIT = 99
MAX_MULTIPACK_UNITS = 1000
MAX_SHELF = 12
MAX_ALIASES = 12
MAX_ALIAS = 40
ALIAS_BAR = "|"
"""Between two aliases in one cell."""
SAMPLE_ROWS = 2000
"""Rows that are looked at to find out the decimal sign."""

_NAME_COLUMN = re.compile(r"name_([a-z]{2,3}(?:-[a-z0-9]{2,8})?)", re.IGNORECASE)
_CODES = {code.lower(): code for code in LANGUAGES}  # the first line of a file is read without capitals
_LABEL_PREFIX = re.compile(r"(?:2[0-9]{5,7}|02[0-9]{5})", re.ASCII)
_PLU = re.compile(r"[0-9]{4,5}", re.ASCII)
_KNOWN = frozenset({*COLUMNS, PRICE})
_FIELDS = frozenset({*COLUMNS} - {"name", "opening_stock_milli"} - {f"name_{code}" for code in TRANSLATED})


@dataclass(frozen=True, slots=True)
class CatalogueSheet:
    """A catalogue file that was read whole: good rows, bad rows, and what a person should know."""

    encoding: str
    delimiter: str
    entries: tuple[Entry, ...]
    errors: tuple[RowError, ...]
    warnings: tuple[str, ...]


def is_column(name: str) -> bool:
    """Whether a catalogue file's column of this name means something."""
    return name in _KNOWN or _NAME_COLUMN.fullmatch(name) is not None


def read_table(table: Table, options: ReadOptions) -> Reading:
    """A catalogue file's rows. Raises SheetError when a column is missing; single rows become errors."""
    price = PRICE if table.has(PRICE) and not table.has("price_minor") else "price_minor"
    table.require("gtin", "name", price, known=_KNOWN)
    unknown = sorted({name for name in table.columns if name and not is_column(name)})
    if unknown:
        table.notes.say(f"Columns without a meaning here were left out: {listed(unknown)}.")
    rows, sign = with_sign(table.rows, (PRICE,), options) if price == PRICE else (table.rows, None)

    def read_row(cells: Cells) -> Line | None:
        return _entry(cells, options, price=price, sign=sign)

    return Reading(
        format_name="lanelight",
        lines=read_rows(rows, read_row, table.notes),
        speaks_of=frozenset({*table.columns} & _FIELDS) | {"names", "price_minor"},
        notes=table.notes,
        share_read=table.share_read,
        encoding=table.encoding,
        delimiter=table.delimiter,
        decimal=sign,
    )


def with_sign(
    rows: Iterator[Row], columns: tuple[str, ...], options: ReadOptions
) -> tuple[Iterator[Row], DecimalSign | None]:
    """The rows, and the decimal sign of their prices: the one set by hand, or what the first rows show."""
    if options.decimal is not None:
        return rows, options.decimal
    sample = list(islice(rows, SAMPLE_ROWS))
    texts = (row.cells.get(column, "") for row in sample for column in columns)
    return chain(sample, rows), common_sign(texts)


def read_catalogue(raw: bytes, *, currency: str) -> CatalogueSheet:
    """Reads a catalogue file whole. `currency` is the store's, and that of rows that name none.

    Raises SheetError when the file as a whole cannot be read; single rows become errors.
    """
    table = open_sheet(io.BytesIO(raw), is_known=is_column)
    lines = list(read_table(table, ReadOptions(currency)).lines)
    good = [line for line in lines if isinstance(line, Entry)]
    errors = [line for line in lines if isinstance(line, RowError)]
    for column in ("gtin", "plu", "label_prefix", "sku"):
        errors += _twice(good, column)
    warnings = [*table.notes.sentences(), *_lonely_multipacks(good)]
    if not lines:
        warnings.append("The file has no rows below its first line.")
    return CatalogueSheet(
        table.encoding,
        table.delimiter,
        tuple(good),
        tuple(sorted(errors, key=lambda error: (error.line_no, error.column))),
        tuple(warnings),
    )


def write_catalogue(items: Iterable[Item], *, on_hand_milli: Mapping[str, int] | None = None) -> bytes:
    """The items as a file that `read_catalogue` reads back alike.

    With `on_hand_milli` the last column holds what is on hand (never less than nothing).
    """
    listed_items = tuple(items)
    others = {language for item in listed_items for language in item.names}
    columns = columns_for(others)
    stock = on_hand_milli or {}
    rows = (cells_of(item, columns, stock.get(item.gtin)) for item in listed_items)
    return b"".join(written_sheet(columns, rows))


def columns_for(languages: Iterable[str]) -> tuple[str, ...]:
    """The columns of a file whose names are in these languages."""
    others = {*languages} - {FALLBACK_LANGUAGE, *TRANSLATED}
    return (*COLUMNS, *(f"name_{language}" for language in sorted(others)))


def cells_of(item: Item, columns: tuple[str, ...], on_hand_milli: int | None) -> list[str]:
    """One item's row under these columns."""
    return [_cell(item, column, on_hand_milli) for column in columns]


def _entry(cells: Cells, options: ReadOptions, *, price: str, sign: DecimalSign | None) -> Entry:
    item = _item(cells, options.currency, _price_minor(cells, options, price, sign))
    opening = cells.whole("opening_stock_milli", at_most=999_999_999)
    if item.currency != options.currency:
        cells.complain("currency", other_currency(item.currency, options))
    if bool(item.multipack_of) != bool(item.multipack_units):
        text = said("a multipack needs both the GTIN of its single and its units.")
        cells.complain("multipack_units", text)
    elif item.multipack_of and item.multipack_of == item.gtin:
        cells.complain("multipack_of", said("a multipack cannot be made of itself."))
    return Entry(cells.row.line_no, item, opening if cells.text("opening_stock_milli") else None)


def _price_minor(cells: Cells, options: ReadOptions, column: str, sign: DecimalSign | None) -> int:
    if column == PRICE:
        return cells.price(PRICE, options, sign)
    return cells.whole("price_minor", at_least=1, at_most=MAX_AMOUNT_MINOR, is_required=True)


def _item(cells: Cells, currency: str, price_minor: int) -> Item:
    gtin = cells.gtin("gtin", is_required=True)
    return Item(
        gtin=gtin,
        sku=cells.text("sku", gtin),
        names=_names(cells),
        price_minor=price_minor,
        currency=cells.text("currency", currency).upper(),
        tax_class=cells.text("tax_class", DEFAULT_TAX_CLASS),
        sold_by=_sold_by(cells),
        plu=cells.matching("plu", _PLU, _not_a_plu),
        age_limit=cells.whole("age_limit", at_most=MAX_AGE_LIMIT),
        deposit_minor=cells.whole("deposit_minor", at_most=MAX_AMOUNT_MINOR),
        department=cells.text("department"),
        aisle=cells.text("aisle"),
        bay=cells.text("bay"),
        pictogram=cells.text("pictogram", "box"),
        net_content=cells.text("net_content"),
        net_unit=cells.text("net_unit"),
        label_prefix=cells.matching("label_prefix", _LABEL_PREFIX, _not_a_prefix),
        multipack_of=cells.gtin("multipack_of"),
        multipack_units=cells.whole("multipack_units", at_most=MAX_MULTIPACK_UNITS),
        shelf=cells.whole("shelf", at_most=MAX_SHELF),
        season=_season(cells),
        aliases=_aliases(cells),
    )


def _not_a_plu(cell: str) -> Said:
    return said("“{cell}” is not a PLU of four or five digits.", cell=cell)


def _not_a_prefix(cell: str) -> Said:
    return said("“{cell}” is not the beginning of an in-store number.", cell=cell)


def _names(cells: Cells) -> dict[str, str]:
    name = cells.text("name")
    if not name:
        cells.complain("name", said("it is empty."))
    names = {FALLBACK_LANGUAGE: name}
    for column, cell in cells.row.cells.items():
        found = _NAME_COLUMN.fullmatch(column) if column.startswith("name_") else None
        if found and cell:
            names[_CODES.get(found[1], found[1])] = cell
    return names


def _season(cells: Cells) -> Season:
    cell = cells.text("season")
    season = read_season(cell)
    if season is None:
        cells.complain("season", said("“{cell}” is not months such as 5-9, 11-2 or 4 9-10.", cell=cell[:20]))
    return season or ()


def _aliases(cells: Cells) -> tuple[str, ...]:
    words = dict.fromkeys(word.strip() for word in cells.text("aliases").split(ALIAS_BAR))
    aliases = tuple(filter(None, words))
    if len(aliases) > MAX_ALIASES:
        cells.complain("aliases", said("there are too many words; take {most} at most.", most=MAX_ALIASES))
    for alias in aliases:
        if len(alias) > MAX_ALIAS:
            cells.complain(
                "aliases",
                said("“{cell}” is longer than {most} characters.", cell=f"{alias[:20]}…", most=MAX_ALIAS),
            )
    return aliases


def _sold_by(cells: Cells) -> SoldBy:
    word = cells.text("sold_by", SoldBy.UNIT.value).lower()
    try:
        return SoldBy(word)
    except ValueError:
        cells.complain("sold_by", said("“{cell}” is neither unit nor weight.", cell=word[:20]))
        return SoldBy.UNIT


def _twice(entries: list[Entry], column: str) -> list[RowError]:
    first: dict[str, int] = {}
    errors: list[RowError] = []
    for entry in entries:
        value: str = getattr(entry.item, column)
        line_no = first.setdefault(value, entry.line_no) if value else entry.line_no
        if line_no != entry.line_no:
            problem = stands_twice(value, line_no, entry.line_no)
            errors.append(RowError(entry.line_no, column, problem))
    return errors


def _lonely_multipacks(entries: list[Entry]) -> list[str]:
    gtins = {entry.item.gtin for entry in entries}
    lonely = [
        entry.line_no for entry in entries if entry.item.multipack_of and entry.item.multipack_of not in gtins
    ]
    return [f"Line {line_no}: the single of this multipack is not in the file." for line_no in lonely]


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
