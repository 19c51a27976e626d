"""Owns what a call for help sets off at the lane itself: its light and buzzer, and how long a promise lasts.

It must not know lamps, screens or clocks. All of it follows from the phase of the call, whatever led there.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final, assert_never

from hardware.ports import Light, LightColour, LightPattern
from inventory.domain.help_desk import HelpPhase, phase_of
from kiosk.checkout.effects import Effect, PlaySound, SetLight, Sound, StartTimer, StopTimer
from kiosk.checkout.messages import Timer
from kiosk.checkout.state import LaneState, Phase, Wait

Outcome = tuple[LaneState, tuple[Effect, ...]]

CLOSED: Final = Light(LightColour.OFF)
FREE: Final = Light(LightColour.GREEN)
CALLING: Final = Light(LightColour.AMBER, LightPattern.SLOW)
CALLING_UNHEARD: Final = Light(LightColour.AMBER, LightPattern.FAST, buzzes=True)
COMING: Final = Light(LightColour.AMBER)
HERE: Final = Light(LightColour.BLUE)


def help_phase(state: LaneState) -> HelpPhase:
    """What the shopper's call looks like from here."""
    call, talk = state.help, state.talk
    if call is None:
        return HelpPhase.IDLE
    is_written = talk.help_id == call.help_id and talk.newest_of_staff is not None
    return phase_of(replace(call.case, is_written=is_written), is_reachable=state.devices.store_online)


def light_of(phase: HelpPhase) -> Light:
    """The light of a lane that works and has nothing else to say (UX 5.1)."""
    match phase:
        case HelpPhase.IDLE | HelpPhase.RESOLVED | HelpPhase.CANCELLED:
            return FREE
        case HelpPhase.OFFLINE:
            return CALLING_UNHEARD
        case HelpPhase.REQUESTED | HelpPhase.DELIVERED | HelpPhase.REOPENED | HelpPhase.ESCALATED:
            return CALLING
        case HelpPhase.CHAT | HelpPhase.ACCEPTED | HelpPhase.EN_ROUTE:
            return COMING
        case HelpPhase.ARRIVED:
            return HERE
        case _:
            assert_never(phase)


def light(state: LaneState) -> Light:
    """The lane's light: closed and staffed lanes say so, and one with a payment in doubt calls by itself."""
    if state.devices.storage_failed or (state.closed_by and state.phase is Phase.ATTRACT):
        return CLOSED
    if state.staff is not None:
        return HERE
    shown = light_of(help_phase(state))
    return CALLING if shown == FREE and state.phase is Phase.CHECKING else shown


def followed(before: LaneState | None, after: LaneState, effects: tuple[Effect, ...]) -> Outcome:
    """The lane with what a change of the call sets off, by whatever event; None is a lane just started."""
    if before is not None and _subject(before) != _subject(after):
        after = replace(after, wait=Wait())
    promised = _promise(after)
    if promised != (_promise(before) if before is not None else None):
        after = replace(after, wait=replace(after.wait, is_late=False))
        effects += (StartTimer(Timer.HELP_LATE),) if promised else (StopTimer(Timer.HELP_LATE),)
    shown, was = light(after), light(before) if before is not None else None
    if shown != was:
        effects += (SetLight(shown),)
    if shown.buzzes and (was is None or not was.buzzes):
        effects += (PlaySound(Sound.ATTENTION),)  # until a lane has a buzzer, its loudspeaker is one
    return after, effects


def lasted_too_long(state: LaneState) -> Outcome:
    """Longer than was said: the shopper is told so, and no number runs down."""
    is_late = _promise(state) is not None
    return replace(state, wait=replace(state.wait, is_late=is_late)), ()


def _subject(state: LaneState) -> tuple[str, int] | None:
    return (state.help.help_id, state.help.turn) if state.help is not None else None


def _promise(state: LaneState) -> tuple[object, ...] | None:
    """What was said of the wait, as a whole: any other begins its own time. None: nothing is waited for."""
    call, phase = state.help, help_phase(state)
    if call is None or not call.is_open or phase is HelpPhase.ARRIVED:
        return None
    if phase is HelpPhase.OFFLINE:
        return _subject(state), phase
    return (_subject(state), call.case.is_waiting, state.wait.band) if state.wait.band is not None else None
