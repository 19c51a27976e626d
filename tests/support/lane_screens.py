"""Owns a lane led to every screen it can show: real states, drawn up by the real presenter in any language.

It must not know how a screen is drawn. Words come from the catalogues alone; the goods are the demo store's.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from enum import Enum
from functools import cache

from assets.answers import Answers
from hardware.events import (
    CardDeclined,
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
    QueryVerdict,
    WeightRefusal,
    WeightRefused,
)
from inventory.demo import CATALOGUE, PLAN, TAX_RATES_BP
from inventory.demo_names import DEMO
from inventory.domain.catalogue import Item, SoldBy
from inventory.domain.help_desk import Decision, HelpReason, HelpState
from inventory.domain.help_waiting import Band, Level
from inventory.domain.phrases import Phrase, ShopperPhrase, StaffPhrase
from inventory.domain.store_plan import read_plan
from inventory.formats.csv_catalogue import read_catalogue
from inventory.wire import CatalogueMessage, StockMessage
from kiosk.assist.faq import Question
from kiosk.checkout import messages as m
from kiosk.checkout import visit_events as v
from kiosk.checkout.asked import AnswerRated, QuestionOpened
from kiosk.checkout.basket import BasketLine
from kiosk.checkout.errand import ErrandRequested
from kiosk.checkout.looking import CardOpened
from kiosk.checkout.machine import TERMINAL
from kiosk.checkout.preferences import Preference, Preferences
from kiosk.checkout.pricing import unknown_item
from kiosk.checkout.state import LaneState
from kiosk.checkout.talk import PhraseHeard, PhrasePassed, PhraseSaid
from kiosk.shelf import Shelf, shelf_from
from kiosk.ui.presenter import present
from kiosk.ui.presenter.scene import Scene
from kiosk.ui.screen_model import ScreenModel
from tests.support.lane_fakes import NOON, RATES, Walk, evidence, gtin

Led = Callable[[], Walk]

_QUERY_LETTERS = 5
_MARCO, _MASSIMILIANO = "Marco", "Massimiliano"
_CODE = "A37"


@cache
def goods() -> dict[str, Item]:
    """The demo store's goods by their number there."""
    sheet = read_catalogue(CATALOGUE.read_bytes(), currency="EUR")
    return {entry.item.sku: entry.item for entry in sheet.entries}


@cache
def shelf() -> Shelf:
    """The demo store's shelf with its plan; stock of every band."""
    items = tuple(goods().values())
    levels = {"DAI-005": 6_000, "PRO-004": 0, "HOU-006": 1_000}
    checked = NOON - timedelta(minutes=12)
    stock = tuple(
        StockMessage(gtin=item.gtin, on_hand_milli=levels.get(item.sku, 40_000), as_of_utc=checked)
        for item in items
        if item.sku != "DAI-007"
    )
    message = CatalogueMessage(
        version=1,
        store_id=DEMO.store_id,
        store_name=DEMO.store_name,
        currency="EUR",
        tax_rates_bp=TAX_RATES_BP,
        items=items,
        stock=stock,
    )
    return replace(shelf_from(message), plan=read_plan(PLAN.read_text("utf-8"), source=PLAN.name))


@cache
def scene() -> Scene:
    """What a screen needs beside the state: the demo store with a plan, a printer, a scale and answers."""
    return Scene(
        store_name=DEMO.store_name,
        lane_label="3",
        shelf=shelf(),
        now_utc=NOON,
        receipt_qr="https://aurora.example/r/7Q2M9K4TX1",
        bag_gtin=DEMO.bag_gtin,
        answers=Answers(),
        shopper_url="https://aurora.example",
        typed=_TYPED,
        help_desk_place="Service desk by the exit",
    )


# --- the ways to a screen ------------------------------------------------------------------------


def _open() -> Walk:
    """A lane in which everything works, waiting for somebody."""
    walk = Walk().know_terminal()
    devices = (*(TERMINAL, "scanner", "printer", "scale"),)
    walk.take(*(DeviceReady(name) for name in devices), m.StoreReached(online=True))
    walk.take(PaperChanged("printer", Paper.OK))
    return walk


