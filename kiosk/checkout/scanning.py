"""Owns what happens to the basket and the shopper's visit while goods are gathered.

It must not know payments beyond `MONEY_AT_RISK`, nor devices.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from hardware.events import BarcodeRefused, WeightRefusal, WeightRefused
from inventory.domain.help_desk import InterventionKind
from kiosk.checkout import errands, pricing, removing
from kiosk.checkout.asking import closed_by_a_scan, still_reading
from kiosk.checkout.basket import Basket
from kiosk.checkout.effects import (
    AbortPayment,
    Effect,
    PlaySound,
    RaiseIntervention,
    Sound,
    StartTimer,
    StopTimer,
    Weigh,
    WithdrawIntervention,
)
from kiosk.checkout.looking import CardOpened
from kiosk.checkout.messages import (
    ItemScanned,
    LanguageChosen,
    LineRemoved,
    PayObstructed,
    PlateSeen,
    PreferencesChosen,
    QueryTyped,
    ResultChosen,
    ScanProblem,
    ScanRejected,
    Sheet,
    SheetClosed,
    SheetOpened,
    Timer,
    UnitsChanged,
)
from kiosk.checkout.picks import counted
from kiosk.checkout.state import (
    AgeCheck,
    LaneState,
    ParkReason,
    Payment,
    PaymentState,
    Phase,
    Presence,
    ReceiptState,
    View,
)
from kiosk.checkout.visit_events import RemovalUndone
from kiosk.checkout.visiting import next_shopper, put_away, withdraw_age_check

Outcome = tuple[LaneState, tuple[Effect, ...]]

_OVER = frozenset({Sheet.LANGUAGE, Sheet.ACCESSIBILITY, Sheet.CARD})
"""Sheets that ask how the lane shall be: they lie over what the shopper is doing, and lose nothing of it."""

_BETWEEN_VISITS = frozenset({Phase.ATTRACT, Phase.THANKS, Phase.PARKED})
"""Where goods are the next shopper's, whom a closed lane takes no more."""

PICTURES = frozenset({Sheet.NO_BARCODE, Sheet.STICKER})
"""Where a shopper looks for goods without a barcode: by their picture, or by the number on their sticker."""

MIN_WEIGHT_G = 5
"""Less than this on the plate is a crumb or a breeze, not goods."""


def item_scanned(state: LaneState, event: ItemScanned, at: datetime) -> Outcome:
    if state.phase is Phase.PAYING:
        return _hold_back(state, event)
    weighed = state.view.weighing is not None and event.line.item == state.view.weighing
    state, effects = _whose_turn(state, at)
    if state.closed_by and state.phase is Phase.ATTRACT:
        state, refused = rejected(replace(state, view=View()), ScanProblem.LANE_CLOSED)
        return state, (*effects, *refused)
    former = state.basket
    replaced = former.line(event.replaces)
    kept = former.remove(event.replaces) if replaced is not None and replaced.pending else former
    basket = kept.add(event.line)
    if basket is None:
        return _rejected(state, ScanRejected(ScanProblem.LIMIT))
    state = replace(
        state,
        phase=Phase.SCANNING,
        presence=Presence.HERE,
        basket=basket,
        picks=counted(state.picks, event.line.item),
        payment=Payment(),
        touched_at=at,
        view=_view_after_scan(state, basket, weighed=weighed),
        devices=replace(state.devices, plate_g=event.line.weight_g) if weighed else state.devices,
    )
    line = basket.lines[-1]
    state, age_effects = raise_age_check(errands.arrived(state, event.line), former.age_limit)
    effects += (PlaySound(Sound.ATTENTION if line.pending else Sound.SCAN_OK), StartTimer(Timer.IDLE))
    asked = (pricing.raised(line),) if line.pending else ()
    return state, (*effects, *age_effects, *asked, *pricing.withdrawn(former, basket))


def _whose_turn(state: LaneState, at: datetime) -> Outcome:
    """After thanks, a code or the veil a scan is the next shopper's; who was only asked is still there."""
    if state.presence is Presence.AWAY:
        return put_away(state, at, ParkReason.LEFT)
    return next_shopper(state) if state.phase in (Phase.THANKS, Phase.PARKED) else (state, ())


def _view_after_scan(state: LaneState, basket: Basket, *, weighed: bool) -> View:
    """Goods still on the scale keep its screen: a scan in between must not drop them without a word."""
    added = View(added_line_id=basket.lines[-1].line_id)
    if weighed or state.view.sheet is not Sheet.WEIGH:
        return added
    return replace(added, sheet=Sheet.WEIGH, weighing=state.view.weighing)


def units_changed(state: LaneState, event: UnitsChanged, at: datetime) -> Outcome:
    line = state.basket.line(event.line_id)
    if line is None or not line.countable:
        return state, ()  # a tap on a row that has gone meanwhile
    basket = state.basket.change_units(event.line_id, event.delta)
    if basket is None:
        return _rejected(state, ScanRejected(ScanProblem.LIMIT))
    state, effects = basket_changed(state, basket, at)
    typed = state.view.sheet is Sheet.COUNT  # and with that the pad has done its work
    return replace(state, view=View() if typed else state.view), effects


