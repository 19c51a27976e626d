"""Owns the home of the sale: the last item big, the rows, the total, and the way to pay.

It must not know prices: every amount is a finished text.
"""

from __future__ import annotations

from kiosk.ui import theme
from kiosk.ui.area import Area
from kiosk.ui.look import Look
from kiosk.ui.screen_model import BasketModel, ButtonModel, ScreenModel
from kiosk.ui.screens.screen import Frame, Screen
from kiosk.ui.theme import Face, Tone
from kiosk.ui.widgets.amount_button import AmountButton
from kiosk.ui.widgets.badge import Badge
from kiosk.ui.widgets.button import Form
from kiosk.ui.widgets.button_set import ButtonSet
from kiosk.ui.widgets.card import Ground
from kiosk.ui.widgets.part import Item, Part, column
from kiosk.ui.widgets.row import LastItemCard
from kiosk.ui.widgets.row_list import RowList
from kiosk.ui.widgets.text import Align, Text
from kiosk.ui.widgets.total_bar import TotalBar

TOOLS_MORE = "window:tools-more"


def _pages_of(tools: tuple[ButtonModel, ...], most: int) -> list[tuple[ButtonModel, ...]]:
    """All tools at once, or so many less one a page, with a sign that leads to the others."""
    if len(tools) <= most:
        return [tools]
    more = ButtonModel(TOOLS_MORE, "", "more")
    return [(*tools[at : at + most - 1], more) for at in range(0, len(tools), most - 1)]


