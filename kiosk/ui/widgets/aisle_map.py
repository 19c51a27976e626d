"""Owns the drawn map of the aisles: the chosen one, where the lane stands and the way between them.

It must not know the store: aisles come as labels in walking order.
"""

from __future__ import annotations

from kiosk.ui import theme
from kiosk.ui.area import Area
from kiosk.ui.look import Look
from kiosk.ui.theme import Colour, Face, Tone
from kiosk.ui.widgets.card import Card
from kiosk.ui.widgets.part import Part
from kiosk.ui.widgets.text import Align, Text

from kivy.graphics import Color, InstructionGroup, SmoothEllipse  # isort: skip


class AisleMap(Part):
    """Shelves as tall boxes with their number under them; a dotted way leads to the chosen one."""

    def __init__(self, look: Look) -> None:
        super().__init__(look)
        self._card = Card(look, theme.SURFACE, radius_mm=theme.RADIUS_LARGE)
        self._aisles: tuple[str, ...] = ()
        self._chosen = ""
        self._shelves: list[tuple[Card, Text]] = []
        self._you = Text(look, Face.BODY_STRONG, Tone.INK_SURFACE, align=Align.END, most=1)
        self._way = Part(look)
        self._dots = InstructionGroup()
        self._way.canvas.add(self._dots)

    def update(self, aisles: tuple[str, ...], chosen: str, you: str) -> None:
        self._aisles, self._chosen = aisles, chosen
        while len(self._shelves) < len(aisles):
            shelf = Card(self.look, theme.WHITE, theme.EDGE, radius_mm=1.6)
            self._shelves.append(
                (shelf, Text(self.look, Face.BODY_STRONG, Tone.SOFT_SURFACE, align=Align.CENTRE))
            )
        for (shelf, label), aisle in zip(self._shelves, aisles, strict=False):
            here = aisle == chosen
            shelf.thicken(1.0 if here else theme.EDGE_WIDTH)
            shelf.paint(theme.PRIMARY_SOFT if here else theme.WHITE, theme.PRIMARY if here else theme.EDGE)
            label.say(aisle)
            label.recolour(Tone.PRIMARY_SURFACE if here else Tone.SOFT_SURFACE)
        self._you.say(you)
        shown = [part for pair in self._shelves[: len(aisles)] for part in pair]
        self.hold((self._card, *shown, self._you, self._way))

    def height_for(self, width: float) -> float:  # noqa: ARG002
        return self.look.px(62)

    def place(self, area: Area) -> None:
        super().place(area)
        self._card.place(area)
        inner = area.inset(self.look.px(theme.GAP_LARGE), self.look.px(theme.GAP))
        walk, rest = inner.from_bottom(self.look.px(10), self.look.px(1))
        labels, shelves = rest.from_bottom(self.look.px(9.4), self.look.px(1))
        columns = shelves.columns(len(self._aisles), 0)
        width = self.look.px(9)
        target = columns[0]
        for (shelf, label), aisle, column in zip(self._shelves, self._aisles, columns, strict=False):
            shelf.place(Area(round(column.x + (column.w - width) / 2), column.y, width, column.h))
            label.place(Area(column.x, labels.y, column.w, labels.h))
            if aisle == self._chosen:
                target = shelf.area
        you = round(min(self._you.natural_width + 1, walk.w * 0.5))
        self._you.place(Area(walk.x, walk.y, you, walk.h))
        start = walk.x + you + self.look.px(5)
        self._draw_way(start, walk.centre[1], target)

    def _draw_way(self, x: float, y: float, target: Area) -> None:
        self._dots.clear()
        gap = self.look.px(3.4)
        beside = target.x - self.look.px(3)
        beside = beside if beside > x else target.right + self.look.px(3)
        end = target.y + target.h * 0.6
        self._dots.add(Color(*theme.PRIMARY.rgb))
        for step in range(1, int((beside - x) / gap) + 1):
            self._dot(x + step * gap, y, self.look.px(1.1))
        for step in range(int((end - y) / gap) + 1):
            self._dot(beside, y + step * gap, self.look.px(1.1))
        self._mark(target.centre[0], end, theme.PRIMARY, theme.WHITE)
        self._mark(x, y, theme.AMBER, theme.INK)

    def _mark(self, x: float, y: float, fill: Colour, edge: Colour) -> None:
        self._dots.add(Color(*edge.rgb))
        self._dot(x, y, self.look.px(7))
        self._dots.add(Color(*fill.rgb))
        self._dot(x, y, self.look.px(5.4))

    def _dot(self, x: float, y: float, side: float) -> None:
        self._dots.add(SmoothEllipse(pos=(x - side / 2, y - side / 2), size=(side, side)))
