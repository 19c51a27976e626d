"""Owns the screen of a free lane: one picture, one sentence, the languages.

It must not know how a session begins: the scan does that.
"""

from __future__ import annotations

from kiosk.ui import theme
from kiosk.ui.look import Look
from kiosk.ui.screen_model import AttractModel, ScreenModel
from kiosk.ui.screens.screen import Frame, Screen
from kiosk.ui.theme import Face, Tone
from kiosk.ui.widgets.button import Kind
from kiosk.ui.widgets.button_set import ButtonSet
from kiosk.ui.widgets.part import Item, Part, column, column_height
from kiosk.ui.widgets.picture import Picture
from kiosk.ui.widgets.text import Align, Text


class AttractScreen(Screen[AttractModel]):
    """Night ground; the picture shows what to do, the sentence says it in every language of the store."""

    ground = theme.NIGHT
    night = True
    uses_foot = True

    def __init__(self, look: Look) -> None:
        super().__init__(look)
        wide = look.panel.landscape
        align = Align.START if wide else Align.CENTRE
        self._picture = Picture(look, "illustrations", "scan")
        self._title = Text(look, Face.HERO, Tone.ON_NIGHT, align=align)
        self._others = Text(look, Face.LABEL, Tone.NIGHT_SOFT, align=align)
        self._notice = Text(look, Face.BODY, Tone.ON_NIGHT, align=align)
        self._languages = ButtonSet(look, Kind.NIGHT)
        self._tools = ButtonSet(look, Kind.NIGHT, face=Face.BUTTON_SMALL)
        self._tools.stretch = True
        self._payments = Text(look, Face.BODY, Tone.NIGHT_SOFT, align=align, most=2)

    def update(self, body: AttractModel, model: ScreenModel) -> None:
        self._title.say(body.title)
        self._others.say("\n".join(body.other_titles))
        self._notice.say(body.notice)
        wide = self.look.panel.landscape and model.banner is None  # else the banner stands beside
        self._languages.columns = 6 if wide else 3
        languages = body.languages
        crowded = self.look.manner.reach or model.banner is not None
        if self.look.manner.large and crowded:  # the globe leads to all of them, in one line
            globe = [button for button in languages if button.tap_id == "language"]
            languages = () if model.top.language is not None else tuple(globe) or languages[:2]
        self._languages.columns = min(self._languages.columns, max(len(languages), 1))
        self._languages.update(languages)
        tools = (body.no_barcode, body.find, body.questions)
        self._tools.update(tuple(tool for tool in tools if tool is not None))
        self._payments.say(body.payment_kinds)

    def least_height(self, width: float) -> float:
        margin, gap = self.look.px(theme.MARGIN), self.look.px(theme.GAP_LARGE)
        return self._title.height_for(width - 2 * margin) + 2 * gap

    def base_height(self, width: float) -> float:
        height = self._languages.height_for(width)
        if self.fits_foot(self._tools, width):
            return height
        return height + self.look.px(theme.GAP) + self._tools.height_for(width)

    def arrange(self, frame: Frame) -> None:
        languages, tools = frame.base.from_top(
            self._languages.height_for(frame.base.w), self.look.px(theme.GAP)
        )
        self._languages.place(languages)
        self._tools.stretch = tools.h <= 0
        self._tools.place(tools if tools.h > 0 else frame.foot)
        gap = self.look.px(theme.GAP_LARGE)
        margin = self.look.px(theme.MARGIN)
        texts = [
            Item(self._title),
            Item(self._others, gap=gap, spare=1),
            Item(self._notice, gap=gap),
            Item(self._payments, gap=gap, spare=1),
        ]
        texts = [item for item in texts if isinstance(item.part, Text) and item.part.value]
        parts: list[Part]
        if self.look.panel.landscape:
            start, rest = frame.main.from_start(round(frame.main.w * 0.46), gap)
            if self._title.longest_word > rest.w or column_height(texts, rest.w) > rest.h:
                parts = column(frame.main, texts)  # words go before the picture
            else:
                self._picture.place(start.inset(gap))
                parts = [self._picture, *column(rest, texts)]
        else:
            picture = Item(self._picture, least=self.look.px(40), most=self.look.px(115))
            items = [picture, Item(self._title, gap=margin), *texts[1:]]
            parts = column(frame.main.inset(margin, gap), items)
        self.hold([*parts, self._languages, self._tools])
