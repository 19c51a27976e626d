"""Owns the words of a call for help: for every phase what is true of it, in a title and a line under it.

It must not know Kivy, nor who draws or says them. The helper's name is the store's to send: where it sends
none it is a colleague. A band is about; no number ever runs down.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import assert_never

from assets.texts import Texts
from inventory.domain.help_desk import HelpPhase, HelpReason
from inventory.domain.help_waiting import Band
from kiosk.checkout.signalling import help_phase
from kiosk.checkout.state import HelpCall, LaneState, Phase, Wait


@dataclass(frozen=True, slots=True)
class CallWords:
    """`text` may be empty."""

    title: str
    text: str = ""


_CAN_GO_ON = frozenset({Phase.SCANNING, Phase.PAYING, Phase.NOT_PAID})
"""Where goods may be scanned meanwhile, and somebody has begun to."""


def call_words(state: LaneState, texts: Texts, *, desk: str = "") -> CallWords | None:
    """What the shopper is told of their call; None: there is none. `desk`: where else staff are found."""
    call, phase = state.help, help_phase(state)
    if call is None:
        return None
    match phase:
        case HelpPhase.IDLE | HelpPhase.CANCELLED:
            return None
        case HelpPhase.OFFLINE:
            where = texts("Or come to: %(desk)s.") % {"desk": desk} if desk and state.wait.is_late else ""
            return _going_on(state, texts, texts("The light is on"), texts("Staff can see it."), where)
        case HelpPhase.REQUESTED | HelpPhase.DELIVERED:
            return _called(call, state, texts)
        case HelpPhase.REOPENED:
            return _going_on(state, texts, texts("Help is called again"), texts("You come first."))
        case HelpPhase.ESCALATED:
            return _going_on(state, texts, texts("We have called more people"), _place(state.wait, texts))
        case HelpPhase.CHAT | HelpPhase.ACCEPTED | HelpPhase.EN_ROUTE | HelpPhase.ARRIVED:
            return _answered(call, phase, state, texts)
        case HelpPhase.RESOLVED:
            return CallWords(texts("All fixed?"), texts("If not, you come first."))
        case _:
            assert_never(phase)


def _called(call: HelpCall, state: LaneState, texts: Texts) -> CallWords:
    """Nobody has answered yet, for the first time or after it was given on."""
    place = _place(state.wait, texts)
    if call.turn:
        return _going_on(state, texts, texts("A colleague takes over"), place)
    if call.reason is HelpReason.SALES:
        seen = texts("They see which item it is.") if call.gtin else ""
        return _going_on(state, texts, texts("Called: somebody who knows the goods"), seen, place)
    return _going_on(state, texts, texts("Help is called"), place)


def _answered(call: HelpCall, phase: HelpPhase, state: LaneState, texts: Texts) -> CallWords:
    """Somebody has: who, and how soon, or that they answer from elsewhere."""
    name = {"name": call.staff_name or texts("A colleague")}
    if phase is HelpPhase.ARRIVED:
        return CallWords(texts("%(name)s is here") % name)
    if call.is_afar:
        title = texts("%(name)s sees your basket") % name
        return CallWords(title, texts("The answer comes here, in writing."))
    if phase is HelpPhase.CHAT:
        return _going_on(state, texts, texts("%(name)s writes to you") % name)
    title = texts("%(name)s is on the way") if phase is HelpPhase.EN_ROUTE else texts("%(name)s is coming")
    return _going_on(state, texts, title % name, _band(state.wait, texts))


def _going_on(state: LaneState, texts: Texts, title: str, *lines: str) -> CallWords:
    """With the reminder that nothing stops meanwhile, where that is so."""
    goes_on = state.phase in _CAN_GO_ON and not state.devices.storage_failed
    last = texts("Keep scanning.") if goes_on else ""
    return CallWords(title, " ".join(filter(None, (*lines, last))))


def _place(wait: Wait, texts: Texts) -> str:
    """Where in line; who else stands there is nobody's business."""
    if wait.is_late:
        return _late(texts)
    if wait.place == 1:
        return texts("You are next.")
    return texts("You are number %(n)d.") % {"n": wait.place} if wait.place else ""


def _band(wait: Wait, texts: Texts) -> str:
    if wait.is_late:
        return _late(texts)
    match wait.band:
        case Band.UNDER_A_MINUTE:
            return texts("About one minute.")
        case Band.ONE_TO_TWO:
            return texts("One to two minutes.")
        case Band.A_FEW:
            return texts("A few minutes.")
        case None:
            return ""
        case _:
            assert_never(wait.band)


def _late(texts: Texts) -> str:
    return texts("It is taking longer than usual, sorry.")
