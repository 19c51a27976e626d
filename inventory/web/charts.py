"""Owns charts of upright bars as numbers a template draws: axis, bars, and which way they run.

It must not know what is counted. Where people read from right to left, time runs so too.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from inventory.domain.money import round_half_up

WIDTH: Final = 480
HEIGHT: Final = 240
_LEFT, _RIGHT, _TOP, _BOTTOM = 52, 4, 26, 200
_LINES_AT_MOST: Final = 4
_LABELS_AT_MOST: Final = 16
"""With more bars than this only some have their name below, and none its value above."""


@dataclass(frozen=True, slots=True)
class Point:
    """One bar to be. `words` say its value, `is_now` that it still grows."""

    label: str
    value: int
    words: str
    is_now: bool = False


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar in the drawing's units. `label` and `value` are "" where there is no room for them."""

    x: int
    y: int
    width: int
    height: int
    label: str
    value: str
    is_now: bool

    @property
    def middle(self) -> int:
        return self.x + self.width // 2


@dataclass(frozen=True, slots=True)
class AxisLine:
    """One line across the chart and its words."""

    y: int
    words: str


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart and the same as a table: `points` under the heads `what` and `how_much`."""

    name: str
    title: str
    what: str
    how_much: str
    bars: tuple[Bar, ...]
    lines: tuple[AxisLine, ...]
    axis_x: int
    points: tuple[Point, ...]


def chart(
    name: str,
    points: Sequence[Point],
    *,
    title: str,
    what: str,
    how_much: str,
    is_rtl: bool,
    axis: Callable[[int], str] = str,
    with_values: bool = True,
) -> Chart | None:
    """The chart of some points, the highest bar just below the top; None of no points or of nothing at all.

    `axis` writes a value beside its line. Values are not negative.
    """
    highest = max((point.value for point in points), default=0)
    if highest <= 0:
        return None
    step = nice_step(highest)
    top = -(-highest // step) * step
    room = WIDTH - _LEFT - _RIGHT
    every = -(-len(points) // _LABELS_AT_MOST)
    bars = []
    for place, point in enumerate(points):
        begin, end = (room * edge // len(points) for edge in (place, place + 1))
        width = max(1, (end - begin) * 2 // 3)
        x = _LEFT + begin + (end - begin - width) // 2
        height = round_half_up(point.value * (_BOTTOM - _TOP), top)
        bars.append(
            Bar(
                WIDTH - x - width if is_rtl else x,
                _BOTTOM - height,
                width,
                height,
                point.label if place % every == 0 else "",
                point.words if with_values and every == 1 and point.value else "",
                point.is_now,
            )
        )
    lines = tuple(
        AxisLine(_BOTTOM - round_half_up(value * (_BOTTOM - _TOP), top), axis(value))
        for value in range(0, top + 1, step)
    )
    axis_x = WIDTH - _LEFT + 8 if is_rtl else _LEFT - 8
    return Chart(name, title, what, how_much, tuple(bars), lines, axis_x, tuple(points))


def nice_step(highest: int) -> int:
    """The distance of the lines: 1, 2 or 5 with noughts, so that at most four lie above the first."""
    step = 1
    while True:
        for factor in (1, 2, 5):
            if highest <= step * factor * _LINES_AT_MOST:
                return step * factor
        step *= 10
