"""Owns the table of what is not right yet on some layout, and why.

It must not excuse anything that it does not name: a row whose own layout shows nothing any more fails.
"""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase


@dataclass(frozen=True, slots=True, order=True)
class Case:
    """One layout."""

    panel: str
    mode: str
    language: str
    screen: str

    def __str__(self) -> str:
        return f"{self.screen} | {self.language} | {self.panel} | {self.mode}"


@dataclass(frozen=True, slots=True)
class Finding:
    case: Case
    probe: str
    words: str

    def __str__(self) -> str:
        return f"{self.case} | {self.probe} | {self.words}"


@dataclass(frozen=True, slots=True)
class Known:
    """`screens` are patterns; `seen` is one layout that shows it: where it does not, the row goes."""

    screens: tuple[str, ...]
    seen: Case
    reason: str
    probes: tuple[str, ...] = ("texts_wrong", "overlaps", "covered", "contrast_too_low")
    modes: tuple[str, ...] = ("*",)
    panels: tuple[str, ...] = ("*",)
    languages: tuple[str, ...] = ("*",)

    def covers(self, finding: Finding) -> bool:
        case = finding.case
        pairs = (
            (finding.probe, self.probes),
            (case.screen, self.screens),
            (case.panel, self.panels),
            (case.mode, self.modes),
            (case.language, self.languages),
        )
        return all(any(fnmatchcase(value, each) for each in some) for value, some in pairs)


_UP, _WIDE = "15.6-portrait", "15.6-landscape"
_LARGE = ("large", "all")

KNOWN: tuple[Known, ...] = (
    Known(
        ("*",),
        Case(_UP, "large", "en-XA", "basket"),
        "words 40 % longer than English and 1.6 times as large at once have no room everywhere",
        modes=_LARGE,
        languages=("en-XA",),
        probes=("*",),
    ),
    Known(
        ("basket-lei", "basket-money", "price-pending", "row-pending", "basket-cannot-pay-price-pending"),
        Case(_UP, "large", "it", "basket-lei"),
        "sums of five digits, and words in the place of a price, are cut in large letters",
        modes=_LARGE,
        probes=("cut_short", "texts_wrong", "overlaps"),
    ),
    Known(
        ("attract-nothing-works",),
        Case(_UP, "large", "fil", "attract-nothing-works"),
        "three things broken at once are told in more large words than fit",
        modes=_LARGE,
    ),
    Known(
        ("hidden", "basket-offer", "basket-cannot-pay-terminal", "accessibility-speaking", "basket-full"),
        Case(_UP, "large", "id", "hidden"),
        "a long word is torn in large letters",
        modes=_LARGE,
        probes=("texts_wrong",),
    ),
    Known(
        ("pay-help", "pay-help-over", "not-paid-help", "still-there-help"),
        Case(_WIDE, "large", "ro", "pay-help"),
        "a call for help beside a payment crowds a wide glass in large letters",
        modes=_LARGE,
        probes=("targets_too_small", "texts_wrong"),
    ),
    Known(
        ("item-asked-about",),
        Case(_WIDE, "large", "it", "item-asked-about"),
        "under a call a good with its deeds has one large line less than it needs on a wide glass",
        modes=_LARGE,
        panels=("*-landscape",),
        probes=("texts_wrong",),
    ),
    Known(
        ("answer-help",),
        Case(_WIDE, "all", "es", "answer-help"),
        "an answer under a call for help has more large words than a wide glass has room",
        modes=_LARGE,
        panels=("*-landscape",),
    ),
    Known(
        ("find", "find-*", "talk-*"),
        Case(_WIDE, "large", "ar", "find"),
        "the widest letters of Arabic are a little wider than a key beside the results; they are whole",
        modes=_LARGE,
        panels=("*-landscape",),
        languages=("ar", "ar-XB"),
        probes=("texts_wrong",),
    ),
    Known(
        ("find", "find-*", "talk-*"),
        Case(_UP, "all", "es", "find"),
        "beside the steps the key of the space is narrower than its large word, which is torn",
        modes=("all",),
        panels=("*-portrait",),
        probes=("texts_wrong",),
    ),
    Known(
        ("find-help",),
        Case(_WIDE, "all", "en", "find-help"),
        "between a call and the low keys the word that is typed has less height than its large letters",
        modes=("all",),
        panels=("*-landscape",),
        probes=("texts_wrong",),
    ),
    Known(
        ("item-phone", "item-unknown", "weigh-broken"),
        Case(_WIDE, "all", "fil", "item-unknown"),
        "over the low controls a wide glass has less height than these large words",
        modes=("all",),
        panels=("*-landscape",),
        probes=("texts_wrong", "overlaps"),
    ),
)
