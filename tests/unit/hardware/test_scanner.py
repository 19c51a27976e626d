"""Owns the proof that scanner bytes become whole codes or one refusal, and nothing else."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hardware.events import BarcodeRead, BarcodeRefused, DeviceEvent, ScanRefusal
from hardware.line import Output, Ready, Report
from hardware.protocols.scanner import CODE_LIMIT, SILENCE_S, ScannerProtocol, refusal_of

NAME = "scanner"


def opened() -> ScannerProtocol:
    protocol = ScannerProtocol(NAME)
    assert list(protocol.opened(0.0)) == [Ready()]
    return protocol


def events(outputs: Iterable[Output]) -> list[DeviceEvent]:
    found = []
    for output in outputs:
        assert isinstance(output, Report)
        found.append(output.event)
    return found


def scan(data: bytes) -> list[DeviceEvent]:
    return events(opened().received(data, 0.0))


@pytest.mark.parametrize("suffix", [b"\r", b"\n", b"\r\n"])
def test_each_usual_suffix_ends_a_code_once(suffix: bytes) -> None:
    assert scan(b"9521234567899" + suffix) == [BarcodeRead(NAME, "9521234567899")]


def test_two_codes_glued_together_are_two_reads() -> None:
    assert scan(b"95212340\r\n9521234567899\r\n") == [
        BarcodeRead(NAME, "95212340"),
        BarcodeRead(NAME, "9521234567899"),
    ]


def test_an_aim_prefix_becomes_the_symbology() -> None:
    assert scan(b"]E09521234567899\r") == [BarcodeRead(NAME, "9521234567899", "]E0")]


def test_a_gs1_code_keeps_its_group_separators() -> None:
    assert scan(b"]C110LOT\x1d17261231\r") == [BarcodeRead(NAME, "10LOT\x1d17261231", "]C1")]


def test_a_bracket_that_is_no_prefix_stays_in_the_code() -> None:
    assert scan(b"]-A\r") == [BarcodeRead(NAME, "]-A")]


def test_a_prefix_without_a_code_is_incomplete() -> None:
    assert scan(b"]E0\r") == [BarcodeRefused(NAME, ScanRefusal.INCOMPLETE, 3)]


def test_suffixes_alone_are_nothing() -> None:
    assert scan(b"\r\n\r\n") == []


@pytest.mark.parametrize("byte", [0x00, 0x08, 0x1B, 0x1C, 0x7F, 0x80, 0xFF])
def test_a_control_or_foreign_byte_refuses_the_whole_code(byte: int) -> None:
    assert scan(b"952" + bytes((byte,)) + b"4\r") == [BarcodeRefused(NAME, ScanRefusal.CONTROL_CHARACTERS, 5)]


def test_the_longest_allowed_code_is_read_with_and_without_prefix() -> None:
    code = "7" * CODE_LIMIT
    assert scan(code.encode() + b"\r") == [BarcodeRead(NAME, code)]
    assert scan(b"]Q1" + code.encode() + b"\r") == [BarcodeRead(NAME, code, "]Q1")]


@pytest.mark.parametrize("length", [CODE_LIMIT + 1, CODE_LIMIT + 3, CODE_LIMIT + 4])
def test_one_character_too_many_is_too_long(length: int) -> None:
    assert scan(b"7" * length + b"\r") == [BarcodeRefused(NAME, ScanRefusal.TOO_LONG, length)]


@settings(deadline=None)
@given(st.integers(CODE_LIMIT + 4, 10_240), st.integers(1, 4096))
def test_a_scan_of_ten_kilobytes_is_one_refusal_and_the_next_code_is_read(length: int, step: int) -> None:
    protocol = opened()
    data = b"A" * length + b"\r95212340\r"
    seen = [
        event
        for at in range(0, len(data), step)
        for event in events(protocol.received(data[at : at + step], 0.0))
    ]
    assert seen == [
        BarcodeRefused(NAME, ScanRefusal.TOO_LONG, length),
        BarcodeRead(NAME, "95212340"),
    ]


def test_a_code_split_byte_by_byte_is_one_read() -> None:
    protocol = opened()
    seen = [
        event
        for index, byte in enumerate(b"9521234567899\r")
        for event in events(protocol.received(bytes((byte,)), index * 0.2))
    ]
    assert seen == [BarcodeRead(NAME, "9521234567899")]


def test_silence_drops_an_unfinished_code_once() -> None:
    protocol = opened()
    assert events(protocol.received(b"9521", 1.0)) == []
    assert events(protocol.elapsed(1.0 + SILENCE_S - 0.01)) == []
    assert events(protocol.elapsed(1.0 + SILENCE_S)) == [BarcodeRefused(NAME, ScanRefusal.INCOMPLETE, 4)]
    assert events(protocol.elapsed(9.0)) == []


def test_silence_counts_even_when_no_timer_ran() -> None:
    protocol = opened()
    protocol.received(b"9521", 0.0)
    assert events(protocol.received(b"95212340\r", 5.0)) == [
        BarcodeRefused(NAME, ScanRefusal.INCOMPLETE, 4),
        BarcodeRead(NAME, "95212340"),
    ]


def test_an_endless_code_without_suffix_is_one_refusal_as_too_long() -> None:
    protocol = opened()
    assert events(protocol.received(b"1" * 2000, 0.0)) == []
    assert events(protocol.elapsed(1.0)) == [BarcodeRefused(NAME, ScanRefusal.TOO_LONG, 2000)]


def test_a_lost_line_forgets_the_half_code() -> None:
    protocol = opened()
    protocol.received(b"9521", 0.0)
    assert list(protocol.closed(0.1)) == []
    assert list(protocol.opened(0.2)) == [Ready()]
    assert events(protocol.received(b"95212340\r", 0.3)) == [BarcodeRead(NAME, "95212340")]


@settings(deadline=None)
@given(st.lists(st.tuples(st.binary(max_size=700), st.floats(0, 0.6)), max_size=20))
def test_whatever_bytes_come_only_clean_codes_get_through(chunks: list[tuple[bytes, float]]) -> None:
    protocol = opened()
    now_s = 0.0
    for data, pause_s in chunks:
        now_s += pause_s
        for event in events([*protocol.received(data, now_s), *protocol.elapsed(now_s)]):
            if isinstance(event, BarcodeRead):
                assert refusal_of(event.text) is None
            else:
                assert isinstance(event, BarcodeRefused)
                assert event.length > 0


@settings(deadline=None)
@given(st.text(st.sampled_from([chr(c) for c in range(0x20, 0x7F)] + ["\x1d"]), min_size=1, max_size=60))
def test_any_printable_code_comes_back_as_it_was_sent(code: str) -> None:
    assert scan(b"]Q1" + code.encode() + b"\r") == [BarcodeRead(NAME, code, "]Q1")]
