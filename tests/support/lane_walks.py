"""Owns random walks of a lane: for any state a plausible, late, foreign or absurd next event.

It must not check anything. All chance comes from the `Random` handed in.
"""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from hardware.events import (
    BarcodeRefused,
    CardAuthorised,
    CardCompleted,
    CardDeclined,
    CardEvidence,
    CardInDoubt,
    CardPhase,
    CardProgress,
    DeclineReason,
    DeviceLost,
    DeviceReady,
    LastPaymentReported,
    Paper,
    PaperChanged,
    PrintFailed,
    PrintFinished,
    QueryVerdict,
    ScanRefusal,
    WeightRefusal,
    WeightRefused,
)
from inventory.domain.catalogue import SoldBy
from inventory.domain.help_desk import Decision, HelpReason, HelpState
from kiosk.checkout import messages as m
from kiosk.checkout.machine import TERMINAL
from kiosk.checkout.paying import BASE_QUERY
from kiosk.checkout.state import LaneState
from kiosk.checkout.tendering import next_receipt_no
from kiosk.config import LANGUAGES
from tests.support.lane_fakes import APPLES, ITEMS, Walk, evidence, line, requested

SHEETS = tuple(sheet for sheet in m.Sheet if sheet is not m.Sheet.WEIGH)


class RandomWalk(Walk):
    """A walk that goes on by itself; `serial` keeps line and attempt ids apart."""

    serial = 0

    def new_id(self, kind: str) -> str:
        self.serial += 1
        return f"{kind}-{self.serial}"

    def next_event(self, chance: Random) -> m.Event:
        """Mostly what could come now, sometimes what should not."""
        makers = _SOON[self.state.phase.value] if chance.random() < 0.6 else _ANY
        return chance.choice(makers)(self, chance)

    def wander(self, chance: Random) -> m.Event:
        """One step further."""
        event = self.next_event(chance)
        self.later(chance.choice((0, 1, 7, 2000)))
        self.take(event)
        return event


Maker = Callable[[RandomWalk, Random], m.Event]


def _scan(walk: RandomWalk, chance: Random) -> m.Event:
    goods = chance.choice(ITEMS)
    if goods.sold_by is SoldBy.UNIT:
        return m.ItemScanned(line(goods, walk.new_id("line"), units=chance.choice((1, 1, 1, 60))))
    if goods.label_prefix:
        price = {"label_price_minor": chance.randint(1, 50_000)}
        return m.ItemScanned(line(goods, walk.new_id("line"), **price))
    return m.ItemScanned(line(goods, walk.new_id("line"), weight_g=chance.randint(1, 30_000)))


def _line_id(walk: RandomWalk, chance: Random) -> str:
    return chance.choice([*(line.line_id for line in walk.state.basket.lines), "gone"])


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
    return m.SheetOpened(chance.choice(SHEETS), _line_id(_walk, chance))


_ANY: tuple[Maker, ...] = (
    _scan,
    _requested,
    _answer,
    _decision,
    _help_update,
    _printed,
    _declined,
    _sheet,
    lambda walk, _: m.LaneStarted(walk.new_id("boot")),
    lambda walk, chance: m.UnitsChanged(_line_id(walk, chance), chance.choice((-2, -1, 1, 98))),
    lambda walk, chance: m.LineRemoved(_line_id(walk, chance)),
    lambda _, chance: m.LanguageChosen(chance.choice(LANGUAGES)),
    lambda _walk, _chance: m.PaymentCancelRequested(),
    lambda _walk, _chance: m.BasketResumed(),
    lambda walk, _: m.HelpRequested(walk.new_id("help")),
    lambda _, chance: m.HelpReasonGiven(chance.choice(tuple(HelpReason))),
    lambda _walk, _chance: m.HelpCancelled(),
    lambda _walk, _chance: m.ReceiptWanted(),
    lambda _walk, _chance: m.FeedbackGiven("good"),
    lambda _, chance: m.TimerExpired(chance.choice(tuple(m.Timer))),
    lambda walk, chance: CardAuthorised(TERMINAL, _attempt_id(walk, chance), _evidence(walk, chance)),
    lambda walk, chance: CardCompleted(TERMINAL, _attempt_id(walk, chance)),
    lambda walk, chance: CardInDoubt(TERMINAL, _attempt_id(walk, chance), "silence"),
    lambda walk, chance: CardProgress(TERMINAL, _attempt_id(walk, chance), chance.choice(tuple(CardPhase))),
    lambda _walk, _chance: m.SheetClosed(),
    lambda _, chance: m.QueryTyped(chance.choice(("", "mi", "pane"))),
    lambda _, chance: m.ResultChosen(chance.choice(("", ITEMS[0].gtin, "unknown")), chance.randint(-1, 99)),
    lambda _, chance: m.ScanRejected(chance.choice(tuple(m.ScanProblem)), "123"),
    lambda _, chance: m.PayObstructed(chance.choice(tuple(m.PayObstacle))),
    lambda _, chance: m.StoreReached(chance.random() < 0.5),
    lambda _, chance: m.PlateSeen(chance.randint(-5, 500)),
    lambda walk, chance: m.StorageFailed(chance.choice(("", _attempt_id(walk, chance))), "disk full"),
    lambda _, chance: DeviceReady(chance.choice((TERMINAL, "printer"))),
    lambda _, chance: DeviceLost(chance.choice((TERMINAL, "printer")), "unplugged"),
    lambda _, chance: PaperChanged("printer", chance.choice(tuple(Paper))),
    lambda _, chance: WeightRefused("scale", chance.choice(tuple(WeightRefusal))),
    lambda _walk, _chance: BarcodeRefused("scanner", ScanRefusal.TOO_LONG, 600),
)


def _base(_walk: RandomWalk, _chance: Random) -> m.Event:
    return LastPaymentReported(TERMINAL, BASE_QUERY, QueryVerdict.FOUND, evidence("0007"))


def _authorised(walk: RandomWalk, chance: Random) -> m.Event:
    return CardAuthorised(TERMINAL, _attempt_id(walk, chance), _evidence(walk, chance))


def _completed(walk: RandomWalk, chance: Random) -> m.Event:
    return CardCompleted(TERMINAL, _attempt_id(walk, chance))


def _doubted(walk: RandomWalk, chance: Random) -> m.Event:
    return CardInDoubt(TERMINAL, _attempt_id(walk, chance), "line lost")


_SOON: dict[str, tuple[Maker, ...]] = {
    "attract": (_scan, _base),
    "scanning": (_scan, _requested, _decision, _base),
    "paying": (_authorised, _completed, _declined, _doubted, _scan),
    "checking": (_answer, _decision, lambda _walk, _chance: m.TimerExpired(m.Timer.CHECKING)),
    "not paid": (_requested, lambda _walk, _chance: m.BasketResumed(), _scan),
    "thanks": (_printed, _scan, lambda _walk, _chance: m.TimerExpired(m.Timer.THANKS)),
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
