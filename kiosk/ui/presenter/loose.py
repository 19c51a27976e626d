"""Owns the words and figures of goods without a barcode (K3): the likely ones, all by name, a number typed.

It must not know Kivy or read a clock: the month comes with the scene.
"""

from __future__ import annotations

from collections.abc import Sequence

from assets.texts import Texts
from inventory.domain.catalogue import Item
from inventory.domain.plu import usual_of
from inventory.domain.words import fold
from kiosk.assist import produce
from kiosk.checkout.preferences import Preference, Preferences
from kiosk.checkout.state import LaneState
from kiosk.intake import TILES_A_PAGE
from kiosk.ui.presenter.goods import full_name, price_words
from kiosk.ui.presenter.pages import (
    FULLEST,
    TILES_A_SIMPLE_PAGE,
    TILES_ON_THE_FULLEST_PAGE,
    page_after,
    page_before,
)
from kiosk.ui.presenter.scene import Scene
from kiosk.ui.screen_model import ButtonModel, FoundItem, Good, NoBarcodeModel, NumberModel, ScreenName

LETTERS_MOST = 5
"""Ways by letter in one line of a portrait screen."""


def no_barcode(state: LaneState, scene: Scene, texts: Texts) -> tuple[ScreenName, NoBarcodeModel]:
    """First what is bought here and in season, if anything is known; then all by name, a page at a time."""
    simple = Preference.SIMPLE in state.preferences
    size = goods_a_page(state.preferences)
    items = produce.by_name(scene.shelf.finder.loose_goods, state.language)
    first = produce.likely(items, state.picks, scene.now_utc.month, size)
    pages = [first] if first and len(items) > size else []
    by_name = len(pages)
    pages += [items[at : at + size] for at in range(0, max(len(items), 1), size)]
    if simple and len(pages[-1]) > 1:
        pages.append(())  # room for search and number, which follow the last tiles
    page = min(max(state.view.page, 0), len(pages) - 1)
    is_last = page == len(pages) - 1
    return ScreenName.NO_BARCODE, NoBarcodeModel(
        title=texts("Often chosen now") if page < by_name else texts("Which one is it?"),
        tiles=tuple(_tile(item, state) for item in pages[page]),
        letters=() if simple else _letters(pages, by_name, page, state.language),
        previous=None if simple else page_before(page, texts),
        next=page_after(page, len(pages), texts, round_again=simple),
        search=ButtonModel("find", texts("Search by name"), "find") if is_last or not simple else None,
        number=ButtonModel("sticker", texts("Number"), "sticker")
        if items and (is_last or not simple)
        else None,
    )


def sticker(state: LaneState, scene: Scene, texts: Texts) -> tuple[ScreenName, NumberModel]:
    """Looked up at every digit. A number that no good here carries is said, and stays to be mended."""
    goods, number = scene.shelf.finder.loose_goods, state.view.query
    found = produce.with_number(goods, number)
    alarm = found is None and not produce.may_grow(goods, number)
    return ScreenName.NO_BARCODE, NumberModel(
        title=texts("Type the number on the sticker"),
        text=_unknown_words(number, goods, texts) if alarm else _sticker_words(found, texts),
        number=number,
        found=_good(found, state) if found is not None else None,
        alarm=alarm,
        erase=ButtonModel("erase", texts("Delete"), "backspace", enabled=bool(number)),
        ok=ButtonModel("number-ok", texts("OK"), "tick", enabled=found is not None),
    )


def _sticker_words(found: Item | None, texts: Texts) -> str:
    if found is None:
        return texts("It has four or five digits.")
    return texts("Is it this one? Then tap OK.")


def _unknown_words(number: str, goods: Sequence[Item], texts: Texts) -> str:
    """The usual one's price would be wrong for an organic one, so it is never offered in its place."""
    if produce.with_number(goods, usual_of(number)) is not None:
        return texts("I do not know the organic one. Please tap Help.")
    return texts("I do not know this number. Check it, or tap Help.")


def _good(item: Item, state: LaneState) -> Good:
    return Good(full_name(item, state.language), price_words(item, state.language), item.pictogram)


def goods_a_page(preferences: Preferences) -> int:
    """Fewer where little is shown at once, and where letters are large and all stands low."""
    if Preference.SIMPLE in preferences:
        return TILES_A_SIMPLE_PAGE
    return TILES_ON_THE_FULLEST_PAGE if preferences.on >= FULLEST else TILES_A_PAGE


def _letters(pages: list[tuple[Item, ...]], first: int, page: int, language: str) -> tuple[ButtonModel, ...]:
    """Ways to the pages by the letters on them; several pages share one where there are many."""
    count = len(pages) - first
    if count < 2:
        return ()
    share = -(-count // LETTERS_MOST)
    buttons: list[ButtonModel] = []
    for start in range(first, len(pages), share):
        end = min(start + share, len(pages)) - 1
        begin, stop = _initial(pages[start][0], language), _initial(pages[end][-1], language)
        label = begin if begin == stop else f"{begin}–{stop}"
        chosen = start <= page <= end
        buttons.append(ButtonModel(f"page:{start}", label, "tick" if chosen else "", chosen=chosen))
    return tuple(buttons)


def _initial(item: Item, language: str) -> str:
    return (fold(item.name(language).strip())[:1] or "–").upper()


def _tile(item: Item, state: LaneState) -> FoundItem:
    return FoundItem(
        tap_id=f"tile:{item.gtin}",
        name=full_name(item, state.language),
        price=price_words(item, state.language),
        place="",
        bars=0,
        band="",
        age="",
        pictogram=item.pictogram,
        chosen=False,
    )
