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
_BETWEEN = 2.0  # mm from key to key: ten keys of 15 mm and their gaps fit where the glass is narrowest
_PADDING = 0.4

_PAD_KEYS = 4
_PAD_KEY_MM = 34.0


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
            models = [ButtonModel(KEY_ID.format(letter), letter) for letter in row]
            self._rows.append([next(keys).update(model) for model in models])
        self._erase.update(replace(erase, label="") if erase.icon else erase)  # a key is too narrow for both
        if self._rows:
            self._rows[-1].append(self._erase)
        self.hold([key for line in self._rows for key in line])

    def _key(self) -> BigButton:
        key = BigButton(self.look, Kind.KEY, face=Face.KEY, repeats=True)
        key.least_mm = theme.KEY
        key.padding_mm = _PADDING
        return key

    @property
    def _is_pad(self) -> bool:
        """Three figures a row and a sign: a number pad has larger keys and stands in the middle."""
        return 0 < max((len(row) for row in self._rows), default=0) <= _PAD_KEYS

    @property
    def _row_height(self) -> int:
        if self.look.manner.reach:  # height is what a low screen lacks
            return self.look.px(theme.KEY)
        return self.look.px(theme.TARGET if self._is_pad else theme.KEY + 2)

    @property
    def _row_gap(self) -> int:
        return self.look.px(_BETWEEN if self.look.manner.reach else theme.GAP_SMALL)

    def height_for(self, width: float) -> float:  # noqa: ARG002
        gap = self._row_gap
        return len(self._rows) * (self._row_height + gap) - gap if self._rows else 0

    def place(self, area: Area) -> None:
        super().place(area)
        area = self.seen  # letters keep their places: a keyboard is learnt by hand
        gap = self.look.px(_BETWEEN)
        widest = max((len(row) for row in self._rows), default=1)
        unit = int((area.w - gap * (widest - 1)) / widest)
        if self._is_pad:
            unit = min(unit, self.look.px(_PAD_KEY_MM))
        rest = area
        for row in self._rows:
            line, rest = rest.from_top(self._row_height, self._row_gap)
            free = area.w - len(row) * unit - (len(row) - 1) * gap
            wide = int(free) if row[-1] is self._erase and not self._is_pad else 0
            wide = min(wide, unit)
            x = round(line.x + (free - wide) / 2)
            for key in row:
                width = unit + (wide if key is self._erase else 0)
                key.padding_mm = _PADDING
                key.label.shrink(small=False)
                key.label.shrink(small=key.least_width > width)  # some letters of Arabic are very wide
                if key.least_width > width:
                    key.padding_mm = 0
                key.place(self.look.seen(Area(x, round(line.y), width, line.h)))
                x += width + gap
