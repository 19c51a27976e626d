"""Owns builders and fakes for tests of the lane: goods, states, a clock, devices that only remember.

It must not check anything; tests do.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

from pydantic import SecretStr

from hardware.events import CardAuthorised, CardCompleted, CardEvidence, LastPaymentReported, QueryVerdict
from hardware.ports import Health, PaymentRequest, TerminalCapabilities, TerminalOrder
from inventory.domain.catalogue import Item, SoldBy
from inventory.domain.identifiers import with_check_digit
from inventory.domain.questions import AnswerOutcome
from inventory.domain.sales import Sale
from inventory.wire import (
    CatalogueMessage,
    FeedbackMessage,
    HelpMessage,
    InterventionMessage,
    OrderReport,
    PhraseMessage,
    StaffActionMessage,
    StockMessage,
)
from kiosk.checkout import effects as fx
from kiosk.checkout import messages as m
from kiosk.checkout.basket import BasketLine
from kiosk.checkout.journaled import JOURNALED
from kiosk.checkout.machine import TERMINAL, step
from kiosk.checkout.paying import BASE_QUERY
from kiosk.checkout.state import Attempt, LaneState
from kiosk.checkout.state import durable as durable  # noqa: PLC0414 - asked of the fakes by many tests
from kiosk.clock import Clock
from kiosk.config import LaneConfig, LaneSection, StoreSection
from kiosk.intake import Intake
from kiosk.journal import Journal
from kiosk.lane import Happening, Lane, Ports, Snapshot, Wake, replay
from kiosk.shelf import Shelf, shelf_from

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
TID = "52000001"
E = TypeVar("E")
RATES = {"standard": 2200, "reduced": 1000, "super": 400}


def gtin(number: int) -> str:
    """A GTIN-14 of the range that GS1 keeps for examples."""
    return "0" + with_check_digit(f"952{number:09}")


def item(number: int, name: str = "Milk", price_minor: int = 129, **changes: Any) -> Item:
    made = Item(
        gtin=gtin(number),
        sku=f"SKU-{number}",
        names={"en": name},
        price_minor=price_minor,
        currency="EUR",
        tax_class="reduced",
    )
    return replace(made, **changes)


MILK = item(1, "Milk", 129, names={"en": "Milk", "it": "Latte"}, aisle="7", bay="2")
WATER = item(2, "Water", 89, deposit_minor=25, tax_class="standard", aisle="10")
APPLES = item(3, "Apples", 209, sold_by=SoldBy.WEIGHT, plu="4020", tax_class="super", aisle="2")
BEER = item(4, "Beer", 199, age_limit=16, tax_class="standard")
WHISKY = item(5, "Whisky", 1999, age_limit=18, tax_class="standard")
HAM = item(6, "Ham", 1890, sold_by=SoldBy.WEIGHT, label_prefix="2123456", tax_class="standard")
BUN = item(7, "Bun", 60, plu="4444")
ITEMS = (MILK, WATER, APPLES, BEER, WHISKY, HAM, BUN)


def catalogue(*items: Item, version: int = 1) -> CatalogueMessage:
    goods = items or ITEMS
    return CatalogueMessage(
        version=version,
        store_id="aurora-1",
        store_name="Mercato Aurora",
        currency="EUR",
        tax_rates_bp=RATES,
        items=goods,
        stock=(StockMessage(gtin=MILK.gtin, on_hand_milli=40_000, as_of_utc=NOON),),
    )


def shelf() -> Shelf:
    return shelf_from(catalogue())


def line(goods: Item, line_id: str, *, units: int = 1, weight_g: int = 0, **more: Any) -> BasketLine:
    return BasketLine(line_id, goods, RATES[goods.tax_class], 0 if weight_g else units, weight_g, **more)


def fresh_state() -> LaneState:
    return LaneState(
        store_id="aurora-1", lane_id="lane-3", currency="EUR", default_language="en", language="en"
    )


def evidence(receipt_no: str = "0008", amount_minor: int = 129, **changes: Any) -> CardEvidence:
    made = CardEvidence(
        terminal_id=TID,
        receipt_no=receipt_no,
        trace_no=f"{int(receipt_no or 0) + 33:06d}",
        amount_minor=amount_minor,
        currency="EUR",
        result_code=0,
        card_name="girocard",
        card_last4="4242",
        authorisation_id="A7",
        terminal_date="1121",
        terminal_time="120030",
    )
    return replace(made, **changes)


def requested(state: LaneState, attempt_id: str = "try-1") -> m.PaymentRequested:
    """What the intake would make of a tap on Pay."""
    return m.PaymentRequested(
        attempt_id=attempt_id,
        amount_minor=state.basket.total_minor,
        currency=state.currency,
        terminal_id=state.terminal.terminal_id,
        base_receipt_no=state.terminal.receipt_no,
        stored_receipt_no=state.terminal.stored_receipt_no,
        stored_mark=state.terminal.stored_mark,
        local_time="1121120000",
        boot_id="boot",
        monotonic_s=1.0,
    )


@dataclass
class Walk:
    """A lane state led through events; keeps the effects of every step."""

    state: LaneState = field(default_factory=fresh_state)
    at: datetime = NOON
    effects: tuple[fx.Effect, ...] = ()
    history: list[tuple[m.Event, datetime]] = field(default_factory=list)

    def take(self, *events: m.Event) -> tuple[fx.Effect, ...]:
        """Steps; the effects of the last event."""
        for event in events:
            self.history.append((event, self.at))
            self.state, self.effects = step(self.state, event, self.at)
        return self.effects

    def later(self, seconds: float) -> Walk:
        self.at += timedelta(seconds=seconds)
        return self

    def know_terminal(self, receipt_no: str = "0007") -> Walk:
        found = evidence(receipt_no)
        self.take(LastPaymentReported(TERMINAL, BASE_QUERY, QueryVerdict.FOUND, found))
        return self

    def scan(self, goods: Item = MILK, line_id: str = "a", **how: int) -> Walk:
        self.take(m.ItemScanned(line(goods, line_id, **how)))
        return self

    def pay(self, attempt_id: str = "try-1") -> Walk:
        self.take(requested(self.state, attempt_id))
        return self

    def authorise(self, **changes: Any) -> Walk:
        attempt = self.attempt
        found = evidence(**{"amount_minor": attempt.amount_minor, **changes})
        self.take(CardAuthorised(TERMINAL, attempt.attempt_id, found))
        return self

    def complete(self) -> Walk:
        self.take(CardCompleted(TERMINAL, self.attempt.attempt_id))
        return self

    def answer(self, verdict: QueryVerdict, found: CardEvidence | None = None) -> tuple[fx.Effect, ...]:
        """The terminal's answer to the newest question about the open attempt."""
        query_id = f"{self.attempt.attempt_id}/{self.attempt.queries}"
        return self.take(LastPaymentReported(TERMINAL, query_id, verdict, found))

    def unlit(self) -> tuple[fx.Effect, ...]:
        """The effects of the last event beside the lane's light."""
        return tuple(effect for effect in self.effects if not isinstance(effect, fx.SetLight))

    @property
    def attempt(self) -> Attempt:
        assert self.state.payment.attempt is not None
        return self.state.payment.attempt

    def kinds(self) -> list[type]:
        return [type(effect) for effect in self.effects]

    def of(self, kind: type[E]) -> list[E]:
        return [effect for effect in self.effects if isinstance(effect, kind)]


