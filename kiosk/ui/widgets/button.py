"""Owns the one way to be touched: BigButton acts on release inside itself and shows the press at once.

It must not know what its tap id means. No other part of the window reads a touch, the rows' list excepted.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Any, Protocol

from kiosk.ui import theme
from kiosk.ui.area import Area
from kiosk.ui.look import Look
from kiosk.ui.screen_model import ButtonModel
from kiosk.ui.theme import Colour, Face, Tone
from kiosk.ui.widgets.card import Card
from kiosk.ui.widgets.part import Part
from kiosk.ui.widgets.picture import Picture
from kiosk.ui.widgets.text import Align, Text


@dataclass(frozen=True, slots=True)
class Paint:
    """How a button looks at rest and under a finger. The label's colours come from its tone."""

    tone: Tone
    edge: Colour | None
    pressed: Colour
    edge_mm: float = theme.EDGE_WIDTH


class Kind(Enum):
    """The kinds of button there are; one primary at most on a screen."""

    PLAIN = Paint(Tone.PLAIN, theme.EDGE, theme.SURFACE_2)
    QUIET = Paint(Tone.PLAIN, None, theme.SURFACE_2)
    PRIMARY = Paint(Tone.ON_PRIMARY_DEEP, None, theme.PRIMARY)
    PAY = Paint(Tone.ON_PAY, None, theme.PAY_DEEP)
    HELP = Paint(Tone.ON_HELP, None, theme.HELP_DEEP)
    HELP_CALLED = Paint(Tone.HELP_LINE, theme.HELP, theme.HELP_SOFT, theme.EDGE_WIDE)
    HELP_CHOSEN = Paint(Tone.ON_HELP, theme.HELP, theme.HELP_DEEP)
    CHOSEN = Paint(Tone.INK_PRIMARY_SOFT, theme.PRIMARY, theme.SURFACE_2, theme.EDGE_WIDE)
    DANGER = Paint(Tone.REMOVE, theme.DANGER, theme.DANGER_SOFT)
    NIGHT = Paint(Tone.ON_NIGHT, theme.NIGHT_EDGE, theme.NIGHT_2)
    NIGHT_QUIET = Paint(Tone.ON_NIGHT, None, theme.NIGHT_2)
    NIGHT_CHOSEN = Paint(Tone.NIGHT_CHOSEN, None, theme.AMBER_SOFT)
    KEY = Paint(Tone.INK_SURFACE, theme.HAIRLINE, theme.HAIRLINE)
    OFF = Paint(Tone.OFF, None, theme.SURFACE_2)

    @property
    def paint(self) -> Paint:
        return self.value


class Pages(Protocol):
    """What shows more than fits, one part after the other."""

    def turn(self) -> None:
        """Show the next part; after the last comes the first."""


class Form(Enum):
    """How icon and label stand to one another."""

    BESIDE = "beside"
    STACKED = "stacked"
    LEADING = "leading"  # from the start edge, as in a list


_CHOSEN = {Kind.PLAIN: Kind.CHOSEN, Kind.NIGHT: Kind.NIGHT_CHOSEN, Kind.KEY: Kind.CHOSEN}


