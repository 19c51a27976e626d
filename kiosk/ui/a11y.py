"""Owns the ring that shows where the keys are, and how a node of the accessibility tree finds its rectangle.

It must not know what is said or which key was pressed. The tree itself is `kiosk.ui.presenter.nodes`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from kiosk.ui import theme
from kiosk.ui.area import Area
from kiosk.ui.look import Look
from kiosk.ui.widgets.part import Part
from kiosk.ui.widgets.row_list import RowList

from kivy.graphics import Color, SmoothLine  # isort: skip

RING_MM = 1.6
"""Each of the two lines: one of them stands out against whatever lies behind (UX R1, WCAG 2.4.13)."""


class FocusRing(Part):
    """Two lines, one in the other: amber inside, dark outside. It takes no touch."""

    def __init__(self, look: Look) -> None:
        super().__init__(look)
        with self.canvas:
            Color(*look.rgb(theme.AMBER_INK))
            self._outer = SmoothLine(width=1)
            Color(*look.rgb(theme.AMBER))
            self._inner = SmoothLine(width=1)

    def touchable(self) -> bool:
        return False

    def surround(self, target: Area, within: Area) -> None:
        """Lie around `target`, drawn inwards where the window ends."""
        thick = self.look.px(RING_MM)
        outer = Area(target.x - thick * 2, target.y - thick * 2, target.w + thick * 4, target.h + thick * 4)
        seen = outer.overlap(within) or within
        self.place(seen)
        for line, inset in ((self._outer, thick / 2), (self._inner, thick * 1.5)):
            box = seen.inset(inset)
            radius = max(min(self.look.px(theme.RADIUS), box.w / 2, box.h / 2), 1)
            line.width = thick / 2
            line.rounded_rectangle = (box.x, box.y, box.w, box.h, radius)


def rectangle_of(stage: Part, tap_id: str) -> Area | None:
    """The part of the window a node stands in; rows of a basket are brought into sight first."""
    for part in _parts(stage):
        if isinstance(part, RowList) and part.reveal(tap_id):
            break
    found: Area | None = None
    for part in _parts(stage):
        if tap_id in (part.tap_id, part.opens) and part.area.w:
            found = part.area  # the last one drawn lies on top
    return found


def _parts(part: Any) -> Iterator[Part]:
    if isinstance(part, Part):
        yield part
    for child in reversed(part.children):
        yield from _parts(child)
