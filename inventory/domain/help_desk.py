"""Owns a call for help from tap to end: its states, its deeds, and who may do which.

It must not know who shows it, where it is kept, or what time it is. A call is made by the lane, answered by
exactly one person, and over when somebody says so. Lane, tablet and lamp all speak of `phase_of`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum
from typing import assert_never

from inventory.domain.help_reasons import Cause as Cause  # noqa: PLC0414 - one vocabulary of help
from inventory.domain.help_reasons import Decision as Decision  # noqa: PLC0414
from inventory.domain.help_reasons import HelpReason as HelpReason  # noqa: PLC0414
from inventory.domain.help_reasons import InterventionKind as InterventionKind  # noqa: PLC0414
from inventory.domain.help_waiting import Level


class HelpState(Enum):
    """How far a call has come. REQUESTED is known to its lane alone, DELIVERED to the store."""

    REQUESTED = "requested"
    DELIVERED = "delivered"
    ACCEPTED = "accepted"
    EN_ROUTE = "en-route"
    ARRIVED = "arrived"
    RESOLVED = "resolved"
    CANCELLED = "cancelled"


_ORDER = {
    HelpState.REQUESTED: 0,
    HelpState.DELIVERED: 1,
    HelpState.ACCEPTED: 2,
    HelpState.EN_ROUTE: 3,
    HelpState.ARRIVED: 4,
    HelpState.RESOLVED: 5,
    HelpState.CANCELLED: 5,
}

OPEN_STATES = frozenset(state for state, order in _ORDER.items() if order < 5)
WAITING_STATES = frozenset({HelpState.REQUESTED, HelpState.DELIVERED})
"""Nobody has answered yet: the call rings, and climbs the ladder."""
TAKEN_STATES = OPEN_STATES - WAITING_STATES


def may_become(current: HelpState, wanted: HelpState) -> bool:
    """Whether a call in `current` may move on to `wanted`: a step may be skipped, none is taken back."""
    return current in OPEN_STATES and _ORDER[wanted] > _ORDER[current]


class HelpPhase(Enum):
    """What a call looks like to whoever watches: its state, and what lies beside it."""

    IDLE = "idle"
    OFFLINE = "offline"
    """Called, and the store does not answer: the light tells it, and the call is delivered later."""
    REQUESTED = "requested"
    DELIVERED = "delivered"
    REOPENED = "reopened"
    """Called again about what was not solved: it stands at the front."""
    ESCALATED = "escalated"
    CHAT = "chat"
    """Somebody has answered and writes."""
    ACCEPTED = "accepted"
    EN_ROUTE = "en-route"
    ARRIVED = "arrived"
    RESOLVED = "resolved"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class HelpCase:
    """One call at one instant.

    `turn` counts how often it was given on: a word of an earlier turn is stale. `meant_for` is the colleague
    it was handed to, or who was there before it was reopened; anybody may answer it all the same. `desk` is
    where whoever has it, or ended it, sits: "" in the call's own store.
    """

    state: HelpState = HelpState.REQUESTED
    staff_name: str = ""
    turn: int = 0
    level: Level = Level.EVERYONE
    meant_for: str = ""
    is_reopened: bool = False
    is_written: bool = False
    cause: Cause | None = None
    desk: str = ""

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_STATES

    @property
    def is_waiting(self) -> bool:
        return self.state in WAITING_STATES


def phase_of(case: HelpCase | None, *, is_reachable: bool = True) -> HelpPhase:
    """The one word for a call; None is no call. `is_reachable`: whether lane and store hear each other."""
    if case is None:
        return HelpPhase.IDLE
    match case.state:
        case HelpState.REQUESTED | HelpState.DELIVERED if not is_reachable:
            return HelpPhase.OFFLINE
        case HelpState.REQUESTED | HelpState.DELIVERED if case.level >= Level.SUPERVISOR:
            return HelpPhase.ESCALATED
        case HelpState.REQUESTED | HelpState.DELIVERED if case.is_reopened:
            return HelpPhase.REOPENED
        case HelpState.ACCEPTED if case.is_written:
            return HelpPhase.CHAT
        case _:
            return HelpPhase(case.state.value)


# --- deeds ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Deliver:
    """The store has it."""


@dataclass(frozen=True, slots=True)
class Cancel:
    """The shopper needs nobody any more."""


@dataclass(frozen=True, slots=True)
class Take:
    """Somebody goes one step: ACCEPTED, EN_ROUTE or ARRIVED. The first to take a call has it.

    From a desk elsewhere nobody walks up: ACCEPTED is the only step there.
    """

    by: str
    step: HelpState
    desk: str = ""


@dataclass(frozen=True, slots=True)
class Resolve:
    """It is over, by whoever stands there; `cause` is what it was about, None where nobody said.

    From a desk elsewhere only by whoever has the call, or while nobody has it.
    """

    by: str
    cause: Cause | None = None
    desk: str = ""


@dataclass(frozen=True, slots=True)
class Escalate:
    """More people hear of it: by the clock (`by` is "") or because somebody asks for it."""

    level: Level
    by: str = ""


@dataclass(frozen=True, slots=True)
class HandOver:
    """Whoever has the call gives it on, to one colleague or ("") to all; it waits anew and rings anew."""

    by: str
    to: str = ""
    desk: str = ""


@dataclass(frozen=True, slots=True)
class Write:
    """Somebody on the staff has written: who answers in writing has the call."""

    by: str
    desk: str = ""


Deed = Deliver | Cancel | Take | Resolve | Escalate | HandOver | Write


class Refusal(Enum):
    """Why a deed changes nothing."""

    OVER = "over"
    TAKEN = "taken"
    """A colleague has the call."""
    NOT_A_STEP = "not-a-step"


def act(case: HelpCase, deed: Deed) -> HelpCase | Refusal:
    """The call after `deed`; the very same call where the deed was done already, or why it is refused."""
    if not case.is_open:
        return case if _is_done(case, deed) else Refusal.OVER
    match deed:
        case Deliver():
            return replace(case, state=HelpState.DELIVERED) if case.state is HelpState.REQUESTED else case
        case Cancel():
            return replace(case, state=HelpState.CANCELLED)
        case Take():
            return _taken(case, deed)
        case Write():
            return _written(case, deed)
        case Resolve():
            if deed.desk and not _may(case, deed):
                return Refusal.TAKEN
            return replace(
                case, state=HelpState.RESOLVED, staff_name=deed.by, desk=deed.desk, cause=deed.cause
            )
        case Escalate():
            return replace(case, level=max(case.level, deed.level)) if case.is_waiting else Refusal.TAKEN
        case HandOver():
            return _handed_over(case, deed)
        case _:
            assert_never(deed)


def _is_done(case: HelpCase, deed: Deed) -> bool:
    """Whether a call that is over ended by this very deed: a double tap is one step."""
    match deed:
        case Cancel():
            return case.state is HelpState.CANCELLED
        case Resolve(by=by, desk=desk):
            return case.state is HelpState.RESOLVED and (case.staff_name, case.desk) == (by, desk)
        case _:
            return False


def _may(case: HelpCase, deed: Take | Resolve | Write | HandOver) -> bool:
    """Whether nobody has the call, or whoever does this: a name is one person's in one store alone."""
    return not case.staff_name or (case.staff_name, case.desk) == (deed.by, deed.desk)


