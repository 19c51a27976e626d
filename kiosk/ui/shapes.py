"""Owns round corners as pictures: how much of each pixel a rounded panel or its edge covers.

It must not know Kivy, colours or where a panel stands. A panel is stretched from one small picture, because a
processor that draws pixels pays for every triangle and for every pixel twice covered.
"""

from __future__ import annotations

from dataclasses import dataclass

from PIL import Image, ImageDraw

_FINER = 8  # a pixel is judged by so many points each way
_STRAIGHT = 1  # px beside a corner that are drawn straight, so that what is stretched is one colour


@dataclass(frozen=True, slots=True)
class Corners:
    """A square panel of `side` px, its corners of `radius` px; with an `edge` it is that edge alone."""

    side: int
    radius: int
    edge: int = 0


def corners_of(width: int, height: int, radius: int, edge: int = 0) -> Corners:
    """The smallest square from which a panel of that size can be stretched, its corners as round as fit."""
    side = min(width, height, 2 * (max(radius, edge) + _STRAIGHT))
    return Corners(side, min(radius, side // 2), min(edge, side // 2))


def coverage(corners: Corners) -> Image.Image:
    """The panel as a grey picture: 255 where a pixel is covered whole, 0 where not at all."""
    fine = corners.side * _FINER
    picture = Image.new("L", (fine, fine), 0)
    pen = ImageDraw.Draw(picture)
    _fill(pen, 0, fine - 1, corners.radius * _FINER, 255)
    if corners.edge:
        inset = corners.edge * _FINER
        if fine > 2 * inset:
            _fill(pen, inset, fine - 1 - inset, max(corners.radius - corners.edge, 0) * _FINER, 0)
    return picture.reduce(_FINER)


def _fill(pen: ImageDraw.ImageDraw, low: int, high: int, radius: int, value: int) -> None:
    pen.rounded_rectangle((low, low, high, high), radius, fill=value)


def stretched(
    x: float, y: float, width: float, height: float, side: int, *, hollow: bool = False
) -> tuple[list[float], list[int]]:
    """Vertices (x, y, u, v) and triangles of a panel stretched from its square, with or without a middle."""
    corner = side / 2
    xs = (x, x + corner, x + width - corner, x + width)
    ys = (y, y + corner, y + height - corner, y + height)
    across = (0.0, 0.5, 0.5, 1.0)
    vertices = [
        value
        for row in range(4)
        for column in range(4)
        for value in (xs[column], ys[row], across[column], across[row])
    ]
    indices: list[int] = []
    for row in range(3):
        for column in range(3):
            flat = xs[column + 1] <= xs[column] or ys[row + 1] <= ys[row]
            if flat or (hollow and row == column == 1):
                continue
            low = 4 * row + column
            indices += (low, low + 1, low + 5, low, low + 5, low + 4)
    return vertices, indices
