"""Owns the pages for shoppers' phones: find an item, one item, is it back, all in the shopper's language.

It must not know who asks: no cookie, no sign-in, nothing kept, and nothing that needs a script. What a phone
may read here, anybody in the shop may read at a shelf.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import timedelta
from http import HTTPStatus
from typing import Annotated, Any, Final
from urllib.parse import urlencode

import segno
from fastapi import APIRouter, Query, Request
from fastapi.responses import RedirectResponse, Response, StreamingResponse
from starlette.background import BackgroundTask
from starlette.concurrency import run_in_threadpool

from assets.languages import ENGLISH, LANGUAGES, SHIPPED
from inventory.config import StoreConfig
from inventory.db.unit_of_work import Database, UnitOfWork
from inventory.domain.catalogue import Item
from inventory.domain.identifiers import gtin_14
from inventory.domain.store_plan import StorePlan
from inventory.services import (
    alternatives,
    availability,
    catalogue,
    departments,
    item_search,
    near_stores,
    searches,
)
from inventory.web.auth import AddressThrottle
from inventory.web.back_links import BackLinks
from inventory.web.callers import caller_of
from inventory.web.department_words import department_words
from inventory.web.events import Broker
from inventory.web.pages import Clock, pages_for, utc_now
from inventory.web.phone_limits import Seats
from inventory.web.shopper_views import Shown, Writer
from inventory.web.texts import texts_for
from inventory.wire import ShelvesMessage, StockMessage

PREFIX: Final = "/find"
BACK: Final = "/back"
PAGES_PER_ADDRESS: Final = 120
"""Of all phones behind one address of the shop's Wi-Fi, in a minute."""
MISSES_PER_ADDRESS: Final = 10
"""Searches that found nothing and are counted, in a minute; who types nonsense hides nobody's words."""
LISTENS_FOR_S: Final = 600.0
MOST_FOUND: Final = 12
ON_A_PAGE: Final = 20
MOST_STORES: Final = 3
MOST_LETTERS: Final = 60
LONGEST_HOST: Final = 260
"""A name of DNS and a port; a longer one would fit no QR code."""
_WINDOW: Final = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Asked:
    """What every page is asked with: the language that was chosen or that the phone prefers, and the lane."""

    language: str
    lane: str

    def query(self, **more: str) -> str:
        words = {"lang": self.language, "lane": self.lane, **more}
        return urlencode({name: word for name, word in words.items() if word})


