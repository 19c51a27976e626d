"""Owns the proof of who may speak on a Concert V2 line: readiness, contention, old answers heard out."""

from __future__ import annotations

import pytest

from hardware.events import (
    CardCompleted,
    CardEvidence,
    ChargeOverheard,
    DeclineReason,
    LastPaymentReported,
    QueryVerdict,
)
from hardware.line import Report, Send
from hardware.ports import PaymentRequest
from hardware.protocols.concert import CANNOT_TELL, NOT_READY
from hardware.protocols.concert_link import encode_frame
from hardware.protocols.concert_settings import ConcertSettings
from tests.unit.hardware.concert_bench import (
    ACK,
    CHARGED,
    ENQ,
    EOT,
    NAK,
    NOT_COMPLETED,
    PAY_10_10,
    REFUSED,
    Bench,
    declined,
    in_doubt,
    outcomes,
)


def test_a_terminal_is_ready_once_it_lets_us_speak() -> None:
    bench = Bench()
    bench.open()
    assert bench.got() == [ENQ]
    assert bench.readies == 0
    bench.say(ACK)
    assert bench.got() == [EOT]
    assert bench.readies == 1


@pytest.mark.parametrize("answer", [b"", NAK])
def test_a_terminal_that_does_not_answer_is_asked_three_times_and_hung_up_on(answer: bytes) -> None:
    bench = Bench()
    bench.open()
    for _ in range(3):
        bench.say(answer)
        bench.wait(1.5)
    assert bench.got() == [ENQ, ENQ, ENQ, EOT]
    assert bench.hang_ups == [NOT_READY]
    assert bench.readies == 0


def test_a_resting_line_is_left_alone() -> None:
    bench = Bench().ready()
    bench.wait(600)
    bench.say(ACK, NAK, EOT, b"noise")
    assert bench.got() == []
    assert bench.hang_ups == []


def test_a_payment_before_the_terminal_was_ready_is_declined_with_nothing_sent() -> None:
    bench = Bench()
    bench.start()
    bench.open()
    bench.got()
    bench.start()
    assert bench.got() == []
    assert bench.told() == [declined(DeclineReason.TERMINAL_NOT_READY)] * 2


@pytest.mark.parametrize(
    "request_", [PaymentRequest("attempt-1", amount, "EUR") for amount in (0, -1, 100_000_000)]
    + [PaymentRequest("attempt-1", 1010, "CHF")],
)  # fmt: skip
def test_a_payment_the_fields_cannot_carry_is_declined_with_nothing_sent(request_: PaymentRequest) -> None:
    bench = Bench().ready()
    bench.start(request_)
    assert bench.got() == []
    assert bench.told() == [declined(DeclineReason.TERMINAL_NOT_READY)]


def test_a_terminal_that_has_gone_away_declines_the_payment_and_no_order_was_sent() -> None:
    bench = Bench().ready()
    bench.start()
    bench.wait(5)
    assert bench.got() == [ENQ, ENQ, ENQ, EOT]
    assert bench.told() == [declined(DeclineReason.TERMINAL_NOT_READY)]
    assert bench.hang_ups == [NOT_READY]


def test_a_lost_acknowledgement_of_the_call_costs_one_more_call() -> None:
    bench = Bench().ready()
    bench.start()
    bench.wait(1.5)
    bench.say(ACK)
    assert bench.got() == [ENQ, ENQ, PAY_10_10]


def test_a_line_lost_before_the_order_was_sent_is_a_decline() -> None:
    bench = Bench().ready()
    bench.start()
    bench.close()
    assert bench.told() == [declined(DeclineReason.TERMINAL_NOT_READY)]


def test_a_payment_given_up_before_the_order_was_sent_never_sends_it() -> None:
    bench = Bench().ready()
    bench.start()
    bench.abort()
    bench.say(ACK)
    assert bench.got() == [ENQ, EOT]
    assert bench.told() == [declined(DeclineReason.CANCELLED)]
    bench.start()
    bench.say(ACK)
    assert bench.got() == [ENQ, PAY_10_10]


def test_an_abort_of_another_attempt_changes_nothing() -> None:
    bench = Bench().ready()
    bench.start()
    bench.abort("attempt-0")
    bench.say(ACK)
    assert bench.got() == [ENQ, PAY_10_10]


def overheard(amount_minor: int = 1010, currency: str = "EUR") -> ChargeOverheard:
    return ChargeOverheard("terminal", CardEvidence("", "", "", amount_minor, currency, 0))


def test_an_old_charge_is_told_to_the_lane_and_acknowledged() -> None:
    bench = Bench().ready()
    bench.say(ENQ)
    assert bench.got() == [ACK]
    bench.say(CHARGED)
    assert bench.got() == [ACK]
    bench.say(EOT)
    assert bench.got() == []
    assert bench.told() == [overheard()]


def test_the_lane_is_told_before_the_acknowledgement_leaves() -> None:
    bench = Bench().ready()
    bench.say(ENQ)
    outputs = list(bench.protocol.received(CHARGED, bench.now_s))
    assert outputs == [Report(overheard()), Send(ACK)]


@pytest.mark.parametrize("answer", [REFUSED, NOT_COMPLETED, encode_frame("0140000101019780000000042")])
def test_an_old_answer_that_names_no_charge_is_acknowledged_only(answer: bytes) -> None:
    bench = Bench().ready()
    bench.say(ENQ, answer, EOT)
    assert bench.got() == [ACK, ACK]
    assert bench.told() == []


