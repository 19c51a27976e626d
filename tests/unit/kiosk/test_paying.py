"""The life of a payment, rule by rule (P1 to P10) and crash by crash (C01 to C33)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from hardware.events import (
    CardAuthorised,
    CardCompleted,
    CardDeclined,
    CardInDoubt,
    CardPhase,
    CardProgress,
    DeclineReason,
    DeviceReady,
    LastPaymentReported,
    PrintFailed,
    PrintFinished,
    QueryVerdict,
)
from inventory.domain.help_desk import Decision, HelpReason, HelpState, InterventionKind
from inventory.domain.sales import disagreements
from kiosk.checkout import effects as fx
from kiosk.checkout import messages as m
from kiosk.checkout.machine import TERMINAL
from kiosk.checkout.paying import BASE_QUERY
from kiosk.checkout.state import PaymentState, Phase, ReceiptState, TerminalMemory
from kiosk.checkout.tendering import mark_of
from tests.support.lane_fakes import BEER, MILK, TID, WATER, Walk, evidence, line, requested


def paying(*, known: bool = True) -> Walk:
    """At the reader with one milk; the terminal's last receipt was 0007."""
    walk = Walk().know_terminal("0007") if known else Walk()
    return walk.scan().pay()


def doubtful() -> Walk:
    walk = paying()
    walk.take(CardInDoubt(TERMINAL, "try-1", "the line was lost"))
    return walk


def decline(walk: Walk, reason: DeclineReason, attempt_id: str = "try-1") -> tuple[fx.Effect, ...]:
    return walk.take(CardDeclined(TERMINAL, attempt_id, reason, 0x6C))


def money(walk: Walk) -> PaymentState:
    return walk.state.payment.state


def asked(walk: Walk) -> list[str]:
    return [effect.query_id for effect in walk.effects if isinstance(effect, fx.QueryLastPayment)]


# --- the good way --------------------------------------------------------------------------------


def test_p1_the_intent_holds_all_that_a_recovery_compares_and_starts_the_terminal_once() -> None:
    walk = paying()
    assert walk.of(fx.StartPayment) == [fx.StartPayment("try-1", 129, "EUR")]
    attempt = walk.attempt
    assert (attempt.terminal_id, attempt.base_receipt_no, attempt.stored_receipt_no) == (TID, "0007", "0007")
    assert (attempt.amount_minor, attempt.currency, attempt.local_time) == (129, "EUR", "1121120000")


def test_p6_an_authorisation_is_confirmed_only_as_authed() -> None:
    walk = paying().authorise()
    assert money(walk) is PaymentState.AUTHED
    assert walk.effects == (fx.ConfirmPayment("try-1"),)


def test_p7_a_completed_authorisation_is_paid_and_queued_first_of_all() -> None:
    walk = paying().authorise().complete()
    assert (walk.state.phase, money(walk)) == (Phase.THANKS, PaymentState.PAID)
    assert isinstance(walk.effects[0], fx.QueueSale)
    sale = walk.effects[0].sale
    assert disagreements(sale) == ()
    assert (sale.sale_id, sale.receipt_no, sale.total_minor) == ("a", 1, 129)
    tender = sale.tenders[0]
    assert (tender.kind, tender.terminal_id, tender.terminal_receipt_no) == ("card", TID, "0008")
    assert tender.card_last4 == "4242"


def test_the_newest_payment_is_the_base_of_the_next_attempt() -> None:
    walk = paying().authorise().complete()
    assert walk.state.terminal == TerminalMemory(TID, "0008", "0008", mark_of(evidence("0008")))


def test_receipt_numbers_go_on_from_sale_to_sale() -> None:
    walk = paying().authorise().complete().scan(line_id="b").pay("try-2").authorise().complete()
    assert walk.state.last_receipt_no == 2
    assert walk.state.sale is not None
    assert walk.state.sale.sale_id == "b"


