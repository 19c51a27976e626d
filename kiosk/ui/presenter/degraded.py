"""Owns what is said about a lane that lacks something: which part fails, and what works instead (K20).

It must not know Kivy. Said before the first scan in full, afterwards in one calm strip, the dearest first; a
store that cannot be reached is not said at all, because the lane sells without it.
"""

from __future__ import annotations

from enum import Enum

from assets.texts import Texts
from hardware.events import Paper
from inventory.domain.neighbours import Hand, nearest
from kiosk.checkout.machine import TERMINAL
from kiosk.checkout.state import LaneState, Phase
from kiosk.ui.presenter.scene import Scene
from kiosk.ui.screen_model import ButtonModel, Strip

PRINTER = "printer"
SCALE = "scale"


class Lack(Enum):
    """What may be missing, the dearest first."""

    CARDS = "cards"
    SCALE = "scale"
    PAPER = "paper"


def lacks(state: LaneState, scene: Scene) -> tuple[Lack, ...]:
    """What this lane cannot do now. Only the reader has to speak first; the others are believed there."""
    lost = state.devices.lost
    not_yet = state.phase is Phase.ATTRACT and TERMINAL not in state.devices.ready
    found = {
        Lack.CARDS: not scene.has_terminal or TERMINAL in lost or not_yet,
        Lack.SCALE: not scene.has_scale or SCALE in lost,
        Lack.PAPER: not scene.has_printer or PRINTER in lost or state.devices.paper is Paper.OUT,
    }
    return tuple(lack for lack in Lack if found[lack])


def notice(state: LaneState, scene: Scene, texts: Texts) -> str:
    """All of it, a line each, before the first scan."""
    return "\n".join(" ".join(_words(lack, texts)) for lack in lacks(state, scene))


def strip(state: LaneState, scene: Scene, texts: Texts) -> Strip | None:
    found = lacks(state, scene)
    if not found:
        return None
    lead, text = _words(found[0], texts)
    icon = {Lack.CARDS: "card", Lack.SCALE: "scale", Lack.PAPER: "printer"}[found[0]]
    return Strip(lead, text, icon, till(texts) if found[0] is Lack.CARDS else None)


def other_lane(state: LaneState, scene: Scene, texts: Texts) -> str:
    """Where a closed lane sends people: what the store said last, while it answers; else to any other."""
    lanes = scene.open_lanes if state.devices.store_online else ()
    found = nearest(scene.shelf.plan, state.lane_id, lanes)
    if found is None:
        return texts("Please use another lane.")
    return _hand_words(found.hand, texts) % {"lane": found.label}


def _hand_words(hand: Hand | None, texts: Texts) -> str:
    match hand:
        case Hand.RIGHT:
            return texts("Lane %(lane)s is open, to your right.")
        case Hand.LEFT:
            return texts("Lane %(lane)s is open, to your left.")
        case Hand.BEHIND:
            return texts("Lane %(lane)s is open, behind you.")
        case Hand.AHEAD:
            return texts("Lane %(lane)s is open, straight ahead.")
        case None:
            return texts("Lane %(lane)s is open.")


def till(texts: Texts) -> ButtonModel:
    """The way on where no card can be taken."""
    return ButtonModel("other-ways", texts("Pay at the till"), "voucher")


def _words(lack: Lack, texts: Texts) -> tuple[str, str]:
    match lack:
        case Lack.CARDS:
            return texts("No cards at this lane now."), texts("Scan here and pay at the till.")
        case Lack.SCALE:
            return texts("The scale is not working."), texts("For loose goods, tap Help.")
        case Lack.PAPER:
            return texts("No paper today."), texts("You get your receipt as a QR code.")
