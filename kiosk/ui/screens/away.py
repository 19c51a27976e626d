"""Owns the screens of a lane that asks for its shopper, keeps a basket, or sends it to the till.

It must not know how long anything lasts.
"""

from __future__ import annotations

from kiosk.ui import theme
from kiosk.ui.area import Area
from kiosk.ui.look import Look
from kiosk.ui.screen_model import ParkedModel, ScreenModel, StillThereModel
from kiosk.ui.screens.screen import Frame, Screen
from kiosk.ui.theme import Face, Tone
from kiosk.ui.widgets.badge import Badge
from kiosk.ui.widgets.button import BigButton, Kind
from kiosk.ui.widgets.button_set import ButtonSet
from kiosk.ui.widgets.card import Card
from kiosk.ui.widgets.part import Item, Part, column
from kiosk.ui.widgets.qr import Qr
from kiosk.ui.widgets.ring import Ring
from kiosk.ui.widgets.text import Align, Text

_QR_MM = 62.0


class Plate(Part):
    """A word on a deep ground: what looks like a button within a target that is the whole screen."""

    def __init__(self, look: Look) -> None:
        super().__init__(look)
        self._card = Card(look, theme.PRIMARY_DEEP)
        self._word = Text(look, Face.TITLE, Tone.ON_PRIMARY_DEEP, align=Align.CENTRE)
        self.hold((self._card, self._word))

    def say(self, value: str) -> None:
        self._word.say(value)

    def height_for(self, width: float) -> float:
        text = self._word.height_for(width - 2 * self.look.px(theme.GAP))
        return max(text + 2 * self.look.px(theme.GAP), self.look.px(theme.PRIMARY_HEIGHT))

    def place(self, area: Area) -> None:
        super().place(area)
        self._card.place(area)
        self._word.place(area.inset(self.look.px(theme.GAP), 0))


class Pane(BigButton):
    """Everything between bar and foot is one target: whoever comes back need not aim."""

    def __init__(self, look: Look) -> None:
        super().__init__(look, Kind.QUIET)
        self._ring = Ring(look, theme.PRIMARY, icon="person", turns=False)
        self._badge = Badge(look, "basket", theme.INK_2, theme.SURFACE)
        self._headline = Text(look, Face.HEADLINE, Tone.PLAIN, align=Align.CENTRE)
        self._text = Text(look, Face.SUBTITLE, Tone.SOFT, align=Align.CENTRE)
        self._plate = Plate(look)
        self._asks = True

    def show(self, body: StillThereModel) -> None:
        self.update(body.here)
        self.label.say("")  # the plate says it
        self._headline.say(body.headline)
        self._text.say(body.text)
        self._plate.say(body.here.label)
        self._asks = body.asks

    def least_height(self, width: float) -> float:
        """The question and the plate that answers it."""
        room = min(self.look.line_px, width)
        plate = 0 if self.look.manner.reach else self._plate.height_for(room)
        return self._headline.height_for(room) + plate + 2 * self.look.px(theme.MARGIN)

    def place(self, area: Area) -> None:
        Part.place(self, area)
        self.card.place(area)
        gap, line = self.look.px(theme.MARGIN), min(self.look.line_px, area.w)
        picture: Part = self._ring if self._asks else self._badge
        items = [
            Item(picture, least=self.look.px(24), most=self.look.px(60)),
            Item(self._headline, gap=gap, width=line),
            Item(self._text, gap=gap, width=line, spare=1),
            Item(self._plate, gap=gap, width=round(line * (1 if self.look.manner.large else 0.6))),
        ]
        if self.look.manner.reach:
            items.pop()  # the plate stands in the foot then, as a button
        self.hold([self.card, *column(area.inset(0, self.look.px(theme.GAP)), items)])


class StillThereScreen(Screen[StillThereModel]):
    """The question, then the veil."""

    def __init__(self, look: Look) -> None:
        super().__init__(look)
        self._pane = Pane(look)
        self._low = BigButton(look, Kind.PRIMARY, face=Face.ROW)

    def update(self, body: StillThereModel, model: ScreenModel) -> None:  # noqa: ARG002
        self._pane.show(body)
        self._low.update(body.here)
        if self.look.manner.reach:
            self._pane.tap_id = ""  # the answer stands in the foot, where low hands are

    def least_height(self, width: float) -> float:
        return self._pane.least_height(width)

    def arrange(self, frame: Frame) -> None:
        self._pane.place(frame.main)
        self._low.place(frame.foot)
        self.hold([self._pane, self._low] if self.look.manner.reach else [self._pane])


class ParkedScreen(Screen[ParkedModel]):
    """The code to say and the code to scan, side by side or one under the other."""

    uses_foot = True

    def __init__(self, look: Look) -> None:
        super().__init__(look)
        self._headline = Text(look, Face.HEADLINE, Tone.PLAIN, align=Align.CENTRE)
        self._text = Text(look, Face.LABEL, Tone.SOFT, align=Align.CENTRE)
        self._code = Text(look, Face.DUE, Tone.PLAIN, align=Align.CENTRE, most=1)
        self._qr = Qr(look)
        self._buttons = ButtonSet(look, face=Face.ROW)

    def update(self, body: ParkedModel, model: ScreenModel) -> None:  # noqa: ARG002
        self._headline.say(body.headline)
        self._text.say(body.text)
        self._code.say(body.code)
        self._qr.update(body.qr)
        self._buttons.update(body.buttons)

    def base_height(self, width: float) -> float:
        return 0 if self.fits_foot(self._buttons, width) else self._buttons.height_for(width)

    def arrange(self, frame: Frame) -> None:
        self._buttons.stretch = not frame.base.h
        self._buttons.place(frame.base if frame.base.h else frame.foot)
        gap = self.look.px(theme.MARGIN)
        line = self.look.line_px
        side = self.look.px(_QR_MM)
        code = Item(self._qr, gap=gap, width=side, least=self.look.px(30), most=side)
        if self.look.panel.landscape and frame.main.w > self.look.px(220):
            start, end = frame.main.columns(2, gap)
            parts = column(start, [code])
            parts += column(end, [Item(self._headline), Item(self._code), Item(self._text, gap=gap)])
        else:
            words = [
                Item(self._headline, width=line),
                Item(self._code, gap=gap),
                Item(self._text, gap=gap, width=line),
            ]
            parts = column(frame.main.inset(0, self.look.px(theme.GAP)), [*words, code])
        self.hold([*parts, self._buttons])