def test_p2_while_one_attempt_runs_no_other_begins() -> None:
    walk = paying()
    before = walk.state
    assert walk.take(replace(requested(walk.state, "try-2"), amount_minor=129)) == ()
    assert walk.state == before


def test_an_empty_basket_cannot_be_paid() -> None:
    walk = Walk().scan()
    walk.take(m.LineRemoved("a"))
    assert walk.pay().effects == ()
    assert walk.state.phase is Phase.SCANNING


# --- declined ------------------------------------------------------------------------------------


def test_a_declined_card_leaves_the_basket_and_charges_nothing() -> None:
    walk = paying()
    decline(walk, DeclineReason.REFUSED_BY_BANK)
    assert (walk.state.phase, money(walk)) == (Phase.NOT_PAID, PaymentState.DECLINED)
    assert walk.state.payment.decline is DeclineReason.REFUSED_BY_BANK
    assert walk.state.basket.total_minor == 129


def test_after_a_decline_another_card_may_be_tried() -> None:
    walk = paying()
    decline(walk, DeclineReason.WRONG_PIN)
    assert walk.pay("try-2").of(fx.StartPayment) == [fx.StartPayment("try-2", 129, "EUR")]


def test_a_declined_try_that_used_a_receipt_number_moves_the_base_on_but_not_what_is_stored() -> None:
    walk = paying()
    used = evidence("0008", result_code=0x6C)
    walk.take(CardDeclined(TERMINAL, "try-1", DeclineReason.REFUSED_BY_BANK, 0x6C, used))
    assert walk.state.terminal == TerminalMemory(TID, "0008", "0007", mark_of(evidence("0007")))


def test_going_back_asks_the_terminal_and_only_its_word_ends_the_payment() -> None:
    walk = paying()
    assert walk.take(m.PaymentCancelRequested()) == (fx.AbortPayment("try-1"),)
    assert walk.state.phase is Phase.PAYING
    decline(walk, DeclineReason.CANCELLED)
    assert (walk.state.phase, money(walk)) == (Phase.SCANNING, PaymentState.NONE)
    assert walk.state.basket.lines


def test_going_back_too_late_does_not_abort_an_authorisation() -> None:
    walk = paying().authorise()
    assert walk.take(m.PaymentCancelRequested()) == ()
    assert walk.complete().state.phase is Phase.THANKS


def test_back_to_the_basket_after_a_decline() -> None:
    walk = paying()
    decline(walk, DeclineReason.TIMED_OUT)
    walk.take(m.BasketResumed())
    assert (walk.state.phase, money(walk)) == (Phase.SCANNING, PaymentState.NONE)


def test_the_terminal_s_words_about_somebody_else_s_attempt_change_nothing() -> None:
    walk = paying()
    before = walk.state
    for event in (
        CardCompleted(TERMINAL, "try-0"),
        CardDeclined(TERMINAL, "try-0", DeclineReason.OTHER, 1),
        CardInDoubt(TERMINAL, "try-0", "?"),
        CardProgress(TERMINAL, "try-0", CardPhase.ENTER_PIN),
    ):
        assert walk.take(event) == ()
    assert walk.state == before


# --- what was authorised is not what was asked for (C33) -----------------------------------------


@pytest.mark.parametrize(
    "other",
    [
        {"amount_minor": 128},
        {"amount_minor": 0},
        {"currency": "RON"},
        {"terminal_id": "1"},
        {"result_code": 5},
    ],
    ids=str,
)
def test_c33_another_charge_than_the_one_asked_for_is_sent_back(other: dict[str, object]) -> None:
    walk = paying().authorise(**other)
    assert money(walk) is PaymentState.INTENT
    assert walk.effects == (fx.RefusePayment("try-1"),)
    decline(walk, DeclineReason.OTHER)
    assert walk.state.phase is Phase.NOT_PAID