class HandClock(Clock):
    """Time that only the test moves."""

    def __init__(self, now_utc: datetime = NOON) -> None:
        super().__init__()
        self.now_utc = now_utc
        self.now_s = 1000.0

    def utc(self) -> datetime:
        return self.now_utc

    def local_stamp(self) -> str:
        return self.now_utc.strftime("%m%d%H%M%S")

    def monotonic(self) -> float:
        return self.now_s

    def advance(self, seconds: float) -> None:
        self.now_s += seconds
        self.now_utc += timedelta(seconds=seconds)


class FakeTerminal:
    """Remembers what it was asked; `on_call` looks at the world at that very moment."""

    name = TERMINAL
    capabilities = TerminalCapabilities(query_last=True, abort=True)

    def __init__(self, on_call: Callable[[str], None] = lambda _call: None) -> None:
        self.calls: list[tuple[str, str]] = []
        self._on_call = on_call

    def open(self) -> None: ...
    def close(self) -> None: ...

    def health(self) -> Health:
        return Health.READY

    def start(self, request: PaymentRequest) -> None:
        self._note("start", request.attempt_id)

    def confirm(self, attempt_id: str) -> None:
        self._note("confirm", attempt_id)

    def refuse(self, attempt_id: str) -> None:
        self._note("refuse", attempt_id)

    def abort(self, attempt_id: str) -> None:
        self._note("abort", attempt_id)

    def query_last(self, query_id: str) -> None:
        self._note("query", query_id)

    def carry_out(self, order: TerminalOrder) -> None:
        self._note("carry out", order.order_id)

    def _note(self, call: str, subject: str) -> None:
        self.calls.append((call, subject))
        self._on_call(call)

    def named(self, call: str) -> list[str]:
        return [subject for name, subject in self.calls if name == call]


