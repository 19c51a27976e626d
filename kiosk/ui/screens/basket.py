"""Owns the home of the sale: the last item big, the rows, the total, and the way to pay.

It must not know prices: every amount is a finished text.
"""

from __future__ import annotations

from kiosk.ui import theme
from kiosk.ui.look import Look
from kiosk.ui.screen_model import BasketModel, ScreenModel
from kiosk.ui.screens.screen import Frame, Screen
from kiosk.ui.theme import Face, Tone
from kiosk.ui.widgets.amount_button import AmountButton
from kiosk.ui.widgets.badge import Badge
from kiosk.ui.widgets.button_set import ButtonSet
from kiosk.ui.widgets.card import Ground
from kiosk.ui.widgets.part import Item, Part, column
from kiosk.ui.widgets.row import LastItemCard
from kiosk.ui.widgets.row_list import RowList
from kiosk.ui.widgets.text import Align, Text
from kiosk.ui.widgets.total_bar import TotalBar


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
        self._tools = ButtonSet(look, face=Face.BUTTON_SMALL)
        self._pay = AmountButton(look)
        self._body: BasketModel | None = None

    def update(self, body: BasketModel, model: ScreenModel) -> None:  # noqa: ARG002
        self._body = body
        if body.last is not None:
            self._last.show(body.last)
        self._rows.update(body.rows)
        self._empty.say(body.empty_text)
        self._total.update(body.total_label, body.total, body.saved)
        self._tools.columns = 2 if self.look.panel.landscape else max(len(body.tools), 1)
        self._tools.update(body.tools)
        self._pay.show(body.pay, body.pay_amount)

    def base_height(self, width: float) -> float:
        if self.look.panel.landscape:
            return 0
        gap = self.look.px(theme.GAP)
        return self._total.height_for(width) + gap + self._tools.height_for(width)

    def arrange(self, frame: Frame) -> None:
        parts = self._arrange_money(frame)
        gap = self.look.px(theme.GAP)
        body = self._body
        assert body is not None, "update comes before arrange"
        rest = frame.main
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
        tools, rest = rest.from_bottom(self._tools.height_for(rest.w), gap)
        self._tools.place(tools)
        self._total.place(rest)
        return [self._side, self._total, self._tools, self._pay]
