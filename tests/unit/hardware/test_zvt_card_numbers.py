"""Owns the proof that no field of a ZVT message lets a whole card number into the lane.

It must not hold a card number: those used are made at run time.
"""

from __future__ import annotations

import pytest

from hardware.card_numbers import find_card_numbers
from hardware.protocols.zvt_apdu import parse_status_information
from tests.campaigns import zvt_frames
from tests.campaigns.zvt_frames import container, ll, packed, tlv
from tests.support.card_scan import CANARIES

NUMBER = CANARIES[0]


def test_a_number_in_the_card_name_keeps_its_last_four_digits_only() -> None:
    fields = b"\x27\x00\x8b" + ll(b"Visa " + NUMBER.encode() + b"\0")
    assert parse_status_information(fields).card_name == f"Visa ************{NUMBER[-4:]}"


def test_a_long_run_of_digits_in_the_card_name_is_masked_even_if_it_is_no_card_number() -> None:
    fields = b"\x27\x00\x8b" + ll(f"x{NUMBER}77".encode())
    assert NUMBER not in parse_status_information(fields).card_name


def test_a_number_in_place_of_a_long_trace_is_not_taken_for_one() -> None:
    fields = b"\x27\x00\x0b\x00\x00\x00" + container(tlv("1F2B", packed(NUMBER)))
    assert parse_status_information(fields).trace_no == "000000"


def test_a_long_trace_of_twelve_digits_is_still_read() -> None:
    fields = b"\x27\x00" + container(tlv("1F2B", bytes.fromhex("000123456789")))
    assert parse_status_information(fields).trace_no == "000123456789"


LEAKY = zvt_frames.leaky_results()


@pytest.mark.parametrize("message", LEAKY, ids=[f"leak-{number}" for number in range(len(LEAKY))])
def test_no_result_of_a_terminal_that_masks_nothing_lets_a_number_through(message: bytes) -> None:
    shown = repr(parse_status_information(message[5:] if message[2] == 0xFF else message[3:]))
    assert find_card_numbers(shown) == []
    assert not [number for number in CANARIES if number in shown]
