"""Owns the drawn map of the shop: floors between shelves, signs, where the shopper stands and the way to go.

It must not know the store or a direction: what is up on the map is ahead of the shopper already.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise
from math import hypot

from inventory.domain.store_map import MapAisle, StoreMap
from kiosk.ui import theme
from kiosk.ui.area import Area
from kiosk.ui.look import Look
from kiosk.ui.theme import Colour, Face, Tone
from kiosk.ui.widgets.card import Card
from kiosk.ui.widgets.part import Part
from kiosk.ui.widgets.text import Align, Text

from kivy.graphics import Color, InstructionGroup, Line, SmoothEllipse  # isort: skip

STRETCH = 1.6
"""A map that is short of height is drawn wider than it is, never more than this: a turn stays a turn."""

Spot = tuple[float, float]
Ends = tuple[tuple[int, int], tuple[int, int]]


class AisleMap(Part):
    """Floors are white, shelves are what lies between them; a dotted way leads to a ringed spot."""

    def __init__(self, look: Look) -> None:
        super().__init__(look)
        self._card = Card(look, theme.SURFACE, theme.RIM, radius_mm=theme.RADIUS_LARGE)
        self._map: StoreMap | None = None
        self._signs: list[Text] = []
        self._you = Text(look, Face.BODY_STRONG, Tone.INK_SURFACE, align=Align.CENTRE, most=1)
        self._floor, self._way = Part(look), Part(look)
        self._floors, self._dots = InstructionGroup(), InstructionGroup()
        self._floor.canvas.add(self._floors)
        self._way.canvas.add(self._dots)
        self._scale, self._origin = (0.0, 0.0), (0.0, 0.0)

    def update(self, store_map: StoreMap) -> None:
        self._map = store_map
        while len(self._signs) < len(store_map.aisles):
            self._signs.append(
                Text(self.look, Face.BODY_STRONG, Tone.SOFT_SURFACE, align=Align.CENTRE, most=1)
            )
        self._you.say(store_map.you)

    def height_for(self, width: float) -> float:  # noqa: ARG002
        return self.look.px(62)

    def place(self, area: Area) -> None:
        super().place(area)
        if self._map is None:
            return
        self._card.place(area)
        area = self.seen  # a map lies as the store lies, whichever way one reads
        self._fit(area, self._map)
        self._draw_floors(self._map)
        self._draw_way(self._map)
        self.hold([self._card, self._floor, self._way, *self._place_words(area, self._map)])

    def _fit(self, area: Area, store_map: StoreMap) -> None:
        """The largest map that leaves room for signs above it and for the shopper's word beside it."""
        inner = area.inset(self.look.px(14), self.look.px(6)).from_top(self.look.px(8))[1]
        width, height = (max(side, 1) for side in store_map.size)
        across, along = inner.w / width, inner.h / height
        self._scale = min(across, along * STRETCH), min(along, across * STRETCH)
        left = inner.x + (inner.w - width * self._scale[0]) / 2
        low = inner.y + (inner.h - height * self._scale[1]) / 2
        self._origin = (left, low)

    def _at(self, point: tuple[int, int]) -> Spot:
        return self._origin[0] + point[0] * self._scale[0], self._origin[1] + point[1] * self._scale[1]

    # -- floors ----------------------------------------------------------------------------------

    def _draw_floors(self, store_map: StoreMap) -> None:
        self._floors.clear()
        width = self._floor_width(store_map)
        plain = [(aisle.start, aisle.end) for aisle in store_map.aisles if not aisle.chosen]
        chosen = [(aisle.start, aisle.end) for aisle in store_map.aisles if aisle.chosen]
        every = (*store_map.walkways, *plain)
        edge = 2 * self.look.px(theme.EDGE_WIDTH)
        self._lines((*every, *chosen), theme.EDGE, width + edge)
        self._lines(every, theme.PAPER, width)
        self._lines(chosen, theme.PRIMARY, width + edge, cap="none")
        self._lines(chosen, theme.PRIMARY_SOFT, width - edge / 2, cap="none")

    def _floor_width(self, store_map: StoreMap) -> float:
        """As wide as half the nearest two aisles are apart, between a line and a lane."""
        middles = [self._middle(aisle) for aisle in store_map.aisles]
        gaps = [
            hypot(one[0] - other[0], one[1] - other[1])
            for number, one in enumerate(middles)
            for other in middles[number + 1 :]
        ]
        return min(max(min(gaps, default=0) * 0.5, self.look.px(2.4)), self.look.px(8))

    def _middle(self, aisle: MapAisle) -> Spot:
        (x, y), (end_x, end_y) = self._at(aisle.start), self._at(aisle.end)
        return (x + end_x) / 2, (y + end_y) / 2

    def _lines(self, ways: Iterable[Ends], colour: Colour, width: float, *, cap: str = "square") -> None:
        self._floors.add(Color(*self.look.rgb(colour)))
        for start, end in ways:
            self._floors.add(
                Line(points=[*self._at(start), *self._at(end)], width=width / 2, cap=cap, joint="miter")
            )

    # -- the way ---------------------------------------------------------------------------------

    def _draw_way(self, store_map: StoreMap) -> None:
        self._dots.clear()
        corners = [self._at(corner) for corner in store_map.way]
        self._dots.add(Color(*self.look.rgb(theme.PRIMARY)))
        step, side = self.look.px(3), self.look.px(1.3)
        for (x, y), (end_x, end_y) in pairwise(corners):
            length = hypot(end_x - x, end_y - y)
            for number in range(int(length / step) + 1):
                part = number * step / max(length, 1)
                self._dot(x + (end_x - x) * part, y + (end_y - y) * part, side)
        self._mark(*corners[-1], theme.PRIMARY, theme.PAPER)
        self._mark(*corners[0], theme.AMBER, theme.INK)

    def _mark(self, x: float, y: float, fill: Colour, edge: Colour) -> None:
        self._dots.add(Color(*self.look.rgb(edge)))
        self._dot(x, y, self.look.px(7))
        self._dots.add(Color(*self.look.rgb(fill)))
        self._dot(x, y, self.look.px(5.4))

    def _dot(self, x: float, y: float, side: float) -> None:
        self._dots.add(SmoothEllipse(pos=(x - side / 2, y - side / 2), size=(side, side)))

    # -- words -----------------------------------------------------------------------------------

    def _place_words(self, area: Area, store_map: StoreMap) -> list[Text]:
        """The sign of the chosen aisle and the shopper's word always; others where there is room."""
        spot = self._you_area(area, store_map)
        self._you.place(self.look.seen(spot))
        shown, taken = [self._you], [spot]
        order = sorted(zip(store_map.aisles, self._signs, strict=False), key=lambda pair: not pair[0].chosen)
        for aisle, text in order:
            text.say(aisle.sign)
            text.recolour(Tone.PRIMARY_SURFACE if aisle.chosen else Tone.SOFT_SURFACE)
            spot = self._sign_area(aisle, text)
            is_free = all(spot.overlap(other) is None for other in taken)
            if is_free and area.holds(spot.x, spot.y) and area.holds(spot.right, spot.top):
                text.place(self.look.seen(spot))
                taken.append(spot)
                shown.append(text)
        return shown

    def _you_area(self, area: Area, store_map: StoreMap) -> Area:
        """Before the mark, or after it where the glass of the map ends."""
        x, y = self._at(store_map.way[0])
        width, height = round(self._you.natural_width + 2), self._you.leading
        reach = self.look.px(5)
        left = x - reach - width
        if left < area.x + self.look.px(1):
            left = x + reach
        low = min(max(y - height / 2, area.y), area.top - height)
        return Area(round(left), round(low), width, height)

    def _sign_area(self, aisle: MapAisle, text: Text) -> Area:
        """Past the end that lies further ahead of the shopper."""
        start, end = self._at(aisle.start), self._at(aisle.end)
        near, far = sorted((start, end), key=lambda spot: (spot[1], spot[0]))
        length = max(hypot(far[0] - near[0], far[1] - near[1]), 1)
        away = self.look.px(8.6)
        x = far[0] + (far[0] - near[0]) / length * away
        y = far[1] + (far[1] - near[1]) / length * away
        width, height = round(text.natural_width + 2), text.leading
        return Area(round(x - width / 2), round(y - height / 2), width, height)
