"""Owns the words and figures on shoppers' phones: price, place, band, distance, the way on a map.

It must not know HTTP, the database or the clock.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from babel.numbers import format_decimal

from assets.languages import cldr_of
from inventory.domain.availability import Availability, Confidence
from inventory.domain.catalogue import Item, SoldBy
from inventory.domain.money import format_money, format_per_kilogram
from inventory.domain.stock import Band
from inventory.domain.store_map import MapAisle, StoreMap, store_map
from inventory.domain.store_plan import Facing, Level, Point, StorePlan
from inventory.domain.unit_price import unit_price
from inventory.domain.way import Way, way_to
from inventory.services.departments import MOST_AISLES, Department
from inventory.services.near_stores import NearStore
from inventory.web.department_words import department_words
from inventory.web.texts import Texts

_PICTURE: Final = re.compile(r"[a-z0-9-]{1,40}", re.ASCII)
_BARS: Final = {Band.PLENTY: 3, Band.A_FEW: 2, Band.LAST_ONES: 1, Band.NOT_HERE: 0}
_MARGIN: Final = 900


@dataclass(frozen=True, slots=True)
class Stock:
    """How many there are: bars of three, the word, and when that was known."""

    bars: int
    word: str
    age: str


@dataclass(frozen=True, slots=True)
class Drawn:
    """A map as an SVG draws it: y grows downwards, the way is one path."""

    width: int
    height: int
    aisles: tuple[MapAisle, ...]
    walkways: tuple[tuple[Point, Point], ...]
    way: str
    corners: tuple[Point, ...]
    you: Point | None
    goal: Point | None
    signs: tuple[tuple[str, Point, bool], ...]
    help: tuple[Point, ...] = ()
    """Where somebody comes to a shopper who asks: the lanes; only on a map without a way."""


@dataclass(frozen=True, slots=True)
class Tile:
    """A department to walk to or to look into."""

    name: str
    words: str
    picture: str
    place: str


@dataclass(frozen=True, slots=True)
class Shown:
    """What a line or a page says about one item."""

    gtin: str
    name: str
    picture: str
    price: str
    unit_price: str
    place: str
    stock: Stock


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Another store that has it."""

    name: str
    address: str
    distance: str
    stock: Stock