@pytest.mark.parametrize("told", [DeclineReason.CANCELLED, DeclineReason.OTHER])
@pytest.mark.parametrize("other", [{"amount_minor": 130}, {"currency": "RON"}], ids=str)
def test_c33_a_shopper_whose_amount_was_altered_reads_why_whatever_the_terminal_calls_it(
    other: dict[str, object], told: DeclineReason
) -> None:
    """A terminal reports its own reversal as 6C, "cancelled"; a shopper who cancels gets the basket."""
    walk = paying().authorise(**other)
    decline(walk, told)
    assert (walk.state.phase, walk.state.payment.decline) == (Phase.NOT_PAID, DeclineReason.OTHER_AMOUNT)
    walk.pay("try-2")
    decline(walk, DeclineReason.CANCELLED, "try-2")
    assert walk.state.phase is Phase.SCANNING, "the next attempt is told by what happens to it"


def test_c33_another_terminal_s_authorisation_is_no_other_amount() -> None:
    walk = paying().authorise(terminal_id="1")
    decline(walk, DeclineReason.CANCELLED)
    assert (walk.state.phase, walk.state.payment.decline) == (Phase.NOT_PAID, DeclineReason.OTHER)


def test_c33_goods_scanned_meanwhile_do_not_arm_a_reader_that_used_another_amount() -> None:
    walk = paying()
    walk.take(m.ItemScanned(line(WATER, "b")))
    walk.authorise(amount_minor=130)
    decline(walk, DeclineReason.CANCELLED)
    assert walk.state.phase is Phase.NOT_PAID
    assert [each.line_id for each in walk.state.basket.lines] == ["a", "b"]
    assert walk.of(fx.RequestPaymentAgain) == []


def test_c33_an_altered_amount_is_the_reason_also_when_only_a_query_tells_that_nothing_was_charged() -> None:
    walk = paying().authorise(amount_minor=130)
    walk.take(CardInDoubt(TERMINAL, "try-1", "line lost"))
    walk.answer(QueryVerdict.FOUND, evidence("0007"))
    assert walk.state.payment.decline is DeclineReason.OTHER_AMOUNT


def test_c33_a_second_authorisation_that_fits_forgets_the_first() -> None:
    walk = paying().authorise(amount_minor=130).authorise()
    assert walk.effects == (fx.ConfirmPayment("try-1"),)
    assert walk.attempt.sent_back is None


def test_after_a_charge_was_sent_back_the_base_is_unknown_until_the_terminal_tells() -> None:
    """Else the charge that was taken back could pass for the next attempt's payment."""
    walk = paying().authorise(amount_minor=1)
    assert walk.state.terminal == TerminalMemory()
    decline(walk, DeclineReason.OTHER)
    assert asked(walk) == [BASE_QUERY]
    walk.pay("try-2")
    walk.take(CardInDoubt(TERMINAL, "try-2", "line lost"))
    walk.answer(QueryVerdict.FOUND, evidence("0008"))
    assert money(walk) is PaymentState.DISPUTED


@pytest.mark.parametrize("attempt_id", ["try-0", "try-1"])
def test_an_authorisation_nobody_waits_for_is_refused(attempt_id: str) -> None:
    walk = paying()
    decline(walk, DeclineReason.TIMED_OUT)
    assert walk.take(CardAuthorised(TERMINAL, attempt_id, evidence())) == (fx.RefusePayment(attempt_id),)
    assert money(walk) is PaymentState.DECLINED


# --- doubt (P4, P5) ------------------------------------------------------------------------------


def test_completed_without_an_authorisation_is_a_doubt_and_not_a_payment() -> None:
    walk = paying().complete()
    assert (walk.state.phase, money(walk)) == (Phase.CHECKING, PaymentState.UNKNOWN)
    assert asked(walk) == ["try-1/1"]
    assert fx.StartTimer(m.Timer.CHECKING) in walk.effects


def test_declined_after_an_authorisation_is_a_doubt() -> None:
    walk = paying().authorise()
    decline(walk, DeclineReason.OTHER)
    assert (walk.state.phase, money(walk)) == (Phase.CHECKING, PaymentState.UNKNOWN)
    assert asked(walk) == ["try-1/1"]


