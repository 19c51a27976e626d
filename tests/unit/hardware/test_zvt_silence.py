"""Owns the proof of what silence means in a ZVT payment: nothing is sent twice, patience ends in doubt."""

from __future__ import annotations

import pytest

from hardware.events import (
    CardAuthorised,
    CardCompleted,
    CardInDoubt,
)
from tests.unit.hardware.zvt_bench import (
    ABORT,
    APPROVED_10_10,
    COMPLETED,
    OK,
    PAY_10_10,
    REFUSED,
    STOPPED,
    WRONG_PIN,
    Bench,
    outcomes,
)

# --- nothing is sent twice -----------------------------------------------------------------------


def test_a_payment_command_is_repeated_unchanged_after_each_nak_at_most_twice() -> None:
    bench = Bench().registered()
    bench.acknowledging = False
    bench.start()
    for _ in range(4):
        bench.wire(b"\x15")
        bench.wait(0.5)
    assert bench.got() == [PAY_10_10] * 3
    assert [type(event) for event in bench.told()] == [CardInDoubt]


def test_a_payment_command_is_never_repeated_after_silence() -> None:
    bench = Bench().registered()
    bench.acknowledging = False
    bench.start()
    bench.wait(60)
    assert bench.got() == [PAY_10_10]
    assert [type(event) for event in bench.told()] == [CardInDoubt]


def test_a_nak_after_the_ack_repeats_nothing() -> None:
    bench = Bench().registered()
    bench.start()
    bench.wire(b"\x15")
    bench.wait(1)
    assert bench.got() == [PAY_10_10]


def test_the_answer_stands_for_a_lost_acknowledgement() -> None:
    bench = Bench().registered()
    bench.acknowledging = False
    bench.start()
    bench.say(OK)
    bench.acknowledging = True
    bench.wait(6)
    bench.say(APPROVED_10_10)
    assert [type(event) for event in bench.told()] == [CardAuthorised]


def test_an_acknowledged_payment_command_without_an_answer_is_in_doubt_after_t3() -> None:
    bench = Bench().registered()
    bench.start()
    bench.wait(4.9)
    assert bench.told() == []
    bench.wait(0.2)
    assert [type(event) for event in bench.told()] == [CardInDoubt]


def test_a_confirmation_nobody_acknowledges_is_not_repeated_and_leaves_doubt() -> None:
    bench = Bench().authorised()
    bench.acknowledging = False
    bench.confirm()
    bench.wait(5.5)
    assert bench.got() == [OK]
    assert [type(event) for event in bench.told()] == [CardInDoubt]


def test_the_completion_stands_for_a_lost_acknowledgement_of_the_confirmation() -> None:
    bench = Bench().authorised()
    bench.acknowledging = False
    bench.confirm()
    bench.say(COMPLETED)
    assert bench.told() == [CardCompleted("terminal", "attempt-1")]


def test_a_plain_answer_nobody_acknowledges_is_sent_three_times() -> None:
    bench = Bench().paying()
    bench.acknowledging = False
    bench.say("04ff010a")
    bench.wait(30)
    assert bench.got() == [OK] * 3


# --- patience ------------------------------------------------------------------------------------


def test_states_and_results_keep_a_slow_payment_alive_beyond_180_s() -> None:
    bench = Bench().paying()
    for message in ("04ff010a", "04ff0101", WRONG_PIN):
        bench.wait(170)
        bench.say(message)
    bench.wait(170)
    assert outcomes(bench.told()) == []
    bench.got()
    bench.wait(11)
    assert bench.got() == [ABORT]
    assert [type(event) for event in bench.told()] == [CardInDoubt]


def test_the_terminal_may_ask_for_more_patience() -> None:
    bench = Bench().paying()
    bench.say("04ff020a05")
    bench.wait(299)
    assert outcomes(bench.told()) == []
    bench.wait(2)
    assert [type(event) for event in outcomes(bench.told())] == [CardInDoubt]


def test_a_terminal_that_announces_less_than_t4_still_gets_t4() -> None:
    bench = Bench().paying()
    bench.say("04ff020a01")
    bench.wait(179)
    assert outcomes(bench.told()) == []


def test_a_garbled_state_shows_nothing_but_keeps_the_payment_alive() -> None:
    bench = Bench().paying()
    bench.wait(170)
    bench.say("04ff020aff", "04ff00")
    assert bench.got() == [OK, OK]
    bench.wait(170)
    assert bench.told() == []


def test_silence_for_t4_sends_one_abort_and_leaves_doubt() -> None:
    bench = Bench().paying()
    bench.wait(181)
    assert bench.got() == [ABORT]
    assert [type(event) for event in bench.told()] == [CardInDoubt]
    bench.wait(400)
    assert bench.told() == []


@pytest.mark.parametrize("result", ["040f022705", STOPPED])
def test_a_missing_last_word_after_a_negative_result_leaves_doubt(result: str) -> None:
    bench = Bench().paying()
    bench.say(result)
    bench.wait(31)
    assert [type(event) for event in bench.told()] == [CardInDoubt]


def test_a_missing_completion_after_the_confirmation_leaves_doubt() -> None:
    bench = Bench().authorised()
    bench.confirm()
    bench.say("04ff010b")  # please take the card: patience starts again
    bench.wait(100)
    assert outcomes(bench.told()) == []
    bench.wait(81)
    assert [type(event) for event in outcomes(bench.told())] == [CardInDoubt]


def test_a_positive_result_after_the_doubt_is_refused() -> None:
    bench = Bench().paying()
    bench.wait(181)
    bench.got()
    bench.say(OK, APPROVED_10_10)
    assert bench.got() == [REFUSED]


# --- the edges of T4 -----------------------------------------------------------------------------


def test_a_slow_pin_with_a_state_every_minute_never_times_out() -> None:
    bench = Bench().paying()
    bench.say("04ff0101")
    for _ in range(3):
        bench.wait(60)
        bench.say("04ff0101")
    bench.wait(19)  # 199 s since the terminal took the command
    assert outcomes(bench.told()) == []
    bench.got()
    bench.say(APPROVED_10_10)
    bench.confirm()
    bench.say(COMPLETED)
    assert outcomes(bench.told()) == [CardCompleted("terminal", "attempt-1")]
    assert bench.got() == [OK, OK]


@pytest.mark.parametrize("last", ["", "04ff0101", WRONG_PIN], ids=["80 00", "04 FF", "negative 04 0F"])
def test_t4_runs_180_s_from_what_the_terminal_said_last(last: str) -> None:
    bench = Bench().paying()
    if last:
        bench.wait(100)
        bench.say(last)
        bench.got()
    bench.wait(179.9)
    assert outcomes(bench.told()) == []
    assert bench.got() == []
    bench.wait(0.1)
    assert [type(event) for event in outcomes(bench.told())] == [CardInDoubt]
    assert bench.got() == [ABORT]


def test_a_state_after_a_negative_result_gives_t4_again() -> None:
    bench = Bench().paying()
    bench.say(STOPPED)
    bench.wait(29)
    bench.say("04ff010b")
    bench.wait(179.9)
    assert outcomes(bench.told()) == []
    bench.wait(0.2)
    assert [type(event) for event in outcomes(bench.told())] == [CardInDoubt]


def test_an_abort_the_lane_asked_for_is_not_sent_again_when_t4_ends() -> None:
    bench = Bench().paying()
    bench.abort()
    bench.say("848300")
    bench.wait(181)
    assert bench.got() == [ABORT]
    assert [type(event) for event in bench.told()] == [CardInDoubt]
