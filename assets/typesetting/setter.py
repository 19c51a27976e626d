"""Owns the setting of one line: its width and its picture, both from the same stamps in the same places.

It must not know screens, paper or colours: a picture is grey coverage. A stamp is one letter, or one word of
a script whose letters join; stamps are kept, because the same letters come back on every screen.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import ceil
from typing import TYPE_CHECKING, Final

from PIL import Image, ImageDraw

from assets.typesetting.bidi import fribidi, in_drawing_order, mirrored, reads_right_to_left
from assets.typesetting.clean import clean
from assets.typesetting.clusters import clusters
from assets.typesetting.faces import LATIN, Family, Weight, family_for, font, invisible

if TYPE_CHECKING:
    from PIL._imaging import ImagingCore

WIDEST_PX: Final = 8_192
"""No picture is wider: the least a graphics card promises for a texture, and more than any panel."""

# The line box of Noto Sans in em (its hhea table): other scripts are set on the same base line.
_ASCENT: Final = 1.069
_DESCENT: Final = 0.293
_BOX_WIDTH: Final = 0.62
_KERN_PX: Final = 1_000
_BOX_HEIGHT: Final = 0.714  # as high as a capital


@dataclass(frozen=True, slots=True)
class Style:
    """How a line is set. The language gives the base direction, and the shape of Han characters."""

    size_px: int
    weight: Weight
    language: str = "en"


@dataclass(frozen=True, slots=True)
class Stamp:
    """One inked piece: its coverage, where that stands from the pen on the base line, and the advance."""

    ink: ImagingCore | None
    left: int
    top: int
    width: int
    height: int
    advance: float


@dataclass(frozen=True, slots=True)
class Line:
    """A set line. `picture` reaches `overhang` px beyond `width` on both sides, and alike above and below."""

    picture: Image.Image
    width: int
    overhang: int


def measure(text: str, style: Style) -> int:
    """The width in px of the line that `set_line` draws."""
    placed = _placed(text, style)
    return ceil(placed[-1][2]) if placed else 0


def set_line(text: str, style: Style) -> Line:
    """One line as a picture (mode "L"): the base line stands at the same height whatever the scripts."""
    ascent, descent = line_box(style.size_px)
    placed = _placed(text, style)
    width = ceil(placed[-1][2]) if placed else 0
    overhang = tall = 0
    inked: list[tuple[ImagingCore, int, int, int, int]] = []
    for stamp, pen, _ in placed:
        if stamp.ink is not None and pen < WIDEST_PX:
            left, top = round(pen) + stamp.left, ascent + stamp.top
            right, bottom = left + stamp.width, top + stamp.height
            overhang = max(overhang, -left, right - width)
            tall = max(tall, -top, bottom - ascent - descent)
            inked.append((stamp.ink, left, top, right, bottom))
    size = (min(width + 2 * overhang, WIDEST_PX) or 1, ascent + descent + 2 * tall)
    picture = Image.new("L", size, 0)
    # The picture's core spares two thirds of the time that Image.paste takes for so small a stamp.
    paste = picture.im.paste
    for ink, left, top, right, bottom in inked:
        paste(255, (left + overhang, top + tall, right + overhang, bottom + tall), ink)
    return Line(picture, width, overhang)


def line_box(size_px: int) -> tuple[int, int]:
    """Pixels above and below the base line that every line keeps."""
    return ceil(size_px * _ASCENT), ceil(size_px * _DESCENT)


def _placed(text: str, style: Style) -> list[tuple[Stamp, float, float]]:
    """Every stamp from left to right, with the place of the pen before and after it."""
    case = _case(style.weight, style.size_px)
    placed: list[tuple[Stamp, float, float]] = []
    pen = 0.0
    line = clean(text).replace("\n", " ")
    for stretch in in_drawing_order(line, rtl=reads_right_to_left(style.language)):
        before = ""
        for piece, family in _pieces(stretch.text, style.language, rtl=stretch.rtl):
            if family is LATIN:
                stamp = case.letters.get(piece) or case.letter(piece)
                if before:
                    pair = before + piece
                    kern = case.kerns.get(pair)
                    pen += case.kern(pair) if kern is None else kern
                before = piece
            else:
                stamp = case.word(piece, family, style.language, rtl=stretch.rtl)
                before = ""
            after = pen + stamp.advance
            placed.append((stamp, pen, after))
            pen = after
    return placed


def _pieces(text: str, language: str, *, rtl: bool) -> Sequence[tuple[str, Family | None]]:
    if text.isascii() and not rtl:
        return [(letter, LATIN) for letter in text]
    return _joined(text, language, rtl=rtl)


@lru_cache(maxsize=2048)
def _joined(text: str, language: str, *, rtl: bool) -> tuple[tuple[str, Family | None], ...]:
    """Letters, and words of one joined face, in drawing order."""
    found: list[tuple[str, Family | None]] = []
    for cluster in clusters(text):
        if all(invisible(c) for c in cluster):
            continue
        family = family_for(cluster, language)
        if family is not None and family.shaped and found and found[-1][1] is family:
            found[-1] = (found[-1][0] + cluster, family)
        elif rtl and len(cluster) == 1:
            found.append((mirrored(cluster), family))
        else:
            found.append((cluster, family))
    return tuple(reversed(found) if rtl else found)


class _Case:
    """The type case of one weight and size: Latin letters and pairs are kept for good, words for a while."""

    def __init__(self, weight: Weight, size_px: int) -> None:
        self._weight = weight
        self._size_px = size_px
        self._shapes = fribidi() is not None
        self.letters: dict[str, Stamp] = {}
        self.kerns: dict[str, float] = {}
        self.word = lru_cache(maxsize=4096)(self._word)

    def letter(self, cluster: str) -> Stamp:
        self.letters[cluster] = stamp = self._stamp(cluster, LATIN)
        return stamp

    def kern(self, pair: str) -> float:
        """How much closer two Latin letters stand than their widths say."""
        self.kerns[pair] = kern = _kern_em(pair, self._weight) * self._size_px
        return kern

    def _word(self, piece: str, family: Family | None, language: str, *, rtl: bool) -> Stamp:
        if family is None:
            return _box(self._size_px)
        if self._shapes and (family.shaped or len(piece) > 1):
            return self._stamp(piece, family, direction="rtl" if rtl else "ltr", language=language)
        return self._stamp(piece, family)

    def _stamp(
        self, piece: str, family: Family, *, direction: str | None = None, language: str | None = None
    ) -> Stamp:
        face = font(family, self._weight, self._size_px)
        if face is None:
            return _box(self._size_px)
        advance = face.getlength(piece, direction=direction, language=language)
        ink, (left, top) = face.getmask2(piece, "L", direction=direction, language=language, anchor="ls")
        if not ink.getbbox():
            return Stamp(None, 0, 0, 0, 0, advance)
        width, height = ink.size
        return Stamp(ink, int(left), int(top), width, height, advance)


@lru_cache(maxsize=16_384)
def _kern_em(pair: str, weight: Weight) -> float:
    """Asked once for all sizes, at a size where hinting rounds nothing away. Figures stand in columns."""
    face = font(LATIN, weight, _KERN_PX)
    if face is None or fribidi() is None or not pair.isalpha():
        return 0.0
    together = face.getlength(pair, features=["-liga"]) / _KERN_PX
    return together - _advance_em(pair[:-1], weight) - _advance_em(pair[-1], weight)


@lru_cache(maxsize=4_096)
def _advance_em(letter: str, weight: Weight) -> float:
    face = font(LATIN, weight, _KERN_PX)
    return face.getlength(letter) / _KERN_PX if face else 0.0


@lru_cache(maxsize=64)
def _case(weight: Weight, size_px: int) -> _Case:
    return _Case(weight, size_px)


@lru_cache(maxsize=64)
def _box(size_px: int) -> Stamp:
    """What stands for a character no face has: an empty frame, as high as a capital."""
    width, height = round(size_px * (_BOX_WIDTH - 0.12)), round(size_px * _BOX_HEIGHT)
    stroke = max(1, round(size_px * 0.06))
    ink = Image.new("L", (width, height), 0)
    ImageDraw.Draw(ink).rectangle((0, 0, width - 1, height - 1), outline=255, width=stroke)
    return Stamp(ink.im, round(size_px * 0.06), -height, width, height, size_px * _BOX_WIDTH)
