"""The text faces of the lane: cuts Noto Sans, script by script, down to what a shop's screens print.

It must not know any screen, phrase or language: the character sets below are the whole contract.

Run it in an environment that has fontTools (it is no dependency of the product)::

    python assets/fonts/subset.py /usr/share/fonts

The folder is searched for the faces by name; Debian has them in ``fonts-noto-core`` (regular and bold),
``fonts-noto-extra`` (semibold) and ``fonts-noto-cjk``. All are licensed under the SIL Open Font License 1.1,
see ``OFL.txt``; the licences reserve no name used here, so the cut faces keep theirs.

Two things are changed on purpose. Direction marks (U+200E, U+200F) and their kin are emptied: the original
draws them as dashed boxes, and money formatted for some languages contains them. The minus sign (U+2212),
absent from the original, is the bar of the plus sign: refunds and discounts are printed with it.
"""

import importlib
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

# Inclusive ranges of code points.
LATIN = (
    (0x0020, 0x007E),  # Basic Latin
    (0x00A0, 0x00FF),  # Latin-1: ½ ¼ ¾ · × and the no-break space
    (0x0100, 0x024F),  # Latin Extended-A and -B: ș ț ğ ł ő
    (0x02C6, 0x02DD),  # spacing accents
    (0x0300, 0x0328),  # combining accents, for text that arrives decomposed
    (0x0384, 0x03CE),  # Greek, monotonic
    (0x0400, 0x045F),  # Cyrillic: Russian, Ukrainian, Bulgarian, Serbian
    (0x0490, 0x0491),  # Ukrainian ґ
    (0x1E80, 0x1E85),  # Welsh w with accents
    (0x1E9E, 0x1E9E),  # capital sharp s
    (0x1EA0, 0x1EF9),  # Vietnamese
    (0x2000, 0x206F),  # general punctuation, spaces and direction marks
    (0x2070, 0x209C),  # superscripts and subscripts
    (0x20A0, 0x20BF),  # currency signs: € ₱ ₹ ₺ ₫ ₽ ₴
    (0x2116, 0x2116),  # №
    (0x2122, 0x2122),  # ™
    (0x2150, 0x215F),  # fractions
    (0x2190, 0x2193),  # arrows, where the face has them
    (0x2212, 0x2212),  # minus
    (0x2713, 0x2715),  # tick and cross, where the face has them
    (0xFB00, 0xFB02),  # ff fi fl
)
LATIN_FEATURES = (
    "ccmp", "locl", "mark", "mkmk", "kern", "liga", "tnum", "lnum", "pnum",
    "frac", "numr", "dnom", "sups", "subs", "case", "zero",
)  # fmt: skip
JOINERS = ((0x0020, 0x0020), (0x00A0, 0x00A0), (0x200B, 0x200F), (0x25CC, 0x25CC))
"""In every face: the spaces and joiners that stand inside words, and the circle a lone vowel sign sits on."""
SCRIPTS: dict[str, tuple[tuple[int, int], ...]] = {
    "Arabic": ((0x0600, 0x06FF), (0x0750, 0x077F)),  # Arabic, Persian, Urdu, Pashto, Kurdish
    "Hebrew": ((0x05B0, 0x05F4),),
    "Devanagari": ((0x0900, 0x097F),),
    "Bengali": ((0x0964, 0x0965), (0x0980, 0x09FE)),
    "Thai": ((0x0E01, 0x0E5B),),
}
CJK_PLAIN = ((0x0020, 0x007E), (0x3000, 0x303F), (0xFF01, 0xFF9F), (0xFFE0, 0xFFE6))
"""Latin for the face's own sake, CJK punctuation, full-width and half-width forms."""
KANA = ((0x3041, 0x30FF),)
JAMO = ((0x3131, 0x318E),)
JOYO_OUTSIDE_JIS_X_0208 = "塡剝頰𠮟"
"""The four characters of the jōyō list of 2010 that JIS X 0208 lacks."""
SCRIPT_FEATURES = ("*",)
ARROWS = "←↑→↓↔↕"
SIGNS = "✓✔✕✖✗★☆♿▲▼◄►◀▶●○■□⏳⌛☰⚠♥⌫⏎☎⏸⏵"
"""Signs that stand inside texts, such as the names of the tactile keys; icons are pictures, not letters."""

# Characters that steer the text and must never leave a mark: zero width, no outline.
INVISIBLE = (*range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2070))
MINUS = 0x2212
LIMIT_BYTES = 12_000_000
"""All faces together."""


@dataclass(frozen=True)
class Cut:
    """One face to write: from which file (and which face of a collection), and what it keeps."""

    target: str
    source: str
    points: frozenset[int]
    features: tuple[str, ...] = ()
    number: int = 0


def points_in(*ranges: tuple[int, int]) -> frozenset[int]:
    """Every code point of the ranges."""
    return frozenset(point for first, last in ranges for point in range(first, last + 1))


def charset(codec: str, rows: Iterable[int]) -> frozenset[int]:
    """What a 94 × 94 character set holds in the given rows, read through Python's EUC codec of it."""
    found = set()
    for row in rows:
        for cell in range(1, 95):
            try:
                found.add(ord(bytes((0xA0 + row, 0xA0 + cell)).decode(codec)))
            except UnicodeDecodeError:
                continue
    return frozenset(found)


