"""Owns the proof that a lost line never hides or doubles a payment, and that any story has one outcome."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardware.events import (
    CardAuthorised,
    CardCompleted,
    CardInDoubt,
    DeclineReason,
)
from hardware.protocols.zvt_job import ZvtSettings
from tests.unit.hardware.zvt_bench import (
    APPROVED_10_10,
    COMPLETED,
    OK,
    OTHER_RESULT,
    PAY_10_10,
    REFUSED,
    STOPPED,
    UNSUPPORTED,
    WRONG_PIN,
    Bench,
    declined,
    outcomes,
)

STEPS = ("start", OK, "04ff010a", "040f022737", APPROVED_10_10, "confirm", "04ff010b")


@pytest.mark.parametrize("steps", range(1, len(STEPS) + 1))
def test_a_line_lost_after_the_payment_command_left_is_always_doubt_and_told_once(steps: int) -> None:
    bench = Bench().registered()
    for step in STEPS[:steps]:
        match step:
            case "start":
                bench.start()
            case "confirm":
                bench.confirm()
            case apdu:
                bench.say(apdu)
    bench.close()
    bench.close()
    bench.wait(400)
    assert [type(event) for event in outcomes(bench.told())] == [CardInDoubt]


def test_a_line_lost_before_the_payment_command_left_has_charged_nothing() -> None:
    bench = Bench().registered()
    bench.acknowledging = False
    bench.say("040108aa2104160c170012")  # our answer is not acknowledged, so the command waits behind it
    bench.got()
    bench.start()
    assert bench.got() == []
    bench.close()
    assert bench.told() == [declined(DeclineReason.TERMINAL_NOT_READY, 0)]


def test_a_result_repeated_after_the_line_came_back_gets_the_answer_the_lane_gave() -> None:
    bench = Bench().authorised()
    bench.confirm()
    bench.close()
    bench.open()
    bench.got()
    bench.say(APPROVED_10_10)
    assert bench.got() == [OK]
    bench.say(OTHER_RESULT)
    assert bench.got() == [REFUSED]


def test_a_result_repeated_after_the_line_came_back_is_refused_when_the_lane_never_confirmed() -> None:
    bench = Bench().authorised()
    bench.close()
    bench.open()
    bench.got()
    bench.say(APPROVED_10_10)
    assert bench.got() == [REFUSED]


OTHER_WORDS = "849c00 061e016c 061e00 04ff010a 04ff020a01 040f0327006c 06d10100 06d80105 040f022705"
messages = st.sampled_from(
    [OK, UNSUPPORTED, COMPLETED, APPROVED_10_10, OTHER_RESULT, WRONG_PIN, STOPPED, *OTHER_WORDS.split()]
)
acts = st.one_of(
    st.tuples(st.just("say"), messages),
    st.tuples(st.just("wire"), st.binary(max_size=12) | st.sampled_from([b"\x06", b"\x15", b"\x15\x03\x69"])),
    st.tuples(st.just("wait"), st.sampled_from([0.5, 4.5, 6.0, 40.0])),
    st.tuples(st.sampled_from(["confirm", "refuse", "abort", "lose", "deaf", "hear"]), st.none()),
)


@given(st.lists(acts, max_size=14))
def test_whatever_happens_one_payment_is_sent_at_most_once_and_has_one_outcome(
    story: list[tuple[str, object]],
) -> None:
    bench = Bench(ZvtSettings(t4_s=30.0), byte_by_byte=False).registered()
    bench.start()
    naks = 0
    confirmed = False
    for verb, argument in story:
        match verb, argument:
            case "say", str(apdu):
                bench.say(apdu)
            case "wire", bytes(data):
                naks += data.count(b"\x15")
                bench.wire(data)
            case "wait", float(duration_s):
                bench.wait(duration_s)
            case "confirm", _:
                confirmed = True
                bench.confirm()
            case "lose", _:
                bench.close()
                bench.open()
            case "refuse", _:
                bench.refuse()
            case "abort", _:
                bench.abort()
            case _:
                bench.acknowledging = verb == "hear"
    bench.wait(300, step_s=5)
    events = bench.told()
    assert len(outcomes(events)) == 1
    assert sum(isinstance(event, CardAuthorised) for event in events) <= 1
    assert confirmed or not any(isinstance(event, CardCompleted) for event in events)
    assert 1 <= bench.got().count(PAY_10_10) <= 1 + naks
