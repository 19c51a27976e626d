"""A lane whose terminal speaks Concert V2: sales without receipt numbers, doubt that calls staff at once."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from hardware.drivers.terminal_concert import ConcertTerminal
from hardware.drivers.terminal_zvt import ZvtTerminal
from hardware.events import (
    BarcodeRead,
    CardAuthorised,
    CardEvidence,
    CardInDoubt,
    ChargeOverheard,
    DeclineReason,
    DeviceEvent,
    DeviceLost,
    DeviceReady,
    HeadsetChanged,
    KeyPressed,
)
from hardware.protocols.concert import CANNOT_TELL
from hardware.protocols.concert_payment import NO_WAY_BACK
from hardware.protocols.concert_settings import ConcertSettings
from hardware.simulators.concert_terminal import ConcertTerminalSimulator, Unpaid
from hardware.simulators.zvt_cards import CardAction, CardScript, UnplugMoment
from hardware.transport import open_transport
from inventory.domain.help_desk import Decision, HelpState, InterventionKind
from inventory.domain.sales import disagreements
from kiosk import failpoints
from kiosk.checkout import messages as m
from kiosk.checkout.machine import TERMINAL
from kiosk.checkout.state import PaymentState, Phase, TerminalMemory
from kiosk.clock import Clock
from kiosk.config import DevicesSection
from kiosk.devices import Devices
from kiosk.journal import read_file
from kiosk.lane import Ports, Tapped
from tests.support.lane_fakes import MILK, LaneBench, lane_config

MILK_READ = BarcodeRead("scanner", MILK.gtin.lstrip("0"))
PATIENCE_S = 8.0


class ConcertLane:
    """A real lane on a real journal, the Concert driver, and the simulated terminal on its cable."""

    def __init__(self, folder: Path) -> None:
        link, journal = folder / "terminal", folder / "terminal.journal"
        self.terminal = ConcertTerminalSimulator(link, journal, unpaid=Unpaid.STAYS_BUSY)
        self.told: list[DeviceEvent] = []
        settings = ConcertSettings(enquiry_s=0.3, ack_s=0.5, answer_s=5.0, release_s=0.4)
        self.driver = ConcertTerminal(TERMINAL, f"serial://{link}", settings, self._emit, time.monotonic)
        self.bench = LaneBench(folder)
        self.bench._ports = Ports(self.driver, self.bench.printer, self.bench.scale)
        self.bench.restart()
        self.terminal.start()
        self.driver.open()
        self.until(lambda: TERMINAL in self.bench.state.devices.ready)

    def _emit(self, event: DeviceEvent) -> None:
        assert not isinstance(event, KeyPressed | HeadsetChanged), "a terminal has no keypad"
        self.told.append(event)
        self.bench.lane.post(event)

    def until(self, is_so: Callable[[], bool]) -> None:
        """Lets the lane work until `is_so`; AssertionError when it does not become so in time."""
        deadline_s = time.monotonic() + PATIENCE_S
        while time.monotonic() < deadline_s:
            self.bench.work()
            if is_so():
                return
            time.sleep(0.01)
        raise AssertionError(f"{self.money} {self.phase}, told {self.told}")

    def until_told(self, kind: type[DeviceEvent]) -> None:
        self.until(lambda: any(isinstance(event, kind) for event in list(self.told)))
        self.bench.work()

    def pay(self, script: CardScript | None) -> None:
        """One milk, and a card for it."""
        if script is not None:
            self.terminal.present(script)
        self.bench.work(MILK_READ, Tapped("pay"))

    @property
    def money(self) -> PaymentState:
        return self.bench.state.payment.state

    @property
    def phase(self) -> Phase:
        return self.bench.state.phase

    def decide(self, decision: Decision) -> None:
        attempt = self.bench.state.payment.attempt
        assert attempt is not None
        self.bench.work(m.InterventionDecided(f"pay-{attempt.attempt_id}", decision, "Marco"))

    def close(self) -> None:
        self.driver.close()
        self.terminal.stop()
        self.bench.close()


@pytest.fixture
def lane(tmp_path: Path) -> Iterator[ConcertLane]:
    lane = ConcertLane(tmp_path)
    yield lane
    lane.close()


@pytest.fixture(autouse=True)
def disarmed() -> Iterator[None]:
    yield
    failpoints._armed.clear()


def test_sales_are_paid_one_after_another_and_no_base_is_ever_remembered(lane: ConcertLane) -> None:
    for number in (1, 2):
        lane.pay(CardScript())
        lane.until(lambda: lane.phase is Phase.THANKS)
        sale = lane.bench.sale()
        assert disagreements(sale) == ()
        (tender,) = sale.tenders
        assert (tender.kind, tender.amount_minor) == ("card", MILK.price_minor)
        assert (tender.terminal_id, tender.terminal_receipt_no, tender.trace_no) == ("", "", "")
        assert lane.bench.state.terminal == TerminalMemory()
        assert lane.terminal.journal.charged_minor() == MILK.price_minor * number
        lane.bench.wait(60)
    assert lane.bench.voice.interventions == []
    assert lane.bench.journal.waiting_count() == 2


@pytest.mark.parametrize(
    ("action", "reason"),
    [(CardAction.DECLINE, DeclineReason.REFUSED_BY_BANK), (CardAction.CANCEL, DeclineReason.OTHER)],
)
def test_a_card_that_is_not_charged_keeps_the_basket(
    lane: ConcertLane, action: CardAction, reason: DeclineReason
) -> None:
    lane.pay(CardScript(action))
    lane.until(lambda: lane.phase is Phase.NOT_PAID)
    assert lane.bench.state.payment.decline is reason
    assert lane.bench.state.basket.total_minor == MILK.price_minor
    assert lane.terminal.journal.charges() == ()


def test_a_shopper_who_goes_back_and_cancels_at_the_reader_scans_on(lane: ConcertLane) -> None:
    lane.pay(None)
    lane.until(lambda: lane.terminal.is_waiting)
    lane.bench.work(Tapped("back"))
    assert lane.money is PaymentState.INTENT  # asking is all that can be done
    lane.terminal.present(CardScript(CardAction.CANCEL))
    lane.until(lambda: lane.phase is Phase.SCANNING)


@pytest.mark.parametrize(
    ("decision", "phase", "sales"),
    [(Decision.APPROVED, Phase.THANKS, 1), (Decision.REFUSED, Phase.NOT_PAID, 0)],
)
def test_doubt_calls_staff_at_once_and_a_person_decides(
    lane: ConcertLane, decision: Decision, phase: Phase, sales: int
) -> None:
    lane.pay(CardScript(unplug_at=UnplugMoment.BEFORE_RESULT))
    lane.until(lambda: lane.money is PaymentState.DISPUTED)
    assert lane.phase is Phase.CHECKING  # no second has passed on the lane's clock
    (call,) = lane.bench.voice.interventions
    assert call.kind is InterventionKind.PAYMENT_IN_DOUBT
    assert CANNOT_TELL in call.facts
    assert [message.state for message in lane.bench.voice.help] == [HelpState.REQUESTED]
    lane.decide(decision)
    assert lane.phase is phase
    assert lane.bench.journal.waiting_count() == sales
    assert lane.bench.state.terminal.terminal_id == ""
    assert lane.terminal.orders_taken == 1


def test_a_card_used_after_staff_said_not_charged_calls_them_again_and_is_not_charged_twice(
    lane: ConcertLane,
) -> None:
    lane.pay(None)
    lane.until(lambda: lane.terminal.is_waiting)
    lane.until(lambda: lane.money is PaymentState.DISPUTED)
    lane.decide(Decision.REFUSED)  # true at this moment
    assert lane.phase is Phase.NOT_PAID
    lane.terminal.present(CardScript())
    lane.until_told(ChargeOverheard)
    call = lane.bench.voice.interventions[-1]
    assert (call.kind, call.facts[0]) == (InterventionKind.CHARGE_CONTRADICTED, "129 EUR")
    lane.bench.work(Tapped("pay"))
    assert (lane.phase, lane.bench.state.sale) == (Phase.NOT_PAID, None)
    assert lane.terminal.orders_taken == 1
    lane.bench.restart()
    again = [each for each in lane.bench.voice.interventions if each.intervention_id == call.intervention_id]
    assert len(again) == 2


def test_a_charge_heard_with_the_disk_full_still_calls_somebody(tmp_path: Path) -> None:
    bench = LaneBench(tmp_path)
    failpoints.arm("before-commit=io-error")
    bench.work(ChargeOverheard(TERMINAL, CardEvidence("", "", "", 129, "EUR", 0)))
    assert bench.state.devices.storage_failed
    assert [call.kind for call in bench.voice.interventions] == [InterventionKind.CHARGE_CONTRADICTED]
    bench.close()


@pytest.mark.parametrize("is_restarted", [False, True])
def test_a_card_used_while_staff_look_is_told_to_them_and_decides_nothing(
    lane: ConcertLane,
    is_restarted: bool,
) -> None:
    lane.pay(None)
    lane.until(lambda: lane.terminal.is_waiting)
    lane.until(lambda: lane.money is PaymentState.DISPUTED)
    if is_restarted:
        lane.bench.restart()
    lane.terminal.present(CardScript())
    lane.until_told(ChargeOverheard)
    assert lane.money is PaymentState.DISPUTED
    call = lane.bench.voice.interventions[-1]
    assert call.kind is InterventionKind.PAYMENT_IN_DOUBT
    assert "the terminal says that it charged 1.29 EUR" in call.facts
    lane.decide(Decision.APPROVED)
    assert lane.phase is Phase.THANKS
    assert lane.terminal.journal.charged_minor() == lane.bench.sale().total_minor


def test_a_lane_that_restarts_in_mid_payment_calls_staff_at_once(lane: ConcertLane) -> None:
    lane.pay(None)
    lane.until(lambda: lane.terminal.is_waiting)
    lane.bench.restart()
    lane.until(lambda: lane.money is PaymentState.DISPUTED)
    assert len(lane.bench.voice.interventions) == 1
    lane.terminal.present(CardScript())
    lane.until_told(CardAuthorised)  # the driver lived on: a charge nobody waits for any more is refused
    lane.until_told(CardInDoubt)
    assert lane.money is PaymentState.DISPUTED
    assert lane.terminal.journal.charged_minor() == MILK.price_minor


def test_a_charge_that_cannot_be_written_down_is_no_sale_and_calls_staff_after_the_restart(
    lane: ConcertLane,
) -> None:
    lane.pay(None)
    lane.until(lambda: lane.terminal.is_waiting)
    failpoints.arm("before-commit=io-error")
    lane.terminal.present(CardScript())
    lane.until_told(CardInDoubt)
    (doubt,) = [event for event in lane.told if isinstance(event, CardInDoubt)]
    assert doubt.reason == NO_WAY_BACK
    assert lane.bench.state.devices.storage_failed
    assert lane.bench.journal.waiting_count() == 0
    failpoints._armed.clear()
    lane.bench.restart()
    lane.until(lambda: lane.money is PaymentState.DISPUTED)
    assert len(lane.bench.voice.interventions) == 1
    assert lane.terminal.journal.charged_minor() == MILK.price_minor


def test_a_lane_whose_terminal_has_gone_takes_no_payment(lane: ConcertLane) -> None:
    lane.terminal.unplug()
    lane.until_told(DeviceLost)
    lane.pay(CardScript())
    assert lane.phase is Phase.SCANNING
    assert "PaymentRequested" not in [entry.kind for entry in read_file(lane.bench.journal_path)]
    lane.terminal.replug()
    lane.until(lambda: lane.told.count(DeviceReady(TERMINAL)) == 2)
    lane.bench.work(Tapped("pay"))
    lane.until(lambda: lane.phase is Phase.THANKS)


@pytest.mark.parametrize(("protocol", "driver"), [("zvt", ZvtTerminal), ("concert", ConcertTerminal)])
def test_the_configuration_names_the_terminals_protocol(tmp_path: Path, protocol: str, driver: type) -> None:
    section = DevicesSection.model_validate(
        {"terminal": "serial:///dev/ttyACM0", "terminal_protocol": protocol}
    )
    config = lane_config(tmp_path).model_copy(update={"devices": section})
    devices = Devices(config, lambda _happening: None, Clock(), open_transport)
    assert isinstance(devices.terminal, driver)
    assert devices.all == (devices.terminal,)


def test_a_currency_no_terminal_protocol_has_a_number_for_is_refused(tmp_path: Path) -> None:
    config = lane_config(tmp_path, currency="XXX")
    for protocol in ("zvt", "concert"):
        section = DevicesSection.model_validate(
            {"terminal": "serial:///dev/ttyACM0", "terminal_protocol": protocol}
        )
        with pytest.raises(ValueError, match="no currency number is known for 'XXX'"):
            Devices(
                config.model_copy(update={"devices": section}),
                lambda _happening: None,
                Clock(),
                open_transport,
            )