def _put(walk: Walk, sku: str, line_id: str, *, units: int = 1) -> Walk:
    item = goods()[sku]
    weight_g = 485 if item.sold_by is SoldBy.WEIGHT else 0
    count = 0 if weight_g else units
    walk.take(m.ItemScanned(BasketLine(line_id, item, RATES[item.tax_class], count, weight_g)))
    return walk


def _shopping() -> Walk:
    """Five rows: long names, a weighed one, several of one, one with a deposit."""
    walk = _put(_put(_open(), "DRI-001", "water", units=2), "PRO-001", "apples")
    return _put(_put(_put(walk, "HOU-006", "tablets", units=3), "FRO-011", "cod"), "DAI-032", "eggs")


def _after(led: Led, *events: m.Event) -> Led:
    def walked() -> Walk:
        walk = led()
        walk.take(*events)
        return walk

    return walked


def _full() -> Walk:
    walk, skus = _open(), sorted(sku for sku, item in goods().items() if not item.age_limit)
    for place, sku in enumerate(skus[:40]):
        _put(walk, sku, f"row-{place}")
    return walk


def _in_money(language_currency: str) -> Led:
    """The largest sums a shop of that currency knows: two million rupiah, or a thousand lei."""

    def walked() -> Walk:
        walk = _shopping()
        lines = tuple(
            replace(line, item=replace(line.item, price_minor=123_450, currency=language_currency))
            for line in walk.state.basket.lines
        )
        basket = replace(walk.state.basket, lines=lines)
        walk.state = replace(walk.state, currency=language_currency, basket=basket)
        return walk

    return walked


def _called(led: Led, *states: HelpState, name: str = _MASSIMILIANO, is_afar: bool = False) -> Led:
    updates = tuple(m.HelpUpdated("help-1", state, name, is_afar=is_afar) for state in states)
    return _after(led, m.HelpRequested("help-1"), *updates)


def _updated(led: Led, *, turn: int = 0, level: Level = Level.EVERYONE) -> Led:
    """The store's word that nobody has answered, yet or any more."""
    return _after(led, m.HelpUpdated("help-1", HelpState.DELIVERED, "", turn=turn, level=level))


def _coming(led: Led) -> Led:
    band = m.HelpPlaced("help-1", 0, Band.ONE_TO_TWO)
    return _after(_called(led, HelpState.ACCEPTED), m.HelpReasonGiven(HelpReason.WONT_SCAN), band)


def _asked_about(sku: str) -> Led:
    """The card of a good, and somebody who knows it on the way."""
    call = m.HelpRequested("help-1", HelpReason.SALES, goods()[sku])
    return _after(_card(sku), call, m.HelpUpdated("help-1", HelpState.DELIVERED, ""))


def _pending() -> Walk:
    walk = _shopping()
    walk.take(m.ItemScanned(BasketLine("unknown", unknown_item(gtin(900), "EUR"), 0, units=1, pending=True)))
    return walk


def _adult() -> Walk:
    return _put(_shopping(), "ALC-001", "beer")


def _paying() -> Walk:
    return _shopping().pay()


def _authorised() -> Walk:
    return _paying().authorise()


def _checking() -> Walk:
    walk = _paying()
    walk.take(CardInDoubt(TERMINAL, walk.attempt.attempt_id, "line lost"))
    return walk


def _told() -> Walk:
    walk = _checking()
    walk.later(31).take(m.TimerExpired(m.Timer.CHECKING))
    return walk


def _phase(phase: CardPhase) -> Led:
    def walked() -> Walk:
        walk = _paying()
        walk.take(CardProgress(TERMINAL, walk.attempt.attempt_id, phase))
        return walk

    return walked


def _declined(reason: DeclineReason) -> Led:
    def walked() -> Walk:
        walk = _paying()
        walk.take(CardDeclined(TERMINAL, walk.attempt.attempt_id, reason, 0x6C, None))
        return walk

    return walked


def _waiting_item() -> Walk:
    return _put(_paying(), "DAI-001", "late")


def _paid() -> Walk:
    return _authorised().complete()


def _left_out() -> Walk:
    return _put(_authorised(), "FRO-011", "late").complete()


def _receipt_failed() -> Walk:
    walk = _paid()
    assert walk.state.sale is not None
    walk.take(m.ReceiptWanted(), PrintFailed("printer", walk.state.sale.sale_id, "cover open"))
    return walk


def _silent() -> Walk:
    return _after(_shopping, m.TimerExpired(m.Timer.IDLE))()


