"""The accessibility tree: everything one can act on has a name, in every language, in reading order."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assets.languages import SHIPPED as LANGUAGES
from kiosk.checkout import messages as m
from kiosk.ui import gallery
from kiosk.ui.presenter.nodes import Node, Role, nodes, reachable
from kiosk.ui.screen_model import (
    ButtonModel,
    FindModel,
    FoundItem,
    LastItem,
    NumberModel,
    PadModel,
    RowModel,
    ScreenModel,
)
from tests.support.lane_fakes import BEER, MILK, WATER, Walk
from tests.support.lane_walks import RandomWalk
from tests.unit.kiosk.test_presenter import everything, scene, shown

from kiosk.ui.presenter import present  # isort: skip

SCREENS = gallery.english()


def actable(model: ScreenModel) -> set[str]:
    """Every tap id in front, found without the tree: a sheet covers what is behind it."""
    parts: list[object] = [model.sheet] if model.sheet else [model.top, model.body, model.banner, model.strip]
    found = {model.help.tap_id, model.access.tap_id}
    for part in parts:
        for value in everything(part):
            if isinstance(value, ButtonModel | RowModel | LastItem | FoundItem):
                found.add(value.tap_id)
        if isinstance(part, FindModel):
            found |= {f"key:{key}" for row in part.keys for key in row}
        if isinstance(part, NumberModel | PadModel):
            found |= {f"digit:{digit}" for digit in range(10)}
        if isinstance(part, PadModel):
            found |= {f"digit:{digit}" for digit in "0123456789"}
    return found


def check(model: ScreenModel) -> None:
    tree = nodes(model)
    ids = [node.id for node in tree]
    assert len(set(ids)) == len(ids)
    assert {node.id for node in tree if node.reachable} == actable(model)
    for node in tree:
        assert node.name.strip(), f"{node.id} has no name"
        assert isinstance(node.role, Role)


@pytest.mark.parametrize("name", SCREENS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_focusable_of_every_screen_has_a_name_and_a_role(name: str, language: str) -> None:
    check(replace(SCREENS[name], language=language))


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 2**32), steps=st.integers(0, 60))
def test_every_state_a_lane_can_reach_has_named_focusables_in_every_language(seed: int, steps: int) -> None:
    walk, chance = RandomWalk(), Random(seed)
    for _ in range(steps):
        walk.wander(chance)
    for language in LANGUAGES:
        check(present(replace(walk.state, language=language), scene()))


def names(tree: tuple[Node, ...]) -> list[str]:
    return [node.name for node in tree]


def test_a_basket_is_read_from_the_top_down_to_pay_and_help() -> None:
    model = shown(Walk().scan().scan(WATER, "b"))
    wanted = ["Language: English", "Water", "Milk", "No barcode", "Find", "Pay", "Help", "Accessibility"]
    assert [name for name in names(reachable(model)) if name in wanted] == wanted


def test_a_row_says_its_price_with_the_currency_and_what_select_does() -> None:
    model = shown(Walk().scan().scan(BEER, "b"))
    milk = next(node for node in nodes(model) if node.name == "Milk")
    assert milk.value == "1.29 EUR"
    assert milk.hint == "Press select to change it."


def test_a_sheet_hides_what_is_behind_it_but_never_help_and_access() -> None:
    walk = Walk().scan()
    walk.take(m.SheetOpened(m.Sheet.ROW, "a"))
    ids = {node.id for node in reachable(shown(walk))}
    assert {"less", "more", "remove", "done", "help", "accessibility"} <= ids
    assert not {"pay", "find", "no-barcode"} & ids


def test_a_loudspeaker_is_given_neither_goods_of_the_basket_nor_prices() -> None:
    for node in nodes(shown(Walk().scan())):
        assert MILK.name("en") not in node.open
        assert "1.29" not in node.open
