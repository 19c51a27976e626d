"""Owns the card of one good in the search: what it is, the way in words and on a map, what else there is.

It must not know the catalogue, the stock or the plan.
"""

from __future__ import annotations

from kiosk.ui import theme
from kiosk.ui.area import Area
from kiosk.ui.item_card_model import ItemCardModel, PhoneModel
from kiosk.ui.look import Look
from kiosk.ui.screen_model import FoundItem, ScreenModel
from kiosk.ui.screens.screen import Frame, Screen
from kiosk.ui.theme import Face, Tone
from kiosk.ui.widgets.aisle_map import AisleMap
from kiosk.ui.widgets.button import BigButton
from kiosk.ui.widgets.button_set import ButtonSet
from kiosk.ui.widgets.card import Card
from kiosk.ui.widgets.found import FoundCard
from kiosk.ui.widgets.part import Part
from kiosk.ui.widgets.qr import Qr
from kiosk.ui.widgets.steps import Steps
from kiosk.ui.widgets.text import Align, Text

MAP_LEAST = 46.0
MAP_MOST = 84.0


class WayView(Part):
    """The way: a title, a line for each thing to do."""

    def __init__(self, look: Look) -> None:
        super().__init__(look)
        self._title = Text(look, Face.BODY_STRONG, Tone.PLAIN)
        self._pool: list[Text] = []
        self.lines: list[Text] = []

    def update(self, title: str, sentences: tuple[str, ...]) -> None:
        self._title.say(title)
        while len(self._pool) < len(sentences):
            self._pool.append(Text(self.look, Face.BODY, Tone.PLAIN))
        self.lines = [text.say(sentence) for text, sentence in zip(self._pool, sentences, strict=False)]

    def height_for(self, width: float) -> float:
        return self._title.height_for(width) + sum(line.height_for(width) for line in self.lines)

    def place(self, area: Area) -> None:
        super().place(area)
        rest = area
        for text in (self._title, *self.lines):
            line, rest = rest.from_top(text.height_for(area.w))
            text.place(line)
        self.hold((self._title, *self.lines))


class Shelfmates(Part):
    """A title over closed cards of other goods; as many as the height holds."""

    def __init__(self, look: Look) -> None:
        super().__init__(look)
        self._title = Text(look, Face.BODY_STRONG, Tone.PLAIN)
        self._pool: list[FoundCard] = []
        self.cards: list[FoundCard] = []
        self.shown: list[FoundCard] = []

    def update(self, title: str, items: tuple[FoundItem, ...]) -> None:
        self._title.say(title)
        while len(self._pool) < len(items):
            self._pool.append(FoundCard(self.look))
        self.cards = self._pool[: len(items)]
        for card, item in zip(self.cards, items, strict=True):
            card.show(item)

    def height_of(self, count: int, width: float) -> float:
        """With its first `count` cards."""
        if not count:
            return 0
        cards = sum(card.height_for(width) + self.look.px(theme.GAP_SMALL) for card in self.cards[:count])
        return self._title.height_for(width) + cards

    def fitting(self, width: float, height: float) -> int:
        """How many cards fit."""
        return max((n for n in range(len(self.cards) + 1) if self.height_of(n, width) <= height), default=0)

    def put(self, area: Area, count: int) -> Part:
        self.place(area)
        line, rest = area.from_top(self._title.height_for(area.w))
        self._title.place(line)
        for card in self.cards[:count]:
            rest = rest.from_top(self.look.px(theme.GAP_SMALL))[1]
            spot, rest = rest.from_top(card.height_for(area.w))
            card.place(spot)
        self.shown = self.cards[:count]
        self.hold((self._title, *self.shown))
        return self


