"""What a reader finds wrong with a row: English for a log, and in the page's language for people."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inventory.domain.stock import Reason
from inventory.formats.detect import open_reading
from inventory.formats.entries import LeftOut, RowError, StockLine
from inventory.formats.said import Said, read_said, said, written
from inventory.intake.staged import StagedFile
from inventory.web.import_views import fault_line, in_words, left_out_line
from inventory.web.texts import texts_for
from tests.support import goods_files as files
from tests.support.goods_files import EURO, SOAP


@given(st.text(), st.text())
def test_a_sentence_comes_back_as_it_was_written_whatever_its_values_hold(cell: str, plain: str) -> None:
    sentence = said("“{cell}” is not an amount.", cell=cell)
    again = read_said(written(sentence))
    assert (again, again.text, again.values) == (sentence, sentence.text, {"cell": cell})
    assert read_said(written(plain)) == plain


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("en", "“1,2” has too many decimals."),
        ("it", "“1,2” ha troppi decimali."),
        ("ar", "في «\u20681,2\u2069» منازل عشرية كثيرة."),
        ("xx", "“1,2” has too many decimals."),
    ],
)
def test_a_fault_is_said_in_the_language_of_the_page(language: str, expected: str) -> None:
    texts = texts_for(language)
    fault = RowError(7, "price", said("“{cell}” has too many decimals.", cell="1,2"))
    assert fault_line(fault, texts) == RowError(7, "price", expected)
    assert left_out_line(LeftOut(7, fault.problem), texts).reason == expected


def test_values_that_hold_braces_stay_what_they_are() -> None:
    sentence = said("“{cell}” is not an amount.", cell="{cell.__class__} {0}")
    assert in_words(sentence, texts_for("de")) == "„{cell.__class__} {0}“ ist kein Betrag."
    assert in_words("plain {words}", texts_for("de")) == "plain {words}"


def test_faults_that_wait_in_the_staging_file_keep_their_texts(tmp_path: Path) -> None:
    staged = StagedFile(tmp_path / "s")
    staged.index()
    counted = [StockLine(line_no, SOAP, Reason.COUNT, 1000, f"c:{line_no}", None) for line_no in (2, 3)]
    staged.add(
        [*counted, RowError(4, "price", said("there is no price.")), LeftOut(5, said("it has no name"))]
    )
    staged.add_twice()
    twice, price = list(staged.faults())
    assert str(twice) == f"Line 3, gtin: {SOAP} is counted on line 2 and on line 3."
    assert in_words(twice.problem, texts_for("fr")) == f"{SOAP} est compté à la ligne 2 et à la ligne 3."
    assert in_words(price.problem, texts_for("fr")) == "il n’y a pas de prix."
    assert [in_words(row.reason, texts_for("es")) for row in staged.left_out()] == ["no tiene nombre"]
    staged.close()


@pytest.mark.parametrize(
    "raw",
    [
        *(files.PRICAT, files.INVRPT, files.EPCIS, files.SHOPIFY_OLDER, files.SHOPIFY_CURRENT, files.SQUARE),
        *(files.LOYVERSE, files.ODOO, files.OPEN_FOOD_FACTS),
    ],
)
def test_readers_say_what_is_wrong_so_that_it_can_be_translated(raw: str) -> None:
    for line in open_reading(io.BytesIO(raw.encode()), EURO).lines:
        match line:
            case RowError(_, _, sentence) | LeftOut(_, sentence):
                assert isinstance(sentence, Said)
