"""Owns the proof that a simple screen has few things to touch and still every way on.

It must not open a window.
"""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from typing import Any

import pytest

from kiosk.assist.faq import Question
from kiosk.checkout import messages as m
from kiosk.checkout.preferences import Preference, Preferences
from kiosk.shelf import shelf_from
from kiosk.ui import gallery
from kiosk.ui.gallery_pages import as_shown
from kiosk.ui.item_card_model import ItemCardModel
from kiosk.ui.presenter import present
from kiosk.ui.presenter.scene import Scene
from kiosk.ui.presenter.simple import MOST, simplified
from kiosk.ui.screen_model import (
    BasketModel,
    ButtonModel,
    FindModel,
    FoundItem,
    NoBarcodeModel,
    PayModel,
    QuestionsModel,
    RowSheet,
    ScreenModel,
)
from tests.support.lane_fakes import NOON, Walk, catalogue, item, shelf

SCREENS = gallery.english()
_SPARED = {name for name in SCREENS if name.startswith("staff")}  # not a shopper's


def _simple(name: str) -> ScreenModel:
    return as_shown(replace(SCREENS[name], preferences=Preferences(frozenset({Preference.SIMPLE}))))


def _found(value: Any) -> list[FoundItem]:
    """Every good that can be touched."""
    if isinstance(value, FoundItem):
        return [value]
    if isinstance(value, tuple):
        return [found for part in value for found in _found(part)]
    if is_dataclass(value) and not isinstance(value, type):
        return [found for field in fields(value) for found in _found(getattr(value, field.name))]
    return []


def _buttons(value: Any) -> list[ButtonModel]:
    """Every button of a model, however deep it lies, and whether it stands in a list of rows or not."""
    if isinstance(value, ButtonModel):
        return [value]
    if isinstance(value, tuple):
        return [button for part in value for button in _buttons(part)]
    if is_dataclass(value) and not isinstance(value, type):
        return [button for field in fields(value) for button in _buttons(getattr(value, field.name))]
    return []


def _to_touch(model: ScreenModel) -> int:
    """How much there is to touch beside what is on every screen; a keyboard is one thing and spared."""
    body = model.body
    if isinstance(body, FindModel):
        return len(_found(body.results)) + len(_buttons(body.results)) + len(_buttons(model.banner))
    own = len(_found(body)) - (1 if isinstance(body, ItemCardModel) else 0)  # the card itself is only read
    return own + len(_buttons(body)) + len(_buttons(model.banner))


@pytest.mark.parametrize("name", [name for name in SCREENS if name not in _SPARED])
def test_a_simple_screen_has_at_most_four_things_to_touch_beside_the_fixed_ones(name: str) -> None:
    simple = _simple(name)
    assert _to_touch(simple) <= MOST
    if isinstance(simple.sheet, RowSheet):
        assert len(_buttons(simple.sheet)) <= MOST


def _pages(scene: Scene, sheet: m.Sheet) -> list[NoBarcodeModel | QuestionsModel]:
    """Every page a shopper comes to who goes on until the first comes again."""
    walk = Walk().scan()
    walk.take(m.PreferencesChosen(Preferences(frozenset({Preference.SIMPLE}))), m.SheetOpened(sheet))
    pages: list[NoBarcodeModel | QuestionsModel] = []
    while True:
        model = present(walk.state, scene)
        assert _to_touch(model) <= MOST
        assert isinstance(model.body, NoBarcodeModel | QuestionsModel)
        pages.append(model.body)
        page = int(model.body.next.tap_id.removeprefix("page:")) if model.body.next else 0
        if page == 0:
            return pages
        walk.take(m.ResultChosen(page=page))


def test_all_questions_are_reached_three_at_a_time_and_begin_again_after_the_last() -> None:
    pages = _pages(Scene("Mercato Aurora", "3", shelf(), NOON), m.Sheet.QUESTIONS)
    tiles = [tile.tap_id for page in pages for tile in page.tiles]
    assert len(tiles) == len(set(tiles)) == len(Question)
    assert pages[-1].next is not None
    assert not any(page.previous for page in pages)


@pytest.mark.parametrize("count", [2, 3, 4, 6, 7])
def test_all_loose_goods_are_reached_three_at_a_time_and_then_the_search(count: int) -> None:
    loose = [item(200 + n, f"{letter}-fruit", 100, plu=str(4100 + n)) for n, letter in enumerate("ABCDEFG")]
    scene = Scene("Mercato Aurora", "3", shelf_from(catalogue(*loose[:count])), NOON)
    pages = [page for page in _pages(scene, m.Sheet.NO_BARCODE) if isinstance(page, NoBarcodeModel)]
    assert sum(len(page.tiles) for page in pages) == count
    assert [page.search is not None for page in pages] == [*[False] * (len(pages) - 1), True]
    assert not any(page.letters or page.previous for page in pages)


def test_a_simple_search_shows_closed_results_whose_cards_hold_what_can_be_done() -> None:
    results, card = _simple("find").body, _simple("item").body
    assert isinstance(results, FindModel)
    assert isinstance(card, ItemCardModel)
    assert not any(found.chosen or found.actions for found in results.results)
    assert [deed.tap_id for deed in card.item.actions] == ["bring", "shelf-empty"]


def test_a_simple_card_of_goods_that_are_not_here_leads_to_what_is() -> None:
    card = _simple("item-not-here").body
    assert isinstance(card, ItemCardModel)
    assert [found.tap_id for found in card.instead] == ["found:3", "found:4"]


@pytest.mark.parametrize("name", SCREENS)
def test_a_simple_screen_keeps_help_the_language_the_way_back_and_its_words(name: str) -> None:
    before, after = SCREENS[name], simplified(SCREENS[name])
    assert (after.help, after.access, after.top) == (before.help, before.access, before.top)
    assert (after.name, after.strip) == (before.name, before.strip)
    assert type(after.sheet) is type(before.sheet)
    assert (after.banner is None) == (before.banner is None)


@pytest.mark.parametrize("name", SCREENS)
def test_a_simple_screen_shows_nothing_that_the_whole_one_does_not(name: str) -> None:
    whole = _buttons(SCREENS[name])
    assert all(button in whole for button in _buttons(simplified(SCREENS[name])))


def test_a_simple_basket_can_be_paid_and_still_takes_what_has_no_barcode() -> None:
    body = simplified(SCREENS["basket"]).body
    assert isinstance(body, BasketModel)
    assert [button.tap_id for button in body.tools] == ["no-barcode"]
    assert body.pay.enabled


def test_simple_paying_offers_only_ways_that_are_open() -> None:
    body = simplified(SCREENS["pay"]).body
    assert isinstance(body, PayModel)
    assert body.buttons
    assert all(button.enabled for button in body.buttons)