@pytest.mark.parametrize("authorised", [False, True])
def test_p4_a_lost_line_is_never_read_as_declined(authorised: bool) -> None:
    walk = paying()
    if authorised:
        walk.authorise()
    walk.take(CardInDoubt(TERMINAL, "try-1", "the line was lost"))
    assert money(walk) is PaymentState.UNKNOWN
    assert walk.attempt.reason == "the line was lost"


def test_p5_the_payment_that_fits_in_everything_is_paid() -> None:
    walk = doubtful()
    walk.answer(QueryVerdict.FOUND, evidence("0008"))
    assert (walk.state.phase, money(walk)) == (Phase.THANKS, PaymentState.PAID)
    assert walk.state.sale is not None
    assert walk.state.sale.tenders[0].terminal_receipt_no == "0008"
    assert fx.StopTimer(m.Timer.CHECKING) in walk.effects
    assert fx.StopTimer(m.Timer.QUERY) in walk.effects


def test_p5_the_payment_before_this_attempt_means_not_paid() -> None:
    walk = doubtful()
    walk.answer(QueryVerdict.FOUND, evidence("0007"))
    assert (walk.state.phase, money(walk)) == (Phase.NOT_PAID, PaymentState.DECLINED)


@pytest.mark.parametrize(
    "found",
    [
        evidence("0009"),
        evidence("0008", amount_minor=130),
        evidence("0008", currency="RON"),
        evidence("0008", terminal_id="9"),
        evidence("0008", terminal_time="090000"),
    ],
    ids=["other receipt", "other amount", "other currency", "other terminal", "other time"],
)
def test_p5_whatever_does_not_fit_goes_to_a_person(found: object) -> None:
    walk = doubtful()
    walk.answer(QueryVerdict.FOUND, found)  # type: ignore[arg-type]  # parametrised evidence
    assert (walk.state.phase, money(walk)) == (Phase.CHECKING, PaymentState.DISPUTED)
    assert len(walk.of(fx.RaiseIntervention)) == 1
    assert fx.StopTimer(m.Timer.QUERY) in walk.effects


def test_no_answer_asks_again_under_a_new_id() -> None:
    walk = doubtful()
    assert walk.answer(QueryVerdict.NO_ANSWER) == (fx.StartTimer(m.Timer.QUERY),)
    walk.take(m.TimerExpired(m.Timer.QUERY))
    assert asked(walk) == ["try-1/2"]


def test_the_answer_to_an_older_question_is_not_taken_for_the_newest() -> None:
    walk = doubtful()
    walk.answer(QueryVerdict.NO_ANSWER)
    walk.take(m.TimerExpired(m.Timer.QUERY))
    assert walk.take(LastPaymentReported(TERMINAL, "try-1/1", QueryVerdict.FOUND, evidence("0008"))) == ()
    assert money(walk) is PaymentState.UNKNOWN


def test_late_words_of_the_payment_do_not_settle_a_doubt() -> None:
    walk = doubtful()
    before = walk.state
    assert walk.complete().effects == ()
    assert decline(walk, DeclineReason.CANCELLED) == ()
    assert walk.state == before


def test_p8_after_half_a_minute_a_person_is_called_with_the_facts_and_once_only() -> None:
    walk = doubtful()
    walk.take(m.TimerExpired(m.Timer.CHECKING))
    (raised,) = walk.of(fx.RaiseIntervention)
    assert raised == fx.RaiseIntervention(
        "pay-try-1",
        InterventionKind.PAYMENT_IN_DOUBT,
        ("129 EUR", "1121120000", "the line was lost"),
    )
    assert walk.of(fx.SendHelp) == [fx.SendHelp("help-try-1", HelpState.REQUESTED, HelpReason.PAYMENT)]
    assert walk.take(m.TimerExpired(m.Timer.CHECKING)) == ()


