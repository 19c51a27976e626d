"""Owns the store's plan: walkways, aisles with their bays, entrances, lanes and shelf heights, checked once.

It must not know goods, screens or files: it reads a text and says what is wrong in it. Lengths are
centimetres; x grows to the east and y to the north, so that the plan lies as a map does. Walkways run east
and west or north and south: a plan with slanting aisles is drawn straight.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from enum import Enum
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from inventory.domain.settings import KeyTree, SettingsError, complaint, read_settings, suggestion

MAX_PLAN_BYTES = 64 * 1024
MAX_AISLES = 200
MAX_BAYS = 60
MAX_WALKWAYS = 60
MAX_LANES = 200
MAX_SIDE_CM = 50_000

Point = tuple[int, int]


class PlanError(SettingsError):
    """A plan that cannot be used; its text is one sentence that names file, line and key."""


class Facing(Enum):
    """A direction on the plan. `degrees` are those of a compass: clockwise from north."""

    NORTH = "north"
    NORTH_EAST = "north-east"
    EAST = "east"
    SOUTH_EAST = "south-east"
    SOUTH = "south"
    SOUTH_WEST = "south-west"
    WEST = "west"
    NORTH_WEST = "north-west"

    @property
    def degrees(self) -> int:
        return 45 * list(Facing).index(self)


class Level(Enum):
    """How high a shelf is, as people say it."""

    BOTTOM = "bottom"
    KNEE = "knee"
    WAIST = "waist"
    EYE = "eye"
    TOP = "top"


class Side(Enum):
    """Which hand a bay is on when one walks the aisle from its `start` to its `end`."""

    LEFT = "left"
    RIGHT = "right"


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


Centimetres = Annotated[int, Field(ge=0, le=MAX_SIDE_CM)]
Place = tuple[Centimetres, Centimetres]
Sign = Annotated[str, Field(min_length=1, max_length=12)]


def _different(names: tuple[str, ...]) -> tuple[str, ...]:
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise ValueError(f"bay “{twice}” stands twice on this side")
    return names


Bays = Annotated[tuple[Sign, ...], Field(max_length=MAX_BAYS), AfterValidator(_different)]


class Walkway(_Part):
    """A straight way without goods of its own, such as the one along the tills."""

    start: Place
    end: Place


class Aisle(Walkway):
    """A way between shelves, by the words on its sign; bays are listed from `start` to `end`."""

    sign: Sign
    left: Bays = ()
    right: Bays = ()

    def bay(self, name: str) -> tuple[Side, int, int] | None:
        """Side, place from 0 and number of bays on that side, or None."""
        for side, names in ((Side.LEFT, self.left), (Side.RIGHT, self.right)):
            if name in names:
                return side, names.index(name), len(names)
        return None


class LaneSpot(_Part):
    """Where one stands at a lane, and the way one looks with the screen in front."""

    at: Place
    shopper_faces: Facing


class StorePlan(_Part):
    """One store. `version` is made from the text: two plans with the same one are the same."""

    size: tuple[Annotated[int, Field(ge=100, le=MAX_SIDE_CM)], Annotated[int, Field(ge=100, le=MAX_SIDE_CM)]]
    shelf_heights_cm: tuple[Annotated[int, Field(ge=0, le=400)], ...] = Field(default=(), max_length=12)
    entrances: tuple[Place, ...] = Field(default=(), max_length=20)
    walkways: tuple[Walkway, ...] = Field(default=(), max_length=MAX_WALKWAYS)
    aisles: tuple[Aisle, ...] = Field(min_length=1, max_length=MAX_AISLES)
    lanes: dict[str, LaneSpot] = Field(default_factory=dict, max_length=MAX_LANES)
    version: str = ""

    def aisle(self, sign: str) -> Aisle | None:
        return next((aisle for aisle in self.aisles if aisle.sign == sign), None)

    def level(self, shelf: int) -> Level | None:
        """How high the shelf is that is number `shelf` from the floor; None where nobody said."""
        if not 0 < shelf <= len(self.shelf_heights_cm):
            return None
        return level_of(self.shelf_heights_cm[shelf - 1])


def level_of(height_cm: int) -> Level:
    """A board's height in words; eye level is that of somebody who stands or sits before it."""
    for limit_cm, level in ((40, Level.BOTTOM), (75, Level.KNEE), (115, Level.WAIST), (160, Level.EYE)):
        if height_cm < limit_cm:
            return level
    return Level.TOP


def bay_point(aisle: Aisle, bay: str) -> Point | None:
    """Where one stands in the aisle before the bay: bays share each side evenly."""
    found = aisle.bay(bay)
    if found is None:
        return None
    _, place, count = found
    (x, y), (end_x, end_y) = aisle.start, aisle.end
    part = 2 * place + 1
    return x + (end_x - x) * part // (2 * count), y + (end_y - y) * part // (2 * count)


_KNOWN_OF_WAYS = {"walkways": tuple(Walkway.model_fields), "aisles": tuple(Aisle.model_fields)}
_KNOWN: KeyTree = {
    "size": None,
    "shelf_heights_cm": None,
    "entrances": None,
    "walkways": None,
    "aisles": None,
    "lanes": None,
}


