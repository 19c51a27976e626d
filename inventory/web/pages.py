"""Owns how a page is made: templates, the words around them, static files, and the page that says no.

It must not know what any one page shows.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache, lru_cache
from os.path import normpath
from pathlib import Path
from typing import Any, Final

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from starlette.staticfiles import StaticFiles

from assets.languages import Direction, direction_of
from inventory.domain.moments import format_clock, format_moment, format_weekday
from inventory.domain.money import format_amount, format_money
from inventory.web.texts import PAGE_LANGUAGE, Texts, texts_for

_TEMPLATES: Final = Path(__file__).resolve().parent / "templates"
_ASSETS: Final = Path(__file__).resolve().parents[2] / "assets"
_PUBLIC_FOLDERS: Final = ("web", "fonts", "pictograms", "icons")
_PUBLIC_SUFFIXES: Final = frozenset({".css", ".js", ".svg", ".png", ".ttf", ".woff2", ".txt"})

_FOR_GOOD: Final = "public, max-age=31536000, immutable"
_ASK_AGAIN: Final = {"pictograms": "public, max-age=86400"}

Clock = Callable[[], datetime]


def utc_now() -> datetime:
    """The clock of the running store; tests hand in their own."""
    return datetime.now(UTC)


class PageRefused(Exception):  # noqa: N818 - an answer on its way out, not a failure
    """Stops a page and answers with one sentence, and where to go from there."""

    def __init__(self, status: int, sentence: str, *, way_on: str = "", way_on_label: str = "") -> None:
        super().__init__(sentence)
        self.status = status
        self.sentence = sentence
        self.way_on = way_on
        self.way_on_label = way_on_label


class SignInNeeded(Exception):  # noqa: N818 - an answer on its way out, not a failure
    """Nobody is signed in: a page goes to the sign-in and back, a script is told 401."""

    def __init__(self, next_path: str, *, is_script: bool) -> None:
        super().__init__("Sign in first.")
        self.next_path = next_path
        self.is_script = is_script


@dataclass(frozen=True, slots=True)
class PageFrame:
    """What every page shows around its content."""

    store_name: str
    language: str
    form_token: str = ""
    staff_name: str = ""
    is_manager: bool = False

    @property
    def direction(self) -> Direction:
        """Which way the page is read."""
        return direction_of(self.language)


@dataclass(frozen=True, slots=True)
class Pages:
    """Templates of one store in one language."""

    store_name: str
    texts: Texts
    environment: Environment

    def frame(self, *, form_token: str = "", staff_name: str = "", is_manager: bool = False) -> PageFrame:
        return PageFrame(self.store_name, self.texts.language, form_token, staff_name, is_manager)

    def answer(self, template: str, frame: PageFrame, *, status: int = 200, **values: Any) -> HTMLResponse:
        """One page or fragment, every value escaped."""
        text = self.environment.get_template(template).render(page=frame, **values)
        return HTMLResponse(text, status_code=status)


@cache
def pages_for(store_name: str, language: str = PAGE_LANGUAGE) -> Pages:
    """The templates with their words in `language`; a name missing in a page is an error, never a blank."""
    texts = texts_for(language)
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,  # a look at the file for each tile; nobody edits a store that serves
        extensions=["jinja2.ext.i18n"],
    )
    # The i18n extension adds this method; its newstyle form escapes what is put into a sentence.
    environment.install_gettext_callables(texts.text, texts.plural, newstyle=True)  # type: ignore[attr-defined]
    words = texts.language
    environment.filters["money"] = lambda amount_minor, currency: format_money(amount_minor, currency, words)
    environment.filters["amount"] = lambda amount_minor, currency: format_amount(
        amount_minor, currency, words
    )
    environment.globals["stamped"] = lambda name: f"/assets/{name}?v={stamp_of(name)}"
    environment.filters["options"] = options_of
    environment.filters["clock"] = lambda moment: format_clock(moment, words)
    environment.filters["day"] = lambda moment: format_weekday(moment, words)
    environment.filters["moment"] = lambda moment: format_moment(moment, words)
    return Pages(store_name, texts, environment)


@lru_cache(64)
def options_of(names: tuple[str, ...]) -> Markup:
    """A list's choices. On a wall with many calls each of them offers the same colleagues."""
    return Markup().join(Markup('<option value="{0}">{0}</option>').format(name) for name in names)


@cache
def stamp_of(name: str) -> str:
    """Ten digits of what is in a public file: an address that carries them never changes its meaning."""
    try:
        return hashlib.sha256((_ASSETS / name).read_bytes()).hexdigest()[:10]
    except OSError:
        return "none"


@cache
def asset_text(name: str) -> str:
    """The text of one public file."""
    return (_ASSETS / name).read_text(encoding="utf-8")


def refusal_page(pages: Pages, refused: PageRefused) -> Response:
    """The page for a PageRefused; a script reads the sentence out of it."""
    return pages.answer(
        "message.html",
        pages.frame(),
        status=refused.status,
        heading=pages.texts.text("That did not work"),
        sentence=refused.sentence,
        way_on=refused.way_on,
        way_on_label=refused.way_on_label,
    )


def sign_in_answer(needed: SignInNeeded) -> Response:
    """401 for a script, the sign-in page for a person."""
    if needed.is_script:
        return Response("Sign in first.", status_code=401, media_type="text/plain")
    return RedirectResponse(f"/sign-in?next={needed.next_path}", status_code=303)


def router_for() -> APIRouter:
    """Static files: only the folders and kinds of file a browser needs, never the demo data or the words."""
    router = APIRouter()
    folders = {name: StaticFiles(directory=_ASSETS / name, check_dir=False) for name in _PUBLIC_FOLDERS}

    @router.get("/assets/{folder}/{path:path}", include_in_schema=False)
    async def asset(request: Request, folder: str, path: str) -> Response:
        # One name for each file: what is remembered of names stays as small as the folder.
        is_plain = path.isprintable() and path == normpath(path)
        if folder not in folders or Path(path).suffix not in _PUBLIC_SUFFIXES or not is_plain:
            raise HTTPException(404)
        answer = await folders[folder].get_response(path, request.scope)
        is_stamped = request.query_params.get("v") == stamp_of(f"{folder}/{path}")
        answer.headers["cache-control"] = _FOR_GOOD if is_stamped else _ASK_AGAIN.get(folder, "no-cache")
        return answer

    return router
