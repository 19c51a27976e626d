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
    """Icon, a bold lead, a sentence, and at most one thing to tap."""

    def __init__(self, look: Look) -> None:
        super().__init__(look)
        self._card = Card(look, theme.AMBER_SOFT)
        self._icon = Picture(look, "icons", tint=theme.INK)
        self._lead = Text(look, Face.BODY_STRONG, Tone.ON_AMBER)
        self._text = Text(look, Face.CAPTION, Tone.ON_AMBER)
        self._action = BigButton(look)
        self._has_action = False

    def update(self, strip: Strip) -> None:
        self._icon.choose(strip.icon)
        self._lead.say(strip.lead)
        self._text.say(strip.text)
        self._has_action = strip.action is not None
        if strip.action is not None:
            self._action.update(strip.action)

    def _text_width(self, width: float) -> float:
        gap = self.look.px(theme.GAP)
        icon = self.look.px(theme.ICON) + gap if self._icon.stem else 0
        return width - 2 * self.look.px(theme.GAP_LARGE) - icon - self._action_width(width, gap)

    def _action_width(self, width: float, gap: float) -> float:
        return min(self._action.width_for(), round(width * 0.4)) + gap if self._has_action else 0

    def height_for(self, width: float) -> float:
        text = self._text_width(width)
        height = self._lead.height_for(text) + self._text.height_for(text)
        if self._has_action:
            height = max(height, self._action.height_for(self._action_width(width, 0)))
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
        if self._has_action:
            width = self._action_width(area.w, 0)
            spot, inner = inner.from_end(width, gap)
            self._action.place(spot.middle(width, self._action.height_for(width)))
            parts.append(self._action)
        lead, text = self._lead.height_for(inner.w), self._text.height_for(inner.w)
        top, rest = inner.middle(inner.w, lead + text).from_top(lead)
        self._lead.place(top)
        self._text.place(rest)
        self.hold([*parts, self._lead, self._text])