def _kept() -> Walk:
    return _after(_silent, m.TimerExpired(m.Timer.STILL_THERE))()


def _searching(sku: str) -> Led:
    """The query is the beginning of the goods' name in the language shown: see `_in_language`."""
    return _after(_shopping, m.SheetOpened(m.Sheet.FIND), m.QueryTyped(f"\0{sku}"))


def _card(sku: str, *, scanned: bool = False, phone: bool = False) -> Led:
    look = CardOpened(goods()[sku].gtin, scanned=scanned, phone=phone)
    return _after(_shopping, m.SheetOpened(m.Sheet.FIND), look)


def _counting(number: str) -> Led:
    return _after(_shopping, m.SheetOpened(m.Sheet.COUNT, "tablets"), m.QueryTyped(number))


def _typing_number(number: str) -> Led:
    return _after(_shopping, m.SheetOpened(m.Sheet.STICKER), m.QueryTyped(number))


def _brought(led: Led, state: HelpState) -> Led:
    def walked() -> Walk:
        walk = led()
        walk.take(ErrandRequested("errand-1", HelpReason.BRING, goods()["DAI-005"]))
        walk.take(m.HelpUpdated("errand-1", state, _MASSIMILIANO))
        return walk

    return walked


def _asking(led: Led) -> Led:
    return _after(led, m.SheetOpened(m.Sheet.QUESTIONS))


def _reading(question: Question, *events: m.Event) -> Led:
    return _after(_asking(_shopping), QuestionOpened(question.value), *events)


def _weighing(*events: m.Event) -> Led:
    return _after(_shopping, m.SheetOpened(m.Sheet.WEIGH, item=goods()["PRO-001"]), *events)


def _staffed(led: Led, *events: m.Event) -> Led:
    return _after(led, m.StaffEntered(_MARCO, "staff-1"), *events)


def _pin(*events: m.Event) -> Led:
    return _after(_shopping, m.SheetOpened(m.Sheet.STAFF_PIN, _MARCO), *events)


def _parked() -> Walk:
    walk = _shopping()
    walk.take(v.PayElsewhereRequested())
    return walk


def _closed() -> Walk:
    return _staffed(_open, m.StaffActed(m.StaffAct.CLOSE, "deed-1"), m.StaffLeft())()


def _emptied() -> Walk:
    walk = _put(_open(), "DAI-001", "milk")
    walk.take(m.LineRemoved("milk"), m.TimerExpired(m.Timer.UNDO))
    return walk


def _undo() -> Walk:
    return _after(_shopping, m.LineRemoved("cod"))()


def _offered() -> Walk:
    walk = _shopping()
    for _ in range(4):
        walk.later(2).take(m.ScanRejected(m.ScanProblem.UNREADABLE))
    walk.take(m.TimerExpired(m.Timer.NOTICE))
    assert walk.state.ladder.offered
    return walk


def _preferring(*chosen: Preference) -> Led:
    preferences = m.PreferencesChosen(Preferences(frozenset(chosen)))
    return _after(_shopping, preferences, m.SheetOpened(m.Sheet.ACCESSIBILITY))


def _lost(led: Led, name: str) -> Led:
    return _after(led, DeviceLost(name, "not plugged in"))


