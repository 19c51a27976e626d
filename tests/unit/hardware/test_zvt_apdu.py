"""Owns the proof that ZVT messages are read and written as the documents say and card data stays out."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardware.events import CardPhase, DeclineReason, ProtocolError
from hardware.protocols import zvt_apdu
from hardware.protocols.zvt_apdu import Apdu, compose_apdu, parse_apdu, parse_status_information
from hardware.protocols.zvt_bmp import TlvItem, digits_to_bcd, parse_bmps, parse_tlv
from hardware.protocols.zvt_codes import card_phase, currency_name, currency_number, decline_reason
from hardware.protocols.zvt_job import ZvtSettings

PARSERS = (
    zvt_apdu.parse_apdu,
    zvt_apdu.parse_status_information,
    zvt_apdu.parse_intermediate_status,
    zvt_apdu.parse_enquiry_completion,
    zvt_apdu.parse_abort,
    parse_bmps,
    parse_tlv,
)
field_starts = st.sampled_from(b"\x04\x06\x22\x24\x27\x3c\x49\x60\x87\x8b\x1f\x81\x82\xf0\xf1\xf9\xff\x2b")
near_misses = st.lists(field_starts | st.integers(0, 255), max_size=60).map(bytes)


@given(st.integers(0, 0xFFFF), st.binary(max_size=600))
def test_any_apdu_comes_back_as_it_was_composed(control: int, data: bytes) -> None:
    assert parse_apdu(compose_apdu(Apdu(control, data))) == Apdu(control, data)


@pytest.mark.parametrize(("size", "head"), [(254, "06d3fe"), (255, "06d3ffff00"), (4660, "06d3ff3412")])
def test_the_length_field_grows_at_255_with_the_low_byte_first(size: int, head: str) -> None:
    assert compose_apdu(Apdu(0x06D3, bytes(size))).startswith(bytes.fromhex(head))


@pytest.mark.parametrize(
    "raw", ["", "04", "040f", "040f0600010203", "040f0200", "80000000", "06d3ff", "06d3ffff"]
)
def test_an_apdu_of_another_length_than_it_says_is_refused(raw: str) -> None:
    with pytest.raises(ProtocolError):
        parse_apdu(bytes.fromhex(raw))


@given(st.binary(max_size=80) | near_misses)
def test_no_input_makes_a_parser_raise_anything_but_a_protocol_error(data: bytes) -> None:
    for parse in PARSERS:
        with contextlib.suppress(ProtocolError):
            assert parse(data) != NotImplemented


@given(st.integers(1, zvt_apdu.LARGEST_AMOUNT_MINOR))
def test_every_amount_comes_back_from_the_bytes_it_was_sent_in(amount_minor: int) -> None:
    sent = zvt_apdu.authorisation(amount_minor, "0978")
    status = parse_status_information(b"\x27\x00" + sent.data)
    assert (status.amount_minor, status.currency) == (amount_minor, "EUR")


@given(st.text(alphabet="0123456789", max_size=12))
def test_bcd_keeps_every_digit(digits: str) -> None:
    assert digits_to_bcd(digits or "0", 6).hex() == (digits or "0").rjust(12, "0")


@pytest.mark.parametrize("digits", ["", "1234567", "12a4", "-123", "１２"])
def test_what_is_no_short_decimal_number_becomes_no_bcd(digits: str) -> None:
    with pytest.raises(ProtocolError):
        digits_to_bcd(digits, 3)


def test_the_commands_are_the_documented_bytes() -> None:
    assert compose_apdu(zvt_apdu.registration("123456", 0xBE, 0x01, "0978")).hex() == (
        "060010123456be0978030106062604" + "0a0206d3"
    )
    assert compose_apdu(zvt_apdu.authorisation(1010, "0978")).hex() == "06010a04000000001010490978"
    assert compose_apdu(zvt_apdu.status_enquiry("000000")).hex() == "0501050000000303"
    assert compose_apdu(zvt_apdu.repeat_receipt("000000")).hex() == "0620050000000303"


@pytest.mark.parametrize(
    ("pan", "last4"),
    [
        ("22f0f8eeeeeeeeeeee4771", "4771"),
        ("22f1f0eeeeeeeeeeeeeee1229f", "1229"),
        ("22f0f8474843eeeeee7743", "7743"),
        ("22f1f15966666666d20021220100170000000000", "6666"),
        ("22f0f2eeee", ""),
        ("22f0f0", ""),
    ],
)
def test_only_the_last_four_digits_of_a_card_number_are_kept(pan: str, last4: str) -> None:
    size = 3 + (int(pan[3]) * 10 + int(pan[5]))
    fields = parse_bmps(bytes.fromhex(pan)[:size])
    assert fields == {0x22: last4.encode()}


@pytest.mark.parametrize("track", ["23f0f4aabbccdd", "2df0f4aabbccdd", "24f0f0f4aabbccdd"])
def test_nothing_of_a_track_is_kept(track: str) -> None:
    assert list(parse_bmps(bytes.fromhex(track)).values()) == [b""]


@pytest.mark.parametrize(
    "data",
    [
        "6c",
        "2700 2700",
        "04000000",
        "8bf1",
        "8bf1f4",
        "8b0104",
        "3cf0f1",
        "0680",
        "0683000000",
        "061f81",
        "0601",
    ],
)
def test_unknown_repeated_and_cut_fields_are_refused(data: str) -> None:
    with pytest.raises(ProtocolError):
        parse_bmps(bytes.fromhex(data))


def test_unknown_tlv_tags_are_skipped_and_long_lengths_have_the_high_byte_first() -> None:
    data = bytes.fromhex("1f8107 01 aa" + "2f 8103 1f1000" + "7f01 820100") + bytes(256)
    assert parse_tlv(data) == (
        TlvItem(0x1F8107, b"\xaa"),
        TlvItem(0x2F, b"\x1f\x10\x00"),
        TlvItem(0x7F01, bytes(256)),
    )
    assert [item.constructed for item in parse_tlv(data)] == [False, True, True]


def test_a_tag_that_never_ends_is_refused() -> None:
    with pytest.raises(ProtocolError):
        parse_tlv(bytes.fromhex("1f8181818101aa"))


def test_an_apdu_is_named_by_its_control_field() -> None:
    assert str(Apdu(0x040F)) == "04 0F"


def test_a_trace_number_of_more_than_six_digits_is_found_in_the_container() -> None:
    status = parse_status_information(bytes.fromhex("2700 0b000000 0607 1f2b0410015008"))
    assert status.trace_no == "10015008"


def test_a_status_without_a_result_says_nothing() -> None:
    with pytest.raises(ProtocolError):
        parse_status_information(bytes.fromhex("04000000001010"))


def test_evidence_without_amount_or_currency_names_the_registered_currency_and_no_amount() -> None:
    evidence = parse_status_information(bytes.fromhex("2700")).evidence("CHF")
    assert (evidence.amount_minor, evidence.currency) == (0, "CHF")


def test_the_currency_is_reported_as_received_even_when_nobody_knows_it() -> None:
    evidence = parse_status_information(bytes.fromhex("2700 490392")).evidence("EUR")
    assert evidence.currency == "0392"


def test_a_card_name_ends_at_nul_and_keeps_no_control_character() -> None:
    status = parse_status_information(bytes.fromhex("2700 8bf0f8") + b"VI\x84SA\x1b\x00X")
    assert status.card_name == "VIäSA"


@pytest.mark.parametrize(
    ("data", "status", "timeout_min"),
    [
        ("0a", 0x0A, None),
        ("0a02", 0x0A, 2),
        ("ff10061a2418070845555220312e3233070c42697474652077617274656e", 0xFF, 10),
        ("1706061f7303000008", 0x17, None),
        ("1706", 0x17, 6),
    ],
)
def test_an_intermediate_status_is_read_with_and_without_its_timeout(
    data: str, status: int, timeout_min: int | None
) -> None:
    read = zvt_apdu.parse_intermediate_status(bytes.fromhex(data))
    assert (read.status, read.timeout_min) == (status, timeout_min)


@pytest.mark.parametrize(
    ("data", "status"), [("9c", 0x9C), ("f0f0f3626c6100", 0), ("060600", 6), ("f0", 0xF0)]
)
def test_a_terminal_status_is_read_with_and_without_its_version(data: str, status: int) -> None:
    assert zvt_apdu.parse_enquiry_completion(bytes.fromhex(data)) == status


@pytest.mark.parametrize("data", ["", "27e0", "f0f0f3626c61"])
def test_a_completion_of_something_else_is_no_terminal_status(data: str) -> None:
    with pytest.raises(ProtocolError):
        zvt_apdu.parse_enquiry_completion(bytes.fromhex(data))


@pytest.mark.parametrize(("data", "code"), [("", None), ("6c", 0x6C), ("6f0978", 0x6F), ("b8870123", 0xB8)])
def test_an_abort_is_read_with_and_without_what_follows_its_code(data: str, code: int | None) -> None:
    assert zvt_apdu.parse_abort(bytes.fromhex(data)) == code


@pytest.mark.parametrize(
    ("answer", "error"), [(0x8000, None), (0x8400, None), (0x8483, 0x83), (0x849C, 0x9C), (0x8466, 0x66)]
)
def test_84_00_is_a_positive_answer(answer: int, error: int | None) -> None:
    assert zvt_apdu.is_answer(Apdu(answer))
    assert zvt_apdu.refusal(Apdu(answer)) == error


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        (0x05, DeclineReason.REFUSED_BY_BANK),
        (0x33, DeclineReason.REFUSED_BY_BANK),
        (0x36, DeclineReason.CARD_EXPIRED),
        (0x37, DeclineReason.WRONG_PIN),
        (0x64, DeclineReason.CARD_UNREADABLE),
        (0x6C, DeclineReason.CANCELLED),
        (0x78, DeclineReason.CARD_EXPIRED),
        (0x9B, DeclineReason.TERMINAL_NOT_READY),
        (0xF0, DeclineReason.TERMINAL_NOT_READY),
        (0x0D, DeclineReason.OTHER),
        (0x5B, DeclineReason.OTHER),
        (0xFF, DeclineReason.OTHER),
    ],
)
def test_a_result_code_becomes_a_reason_a_shopper_can_act_on(code: int, reason: DeclineReason) -> None:
    assert decline_reason(code) is reason


def test_every_result_code_has_a_reason_and_every_state_a_phase_or_none() -> None:
    for code in range(256):
        assert isinstance(decline_reason(code), DeclineReason)
        assert card_phase(code) is None or isinstance(card_phase(code), CardPhase)
    assert card_phase(0x0A) is CardPhase.PRESENT_CARD
    assert card_phase(0x4A) is CardPhase.REMOVE_CARD
    assert card_phase(0x1A) is None


def test_currencies_are_known_both_ways() -> None:
    assert currency_name(currency_number("CHF") or "") == "CHF"
    assert currency_number("XXX") is None


@pytest.mark.parametrize("settings", [{"password": "12345"}, {"password": "12345x"}, {"currency": "XXX"}])
def test_settings_that_cannot_be_sent_are_refused(settings: dict[str, str]) -> None:
    with pytest.raises(ValueError, match=r"password|currency"):
        ZvtSettings(**settings)  # type: ignore[arg-type]