@dataclass
class FakePrinter:
    name: str = "printer"
    jobs: list[tuple[str, bytes]] = field(default_factory=list)

    def open(self) -> None: ...
    def close(self) -> None: ...

    def health(self) -> Health:
        return Health.READY

    def print_job(self, job_id: str, content: bytes) -> None:
        self.jobs.append((job_id, content))


@dataclass
class FakeScale:
    name: str = "scale"
    asked: int = 0

    def open(self) -> None: ...
    def close(self) -> None: ...

    def health(self) -> Health:
        return Health.READY

    def weigh(self) -> None:
        self.asked += 1


@dataclass
class FakeVoice:
    """The store's ear: remembers what the lane said."""

    sales: int = 0
    help: list[HelpMessage] = field(default_factory=list)
    interventions: list[InterventionMessage] = field(default_factory=list)
    orders: list[OrderReport] = field(default_factory=list)
    answers: list[tuple[str, str, AnswerOutcome]] = field(default_factory=list)
    searches: list[tuple[str, str]] = field(default_factory=list)
    staff: list[StaffActionMessage] = field(default_factory=list)
    feedback: list[FeedbackMessage] = field(default_factory=list)
    said: list[PhraseMessage] = field(default_factory=list)
    pins: list[tuple[str, str]] = field(default_factory=list)

    def sales_waiting(self) -> None:
        self.sales += 1

    def say_help(self, message: HelpMessage) -> None:
        self.help.append(message)

    def say_phrase(self, message: PhraseMessage) -> None:
        self.said.append(message)

    def say_intervention(self, message: InterventionMessage) -> None:
        self.interventions.append(message)

    def say_order(self, message: OrderReport) -> None:
        self.orders.append(message)

    def count_answer(self, question: str, language: str, outcome: AnswerOutcome) -> None:
        self.answers.append((question, language, outcome))

    def count_search(self, term: str, language: str) -> None:
        self.searches.append((term, language))

    def say_staff(self, message: StaffActionMessage) -> None:
        self.staff.append(message)

    def say_feedback(self, message: FeedbackMessage) -> None:
        self.feedback.append(message)

    def check_pin(self, who: str, pin: str) -> None:
        self.pins.append((who, pin))


def lane_config(folder: Path, *, url: str = "http://127.0.0.1:9", **lane: str) -> LaneConfig:
    section = {"id": "lane-3", "label": "3", "store_id": "aurora-1", "store_name": "Mercato Aurora", **lane}
    return LaneConfig(
        lane=LaneSection.model_validate({**section, "data": folder}),
        store=StoreSection(url=url, token=SecretStr("token")),
    )


