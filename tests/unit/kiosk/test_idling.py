"""A lane whose shopper is silent: it asks, veils, keeps, and never throws a basket away."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hardware.events import CardDeclined, DeclineReason
from inventory.domain.help_desk import InterventionKind
from kiosk.checkout import effects as fx
from kiosk.checkout import messages as m
from kiosk.checkout import visit_events as v
from kiosk.checkout.journaled import JOURNALED
from kiosk.checkout.machine import TERMINAL
from kiosk.checkout.preferences import Preference, Preferences
from kiosk.checkout.state import BASKET_KEPT_S, AgeCheck, LaneState, Phase, Presence, View, delay_s
from kiosk.checkout.tables import PRESENCES, UNDER_THE_VEIL
from tests.support.lane_fakes import BEER, MILK, WATER, Walk, durable, fresh_state, journaled, requested
from tests.support.lane_walks import RandomWalk

ASK = m.TimerExpired(m.Timer.IDLE)
VEIL = m.TimerExpired(m.Timer.STILL_THERE)
PUT_AWAY = m.TimerExpired(m.Timer.LEFT)


def presence(walk: Walk) -> Presence:
    return walk.state.presence


def phase(walk: Walk) -> Phase:
    return walk.state.phase


def asked() -> Walk:
    walk = Walk().scan()
    walk.take(ASK)
    return walk


def away() -> Walk:
    walk = asked()
    walk.take(VEIL)
    return walk


def test_an_idle_basket_is_asked_after_with_a_tone_before_anything_happens_to_it() -> None:
    walk = asked()
    assert presence(walk) is Presence.ASKED
    assert walk.state.basket.total_minor == 129
    assert fx.PlaySound(fx.Sound.ATTENTION) in walk.effects
    assert fx.StartTimer(m.Timer.STILL_THERE) in walk.effects


def test_the_warning_lasts_long_enough_and_every_limit_doubles_for_who_wants_time() -> None:
    state = Walk().scan().state
    slower = Walk().scan()
    slower.take(m.PreferencesChosen(Preferences(frozenset({Preference.SLOWER}))))
    assert delay_s(m.Timer.STILL_THERE, state) >= 20
    for timer, seconds in ((m.Timer.IDLE, 90), (m.Timer.STILL_THERE, 30), (m.Timer.THANKS, 10)):
        assert delay_s(timer, state) == seconds
        assert delay_s(timer, slower.state) == 2 * seconds
    assert delay_s(m.Timer.IDLE, fresh_state()) == 45


def test_being_there_extends_the_time_as_often_as_the_shopper_likes() -> None:
    walk = Walk().scan()
    for _ in range(25):
        walk.take(ASK)
        assert presence(walk) is Presence.ASKED
        walk.take(v.ShopperReturned())
        assert presence(walk) is Presence.HERE
        assert fx.StartTimer(m.Timer.IDLE) in walk.effects
    assert walk.state.basket.total_minor == 129


def test_a_touch_that_does_nothing_begins_the_time_anew() -> None:
    walk = Walk().scan()
    assert walk.take(v.Touched()) == (fx.StartTimer(m.Timer.IDLE),)
    assert Walk().take(v.Touched()) == (fx.StartTimer(m.Timer.IDLE),)
    assert asked().take(v.Touched()) == (), "the question wants its own answer"
    assert v.Touched not in JOURNALED


def test_who_waits_for_a_colleague_is_not_asked() -> None:
    walk = Walk().scan()
    walk.take(m.HelpRequested("h"), ASK)
    assert presence(walk) is Presence.HERE
    assert walk.effects == (fx.StartTimer(m.Timer.IDLE),)


def test_a_basket_after_a_payment_that_failed_is_asked_after_too() -> None:
    walk = Walk().know_terminal().scan().pay()
    walk.take(CardDeclined(TERMINAL, "try-1", DeclineReason.REFUSED_BY_BANK, 0x6C))
    assert fx.StartTimer(m.Timer.IDLE) in walk.effects
    walk.take(ASK, VEIL, v.ShopperReturned())
    assert phase(walk) is Phase.NOT_PAID


def test_nobody_is_asked_while_money_moves_or_nothing_is_in_the_basket() -> None:
    walk = Walk().know_terminal().scan().pay()
    assert walk.take(ASK) == ()
    empty = Walk().scan()
    empty.take(m.LineRemoved("a"), ASK)
    assert empty.state.phase is Phase.ATTRACT


def test_when_nobody_answers_the_basket_is_veiled_kept_and_staff_are_told_softly() -> None:
    walk = away()
    assert presence(walk) is Presence.AWAY
    assert walk.state.basket.total_minor == 129
    (call,) = walk.of(fx.RaiseIntervention)
    assert isinstance(call, fx.RaiseIntervention)
    assert call.kind is InterventionKind.BASKET_LEFT
    assert walk.of(fx.SendHelp) == [], "a soft call rings for nobody"
    assert fx.StartTimer(m.Timer.LEFT) in walk.effects


def test_a_touch_lifts_the_veil_and_takes_the_call_back() -> None:
    walk = away()
    (call,) = walk.of(fx.RaiseIntervention)
    assert isinstance(call, fx.RaiseIntervention)
    walk.later(60).take(v.ShopperReturned())
    assert presence(walk) is Presence.HERE
    assert walk.state.basket.total_minor == 129
    assert walk.of(fx.WithdrawIntervention) == [
        fx.WithdrawIntervention(call.intervention_id, InterventionKind.BASKET_LEFT)
    ]
    walk.take(ASK, VEIL)
    (again,) = walk.of(fx.RaiseIntervention)
    assert isinstance(again, fx.RaiseIntervention)
    assert again.intervention_id != call.intervention_id, "a call that was taken back is another call"


def test_nothing_under_the_veil_can_be_changed_or_paid() -> None:
    walk = away()
    events = (
        requested(walk.state),
        m.LineRemoved("a"),
        m.UnitsChanged("a", 1),
        v.PayElsewhereRequested(),
        v.RemovalUndone(),
        m.PayObstructed(m.PayObstacle.TERMINAL),
        m.BasketResumed(),
    )
    assert {type(event) for event in events} == UNDER_THE_VEIL
    before = walk.state
    for event in events:
        assert walk.take(event) == ()
    assert walk.state == before


def test_a_scan_on_the_veil_is_the_next_shopper_s_and_nothing_of_the_former_is_left() -> None:
    walk = Walk()
    walk.take(m.LanguageChosen("it"))
    walk.scan(BEER, "b").take(ASK, VEIL)
    walk.scan(WATER, "w")
    state = walk.state
    assert [line.line_id for line in state.basket.lines] == ["w"]
    assert (state.presence, state.language, state.age) == (Presence.HERE, "en", AgeCheck.NOT_NEEDED)
    assert [kept.basket.lines[0].line_id for kept in state.parked] == ["b"]
    withdrawn = {effect.kind for effect in walk.effects if isinstance(effect, fx.WithdrawIntervention)}
    assert withdrawn == {InterventionKind.AGE_CHECK, InterventionKind.BASKET_LEFT}


def test_after_fifteen_minutes_the_lane_is_free_and_the_basket_on_record() -> None:
    walk = away()
    walk.later(BASKET_KEPT_S).take(PUT_AWAY)
    assert phase(walk) is Phase.ATTRACT
    (kept,) = walk.state.parked
    assert (kept.code, kept.basket.total_minor) == ("A10", 129)
    walk.take(v.BasketRecalled("A10", "Ada"))
    assert walk.state.basket.total_minor == 129
    assert walk.state.parked == ()


@pytest.mark.parametrize(
    ("way", "timer"),
    [
        (lambda: Walk().scan(), m.Timer.IDLE),
        (asked, m.Timer.STILL_THERE),
        (away, m.Timer.LEFT),
    ],
)
def test_a_restart_takes_up_the_waiting_where_it_was(way: object, timer: m.Timer) -> None:
    assert callable(way)
    walk = way()
    before = walk.state
    walk.later(5).take(m.LaneStarted("boot-2"))
    assert (walk.state.presence, walk.state.basket) == (before.presence, before.basket)
    assert fx.StartTimer(timer) in walk.effects
    calls = [effect.kind for effect in walk.effects if isinstance(effect, fx.RaiseIntervention)]
    assert calls == ([InterventionKind.BASKET_LEFT] if presence(walk) is Presence.AWAY else [])


def test_a_restart_after_the_time_puts_the_basket_away_and_ends_the_call() -> None:
    walk = away()
    walk.later(BASKET_KEPT_S + 1).take(m.LaneStarted("boot-2"))
    assert phase(walk) is Phase.ATTRACT
    assert len(walk.state.parked) == 1
    last = [e for e in walk.effects if isinstance(e, fx.RaiseIntervention | fx.WithdrawIntervention)][-1]
    assert isinstance(last, fx.WithdrawIntervention)


# --- under any order of events -------------------------------------------------------------------


def whereabouts(state: LaneState) -> set[str]:
    """The baskets with goods that the lane holds, by the id of their visit."""
    held = {kept.basket.sale_id for kept in state.parked}
    return held | ({state.basket.sale_id} if state.basket.lines else set())


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_time_alone_never_makes_a_basket_disappear(seed: int) -> None:
    walk, chance = RandomWalk(), Random(seed)
    for _ in range(120):
        before = walk.state
        event = walk.wander(chance)
        if isinstance(event, m.TimerExpired) and not before.sale:
            assert whereabouts(walk.state) == whereabouts(before)
        there, then = before.presence, walk.state.presence
        assert there is then or then in PRESENCES[there]
        codes = [kept.code for kept in walk.state.parked]
        assert len(codes) == len(set(codes))
        ids = [kept.basket.sale_id for kept in walk.state.parked] + [walk.state.basket.sale_id]
        assert len(ids) == len(set(ids)), "a basket is in one place"
    assert durable(walk.state) == durable(journaled(walk.history))


def test_walks_meet_every_presence() -> None:
    walk, chance = RandomWalk(), Random(3)
    met = set()
    for _ in range(4000):
        walk.wander(chance)
        met.add((walk.state.presence, walk.state.phase))
    assert {there for there, _ in met} == set(Presence)
    assert {where for there, where in met if there is not Presence.HERE} <= {
        Phase.SCANNING,
        Phase.NOT_PAID,
    }


def test_the_view_under_the_veil_is_empty() -> None:
    walk = Walk().scan(MILK, "a")
    walk.take(m.SheetOpened(m.Sheet.ROW, "a"), ASK, VEIL)
    assert walk.state.view == View()
