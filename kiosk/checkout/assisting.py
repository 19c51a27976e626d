"""Owns the shopper's call for help and the attendant's decisions, as far as one lane is concerned.

It must not know tablets or networks. The same states are used by the store (`inventory.domain.help_desk`).
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from inventory.domain.help_desk import (
    OPEN_STATES,
    Decision,
    HelpReason,
    HelpState,
    InterventionKind,
    may_become,
)
from kiosk.checkout import errands, pricing, scanning, signalling
from kiosk.checkout.asking import unanswered
from kiosk.checkout.effects import (
    Effect,
    PlaySound,
    RaiseIntervention,
    SendHelp,
    Sound,
    StartTimer,
    StopTimer,
)
from kiosk.checkout.errand import note_about
from kiosk.checkout.messages import (
    HelpCancelled,
    HelpPlaced,
    HelpReasonGiven,
    HelpRequested,
    HelpUpdated,
    InterventionDecided,
    ScanProblem,
    Timer,
)
from kiosk.checkout.scanning import Outcome
from kiosk.checkout.state import AgeCheck, HelpCall, LaneState


def help_requested(state: LaneState, event: HelpRequested, at: datetime) -> Outcome:
    """One open request a lane: a second tap while one is open may only say what it is about."""
    if state.help is not None and state.help.state in OPEN_STATES:
        call = _about(state.help, event)
        return (replace(state, help=call), (_send(call),)) if call != state.help else (state, ())
    call = HelpCall(event.help_id, HelpState.REQUESTED, requested_at=at)
    earlier = state.help
    if earlier is not None and earlier.state is HelpState.RESOLVED and event.item is None:
        same = (earlier.reason, earlier.gtin, earlier.note)
        call = replace(call, reopens=earlier.help_id, reason=same[0], gtin=same[1], note=same[2])
    call = _about(call, event)
    return replace(state, help=call), (_send(call), StopTimer(Timer.HELP_DONE), *unanswered(state))


def _about(call: HelpCall, event: HelpRequested) -> HelpCall:
    """The call with what the tap says of it; a plain tap says nothing."""
    if event.reason is HelpReason.UNSAID:
        return call
    gtin, note = (event.item.gtin, note_about(event.item)) if event.item is not None else ("", "")
    return replace(call, reason=event.reason, gtin=gtin, note=note)


def help_reason_given(state: LaneState, event: HelpReasonGiven, _at: datetime) -> Outcome:
    if state.help is None or state.help.state not in OPEN_STATES:
        return state, ()
    call = replace(state.help, reason=event.reason)
    return replace(state, help=call), (_send(call),)


def help_cancelled(state: LaneState, _event: HelpCancelled, _at: datetime) -> Outcome:
    if state.help is None:
        return state, ()
    if state.help.state not in OPEN_STATES:
        return replace(state, help=None), (StopTimer(Timer.HELP_DONE),)
    return replace(state, help=None), (_send(replace(state.help, state=HelpState.CANCELLED)),)


UNWRITTEN = "storage-"
"""How the ids of calls begin that the lane made while its disk took no entries."""


def help_updated(state: LaneState, event: HelpUpdated, _at: datetime) -> Outcome:
    """The store's word moves the request forwards only.

    A request the store holds open and the lane no longer knows was cancelled while nobody could be told (a
    restart, a cut line): it is cancelled now, so that nobody walks to a lane that does not wait (I5).
    """
    if errands.is_errand(state, event):
        return errands.updated(state, event)
    call = state.help
    if event.help_id.startswith(UNWRITTEN):  # a call of a lane that could not write: only a person ends it
        return state, ()
    if call is None or call.help_id != event.help_id:
        forgotten = HelpCall(event.help_id, HelpState.CANCELLED)
        return state, (_send(forgotten),) if event.state in OPEN_STATES else ()
    is_given_on = event.turn > call.turn
    if event.turn < call.turn or not (is_given_on or may_become(call.state, event.state)):
        return _climbed(state, event)
    name = event.staff_name if is_given_on else event.staff_name or call.staff_name
    call = replace(
        call,
        state=event.state,
        staff_name=name,
        turn=event.turn,
        level=event.level,
        is_afar=event.is_afar,
    )
    if call.state is HelpState.CANCELLED:
        return replace(state, help=None), ()
    effects: tuple[Effect, ...] = (PlaySound(Sound.ATTENTION),) if call.state is HelpState.ACCEPTED else ()
    if call.state is HelpState.RESOLVED:
        effects += (StartTimer(Timer.HELP_DONE),)
    return replace(state, help=call), effects


def _climbed(state: LaneState, event: HelpUpdated) -> Outcome:
    """The same step of the same turn, ringing for more people; anything older says nothing."""
    call = state.help
    if call is None or (event.turn, event.state) != (call.turn, call.state) or event.level <= call.level:
        return state, ()
    return replace(state, help=replace(call, level=event.level)), ()


def help_placed(state: LaneState, event: HelpPlaced, _at: datetime) -> Outcome:
    """Where in line, and about how long; of any other call it is old news."""
    call = state.help
    if call is None or not call.is_open or call.help_id != event.help_id:
        return state, ()
    return replace(state, wait=replace(state.wait, place=event.place, band=event.band)), ()


def time_over(state: LaneState, timer: Timer) -> Outcome:
    """Nobody has come as soon as was said, or the closing words have been on screen long enough."""
    if timer is Timer.HELP_LATE:
        return signalling.lasted_too_long(state)
    if state.help is not None and state.help.state is HelpState.RESOLVED:
        return replace(state, help=None), ()
    return state, ()


def age_decided(state: LaneState, event: InterventionDecided) -> Outcome:
    if state.age is not AgeCheck.WAITING or event.intervention_id != state.age_intervention_id:
        return state, ()
    age = AgeCheck.APPROVED if event.decision is Decision.APPROVED else AgeCheck.REFUSED
    return replace(state, age=age, age_staff_name=event.staff_name), (PlaySound(Sound.ATTENTION),)


def price_decided(state: LaneState, event: InterventionDecided, at: datetime) -> Outcome:
    """Staff have named and priced a row, or said that it is not for sale: then it leaves the basket."""
    line = pricing.row_of(state, event)
    if line is None:
        return state, ()  # paid for meanwhile it cannot be: it was skipped, or another visit's
    basket = pricing.decided(state, line, event)
    if basket is None:
        limit = event.decision is Decision.APPROVED
        state = replace(state, basket=state.basket.remove(line.line_id), touched_at=at)
        return scanning.rejected(state, ScanProblem.LIMIT if limit else ScanProblem.NOT_FOR_SALE)
    before = state.basket.age_limit
    view = replace(state.view, added_line_id=line.line_id)
    state, effects = scanning.raise_age_check(
        replace(state, basket=basket, touched_at=at, view=view), before, line_id=line.line_id
    )
    return state, (PlaySound(Sound.ATTENTION), *effects)


def say_again(state: LaneState) -> tuple[Effect, ...]:
    """After a restart the store hears of every open matter once more, under the same ids (C03)."""
    effects: tuple[Effect, ...] = ()
    if state.help is not None and state.help.state in OPEN_STATES:
        effects += (_send(state.help),)
    if state.help is not None and state.help.state is HelpState.RESOLVED:
        effects += (StartTimer(Timer.HELP_DONE),)
    if state.age is AgeCheck.WAITING:
        names = tuple(line.item.name("en") for line in state.basket.lines if line.item.age_limit)
        facts = (*names, f"{state.basket.age_limit}+")
        effects += (RaiseIntervention(state.age_intervention_id, InterventionKind.AGE_CHECK, facts),)
    return effects + pricing.raised_again(state.basket)


def _send(call: HelpCall) -> SendHelp:
    """The shopper's side: asked or cancelled. How far a colleague has come is the store's to say."""
    cancelled = call.state is HelpState.CANCELLED
    return SendHelp(
        call.help_id,
        HelpState.CANCELLED if cancelled else HelpState.REQUESTED,
        call.reason,
        call.note,
        call.gtin,
        reopens=call.reopens,
        requested_at=call.requested_at,
    )
