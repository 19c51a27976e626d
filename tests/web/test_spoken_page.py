"""How each department speaks of its shelves, set on the console: kept with who and when, and told at once."""

from __future__ import annotations

import pytest

from inventory.domain.availability import ShelfRule
from inventory.domain.stock import BandLimits
from inventory.services import availability
from tests.support.web_store import STORE, StoreInTest

PATH = "/manager/shelves"
TYPED = {"department": "Dairy", "plenty": "20", "a_few": "6.5", "hours": "0"}


def rule_of(store: StoreInTest) -> ShelfRule:
    with store.database.read() as uow:
        return availability.rule_of(uow, STORE, "Dairy")


def test_a_manager_sets_how_a_department_speaks_and_gives_it_back(store: StoreInTest) -> None:
    ada = store.signed_in("Ada")
    assert "default" in ada.get(f"{PATH}?about=Dairy").text
    assert "Back to the default" not in ada.get(f"{PATH}?about=Dairy").text
    done = ada.submit(PATH, page=PATH, **TYPED)
    assert rule_of(store) == ShelfRule(BandLimits(20_000, 6_500), 0)
    page = ada.get(done.headers["location"]).text
    for words in ("Saved.", "Ada", "never", "21 Nov 2026", 'value="6.500"', "Back to the default"):
        assert words in page, words
    assert "Dairy,20.000,6.500,0" in ada.get(f"{PATH}?export=csv").text
    assert "<td>set what shoppers are told</td>" in ada.get("/manager/audit").text
    ada.submit(PATH, page=PATH, department="Dairy", then="back")
    assert rule_of(store) == ShelfRule()


@pytest.mark.parametrize(
    "change",
    [
        {"plenty": "5"},
        {"a_few": "0"},
        {"a_few": "many"},
        {"hours": "337"},
        {"hours": "1.5"},
        {"department": "Nowhere"},
        {"department": ""},
    ],
)
def test_a_rule_without_sense_is_refused_and_stays_typed(store: StoreInTest, change: dict[str, str]) -> None:
    ada = store.signed_in("Ada")
    typed = {**TYPED, **change}
    answer = ada.submit(PATH, page=PATH, **typed)
    assert "begins at or above" in answer.text
    assert f'value="{typed["plenty"]}"' in answer.text
    assert rule_of(store) == ShelfRule()


def test_only_managers_set_it(store: StoreInTest) -> None:
    assert store.signed_in("Marco").get(PATH).status_code == 403
