"""Owns the number pad: twelve keys of 20 mm in the order of a telephone, with erase and OK in its last line.

It must not know what is typed: a digit goes to the lane and comes back as a dot or an amount.
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

DIGIT_ID = "digit:{}"
"""The tap id of a digit's key."""

_ROWS = {4: ("123", "456", "789", "0"), 2: ("12345", "67890")}
"""Lines of digits by how many lines the pad takes. Erase and OK stand around the last one of a high pad, and
at the ends of the lines of a flat one."""
_KEY_WIDTH_MM = 34.0
_KEY_WIDTH_PORTRAIT_MM = 46.0


class NumberPad(Part):
    """Keys are struck fast: they repeat without the half-second filter; OK does not."""

    def __init__(self, look: Look) -> None:
        super().__init__(look)
        self._keys = {digit: self._key() for digit in "1234567890"}
        for digit, key in self._keys.items():
            key.update(ButtonModel(DIGIT_ID.format(digit), digit))
        self._erase = self._key()
        self._ok = BigButton(look, Kind.PRIMARY, face=Face.ROW)
        self.lines = 4
        """Four as on a telephone, or two where the keys have to be low."""
        self.hold([*self._keys.values(), self._erase, self._ok])

    def update(self, erase: ButtonModel, ok: ButtonModel) -> None:
        self._erase.update(replace(erase, label=""))  # the sign says it, as on every keyboard
        self._ok.update(ok)

    def _key(self) -> BigButton:
        return BigButton(self.look, Kind.KEY, face=Face.KEY, repeats=True)

    @property
    def _line(self) -> int:
        short = self.look.panel.landscape or self.look.manner.reach
        least = theme.TARGET if short else theme.PRIMARY_HEIGHT
        word = min(int(self._ok.height_for(self.look.px(_KEY_WIDTH_MM))), self.look.px(theme.PRIMARY_HEIGHT))
        return max(self.look.px(least), word)  # a word of two lines leaves its tick alone

    def width_for(self) -> float:
        key = _KEY_WIDTH_MM if self.look.panel.landscape else _KEY_WIDTH_PORTRAIT_MM
        return 3 * self.look.px(key) + 2 * self.look.px(theme.GAP_SMALL)

    def height_for(self, width: float) -> float:  # noqa: ARG002
        return self.lines * self._line + (self.lines - 1) * self.look.px(theme.GAP_SMALL)

    def place(self, area: Area) -> None:
        super().place(area)
        gap = self.look.px(theme.GAP_SMALL)
        rest = self.seen  # figures keep their places in every language
        lines: list[list[BigButton]] = [[self._keys[digit] for digit in row] for row in _ROWS[self.lines]]
        if self.lines == 2:
            lines[0].append(self._erase)
        else:
            lines[-1].insert(0, self._erase)
        lines[-1].append(self._ok)
        for keys in lines:
            line, rest = rest.from_top(self._line, gap)
            for key, cell in zip(keys, line.columns(len(keys), gap), strict=True):
                key.place(self.look.seen(cell))
