"""Owns the proof of orders to a ZVT terminal: one outcome, money moved at most once, doubt said as doubt."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardware.events import (
    CardDeclined,
    CardEvidence,
    DayTotals,
    LastPaymentReported,
    OrderDone,
    OrderFailed,
    OrderInDoubt,
    QueryVerdict,
)
from hardware.ports import OrderKind, TerminalOrder
from hardware.protocols.zvt_codes import failure_text
from hardware.protocols.zvt_job import ZvtSettings
from tests.unit.hardware.zvt_bench import (
    ABORT,
    APPROVED_10_10,
    COMPLETED,
    DIAGNOSIS,
    END_OF_DAY,
    EVERY_ORDER,
    INITIALISATION,
    OK,
    OTHER_RESULT,
    REFUND,
    REFUSED,
    REVERSAL,
    STOPPED,
    UNSUPPORTED,
    WRONG_PIN,
    Bench,
    order_ends,
)

CLOSE_DAY = "065003000000"
COUNTERS = "60f0f5f3" + "00070009" + "02000000001010" + "01000000000250" + "00" * 35


def result(fields: str) -> str:
    return f"040f{len(fields) // 2:02x}{fields}"


TOTALS = result("2700" + "04000000001260" + COUNTERS)
MONEY_ORDERS = (REVERSAL, REFUND)
SENT_ONCE = (REVERSAL, REFUND, END_OF_DAY)


def name_of(order: TerminalOrder) -> str:
    return order.kind.value


def kinds(bench: Bench) -> list[type]:
    return [type(event) for event in order_ends(bench.told())]


# --- done ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("order", MONEY_ORDERS, ids=name_of)
def test_money_given_back_is_told_with_the_terminals_evidence(order: TerminalOrder) -> None:
    bench = Bench().ordering(order)
    bench.say("04ff010e", APPROVED_10_10)
    assert bench.got() == [OK, OK]
    assert bench.told() == []
    bench.say(COMPLETED)
    evidence = CardEvidence("52000001", "0008", "000007", 1010, "EUR", 0)
    assert bench.told() == [OrderDone("terminal", "order-1", None, evidence)]


def test_a_closed_day_is_told_with_its_totals() -> None:
    bench = Bench().ordering(END_OF_DAY)
    bench.say(TOTALS, COMPLETED)
    totals = DayTotals(1260, "EUR", 3, "0007", "0009")
    assert bench.told() == [OrderDone("terminal", "order-1", totals)]


@pytest.mark.parametrize(
    ("fields", "totals"),
    [
        ("2700" + "04000000001260", DayTotals(1260, "EUR")),
        ("2700" + "04000000001260" + "60f0f0f3000700", DayTotals(1260, "EUR")),
        ("2700" + "04000000001260" + "60f0f1f10007000901ffffffffffff", DayTotals(1260, "EUR")),
        ("2700", None),
    ],
    ids=["the sum alone", "counters of another shape", "no digits", "nothing"],
)
def test_totals_that_are_not_told_are_not_made_up(fields: str, totals: DayTotals | None) -> None:
    bench = Bench().ordering(END_OF_DAY)
    bench.say(result(fields), COMPLETED)
    assert bench.told() == [OrderDone("terminal", "order-1", totals)]


def test_the_sum_is_added_up_when_only_the_counters_tell_it() -> None:
    bench = Bench().ordering(END_OF_DAY)
    bench.say(result("2700" + COUNTERS), COMPLETED)
    assert bench.told() == [OrderDone("terminal", "order-1", DayTotals(1260, "EUR", 3, "0007", "0009"))]


@pytest.mark.parametrize(("word", "reason"), [("27e0", "updates"), ("27fc", "restarts")])
def test_a_day_closed_before_the_terminal_goes_away_is_done_and_the_line_begins_anew(
    word: str, reason: str
) -> None:
    bench = Bench().ordering(END_OF_DAY)
    bench.say(TOTALS, "060f02" + word)
    assert bench.got() == [OK, OK]
    assert kinds(bench) == [OrderDone]
    assert [reason in hang_up for hang_up in bench.hang_ups] == [True]
    bench.start()  # the terminal would not answer: nothing is sent
    assert bench.got() == []
    assert [type(event) for event in bench.told()] == [CardDeclined]


def test_an_order_that_was_done_frees_the_terminal_for_payments() -> None:
    bench = Bench().ordering(DIAGNOSIS)
    bench.say(COMPLETED)
    assert kinds(bench) == [OrderDone]
    bench.got()
    bench.start()
    assert len(bench.got()) == 1


@pytest.mark.parametrize("ending", [["84b400"], ["841e01b4"], [OK, "061e01b4"], [OK, "040f0227b4", "061e00"]])
def test_a_reversal_of_what_is_already_reversed_is_done(ending: list[str]) -> None:
    bench = Bench().registered()
    bench.order(REVERSAL)
    bench.say(*ending)
    assert bench.told() == [OrderDone("terminal", "order-1")]


# --- failed --------------------------------------------------------------------------------------


@pytest.mark.parametrize("order", EVERY_ORDER, ids=name_of)
@pytest.mark.parametrize(
    ("ending", "code"),
    [
        (["847700"], 0x77),
        (["841e0177"], 0x77),
        ([OK, "061e0177"], 0x77),
        ([OK, "040f022777", "061e00"], 0x77),
    ],
    ids=["refused", "refused with a code", "aborted", "negative result"],
)
def test_an_order_the_terminal_refuses_has_failed_with_its_code(
    order: TerminalOrder, ending: list[str], code: int
) -> None:
    bench = Bench().registered()
    bench.order(order)
    bench.say(*ending)
    assert bench.told() == [OrderFailed("terminal", "order-1", code, "the terminal cannot close its day now")]


def test_only_a_reversal_is_done_by_being_already_reversed() -> None:
    bench = Bench().ordering(REFUND)
    bench.say("061e01b4")
    assert bench.told() == [OrderFailed("terminal", "order-1", 0xB4, "already reversed")]


def test_a_terminal_that_forgot_its_registration_fails_the_order_and_is_registered_anew() -> None:
    bench = Bench().ordering(REVERSAL)
    bench.say("061e016b")
    assert kinds(bench) == [OrderFailed]
    assert bench.hang_ups == ["the terminal forgot its registration"]


@pytest.mark.parametrize(
    "order",
    [
        TerminalOrder("order-1", OrderKind.REVERSAL),
        TerminalOrder("order-1", OrderKind.REVERSAL, "0000"),
        TerminalOrder("order-1", OrderKind.REVERSAL, "12345"),
        TerminalOrder("order-1", OrderKind.REVERSAL, "٣"),
        TerminalOrder("order-1", OrderKind.REVERSAL, "8", 1010, "CHF"),
        TerminalOrder("order-1", OrderKind.REVERSAL, "8", -1, "EUR"),
        TerminalOrder("order-1", OrderKind.REFUND),
        TerminalOrder("order-1", OrderKind.REFUND, amount_minor=10**12, currency="EUR"),
        TerminalOrder("order-1", OrderKind.REFUND, amount_minor=100, currency=""),
    ],
)
def test_an_order_that_cannot_be_said_in_zvt_fails_and_sends_nothing(order: TerminalOrder) -> None:
    bench = Bench().registered()
    bench.order(order)
    assert bench.got() == []
    (failed,) = bench.told()
    assert isinstance(failed, OrderFailed)
    assert failed.reason


@pytest.mark.parametrize("order", EVERY_ORDER, ids=name_of)
def test_an_order_on_a_line_that_is_not_free_fails_and_sends_nothing(order: TerminalOrder) -> None:
    lost = Bench()
    opening = Bench()
    opening.open()
    querying = Bench().registered()
    querying.query()
    for bench in (lost, opening, querying, Bench().paying(), Bench().ordering(DIAGNOSIS)):
        bench.got()
        bench.order(
            TerminalOrder("order-2", order.kind, order.receipt_no, order.amount_minor, order.currency)
        )
        assert bench.got() == []
        reason = "the terminal is busy with another command, or its line is lost"
        assert bench.told() == [OrderFailed("terminal", "order-2", 0, reason)]


def test_payments_and_queries_are_refused_while_an_order_runs() -> None:
    bench = Bench().ordering(END_OF_DAY)
    bench.start()
    bench.query()
    assert bench.got() == []
    declined, report = bench.told()
    assert isinstance(declined, CardDeclined)
    assert isinstance(report, LastPaymentReported)
    assert report.verdict is QueryVerdict.NO_ANSWER


def test_a_line_lost_before_the_order_left_has_moved_nothing() -> None:
    bench = Bench().registered()
    bench.acknowledging = False
    bench.say("040108aa2104160c170012")  # our answer is not acknowledged, so the order waits behind it
    bench.order(REVERSAL)
    bench.close()
    reason = "the line was lost before the order left"
    assert bench.told() == [OrderFailed("terminal", "order-1", 0, reason)]


# --- in doubt ------------------------------------------------------------------------------------


@pytest.mark.parametrize("order", SENT_ONCE, ids=name_of)
def test_an_order_that_moves_money_or_closes_a_day_is_never_sent_again_after_silence(
    order: TerminalOrder,
) -> None:
    bench = Bench().registered()
    bench.acknowledging = False
    bench.order(order)
    bench.wait(60)
    assert len(bench.got()) == 1
    assert kinds(bench) == [OrderInDoubt]


@pytest.mark.parametrize("order", [DIAGNOSIS, INITIALISATION], ids=name_of)
def test_an_order_that_changes_no_books_is_repeated_as_the_link_allows(order: TerminalOrder) -> None:
    bench = Bench().registered()
    bench.acknowledging = False
    bench.order(order)
    bench.wait(60)
    assert len(bench.got()) == 3
    assert kinds(bench) == [OrderInDoubt]


@pytest.mark.parametrize("order", EVERY_ORDER, ids=name_of)
def test_an_acknowledged_order_without_an_answer_is_in_doubt_after_t3(order: TerminalOrder) -> None:
    bench = Bench().registered()
    bench.order(order)
    bench.wait(4.9)
    assert bench.told() == []
    bench.wait(0.2)
    assert kinds(bench) == [OrderInDoubt]


@pytest.mark.parametrize("order", EVERY_ORDER, ids=name_of)
@pytest.mark.parametrize("heard", range(4))
def test_a_line_lost_during_an_order_is_doubt_and_told_once(order: TerminalOrder, heard: int) -> None:
    bench = Bench().registered()
    bench.order(order)
    bench.say(*[OK, "04ff010e", WRONG_PIN][:heard])
    bench.close()
    bench.close()
    bench.wait(400)
    assert kinds(bench) == [OrderInDoubt]


@pytest.mark.parametrize("order", EVERY_ORDER, ids=name_of)
@pytest.mark.parametrize("told", ["040f022700", "040f022705"])
def test_a_missing_last_word_is_doubt_after_30_s(order: TerminalOrder, told: str) -> None:
    bench = Bench().ordering(order)
    bench.say(told)
    bench.wait(29.9)
    assert bench.told() == []
    bench.wait(0.2)
    assert bench.got() == [OK]
    assert kinds(bench) == [OrderInDoubt]


@pytest.mark.parametrize("order", EVERY_ORDER, ids=name_of)
def test_silence_for_t4_is_doubt_and_stops_a_terminal_that_may_wait_for_a_card(order: TerminalOrder) -> None:
    bench = Bench().ordering(order)
    bench.wait(179.9)
    assert bench.told() == []
    bench.wait(0.2)
    assert kinds(bench) == [OrderInDoubt]
    assert bench.got() == ([ABORT] if order in MONEY_ORDERS else [])


@pytest.mark.parametrize(
    "ending",
    [
        [COMPLETED],
        [STOPPED, COMPLETED],
        [APPROVED_10_10, "060f022705"],
        [APPROVED_10_10, "061e016c"],
        [APPROVED_10_10, OTHER_RESULT],
        ["061e026c27"],
    ],
    ids=["no result", "negative", "closed with a code", "aborted after yes", "two results", "unreadable"],
)
def test_contradictions_about_money_are_doubt(ending: list[str]) -> None:
    bench = Bench().ordering(REFUND)
    bench.say(*ending)
    assert kinds(bench) == [OrderInDoubt]


def test_a_second_result_is_refused_and_the_same_one_again_is_not() -> None:
    bench = Bench().ordering(REFUND)
    bench.say(APPROVED_10_10, APPROVED_10_10)
    assert bench.got() == [OK, OK]
    assert bench.told() == []
    bench.say(OTHER_RESULT)
    assert bench.got() == [REFUSED]


def test_answers_nobody_acknowledges_do_not_settle_an_order() -> None:
    bench = Bench().ordering(REVERSAL)
    bench.acknowledging = False
    bench.say(APPROVED_10_10)
    bench.wait(16)
    assert bench.got() == [OK] * 3
    assert bench.told() == []
    bench.acknowledging = True
    bench.say(COMPLETED)
    assert kinds(bench) == [OrderDone]


def test_a_result_repeated_after_the_line_came_back_is_accepted_again() -> None:
    bench = Bench().ordering(REVERSAL)
    bench.say(APPROVED_10_10)
    bench.close()
    bench.open()
    bench.got()
    bench.say(APPROVED_10_10)
    assert bench.got() == [OK]


def test_a_result_that_cannot_be_read_is_not_taken_for_one() -> None:
    bench = Bench().ordering(REFUND)
    bench.say("040f0204ff", TOTALS)
    assert bench.got() == [UNSUPPORTED, OK]
    bench.say(COMPLETED)
    assert kinds(bench) == [OrderInDoubt]


@pytest.mark.parametrize("order", [END_OF_DAY, DIAGNOSIS, INITIALISATION], ids=name_of)
def test_a_payment_result_that_nobody_waits_for_is_refused_while_an_order_runs(order: TerminalOrder) -> None:
    bench = Bench().ordering(order)
    bench.say(APPROVED_10_10)
    assert bench.got() == [REFUSED]
    bench.say(COMPLETED)
    assert bench.told() == [OrderDone("terminal", "order-1")]


def test_a_message_of_the_command_before_is_answered_and_changes_nothing() -> None:
    bench = Bench().registered()
    bench.order(REVERSAL)
    bench.got()
    bench.say(COMPLETED, APPROVED_10_10, "061e016c")
    assert bench.got() == [OK, REFUSED, OK]
    assert bench.told() == []


def test_states_give_an_order_more_patience() -> None:
    bench = Bench().ordering(END_OF_DAY)
    for message in ("04ff0106", "04ff01c9", "04ff00"):
        bench.wait(170)
        bench.say(message)
    bench.say("04ff020605")
    bench.wait(299)
    assert bench.told() == []
    bench.wait(2)
    assert kinds(bench) == [OrderInDoubt]


def test_every_failure_has_words() -> None:
    assert all(failure_text(code) for code in range(256))
    assert failure_text(0xFE) == "the terminal answered FE"


words = "849c00 84b400 061e016c 061e01b4 061e00 04ff010a 040f0327006c 06d10181 06d80105 040f022705 060f0227e0"
messages = st.sampled_from(
    [OK, UNSUPPORTED, COMPLETED, APPROVED_10_10, OTHER_RESULT, WRONG_PIN, TOTALS, *words.split()]
)
acts = st.one_of(
    st.tuples(st.just("say"), messages),
    st.tuples(st.just("wire"), st.binary(max_size=12) | st.sampled_from([b"\x06", b"\x15", b"\x15\x03\x69"])),
    st.tuples(st.just("wait"), st.sampled_from([0.5, 4.5, 6.0, 40.0])),
    st.tuples(st.sampled_from(["lose", "deaf", "hear", "pay", "query", "log off"]), st.none()),
)


@given(st.sampled_from(SENT_ONCE), st.lists(acts, max_size=14))
def test_whatever_happens_one_order_is_sent_at_most_once_and_has_one_outcome(
    order: TerminalOrder, story: list[tuple[str, object]]
) -> None:
    bench = Bench(ZvtSettings(t4_s=30.0), byte_by_byte=False).registered()
    bench.order(order)
    (command,) = bench.got()
    naks = 0
    for verb, argument in story:
        match verb, argument:
            case "say", str(apdu):
                bench.say(apdu)
            case "wire", bytes(data):
                naks += data.count(b"\x15")
                bench.wire(data)
            case "wait", float(duration_s):
                bench.wait(duration_s)
            case "lose", _:
                bench.close()
                bench.open()
            case "pay", _:
                bench.start()
            case "query", _:
                bench.query()
            case "log off", _:
                bench.log_off()
            case _:
                bench.acknowledging = verb == "hear"
    bench.wait(300, step_s=5)
    assert len(order_ends(bench.told())) == 1
    assert bench.got().count(command) <= naks
