"""Owns the lane's one thread: takes happenings off a bounded queue, journals, steps, acts, publishes.

It must not know Kivy, HTTP or serial lines. Reader threads only enqueue; nobody else changes the state. An
event and what it makes durable are on disk before any of its effects runs.
"""

from __future__ import annotations

import logging
import queue
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import assert_never

from hardware.events import (
    BarcodeRead,
    CardAuthorised,
    CardDeclined,
    DeclineReason,
    OrderFailed,
    PrintFailed,
    SellingEvent,
    TerminalPrinted,
    WeightSettled,
)
from hardware.ports import LaneLight, PaymentRequest, PaymentTerminal, PricingScale, ReceiptPrinter
from inventory.domain.orders import Order
from inventory.domain.sales import Sale
from kiosk import inputs
from kiosk.checkout import effects as fx
from kiosk.checkout import messages as m
from kiosk.checkout import ordering, printing
from kiosk.checkout import visit_events as v
from kiosk.checkout.journaled import JOURNALED, NOT_MISSED_UNWRITTEN, WORTH_DOING_UNWRITTEN
from kiosk.checkout.machine import TERMINAL, step
from kiosk.checkout.printing import CARD_JOB
from kiosk.checkout.state import LaneState, Presence, ReceiptState, delay_s, durable
from kiosk.clock import Clock
from kiosk.failpoints import fp, here
from kiosk.intake import Intake
from kiosk.journal import GENESIS, Journal, JournalError, Outgoing
from kiosk.judged_search import judged
from kiosk.voice import StoreVoice, say

log = logging.getLogger(__name__)

QUEUE_LIMIT = 1000
IDLE_WAIT_S = 0.25
"""Longest sleep of the lane thread: how late a timer may be after the clock was moved."""


@dataclass(frozen=True, slots=True)
class Tapped:
    """A finger on something with a `tap_id`."""

    tap_id: str


@dataclass(frozen=True, slots=True)
class Typed:
    text: str


@dataclass(frozen=True, slots=True)
class Wake:
    """Look at the timers again."""


@dataclass(frozen=True, slots=True)
class Refresh:
    """Prices or stock changed: draw the same state with them."""


Happening = SellingEvent | m.Event | Tapped | Typed | Wake | Refresh


@dataclass(frozen=True, slots=True)
class Ports:
    """The devices this lane drives; a missing one is None."""

    terminal: PaymentTerminal | None
    printer: ReceiptPrinter | None
    scale: PricingScale | None
    light: LaneLight | None = None


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What is published after every step. `sale_head` is the journal's hash of the sale on screen."""

    state: LaneState
    sound: str
    sale_head: str


