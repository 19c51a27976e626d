"""Owns the three low buttons that go through what stands high: the one before, the next one, open it.

It must not know what is gone through: its owner steps and opens. They stay inside the window.
"""

from __future__ import annotations

from typing import Protocol

from kiosk.ui import theme
from kiosk.ui.area import Area
from kiosk.ui.look import Look
from kiosk.ui.screen_model import ButtonModel
from kiosk.ui.widgets.button import BigButton
from kiosk.ui.widgets.part import Part

CHOICE_UP = "window:choice-up"
CHOICE_DOWN = "window:choice-down"
CHOICE_OPEN = "window:choice-open"


class Stepped(Protocol):
    """Whoever marks one of its parts, and opens it."""

    def step(self, by: int) -> None:
        """Mark the next part, or the one before where `by` is negative."""

    def open_marked(self) -> None:
        """Do what a tap on the marked part would do."""


class _StepButton(BigButton):
    def __init__(self, look: Look, owner: Stepped, by: int) -> None:
        super().__init__(look, repeats=True)
        self._owner, self._by = owner, by

    def act(self) -> None:
        if self._by:
            self._owner.step(self._by)
        else:
            self._owner.open_marked()


class Steps(Part):
    """One target each, in the order of the basket's row buttons.

    Where the glass is narrow there is none upwards: after the last comes the first again.
    """

    def __init__(self, look: Look, owner: Stepped) -> None:
        super().__init__(look)
        self._round = not look.panel.landscape
        self._up, self._down = _StepButton(look, owner, -1), _StepButton(look, owner, 1)
        self._open = _StepButton(look, owner, 0)
        self._shown = (self._down, self._open) if self._round else (self._up, self._down, self._open)
        self.hold(self._shown)
        self.allow(place=0, count=0)

    def after(self, place: int, by: int, count: int) -> int:
        """Which of `count` parts is marked when `by` are gone on from `place`."""
        return (place + by) % count if self._round else min(max(place + by, 0), count - 1)

    def allow(self, *, place: int, count: int, opens: bool = True) -> None:
        """What is possible with `place` marked of `count` parts; `opens`: that one can be opened."""
        self._up.update(ButtonModel(CHOICE_UP, "", "arrow-up", enabled=place > 0))
        more = count > 1 if self._round else place < count - 1
        self._down.update(ButtonModel(CHOICE_DOWN, "", "arrow-down", enabled=more))
        self._open.update(ButtonModel(CHOICE_OPEN, "", "more", enabled=opens and count > 0))

    @property
    def width_px(self) -> int:
        count = len(self._shown)
        return count * self.look.px(theme.TARGET) + (count - 1) * self.look.px(theme.GAP_SMALL)

    def height_for(self, width: float) -> float:  # noqa: ARG002
        return self.look.px(theme.TARGET)

    def place(self, area: Area) -> None:
        super().place(area)
        rest = area
        for button in self._shown:
            spot, rest = rest.from_start(self.look.px(theme.TARGET), self.look.px(theme.GAP_SMALL))
            button.place(spot)
