"""Owns groups of buttons: equal columns, or one after the other as wide as their words.

It must not know what the buttons are for. Buttons are kept and reused from one update to the next.
"""

from __future__ import annotations

from kiosk.ui import theme
from kiosk.ui.area import Area
from kiosk.ui.look import Look
from kiosk.ui.screen_model import ButtonModel
from kiosk.ui.theme import Face
from kiosk.ui.widgets.button import BigButton, Form, Kind
from kiosk.ui.widgets.part import Part


class ButtonSet(Part):
    """A changing number of buttons in equal columns; the buttons are kept and reused."""

    def __init__(
        self, look: Look, kind: Kind = Kind.PLAIN, *, face: Face = Face.BUTTON, form: Form = Form.BESIDE
    ) -> None:
        super().__init__(look)
        self._kind, self._face, self._form = kind, face, form
        self._pool: list[BigButton] = []
        self.buttons: list[BigButton] = []
        self.columns = 0
        self.gap_mm = theme.GAP
        self.stretch = False
        """Whether one line of buttons takes all the height it is given."""

    def update(self, models: tuple[ButtonModel, ...]) -> ButtonSet:
        while len(self._pool) < len(models):
            self._pool.append(BigButton(self.look, self._kind, face=self._face, form=self._form))
        self.buttons = [button.update(model) for button, model in zip(self._pool, models, strict=False)]
        self.hold(self.buttons)
        return self

    def height_for(self, width: float) -> float:
        return self._cells(Area(0, 0, width, 0))[1] if self.buttons else 0

    def place(self, area: Area) -> None:
        super().place(area)
        if not self.buttons:
            return
        cells, height = self._cells(area)
        if self.stretch and height > area.h + 1 and all(button.icon.stem for button in self.buttons):
            cells = list(area.columns(len(self.buttons), self.look.px(self.gap_mm)))  # signs without words
        for button, cell in zip(self.buttons, cells, strict=True):
            button.place(cell)

    def _columns_for(self, width: float) -> int:
        """As many as were asked for, fewer where a word would be torn."""
        gap = self.look.px(self.gap_mm)
        for columns in range(self.columns or len(self.buttons), 1, -1):
            cell = (width - gap * (columns - 1)) / columns
            if all(button.least_width <= cell for button in self.buttons):
                return columns
        return 1

    def _cells(self, area: Area) -> tuple[list[Area], float]:
        gap = self.look.px(self.gap_mm)
        columns = self._columns_for(area.w)
        width = (area.w - gap * (columns - 1)) / columns
        cells: list[Area] = []
        top = area.top
        left = list(self.buttons)
        while left:
            # a button that would stand alone under the others leads them instead, as wide as a line
            count = 1 if len(left) % columns == 1 and len(left) == len(self.buttons) > 1 else columns
            line, left = left[:count], left[count:]
            one = area.w if count == 1 else int(width)
            height = max(button.height_for(one) for button in line)
            if self.stretch and len(line) == len(self.buttons):
                height = max(height, area.h)
            strip = Area(area.x, top - height, area.w, height)
            cells += strip.columns(count, gap)[: len(line)]
            top -= height + gap
        return cells, area.top - top - gap


class Flow(Part):
    """Buttons of their natural widths, line after line."""

    def __init__(
        self,
        look: Look,
        kind: Kind = Kind.PLAIN,
        *,
        face: Face = Face.BUTTON,
        chosen_kind: Kind = Kind.CHOSEN,
    ) -> None:
        super().__init__(look)
        self._kind, self._face, self._chosen_kind = kind, face, chosen_kind
        self._pool: list[BigButton] = []
        self.buttons: list[BigButton] = []

    def update(self, models: tuple[ButtonModel, ...]) -> Flow:
        while len(self._pool) < len(models):
            button = BigButton(self.look, self._kind, face=self._face)
            button.chosen_kind = self._chosen_kind
            self._pool.append(button)
        self.buttons = [button.update(model) for button, model in zip(self._pool, models, strict=False)]
        self.hold(self.buttons)
        return self

    def height_for(self, width: float) -> float:
        cells = self._cells(Area(0, 0, width, 100_000))
        return 100_000 - min(cell.y for cell in cells) if cells else 0

    def place(self, area: Area) -> None:
        super().place(area)
        for button, cell in zip(self.buttons, self._cells(area), strict=True):
            button.place(cell)

    def _cells(self, area: Area) -> list[Area]:
        gap = self.look.px(theme.GAP_SMALL)
        height = max((b.height_for(min(b.width_for(), area.w)) for b in self.buttons), default=0)
        cells: list[Area] = []
        x, top = area.x, area.top
        for button in self.buttons:
            width = min(button.width_for(), area.w)
            if x > area.x and x + width > area.right:
                x, top = area.x, top - height - gap
            cells.append(Area(x, top - height, width, height))
            x += width + gap
        return cells