def test_p8_who_is_on_the_way_already_is_not_called_a_second_time() -> None:
    walk = doubtful()
    walk.take(m.HelpRequested("help-9"))
    walk.take(m.TimerExpired(m.Timer.CHECKING))
    assert walk.of(fx.RaiseIntervention)
    assert not walk.of(fx.SendHelp)


def test_the_terminal_is_still_asked_after_a_person_was_called() -> None:
    walk = doubtful()
    walk.take(m.TimerExpired(m.Timer.CHECKING))
    walk.answer(QueryVerdict.NO_ANSWER)
    walk.take(m.TimerExpired(m.Timer.QUERY))
    assert asked(walk) == ["try-1/2"]
    walk.answer(QueryVerdict.FOUND, evidence("0008"))
    assert money(walk) is PaymentState.PAID
    assert walk.of(fx.WithdrawIntervention) == [
        fx.WithdrawIntervention("pay-try-1", InterventionKind.PAYMENT_IN_DOUBT)
    ]


# --- the person decides --------------------------------------------------------------------------


def test_an_attendant_who_saw_the_charge_makes_it_paid_under_their_name() -> None:
    walk = doubtful()
    walk.take(m.TimerExpired(m.Timer.CHECKING))
    walk.take(m.InterventionDecided("pay-try-1", Decision.APPROVED, "Marco"))
    assert money(walk) is PaymentState.PAID
    assert walk.state.sale is not None
    assert walk.state.sale.tenders[0].kind == "card, confirmed by Marco"
    assert walk.state.terminal == TerminalMemory(), "what the terminal holds was not read by us"


def test_an_attendant_who_saw_no_charge_gives_the_basket_back() -> None:
    walk = doubtful()
    walk.take(m.InterventionDecided("pay-try-1", Decision.REFUSED, "Marco"))
    assert (walk.state.phase, money(walk)) == (Phase.NOT_PAID, PaymentState.DECLINED)


def test_a_charge_the_attendant_undid_by_hand_never_pays_for_the_next_attempt() -> None:
    walk = doubtful()
    walk.answer(QueryVerdict.FOUND, evidence("0008", terminal_time="090000"))
    walk.take(m.InterventionDecided("pay-try-1", Decision.REFUSED, "Marco"))
    assert asked(walk) == [BASE_QUERY]
    walk.pay("try-2")
    walk.take(CardInDoubt(TERMINAL, "try-2", "line lost"))
    walk.answer(QueryVerdict.FOUND, evidence("0008"))
    assert money(walk) is PaymentState.DISPUTED


@pytest.mark.parametrize("intervention_id", ["pay-try-0", "age-a", ""])
def test_a_decision_about_something_else_does_not_move_the_money(intervention_id: str) -> None:
    walk = doubtful()
    before = walk.state
    walk.take(m.InterventionDecided(intervention_id, Decision.APPROVED, "Marco"))
    assert walk.state == before


@pytest.mark.parametrize("decision", list(Decision))
def test_a_decision_before_any_doubt_is_too_early(decision: Decision) -> None:
    walk = paying()
    walk.take(m.InterventionDecided("pay-try-1", decision, "Marco"))
    assert money(walk) is PaymentState.INTENT


# --- scanned while paying ------------------------------------------------------------------------


def test_an_item_scanned_while_paying_stops_the_reader_joins_and_arms_it_again() -> None:
    walk = paying()
    walk.scan(WATER, "b")
    assert fx.AbortPayment("try-1") in walk.effects
    assert walk.state.basket.total_minor == 129
    decline(walk, DeclineReason.CANCELLED)
    assert walk.state.basket.total_minor == 129 + 114
    assert walk.of(fx.RequestPaymentAgain) == [fx.RequestPaymentAgain()]
    assert walk.pay("try-2").of(fx.StartPayment) == [fx.StartPayment("try-2", 243, "EUR")]


