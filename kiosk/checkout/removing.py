"""Owns what a shopper takes out of the basket alone, and the soft word to staff once that is much.

It must not stop anything: a removal is done before anybody is told, and nobody is asked for leave.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from inventory.domain.catalogue import FALLBACK_LANGUAGE
from inventory.domain.help_desk import InterventionKind
from inventory.domain.money import format_money
from kiosk.checkout.basket import BasketLine
from kiosk.checkout.effects import Effect, RaiseIntervention, WithdrawIntervention
from kiosk.checkout.messages import LineRemoved
from kiosk.checkout.state import LaneState

Outcome = tuple[LaneState, tuple[Effect, ...]]

LINES_KEPT = 200
LINES_TOLD = 20
"""So many of them are named to staff; a tile has no room for more."""


def removed(state: LaneState, line: BasketLine, event: LineRemoved, at: datetime) -> Outcome:
    """One line more that was taken out in this visit; above the store's limit staff are told of all."""
    taken = (*state.taken_out, line)[-LINES_KEPT:]
    state = replace(state, taken_out=taken)
    if not state.told_removed and _is_over(taken, event):
        call_id = f"removed-{line.line_id}-{at:%H%M%S%f}"  # taken out again after an undo it is another call
        state = replace(state, told_removed=len(taken), removal_call=call_id)
    return state, say(state)


def put_back(state: LaneState, line: BasketLine) -> Outcome:
    """The line came back: it was never taken out, and if it was the one too many nobody need look."""
    taken = tuple(each for each in state.taken_out if each.line_id != line.line_id)
    is_settled = len(taken) < state.told_removed
    effects = withdrawn(state) if is_settled else ()
    return replace(state, taken_out=taken, told_removed=0 if is_settled else state.told_removed), effects


def say(state: LaneState) -> tuple[Effect, ...]:
    """What was taken out, by name and amount; said again after each further line and after a restart."""
    if not state.told_removed:
        return ()
    facts = tuple(_fact(line) for line in state.taken_out[-LINES_TOLD:])
    return (RaiseIntervention(state.removal_call, InterventionKind.ITEMS_REMOVED, facts),)


def withdrawn(state: LaneState) -> tuple[Effect, ...]:
    """The visit is over, or the last line came back."""
    if not state.told_removed:
        return ()
    return (WithdrawIntervention(state.removal_call, InterventionKind.ITEMS_REMOVED),)


def _is_over(taken: tuple[BasketLine, ...], event: LineRemoved) -> bool:
    """Above the limit that stood when the line was removed; 0 is no limit, as in journals from before it."""
    amount_minor = sum(line.amount_minor for line in taken)
    many = 0 < event.limit_lines < len(taken)
    return many or 0 < event.limit_minor < amount_minor


def _fact(line: BasketLine) -> str:
    name = line.item.name(FALLBACK_LANGUAGE)
    counted = f"{line.units} × {name}" if line.units > 1 else name
    return f"{counted} · {format_money(line.amount_minor, line.item.currency, FALLBACK_LANGUAGE)}"
