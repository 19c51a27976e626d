"""Owns what the waits of a store's calls for help come to: percentiles, shares with bounds, causes by weight.

It must not know who helped: a call is counted by what it was about, where and when. It reads no clock.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

from inventory.domain.feedback import Share, share
from inventory.domain.help_desk import Cause, HelpReason

GOAL_ACKNOWLEDGED_S: Final = 20
"""Nine in ten calls are answered within this (UX 5.3), in seconds."""
GOAL_ARRIVED_S: Final = 90
LEAST_CALLS: Final = 5
"""Of fewer calls no percentile is shown: it would be one shopper's bad luck, or one person's good day."""

Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True, slots=True)
class HelpFact:
    """One call that is over, or is not, as it is counted. Seconds are from the shopper's tap, None: never.

    `hour` is the store's own (0 to 23). `is_afar`: it was solved without anybody walking up.
    """

    lane_id: str
    hour: int
    reason: HelpReason = HelpReason.UNSAID
    acknowledged_s: int | None = None
    arrived_s: int | None = None
    resolved_s: int | None = None
    is_cancelled: bool = False
    is_reopening: bool = False
    is_afar: bool = False
    cause: Cause | None = None
    gtin: str = ""


@dataclass(frozen=True, slots=True)
class Spread:
    """How long it took: half of all within `half_s` seconds, nine in ten within `most_s`."""

    count: int
    half_s: int
    most_s: int


@dataclass(frozen=True, slots=True)
class HelpFigures:
    """What some calls come to; a spread is None and a share is None where there is nothing to tell.

    `afar` is of those resolved; `cancelled_unanswered` and `reopened` are of all calls.
    """

    calls: int
    acknowledged: Spread | None
    arrived: Spread | None
    resolved: Spread | None
    afar: Share | None
    reopened: Share | None
    cancelled_unanswered: Share | None


def figures(facts: Iterable[HelpFact]) -> HelpFigures:
    """All of them together."""
    found = tuple(facts)
    resolved = [each for each in found if each.resolved_s is not None]
    unanswered = [each for each in found if each.is_cancelled and each.acknowledged_s is None]
    return HelpFigures(
        len(found),
        spread(each.acknowledged_s for each in found),
        spread(each.arrived_s for each in found),
        spread(each.resolved_s for each in found),
        _part(sum(each.is_afar for each in resolved), len(resolved)),
        _part(sum(each.is_reopening for each in found), len(found)),
        _part(len(unanswered), len(found)),
    )


def figures_by(facts: Iterable[HelpFact], key: Callable[[HelpFact], Key]) -> dict[Key, HelpFigures]:
    """The same apart by what `key` says of a call."""
    groups: dict[Key, list[HelpFact]] = {}
    for each in facts:
        groups.setdefault(key(each), []).append(each)
    return {name: figures(group) for name, group in groups.items()}


def spread(seconds: Iterable[int | None]) -> Spread | None:
    """Half and nine in ten of what is known, by nearest rank; None of fewer than LEAST_CALLS."""
    known = sorted(each for each in seconds if each is not None)
    if len(known) < LEAST_CALLS:
        return None
    half_s, most_s = percentile(known, 50), percentile(known, 90)
    assert half_s is not None, "there are some"
    assert most_s is not None, "there are some"
    return Spread(len(known), half_s, most_s)


def percentile(sorted_values: Sequence[int], percent: int) -> int | None:
    """The nearest-rank percentile of values sorted upwards; None of nothing."""
    if not sorted_values:
        return None
    rank = -(-len(sorted_values) * percent // 100)
    return sorted_values[max(rank, 1) - 1]


@dataclass(frozen=True, slots=True)
class ParetoLine(Generic[Key]):
    """One cause: how often, and how often it and those before it, of `total`."""

    key: Key
    count: int
    up_to: int
    total: int


def pareto(counts: Mapping[Key, int]) -> tuple[ParetoLine[Key], ...]:
    """The causes by weight; ties keep the order they came in, so the same numbers give the same list."""
    total = sum(counts.values())
    lines: list[ParetoLine[Key]] = []
    so_far = 0
    for key, count in sorted(counts.items(), key=lambda each: -each[1]):
        if count:
            so_far += count
            lines.append(ParetoLine(key, count, so_far, total))
    return tuple(lines)


@dataclass(frozen=True, slots=True)
class Hotspot:
    """An item or a lane that stops shoppers more often than it should."""

    key: str
    count: int
    per_hundred: int
    """Of a lane: stops in 100 of its sales. Of an item: 0."""


MOST_STOPS_OF_ITEM: Final = 5
"""So many stops at one item and it is worth a walk to it (UX 12.7)."""


def items_to_repair(gtins: Iterable[str]) -> tuple[Hotspot, ...]:
    """Items that stopped shoppers MOST_STOPS_OF_ITEM times or more, the worst first."""
    counts = Counter(gtin for gtin in gtins if gtin)
    found = (Hotspot(gtin, count, 0) for gtin, count in counts.items() if count >= MOST_STOPS_OF_ITEM)
    return tuple(sorted(found, key=lambda each: (-each.count, each.key)))


def lanes_to_repair(stops: Mapping[str, int], sales: Mapping[str, int]) -> tuple[Hotspot, ...]:
    """Lanes that stop at least half as often again as all together, with enough stops to mean it."""
    all_stops, all_sales = sum(stops.values()), sum(sales.values())
    found = [
        Hotspot(lane_id, count, per_hundred(count, sales[lane_id]))
        for lane_id, count in stops.items()
        if count >= MOST_STOPS_OF_ITEM
        and sales.get(lane_id, 0) > 0
        and 2 * count * all_sales >= 3 * all_stops * sales[lane_id]
    ]
    return tuple(sorted(found, key=lambda each: (-each.per_hundred, each.key)))


def per_hundred(count: int, baskets: int) -> int:
    """How many in 100 baskets, rounded half up; 0 of none."""
    return (200 * count + baskets) // (2 * baskets) if baskets else 0


def _part(count: int, total: int) -> Share | None:
    return share(count, total) if total else None
