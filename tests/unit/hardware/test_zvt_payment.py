"""Owns the proof of a ZVT payment: one outcome, nothing sent twice, doubt wherever money is not certain."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardware.events import (
    CardAuthorised,
    CardCompleted,
    CardDeclined,
    CardInDoubt,
    CardPhase,
    CardProgress,
    DeclineReason,
    DeviceEvent,
)
from hardware.ports import PaymentRequest
from hardware.protocols.zvt_job import ZvtSettings
from hardware.protocols.zvt_link import encode_frame
from tests.unit.hardware.zvt_bench import (
    APPROVED_10_10,
    COMPLETED,
    OK,
    OTHER_RESULT,
    PAY_10_10,
    STOPPED,
    WRONG_PIN,
    Bench,
)

REFUSED = "846600"
UNSUPPORTED = "848300"
ABORT = "06b000"


def outcomes(events: list[DeviceEvent]) -> list[DeviceEvent]:
    return [event for event in events if isinstance(event, CardCompleted | CardDeclined | CardInDoubt)]


def declined(reason: DeclineReason, code: int) -> CardDeclined:
    return CardDeclined("terminal", "attempt-1", reason, code)


def test_an_approved_payment_waits_for_the_lane_and_then_completes() -> None:
    bench = Bench().registered()
    bench.start()
    bench.say(OK, "04ff010a", "04ff0101", "04ff010e", "04ff010e", "04ff010b", APPROVED_10_10)
    assert bench.got() == [PAY_10_10, *[OK] * 5]  # five states answered, the result not yet
    *progress, authorised = bench.told()
    assert [event.phase for event in progress if isinstance(event, CardProgress)] == [
        CardPhase.PRESENT_CARD,
        CardPhase.ENTER_PIN,
        CardPhase.CONTACTING_BANK,
        CardPhase.REMOVE_CARD,
    ]
    assert isinstance(authorised, CardAuthorised)
    evidence = authorised.evidence
    assert (evidence.amount_minor, evidence.currency) == (1010, "EUR")
    assert (evidence.receipt_no, evidence.trace_no, evidence.terminal_id) == ("0008", "000007", "52000001")
    bench.confirm()
    assert bench.got() == [OK]
    bench.say(COMPLETED)
    assert bench.told() == [CardCompleted("terminal", "attempt-1")]


def test_a_payment_reads_the_same_when_its_bytes_come_in_one_go() -> None:
    bench = Bench(byte_by_byte=False).registered()
    bench.start()
    bench.wire(b"".join(encode_frame(bytes.fromhex(apdu)) for apdu in (OK, "04ff010a", APPROVED_10_10)))
    assert [type(event) for event in bench.told()] == [CardProgress, CardAuthorised]


def test_every_good_frame_is_acknowledged_and_a_damaged_one_is_not() -> None:
    bench = Bench().paying()
    acks = bench.acks
    bench.say("04ff010a")
    bench.wire(bytes.fromhex("100204ff010a1003f57e"))
    assert (bench.acks - acks, bench.naks) == (1, 1)


def test_a_declined_card_is_answered_and_ends_with_the_terminals_last_word() -> None:
    bench = Bench().paying()
    bench.say("040f022705")
    assert bench.got() == [OK]
    assert bench.told() == []
    bench.say("061e0105")
    assert bench.got() == [OK]
    assert bench.told() == [declined(DeclineReason.REFUSED_BY_BANK, 0x05)]


def test_an_abort_without_a_code_keeps_the_reason_of_the_result_before() -> None:
    bench = Bench().paying()
    bench.say(STOPPED, "061e00")
    assert outcomes(bench.told()) == [declined(DeclineReason.CANCELLED, 0x6C)]


def test_after_a_wrong_pin_the_same_payment_may_still_be_approved() -> None:
    bench = Bench().paying()
    bench.say(WRONG_PIN, "04ff0101", APPROVED_10_10)
    bench.confirm()
    bench.say(COMPLETED)
    events = bench.told()
    assert CardProgress("terminal", "attempt-1", CardPhase.WRONG_PIN) in events
    assert outcomes(events) == [CardCompleted("terminal", "attempt-1")]


def test_the_lane_may_refuse_a_result_and_the_terminal_reverses() -> None:
    bench = Bench().authorised()
    bench.refuse()
    assert bench.got() == [REFUSED]
    bench.say(STOPPED, "061e016c")
    assert bench.told() == [declined(DeclineReason.CANCELLED, 0x6C)]


def test_a_terminal_that_completes_what_was_refused_leaves_doubt() -> None:
    bench = Bench().authorised()
    bench.refuse()
    bench.say(COMPLETED)
    assert [type(event) for event in bench.told()] == [CardInDoubt]


def test_a_terminal_that_aborts_what_was_confirmed_leaves_doubt() -> None:
    bench = Bench().authorised()
    bench.confirm()
    bench.say("061e016c")
    assert [type(event) for event in bench.told()] == [CardInDoubt]


def test_a_terminal_that_gives_up_before_the_lane_answers_has_charged_nothing() -> None:
    bench = Bench().authorised()
    bench.say("061e016c")
    bench.confirm()
    assert bench.told() == [declined(DeclineReason.CANCELLED, 0x6C)]


@pytest.mark.parametrize("before", [[], [APPROVED_10_10], ["040f022705"]])
def test_a_completion_nobody_confirmed_is_never_paid(before: list[str]) -> None:
    bench = Bench().paying()
    bench.say(*before, COMPLETED)
    assert [type(event) for event in outcomes(bench.told())] == [CardInDoubt]


def test_a_confirmation_that_comes_late_finds_the_result_refused_and_the_doubt_reported() -> None:
    bench = Bench().authorised()
    bench.wait(3.9)
    assert bench.got() == []
    bench.wait(0.2)
    assert bench.got() == [REFUSED]
    assert [type(event) for event in bench.told()] == [CardInDoubt]
    bench.confirm()
    assert bench.got() == []
    assert bench.told() == []


def test_confirm_refuse_and_abort_of_another_attempt_do_nothing() -> None:
    bench = Bench().authorised()
    bench.confirm("attempt-0")
    bench.refuse("attempt-0")
    bench.abort("attempt-0")
    assert bench.got() == []


def test_a_repeated_result_is_reported_once_and_answered_again_after_the_confirmation() -> None:
    bench = Bench().authorised()
    bench.say(APPROVED_10_10)
    assert bench.got() == []
    bench.confirm()
    bench.say(APPROVED_10_10)
    assert bench.got() == [OK, OK]
    assert bench.told() == []
    bench.say(COMPLETED)
    assert bench.told() == [CardCompleted("terminal", "attempt-1")]


def test_a_second_different_result_is_refused_and_leaves_doubt() -> None:
    bench = Bench().authorised()
    bench.say(OTHER_RESULT)
    assert bench.got() == [REFUSED]
    assert [type(event) for event in bench.told()] == [CardInDoubt]


def test_a_frame_repeated_because_our_ack_was_lost_is_answered_again() -> None:
    bench = Bench().paying()
    bench.acknowledging = False
    bench.say("04ff010a")
    bench.say("04ff010a")
    assert bench.got() == [OK, OK]
    assert [type(event) for event in bench.told()] == [CardProgress]
    bench.wire(b"\x06")
    bench.wait(6)
    assert bench.got() == []


def test_a_result_that_cannot_be_read_is_refused_so_that_the_terminal_reverses() -> None:
    bench = Bench().paying()
    bench.say("040f0327006c")
    assert bench.got() == [UNSUPPORTED]
    bench.say("061e016c")
    assert outcomes(bench.told()) == [declined(DeclineReason.CANCELLED, 0x6C)]


def test_an_abort_that_cannot_be_read_leaves_doubt() -> None:
    bench = Bench().paying()
    bench.say("061e04b8061123")
    assert [type(event) for event in bench.told()] == [CardInDoubt]


def test_the_totals_of_an_automatic_end_of_day_are_no_authorisation() -> None:
    bench = Bench().paying()
    bench.say("040f4927000400000000010060f0f5f3" + "00" * 53 + "0c1728460d0416")
    assert bench.got() == [OK]
    assert bench.told() == []


def test_prints_and_the_date_are_taken_and_unknown_commands_are_not() -> None:
    bench = Bench().paying()
    bench.say("040108aa2104160c170012", "06d10100", "06d3020600", "06d80105")
    assert bench.got() == [OK, OK, OK, UNSUPPORTED]


def test_a_mismatched_amount_is_reported_as_received() -> None:
    bench = Bench().paying()
    bench.say("040f0c270004000000000999490756")
    (event,) = bench.told()
    assert isinstance(event, CardAuthorised)
    assert (event.evidence.amount_minor, event.evidence.currency) == (999, "CHF")


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


# --- abort ---------------------------------------------------------------------------------------


def test_an_abort_is_sent_once_and_the_outcome_is_what_the_terminal_says() -> None:
    bench = Bench().paying()
    bench.abort()
    bench.abort()
    assert bench.got() == [ABORT]
    bench.say(OK)
    assert bench.told() == []
    bench.say("061e016c")
    assert bench.told() == [declined(DeclineReason.CANCELLED, 0x6C)]


def test_an_abort_before_the_terminal_took_the_payment_waits_for_its_answer() -> None:
    bench = Bench().registered()
    bench.start()
    bench.abort()
    assert bench.got() == [PAY_10_10]
    bench.say(OK)
    assert bench.got() == [ABORT]


def test_a_refused_abort_lets_the_payment_go_on() -> None:
    bench = Bench().paying()
    bench.abort()
    bench.say(UNSUPPORTED, APPROVED_10_10)
    bench.confirm()
    bench.say(COMPLETED)
    assert outcomes(bench.told()) == [CardCompleted("terminal", "attempt-1")]


def test_an_abort_after_a_positive_result_is_not_sent() -> None:
    bench = Bench().authorised()
    bench.abort()
    assert bench.got() == []


# --- not ready -----------------------------------------------------------------------------------


@pytest.mark.parametrize(("answer", "code"), [("848300", 0x83), ("849c00", 0x9C), ("84f000", 0xF0)])
def test_a_refused_payment_command_has_charged_nothing(answer: str, code: int) -> None:
    bench = Bench().registered()
    bench.start()
    bench.say(answer)
    assert bench.told() == [declined(DeclineReason.TERMINAL_NOT_READY, code)]


def test_84_00_starts_the_payment() -> None:
    bench = Bench().registered()
    bench.start()
    bench.say("840000", APPROVED_10_10)
    assert [type(event) for event in bench.told()] == [CardAuthorised]


def test_a_terminal_that_forgot_its_registration_is_registered_again() -> None:
    bench = Bench().registered()
    bench.start()
    bench.say("846b00")
    assert bench.told() == [declined(DeclineReason.TERMINAL_NOT_READY, 0x6B)]
    assert len(bench.hang_ups) == 1


def test_before_the_registration_nothing_is_sent() -> None:
    bench = Bench()
    bench.start()
    assert bench.told() == [declined(DeclineReason.TERMINAL_NOT_READY, 0)]
    bench.open()
    bench.got()
    bench.start()
    assert bench.told() == [declined(DeclineReason.TERMINAL_NOT_READY, 0)]
    assert bench.got() == []


@pytest.mark.parametrize("query_first", [False, True])
def test_a_second_command_while_one_runs_is_declined_with_nothing_sent(query_first: bool) -> None:
    bench = Bench().registered()
    if query_first:
        bench.query()
    else:
        bench.start()
    bench.got()
    bench.start(PaymentRequest("attempt-2", 500, "EUR"))
    assert bench.got() == []
    assert bench.told() == [CardDeclined("terminal", "attempt-2", DeclineReason.TERMINAL_NOT_READY, 0)]


@pytest.mark.parametrize("request_", [("EUR", 0), ("EUR", 10**12), ("CHF", 500)])
def test_what_the_terminal_cannot_charge_is_never_sent(request_: tuple[str, int]) -> None:
    bench = Bench().registered()
    bench.start(PaymentRequest("attempt-1", request_[1], request_[0]))
    assert bench.got() == []
    assert bench.told() == [declined(DeclineReason.TERMINAL_NOT_READY, 0)]


def test_a_completion_left_over_from_before_does_not_end_the_new_payment() -> None:
    bench = Bench().registered()
    bench.start()
    bench.say(COMPLETED, OK, APPROVED_10_10)
    assert [type(event) for event in bench.told()] == [CardAuthorised]


def test_the_next_payment_may_start_as_soon_as_the_last_is_over() -> None:
    bench = Bench().authorised()
    bench.confirm()
    bench.say(COMPLETED)
    bench.got()
    bench.start(PaymentRequest("attempt-2", 1010, "EUR"))
    bench.say(OK, APPROVED_10_10)
    assert bench.got() == [PAY_10_10]
    assert isinstance(bench.told()[-1], CardAuthorised)


# --- the line is lost ----------------------------------------------------------------------------

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
