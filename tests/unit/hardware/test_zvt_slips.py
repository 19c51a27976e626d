"""Owns the proof that a terminal's slips come out whole, readable, and without a card number."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardware.events import (
    CardCompleted,
    CardDeclined,
    CardInDoubt,
    OrderDone,
    ProtocolError,
    Slip,
    TerminalPrinted,
)
from hardware.protocols.zvt_apdu import Apdu, compose_apdu
from hardware.protocols.zvt_job import ZvtSettings
from hardware.protocols.zvt_slips import LONGEST_SLIP, MOST_LINE_FEEDS, UNREADABLE_LINE, SlipPart, parse_print
from hardware.protocols.zvt_text import CHARSETS, Charset, decode_lines, decode_text, mask_card_numbers
from tests.unit.hardware.zvt_bench import APPROVED_10_10, COMPLETED, DIAGNOSIS, OK, REFUND, Bench

PRINT_LINE = 0x06D1
TEXT_BLOCK = 0x06D3
CANARY = "4000001234567899"
"""Passes the check digit and was never issued."""

CHARACTER_SETS: tuple[Charset, ...] = ("cp437", "latin-1", "utf-8", "ascii")


def line(text: bytes, attribute: int = 0, slip: int | None = None) -> str:
    container = b"" if slip is None else bytes((0x06, 0x04, 0x1F, 0x07, 0x01, slip))
    return compose_apdu(Apdu(PRINT_LINE, bytes((attribute,)) + text + container)).hex()


def tlv(tag: str, value: bytes) -> bytes:
    size = len(value)
    length = bytes((size,)) if size < 0x80 else b"\x82" + size.to_bytes(2, "big")
    return bytes.fromhex(tag) + length + value


def block(slip: int, *items: bytes) -> str:
    content = tlv("1f07", bytes((slip,))) + tlv("25", b"".join(items))
    return compose_apdu(Apdu(TEXT_BLOCK, tlv("06", content))).hex()


def text(value: bytes) -> bytes:
    return tlv("07", value)


def attribute(value: int) -> bytes:
    return tlv("09", bytes((value,)))


def printed(*lines: str, job: str = "attempt-1", slip: Slip = Slip.MERCHANT) -> TerminalPrinted:
    return TerminalPrinted("terminal", job, slip, lines)


# --- whole slips ---------------------------------------------------------------------------------


def test_lines_become_a_slip_at_the_last_one() -> None:
    bench = Bench().paying()
    bench.say(line(b"Receipt", 0x40), line(b"10,10 EUR"))
    assert bench.told() == []
    bench.say(line(b"Thank you", 0x81))
    assert bench.told() == [printed("Receipt", "10,10 EUR", "Thank you")]
    assert bench.got() == [OK] * 3


def test_line_feeds_are_empty_lines_and_do_not_end_a_slip() -> None:
    bench = Bench().paying()
    bench.say(line(b"A"), line(b"\x02", 0xFF), line(b"\x06", 0xFF), line(b"\xff", 0xFF), line(b"B", 0xC0))
    assert bench.told() == [printed("A", *[""] * (2 + 6 + MOST_LINE_FEEDS), "B")]


def test_an_indented_line_keeps_its_indent_and_a_reserved_attribute_ends_nothing() -> None:
    bench = Bench().paying()
    bench.say(line(b"A", 0x03), line(b"B", 0x80), line(b"C", 0x81))
    assert bench.told() == [printed("   A", "B", "C")]


def test_lines_say_in_a_container_whom_they_are_for() -> None:
    bench = Bench().paying()
    bench.say(line(b"shop", 0, 1), line(b"", 0x40, 1), line(b"copy", 0x81, 1), line(b"card", 0x81, 2))
    bench.say(line(b"notice", 0x81, 3), line(b"new kind", 0x81, 9))
    assert bench.told() == [
        printed("shop", "", "copy"),
        printed("card", slip=Slip.CUSTOMER),
        printed("notice", slip=Slip.ADMIN),
        printed("new kind"),
    ]


def test_another_addressee_begins_another_slip() -> None:
    bench = Bench().paying()
    bench.say(line(b"shop", 0, 1), line(b"still shop"), line(b"card", 0, 2))
    assert bench.told() == [printed("shop", "still shop")]


def test_a_text_block_is_a_slip_of_any_length() -> None:
    bench = Bench().paying()
    lines = [f"line {n:02d} with some words to fill it".encode() for n in range(40)]
    items = [attribute(0x40), *map(text, lines[:20]), attribute(0), *map(text, lines[20:]), text(b"")]
    bench.say(block(2, *items, attribute(0xFF)))
    assert bench.got() == [OK]
    (slip,) = bench.told()
    assert isinstance(slip, TerminalPrinted)
    assert (slip.slip, len(slip.lines), slip.lines[39]) == (Slip.CUSTOMER, 41, lines[39].decode())


def test_a_slip_may_come_in_several_text_blocks() -> None:
    bench = Bench().paying()
    bench.say(block(1, text(b"one\ntwo\r\nthree")))
    assert bench.told() == []
    bench.say(block(1, text(b"four"), attribute(0x81)))
    assert bench.told() == [printed("one", "two", "three", "four")]


def test_texts_without_their_frame_are_read_too() -> None:
    data = tlv("06", tlv("1f07", b"\x03") + text(b"loose") + attribute(0xFF))
    assert parse_print(Apdu(TEXT_BLOCK, data), "cp437") == SlipPart(Slip.ADMIN, ("loose",), is_last=True)


def test_an_empty_slip_is_none() -> None:
    bench = Bench().paying()
    bench.say(line(b"", 0x81), block(1, attribute(0xFF)), line(b"  ", 0x81))
    assert bench.told() == []


def test_a_terminal_that_prints_without_end_is_heard_in_pieces() -> None:
    bench = Bench(byte_by_byte=False).paying()
    for n in range(LONGEST_SLIP + 1):
        bench.say(line(b"%d" % n, 0, 2))
    assert [len(slip.lines) for slip in bench.told() if isinstance(slip, TerminalPrinted)] == [LONGEST_SLIP]
    bench.say(line(b"end", 0x81))
    assert bench.told() == [printed(str(LONGEST_SLIP), "end", slip=Slip.CUSTOMER)]


# --- whose they are, and that they decide nothing ------------------------------------------------


def test_a_slip_without_an_end_comes_before_the_outcome_it_belongs_to() -> None:
    bench = Bench().authorised()
    bench.confirm()
    bench.say(line(b"Receipt", 0, 2), COMPLETED)
    assert bench.told() == [printed("Receipt", slip=Slip.CUSTOMER), CardCompleted("terminal", "attempt-1")]


def test_a_slip_of_a_declined_payment_comes_before_the_decline() -> None:
    bench = Bench().paying()
    bench.say("040f022705", line(b"Declined"), "061e0105")
    assert [type(event) for event in bench.told()] == [TerminalPrinted, CardDeclined]


def test_a_slip_cut_off_by_a_lost_line_is_still_handed_over() -> None:
    bench = Bench().paying()
    bench.say(line(b"Rece"))
    bench.close()
    assert [type(event) for event in bench.told()] == [TerminalPrinted, CardInDoubt]


def test_a_printed_receipt_alone_pays_nothing() -> None:
    bench = Bench().paying()
    bench.say(line(b"PAID 10,10 EUR", 0x81, 2))
    bench.wait(400)
    assert [type(event) for event in bench.told()] == [TerminalPrinted, CardInDoubt]


def test_a_receipt_printed_before_the_lane_decided_decides_nothing() -> None:
    bench = Bench().authorised()
    bench.say(line(b"PAID", 0x81, 2))
    assert bench.told() == [printed("PAID", slip=Slip.CUSTOMER)]
    bench.wait(4.5)
    assert [type(event) for event in bench.told()] == [CardInDoubt]


def test_a_long_slip_keeps_the_last_word_awaited() -> None:
    bench = Bench().authorised()
    bench.confirm()
    for _ in range(10):
        bench.wait(20)
        bench.say(line(b"slowly"))
    assert bench.told() == []
    bench.wait(31)
    assert CardInDoubt in [type(event) for event in bench.told()]


def test_an_untold_slip_is_the_offices_after_an_order_and_nobodys_outside() -> None:
    bench = Bench().ordering(DIAGNOSIS)
    bench.say(line(b"checked", 0x81), COMPLETED, line(b"late", 0x81))
    assert bench.told() == [
        printed("checked", job="order-1", slip=Slip.ADMIN),
        OrderDone("terminal", "order-1"),
        printed("late", job="", slip=Slip.ADMIN),
    ]
    bench = Bench().ordering(REFUND)
    bench.say(line(b"given back", 0x81))
    assert bench.told() == [printed("given back", job="order-1")]


def test_lines_of_the_command_before_do_not_belong_to_the_new_one() -> None:
    bench = Bench().registered()
    bench.start()
    bench.say(line(b"old"), OK, line(b"new", 0x81))
    assert bench.told() == [printed("old", job="", slip=Slip.ADMIN), printed("new")]


def test_a_line_repeated_because_our_answer_was_lost_is_printed_once() -> None:
    bench = Bench().paying()
    bench.acknowledging = False
    bench.say(line(b"----"), line(b"----"))
    bench.acknowledging = True
    bench.wait(6)
    bench.say(line(b"----"), line(b"end", 0x81))
    assert bench.told() == [printed("----", "----", "end")]


@pytest.mark.parametrize("message", ["06d100", "06d3020681", "06d3010f", "06d30406022501"])
def test_what_cannot_be_read_is_said_on_the_slip_and_answered_all_the_same(message: str) -> None:
    bench = Bench().authorised()
    bench.confirm()
    bench.got()
    bench.say(message, COMPLETED)
    assert bench.got() == [OK, OK]
    assert bench.told() == [printed(UNREADABLE_LINE), CardCompleted("terminal", "attempt-1")]


@given(st.binary(max_size=60), st.sampled_from([PRINT_LINE, TEXT_BLOCK]), st.sampled_from(CHARACTER_SETS))
def test_no_print_raises_anything_but_a_protocol_error(data: bytes, control: int, charset: Charset) -> None:
    try:
        part = parse_print(Apdu(control, data), charset)
    except ProtocolError:
        return
    assert all(each.isprintable() for each in part.lines)


# --- character sets ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("charset", "raw"),
    [("cp437", "84 94 81 e1"), ("latin-1", "e4 f6 fc df"), ("utf-8", "c3a4 c3b6 c3bc c39f")],
)
def test_umlauts_are_read_in_the_terminals_character_set(charset: Charset, raw: str) -> None:
    umlauts = bytes.fromhex(raw)
    bench = Bench(ZvtSettings(charset=charset)).paying()
    bench.say(line(umlauts, 0x81))
    name = compose_apdu(Apdu(0x040F, bytes.fromhex(APPROVED_10_10)[3:] + tlv_card_name(umlauts))).hex()
    bench.say(name)
    slip, authorised = bench.told()
    assert slip == printed("äöüß")
    assert getattr(authorised, "evidence").card_name == "Käöüß"  # noqa: B009 - one of many event kinds


def tlv_card_name(letters: bytes) -> bytes:
    value = b"K" + letters + b"\0"
    return bytes((0x8B, 0xF0 + len(value) // 10, 0xF0 + len(value) % 10)) + value


def test_what_a_character_set_does_not_know_is_a_question_mark() -> None:
    assert decode_text(b"a\x84b", "ascii") == "a?b"
    assert decode_text(b"a\xffb", "utf-8") == "a?b"


def test_every_kind_of_space_is_a_space_and_control_characters_are_dropped() -> None:
    assert decode_text(b"a\xa0b\x85\x1b\x00\x7fc\xadd", "latin-1") == "a bcd"
    assert decode_text("a\u2028b\u202ec\u200b".encode(), "utf-8") == "a bc"


@given(st.binary(max_size=80), st.sampled_from(CHARACTER_SETS))
def test_text_of_any_bytes_can_be_printed(raw: bytes, charset: Charset) -> None:
    lines = decode_lines(raw, charset)
    assert lines
    assert all(each.isprintable() for each in lines)
    assert charset in CHARSETS


# --- card numbers --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        (f"Nr {CANARY}", "Nr ************7899"),
        (f"{CANARY}=2512", "************7899=2512"),
        ("4000 0012 3456 7899", "**** **** **** 7899"),
        ("4000-0012-3456-7899 0007", "****-****-****-7899 0007"),
        ("4000  0012 - 3456.7899", "****  **** - ****.7899"),
        ("40000012 34567899", "******** ****7899"),
        (f"7{CANARY}", "7************7899"),
        (f"10{CANARY}100", "10************7899100"),
        ("3400 000000 00009", "**** ****** *0009"),
        ("4000000000006", "*********0006"),
    ],
)
def test_a_card_number_keeps_its_last_four_digits_only(written: str, shown: str) -> None:
    assert mask_card_numbers(written) == shown


@pytest.mark.parametrize(
    "written",
    [
        "4000001234567890",
        "TID 52000001 0008 000007",
        "28.02.2026 17:28:46",
        "AID: A0000000041010",
        "AID A0000003591010028001",
        "**** **** **** 4821",
        "1010,10 EUR",
    ],
)
def test_what_is_no_card_number_stays_as_it_is(written: str) -> None:
    assert mask_card_numbers(written) == written


def check_digit(digits: str) -> str:
    doubled = [int(digit) * (2 - place % 2) for place, digit in enumerate(reversed(digits))]
    return str(-sum(value // 10 + value % 10 for value in doubled) % 10)


@given(
    st.text("0123456789", min_size=12, max_size=18),
    st.text("abc *:", max_size=5),
    st.sampled_from(CHARACTER_SETS),
)
def test_no_card_number_of_any_length_reaches_the_lane(digits: str, before: str, charset: Charset) -> None:
    number = digits + check_digit(digits)
    bench = Bench(ZvtSettings(charset=charset), byte_by_byte=False).paying()
    bench.say(line(f"{before}{number}".encode(), 0x81))
    (slip,) = bench.told()
    assert isinstance(slip, TerminalPrinted)
    assert number not in "".join(slip.lines)
    assert slip.lines[0].endswith("*" * (len(number) - 4) + number[-4:])


@given(st.text("0123456789 -", max_size=50))
def test_masking_twice_changes_nothing_more(written: str) -> None:
    assert mask_card_numbers(mask_card_numbers(written)) == mask_card_numbers(written)