class PhoneView(Part):
    """What a phone reads, and a way back."""

    def __init__(self, look: Look) -> None:
        super().__init__(look)
        self._card = Card(look, theme.SURFACE, radius_mm=theme.RADIUS_LARGE)
        self._title = Text(look, Face.SUBTITLE, Tone.INK_SURFACE, align=Align.CENTRE)
        self._text = Text(look, Face.BODY, Tone.SOFT_SURFACE, align=Align.CENTRE)
        self._qr = Qr(look)
        self._close = BigButton(look)

    def update(self, phone: PhoneModel) -> None:
        self._title.say(phone.title)
        self._text.say(phone.text)
        self._qr.update(phone.qr)
        self._close.update(phone.close)

    def place(self, area: Area) -> None:
        super().place(area)
        self._card.place(area)
        gap = self.look.px(theme.GAP)
        inner = area.inset(self.look.px(theme.GAP_LARGE), gap)
        title, rest = inner.from_top(self._title.height_for(inner.w), gap)
        text, rest = rest.from_top(self._text.height_for(inner.w), gap)
        parts: list[Part] = [self._card, self._title, self._text, self._qr]
        if not self.look.manner.reach:  # there it stands low, apart from this card
            close, rest = rest.from_bottom(self._close.height_for(inner.w), gap)
            self._close.place(close)
            parts.append(self._close)
        side = min(rest.w, rest.h, self.look.px(100))
        self._title.place(title)
        self._text.place(text)
        self._qr.place(rest.middle(side, side))
        self.hold(parts)


