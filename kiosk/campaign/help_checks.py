"""Owns the verdict over calls for help: what lanes wrote, the store kept and people saw, side by side.

It must not know processes, files or clocks: books come in, findings go out (I5 of the trust rules).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum

from inventory.domain.help_desk import OPEN_STATES, HelpState
from kiosk.checkout.errand import SHELF

_TAKING = frozenset({"accepted", "en-route", "arrived", "write"})
_ENDING = frozenset({"resolved", "cancelled"})
_GIVING_ON = "handed-over"
_MOVING = _TAKING | _ENDING | {_GIVING_ON, "called", "said", "escalated"}


@dataclass(frozen=True, slots=True)
class Standing:
    """How far a call has come, as one side sees it."""

    state: HelpState
    staff_name: str = ""
    turn: int = 0

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_STATES


@dataclass(frozen=True, slots=True)
class LaneBook:
    """What one lane's journal says. `reopened` is each call that goes on with an earlier one, and which."""

    lane_id: str
    made: frozenset[str]
    taken_back: frozenset[str]
    """Those that its shopper ended."""
    standing: Mapping[str, Standing]
    """What it shows at the end."""
    reopened: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Deed:
    """One line of a call's history in the store; `who` is "" for its lane and the clock."""

    what: str
    who: str


@dataclass(frozen=True, slots=True)
class Kept:
    """One call as the store has it."""

    help_id: str
    lane_id: str
    standing: Standing
    deeds: tuple[Deed, ...] = ()
    reopens: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """A member of staff was answered that a call is theirs, and the wall said so.

    `turn` is the one their buttons were for; None where there were none.
    """

    help_id: str
    staff_name: str
    turn: int | None = None


@dataclass(frozen=True, slots=True)
class Evidence:
    """All there is after everything was mended and had settled.

    `shown` are the states in which a lane showed a call, in order. `walls` are the calls that each tablet
    shows at the end.
    """

    lanes: tuple[LaneBook, ...] = ()
    kept: Mapping[str, Kept] = field(default_factory=dict)
    shown: Mapping[str, tuple[HelpState, ...]] = field(default_factory=dict)
    told: tuple[Told, ...] = ()
    walls: Mapping[str, frozenset[str]] = field(default_factory=dict)


class Fault(Enum):
    """What a finding counts as."""

    LOST = "lost"
    GHOST = "ghost"
    DOUBLE = "double_accepted"
    STALE = "stale"
    """Both sides have the call, and say different things of it."""


@dataclass(frozen=True, slots=True)
class Finding:
    fault: Fault
    help_id: str
    words: str

    def __str__(self) -> str:
        return f"{self.fault.value}: call {self.help_id} {self.words}"


def check(evidence: Evidence) -> tuple[Finding, ...]:
    """Every breach of the promise, each call and fault once, the first reason found."""
    found: dict[tuple[Fault, str], Finding] = {}
    for rule in (_lost, _ghosts, _doubles, _stale):
        for finding in rule(evidence):
            found.setdefault((finding.fault, finding.help_id), finding)
    return tuple(found.values())


def _lost(evidence: Evidence) -> Iterator[Finding]:
    seen_somewhere = frozenset[str]().union(*evidence.walls.values())
    for help_id, states in evidence.shown.items():
        if help_id not in evidence.kept and any(state is not HelpState.REQUESTED for state in states):
            yield Finding(Fault.LOST, help_id, "was shown as delivered, and the store does not have it")
    for lane in evidence.lanes:
        for help_id, standing in lane.standing.items():
            if standing.is_open and help_id not in evidence.kept:
                yield Finding(Fault.LOST, help_id, f"is open at {lane.lane_id} and never reached the store")
    ended_by_shopper = frozenset[str]().union(*(lane.taken_back for lane in evidence.lanes))
    for help_id, kept in evidence.kept.items():
        is_by_staff = any(deed.what == "resolved" and deed.who for deed in kept.deeds)
        if kept.standing.state is HelpState.CANCELLED and help_id not in ended_by_shopper:
            yield Finding(Fault.LOST, help_id, "is cancelled in the store, and no shopper did that")
        elif kept.standing.state is HelpState.RESOLVED and not is_by_staff:
            yield Finding(Fault.LOST, help_id, "is resolved in the store, and nobody on the staff did that")
        elif kept.standing.is_open and evidence.walls and help_id not in seen_somewhere:
            yield Finding(Fault.LOST, help_id, "is open in the store and stands on no tablet")


