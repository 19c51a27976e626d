"""Owns the one page for shoppers' phones: an item with its place, its map and its band, in their language.

It must not know who asks: no cookie, no script, no sign-in, nothing kept. What a phone may read here, anybody
in the shop may read at a shelf.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Final
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from fastapi.responses import Response

from assets.languages import ENGLISH, LANGUAGES, SHIPPED
from inventory.config import StoreConfig
from inventory.db.unit_of_work import Database
from inventory.domain.catalogue import Item, SoldBy
from inventory.domain.identifiers import gtin_14
from inventory.domain.money import format_money, format_per_kilogram
from inventory.domain.stock import Band, band
from inventory.domain.store_map import MapAisle, StoreMap, store_map
from inventory.domain.store_plan import Level, Point, StorePlan
from inventory.domain.unit_price import unit_price
from inventory.domain.way import way_to
from inventory.services import catalogue, stock
from inventory.web.auth import AddressThrottle
from inventory.web.pages import Clock, pages_for, utc_now
from inventory.web.texts import Texts, texts_for
from inventory.wire import StockMessage

PREFIX: Final = "/find"
PAGES_PER_ADDRESS: Final = 120
"""Of all phones behind one address of the shop's Wi-Fi, in a minute."""
_WINDOW: Final = timedelta(minutes=1)
_PICTURE: Final = re.compile(r"[a-z0-9-]{1,40}", re.ASCII)
_BARS: Final = {Band.PLENTY: 3, Band.A_FEW: 2, Band.LAST_ONES: 1, Band.NOT_HERE: 0}
_MARGIN: Final = 900


@dataclass(frozen=True, slots=True)
class Band3:
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
    you: Point
    goal: Point
    signs: tuple[tuple[str, Point, bool], ...]


@dataclass(frozen=True, slots=True)
class Shown:
    """Everything the page says about one item."""

    name: str
    picture: str
    price: str
    unit_price: str
    place: str
    stock: Band3
    map: Drawn | None


def router_for(
    config: StoreConfig, database: Database, *, plan: StorePlan | None = None, clock: Clock = utc_now
) -> APIRouter:
    """The page of one item; 404 for what the store does not sell, 429 for who asks too often."""
    throttle = AddressThrottle(limit=PAGES_PER_ADDRESS, window=_WINDOW)
    router = APIRouter()

    @router.get(PREFIX + "/{gtin}", include_in_schema=False)
    def item_page(request: Request, gtin: str, lane: str = "", lang: str = "") -> Response:
        language = lang if lang in SHIPPED else ENGLISH
        address = request.client.host if request.client else ""
        if not throttle.admits(address, clock()):
            return _answer(config, language, gtin, lane, None, status=HTTPStatus.TOO_MANY_REQUESTS)
        wanted = gtin_14(gtin)
        with database.read() as uow:
            item = catalogue.find_item(uow, config.store_id, wanted) if wanted else None
            level = stock.on_hand(uow, config.store_id, wanted) if wanted and item else None
        if item is None:
            return _answer(config, language, gtin, lane, None, status=HTTPStatus.NOT_FOUND)
        shown = _shown(item, level, plan, lane, texts_for(language), language, clock())
        return _answer(config, language, item.gtin, lane, shown, status=HTTPStatus.OK)

    return router


def _answer(
    config: StoreConfig, language: str, gtin: str, lane: str, shown: Shown | None, *, status: HTTPStatus
) -> Response:
    pages = pages_for(config.name, language)
    others = [
        (code, LANGUAGES[code].own_name, "?" + urlencode({"lane": lane[:32], "lang": code}))
        for code in SHIPPED
    ]
    return pages.answer(
        "shopper/item.html",
        pages.frame(),
        status=status,
        item=shown,
        languages=others if gtin_14(gtin) else [],
        asked=language,
        own_name=LANGUAGES[language].own_name,
        is_busy=status is HTTPStatus.TOO_MANY_REQUESTS,
    )


