"""Owns the proof that damaged or unwanted messages never break a ZVT conversation, whatever runs in it."""

from __future__ import annotations

import contextlib
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardware.events import CardAuthorised, CardCompleted, ProtocolError
from hardware.protocols import zvt_apdu, zvt_standing
from hardware.protocols.zvt_bmp import parse_bmps, parse_tlv
from hardware.protocols.zvt_link import encode_frame
from hardware.protocols.zvt_slips import is_print, parse_print
from tests.unit.hardware.zvt_bench import (
    APPROVED_10_10,
    COMPLETED,
    DIAGNOSIS,
    END_OF_DAY,
    OK,
    REVERSAL,
    STOPPED,
    UNSUPPORTED,
    WRONG_PIN,
    Bench,
    order_ends,
    outcomes,
)

CLOCK = "040108aa2104160c170012"
TOTALS = "040f42" + "270004000000001260" + "60f0f5f3" + "00070009" + "02000000001010" * 2 + "00" * 35
MESSAGES = (
    OK,
    "841e016f",
    "849c00",
    APPROVED_10_10,
    WRONG_PIN,
    STOPPED,
    TOTALS,
    "04ff010a",
    "04ff16010106122410070e454e5445522050494e2026204f4b",
    CLOCK,
    COMPLETED,
    "060f0a19002952000001490978",
    "060f0227e0",
    "060f0100",
    "061e016c",
    "061e036f0978",
    "06d1074006041f070101",
    "06d103ff0600",
    "06d315" + "0613" + "1f070101" + "250d" + "090140" + "070548846e646c" + "090181",
)
PARSERS: tuple[Callable[[bytes], object], ...] = (
    zvt_apdu.parse_status_information,
    zvt_apdu.parse_intermediate_status,
    zvt_apdu.parse_enquiry_completion,
    zvt_apdu.parse_abort,
    zvt_standing.parse_standing,
    zvt_standing.parse_completion_code,
    zvt_standing.parse_clock,
    parse_bmps,
    parse_tlv,
)


def opening() -> Bench:
    bench = Bench(byte_by_byte=False)
    bench.open()
    return bench


def querying() -> Bench:
    bench = Bench(byte_by_byte=False).registered()
    bench.query()
    bench.say(OK, "060f0100", OK, COMPLETED, OK)
    return bench


SCENES: dict[str, Callable[[], Bench]] = {
    "opening": opening,
    "resting": lambda: Bench(byte_by_byte=False).registered(),
    "paying": lambda: Bench(byte_by_byte=False).paying(),
    "authorised": lambda: Bench(byte_by_byte=False).authorised(),
    "querying": querying,
    "reversing": lambda: Bench(byte_by_byte=False).ordering(REVERSAL),
    "closing the day": lambda: Bench(byte_by_byte=False).ordering(END_OF_DAY),
    "diagnosing": lambda: Bench(byte_by_byte=False).ordering(DIAGNOSIS),
}

messages = st.sampled_from(MESSAGES).map(bytes.fromhex)


@st.composite
def damaged(draw: st.DrawFn) -> bytes:
    """A message with one byte changed, or cut short."""
    message = draw(messages)
    at = draw(st.integers(0, len(message) - 1))
    if draw(st.booleans()):
        return message[:at]
    return message[:at] + bytes((draw(st.integers(0, 255)),)) + message[at + 1 :]


def with_right_length(message: bytes) -> bytes:
    """The damage below the length field, so that it reaches the fields."""
    return message[:2] + bytes((len(message) - 3,)) + message[3:] if len(message) >= 3 else message


@pytest.mark.parametrize("message", MESSAGES)
def test_the_messages_to_be_damaged_are_good_ones(message: str) -> None:
    apdu = zvt_apdu.parse_apdu(bytes.fromhex(message))
    if is_print(apdu):
        assert parse_print(apdu, "cp437")
    elif apdu.control == zvt_apdu.STATUS_INFORMATION:
        assert zvt_apdu.parse_status_information(apdu.data)
    else:
        assert zvt_apdu.compose_apdu(apdu).hex() == message


@given(damaged())
def test_a_damaged_message_makes_no_parser_raise_anything_but_a_protocol_error(message: bytes) -> None:
    with contextlib.suppress(ProtocolError):
        apdu = zvt_apdu.parse_apdu(with_right_length(message))
        for parse in PARSERS:
            with contextlib.suppress(ProtocolError):
                assert parse(apdu.data) != NotImplemented
        if is_print(apdu):
            assert all(line.isprintable() for line in parse_print(apdu, "latin-1").lines)


@pytest.mark.parametrize("scene", SCENES)
@given(message=damaged(), is_long=st.booleans(), after=st.lists(messages, max_size=2))
def test_a_damaged_message_breaks_no_conversation(
    scene: str, message: bytes, is_long: bool, after: list[bytes]
) -> None:
    bench = SCENES[scene]()
    bench.wire(encode_frame(with_right_length(message) if is_long else message))
    for apdu in after:
        bench.wire(encode_frame(apdu))
    bench.wait(1)
    assert len(bench.hang_ups) <= 1
    events = bench.told()
    assert len(outcomes(events) + order_ends(events)) <= 1


@given(messages, st.data())
def test_a_message_damaged_on_the_wire_is_never_taken_for_a_result(
    message: bytes, data: st.DataObject
) -> None:
    frame = encode_frame(message)
    at = data.draw(st.integers(0, len(frame) - 1))
    other = data.draw(st.integers(1, 255))
    bench = Bench(byte_by_byte=False).paying()
    bench.wire(frame[:at] + bytes((frame[at] ^ other,)) + frame[at + 1 :])
    bench.wait(1)
    assert not any(isinstance(event, CardAuthorised | CardCompleted) for event in bench.told())


# --- what is answered, and with what -------------------------------------------------------------

NOT_OFFERED = (
    "06d800",
    "06d900",
    "06da00",
    "06db00",
    "040d00",
    "040e00",
    "06d000",
    "06dd00",
    "06e400",
    "0a0000",
)
BUSY_SCENES = [scene for scene in SCENES if scene != "opening"]


@pytest.mark.parametrize("scene", BUSY_SCENES)
@pytest.mark.parametrize("message", NOT_OFFERED)
def test_what_we_never_offered_is_answered_as_unsupported_and_changes_nothing(
    scene: str, message: str
) -> None:
    bench = SCENES[scene]()
    bench.got()
    bench.say(message)
    assert bench.got() == [UNSUPPORTED]
    assert (bench.told(), bench.hang_ups) == ([], [])


@pytest.mark.parametrize("scene", BUSY_SCENES)
def test_the_terminals_clock_is_read_and_answered(scene: str) -> None:
    bench = SCENES[scene]()
    bench.got()
    bench.say(CLOCK)
    assert bench.got() == [OK]
    assert (bench.told(), bench.hang_ups) == ([], [])


@pytest.mark.parametrize(
    "fields",
    [
        "",
        "aa210416",
        "0c170012",
        "aa2113160c170012",
        "aa2104320c170012",
        "aa2104160c240000",
        "aa2104160c176000",
    ],
)
def test_a_clock_that_tells_no_time_is_answered_as_unsupported(fields: str) -> None:
    bench = Bench().registered()
    bench.say(f"0401{len(fields) // 2:02x}{fields}")
    assert bench.got() == [UNSUPPORTED]


def test_a_clock_is_read_to_the_second() -> None:
    assert zvt_standing.parse_clock(bytes.fromhex("aa2612310c235959")) == ("261231", "235959")