class BasketScreen(Screen[BasketModel]):
    """Portrait: everything in one column. Landscape: goods at the start, the money column at the end."""

    has_side = True
    uses_foot = True

    def __init__(self, look: Look) -> None:
        super().__init__(look)
        wide = look.panel.landscape
        self._side = Ground(look, theme.SURFACE)
        self._last = LastItemCard(look)
        self._last.picture_mm = 27.0 if wide else theme.LAST_PICTURE
        self._rows = RowList(look)
        self._empty_picture = Badge(look, "barcode", theme.INK_2, theme.SURFACE)
        self._empty = Text(look, Face.SUBTITLE, Tone.SOFT, align=Align.CENTRE)
        self._total = TotalBar(look, wide=wide)
        # four words side by side have no room for their signs, nor has a low screen for signs over them
        beside = wide or look.manner.reach or look.manner.large
        form = Form.BESIDE if beside else Form.STACKED
        self._tools = ButtonSet(look, face=Face.BUTTON_SMALL, form=form)
        self._pay = AmountButton(look)
        self._body: BasketModel | None = None
        self._frame: Frame | None = None
        self._pages: list[tuple[ButtonModel, ...]] = [()]
        self._page = 0

    def update(self, body: BasketModel, model: ScreenModel) -> None:
        self._body = body
        if body.last is not None:
            self._last.show(body.last)
        self._rows.update(body.rows)
        self._empty.say(body.empty_text)
        self._total.update(body.total_label, body.total, body.saved)
        # what is asked of the shopper now, or a large total, needs the room of the least used tools
        wide = self.look.panel.landscape
        asked = model.banner is not None or (model.strip is not None and model.strip.action is not None)
        large = self.look.manner.large
        short = self.look.manner.reach or (large and not wide)
        most = 3 if asked and short else 4 if wide and large else None
        if large and self.look.manner.reach:
            most = 2
        self._pages = _pages_of(body.tools, most or len(body.tools))
        if body.last is None and not body.rows:
            self._page = 0
        self._show_tools()
        self._pay.show(body.pay, body.pay_amount)

    def turn(self) -> None:
        """Show the next tools; after the last the first again."""
        self._page += 1
        self._show_tools()
        assert self._frame is not None, "what is turned was on the screen"
        self.arrange(self._frame)

    def _show_tools(self) -> None:
        tools = self._pages[self._page % len(self._pages)]
        upright = max(len(tools) if len(tools) < 5 else 3, 1)
        self._tools.columns = 2 if self.look.panel.landscape else upright
        self._tools.update(tools)
        for button in self._tools.buttons:
            button.turns = self if button.tap_id == TOOLS_MORE else None

    def base_height(self, width: float) -> float:
        if self.look.panel.landscape:
            return self.look.px(theme.TARGET) if self.look.manner.reach else 0
        if self.look.manner.reach:
            return self._low_height(width)
        gap = self.look.px(theme.GAP)
        return self._total.height_for(width) + gap + self._tools.height_for(width)

    def _low_height(self, width: float) -> float:
        """The height of tools and row buttons beside one another."""
        target = self.look.px(theme.TARGET)
        return max(self._tools.height_for(width - self._remote_width), target)

    @property
    def _remote_width(self) -> float:
        buttons = len(self._rows.remote)
        return buttons * self.look.px(theme.TARGET) + buttons * self.look.px(theme.GAP_SMALL)

    def _place_remote(self, line: Area) -> list[Part]:
        """▲ ▼ and the way into the marked row, one target each."""
        assert self._body is not None, "update comes before arrange"
        side, small = self.look.px(theme.TARGET), self.look.px(theme.GAP_SMALL)
        for button in self._rows.remote:
            spot, line = line.from_start(side, small)
            button.place(Area(spot.x, spot.y, spot.w, max(spot.h, side)))
        return list(self._rows.remote) if self._body.rows else []

    def arrange(self, frame: Frame) -> None:
        self._frame = frame
        parts = self._arrange_money(frame)
        gap = self.look.px(theme.GAP)
        body = self._body
        assert body is not None, "update comes before arrange"
        rest = frame.main
        if self.look.manner.reach and not self.look.panel.landscape:
            total, rest = rest.from_bottom(self._total.height_for(rest.w), gap)
            self._total.place(total)
            parts.append(self._total)
        if body.last is not None:
            height = self._last.height_for(rest.w)
            # help and a long name may leave room for the rows only: they are the basket, the card is an echo
            if rest.h - height >= self.look.px(theme.ROW) * 1.6 or not body.rows:
                top, rest = rest.from_top(height, gap)
                self._last.place(top)
                parts.append(self._last)
        if body.rows:
            self._rows.place(rest)
            parts.append(self._rows)
        elif body.last is None:
            picture = Item(self._empty_picture, least=self.look.px(30), most=self.look.px(60))
            parts += column(rest, [picture, Item(self._empty, gap=gap)])
        self.hold(parts)

    def _arrange_money(self, frame: Frame) -> list[Part]:
        gap = self.look.px(theme.GAP)
        if self.look.manner.reach and not self.look.panel.landscape:
            remote, tools = frame.base.from_start(self._remote_width, 0)
            self._tools.place(tools)
            self._pay.place(frame.foot)
            return [self._tools, self._pay, *self._place_remote(remote)]
        if not self.look.panel.landscape:
            total, rest = frame.base.from_top(self._total.height_for(frame.base.w), gap)
            self._total.place(total)
            self._tools.place(rest)
            self._pay.place(frame.foot)
            return [self._total, self._tools, self._pay]
        self._side.place(frame.side)
        column_area = frame.side.inset(self.look.px(theme.MARGIN))
        pay = max(self._pay.height_for(column_area.w), self.look.px(30))
        bottom, rest = column_area.from_bottom(pay, self.look.px(theme.GAP_LARGE))
        self._pay.place(bottom)
        least = gap + self._total.least_height(rest.w)
        while len(self._tools.buttons) > 1 and rest.h < self._tools.height_for(rest.w) + least:
            kept = [button.model for button in self._tools.buttons[:-1] if button.model is not None]
            self._tools.update(tuple(kept))  # the total is never what has no room
        tools, rest = rest.from_bottom(self._tools.height_for(rest.w), gap)
        self._tools.place(tools)
        self._total.place(rest)
        parts: list[Part] = [self._side, self._total, self._tools, self._pay]
        if self.look.manner.reach:
            parts += self._place_remote(frame.base.from_start(self._remote_width)[0])
        return parts