def read_plan(text: str, *, source: str) -> StorePlan:
    """The plan in a TOML text; `source` is its file's name for messages. Raises PlanError."""
    if len(text.encode()) > MAX_PLAN_BYTES:
        raise PlanError(f"{source}: a plan has {MAX_PLAN_BYTES // 1024} KiB at most.")
    try:
        tables = read_settings(text, source=source, known=_KNOWN)
        _refuse_unknown_keys(tables, source, text)
        plan = StorePlan.model_validate(tables)
    except PlanError:
        raise
    except SettingsError as error:
        raise PlanError(str(error)) from None
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        problem = str(first["msg"]).removeprefix("Value error, ")
        sentence = f"{problem[:1].lower()}{problem[1:]}."
        raise PlanError(_at(sentence, source, text, first["loc"])) from None
    for path, problem in _faults(plan):
        raise PlanError(_at(problem, source, text, path))
    return plan.model_copy(update={"version": hashlib.sha256(text.encode()).hexdigest()[:16]})


def _refuse_unknown_keys(tables: Mapping[str, Any], source: str, text: str) -> None:
    for group, known in _KNOWN_OF_WAYS.items():
        ways = tables.get(group, ())
        for number, way in enumerate(ways if isinstance(ways, list) else ()):
            unknown = next((key for key in way if key not in known), None) if isinstance(way, dict) else None
            if unknown is not None:
                problem = f"unknown key{suggestion(unknown, known)}"
                raise PlanError(_at(problem, source, text, (group, number, unknown)))


def _at(problem: str, source: str, text: str, path: tuple[object, ...]) -> str:
    """The sentence, with the line of the aisle or walkway in question: they are counted from 1."""
    if len(path) < 2 or path[0] not in _KNOWN_OF_WAYS or not isinstance(path[1], int):
        return complaint(problem, source=source, text=text, path=path)
    group, _, *rest = path
    key = str(rest[0]) if rest else ""
    line_no = _line_of(text.splitlines(), str(group), path[1], key)
    keys = ".".join(map(str, (group, path[1] + 1, *rest)))
    return f"{source}:{line_no}: {keys}: {problem}" if line_no else f"{source}: {keys}: {problem}"


def _line_of(lines: list[str], group: str, number: int, key: str) -> int:
    """The line (from 1) of a key of the table `[[group]]` that is `number` from 0, else its heading's."""
    headings = [at for at, line in enumerate(lines) if line.split("#")[0].strip() == f"[[{group}]]"]
    if number >= len(headings):
        return 0
    for at in range(headings[number] + 1, len(lines)):
        line = lines[at].strip()
        if line.startswith("["):
            break
        if key and line.partition("=")[0].strip() == key:
            return at + 1
    return headings[number] + 1


def _faults(plan: StorePlan) -> Iterator[tuple[tuple[object, ...], str]]:
    """What the parts alone cannot know: where they lie, and whether one can walk from one to the next."""
    width, depth = plan.size
    ways: Mapping[str, tuple[Walkway, ...]] = {"walkways": plan.walkways, "aisles": plan.aisles}
    for key, group in ways.items():
        for number, way in enumerate(group):
            yield from _faults_of_way(way, (key, number), width, depth)
    signs = [aisle.sign for aisle in plan.aisles]
    for number, sign in enumerate(signs):
        if sign in signs[:number]:
            yield ("aisles", number, "sign"), f"aisle “{sign}” stands twice on this plan."
    for number, aisle in enumerate(plan.aisles):
        both = set(aisle.left) & set(aisle.right)
        if both:
            name = min(both)
            yield ("aisles", number, "right"), f"bay “{name}” of aisle “{aisle.sign}” is on both sides."
    spots: list[tuple[tuple[object, ...], Point]] = [
        (("lanes", name, "at"), spot.at) for name, spot in plan.lanes.items()
    ]
    spots += [(("entrances", number), place) for number, place in enumerate(plan.entrances)]
    for path, (x, y) in spots:
        if x > width or y > depth:
            yield path, f"[{x}, {y}] lies outside the store, whose size is [{width}, {depth}]."


def _faults_of_way(
    way: Walkway, path: tuple[object, ...], width: int, depth: int
) -> Iterator[tuple[tuple[object, ...], str]]:
    for key, (x, y) in (("start", way.start), ("end", way.end)):
        if x > width or y > depth:
            yield (*path, key), f"[{x}, {y}] lies outside the store, whose size is [{width}, {depth}]."
    same_x, same_y = way.start[0] == way.end[0], way.start[1] == way.end[1]
    if same_x and same_y:
        yield (*path, "end"), "a way needs two different ends."
    elif not same_x and not same_y:
        yield (*path, "end"), "a way runs straight along x or along y: one number of both ends is the same."


def as_written(plan: StorePlan) -> dict[str, Any]:
    """The plan as plain values, for the wire."""
    return plan.model_dump(mode="json")
