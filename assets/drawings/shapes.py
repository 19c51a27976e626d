"""The shape language: what a picture is made of, in a square grid with y pointing down.

It must not know how shapes become files.

Pictograms use a grid of 100 and an outline of 4; icons a grid of 48. Joins and ends are always round.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from assets.drawings.paths import Point

INK = "#14181F"
WHITE = "#FFFFFF"
TINT = "currentColor"  # takes the colour of the text around it; white in a PNG, so that a window can tint it
OUTLINE = 4.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Fade:
    """Opacity running along x from `left_opacity` at `left` to `right_opacity` at `right`."""

    left: float
    left_opacity: float
    right: float
    right_opacity: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """One path, filled by the even-odd rule, stroked, or both.

    `data` and `clip` are SVG path data, `turn` is clockwise degrees about a point and turns the clip too.
    """

    data: str
    fill: str | None = None
    stroke: str | None = None
    width: float = 0.0
    opacity: float = 1.0
    clip: str | None = None
    turn: tuple[float, Point] | None = None
    fade: Fade | None = None


Part = Shape | Iterable[Shape]


@dataclass(frozen=True, slots=True)
class Picture:
    """Shapes from back to front on a grid `width` × `height`."""

    shapes: tuple[Shape, ...]
    width: int = 100
    height: int = 100


def picture(*parts: Part, size: tuple[int, int] = (100, 100)) -> Picture:
    """Gather shapes and groups of shapes into one picture."""
    return Picture(gather(*parts), size[0], size[1])


def gather(*parts: Part) -> tuple[Shape, ...]:
    """Flatten shapes and groups of shapes, keeping their order."""
    flat: list[Shape] = []
    for part in parts:
        if isinstance(part, Shape):
            flat.append(part)
        else:
            flat.extend(part)
    return tuple(flat)


def solid(data: str, fill: str, *, opacity: float = 1.0) -> Shape:
    """A filled area without outline."""
    return Shape(data=data, fill=fill, opacity=opacity)


def line(data: str, stroke: str = INK, *, width: float = OUTLINE, opacity: float = 1.0) -> Shape:
    """A stroke."""
    return Shape(data=data, stroke=stroke, width=width, opacity=opacity)


def body(data: str, fill: str, *inside: Part, width: float = OUTLINE) -> tuple[Shape, ...]:
    """A filled area, things that may not stick out of it, and its outline on top."""
    clipped = tuple(replace(shape, clip=data) for shape in gather(*inside))
    return (solid(data, fill), *clipped, line(data, width=width))


def shade(data: str) -> Shape:
    """The side away from the light; meant for the inside of a body."""
    return solid(data, INK, opacity=0.13)


def shine(data: str) -> Shape:
    """The side towards the light; meant for the inside of a body."""
    return solid(data, WHITE, opacity=0.42)


def turn(degrees: float, centre: Point, *parts: Part) -> tuple[Shape, ...]:
    """The parts turned clockwise about `centre`; turning twice is not supported."""
    return tuple(replace(shape, turn=(degrees, centre)) for shape in gather(*parts))


def rect(corner: Point, size: Point, *, r: float = 0.0) -> str:
    """Path data of a rectangle with corners rounded by `r`."""
    (x, y), (w, h) = corner, size
    if not r:
        return f"M{x:g} {y:g}h{w:g}v{h:g}h{-w:g}z"
    across, down = w - 2 * r, h - 2 * r
    bend = f"a{r:g} {r:g} 0 0 1 "
    return (
        f"M{x + r:g} {y:g}h{across:g}{bend}{r:g} {r:g}v{down:g}{bend}{-r:g} {r:g}"
        f"h{-across:g}{bend}{-r:g} {-r:g}v{-down:g}{bend}{r:g} {-r:g}z"
    )


def ellipse(centre: Point, radii: Point) -> str:
    """Path data of an ellipse."""
    (cx, cy), (rx, ry) = centre, radii
    return f"M{cx - rx:g} {cy:g}a{rx:g} {ry:g} 0 1 1 {2 * rx:g} 0a{rx:g} {ry:g} 0 1 1 {-2 * rx:g} 0z"


def circle(centre: Point, r: float) -> str:
    """Path data of a circle."""
    return ellipse(centre, (r, r))


def dots(r: float, *centres: Point) -> str:
    """Path data of several circles of one size that do not overlap."""
    return "".join(circle(centre, r) for centre in centres)