class Phones:
    """The pages' handlers, with what they share."""

    def __init__(
        self, config: StoreConfig, database: Database, broker: Broker, *, plan: StorePlan | None, clock: Clock
    ) -> None:
        self._config = config
        self._store_id = config.store_id
        self._database = database
        self._broker = broker
        self._plan = plan
        self._clock = clock
        self._throttle = AddressThrottle(limit=PAGES_PER_ADDRESS, window=_WINDOW)
        self._links = BackLinks(database, config.store_id)
        self._misses = AddressThrottle(limit=MISSES_PER_ADDRESS, window=_WINDOW)
        self._seats = Seats()

    def start(
        self,
        request: Request,
        q: Annotated[str, Query(max_length=MOST_LETTERS)] = "",
        department: Annotated[str, Query(max_length=MOST_LETTERS)] = "",
        page: Annotated[int, Query(ge=1, le=MOST_LETTERS)] = 1,
        lane: str = "",
        lang: str = "",
    ) -> Response:
        """The search with what it found, or a department, or all of them with the plan of the store."""
        asked = _asked(request, lang, lane)
        if not self._admits(request):
            return self._busy(asked)
        writer = self._writer(asked)
        found: tuple[Shown, ...] = ()
        pages, tiles = 1, []
        with self._database.read() as uow:
            if q.strip():
                hits = item_search.search(uow, self._store_id, q, asked.language, MOST_FOUND)
                found = self._all_shown(uow, [hit.item for hit in hits], asked)
            elif department:
                items = departments.items_of(uow, self._store_id, department)
                items = tuple(sorted(items, key=lambda item: item.name(asked.language).casefold()))
                pages = -(-len(items) // ON_A_PAGE)
                page = min(page, max(pages, 1))
                found = self._all_shown(uow, items[(page - 1) * ON_A_PAGE : page * ON_A_PAGE], asked)
            if not found:
                tiles = [writer.tile(each) for each in departments.of_store(uow, self._store_id)]
        answer = self._answer(
            "shopper/start.html",
            asked,
            q=q,
            found=found,
            department=department,
            heading=department_words(department, writer.texts) if department and found else "",
            page_no=page,
            pages=pages,
            tiles=tiles,
            map=None if found else writer.whole(asked.lane),
            languages=_languages(asked, q=q, department=department),
        )
        if q.strip() and not found and self._misses.admits(caller_of(request), self._clock()):
            # When the page is on its way: a shopper never waits for the books, nor misses a page for them.
            answer.background = BackgroundTask(self._count_missed, q, asked.language)
        return answer

    def _count_missed(self, q: str, language: str) -> None:
        with self._database.write() as uow:
            searches.count_missed(uow, self._store_id, q, language, self._clock())

    def item(self, request: Request, gtin: str, lane: str = "", lang: str = "") -> Response:
        """One item; 404 for what the store does not sell, 429 for who asks too often."""
        asked = _asked(request, lang, lane)
        if not self._admits(request):
            return self._busy(asked)
        with self._database.read() as uow:
            item = self._item(uow, gtin)
            if item is None:
                return self._unknown(asked)
            writer = self._writer(asked)
            known = availability.of_item(uow, self._store_id, item, self._clock())
            like = alternatives.of(uow, self._store_id, item, self._clock())
            stores = near_stores.having(uow, self._store_id, item.gtin, MOST_STORES)
            values: dict[str, Any] = {
                "item": writer.shown(item, known),
                "map": writer.drawn(item, asked.lane),
                "sizes": self._all_shown(uow, like.sizes, asked),
                "instead": self._all_shown(uow, like.instead, asked),
                "stores": [writer.elsewhere(store) for store in stores],
                "is_missing": known is not None and not known.is_here,
            }
        return self._answer("shopper/item.html", asked, languages=_languages(asked), **values)

    def keep(self, request: Request, gtin: str, lang: str = "") -> Response:
        """Makes the link that a shopper keeps until the item is back."""
        asked = _asked(request, lang, "")
        if not self._admits(request):
            return self._busy(asked)
        with self._database.read() as uow:
            item = self._item(uow, gtin)
        if item is None:
            return self._unknown(asked)
        return RedirectResponse(f"{BACK}/{self._links.make(item.gtin, asked.language)}", status_code=303)

    def back(self, request: Request, token: str, lang: str = "") -> Response:
        """Whether the item is back; the link names the item and the language, and nobody."""
        link = self._links.read(token)
        asked = _asked(request, lang or (link.language if link else ""), "")
        if not self._admits(request):
            return self._busy(asked)
        if link is None:
            return self._answer("shopper/gone.html", asked, status=HTTPStatus.NOT_FOUND, languages=[])
        with self._database.read() as uow:
            item = self._item(uow, link.gtin)
            if item is None:
                return self._unknown(asked)
            known = availability.of_item(uow, self._store_id, item, self._clock())
            is_back = known is not None and known.is_here
            shown = self._writer(asked).shown(item, known)
        return self._answer(
            "shopper/back.html",
            asked,
            item=shown,
            is_back=is_back,
            code=f"{BACK}/{token}/code.svg",
            languages=_languages(asked),
        )

    def code(self, request: Request, token: str) -> Response:
        """The link as a QR code, to be photographed by another phone or kept as a picture."""
        if self._links.read(token) is None or not self._admits(request):
            return Response(status_code=HTTPStatus.NOT_FOUND)
        if len(request.url.netloc) > LONGEST_HOST:
            return Response(status_code=HTTPStatus.BAD_REQUEST)
        address = f"{request.url.scheme}://{request.url.netloc}{BACK}/{token}"
        drawing = segno.make(address, micro=False).svg_inline(scale=4, border=4, light="#FFFFFF")
        drawing = drawing.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1)
        return Response(drawing, media_type="image/svg+xml")

    async def news(self, request: Request, gtin: str, lang: str = "") -> Response:
        """How many there are now and whenever that changes, for a page that can listen."""
        asked = _asked(request, lang, "")
        wanted = gtin_14(gtin)
        address = caller_of(request)
        if wanted is None or not self._seats.is_free(address) or not self._admits(request):
            return Response(status_code=HTTPStatus.NO_CONTENT)  # a browser asks no more
        return StreamingResponse(
            self._stream(wanted, asked, address),
            media_type="text/event-stream",
            headers={"x-accel-buffering": "no"},
        )

    async def _stream(self, gtin: str, asked: Asked, address: str) -> AsyncIterator[str]:
        until = self._clock() + timedelta(seconds=LISTENS_FOR_S)
        with self._seats.take(address), self._broker.subscribe(self._store_id) as subscription:
            yield await run_in_threadpool(self._stock_event, gtin, asked)
            while not subscription.is_ended and self._clock() < until:
                event = await subscription.next_event()
                if event is None:
                    yield ": here\n\n"
                elif _is_about(event.message, gtin):
                    yield await run_in_threadpool(self._stock_event, gtin, asked)

    def _stock_event(self, gtin: str, asked: Asked) -> str:
        with self._database.read() as uow:
            item = self._item(uow, gtin)
            if item is None:
                return ": gone\n\n"
            known = availability.of_item(uow, self._store_id, item, self._clock())
        pages = pages_for(self._config.name, asked.language)
        stock = self._writer(asked).stock(item, known)
        text = pages.environment.get_template("shopper/stock.html").render(stock=stock)
        return f"event: stock\ndata: {' '.join(text.split())}\n\n"

    # -- what pages share ------------------------------------------------------------------------

    def _admits(self, request: Request) -> bool:
        return self._throttle.admits(caller_of(request), self._clock())

    def _item(self, uow: UnitOfWork, gtin: str) -> Item | None:
        wanted = gtin_14(gtin)
        return catalogue.find_item(uow, self._store_id, wanted) if wanted else None

    def _writer(self, asked: Asked) -> Writer:
        return Writer(texts_for(asked.language), self._clock(), self._plan)

    def _all_shown(self, uow: UnitOfWork, items: Any, asked: Asked) -> tuple[Shown, ...]:
        known = availability.of_items(uow, self._store_id, items, self._clock())
        writer = self._writer(asked)
        return tuple(writer.shown(item, known.get(item.gtin)) for item in items)

    def _busy(self, asked: Asked) -> Response:
        status = HTTPStatus.TOO_MANY_REQUESTS
        return self._answer("shopper/busy.html", asked, status=status, languages=[])

    def _unknown(self, asked: Asked) -> Response:
        return self._answer("shopper/unknown.html", asked, status=HTTPStatus.NOT_FOUND, languages=[])

    def _answer(
        self, template: str, asked: Asked, *, status: HTTPStatus = HTTPStatus.OK, **values: Any
    ) -> Response:
        pages = pages_for(self._config.name, asked.language)
        return pages.answer(
            template,
            pages.frame(),
            status=status,
            asked=asked,
            own_name=LANGUAGES[asked.language].own_name,
            **values,
        )