class Lane:
    """One lane at work. `post` may be called from any thread; everything else happens in `run`."""

    def __init__(
        self,
        state: LaneState,
        *,
        journal: Journal,
        intake: Intake,
        ports: Ports,
        voice: StoreVoice,
        clock: Clock,
        render: Callable[[fx.Paper, str], bytes],
        publish: Callable[[Snapshot], None],
        receipt_always: bool = False,
    ) -> None:
        self._state = state
        self._journal = journal
        self._intake = intake
        self._ports = ports
        self._voice = voice
        self._clock = clock
        self._render = render
        self._publish = publish
        self._receipt_always = receipt_always
        self._queue: queue.Queue[Happening | None] = queue.Queue(QUEUE_LIMIT)
        self._own: deque[Happening] = deque()  # what the lane tells itself must never wait for room
        self._timers: dict[m.Timer, float] = {}
        self._missed: set[str] = set()
        self._sound = ""
        last = state.sale or state.last_sale
        self._sale_head = journal.hash_of_message(last.sale_id) if last else GENESIS
        self.failure: BaseException | None = None

    @property
    def state(self) -> LaneState:
        return self._state

    def post(self, happening: Happening) -> None:
        """Queues a happening. Blocks only while 1,000 others wait, which slows a mad device, not the lane."""
        self._queue.put(happening)

    def stop(self) -> None:
        self._queue.put(None)

    def run(self, on_end: Callable[[], None]) -> None:
        """Works until stopped. An illegal step ends the lane rather than continue wrongly (P10)."""
        try:
            self._advance(m.LaneStarted(self._intake.boot_id))
            if self._receipt_always and self._state.receipt is ReceiptState.OFFERED:
                self._own.append(m.ReceiptWanted())  # paid, and the lane ended before it printed (C18)
            self._tell()
            while (happening := self._next()) is not None:
                self._take(happening)
        except BaseException as error:
            self.failure = error
            log.critical("the lane stopped", exc_info=error)
        finally:
            on_end()

    def start(self, on_end: Callable[[], None]) -> threading.Thread:
        thread = threading.Thread(target=self.run, args=(on_end,), name="lane", daemon=True)
        thread.start()
        return thread

    # -- taking happenings -----------------------------------------------------------------------

    def _next(self) -> Happening | None:
        if self._own:
            return self._own.popleft()
        if (order := self._next_order()) is not None:
            return m.OrderBegun(order.order_id)
        due_s = min(self._timers.values(), default=None)
        left_s = 0.0 if due_s is None else (due_s - self._clock.monotonic()) / self._clock.speed
        wait_s = min(IDLE_WAIT_S, max(0.0, left_s))
        try:
            return self._queue.get(timeout=wait_s if self._timers else None)
        except queue.Empty:
            return Wake()

    def _next_order(self) -> Order | None:
        """An order that may begin. What depends on devices is settled here: replay knows none of them."""
        if not self._state.orders.waiting:
            return None
        if self._ports.terminal is None:  # it fails at once, rather than wait for what never comes
            return ordering.next_order(self._state, is_asking=False)
        is_ready = TERMINAL in self._state.devices.ready
        return ordering.next_order(self._state, is_asking=not is_ready or self._state.devices.asks_base)

    def _take(self, happening: Happening) -> None:
        before = self._state
        by_hand = isinstance(happening, Tapped | Typed | BarcodeRead)
        if by_hand and before.presence is Presence.ASKED:
            self._advance(v.ShopperReturned())  # whatever else it means, it answers the question
        event: m.Event | None
        match happening:
            case Wake():
                return self._expire_timers()
            case Refresh():
                return self._tell()
            case Tapped(tap_id):
                event = judged(self._intake.tap(tap_id, self._state), self._state, self._intake.shelf())
            case Typed(text):
                event = judged(self._intake.typed(text, self._state), self._state, self._intake.shelf())
            case BarcodeRead():
                event = self._intake.barcode(happening, self._state)
            case WeightSettled():
                event = self._intake.weight(happening, self._state)
            case TerminalPrinted():
                event = printing.bounded(happening)
            case _:
                event = happening
        if self._state.view.sheet is not m.Sheet.STAFF_PIN:
            self._intake.pin.clear()  # half a PIN does not outlive its pad
        if event is not None:
            self._advance(event)
        if by_hand:
            self._advance(v.Touched())
        if self._state != before or self._sound:
            self._tell()
        elif isinstance(event, TerminalPrinted):
            log.info("a %s slip of %d lines was dropped", event.slip.value, len(event.lines))
        return None

    def _expire_timers(self) -> None:
        now_s = self._clock.monotonic()
        for timer in [timer for timer, due_s in self._timers.items() if due_s <= now_s]:
            del self._timers[timer]
            if timer is m.Timer.STORAGE:
                self._try_disk()
            else:
                self._advance(m.TimerExpired(timer))
            self._tell()

    def _try_disk(self) -> None:
        """Writes that the disk takes entries again, and what it refused; else it is tried later."""
        self._advance(m.StorageRecovered(tuple(sorted(self._missed))))
        if not self._state.devices.storage_failed:
            self._missed.clear()

    # -- one step --------------------------------------------------------------------------------

    def _advance(self, event: m.Event) -> None:
        at = self._clock.utc()
        here(self._state.payment.state.value, inputs.kind_of(event))
        after, effects = step(self._state, event, at)
        if type(event) in JOURNALED and _matters(self._state, event, after, effects):
            sales = [effect.sale for effect in effects if isinstance(effect, fx.QueueSale)]
            try:
                entry = self._journal.append(
                    inputs.kind_of(event),
                    inputs.encode(event),
                    at_utc=at,
                    boot_id=self._intake.boot_id,
                    monotonic_s=self._clock.monotonic(),
                    outgoing=tuple(self._outgoing(sale) for sale in sales),
                )
            except JournalError as error:
                if type(event) in NOT_MISSED_UNWRITTEN:
                    log.error("the journal refused %s: %s", inputs.kind_of(event), error)
                    return
                self._cannot_write(event, error)
                if type(event) not in WORTH_DOING_UNWRITTEN:
                    return
                after, effects = step(self._state, event, at)
            if sales:
                self._sale_head = entry.hash
        self._state = after
        for effect in effects:
            fp("before-effect")
            self._perform(effect)
            fp("after-effect")
        return

    def _outgoing(self, sale: Sale) -> Outgoing:
        version = self._intake.shelf().version
        return Outgoing(sale.sale_id, inputs.encode_sale(sale), catalogue_version=version)

    def _cannot_write(self, event: m.Event, error: JournalError) -> None:
        """The event did not happen. An authorisation is sent back while the card is still there (P6)."""
        log.critical("the journal refused %s: %s", inputs.kind_of(event), error)
        self._missed.add(inputs.kind_of(event))
        attempt_id = event.attempt_id if isinstance(event, CardAuthorised) else ""
        self._advance(m.StorageFailed(attempt_id, str(error)))

    def _tell(self) -> None:
        self._publish(Snapshot(self._state, self._sound, self._sale_head))
        self._sound = ""

    # -- effects ---------------------------------------------------------------------------------

    def _perform(self, effect: fx.Effect) -> None:
        match effect:
            case fx.StartTimer(timer):
                self._timers[timer] = self._clock.monotonic() + delay_s(timer, self._state)
            case fx.StopTimer(timer):
                self._timers.pop(timer, None)
            case fx.PlaySound(sound):
                self._sound = sound.value
            case fx.QueueSale():
                self._voice.sales_waiting()
                if self._receipt_always:
                    self._own.append(m.ReceiptWanted())
            case fx.PrintReceipt() | fx.PrintCard() | fx.Weigh() | fx.SetLight():
                self._perform_device(effect)
            case fx.RequestPaymentAgain():
                event = self._intake.pay(self._state)
                if event is not None:
                    self._advance(event)
            case fx.CheckPin(who):
                self._voice.check_pin(who, self._intake.pin.take())
            case (
                fx.ReportOrder()
                | fx.CountAnswer()
                | fx.CountSearch()
                | fx.SendHelp()
                | fx.SendPhrase()
                | fx.RaiseIntervention()
                | fx.WithdrawIntervention()
                | fx.ReportStaff()
                | fx.ReportFeedback()
            ):
                say(self._voice, effect, self._state, self._clock.utc())
            case (
                fx.StartPayment()
                | fx.ConfirmPayment()
                | fx.RefusePayment()
                | fx.AbortPayment()
                | fx.QueryLastPayment()
                | fx.CarryOutOrder()
            ):
                self._perform_payment(effect)
            case _:
                assert_never(effect)

    def _perform_payment(self, effect: fx.PaymentEffect) -> None:
        terminal = self._ports.terminal
        if terminal is None:
            if isinstance(effect, fx.StartPayment):
                reason = DeclineReason.TERMINAL_NOT_READY
                self._own.append(CardDeclined(TERMINAL, effect.attempt_id, reason, 0))
            if isinstance(effect, fx.CarryOutOrder):
                why = "this lane has no card terminal"
                self._own.append(OrderFailed(TERMINAL, effect.order.order_id, 0, why))
            return
        match effect:
            case fx.StartPayment(attempt_id, amount_minor, currency):
                terminal.start(PaymentRequest(attempt_id, amount_minor, currency))
            case fx.ConfirmPayment(attempt_id):
                terminal.confirm(attempt_id)
            case fx.RefusePayment(attempt_id):
                terminal.refuse(attempt_id)
            case fx.AbortPayment(attempt_id):
                terminal.abort(attempt_id)
            case fx.QueryLastPayment(query_id):
                terminal.query_last(query_id)
            case fx.CarryOutOrder(order):
                terminal.carry_out(order)

    def _perform_device(self, effect: fx.Paper | fx.Weigh | fx.SetLight) -> None:
        match effect:
            case fx.SetLight(light):
                if self._ports.light is not None:
                    self._ports.light.show(light)
            case fx.Weigh():
                if self._ports.scale is not None:
                    self._ports.scale.weigh()
            case _:
                self._print(effect)

    def _print(self, paper: fx.Paper) -> None:
        job_id = paper.sale.sale_id if isinstance(paper, fx.PrintReceipt) else CARD_JOB
        if self._ports.printer is None:
            self._own.append(PrintFailed("printer", job_id, "this lane has no printer"))
        else:
            self._ports.printer.print_job(job_id, self._render(paper, self._sale_head))


def replay(state: LaneState, journal: Journal) -> LaneState:
    """The lane as its journal left it: every entry stepped again, effects left aside. Raises JournalError."""
    for entry in journal.entries():
        try:
            state, _ = step(state, inputs.decode(entry), entry.at_utc)
        except AssertionError as error:
            raise JournalError(f"entry {entry.seq}: {error}") from error
    return durable(state)


def _matters(before: LaneState, event: m.Event, after: LaneState, effects: tuple[fx.Effect, ...]) -> bool:
    """Whether an entry is needed: starts always, the rest when something that survives a restart changed."""
    if effects or isinstance(event, m.LaneStarted):
        return True
    return durable(before) != durable(after)