class ItemCardScreen(Screen[ItemCardModel]):
    """Portrait: one column. Landscape: the good and its like at the start, the way to it at the end."""

    uses_foot = True

    def __init__(self, look: Look) -> None:
        super().__init__(look)
        self._card = FoundCard(look)
        self._way = WayView(look)
        self._map = AisleMap(look)
        self._sizes = Shelfmates(look)
        self._instead = Shelfmates(look)
        self._phone = PhoneView(look)
        self._search = BigButton(look)
        self._actions = ButtonSet(look)
        self._actions.gap_mm = theme.GAP_SMALL
        self._steps = Steps(look, self)
        self._choices: list[FoundCard] = []
        self._marked = 0
        self._body: ItemCardModel | None = None

    def step(self, by: int) -> None:
        """Mark another good, where other goods are out of reach and only read."""
        self._marked = self._steps.after(self._marked, by, len(self._choices))
        self._mark()

    def open_marked(self) -> None:
        self.look.tapped(self._choices[self._marked].opens, repeats=False)

    def _mark(self) -> None:
        self._steps.allow(place=self._marked, count=len(self._choices))
        for card in self._choices:
            card.mark(marked=card is self._choices[self._marked])

    def update(self, body: ItemCardModel, model: ScreenModel) -> None:  # noqa: ARG002
        if self._body is None or self._body.item.tap_id != body.item.tap_id:
            self._marked = 0
        self._body = body
        self._card.show(body.item)
        self._way.update(body.way_title, body.way)
        if body.map is not None:
            self._map.update(body.map)
        self._sizes.update(body.sizes_title, body.sizes)
        self._instead.update(body.instead_title, body.instead)
        if body.phone is not None:
            self._phone.update(body.phone)
        self._search.update(body.search)
        # low down the way back from the phone's code stands where the deeds stood
        deeds = (body.phone.close,) if body.phone is not None else body.item.actions
        self._actions.columns = min(len(deeds), 4 if self.look.panel.landscape else 2) or 1
        self._actions.update(deeds)

    def base_height(self, width: float) -> float:
        return self._actions.height_for(width) if self.look.manner.reach else 0

    def end_width(self, width: float) -> float:
        return round(width * 0.48) if self.look.panel.landscape else 0

    def least_height(self, width: float) -> float:
        """The good as brief as it gets, so that a call above says less before the good is cut."""
        assert self._body is not None, "a screen is measured after its update"
        gap = self.look.px(theme.GAP_LARGE) if self.end_width(width) else 0
        column = width - self.end_width(width) - gap
        self._card.fit(column, 0)
        least = self._card.height_for(column)
        self._card.show(self._body.item)
        return least

    def _arrange_low(self, frame: Frame) -> list[Part]:
        """Deeds in the base; in the foot the way to other goods, if any are in sight, and to the search."""
        seen = [card for group in (self._sizes, self._instead) if group.parent for card in group.shown]
        self._choices = sorted(seen, key=lambda card: -card.area.y)
        self._actions.place(frame.base)
        parts: list[Part] = [self._actions] if self._actions.buttons else []
        search = frame.foot
        if self._choices:
            steps, search = search.from_start(self._steps.width_px, self.look.px(theme.GAP))
            self._steps.place(steps.middle(steps.w, self.look.px(theme.TARGET)))
            self._marked = min(self._marked, len(self._choices) - 1)
            self._mark()
            parts.append(self._steps)
        self._search.place(search)
        return parts

    def arrange(self, frame: Frame) -> None:
        assert self._body is not None, "a screen is arranged after its update"
        gap = self.look.px(theme.GAP)
        self._search.place(frame.foot)
        main, way = frame.main, frame.main
        if self.look.panel.landscape:
            way, main = frame.main.from_end(self.end_width(frame.main.w), self.look.px(theme.GAP_LARGE))
            way = way.from_bottom(frame.banner_height)[1]
        self._card.fit(main.w, main.h)
        card, rest = main.from_top(self._card.height_for(main.w), gap)
        self._card.place(card)
        parts: list[Part] = [self._search, self._card]
        way = way if self.look.panel.landscape else rest
        if self._body.phone is not None:
            self._phone.place(way)
            parts.append(self._phone)
            if self.look.panel.landscape:
                parts += self._arrange_others(rest)[0]
        elif self.look.panel.landscape:
            others = rest
            if self.look.manner.reach and not self._body.item.bars:
                others, way = way, rest  # a low screen has little height: first what there is instead
            parts += self._arrange_way(way)[0]
            parts += self._arrange_others(others)[0]
        else:
            parts += self._arrange_column(rest)
        self.hold(parts)
        if self.look.manner.reach:
            self.hold([*parts, *self._arrange_low(frame)])

    def _arrange_column(self, rest: Area) -> list[Part]:
        """What is not here is led by what is; else the way goes first, and one line of others is kept."""
        assert self._body is not None
        if not self._body.item.bars and self._body.instead:
            others, rest = self._arrange_others(rest)
            return [*others, *self._arrange_way(rest)[0]]
        first = self._sizes if self._body.sizes else self._instead
        kept = first.height_of(1, rest.w) + self.look.px(theme.GAP) if first.cards else 0
        upper, _ = rest.from_top(max(rest.h - kept, 0))
        way, _ = self._arrange_way(upper)
        used = rest.top - min((part.area.y for part in way), default=rest.top)
        below = rest.from_top(used, self.look.px(theme.GAP))[1] if used else rest
        return [*way, *self._arrange_others(below)[0]]

    def _arrange_way(self, rest: Area) -> tuple[list[Part], Area]:
        gap = self.look.px(theme.GAP)
        parts: list[Part] = []
        if self._way.lines:
            height = self._way.height_for(rest.w)
            if height <= rest.h:
                spot, rest = rest.from_top(height, gap)
                self._way.place(spot)
                parts.append(self._way)
        if self._body is not None and self._body.map is not None and rest.h >= self.look.px(MAP_LEAST):
            spot, rest = rest.from_top(min(rest.h, self.look.px(MAP_MOST)), gap)
            self._map.place(spot)
            parts.append(self._map)
        return parts, rest

    def _arrange_others(self, rest: Area) -> tuple[list[Part], Area]:
        gap = self.look.px(theme.GAP)
        groups = [self._sizes, self._instead]
        if self._body is not None and not self._body.item.bars:
            groups.reverse()
        parts: list[Part] = []
        for group in groups:
            count = group.fitting(rest.w, rest.h)
            if count:
                spot, rest = rest.from_top(group.height_of(count, rest.w), gap)
                parts.append(group.put(spot, count))
        return parts, rest
