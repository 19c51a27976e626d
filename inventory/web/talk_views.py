"""Owns how the tablet shows the conversation of a call: what was said, and what can be answered with one tap.

It must not know routes, the database or the clock. Everything is in the attendant's language but typed texts,
which carry the tag of theirs.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache

from assets.languages import SHIPPED
from assets.texts import Texts as Words
from inventory.domain.catalogue import Item
from inventory.domain.help_desk import HelpReason
from inventory.domain.phrase_words import OPEN, language_name, reason_words, said, unfilled
from inventory.domain.phrases import (
    HIGHEST_LANE,
    MOST_ENTRIES,
    MOST_MINUTES,
    SLOT_OF,
    NotSold,
    ShopperPhrase,
    Side,
    Slot,
    StaffPhrase,
)
from inventory.services.help_desk import HelpRequest
from inventory.services.talk import Entry
from inventory.web.talk_parts import Answer, Choice, Field, Talk, TalkLine

ERRANDS = frozenset({HelpReason.BRING, HelpReason.SHELF_EMPTY})
"""Nobody stands there and reads: these have no conversation."""

LIKELY = 6
"""So many answers stand at hand; the others are one tap away."""

_S = StaffPhrase
_USUAL = (_S.COMING, _S.ON_MY_WAY, _S.SORRY_WAIT, _S.LOOK_AT_LIGHT, _S.KEEP_SCANNING, _S.ALL_DONE_BYE)
_FIRST: Mapping[HelpReason, tuple[StaffPhrase, ...]] = {
    HelpReason.WONT_SCAN: (_S.COMING, _S.PLEASE_SCAN_AGAIN, _S.PUT_ON_SCALE, _S.ADDED_FOR_YOU),
    HelpReason.PRICE: (_S.COMING, _S.PRICE_IS, _S.OFFER_ENDED, _S.APPROVED_GO_ON, _S.REMOVED_FOR_YOU),
    HelpReason.PAYMENT: (
        *(_S.COMING, _S.CARD_TRY_INSERT, _S.BANK_REFUSED_NOT_US, _S.PLEASE_PAY_NOW),
        _S.RECEIPT_REPRINTED,
    ),
    HelpReason.AGE: (_S.COMING, _S.SHOW_ID_PLEASE, _S.APPROVED_GO_ON, _S.CANNOT_SELL_ITEM),
}
"""What is answered most by what a call is about; the usual answers follow, then all others."""


@dataclass(frozen=True, slots=True)
class TalkWriter:
    """Makes conversations in one language. `items` are those that somebody asked for, by GTIN."""

    language: str
    currency: str
    items: Mapping[str, Item]

    def talks(
        self, calls: Iterable[HelpRequest], entries: Mapping[str, tuple[Entry, ...]], mark: str
    ) -> dict[str, Talk]:
        """Of every call in which somebody stands and reads."""
        return {
            call.help_id: self._talk(call, entries.get(call.help_id, ()), mark)
            for call in calls
            if call.reason not in ERRANDS
        }

    def _talk(self, call: HelpRequest, entries: tuple[Entry, ...], mark: str) -> Talk:
        answers = [_answer(phrase, self.language) for phrase in ordered(call.reason)]
        return Talk(
            call.help_id,
            tuple(self._line(entry) for entry in entries),
            tuple(answers[:LIKELY]),
            tuple(answers[LIKELY:]),
            mark,
            sum(entry.side is Side.STAFF for entry in entries),
            is_full=len(entries) >= MOST_ENTRIES,
        )

    def _line(self, entry: Entry) -> TalkLine:
        is_shopper = entry.side is Side.SHOPPER
        if entry.phrase is not None:
            words = said(entry.phrase, self._words, currency=self.currency, name_of=self._name_of)
            return TalkLine(words, entry.who, is_shopper)
        is_own = entry.language == self.language
        tag = "" if is_own else entry.language.upper()
        name = "" if is_own else language_name(entry.language, self._words)
        return TalkLine(entry.text, entry.who, is_shopper, entry.language, tag, name)

    @property
    def _words(self) -> Words:
        return Words(self.language)

    def _name_of(self, gtin: str) -> str:
        item = self.items.get(gtin)
        return item.name(self.language) if item is not None else gtin


@cache
def ordered(reason: HelpReason) -> tuple[StaffPhrase, ...]:
    """All answers, the likely ones for such a call first."""
    return tuple(dict.fromkeys((*_FIRST.get(reason, ()), *_USUAL, *StaffPhrase)))


def asked_items(entries: Mapping[str, tuple[Entry, ...]]) -> set[str]:
    """The GTINs that somebody asked for."""
    said_by_all = (entry.phrase for each in entries.values() for entry in each)
    return {
        str(phrase.value)
        for phrase in said_by_all
        if phrase is not None and phrase.phrase_id is ShopperPhrase.WHERE_IS
    }


@cache
def _answer(phrase: StaffPhrase, language: str) -> Answer:
    """The same at every call: each is worked out once."""
    words = Words(language)
    label = unfilled(phrase, words)
    slot = SLOT_OF.get(phrase)
    if slot is None:
        return Answer(phrase.value, label)
    before, _, after = label.partition(OPEN)
    made = Answer(phrase.value, label, before.strip(), after.strip(), Field.NUMBER)
    match slot:
        case Slot.MINUTES:
            return replace(made, usual="2", most=MOST_MINUTES)
        case Slot.LANE:
            return replace(made, most=HIGHEST_LANE)
        case Slot.AMOUNT:
            return replace(made, field=Field.MONEY)
        case Slot.DATE:
            return replace(made, field=Field.DATE)
        case Slot.LANGUAGE:
            codes = [code for code in SHIPPED if code != language]
            names = tuple(Choice(code, language_name(code, words)) for code in codes)
            return replace(made, field=Field.CHOICE, choices=names)
        case Slot.REASON | Slot.ITEM:
            reasons = tuple(Choice(reason.value, reason_words(reason, words)) for reason in NotSold)
            return replace(made, field=Field.CHOICE, choices=reasons)
