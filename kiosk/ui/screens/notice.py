"""Owns the screens that are one message in the middle: not paid, checking, and a lane that cannot sell.

It must not know what happened: headline, assurance and text say it.
"""

from __future__ import annotations

from kiosk.ui import theme
from kiosk.ui.area import Area
from kiosk.ui.look import Look
from kiosk.ui.screen_model import CheckingModel, DegradedModel, NotPaidModel, ScreenModel
from kiosk.ui.screens.screen import Frame, Screen
from kiosk.ui.theme import Face, Tone
from kiosk.ui.widgets.badge import Badge
from kiosk.ui.widgets.button_set import ButtonSet
from kiosk.ui.widgets.card import Card
from kiosk.ui.widgets.part import Item, Part, column
from kiosk.ui.widgets.ring import Ring
from kiosk.ui.widgets.text import Align, Text


class Marked(Part):
    """One sentence on an amber ground, as wide as its words."""

    def __init__(self, look: Look) -> None:
        super().__init__(look)
        self._card = Card(look, theme.AMBER_SOFT, radius_mm=theme.RADIUS_SMALL)
        self._text = Text(look, Face.TITLE, Tone.ON_AMBER, align=Align.CENTRE)
        self.hold((self._card, self._text))

    def say(self, value: str) -> None:
        self._text.say(value)

    @property
    def value(self) -> str:
        return self._text.value

    def height_for(self, width: float) -> float:
        padding = self.look.px(theme.GAP_SMALL)
        return self._text.height_for(width - 2 * self.look.px(theme.GAP)) + 2 * padding if self.value else 0

    def place(self, area: Area) -> None:
        super().place(area)
        padding = self.look.px(theme.GAP)
        room = area.w - 2 * padding
        width = round(min(self._text.widest_line(room) + 2 * padding + 2, area.w))
        spot = area.middle(width, area.h)
        self._card.place(spot)
        self._text.place(area.middle(room, area.h))


class CheckingScreen(Screen[CheckingModel]):
    """The result of a payment is unknown: say so, and say not to pay again."""

    def __init__(self, look: Look) -> None:
        super().__init__(look)
        self._ring = Ring(look, theme.AMBER_DEEP, icon="exclamation")
        self._headline = Text(look, Face.HEADLINE, Tone.PLAIN, align=Align.CENTRE)
        self._warning = Marked(look)
        self._text = Text(look, Face.LABEL, Tone.SOFT, align=Align.CENTRE)

    def update(self, body: CheckingModel, model: ScreenModel) -> None:  # noqa: ARG002
        self._headline.say(body.headline)
        self._warning.say(body.warning)
        self._text.say(body.text)

    def least_height(self, width: float) -> float:
        room, gap = min(self.look.line_px, width), self.look.px(theme.MARGIN)
        return sum(part.height_for(room) + gap for part in (self._headline, self._warning, self._text))

    def arrange(self, frame: Frame) -> None:
        gap, line = self.look.px(theme.MARGIN), self.look.line_px
        items = [
            Item(self._ring, least=self.look.px(24), most=self.look.px(54)),
            Item(self._headline, gap=gap, width=line),
            Item(self._warning, gap=gap, width=line),
            Item(self._text, gap=gap, width=line, spare=1),
        ]
        self.hold(column(frame.main.inset(0, self.look.px(theme.GAP)), items))


class NotPaidScreen(Screen[NotPaidModel]):
    """What happened, that nothing was charged, and the ways on."""

    uses_foot = True

    def __init__(self, look: Look) -> None:
        super().__init__(look)
        self._badge = Badge(look, "cross", theme.DANGER, theme.DANGER_SOFT)
        self._headline = Text(look, Face.HEADLINE, Tone.PLAIN, align=Align.CENTRE)
        self._assurance = Text(look, Face.TITLE, Tone.SAVING, align=Align.CENTRE)
        self._text = Text(look, Face.LABEL, Tone.SOFT, align=Align.CENTRE)
        self._buttons = ButtonSet(look, face=Face.ROW)

    def update(self, body: NotPaidModel, model: ScreenModel) -> None:
        self._headline.say(body.headline)
        self._assurance.say(body.assurance)
        self._text.say(body.text)
        wide = self.look.panel.landscape and model.banner is None
        buttons = body.buttons
        if self.look.manner.reach and self.look.manner.large:  # the basket and its questions are one tap back
            buttons = tuple(each for each in buttons if each.tap_id not in ("back", "questions")) or buttons
        self._buttons.columns = min(len(buttons), 4 if wide else 2)
        self._buttons.update(buttons)

    def least_height(self, width: float) -> float:
        room, gap = min(self.look.line_px, width), self.look.px(theme.MARGIN)
        words = (self._headline, self._assurance, self._text)
        return sum(text.height_for(room) + gap for text in words)

    def _kept_height(self, width: float) -> float:
        room = min(self.look.line_px, width)
        kept = (self._headline, self._assurance)
        return sum(text.height_for(room) + self.look.px(theme.GAP) for text in kept)

    def base_height(self, width: float) -> float:
        return 0 if self.fits_foot(self._buttons, width) else self._buttons.height_for(width)

    def arrange(self, frame: Frame) -> None:
        self._buttons.stretch = not frame.base.h
        self._buttons.place(frame.base if frame.base.h else frame.foot)
        self._headline.use(Face.HEADLINE)
        self._assurance.use(Face.TITLE)
        if self._kept_height(frame.main.w) > frame.main.h:  # beside a call for help, in many words
            self._headline.use(Face.TITLE)
            self._assurance.use(Face.SUBTITLE)
        gap, line = self.look.px(theme.MARGIN), self.look.line_px
        items = [
            Item(self._badge, least=self.look.px(22), most=self.look.px(46)),
            Item(self._headline, gap=gap, width=line),
            Item(self._assurance, gap=gap, width=line),
            Item(self._text, gap=gap, width=line, spare=1),
        ]
        self.hold([*column(frame.main.inset(0, self.look.px(theme.GAP)), items), self._buttons])


class DegradedScreen(Screen[DegradedModel]):
    """The lane cannot sell; the words say what to do instead."""

    def __init__(self, look: Look) -> None:
        super().__init__(look)
        self._badge = Badge(look, "lock", theme.INK, theme.SURFACE_2)
        self._headline = Text(look, Face.HEADLINE, Tone.PLAIN, align=Align.CENTRE)
        self._text = Text(look, Face.SUBTITLE, Tone.SOFT, align=Align.CENTRE)

    def update(self, body: DegradedModel, model: ScreenModel) -> None:  # noqa: ARG002
        self._headline.say(body.headline)
        self._text.say(body.text)

    def arrange(self, frame: Frame) -> None:
        gap, line = self.look.px(theme.MARGIN), self.look.line_px
        items = [
            Item(self._badge, least=self.look.px(24), most=self.look.px(50)),
            Item(self._headline, gap=gap, width=line),
            Item(self._text, gap=gap, width=line, spare=1),
        ]
        self.hold(column(frame.main.inset(0, self.look.px(theme.GAP)), items))