def line_removed(state: LaneState, event: LineRemoved, at: datetime) -> Outcome:
    removed = state.basket.line(event.line_id)
    state, effects = basket_changed(state, state.basket.remove(event.line_id), at)
    if removed is None or removed.pending:  # staff are told not to look: what comes back is scanned anew
        return replace(state, view=View()), effects
    state, told = removing.removed(state, removed, event, at)
    return replace(state, view=View(), removed=removed), (*effects, StartTimer(Timer.UNDO), *told)


def removal_undone(state: LaneState, _event: RemovalUndone, at: datetime) -> Outcome:
    """The row comes back as the newest; an item that needs a check needs one anew."""
    if state.removed is None:
        return state, ()
    limit_before, basket = state.basket.age_limit, state.basket.add(state.removed)
    if basket is None:
        return _rejected(state, ScanRejected(ScanProblem.LIMIT))
    added = View(added_line_id=basket.lines[-1].line_id)
    state, settled = removing.put_back(state, state.removed)
    state = replace(state, basket=basket, removed=None, touched_at=at, view=added)
    state, checks = raise_age_check(state, limit_before, again=f"-{at:%H%M%S%f}")
    return state, (StopTimer(Timer.UNDO), StartTimer(Timer.IDLE), *settled, *checks)


def basket_changed(state: LaneState, basket: Basket, at: datetime) -> Outcome:
    """With the new basket, and nobody looking any more for what has left it."""
    gone = state.view.subject and basket.line(state.view.subject) is None
    effects = pricing.withdrawn(state.basket, basket)
    state = replace(state, basket=basket, touched_at=at, view=View() if gone else state.view)
    effects += (StartTimer(Timer.IDLE),)
    if not basket.age_limit and state.age is not AgeCheck.NOT_NEEDED:
        effects += (WithdrawIntervention(state.age_intervention_id, InterventionKind.AGE_CHECK),)
        state = replace(state, age=AgeCheck.NOT_NEEDED, age_intervention_id="", age_staff_name="")
    return state, effects


def _hold_back(state: LaneState, event: ItemScanned) -> Outcome:
    """A scan while paying: the reader is asked to stop; the line joins once it has stopped."""
    state = closed_by_a_scan(state)
    assert state.payment.attempt is not None, "paying without an attempt"
    payment = replace(state.payment, added_while_paying=(*state.payment.added_while_paying, event.line))
    effects: tuple[Effect, ...] = (PlaySound(Sound.SCAN_OK),)
    if state.payment.state is PaymentState.INTENT:
        effects += (AbortPayment(state.payment.attempt.attempt_id),)
    return replace(state, payment=payment), effects


def raise_age_check(state: LaneState, limit_before: int, *, line_id: str = "", again: str = "") -> Outcome:
    """One check a basket; a stricter item asks anew, because who passed for 16 may not be 18.

    `again` tells the check of a basket that was brought back from the one it had before.
    """
    if not state.basket.age_limit or state.age is AgeCheck.REFUSED:
        return state, ()
    if state.age is not AgeCheck.NOT_NEEDED and state.basket.age_limit <= limit_before:
        return state, ()
    intervention_id = f"age-{line_id or state.basket.lines[-1].line_id}{again}"
    names = [line.item.name("en") for line in state.basket.lines if line.item.age_limit]
    facts = (*names, f"{state.basket.age_limit}+")
    effects = (
        *withdraw_age_check(state),
        RaiseIntervention(intervention_id, InterventionKind.AGE_CHECK, facts),
    )
    waiting = replace(state, age=AgeCheck.WAITING, age_intervention_id=intervention_id, age_staff_name="")
    return waiting, effects


def language_chosen(state: LaneState, event: LanguageChosen, _at: datetime) -> Outcome:
    waiting: tuple[Effect, ...] = (StartTimer(Timer.IDLE),) if state.phase is Phase.ATTRACT else ()
    spoken = replace(state, language=event.language)
    if state.view.sheet is not Sheet.LANGUAGE:
        return spoken, waiting
    uncovered, effects = _uncovered(spoken)
    return uncovered, (*waiting, *effects)


def preferences_chosen(state: LaneState, event: PreferencesChosen, at: datetime) -> Outcome:
    """A card shown at the end of a visit begins the next one: its owner sees nothing of the former."""
    effects: tuple[Effect, ...] = ()
    if event.by_card:
        state, effects = _whose_turn(state, at)
        state = replace(state, view=replace(state.view, problem=None, card_read=True))
        effects += (PlaySound(Sound.SCAN_OK), StartTimer(Timer.NOTICE))
    effects += (StartTimer(Timer.IDLE),) if state.phase is Phase.ATTRACT else ()
    language = event.language or state.language
    return replace(state, preferences=event.preferences, language=language), effects


