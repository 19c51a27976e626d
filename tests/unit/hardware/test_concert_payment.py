"""Owns the proof of a Concert V2 payment: one order, one outcome, doubt wherever money is not certain."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardware.events import (
    CardAuthorised,
    CardCompleted,
    CardEvidence,
    CardPhase,
    CardProgress,
    ChargeOverheard,
    DeclineReason,
)
from hardware.protocols.concert_link import encode_frame, lrc
from hardware.protocols.concert_payment import NO_WAY_BACK
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

COMPLETED = CardCompleted("terminal", "attempt-1")
BROKEN = CHARGED[:-1] + b"\x7e"
LOST = in_doubt("the line was lost during the payment")
UNREAD_ORDER = in_doubt("the terminal could not read the order (bytesize or parity of the line?)")


def test_an_approved_payment_waits_for_the_lane_and_then_completes() -> None:
    bench = Bench().ready()
    bench.start()
    assert bench.got() == [ENQ]
    bench.say(ACK)
    assert bench.got() == [PAY_10_10]
    bench.say(ACK)
    assert bench.got() == [EOT]
    assert bench.told() == [CardProgress("terminal", "attempt-1", CardPhase.PRESENT_CARD)]
    bench.wait(60)
    bench.say(ENQ)
    assert bench.got() == [ACK]
    bench.say(CHARGED)
    assert bench.got() == []  # not acknowledged before the lane has stored it
    evidence = CardEvidence("", "", "", 1010, "EUR", 0)
    assert bench.told() == [CardAuthorised("terminal", "attempt-1", evidence)]
    bench.confirm()
    assert bench.got() == [ACK]
    bench.say(EOT)
    assert bench.told() == [COMPLETED]


def test_a_payment_reads_the_same_when_its_bytes_come_in_one_go() -> None:
    bench = Bench(byte_by_byte=False).paying()
    bench.say(ENQ, CHARGED)
    bench.confirm()
    assert bench.got() == [ACK, ACK]
    bench.say(EOT)
    assert outcomes(bench.told()) == [COMPLETED]


@pytest.mark.parametrize(
    ("answer", "reason", "code"),
    [(REFUSED, DeclineReason.REFUSED_BY_BANK, 7), (NOT_COMPLETED, DeclineReason.OTHER, 9)],
)
def test_a_negative_answer_is_acknowledged_and_declines(
    answer: bytes, reason: DeclineReason, code: int
) -> None:
    bench = Bench().listening()
    bench.say(answer, EOT)
    assert bench.got() == [ACK]
    assert bench.told() == [declined(reason, code)]


def test_a_payment_ended_at_the_reader_after_the_shopper_wanted_back_is_cancelled() -> None:
    bench = Bench().paying()
    bench.abort()
    assert bench.got() == []
    bench.say(ENQ, NOT_COMPLETED)
    assert bench.told() == [declined(DeclineReason.CANCELLED, 9)]


def test_an_abort_does_not_turn_a_charge_into_anything_else() -> None:
    bench = Bench().paying()
    bench.abort()
    bench.say(ENQ, CHARGED)
    bench.confirm()
    bench.say(EOT)
    assert outcomes(bench.told()) == [COMPLETED]


def test_after_any_outcome_the_next_payment_may_start() -> None:
    for answer in (CHARGED, REFUSED, NOT_COMPLETED):
        bench = Bench().listening()
        bench.say(answer)
        bench.confirm()
        bench.say(EOT)
        bench.got()
        bench.start()
        bench.say(ACK)
        assert bench.got() == [ENQ, PAY_10_10]


# --- the order is sent once ----------------------------------------------------------------------


def test_an_order_that_was_damaged_is_repeated_alike_up_to_three_times() -> None:
    bench = Bench().ordered()
    bench.say(NAK)
    assert bench.got() == [PAY_10_10]
    bench.say(NAK)
    assert bench.got() == [PAY_10_10]
    bench.say(NAK)
    assert bench.got() == []
    assert bench.told() == [UNREAD_ORDER]
    assert len(bench.hang_ups) == 1


def test_an_order_nobody_acknowledged_is_doubt_and_never_sent_again() -> None:
    bench = Bench().ordered()
    bench.wait(400)
    assert bench.got() == []  # no release either: it would start what nobody follows
    assert bench.told() == [in_doubt("the terminal did not acknowledge the order")]
    assert len(bench.hang_ups) == 1


def test_only_a_nak_repeats_the_order() -> None:
    bench = Bench().ordered()
    bench.say(EOT, ENQ, CHARGED, BROKEN, b"noise", CHARGED[:9])
    assert bench.got() == []
    bench.wait(2.5)
    assert bench.got() == []


def test_a_nak_after_the_ack_sends_nothing_again() -> None:
    bench = Bench().paying()
    bench.say(NAK, NAK, ACK, EOT, CHARGED)
    assert bench.got() == []
    assert bench.told() == []


def test_a_terminal_that_never_answers_is_doubt_and_has_to_show_that_it_is_there() -> None:
    bench = Bench().paying()
    bench.wait(179)
    assert bench.told() == []
    bench.wait(2)
    assert bench.told() == [in_doubt("the terminal did not answer the order")]
    assert len(bench.hang_ups) == 1


@pytest.mark.parametrize("scene", [Bench.ordered, Bench.paying, Bench.listening, Bench.authorised])
def test_a_line_lost_after_the_order_was_sent_is_doubt(scene: Callable[[Bench], Bench]) -> None:
    bench = scene(Bench())
    bench.close()
    assert outcomes(bench.told()) == [LOST]
    bench.confirm()
    bench.open()
    bench.say(ACK)
    bench.wait(400)
    assert PAY_10_10 not in bench.got()
    assert bench.told() == []


# --- the answer ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("0100000101119780000000042", "the answer is about 1011, 1010 was asked for"),
        ("0200000101019780000000042", "the answer is for till 02, not 01"),
        ("0100000101018400000000042", "the answer is in currency 840, not 978"),
        ("0170000101119780000000042", "the answer is about 1011, 1010 was asked for"),
        ("0190000000019780000000042", "the answer is about 0, 1010 was asked for"),
        ("0110000101019780000000042", "the terminal answered with result 1"),
    ],
)
def test_an_answer_that_is_not_one_to_our_order_is_doubt(text: str, reason: str) -> None:
    bench = Bench().listening()
    bench.say(encode_frame(text))
    assert bench.got() == [ACK]
    assert bench.told() == [in_doubt(reason)]


def test_a_damaged_answer_is_asked_for_again() -> None:
    bench = Bench().listening()
    bench.say(BROKEN, encode_frame("01x0000101019780000000042"))
    assert bench.got() == [NAK, NAK]
    bench.say(CHARGED)
    assert [type(event) for event in bench.told()] == [CardAuthorised]


def test_an_answer_that_stays_damaged_is_doubt() -> None:
    bench = Bench().listening()
    bench.say(BROKEN, BROKEN, BROKEN)
    assert bench.got() == [NAK, NAK]
    assert bench.told() == [in_doubt("the terminal's answer cannot be read")]


def test_an_answer_that_stops_in_the_middle_is_asked_for_again() -> None:
    bench = Bench().listening()
    bench.say(CHARGED[:7])
    bench.wait(1.5)
    assert bench.got() == [NAK]
    bench.say(CHARGED)
    assert [type(event) for event in bench.told()] == [CardAuthorised]


def test_a_terminal_that_asks_to_speak_and_then_says_nothing_is_doubt() -> None:
    bench = Bench().listening()
    bench.say(ENQ)  # our ACK was lost
    assert bench.got() == [ACK]
    bench.wait(11)
    assert bench.told() == [in_doubt("the terminal did not answer the order")]


def test_a_terminal_that_gave_up_its_answer_may_begin_it_again() -> None:
    bench = Bench().listening()
    bench.say(EOT, ENQ, CHARGED)
    assert bench.got() == [ACK]
    assert [type(event) for event in bench.told()] == [CardAuthorised]


def test_a_long_answer_counts_like_a_short_one() -> None:
    bench = Bench().listening()
    bench.say(encode_frame("010000010101" + "*" * 55 + "9780000000042"))
    bench.confirm()
    bench.say(EOT)
    authorised, completed = bench.told()
    assert isinstance(authorised, CardAuthorised)
    assert authorised.evidence == CardEvidence("", "", "", 1010, "EUR", 0)
    assert completed == COMPLETED


# --- the lane decides ----------------------------------------------------------------------------


def test_a_release_that_never_comes_is_not_missed() -> None:
    bench = Bench().authorised()
    bench.confirm()
    assert bench.told() == []
    bench.wait(2)
    assert bench.told() == [COMPLETED]
    assert bench.hang_ups == []


def test_a_line_lost_after_our_acknowledgement_is_a_completed_payment() -> None:
    bench = Bench().authorised()
    bench.confirm()
    bench.close()
    assert bench.told() == [COMPLETED]


def test_a_charge_the_lane_refuses_is_doubt_because_it_stands() -> None:
    bench = Bench().authorised()
    bench.refuse()
    assert bench.got() == [ACK]
    assert bench.told() == [in_doubt(NO_WAY_BACK)]
    bench.confirm()
    assert bench.told() == []


def test_a_lane_that_does_not_decide_is_doubt_before_the_terminal_gives_up() -> None:
    bench = Bench().authorised()
    bench.wait(4)
    assert bench.got() == [ACK]
    assert bench.told() == [in_doubt("the lane did not confirm in time")]
    bench.confirm()
    assert bench.told() == []


def test_the_same_answer_again_is_one_payment() -> None:
    bench = Bench().authorised()
    bench.say(CHARGED, ACK, NAK, CHARGED)  # the terminal is impatient
    assert bench.got() == []
    assert bench.told() == []
    bench.confirm()
    assert bench.got() == [ACK]
    bench.say(CHARGED)  # our ACK was lost
    assert bench.got() == [ACK]
    bench.say(ENQ, CHARGED)  # and again: it begins anew
    assert bench.got() == [ACK, ACK]
    bench.say(EOT)
    assert bench.told() == [COMPLETED]
    bench.say(ENQ, CHARGED, EOT)
    assert bench.got() == [ACK, ACK]
    assert bench.told() == []


def test_an_answer_damaged_at_its_second_telling_is_asked_for_again() -> None:
    bench = Bench().authorised()
    bench.say(BROKEN, encode_frame("01x0000101019780000000042"))
    assert bench.got() == [NAK, NAK]
    bench.say(CHARGED)
    bench.confirm()
    assert bench.got() == [ACK]


@pytest.mark.parametrize("is_confirmed", [True, False])
def test_two_different_answers_to_one_order_are_doubt(is_confirmed: bool) -> None:
    bench = Bench().authorised()
    if is_confirmed:
        bench.confirm()
        bench.got()
    bench.say(REFUSED)
    assert bench.got() == [ACK]
    assert bench.told() == [in_doubt("two answers to one order")]


def test_a_confirmation_between_a_call_and_its_answer_acknowledges_the_answer_only() -> None:
    bench = Bench().authorised()
    bench.say(ENQ)
    assert bench.got() == [ACK]
    bench.confirm()
    assert bench.got() == []
    bench.say(CHARGED)
    assert bench.got() == [ACK]
    bench.say(EOT)
    assert bench.told() == [COMPLETED]


def test_a_terminal_that_left_before_it_was_acknowledged_leaves_doubt() -> None:
    bench = Bench().authorised()
    bench.say(EOT)
    bench.confirm()
    bench.say(EOT)
    assert bench.got() == []
    bench.wait(2)
    assert bench.told() == [in_doubt("the terminal ended before its answer could be acknowledged")]


def test_decisions_without_an_answer_do_nothing() -> None:
    for bench in (Bench().ready(), Bench().ordered(), Bench().paying(), Bench().listening()):
        bench.told()
        bench.confirm()
        bench.refuse()
        bench.confirm("attempt-0")
        bench.refuse("attempt-0")
        bench.abort("attempt-0")
        assert bench.got() == []
        assert bench.told() == []


def test_one_payment_at_a_time() -> None:
    for bench in (Bench().ordered(), Bench().paying(), Bench().listening(), Bench().authorised()):
        bench.told()
        bench.start()
        assert bench.got() == []
        assert bench.told() == [declined(DeclineReason.TERMINAL_NOT_READY)]


def test_what_came_with_the_bytes_that_ended_in_a_hang_up_starts_nothing() -> None:
    bench = Bench(byte_by_byte=False).listening()
    bench.say(BROKEN, BROKEN, BROKEN, ENQ, CHARGED, EOT, ACK)
    doubt, charge = bench.told()
    assert doubt == in_doubt("the terminal's answer cannot be read")
    assert isinstance(charge, ChargeOverheard)  # a fact all the same
    assert bench.readies == 1


# --- whatever happens ----------------------------------------------------------------------------

scenes = st.sampled_from(
    [Bench.open, Bench.ready, Bench.ordered, Bench.paying, Bench.listening, Bench.authorised]
)
wires = st.lists(
    st.one_of(
        st.binary(max_size=40),
        st.sampled_from([ENQ, ACK, NAK, EOT, CHARGED, REFUSED, NOT_COMPLETED, BROKEN, CHARGED[:9]]),
        st.floats(0.1, 200.0),
        st.sampled_from(["start", "confirm", "refuse", "abort", "query", "close", "open"]),
    ),
    max_size=25,
)


@given(scenes, wires)
def test_no_bytes_times_or_commands_break_it_or_give_an_attempt_two_outcomes(
    scene: Callable[[Bench], Bench | None], happenings: list[bytes | float | str]
) -> None:
    bench = Bench(byte_by_byte=False)
    scene(bench)
    orders, open_attempts = bench.got().count(PAY_10_10), 1
    naks = 0
    for happening in happenings:
        match happening:
            case bytes():
                bench.say(happening)
                naks += happening.count(NAK)
            case float():
                bench.wait(happening, step_s=20)
            case "start":
                open_attempts += 1
                bench.start()
            case "open":
                bench.close()
                bench.open()
            case str():
                getattr(bench, happening)()
    orders += bench.got().count(PAY_10_10)
    assert len(outcomes(bench.told())) <= open_attempts
    assert orders <= open_attempts + naks
    bench.close()
    assert bench.protocol._payment is None


@given(st.binary(min_size=15, max_size=15), st.binary(min_size=10, max_size=10))
def test_no_answer_with_other_facts_is_ever_accepted_however_its_check_byte_came_out_right(
    kept: bytes, private: bytes
) -> None:
    bench = Bench(byte_by_byte=False).listening()
    body = kept + private + b"\x03"
    bench.say(b"\x02" + body + bytes((lrc(body),)))
    facts = (kept[:2], kept[2:3], kept[3:11], kept[12:15])
    if facts != (b"01", b"0", b"00001010", b"978"):
        bench.wait(200)
        (event,) = bench.told()
        assert not isinstance(event, CardAuthorised)


near = st.sampled_from([b"01", b"02", b"00", b"11"])
results = st.sampled_from([b"0", b"1", b"7", b"9"])
amounts = st.sampled_from([b"00001010", b"00001011", b"00001110", b"10001010", b"00000000"])
currencies = st.sampled_from([b"978", b"840", b"979", b"878"])


@given(near, results, amounts, currencies)
def test_an_answer_is_accepted_only_when_all_four_facts_are_those_asked_for(
    pos: bytes, result: bytes, amount: bytes, currency: bytes
) -> None:
    bench = Bench(byte_by_byte=False).listening()
    bench.say(encode_frame((pos + result + amount + b"1" + currency + b"0000000042").decode()))
    accepted = [event for event in bench.told() if isinstance(event, CardAuthorised)]
    fits = (pos, result, amount, currency) == (b"01", b"0", b"00001010", b"978")
    assert bool(accepted) == fits
