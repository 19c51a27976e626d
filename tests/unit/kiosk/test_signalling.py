"""The light over the lane follows the call for help alone, in colour and pattern; unheard, it buzzes."""

from __future__ import annotations

import pytest

from hardware.ports import Light, LightColour, LightPattern
from inventory.domain.help_desk import HelpPhase, HelpReason, HelpState
from kiosk.checkout import effects as fx
from kiosk.checkout import messages as m
from kiosk.checkout.signalling import light, light_of
from kiosk.ui.presenter import present
from kiosk.ui.presenter.scene import Scene
from kiosk.ui.screen_model import Lamp
from tests.support.lane_fakes import NOON, Walk, shelf

AMBER = LightColour.AMBER
SLOW, FAST = LightPattern.SLOW, LightPattern.FAST


def called(*, online: bool = True) -> Walk:
    walk = Walk().scan()
    walk.take(m.StoreReached(online=online), m.HelpRequested("help-1"))
    return walk


def lit(walk: Walk) -> list[Light]:
    return [effect.light for effect in walk.of(fx.SetLight)]


def lamp(walk: Walk) -> Lamp:
    return present(walk.state, Scene("Mercato Aurora", "3", shelf(), NOON)).top.lamp


def test_every_phase_has_its_light() -> None:
    shown = {phase: light_of(phase) for phase in HelpPhase}
    waiting = {HelpPhase.REQUESTED, HelpPhase.DELIVERED, HelpPhase.REOPENED, HelpPhase.ESCALATED}
    assert {phase for phase, each in shown.items() if each == Light(AMBER, SLOW)} == waiting
    assert {phase for phase, each in shown.items() if each == Light(AMBER)} == {
        HelpPhase.ACCEPTED,
        HelpPhase.EN_ROUTE,
        HelpPhase.CHAT,
    }
    assert shown[HelpPhase.ARRIVED] == Light(LightColour.BLUE)
    assert [phase for phase, each in shown.items() if each.buzzes] == [HelpPhase.OFFLINE]
    assert shown[HelpPhase.OFFLINE].pattern is FAST


@pytest.mark.parametrize(("online", "pattern"), [(True, SLOW), (False, FAST)])
def test_a_tap_on_help_lights_the_lamp_in_the_same_step(online: bool, pattern: LightPattern) -> None:
    assert lit(called(online=online)) == [Light(AMBER, pattern, buzzes=not online)]


def test_the_light_is_told_at_changes_only() -> None:
    walk = called()
    for event, told in (
        (m.HelpUpdated("help-1", HelpState.DELIVERED, ""), []),
        (m.HelpUpdated("help-1", HelpState.ACCEPTED, "Marco"), [Light(AMBER)]),
        (m.HelpUpdated("help-1", HelpState.EN_ROUTE, "Marco"), []),
        (m.HelpUpdated("help-1", HelpState.ARRIVED, "Marco"), [Light(LightColour.BLUE)]),
        (m.HelpUpdated("help-1", HelpState.RESOLVED, "Marco"), [Light(LightColour.GREEN)]),
        (m.HelpRequested("help-2"), [Light(AMBER, SLOW)]),
        (m.HelpCancelled(), [Light(LightColour.GREEN)]),
    ):
        walk.take(event)
        assert lit(walk) == told, event


def test_a_call_that_nobody_can_hear_buzzes_once_through_the_loudspeaker_too() -> None:
    walk = called()
    walk.take(m.StoreReached(online=False))
    assert lit(walk) == [Light(AMBER, FAST, buzzes=True)]
    assert fx.PlaySound(fx.Sound.ATTENTION) in walk.effects
    walk.take(m.HelpReasonGiven(HelpReason.PRICE))
    assert fx.PlaySound(fx.Sound.ATTENTION) not in walk.effects


def test_somebody_on_the_way_comes_whether_the_store_is_heard_or_not() -> None:
    walk = called()
    walk.take(m.HelpUpdated("help-1", HelpState.ACCEPTED, "Marco"), m.StoreReached(online=False))
    assert light(walk.state) == Light(AMBER)


def test_a_lane_that_starts_sets_its_light_whatever_stood_there() -> None:
    walk = called()
    walk.take(m.LaneStarted("boot-2"))
    assert lit(walk) == [Light(AMBER, SLOW)]
    fresh = Walk()
    fresh.take(m.LaneStarted("boot-1"))
    assert lit(fresh) == [Light(LightColour.GREEN)]


def test_the_lamp_on_the_glass_shows_what_the_light_shows() -> None:
    walk = Walk().scan()
    assert lamp(walk) is Lamp.FREE
    assert lamp(called()) is Lamp.CALLING
    assert lamp(called(online=False)) is Lamp.CALLING_FAST
    walk.take(m.StorageFailed("", "disk full"))
    assert (lamp(walk), light(walk.state)) == (Lamp.CLOSED, Light(LightColour.OFF))
