"""Reading of SVG path data into points: the geometry both writers rely on.

It must not know colours, files or images.

Supported are the commands M L H V C S Q A Z, absolute and relative, as defined in SVG 2, chapter 9 ("Paths").
"""

import math
import re
from dataclasses import dataclass, field

Point = tuple[float, float]
Line = list[Point]

TOKEN = re.compile(r"[A-Za-z]|[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?")
ARGUMENTS = {"M": 2, "L": 2, "H": 1, "V": 1, "C": 6, "S": 4, "Q": 4, "A": 7, "Z": 0}
CURVE_STEPS = 28


@dataclass(frozen=True, slots=True)
class Subpath:
    """One run of points; `closed` when it ends with Z."""

    points: tuple[Point, ...]
    closed: bool


@dataclass(slots=True)
class _Pen:
    """Where drawing stands while path data is read."""

    done: list[Subpath] = field(default_factory=list)
    line: Line = field(default_factory=list)
    at: Point = (0.0, 0.0)
    handle: Point | None = None  # second control point of the last C or S, mirrored by the next S

    def start(self, point: Point) -> None:
        self.lift()
        self.line = [point]
        self.at = point

    def draw(self, points: Line) -> None:
        if not self.line:
            self.line = [self.at]
        self.line.extend(points)
        self.at = points[-1]

    def close(self) -> None:
        first = self.line[0]
        self.done.append(Subpath(tuple(self.line), closed=True))
        self.line = []
        self.at = first

    def lift(self) -> None:
        if len(self.line) > 1:
            self.done.append(Subpath(tuple(self.line), closed=False))
        self.line = []


def flatten(data: str) -> tuple[Subpath, ...]:
    """Turn path data into straight runs.

    Raises ValueError for a command outside the supported set or a missing number.
    """
    tokens = TOKEN.findall(data)
    pen = _Pen()
    index = 0
    command = ""
    while index < len(tokens):
        if tokens[index].isalpha():
            command = tokens[index]
            index += 1
        count = ARGUMENTS.get(command.upper())
        if count is None:
            raise ValueError(f"path command {command!r} is not supported")
        numbers = [float(token) for token in tokens[index : index + count]]
        if len(numbers) != count:
            raise ValueError(f"path command {command!r} lacks numbers in {data!r}")
        index += count
        _apply(pen, command, numbers)
        if command in "Mm":  # further pairs after a move are lines
            command = "L" if command == "M" else "l"
    pen.lift()
    return tuple(pen.done)


def _apply(pen: _Pen, command: str, numbers: list[float]) -> None:
    """Let one command move the pen."""
    letter = command.upper()
    if command.islower():
        numbers = _absolute(letter, numbers, pen.at)
    handle: Point | None = None
    match letter:
        case "M":
            pen.start((numbers[0], numbers[1]))
        case "L":
            pen.draw([(numbers[0], numbers[1])])
        case "H":
            pen.draw([(numbers[0], pen.at[1])])
        case "V":
            pen.draw([(pen.at[0], numbers[0])])
        case "C" | "S":
            if letter == "S":
                first = pen.at if pen.handle is None else _mirror(pen.handle, pen.at)
                numbers = [*first, *numbers]
            handle = (numbers[2], numbers[3])
            pen.draw(cubic(pen.at, numbers))
        case "Q":
            pen.draw(cubic(pen.at, _raise_degree(pen.at, numbers)))
        case "A":
            pen.draw(arc(pen.at, numbers))
        case _:
            pen.close()
    pen.handle = handle


def _absolute(letter: str, numbers: list[float], at: Point) -> list[float]:
    match letter:
        case "H":
            return [numbers[0] + at[0]]
        case "V":
            return [numbers[0] + at[1]]
        case "A":
            return [*numbers[:5], numbers[5] + at[0], numbers[6] + at[1]]
        case _:
            return [number + at[place % 2] for place, number in enumerate(numbers)]


def _mirror(point: Point, centre: Point) -> Point:
    return (2 * centre[0] - point[0], 2 * centre[1] - point[1])


def _raise_degree(start: Point, numbers: list[float]) -> list[float]:
    """The cubic curve equal to a quadratic one."""
    (x0, y0), (x1, y1, x2, y2) = start, numbers
    return [
        x0 + (x1 - x0) * 2 / 3,
        y0 + (y1 - y0) * 2 / 3,
        x2 + (x1 - x2) * 2 / 3,
        y2 + (y1 - y2) * 2 / 3,
        x2,
        y2,
    ]


def cubic(start: Point, numbers: list[float]) -> Line:
    """Points on a cubic Bézier curve, without its start."""
    (x0, y0), (x1, y1, x2, y2, x3, y3) = start, numbers
    line = []
    for step in range(1, CURVE_STEPS + 1):
        t = step / CURVE_STEPS
        u = 1 - t
        a, b, c, d = u * u * u, 3 * u * u * t, 3 * u * t * t, t * t * t
        line.append((a * x0 + b * x1 + c * x2 + d * x3, a * y0 + b * y1 + c * y2 + d * y3))
    return line


def arc(start: Point, numbers: list[float]) -> Line:
    """Points on an elliptical arc, without its start (SVG 2, appendix B.2.4: end point to centre form)."""
    rx, ry, tilt_deg, large, sweep, x2, y2 = numbers
    x1, y1 = start
    if not rx or not ry or (x1, y1) == (x2, y2):
        return [(x2, y2)]
    rx, ry = abs(rx), abs(ry)
    cos_tilt, sin_tilt = math.cos(math.radians(tilt_deg)), math.sin(math.radians(tilt_deg))
    half_x, half_y = (x1 - x2) / 2, (y1 - y2) / 2
    px = cos_tilt * half_x + sin_tilt * half_y
    py = cos_tilt * half_y - sin_tilt * half_x
    grow = max(1.0, math.sqrt((px / rx) ** 2 + (py / ry) ** 2))
    rx, ry = rx * grow, ry * grow
    under = max(0.0, (rx * ry) ** 2 / ((rx * py) ** 2 + (ry * px) ** 2) - 1)
    factor = math.sqrt(under) * (-1 if large == sweep else 1)
    cx, cy = factor * rx * py / ry, -factor * ry * px / rx
    begin = math.atan2((py - cy) / ry, (px - cx) / rx)
    extent = math.atan2((-py - cy) / ry, (-px - cx) / rx) - begin
    if sweep and extent < 0:
        extent += 2 * math.pi
    elif not sweep and extent > 0:
        extent -= 2 * math.pi
    line = []
    for step in range(1, 2 * CURVE_STEPS + 1):
        angle = begin + extent * step / (2 * CURVE_STEPS)
        ex, ey = rx * math.cos(angle) + cx, ry * math.sin(angle) + cy
        line.append(
            (cos_tilt * ex - sin_tilt * ey + (x1 + x2) / 2, sin_tilt * ex + cos_tilt * ey + (y1 + y2) / 2)
        )
    return line


def turned(points: tuple[Point, ...], *, degrees: float, centre: Point) -> tuple[Point, ...]:
    """The points turned clockwise on screen, as SVG's rotate() does."""
    cos_turn, sin_turn = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    cx, cy = centre
    return tuple(
        (cx + (x - cx) * cos_turn - (y - cy) * sin_turn, cy + (x - cx) * sin_turn + (y - cy) * cos_turn)
        for x, y in points
    )
