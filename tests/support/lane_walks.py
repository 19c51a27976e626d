"""Owns random walks of a lane: for any state a plausible, late, foreign or absurd next event.

It must not check anything. All chance comes from the `Random` handed in.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from random import Random

from assets.languages import SHIPPED
from hardware.events import (
    BarcodeRefused,
    CardAuthorised,
    CardCompleted,
    CardDeclined,
    CardEvidence,
    CardInDoubt,
    CardPhase,
    CardProgress,
    ChargeOverheard,
    DayTotals,
    DeclineReason,
    DeviceLost,
    DeviceReady,
    LastPaymentReported,
    OrderDone,
    OrderFailed,
    OrderInDoubt,
    Paper,
    PaperChanged,
    PrintFailed,
    PrintFinished,
    QueryVerdict,
    ScanRefusal,
    Slip,
    TerminalPrinted,
    WeightRefusal,
    WeightRefused,
)
from inventory.domain.catalogue import SoldBy
from inventory.domain.correcting import PriceReason
from inventory.domain.feedback import FeedbackReason
from inventory.domain.help_desk import Decision, HelpReason, HelpState
from inventory.domain.orders import Order, OrderKind
from inventory.domain.phrases import Phrase, ShopperPhrase, StaffPhrase
from inventory.domain.pricing import GivenPrice
from kiosk.assist.faq import Question
from kiosk.checkout import messages as m
from kiosk.checkout import visit_events as v
from kiosk.checkout.asked import AnswerRated, QuestionOpened
from kiosk.checkout.basket import BasketLine
from kiosk.checkout.errand import ERRANDS, SHELF, ErrandDismissed, ErrandRequested
from kiosk.checkout.looking import CardOpened
from kiosk.checkout.machine import TERMINAL
from kiosk.checkout.paying import BASE_QUERY
from kiosk.checkout.pricing import unknown_item
from kiosk.checkout.state import LaneState
from kiosk.checkout.talk import PhraseHeard, PhrasePassed, PhraseSaid
from kiosk.checkout.tendering import next_receipt_no
from tests.support.lane_fakes import APPLES, ITEMS, TID, Walk, evidence, gtin, line, requested

STAFF_SHEETS = tuple(sheet for sheet in m.Sheet if sheet.name.startswith("STAFF_"))
SHEETS = tuple(sheet for sheet in m.Sheet if sheet is not m.Sheet.WEIGH and sheet not in STAFF_SHEETS)


class RandomWalk(Walk):
    """A walk that goes on by itself; `serial` keeps line and attempt ids apart."""

    serial = 0

    def new_id(self, kind: str) -> str:
        self.serial += 1
        return f"{kind}-{self.serial}"

    def next_event(self, chance: Random) -> m.Event:
        """Mostly what could come now, sometimes what should not."""
        if self.state.closed_by and chance.random() < 0.4:
            return _opened(self)
        if self.state.staff is not None and chance.random() < 0.5:
            return _staff(self, chance)
        makers = _SOON[self.state.phase.value] if chance.random() < 0.6 else _ANY
        return chance.choice(makers)(self, chance)

    def wander(self, chance: Random) -> m.Event:
        """One step further."""
        event = self.next_event(chance)
        self.later(chance.choice((0, 1, 7, 2000)))
        self.take(event)
        return event


Maker = Callable[[RandomWalk, Random], m.Event]


def _a_phrase(chance: Random) -> Phrase | None:
    """A whole phrase, or a text."""
    return chance.choice((None, Phrase(ShopperPhrase.ITEM_WONT_SCAN), Phrase(ShopperPhrase.LOST_CHILD)))


def _talk(walk: RandomWalk, chance: Random) -> m.Event:
    """Something said by either side, or how far it came."""
    said = PhraseSaid(walk.new_id("said"), walk.new_id("help"), _a_phrase(chance))
    return chance.choice((said, _answered(walk, chance), _passed(walk, chance)))


def _answered(walk: RandomWalk, chance: Random) -> PhraseHeard:
    """In the open call or in one that is over, the same one twice at times."""
    call = walk.state.help
    help_id = call.help_id if call is not None and chance.random() < 0.8 else "help-of-yesterday"
    phrase = chance.choice((None, Phrase(StaffPhrase.COMING, 2), Phrase(StaffPhrase.PRICE_IS, 129)))
    return PhraseHeard(chance.choice(("answer-1", walk.new_id("answer"))), help_id, "Marco", phrase, "it")


def _passed(walk: RandomWalk, chance: Random) -> PhrasePassed:
    ids = [each.entry_id for each in walk.state.talk.entries] or ["never-said"]
    return PhrasePassed(chance.choice(ids), taken=chance.random() < 0.8)


def _scan(walk: RandomWalk, chance: Random) -> m.Event:
    if chance.random() < 0.1:
        return _unknown(walk, chance)
    goods = chance.choice(ITEMS)
    if goods.sold_by is SoldBy.UNIT:
        return m.ItemScanned(line(goods, walk.new_id("line"), units=chance.choice((1, 1, 1, 60))))
    if goods.label_prefix:
        price = {"label_price_minor": chance.randint(1, 50_000)}
        return m.ItemScanned(line(goods, walk.new_id("line"), **price))
    return m.ItemScanned(line(goods, walk.new_id("line"), weight_g=chance.randint(1, 30_000)))


def _unknown(walk: RandomWalk, chance: Random) -> m.Event:
    """Goods nobody knows; now and then found by name in the place of a row that waits."""
    if walk.state.basket.pending and chance.random() < 0.2:
        row = chance.choice(walk.state.basket.pending)
        return m.ItemScanned(line(chance.choice(ITEMS[:2]), walk.new_id("line")), replaces=row.line_id)
    goods = unknown_item(gtin(chance.randint(900, 903)), "EUR")
    return m.ItemScanned(BasketLine(walk.new_id("line"), goods, 0, units=1, pending=True))


def _price(walk: RandomWalk, chance: Random) -> m.Event:
    """Mostly a fair price for a row that waits; also none, a foreign one, and one beyond the limits."""
    rows = [f"price-{row.line_id}" for row in walk.state.basket.lines] or ["price-gone"]
    price = GivenPrice("Rye bread", chance.choice((340, 340, 340, 0, 10**9)), "EUR", "reduced", 1000)
    price = replace(price, currency=chance.choice(("EUR", "EUR", "EUR", "RON")))
    price = replace(price, age_limit=chance.choice((0, 0, 0, 16, 18, 21)))
    decision = chance.choice((Decision.APPROVED, Decision.APPROVED, Decision.REFUSED))
    given = price if chance.random() < 0.9 else None
    return m.InterventionDecided(chance.choice(rows), decision, "Marco", given)


def _opened(walk: RandomWalk) -> m.Event:
    """On the way to an open lane: nothing else of a walk happens at a closed one."""
    if walk.state.staff is None:
        return m.StaffEntered("Marco", walk.new_id("staff"))
    return m.StaffActed(m.StaffAct.OPEN, walk.new_id("deed"))


def _staff(walk: RandomWalk, chance: Random) -> m.Event:
    """Staff at the screen: what they do, to rows that are there and to others."""
    price = GivenPrice("Rye bread", chance.choice((340, 340, 0)), "EUR", "reduced", 1000)
    act = (
        m.StaffAct.OPEN
        if walk.state.closed_by and chance.random() < 0.5
        else chance.choice((*m.StaffAct, m.StaffAct.VOID, m.StaffAct.VOID, m.StaffAct.VOID_ALL))
    )
    deed = m.StaffActed(
        act,
        walk.new_id("deed"),
        _line_id(walk, chance),
        price,
        price_minor=chance.choice((-1, 0, 1, 99, 10**9)),
        reason=chance.choice((None, *PriceReason)),
    )
    if walk.state.staff is not None:
        return chance.choice((deed, m.StaffLeft()))
    entered = m.StaffEntered("Marco", walk.new_id("staff"), chance.choice((0, 50, 100)))
    return chance.choice((deed, entered, m.StaffLeft()))


def _line_id(walk: RandomWalk, chance: Random) -> str:
    return chance.choice([*(line.line_id for line in walk.state.basket.lines), "gone"])


def _errand(walk: RandomWalk, chance: Random) -> m.Event:
    errand_id = _errand_id(walk, chance)
    asked = ErrandRequested(
        chance.choice(("", SHELF)) + walk.new_id("errand"), chance.choice(ERRANDS), chance.choice(ITEMS)
    )
    told = m.HelpUpdated(errand_id, chance.choice(tuple(HelpState)), "Sara")
    looked = CardOpened(chance.choice(("", ITEMS[0].gtin, "unknown")), phone=chance.random() < 0.5)
    turned = m.ResultChosen(chance.choice(("", ITEMS[0].gtin, "unknown")), chance.randint(-1, 99))
    return chance.choice((asked, told, ErrandDismissed(errand_id), looked, turned))


def _errand_id(walk: RandomWalk, chance: Random) -> str:
    return chance.choice([*(errand.errand_id for errand in walk.state.errands), "gone", f"{SHELF}gone"])


def _attempt_id(walk: RandomWalk, chance: Random) -> str:
    attempt = walk.state.payment.attempt
    return attempt.attempt_id if attempt and chance.random() < 0.85 else "somebody-elses"


def _evidence(walk: RandomWalk, chance: Random) -> CardEvidence:
    attempt = walk.state.payment.attempt
    if attempt is None or chance.random() < 0.2:
        foreign = (
            evidence(""),
            evidence("0009", result_code=0x6C),
            evidence("0009", amount_minor=1),
            evidence("0009", currency="RON"),
        )
        return chance.choice(foreign)
    return evidence(next_receipt_no(attempt.base_receipt_no), attempt.amount_minor)


def _requested(walk: RandomWalk, _chance: Random) -> m.Event:
    return requested(walk.state, walk.new_id("try"))


def _answer(walk: RandomWalk, chance: Random) -> m.Event:
    attempt = walk.state.payment.attempt
    newest = f"{attempt.attempt_id}/{attempt.queries}" if attempt else "none/0"
    query_id = chance.choice((newest, newest, newest, BASE_QUERY, "old/1"))
    verdict = chance.choice(tuple(QueryVerdict))
    found = _evidence(walk, chance) if verdict is QueryVerdict.FOUND else None
    return LastPaymentReported(TERMINAL, query_id, verdict, found, "", chance.choice(("", "52000001")))


def _decision(walk: RandomWalk, chance: Random) -> m.Event:
    attempt = walk.state.payment.attempt
    ids = [walk.state.age_intervention_id or "age-x", f"pay-{attempt.attempt_id}" if attempt else "pay-x"]
    ids += [f"charged-{walk.state.contradicted.attempt_id}"] if walk.state.contradicted else []
    return m.InterventionDecided(chance.choice(ids), chance.choice(tuple(Decision)), "Marco")


def _help_update(walk: RandomWalk, chance: Random) -> m.Event:
    help_id = walk.state.help.help_id if walk.state.help and chance.random() < 0.9 else "old-help"
    return m.HelpUpdated(help_id, chance.choice(tuple(HelpState)), chance.choice(("", "Marco")))


def _printed(walk: RandomWalk, chance: Random) -> m.Event:
    job_id = walk.state.sale.sale_id if walk.state.sale and chance.random() < 0.9 else "other"
    if chance.random() < 0.5:
        return PrintFinished("printer", job_id)
    return PrintFailed("printer", job_id, "cover open")


def _declined(walk: RandomWalk, chance: Random) -> m.Event:
    found = chance.choice((None, evidence("0012", result_code=0x6C)))
    return CardDeclined(TERMINAL, _attempt_id(walk, chance), chance.choice(tuple(DeclineReason)), 0x6C, found)


def _sheet(_walk: RandomWalk, chance: Random) -> m.Event:
    if chance.random() < 0.3:
        return m.SheetOpened(m.Sheet.WEIGH, item=APPLES)
    sheets = STAFF_SHEETS if chance.random() < 0.1 else SHEETS
    return m.SheetOpened(chance.choice(sheets), _line_id(_walk, chance))


def _order(walk: RandomWalk, chance: Random) -> m.Event:
    """A new order, or one the store tells again because it does not know its end."""
    orders = walk.state.orders
    known = [*orders.waiting, *([orders.running] if orders.running else [])]
    if known and chance.random() < 0.3:
        return m.OrderReceived(chance.choice(known))
    old = [*orders.begun, walk.new_id("order")]
    order_id = old[-1] if chance.random() < 0.7 else chance.choice(old)
    lane_id = walk.state.lane_id if chance.random() < 0.9 else "lane-9"
    was_sent = chance.random() < 0.2
    if chance.random() < 0.5:
        return m.OrderReceived(Order(order_id, OrderKind.CLOSE_DAY, lane_id, "Ada"), was_sent)
    terminal_id = chance.choice((TID, TID, TID, "52000009", ""))
    amount_minor = chance.choice((129, 129, 0))
    back = Order(order_id, OrderKind.TAKE_BACK, lane_id, "Ada", "a", terminal_id, "0008", amount_minor, "EUR")
    return m.OrderReceived(back, was_sent)


def _begun(walk: RandomWalk, chance: Random) -> m.Event:
    waiting = [order.order_id for order in walk.state.orders.waiting]
    return m.OrderBegun(chance.choice([*waiting, *walk.state.orders.begun[-3:], "order-x"]))


def _order_ended(walk: RandomWalk, chance: Random) -> m.Event:
    running = walk.state.orders.running
    order_id = running.order_id if running and chance.random() < 0.8 else "order-x"
    totals = chance.choice((None, DayTotals(1290, "EUR", 10), DayTotals(0, "RON")))
    found = chance.choice((None, evidence("0009"), evidence("0009", 1), evidence("0009", result_code=0x6C)))
    ends = (
        OrderDone(TERMINAL, order_id, totals, found),
        OrderDone(TERMINAL, order_id, totals, found),
        OrderFailed(TERMINAL, order_id, 0x77, "not possible now"),
        OrderInDoubt(TERMINAL, order_id, "line lost"),
    )
    return chance.choice(ends)


def _slip(walk: RandomWalk, chance: Random) -> m.Event:
    """Mostly of the payment or the order that runs, as a rule short, now and then without end."""
    running = walk.state.orders.running
    job_id = running.order_id if running and chance.random() < 0.7 else _attempt_id(walk, chance)
    count = chance.choice((1, 2, 10, 61))
    lines = tuple(f"{chance.choice('abc')} {number:02}" for number in range(count))
    return TerminalPrinted(
        TERMINAL, chance.choice((job_id, job_id, job_id, "")), chance.choice(tuple(Slip)), lines
    )


def _recalled(walk: RandomWalk, chance: Random) -> m.Event:
    return v.BasketRecalled(chance.choice([*(kept.code for kept in walk.state.parked), "Z99"]), "Ada")


def _overheard(walk: RandomWalk, chance: Random) -> m.Event:
    found = replace(_evidence(walk, chance), terminal_id="", receipt_no="", trace_no="", result_code=0)
    return ChargeOverheard(TERMINAL, found)


_ANY: tuple[Maker, ...] = (
    _overheard,
    _order,
    _begun,
    _order_ended,
    _slip,
    _scan,
    _price,
    *(_staff, _staff, _staff),
    lambda _, chance: m.PinTyped(chance.randint(-1, 20)),
    lambda _walk, _chance: m.PinSent(),
    lambda _, chance: m.PinRefused(chance.choice(tuple(m.PinState))),
    _requested,
    _answer,
    _decision,
    _help_update,
    _printed,
    _declined,
    _sheet,
    lambda walk, _: m.LaneStarted(walk.new_id("boot")),
    lambda walk, chance: m.UnitsChanged(_line_id(walk, chance), chance.choice((-2, -1, 1, 98))),
    lambda walk, chance: m.LineRemoved(
        _line_id(walk, chance), chance.choice((0, 1, 3)), chance.choice((0, 200))
    ),
    lambda _, chance: m.LanguageChosen(chance.choice(SHIPPED)),
    lambda _walk, _chance: m.PaymentCancelRequested(),
    lambda _walk, _chance: m.BasketResumed(),
    lambda _walk, _chance: v.ShopperReturned(),
    lambda _walk, _chance: v.PayElsewhereRequested(),
    lambda _walk, _chance: v.Touched(),
    lambda _walk, _chance: v.OfferDeclined(),
    lambda walk, chance: v.DoorOrdered(walk.new_id("door"), chance.random() < 0.3, "Giulia"),
    lambda _walk, _chance: v.PaperCardWanted(),
    lambda _walk, _chance: v.RemovalUndone(),
    _recalled,
    lambda walk, _: m.HelpRequested(walk.new_id("help")),
    lambda _, chance: m.HelpReasonGiven(chance.choice(tuple(HelpReason))),
    lambda _walk, _chance: m.HelpCancelled(),
    _talk,
    lambda _walk, _chance: m.ReceiptWanted(),
    lambda walk, chance: m.FeedbackGiven(chance.choice(("good", "bad")), walk.new_id("face")),
    lambda _, chance: v.FeedbackReasonGiven(chance.choice(tuple(FeedbackReason))),
    lambda _, chance: m.TimerExpired(chance.choice(tuple(m.Timer))),
    lambda walk, chance: CardAuthorised(TERMINAL, _attempt_id(walk, chance), _evidence(walk, chance)),
    lambda walk, chance: CardCompleted(TERMINAL, _attempt_id(walk, chance)),
    lambda walk, chance: CardInDoubt(TERMINAL, _attempt_id(walk, chance), "silence"),
    lambda walk, chance: CardProgress(TERMINAL, _attempt_id(walk, chance), chance.choice(tuple(CardPhase))),
    lambda _walk, _chance: m.SheetClosed(),
    lambda _, chance: m.QueryTyped(chance.choice(("", "mi", "pane"))),
    _errand,
    lambda _, chance: QuestionOpened(chance.choice(tuple(Question)).value),
    lambda _, chance: AnswerRated(helped=chance.random() < 0.5),
    lambda _, chance: m.ScanRejected(chance.choice(tuple(m.ScanProblem)), "123"),
    lambda _walk, _chance: OrderDone(TERMINAL, "order-1", DayTotals(129, "EUR")),
    lambda _walk, _chance: OrderFailed(TERMINAL, "order-1", 0x77, "no"),
    lambda _walk, _chance: OrderInDoubt(TERMINAL, "order-1", "silence"),
    lambda _, chance: m.PayObstructed(chance.choice(tuple(m.PayObstacle))),
    lambda _, chance: m.StoreReached(chance.random() < 0.5),
    lambda _, chance: m.PlateSeen(chance.randint(-5, 500)),
    lambda _, chance: m.StorageRecovered(
        chance.choice(((), ("CardDeclined",), ("LaneStarted", "OrderDone")))
    ),
    lambda walk, chance: m.StorageFailed(chance.choice(("", _attempt_id(walk, chance))), "disk full"),
    lambda _, chance: DeviceReady(chance.choice((TERMINAL, "printer"))),
    lambda _, chance: DeviceLost(chance.choice((TERMINAL, "printer")), "unplugged"),
    lambda _, chance: PaperChanged("printer", chance.choice(tuple(Paper))),
    lambda _, chance: WeightRefused("scale", chance.choice(tuple(WeightRefusal))),
    lambda _walk, _chance: BarcodeRefused("scanner", ScanRefusal.TOO_LONG, 600),
)


def _timer(timer: m.Timer) -> Maker:
    return lambda _walk, _chance: m.TimerExpired(timer)


def _base(_walk: RandomWalk, _chance: Random) -> m.Event:
    return LastPaymentReported(TERMINAL, BASE_QUERY, QueryVerdict.FOUND, evidence("0007"))


def _authorised(walk: RandomWalk, chance: Random) -> m.Event:
    return CardAuthorised(TERMINAL, _attempt_id(walk, chance), _evidence(walk, chance))


def _completed(walk: RandomWalk, chance: Random) -> m.Event:
    return CardCompleted(TERMINAL, _attempt_id(walk, chance))


def _doubted(walk: RandomWalk, chance: Random) -> m.Event:
    return CardInDoubt(TERMINAL, _attempt_id(walk, chance), "line lost")


_NOBODY_THERE = tuple(map(_timer, (m.Timer.IDLE, m.Timer.STILL_THERE, m.Timer.LEFT)))

_SOON: dict[str, tuple[Maker, ...]] = {
    "attract": (_scan, _base, _begun, _order_ended, _slip, _recalled),
    "scanning": (_scan, _requested, _decision, _base, _order_ended, _price, *_NOBODY_THERE),
    "paying": (_authorised, _completed, _declined, _doubted, _scan, _slip),
    "checking": (_answer, _decision, _overheard, lambda _walk, _chance: m.TimerExpired(m.Timer.CHECKING)),
    "not paid": (_requested, _overheard, lambda _walk, _chance: m.BasketResumed(), _scan, *_NOBODY_THERE),
    "parked": (_scan, lambda _walk, _chance: m.BasketResumed(), _timer(m.Timer.CODE)),
    "thanks": (_printed, _scan, _slip, lambda _walk, _chance: m.TimerExpired(m.Timer.THANKS)),
}


def is_settled_by(event: m.Event, before: LaneState) -> bool:
    """Whether `event` is one of the three ways in which `before` may become PAID (P7)."""
    match event:
        case CardCompleted(_, attempt_id):
            return before.payment.state.value == "authed" and _is_attempt(before, attempt_id)
        case LastPaymentReported(verdict=QueryVerdict.FOUND):
            return before.payment.state.value in ("unknown", "disputed")
        case m.InterventionDecided(decision=Decision.APPROVED):
            return before.payment.state.value in ("unknown", "disputed")
        case _:
            return False


def _is_attempt(state: LaneState, attempt_id: str) -> bool:
    return state.payment.attempt is not None and state.payment.attempt.attempt_id == attempt_id