class BigButton(Part):
    """A target of at least 20 mm each way (keys: 15 mm); its owner places it at no less than `height_for`."""

    def __init__(
        self,
        look: Look,
        kind: Kind = Kind.PLAIN,
        *,
        face: Face = Face.BUTTON,
        form: Form = Form.BESIDE,
        repeats: bool = False,
    ) -> None:
        super().__init__(look)
        self.kind = kind
        self.form = form
        self.repeats = repeats
        self.icon_mm = theme.ICON_LARGE if form is Form.STACKED else theme.ICON
        self.least_mm = theme.TARGET
        self.padding_mm = 1.0 if form is Form.STACKED else theme.GAP_SMALL
        self.model: ButtonModel | None = None
        self.card = Card(look, theme.PAPER)
        self.icon = Picture(look, "icons")
        self.icon_tint: Colour | None = None
        self.chosen_kind = _CHOSEN.get(kind)
        align = Align.START if form is Form.LEADING else Align.CENTRE
        self.label = Text(look, face, kind.paint.tone, align=align)
        self._pressed = False
        self.turns: Pages | None = None
        """Whose next page a tap shows, where the button leads to no other screen."""
        self.hold((self.card, self.icon, self.label))

    def update(self, model: ButtonModel) -> BigButton:
        """Show this model from now on."""
        self.model = model
        self.tap_id = model.tap_id
        self.enabled = model.enabled
        self.label.say(model.label)
        self.icon.choose(self._stem)
        self._repaint()
        return self

    @property
    def _stem(self) -> str:
        """The icon; what is chosen shows a tick, so that colour is never all that tells it."""
        if self.model is None:
            return ""
        return "tick" if self.model.chosen and self.chosen_kind is not None else self.model.icon

    @property
    def shown_kind(self) -> Kind:
        if not self.enabled:
            return Kind.OFF
        chosen = self.model is not None and self.model.chosen
        return self.chosen_kind if chosen and self.chosen_kind is not None else self.kind

    def width_for(self, padding_mm: float = theme.GAP_LARGE - 1) -> float:
        """The width in px that keeps the label on one line with so much room on either side."""
        beside = self._icon_side if self.form is not Form.STACKED else 0
        width = self.label.natural_width + 1 + beside + 2 * self.look.px(padding_mm)
        return max(round(width), self.look.px(self.least_mm))

    @property
    def least_width(self) -> float:
        """The width in px under which a word would be torn; an icon would go before."""
        return self.label.longest_word + 2 * self._padding

    def height_for(self, width: float) -> float:
        self._drop_icon(width)
        text = self.label.height_for(width - 2 * self._padding - self._beside)
        if self.form is Form.STACKED and self.icon.stem:
            text += self.look.px(self.icon_mm) + self.look.px(1)
        padding = theme.GAP * 2 if self.form is Form.STACKED else 2.6
        return max(round(text + self.look.px(padding)), self.look.px(self.least_mm))

    def place(self, area: Area) -> None:
        super().place(area)
        self._drop_icon(area.w)
        if self._lacks_tick:
            self._repaint()
        self.card.place(area)
        wordless = self._has_no_room_for_words(area)
        self.hold((self.card, self.icon) if wordless else (self.card, self.icon, self.label))
        if wordless:
            self.icon.choose(self._stem)
            self.icon.place(area.middle(self.look.px(self.icon_mm), self.look.px(self.icon_mm)))
            return
        if self.form is Form.STACKED and self.icon.stem:
            self._place_stacked(area)
            return
        inner = area.inset(self._padding, 0)
        if not self.icon.stem:
            self.label.place(inner)
            return
        side = self.look.px(self.icon_mm)
        if not self.label.value:
            self.icon.place(area.middle(side, side))
            return
        room = inner.w - self._icon_side
        used = self._icon_side + self.label.widest_line(room)
        start = 0 if self.form is Form.LEADING else max((inner.w - used) / 2, 0)
        spot = Area(round(inner.x + start), area.y, side, area.h)
        self.icon.place(spot.middle(side, side))
        label = Area(spot.x + self._icon_side, area.y, round(used - self._icon_side), area.h)
        self.label.place(label)

    def _place_stacked(self, area: Area) -> None:
        icon = self.look.px(self.icon_mm)
        gap = self.look.px(0.8)
        inner = area.inset(self._padding, 0)
        text = self.label.height_for(inner.w)
        block = area.middle(inner.w, icon + gap + text)
        top, rest = block.from_top(icon, gap)
        self.icon.place(top)
        self.label.place(rest)

    def _has_no_room_for_words(self, area: Area) -> bool:
        """Whether the sign has to stand alone: better than a word torn, or words that leave the button."""
        if not self._stem or not self.label.value:
            return False
        beside = self._beside if self.icon.stem else 0
        room = area.w - 2 * self._padding - beside
        if self.label.longest_word > room + 1:
            return True
        over = self.look.px(self.icon_mm) if self.form is Form.STACKED and self.icon.stem else 0
        return self.label.height_for(room) + over > area.h + self.look.px(1)

    def _drop_icon(self, width: float) -> None:
        """An icon beside a label goes where it would tear a word in two."""
        if self.form is Form.STACKED or not self._stem or not self.label.value:
            return
        self.icon.choose(self._stem)
        room = width - 2 * self._padding - self._icon_side
        if self.label.longest_word > room:
            self.icon.choose("")

    @property
    def _padding(self) -> int:
        return self.look.px(self.padding_mm)

    @property
    def _icon_side(self) -> int:
        return self.look.px(self.icon_mm) + self.look.px(theme.GAP_SMALL) if self.icon.stem else 0

    @property
    def _beside(self) -> int:
        return 0 if self.form is Form.STACKED or not self.label.value else self._icon_side

    @property
    def _lacks_tick(self) -> bool:
        """Chosen, with no room for the tick: a thick frame says so then, for colour never does alone."""
        return self._stem == "tick" and not self.icon.stem and self.enabled and self.chosen_kind is not None

    def _repaint(self) -> None:
        paint = self.shown_kind.paint
        fill = paint.pressed if self._pressed else paint.tone.back
        self.card.thicken(theme.EDGE_CHOSEN if self._lacks_tick else paint.edge_mm)
        self.card.paint(fill, paint.edge or (theme.BRIGHT if self._lacks_tick else None))
        self.label.recolour(paint.tone)
        self.icon.tint((self.enabled and self.icon_tint) or paint.tone.fore)

    def _press(self, pressed: bool) -> None:  # noqa: FBT001
        if pressed == self._pressed:
            return
        self._pressed = pressed
        self._repaint()
        self.card.place(self.area.inset(self.look.px(0.4)) if pressed else self.area)

    def touchable(self) -> bool:
        return True

    def on_touch_down(self, touch: Any) -> bool:
        """Take the finger; nothing is decided before it is lifted (WCAG 2.5.2)."""
        if not self.seen.holds(touch.x, touch.y):
            return False
        if self.enabled:
            touch.grab(self)
            self._press(True)  # noqa: FBT003
        return True

    def on_touch_move(self, touch: Any) -> bool:
        if touch.grab_current is not self:
            return False
        self._press(self.seen.holds(touch.x, touch.y))
        return True

    def on_touch_up(self, touch: Any) -> bool:
        if touch.grab_current is not self:
            return False
        touch.ungrab(self)
        self._press(False)  # noqa: FBT003
        if self.enabled and self.tap_id and self.seen.holds(touch.x, touch.y):
            self.act()
        return True

    def act(self) -> None:
        """What a completed tap does."""
        if self.turns is not None:
            if self.look.counts(self.tap_id):
                self.turns.turn()
            return
        self.look.tapped(self.tap_id, repeats=self.repeats)