_SCREENS: dict[str, Led] = {
    "attract": _open,
    "basket": _adult,
    "basket-empty": _emptied,
    "basket-full": _full,
    "basket-money": _in_money("IDR"),
    "help": _coming(_shopping),
    "pay": _paying,
    "pay-help": _coming(_paying),
    "paying": _phase(CardPhase.CONTACTING_BANK),
    "not-paid": _declined(DeclineReason.REFUSED_BY_BANK),
    "checking": _told,
    "thanks": _paid,
    "not-paid-help": _coming(_declined(DeclineReason.REFUSED_BY_BANK)),
    "checking-help": _called(_checking, HelpState.ACCEPTED),
    "thanks-help": _coming(_paid),
    "find": _searching("DAI-005"),
    "find-empty": _after(_shopping, m.SheetOpened(m.Sheet.FIND)),
    "find-figures": _after(_searching("DAI-005"), m.ResultChosen(accents=True)),
    "find-help": _coming(_searching("DAI-005")),
    "item": _card("DAI-005", scanned=True),
    "item-unknown": _card("DAI-007"),
    "item-not-here": _card("PRO-004"),
    "item-phone": _card("DAI-005", phone=True),
    "item-brought": _brought(_card("DAI-005"), HelpState.ACCEPTED),
    "no-barcode": _after(_shopping, m.SheetOpened(m.Sheet.NO_BARCODE), m.ResultChosen(page=1)),
    "count": _counting("12"),
    "count-too-many": _counting("120"),
    "count-help": _coming(_counting("")),
    "sticker": _typing_number(""),
    "sticker-found": _typing_number("4020"),
    "sticker-unknown": _typing_number("4999"),
    "questions": _asking(_shopping),
    "questions-help": _coming(_asking(_shopping)),
    "answer": _reading(Question.CARD_REFUSED),
    "answer-not-helped": _reading(Question.INVOICE, AnswerRated(helped=False)),
    "answer-help": _coming(_reading(Question.BAGS)),
    "weigh": _weighing(),
    "degraded": _closed,
    "price-pending": _pending,
    "staff": _staffed(lambda: _put(_pending(), "ALC-001", "beer")),
    "staff-idle": _staffed(_open),
    "staff-test": _staffed(_lost(_open, "printer"), m.SheetOpened(m.Sheet.STAFF_TEST)),
    "staff-pin": _pin(m.PinTyped(4)),
    "staff-pin-wrong": _pin(m.PinRefused(m.PinState.WRONG)),
    "staff-price": _staffed(_pending, m.SheetOpened(m.Sheet.STAFF_PRICE, "unknown"), m.QueryTyped("340")),
    "staff-correct": _staffed(_shopping, m.SheetOpened(m.Sheet.STAFF_PRICE, "eggs"), m.QueryTyped("99")),
    "staff-reason": _staffed(
        _shopping,
        m.SheetOpened(m.Sheet.STAFF_PRICE, "eggs"),
        m.QueryTyped("199"),
        m.SheetOpened(m.Sheet.STAFF_REASON, "eggs"),
    ),
    "row": _after(_shopping, m.SheetOpened(m.Sheet.ROW, "tablets")),
    "row-pending": _after(_pending, m.SheetOpened(m.Sheet.ROW, "unknown")),
    "language": _after(_shopping, m.SheetOpened(m.Sheet.LANGUAGE)),
    "accessibility": _preferring(),
    "accessibility-speaking": _preferring(Preference.SPEAK, Preference.SLOWER),
    "settings-card": _after(_preferring(Preference.SLOWER), m.SheetOpened(m.Sheet.CARD)),
    "basket-offer": _offered,
    "basket-undo": _undo,
    "thanks-why": _after(_paid, m.FeedbackGiven("awful")),
    "still-there": _silent,
    "still-there-help": _coming(_silent),
    "kept": _kept,
    "parked": _parked,
}


def _refused(problem: m.ScanProblem) -> Led:
    return _after(_shopping, m.ScanRejected(problem, "4006381333931"))


def _obstructed(obstacle: m.PayObstacle) -> Led:
    led = {m.PayObstacle.PRICE_PENDING: _pending, m.PayObstacle.AGE_CHECK: _adult}.get(obstacle, _shopping)
    return _after(led, m.PayObstructed(obstacle))


def _two_pending() -> Walk:
    walk = _pending()
    walk.take(m.ItemScanned(BasketLine("other", unknown_item(gtin(901), "EUR"), 0, units=1, pending=True)))
    return _put(walk, "DAI-001", "milk")


def _most() -> Walk:
    """The next shopper, at a lane that has sold loose goods."""
    return _after(lambda: _put(_paid(), "DAI-001", "milk"), m.SheetOpened(m.Sheet.NO_BARCODE))()


def _age_refused() -> Walk:
    walk = _adult()
    walk.take(m.InterventionDecided(walk.state.age_intervention_id, Decision.REFUSED, _MARCO))
    return walk


def _contradicted() -> Walk:
    """Decided as not charged, and then the terminal tells of the charge."""
    walk = _told()
    attempt = walk.attempt
    walk.take(m.InterventionDecided(f"pay-{attempt.attempt_id}", Decision.REFUSED, _MARCO))
    found = evidence(amount_minor=attempt.amount_minor)
    walk.take(LastPaymentReported(TERMINAL, f"{attempt.attempt_id}/9", QueryVerdict.FOUND, found))
    return walk