@pytest.mark.parametrize(("digits", "currency"), [("946", "RON"), ("999", "0999")])
def test_an_old_charge_in_another_currency_is_told_as_it_is(digits: str, currency: str) -> None:
    bench = Bench().ready()
    bench.say(ENQ, encode_frame(f"010000010101{digits}0000000042"), EOT)
    assert bench.told() == [overheard(currency=currency)]


def test_an_old_answer_that_is_not_made_of_its_fields_is_asked_for_again() -> None:
    bench = Bench().ready()
    bench.say(ENQ, encode_frame("01x0000101019780000000042"), CHARGED, EOT)
    assert bench.got() == [ACK, NAK, ACK]
    assert bench.told() == [overheard()]


def test_an_old_charge_that_is_repeated_is_told_once_and_another_one_again() -> None:
    bench = Bench().ready()
    bench.say(ENQ, CHARGED, CHARGED, EOT)
    bench.close()
    bench.ready()
    bench.say(ENQ, CHARGED, EOT, ENQ, encode_frame("0100000012919780000000042"), EOT)
    assert bench.told() == [overheard(), overheard(129)]


def test_the_charge_of_an_order_that_got_no_answer_in_time_is_told_when_it_comes() -> None:
    bench = Bench().paying()
    bench.wait(bench.settings.answer_s + 1)
    assert outcomes(bench.told()) == [in_doubt("the terminal did not answer the order")]
    bench.open()
    bench.say(ENQ, CHARGED, EOT)
    assert bench.told() == [overheard()]


def test_a_terminal_that_repeats_what_was_paid_for_is_no_second_charge() -> None:
    bench = Bench().authorised()
    bench.confirm()
    bench.say(EOT)
    assert bench.told() == [CardCompleted("terminal", "attempt-1")]
    bench.say(ENQ, CHARGED, EOT)
    assert bench.told() == []


def test_the_same_charge_after_another_order_is_another_charge() -> None:
    bench = Bench().authorised()
    bench.confirm()
    bench.say(EOT)
    bench.start()
    bench.say(ACK, ACK)
    bench.wait(bench.settings.answer_s + 1)
    bench.told()
    bench.open()
    bench.say(ENQ, CHARGED, EOT)
    assert bench.told() == [overheard()]


def test_an_old_answer_that_was_damaged_is_asked_for_again() -> None:
    bench = Bench().ready()
    bench.say(ENQ, CHARGED[:-1] + b"\x7e", CHARGED, EOT)
    assert bench.got() == [ACK, NAK, ACK]


@pytest.mark.parametrize(
    ("is_given_up", "reason"), [(False, DeclineReason.TERMINAL_NOT_READY), (True, DeclineReason.CANCELLED)]
)
def test_an_old_charge_declines_the_payment_that_waits_and_its_order_is_not_sent(
    is_given_up: bool,
    reason: DeclineReason,
) -> None:
    bench = Bench().ready()
    bench.start()
    if is_given_up:
        bench.abort()
    bench.say(ENQ, CHARGED)  # the very amount that is being asked for
    assert bench.told() == [declined(reason), overheard()]
    bench.say(EOT, ACK)
    assert PAY_10_10 not in bench.got()
    bench.start()
    bench.say(ACK)
    assert PAY_10_10 in bench.got()


def test_a_terminal_that_wants_to_speak_goes_first_and_its_old_answer_is_not_ours() -> None:
    bench = Bench().ready()
    bench.start()
    bench.say(ENQ)
    assert bench.got() == [ENQ, ACK]
    bench.say(REFUSED)  # about the very amount that is being asked for
    assert bench.got() == [ACK]
    assert bench.told() == []
    bench.say(EOT)
    assert bench.got() == [ENQ]
    bench.say(ACK)
    assert bench.got() == [PAY_10_10]


def test_a_payment_started_while_an_old_answer_is_heard_waits_for_its_end() -> None:
    bench = Bench().ready()
    bench.say(ENQ)
    bench.got()
    bench.start()
    assert bench.got() == []
    bench.say(REFUSED, EOT)
    assert bench.got() == [ACK, ENQ]


def test_a_terminal_that_only_ever_asks_to_speak_does_not_keep_a_payment_for_ever() -> None:
    bench = Bench().ready()
    bench.start()
    for _ in range(60):
        bench.say(ENQ)
        bench.wait(1)
    assert PAY_10_10 not in bench.got()
    assert outcomes(bench.told()) == [declined(DeclineReason.TERMINAL_NOT_READY)]


def test_the_last_payment_cannot_be_told_and_a_person_is_wanted_at_once() -> None:
    bench = Bench()
    report = LastPaymentReported("terminal", "query-1", QueryVerdict.UNUSABLE, None, CANNOT_TELL)
    bench.query()  # on a closed line too
    bench.ready()
    bench.query()
    assert bench.told() == [report, report]
    assert bench.got() == []


@pytest.mark.parametrize("changes", [{"pos_number": 0}, {"pos_number": 100}, {"currency": "XXX"}])
def test_settings_that_fit_no_order_are_refused(changes: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"till|currency"):
        ConcertSettings(**changes)  # type: ignore[arg-type]