def _ghosts(evidence: Evidence) -> Iterator[Finding]:
    lanes = {lane.lane_id: lane for lane in evidence.lanes}
    for help_id, kept in evidence.kept.items():
        lane = lanes.get(kept.lane_id)
        if lane is None or help_id not in lane.made:
            yield Finding(Fault.GHOST, help_id, f"is in the store, and {kept.lane_id} never made it")
        elif kept.standing.is_open and not _is_open_at(lane, help_id) and not _outlives(lane, help_id):
            yield Finding(Fault.GHOST, help_id, f"is open in the store, and {kept.lane_id} does not wait")
        if _goes_on_after_its_end(kept):
            yield Finding(Fault.GHOST, help_id, "went on in the store after it was over")
    for help_id, states in evidence.shown.items():
        if HelpState.RESOLVED in states and states[-1] in OPEN_STATES:
            yield Finding(Fault.GHOST, help_id, "came back on its lane after it was resolved")
    for name, help_ids in evidence.walls.items():
        for help_id in sorted(help_ids):
            if help_id not in evidence.kept or not evidence.kept[help_id].standing.is_open:
                yield Finding(Fault.GHOST, help_id, f"stands on the tablet of {name}, and is not open")
    for lane in evidence.lanes:
        for help_id, standing in lane.standing.items():
            kept_one = evidence.kept.get(help_id)
            if standing.is_open and kept_one is not None and not kept_one.standing.is_open:
                yield Finding(Fault.GHOST, help_id, f"is over, and {lane.lane_id} still waits")


def _is_open_at(lane: LaneBook, help_id: str) -> bool:
    return help_id in lane.standing and lane.standing[help_id].is_open


def _outlives(lane: LaneBook, help_id: str) -> bool:
    """A report about a shelf stays when its shopper has gone: the shelf is empty still."""
    return help_id.startswith(SHELF) and help_id not in lane.taken_back


def _goes_on_after_its_end(kept: Kept) -> bool:
    moved = [deed.what for deed in kept.deeds if deed.what in _MOVING]
    return any(what in _ENDING for what in moved[:-1])


def _doubles(evidence: Evidence) -> Iterator[Finding]:
    holders = {help_id: _holders(kept) for help_id, kept in evidence.kept.items()}
    for help_id, turns in holders.items():
        for turn, names in turns.items():
            if len(names) > 1:
                words = f"was taken by {' and '.join(sorted(names))} in turn {turn}"
                yield Finding(Fault.DOUBLE, help_id, words)
    for told in evidence.told:
        turns = holders.get(told.help_id, {})
        meant = turns.values() if told.turn is None else [turns.get(told.turn, set())]
        if not any(told.staff_name in names for names in meant):
            words = f"was promised to {told.staff_name}, who never had it"
            yield Finding(Fault.DOUBLE, told.help_id, words)


def _holders(kept: Kept) -> dict[int, set[str]]:
    """Who took the call in which of its turns: a hand-over begins the next one."""
    turn, holders = 0, defaultdict[int, set[str]](set)
    for deed in kept.deeds:
        if deed.what == _GIVING_ON:
            turn += 1
        elif deed.what in _TAKING:
            holders[turn].add(deed.who)
    return holders


def _stale(evidence: Evidence) -> Iterator[Finding]:
    for lane in evidence.lanes:
        for help_id, standing in lane.standing.items():
            kept = evidence.kept.get(help_id)
            if kept is not None and standing.is_open and kept.standing.is_open and kept.standing != standing:
                words = f"is {_words(kept.standing)} in the store and {_words(standing)} at {lane.lane_id}"
                yield Finding(Fault.STALE, help_id, words)
        for help_id, earlier in lane.reopened.items():
            kept = evidence.kept.get(help_id)
            if kept is not None and earlier in evidence.kept and kept.reopens != earlier:
                yield Finding(Fault.STALE, help_id, "goes on with an earlier call, and the store forgot it")


def _words(standing: Standing) -> str:
    by = f" by {standing.staff_name}" if standing.staff_name else ""
    return f"{standing.state.value}{by} in turn {standing.turn}"
