"""Owns the proof that a receipt document reaches paper as it reads, and nothing in it acts as a command."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageChops

from hardware.drivers.receipt_renderer import COLUMNS, defuse, draw_line, render
from hardware.receipt import (
    Align,
    Columns,
    Cut,
    Feed,
    Qr,
    ReceiptDocument,
    ReceiptLine,
    Rule,
    Text,
    Verbatim,
)
from hardware.receipt_text import clip, fit, page_for, safe_text, spell_unknown, width_of
from hardware.simulators.receipt_paper import read_text
from tests.support.escpos_view import View, view_job


def view(*lines: ReceiptLine, language: str = "en", graphics: bool = False) -> View:
    return view_job(render(ReceiptDocument(lines), language=language, graphics=graphics))


def ink_of(picture: Image.Image) -> tuple[int, int]:
    """The first and the last column with a black dot."""
    box = ImageChops.invert(picture.convert("L")).getbbox()
    assert box is not None
    return box[0], box[2]


def test_a_whole_receipt_reads_back_as_it_was_written() -> None:
    seen = view(
        Text("Lanelight", Align.CENTER, bold=True, double=True),
        Rule(),
        Columns("Caffè 250 g", "3,49 €"),
        Columns("Total", "3,49 €", bold=True),
        Qr("https://store.example/r/1A2B"),
        Text("Grazie", Align.RIGHT),
        Feed(3),
        Cut(),
        language="it",
    )
    assert seen.lines == [
        "Lanelight",
        "-" * COLUMNS,
        "Caffè 250 g" + " " * 25 + "3,49 €",
        "Total" + " " * 31 + "3,49 €",
        "Grazie",
    ]
    assert seen.styles == [
        (1, True, True),
        (0, False, False),
        (0, False, False),
        (0, True, False),
        (2, False, False),
    ]
    assert (seen.qr_codes, seen.fed_lines, seen.cuts, seen.drawer_kicks) == (
        ["https://store.example/r/1A2B"],
        3,
        1,
        0,
    )


@pytest.mark.parametrize(
    ("language", "text", "printed"),
    [
        ("it", "Perché € 5", "Perché € 5"),
        ("de", "Süßmost – groß", "Süßmost - groß"),
        ("ro", "Brânză țărănească și șuncă", "Brânză ţărănească şi şuncă"),
        ("ro", "5 € reducere", "5 € reducere"),
        ("pl", "Żółta gęś", "Żółta gęś"),
        ("tr", "Çığ şeker", "Çığ şeker"),
        ("el", "Γάλα φρέσκο", "Γάλα φρέσκο"),
        ("ru", "Молоко", "Молоко"),
        ("fil", "₱12.00 d’oro", "PHP 12.00 d'oro"),
        ("fr-CH", "1\u202f000\u00a0CHF\u200f", "1 000 CHF"),
        ("en", "tab\tnew\nline", "tab new line"),
        ("en", "cafe\u0301", "café"),
    ],
)
def test_each_language_prints_its_own_letters_as_text(language: str, text: str, printed: str) -> None:
    seen = view(Text(text), language=language)
    assert (seen.lines, seen.pictures) == ([printed], [])


@pytest.mark.parametrize(("language", "text"), [("en", "Żółty"), ("tr", "₺5"), ("pl", "Tiếng Việt")])
def test_letters_no_code_page_has_are_drawn_as_a_picture(language: str, text: str) -> None:
    seen = view(Text(text), language=language, graphics=True)
    assert seen.lines == []
    (picture,) = seen.pictures
    assert picture.width == 504
    assert picture.convert("L").getextrema() == (0, 255), "black on white"
    (marks,) = view(Text("北" * len(text)), language=language, graphics=True).pictures
    assert picture.tobytes() != marks.tobytes(), "letters, not question marks"


def test_another_machine_s_line_keeps_its_blanks_and_goes_on_below_where_it_is_too_long() -> None:
    seen = view(Text("bold", bold=True), Verbatim("  EUR    1,29"), Verbatim(""), Verbatim("0123456789" * 5))
    assert seen.lines == ["bold", "  EUR    1,29", "", ("0123456789" * 5)[:COLUMNS], "23456789"]
    assert set(seen.styles[1:]) == {(0, False, False)}


@given(st.text(max_size=200))
def test_no_slip_leaves_the_allowed_commands_and_all_of_it_is_said(text: str) -> None:
    seen = view(Verbatim(text))
    assert seen.drawer_kicks == seen.cuts == seen.realtime_commands == 0
    assert "".join(seen.lines) == spell_unknown(safe_text(text), "en")


def test_a_drawn_line_keeps_its_sides() -> None:
    seen = view(Columns("Żółty", "1.20"), language="en", graphics=True)
    (picture,) = seen.pictures
    for part in ((0, 0, 60, 32), (450, 0, 504, 32)):
        assert 0 in picture.crop(part).convert("L").tobytes()
    assert 0 not in picture.crop((200, 0, 400, 32)).convert("L").tobytes()


@pytest.mark.parametrize(
    ("language", "name"),
    [("ar", "حليب كامل"), ("he", "חלב טרי"), ("fa", "شیر تازه"), ("ur", "تازہ دودھ")],
)
def test_a_line_of_a_right_to_left_language_begins_at_the_right(language: str, name: str) -> None:
    (first, last) = ink_of(view(Text(name), language=language, graphics=True).pictures[0])
    assert first > 300
    assert last > 495
    (picture,) = view(Columns(name, "12.50"), language=language, graphics=True).pictures
    amount = draw_line([("12.50", Align.LEFT)], language=language)
    width = ink_of(amount)[1]
    assert _dots(picture, 0, width) == _dots(amount, 0, width)
    assert ink_of(picture.crop((width + 1, 0, 504, picture.height)))[0] > 200


def _dots(picture: Image.Image, left: int, right: int) -> bytes:
    """The columns of one line of paper; a taller line has it in its middle."""
    top = (picture.height - 32) // 2
    return picture.crop((left, top, right, top + 32)).tobytes()


def test_a_line_of_figures_begins_on_the_same_side_as_the_letters_of_its_language() -> None:
    lines = (Columns("2 × 1.29", "12.50"), Columns("  2 × 1.29", "12.50"), Text("A-17"), Rule())
    seen = view(*lines, language="ar", graphics=True)
    plain, indented, text = seen.pictures
    assert ink_of(plain)[0] < 4
    assert ink_of(text)[0] > 400
    assert ink_of(plain)[1] > ink_of(indented)[1] + 8, "the indent is where the line begins"
    assert seen.lines == ["-" * COLUMNS]


def test_without_graphics_a_right_to_left_line_still_changes_sides() -> None:
    seen = view(Text("2026-11-27"), Columns("A-17", "12.50"), language="ar")
    assert seen.lines == ["2026-11-27", "12.50" + " " * 33 + "A-17"]
    assert [style[0] for style in seen.styles] == [2, 0]


def test_a_centred_line_of_figures_stays_in_the_printer_s_letters() -> None:
    assert view(Text("2026-11-27", Align.CENTER), language="he", graphics=True).lines == ["2026-11-27"]


@pytest.mark.parametrize(
    ("language", "name"),
    [("hi", "ताज़ा दूध"), ("th", "นมสดน้ำผึ้ง"), ("zh-Hans", "全脂牛奶"), ("ja", "牛乳"), ("ko", "우유")],
)
def test_a_line_of_another_script_is_set_whole_and_keeps_its_amount(language: str, name: str) -> None:
    (picture,) = view(Columns(name, "12.50"), language=language, graphics=True).pictures
    assert ink_of(picture)[0] < 8
    assert ink_of(picture)[1] > 495
    assert picture.width == 504


def test_a_name_too_long_for_the_paper_gives_way_to_its_amount() -> None:
    (picture,) = view(Columns("حليب " * 400, "12.50"), language="ar", graphics=True).pictures
    amount = draw_line([("12.50", Align.LEFT)], language="ar")
    width = ink_of(amount)[1]
    assert _dots(picture, 0, width) == _dots(amount, 0, width)
    assert ink_of(picture.crop((width + 1, 0, 504, picture.height)))[0] > 8


def test_a_bold_line_is_drawn_bold() -> None:
    plain, bold = (draw_line([("שלום", Align.LEFT)], language="he", bold=bold) for bold in (False, True))
    assert sum(bold.convert("L").tobytes()) < sum(plain.convert("L").tobytes())


def test_a_double_line_is_drawn_twice_as_high() -> None:
    (picture,) = view(Text("Żółty", double=True), graphics=True).pictures
    assert picture.height == 64


def test_without_graphics_unknown_letters_become_question_marks_in_place() -> None:
    assert view(Columns("北京 tea", "5 €")).lines == ["???? tea" + " " * 31 + "5 €"]


def test_what_no_face_has_is_drawn_as_a_box() -> None:
    one, other = (draw_line([(text, Align.LEFT)], language="en") for text in ("🍎", "\ue000"))
    assert one.tobytes() == other.tobytes()
    assert ink_of(one)[0] < 4


@pytest.mark.parametrize(
    "attack", ["\x1bp\x00\x19\xfa", "\x1b@", "\x1dV\x00", "\x10\x14\x01\x00\x01", "\x9b31m", "\x1c."]
)
def test_a_name_cannot_open_the_drawer_reset_or_cut(attack: str) -> None:
    seen = view(Text(f"Milk{attack}!"), Columns(attack, attack))
    assert (seen.drawer_kicks, seen.cuts, seen.realtime_commands) == (0, 0, 0)


@settings(deadline=None)
@given(
    st.text(max_size=80),
    st.text(max_size=30),
    st.sampled_from(["en", "it", "ro", "el", "ar", "fil", ""]),
    st.booleans(),
    st.booleans(),
)
def test_no_text_whatsoever_leaves_the_allowed_commands(
    name: str, price: str, language: str, double: bool, graphics: bool
) -> None:
    seen = view(Text(name, double=double), Columns(name, price), Cut(), language=language, graphics=graphics)
    assert (seen.drawer_kicks, seen.realtime_commands, seen.cuts) == (0, 0, 1)
    assert len(seen.lines) + len(seen.pictures) == 2
    assert all(width_of(line) <= COLUMNS for line in seen.lines)


@settings(deadline=None)
@given(st.text(st.characters(max_codepoint=0x17F), max_size=80), st.text(max_size=30), st.integers(1, 60))
def test_columns_share_the_width_whatever_they_say(left: str, right: str, columns: int) -> None:
    fitted_left, fitted_right = fit(safe_text(left), safe_text(right), columns=columns)
    assert width_of(fitted_left) + width_of(fitted_right) <= columns
    assert fitted_right == clip(safe_text(right), columns)


@settings(deadline=None)
@given(st.text(max_size=60))
def test_safe_text_is_stable_and_holds_no_control_character(text: str) -> None:
    safe = safe_text(text)
    assert safe_text(safe) == safe
    assert not any(ord(character) < 0x20 or 0x7F <= ord(character) < 0xA0 for character in safe)


@settings(deadline=None)
@given(st.text(max_size=60), st.sampled_from(["en", "ro", "tr", "el", "ru"]))
def test_spelled_text_can_always_be_said(text: str, language: str) -> None:
    assert page_for(spell_unknown(safe_text(text), language), language) is not None


def test_a_pile_of_combining_marks_is_cut_short() -> None:
    assert len(clip("a" + "\u0301" * 1000, 10)) <= 40


@settings(deadline=None)
@given(st.binary(min_size=126, max_size=126))
def test_no_picture_carries_a_real_time_command(rows: bytes) -> None:
    hostile = rows.replace(b"\xef", b"\xef\xfb")[:126]  # 0x10 0x04 once inverted
    printed = bytes(255 - byte for byte in defuse(Image.frombytes("1", (504, 2), hostile)).tobytes())
    assert not any(trigger in printed for trigger in (b"\x10\x04", b"\x10\x05", b"\x10\x14"))


def test_a_harmless_picture_is_not_changed() -> None:
    picture = Image.frombytes("1", (16, 1), b"\xef\x00")
    assert defuse(picture).tobytes() == picture.tobytes()


@pytest.mark.parametrize("data", ["", "é", "a\nb", "x" * 1001])
def test_qr_data_must_be_printable_ascii(data: str) -> None:
    with pytest.raises(ValueError, match="QR data"):
        Qr(data)


@pytest.mark.parametrize("lines", [0, 21])
def test_a_feed_has_bounds(lines: int) -> None:
    with pytest.raises(ValueError, match="feed"):
        Feed(lines)


def test_rendering_prints_nothing_to_stdout(capsys: pytest.CaptureFixture[str]) -> None:
    view(Text("Żółty"), Qr("A"), Cut(), graphics=True)
    assert capsys.readouterr().out == ""


@settings(deadline=None)
@given(st.text(st.characters(codec="cp858", exclude_categories=["C", "Z"]), min_size=1, max_size=40))
def test_simulator_and_viewer_agree_on_every_line_of_text(text: str) -> None:
    job = render(ReceiptDocument((Text(text),)), language="it", graphics=False)
    assert read_text(job) == view_job(job).text == safe_text(text)


@settings(deadline=None)
@given(st.lists(st.one_of(st.binary(max_size=6), st.sampled_from([b"\x1b", b"\x1d", b"\x1d(k", b"\x1dv0"]))))
def test_the_simulated_paper_takes_any_bytes(pieces: list[bytes]) -> None:
    assert isinstance(read_text(b"".join(pieces)), str)
