"""Owns what the console shows of shoppers' faces: shares with their bounds, or that there are too few.

It must not know HTTP, the database or the clock. Of fewer than ten nothing is told apart.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from babel import Locale
from babel.numbers import format_percent

from assets.languages import cldr_of
from inventory.domain.feedback import Face, FeedbackSummary, Share, share, together
from inventory.web.feedback_words import face_words, reason_words
from inventory.web.texts import Texts

Named = Sequence[tuple[str, FeedbackSummary]]
"""Lanes by the names that people know them by."""


@dataclass(frozen=True, slots=True)
class FaceLine:
    """One face: how many, their share in words, and the bar with its bounds in thousandths."""

    face: str
    label: str
    count: int
    percent: str
    bounds: str
    share: Share


@dataclass(frozen=True, slots=True)
class LaneOpinion:
    """What was said at one lane, or at all; `faces` is empty where that is too little to show.

    `answered` is how many of its shoppers said anything, "" where no sale of it is known.
    """

    title: str
    total: str
    answered: str = ""
    faces: tuple[FaceLine, ...] = ()
    reasons: tuple[tuple[str, int], ...] = ()


def opinions(summaries: Named, sales: Mapping[str, int], texts: Texts) -> tuple[LaneOpinion, ...]:
    """Each lane by its name; before them all together, where there is more than one."""
    found = [_opinion(name, each, sales.get(each.lane_id, 0), texts) for name, each in summaries]
    if len(found) > 1:
        everything = together(each for _, each in summaries)
        found.insert(0, _opinion(texts.text("All lanes"), everything, sum(sales.values()), texts))
    return tuple(found)


def _opinion(title: str, summary: FeedbackSummary, sales: int, texts: Texts) -> LaneOpinion:
    total = texts.plural("%(n)d face", "%(n)d faces", summary.total) % {"n": summary.total}
    answered = _answered(summary.total, sales, texts)
    if not summary.is_enough:
        return LaneOpinion(title, total, answered)
    lines = tuple(_line(face, summary.share_of(face), texts) for face in Face)
    ranked = sorted(summary.reasons.items(), key=lambda each: (-each[1], each[0].value))
    reasons = tuple((reason_words(why, texts), count) for why, count in ranked)
    return LaneOpinion(title, total, answered, lines, reasons)


def response(faces: int, sales: int) -> Share | None:
    """Which part of the shoppers said anything. A sale may still be on its way when its face is here."""
    return share(min(faces, sales), sales) if sales else None


def _answered(faces: int, sales: int, texts: Texts) -> str:
    part = response(faces, sales)
    if part is None:
        return ""
    words = texts.plural("%(percent)s of %(n)d sale answered", "%(percent)s of %(n)d sales answered", sales)
    return words % {"percent": percent_words(part.permille, texts), "n": sales}


def _line(face: Face, share: Share, texts: Texts) -> FaceLine:
    bounds = texts.text("%(low)s to %(high)s") % {
        "low": percent_words(share.low_permille, texts),
        "high": percent_words(share.high_permille, texts),
    }
    percent = percent_words(share.permille, texts)
    return FaceLine(face.value, face_words(face, texts), share.count, percent, bounds, share)


def percent_words(permille: int, texts: Texts) -> str:
    """A share in whole hundredths, as the language writes them."""
    locale = Locale.parse(cldr_of(texts.language))
    return str(format_percent(Decimal(permille) / 1000, locale=locale))
