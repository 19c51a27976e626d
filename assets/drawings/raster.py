"""Paints a picture into pixels with Pillow: four times too large, then averaged down.

It must not know any particular picture.
"""

import math
from itertools import pairwise

from PIL import Image, ImageChops, ImageColor, ImageDraw

from assets.drawings.paths import Point, Subpath, flatten, turned
from assets.drawings.shapes import TINT, WHITE, Fade, Picture, Shape

SUPERSAMPLING = 4
Mask = Image.Image


def to_image(drawing: Picture, width_px: int) -> Image.Image:
    """The picture as RGBA on a transparent ground, `width_px` wide and high in proportion."""
    scale = width_px * SUPERSAMPLING / drawing.width
    size = (width_px * SUPERSAMPLING, round(drawing.height * scale))
    canvas = Image.new("RGBA", size)
    for shape in drawing.shapes:
        if shape.fill is not None:
            area = _area(shape.data, shape=shape, size=size, scale=scale)
            _lay(canvas, _clipped(area, shape, scale=scale), colour=shape.fill, shape=shape, scale=scale)
        if shape.stroke is not None:
            mask = _stroke(shape, size=size, scale=scale)
            _lay(canvas, _clipped(mask, shape, scale=scale), colour=shape.stroke, shape=shape, scale=scale)
    return canvas.reduce(SUPERSAMPLING)


def _lay(canvas: Image.Image, mask: Mask, *, colour: str, shape: Shape, scale: float) -> None:
    if shape.fade is not None:
        mask = ImageChops.multiply(mask, _fade(shape.fade, size=canvas.size, scale=scale))
    if shape.opacity < 1.0:
        opacity = shape.opacity
        mask = mask.point([round(value * opacity) for value in range(256)])
    layer = Image.new("RGBA", canvas.size, ImageColor.getrgb(WHITE if colour == TINT else colour))
    layer.putalpha(mask)
    canvas.alpha_composite(layer)


def _runs(data: str, shape: Shape, *, scale: float) -> list[Subpath]:
    runs = []
    for run in flatten(data):
        points = run.points
        if shape.turn is not None:
            points = turned(points, degrees=shape.turn[0], centre=shape.turn[1])
        runs.append(Subpath(tuple((x * scale, y * scale) for x, y in points), run.closed))
    return runs


def _area(data: str, *, shape: Shape, size: tuple[int, int], scale: float) -> Mask:
    mask = Image.new("L", size)
    for run in _runs(data, shape, scale=scale):
        layer = Image.new("L", size)
        ImageDraw.Draw(layer).polygon(list(run.points), fill=255)
        mask = ImageChops.difference(mask, layer)  # even-odd: what is covered twice is a hole
    return mask


def _clipped(mask: Mask, shape: Shape, *, scale: float) -> Mask:
    if shape.clip is None:
        return mask
    return ImageChops.multiply(mask, _area(shape.clip, shape=shape, size=mask.size, scale=scale))


def _stroke(shape: Shape, *, size: tuple[int, int], scale: float) -> Mask:
    mask = Image.new("L", size)
    pen = ImageDraw.Draw(mask)
    radius = shape.width * scale / 2
    for run in _runs(shape.data, shape, scale=scale):
        points = [*run.points, run.points[0]] if run.closed else list(run.points)
        for start, end in pairwise(points):
            _thick(pen, start, end=end, radius=radius)
        for x, y in points:
            pen.ellipse((x - radius, y - radius, x + radius, y + radius), fill=255)
    return mask


def _thick(pen: ImageDraw.ImageDraw, start: Point, *, end: Point, radius: float) -> None:
    (x1, y1), (x2, y2) = start, end
    length = math.hypot(x2 - x1, y2 - y1)
    if length == 0:
        return
    dx, dy = (y2 - y1) / length * radius, (x1 - x2) / length * radius
    pen.polygon([(x1 + dx, y1 + dy), (x2 + dx, y2 + dy), (x2 - dx, y2 - dy), (x1 - dx, y1 - dy)], fill=255)


def _fade(fade: Fade, *, size: tuple[int, int], scale: float) -> Mask:
    """A mask whose value depends on x alone."""
    row = Image.new("L", (size[0], 1))
    for x in range(size[0]):
        share = (x - fade.left * scale) / ((fade.right - fade.left) * scale)
        share = min(1.0, max(0.0, share))
        opacity = fade.left_opacity + share * (fade.right_opacity - fade.left_opacity)
        row.putpixel((x, 0), round(255 * opacity))
    return row.resize(size)