@dataclass(frozen=True, slots=True)
class Writer:
    """Writes for one shopper's language at one moment."""

    texts: Texts
    now_utc: datetime
    plan: StorePlan | None = None

    def shown(self, item: Item, known: Availability | None) -> Shown:
        language = self.texts.language
        written = format_per_kilogram if item.sold_by is SoldBy.WEIGHT else format_money
        return Shown(
            gtin=item.gtin,
            name=item.name(language),
            picture=item.pictogram if _PICTURE.fullmatch(item.pictogram) else "box",
            price=written(item.price_minor, item.currency, language),
            unit_price=self._unit_price(item),
            place=self._place(item),
            stock=self.stock(item, known),
        )

    def stock(self, item: Item, known: Availability | None) -> Stock:
        """A band, since records are often wrong; the number too, but only where it is sure."""
        t = self.texts.text
        if known is None:
            return Stock(0, t("Ask us if it is here"), "")
        word = self._band(known.band)
        if known.exact_milli is not None and item.sold_by is SoldBy.UNIT:
            count = known.exact_milli // 1000
            word = f"{word} · {self.texts.plural('%(n)d here', '%(n)d here', count) % {'n': count}}"
        if known.confidence is Confidence.LOW and known.is_here:
            return Stock(_BARS[known.band], word, t("shelf reported empty"))
        return Stock(_BARS[known.band], word, self._age(known.as_of_utc))

    def elsewhere(self, store: NearStore) -> Elsewhere:
        metres, language = store.distance_m, cldr_of(self.texts.language)
        kilometres = round(metres / 1000, 1 if metres < 10_000 else 0)
        stock = Stock(_BARS[store.band], self._band(store.band), self._age(store.as_of_utc))
        return Elsewhere(
            store.name, store.address, f"{format_decimal(kilometres, locale=language)} km", stock
        )

    def drawn(self, item: Item, lane: str) -> Drawn | None:
        """The same map as on the lane that sent it, with up as it was there; none for a lane nobody knows."""
        plan = self.plan
        spot = plan.lanes.get(lane) if plan else None
        if plan is None or spot is None:
            return None
        way = way_to(plan, spot.at, spot.shopper_faces, item.aisle, item.bay)
        if way is None:
            return None
        return _downwards(store_map(plan, way, spot.shopper_faces, item.aisle, you=""))

    def tile(self, department: Department) -> Tile:
        """A department by its name in the shopper's language, with its aisles."""
        t, aisles = (
            self.texts.text,
            sorted(department.aisles, key=lambda sign: (len(sign), sign))[:MOST_AISLES],
        )
        place = ""
        if len(aisles) == 1:
            place = t("Aisle %(aisle)s") % {"aisle": aisles[0]}
        elif aisles:
            more = " …" if len(department.aisles) > MOST_AISLES else ""
            place = t("Aisles %(aisles)s") % {"aisles": ", ".join(aisles) + more}
        words = department_words(department.name, self.texts)
        picture = department.picture if _PICTURE.fullmatch(department.picture) else "box"
        return Tile(department.name, words, picture, place)

    def whole(self, lane: str) -> Drawn | None:
        """The store with its lanes, turned as on the lane the shopper came from; else north is up."""
        plan = self.plan
        if plan is None or not plan.lanes:
            return None
        spot = plan.lanes.get(lane)
        facing = spot.shopper_faces if spot else Facing.NORTH
        lanes = [each.at for each in plan.lanes.values()]
        corners = (spot.at if spot else lanes[0], *lanes)
        drawn = _downwards(store_map(plan, Way(corners, (), None), facing, "", you=""))
        # Its corners are the lanes here: nobody walks from one to the next.
        return replace(drawn, way="", goal=None, you=drawn.you if spot else None, help=drawn.corners[1:])

    def _unit_price(self, item: Item) -> str:
        found = unit_price(item)
        if found is None or found[0] == item.price_minor:
            return ""
        amount = format_money(found[0], item.currency, self.texts.language)
        return self.texts.text("%(price)s per %(unit)s") % {"price": amount, "unit": found[1].value}

    def _place(self, item: Item) -> str:
        t = self.texts.text
        level = self.plan.level(item.shelf) if self.plan else None
        parts = (
            t("Aisle %(aisle)s") % {"aisle": item.aisle} if item.aisle else "",
            t("Bay %(bay)s") % {"bay": item.bay} if item.bay else "",
            self._level(level) if level and item.bay else "",
        )
        return " · ".join(filter(None, parts))

    def _level(self, level: Level) -> str:
        t = self.texts.text
        match level:
            case Level.BOTTOM:
                return t("bottom shelf")
            case Level.KNEE:
                return t("knee height")
            case Level.WAIST:
                return t("waist height")
            case Level.EYE:
                return t("eye level")
            case Level.TOP:
                return t("top shelf")

    def _band(self, found: Band) -> str:
        t = self.texts.text
        match found:
            case Band.PLENTY:
                return t("Plenty")
            case Band.A_FEW:
                return t("A few left")
            case Band.LAST_ONES:
                return t("Last ones")
            case Band.NOT_HERE:
                return t("Not here today")

    def _age(self, as_of_utc: datetime) -> str:
        texts = self.texts
        minutes = max(0, int((self.now_utc - as_of_utc).total_seconds() // 60))
        if minutes < 1:
            return texts.text("checked just now")
        if minutes < 60:
            words = texts.plural("checked %(n)d minute ago", "checked %(n)d minutes ago", minutes)
            return words % {"n": minutes}
        hours = minutes // 60
        return texts.plural("checked %(n)d hour ago", "checked %(n)d hours ago", hours) % {"n": hours}


def _downwards(found: StoreMap) -> Drawn:
    width, height = found.size[0] + 2 * _MARGIN, found.size[1] + 2 * _MARGIN

    def at(point: Point) -> Point:
        return point[0] + _MARGIN, height - point[1] - _MARGIN

    corners = [at(corner) for corner in found.way]
    return Drawn(
        width=width,
        height=height,
        aisles=tuple(
            MapAisle(aisle.sign, at(aisle.start), at(aisle.end), chosen=aisle.chosen)
            for aisle in found.aisles
        ),
        walkways=tuple((at(start), at(end)) for start, end in found.walkways),
        way="M" + " L".join(f"{x} {y}" for x, y in corners),
        corners=tuple(corners),
        you=corners[0],
        goal=corners[-1],
        signs=tuple((aisle.sign, at(_ahead(aisle)), aisle.chosen) for aisle in found.aisles),
    )


def _ahead(aisle: MapAisle) -> Point:
    """Where an aisle's sign stands: past the end that lies further ahead."""
    near, far = sorted((aisle.start, aisle.end), key=lambda point: (point[1], point[0]))
    upright = far[1] - near[1] >= far[0] - near[0]
    return (far[0], far[1] + 520) if upright else (far[0] + 520, far[1])
