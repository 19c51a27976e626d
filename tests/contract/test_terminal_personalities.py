"""Owns the proof of what the lane's own driver makes of each simulated terminal, end to end.

It must not look at bytes. What was charged is read from the terminal's own journal.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
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
    DeviceEvent,
    DeviceLost,
    DeviceReady,
    LastPaymentReported,
    QueryVerdict,
)
from hardware.ports import PaymentRequest
from hardware.protocols.zvt_job import ZvtSettings
from hardware.simulators.zvt_cards import CardAction, CardScript, UnplugMoment
from hardware.simulators.zvt_personality import Personality
from hardware.simulators.zvt_tempo import Tempo
from hardware.simulators.zvt_terminal import ZvtTerminalSimulator
from tests.support.device_events import EventLog, wait_until

SETTINGS = ZvtSettings(poll_every_s=0.1, query_limit_s=4.0)


class Lane:
    """The driver on the cable of one simulated terminal."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.events = EventLog()

    def open(
        self,
        personality: Personality,
        *,
        settings: ZvtSettings = SETTINGS,
        tempo: Tempo = Tempo(),  # noqa: B008
    ) -> None:
        link = self._folder / "terminal"
        self.terminal = ZvtTerminalSimulator(
            link, self._folder / "journal", traits=personality.traits, tempo=tempo
        )
        self.driver = ZvtTerminal(
            "terminal", f"serial://{link}?stopbits=2", settings, self.events, time.monotonic
        )
        self.terminal.start()
        self.driver.open()

    def close(self) -> None:
        self.driver.close()
        self.terminal.stop()

    def ready(self) -> None:
        self.events.wait_for(DeviceReady)

    def start(self, script: CardScript | None) -> None:
        if script is not None:
            self.terminal.present(script)
        self.driver.start(PaymentRequest("attempt-1", 1010, "EUR"))

    def pay(self, script: CardScript = CardScript()) -> CardAuthorised:  # noqa: B008
        """A payment that the lane confirms and the terminal completes."""
        self.start(script)
        authorised = self.events.wait_for(CardAuthorised)
        self.driver.confirm("attempt-1")
        self.events.wait_for(CardCompleted)
        return authorised

    def ask(self) -> LastPaymentReported:
        self.driver.query_last("query-1")
        return self.events.wait_for(LastPaymentReported)

    def charged_minor(self) -> int:
        return self.terminal.journal.charged_minor()


@pytest.fixture
def lane(tmp_path: Path) -> Iterator[Lane]:
    lane = Lane(tmp_path)
    yield lane
    lane.close()


PAYS_AS_ASKED = [
    Personality.KEEPS,
    Personality.AUTO_REVERSES,
    Personality.SYNCHRONISES,
    Personality.OVERTAKING_STATUS,
    Personality.REPEAT_RECEIPT_EMPTY,
    Personality.COUNTER_RESET,
    Personality.WRONG_PIN_TWICE,
    Personality.PRINTS_THROUGH_ECR,
    Personality.ABORT_FRAME_MISSING,
    Personality.WAITS_ON,
]


@pytest.mark.parametrize("personality", PAYS_AS_ASKED)
def test_two_payments_in_a_row_are_charged_once_each(lane: Lane, personality: Personality) -> None:
    lane.open(personality)
    lane.ready()
    for _ in range(2):
        assert lane.pay().evidence.amount_minor == 1010
    assert [charge.amount_minor for charge in lane.terminal.journal.charges()] == [1010, 1010]


@pytest.mark.parametrize(
    ("personality", "charged_minor"), [(Personality.KEEPS, 1010), (Personality.AUTO_REVERSES, 0)]
)
def test_after_an_approval_lost_with_the_cable_the_query_finds_what_the_journal_holds(
    lane: Lane, personality: Personality, charged_minor: int
) -> None:
    lane.open(personality)
    lane.ready()
    lane.start(CardScript(unplug_at=UnplugMoment.AFTER_STATUS))
    lane.events.wait_for(CardInDoubt)
    lane.terminal.replug()
    assert (lane.ask().verdict is QueryVerdict.FOUND) is (charged_minor > 0)
    assert lane.charged_minor() == charged_minor


def test_a_query_right_after_a_payment_finds_it_though_status_runs_ahead(lane: Lane) -> None:
    lane.open(Personality.OVERTAKING_STATUS)
    lane.ready()
    authorised = lane.pay()
    time.sleep(Personality.OVERTAKING_STATUS.traits.status_lag_s)  # the quiet period of this terminal
    report = lane.ask()
    assert report.evidence is not None
    assert report.evidence.receipt_no == authorised.evidence.receipt_no


