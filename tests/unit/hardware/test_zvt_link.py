"""Owns the proof that ZVT frames survive any byte splits and that damage is never taken for a frame."""

from __future__ import annotations

import pytest
from crccheck.crc import Crc16Kermit
from hypothesis import given
from hypothesis import strategies as st

from hardware.protocols.zvt_link import (
    Ack,
    BadFrame,
    ForeignProtocol,
    Frame,
    FrameReceiver,
    LinkEvent,
    Nak,
    crc16_kermit,
    encode_frame,
)

# Bytes that mean something to the link come up often.
awkward = st.binary(max_size=40) | st.lists(st.sampled_from(b"\x02\x03\x06\x10\x15\x00"), max_size=40).map(
    bytes
)


def feed_in_pieces(receiver: FrameReceiver, data: bytes, piece: int) -> list[LinkEvent]:
    events: list[LinkEvent] = []
    for at in range(0, len(data), piece):
        events += receiver.feed(data[at : at + piece], 0.0)
    return events


def test_the_crc_is_kermit() -> None:
    assert crc16_kermit(b"123456789") == 0x2189


@given(st.binary())
def test_the_crc_agrees_with_an_independent_implementation(data: bytes) -> None:
    assert crc16_kermit(data) == Crc16Kermit.calc(data)


@pytest.mark.parametrize(
    ("apdu", "wire"),
    [
        ("80 00 00", "10 02 80 00 00 10 03 F5 1F"),
        ("06 01 07 04 00 00 00 00 10 10", "10 02 06 01 07 04 00 00 00 00 10 10 10 10 10 03 F3 04"),
        ("06 01 07 04 00 00 00 00 01 27", "10 02 06 01 07 04 00 00 00 00 01 27 10 03 10 20"),
        ("06 01 07 04 00 00 00 09 27 39", "10 02 06 01 07 04 00 00 00 09 27 39 10 03 10 03"),
    ],
)
def test_dle_is_doubled_in_the_apdu_but_never_in_the_crc(apdu: str, wire: str) -> None:
    assert encode_frame(bytes.fromhex(apdu)) == bytes.fromhex(wire)
    assert FrameReceiver().feed(bytes.fromhex(wire), 0.0) == [Frame(bytes.fromhex(apdu))]


@given(st.lists(awkward, max_size=4), st.integers(1, 7))
def test_frames_come_back_whole_however_the_bytes_are_split(apdus: list[bytes], piece: int) -> None:
    wire = b"".join(encode_frame(apdu) for apdu in apdus)
    assert feed_in_pieces(FrameReceiver(), wire, piece) == [Frame(apdu) for apdu in apdus]


@given(awkward, st.data())
def test_one_flipped_bit_never_passes_as_the_frame(apdu: bytes, data: st.DataObject) -> None:
    wire = bytearray(encode_frame(apdu))
    bit = data.draw(st.integers(0, len(wire) * 8 - 1))
    wire[bit // 8] ^= 1 << (bit % 8)
    receiver = FrameReceiver()
    events = receiver.feed(bytes(wire), 0.0) + receiver.elapsed(1.0)
    assert not [event for event in events if isinstance(event, Frame)]


@given(st.lists(awkward | awkward.map(encode_frame), max_size=6))
def test_any_noise_leaves_the_receiver_able_to_take_the_next_frame(pieces: list[bytes]) -> None:
    receiver = FrameReceiver()
    receiver.feed(b"".join(pieces), 0.0)
    receiver.elapsed(1.0)
    assert receiver.feed(encode_frame(b"\x80\x00\x00"), 1.0) == [Frame(b"\x80\x00\x00")]


def test_a_wrong_crc_is_a_bad_frame() -> None:
    assert FrameReceiver().feed(bytes.fromhex("10028000001003f51e"), 0.0) == [BadFrame("wrong CRC")]


def test_a_second_start_begins_the_frame_anew() -> None:
    events = FrameReceiver().feed(bytes.fromhex("10028000") + encode_frame(b"\x80\x00\x00"), 0.0)
    assert events == [Frame(b"\x80\x00\x00")]


def test_bytes_that_stop_inside_a_frame_are_a_bad_frame_after_t1() -> None:
    receiver = FrameReceiver()
    assert receiver.feed(bytes.fromhex("10028000"), 0.0) == []
    assert receiver.elapsed(0.19) == []
    assert receiver.elapsed(0.2) == [BadFrame("the bytes stopped inside a frame")]
    assert receiver.elapsed(5.0) == []


def test_a_frame_longer_than_any_apdu_is_dropped_without_filling_memory() -> None:
    receiver = FrameReceiver(longest_apdu=8)
    events = receiver.feed(b"\x10\x02" + b"\x00" * 1000, 0.0)
    assert events == [BadFrame("longer than any APDU")]


def test_an_ack_counts_at_once() -> None:
    assert FrameReceiver().feed(b"\x06", 0.0) == [Ack()]


def test_a_nak_counts_once_the_line_is_quiet_or_a_frame_starts() -> None:
    receiver = FrameReceiver()
    assert receiver.feed(b"\x15", 0.0) == []
    assert receiver.elapsed(0.2) == [Nak()]
    assert receiver.feed(b"\x15" + encode_frame(b"\x80\x00\x00"), 1.0) == [Nak(), Frame(b"\x80\x00\x00")]


def test_a_nak_byte_inside_a_damaged_frame_is_no_nak() -> None:
    receiver = FrameReceiver()
    events = receiver.feed(bytes.fromhex("1002 0601 10ff 15 06 15"), 0.0) + receiver.elapsed(1.0)
    assert events == [BadFrame("DLE before a byte that needs none")]


def test_the_answer_of_another_protocol_is_recognised() -> None:
    assert feed_in_pieces(FrameReceiver(), b"\x15\x03\x69", 1) == [ForeignProtocol()]
