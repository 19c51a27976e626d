"""The demo store's catalogue: numbers the items on the shelf lists and writes ``catalogue.csv``.

It must not know the product's own catalogue code: the file is read back by it, so it is written without it.

Run it after changing a file in ``shelves/`` or ``names/`` (the format is in ``shelves/README.md``)::

    python assets/demo/make_catalogue.py

Every item is invented. Item numbers are GTIN-13 under the prefix 952, which GS1 keeps for demonstrations and
examples, written with a leading zero as GTIN-14. The tax classes follow an Italian pattern: standard 22 %,
reduced 10 %, super 4 %.
"""

import csv
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from pathlib import Path

HERE = Path(__file__).parent
MAX_NAME = 40
FURTHER_NAMES = 5
CURRENCY = "EUR"
ADULT_AGE = 18


@dataclass(frozen=True, slots=True, kw_only=True)
class Department:
    """Where a department stands and what is usual in it."""

    prefix: str
    aisle: int
    bays: tuple[int, int]
    tax_class: str
    age_limit: int = 0


DEPARTMENTS = {
    "produce": Department(prefix="PRO", aisle=1, bays=(1, 6), tax_class="super"),
    "bakery": Department(prefix="BAK", aisle=2, bays=(1, 3), tax_class="super"),
    "dairy": Department(prefix="DAI", aisle=7, bays=(2, 6), tax_class="reduced"),
    "meat-fish": Department(prefix="MEA", aisle=3, bays=(1, 4), tax_class="reduced"),
    "deli": Department(prefix="DEL", aisle=2, bays=(4, 6), tax_class="reduced"),
    "frozen": Department(prefix="FRO", aisle=8, bays=(1, 3), tax_class="reduced"),
    "pantry": Department(prefix="PAN", aisle=4, bays=(1, 6), tax_class="reduced"),
    "drinks": Department(prefix="DRI", aisle=6, bays=(1, 3), tax_class="standard"),
    "alcohol": Department(prefix="ALC", aisle=6, bays=(4, 6), tax_class="standard", age_limit=ADULT_AGE),
    "sweets-snacks": Department(prefix="SWE", aisle=5, bays=(1, 4), tax_class="reduced"),
    "household": Department(prefix="HOU", aisle=9, bays=(1, 6), tax_class="standard"),
    "personal-care": Department(prefix="CAR", aisle=8, bays=(4, 6), tax_class="standard"),
}