def counter(prefix: str = "id") -> Callable[[], str]:
    """Ids in order: id-1, id-2."""
    numbers = iter(range(1, 1_000_000))
    return lambda: f"{prefix}-{next(numbers)}"


def _paper(paper: fx.Paper, head: str) -> bytes:
    """What a test reads instead of ESC/POS."""
    if isinstance(paper, fx.PrintCard):
        return f"{paper.code} {paper.language}".encode()
    return f"{paper.sale.sale_id} {head[:8]} {paper.copy}".encode()


class LaneBench:
    """A Lane on a real journal with fake devices, worked in the test's own thread."""

    def __init__(
        self, folder: Path, *, receipt_always: bool = False, devices: bool = True, **lane: str
    ) -> None:
        self.folder = folder
        self.clock = HandClock()
        self.shelf = shelf()
        self.new_id = counter()
        self.terminal = FakeTerminal(self._terminal_called)
        self.printer, self.scale, self.voice = FakePrinter(), FakeScale(), FakeVoice()
        self.on_terminal: Callable[[str], None] = lambda _call: None
        self.on_publish: Callable[[Snapshot], None] = lambda _snapshot: None
        self.snapshots: list[Snapshot] = []
        self._receipt_always = receipt_always
        self._settings = lane
        self._ports = Ports(self.terminal, self.printer, self.scale) if devices else Ports(None, None, None)
        self.boots = 0
        self._started = False
        self.boot()

    @property
    def journal_path(self) -> Path:
        return self.folder / "journal.sqlite"

    @property
    def state(self) -> LaneState:
        return self.lane.state

    def boot(self) -> None:
        """Starts the program: replay, then the opening step."""
        self.boots += 1
        self._started = False
        boot_id = f"boot-{self.boots}"
        self.journal = Journal(self.journal_path)
        config = lane_config(self.folder, **self._settings)
        intake = Intake(config, self.clock, self._new_id, boot_id, lambda: self.shelf)
        self.lane = Lane(
            replay(fresh_state(), self.journal),
            journal=self.journal,
            intake=intake,
            ports=self._ports,
            voice=self.voice,
            clock=self.clock,
            render=_paper,
            publish=self._published,
            receipt_always=self._receipt_always,
        )
        self.work()

    def work(self, *happenings: Happening) -> None:
        """Lets the lane take these, and whatever follows from them, then looks at the timers once."""
        for posted in (*happenings, Wake()):
            self.lane.post(posted)
        self.lane.stop()
        if not self._started:
            self._started = True
            self.lane.run(lambda: None)
            assert self.lane.failure is None, self.lane.failure
            return
        while (happening := self.lane._next()) is not None:  # what `run` does, without starting again
            self.lane._take(happening)

    def power_cut(self) -> None:
        """The process is gone: nothing is tidied up, but the operating system frees the lock."""
        self.journal.close()

    def restart(self) -> None:
        self.power_cut()
        self.boot()

    def wait(self, seconds: float) -> None:
        """Time passes; timers that are due expire."""
        self.clock.advance(seconds)
        self.work()

    def kinds(self) -> list[str]:
        """What the journal holds, by the names of its entries."""
        return [entry.kind for entry in self.journal.entries()]

    def sale(self) -> Sale:
        assert self.state.sale is not None
        return self.state.sale

    def close(self) -> None:
        self.journal.close()

    def _new_id(self) -> str:
        return self.new_id()  # looked up each time: a test may put another in its place

    def _terminal_called(self, call: str) -> None:
        self.on_terminal(call)

    def _published(self, snapshot: Snapshot) -> None:
        self.snapshots.append(snapshot)
        self.on_publish(snapshot)


def journaled(history: Iterable[tuple[m.Event, datetime]]) -> LaneState:
    """The state that replaying only the journaled events leads to, from the start."""
    state = fresh_state()
    for event, at in history:
        if type(event) in JOURNALED:
            state, _ = step(state, event, at)
    return state
