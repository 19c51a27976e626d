"""Owns the list of questions and the screen of one answer.

It must not know what is asked or answered: titles, pictures and lines are finished texts.
"""

from __future__ import annotations

from dataclasses import replace

from kiosk.ui import theme
from kiosk.ui.area import Area
from kiosk.ui.look import Look
from kiosk.ui.screen_model import AnswerLine, AnswerModel, QuestionsModel, ScreenModel
from kiosk.ui.screens.screen import Frame, Screen
from kiosk.ui.theme import Face, Tone
from kiosk.ui.widgets.badge import Badge
from kiosk.ui.widgets.button import BigButton, Form, Kind
from kiosk.ui.widgets.button_set import ButtonSet
from kiosk.ui.widgets.card import Card
from kiosk.ui.widgets.part import Item, Part, column
from kiosk.ui.widgets.text import Text

_LINE_MM = 162.0
"""An answer is read, so its lines are no longer than some sixty letters (UX R6)."""
_LINE_WIDE_MM = 210.0
_MOST_MM, _FEW_MOST_MM = 50.0, 72.0
"""No tile is higher, and none is where there are few."""
_LINE_FACES = ((Face.LABEL, Face.SUBTITLE), (Face.CAPTION, Face.CAPTION_STRONG))


class QuestionsScreen(Screen[QuestionsModel]):
    """Tiles of a picture and a few words: two columns in portrait, up to four in landscape."""

    uses_foot = True

    def __init__(self, look: Look) -> None:
        super().__init__(look)
        self._title = Text(look, Face.TITLE, Tone.PLAIN)
        self._pool: list[BigButton] = []
        self._tiles: list[BigButton] = []
        self._previous = BigButton(look)
        self._next = BigButton(look)
        self._pager: list[BigButton] = []

    def update(self, body: QuestionsModel, model: ScreenModel) -> None:  # noqa: ARG002
        self._title.say(body.title)
        while len(self._pool) < len(body.tiles):
            form = Form.LEADING if self._is_flat else Form.STACKED
            self._pool.append(BigButton(self.look, face=Face.BUTTON_SMALL, form=form))
        self._tiles = [tile.update(item) for tile, item in zip(self._pool, body.tiles, strict=False)]
        pairs = ((self._previous, body.previous), (self._next, body.next))
        self._pager = [button.update(item) for button, item in pairs if item is not None]

    @property
    def _least_columns(self) -> int:
        return 2

    @property
    def _is_flat(self) -> bool:
        """Large letters want the height that a picture over them would take."""
        return self.look.manner.large or self.look.manner.reach

    def base_height(self, width: float) -> float:
        if not self.look.manner.reach:
            return 0
        columns = self._columns_low(width)
        return self._height_low(width, columns)

    def _columns_low(self, width: float) -> int:
        """The columns with which all tiles stand lowest and no word is torn."""
        gap = self.look.px(theme.GAP_SMALL)
        fitting = [
            columns
            for columns in (1, 2, 3, 4)
            if all(tile.least_width <= (width - gap * (columns - 1)) / columns for tile in self._tiles)
        ]
        return min(fitting or [1], key=lambda columns: self._height_low(width, columns))

    def _height_low(self, width: float, columns: int) -> float:
        gap = self.look.px(theme.GAP_SMALL)
        cell = int((width - gap * (columns - 1)) / columns)
        lines = -(-len(self._tiles) // columns)
        return lines * (max((tile.height_for(cell) for tile in self._tiles), default=0) + gap) - gap

    def arrange(self, frame: Frame) -> None:
        gap = self.look.px(theme.GAP)
        if self.look.manner.reach:
            gap, rest = self.look.px(theme.GAP_SMALL), frame.base
            height = self._title.height_for(frame.main.w)
            self._title.place(frame.main.from_bottom(height)[0])
            columns = self._columns_low(rest.w)
        else:
            title, rest = frame.main.from_top(self._title.height_for(frame.main.w), gap)
            self._title.place(title)
            columns = self._columns(rest)
        lines = max(-(-len(self._tiles) // columns), 1)
        most = self.look.px(_FEW_MOST_MM if self.look.manner.simple else _MOST_MM)
        height = min(round((rest.h - gap * (lines - 1)) / lines), most)
        for start in range(0, len(self._tiles), columns):
            line, rest = rest.from_top(height, gap)
            shown = self._tiles[start : start + columns]
            for tile, cell in zip(shown, line.columns(columns, gap), strict=False):
                tile.place(cell)
        previous, following = frame.foot.columns(2, gap) if len(self._pager) == 2 else (frame.foot,) * 2
        for button in self._pager:
            button.place(previous if button is self._previous else following)
        self.hold([self._title, *self._tiles, *self._pager])

    def least_height(self, width: float) -> float:
        """The title and the tiles as they stand lowest, so that a banner leaves its reasons out before."""
        gap = self.look.px(theme.GAP)
        upright = 1 if self.look.manner.simple else self._least_columns
        columns = 3 if self.look.panel.landscape else upright
        cell = (width - gap * (columns - 1)) / columns
        tile = max((tile.height_for(cell) for tile in self._tiles), default=0)
        lines = -(-len(self._tiles) // columns)
        return self._title.height_for(width) + lines * (tile + gap)

    def _columns(self, area: Area) -> int:
        """As few columns as the height allows: wide tiles keep their words in one or two lines."""
        gap = self.look.px(theme.GAP)
        if self.look.manner.simple:
            return max(len(self._tiles), 1) if self.look.panel.landscape else 1
        for columns in range(self._least_columns, 5):
            lines = -(-len(self._tiles) // columns)
            width = area.columns(columns, gap)[0].w
            needed = max((tile.height_for(width) for tile in self._tiles), default=0)
            if columns > 2 and any(tile.least_width > width for tile in self._tiles):
                return columns - 1
            if needed * lines + gap * (lines - 1) <= area.h:
                return columns
        return 4


class AnswerScreen(Screen[AnswerModel]):
    """The picture and the title, the lines, and under them whether it helped."""

    uses_foot = True

    def __init__(self, look: Look) -> None:
        super().__init__(look)
        face = Face.TITLE if look.panel.landscape else Face.HEADLINE
        self._title = Text(look, face, Tone.PLAIN)
        self._badges: dict[str, Badge] = {}
        self._badge: Badge | None = None
        self._lines: list[_Line] = []
        self._pool: list[_Line] = []
        self._asked = Text(look, Face.LABEL, Tone.SOFT)
        self._buttons = ButtonSet(look, face=Face.BUTTON)
        self._close = BigButton(look, Kind.PRIMARY, face=Face.ROW)

    def update(self, body: AnswerModel, model: ScreenModel) -> None:  # noqa: ARG002
        self._title.say(body.title)
        if body.icon not in self._badges:
            self._badges[body.icon] = Badge(self.look, body.icon, theme.PRIMARY, theme.PRIMARY_SOFT)
        self._badge = self._badges[body.icon]
        while len(self._pool) < len(body.lines):
            self._pool.append(_Line(self.look))
        self._lines = [part.show(line) for part, line in zip(self._pool, body.lines, strict=False)]
        self._asked.say(body.asked)
        self._buttons.columns = max(len(body.buttons), 1)
        self._buttons.update(body.buttons)
        self._close.update(body.close)

    def _asked_width(self, width: float) -> float:
        """Beside its buttons where the screen is wide, else the whole line above them."""
        share = 0.34 if len(self._buttons.buttons) > 1 else 0.62
        return round(width * share) if self.look.panel.landscape and self._buttons.buttons else width

    def base_height(self, width: float) -> float:
        gap, beside = self.look.px(theme.GAP), self._asked_width(width)
        asked = self._asked.height_for(beside)
        if not self._buttons.buttons:
            return asked
        if beside < width:
            return max(asked, self._buttons.height_for(width - beside - gap))
        return asked + gap + self._buttons.height_for(width)

    def least_height(self, width: float) -> float:
        line = self._line_width(width)
        return sum(item.part.height_for(line) + item.gap for item in self._words(line))

    def arrange(self, frame: Frame) -> None:
        gap = self.look.px(theme.GAP)
        beside = self._asked_width(frame.base.w)
        if beside < frame.base.w:
            asked, rest = frame.base.from_start(beside, gap)
        else:
            asked, rest = frame.base.from_top(self._asked.height_for(beside), gap)
        self._asked.place(asked)
        self._buttons.place(rest)
        self._close.place(frame.foot)
        parts: list[Part] = [self._asked, self._close]
        parts += [self._buttons] if self._buttons.buttons else []
        self.hold([*parts, *self._arrange_words(frame.main.inset(0, self.look.px(theme.GAP_SMALL)))])

    def _arrange_words(self, area: Area) -> list[Part]:
        assert self._badge is not None, "update comes before arrange"
        line = self._line_width(area.w)
        for step in range(len(_LINE_FACES)):  # smaller letters only where the answer would not fit otherwise
            for part in self._lines:
                part.step = step
            if self.least_height(area.w) <= area.h:
                break
        words = self._words(line)
        if line < area.w and self.look.panel.landscape:
            start, rest = area.from_end(line)[1], area.from_end(line)[0]
            side = min(start.h, start.w - self.look.px(theme.MARGIN), self.look.px(72))
            if side >= self.look.px(30):
                self._badge.place(start.middle(side, side))
                return [self._badge, *column(rest, words)]
        picture = Item(self._badge, least=self.look.px(18), most=self.look.px(64))
        return column(area, [picture, *words])

    def _line_width(self, width: float) -> float:
        """Some sixty letters; beside the picture of a landscape answer a little more, for height is short."""
        most = _LINE_WIDE_MM if self.look.panel.landscape else _LINE_MM
        return min(self.look.px(most) * self.look.line_px / self.look.px(theme.LINE), width)

    def _words(self, line: float) -> list[Item]:
        gap = self.look.px(theme.GAP)
        return [
            Item(self._title, gap=gap, width=line, spare=1),
            *(Item(p, gap=gap, width=line) for p in self._lines),
        ]


class _Line(Part):
    """One line of an answer, with a dot before it if it is a point of a list."""

    def __init__(self, look: Look) -> None:
        super().__init__(look)
        self._faces = tuple((Text(look, p, Tone.PLAIN), Text(look, s, Tone.PLAIN)) for p, s in _LINE_FACES)
        self.step = 0
        self._dot = Card(look, theme.PRIMARY, radius_mm=5)
        self._line = AnswerLine("")

    def show(self, line: AnswerLine) -> _Line:
        self._line = line
        for plain, strong in self._faces:
            (strong if line.strong else plain).say(line.text)
        return self

    @property
    def _text(self) -> Text:
        plain, strong = self._faces[self.step]
        return strong if self._line.strong else plain

    @property
    def _indent(self) -> int:
        return self.look.px(7) if self._line.point else 0

    def height_for(self, width: float) -> float:
        return self._text.height_for(width - self._indent)

    def place(self, area: Area) -> None:
        super().place(area)
        start, rest = area.from_start(self._indent)
        self._text.place(rest if self._line.point else area)
        if not self._line.point:
            self.hold((self._text,))
            return
        side, first = self.look.px(2.4), start.from_top(self._text.leading)[0]
        dot = first.middle(side, side)
        self._dot.place(
            replace(dot, y=dot.y - self.look.px(0.5))
        )  # the middle of small letters, not of lines
        self.hold((self._dot, self._text))
