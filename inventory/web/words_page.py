"""Owns the console's page of search words: what people type, what the store calls it, what found nothing.

It must not search. The words that found nothing stand beside the form, so that one tap fills it.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response

from inventory.config import StoreConfig
from inventory.db.unit_of_work import Database
from inventory.domain.staff import Permission
from inventory.services import searches, synonyms
from inventory.services.synonyms import SynonymRefused
from inventory.web.auth import Guard, session_of
from inventory.web.events import Broker
from inventory.web.pages import Clock, Pages, pages_for, utc_now
from inventory.web.question_views import missed_lines
from inventory.web.rail import places

PATH: Final = "/manager/words"
MISSED_SHOWN: Final = 20
ASKED_SINCE: Final = timedelta(days=7)


class WordsPage:
    """The page, and the two forms on it."""

    def __init__(self, config: StoreConfig, database: Database, *, pages: Pages, clock: Clock) -> None:
        self._store_id = config.store_id
        self._database = database
        self._pages = pages
        self._clock = clock

    def page(self, request: Request, term: str = "") -> Response:
        return self._answer(request, term=term[: synonyms.LONGEST])

    def add(
        self, request: Request, term: Annotated[str, Form()] = "", meaning: Annotated[str, Form()] = ""
    ) -> Response:
        who, now_utc = session_of(request).name, self._clock()
        try:
            with self._database.write() as uow:
                synonyms.add(uow, self._store_id, term=term, meaning=meaning, who=who, now_utc=now_utc)
        except SynonymRefused:
            words = self._pages.texts.text("Two different words are needed, one on each side.")
            return self._answer(request, term=term, meaning=meaning, refusal=words, status=422)
        return RedirectResponse(PATH, status_code=303)

    def remove(
        self, request: Request, term: Annotated[str, Form()] = "", meaning: Annotated[str, Form()] = ""
    ) -> Response:
        who, now_utc = session_of(request).name, self._clock()
        with self._database.write() as uow:
            synonyms.remove(uow, self._store_id, term=term, meaning=meaning, who=who, now_utc=now_utc)
        return RedirectResponse(PATH, status_code=303)

    def _answer(
        self, request: Request, *, term: str = "", meaning: str = "", refusal: str = "", status: int = 200
    ) -> Response:
        person = session_of(request)
        since_utc = self._clock() - ASKED_SINCE
        with self._database.read() as uow:
            known = synonyms.of_store(uow, self._store_id)
            missed = searches.missed(uow, self._store_id, since_utc=since_utc, limit=MISSED_SHOWN)
        return self._pages.answer(
            "manager/words.html",
            self._pages.frame(form_token=person.form_token, staff_name=person.name, is_manager=True),
            status=status,
            places=places(PATH, self._pages.texts, role=person.role),
            synonyms=known,
            missed=missed_lines(missed),
            term=term,
            meaning=meaning,
            refusal=refusal,
            longest=synonyms.LONGEST,
        )


def router_for(
    config: StoreConfig, database: Database, broker: Broker, *, clock: Clock = utc_now
) -> APIRouter:
    """Routes under /manager/words."""
    del broker
    shown = WordsPage(config, database, pages=pages_for(config.name, config.language), clock=clock)
    guard = Guard(config, database, clock=clock)
    needed = Permission.CHANGE_GOODS
    reads, posts = [Depends(guard.reads(needed))], [Depends(guard.posts(needed))]
    router = APIRouter(include_in_schema=False)
    router.add_api_route(PATH, shown.page, methods=["GET"], response_model=None, dependencies=reads)
    router.add_api_route(PATH, shown.add, methods=["POST"], response_model=None, dependencies=posts)
    router.add_api_route(
        f"{PATH}/remove", shown.remove, methods=["POST"], response_model=None, dependencies=posts
    )
    return router
