"""Owns the table of faces by hour and lane: in each cell the share of bad ones and how many there were.

It must not know HTTP, the database or the clock. Colour only repeats what the cell says; of fewer than ten
faces it says no more than that.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from inventory.domain.feedback import FeedbackSummary, Hours, share, together
from inventory.web.feedback_views import Named, percent_words
from inventory.web.texts import Texts

_STEPS_PERMILLE: Final = (50, 100, 200, 350)
"""From which share of bad faces on a cell is a shade darker."""


@dataclass(frozen=True, slots=True)
class MapCell:
    """`shade` is 0 to 4, or -1 where nothing is shown; `count` is "" there."""

    words: str
    count: str = ""
    shade: int = -1


@dataclass(frozen=True, slots=True)
class MapRow:
    title: str
    cells: tuple[MapCell, ...]


@dataclass(frozen=True, slots=True)
class HeatMap:
    """`hours` are the heads of the columns, as the store's clock shows them."""

    hours: tuple[str, ...]
    rows: tuple[MapRow, ...]


def heat_map(lanes: Named, hours: Hours, texts: Texts) -> HeatMap | None:
    """From the first hour in which anybody said anything to the last; None where no hour is known."""
    known = sorted({hour for _lane, hour in hours if hour >= 0})
    if not known:
        return None
    columns = range(known[0], known[-1] + 1)
    rows = [
        MapRow(name, tuple(_cell(hours.get((lane.lane_id, hour)), texts) for hour in columns))
        for name, lane in lanes
    ]
    if len(rows) > 1:
        sums = (together(each for (_, of), each in hours.items() if of == hour) for hour in columns)
        rows.insert(0, MapRow(texts.text("All lanes"), tuple(_cell(each, texts) for each in sums)))
    return HeatMap(tuple(f"{hour:02}" for hour in columns), tuple(rows))


def _cell(summary: FeedbackSummary | None, texts: Texts) -> MapCell:
    if summary is None or not summary.total:
        return MapCell("–")
    if not summary.is_enough:
        return MapCell(texts.text("few"))
    bad = share(summary.bad, summary.total).permille
    shade = sum(bad >= step for step in _STEPS_PERMILLE)
    return MapCell(percent_words(bad, texts), str(summary.total), shade)
