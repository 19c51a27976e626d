"""Owns the staff screens (K21): the number pad for a PIN or a price, and what staff may do at the lane.

It must not know PINs, the basket or who is signed in: every line is a finished text.
"""

from __future__ import annotations

from kiosk.ui import theme
from kiosk.ui.area import Area
from kiosk.ui.look import Look
from kiosk.ui.screen_model import ButtonModel, PadModel, ScreenModel, StaffModel, StaffNeed
from kiosk.ui.screens.notice import Marked
from kiosk.ui.screens.screen import Frame, Screen
from kiosk.ui.theme import Face, Tone
from kiosk.ui.widgets.button import BigButton, Kind
from kiosk.ui.widgets.button_set import ButtonSet
from kiosk.ui.widgets.card import Card, Ground
from kiosk.ui.widgets.number_pad import NumberPad
from kiosk.ui.widgets.part import Item, Part, column
from kiosk.ui.widgets.picture import Picture
from kiosk.ui.widgets.row_list import RowList
from kiosk.ui.widgets.steps import Steps
from kiosk.ui.widgets.text import Align, Text

_BUTTONS_SHARE = 0.5
"""How much of a need's width its buttons may take beside the text."""


class PadScreen(Screen[PadModel]):
    """Portrait: words over the keys. Landscape: words at the start, keys at the end."""

    def __init__(self, look: Look) -> None:
        super().__init__(look)
        self._title = Text(look, Face.TITLE, Tone.PLAIN, align=Align.CENTRE)
        self._text = Text(look, Face.BODY, Tone.SOFT, align=Align.CENTRE)
        self._alarm = Marked(look)
        self._box = Card(look, theme.SURFACE, radius_mm=theme.RADIUS)
        self._shown = Text(look, Face.HEADLINE, Tone.INK_SURFACE, align=Align.CENTRE, most=1)
        self._pad = NumberPad(look)
        self.has_side = look.manner.reach  # keys from the foot up are low, whatever bar is beside them

    def base_height(self, width: float) -> float:
        if not self.look.manner.reach or self.look.panel.landscape:
            return 0
        return self.corner_base(self._pad.height_for(width))

    def least_height(self, width: float) -> float:
        """All keys and what they are for: a banner above would sooner leave its reasons out."""
        words = self._alarm if self._alarm.value else self._text
        texts = self._title.height_for(width) + words.height_for(width) + self.look.px(theme.PRIMARY_HEIGHT)
        return texts + self._pad.height_for(width) + 2 * self.look.px(theme.GAP_LARGE)

    def _arrange_low(self, frame: Frame) -> None:
        """Keys in the corner that help leaves free, words above."""
        corner = frame.side.inset(self.look.px(theme.MARGIN)) if self.look.panel.landscape else frame.corner
        width = min(self._pad.width_for(), corner.w)
        height = self._pad.height_for(width)
        self._pad.place(corner.from_bottom(height)[0].from_end(width)[0])
        self.hold([*self._arrange_words(frame.main, self.look.px(theme.GAP_LARGE)), self._pad])

    def update(self, body: PadModel, model: ScreenModel) -> None:  # noqa: ARG002
        self._title.say(body.title)
        self._text.say("" if body.alarm else body.text)
        self._alarm.say(body.text if body.alarm else "")
        self._shown.say(body.shown)
        self._pad.update(body.erase, body.ok)

    def arrange(self, frame: Frame) -> None:
        if self.look.manner.reach:
            self._arrange_low(frame)
            return
        gap = self.look.px(theme.GAP_LARGE)
        width = min(self._pad.width_for(), frame.main.w)
        height = self._pad.height_for(width)
        if self.look.panel.landscape:
            end, start = frame.main.from_end(width, gap)
            self._pad.place(end.middle(width, height))
            parts = self._arrange_words(start, gap)
        else:
            bottom, rest = frame.main.from_bottom(height, gap)
            self._pad.place(bottom.middle(width, height))
            parts = self._arrange_words(rest, gap)
        self.hold([*parts, self._pad])

    def _arrange_words(self, area: Area, gap: float) -> list[Part]:
        shown = _Box(self._box, self._shown, self.look)
        words = self._alarm if self._alarm.value else self._text
        width = min(area.w, self.look.px(150))
        items = [
            Item(self._title, width=area.w, spare=1),
            Item(words, gap=gap, width=area.w),
            Item(shown, gap=gap, width=width),
        ]
        kept = column(area, items)
        return [*(part for part in kept if part is self._title), words, self._box, self._shown]


