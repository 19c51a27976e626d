"""Owns the contract of the second payment protocol: Concert driver and simulated terminal over a real pty.

It must not look at bytes. What was charged is read from the terminal's own journal.
"""

from __future__ import annotations

import queue
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from hardware.drivers.terminal_concert import ConcertTerminal
from hardware.drivers.terminal_on_line import STUCK
from hardware.events import (
    CardAuthorised,
    CardCompleted,
    CardDeclined,
    CardInDoubt,
    CardProgress,
    DeclineReason,
    DeviceEvent,
    DeviceLost,
    DeviceReady,
    LastPaymentReported,
    OrderFailed,
    QueryVerdict,
)
from hardware.line import COMMAND_LIMIT
from hardware.ports import Health, OrderKind, PaymentRequest, PaymentTerminal, TerminalOrder
from hardware.protocols.concert import CANNOT_TELL, NOT_READY
from hardware.protocols.concert_payment import NO_WAY_BACK
from hardware.protocols.concert_settings import ConcertSettings
from hardware.simulators.concert_terminal import ConcertTerminalSimulator, Unpaid
from hardware.simulators.zvt_cards import CardAction, CardScript, UnplugMoment
from tests.support.device_events import wait_until

REQUEST = PaymentRequest("attempt-1", 1010, "EUR")
PATIENCE_S = 8.0

Expected = type[DeviceEvent]


