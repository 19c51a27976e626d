"""Owns the golden sheets: one picture a language, looked at by a person once and kept from then on.

`pytest tests/golden --accept` writes them anew; look at what changed before committing it.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image, ImageChops

from assets.typesetting.bidi import reads_right_to_left
from assets.typesetting.faces import Weight
from assets.typesetting.setter import Style, set_line
from tests.golden.strings import SHEETS

FOLDER = Path(__file__).parent / "text"
SIZE_PX = 36
ROW_PX = 68
WIDTH_PX = 760
MARGIN_PX = 12
SEEN = 96
"""A dot counts as another one when it is this much lighter or darker, of 255."""
MOST_OTHER = 0.02
"""The share of a line's ink that may differ: another build of the rasteriser moves edges, never letters."""


def row_of(text: str, language: str, weight: Weight) -> Image.Image:
    """One string as a row of the sheet, black on white, at the side where its language begins."""
    line = set_line(text, Style(SIZE_PX, weight, language))
    row = Image.new("L", (WIDTH_PX, ROW_PX), 0)
    left = WIDTH_PX - MARGIN_PX - line.width if reads_right_to_left(language) else MARGIN_PX
    row.paste(line.picture, (left - line.overhang, (ROW_PX - line.picture.height) // 2))
    return ImageChops.invert(row)


def sheet_of(language: str) -> Image.Image:
    rows = [
        row_of(text, language, Weight.BOLD if number % 4 == 3 else Weight.REGULAR)
        for number, text in enumerate(SHEETS[language])
    ]
    sheet = Image.new("L", (WIDTH_PX, ROW_PX * len(rows)))
    for number, row in enumerate(rows):
        sheet.paste(row, (0, ROW_PX * number))
    return sheet


def other_share(row: Image.Image, golden: Image.Image) -> float:
    """How much of a row is drawn otherwise, as a share of its ink."""
    ink = sum(row.point([1] * 128 + [0] * 128).tobytes())
    other = ImageChops.difference(row, golden).point([0] * SEEN + [1] * (256 - SEEN))
    return sum(other.tobytes()) / max(ink, 1)


def rows_of(sheet: Image.Image) -> list[Image.Image]:
    return [sheet.crop((0, top, WIDTH_PX, top + ROW_PX)) for top in range(0, sheet.height, ROW_PX)]


@pytest.mark.parametrize("language", sorted(SHEETS))
def test_every_string_is_drawn_as_it_was_approved(language: str, accept: bool) -> None:
    sheet, path = sheet_of(language), FOLDER / f"{language}.png"
    if accept:
        FOLDER.mkdir(exist_ok=True)
        sheet.quantize(16).save(path, optimize=True)
    with Image.open(path) as kept:
        golden = kept.convert("L")
    assert golden.size == sheet.size
    others = zip(SHEETS[language], rows_of(sheet), rows_of(golden), strict=True)
    assert [text for text, row, old in others if other_share(row, old) > MOST_OTHER] == []


def test_nine_languages_have_twenty_strings_each_with_figures_in_them() -> None:
    assert set(SHEETS) == {"ar", "he", "fa", "hi", "th", "zh-Hans", "ja", "ko", "ro"}
    for language, strings in SHEETS.items():
        assert len(set(strings)) >= 20, language
        assert sum(any(c.isdigit() for c in text) for text in strings) >= 12, language


@pytest.mark.parametrize(
    ("language", "right", "wrong"),
    [
        ("ar", "المبلغ 500 دينار", "المبلغ 005 دينار"),
        ("ar", "الإجمالي 3.40 €", "الإجمالي 04.3 €"),
        ("ar", "السعر ٣٫٤٠", "السعر ٠٤٫٣"),
        ("he", "Cola פחית 330", "330 פחית Cola"),
        ("hi", "क्षत्रिय 100", "क\u200cषत्रिय 100"),
        ("ja", "直 100", "真 100"),
    ],
)
def test_the_comparison_sees_one_turned_figure(language: str, right: str, wrong: str) -> None:
    rows = [row_of(text, language, Weight.REGULAR) for text in (right, wrong)]
    assert other_share(rows[0], rows[1]) > MOST_OTHER


@pytest.mark.parametrize("language", sorted(SHEETS))
def test_no_string_of_a_sheet_is_cut_or_boxed(language: str) -> None:
    box = set_line("\ue000", Style(SIZE_PX, Weight.REGULAR, language)).picture.tobytes()
    for text in SHEETS[language]:
        line = set_line(text, Style(SIZE_PX, Weight.BOLD, language))
        assert line.width < WIDTH_PX - 2 * MARGIN_PX
        assert line.picture.height <= ROW_PX
        for character in text:
            assert set_line(character, Style(SIZE_PX, Weight.REGULAR, language)).picture.tobytes() != box