def router_for(
    config: StoreConfig,
    database: Database,
    broker: Broker,
    *,
    plan: StorePlan | None = None,
    clock: Clock = utc_now,
) -> APIRouter:
    """Routes under /find and /back."""
    phones = Phones(config, database, broker, plan=plan, clock=clock)
    router = APIRouter(include_in_schema=False)
    routes: tuple[tuple[str, Callable[..., Any]], ...] = (
        (PREFIX, phones.start),
        (PREFIX + "/{gtin}", phones.item),
        (PREFIX + "/{gtin}/back", phones.keep),
        (PREFIX + "/{gtin}/news", phones.news),
        (BACK + "/{token}", phones.back),
        (BACK + "/{token}/code.svg", phones.code),
    )
    for path, handler in routes:
        router.add_api_route(path, handler, methods=["GET"], response_model=None)
    return router


def _asked(request: Request, lang: str, lane: str) -> Asked:
    wanted = lang if lang in SHIPPED else _preferred(request.headers.get("accept-language", ""))
    return Asked(wanted, lane[:32])


def _preferred(accepted: str) -> str:
    """The first language of the phone's list that we speak; its order is trusted, not its weights."""
    for part in accepted.split(",")[:10]:
        code = part.partition(";")[0].strip().lower()
        for known in SHIPPED:
            if code == known.lower() or code.partition("-")[0] == known.partition("-")[0].lower():
                return known
    return ENGLISH


def _languages(asked: Asked, **more: str) -> list[tuple[str, str, str]]:
    """Every language with its own name and the address of the same page in it."""
    return [(code, LANGUAGES[code].own_name, "?" + Asked(code, asked.lane).query(**more)) for code in SHIPPED]


def _is_about(message: object, gtin: str) -> bool:
    """Whether it may change what is said of the item: its stock, or how departments speak."""
    return isinstance(message, ShelvesMessage) or (isinstance(message, StockMessage) and message.gtin == gtin)
