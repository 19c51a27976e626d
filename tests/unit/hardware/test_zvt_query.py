"""Owns the proof of registration and of the question after the last payment: patient, and one answer each."""

from __future__ import annotations

import pytest

from hardware.events import CardInDoubt, LastPaymentReported, QueryVerdict
from tests.unit.hardware.zvt_bench import APPROVED_10_10, COMPLETED, OK, OTHER_RESULT, Bench

REGISTER = "06001000000" + "03e09780301060626040a0206d3"
ENQUIRE = "0501050000000303"
REPEAT = "0620050000000303"
ABORT = "06b000"
REPEATED = (OK, APPROVED_10_10, COMPLETED)
IDLE = "060f0100"
BUSY = "060f019c"


def answers(bench: Bench) -> list[LastPaymentReported]:
    return [event for event in bench.told() if isinstance(event, LastPaymentReported)]


def asked(bench: Bench) -> Bench:
    """A query that stands before the terminal's answer to 06 20."""
    bench.registered()
    bench.query()
    bench.say(OK, IDLE, OK, COMPLETED)
    return bench


def test_opening_the_line_registers_and_reports_ready_once() -> None:
    bench = Bench()
    bench.open()
    assert bench.got() == [REGISTER]
    bench.say(OK, "060f0a19002952000001490978")
    assert bench.got() == [OK]
    assert bench.readies == 1


@pytest.mark.parametrize("answer", [["843700"], [OK, "061e016f"]])
def test_a_refused_registration_hangs_up_and_tells_why(answer: list[str]) -> None:
    bench = Bench()
    bench.open()
    bench.say(*answer)
    assert len(bench.hang_ups) == 1
    assert bench.readies == 0


def test_a_silent_terminal_gets_the_registration_three_times_and_is_hung_up() -> None:
    bench = Bench()
    bench.acknowledging = False
    bench.open()
    bench.wait(16)
    assert bench.got() == [REGISTER] * 3
    assert bench.hang_ups == ["the terminal does not answer"]


def test_a_registration_that_is_never_completed_is_hung_up() -> None:
    bench = Bench()
    bench.open()
    bench.say(OK)
    bench.wait(61)
    assert bench.hang_ups == ["the terminal did not complete the registration"]


def test_a_terminal_of_another_protocol_is_hung_up() -> None:
    bench = Bench()
    bench.acknowledging = False
    bench.open()
    bench.wire(b"\x15\x03\x69")
    assert bench.hang_ups == ["the terminal speaks another protocol (ECR17)"]


def test_a_completion_from_before_our_registration_is_not_ready_yet() -> None:
    bench = Bench()
    bench.open()
    bench.say(COMPLETED)
    assert bench.readies == 0


def test_a_positive_result_while_nothing_runs_is_refused() -> None:
    bench = Bench().registered()
    bench.say(APPROVED_10_10)
    assert bench.got() == ["846600"]


def test_an_unreadable_frame_is_answered_as_unsupported() -> None:
    bench = Bench().registered()
    bench.say("04", "040f0500", "040f0327006c")
    assert bench.got() == ["848300"] * 3


def test_the_last_payment_is_found_after_status_registration_and_repeat() -> None:
    bench = Bench().registered()
    bench.query()
    bench.say(OK, IDLE, OK, COMPLETED, *REPEATED)
    assert answers(bench) == []
    bench.say(*REPEATED)
    assert bench.got() == [ENQUIRE, OK, REGISTER, OK, REPEAT, OK, OK, REPEAT, OK, OK]
    (report,) = answers(bench)
    assert (report.query_id, report.verdict) == ("query-1", QueryVerdict.FOUND)
    assert report.evidence is not None
    assert (report.evidence.receipt_no, report.evidence.amount_minor) == ("0008", 1010)
    assert bench.readies == 1


def test_a_busy_terminal_is_told_to_stop_once_and_asked_again_every_3_s() -> None:
    bench = Bench().registered()
    bench.query()
    bench.say(OK, BUSY)
    assert bench.got() == [ENQUIRE, OK, ABORT]
    bench.say("848300")
    bench.wait(2.9)
    assert bench.got() == []
    bench.wait(0.2)
    bench.say(OK, BUSY)
    assert bench.got() == [ENQUIRE, OK]
    bench.wait(3.1)
    bench.say(OK, IDLE)
    assert bench.got() == [ENQUIRE, OK, REGISTER]


@pytest.mark.parametrize(
    "trouble", [["849c00"], ["848300"], [OK, "061e016c"], [OK, "060f0227e0"], [OK, COMPLETED]]
)
def test_anything_but_ready_is_asked_again(trouble: list[str]) -> None:
    bench = Bench().registered()
    bench.query()
    bench.say(*trouble)
    bench.got()
    bench.wait(3.1)
    assert bench.got() == [ENQUIRE]


@pytest.mark.parametrize(
    "ending",
    [
        ["848300"],
        [OK, COMPLETED],
        [OK, "061e0164"],
        [OK, APPROVED_10_10, OTHER_RESULT, COMPLETED],
        [OK, "040f0327006c", COMPLETED],
        [OK, "040f4927000400000000010060f0f5f3" + "00" * 53 + "0c1728460d0416", COMPLETED],
    ],
    ids=["refused", "no record", "aborted", "two records", "unreadable", "end of day"],
)
def test_an_answer_without_one_readable_transaction_is_unusable_and_says_why(ending: list[str]) -> None:
    bench = asked(Bench())
    bench.say(*ending)
    (report,) = answers(bench)
    assert (report.verdict, report.evidence) == (QueryVerdict.UNUSABLE, None)
    assert report.reason


