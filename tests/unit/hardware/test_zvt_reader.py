"""Owns the proof that a ZVT message is told in words as the documents lay it out, and card data is not."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardware.card_numbers import passes_luhn
from hardware.protocols import zvt_apdu
from hardware.protocols.zvt_apdu import Apdu, compose_apdu
from hardware.protocols.zvt_bmp import FieldError, parse_bmps
from hardware.protocols.zvt_codes import currency_name
from hardware.protocols.zvt_fields import BMPS, TAGS, Kind
from hardware.protocols.zvt_frame_reader import is_serial, read_serial
from hardware.protocols.zvt_link import encode_frame
from hardware.protocols.zvt_names import COMMANDS
from hardware.protocols.zvt_reader import Reading, read_apdu
from hardware.protocols.zvt_shown import Charset
from hardware.protocols.zvt_words import (
    UNKNOWN,
    answer_meaning,
    intermediate_meaning,
    result_meaning,
    terminal_state_meaning,
)


def fields_of(raw: str, charset: Charset = Charset.CP437) -> dict[str, Any]:
    return read_apdu(bytes.fromhex(raw), charset).fields


def tlv(tag: str, value: bytes) -> bytes:
    size = len(value)
    length = bytes((size,)) if size < 0x80 else b"\x82" + size.to_bytes(2, "big")
    return bytes.fromhex(tag) + length + value


def message(control: int, data: bytes) -> bytes:
    return compose_apdu(Apdu(control, data))


# --- commands to the terminal ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("raw", "command", "fields"),
    [
        ("0601 07 04 000000001010", "authorisation", {"amount": {"amount_minor": 1010, "currency": None}}),
        (
            "0601 0a 04 000000001010 49 0978",
            "authorisation",
            {"amount": {"amount_minor": 1010, "currency": "EUR"}, "currency": "EUR"},
        ),
        (
            "0601 09 01 1e 02 03 19 46 49 0756",
            "authorisation",
            {
                "timeout_s": 30,
                "max_status_infos": 3,
                "payment_type": {
                    "hex": "46",
                    "meaning": ["the terminal chooses", "use the card read before", "printer ready"],
                },
                "currency": "CHF",
            },
        ),
        ("0602 00", "log-off", {}),
        (
            "0620 05 000000 03 03",
            "repeat receipt",
            {
                "password": "not shown, 3 bytes",
                "service_byte": {
                    "hex": "03",
                    "meaning": ["status information as in the original", "no printing"],
                },
            },
        ),
        (
            "0630 0d 000000 87 0042 04 000000000500",
            "reversal",
            {
                "password": "not shown, 3 bytes",
                "receipt_no": "0042",
                "amount": {"amount_minor": 500, "currency": None},
            },
        ),
        (
            "0631 0d 000000 04 000000000500 49 0978",
            "refund",
            {
                "password": "not shown, 3 bytes",
                "amount": {"amount_minor": 500, "currency": "EUR"},
                "currency": "EUR",
            },
        ),
        ("0650 03 000000", "end-of-day", {"password": "not shown, 3 bytes"}),
        ("0610 03 000000", "turnover totals", {"password": "not shown, 3 bytes"}),
        ("0693 03 000000", "initialisation", {"password": "not shown, 3 bytes"}),
        (
            "0670 05 06 03 1b 01 01",
            "diagnosis",
            {"tlv": [{"tag": "1B", "name": "diagnosis_type", "value": 1}]},
        ),
        ("0501 00", "status enquiry", {}),
        (
            "0501 05 000000 03 03",
            "status enquiry",
            {
                "password": "not shown, 3 bytes",
                "service_byte": {
                    "hex": "03",
                    "meaning": ["no service menu on the function key", "answer without version"],
                },
            },
        ),
        ("06b0 00", "abort", {}),
        ("06b0 04 d2 01 fa 01", "abort", {"card_output_direction": 1, "card_reader_state": 1}),
        ("06c0 01 1e", "read card", {"timeout_s": 30}),
        ("0618 00", "reset", {}),
        ("0622 03 49 0978", "pre-authorisation", {"currency": "EUR"}),
        ("0623 03 87 ffff", "partial reversal", {"receipt_no": "FFFF"}),
        ("0624 03 87 0042", "book total", {"receipt_no": "0042"}),
        ("0625 03 87 0042", "pre-authorisation reversal", {"receipt_no": "0042"}),
        (
            "0691 08 aa 261122 0c 101500",
            "set date and time of the terminal",
            {"full_date": "2026-11-22", "time": "10:15:00"},
        ),
        ("06e0 07 f0 05 f1 f0f2 4f6b", "display text", {"display_s": 5, "text_line_1": "Ok"}),
        (
            "0840 01 07",
            "change baud rate",
            {"baud_rate": {"code": 7, "hex": "07", "meaning": "115200"}},
        ),
    ],
)
def test_a_command_to_the_terminal_is_told_in_words(raw: str, command: str, fields: object) -> None:
    reading = read_apdu(bytes.fromhex(raw))
    assert (reading.command, reading.direction.value, reading.fields) == (command, "ecr->pt", fields)
    assert reading.control == f"{raw[:2]} {raw[2:4]}".upper()


@pytest.mark.parametrize(
    ("raw", "rest"),
    [
        ("0600 06 000000 be 0978", {"currency": "EUR"}),
        ("0600 04 000000 be", {}),
        (
            "0600 06 000000 be 03 01",  # no currency: 0301 is none, and a service byte fits
            {"service_byte": {"hex": "01", "meaning": ["no service menu on the function key"]}},
        ),
        (
            "0600 10 000000 be 0978 03 01 06 06 26 04 0a 02 06 d3",
            {
                "currency": "EUR",
                "service_byte": {"hex": "01", "meaning": ["no service menu on the function key"]},
                "tlv": [
                    {
                        "tag": "26",
                        "name": "permitted_commands",
                        "items": [{"tag": "0A", "name": "command", "value": "06 D3"}],
                    }
                ],
            },
        ),
    ],
)
def test_a_registration_tells_its_bits_and_finds_the_currency(raw: str, rest: dict[str, object]) -> None:
    assert fields_of(raw) == {
        "password": "not shown, 3 bytes",
        "config": {
            "hex": "BE",
            "meaning": [
                "the till prints payment receipts",
                "the till prints administration receipts",
                "the till wants intermediate status",
                "no amount input on the terminal",
                "no administration on the terminal",
                "receipts come as print lines or text blocks",
            ],
        },
        **rest,
    }


def test_what_the_driver_sends_is_told_as_what_it_meant() -> None:
    registration = read_apdu(compose_apdu(zvt_apdu.registration("123456", 0xBE, 0x01, "0978")))
    payment = read_apdu(compose_apdu(zvt_apdu.authorisation(99, "0756")))
    assert registration.fields["currency"] == "EUR"
    assert "123456" not in json.dumps(registration.fields)
    assert payment.fields["amount"] == {"amount_minor": 99, "currency": "CHF"}
    assert read_apdu(compose_apdu(zvt_apdu.repeat_receipt("000000"))).command == "repeat receipt"
    assert read_apdu(compose_apdu(zvt_apdu.status_enquiry("000000"))).command == "status enquiry"


# --- messages of the terminal ----------------------------------------------------------------------

PAID = (
    "27 00 04 000000001010 49 0978 0b 000123 0c 101530 0d 1122 17 0001 19 70 29 52000001 87 0042 88 000077 "
    "22 f0f8 eeeeeeeeeeee4242 0e 2912 2a 202020202020202020202020202037 3b 3132333435360000 3c f0f0f2 4f6b "
    "8a 0a 8b f0f5 5649534100 8c 03 a0 01 37 000122"
)


def test_a_status_information_names_every_field_with_its_unit() -> None:
    assert read_apdu(message(0x040F, bytes.fromhex(PAID))).fields == {
        "result": {"result_code": 0, "result_hex": "00", "meaning": "in order"},
        "amount": {"amount_minor": 1010, "currency": "EUR"},
        "currency": "EUR",
        "trace_no": "000123",
        "time": "10:15:30",
        "date": "11-22",
        "card_sequence_no": "0001",
        "payment_type": {"code": 0x70, "hex": "70", "meaning": "PIN or chip"},
        "terminal_id": "52000001",
        "receipt_no": "0042",
        "turnover_no": "000077",
        "card_number": "************4242",
        "card_expiry": "not shown, 2 bytes",
        "merchant_no": "              7",
        "authorisation_id": "123456",
        "additional_text": "Ok",
        "card_type": {"code": 10, "hex": "0A", "meaning": "Visa"},
        "card_name": "VISA",
        "operator_card_type": 3,
        "host_result": 1,
        "original_trace_no": "000122",
    }


def test_the_totals_of_a_day_are_told_by_group() -> None:
    groups = (
        bytes((2,))
        + bytes.fromhex("000000001010")
        + bytes(7 * 5)
        + bytes((1,))
        + bytes.fromhex("000000000005")
    )
    raw = message(0x040F, b"\x27\x00\x60\xf0\xf5\xf3" + bytes.fromhex("00410043") + groups)
    totals = read_apdu(raw).fields["totals"]
    assert isinstance(totals, dict)
    assert (totals["receipt_from"], totals["receipt_to"]) == ("0041", "0043")
    assert totals["groups"]["girocard"] == {"count": 2, "amount_minor": 1010, "currency": None}
    assert totals["groups"]["others"] == {"count": 1, "amount_minor": 5, "currency": None}
    assert sum(group["count"] for group in totals["groups"].values()) == 3
    assert list(totals["groups"]) == [
        "girocard", "JCB", "Mastercard", "American Express", "Visa", "Diners", "others",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("raw", "command", "fields"),
    [
        (
            "04ff 01 0a",
            "intermediate status",
            {"status": {"status": 10, "status_hex": "0A", "meaning": "insert the card"}},
        ),
        (
            "04ff 02 41 03",
            "intermediate status",
            {
                "status": {
                    "status": 65,
                    "status_hex": "41",
                    "meaning": "look at the PIN pad; remove the card",
                },
                "timeout_min": 3,
            },
        ),
        (
            "04ff 09 17 06 06 1f73 03 000012",  # the timeout left out before the container
            "intermediate status",
            {
                "status": {"status": 23, "status_hex": "17", "meaning": "wait"},
                "tlv": [{"tag": "1F73", "name": "message_sequence_id", "value": "000012"}],
            },
        ),
        ("060f 00", "completion", {}),
        ("060f 01 00", "completion", {"state": {"code": 0, "hex": "00", "meaning": "ready"}}),
        ("060f 01 f0", "completion", {"state": {"code": 240, "hex": "F0", "meaning": "end-of-day is due"}}),
        (
            "060f 07 f0f0f3 312e32 9c",
            "completion",
            {"version": "1.2", "state": {"code": 156, "hex": "9C", "meaning": "wait"}},
        ),
        (
            "060f 03 00 06 00",
            "completion",
            {"state": {"code": 0, "hex": "00", "meaning": "ready"}, "tlv": []},
        ),
        (
            "060f 0a 19 03 29 52000001 49 0978",
            "completion",
            {
                "terminal_status": {"hex": "03", "meaning": ["initialisation needed", "diagnosis needed"]},
                "terminal_id": "52000001",
                "currency": "EUR",
            },
        ),
        (
            "060f 02 27 e0",
            "completion",
            {"result": {"result_code": 224, "result_hex": "E0", "meaning": "remote maintenance is on"}},
        ),
        ("061e 00", "abort", {}),
        (
            "061e 03 6f 0756",
            "abort",
            {
                "result": {"result_code": 111, "result_hex": "6F", "meaning": "wrong currency"},
                "currency": "CHF",
            },
        ),
        (
            "061e 04 b4 87 0042",
            "abort",
            {
                "result": {"result_code": 180, "result_hex": "B4", "meaning": "already reversed"},
                "receipt_no": "0042",
            },
        ),
        ("06d1 02 ff 03", "print line", {"line_feeds": 3}),
        ("06d1 03 00 4f6b", "print line", {"attribute": {"hex": "00", "meaning": []}, "text": "Ok"}),
        (
            "06d1 09 f2 4f6b 06 04 1f07 01 02",
            "print line",
            {
                "attribute": {
                    "hex": "F2",
                    "meaning": ["last line", "centred", "double width", "double height"],
                },
                "text": "Ok",
                "tlv": [
                    {
                        "tag": "1F07",
                        "name": "receipt_type",
                        "value": {"code": 2, "hex": "02", "meaning": "customer"},
                    }
                ],
            },
        ),
        ("0401 08 aa 261122 0c 101500", "set date and time", {"full_date": "2026-11-22", "time": "10:15:00"}),
        ("06d8 02 3031", "dial up", {"data": "not shown, 2 bytes"}),
    ],
)
def test_a_message_of_the_terminal_is_told_in_words(raw: str, command: str, fields: object) -> None:
    reading = read_apdu(bytes.fromhex(raw))
    assert (reading.command, reading.direction.value, reading.fields) == (command, "pt->ecr", fields)


def test_an_attribute_is_not_taken_for_the_container_behind_a_text() -> None:
    assert fields_of("06d1 04 06 02 07 00") == {
        "attribute": {"hex": "06", "meaning": [], "indent": 6},
        "text": "··",
    }


def test_an_indented_line_says_how_far() -> None:
    assert fields_of("06d1 03 45 4f6b")["attribute"] == {"hex": "45", "meaning": ["centred"], "indent": 5}


@pytest.mark.parametrize(
    ("raw", "command", "meaning"),
    [
        ("8000 00", "positive answer", None),
        ("8400 00", "positive answer", None),
        ("8483 00", "negative answer", "function not possible"),
        ("8437 00", "negative answer", "wrong password"),
        ("849c 00", "wait", "wait"),
        ("849d 07 04 000000000500", "negative answer", "only a part of the amount was used"),
        ("8401 00", "negative answer", UNKNOWN),
    ],
)
def test_an_answer_says_whether_it_is_one_and_why_not(raw: str, command: str, meaning: str | None) -> None:
    reading = read_apdu(bytes.fromhex(raw))
    assert (reading.command, reading.direction.value) == (command, "either")
    result = reading.fields.get("result")
    assert (result["meaning"] if isinstance(result, dict) else None) == meaning


def test_a_refused_registration_says_what_was_wrong_with_it() -> None:
    fields = fields_of("841e 01 6f")
    assert fields["result"]["meaning"] == "a value of the command is wrong"
    assert fields["reason"]["result"]["meaning"] == "wrong currency"


def test_a_text_block_is_told_as_the_tree_it_is() -> None:
    lines = tlv(
        "25", tlv("09", b"\x40") + tlv("07", b"Kundenbeleg") + tlv("07", b"Total 10,10") + tlv("09", b"\x81")
    )
    raw = message(0x06D3, b"\x06\x82" + (len(lines) + 4).to_bytes(2, "big") + tlv("1f07", b"\x02") + lines)
    tree: Any = read_apdu(raw).fields["tlv"]
    kind, block = tree
    assert kind["value"]["meaning"] == "customer"
    assert [item.get("value") for item in block["items"]] == [
        [{"hex": "40", "meaning": ["centred"]}],
        "Kundenbeleg",
        "Total 10,10",
        [{"hex": "81", "meaning": ["last line"]}],
    ]


def test_both_length_forms_are_named() -> None:
    short, long = message(0x06D1, bytes(254)), message(0x06D1, bytes(255))
    assert (read_apdu(short).length, read_apdu(short).length_form) == (254, "one byte")
    assert (read_apdu(long).length, read_apdu(long).length_form) == (255, "FF and two bytes, low byte first")


def test_texts_are_read_in_the_characters_that_were_agreed() -> None:
    assert fields_of("06d1 02 00 e1")["text"] == "ß"
    assert fields_of("06d1 02 00 fc", Charset.LATIN_1)["text"] == "ü"
    assert fields_of("06d1 03 00 c3bc", Charset.UTF_8)["text"] == "ü"
    assert fields_of("06d1 05 00 41 01 ff 42")["text"] == "A· B"


@pytest.mark.parametrize("kind", [Kind.CARD_DATA, Kind.HIDDEN])
def test_of_a_field_that_is_not_for_showing_only_the_length_is_told(kind: Kind) -> None:
    for field in (field for field in BMPS.values() if field.kind is kind):
        size = field.size or 5
        length = b"".join(bytes((0xF0 + int(digit),)) for digit in str(size).rjust(field.length_digits, "0"))
        data = bytes((field.number,)) + (length if field.length_digits else b"") + b"\x42" * size
        shown = read_apdu(message(0x040F, data)).fields[field.name]
        assert shown == f"not shown, {size} byte{'s' if size > 1 else ''}", field.name
        assert (parse_bmps(data)[field.number] == b"") == (kind is Kind.CARD_DATA), field.name


def test_an_unknown_tag_is_told_by_its_number_and_length_only() -> None:
    raw = message(0x040F, b"\x06\x0c" + tlv("e9", tlv("1f62", b"4242424")))
    assert read_apdu(raw).fields["tlv"] == [{"tag": "E9", "length": 10}]


def test_containers_are_followed_eight_levels_and_no_further() -> None:
    data = b""
    for _ in range(12):
        data = tlv("24", data)
    items: Any = read_apdu(message(0x040F, b"\x06" + bytes((len(data),)) + data)).fields["tlv"]
    depth = 0
    while "items" in items[0]:
        items, depth = items[0]["items"], depth + 1
    assert (depth, items) == (7, [{"tag": "24", "name": "display_texts", "length": 8}])


def test_a_command_nobody_documented_is_named_unknown_and_its_data_kept_back() -> None:
    reading = read_apdu(bytes.fromhex("0f10 03 424242"))
    assert (reading.command, reading.direction.value) == ("unknown command", "unknown")
    assert reading.fields == {"data": "not shown, 3 bytes"}


# --- refusals --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("raw", "reason", "offset"),
    [
        ("", "too short", 0),
        ("0601", "too short", 2),
        ("0601 02 27", "the length field says 2, there is 1", 4),
        ("0601 00 27 00", "the length field says 0, there are 2", 3),
        ("06d3 ff 01", "a field is cut short", 4),
        ("06d3 ff 0100", "the length field says 1", 5),
        ("040f 03 27 00 6d", "unknown field 6D", 5),
        ("040f 04 27 00 27 00", "field 27 is there twice", 5),
        ("040f 03 27 00 04", "cut short", 6),
        ("040f 05 22 f0 ea 00 00", "a length digit", 5),
        ("040f 07 04 0000000a0000", "a digit is above 9 (status information, 04 0F)", 7),
        ("040f 05 06 03 1b 80 01", "TLV length 80 is not allowed", 6),
        ("040f 07 06 05 24 03 1f 0e 05", "cut short", 10),
        ("040f 09 06 07 24 05 1f 2b 02 00 0b", "a digit is above 9", 11),
        ("040f 07 60 f0f0f3 000000", "the totals have another length", 7),
        ("0650 02 0000", "cut short", 5),
        ("0650 04 000000 6d", "unknown field 6D", 6),
        ("04ff 02 0a 0b", "a digit is above 9", 4),
        ("04ff 00", "cut short", 3),
        ("060f 02 00 6d", "unknown field 00", 3),
    ],
)
def test_what_cannot_be_read_is_refused_with_the_place(raw: str, reason: str, offset: int) -> None:
    with pytest.raises(FieldError) as refused:
        read_apdu(bytes.fromhex(raw))
    assert reason in str(refused.value)
    assert refused.value.offset == offset


# --- the serial layer ------------------------------------------------------------------------------

FRAME = encode_frame(bytes.fromhex("060107 04 000000001010"))


def test_a_frame_is_unstuffed_and_told_like_the_message_in_it() -> None:
    reading = read_serial(FRAME)
    assert reading.fields == {"amount": {"amount_minor": 1010, "currency": None}}
    assert (reading.layer, reading.command, reading.link) == ("serial", "authorisation", ())


@pytest.mark.parametrize(("raw", "name"), [("06", "ACK"), ("15", "NAK"), ("0615", "ACK NAK")])
def test_link_answers_are_named(raw: str, name: str) -> None:
    assert read_serial(bytes.fromhex(raw)).command == name


def test_a_link_answer_before_a_frame_is_told_with_it() -> None:
    assert read_serial(b"\x06" + FRAME).link == ("ACK",)


@pytest.mark.parametrize(
    ("raw", "reason", "offset"),
    [
        (b"", "nothing", 0),
        (FRAME[:-2] + bytes((FRAME[-2] ^ 1, FRAME[-1])), "the CRC is", len(FRAME) - 2),
        (FRAME[:-1] + bytes((FRAME[-1] ^ 1,)), "the CRC is", len(FRAME) - 1),
        (FRAME[:-1], "the CRC is cut short", len(FRAME) - 1),
        (FRAME + b"\x06", "more behind the frame", len(FRAME)),
        (FRAME[:-4], "does not end with 10 03", len(FRAME) - 4),
        (FRAME[:-3], "does not end with 10 03", len(FRAME) - 3),
        (bytes.fromhex("1002 06 10 00"), "neither doubled", 4),
        (bytes.fromhex("1002 06 10 02"), "neither doubled", 4),
        (bytes.fromhex("10 04"), "begins with 10 02", 1),
        (bytes.fromhex("06 80 00"), "begins with 10 02", 1),
        (bytes.fromhex("15 03 69"), "another protocol", 0),
        # the wrong nibble stands behind a doubled 10: the place is the one on the wire
        (encode_frame(bytes.fromhex("060107 04 10000000000a")), "a digit is above 9", 12),
    ],
)
def test_a_damaged_frame_is_refused_with_the_place_on_the_wire(raw: bytes, reason: str, offset: int) -> None:
    with pytest.raises(FieldError) as refused:
        read_serial(raw)
    assert reason in str(refused.value)
    assert refused.value.offset == offset


def test_the_wanted_crc_is_told() -> None:
    with pytest.raises(FieldError, match="the CRC is F5 1E, the content asks for F5 1F"):
        read_serial(bytes.fromhex("10028000001003f51e"))


@pytest.mark.parametrize("raw", ["06", "15", "0606", "1002", "150369", "061002800000 1003f51f", "15800000"])
def test_what_begins_like_a_cable_is_taken_for_one(raw: str) -> None:
    assert is_serial(bytes.fromhex(raw))


@pytest.mark.parametrize("raw", ["060107 04000000001010", "060f00", "061002 0000", "061003000000", "800000"])
def test_a_command_of_class_06_is_not_taken_for_an_acknowledgement(raw: str) -> None:
    assert not is_serial(bytes.fromhex(raw))


# --- the tables ------------------------------------------------------------------------------------


def test_every_bitmap_has_one_way_to_find_its_end() -> None:
    for field in BMPS.values():
        ways = (field.size > 0) + (field.length_digits > 0) + (field.kind is Kind.TLV)
        assert ways == 1, field


def test_names_of_bitmaps_are_unique() -> None:
    names = [field.name for field in BMPS.values()]
    assert len(names) == len(set(names))


def test_every_result_and_state_the_documents_name_has_words() -> None:
    documented = {0x00, *range(0x01, 0x69), *range(0x71, 0x74), *range(0xB4, 0xB6), *range(0xE2, 0xE5)}
    documented -= {0x69}
    documented |= {0x6A, 0x6B, 0x6C, 0x6F, 0x77, 0x78, 0x79, 0x7A, 0x7D, 0x83, 0x85, 0x89, 0x9A, 0x9B, 0x9C}
    documented |= {0xA0, 0xA1, 0xA3, 0xB1, 0xB2, 0xB7, 0xB8, 0xC2, 0xC3, 0xC5, 0xC8, 0xCC, 0xCD, 0xDC, 0xE0}
    documented |= {0xED, 0xF0, 0xFF}
    assert [f"{code:02X}" for code in documented if result_meaning(code) == UNKNOWN] == []
    states = {0x00, 0x51, 0x62, 0x9C, 0xB1, 0xB2, 0xC2, 0xC4, 0xCC, 0xDC, 0xDF, 0xE0, 0xE1, 0xE2, 0xE3, 0xE4}
    assert [f"{code:02X}" for code in states | {0xF0, 0xF6} if terminal_state_meaning(code) == UNKNOWN] == []
    phases = {*range(0x11), *range(0x12, 0x1B), 0x1C, 0x1D, *range(0x26, 0x2A), 0x2B, 0x2C, 0x41, 0x68, 0x69}
    phases |= {0xC7, 0xC8, 0xC9, 0xCA, 0xCB, 0xCC, 0xD2, 0xD3, 0xE0, 0xE1, 0xF1, 0xF2, 0xF3, 0xFF}
    assert [f"{code:02X}" for code in phases if intermediate_meaning(code) == UNKNOWN] == []


@given(st.integers(0, 255))
def test_any_number_has_some_words(code: int) -> None:
    for meaning in (result_meaning, answer_meaning, terminal_state_meaning, intermediate_meaning):
        assert meaning(code)


# --- whatever comes --------------------------------------------------------------------------------

CANARIES = ("4242424242424242", "5555555555554444", "378282246310005", "6011000990139424")

controls = st.sampled_from(sorted(COMMANDS)) | st.integers(0, 0xFFFF)
canaries = st.sampled_from(CANARIES)
sizes = st.integers(0, 60)


@st.composite
def bitmaps(draw: st.DrawFn) -> bytes:
    """One bitmap of the table with contents of the right length, perhaps a card number."""
    field = draw(st.sampled_from([field for field in BMPS.values() if field.kind is not Kind.TLV]))
    if not field.length_digits:
        return bytes((field.number,)) + draw(st.binary(min_size=field.size, max_size=field.size))
    value = draw(contents())[:99]
    digits = str(len(value)).rjust(field.length_digits, "0")
    return bytes((field.number, *(0xF0 + int(digit) for digit in digits))) + value


@st.composite
def contents(draw: st.DrawFn) -> bytes:
    canary = draw(canaries)
    spaced = draw(st.sampled_from(["", " ", "-", "  ", ". "])).join(re.findall(".{1,4}", canary))
    packed = bytes.fromhex(canary + "f" * (len(canary) % 2))
    return draw(
        st.binary(max_size=40)
        | st.just(packed)
        | st.just(canary.encode())
        | st.just(b"Nr " + spaced.encode() + b" OK")
        | st.tuples(st.binary(max_size=8), st.just(canary.encode()), st.binary(max_size=8)).map(b"".join)
    )


@st.composite
def containers(draw: st.DrawFn) -> bytes:
    tags = st.sampled_from([*TAGS, 0x10, 0xE9, 0x1F62, 0xDF01])
    data = b""
    for _ in range(draw(st.integers(0, 4))):
        tag = draw(tags)
        value = draw(contents())
        if TAGS.get(tag) is not None and TAGS[tag].kind is Kind.TLV:
            value = tlv("07", value)
        data += tlv(f"{tag:02x}", value)
    return (
        b"\x06" + (bytes((len(data),)) if len(data) < 0x80 else b"\x82" + len(data).to_bytes(2, "big")) + data
    )


messages = st.builds(
    message,
    controls,
    st.binary(max_size=80)
    | contents()
    | st.lists(bitmaps() | containers(), max_size=4).map(b"".join)
    | st.tuples(st.binary(max_size=4), contents(), containers()).map(b"".join),
)


def assert_nothing_like_a_card_number(text: str, *secrets: str) -> None:
    for run in re.findall(r"\d{13,}", text):
        windows = [run[at : at + size] for size in range(13, 20) for at in range(len(run) - size + 1)]
        assert not any(passes_luhn(window) for window in windows), run
    digits = re.sub(r"\D", "", text)
    assert not [secret for secret in secrets if secret in digits]


def read_or_refuse(read: Callable[..., Reading], raw: bytes, *charset: Charset) -> Reading | FieldError:
    try:
        return read(raw, *charset)
    except FieldError as error:
        return error


def told(raw: bytes, charset: Charset) -> str:
    reading = read_or_refuse(read_serial, encode_frame(raw), charset)
    return str(reading) if isinstance(reading, FieldError) else json.dumps(reading.fields, ensure_ascii=False)


@given(messages, st.sampled_from(Charset))
def test_nothing_like_a_card_number_is_told_of_any_message(raw: bytes, charset: Charset) -> None:
    assert_nothing_like_a_card_number(told(raw, charset), *CANARIES)


@pytest.mark.parametrize("canary", CANARIES)
def test_a_card_number_is_kept_back_wherever_a_terminal_puts_it(canary: str) -> None:
    packed = bytes.fromhex(canary + "f" * (len(canary) % 2))
    ll, lll = bytes((0xF0, 0xF0 + len(packed))), bytes((0xF0, 0xF0, 0xF0 + len(packed)))
    text = f"Karte {canary}".encode()
    places = [
        (0x040F, b"\x27\x00\x22" + ll + packed),
        (0x040F, b"\x27\x00\x23" + ll + packed),
        (0x040F, b"\x27\x00\x2d" + ll + packed),
        (0x040F, b"\x27\x00\x24" + lll + packed),
        (0x040F, b"\x3c\xf0\xf2" + bytes((0xF0 + len(text) - 20,)) + text),
        (0x040F, b"\x8b\xf2" + bytes((0xF0 + len(text) - 20,)) + text),
        (0x06D1, b"\x00" + text),
        (0x0F10, text),
        (0x06D9, packed),
        *(
            (0x06D3, b"\x06" + bytes((len(item),)) + item)
            for item in (
                tlv("25", tlv("07", text)),
                tlv("1f16", packed),
                tlv("1f2b", packed),
                tlv("43", canary.encode()),
                tlv("c3", text),
            )
        ),
    ]
    for control, data in places:
        reading = read_apdu(message(control, data))
        shown = json.dumps(reading.fields, ensure_ascii=False)
        assert_nothing_like_a_card_number(shown, canary[:-4])
    number = read_apdu(message(*places[0])).fields["card_number"]
    assert number == f"************{canary[-4:]}"


@given(st.binary(max_size=120))
def test_any_bytes_are_read_or_refused_with_a_place_in_them(raw: bytes) -> None:
    for read in (read_apdu, read_serial):
        reading = read_or_refuse(read, raw)
        if isinstance(reading, FieldError):
            assert 0 <= reading.offset <= len(raw)
            assert str(reading)
        else:
            assert reading.command


@given(messages)
def test_a_refusal_behind_a_right_crc_names_a_place_on_the_wire(raw: bytes) -> None:
    frame = encode_frame(raw)
    reading, refused = read_or_refuse(read_serial, frame), read_or_refuse(read_apdu, raw)
    assert isinstance(reading, FieldError) == isinstance(refused, FieldError)
    if isinstance(reading, FieldError) and isinstance(refused, FieldError):
        assert str(reading) == str(refused)
        stuffing = raw[: refused.offset].count(0x10)
        assert reading.offset == 2 + refused.offset + stuffing


@given(st.integers(0, 999_999_999_999), st.sampled_from(["0978", "0756", "0826", "0999"]))
def test_any_amount_is_told_in_minor_units_with_its_currency(amount_minor: int, number: str) -> None:
    fields = read_apdu(compose_apdu(zvt_apdu.authorisation(amount_minor, number))).fields
    assert fields["amount"] == {"amount_minor": amount_minor, "currency": currency_name(number)}