def test_an_item_scanned_after_the_authorisation_is_left_out_and_said_so() -> None:
    walk = paying().authorise().scan(WATER, "b")
    assert fx.AbortPayment("try-1") not in walk.effects
    walk.complete()
    assert walk.state.sale is not None
    assert walk.state.sale.total_minor == 129
    assert walk.state.left_out == (line(WATER, "b"),)
    assert walk.state.payment.added_while_paying == ()
    assert walk.scan(line_id="next").state.left_out == ()


def test_an_item_scanned_before_the_bank_said_no_is_in_the_basket_afterwards() -> None:
    walk = paying().scan(WATER, "b")
    decline(walk, DeclineReason.REFUSED_BY_BANK)
    assert walk.state.phase is Phase.NOT_PAID
    assert walk.state.basket.total_minor == 243
    assert fx.RequestPaymentAgain() not in walk.effects


def test_an_age_limited_item_scanned_while_paying_raises_its_check_before_the_next_try() -> None:
    walk = paying().scan(BEER, "b")
    decline(walk, DeclineReason.CANCELLED)
    assert walk.of(fx.RaiseIntervention)
    assert walk.pay("try-2").effects == ()


def test_an_item_scanned_while_paying_survives_a_doubt_that_ends_not_paid() -> None:
    walk = paying().scan(WATER, "b")
    walk.take(CardInDoubt(TERMINAL, "try-1", "line lost"))
    walk.answer(QueryVerdict.FOUND, evidence("0007"))
    assert walk.state.phase is Phase.NOT_PAID
    assert walk.state.basket.total_minor == 243


# --- restarts ------------------------------------------------------------------------------------


@pytest.mark.parametrize("authorised", [False, True])
def test_c05_to_c13_a_restart_with_an_open_payment_asks_the_terminal_first(authorised: bool) -> None:
    walk = paying()
    if authorised:
        walk.authorise()
    walk.take(m.LaneStarted("boot-2"))
    assert (walk.state.phase, money(walk)) == (Phase.CHECKING, PaymentState.UNKNOWN)
    assert asked(walk) == ["try-1/1"]
    assert not walk.of(fx.StartPayment)
    assert not walk.of(fx.ConfirmPayment)


def test_c26_a_restart_during_the_recovery_asks_again_under_a_newer_id() -> None:
    walk = paying()
    walk.take(m.LaneStarted("boot-2"), m.LaneStarted("boot-3"))
    assert asked(walk) == ["try-1/2"]
    assert fx.StartTimer(m.Timer.CHECKING) in walk.effects


def test_a_restart_in_a_dispute_calls_the_person_again_and_does_not_ask_the_terminal() -> None:
    walk = doubtful()
    walk.answer(QueryVerdict.FOUND, evidence("0009"))
    walk.take(m.LaneStarted("boot-2"))
    assert money(walk) is PaymentState.DISPUTED
    assert len(walk.of(fx.RaiseIntervention)) == 1
    assert asked(walk) == []


def test_c12_an_authorised_payment_that_was_reversed_meanwhile_is_not_paid() -> None:
    walk = paying().authorise()
    walk.take(m.LaneStarted("boot-2"))
    walk.answer(QueryVerdict.FOUND, evidence("0007"))
    assert (walk.state.phase, money(walk)) == (Phase.NOT_PAID, PaymentState.DECLINED)


def test_a_restart_after_a_decline_gives_the_basket_back() -> None:
    walk = paying()
    decline(walk, DeclineReason.REFUSED_BY_BANK)
    walk.later(60).take(m.LaneStarted("boot-2"))
    assert walk.state.phase is Phase.NOT_PAID
    assert walk.state.basket.lines


@pytest.mark.parametrize("receipt_no", ["0007", "0008"])
def test_a_restart_after_a_doubt_was_answered_calls_the_person_off_once_more(receipt_no: str) -> None:
    walk = doubtful()
    walk.take(m.TimerExpired(m.Timer.CHECKING))
    walk.answer(QueryVerdict.FOUND, evidence(receipt_no))
    walk.take(m.LaneStarted("boot-2"))
    assert fx.WithdrawIntervention("pay-try-1", InterventionKind.PAYMENT_IN_DOUBT) in walk.effects