def test_a_repeat_the_terminal_has_no_time_for_is_asked_again() -> None:
    bench = asked(Bench())
    bench.got()
    bench.say("849c00")
    bench.wait(3.1)
    assert bench.got() == [ENQUIRE]
    assert answers(bench) == []


def test_a_silent_terminal_ends_the_query_at_its_limit() -> None:
    bench = Bench().registered()
    bench.acknowledging = False
    bench.query()
    bench.wait(199)
    assert answers(bench) == []
    bench.wait(2)
    (report,) = answers(bench)
    assert (report.verdict, report.reason) == (QueryVerdict.NO_ANSWER, "the terminal did not answer")
    bench.wait(400)
    assert answers(bench) == []


def test_a_command_that_is_never_completed_is_asked_again() -> None:
    bench = Bench().registered()
    bench.query()
    bench.say(OK)
    bench.wait(64)
    assert bench.got() == [ENQUIRE, ENQUIRE]


def test_a_query_on_a_lost_line_waits_and_is_asked_when_the_line_returns() -> None:
    bench = Bench()
    bench.query()
    bench.wait(60)
    bench.registered()
    bench.wait(0.25)
    assert bench.got() == [ENQUIRE]


def test_a_query_on_a_line_that_never_returns_has_no_answer() -> None:
    bench = Bench()
    bench.query()
    bench.wait(201)
    assert [report.verdict for report in answers(bench)] == [QueryVerdict.NO_ANSWER]
    bench.registered()
    bench.wait(5)
    assert bench.got() == []


@pytest.mark.parametrize("heard", range(10))
def test_a_line_lost_during_the_query_begins_it_anew(heard: int) -> None:
    bench = Bench().registered()
    bench.query()
    bench.say(*[OK, IDLE, OK, COMPLETED, *REPEATED, OK, APPROVED_10_10][:heard])
    bench.close()
    bench.registered()
    bench.wait(0.25)
    bench.say(OK, IDLE, OK, COMPLETED, *REPEATED, *REPEATED)
    assert [report.verdict for report in answers(bench)] == [QueryVerdict.FOUND]


def test_a_late_live_result_during_the_query_is_refused_and_is_not_the_answer() -> None:
    bench = Bench().registered()
    bench.query()
    bench.say(OTHER_RESULT, OK, IDLE, OK, COMPLETED, *REPEATED, *REPEATED)
    assert bench.got()[:2] == [ENQUIRE, "846600"]
    (report,) = answers(bench)
    assert report.evidence is not None
    assert report.evidence.receipt_no == "0008"


def test_a_second_query_and_one_during_a_payment_get_no_answer_at_once() -> None:
    bench = Bench().registered()
    bench.query("query-1")
    bench.query("query-2")
    assert [(r.query_id, r.verdict) for r in answers(bench)] == [("query-2", QueryVerdict.NO_ANSWER)]
    bench = Bench().paying()
    bench.query()
    assert [report.verdict for report in answers(bench)] == [QueryVerdict.NO_ANSWER]


def test_a_query_right_after_silence_waits_until_the_abort_is_answered() -> None:
    bench = Bench().paying()
    bench.wait(181)
    assert [type(event) for event in bench.told()] == [CardInDoubt]
    bench.query()
    assert bench.got() == [ABORT]
    bench.say(OK)
    bench.wait(0.25)
    assert bench.got() == [ENQUIRE]


def test_a_state_shown_during_the_registration_is_answered_and_waited_over() -> None:
    bench = Bench()
    bench.open()
    bench.say(OK, "04ff010e")
    assert bench.got() == [REGISTER, OK]
    assert bench.readies == 0
    bench.say(COMPLETED)
    assert bench.readies == 1


def test_a_plain_answer_nobody_acknowledges_does_not_disturb_the_query() -> None:
    bench = asked(Bench())
    bench.acknowledging = False
    bench.say(OK, APPROVED_10_10)
    bench.wait(20)
    bench.acknowledging = True
    bench.say(COMPLETED, *REPEATED)
    assert [report.verdict for report in answers(bench)] == [QueryVerdict.FOUND]


@pytest.mark.parametrize(
    "changed",
    [
        APPROVED_10_10.replace("870008", "870007"),
        APPROVED_10_10.replace("1010490978", "1011490978"),
        APPROVED_10_10.replace("2700", "2705"),
        APPROVED_10_10.replace("52000001", "52000002"),
        APPROVED_10_10.replace("490978", "490946"),
    ],
    ids=["receipt", "amount", "result", "terminal", "currency"],
)
@pytest.mark.parametrize("changed_first", [True, False], ids=["first", "second"])
def test_a_record_repeated_in_two_ways_is_no_answer_and_is_asked_again(
    changed: str, changed_first: bool
) -> None:
    """One frame in 10^5 damaged ones passes the checksum: one digit of a record must decide nothing."""
    bench = asked(Bench())
    pair = (changed, APPROVED_10_10) if changed_first else (APPROVED_10_10, changed)
    for record in pair:
        bench.say(OK, record, COMPLETED)
    assert answers(bench) == []
    bench.wait(3.1)
    bench.say(OK, IDLE, OK, COMPLETED, *REPEATED, *REPEATED)
    (report,) = answers(bench)
    assert report.verdict is QueryVerdict.FOUND
    assert report.evidence is not None
    assert (report.evidence.receipt_no, report.evidence.amount_minor) == ("0008", 1010)
