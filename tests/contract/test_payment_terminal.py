"""Owns the contract of a payment terminal: driver and simulated terminal over a real pty.

It must not look at bytes. What was charged is read from the terminal's own journal.
"""

from __future__ import annotations

import queue
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from hardware.drivers.terminal_zvt import ZvtTerminal
from hardware.events import (
    CardAuthorised,
    CardCompleted,
    CardDeclined,
    CardInDoubt,
    CardPhase,
    CardProgress,
    DeclineReason,
    DeviceEvent,
    DeviceLost,
    DeviceReady,
    LastPaymentReported,
    OrderDone,
    OrderFailed,
    OrderInDoubt,
    QueryVerdict,
)
from hardware.ports import Health, OrderKind, PaymentRequest, TerminalOrder
from hardware.protocols.zvt_job import ZvtSettings
from hardware.simulators.zvt_cards import CardAction, CardScript, Habit, UnplugMoment
from hardware.simulators.zvt_personality import Traits
from hardware.simulators.zvt_tempo import Tempo
from hardware.simulators.zvt_terminal import ZvtTerminalSimulator

REQUEST = PaymentRequest("attempt-1", 1010, "EUR")
PATIENCE_S = 8.0

Expected = type[DeviceEvent]


class Counter:
    """A simulated terminal, the driver on its cable, and what the driver tells the lane."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._events: queue.Queue[DeviceEvent] = queue.Queue()
        self.terminal = self.make_terminal(Habit.KEEPS)
        self.driver = self.make_driver(ZvtSettings(poll_every_s=0.2, query_limit_s=4.0))

    def make_driver(self, settings: ZvtSettings) -> ZvtTerminal:
        url = f"serial://{self._folder / 'terminal'}?baud=9600&stopbits=2"
        return ZvtTerminal("terminal", url, settings, self._events.put, time.monotonic)

    def make_terminal(self, habit: Habit) -> ZvtTerminalSimulator:
        link, journal = self._folder / "terminal", self._folder / "journal.jsonl"
        return ZvtTerminalSimulator(link, journal, traits=Traits(habit=habit), tempo=Tempo(card_wait_s=3.0))

    def open(self, habit: Habit = Habit.KEEPS) -> Counter:
        self.terminal = self.make_terminal(habit)
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

    def pay(self, script: CardScript | None) -> None:
        if script is not None:
            self.terminal.present(script)
        self.driver.start(REQUEST)

    def outcome(self) -> DeviceEvent:
        return self.until(CardCompleted, CardDeclined, CardInDoubt)

    def order(self, kind: OrderKind, order_id: str = "order-1") -> DeviceEvent:
        self.driver.carry_out(TerminalOrder(order_id, kind))
        return self.until(OrderDone, OrderFailed, OrderInDoubt)

    def ask(self) -> LastPaymentReported:
        self.driver.query_last("query-1")
        report = self.until(LastPaymentReported)
        assert isinstance(report, LastPaymentReported)
        return report


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
    assert evidence.receipt_no == f"{charge.receipt_no:04d}"
    assert evidence.trace_no == f"{charge.trace_no:06d}"
    assert (evidence.card_name, evidence.card_last4) == ("girocard", "4242")
    assert evidence.authorisation_id == charge.authorisation_id
    assert evidence.terminal_id == "52000001"


def test_a_card_presented_late_is_waited_for(counter: Counter) -> None:
    counter.open()
    counter.pay(None)
    progress = counter.until(CardProgress)
    assert progress == CardProgress("terminal", "attempt-1", CardPhase.PRESENT_CARD)
    counter.terminal.present(CardScript(CardAction.WRONG_PIN))
    counter.until(CardAuthorised)
    counter.driver.confirm("attempt-1")
    assert isinstance(counter.outcome(), CardCompleted)
    assert counter.terminal.journal.charged_minor() == 1010


@pytest.mark.parametrize(
    ("action", "reason", "code"),
    [
        (CardAction.DECLINE, DeclineReason.REFUSED_BY_BANK, 0x05),
        (CardAction.CANCEL, DeclineReason.CANCELLED, 0x6C),
    ],
)
def test_a_card_that_is_not_charged_is_declined_with_the_reason(
    counter: Counter, action: CardAction, reason: DeclineReason, code: int
) -> None:
    counter.open()
    counter.pay(CardScript(action))
    assert counter.outcome() == CardDeclined("terminal", "attempt-1", reason, code)
    assert counter.terminal.journal.charges() == ()


def test_an_abort_while_the_terminal_waits_for_a_card_ends_as_cancelled(counter: Counter) -> None:
    counter.open()
    counter.pay(None)
    counter.until(CardProgress)
    counter.driver.abort("attempt-1")
    assert counter.outcome() == CardDeclined("terminal", "attempt-1", DeclineReason.CANCELLED, 0x6C)
    assert counter.terminal.journal.records() == ()


def test_an_abort_while_the_bank_is_asked_changes_nothing(counter: Counter) -> None:
    counter.open()
    counter.pay(CardScript(slow_s=0.5))
    while counter.until(CardProgress) != CardProgress("terminal", "attempt-1", CardPhase.CONTACTING_BANK):
        continue
    counter.driver.abort("attempt-1")
    counter.until(CardAuthorised)
    counter.driver.confirm("attempt-1")
    assert isinstance(counter.outcome(), CardCompleted)
    assert counter.terminal.journal.charged_minor() == 1010


def test_a_refused_authorisation_is_reversed(counter: Counter) -> None:
    counter.open()
    counter.pay(CardScript())
    counter.until(CardAuthorised)
    counter.driver.refuse("attempt-1")
    assert isinstance(counter.outcome(), CardDeclined)
    assert counter.terminal.journal.charged_minor() == 0


@pytest.mark.parametrize("moment", [UnplugMoment.BEFORE_RESULT, UnplugMoment.AFTER_STATUS])
def test_a_cable_lost_after_the_bank_said_yes_is_doubt_until_the_query_finds_the_charge(
    counter: Counter, moment: UnplugMoment
) -> None:
    counter.open()
    counter.pay(CardScript(unplug_at=moment))
    assert isinstance(counter.outcome(), CardInDoubt)
    counter.until(DeviceLost)
    counter.terminal.replug()
    report = counter.ask()
    (charge,) = counter.terminal.journal.charges()
    assert report.verdict is QueryVerdict.FOUND
    assert report.evidence is not None
    assert report.evidence.amount_minor == charge.amount_minor == 1010
    assert report.evidence.receipt_no == f"{charge.receipt_no:04d}"


def test_a_cable_lost_after_the_confirmation_is_doubt_and_the_charge_stands(counter: Counter) -> None:
    counter.open()
    counter.pay(CardScript(unplug_at=UnplugMoment.AFTER_ANSWER))
    counter.until(CardAuthorised)
    counter.driver.confirm("attempt-1")
    assert isinstance(counter.outcome(), CardInDoubt)
    counter.terminal.replug()
    counter.until(DeviceReady)
    assert counter.ask().verdict is QueryVerdict.FOUND
    assert counter.terminal.journal.charged_minor() == 1010


def test_a_terminal_that_reverses_by_itself_repeats_no_charge(counter: Counter) -> None:
    counter.open(Habit.AUTO_REVERSES)
    counter.pay(CardScript(unplug_at=UnplugMoment.AFTER_STATUS))
    assert isinstance(counter.outcome(), CardInDoubt)
    counter.terminal.replug()
    report = counter.ask()
    assert (report.verdict, report.evidence) == (QueryVerdict.UNUSABLE, None)
    assert counter.terminal.journal.charged_minor() == 0


def test_a_cable_lost_before_any_card_leaves_doubt_and_no_charge(counter: Counter) -> None:
    counter.open()
    counter.pay(CardScript(unplug_at=UnplugMoment.AFTER_START))
    assert isinstance(counter.outcome(), CardInDoubt)
    assert counter.driver.health() is not Health.READY
    counter.terminal.replug()
    counter.until(DeviceReady)
    assert counter.terminal.journal.records() == ()


def test_a_hung_terminal_is_doubt_and_gives_the_query_no_answer(counter: Counter) -> None:
    counter.driver = counter.make_driver(ZvtSettings(t4_s=0.5, query_limit_s=1.0))
    counter.open()
    counter.pay(CardScript(CardAction.SILENT))
    assert isinstance(counter.outcome(), CardInDoubt)
    assert counter.ask().verdict is QueryVerdict.NO_ANSWER
    assert counter.terminal.journal.records() == ()


def test_a_query_on_a_pulled_cable_gets_its_answer_when_the_cable_is_back(counter: Counter) -> None:
    counter.open()
    counter.pay(CardScript())
    counter.until(CardAuthorised)
    counter.driver.confirm("attempt-1")
    assert isinstance(counter.outcome(), CardCompleted)
    counter.terminal.unplug()
    counter.until(DeviceLost)
    counter.driver.query_last("query-1")
    counter.terminal.replug()
    report = counter.until(LastPaymentReported)
    assert isinstance(report, LastPaymentReported)
    assert report.verdict is QueryVerdict.FOUND


def test_a_query_stops_a_payment_nobody_follows_any_more(counter: Counter) -> None:
    counter.open()
    counter.pay(None)
    counter.until(CardProgress)
    counter.driver.close()  # the lane stops in mid-payment; the cable stays in
    counter.driver = counter.make_driver(ZvtSettings(poll_every_s=0.2, query_limit_s=4.0))
    counter.driver.open()
    counter.until(DeviceReady)
    assert counter.ask().verdict is QueryVerdict.UNUSABLE  # idle again, and nothing stored
    assert counter.terminal.journal.records() == ()


def test_receipt_numbers_go_on_after_a_restart(counter: Counter) -> None:
    counter.open()
    for number in ("0001", "0002"):
        counter.pay(CardScript())
        authorised = counter.until(CardAuthorised)
        assert isinstance(authorised, CardAuthorised)
        assert authorised.evidence.receipt_no == number
        counter.driver.confirm("attempt-1")
        assert isinstance(counter.outcome(), CardCompleted)
        counter.terminal.stop()
        counter.until(DeviceLost)
        counter.terminal = counter.make_terminal(Habit.KEEPS)
        counter.terminal.start()
        counter.until(DeviceReady)
    assert counter.terminal.journal.charged_minor() == 2020


def test_the_driver_carries_out_every_kind_of_order(counter: Counter) -> None:
    assert counter.driver.capabilities.orders == frozenset(OrderKind)


def test_the_end_of_day_tells_what_was_charged_since_the_last_one(counter: Counter) -> None:
    counter.open()
    for _ in range(2):
        counter.pay(CardScript())
        counter.until(CardAuthorised)
        counter.driver.confirm("attempt-1")
        assert isinstance(counter.outcome(), CardCompleted)
    charged_minor = sum(record.amount_minor for record in counter.terminal.journal.open_charges())
    done = counter.order(OrderKind.END_OF_DAY)
    assert isinstance(done, OrderDone)
    assert done.totals is not None
    assert (done.totals.total_minor, done.totals.currency) == (charged_minor, "EUR") == (2020, "EUR")
    again = counter.order(OrderKind.END_OF_DAY)
    assert isinstance(again, OrderDone)
    assert again.totals is not None
    assert again.totals.total_minor == 0


def test_a_diagnosis_is_carried_out(counter: Counter) -> None:
    counter.open()
    assert counter.order(OrderKind.DIAGNOSIS) == OrderDone("terminal", "order-1")


def test_an_order_during_a_payment_fails_at_once_and_leaves_the_payment_alone(counter: Counter) -> None:
    counter.open()
    counter.pay(None)
    counter.until(CardProgress)
    assert isinstance(counter.order(OrderKind.END_OF_DAY), OrderFailed)
    counter.terminal.present(CardScript())
    counter.until(CardAuthorised)
    counter.driver.confirm("attempt-1")
    assert isinstance(counter.outcome(), CardCompleted)
    assert counter.terminal.journal.charged_minor() == 1010


def test_an_order_on_a_pulled_cable_fails_at_once(counter: Counter) -> None:
    counter.open()
    counter.terminal.unplug()
    counter.until(DeviceLost)
    assert isinstance(counter.order(OrderKind.REVERSAL), OrderFailed)


def test_a_cable_pulled_right_after_an_order_leaves_one_outcome(counter: Counter) -> None:
    counter.open()
    counter.driver.carry_out(TerminalOrder("order-1", OrderKind.END_OF_DAY))
    counter.terminal.unplug()
    first = counter.until(OrderDone, OrderFailed, OrderInDoubt)
    counter.terminal.replug()
    counter.until(DeviceReady)
    second = counter.order(OrderKind.DIAGNOSIS, "order-2")
    assert [getattr(event, "order_id", "") for event in (first, second)] == ["order-1", "order-2"]
