"""Owns the faces of the lane: which one draws a cluster in a language, and what each of them covers.

It must not know order, widths or pictures. A Han character is drawn as the reader's language writes it.
"""

from __future__ import annotations

import re
import struct
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from pathlib import Path
from typing import Final

from PIL import ImageFont

from assets import ROOT

FONTS: Final = ROOT / "fonts"


class Weight(Enum):
    """The cuts of the Latin face; other scripts have no semibold and take bold, signs are regular."""

    REGULAR = "Regular"
    SEMIBOLD = "SemiBold"
    BOLD = "Bold"


@dataclass(frozen=True, slots=True)
class Family:
    """One script's face. `shaped`: its letters change with their neighbours, so they are set word by word."""

    stem: str
    suffix: str = "ttf"
    shaped: bool = False
    cuts: tuple[Weight, ...] = (Weight.REGULAR, Weight.BOLD)

    def path(self, weight: Weight, folder: Path = FONTS) -> Path:
        cut = weight if weight in self.cuts else self.cuts[-1]
        return folder / f"{self.stem}-{cut.value}.{self.suffix}"


LATIN: Final = Family("NotoSans", cuts=tuple(Weight))
"""Latin, Greek, Cyrillic, figures, signs: tried first, so that a price looks the same in every script."""
CHINESE: Final = Family("NotoSansSC", "otf")
JAPANESE: Final = Family("NotoSansJP", "otf")
KOREAN: Final = Family("NotoSansKR", "otf")
_SCRIPTS: Final = (
    Family("NotoSansArabic", shaped=True),
    Family("NotoSansHebrew"),
    Family("NotoSansDevanagari", shaped=True),
    Family("NotoSansBengali", shaped=True),
    Family("NotoSansThai", shaped=True),
    Family("NotoSansSymbols", cuts=(Weight.REGULAR,)),
    Family("NotoSansSymbols2", cuts=(Weight.REGULAR,)),
)
FAMILIES: Final = (LATIN, *_SCRIPTS, CHINESE, JAPANESE, KOREAN)

_ONLY_KANA: Final = re.compile("[\u3040-\u30ff\uff65-\uff9f]")
_IGNORED: Final = frozenset({"Cf", "Cc"})


def invisible(character: str) -> bool:
    """Whether a character steers the text and is never seen itself: joiners, direction marks, soft breaks."""
    return unicodedata.category(character) in _IGNORED


@lru_cache(maxsize=8192)
def family_for(cluster: str, language: str) -> Family | None:
    """The family that can draw all of a cluster; None where no face can."""
    wanted = [ord(c) for c in cluster if not invisible(c)]
    for family in (LATIN, *_SCRIPTS, *_east_asian(cluster, language)):
        if all(point in covered(family) for point in wanted):
            return family
    return None


def _east_asian(cluster: str, language: str) -> tuple[Family, ...]:
    match language.split("-", maxsplit=1)[0]:
        case "ja":
            return JAPANESE, CHINESE, KOREAN
        case "ko":
            return KOREAN, JAPANESE, CHINESE
        case "zh":
            return CHINESE, JAPANESE, KOREAN
        case _:
            first = JAPANESE if _ONLY_KANA.match(cluster) else CHINESE
            return first, *(f for f in (CHINESE, JAPANESE, KOREAN) if f is not first)


@lru_cache(maxsize=len(FAMILIES))
def covered(family: Family) -> frozenset[int]:
    """Every code point the family has a glyph for; all its weights have the same."""
    try:
        return frozenset(_mapped(family.path(Weight.REGULAR).read_bytes()))
    except OSError:
        return frozenset()  # a face that is gone: its letters become boxes


def missing_files() -> list[str]:
    """The names of the faces that are not where they should be."""
    paths = (family.path(weight) for family in FAMILIES for weight in Weight)
    return sorted({path.name for path in paths if not path.is_file()})


@lru_cache(maxsize=256)
def font(family: Family, weight: Weight, size_px: int) -> ImageFont.FreeTypeFont | None:
    """The face at a size, or None where its file cannot be read."""
    try:
        return ImageFont.truetype(family.path(weight), size_px)
    except OSError:
        return None


def _mapped(file: bytes) -> Iterator[int]:
    """The code points of the Unicode subtable of `cmap` (OpenType 1.9, cmap formats 4 and 12)."""
    tables = struct.unpack_from(">H", file, 4)[0]
    offsets = {
        file[at : at + 4]: struct.unpack_from(">I", file, at + 8)[0] for at in range(12, 12 + 16 * tables, 16)
    }
    cmap = offsets[b"cmap"]
    records = struct.unpack_from(">H", file, cmap + 2)[0]
    subtables = [cmap + struct.unpack_from(">I", file, cmap + 8 + 8 * n)[0] for n in range(records)]
    formats = {struct.unpack_from(">H", file, at)[0]: at for at in subtables}
    if 12 in formats:
        yield from _format_12(file, formats[12])
    else:
        yield from _format_4(file, formats[4])


def _format_12(file: bytes, at: int) -> Iterator[int]:
    groups = struct.unpack_from(">I", file, at + 12)[0]
    for number in range(groups):
        first, last, _ = struct.unpack_from(">III", file, at + 16 + 12 * number)
        yield from range(first, last + 1)


def _format_4(file: bytes, at: int) -> Iterator[int]:
    count = struct.unpack_from(">H", file, at + 6)[0] // 2
    ends = struct.unpack_from(f">{count}H", file, at + 14)
    starts = struct.unpack_from(f">{count}H", file, at + 16 + 2 * count)
    for first, last in zip(starts, ends, strict=True):
        yield from range(first, min(last, 0xFFFE) + 1)
