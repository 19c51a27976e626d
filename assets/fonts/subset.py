"""The three text faces of the lane: cuts Noto Sans down to what the screens print.

It must not know any screen, phrase or language: the character set below is the whole contract.

Run it in an environment that has fontTools (it is no dependency of the product)::

    python assets/fonts/subset.py /usr/share/fonts/truetype/noto

The source folder holds the static hinted faces ``NotoSans-{Regular,SemiBold,Bold}.ttf``; Debian has two
of them in ``fonts-noto-core`` and SemiBold in ``fonts-noto-extra``. Noto Sans is licensed under the SIL Open
Font License 1.1, see ``OFL.txt``; the licence reserves no font name, so the cut faces keep theirs.

Two things are changed on purpose. Direction marks (U+200E, U+200F) and their kin are emptied: the original
draws them as dashed boxes, and money formatted for some languages contains them. The minus sign (U+2212),
absent from the original, is the bar of the plus sign: refunds and discounts are printed with it.
"""

import importlib
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

WEIGHTS = ("Regular", "SemiBold", "Bold")

# Inclusive ranges of code points.
RANGES = (
    (0x0020, 0x007E),  # Basic Latin
    (0x00A0, 0x00FF),  # Latin-1: ½ ¼ ¾ · × and the no-break space
    (0x0100, 0x024F),  # Latin Extended-A and -B: ș ț ğ ł ő
    (0x02C6, 0x02DD),  # spacing accents
    (0x0300, 0x0328),  # combining accents, for text that arrives decomposed
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
FEATURES = (
    "ccmp", "locl", "mark", "mkmk", "kern", "liga", "tnum", "lnum", "pnum",
    "frac", "numr", "dnom", "sups", "subs", "case", "zero",
)  # fmt: skip
# Characters that steer the text and must never leave a mark: zero width, no outline.
INVISIBLE = (*range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2070))
MINUS = 0x2212
LIMIT_BYTES = 150_000


def code_points() -> list[int]:
    """Every code point the cut face should hold if the source has it."""
    return [point for first, last in RANGES for point in range(first, last + 1)]


def cut(source: Path, target: Path) -> int:
    """Write the subset of `source` to `target` and return its size in bytes.

    fontTools is found at run time: the product is installed, and type-checked, without it.
    """
    subset: Any = importlib.import_module("fontTools.subset")
    options = subset.Options()
    options.layout_features = list(FEATURES)
    options.notdef_outline = True
    options.recalc_timestamp = False  # the same source gives the same bytes
    options.name_IDs = ["*"]
    font = subset.load_font(str(source), options)
    worker = subset.Subsetter(options)
    worker.populate(unicodes=code_points())
    worker.subset(font)
    empty_invisible(font)
    if MINUS not in font.getBestCmap():
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
    """Cut the three faces from the folder named on the command line."""
    if len(arguments) != 1:
        sys.stderr.write("usage: subset.py SOURCE_FOLDER\n")
        return 2
    for weight in WEIGHTS:
        name = f"NotoSans-{weight}.ttf"
        size_bytes = cut(Path(arguments[0]) / name, Path(__file__).with_name(name))
        sys.stdout.write(f"{name} {size_bytes} bytes\n")
        if size_bytes > LIMIT_BYTES:
            sys.stderr.write(f"{name} is larger than {LIMIT_BYTES} bytes\n")
            return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
