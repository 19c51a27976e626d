"""Owns what a hand on the staff screens means: digits of a PIN, digits of a price, and deeds.

It must not decide anything, and the PIN's digits leave `PinEntry` only to be checked: no event, no state, no
journal and no screen holds them.
"""

from __future__ import annotations

import re

from inventory.domain.correcting import PriceReason, may_become
from inventory.domain.pricing import GivenPrice, most_minor, price_fault
from kiosk.checkout import messages as m
from kiosk.checkout.messages import PinState
from kiosk.checkout.staffing import MAX_PIN_DIGITS
from kiosk.checkout.state import LaneState
from kiosk.ids import NewId
from kiosk.shelf import Shelf

BADGE = re.compile(r"STAFF-[0-9a-f]{16}", re.ASCII)
"""What stands in the barcode of a badge: whose it is. It opens nothing without the PIN."""

_DIGIT = re.compile(r"[0-9]", re.ASCII)
_DEEDS = {
    "void-all": m.StaffAct.VOID_ALL,
    "adult": m.StaffAct.APPROVE_AGE,
    "not-adult": m.StaffAct.REFUSE_AGE,
    "reprint": m.StaffAct.REPRINT,
    "close-lane": m.StaffAct.CLOSE,
    "open-lane": m.StaffAct.OPEN,
}
_REASONS = frozenset(reason.value for reason in PriceReason)
_SHEETS = {"ask-void-all": m.Sheet.STAFF_CONFIRM, "self-test": m.Sheet.STAFF_TEST}


class PinEntry:
    """The digits typed so far. Used by the lane's thread alone."""

    def __init__(self) -> None:
        self._digits = ""

    def __repr__(self) -> str:
        return f"<PinEntry of {len(self._digits)} digits>"

    @property
    def count(self) -> int:
        return len(self._digits)

    def add(self, digit: str) -> None:
        if _DIGIT.fullmatch(digit) and len(self._digits) < MAX_PIN_DIGITS:
            self._digits += digit

    def erase(self) -> None:
        self._digits = self._digits[:-1]

    def clear(self) -> None:
        self._digits = ""

    def take(self) -> str:
        """The digits, once: after this there are none."""
        digits, self._digits = self._digits, ""
        return digits


def pin_tap(verb: str, subject: str, state: LaneState, entry: PinEntry) -> m.Event | None:
    """A key of the PIN pad. While a PIN is being checked no key counts."""
    if verb == "close":
        return m.SheetClosed()
    if state.view.pin is PinState.CHECKING:
        return None
    match verb:
        case "digit":
            entry.add(subject)
        case "erase-digit":
            entry.erase()
        case "pad-ok":
            return m.PinSent() if entry.count else None
        case _:
            return None
    return m.PinTyped(entry.count)


def staff_tap(verb: str, subject: str, state: LaneState, shelf: Shelf, new_id: NewId) -> m.Event | None:
    """A tap while somebody of the staff is signed in at this screen."""
    if verb in _DEEDS:
        return m.StaffActed(_DEEDS[verb], new_id())
    if verb in _SHEETS:
        return m.SheetOpened(_SHEETS[verb])
    match verb:
        case "staff-end":
            return m.StaffLeft()
        case "remove":
            return m.StaffActed(m.StaffAct.VOID, new_id(), state.view.subject)
        case "recall":
            return m.StaffActed(m.StaffAct.RECALL, new_id(), subject)
        case "price" if state.basket.line(subject or state.view.subject) is not None:
            return m.SheetOpened(m.Sheet.STAFF_PRICE, subject or state.view.subject)
        case "because" if state.view.sheet is m.Sheet.STAFF_REASON and subject in _REASONS:
            reason, minor = PriceReason(subject), int(state.view.query or "0")
            act = m.StaffAct.CORRECT_PRICE
            return m.StaffActed(act, new_id(), state.view.subject, price_minor=minor, reason=reason)
        case "digit" | "erase-digit" | "pad-ok" if state.view.sheet is m.Sheet.STAFF_PRICE:
            return _price_tap(verb, subject, state, shelf, new_id)
        case _:
            return None


def _price_tap(verb: str, digit: str, state: LaneState, shelf: Shelf, new_id: NewId) -> m.Event | None:
    """Digits push in from the end, as on every till: 3 4 0 is 3.40."""
    typed = state.view.query
    match verb:
        case "digit" if _DIGIT.fullmatch(digit):
            typed = (typed + digit).lstrip("0")
            return m.QueryTyped(typed) if int(typed or "0") <= most_minor(state.currency) else None
        case "erase-digit":
            return m.QueryTyped(typed[:-1])
        case "pad-ok" if _may_correct(state):
            return m.SheetOpened(m.Sheet.STAFF_REASON, state.view.subject)
        case "pad-ok":
            price = _typed_price(state, shelf)
            if price is None:
                return None
            return m.StaffActed(m.StaffAct.PRICE, new_id(), state.view.subject, price)
        case _:
            return None


def _may_correct(state: LaneState) -> bool:
    """Whether what is typed may be the price of the known goods on the pad."""
    line, staff = state.basket.line(state.view.subject), state.staff
    if line is None or staff is None or not line.correctable:
        return False
    wanted, limit = int(state.view.query or "0"), staff.price_cut_percent
    return may_become(line.catalogue_minor, wanted, limit, weight_g=line.weight_g)


def _typed_price(state: LaneState, shelf: Shelf) -> GivenPrice | None:
    """Named by the number alone, and taxed at the highest rate: at the lane nobody writes or looks up."""
    line, rates = state.basket.line(state.view.subject), shelf.tax_rates_bp
    if line is None or not line.pending or not rates:
        return None
    tax_class = min(rates, key=lambda name: (-rates[name], name))
    minor = int(state.view.query or "0")
    price = GivenPrice(line.item.gtin.lstrip("0"), minor, state.currency, tax_class, rates[tax_class])
    return price if price_fault(price) is None else None
