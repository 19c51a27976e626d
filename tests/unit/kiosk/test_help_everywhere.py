"""Help is one tap or one key away on whatever a lane shows, and nothing of a call is lost with the power."""

from __future__ import annotations

from pathlib import Path

import pytest

from hardware.events import Key
from inventory.domain.help_desk import HelpReason, HelpState
from kiosk.assist.reading import Reader, Tap, pressed, shown
from kiosk.checkout import messages as m
from kiosk.checkout.machine import step
from kiosk.intake import Intake
from kiosk.lane import Tapped
from tests.support import lane_screens
from tests.support.lane_fakes import MILK, NOON, HandClock, LaneBench, counter, lane_config

CALLED = ("Called", "Help")


@pytest.mark.parametrize("name", lane_screens.LED)
def test_a_tap_on_help_calls_somebody_from_every_screen(name: str, tmp_path: Path) -> None:
    state = lane_screens.state(name)
    intake = Intake(lane_config(tmp_path), HandClock(), counter(), "boot", lane_screens.shelf)
    event = intake.tap("help", state)
    assert isinstance(event, m.HelpRequested)
    after, _ = step(state, event, NOON)
    assert after.help is not None
    assert after.help.is_open
    assert (after.phase, after.basket, after.payment) == (state.phase, state.basket, state.payment)


@pytest.mark.parametrize("name", lane_screens.LED)
def test_the_button_is_on_every_screen_and_the_key_does_the_same(name: str) -> None:
    model = lane_screens.screen(name, "en")
    assert (model.help.tap_id, model.help.label in CALLED, model.help.enabled) == ("help", True, True)
    reader, _ = shown(Reader(), model)
    moved, deeds = pressed(reader, Key.HELP)
    taps = [deed.tap_id for deed in deeds if isinstance(deed, Tap)]
    if model.banner is not None and model.banner.again is None:
        assert moved.focus == "cancel", "called already: the key goes to where it can be taken back"
    else:
        assert taps == ["help" if model.banner is None else "help:again"]


def test_a_call_made_out_of_reach_keeps_its_name_and_the_time_of_the_tap(tmp_path: Path) -> None:
    bench = LaneBench(tmp_path)
    bench.work(Tapped("find"), Tapped(f"tell-more:{MILK.gtin}"))
    bench.power_cut()
    bench.clock.advance(300)
    bench.boot()
    bench.work(m.StoreReached(online=True))
    first, again = bench.voice.help[0], bench.voice.help[-1]
    assert len(bench.voice.help) == 2
    assert first == again, "the store takes each id once, so twice is once"
    assert again.requested_at_utc == NOON
    assert (again.reason, again.gtin, again.note) == (HelpReason.SALES, MILK.gtin, "Milk · aisle 7 · bay 2")
    bench.close()


def test_a_call_taken_back_out_of_reach_is_told_as_cancelled_and_nothing_waits(tmp_path: Path) -> None:
    bench = LaneBench(tmp_path)
    bench.work(Tapped("help"), Tapped("cancel"))
    bench.restart()
    assert [message.state for message in bench.voice.help] == [HelpState.REQUESTED, HelpState.CANCELLED]
    assert bench.state.help is None
    called = bench.voice.help[0]
    bench.work(m.HelpUpdated(called.help_id, HelpState.DELIVERED, ""))
    assert bench.voice.help[-1].state is HelpState.CANCELLED, "the store heard of the call alone"
    bench.close()
