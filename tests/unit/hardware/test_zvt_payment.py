"""Owns the proof of a ZVT payment: one outcome, nothing sent twice, doubt wherever money is not certain."""

from __future__ import annotations

import pytest

from hardware.events import (
    CardAuthorised,
    CardCompleted,
    CardDeclined,
    CardInDoubt,
    CardPhase,
    CardProgress,
    DeclineReason,
    LastPaymentReported,
)
from hardware.ports import PaymentRequest
from hardware.protocols.zvt_link import encode_frame
from tests.unit.hardware.zvt_bench import (
    ABORT,
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


def test_a_second_payment_while_one_runs_is_declined_with_nothing_sent() -> None:
    bench = Bench().registered()
    bench.start()
    bench.got()
    bench.start(PaymentRequest("attempt-2", 500, "EUR"))
    assert bench.got() == []
    assert bench.told() == [CardDeclined("terminal", "attempt-2", DeclineReason.TERMINAL_NOT_READY, 0)]


def during_a_question() -> Bench:
    bench = Bench().registered()
    bench.query()
    bench.got()
    bench.start()
    assert bench.got() == []
    assert bench.told() == []
    return bench


def test_a_payment_waits_for_the_end_of_a_question_and_is_then_sent_once() -> None:
    bench = during_a_question()
    repeated = (OK, APPROVED_10_10, COMPLETED)
    bench.say(OK, "060f0100", OK, COMPLETED, *repeated, *repeated)
    bench.wait(0.1)
    assert [apdu for apdu in bench.got() if apdu.startswith("0601")] == [
        "06010a040000000010104909 78".replace(" ", "")
    ]
    assert [type(event) for event in bench.told()] == [LastPaymentReported]


def test_a_payment_that_waits_too_long_for_a_question_is_declined_unsent() -> None:
    bench = during_a_question()
    bench.wait(15)
    assert declined(DeclineReason.TERMINAL_NOT_READY, 0) in bench.told()
    bench.say("849c00", "849c00")
    assert not any(apdu.startswith("0601") for apdu in bench.got())


def test_a_payment_that_waits_can_be_stopped_and_nothing_is_ever_sent() -> None:
    bench = during_a_question()
    bench.abort()
    assert bench.told() == [declined(DeclineReason.CANCELLED, 0)]
    repeated = (OK, APPROVED_10_10, COMPLETED)
    bench.say(OK, "060f0100", OK, COMPLETED, *repeated, *repeated)
    bench.wait(0.1)
    assert not any(apdu.startswith("0601") for apdu in bench.got())


def test_a_line_lost_while_a_payment_waits_declines_it_for_nothing_was_sent() -> None:
    bench = during_a_question()
    bench.close()
    assert bench.told() == [declined(DeclineReason.TERMINAL_NOT_READY, 0)]


def test_one_payment_waits_and_a_second_is_declined() -> None:
    bench = during_a_question()
    bench.start(PaymentRequest("attempt-2", 500, "EUR"))
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
