"""Owns the translation of raw happenings (a barcode, a weight, a tap) into checkout events.

It must not decide what an event does. Here the catalogue is asked, ids and clock values are put in, and
whatever depends on devices' health is settled, so that replaying the events needs none of them.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from hardware.events import BarcodeRead, WeightRefusal, WeightRefused, WeightSettled
from inventory.domain.catalogue import MAX_WEIGHT_G, Item, SoldBy
from inventory.domain.help_desk import HelpReason
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
from kiosk.checkout import messages as m
from kiosk.checkout.basket import BasketLine
from kiosk.checkout.machine import TERMINAL
from kiosk.checkout.scanning import MIN_WEIGHT_G
from kiosk.checkout.state import CAN_PAY, AgeCheck, LaneState, Phase
from kiosk.clock import Clock
from kiosk.config import LANGUAGES, LaneConfig
from kiosk.ids import NewId
from kiosk.shelf import Shelf

MAX_LABEL_MINOR = 50_000
"""A price label above this is refused: variable-weight goods do not cost that much (TRUST: policy limit)."""

QUERY_LIMIT = 30
TILES_A_PAGE = 6

_FACES = ("great", "good", "bad", "awful")
_REASONS = frozenset(reason.value for reason in HelpReason)
_PAGE = re.compile(r"[0-9]{1,4}")


@dataclass(frozen=True, slots=True)
class Intake:
    """`shelf` is asked anew each time: the store link replaces it while the lane runs."""

    config: LaneConfig
    clock: Clock
    new_id: NewId
    boot_id: str
    shelf: Callable[[], Shelf]

    # -- scanners --------------------------------------------------------------------------------

    def barcode(self, read: BarcodeRead, state: LaneState) -> m.Event:
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
                return m.ScanRejected(problem)
        if item is None:
            return m.ScanRejected(m.ScanProblem.UNKNOWN_ITEM, read.text[:QUERY_LIMIT])
        if state.view.sheet is m.Sheet.FIND:  # asked what it costs, not to buy it
            return m.QueryTyped(item.gtin.lstrip("0"))
        return self._measured(item, weight_g, price_minor, state)

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
        return self._line(item, weight_g=settled.weight_g)

    def _line(
        self, item: Item, *, units: int = 0, weight_g: int = 0, label_price_minor: int | None = None
    ) -> m.ItemScanned:
        rate_bp = self.shelf().tax_rate_bp(item)
        return m.ItemScanned(BasketLine(self.new_id(), item, rate_bp, units, weight_g, label_price_minor))

    # -- taps ------------------------------------------------------------------------------------

    def tap(self, tap_id: str, state: LaneState) -> m.Event | None:
        """The event behind a `tap_id` of the screen; None for one that has lost its meaning meanwhile."""
        verb, _, subject = tap_id.partition(":")
        match verb:
            case "pay":
                return self.pay(state)
            case "help":
                return m.HelpRequested(self.new_id())
            case "cancel" | "all-fixed":
                return m.HelpCancelled()
            case "reason" if subject in _REASONS:
                return m.HelpReasonGiven(HelpReason(subject))
            case "lang" if subject in LANGUAGES:
                return m.LanguageChosen(subject)
            case "language":
                return m.SheetOpened(m.Sheet.LANGUAGE)
            case "find":
                return m.SheetOpened(m.Sheet.FIND)
            case "no-barcode":
                return m.SheetOpened(m.Sheet.NO_BARCODE)
            case "done" | "close" | "weigh-back":
                return m.SheetClosed()
            case "back":
                return self._back(state)
            case "print":
                return m.ReceiptWanted()
            case "face" if subject in _FACES:
                return m.FeedbackGiven(subject)
            case _:
                return self._tap_goods(verb, subject, state)

    def _tap_goods(self, verb: str, subject: str, state: LaneState) -> m.Event | None:
        view, shelf = state.view, self.shelf()
        match verb:
            case "row":
                return self._open_row(subject, state)
            case "more" | "less":
                return m.UnitsChanged(view.subject, 1 if verb == "more" else -1)
            case "remove":
                return m.LineRemoved(view.subject)
            case "bag":
                bag = shelf.by_gtin.get(self.config.lane.bag_gtin)
                return self._line(bag, units=1) if bag else None
            case "result" | "tile":
                return self._choose(verb, subject, state)
            case "add":
                item = shelf.by_gtin.get(subject)
                return self._measured(item, None, None, state) if item else None
            case "page" if _PAGE.fullmatch(subject):
                return m.ResultChosen(page=int(subject))
            case "accents":
                return m.ResultChosen(gtin=view.chosen, accents=not view.accents)
            case "key":
                return m.QueryTyped((view.query + subject)[:QUERY_LIMIT])
            case "space":
                return m.QueryTyped((view.query + " ").lstrip()[:QUERY_LIMIT])
            case "erase":
                return m.QueryTyped(view.query[:-1])
            case "again":
                return self.weigh(view.weighing, state) if view.weighing else None
            case _:
                return None

    def _open_row(self, subject: str, state: LaneState) -> m.Event | None:
        """`row:2` counts from the newest; `row:LINE-ID` names one."""
        lines = state.basket.lines
        if subject.isdecimal() and len(subject) < 4:
            place = int(subject)
            return m.SheetOpened(m.Sheet.ROW, lines[-place].line_id) if 0 < place <= len(lines) else None
        return m.SheetOpened(m.Sheet.ROW, subject) if state.basket.line(subject) else None

    def _choose(self, verb: str, gtin: str, state: LaneState) -> m.Event | None:
        item = self.shelf().by_gtin.get(gtin)
        if item is None:
            return None
        if verb == "tile":
            return self._measured(item, None, None, state)
        return m.ResultChosen(gtin=gtin, accents=state.view.accents)

    def typed(self, text: str, state: LaneState) -> m.Event | None:
        """Text from a keyboard, into the search field if it is open."""
        if state.view.sheet is not m.Sheet.FIND:
            return None
        printable = "".join(character for character in text if character.isprintable())
        return m.QueryTyped((state.view.query + printable)[:QUERY_LIMIT])

    def _back(self, state: LaneState) -> m.Event:
        if state.phase is Phase.PAYING:
            return m.PaymentCancelRequested()
        return m.BasketResumed() if state.phase is Phase.NOT_PAID else m.SheetClosed()

    # -- paying ----------------------------------------------------------------------------------

    def pay(self, state: LaneState) -> m.Event | None:
        """An intent with all that P1 asks for, or the reason why none may be made."""
        if state.phase not in CAN_PAY or not state.basket.lines:
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
        )

    def _obstacle(self, state: LaneState) -> m.PayObstacle | None:
        if state.devices.storage_failed:
            return m.PayObstacle.STORAGE
        if state.age is AgeCheck.WAITING:
            return m.PayObstacle.AGE_CHECK
        if state.age is AgeCheck.REFUSED:
            return m.PayObstacle.AGE_REFUSED
        return None if TERMINAL in state.devices.ready else m.PayObstacle.TERMINAL