# --- what lies over the screen -------------------------------------------------------------------


def sheet_opened(state: LaneState, event: SheetOpened, _at: datetime) -> Outcome:
    if event.sheet in _OVER:
        base = state.view.under if state.view.sheet in _OVER else state.view.sheet
        view = replace(state.view, sheet=event.sheet, under=base, card=ReceiptState.NONE)
        return replace(state, view=view), ()
    if event.sheet is Sheet.WEIGH and state.closed_by and state.phase in _BETWEEN_VISITS:
        return rejected(state, ScanProblem.LANE_CLOSED)
    phase = state.view.card_phase  # the reader goes on below the sheet
    # The reason is asked over the price that was typed.
    query = state.view.query if event.sheet is Sheet.STAFF_REASON else ""
    view = View(sheet=event.sheet, subject=event.subject, weighing=event.item, card_phase=phase, query=query)
    effects: tuple[Effect, ...] = (Weigh(),) if event.sheet is Sheet.WEIGH else ()
    if event.sheet in PICTURES:
        effects = (StartTimer(Timer.DWELL),)
    if event.sheet in (Sheet.QUESTIONS, Sheet.TALK, Sheet.WRITE):
        effects = still_reading(state)
    return replace(state, view=view), effects


def sheet_closed(state: LaneState, _event: SheetClosed, _at: datetime) -> Outcome:
    if state.view.sheet in _OVER:
        return _uncovered(state)
    return replace(state, view=View(card_phase=state.view.card_phase)), ()


def _uncovered(state: LaneState) -> Outcome:
    """Without the language or accessibility sheet: what it lay over is back, and the scale is asked again."""
    view = replace(state.view, sheet=state.view.under, under=Sheet.NONE, card=ReceiptState.NONE)
    return replace(state, view=view), (Weigh(),) if view.sheet is Sheet.WEIGH else ()


def query_typed(state: LaneState, event: QueryTyped, _at: datetime) -> Outcome:
    return replace(
        state, view=replace(state.view, query=event.text, chosen="", scanned=False, phone=False)
    ), ()


def result_chosen(state: LaneState, event: ResultChosen, _at: datetime) -> Outcome:
    view = replace(state.view, chosen=event.gtin, page=event.page, accents=event.accents)
    return replace(state, view=view), ()


def card_opened(state: LaneState, event: CardOpened, _at: datetime) -> Outcome:
    if state.view.sheet is not Sheet.FIND:
        return state, ()
    view = replace(state.view, chosen=event.gtin, scanned=event.scanned, phone=event.phone, problem=None)
    return replace(state, view=view), (PlaySound(Sound.SCAN_OK),) if event.scanned and not event.phone else ()


def scan_rejected(state: LaneState, event: ScanRejected, _at: datetime) -> Outcome:
    return _rejected(state, event)


def barcode_refused(state: LaneState, _event: BarcodeRefused, _at: datetime) -> Outcome:
    return _rejected(state, ScanRejected(ScanProblem.UNREADABLE))


def weight_refused(state: LaneState, event: WeightRefused, _at: datetime) -> Outcome:
    if state.view.sheet is not Sheet.WEIGH:
        return state, ()
    return replace(state, view=replace(state.view, weigh_problem=event.reason)), (PlaySound(Sound.SCAN_FAIL),)


def plate_seen(state: LaneState, event: PlateSeen, _at: datetime) -> Outcome:
    """Asks the scale again until goods lie on it that were not there before."""
    if state.view.sheet is not Sheet.WEIGH:
        return state, ()
    empty = event.weight_g < MIN_WEIGHT_G
    devices = replace(state.devices, plate_g=0) if empty else state.devices
    view = replace(state.view, weigh_problem=None if empty else WeightRefusal.NOT_ZEROED)
    return replace(state, devices=devices, view=view), (Weigh(),)


def pay_obstructed(state: LaneState, event: PayObstructed, _at: datetime) -> Outcome:
    view = View(obstacle=event.obstacle)
    return replace(state, view=view), (PlaySound(Sound.ATTENTION), StartTimer(Timer.NOTICE))


def notice_expired(state: LaneState) -> Outcome:
    return replace(
        state, view=replace(state.view, problem=None, problem_code="", obstacle=None, card_read=False)
    ), ()


def rejected(state: LaneState, problem: ScanProblem) -> Outcome:
    """Told in words on the strip; nothing reaches the basket."""
    return _rejected(state, ScanRejected(problem))


def _rejected(state: LaneState, event: ScanRejected) -> Outcome:
    state = closed_by_a_scan(state)
    view = replace(state.view, problem=event.problem, problem_code=event.code, obstacle=None)
    return replace(state, view=view), (PlaySound(Sound.SCAN_FAIL), StartTimer(Timer.NOTICE))
