"""Owns the upper edge of every screen: the lamp and the lane's name or the way back, and the language button.

It must not know which screen is under it.
"""

from __future__ import annotations

from kiosk.ui import theme
from kiosk.ui.area import Area
from kiosk.ui.look import Look
from kiosk.ui.screen_model import ButtonModel, TopBar
from kiosk.ui.theme import Face, Tone
from kiosk.ui.widgets.button import BigButton, Form, Kind
from kiosk.ui.widgets.card import Ground
from kiosk.ui.widgets.lamp import LampView
from kiosk.ui.widgets.part import Part
from kiosk.ui.widgets.text import Align, Text

_PADDING = theme.GAP_SMALL  # mm beside the words of a quiet button
_MOST_ASKED = 3
"""What a banner and a strip ask together."""


class TopBarView(Part):
    """Back or lamp and lane at the start, aside and language at the end; the language keeps its corner."""

    def __init__(self, look: Look, *, night: bool = False) -> None:
        super().__init__(look)
        branded = look.brand is not theme.NIGHT
        night_soft = (
            Tone.ON_NIGHT if branded else Tone.NIGHT_SOFT
        )  # one check covers all that is written there
        ink, soft = (Tone.ON_NIGHT, night_soft) if night else (Tone.PLAIN, Tone.SOFT)
        kind = Kind.NIGHT_QUIET if night else Kind.QUIET
        self._line = Ground(look, ink.back if night else theme.HAIRLINE)
        self._ground = Ground(look, look.brand) if night and look.brand is not theme.NIGHT else None
        self._lamp = LampView(look)
        self._lane = Text(look, Face.BODY_STRONG, ink, most=1)
        self._note = Text(look, Face.CAPTION, soft, most=2)
        self._aside = Text(look, Face.CAPTION, soft, align=Align.END, most=2)
        self._back = BigButton(look, kind, form=Form.LEADING)
        self._language = BigButton(look, kind)
        self._pool = [BigButton(look) for _ in range(_MOST_ASKED)]
        self._asked: list[BigButton] = []
        self._bar: TopBar | None = None

    def update(self, bar: TopBar, aside: str) -> None:
        self._bar = bar
        self._lamp.update(bar.lamp)
        self._lane.say(bar.lane)
        self._note.say(bar.note)
        self._aside.say(bar.aside or aside)
        if bar.back is not None:
            self._back.update(bar.back)
        if bar.language is not None:
            self._language.update(bar.language)

    def ask(self, asked: tuple[tuple[ButtonModel, Kind], ...]) -> None:
        """What the message over the bar asks, where the bar is the only low place left for it."""
        self._asked = []
        for button, (model, kind) in zip(self._pool, asked, strict=False):
            button.kind = kind
            self._asked.append(button.update(model))

    def place(self, area: Area) -> None:
        super().place(area)
        bar = self._bar
        assert bar is not None, "update comes before place"
        parts: list[Part] = [self._line] if self._ground is None else [self._ground, self._line]
        if self._ground is not None:
            self._ground.place(area)
        self._line.place(area.from_bottom(self.look.px(0.36))[0])
        gap = self.look.px(theme.GAP)
        target = self.look.px(theme.TARGET)
        # quiet buttons have no edge: their words, not their rectangles, stand on the margin
        outer = self.look.px(theme.MARGIN) - self.look.px(_PADDING)
        line = area.middle(area.w - 2 * outer, target)
        if bar.language is None:
            line = line.from_end(self.look.px(_PADDING))[1]
        else:
            spot, line = line.from_end(self._language.width_for(_PADDING), gap)
            self._language.place(spot)
            parts.append(self._language)
        first = (self.look.px(8) if bar.back is None else target) + gap
        share = (line.w - first) / max(len(self._asked), 1) - gap
        for button in reversed(self._asked):
            width = min(button.width_for(theme.GAP), max(share, button.least_width + 1), line.w)
            spot, line = line.from_end(round(width), gap)
            button.place(spot)
            parts.append(button)
        if bar.back is not None:
            if self._asked and self._back.width_for(_PADDING) > line.w:
                self._back.label.say("")  # the sign alone, sooner than a word torn in two
            spot, line = line.from_start(min(self._back.width_for(_PADDING), line.w), gap)
            self._back.place(spot)
            parts.append(self._back)
        else:
            parts += self._place_lane(line)
            used = max(
                (part.area.right for part in parts if part in (self._note, self._lane)), default=line.x
            )
            line = line.from_start(used - line.x, gap)[1]
        if self._aside.value and self._aside.height_for(line.w) <= area.h and not self._aside.cut_at(line.w):
            self._aside.place(line)
            parts.append(self._aside)
        self.hold(parts)

    def _place_lane(self, line: Area) -> list[Part]:
        gap = self.look.px(theme.GAP)
        side = self.look.px(8)
        spot, rest = line.from_start(self.look.px(_PADDING), 0)[1].from_start(side, gap)
        self._lamp.place(spot)
        if self._asked and self._lane.natural_width > rest.w:
            return [self._lamp]
        lane, rest = rest.from_start(round(min(self._lane.natural_width + 1, rest.w)), gap)
        self._lane.place(lane)
        parts: list[Part] = [self._lamp, self._lane]
        too_high = self._note.height_for(rest.w) > line.h
        if self._note.value and not (self._asked and (self._note.cut_at(rest.w) or too_high)):
            self._note.place(rest.from_start(round(min(self._note.natural_width + 1, rest.w)))[0])
            parts.append(self._note)
        return parts
