"""Owns the proof that a weighing ends in one answer, and only in a weight one may sell by."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hardware.events import DeviceEvent, WeightRefusal, WeightRefused, WeightSettled
from hardware.line import HangUp, Output, Ready, Report, Send
from hardware.protocols.scale_8217 import (
    CAPACITY_G,
    POLL_S,
    WEIGHING_LIMIT_S,
    Malformed,
    Scale8217Protocol,
    Status,
    Weight,
    extract_answer,
)

NAME = "scale"
ASK = Send(b"W")
ZERO = b"\x02 00.000\r"


def ready() -> Scale8217Protocol:
    protocol = Scale8217Protocol(NAME)
    assert list(protocol.opened(0.0)) == [ASK]
    assert list(protocol.received(ZERO, 0.1)) == [Ready()]
    return protocol


def status(bits: int) -> bytes:
    return b"\x02?" + bytes((0x40 | bits,)) + b"\r"


def weighed(answer: bytes) -> list[Output]:
    protocol = ready()
    assert list(protocol.weigh(1.0)) == [ASK]
    return list(protocol.received(answer, 1.1))


def events(outputs: Iterable[Output]) -> list[DeviceEvent]:
    return [output.event for output in outputs if isinstance(output, Report)]


def refused(reason: WeightRefusal) -> list[Output]:
    return [Report(WeightRefused(NAME, reason))]


@pytest.mark.parametrize(
    ("answer", "weight_g"),
    [(b"\x02 01.234\r", 1234), (b"\x0201.234\r", 1234), (ZERO, 0), (b"\x0230.000\r", CAPACITY_G)],
)
def test_a_stable_weight_arrives_in_grams(answer: bytes, weight_g: int) -> None:
    assert weighed(answer) == [Report(WeightSettled(NAME, weight_g))]


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (status(0x02), WeightRefusal.OVERLOAD),
        (status(0x04), WeightRefusal.NEGATIVE),
        (status(0x0C), WeightRefusal.NEGATIVE),
        (status(0x08), WeightRefusal.NOT_ZEROED),
        (b"\x02 01.234N\r", WeightRefusal.NOT_ZEROED),
        (b"\x0230.001\r", WeightRefusal.IMPLAUSIBLE),
        (b"\x0299.999\r", WeightRefusal.IMPLAUSIBLE),
        (b"\x02 1.234\r", WeightRefusal.IMPLAUSIBLE),
        (b"\x02 01,234\r", WeightRefusal.IMPLAUSIBLE),
        (b"\x02-01.234\r", WeightRefusal.IMPLAUSIBLE),
        (b"hello\r", WeightRefusal.IMPLAUSIBLE),
        (b"\x02" + b"9" * 20, WeightRefusal.IMPLAUSIBLE),
        (b"\x02?\x41\x41", WeightRefusal.IMPLAUSIBLE),
    ],
)
def test_anything_else_is_refused_with_its_reason(answer: bytes, reason: WeightRefusal) -> None:
    assert weighed(answer) == refused(reason)


def test_a_moving_plate_is_asked_again_until_it_settles() -> None:
    protocol = ready()
    protocol.weigh(1.0)
    assert list(protocol.received(status(0x01), 1.1)) == []
    assert list(protocol.elapsed(1.1)) == []
    assert list(protocol.elapsed(1.0 + POLL_S)) == [ASK]
    assert events(protocol.received(b"\x02 00.500\r", 1.3)) == [WeightSettled(NAME, 500)]
    assert list(protocol.elapsed(5.0)) == [], "a settled weighing asks no more"


def test_a_moving_plate_counts_as_moving_even_when_other_bits_are_set() -> None:
    assert weighed(status(0x05)) == []


def test_a_status_byte_that_equals_the_carriage_return_is_still_a_status() -> None:
    assert extract_answer(bytearray(b"\x02?\r\r")) == Status(0x0D)


def test_a_plate_that_never_settles_is_refused_as_moving_when_time_runs_out() -> None:
    protocol = ready()
    seen = list(protocol.weigh(1.0))
    now_s = 1.0
    while now_s < 1.0 + WEIGHING_LIMIT_S + 1:
        now_s += 0.1
        seen += protocol.received(status(0x01), now_s)
        seen += protocol.elapsed(now_s)
    assert events(seen) == [WeightRefused(NAME, WeightRefusal.MOVING)]


def test_an_answer_after_the_time_limit_is_too_late() -> None:
    protocol = ready()
    protocol.weigh(1.0)
    assert list(protocol.received(ZERO, 1.0 + WEIGHING_LIMIT_S)) == refused(WeightRefusal.MOVING)


def test_a_half_answer_waits_for_its_rest() -> None:
    protocol = ready()
    protocol.weigh(1.0)
    assert list(protocol.received(b"\x02 01.", 1.1)) == []
    assert events(protocol.received(b"234\r", 1.15)) == [WeightSettled(NAME, 1234)]


def test_three_silent_polls_hang_up_and_the_weighing_is_answered() -> None:
    protocol = ready()
    outputs = list(protocol.weigh(1.0))
    for poll in range(1, 4):
        outputs += protocol.elapsed(1.0 + poll * POLL_S)
    assert outputs == [ASK, ASK, ASK, HangUp("the scale does not answer")]
    assert list(protocol.closed(2.0)) == refused(WeightRefusal.IMPLAUSIBLE)
    assert list(protocol.elapsed(99.0)) == []


def test_a_scale_that_never_answers_is_never_ready() -> None:
    protocol = Scale8217Protocol(NAME)
    outputs = list(protocol.opened(0.0))
    for poll in range(1, 4):
        outputs += protocol.received(b"noise\r", poll * POLL_S - 0.1)
        outputs += protocol.elapsed(poll * POLL_S)
    assert outputs == [ASK, ASK, ASK, HangUp("the scale does not answer")]


def test_a_weighing_while_the_line_is_lost_is_answered_without_sending() -> None:
    assert list(Scale8217Protocol(NAME).weigh(0.0)) == refused(WeightRefusal.IMPLAUSIBLE)


def test_an_idle_scale_is_left_alone() -> None:
    protocol = ready()
    assert [list(protocol.elapsed(float(now_s))) for now_s in range(1, 5)] == [[]] * 4
    assert list(protocol.received(b"\x02 05.000\r", 6.0)) == [], "nobody asked"


def test_weighing_again_restarts_and_never_takes_the_earlier_answer() -> None:
    protocol = ready()
    assert list(protocol.weigh(1.0)) == [ASK]
    assert list(protocol.weigh(1.05)) == [], "the question under way was asked for the earlier goods"
    assert list(protocol.received(b"\x02 09.000\r", 1.1)) == []
    assert list(protocol.elapsed(1.0 + POLL_S)) == [ASK]
    assert events(protocol.received(b"\x02 02.000\r", 1.3)) == [WeightSettled(NAME, 2000)]


def test_weighing_before_the_first_answer_is_answered_with_it() -> None:
    protocol = Scale8217Protocol(NAME)
    protocol.opened(0.0)
    protocol.weigh(0.05)
    assert list(protocol.elapsed(POLL_S)) == [ASK]
    assert list(protocol.received(b"\x02 02.000\r", 0.3)) == [Ready(), Report(WeightSettled(NAME, 2000))]


@settings(deadline=None)
@given(st.integers(0, 99_999), st.booleans(), st.booleans())
def test_every_weight_string_reads_back_to_the_gram(weight_g: int, padded: bool, is_net: bool) -> None:
    text = f"{weight_g // 1000:02}.{weight_g % 1000:03}".encode()
    buffer = bytearray(b"\x02" + b" " * padded + text + b"N" * is_net + b"\rrest")
    assert extract_answer(buffer) == Weight(weight_g, is_net)
    assert buffer == b"rest"


@settings(deadline=None)
@given(st.binary(max_size=40))
def test_no_bytes_make_the_reader_fail_or_keep_them_for_ever(data: bytes) -> None:
    buffer = bytearray(data)
    while (answer := extract_answer(buffer)) is not None:
        assert isinstance(answer, Weight | Status | Malformed)
    assert len(buffer) <= 12


@settings(deadline=None)
@given(
    st.lists(
        st.one_of(
            st.binary(max_size=12),
            st.sampled_from([ZERO, status(1), status(2), status(4), b"weigh", b"\x02 01.000\r"]),
        ),
        max_size=40,
    )
)
def test_a_weighing_never_gets_more_than_one_answer(script: list[bytes]) -> None:
    protocol = Scale8217Protocol(NAME)
    protocol.opened(0.0)
    asked = answered = 0
    for step, data in enumerate(script):
        now_s = step * 0.1
        if data == b"weigh":
            asked += 1
            outputs = list(protocol.weigh(now_s))
        else:
            outputs = [*protocol.received(data, now_s), *protocol.elapsed(now_s)]
        answered += len(events(outputs))
    assert answered <= asked
