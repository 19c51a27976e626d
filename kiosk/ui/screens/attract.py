"""Owns the screen of a free lane: one picture, one sentence, the languages.

It must not know how a session begins: the scan does that.
"""

from __future__ import annotations

from kiosk.ui import theme
from kiosk.ui.area import Area
from kiosk.ui.look import Look
from kiosk.ui.screen_model import AttractModel, ScreenModel
from kiosk.ui.screens.screen import Frame, Screen
from kiosk.ui.theme import Face, Tone
from kiosk.ui.widgets.button import BigButton, Kind
from kiosk.ui.widgets.button_set import ButtonSet
from kiosk.ui.widgets.part import Item, Part, column
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
        self._find = BigButton(look, Kind.NIGHT)
        self._payments = Text(look, Face.BODY, Tone.NIGHT_SOFT, align=Align.END, most=2)

    def update(self, body: AttractModel, model: ScreenModel) -> None:  # noqa: ARG002
        self._title.say(body.title)
        self._others.say("\n".join(body.other_titles))
        self._notice.say(body.notice)
        self._languages.columns = 6 if self.look.panel.landscape else 3
        self._languages.columns = min(self._languages.columns, max(len(body.languages), 1))
        self._languages.update(body.languages)
        self._find.update(body.find)
        self._payments.say(body.payment_kinds)

    def base_height(self, width: float) -> float:
        return self._languages.height_for(width)

    def arrange(self, frame: Frame) -> None:
        self._languages.place(frame.base)
        gap = self.look.px(theme.GAP_LARGE)
        margin = self.look.px(theme.MARGIN)
        texts = [Item(self._title), Item(self._others, gap=gap), Item(self._notice, gap=gap)]
        texts = [item for item in texts if isinstance(item.part, Text) and item.part.value]
        parts: list[Part]
        if self.look.panel.landscape:
            start, rest = frame.main.from_start(round(frame.main.w * 0.46), gap)
            self._picture.place(start.inset(gap))
            parts = [self._picture, *column(rest, texts)]
        else:
            picture = Item(self._picture, least=self.look.px(40), most=self.look.px(115))
            items = [picture, Item(self._title, gap=margin), *texts[1:]]
            parts = column(frame.main.inset(margin, gap), items)
        self.hold([*parts, self._languages, *self._arrange_foot(frame.foot)])

    def _arrange_foot(self, foot: Area) -> list[Part]:
        gap = self.look.px(theme.GAP)
        width = min(max(self._find.width_for(), self.look.px(theme.HELP_WIDTH)), round(foot.w * 0.5))
        find, rest = foot.from_start(width, gap)
        self._find.place(find)
        self._payments.place(rest)
        return [self._find, self._payments]
