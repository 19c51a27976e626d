"""Owns the promise that a language is two taps away on every screen, and that choosing it loses nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assets import ROOT
from assets.languages import LANGUAGES, SHIPPED, own_name_of
from assets.texts import Texts
from hardware.receipt import Columns, Text
from inventory.domain.moments import format_moment
from inventory.domain.money import format_amount
from kiosk.checkout import effects as fx
from kiosk.checkout import messages as m
from kiosk.checkout.machine import step
from kiosk.checkout.receipt import receipt_document
from kiosk.checkout.state import LaneState, Phase, View
from kiosk.intake import Intake
from kiosk.shelf import shelf_from
from kiosk.ui.presenter import present
from kiosk.ui.presenter.scene import Scene
from kiosk.ui.screen_model import ButtonModel, ScreenModel, TileSheet
from tests.support.lane_fakes import (
    APPLES,
    ITEMS,
    MILK,
    NOON,
    HandClock,
    Walk,
    catalogue,
    counter,
    lane_config,
    shelf,
)
from tests.support.lane_walks import RandomWalk

SCENE = Scene("Mercato Aurora", "3", shelf(), NOON, receipt_qr="RECEIPT")
OVER = (m.Sheet.LANGUAGE, m.Sheet.ACCESSIBILITY, m.Sheet.CARD)
OWN_WORDS = (
    {own_name_of(code) for code in LANGUAGES}
    | {item.name(language) for item in ITEMS for language in (*SHIPPED, "en")}
    | {"Mercato Aurora", "RECEIPT", "Rye bread", "Marco: "}
)
ANSWERS = "".join(path.read_text("utf-8") for path in sorted((ROOT / "faq" / "en").glob("*.md"))).replace(
    "**", ""
)
"""Answers to questions have a page each in every language; a test locale shows the English one."""

NOT_WORDS = frozenset(
    {"entry_id", "tap_id", "icon", "pictogram", "language", "sound", "serial", "qr", "query", "state"}
)
"""Fields of a screen that name something for the machine, and what the shopper typed."""


def intake() -> Intake:
    goods = shelf_from(catalogue())
    return Intake(lane_config(Path("nowhere")), HandClock(), counter(), "boot-1", lambda: goods)


def taps(state: LaneState, language: str) -> tuple[LaneState, list[fx.Effect]]:
    """The globe, then the language: both have to be on the screen that is shown."""
    done: list[fx.Effect] = []
    for tap_id in ("language", f"lang:{language}"):
        shown = {button.tap_id for button in buttons(present(state, SCENE))}
        assert tap_id in shown
        event = intake().tap(tap_id, state)
        assert event is not None
        state, effects = step(state, event, NOON)
        done += effects
    return state, done


def parts(value: object) -> Iterator[object]:
    yield value
    if is_dataclass(value) and not isinstance(value, type):
        for field in fields(value):
            yield from parts(getattr(value, field.name))
    elif isinstance(value, tuple):
        for each in value:
            yield from parts(each)


def buttons(model: ScreenModel) -> list[ButtonModel]:
    return [part for part in parts(model) if isinstance(part, ButtonModel)]


def without_language(state: LaneState) -> LaneState:
    return replace(state, language="en", view=replace(state.view, card_phase=None))


@settings(max_examples=80, deadline=None)
@given(seed=st.integers(0, 2**32), steps=st.integers(0, 60), language=st.sampled_from(SHIPPED))
def test_on_every_screen_a_language_is_two_taps_away_and_nothing_else_changes(
    seed: int, steps: int, language: str
) -> None:
    walk, chance = RandomWalk(), Random(seed)
    for _ in range(steps):
        walk.wander(chance)
    before = walk.state
    if before.view.base is not before.view.sheet or before.view.sheet in OVER:
        before = replace(before, view=View(card_phase=before.view.card_phase))
    after, effects = taps(before, language)
    assert after.language == language
    assert after.view == before.view, "what was open is open again, with what was typed and chosen"
    assert without_language(after) == without_language(before)
    assert {type(effect) for effect in effects} <= {fx.StartTimer, fx.Weigh, fx.PlaySound}


def test_the_walks_above_come_to_every_phase() -> None:
    walk, chance, seen = RandomWalk(), Random(7), set()
    for _ in range(3000):
        walk.wander(chance)
        if walk.state.devices.storage_failed:
            walk.state = replace(walk.state, devices=replace(walk.state.devices, storage_failed=""))
        seen.add(walk.state.phase)
    assert seen == set(Phase)


def test_goods_on_the_scale_are_asked_for_again_after_the_switch() -> None:
    walk = Walk()
    walk.take(m.SheetOpened(m.Sheet.WEIGH, item=APPLES))
    after, effects = taps(walk.state, "ar")
    assert (after.view.sheet, after.view.weighing) == (m.Sheet.WEIGH, APPLES)
    assert fx.Weigh() in effects


def test_the_search_stays_in_sight_under_the_languages_with_what_was_typed() -> None:
    walk = Walk()
    walk.take(m.SheetOpened(m.Sheet.FIND), m.QueryTyped("mil"), m.SheetOpened(m.Sheet.LANGUAGE))
    covered = present(walk.state, SCENE)
    assert isinstance(covered.sheet, TileSheet)
    walk.take(m.SheetClosed())
    assert present(walk.state, SCENE).body == covered.body
    assert walk.state.view.query == "mil"


def test_the_globe_shows_every_language_in_its_own_words() -> None:
    walk = Walk()
    walk.take(m.SheetOpened(m.Sheet.LANGUAGE))
    sheet = present(walk.state, SCENE).sheet
    assert isinstance(sheet, TileSheet)
    assert [tile.label for tile in sheet.tiles] == [own_name_of(code) for code in SHIPPED]
    assert [tile.tap_id for tile in sheet.tiles if tile.chosen] == ["lang:en"]


def sold(language: str) -> Walk:
    walk = Walk().know_terminal().scan(MILK)
    walk.take(m.LanguageChosen(language))
    return walk.pay().authorise().complete()


@pytest.mark.parametrize("language", SHIPPED)
def test_thanks_and_receipt_follow_the_language_of_the_sale(language: str) -> None:
    sale = sold(language).state.sale
    assert sale is not None
    texts = Texts(language)
    paper = receipt_document(sale, texts, store_name="Aurora", lane_label="3", journal_head="a" * 64)
    words = [line.text for line in paper.lines if isinstance(line, Text)]
    sums = {line.left: line.right for line in paper.lines if isinstance(line, Columns)}
    assert texts("Thank you") in words
    assert format_moment(sale.paid_at_utc.astimezone(), language) in words
    assert texts("Total") in sums
    assert format_amount(sale.total_minor, "EUR", language) in sums.values()


@pytest.mark.parametrize("language", SHIPPED)
def test_a_finished_sale_thanks_in_the_language_it_was_made_in(language: str) -> None:
    walk = sold(language)
    assert walk.state.phase is Phase.THANKS
    said = [part for part in parts(present(walk.state, SCENE)) if isinstance(part, str)]
    assert Texts(language)("Your receipt") in said


def labels(value: object) -> Iterator[str]:
    """Every string of a screen that a person reads."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple):
        for each in value:
            yield from labels(each)
    elif is_dataclass(value) and not isinstance(value, type):
        for field in fields(value):
            if field.name not in NOT_WORDS:
                yield from labels(getattr(value, field.name))


def untranslated(text: str) -> str:
    """What is left of a text when everything from the catalogue, every name and every figure is taken out."""
    for words in sorted(OWN_WORDS, key=len, reverse=True):
        text = text.replace(words, "")
    while "[" in text:
        shorter = re.sub(r"\[[^\[\]]*\]", "", text)
        if shorter == text:
            break
        text = shorter
    return "".join(re.findall(r"[A-Za-z]{2,}", re.sub(r"EUR|kg|RON", "", text)))


def test_no_word_on_any_screen_exists_in_the_code_alone() -> None:
    walk, chance, found = RandomWalk(), Random(11), set()
    for _ in range(4000):
        walk.wander(chance)
        if walk.state.devices.storage_failed and chance.random() < 0.2:
            walk.state = replace(walk.state, devices=replace(walk.state.devices, storage_failed=""))
        screen = present(replace(walk.state, language="en-XA"), replace(SCENE, chips=("en-XA",)))
        found |= {text for text in labels(screen) if untranslated(text) and text not in ANSWERS}
    assert found == set()
