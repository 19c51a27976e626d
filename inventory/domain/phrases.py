"""Owns what shopper and staff can say to each other by id: phrases, their slots, and free text.

It must not know words or languages: an id is the same for both sides, each reads it in its own words
(`inventory.domain.phrase_words`).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import Enum
from functools import lru_cache
from typing import Final

from babel import Locale

from inventory.domain.card_digits import holds_card_number
from inventory.domain.identifiers import gtin_14
from inventory.domain.money import MAX_AMOUNT_MINOR
from inventory.domain.one_line import is_shown

MOST_ENTRIES: Final = 60
"""What one call may hold, of both sides together: more is no conversation."""
MOST_OF_ONE_SIDE: Final = 45
"""Whoever talks much leaves the other side room for an answer."""
LONGEST_TEXT: Final = 200
MOST_MINUTES: Final = 60
HIGHEST_LANE: Final = 9999
_FIRST_DAY, _LAST_DAY = date(2000, 1, 1), date(2099, 12, 31)


class Side(Enum):
    """Who speaks."""

    SHOPPER = "shopper"
    STAFF = "staff"


class Slot(Enum):
    """What a phrase may leave open. The values are the names on the wire."""

    ITEM = "item"
    """A GTIN-14; each side names the item in its own language."""
    MINUTES = "min"
    LANE = "n"
    AMOUNT = "amount"
    """Minor units of the store's currency."""
    DATE = "date"
    """As YYYY-MM-DD."""
    LANGUAGE = "lang"
    REASON = "reason"


class NotSold(Enum):
    """Why an item cannot be sold; none of them is the shopper's doing."""

    AGE_LIMIT = "age-limit"
    HOUR = "hour"
    RECALLED = "recalled"
    DAMAGED = "damaged"
    NO_PRICE = "no-price"


class ShopperPhrase(Enum):
    ITEM_WONT_SCAN = "item_wont_scan"
    PRICE_WRONG = "price_wrong"
    WHERE_IS = "where_is"
    NEED_BAG = "need_bag"
    NEED_AGE_CHECK = "need_age_check"
    CARD_DECLINED = "card_declined"
    PAID_NO_RECEIPT = "paid_no_receipt"
    CHARGED_TWICE = "charged_twice"
    WRONG_ITEM_ADDED = "wrong_item_added"
    WANT_INVOICE = "want_invoice"
    WANT_REFUND = "want_refund"
    COUPON_FAILS = "coupon_fails"
    LOYALTY_FAILS = "loyalty_fails"
    NEED_BASKET_HELP = "need_basket_help"
    I_AM_DEAF_WRITE = "i_am_deaf_write"
    I_AM_BLIND_SPEAK = "i_am_blind_speak"
    NEED_WHEELCHAIR_LANE = "need_wheelchair_lane"
    LOST_CHILD = "lost_child"
    SPILL_OR_DANGER = "spill_or_danger"
    SPEAK = "speak"
    THANKS = "thanks"
    NEVER_MIND = "never_mind"


class StaffPhrase(Enum):
    COMING = "coming"
    ON_MY_WAY = "on_my_way"
    LOOK_AT_LIGHT = "look_at_light"
    PLEASE_SCAN_AGAIN = "please_scan_again"
    PUT_ON_SCALE = "put_on_scale"
    TAKE_OFF_SCALE = "take_off_scale"
    KEEP_SCANNING = "keep_scanning"
    APPROVED_GO_ON = "approved_go_on"
    SHOW_ID_PLEASE = "show_id_please"
    CANNOT_SELL_ITEM = "cannot_sell_item"
    PRICE_IS = "price_is"
    OFFER_ENDED = "offer_ended"
    ADDED_FOR_YOU = "added_for_you"
    REMOVED_FOR_YOU = "removed_for_you"
    USE_LANE = "use_lane"
    PLEASE_PAY_NOW = "please_pay_now"
    CARD_TRY_INSERT = "card_try_insert"
    BANK_REFUSED_NOT_US = "bank_refused_not_us"
    RECEIPT_REPRINTED = "receipt_reprinted"
    COLLEAGUE_SPEAKS = "colleague_speaks"
    SORRY_WAIT = "sorry_wait"
    ALL_DONE_BYE = "all_done_bye"


PhraseId = ShopperPhrase | StaffPhrase

SLOT_OF: Final[Mapping[PhraseId, Slot]] = {
    ShopperPhrase.WHERE_IS: Slot.ITEM,
    ShopperPhrase.SPEAK: Slot.LANGUAGE,
    StaffPhrase.COMING: Slot.MINUTES,
    StaffPhrase.CANNOT_SELL_ITEM: Slot.REASON,
    StaffPhrase.PRICE_IS: Slot.AMOUNT,
    StaffPhrase.OFFER_ENDED: Slot.DATE,
    StaffPhrase.USE_LANE: Slot.LANE,
    StaffPhrase.COLLEAGUE_SPEAKS: Slot.LANGUAGE,
}
"""What each phrase leaves open; the others are whole."""