def _shown(
    item: Item,
    level: StockMessage | None,
    plan: StorePlan | None,
    lane: str,
    texts: Texts,
    language: str,
    now_utc: datetime,
) -> Shown:
    written = format_per_kilogram if item.sold_by is SoldBy.WEIGHT else format_money
    return Shown(
        name=item.name(language),
        picture=item.pictogram if _PICTURE.fullmatch(item.pictogram) else "box",
        price=written(item.price_minor, item.currency, language),
        unit_price=_unit_price(item, texts, language),
        place=_place(item, plan, texts),
        stock=_stock(level, texts, now_utc),
        map=_drawn(item, plan, lane),
    )


def _unit_price(item: Item, texts: Texts, language: str) -> str:
    found = unit_price(item)
    if found is None or found[0] == item.price_minor:
        return ""
    amount = format_money(found[0], item.currency, language)
    return texts.text("%(price)s per %(unit)s") % {"price": amount, "unit": found[1].value}


def _place(item: Item, plan: StorePlan | None, texts: Texts) -> str:
    t = texts.text
    level = plan.level(item.shelf) if plan else None
    parts = (
        t("Aisle %(aisle)s") % {"aisle": item.aisle} if item.aisle else "",
        t("Bay %(bay)s") % {"bay": item.bay} if item.bay else "",
        _level_words(level, texts) if level and item.bay else "",
    )
    return " · ".join(filter(None, parts))


def _level_words(level: Level, texts: Texts) -> str:
    match level:
        case Level.BOTTOM:
            return texts.text("bottom shelf")
        case Level.KNEE:
            return texts.text("knee height")
        case Level.WAIST:
            return texts.text("waist height")
        case Level.EYE:
            return texts.text("eye level")
        case Level.TOP:
            return texts.text("top shelf")


def _stock(level: StockMessage | None, texts: Texts, now_utc: datetime) -> Band3:
    """A band, never a number: records are wrong too often."""
    t = texts.text
    if level is None:
        return Band3(0, t("Ask us if it is here"), "")
    words = {
        Band.PLENTY: t("Plenty"),
        Band.A_FEW: t("A few left"),
        Band.LAST_ONES: t("Last ones"),
        Band.NOT_HERE: t("Not here today"),
    }
    found = band(level.on_hand_milli)
    minutes = max(0, int((now_utc - level.as_of_utc).total_seconds() // 60))
    if minutes < 1:
        age = t("checked just now")
    elif minutes < 60:
        age = texts.plural("checked %(n)d minute ago", "checked %(n)d minutes ago", minutes) % {"n": minutes}
    else:
        hours = minutes // 60
        age = texts.plural("checked %(n)d hour ago", "checked %(n)d hours ago", hours) % {"n": hours}
    return Band3(_BARS[found], words[found], age)


# --- the map -------------------------------------------------------------------------------------


def _drawn(item: Item, plan: StorePlan | None, lane: str) -> Drawn | None:
    """The same map as on the lane that sent it, with up as it was there; none for a lane nobody knows."""
    spot = plan.lanes.get(lane) if plan else None
    if plan is None or spot is None:
        return None
    way = way_to(plan, spot.at, spot.shopper_faces, item.aisle, item.bay)
    if way is None:
        return None
    return _downwards(store_map(plan, way, spot.shopper_faces, item.aisle, you=""))


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
        you=corners[0],
        goal=corners[-1],
        signs=tuple((aisle.sign, at(_ahead(aisle)), aisle.chosen) for aisle in found.aisles),
    )


def _ahead(aisle: MapAisle) -> Point:
    """Where an aisle's sign stands: past the end that lies further ahead."""
    near, far = sorted((aisle.start, aisle.end), key=lambda point: (point[1], point[0]))
    upright = far[1] - near[1] >= far[0] - near[0]
    return (far[0], far[1] + 520) if upright else (far[0] + 520, far[1])
