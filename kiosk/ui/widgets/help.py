"""Owns help on the screen: the two buttons that never move, and the banner of the request in progress.

It must not know who helps or when: the texts say it.
"""

from __future__ import annotations

from dataclasses import replace

from kiosk.ui import theme
from kiosk.ui.area import Area
from kiosk.ui.look import Look
from kiosk.ui.screen_model import ButtonModel, HelpBanner
from kiosk.ui.theme import Face, Tone
from kiosk.ui.widgets.button import BigButton, Kind
from kiosk.ui.widgets.button_set import ButtonSet, Flow
from kiosk.ui.widgets.card import Card
from kiosk.ui.widgets.part import Part
from kiosk.ui.widgets.picture import Picture
from kiosk.ui.widgets.text import Align, Text

_LEAST_TEXT = 62.0
"""The width in mm under which the words of the banner would be a column of crumbs."""


class HelpButton(BigButton):
    """24 mm high, 44 mm wide, in the bottom start corner of every screen; `chosen` says help is called."""

    def __init__(self, look: Look) -> None:
        super().__init__(look, Kind.HELP, face=Face.CAPTION_STRONG)
        self.icon_mm = 9.4

    def update(self, model: ButtonModel) -> BigButton:
        self.kind = Kind.HELP_CALLED if model.chosen else Kind.HELP
        return super().update(model)

    @property
    def _padding(self) -> int:
        return self.look.px(1.2)

    @property
    def _icon_side(self) -> int:
        return self.look.px(self.icon_mm + 1.8) if self.icon.stem else 0


class AccessButton(BigButton):
    """The way to larger, darker, lower, spoken: beside help, a sign without a word, as wide as it is high."""

    def __init__(self, look: Look) -> None:
        super().__init__(look)
        self.icon_mm = 14.0

    def show(self, model: ButtonModel, *, night: bool) -> None:
        """The word stays in the model for whoever listens; the sign says it to whoever looks."""
        self.kind = Kind.NIGHT if night else Kind.PLAIN
        self.update(model)
        self.label.say("")


class HelpBannerView(Part):
    """Who is coming, a way to call it off, and the reasons one may give."""

    def __init__(self, look: Look) -> None:
        super().__init__(look)
        self._card = Card(look, theme.HELP_SOFT, theme.HELP_EDGE, radius_mm=theme.RADIUS_LARGE)
        self._face = Card(look, theme.HELP, radius_mm=50)
        self._initial = Text(look, Face.TITLE, Tone.ON_HELP, align=Align.CENTRE, most=1)
        self._person = Picture(look, "icons", "person", tint=theme.PAPER)
        self._title = Text(look, Face.SUBTITLE, Tone.BANNER)
        self._text = Text(look, Face.BODY, Tone.BANNER_SOFT)
        self._answers = ButtonSet(look)
        self._prompt = Text(look, Face.CAPTION, Tone.BANNER_SOFT)
        self._reasons = Flow(look, chosen_kind=Kind.HELP_CHOSEN)
        self._banner: HelpBanner | None = None
        self.brief = False
        """Leaves the reasons out, where there is no room for them beside a keyboard."""
        self.terse = False
        """Says only who or what, and has one answer, where there is room for no more."""
        self.bare = False
        """Words alone: the way to call it off stands elsewhere, within reach."""

    def update(self, banner: HelpBanner) -> None:
        self._banner = banner
        self._initial.say(banner.initial[:1])
        self._title.say(banner.title)
        self._text.say("" if self.terse else banner.news or banner.text)
        self._prompt.say(banner.prompt)
        if self.bare:
            self._banner = banner = replace(banner, cancel=None, again=None, reasons=())
        self._answers.update(banner.last_answer if self.terse else banner.answers)
        self._reasons.update(() if self.brief else banner.reasons)

    @property
    def _side(self) -> int:
        return self.look.px(theme.TARGET)

    def _beside_width(self, width: float) -> float:
        """What the only button takes beside the words; nothing where it, or both, have a line under them."""
        if len(self._answers.buttons) != 1:
            return 0
        beside = self._answers.buttons[0].width_for() + self.look.px(theme.GAP_LARGE)
        room = width - 2 * self.look.px(theme.GAP_LARGE) - self._side - self.look.px(theme.GAP)
        needed = max(self.look.px(_LEAST_TEXT), self._title.longest_word + 1)  # no name is torn for a button
        return beside if room - beside >= needed else 0

    def _text_width(self, width: float) -> float:
        gap = self.look.px(theme.GAP_LARGE)
        return width - 2 * gap - self._side - self.look.px(theme.GAP) - self._beside_width(width)

    def _head_height(self, width: float) -> float:
        text = self._text_width(width)
        return max(self._title.height_for(text) + self._text.height_for(text), self._side)

    def _answers_below(self, width: float) -> bool:
        return bool(self._answers.buttons) and not self._beside_width(width)

    def height_for(self, width: float) -> float:
        inner = width - 2 * self.look.px(theme.GAP_LARGE)
        gap = self.look.px(theme.GAP_SMALL)
        height = self._head_height(width) + 2 * self.look.px(theme.GAP)
        if self._reasons.buttons:
            height += self._prompt.height_for(inner) + self._reasons.height_for(inner) + 2 * gap
        if self._answers_below(width):
            height += self._answers.height_for(inner) + gap
        return round(height)

    def place(self, area: Area) -> None:
        super().place(area)
        banner = self._banner
        assert banner is not None, "update comes before place"
        self._card.place(area)
        inner = area.inset(self.look.px(theme.GAP_LARGE), self.look.px(theme.GAP))
        head, rest = inner.from_top(self._head_height(area.w), self.look.px(theme.GAP_SMALL))
        face, text = head.from_start(self._side, self.look.px(theme.GAP))
        face = face.middle(self._side, self._side)
        self._face.place(face)
        parts: list[Part] = [self._card, self._face]
        mark = self._initial if banner.initial else self._person
        mark.place(face if banner.initial else face.inset(self.look.px(4)))
        parts += [mark, self._title, self._text]
        width = self._text_width(area.w)
        if self._answers_below(area.w):  # before the reasons, as it is where it stands beside the words
            line, rest = rest.from_top(self._answers.height_for(rest.w), self.look.px(theme.GAP_SMALL))
            self._answers.place(line)
            parts.append(self._answers)
        elif self._answers.buttons:
            natural = self._answers.buttons[0].width_for()
            self._answers.place(head.from_end(natural)[0].middle(natural, self._side))
            parts.append(self._answers)
        text = text.from_start(width)[0]
        block = text.middle(width, self._title.height_for(width) + self._text.height_for(width))
        title, under = block.from_top(self._title.height_for(width))
        self._title.place(title)
        self._text.place(under)
        if self._reasons.buttons:
            prompt, rest = rest.from_top(self._prompt.height_for(rest.w), self.look.px(theme.GAP_SMALL))
            self._prompt.place(prompt)
            self._reasons.place(rest)
            parts += [self._prompt, self._reasons]
        self.hold(parts)