def cuts() -> Iterator[Cut]:
    """Every face the lane carries."""
    for weight in ("Regular", "SemiBold", "Bold"):
        name = f"NotoSans-{weight}.ttf"
        yield Cut(name, name, points_in(*LATIN), LATIN_FEATURES)
    for script, ranges in SCRIPTS.items():
        for weight in ("Regular", "Bold"):
            name = f"NotoSans{script}-{weight}.ttf"
            yield Cut(name, name, points_in(*ranges, *JOINERS), SCRIPT_FEATURES)
    for source, signs in (("NotoSansSymbols", ARROWS), ("NotoSansSymbols2", SIGNS)):
        yield Cut(f"{source}-Regular.ttf", f"{source}-Regular.ttf", frozenset(map(ord, signs)))
    plain = points_in(*CJK_PLAIN)
    chinese = charset("gb2312", range(16, 88))  # GB 2312, both levels
    japanese = charset("euc_jp", range(16, 85)) | points_in(*KANA)  # JIS X 0208, both levels
    japanese |= frozenset(map(ord, JOYO_OUTSIDE_JIS_X_0208))
    korean = charset("euc_kr", range(16, 41)) | points_in(*JAMO)  # KS X 1001, the syllables
    for weight in ("Regular", "Bold"):
        source = f"NotoSansCJK-{weight}.ttc"
        yield Cut(f"NotoSansSC-{weight}.otf", source, plain | chinese, number=2)
        yield Cut(f"NotoSansJP-{weight}.otf", source, plain | japanese, number=0)
        yield Cut(f"NotoSansKR-{weight}.otf", source, plain | korean, number=1)


def write(cut: Cut, folder: Path, target: Path) -> int:
    """Write one face, found anywhere under `folder`, to `target` and return its size in bytes.

    fontTools is found at run time: the product is installed, and type-checked, without it.
    """
    subset: Any = importlib.import_module("fontTools.subset")
    options = subset.Options()
    options.layout_features = list(cut.features)
    options.notdef_outline = True
    options.recalc_timestamp = False  # the same source gives the same bytes
    options.name_IDs = ["*"] if target.suffix == ".ttf" else [0, 1, 2, 4, 5, 6, 13, 14]
    options.font_number = cut.number
    options.hinting = target.suffix == ".ttf"  # outlines of Han characters are drawn well without, and halve
    options.drop_tables += ["vhea", "vmtx", "VORG", "BASE"]  # for vertical lines, which no screen has
    (source,) = folder.rglob(cut.source)
    font = subset.load_font(str(source), options)
    worker = subset.Subsetter(options)
    worker.populate(unicodes=cut.points)
    worker.subset(font)
    if "glyf" in font:
        empty_invisible(font)
        if MINUS in cut.points and MINUS not in font.getBestCmap():
            add_minus(font)
    font.save(str(target))
    return target.stat().st_size


def empty_invisible(font: Any) -> None:
    """Take outline and width from the control characters the face has."""
    glyph_module: Any = importlib.import_module("fontTools.ttLib.tables._g_l_y_f")
    names = font.getBestCmap()
    for point in INVISIBLE:
        if point in names:
            font["glyf"][names[point]] = glyph_module.Glyph()
            font["hmtx"][names[point]] = (0, 0)


def add_minus(font: Any) -> None:
    """Add U+2212 with the width and the bar of the plus sign, so sums line up."""
    pens: Any = importlib.import_module("fontTools.pens.ttGlyphPen")
    plus = font.getBestCmap()[ord("+")]
    outline = font["glyf"][plus]
    heights = sorted({y for _, y in outline.coordinates})
    low, high = heights[1], heights[2]  # a plus has four levels; the bar lies between the middle two
    pen = pens.TTGlyphPen(None)
    pen.moveTo((outline.xMin, low))
    for corner in ((outline.xMin, high), (outline.xMax, high), (outline.xMax, low)):
        pen.lineTo(corner)
    pen.closePath()
    font.setGlyphOrder([*font.getGlyphOrder(), "minus"])
    minus = pen.glyph()
    font["glyf"]["minus"] = minus
    minus.recalcBounds(font["glyf"])
    font["hmtx"]["minus"] = font["hmtx"][plus]
    for table in font["cmap"].tables:
        if table.isUnicode():
            table.cmap[MINUS] = "minus"


def main(arguments: Sequence[str]) -> int:
    """Cut every face from the folder named on the command line, or only those whose names follow it."""
    if not arguments:
        sys.stderr.write("usage: subset.py SOURCE_FOLDER [FACE...]\n")
        return 2
    folder, *only = arguments
    total_bytes = 0
    for cut in cuts():
        target = Path(__file__).with_name(cut.target)
        size_bytes = (
            target.stat().st_size if only and cut.target not in only else write(cut, Path(folder), target)
        )
        total_bytes += size_bytes
        sys.stdout.write(f"{cut.target} {size_bytes} bytes\n")
    if total_bytes > LIMIT_BYTES:
        sys.stderr.write(f"the faces take {total_bytes} bytes, more than {LIMIT_BYTES}\n")
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
