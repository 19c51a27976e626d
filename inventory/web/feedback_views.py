"""Owns what the console shows of shoppers' faces: shares with their bounds, or that there are too few.

It must not know HTTP, the database or the clock. Of fewer than ten nothing is told apart.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from babel import Locale
from babel.numbers import format_percent

from assets.languages import cldr_of
from inventory.domain.feedback import Face, FeedbackReason, FeedbackSummary, Share
from inventory.web.feedback_words import face_words, reason_words
from inventory.web.texts import Texts


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
    """What was said at one lane, or at all; `faces` is empty where that is too little to show."""

    title: str
    total: str
    faces: tuple[FaceLine, ...] = ()
    reasons: tuple[tuple[str, int], ...] = ()


def opinions(summaries: Sequence[tuple[str, FeedbackSummary]], texts: Texts) -> tuple[LaneOpinion, ...]:
    """Each lane by its name; before them all together, where there is more than one."""
    found = [_opinion(name, summary, texts) for name, summary in summaries]
    if len(found) > 1:
        together = _together([summary for _, summary in summaries])
        found.insert(0, _opinion(texts.text("All lanes"), together, texts))
    return tuple(found)


def _together(summaries: Sequence[FeedbackSummary]) -> FeedbackSummary:
    faces: Counter[Face] = Counter()
    reasons: Counter[FeedbackReason] = Counter()
    for each in summaries:
        faces.update(each.faces)
        reasons.update(each.reasons)
    return FeedbackSummary("", dict(faces), dict(reasons))


def _opinion(title: str, summary: FeedbackSummary, texts: Texts) -> LaneOpinion:
    total = texts.plural("%(n)d face", "%(n)d faces", summary.total) % {"n": summary.total}
    if not summary.is_enough:
        return LaneOpinion(title, total)
    lines = tuple(_line(face, summary.share_of(face), texts) for face in Face)
    ranked = sorted(summary.reasons.items(), key=lambda each: (-each[1], each[0].value))
    return LaneOpinion(title, total, lines, tuple((reason_words(why, texts), count) for why, count in ranked))


def _line(face: Face, share: Share, texts: Texts) -> FaceLine:
    bounds = texts.text("%(low)s to %(high)s") % {
        "low": _percent(share.low_permille, texts),
        "high": _percent(share.high_permille, texts),
    }
    return FaceLine(
        face.value, face_words(face, texts), share.count, _percent(share.permille, texts), bounds, share
    )


def _percent(permille: int, texts: Texts) -> str:
    locale = Locale.parse(cldr_of(texts.language))
    return str(format_percent(Decimal(permille) / 1000, locale=locale))
