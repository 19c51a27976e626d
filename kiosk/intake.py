"""Owns the translation of raw happenings (a barcode, a weight, a tap) into checkout events.

It must not decide what an event does. Here the catalogue is asked, ids and clock values are put in, and
whatever depends on devices' health is settled, so that replaying the events needs none of them.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from hardware.events import BarcodeRead, WeightRefusal, WeightRefused, WeightSettled
from inventory.domain.catalogue import MAX_WEIGHT_G, Item, SoldBy
from inventory.domain.feedback import FeedbackReason
from inventory.domain.help_desk import HelpReason, HelpState
from inventory.domain.identifiers import (
    DEFAULT_RCN_RULES,
    RCN_RULES,
    GtinRead,
    LabelRead,
    PluRead,
    Unreadable,
    UnreadableReason,
    read_code,
)
from kiosk.card_taps import tap_card
from kiosk.checkout import contradicting, pricing
from kiosk.checkout import messages as m
from kiosk.checkout import visit_events as v
from kiosk.checkout.basket import BasketLine
from kiosk.checkout.errand import ERRANDS
from kiosk.checkout.looking import CardOpened
from kiosk.checkout.machine import TERMINAL
from kiosk.checkout.preference_card import is_card, read_card
from kiosk.checkout.scanning import MIN_WEIGHT_G
from kiosk.checkout.state import CAN_PAY, AgeCheck, LaneState, Phase
from kiosk.clock import Clock
from kiosk.config import LaneConfig
from kiosk.count_taps import count_tap
from kiosk.ids import NewId
from kiosk.jottings import Jottings
from kiosk.manner import manner_tap
from kiosk.pending_taps import pending_tap
from kiosk.shelf import Shelf
from kiosk.staff_taps import BADGE, PinEntry, pin_tap, staff_tap
from kiosk.sticker_taps import digit_tap, numbered
from kiosk.talk_taps import talk_tap, talk_typed

MAX_LABEL_MINOR = 50_000
"""A price label above this is refused: variable-weight goods do not cost that much (TRUST: policy limit)."""

QUERY_LIMIT = 30
TILES_A_PAGE = 6
MOST_BY_TAP = 6
"""The largest number of pieces that one tap sets; the steps beside it go on from there."""

_PLAIN: dict[str, Callable[[], m.Event]] = {
    "cancel": m.HelpCancelled,
    "all-fixed": m.HelpCancelled,
    "here": v.ShopperReturned,
    "other-ways": v.PayElsewhereRequested,
    "done": m.SheetClosed,
    "close": m.SheetClosed,
    "weigh-back": m.SheetClosed,
    "print": m.ReceiptWanted,
    "print-card": v.PaperCardWanted,
    "undo": v.RemovalUndone,
    "not-now": v.OfferDeclined,
}
"""Taps that mean the same whatever the lane is doing."""

_FACES = ("great", "good", "bad", "awful")
_WHYS = frozenset(reason.value for reason in FeedbackReason)
_REASONS = frozenset(reason.value for reason in HelpReason if reason not in ERRANDS)
_TAPS_FOR_ALL = frozenset(
    {"row", "done", "close", "help", "cancel", "language", "lang", "accessibility", "prefer"}
)
"""What means the same to staff as to a shopper."""
_PAGE = re.compile(r"[0-9]{1,4}")
_COUPON = re.compile(r"(?:98[1-4]|99)[0-9]{10,11}")
"""GS1 General Specifications §1.4.4: prefixes 981 to 984 and 99 are coupons."""
_UNITS = re.compile(r"[1-9]")


@dataclass(frozen=True, slots=True)
class Intake:
    """`shelf` is asked anew each time: the store link replaces it while the lane runs."""

    config: LaneConfig
    clock: Clock
    new_id: NewId
    boot_id: str
    shelf: Callable[[], Shelf]
    pin: PinEntry = field(default_factory=PinEntry)
    jottings: Jottings = field(default_factory=Jottings)

    # -- scanners --------------------------------------------------------------------------------

    def barcode(self, read: BarcodeRead, state: LaneState) -> m.Event | None:
        if BADGE.fullmatch(read.text):
            return self._staff_asked(read.text, state)
        if is_card(read.text):
            return self._card(read.text)
        rules = RCN_RULES.get(self.config.lane.label_region, DEFAULT_RCN_RULES)
        reading = read_code(read.text, read.symbology, rules=rules)
        shelf = self.shelf()
        match reading:
            case GtinRead(gtin, weight_g, price_minor):
                item = shelf.by_gtin.get(gtin)
            case LabelRead(label_prefix, price_minor, weight_g, gtin):
                item, own = shelf.by_gtin.get(gtin), shelf.by_label.get(label_prefix)
                if item is not None:  # private-label goods whose number only looks like a price label
                    weight_g = price_minor = None
                else:
                    item = own
            case PluRead(plu):
                item, weight_g, price_minor = shelf.by_plu.get(plu), None, None
            case Unreadable(reason):
                problem = (
                    m.ScanProblem.NOT_A_PRODUCT
                    if reason is UnreadableReason.NOT_A_PRODUCT
                    else m.ScanProblem.UNREADABLE
                )
                return m.ScanRejected(m.ScanProblem.COUPON if _COUPON.fullmatch(read.text) else problem)
        if item is None:
            return self._unknown(reading, read.text, state)
        if state.view.sheet is m.Sheet.FIND:  # asked what it costs, not to buy it
            return CardOpened(item.gtin, scanned=True)
        return self._measured(item, weight_g, price_minor, state)

    def _card(self, text: str) -> m.Event:
        """A preference card never touches the basket; one that cannot be read is said to be so."""
        card = read_card(text, self.config.lane.offered)
        if card is None:
            return m.ScanRejected(m.ScanProblem.CARD)
        return m.PreferencesChosen(card.preferences, card.language, by_card=True)

    def _unknown(self, reading: GtinRead | LabelRead | PluRead, text: str, state: LaneState) -> m.Event:
        """Goods nobody knows become a row that waits for staff, and scanning goes on.

        Whoever priced it in this basket need not do so twice. A lane without any catalogue asks nobody.
        """
        refused = not self.shelf().version or state.view.sheet is m.Sheet.FIND
        if refused or isinstance(reading, PluRead) or _is_misread(reading):
            return m.ScanRejected(m.ScanProblem.UNKNOWN_ITEM, text[:QUERY_LIMIT])
        for line in state.basket.lines:
            if line.priced_by and line.item.gtin == reading.gtin:
                return m.ItemScanned(replace(line, line_id=self.new_id(), units=1))
        item = pricing.unknown_item(reading.gtin, state.currency)
        return m.ItemScanned(BasketLine(self.new_id(), item, 0, units=1, pending=True))

    def _measured(
        self, item: Item, weight_g: int | None, price_minor: int | None, state: LaneState
    ) -> m.Event:
        if price_minor is not None and not 0 < price_minor <= MAX_LABEL_MINOR:
            return m.ScanRejected(m.ScanProblem.LABEL_PRICE)
        if weight_g is not None and not 0 < weight_g <= MAX_WEIGHT_G:
            return m.ScanRejected(m.ScanProblem.LABEL_PRICE)
        if item.sold_by is SoldBy.UNIT:  # a label of the counter knows this very piece's price
            return self._line(item, units=1, label_price_minor=price_minor if item.label_prefix else None)
        if price_minor is not None:
            return self._line(item, units=1, label_price_minor=price_minor)
        if weight_g is not None:
            return self._line(item, weight_g=weight_g)
        return self.weigh(item, state)

    def weigh(self, item: Item, state: LaneState) -> m.Event:
        """Opens the scale's screen; while paying there is no room for it."""
        if state.phase in (Phase.PAYING, Phase.CHECKING):
            return m.ScanRejected(m.ScanProblem.WHILE_PAYING)
        return m.SheetOpened(m.Sheet.WEIGH, item=item)

    # -- scale -----------------------------------------------------------------------------------

    def weight(self, settled: WeightSettled, state: LaneState) -> m.Event | None:
        item = state.view.weighing
        if item is None or state.view.sheet is not m.Sheet.WEIGH:
            return None
        if settled.weight_g > MAX_WEIGHT_G:
            return WeightRefused(settled.device, WeightRefusal.IMPLAUSIBLE)
        left_behind_g = state.devices.plate_g
        still_there = left_behind_g and abs(settled.weight_g - left_behind_g) < MIN_WEIGHT_G
        if settled.weight_g < MIN_WEIGHT_G or still_there:
            return m.PlateSeen(settled.weight_g)
        return _in_place(self._line(item, weight_g=settled.weight_g), state)

    def _line(
        self, item: Item, *, units: int = 0, weight_g: int = 0, label_price_minor: int | None = None
    ) -> m.ItemScanned:
        rate_bp = self.shelf().tax_rate_bp(item)
        return m.ItemScanned(BasketLine(self.new_id(), item, rate_bp, units, weight_g, label_price_minor))

    # -- taps ------------------------------------------------------------------------------------

    def tap(self, tap_id: str, state: LaneState) -> m.Event | None:
        """The event behind a `tap_id` of the screen; None for one that has lost its meaning meanwhile."""
        if tap_id in _PLAIN:
            return _PLAIN[tap_id]()
        verb, _, subject = tap_id.partition(":")
        if state.view.sheet is m.Sheet.STAFF_PIN and (verb == "close" or verb not in _TAPS_FOR_ALL):
            return pin_tap(verb, subject, state, self.pin)
        if state.staff is not None and verb not in _TAPS_FOR_ALL:
            return staff_tap(verb, subject, state, self.shelf(), self.new_id)
        return self._staff_tapped(state) if verb == "staff" else self._tap(verb, subject, state)

    def _tap(self, verb: str, subject: str, state: LaneState) -> m.Event | None:
        match verb:
            case "pay":
                return self.pay(state)
            case "help" | "call-staff" | "price-wrong":
                about = HelpReason.PRICE if verb == "price-wrong" else HelpReason.UNSAID
                return m.HelpRequested(self.new_id(), about)
            case "reason" if subject in _REASONS:
                return m.HelpReasonGiven(HelpReason(subject))
            case "lang" if subject in self.config.lane.offered:
                return m.LanguageChosen(subject)
            case "language" | "accessibility" | "find" | "no-barcode" | "sticker":
                return m.SheetOpened(m.Sheet(verb))
            case "back":
                return self._back(state)
            case "face" if subject in _FACES:
                return m.FeedbackGiven(subject, self.new_id())
            case (
                "prefer"
                | "speech-rate"
                | "prefer-nothing"
                | "keep-settings"
                | "speak"
                | "questions"
                | "question"
                | "answer"
            ):
                return manner_tap(verb, subject, state)
            case "why" if subject in _WHYS:
                return v.FeedbackReasonGiven(FeedbackReason(subject))
            case _:
                return self._tap_row(verb, subject, state)

    def _staff_tapped(self, state: LaneState) -> m.Event | None:
        """The button that a colleague finds on the banner of the call that brought them here."""
        here = state.help is not None and state.help.state is HelpState.ARRIVED
        return self._staff_asked(state.help.staff_name, state) if here and state.help else None

    def _staff_asked(self, who: str, state: LaneState) -> m.Event | None:
        """Opens the PIN pad, with no digit of a former try; while a card is awaited nothing opens."""
        if state.phase is Phase.PAYING or state.staff is not None or not who:
            return None
        self.pin.clear()
        return m.SheetOpened(m.Sheet.STAFF_PIN, who)

    def _tap_row(self, verb: str, subject: str, state: LaneState) -> m.Event | None:
        """What is in the basket, and the bags that go with it."""
        view = state.view
        match verb:
            case "row":
                return self._open_row(subject, state)
            case "more" | "less":
                return m.UnitsChanged(view.subject, 1 if verb == "more" else -1)
            case "units" if _UNITS.fullmatch(subject):
                return self._set_units(int(subject), state)
            case "bag-less":
                return self._bag_back(state)
            case "remove":
                limits = self.config.remove
                return m.LineRemoved(view.subject, limits.staff_above_lines, limits.staff_above_minor)
            case "bag":
                bag = self.shelf().by_gtin.get(self.config.lane.bag_gtin)
                return self._line(bag, units=1) if bag else None
            case _:
                return count_tap(verb, subject, state) or self._tap_goods(verb, subject, state)

    def _tap_goods(self, verb: str, subject: str, state: LaneState) -> m.Event | None:
        """What can be searched for, or has no barcode."""
        view, shelf = state.view, self.shelf()
        match verb:
            case "result" | "tile":
                return self._choose(verb, subject, state)
            case "add":
                item = shelf.by_gtin.get(subject)
                return self._found(item, state) if item else None
            case "skip" | "search":
                return pending_tap(verb, subject or view.subject, state)
            case "page" if _PAGE.fullmatch(subject):
                return m.ResultChosen(page=int(subject))
            case "accents":
                return m.ResultChosen(gtin=view.chosen, accents=not view.accents)
            case "digit":
                return digit_tap(subject, state)
            case "number-ok" if (item := numbered(state, shelf)) is not None:
                return self._measured(item, None, None, state)
            case "key" if view.sheet is m.Sheet.FIND:
                return m.QueryTyped((view.query + subject)[:QUERY_LIMIT])
            case "space" if view.sheet is m.Sheet.FIND:
                return m.QueryTyped((view.query + " ").lstrip()[:QUERY_LIMIT])
            case "erase":
                return m.QueryTyped(view.query[:-1])
            case "again":
                return self.weigh(view.weighing, state) if view.weighing else None
            case _:
                talk = talk_tap(verb, subject, state, shelf, self.new_id, self.jottings)
                return talk or tap_card(verb, subject, state, shelf, self.new_id)

    def _set_units(self, units: int, state: LaneState) -> m.Event | None:
        line = state.basket.line(state.view.subject)
        if line is None or not line.countable or units == line.units:
            return None
        return m.UnitsChanged(line.line_id, units - line.units)

    def _bag_back(self, state: LaneState) -> m.Event | None:
        bags = [line for line in state.basket.lines if line.item.gtin == self.config.lane.bag_gtin]
        return m.UnitsChanged(bags[-1].line_id, -1) if bags else None

    def _open_row(self, subject: str, state: LaneState) -> m.Event | None:
        """`row:2` counts from the newest; `row:LINE-ID` names one."""
        lines = state.basket.lines
        if subject.isdecimal() and len(subject) < 4:
            place = int(subject)
            return m.SheetOpened(m.Sheet.ROW, lines[-place].line_id) if 0 < place <= len(lines) else None
        return m.SheetOpened(m.Sheet.ROW, subject) if state.basket.line(subject) else None

    def _found(self, item: Item, state: LaneState) -> m.Event:
        """Found by name: what nobody knew by its number, if that was searched for, else more goods."""
        event = self._measured(item, None, None, state)
        if isinstance(event, m.SheetOpened):
            return replace(event, subject=state.view.subject)
        return _in_place(event, state)

    def _choose(self, verb: str, gtin: str, state: LaneState) -> m.Event | None:
        item = self.shelf().by_gtin.get(gtin)
        if item is None:
            return None
        if verb == "tile":
            return self._measured(item, None, None, state)
        return CardOpened(gtin)

    def typed(self, text: str, state: LaneState) -> m.Event | None:
        """Text from a keyboard, into the search field if it is open."""
        if state.view.sheet is m.Sheet.STICKER:
            return digit_tap(text.strip(), state)
        if state.view.sheet is m.Sheet.WRITE:
            return talk_typed(text, state)
        if state.view.sheet is not m.Sheet.FIND:
            return None
        printable = "".join(character for character in text if character.isprintable())
        return m.QueryTyped((state.view.query + printable)[:QUERY_LIMIT])

    def _back(self, state: LaneState) -> m.Event:
        if state.phase is Phase.PAYING:
            return m.PaymentCancelRequested()
        return m.BasketResumed() if state.phase in (Phase.NOT_PAID, Phase.PARKED) else m.SheetClosed()

    # -- paying ----------------------------------------------------------------------------------

    def pay(self, state: LaneState) -> m.Event | None:
        """An intent with all that P1 asks for, or the reason why none may be made."""
        if state.phase not in CAN_PAY or not state.basket.lines or contradicting.is_shown(state):
            return None
        obstacle = self._obstacle(state)
        if obstacle is not None:
            return m.PayObstructed(obstacle)
        return m.PaymentRequested(
            attempt_id=self.new_id(),
            amount_minor=state.basket.total_minor,
            currency=state.currency,
            terminal_id=state.terminal.terminal_id,
            base_receipt_no=state.terminal.receipt_no,
            stored_receipt_no=state.terminal.stored_receipt_no,
            local_time=self.clock.local_stamp(),
            boot_id=self.boot_id,
            monotonic_s=self.clock.monotonic(),
            sale_id=state.basket.sale_id,
            stored_mark=state.terminal.stored_mark,
        )

    def _obstacle(self, state: LaneState) -> m.PayObstacle | None:
        if state.devices.storage_failed:
            return m.PayObstacle.STORAGE
        if state.age is AgeCheck.WAITING:
            return m.PayObstacle.AGE_CHECK
        if state.age is AgeCheck.REFUSED:
            return m.PayObstacle.AGE_REFUSED
        if state.basket.pending:
            return m.PayObstacle.PRICE_PENDING
        is_free = TERMINAL in state.devices.ready and state.orders.running is None
        return None if is_free else m.PayObstacle.TERMINAL


def _is_misread(reading: GtinRead | LabelRead) -> bool:
    """A number of the shop's own (GenSpecs §1.4.4) that no label rule reads: no goods carry it."""
    return isinstance(reading, GtinRead) and reading.gtin.startswith("02")


def _in_place(event: m.Event, state: LaneState) -> m.Event:
    """The scan in the place of the pending row that the open sheet is about."""
    row = state.basket.line(state.view.subject)
    if row is None or not row.pending or not isinstance(event, m.ItemScanned):
        return event
    return replace(event, replaces=row.line_id)
