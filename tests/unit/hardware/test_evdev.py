"""The kernel's input events: keys count once, UP held reads the screen, a lost jack is an empty one."""

from __future__ import annotations

import struct
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from hardware.events import DeviceEvent, HeadsetChanged, Key, KeyPressed
from hardware.line import Ready, Report
from hardware.protocols.evdev import KEYS, EvdevProtocol

UP, DOWN, ENTER = 103, 108, 28


def event(kind: int, code: int, value: int) -> bytes:
    return struct.pack("<qqHHi", 12, 34, kind, code, value)


def press(code: int) -> bytes:
    return event(1, code, 1) + event(0, 0, 0) + event(1, code, 0) + event(0, 0, 0)


def heard(protocol: EvdevProtocol, *chunks: bytes, at_s: float = 0.0) -> list[DeviceEvent]:
    outputs = [output for chunk in chunks for output in protocol.received(chunk, at_s)]
    return [output.event for output in outputs if isinstance(output, Report)]


def test_an_open_keypad_is_ready() -> None:
    assert list(EvdevProtocol("keypad").opened(0)) == [Ready()]


def test_each_key_is_one_press() -> None:
    stream = press(DOWN) + press(UP) + press(ENTER) + press(59)
    assert [e.key for e in heard(EvdevProtocol("keypad"), stream) if isinstance(e, KeyPressed)] == [
        *(Key.DOWN, Key.UP, Key.SELECT, Key.HELP)
    ]


@given(cuts=st.lists(st.integers(0, 192), max_size=12))
def test_a_stream_may_be_split_anywhere(cuts: list[int]) -> None:
    stream = press(DOWN) + press(ENTER)
    ends = sorted({0, len(stream), *(cut for cut in cuts if cut < len(stream))})
    chunks = [stream[a:b] for a, b in pairwise(ends)]
    assert heard(EvdevProtocol("keypad"), *chunks) == heard(EvdevProtocol("keypad"), stream)


def test_the_kernels_own_repeat_of_a_held_key_counts_nothing() -> None:
    assert heard(EvdevProtocol("keypad"), event(1, DOWN, 1), *[event(1, DOWN, 2)] * 50) == [
        KeyPressed("keypad", Key.DOWN)
    ]


def test_up_held_for_two_seconds_reads_the_screen_and_moves_nothing() -> None:
    protocol = EvdevProtocol("keypad")
    assert heard(protocol, event(1, UP, 1)) == []
    assert list(protocol.elapsed(1.9)) == []
    assert list(protocol.elapsed(2.0)) == [Report(KeyPressed("keypad", Key.READ))]
    assert list(protocol.elapsed(9.0)) == []
    assert heard(protocol, event(1, UP, 0), at_s=9.1) == []


def test_a_headset_is_told_in_and_out() -> None:
    assert heard(EvdevProtocol("keypad"), event(5, 2, 1), event(5, 2, 0)) == [
        HeadsetChanged("keypad", inserted=True),
        HeadsetChanged("keypad", inserted=False),
    ]


def test_a_jack_that_is_lost_counts_as_empty() -> None:
    protocol = EvdevProtocol("keypad")
    assert list(protocol.closed(0)) == []
    heard(protocol, event(5, 2, 1))
    assert list(protocol.closed(0)) == [Report(HeadsetChanged("keypad", inserted=False))]
    assert list(protocol.closed(0)) == []


@given(data=st.binary(max_size=600))
def test_any_bytes_are_survived_and_only_known_keys_come_out(data: bytes) -> None:
    for told in heard(EvdevProtocol("keypad"), data):
        assert isinstance(told, KeyPressed | HeadsetChanged)


def test_every_key_of_the_keypad_has_a_code() -> None:
    assert set(KEYS.values()) == set(Key)