SKIPS_QUEUE: Final = frozenset({ShopperPhrase.LOST_CHILD, ShopperPhrase.SPILL_OR_DANGER})
"""Somebody may come to harm: the call stands before all others."""

SlotValue = str | int

_REASONS: Final = frozenset(reason.value for reason in NotSold)


@dataclass(frozen=True, slots=True)
class Phrase:
    """One thing said by id. `value` fills its slot, a number for MINUTES, LANE and AMOUNT; "" for none.

    Made by `read_phrase`, so that whoever has one may say it.
    """

    phrase_id: PhraseId
    value: SlotValue = ""

    @property
    def side(self) -> Side:
        return Side.SHOPPER if isinstance(self.phrase_id, ShopperPhrase) else Side.STAFF

    @property
    def skips_queue(self) -> bool:
        return self.phrase_id in SKIPS_QUEUE

    @property
    def slots(self) -> dict[str, SlotValue]:
        """As on the wire."""
        slot = SLOT_OF.get(self.phrase_id)
        return {} if slot is None else {slot.value: self.value}


class PhraseFault(Enum):
    """Why something cannot be said; the values are sentences for the other program's people."""

    UNKNOWN = "There is no such phrase."
    WRONG_SIDE = "The other side says this phrase."
    SLOT_MISSING = "The phrase leaves something open that was not filled in."
    SLOT_STRANGE = "The phrase has no such slot."
    SLOT_UNFIT = "What was filled in does not fit, or is too large."


class TextFault(Enum):
    """Why a free text cannot be passed on."""

    EMPTY = "There is nothing in the text."
    LONG = "A text has 200 characters at most."
    UNPRINTABLE = "The text holds a sign that cannot be shown."
    CARD_NUMBER = "A long number that may be a card’s is never passed on."


def read_phrase(side: Side, phrase_id: str, slots: Mapping[str, object]) -> Phrase | PhraseFault:
    """The phrase of an id and its slots as they come from outside."""
    kinds: tuple[type[ShopperPhrase] | type[StaffPhrase], ...] = (ShopperPhrase, StaffPhrase)
    own = kinds[0] if side is Side.SHOPPER else kinds[1]
    found: PhraseId | None = next((each for kind in kinds for each in kind if each.value == phrase_id), None)
    if found is None:
        return PhraseFault.UNKNOWN
    if not isinstance(found, own):
        return PhraseFault.WRONG_SIDE
    slot = SLOT_OF.get(found)
    if set(slots) - ({slot.value} if slot else set()):
        return PhraseFault.SLOT_STRANGE
    if slot is None:
        return Phrase(found)
    if slot.value not in slots:
        return PhraseFault.SLOT_MISSING
    value = _fitting(slot, slots[slot.value])
    return PhraseFault.SLOT_UNFIT if value is None else Phrase(found, value)


def read_text(text: str) -> str | TextFault:
    """A free text as it may be passed on: one line, trimmed, otherwise as typed."""
    trimmed = unicodedata.normalize("NFC", text.strip())
    if not trimmed:
        return TextFault.EMPTY
    if len(trimmed) > LONGEST_TEXT:
        return TextFault.LONG
    if not all(is_shown(sign) for sign in trimmed):
        return TextFault.UNPRINTABLE
    return TextFault.CARD_NUMBER if holds_card_number(trimmed) else trimmed


@lru_cache(maxsize=1)
def known_languages() -> frozenset[str]:
    """The tags of every language CLDR has a name for, such as `it` and `zh-Hans`."""
    return frozenset(str(code).replace("_", "-") for code in Locale.parse("en").languages)


def _fitting(slot: Slot, value: object) -> SlotValue | None:
    match slot:
        case Slot.MINUTES:
            return _number(value, 1, MOST_MINUTES)
        case Slot.LANE:
            return _number(value, 1, HIGHEST_LANE)
        case Slot.AMOUNT:
            return _number(value, 0, MAX_AMOUNT_MINOR)
        case Slot.ITEM:
            return value if isinstance(value, str) and gtin_14(value) == value else None
        case Slot.DATE:
            return _day(value)
        case Slot.LANGUAGE:
            return value if isinstance(value, str) and value in known_languages() else None
        case Slot.REASON:
            return value if isinstance(value, str) and value in _REASONS else None


def _number(value: object, least: int, most: int) -> int | None:
    is_whole = isinstance(value, int) and not isinstance(value, bool)
    return value if isinstance(value, int) and is_whole and least <= value <= most else None


def _day(value: object) -> str | None:
    if not isinstance(value, str):
        return None
    try:
        day = date.fromisoformat(value)
    except ValueError:
        return None
    return value if day.isoformat() == value and _FIRST_DAY <= day <= _LAST_DAY else None
