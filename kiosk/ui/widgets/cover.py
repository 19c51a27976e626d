"""Owns the dark cover over a hidden screen: a calm word, and after a touch the question whether to show it.

It must not know what is behind it: nothing of that is drawn at all.
"""

from __future__ import annotations

from typing import Any

from kiosk.ui import theme
from kiosk.ui.area import Area
from kiosk.ui.look import Look
from kiosk.ui.presenter.hidden import CoverModel
from kiosk.ui.theme import Face, Tone
from kiosk.ui.widgets.button import BigButton, Kind
from kiosk.ui.widgets.card import Ground
from kiosk.ui.widgets.part import Item, Part, column
from kiosk.ui.widgets.text import Align, Text

_LINE_MM = 130.0


class _Keep(BigButton):
    """Takes the question back; it stays inside the window."""

    def __init__(self, look: Look, owner: Cover) -> None:
        super().__init__(look, Kind.NIGHT)
        self._owner = owner

    def act(self) -> None:
        if self.look.counts(self.tap_id):
            self._owner.ask(asks=False)


class Cover(Part):
    """The whole window. It begins calm each time the screen is hidden."""

    tap_id = "window:cover"

    def __init__(self, look: Look) -> None:
        super().__init__(look)
        self._model: CoverModel | None = None
        self._asks = False
        self._ground = Ground(look, theme.NIGHT)
        self._title = Text(look, Face.HEADLINE, Tone.ON_NIGHT, align=Align.CENTRE)
        self._text = Text(look, Face.BODY, Tone.NIGHT_SOFT, align=Align.CENTRE)
        self._show = BigButton(look, Kind.NIGHT)
        self._keep = _Keep(look, self)

    def update(self, model: CoverModel) -> None:
        if self.parent is None:
            self._asks = False
        self._model = model
        self._show.update(model.show)
        self._keep.update(model.keep)

    def ask(self, *, asks: bool) -> None:
        self._asks = asks
        self.place(self.area)

    def place(self, area: Area) -> None:
        super().place(area)
        assert self._model is not None, "a cover has its words before its place"
        self._ground.place(area)
        self._title.say(self._model.question if self._asks else self._model.title)
        self._text.say(self._model.text)
        line, gap = min(self.look.px(_LINE_MM), area.w * 0.8), self.look.px(theme.MARGIN)
        below: list[Part] = [self._show, self._keep] if self._asks else [self._text]
        items = [Item(self._title, width=line), *(Item(part, gap=gap, width=line) for part in below)]
        self.hold([self._ground, *column(area, items)])

    def on_touch_down(self, touch: Any) -> bool:
        super().on_touch_down(touch)
        return True

    def on_touch_up(self, touch: Any) -> bool:
        if not self._asks:
            if self.look.counts(self.tap_id):
                self.ask(asks=True)
            return True
        return bool(super().on_touch_up(touch))
