"""Owns whether somebody still stands at the lane: asked, veiled, put away; a basket is never deleted by time.

It must not read a clock nor count touches: timers are effects, and a touch that does nothing is `Touched`.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from inventory.domain.help_desk import OPEN_STATES, InterventionKind
from kiosk.checkout import errands, talking, visiting
from kiosk.checkout.effects import Effect, PlaySound, RaiseIntervention, Sound, StartTimer, StopTimer
from kiosk.checkout.messages import Timer
from kiosk.checkout.scanning import Outcome
from kiosk.checkout.state import LaneState, ParkReason, Phase, Presence, View
from kiosk.checkout.visit_events import ShopperReturned, Touched

CAN_IDLE = frozenset({Phase.SCANNING, Phase.NOT_PAID})
"""Where a basket may lie with nobody in front of it; money is at risk in none of these."""


def waits_for(state: LaneState) -> Timer | None:
    """The timer that says how long this may last with nobody there."""
    match state.presence:
        case Presence.ASKED:
            return Timer.STILL_THERE
        case Presence.AWAY:
            return Timer.LEFT
        case Presence.HERE:
            return Timer.CODE if state.phase is Phase.PARKED else Timer.IDLE if _can_idle(state) else None


def _can_idle(state: LaneState) -> bool:
    return state.phase in CAN_IDLE


def followed(before: LaneState, after: LaneState, effects: tuple[Effect, ...]) -> tuple[Effect, ...]:
    """The effects with the timers that a change of the visit starts and stops, whatever event made it."""
    was, now = waits_for(before), waits_for(after)
    if was is now:
        return effects
    stop = (StopTimer(was),) if was is not None else ()
    start = (StartTimer(now),) if now is not None and StartTimer(now) not in effects else ()
    return (*effects, *stop, *start)


def settled(after: LaneState, effects: tuple[Effect, ...]) -> Outcome:
    """Whoever pays, or has an empty basket, is not asked for: the question and the call are over."""
    if after.presence is Presence.HERE or (after.phase in CAN_IDLE and after.basket.lines):
        return after, effects
    return replace(after, presence=Presence.HERE), (*effects, *visiting.withdraw_call(after))


def touched(state: LaneState, _event: Touched, _at: datetime) -> Outcome:
    """Somebody is there: the time begins anew. A question on the screen wants its own answer."""
    if state.phase is Phase.THANKS:
        return state, (StartTimer(Timer.THANKS),)
    timer = Timer.IDLE if state.phase is Phase.ATTRACT else waits_for(state)
    if timer is None or state.presence is not Presence.HERE:
        return state, ()
    return state, (StartTimer(timer),)


def idle_expired(state: LaneState) -> Outcome:
    """With goods the shopper is asked first, as often as it takes; whoever waits for a colleague is not."""
    if errands.waits(state) or talking.waits(state):  # somebody stands here until it is brought, or answered
        return state, (StartTimer(Timer.IDLE),)
    if not state.basket.lines:
        return visiting.next_shopper(state) if state.phase in CAN_IDLE | {Phase.ATTRACT} else (state, ())
    if state.phase not in CAN_IDLE or state.presence is not Presence.HERE:
        return state, ()
    if state.staff is not None or (state.help is not None and state.help.state in OPEN_STATES):
        return state, (StartTimer(Timer.IDLE),)
    return replace(state, presence=Presence.ASKED), (PlaySound(Sound.ATTENTION),)


def nobody_answered(state: LaneState) -> Outcome:
    """The veil: nothing of the basket is to be seen, all of it is kept, and staff are told softly."""
    if state.presence is not Presence.ASKED:
        return state, ()
    state = replace(state, presence=Presence.AWAY, view=View())
    return state, call(state)


def call(state: LaneState) -> tuple[Effect, ...]:
    """For somebody to look, when there is time; also after a restart, under the same id."""
    if state.presence is not Presence.AWAY:
        return ()
    count = str(state.basket.piece_count)
    return (RaiseIntervention(visiting.call_id(state), InterventionKind.BASKET_LEFT, (count,)),)


def returned(state: LaneState, _event: ShopperReturned, at: datetime) -> Outcome:
    if state.presence is Presence.HERE:
        return state, ()
    effects = visiting.withdraw_call(state)
    return replace(state, presence=Presence.HERE, touched_at=at), effects


def kept_long_enough(state: LaneState, at: datetime) -> Outcome:
    """The lane is needed again; the basket stays on record for staff."""
    if state.presence is not Presence.AWAY:
        return state, ()
    return visiting.put_away(state, at, ParkReason.LEFT)