def test_an_empty_repeat_is_no_verdict_on_the_payment(lane: Lane) -> None:
    lane.open(Personality.REPEAT_RECEIPT_EMPTY)
    lane.ready()
    lane.pay()
    report = lane.ask()
    assert (report.verdict, report.evidence) == (QueryVerdict.UNUSABLE, None)


def test_receipt_numbers_of_a_counter_that_was_reset_come_twice(lane: Lane) -> None:
    lane.open(Personality.COUNTER_RESET)
    lane.ready()
    first = lane.pay().evidence
    lane.terminal.unplug()
    lane.events.wait_for(DeviceLost)
    lane.terminal.replug()
    lane.ready()
    second = lane.pay().evidence
    assert first.receipt_no == second.receipt_no == "0001"
    assert first.trace_no != second.trace_no


def test_an_altered_amount_is_shown_to_the_lane_which_can_still_refuse_it(lane: Lane) -> None:
    lane.open(Personality.AMOUNT_ALTERED)
    lane.ready()
    lane.start(CardScript())
    authorised = lane.events.wait_for(CardAuthorised)
    assert 1011 <= authorised.evidence.amount_minor == lane.charged_minor() <= 1109
    lane.driver.refuse("attempt-1")
    lane.events.wait_for(CardDeclined)
    assert lane.charged_minor() == 0


def test_a_wrong_pin_is_told_and_does_not_end_the_payment(lane: Lane) -> None:
    lane.open(Personality.WRONG_PIN_TWICE)
    lane.ready()
    lane.pay()
    phases = [event.phase for event in lane.events.events if isinstance(event, CardProgress)]
    assert CardPhase.WRONG_PIN in phases
    assert lane.charged_minor() == 1010


def test_a_bank_that_takes_longer_than_t4_is_waited_for_while_the_terminal_says_so(lane: Lane) -> None:
    speed = 200.0
    settings = replace(SETTINGS, t4_s=0.4)  # 80 s of life; the bank takes 180
    lane.open(
        Personality.SLOW, settings=settings, tempo=Tempo(speed=speed, answer_s=200.0, acknowledge_s=200.0)
    )
    lane.ready()
    lane.pay()
    assert lane.charged_minor() == 1010


def test_a_due_end_of_day_is_a_refusal_with_its_code(lane: Lane) -> None:
    lane.open(Personality.END_OF_DAY_DUE)
    lane.ready()
    lane.start(CardScript())
    assert lane.events.wait_for(CardDeclined).result_code == 0xF0
    assert lane.terminal.journal.records() == ()


def test_a_failure_that_is_never_closed_ends_without_a_charge(lane: Lane) -> None:
    lane.open(Personality.ABORT_FRAME_MISSING, settings=replace(SETTINGS, final_word_s=0.3))
    lane.ready()
    lane.start(CardScript(CardAction.DECLINE))
    lane.events.wait_for(CardInDoubt)
    assert lane.charged_minor() == 0


def test_a_charge_made_while_the_cable_was_out_is_found_afterwards(lane: Lane) -> None:
    lane.open(Personality.WAITS_ON)
    lane.ready()
    lane.start(None)
    lane.events.wait_for(CardProgress)
    lane.terminal.unplug()
    lane.events.wait_for(CardInDoubt)
    lane.terminal.present(CardScript())
    wait_until(lambda: lane.charged_minor() == 1010)
    lane.terminal.replug()
    report = lane.ask()
    assert report.evidence is not None
    assert report.evidence.amount_minor == 1010


def test_a_terminal_that_still_waits_for_a_card_is_stopped_before_the_query(lane: Lane) -> None:
    lane.open(Personality.WAITS_ON)
    lane.ready()
    lane.start(None)
    lane.events.wait_for(CardProgress)
    lane.terminal.unplug()
    lane.events.wait_for(CardInDoubt)
    lane.terminal.replug()
    report = lane.ask()
    assert report.verdict is QueryVerdict.UNUSABLE  # idle, and nothing stored
    lane.terminal.present(CardScript())  # nobody's payment any more
    assert lane.terminal.journal.records() == ()


def test_a_terminal_of_another_protocol_is_named_as_such_and_takes_no_payment(lane: Lane) -> None:
    lane.open(Personality.OTHER_PROTOCOL)
    assert "another protocol" in lane.events.wait_for(DeviceLost).reason
    lane.start(CardScript())
    outcome: DeviceEvent = lane.events.wait_for(CardDeclined)
    assert isinstance(outcome, CardDeclined)
    assert lane.terminal.journal.records() == ()
