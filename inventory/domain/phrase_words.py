"""Owns the words of every phrase between shopper and staff: each side reads it in its own language.

It must not know who speaks to whom, nor any screen. Slots are written as the reader's language writes them
(CLDR); a phrase blames nobody.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import assert_never

from babel import Locale

from assets.languages import ENGLISH, Direction, cldr_of
from assets.texts import Texts
from assets.typesetting.isolation import isolated
from inventory.domain.moments import format_day
from inventory.domain.money import format_money
from inventory.domain.phrases import (
    SLOT_OF,
    NotSold,
    Phrase,
    PhraseId,
    ShopperPhrase,
    Slot,
    SlotValue,
    StaffPhrase,
)

OPEN = "…"
"""Stands for what is still to be filled in."""


def said(phrase: Phrase, texts: Texts, *, currency: str, name_of: Callable[[str], str]) -> str:
    """The phrase as somebody of the texts' language says it; `name_of` a GTIN is the item's name in it."""
    slot = SLOT_OF.get(phrase.phrase_id)
    if slot is None:
        return _words(phrase.phrase_id, texts)
    if slot is Slot.MINUTES:
        return _minutes(int(phrase.value), texts)
    shown = _shown(slot, phrase.value, texts, currency, name_of)
    return _words(phrase.phrase_id, texts) % {_PLACE_OF[slot]: shown}


def unfilled(phrase_id: PhraseId, texts: Texts) -> str:
    """The phrase with an ellipsis where something is to be filled in: the words on its button."""
    slot = SLOT_OF.get(phrase_id)
    if slot is None:
        return _words(phrase_id, texts)
    if slot is Slot.MINUTES:
        return _minutes(5, texts).replace("5", OPEN)
    return _words(phrase_id, texts) % {_PLACE_OF[slot]: OPEN}


def language_name(code: str, texts: Texts) -> str:
    """What a language is called in the texts' own, else in English, else its code."""
    key = cldr_of(code)
    for reader in (texts.language, ENGLISH):
        name = Locale.parse(cldr_of(reader)).languages.get(key)
        if name:
            return str(name)
    return code


def reason_words(reason: NotSold, texts: Texts) -> str:
    """Why an item cannot be sold, to stand behind a colon."""
    match reason:
        case NotSold.AGE_LIMIT:
            return texts("it has an age limit")
        case NotSold.HOUR:
            return texts("not at this hour")
        case NotSold.RECALLED:
            return texts("the maker has called it back")
        case NotSold.DAMAGED:
            return texts("it is damaged")
        case NotSold.NO_PRICE:
            return texts("we have no price for it")
        case _:
            assert_never(reason)


_PLACE_OF = {
    Slot.ITEM: "item",
    Slot.LANE: "lane",
    Slot.AMOUNT: "amount",
    Slot.DATE: "date",
    Slot.LANGUAGE: "language",
    Slot.REASON: "reason",
}


def _shown(slot: Slot, value: SlotValue, texts: Texts, currency: str, name_of: Callable[[str], str]) -> str:
    match slot:
        case Slot.ITEM:
            name = name_of(str(value))
            return isolated(name) if texts.direction is Direction.RIGHT_TO_LEFT else name
        case Slot.AMOUNT:
            return format_money(int(value), currency, texts.language).replace(" ", "\u00a0")
        case Slot.DATE:
            return format_day(datetime.fromisoformat(str(value)), texts.language)
        case Slot.LANGUAGE:
            return language_name(str(value), texts)
        case Slot.REASON:
            return reason_words(NotSold(value), texts)
        case Slot.LANE | Slot.MINUTES:
            return str(value)
        case _:
            assert_never(slot)


def _minutes(minutes: int, texts: Texts) -> str:
    return texts.plural("I will be there in %(n)d minute", "I will be there in %(n)d minutes", minutes)


def _words(phrase_id: PhraseId, texts: Texts) -> str:
    match phrase_id:
        case ShopperPhrase():
            return _shopper(phrase_id, texts)
        case StaffPhrase():
            return _staff(phrase_id, texts)
        case _:
            assert_never(phrase_id)