# Opening stock in thousandths of a piece or in grams, dealt out in turn: plenty, a few, last ones, none.
PIECES_MILLI = tuple(
    count * 1000 for count in (48, 24, 7, 120, 36, 2, 60, 18, 5, 90, 30, 1, 54, 9, 40, 0, 26, 72, 14)
)
WEIGHTS_G = (42_500, 18_200, 63_000, 8_400, 27_800, 3_100, 55_600, 12_900, 1_450, 33_300, 0, 21_700)


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One row of ``catalogue.csv``; the fields are its columns, in order.

    Prices and deposits are in minor units, of one piece or of one kilogram; `opening_stock_milli` is in
    thousandths of a piece or in grams. Empty text and None are written as an empty cell.
    """

    gtin: str
    sku: str
    plu: str
    name: str
    name_it: str
    name_id: str
    name_ro: str
    name_fil: str
    name_es: str
    name_fr: str
    name_de: str
    name_ar: str
    name_zh_hans: str
    price_minor: int
    currency: str
    tax_class: str
    sold_by: str
    age_limit: int
    deposit_minor: int
    multipack_of: str
    multipack_units: int | None
    department: str
    aisle: int
    bay: int
    shelf: int
    pictogram: str
    net_content: str
    net_unit: str
    label_prefix: str
    season: str
    aliases: str
    opening_stock_milli: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ShelfLine:
    """One line of a shelf list and its place."""

    department: str
    place: int
    of: int
    names: tuple[str, ...]
    price_minor: int
    pictogram: str
    net: tuple[str, str]
    options: dict[str, str]
    aliases: tuple[str, ...] = ()

    @property
    def by_weight(self) -> bool:
        """Whether the price is that of a kilogram."""
        return "kg" in self.options or "label" in self.options

    @property
    def gtin(self) -> str:
        """GTIN-14 with its check digit."""
        first_of_department = (list(DEPARTMENTS).index(self.department) + 1) * 1000
        number = int(self.options.get("no", first_of_department + self.place + 1))
        digits = f"0952{number:09d}"
        return digits + check_digit(digits)


def check_digit(digits: str) -> str:
    """The check digit for `digits`, weights 3 and 1 from the right (GS1 General Specifications, 7.9.1)."""
    total = sum(int(digit) * (1 if place % 2 else 3) for place, digit in enumerate(reversed(digits)))
    return str(-total % 10)


def read_shelf(department: str) -> Iterator[ShelfLine]:
    """The lines of one shelf list.

    Raises ValueError for a line with too few columns or a name that is empty or too long for a shelf label,
    KeyError for an item that has no further names.
    """
    further = dict(_further_names(department))
    called = dict(_aliases())
    lines = (HERE / "shelves" / f"{department}.txt").read_text(encoding="utf-8").splitlines()
    for place, text in enumerate(lines):
        columns = [column.strip() for column in text.split("|")]
        if len(columns) != 9:
            raise ValueError(f"{department}: {len(columns)} columns, not 9: {text}")
        english, italian, indonesian, romanian, filipino, price, pictogram, net, options = columns
        names = (english, italian, indonesian, romanian, filipino, *further[english])
        for name in names:
            if not 0 < len(name) <= MAX_NAME:
                raise ValueError(f"{department}: a name of {len(name)} characters: {name}")
        content, unit = net.split()
        yield ShelfLine(
            department=department,
            place=place,
            of=len(lines),
            names=names,
            price_minor=int(price),
            pictogram=pictogram,
            net=(content, unit),
            options=dict(_options(options)),
            aliases=called.get(english, ()),
        )


def _further_names(department: str) -> Iterator[tuple[str, list[str]]]:
    """The English name, and the names in the languages that the shelf lists have no column for."""
    for text in (HERE / "names" / f"{department}.txt").read_text(encoding="utf-8").splitlines():
        english, *others = (column.strip() for column in text.split("|"))
        if len(others) != FURTHER_NAMES:
            raise ValueError(f"{department}: {len(others)} further names, not {FURTHER_NAMES}: {text}")
        yield english, others


def _aliases() -> Iterator[tuple[str, tuple[str, ...]]]:
    """The English name, and what else people call the item."""
    for text in (HERE / "aliases.txt").read_text(encoding="utf-8").splitlines():
        english, *others = (column.strip() for column in text.split("|"))
        yield english, tuple(others)


def _options(text: str) -> Iterator[tuple[str, str]]:
    for option in text.split(";"):
        if option.strip():
            key, _, value = option.strip().partition("=")
            yield key, value


def build(lines: Sequence[ShelfLine]) -> list[Item]:
    """Number and complete the lines."""
    singles = {line.names[0]: line for line in lines}
    labels = iter(range(101, 200_000))  # 2000101 onwards: the range an Italian chain may number itself
    return [_item(line, singles, label=next(labels) if "label" in line.options else None) for line in lines]


def _item(line: ShelfLine, singles: dict[str, ShelfLine], *, label: int | None) -> Item:
    department = DEPARTMENTS[line.department]
    options = line.options
    deposit_minor = int(options.get("dep", 0))
    multipack_of, units = "", None
    if "pack" in options:
        count, _, name = options["pack"].partition("*")
        units, multipack_of = int(count), singles[name].gtin
        deposit_minor = units * int(singles[name].options.get("dep", 0))
    aisle, bay = _place(line, department)
    english, italian, indonesian, romanian, filipino, spanish, french, german, arabic, chinese = line.names
    return Item(
        gtin=line.gtin,
        sku=options.get("sku", f"{department.prefix}-{line.place + 1:03d}"),
        plu=options.get("plu", ""),
        name=english,
        name_it=italian,
        name_id=indonesian,
        name_ro=romanian,
        name_fil=filipino,
        name_es=spanish,
        name_fr=french,
        name_de=german,
        name_ar=arabic,
        name_zh_hans=chinese,
        price_minor=line.price_minor,
        currency=CURRENCY,
        tax_class=options.get("tax", department.tax_class),
        sold_by="weight" if line.by_weight else "unit",
        age_limit=department.age_limit,
        deposit_minor=deposit_minor,
        multipack_of=multipack_of,
        multipack_units=units,
        department=line.department,
        aisle=aisle,
        bay=bay,
        shelf=_shelf(line),
        pictogram=line.pictogram,
        net_content=line.net[0],
        net_unit=line.net[1],
        label_prefix="" if label is None else f"2{label:06d}",
        season=_months(options.get("season", "")),
        aliases=" | ".join(line.aliases),
        opening_stock_milli=_opening_stock_milli(line),
    )


def _place(line: ShelfLine, department: Department) -> tuple[int, int]:
    """Aisle and bay: named in the list, or spread evenly so that neighbours in the list stay neighbours."""
    if "at" in line.options:
        aisle, _, bay = line.options["at"].partition(".")
        return int(aisle), int(bay)
    first, last = department.bays
    return department.aisle, first + line.place * (last - first + 1) // line.of


def _shelf(line: ShelfLine) -> int:
    """The board from the floor: named in the list, or spread; loose produce lies at the waist."""
    if "shelf" in line.options:
        return int(line.options["shelf"])
    return 3 if "plu" in line.options else 1 + (2 * line.place) % 5


def _months(span: str) -> str:
    """Every month of a span such as 11-2, one by one."""
    if not span:
        return ""
    first, last = map(int, span.split("-"))
    months = sorted((first - 1 + step) % 12 + 1 for step in range((last - first) % 12 + 1))
    return " ".join(map(str, months))


def _opening_stock_milli(line: ShelfLine) -> int:
    if "stock" in line.options:
        whole, _, part = line.options["stock"].partition(".")
        return int(whole) * 1000 + int(part.ljust(3, "0"))
    levels = WEIGHTS_G if line.by_weight else PIECES_MILLI
    return levels[(line.place + len(line.department)) % len(levels)]


def write(items: Iterable[Item], path: Path) -> None:
    """Write the rows to `path` as UTF-8, comma-separated, with CRLF (RFC 4180)."""
    columns = [column.name for column in fields(Item)]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow("name_zh-Hans" if column == "name_zh_hans" else column for column in columns)
        for item in items:
            cells = (getattr(item, column) for column in columns)
            writer.writerow("" if cell is None else cell for cell in cells)


def main() -> int:
    """Write the catalogue next to this script."""
    items = build([line for department in DEPARTMENTS for line in read_shelf(department)])
    write(items, HERE / "catalogue.csv")
    sys.stdout.write(f"{len(items)} items\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
