"""Owns a piece of text on the screen: wrapped to its width, aligned, tinted by its tone.

It must not know a language: the text is final. Nothing here makes a text smaller than its face.
"""

from __future__ import annotations

from enum import Enum

from assets.typesetting.clean import clean
from assets.typesetting.clusters import pieces
from assets.typesetting.isolation import bare
from kiosk.ui.area import Area
from kiosk.ui.look import Look
from kiosk.ui.theme import Face, Level, Tone
from kiosk.ui.widgets.part import Part
from kiosk.ui.wrapping import Wrapped, balanced, wrap

from kivy.graphics import Color, InstructionGroup, Rectangle  # isort: skip


class Align(Enum):
    """Where lines stand in their width."""

    START = 0.0
    CENTRE = 0.5
    END = 1.0


_SMALLER = {
    Face.HERO: Face.TITLE,
    Face.HEADLINE: Face.SUBTITLE,
    Face.LAST: Face.SUBTITLE,
    Face.TITLE: Face.BODY_STRONG,
    Face.SUBTITLE: Face.CAPTION_STRONG,
    Face.ROW: Face.CAPTION_STRONG,
    Face.KEY: Face.CAPTION_STRONG,
    Face.BODY_STRONG: Face.CAPTION_STRONG,
    Face.LABEL: Face.CAPTION,
    Face.BODY: Face.CAPTION,
}
"""What a text takes where its own size has no room."""


class Text(Part):
    """Lines of one face. `most` lines at most (0: as many as it takes), then an ellipsis.

    A sum of money may name smaller `steps` of the type scale: its digits are never torn onto two lines.
    """

    def __init__(
        self,
        look: Look,
        face: Face,
        tone: Tone,
        *,
        align: Align = Align.START,
        most: int = 0,
        steps: tuple[Face, ...] = (),
    ) -> None:
        super().__init__(look)
        self.face = self._chosen = face
        self._leading = (face, look.leading_px(face))
        self._steps = (face, *steps) if steps else ()
        self.tight = False
        """Skips the first step, where height is short."""
        self.align = align
        self.most = most
        self.value = ""
        self.tone = tone
        self._wrapped: tuple[tuple[str, int, Face, str], Wrapped] | None = None
        self._drawn: object = None
        self._colour = Color()
        self._lines = InstructionGroup()
        self.canvas.add(self._colour)
        self.canvas.add(self._lines)
        self.recolour(tone)

    def say(self, value: str) -> Text:
        """Change the text; drawn at the next `place`."""
        self.value = clean(value)
        if not self.value:  # nobody places a text that is empty: what it drew before must not stay
            self._lines.clear()
            self._drawn = None
        return self

    def recolour(self, tone: Tone) -> None:
        assert tone.level is not Level.LARGE or self.face.large, "this pair of colours is for large text only"
        self.tone = tone
        self._colour.rgb = self.look.rgb(tone.fore)

    def use(self, face: Face) -> None:
        """Change the face; drawn at the next `place`."""
        self.face = self._chosen = face

    def shrink(self, *, small: bool) -> None:
        """A smaller face of the type scale, sooner than two texts meet; never under the least size."""
        smaller = _SMALLER.get(self._chosen, self._chosen)
        if self._steps or (self.tone.level is Level.LARGE and not smaller.large):
            return
        self.face = smaller if small else self._chosen

    @property
    def longest_word(self) -> float:
        """The width in px under which a word would have to be torn."""
        measure = self.look.measure_for(self.face)
        words = self.value.replace("\n", " ").split(" ")
        return max(measure(piece) for word in words for piece in pieces(word))

    def _fit(self, width: float) -> None:
        for face in self._steps[1 if self.tight else 0 :]:
            self.face = face
            if self.look.measure_for(face)(self.value) <= width:
                return

    @property
    def leading(self) -> int:
        """Pixels from one line to the next."""
        if self._leading[0] is not self.face:
            self._leading = self.face, self.look.leading_px(self.face)
        return self._leading[1]

    @property
    def natural_width(self) -> float:
        """The width of the widest line when nothing is wrapped."""
        measure = self.look.measure_for(self.face)
        return max(measure(line) for line in self.value.split("\n"))

    @property
    def shown(self) -> str:
        """What can be read on the screen, lines joined by spaces."""
        return bare(" ".join(self._lines_at(self.area.w).lines)) if self.value else ""

    @property
    def cut(self) -> bool:
        """Whether some of the text is not on the screen."""
        return bool(self.value) and self._lines_at(self.area.w).cut

    def cut_at(self, width: float) -> bool:
        """Whether some of the text would not be seen in that width."""
        return bool(self.value) and self._lines_at(width).cut

    def lines_for(self, width: float) -> int:
        return len(self._lines_at(width).lines) if self.value else 0

    def widest_line(self, width: float) -> float:
        """The width of the widest line once wrapped to `width`."""
        measure = self.look.measure_for(self.face)
        return max(measure(line) for line in self._lines_at(width).lines)

    def height_for(self, width: float) -> float:
        self._fit(width)
        return self.lines_for(width) * self.leading

    def place(self, area: Area) -> None:
        """Take the rectangle; the lines stand in the middle of its height."""
        super().place(area)
        self._fit(area.w)
        key = (self.value, area, self.face, self.look.language)
        if key == self._drawn:
            return
        self._drawn = key
        self._lines.clear()
        if not self.value:
            return
        lines = self._lines_at(area.w).lines
        leading = self.leading
        top = area.y + (area.h + leading * len(lines)) / 2
        for number, line in enumerate(lines):
            if not line:
                continue
            drawn = self.look.line(line, self.face)
            width, height = drawn.texture.size
            x = round(area.x + (area.w - drawn.width) * self.align.value)
            y = round(top - leading * (number + 0.5) - height / 2)
            spot = self.look.seen(Area(x, y, drawn.width, height))
            pos = (spot.x - drawn.overhang, spot.y)
            self._lines.add(Rectangle(texture=drawn.texture, pos=pos, size=(width, height)))

    def _lines_at(self, width: float) -> Wrapped:
        key = (self.value, int(width), self.face, self.look.language)
        if self._wrapped is None or self._wrapped[0] != key:
            measure = self.look.measure_for(self.face)
            break_lines = balanced if self.align is Align.CENTRE else wrap
            self._wrapped = key, break_lines(self.value, int(width), measure, most=self.most)
        return self._wrapped[1]