def _shopper(phrase_id: ShopperPhrase, t: Texts) -> str:
    return {
        ShopperPhrase.ITEM_WONT_SCAN: t("An item won’t scan"),
        ShopperPhrase.PRICE_WRONG: t("A price looks wrong"),
        ShopperPhrase.WHERE_IS: t("Where do I find %(item)s?"),
        ShopperPhrase.NEED_BAG: t("I need a bag"),
        ShopperPhrase.NEED_AGE_CHECK: t("I need an age check"),
        ShopperPhrase.CARD_DECLINED: t("My card was not accepted"),
        ShopperPhrase.PAID_NO_RECEIPT: t("I paid and got no receipt"),
        ShopperPhrase.CHARGED_TWICE: t("I think I was charged twice"),
        ShopperPhrase.WRONG_ITEM_ADDED: t("A wrong item is in my basket"),
        ShopperPhrase.WANT_INVOICE: t("I would like an invoice"),
        ShopperPhrase.WANT_REFUND: t("I would like my money back"),
        ShopperPhrase.COUPON_FAILS: t("A coupon does not work"),
        ShopperPhrase.LOYALTY_FAILS: t("My loyalty card does not work"),
        ShopperPhrase.NEED_BASKET_HELP: t("I need help with my basket"),
        ShopperPhrase.I_AM_DEAF_WRITE: t("I am deaf. Please write to me"),
        ShopperPhrase.I_AM_BLIND_SPEAK: t("I am blind. Please speak to me"),
        ShopperPhrase.NEED_WHEELCHAIR_LANE: t("I need a lane for wheelchairs"),
        ShopperPhrase.LOST_CHILD: t("A child is lost"),
        ShopperPhrase.SPILL_OR_DANGER: t("Something is spilled or dangerous"),
        ShopperPhrase.SPEAK: t("I speak %(language)s"),
        ShopperPhrase.THANKS: t("Thank you"),
        ShopperPhrase.NEVER_MIND: t("Never mind, it is fine now"),
    }[phrase_id]


def _staff(phrase_id: StaffPhrase, t: Texts) -> str:
    if phrase_id is StaffPhrase.COMING:
        return _minutes(1, t)
    return {
        StaffPhrase.ON_MY_WAY: t("I am on my way"),
        StaffPhrase.LOOK_AT_LIGHT: t("Please look at the light over the lane"),
        StaffPhrase.PLEASE_SCAN_AGAIN: t("Please scan it again"),
        StaffPhrase.PUT_ON_SCALE: t("Please put it on the scale"),
        StaffPhrase.TAKE_OFF_SCALE: t("Please take it off the scale"),
        StaffPhrase.KEEP_SCANNING: t("Please keep scanning"),
        StaffPhrase.APPROVED_GO_ON: t("It is approved. Please go on"),
        StaffPhrase.SHOW_ID_PLEASE: t("Please show me an ID"),
        StaffPhrase.CANNOT_SELL_ITEM: t("We cannot sell this item: %(reason)s"),
        StaffPhrase.PRICE_IS: t("The price is %(amount)s"),
        StaffPhrase.OFFER_ENDED: t("The offer ended on %(date)s"),
        StaffPhrase.ADDED_FOR_YOU: t("I have added it for you"),
        StaffPhrase.REMOVED_FOR_YOU: t("I have taken it out for you"),
        StaffPhrase.USE_LANE: t("Please use lane %(lane)s"),
        StaffPhrase.PLEASE_PAY_NOW: t("Please pay now"),
        StaffPhrase.CARD_TRY_INSERT: t("Please insert the card instead"),
        StaffPhrase.BANK_REFUSED_NOT_US: t("It was the bank that said no, not our store"),
        StaffPhrase.RECEIPT_REPRINTED: t("Your receipt is printed again"),
        StaffPhrase.COLLEAGUE_SPEAKS: t("A colleague speaks %(language)s"),
        StaffPhrase.SORRY_WAIT: t("Sorry, please wait a moment"),
        StaffPhrase.ALL_DONE_BYE: t("All done. Goodbye"),
    }[phrase_id]