class _Box(Part):
    """What was typed on its ground; as high when nothing was typed, so that no key ever moves."""

    def __init__(self, card: Card, text: Text, look: Look) -> None:
        super().__init__(look)
        self._card, self._text = card, text

    def height_for(self, width: float) -> float:  # noqa: ARG002
        return self.look.px(theme.PRIMARY_HEIGHT)

    def place(self, area: Area) -> None:
        super().place(area)
        self._card.place(area)
        height = self._text.height_for(area.w)
        self._text.place(area.middle(area.w, height))


class NeedView(Part):
    """One thing that waits, and what may be done about it."""

    def __init__(self, look: Look) -> None:
        super().__init__(look)
        self._fill = theme.AMBER_SOFT
        self._card = Card(look, self._fill, edge_mm=theme.EDGE_WIDE)
        self._icon = Picture(look, "icons", tint=theme.INK)
        self._text = Text(look, Face.BODY_STRONG, Tone.ON_AMBER)
        self._buttons = ButtonSet(look)
        self.deeds: tuple[ButtonModel, ...] = ()

    def show(self, need: StaffNeed) -> None:
        self._fill = theme.SURFACE if need.well else theme.AMBER_SOFT
        self._card.paint(self._fill)
        self.deeds = need.buttons
        self._text.recolour(Tone.INK_SURFACE if need.well else Tone.ON_AMBER)
        self._icon.choose(need.icon)
        self._icon.tint(theme.INK if need.well else theme.AMBER_INK)
        self._text.say(need.text)
        self._buttons.update(() if self.look.manner.reach else need.buttons)

    def mark(self, *, marked: bool) -> None:
        """Show by a frame that the buttons below are about this."""
        self._card.paint(self._fill, theme.PRIMARY if marked else None)

    def _buttons_width(self, width: float) -> float:
        """Beside the text as wide as their words; all the width where they need a line of their own."""
        buttons, gap = self._buttons.buttons, self.look.px(theme.GAP)
        if not buttons:
            return 0
        natural = max(button.width_for() for button in buttons) * len(buttons) + gap * (len(buttons) - 1)
        inner = width - 2 * gap
        beside = inner - natural - 2 * gap - self.look.px(theme.ICON)
        torn = self._text.longest_word > beside  # the number of goods is one long word
        return inner if torn or natural > inner * _BUTTONS_SHARE else round(natural)

    def _is_below(self, width: float) -> bool:
        return self._buttons_width(width) == width - 2 * self.look.px(theme.GAP)

    def _text_width(self, width: float) -> float:
        gap = self.look.px(theme.GAP)
        room = width - 3 * gap - self.look.px(theme.ICON)
        beside = 0 if self._is_below(width) else self._buttons_width(width)
        return room - (beside + gap if beside else 0)

    def _heights(self, width: float) -> tuple[float, float]:
        """Of the text's line and of the buttons."""
        wide = self._buttons_width(width)
        buttons = self._buttons.height_for(wide) if wide else 0
        return max(self._text.height_for(self._text_width(width)), self.look.px(theme.ICON)), buttons

    def height_for(self, width: float) -> float:
        text, buttons = self._heights(width)
        small = self.look.px(theme.GAP_SMALL)
        inner = text + small + buttons if buttons and self._is_below(width) else max(text, buttons)
        return round(inner + 2 * small)

    def place(self, area: Area) -> None:
        super().place(area)
        gap, small = self.look.px(theme.GAP), self.look.px(theme.GAP_SMALL)
        self._card.place(area)
        rest = area.inset(gap, small)
        parts: list[Part] = [self._card, self._icon, self._text]
        width, height = self._buttons_width(area.w), self._heights(area.w)[1]
        if width:
            parts.append(self._buttons)
            if self._is_below(area.w):
                below, rest = rest.from_bottom(height, small)
                self._buttons.place(below)
            else:
                end, rest = rest.from_end(width, gap)
                self._buttons.place(end.middle(width, height))
        spot, rest = rest.from_start(self.look.px(theme.ICON), gap)
        self._icon.place(spot)
        self._text.place(rest.middle(rest.w, self._text.height_for(rest.w)))
        self.hold(parts)