def test_c18_a_restart_on_the_thanks_screen_keeps_the_receipt_on_offer() -> None:
    walk = paying().authorise().complete()
    walk.take(m.LaneStarted("boot-2"))
    assert (walk.state.phase, walk.state.receipt) == (Phase.THANKS, ReceiptState.OFFERED)
    assert walk.unlit() == (fx.StartTimer(m.Timer.THANKS),)


# --- the base ------------------------------------------------------------------------------------


def test_the_base_is_asked_whenever_the_terminal_comes_up_and_no_payment_is_open() -> None:
    assert Walk().take(DeviceReady(TERMINAL)) == (fx.QueryLastPayment(BASE_QUERY),)
    assert Walk().take(DeviceReady("printer")) == ()
    assert paying().take(DeviceReady(TERMINAL)) == ()
    assert doubtful().take(DeviceReady(TERMINAL)) == ()


def test_a_terminal_that_holds_nothing_is_known_all_the_same() -> None:
    walk = Walk()
    walk.take(LastPaymentReported(TERMINAL, BASE_QUERY, QueryVerdict.NOTHING_STORED, terminal_id=TID))
    assert walk.state.terminal == TerminalMemory(TID)


@pytest.mark.parametrize("verdict", [QueryVerdict.NO_ANSWER, QueryVerdict.UNUSABLE])
def test_a_terminal_that_does_not_tell_has_no_base(verdict: QueryVerdict) -> None:
    walk = Walk().know_terminal("0007")
    walk.take(LastPaymentReported(TERMINAL, BASE_QUERY, verdict))
    assert walk.state.terminal == TerminalMemory()


def test_numbers_begun_anew_after_an_end_of_day_never_hide_a_charge() -> None:
    walk = Walk().know_terminal("0001")
    walk.take(LastPaymentReported(TERMINAL, BASE_QUERY, QueryVerdict.UNUSABLE))  # the record is a day's end
    walk.scan().pay()
    walk.take(CardInDoubt(TERMINAL, "try-1", "the line was lost"))
    walk.answer(QueryVerdict.FOUND, evidence("0001"))  # today's first, not yesterday's
    assert money(walk) is PaymentState.DISPUTED


def test_a_charge_without_a_number_is_no_base_for_the_next_attempt() -> None:
    walk = paying().authorise(receipt_no="").complete()
    assert walk.state.terminal == TerminalMemory()


def test_the_late_answer_about_a_doubt_that_a_person_ended_is_the_next_base() -> None:
    walk = doubtful()
    walk.take(m.InterventionDecided("pay-try-1", Decision.REFUSED, "Marco"))
    walk.take(LastPaymentReported(TERMINAL, BASE_QUERY, QueryVerdict.NO_ANSWER))  # still busy with the doubt
    walk.take(LastPaymentReported(TERMINAL, "try-1/1", QueryVerdict.FOUND, evidence("0007")))
    assert walk.state.terminal == TerminalMemory(TID, "0007", "0007", mark_of(evidence("0007")))
    assert money(walk) is PaymentState.DECLINED


def test_the_answer_about_the_base_never_settles_a_payment() -> None:
    walk = doubtful()
    walk.take(LastPaymentReported(TERMINAL, BASE_QUERY, QueryVerdict.FOUND, evidence("0008")))
    assert money(walk) is PaymentState.UNKNOWN


# --- the base of the next payment ----------------------------------------------------------------


def test_a_receipt_number_that_does_not_follow_the_base_is_asked_for_and_not_believed() -> None:
    walk = paying().authorise(receipt_no="0018")
    walk.complete()
    assert money(walk) is PaymentState.PAID, "amount, currency and terminal were right"
    assert walk.state.terminal == TerminalMemory()
    assert fx.QueryLastPayment(BASE_QUERY) in walk.effects


