"""Owns the scrolling list of basket rows: a few row widgets, however long the basket is.

It must not know what a row means. Rows are drawn in the order given; a new first row scrolls back to the top.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from itertools import accumulate
from typing import Any

from kiosk.ui import theme
from kiosk.ui.area import Area
from kiosk.ui.look import Look
from kiosk.ui.screen_model import ButtonModel, RowModel
from kiosk.ui.widgets.button import BigButton
from kiosk.ui.widgets.part import Part
from kiosk.ui.widgets.row import Row

from kivy.graphics import ScissorPop, ScissorPush  # isort: skip

ROWS_UP = "window:rows-up"
ROWS_DOWN = "window:rows-down"
ROW_OPEN = "window:row-open"


class Viewport(Part):
    """A part that shows only what lies inside its rectangle."""

    clips = True

    def __init__(self, look: Look) -> None:
        super().__init__(look)
        with self.canvas.before:
            self._scissor = ScissorPush(x=0, y=0, width=0, height=0)
        with self.canvas.after:
            ScissorPop()

    def place(self, area: Area) -> None:
        super().place(area)
        self._scissor.x, self._scissor.y = round(self.seen.x), round(self.seen.y)
        self._scissor.width, self._scissor.height = round(area.w), round(area.h)


class PageButton(BigButton):
    """One page up or down; it stays inside the window, so nobody has to drag."""

    def __init__(self, look: Look, owner: RowList, *, up: bool) -> None:
        super().__init__(look, repeats=True)
        self._owner = owner
        self._up = up
        self.update(ButtonModel(ROWS_UP if up else ROWS_DOWN, "", icon="arrow-up" if up else "arrow-down"))

    def act(self) -> None:
        by = -1 if self._up else 1
        if self.look.manner.reach:
            self._owner.step(by)
        else:
            self._owner.page(by)


class OpenButton(BigButton):
    """Opens the marked row, for hands that do not reach the row itself."""

    def __init__(self, look: Look, owner: RowList) -> None:
        super().__init__(look)
        self._owner = owner
        self.update(ButtonModel(ROW_OPEN, "", icon="more"))

    def act(self) -> None:
        self._owner.open_marked()


class RowList(Part):
    """Row heights are measured once a row; only the rows in sight have widgets, and those are reused."""

    def __init__(self, look: Look) -> None:
        super().__init__(look)
        self._rows: tuple[RowModel, ...] = ()
        self._tops = [0.0]
        """How far under the first row's top each row begins, in px; the last one is the height of all."""
        self._known: dict[float, dict[RowModel, float]] = {}
        self._gauge = Row(look)
        self._view = Viewport(look)
        self._up = PageButton(look, self, up=True)
        self._down = PageButton(look, self, up=False)
        self._open = OpenButton(look, self)
        self._marked = 0
        self._in_sight: dict[int, Row] = {}
        self._spare: list[Row] = []
        self._offset = 0.0
        self._finger: tuple[float, float, Row | None] | None = None
        self._dragging = False

    def update(self, rows: tuple[RowModel, ...]) -> None:
        """Show these rows from now on; the list goes back to its top when the first row is another one."""
        if rows[:1] != self._rows[:1] or len(rows) != len(self._rows):
            self._offset = self._marked = 0
        self._rows = rows

    @property
    def count(self) -> int:
        return len(self._rows)

    @property
    def remote(self) -> tuple[BigButton, ...]:
        """The buttons that go from row to row from afar; their owner places them."""
        return self._up, self._down, self._open

    def step(self, by: int) -> None:
        """Mark the next row, downwards when positive, and bring all of it into sight."""
        self.mark(min(max(self._marked + by, 0), len(self._rows) - 1))

    def mark(self, place: int) -> None:
        """Mark that row and bring all of it into sight; below zero no row is marked."""
        self._marked = place
        if place < 0:
            self._draw()
            return
        top, bottom = self._tops[place : place + 2]
        self._offset = min(max(self._offset, bottom - self._view.area.h), top)
        self._draw()

    def open_marked(self) -> None:
        self.look.tapped(self._rows[self._marked].tap_id, repeats=False)

    def place(self, area: Area) -> None:
        super().place(area)
        overflows = self._measure(area.w) > area.h and not self.look.manner.reach
        if not overflows:
            self._view.place(area)
            self.hold((self._view,))
        else:
            side = self.look.px(theme.TARGET)
            buttons, rows = area.from_end(side, self.look.px(theme.GAP))
            self._measure(rows.w)
            self._view.place(rows)
            half = min((buttons.h - self.look.px(theme.GAP_SMALL)) / 2, side * 1.6)
            half = max(half, side)
            self._up.place(buttons.from_top(half)[0])
            self._down.place(buttons.from_bottom(half)[0])
            self.hold(
                (self._view, self._up, self._down)
                if area.h >= 2 * side + self.look.px(theme.GAP_SMALL)
                else (self._view, self._down)
            )
        self._draw()

    def page(self, by: int) -> None:
        """Scroll by most of a page, downwards when positive."""
        self.scroll(by * self._view.area.h * 0.8)

    def scroll(self, by_px: float) -> None:
        """Move on by so much, downwards when positive; the ends of the list hold."""
        self._scroll_to(self._offset + by_px)

    def reveal(self, tap_id: str) -> bool:
        """Scroll as little as it takes to have this row in sight whole; False when it is none of ours."""
        for row, top, bottom in zip(self._rows, self._tops, self._tops[1:], strict=False):
            if row.tap_id == tap_id:
                lowest = bottom - self._view.area.h
                self._scroll_to(min(max(self._offset, lowest), top))
                return True
        return False

    def _measure(self, width: float) -> float:
        # with and without the page buttons the list has two widths: rows are measured once for each
        known = self._known.get(width, {})
        fresh: dict[RowModel, float] = {}
        for row in self._rows:
            height = known.get(row)
            if height is None:
                self._gauge.update(row)
                height = self._gauge.height_for(width)
            fresh[row] = height
        self._known[width] = fresh
        self._tops = list(accumulate((fresh[row] for row in self._rows), initial=0.0))
        return self._tops[-1]

    def _scroll_to(self, offset: float) -> None:
        offset = round(min(max(offset, 0), max(self._tops[-1] - self._view.area.h, 0)))
        if offset != self._offset:
            self._offset = offset
            self._draw()

    def _draw(self) -> None:
        view, total = self._view.area, self._tops[-1]
        self._offset = min(self._offset, max(total - view.h, 0))
        first = max(bisect_right(self._tops, self._offset) - 1, 0)
        end = min(bisect_left(self._tops, self._offset + view.h), len(self._rows))
        places: dict[int, Area] = {}
        for number in range(first, end):
            top, bottom = self._tops[number : number + 2]
            places[number] = Area(view.x, round(view.top + self._offset - bottom), view.w, bottom - top)
        self._assign(places)
        self._enable(total)

    def _enable(self, total: float) -> None:
        up, down = self._offset > 0, self._offset < total - self._view.area.h
        if self.look.manner.reach:
            up, down = self._marked > 0, self._marked < len(self._rows) - 1
        for button, live in ((self._up, up), (self._down, down)):
            model = button.model
            if model is not None and model.enabled != live:
                button.update(ButtonModel(model.tap_id, "", icon=model.icon, enabled=live))

    def _assign(self, places: dict[int, Area]) -> None:
        """Give every row in sight a widget: the one that shows it already, else a spare one."""
        showing: dict[RowModel, list[Row]] = {}
        for widget in self._in_sight.values():
            assert widget.model is not None, "a widget in sight shows a row"
            showing.setdefault(widget.model, []).append(widget)
        chosen: dict[int, Row] = {}
        for number in places:
            same = showing.get(self._rows[number])
            if same:
                chosen[number] = same.pop()
        self._spare += [widget for left in showing.values() for widget in left]
        for number, area in places.items():
            widget = chosen.get(number) or (self._spare.pop() if self._spare else Row(self.look))
            chosen[number] = widget
            widget.update(self._rows[number])
            widget.place(area)
            if self.look.manner.reach:
                widget.mark(marked=number == self._marked)
        self._in_sight = chosen
        self._view.hold([chosen[number] for number in sorted(chosen)])

    def on_touch_down(self, touch: Any) -> bool:
        if super().on_touch_down(touch):
            return True
        if not self._view.seen.holds(touch.x, touch.y):
            return False
        if touch.is_mouse_scrolling:
            step = self.look.px(theme.ROW) * (1 if touch.button == "scrollup" else -1)
            self.scroll(step)
            return True
        touch.grab(self)
        row = None if self.look.manner.reach else self._row_at(touch.x, touch.y)
        self._finger = (touch.y, self._offset, row)
        self._dragging = False
        if row is not None:
            row.press(pressed=True)
        return True

    def on_touch_move(self, touch: Any) -> bool:
        if touch.grab_current is not self or self._finger is None:
            return bool(super().on_touch_move(touch))
        start, offset, row = self._finger
        if abs(touch.y - start) > self.look.px(3):
            self._dragging = True
            if row is not None:
                row.press(pressed=False)
        if self._dragging:
            self._scroll_to(offset + touch.y - start)
        return True

    def on_touch_up(self, touch: Any) -> bool:
        if touch.grab_current is not self or self._finger is None:
            return bool(super().on_touch_up(touch))
        touch.ungrab(self)
        _, _, row = self._finger
        self._finger = None
        if row is not None:
            row.press(pressed=False)
            if not self._dragging and self._row_at(touch.x, touch.y) is row:
                self.look.tapped(row.tap_id, repeats=False)
        return True

    def _row_at(self, x: float, y: float) -> Row | None:
        if not self._view.seen.holds(x, y):
            return None
        return next((row for row in self._in_sight.values() if row.seen.holds(x, y)), None)