class StaffScreen(Screen[StaffModel]):
    """Portrait: needs over the basket, deeds under it, End in the foot. Landscape: deeds in a column."""

    has_side = True
    uses_foot = True

    def __init__(self, look: Look) -> None:
        super().__init__(look)
        self._side = Ground(look, theme.SURFACE)
        self._title = Text(look, Face.TITLE, Tone.PLAIN)
        self._text = Text(look, Face.BODY, Tone.SOFT)
        self._empty = Text(look, Face.BODY, Tone.SOFT)
        self._needs: list[NeedView] = []
        self._shown: list[NeedView] = []
        self._rows = RowList(look)
        self._has_rows = False
        self._tools = ButtonSet(look)
        self._end = BigButton(look, Kind.PRIMARY, face=Face.ROW)
        self._steps = Steps(look, self)
        self._deeds = ButtonSet(look)
        self._line = Area(0, 0, 0, 0)
        self._choices: list[NeedView | int] = []
        self._marked = 0

    def step(self, by: int) -> None:
        """Mark the next thing that waits, and after those the rows, where all that is only read."""
        self._marked = self._steps.after(self._marked, by, len(self._choices))
        self._mark()

    def open_marked(self) -> None:
        self._rows.open_marked()

    def _mark(self) -> None:
        """Frame what is marked; what may be done about it stands beside the steps."""
        chosen = self._choices[self._marked]
        for view in self._shown:
            view.mark(marked=view is chosen)
        self._rows.mark(chosen if isinstance(chosen, int) else -1)
        self._steps.allow(place=self._marked, count=len(self._choices), opens=isinstance(chosen, int))
        self._deeds.update(() if isinstance(chosen, int) else chosen.deeds)
        self._deeds.place(self._line)

    def update(self, body: StaffModel, model: ScreenModel) -> None:  # noqa: ARG002
        self._title.say(body.title)
        self._text.say(body.text)
        self._empty.say("" if body.needs else body.empty_text)
        while len(self._needs) < len(body.needs):
            self._needs.append(NeedView(self.look))
        self._shown = self._needs[: len(body.needs)]
        for view, need in zip(self._shown, body.needs, strict=True):
            view.show(need)
        self._rows.update(body.rows)
        self._has_rows = bool(body.rows)
        low = self.look.manner.reach
        self._tools.gap_mm = theme.GAP_SMALL if low else theme.GAP
        self._tools.columns = min(1 if self.look.panel.landscape else 2, len(body.tools))
        self._tools.update(body.tools)
        self._end.update(body.end)

    def base_height(self, width: float) -> float:
        tools = 0 if self.look.panel.landscape else self._tools.height_for(width)
        if not self._steppable:
            return tools
        return tools + self._line_height(width) + (self.look.px(theme.GAP_SMALL) if tools else 0)

    @property
    def _steppable(self) -> bool:
        return self.look.manner.reach and (self._has_rows or any(view.deeds for view in self._shown))

    def _line_height(self, width: float) -> float:
        """Of the steps, and of the deeds of all that wait: nothing moves when one steps."""
        room = width - self._steps.width_px - self.look.px(theme.GAP)
        height = self._steps.height_for(width)
        for view in self._shown:
            self._deeds.update(view.deeds)
            height = max(height, self._deeds.height_for(room) if view.deeds else 0)
        return height

    def _arrange_steps(self, frame: Frame, seen: list[Part]) -> list[Part]:
        """The line over the tools: from one thing to the next, and what may be done about it."""
        line = frame.base.from_top(self._line_height(frame.base.w))[0]
        steps, self._line = line.from_start(self._steps.width_px, self.look.px(theme.GAP))
        self._steps.place(steps.middle(steps.w, self._steps.height_for(steps.w)))
        self._choices = [view for view in self._shown if view in seen and view.deeds]
        self._choices += range(self._rows.count)
        self._marked = min(self._marked, len(self._choices) - 1)
        self._mark()
        return [self._steps, self._deeds]

    def arrange(self, frame: Frame) -> None:
        gap = self.look.px(theme.GAP)
        parts = self._arrange_deeds(frame, gap)
        rest = frame.main
        for text in (self._title, self._text, self._empty):
            if text.value:
                top, rest = rest.from_top(text.height_for(rest.w), gap)
                text.place(top)
                parts.append(text)
        least = self.look.px(theme.ROW) if self._has_rows else 0
        for view in self._shown:
            height = view.height_for(rest.w)
            if height > rest.h - least:
                break  # what waits longest stands first; the rest follows when it is done
            top, rest = rest.from_top(height, self.look.px(theme.GAP_SMALL))
            view.place(top)
            parts.append(view)
        if self._has_rows:
            self._rows.place(rest)
            parts.append(self._rows)
        if self._steppable:
            parts += self._arrange_steps(frame, parts)
        self.hold(parts)

    def _arrange_deeds(self, frame: Frame, gap: float) -> list[Part]:
        if not self.look.panel.landscape:
            self._tools.place(frame.base.from_bottom(self._tools.height_for(frame.base.w))[0])
            self._end.place(frame.foot)
            return [self._tools, self._end]
        self._side.place(frame.side)
        inner = frame.side.inset(self.look.px(theme.MARGIN))
        height = self._tools.height_for(inner.w)
        if self.look.manner.reach:
            self._end.place(frame.foot)
            tools = inner.from_bottom(height)[0]
        else:
            bottom, rest = inner.from_bottom(self.look.px(theme.PRIMARY_HEIGHT), gap)
            self._end.place(bottom)
            tools = rest.from_top(height)[0]
        self._tools.place(tools)
        return [self._side, self._tools, self._end]