def test_a_receipt_number_that_follows_is_the_next_base_and_nobody_is_asked() -> None:
    walk = paying().authorise(receipt_no="0008")
    walk.complete()
    assert walk.state.terminal.receipt_no == "0008"
    assert fx.QueryLastPayment(BASE_QUERY) not in walk.effects


# --- storage -------------------------------------------------------------------------------------


def test_c15_what_cannot_be_written_is_refused_at_the_terminal() -> None:
    walk = paying()
    call = fx.SendHelp("storage-try-1", HelpState.REQUESTED, HelpReason.PAYMENT)
    again = fx.StartTimer(m.Timer.STORAGE)
    walk.take(m.StorageFailed("try-1", "disk full"))
    assert walk.unlit() == (fx.RefusePayment("try-1"), again, call)
    assert walk.state.devices.storage_failed == "disk full"
    assert money(walk) is PaymentState.INTENT
    assert walk.take(m.StorageFailed("", "disk full")) == (again,), "a person is called once"


def test_a_disk_that_takes_entries_again_leaves_a_doubt_about_the_payment_it_missed() -> None:
    walk = paying().authorise()
    walk.take(m.StorageFailed("", "disk full"), m.StorageRecovered(("CardCompleted",)))
    assert money(walk) is PaymentState.UNKNOWN
    assert walk.state.devices.storage_failed == ""
    assert fx.QueryLastPayment("try-1/1") in walk.effects


def test_a_disk_that_takes_entries_again_lets_a_basket_be_paid_again() -> None:
    walk = Walk().know_terminal().scan()
    walk.take(m.StorageFailed("", "disk full"))
    assert walk.unlit() == (fx.StartTimer(m.Timer.STORAGE),)
    walk.take(m.StorageRecovered(("ItemScanned",)))
    assert walk.unlit() == (fx.StopTimer(m.Timer.STORAGE),)
    assert walk.state.devices.storage_failed == ""


# --- paper ---------------------------------------------------------------------------------------


def test_the_first_paper_is_the_receipt_and_every_later_one_a_copy() -> None:
    walk = paying().authorise().complete()
    sale = walk.state.sale
    assert sale is not None
    assert fx.PrintReceipt(sale, copy=False) in walk.take(m.ReceiptWanted())
    assert walk.take(m.ReceiptWanted()) == (), "one job at a time"
    walk.take(PrintFinished("printer", sale.sale_id))
    assert walk.state.receipt is ReceiptState.PRINTED
    assert fx.PrintReceipt(sale, copy=True) in walk.take(m.ReceiptWanted())


@pytest.mark.parametrize("how", ["failed", "power cut"])
def test_c19_c20_paper_of_which_nobody_knows_how_far_it_came_is_followed_by_a_copy(how: str) -> None:
    walk = paying().authorise().complete()
    sale = walk.state.sale
    assert sale is not None
    walk.take(m.ReceiptWanted())
    walk.take(PrintFailed("printer", sale.sale_id, "paper out") if how == "failed" else m.LaneStarted("b"))
    assert walk.state.receipt is ReceiptState.FAILED
    assert fx.PrintReceipt(sale, copy=True) in walk.take(m.ReceiptWanted())


def test_the_printer_s_word_about_another_sale_is_not_about_this_one() -> None:
    walk = paying().authorise().complete()
    walk.take(m.ReceiptWanted())
    assert walk.take(PrintFinished("printer", "yesterday")) == ()
    assert walk.state.receipt is ReceiptState.PRINTING


def test_the_shopper_s_language_stands_on_the_sale() -> None:
    walk = Walk().know_terminal().scan(MILK)
    walk.take(m.LanguageChosen("it"))
    walk.pay().authorise().complete()
    assert walk.state.sale is not None
    assert walk.state.sale.language == "it"
    assert walk.state.sale.lines[0].name == "Latte"
