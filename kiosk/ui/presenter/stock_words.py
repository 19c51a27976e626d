"""Owns the words for how many there are: the band, a number where it is sure, and how old all that is.

It must not know Kivy, nor decide how sure anything is: `inventory.domain.availability` does.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from assets.texts import Texts
from inventory.domain.availability import Availability, Confidence
from inventory.domain.catalogue import Item, SoldBy
from inventory.domain.stock import Band

_BARS = {Band.PLENTY: 3, Band.A_FEW: 2, Band.LAST_ONES: 1, Band.NOT_HERE: 0}


@dataclass(frozen=True, slots=True)
class StockWords:
    """Bars of three, the word beside them, and how old it is or why it is not to be relied on."""

    bars: int
    word: str
    age: str


def stock_words(
    item: Item, known: Availability | None, now_utc: datetime, texts: Texts, *, exact: bool
) -> StockWords:
    """A band, since records are often wrong; with `exact` the number too, but only where it is sure."""
    if known is None:
        return StockWords(0, texts("Ask us if it is here"), "")
    words = {
        Band.PLENTY: texts("Plenty"),
        Band.A_FEW: texts("A few left"),
        Band.LAST_ONES: texts("Last ones"),
        Band.NOT_HERE: texts("Not here today"),
    }
    word = words[known.band]
    if exact and known.exact_milli is not None and item.sold_by is SoldBy.UNIT:
        count = known.exact_milli // 1000
        word = f"{word} · {texts.plural('%(n)d here', '%(n)d here', count)}"
    if known.confidence is Confidence.LOW and known.is_here:
        return StockWords(_BARS[known.band], word, texts("shelf reported empty"))
    return StockWords(_BARS[known.band], word, _age(known, now_utc, texts))


def _age(known: Availability, now_utc: datetime, texts: Texts) -> str:
    minutes = max(0, int((now_utc - known.as_of_utc).total_seconds() // 60))
    if minutes < 1:
        return texts("checked just now")
    if minutes < 60:
        return texts.plural("checked %(n)d minute ago", "checked %(n)d minutes ago", minutes)
    return texts.plural("checked %(n)d hour ago", "checked %(n)d hours ago", minutes // 60)
