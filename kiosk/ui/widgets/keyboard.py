"""Owns the on-screen keyboard: rows of keys at least 15 mm wide, the erase key at the end of the last.

It must not know the word being written, nor a language: the rows come from the model.
"""

from __future__ import annotations

from dataclasses import replace

from kiosk.ui import theme
from kiosk.ui.area import Area
from kiosk.ui.look import Look
from kiosk.ui.screen_model import ButtonModel
from kiosk.ui.theme import Face
from kiosk.ui.widgets.button import BigButton, Kind
from kiosk.ui.widgets.part import Part

KEY_ID = "key:{}"
"""The tap id of a character key."""


class Keyboard(Part):
    """Keys are struck fast: they repeat without the half-second filter."""

    def __init__(self, look: Look) -> None:
        super().__init__(look)
        self._pool: list[BigButton] = []
        self._rows: list[list[BigButton]] = []
        self._erase = self._key()

    def update(self, rows: tuple[tuple[str, ...], ...], erase: ButtonModel) -> None:
        letters = [letter for row in rows for letter in row]
        while len(self._pool) < len(letters):
            self._pool.append(self._key())
        keys = iter(self._pool)
        self._rows = []
        for row in rows:
            models = [ButtonModel(KEY_ID.format(letter), letter.upper()) for letter in row]
            self._rows.append([next(keys).update(model) for model in models])
        self._erase.update(replace(erase, label="") if erase.icon else erase)  # a key is too narrow for both
        if self._rows:
            self._rows[-1].append(self._erase)
        self.hold([key for line in self._rows for key in line])

    def _key(self) -> BigButton:
        key = BigButton(self.look, Kind.KEY, face=Face.KEY, repeats=True)
        key.least_mm = theme.KEY
        return key

    @property
    def _row_height(self) -> int:
        return self.look.px(theme.KEY + 2)

    def height_for(self, width: float) -> float:  # noqa: ARG002
        gap = self.look.px(theme.GAP_SMALL)
        return len(self._rows) * (self._row_height + gap) - gap if self._rows else 0

    def place(self, area: Area) -> None:
        super().place(area)
        gap = self.look.px(1.6)
        widest = max((len(row) for row in self._rows), default=1)
        unit = int((area.w - gap * (widest - 1)) / widest)
        rest = area
        for row in self._rows:
            line, rest = rest.from_top(self._row_height, self.look.px(theme.GAP_SMALL))
            free = area.w - len(row) * unit - (len(row) - 1) * gap
            wide = int(free) if row[-1] is self._erase else 0
            wide = min(wide, unit)
            x = round(line.x + (free - wide) / 2)
            for key in row:
                width = unit + (wide if key is self._erase else 0)
                key.place(Area(x, round(line.y), width, line.h))
                x += width + gap
