"""Owns the installer's screen: a box in whole pixels that a bank card is held to, and the steps that fit it.

It must not know millimetres of the glass, which is what is being measured: the box comes in pixels.
"""

from __future__ import annotations

from kiosk.ui import theme
from kiosk.ui.area import Area
from kiosk.ui.calibration import room_px
from kiosk.ui.look import Look
from kiosk.ui.panel_model import BoxSide
from kiosk.ui.screen_model import PanelModel, ScreenModel
from kiosk.ui.screens.notice import Marked
from kiosk.ui.screens.screen import Frame, Screen
from kiosk.ui.theme import Face, Tone
from kiosk.ui.widgets.button import BigButton, Kind
from kiosk.ui.widgets.card import Card, Ground
from kiosk.ui.widgets.part import Part
from kiosk.ui.widgets.text import Align, Text

_RADIUS_SHARE = 3.18 / 85.60
"""A card's corners (ISO/IEC 7810, ID-1), as a share of its long side."""


class _Steps(Part):
    """One side of the box: its name and length over four steps, which are struck fast."""

    def __init__(self, look: Look) -> None:
        super().__init__(look)
        self._label = Text(look, Face.BODY_STRONG, Tone.PLAIN)
        self._shown = Text(look, Face.BODY, Tone.SOFT, align=Align.END)
        self._buttons = [BigButton(look, face=Face.ROW, repeats=True) for _ in range(4)]
        self.hold([self._label, self._shown, *self._buttons])

    def show(self, side: BoxSide, ink: Tone, soft: Tone) -> None:
        self._label.say(side.label)
        self._label.recolour(ink)
        self._shown.say(side.shown)
        self._shown.recolour(soft)
        for button, step in zip(self._buttons, side.steps, strict=True):
            button.update(step)

    def height_for(self, width: float) -> float:
        words = max(self._label.height_for(width / 2), self._shown.height_for(width / 2))
        return words + self.look.px(theme.GAP_SMALL) + self.look.px(theme.TARGET)

    def place(self, area: Area) -> None:
        super().place(area)
        buttons, words = area.from_bottom(self.look.px(theme.TARGET), self.look.px(theme.GAP_SMALL))
        start, end = words.columns(2, 0)
        self._label.place(start)
        self._shown.place(end)
        for button, cell in zip(
            self._buttons, buttons.columns(4, self.look.px(theme.GAP_SMALL)), strict=True
        ):
            button.place(cell)


class PanelScreen(Screen[PanelModel]):
    """Portrait: the box over its steps. Landscape: the box at the start, its steps in the side column."""

    has_side = True

    def __init__(self, look: Look) -> None:
        super().__init__(look)
        self._title = Text(look, Face.TITLE, Tone.PLAIN, align=Align.CENTRE)
        self._text = Text(look, Face.BODY, Tone.SOFT, align=Align.CENTRE)
        self._warning = Marked(look)
        self._box = Card(look, theme.PRIMARY_SOFT, theme.PRIMARY, edge_mm=theme.EDGE_WIDTH)
        self._side = Ground(look, theme.SURFACE)
        self._sides = [_Steps(look), _Steps(look)]
        self._figures = [Text(look, Face.BODY, Tone.PLAIN), Text(look, Face.BODY, Tone.PLAIN)]
        self._turn = BigButton(look, face=Face.ROW)
        self._save = BigButton(look, Kind.PRIMARY, face=Face.ROW)
        self._box_px = (0, 0)

    def update(self, body: PanelModel, model: ScreenModel) -> None:  # noqa: ARG002
        self._title.say(body.title)
        self._text.say("" if body.warning else body.text)
        self._warning.say(body.warning)
        wide = self.look.panel.landscape  # there the steps stand on the side column's ground
        ink, soft = (Tone.INK_SURFACE, Tone.SOFT_SURFACE) if wide else (Tone.PLAIN, Tone.SOFT)
        for view, side in zip(self._sides, body.sides, strict=True):
            view.show(side, ink, soft)
        for text, figure in zip(self._figures, body.figures, strict=True):
            text.say(figure)
            text.recolour(ink)
        self._turn.update(body.turn)
        self._save.update(body.save)
        self._box_px = body.box_px

    def base_height(self, width: float) -> float:
        return 0 if self.look.panel.landscape else self._controls_height(width)

    def _controls_height(self, width: float) -> float:
        gap = self.look.px(theme.GAP)
        figures = sum(text.height_for(width) for text in self._figures)
        return figures + sum(view.height_for(width) + gap for view in self._sides)

    def _place_controls(self, area: Area) -> list[Part]:
        gap = self.look.px(theme.GAP)
        for view in self._sides:
            top, area = area.from_top(view.height_for(area.w), gap)
            view.place(top)
        for text in self._figures:
            top, area = area.from_top(text.height_for(area.w))
            text.place(top)
        return [*self._sides, *self._figures]

    def arrange(self, frame: Frame) -> None:
        gap = self.look.px(theme.GAP)
        if self.look.panel.landscape:
            room = Area(frame.main.x, frame.foot.y, frame.main.w, frame.main.top - frame.foot.y)
            self._side.place(frame.side)
            column = frame.side.inset(self.look.px(theme.MARGIN))
            high = max(self.look.px(theme.PRIMARY_HEIGHT), self._turn.height_for(column.w))
            save, rest = column.from_bottom(self.look.px(theme.PRIMARY_HEIGHT), gap)
            turn, rest = rest.from_bottom(high, gap)
            parts = [self._side, *self._place_controls(rest)]
        else:
            room = frame.main
            turn, save = frame.foot.columns(2, gap)
            parts = self._place_controls(frame.base)
        self._turn.place(turn)
        self._save.place(save)
        bottom = room.y
        words = self._warning if self._warning.value else self._text
        for text in (self._title, words):
            top, room = room.from_top(text.height_for(room.w), gap)
            text.place(top)
        self._place_box(frame.main.x + frame.main.w / 2, bottom)
        self.hold([self._box, self._title, words, *parts, self._turn, self._save])

    def _place_box(self, middle: float, bottom: float) -> None:
        """In the middle of room that no word moves: a card is held to it while a warning comes and goes.

        It is as wide as it has to be, in whole pixels, even where that is more than the margins leave.
        """
        width, height = self._box_px
        most = room_px((self.look.panel.width_px, self.look.panel.height_px))[1]
        self._box.round_off(max(width, height) * _RADIUS_SHARE)
        self._box.place(Area(round(middle - width / 2), round(bottom + (most - height) / 2), width, height))