def _all_lost() -> Walk:
    return _lost(_lost(_lost(_open, TERMINAL), "scale"), "printer")()


def _hidden() -> Walk:
    walk = _shopping()
    walk.take(m.PreferencesChosen(Preferences(frozenset({Preference.SPEAK, Preference.HIDE_SCREEN}))))
    return walk


def _rated(face: str) -> Led:
    return _after(_paid, m.FeedbackGiven(face))


def _talking(led: Led, *more: m.Event) -> Led:
    """A conversation as it may go: phrases and a typed text of each side, the newest a staff's."""
    price, where = Phrase(StaffPhrase.PRICE_IS, 249), Phrase(ShopperPhrase.WHERE_IS, goods()["DAI-005"].gtin)
    said = (
        PhraseSaid("said-1", "help-1", where),
        PhrasePassed("said-1", taken=True),
        PhraseHeard("said-2", "help-1", _MASSIMILIANO, Phrase(StaffPhrase.COMING, 2)),
        PhraseSaid("said-3", "help-1"),
        PhraseHeard("said-4", "help-1", _MASSIMILIANO, None, "fil"),
        PhraseHeard("said-5", "help-1", _MASSIMILIANO, price),
    )
    return _after(led, m.HelpRequested("help-1"), *said, *more)


_TYPED = {
    "said-3": "Is the yogurt with strawberries also in the offer, or only the plain one?",
    "said-4": "Oo, kasama rin po iyan",
}


def _writing(text: str, subject: str = "") -> Led:
    return _talking(_shopping, m.SheetOpened(m.Sheet.WRITE, subject), m.QueryTyped(text))


def _slug(member: Enum) -> str:
    return str(member.value).replace(" ", "-")


_UNSAID = DeclineReason.CANCELLED
"""Whoever cancels a payment themselves stands before the basket again."""

