"""Taking goods out: always done at once, and above the store's limit staff are told softly, once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from hardware.events import BarcodeRead
from inventory.domain.help_desk import Decision, InterventionKind
from kiosk.checkout import effects as fx
from kiosk.checkout import messages as m
from kiosk.checkout import visit_events as v
from kiosk.checkout.state import Phase
from kiosk.inputs import decode
from kiosk.journal import Entry
from kiosk.lane import Tapped
from kiosk.ui.presenter import present
from kiosk.ui.presenter.scene import Scene
from tests.support.lane_fakes import MILK, NOON, WATER, LaneBench, Walk, item, shelf

DEAR = item(71, "Olive oil", 900)


def out(walk: Walk, line_id: str, lines: int = 3, minor: int = 2000) -> tuple[fx.Effect, ...]:
    return walk.take(m.LineRemoved(line_id, lines, minor))


def told(effects: tuple[fx.Effect, ...]) -> list[fx.RaiseIntervention]:
    return [each for each in effects if isinstance(each, fx.RaiseIntervention)]


def taken_back(effects: tuple[fx.Effect, ...]) -> list[fx.WithdrawIntervention]:
    return [each for each in effects if isinstance(each, fx.WithdrawIntervention)]


def filled(count: int = 6) -> Walk:
    walk = Walk()
    for number in range(count):
        walk.scan(item(80 + number, f"Good {number}", 100), f"l{number}")
    return walk


def test_three_lines_are_nobodys_business_and_the_fourth_is_told_with_all_their_names() -> None:
    walk = filled()
    assert [told(out(walk, f"l{n}")) for n in range(3)] == [[], [], []]
    (call,) = told(out(walk, "l3"))
    assert call.kind is InterventionKind.ITEMS_REMOVED
    assert call.facts == tuple(f"Good {n} · €1.00" for n in range(4))


def test_much_money_is_told_however_few_the_lines() -> None:
    walk = Walk().scan(DEAR, "a").scan(WATER, "w")
    walk.take(m.UnitsChanged("a", 2))
    (call,) = told(out(walk, "a"))
    assert call.facts == ("3 × Olive oil · €27.00",)


def test_exactly_the_limit_is_still_within_it() -> None:
    walk = Walk().scan(replace(DEAR, price_minor=2000), "a").scan(WATER, "w")
    assert told(out(walk, "a")) == []


def test_a_removal_above_the_limit_is_done_all_the_same_and_paying_goes_on() -> None:
    walk = filled()
    for n in range(5):
        out(walk, f"l{n}")
    assert [each.line_id for each in walk.state.basket.lines] == ["l5"]
    walk.know_terminal().pay()
    assert walk.state.phase is Phase.PAYING


def test_further_lines_are_told_under_the_same_name() -> None:
    walk = filled()
    calls = [call for n in range(6) for call in told(out(walk, f"l{n}"))]
    assert len(calls) == 3
    assert len({call.intervention_id for call in calls}) == 1
    assert len(calls[-1].facts) == 6


def test_undo_of_the_line_that_was_too_many_takes_the_word_back_and_the_next_one_is_another_call() -> None:
    walk = filled()
    first = [told(out(walk, f"l{n}")) for n in range(4)][-1]
    (back,) = taken_back(walk.take(v.RemovalUndone()))
    assert back.intervention_id == first[0].intervention_id
    walk.later(1)
    (again,) = told(out(walk, walk.state.basket.lines[-1].line_id))
    assert again.intervention_id != back.intervention_id


def test_a_store_without_a_limit_is_never_told() -> None:
    walk = filled()
    assert [told(out(walk, f"l{n}", 0, 0)) for n in range(6)] == [[]] * 6


def test_the_end_of_the_visit_ends_the_call_and_the_count() -> None:
    walk = filled()
    for n in range(4):
        out(walk, f"l{n}")
    walk.know_terminal().pay().authorise().complete()
    assert len(taken_back(walk.take(m.TimerExpired(m.Timer.THANKS)))) == 1
    assert (walk.state.taken_out, walk.state.told_removed, walk.state.removal_call) == ((), 0, "")


def test_after_a_restart_staff_hear_of_it_once_more_under_the_same_name() -> None:
    walk = filled()
    call = [told(out(walk, f"l{n}")) for n in range(4)][-1][0]
    assert call in told(walk.take(m.LaneStarted("boot-2")))


def test_the_answer_of_staff_changes_nothing_at_the_lane() -> None:
    walk = filled()
    call = [told(out(walk, f"l{n}")) for n in range(4)][-1][0]
    before = walk.state
    walk.take(m.InterventionDecided(call.intervention_id, Decision.APPROVED, "Marco"))
    assert walk.state.basket == before.basket
    assert walk.state.phase is Phase.SCANNING


def test_an_old_journal_knows_no_limit() -> None:
    entry = Entry(1, NOON, "boot", 0.0, "LineRemoved", '{"line_id": "a"}', "", "")
    assert decode(entry) == m.LineRemoved("a", 0, 0)


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[LaneBench]:
    bench = LaneBench(tmp_path)
    yield bench
    bench.close()


def test_the_shopper_is_told_kindly_and_each_removal_still_costs_two_touches(bench: LaneBench) -> None:
    for _ in range(4):
        bench.work(
            BarcodeRead("scanner", MILK.gtin.lstrip("0")), BarcodeRead("scanner", WATER.gtin.lstrip("0"))
        )
        bench.work(Tapped("row:1"), Tapped("remove"))
    strip = present(bench.state, Scene("Mercato Aurora", "3", shelf(), NOON)).strip
    assert strip is not None
    assert (strip.lead, strip.text) == ("Removed.", "A colleague has been told. Just go on.")
    assert strip.action is not None
    assert strip.action.tap_id == "undo"
    assert [each.kind for each in bench.voice.interventions] == [InterventionKind.ITEMS_REMOVED]
