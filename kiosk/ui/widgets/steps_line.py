"""Owns the line of steps under a payment: done, now and next, each with its own shape.

It must not know what the steps are.
"""

from __future__ import annotations

from kiosk.ui import theme
from kiosk.ui.area import Area
from kiosk.ui.look import Look
from kiosk.ui.screen_model import Step
from kiosk.ui.theme import Face, Tone
from kiosk.ui.widgets.card import Card, Ground
from kiosk.ui.widgets.part import Part
from kiosk.ui.widgets.picture import Picture
from kiosk.ui.widgets.text import Align, Text


class _Dot(Part):
    """One step: a tick when done, its number else."""

    def __init__(self, look: Look) -> None:
        super().__init__(look)
        self._disc = Card(look, theme.SURFACE_2, radius_mm=50)
        self._number = Text(look, Face.ROW, Tone.OFF, align=Align.CENTRE)
        self._tick = Picture(look, "icons", "tick", tint=theme.PAPER)
        self._label = Text(look, Face.CAPTION, Tone.SOFT, align=Align.CENTRE)
        self._now = Text(look, Face.BODY_STRONG, Tone.PLAIN, align=Align.CENTRE)

    def update(self, step: Step, number: int) -> None:
        done, now = step.state == "done", step.state == "now"
        fill = theme.PAY if done else theme.PRIMARY if now else theme.SURFACE_2
        self._disc.paint(fill, fill if done or now else theme.EDGE)
        self._number.say("" if done else str(number))
        self._number.recolour(Tone.ON_PRIMARY if now else Tone.OFF)
        self._label.say("" if now else step.label)
        self._now.say(step.label if now else "")
        mark = self._tick if done else self._number
        self.hold((self._disc, mark, self._now if now else self._label))

    def torn_at(self, width: float) -> bool:
        """Whether a word of the step is wider than that."""
        return max(text.longest_word for text in (self._label, self._now) if text.value) > width

    def wordless(self) -> None:
        """Show the disc alone, where the words of all have no room."""
        self.hold((self._disc, self._tick if self._tick.parent is not None else self._number))
        self._label.say("")
        self._now.say("")

    @property
    def side(self) -> int:
        return (
            self.look.px(12)
            + self.look.letter_px(self._number.face)
            - self.look.px(self._number.face.size_mm)
        )

    def height_for(self, width: float) -> float:
        text = self._label.height_for(width) + self._now.height_for(width)
        return self.side + self.look.px(1.4) + text

    def place(self, area: Area) -> None:
        super().place(area)
        disc, rest = area.from_top(self.side, self.look.px(1.4))
        spot = disc.middle(self.side, self.side)
        self._disc.place(spot)
        self._number.place(spot)
        self._tick.place(spot.inset(self.look.px(2.4)))
        for text in (self._label, self._now):
            text.place(rest.from_top(text.height_for(rest.w))[0])


class StepsLine(Part):
    """Steps in equal columns, joined by a line behind their discs."""

    def __init__(self, look: Look) -> None:
        super().__init__(look)
        self._line = Ground(look, theme.HAIRLINE)
        self._dots: list[_Dot] = []
        self._count = 0
        self._steps: tuple[Step, ...] = ()
        self._now = Text(look, Face.BODY_STRONG, Tone.PLAIN, align=Align.CENTRE)
        self._alone = False

    def update(self, steps: tuple[Step, ...]) -> None:
        self._count = len(steps)
        self._steps = steps
        while len(self._dots) < len(steps):
            self._dots.append(_Dot(self.look))
        for number, (dot, step) in enumerate(zip(self._dots, steps, strict=False), start=1):
            dot.update(step, number)
        now = next((step.label for step in steps if step.state == "now"), "")
        self._now.say(now)

    def height_for(self, width: float) -> float:
        if not self._count:
            return 0
        gap = self.look.px(theme.GAP_SMALL)
        column = Area(0, 0, width, 0).columns(self._count, gap)[0]
        self._settle(column.w)
        height = max(dot.height_for(column.w) for dot in self._dots[: self._count])
        return height + (self._now.height_for(width) if self._alone else 0)

    def _settle(self, width: float) -> None:
        """Every step its words; where one were torn, the words of now alone, in a line of their own."""
        dots = self._dots[: self._count]
        for number, (dot, step) in enumerate(zip(dots, self._steps, strict=True), start=1):
            dot.update(step, number)
        self._alone = any(dot.torn_at(width) for dot in dots)
        if self._alone:
            for dot in dots:
                dot.wordless()
        self.hold((self._line, *dots, *([self._now] if self._alone else [])))

    def place(self, area: Area) -> None:
        super().place(area)
        if not self._count:
            return
        columns = area.columns(self._count, self.look.px(theme.GAP_SMALL))
        self._settle(columns[0].w)
        if self._alone:
            self._now.place(area.from_bottom(self._now.height_for(area.w))[0])
        for dot, column in zip(self._dots, columns, strict=False):
            dot.place(column)
        first, last = columns[0].centre[0], columns[-1].centre[0]
        thick = self.look.px(0.7)
        y = area.top - self._dots[0].side / 2 - thick / 2
        self._line.place(Area(first, round(y), last - first, thick))
