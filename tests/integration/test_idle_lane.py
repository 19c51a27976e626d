"""A silent lane on a real journal: a power cut in each state, and what the store hears of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from hardware.events import BarcodeRead
from inventory.domain.help_desk import InterventionKind
from kiosk.checkout.state import Phase, Presence
from kiosk.lane import Tapped
from tests.support.lane_fakes import MILK, WATER, LaneBench, durable

MILK_READ = BarcodeRead("scanner", MILK.gtin.lstrip("0"))
WATER_READ = BarcodeRead("scanner", WATER.gtin.lstrip("0"))


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[LaneBench]:
    bench = LaneBench(tmp_path)
    bench.work(MILK_READ)
    yield bench
    bench.close()


def presence(bench: LaneBench) -> Presence:
    return bench.state.presence


def away(bench: LaneBench) -> None:
    bench.wait(91)
    bench.wait(31)


def told(bench: LaneBench) -> list[tuple[InterventionKind, bool]]:
    return [(each.kind, each.withdrawn) for each in bench.voice.interventions]


def test_a_power_cut_while_the_lane_asks_asks_again_with_the_whole_time(bench: LaneBench) -> None:
    bench.wait(91)
    bench.wait(25)
    before = durable(bench.state)
    bench.restart()
    assert durable(bench.state) == before
    bench.wait(25)
    assert presence(bench) is Presence.ASKED
    bench.wait(6)
    assert presence(bench) is Presence.AWAY


def test_a_power_cut_under_the_veil_keeps_it_and_says_the_call_again(bench: LaneBench) -> None:
    away(bench)
    bench.restart()
    assert presence(bench) is Presence.AWAY
    ids = {each.intervention_id for each in bench.voice.interventions}
    assert told(bench) == [(InterventionKind.BASKET_LEFT, False)] * 2
    assert len(ids) == 1
    bench.work(Tapped("here"))
    assert presence(bench) is Presence.HERE
    assert told(bench)[-1] == (InterventionKind.BASKET_LEFT, True)
    assert bench.state.basket.total_minor == MILK.price_minor


def test_a_basket_that_was_put_away_is_on_disk_once(bench: LaneBench) -> None:
    away(bench)
    bench.wait(15 * 60)
    assert bench.state.phase is Phase.ATTRACT
    bench.restart()
    assert [kept.code for kept in bench.state.parked] == ["A10"]
    bench.restart()
    assert [kept.basket.total_minor for kept in bench.state.parked] == [MILK.price_minor]


def test_a_power_cut_with_the_code_on_the_screen_shows_it_again(bench: LaneBench) -> None:
    bench.work(Tapped("other-ways"))
    bench.restart()
    assert (bench.state.phase, bench.state.shown_code) == (Phase.PARKED, "A10")
    bench.work(Tapped("back"))
    assert bench.state.basket.total_minor == MILK.price_minor
    assert bench.state.parked == ()


def test_a_scan_on_the_veil_is_journaled_as_one_step(bench: LaneBench) -> None:
    away(bench)
    bench.work(WATER_READ)
    assert bench.kinds()[-1] == "ItemScanned"
    bench.restart()
    assert [each.item for each in bench.state.basket.lines] == [WATER]
    assert [kept.basket.lines[0].item for kept in bench.state.parked] == [MILK]


@pytest.mark.parametrize("touch", [Tapped("nothing-there"), Tapped("find"), WATER_READ])
def test_any_touch_or_scan_answers_the_question(bench: LaneBench, touch: Tapped | BarcodeRead) -> None:
    bench.wait(91)
    assert presence(bench) is Presence.ASKED
    bench.work(touch)
    assert presence(bench) is Presence.HERE
    assert bench.snapshots[-1].state.presence is Presence.HERE, "the screen knows it too"
