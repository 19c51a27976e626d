"""Owns what one layout put on the glass, for probes to look at, and the stages on which layouts are made.

It must not judge anything. Everything here is called on the window's thread.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from kiosk.ui.area import Area
from kiosk.ui.manner import Manner, manner_of
from kiosk.ui.screen_model import ScreenModel
from kiosk.ui.theme import Face, Panel

Rgb = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Ground:
    """A filled shape: where in the order of drawing it stands, what of it is seen, and its colour."""

    order: int
    area: Area
    rgb: Rgb


@dataclass(frozen=True, slots=True)
class Written:
    """A text in sight: the rectangle its letters take and the one they may be seen in."""

    order: int
    part: Any
    letters: Area
    clip: Area


class Glass:
    """The parts of a stage with their clips, back to front; what probes ask often is worked out once."""

    def __init__(self, walk: Iterable[tuple[Any, Area]], model: ScreenModel | None = None) -> None:
        self.parts = list(walk)
        self.model = model

    def __iter__(self) -> Iterator[tuple[Any, Area]]:
        return iter(self.parts)

    @property
    def stage(self) -> Any:
        return self.parts[0][0]

    @property
    def window(self) -> Area:
        area: Area = self.stage.area
        return area

    @cached_property
    def modal(self) -> Any | None:
        """The sheet or cover that takes everything behind it out of reach."""
        return next((part for part, _ in self.parts if getattr(part, "modal", False)), None)

    @cached_property
    def _in_front(self) -> set[int]:
        if self.modal is None:
            return {id(part) for part, _ in self.parts}
        shown = (self.modal, *self.stage.fixed)
        return {id(part) for part, _ in self.parts if any(each in lineage(part) for each in shown)}

    def in_front(self, part: Any) -> bool:
        """Whether no sheet lies over the part."""
        return id(part) in self._in_front

    @cached_property
    def targets(self) -> list[tuple[Any, Area]]:
        """Everything to touch with the rectangle of it that is in sight."""
        from kiosk.ui.widgets.button import BigButton  # noqa: PLC0415  (imports Kivy)
        from kiosk.ui.widgets.row import Row  # noqa: PLC0415

        found = []
        for part, clip in self.parts:
            if isinstance(part, BigButton | Row) and part.tap_id:
                seen = part.seen.overlap(clip)
                if seen is not None:
                    found.append((part, seen))
        return found

    @cached_property
    def texts(self) -> list[Written]:
        from kiosk.ui.widgets.text import Text  # noqa: PLC0415

        found = []
        for order, (part, clip) in enumerate(self.parts):
            if isinstance(part, Text) and part.value and part.seen.overlap(clip) is not None:
                width, height = part.widest_line(part.area.w), part.height_for(part.area.w)
                x = part.area.x + (part.area.w - width) * part.align.value
                letters = part.look.seen(Area(x, part.area.centre[1] - height / 2, width, height))
                found.append(Written(order, part, letters, clip))
        return found

    @cached_property
    def grounds(self) -> list[Ground]:
        """Every opaque shape that text may stand on, back to front, in the colour it is drawn in."""
        from kiosk.ui.widgets.card import Card  # noqa: PLC0415
        from kiosk.ui.widgets.card import Ground as Flat  # noqa: PLC0415

        found = []
        for order, (part, clip) in enumerate(self.parts):
            if not isinstance(part, Card | Flat):
                continue
            seen = part.seen.overlap(clip)
            if seen is not None and part.filled is not None:
                found.append(Ground(order, seen, part.filled))
        return found


def lineage(part: Any) -> list[Any]:
    """A part and what it stands in, the nearest first."""
    chain = [part]
    while chain[-1].parent is not None and chain[-1].parent is not chain[-1]:
        chain.append(chain[-1].parent)
    return chain


class Board:
    """Stages outside the window, one a panel and manner: layouts are made in place, and no frame is drawn."""

    def __init__(self) -> None:
        self._stages: dict[tuple[Panel, Manner], Any] = {}

    def lay_out(self, model: ScreenModel, panel: Panel, manner: Manner | None = None) -> Glass:
        """Everything of the model in its place on such a panel, each line of text set."""
        from kiosk.ui.hand import _parts  # noqa: PLC0415  (imports Kivy)
        from kiosk.ui.widgets.row_list import RowList  # noqa: PLC0415

        key = panel, manner or manner_of(model, still=True)
        stage = self._stages.get(key)
        if stage is None:
            self._stages[key] = stage = _stage(*key)
        for part, _ in _parts(stage, stage.area):
            if isinstance(part, RowList):
                part._offset = part._marked = 0  # as when the screen is first met
        stage.show(model)
        return Glass(_parts(stage, stage.area), model)


def _stage(panel: Panel, manner: Manner) -> Any:
    """A stage like the window's, whose lines are measured, not inked: what is inked is as wide (setter)."""
    from kiosk.ui.look import Look  # noqa: PLC0415  (imports Kivy)
    from kiosk.ui.stage import Stage  # noqa: PLC0415
    from kiosk.ui.text import TextLine  # noqa: PLC0415

    from kivy.graphics.texture import Texture  # isort: skip  # noqa: PLC0415

    blank = Texture.create(size=(1, 1), colorfmt="luminance")

    class Measured(Look):
        def line(self, words: str, face: Face) -> TextLine:
            return TextLine(blank, round(self.measure_for(face)(words)), 0)

    look = Measured(panel, lambda _tap_id: None, manner)
    look._pictures = _PICTURES
    look.shape = _SHAPES.setdefault("shape", look.shape)
    return Stage(look)


_PICTURES: dict[tuple[str, str], Any] = {}
_SHAPES: dict[str, Any] = {}
"""Read and made once for all stages."""


def meet(one: Area, other: Area) -> bool:
    """Whether two rectangles cover any of the same glass; asked for very many pairs."""
    return (
        one.x < other.x + other.w
        and other.x < one.x + one.w
        and one.y < other.y + other.h
        and other.y < one.y + one.h
    )