_MORE: dict[str, Led] = {
    "attract-nothing-works": _all_lost,
    "attract-card-read": _after(_open, m.PreferencesChosen(Preferences(), "", by_card=True)),
    "talk": _after(_shopping, m.HelpRequested("help-1"), m.SheetOpened(m.Sheet.TALK)),
    "talk-said": _talking(_shopping, m.SheetOpened(m.Sheet.TALK)),
    "talk-paid": _talking(_paid, m.SheetOpened(m.Sheet.TALK)),
    "talk-told": _talking(_shopping),
    "talk-more": _talking(_shopping, m.SheetOpened(m.Sheet.TALK), m.ResultChosen(page=1)),
    "talk-type": _writing(""),
    "talk-typed": _writing(_TYPED["said-3"]),
    "talk-card-number": _writing("4111 1111 1111 1111"),
    "talk-item": _writing("\0DAI-005", ShopperPhrase.WHERE_IS.value),
    "basket-one": lambda: _put(_open(), "DAI-032", "eggs"),
    "basket-lei": _in_money("RON"),
    "basket-two-pending": _two_pending,
    "basket-card-read": _after(_shopping, m.PreferencesChosen(Preferences(), "", by_card=True)),
    "basket-age-refused": _after(_age_refused, m.TimerExpired(m.Timer.NOTICE)),
    "basket-refused-by": _age_refused,
    "basket-taken-out-by": _after(
        _staffed(_shopping, m.StaffActed(m.StaffAct.VOID, "deed-1", "cod")), m.StaffLeft()
    ),
    "attract-opened-by": _after(_open, *(v.DoorOrdered(str(n), n == 1, _MASSIMILIANO) for n in (1, 2))),
    "basket-no-cards": _lost(_shopping, TERMINAL),
    "basket-no-scale": _lost(_shopping, "scale"),
    "basket-no-printer": _lost(_shopping, "printer"),
    "row-weighed": _after(_shopping, m.SheetOpened(m.Sheet.ROW, "apples")),
    "help-offline": _called(_after(_shopping, m.StoreReached(online=False))),
    "help-on-the-way": _called(_shopping, HelpState.ACCEPTED, HelpState.EN_ROUTE),
    "help-arrived": _called(_shopping, HelpState.ACCEPTED, HelpState.ARRIVED),
    "help-over": _called(_shopping, HelpState.ACCEPTED, HelpState.RESOLVED),
    "help-again": _after(_called(_shopping, HelpState.RESOLVED), m.HelpRequested("help-2")),
    "help-number": _after(_called(_shopping), m.HelpPlaced("help-1", 12, Band.A_FEW)),
    "help-more-people": _updated(_called(_shopping), level=Level.SUPERVISOR),
    "help-late": _after(_coming(_shopping), m.TimerExpired(m.Timer.HELP_LATE)),
    "help-given-on": _updated(_coming(_shopping), turn=1),
    "help-afar": _called(_shopping, HelpState.ACCEPTED, is_afar=True),
    "help-desk": _after(
        _called(_after(_shopping, m.StoreReached(online=False))), m.TimerExpired(m.Timer.HELP_LATE)
    ),
    "item-asked-about": _asked_about("DAI-005"),
    "find-help-over": _called(_searching("DAI-005"), HelpState.ACCEPTED, HelpState.RESOLVED),
    "pay-help-over": _called(_paying, HelpState.ACCEPTED, HelpState.RESOLVED),
    "checking-help-over": _called(_checking, HelpState.ACCEPTED, HelpState.RESOLVED),
    "attract-help-over": _called(_open, HelpState.ACCEPTED, HelpState.RESOLVED),
    "attract-help": _coming(_open),
    "pay-one-waits": _waiting_item,
    "paying-approved": _authorised,
    "not-paid-after-all": _contradicted,
    "checking-alone": _checking,
    "thanks-left-out": _left_out,
    "thanks-no-paper": _receipt_failed,
    "thanks-rated": _rated("great"),
    "find-nothing": _after(_shopping, m.SheetOpened(m.Sheet.FIND), m.QueryTyped("xqxqxq")),
    "find-many": _searching("PRO-001"),
    "item-weighed": _card("PRO-001"),
    "item-has-been-brought": _brought(_card("DAI-005"), HelpState.RESOLVED),
    "basket-asked-for": _brought(_shopping, HelpState.REQUESTED),
    "no-barcode-most": _most,
    "weigh-broken": _lost(_weighing(), "scale"),
    "degraded-scan": _after(_closed, m.ScanRejected(m.ScanProblem.LANE_CLOSED)),
    "degraded-disk": _after(_shopping, m.StorageFailed("", "disk full")),
    "staff-void-all": _staffed(_shopping, m.SheetOpened(m.Sheet.STAFF_CONFIRM)),
    "staff-kept": _staffed(_after(_parked, m.TimerExpired(m.Timer.CODE))),
    "staff-doubt": _staffed(_told),
    "staff-row": _staffed(_shopping, m.SheetOpened(m.Sheet.ROW, "tablets")),
    "hidden": _hidden,
    **{f"basket-{_slug(problem)}": _refused(problem) for problem in m.ScanProblem},
    **{f"basket-cannot-pay-{_slug(each)}": _obstructed(each) for each in m.PayObstacle},
    **{f"paying-{_slug(phase)}": _phase(phase) for phase in CardPhase},
    **{f"not-paid-{_slug(reason)}": _declined(reason) for reason in DeclineReason if reason is not _UNSAID},
    **{f"weigh-{_slug(refusal)}": _weighing(WeightRefused("scale", refusal)) for refusal in WeightRefusal},
    **{
        f"staff-pin-{_slug(pin)}": _pin(m.PinRefused(pin))
        for pin in m.PinState
        if pin is not m.PinState.WRONG
    },
    **{f"answer-{_slug(question)}": _reading(question) for question in Question},
}


LED = {**_SCREENS, **_MORE}
"""Every screen by name: those of the gallery under the gallery's names, then every other thing said."""


@cache
def state(name: str) -> LaneState:
    """The lane at that screen, in English."""
    return LED[name]().state


@cache
def screen(name: str, language: str, chosen: frozenset[Preference] = frozenset()) -> ScreenModel:
    """The screen as the presenter makes it in that language, with these preferences beside its own."""
    there = state(name)
    view = there.view
    if view.query.startswith("\0"):
        sought = goods()[view.query.removeprefix("\0")].name(language)
        view = replace(view, query=sought[:_QUERY_LETTERS].lower())
    on = Preferences(there.preferences.on | chosen, there.preferences.speech_rate_pct)
    return present(replace(there, language=language, view=view, preferences=on), scene())
