"""Owns the one inline message over the total: an amber strip, never a dialog.

It must not know what it is about, nor hold anything up.
"""

from __future__ import annotations

from kiosk.ui import theme
from kiosk.ui.area import Area
from kiosk.ui.look import Look
from kiosk.ui.screen_model import Strip
from kiosk.ui.theme import Face, Tone
from kiosk.ui.widgets.button import BigButton
from kiosk.ui.widgets.card import Card
from kiosk.ui.widgets.part import Part
from kiosk.ui.widgets.picture import Picture
from kiosk.ui.widgets.text import Text


class StripView(Part):
    """Icon, a bold lead, a sentence, and at most two things to tap."""

    def __init__(self, look: Look) -> None:
        super().__init__(look)
        self._card = Card(look, theme.AMBER_SOFT)
        self._icon = Picture(look, "icons", tint=theme.AMBER_INK)
        self._lead = Text(look, Face.BODY_STRONG, Tone.ON_AMBER)
        self._text = Text(look, Face.CAPTION, Tone.ON_AMBER)
        self._pool = (BigButton(look), BigButton(look))
        self._actions: list[BigButton] = []
        self.terse = False
        """The lead alone, where there is room for no more."""
        self.bare = False
        """Words alone: what they ask stands elsewhere, within reach."""

    def update(self, strip: Strip) -> None:
        self._icon.choose(strip.icon)
        self._lead.say(strip.lead)
        self._text.say("" if self.terse else strip.text)
        asked = () if self.bare else (strip.action, strip.second)
        models = [model for model in asked if model is not None]
        self._actions = [button.update(model) for button, model in zip(self._pool, models, strict=False)]

    def _text_width(self, width: float) -> float:
        gap = self.look.px(theme.GAP)
        taken = sum(self._action_width(button, width) + gap for button in self._actions)
        return self._room(width) - (0 if self._under(width) else taken)

    def _room(self, width: float) -> float:
        icon = self.look.px(theme.ICON) + self.look.px(theme.GAP) if self._icon.stem else 0
        return width - 2 * self.look.px(theme.GAP_LARGE) - icon

    def _under(self, width: float) -> bool:
        """Whether the only button stands under the words: beside them, one of the words were torn."""
        if len(self._actions) != 1:
            return False
        beside = self._room(width) - self._action_width(self._actions[0], width) - self.look.px(theme.GAP)
        return max(text.longest_word for text in (self._lead, self._text) if text.value) > beside

    def _action_width(self, button: BigButton, width: float) -> float:
        share = round(width * (0.4 if len(self._actions) == 1 else 0.24))
        return min(button.width_for(), max(share, round(button.least_width) + 1))

    def height_for(self, width: float) -> float:
        text = self._text_width(width)
        height = self._lead.height_for(text) + self._text.height_for(text)
        if self._under(width):
            height += self._actions[0].height_for(self._room(width)) + self.look.px(theme.GAP_SMALL)
            return round(height + 2 * self.look.px(theme.GAP_SMALL))
        for button in self._actions:
            height = max(height, button.height_for(self._action_width(button, width)))
        return round(max(height + 2 * self.look.px(theme.GAP_SMALL), self.look.px(theme.TARGET)))

    def place(self, area: Area) -> None:
        super().place(area)
        gap = self.look.px(theme.GAP)
        self._card.place(area)
        inner = area.inset(self.look.px(theme.GAP_LARGE), 0)
        parts: list[Part] = [self._card]
        if self._icon.stem:
            spot, inner = inner.from_start(self.look.px(theme.ICON), gap)
            self._icon.place(spot)
            parts.append(self._icon)
        if self._under(area.w):
            inner = inner.inset(0, self.look.px(theme.GAP_SMALL))
            high = self._actions[0].height_for(inner.w)
            spot, inner = inner.from_bottom(high, self.look.px(theme.GAP_SMALL))
            self._actions[0].place(spot)
            parts.append(self._actions[0])
        for button in [] if self._under(area.w) else reversed(self._actions):
            width = self._action_width(button, area.w)
            spot, inner = inner.from_end(width, gap)
            button.place(spot.middle(width, button.height_for(width)))
            parts.append(button)
        lead, text = self._lead.height_for(inner.w), self._text.height_for(inner.w)
        top, rest = inner.middle(inner.w, lead + text).from_top(lead)
        self._lead.place(top)
        self._text.place(rest)
        self.hold([*parts, self._lead, self._text])