class Counter:
    """A simulated terminal, the driver on its cable, and what the driver tells the lane."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._events: queue.Queue[DeviceEvent] = queue.Queue()
        self.terminal = self.make_terminal()
        self.driver: PaymentTerminal = self.make_driver()

    def make_driver(self, answer_s: float = 5.0, hold_limit_s: float = 3.0) -> ConcertTerminal:
        url = f"serial://{self._folder / 'terminal'}"
        settings = ConcertSettings(
            enquiry_s=0.3, ack_s=0.5, answer_s=answer_s, release_s=0.4, hold_limit_s=hold_limit_s
        )
        return ConcertTerminal("terminal", url, settings, self._events.put, time.monotonic)

    def make_terminal(
        self, unpaid: Unpaid = Unpaid.STAYS_BUSY, card_wait_s: float = 60.0
    ) -> ConcertTerminalSimulator:
        link, journal = self._folder / "terminal", self._folder / "journal.jsonl"
        return ConcertTerminalSimulator(link, journal, unpaid=unpaid, card_wait_s=card_wait_s)

    def open(self) -> Counter:
        self.terminal.start()
        self.driver.open()
        self.until(DeviceReady)
        return self

    def close(self) -> None:
        self.driver.close()
        self.terminal.stop()

    def until(self, *kinds: Expected) -> DeviceEvent:
        """The next event of one of `kinds`; others before it are passed over."""
        deadline_s = time.monotonic() + PATIENCE_S
        seen: list[DeviceEvent] = []
        while (left_s := deadline_s - time.monotonic()) > 0:
            try:
                event = self._events.get(timeout=left_s)
            except queue.Empty:
                break
            if isinstance(event, kinds):
                return event
            seen.append(event)
        raise AssertionError(f"none of {[kind.__name__ for kind in kinds]} came, only {seen}")

    def pay(self, script: CardScript | None, request: PaymentRequest = REQUEST) -> None:
        if script is not None:
            self.terminal.present(script)
        self.driver.start(request)

    def buy(self) -> None:
        """One approved payment from start to end."""
        self.pay(CardScript())
        self.until(CardAuthorised)
        self.driver.confirm("attempt-1")
        assert self.outcome() == CardCompleted("terminal", "attempt-1")

    def outcome(self) -> DeviceEvent:
        return self.until(CardCompleted, CardDeclined, CardInDoubt)

    def doubt(self) -> str:
        outcome = self.outcome()
        assert isinstance(outcome, CardInDoubt), outcome
        return outcome.reason


@pytest.fixture
def counter(tmp_path: Path) -> Iterator[Counter]:
    counter = Counter(tmp_path)
    yield counter
    counter.close()


def test_an_approved_card_is_charged_once_after_the_lane_confirmed(counter: Counter) -> None:
    counter.open()
    counter.pay(CardScript())
    authorised = counter.until(CardAuthorised)
    assert isinstance(authorised, CardAuthorised)
    counter.driver.confirm("attempt-1")
    assert counter.outcome() == CardCompleted("terminal", "attempt-1")
    (charge,) = counter.terminal.journal.charges()
    evidence = authorised.evidence
    assert (evidence.amount_minor, evidence.currency) == (charge.amount_minor, "EUR") == (1010, "EUR")
    assert (evidence.terminal_id, evidence.receipt_no, evidence.trace_no) == ("", "", "")
    assert counter.terminal.orders_taken == 1


def test_one_payment_after_another_is_each_charged_once(counter: Counter) -> None:
    counter.open()
    for number in range(1, 4):
        counter.buy()
        assert counter.terminal.journal.charged_minor() == 1010 * number
    assert counter.terminal.orders_taken == 3


def test_a_card_presented_late_is_waited_for(counter: Counter) -> None:
    counter.open()
    counter.pay(None)
    counter.until(CardProgress)
    assert counter.driver.health() is Health.READY
    counter.terminal.present(CardScript(CardAction.WRONG_PIN, slow_s=0.3))
    counter.until(CardAuthorised)
    counter.driver.confirm("attempt-1")
    assert isinstance(counter.outcome(), CardCompleted)
    assert counter.terminal.journal.charged_minor() == 1010


@pytest.mark.parametrize(
    ("action", "reason", "code"),
    [
        (CardAction.DECLINE, DeclineReason.REFUSED_BY_BANK, 7),
        (CardAction.CANCEL, DeclineReason.OTHER, 9),
    ],
)
def test_a_card_that_is_not_charged_is_declined_with_the_reason(
    counter: Counter, action: CardAction, reason: DeclineReason, code: int
) -> None:
    counter.open()
    counter.pay(CardScript(action))
    assert counter.outcome() == CardDeclined("terminal", "attempt-1", reason, code)
    assert counter.terminal.journal.charges() == ()
    counter.buy()


def test_a_shopper_who_wanted_back_and_ends_it_at_the_reader_has_cancelled(counter: Counter) -> None:
    counter.open()
    counter.pay(None)
    counter.until(CardProgress)
    counter.driver.abort("attempt-1")
    counter.terminal.present(CardScript(CardAction.CANCEL))
    assert counter.outcome() == CardDeclined("terminal", "attempt-1", DeclineReason.CANCELLED, 9)


def test_a_terminal_that_gives_up_waiting_for_a_card_declines(counter: Counter) -> None:
    counter.terminal = counter.make_terminal(Unpaid.TIMES_OUT, card_wait_s=0.2)
    counter.open()
    counter.pay(None)
    assert counter.outcome() == CardDeclined("terminal", "attempt-1", DeclineReason.OTHER, 9)
    assert counter.terminal.journal.records() == ()


def test_a_charge_the_lane_cannot_keep_stands_and_is_doubt(counter: Counter) -> None:
    counter.open()
    counter.pay(CardScript())
    counter.until(CardAuthorised)
    counter.driver.refuse("attempt-1")
    assert counter.doubt() == NO_WAY_BACK
    assert counter.terminal.journal.charged_minor() == 1010


def test_a_lane_that_never_decides_leaves_doubt_and_a_free_line(counter: Counter) -> None:
    counter.driver = counter.make_driver(hold_limit_s=0.3)
    counter.open()
    counter.pay(CardScript())
    counter.until(CardAuthorised)
    assert counter.doubt() == "the lane did not confirm in time"
    counter.driver.confirm("attempt-1")
    counter.buy()
    assert counter.terminal.journal.charged_minor() == 2020


# --- the cable -----------------------------------------------------------------------------------


@pytest.mark.parametrize("moment", [UnplugMoment.BEFORE_RESULT, UnplugMoment.AFTER_STATUS])
def test_a_cable_lost_after_the_bank_said_yes_is_doubt_and_nothing_is_sent_again(
    counter: Counter, moment: UnplugMoment
) -> None:
    counter.open()
    counter.pay(CardScript(unplug_at=moment))
    assert counter.doubt() == "the line was lost during the payment"
    counter.until(DeviceLost)
    counter.terminal.replug()
    counter.until(DeviceReady)
    assert counter.terminal.journal.charged_minor() == 1010
    assert counter.terminal.orders_taken == 1


def test_a_cable_lost_after_our_acknowledgement_is_a_completed_payment(counter: Counter) -> None:
    counter.open()
    counter.pay(CardScript(unplug_at=UnplugMoment.AFTER_ANSWER))
    counter.until(CardAuthorised)
    counter.driver.confirm("attempt-1")
    assert isinstance(counter.outcome(), CardCompleted)
    assert counter.terminal.journal.charged_minor() == 1010


def test_an_amount_nobody_cancels_keeps_the_terminal_from_being_ready(counter: Counter) -> None:
    counter.open()
    counter.pay(CardScript(unplug_at=UnplugMoment.AFTER_START))
    assert counter.doubt() == "the line was lost during the payment"
    counter.terminal.replug()
    counter.driver.start(PaymentRequest("attempt-2", 250, "EUR"))
    reason = DeclineReason.TERMINAL_NOT_READY
    assert counter.outcome() == CardDeclined("terminal", "attempt-2", reason, 0)
    assert counter.terminal.is_waiting
    counter.terminal.present(CardScript(CardAction.CANCEL))  # at last somebody does
    counter.until(DeviceReady)
    counter.buy()
    assert counter.terminal.journal.charged_minor() == 1010


def test_an_old_amount_charged_late_never_passes_for_the_new_payment(counter: Counter) -> None:
    counter.open()
    counter.pay(CardScript(unplug_at=UnplugMoment.AFTER_START))
    assert isinstance(counter.outcome(), CardInDoubt)
    counter.terminal.replug()
    counter.terminal.present(CardScript())  # the first shopper pays after all
    counter.until(DeviceReady)
    assert counter.terminal.journal.charged_minor() == 1010
    counter.pay(CardScript(CardAction.DECLINE))
    assert isinstance(counter.outcome(), CardDeclined)
    assert counter.terminal.journal.charged_minor() == 1010


def test_a_terminal_that_goes_on_with_the_old_amount_is_found_out(counter: Counter) -> None:
    counter.terminal = counter.make_terminal(Unpaid.KEEPS_OLD_AMOUNT)
    counter.open()
    counter.pay(CardScript(unplug_at=UnplugMoment.AFTER_START))
    assert isinstance(counter.outcome(), CardInDoubt)
    counter.terminal.replug()
    counter.until(DeviceReady)
    counter.driver.start(PaymentRequest("attempt-2", 250, "EUR"))
    counter.until(CardProgress)
    counter.terminal.present(CardScript())
    assert counter.doubt() == "the answer is about 1010, 250 was asked for"
    assert counter.terminal.journal.charged_minor() == 1010


def test_a_hung_terminal_is_doubt_and_has_to_come_back_before_the_next_payment(counter: Counter) -> None:
    counter.driver = counter.make_driver(answer_s=0.5)
    counter.open()
    counter.pay(CardScript(CardAction.SILENT))
    assert counter.doubt() == "the terminal did not answer the order"
    counter.until(DeviceLost)
    counter.terminal.present(CardScript(CardAction.CANCEL))
    counter.until(DeviceReady)
    assert counter.terminal.journal.records() == ()


def test_a_terminal_that_is_not_there_is_said_so_in_words(counter: Counter) -> None:
    counter.terminal.start()
    counter.terminal.present(CardScript(CardAction.SILENT))
    counter.driver.open()
    counter.until(DeviceReady)
    counter.driver.start(REQUEST)  # hangs from here on
    counter.until(CardProgress)
    counter.driver.close()
    counter.driver = counter.make_driver()
    counter.driver.open()
    lost = counter.until(DeviceLost)
    assert lost == DeviceLost("terminal", NOT_READY)


def test_a_lane_that_restarts_in_mid_payment_hears_the_old_answer_out(counter: Counter) -> None:
    counter.open()
    counter.pay(None)
    counter.until(CardProgress)
    counter.driver.close()  # the lane stops; the cable stays in
    counter.driver = counter.make_driver()
    counter.driver.open()
    counter.terminal.present(CardScript())
    counter.until(DeviceReady)
    wait_until(lambda: not counter.terminal.is_waiting)
    assert counter.terminal.journal.charged_minor() == 1010
    counter.buy()
    assert counter.terminal.journal.charged_minor() == 2020


# --- what it cannot do ---------------------------------------------------------------------------


def test_the_last_payment_cannot_be_asked_for(counter: Counter) -> None:
    counter.open()
    counter.driver.query_last("query-1")
    report = LastPaymentReported("terminal", "query-1", QueryVerdict.UNUSABLE, None, CANNOT_TELL)
    assert counter.until(LastPaymentReported) == report


@pytest.mark.parametrize("kind", list(OrderKind))
def test_no_order_is_known(counter: Counter, kind: OrderKind) -> None:
    counter.open()
    counter.driver.carry_out(TerminalOrder("order-1", kind))
    failed = counter.until(OrderFailed)
    assert isinstance(failed, OrderFailed)
    assert failed.order_id == "order-1"
    assert kind.value in failed.reason
    assert counter.terminal.orders_taken == 0


def test_a_line_that_takes_no_more_commands_says_that_nothing_was_sent(counter: Counter) -> None:
    for _ in range(COMMAND_LIMIT):
        counter.driver.abort("attempt-0")  # the line was never opened: nobody takes them off the queue
    counter.driver.start(REQUEST)
    reason = DeclineReason.TERMINAL_NOT_READY
    assert counter.outcome() == CardDeclined("terminal", "attempt-1", reason, 0)
    counter.driver.confirm("attempt-1")
    counter.driver.query_last("query-1")
    report = LastPaymentReported("terminal", "query-1", QueryVerdict.UNUSABLE, None, STUCK)
    assert counter.until(LastPaymentReported) == report


def test_it_says_so_itself(counter: Counter) -> None:
    capabilities = counter.driver.capabilities
    assert not capabilities.query_last
    assert not capabilities.abort
    assert capabilities.orders == frozenset()