def _taken(case: HelpCase, deed: Take) -> HelpCase | Refusal:
    if deed.step not in TAKEN_STATES or (deed.desk and deed.step is not HelpState.ACCEPTED):
        return Refusal.NOT_A_STEP
    if not _may(case, deed):
        return Refusal.TAKEN
    if not may_become(case.state, deed.step):
        return case  # they are further already: the step was taken, or passed over
    return replace(case, state=deed.step, staff_name=deed.by, desk=deed.desk, meant_for="")


def _written(case: HelpCase, deed: Write) -> HelpCase | Refusal:
    if not _may(case, deed):
        return Refusal.TAKEN
    if case.is_waiting:
        case = replace(case, state=HelpState.ACCEPTED, staff_name=deed.by, desk=deed.desk, meant_for="")
    return replace(case, is_written=True)


def _handed_over(case: HelpCase, deed: HandOver) -> HelpCase | Refusal:
    if case.is_waiting and case.meant_for == deed.to and case.turn:
        return case
    if not _may(case, deed):
        return Refusal.TAKEN
    return replace(
        case,
        state=HelpState.DELIVERED,
        staff_name="",
        desk="",
        turn=case.turn + 1,
        level=Level.EVERYONE,
        meant_for=deed.to,
        is_written=False,
    )
