"""Owns what the console shows of the exchange with lanes and headquarters: who waits, what is disputed.

It must not know HTTP or the database.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from assets.languages import cldr_of
from inventory.domain.moments import format_moment
from inventory.domain.money import format_money
from inventory.services.conflicts import Conflict
from inventory.services.hq_branches import Branch
from inventory.services.hq_inbox import Proposal
from inventory.services.hq_outbox import Line
from inventory.services.lane_list import Lag
from inventory.services.lanes import LaneOnWall
from inventory.web.texts import Texts

_MONEY = frozenset({"price_minor", "deposit_minor"})
_LONGEST = 200


@dataclass(frozen=True, slots=True)
class Frame:
    """How values are written here."""

    texts: Texts
    zone: ZoneInfo
    currency: str

    def moment(self, at_utc: datetime | None) -> str:
        """An instant in the store's time, or that there was none."""
        if at_utc is None:
            return self.texts.text("never")
        local = at_utc.astimezone(self.zone)
        return format_moment(local, self.texts.language)

    def value(self, field: str, value: str) -> str:
        """A field's value (JSON) as people write it."""
        found = json.loads(value)
        if not field:
            return self.texts.text("no longer sold")
        if field in _MONEY and isinstance(found, int):
            return format_money(found, self.currency, cldr_of(self.texts.language))
        if isinstance(found, dict):
            found = " · ".join(f"{key}: {text}" for key, text in sorted(found.items()))
        if isinstance(found, list):
            found = ", ".join(map(str, found))
        return str(found)[:_LONGEST] or "–"


@dataclass(frozen=True, slots=True)
class LaneLine:
    """A lane's backlog. `waiting` is None until it first reports."""

    name: str
    is_online: bool
    heard: str
    waiting: int | None
    price_list: str
    behind: str


@dataclass(frozen=True, slots=True)
class HqState:
    """How a store and its headquarters stand."""

    heard: str
    behind: int
    waiting: int
    oldest: str
    problem: str


@dataclass(frozen=True, slots=True)
class Side:
    """One side's value, and who set it when ("" where nobody knows)."""

    value: str
    who: str
    when: str


@dataclass(frozen=True, slots=True)
class ConflictLine:
    """One conflict; `is_item` where it is about the item as a whole."""

    conflict_id: str
    gtin: str
    name: str
    field: str
    ours: Side
    theirs: Side
    is_item: bool


@dataclass(frozen=True, slots=True)
class ProposalLine:
    """A value that a branch proposes; `is_price` where it can be accepted for that branch alone."""

    proposal_id: str
    branch_id: str
    gtin: str
    name: str
    field: str
    value: str
    who: str
    when: str
    is_price: bool


@dataclass(frozen=True, slots=True)
class BranchLine:
    """A branch: when it last asked, and how many items it had not heard of."""

    branch_id: str
    zone: str
    heard: str
    behind: int


def lane_line(lane: LaneOnWall, name: str, behind: Mapping[int, Lag], frame: Frame) -> LaneLine:
    """A lane by the name that people call it."""
    waiting = lane.state.outbox_waiting if lane.state is not None else None
    lag = behind.get(lane.catalogue_version)
    words = frame.texts.text("{count} behind since {since}")
    told = words.format(count=lag.versions, since=frame.moment(lag.since_utc)) if lag is not None else ""
    version = str(lane.catalogue_version or "–")
    return LaneLine(name, lane.is_online, frame.moment(lane.heard_at_utc), waiting, version, told)


def hq_state(line: Line, frame: Frame) -> HqState:
    """The line to headquarters."""
    oldest = frame.moment(line.oldest_utc) if line.oldest_utc is not None else ""
    return HqState(frame.moment(line.reached_at_utc), line.behind, line.waiting, oldest, line.problem)


def conflict_line(conflict: Conflict, frame: Frame) -> ConflictLine:
    """Both values, who and when."""
    ours = conflict.name if not conflict.field else frame.value(conflict.field, conflict.ours)
    when = frame.moment(conflict.ours_at_utc) if conflict.ours_at_utc is not None else ""
    return ConflictLine(
        conflict.conflict_id,
        conflict.gtin,
        conflict.name,
        field_words(conflict.field, frame.texts),
        Side(ours, conflict.ours_who, when),
        Side(
            frame.value(conflict.field, conflict.theirs),
            conflict.theirs_who,
            frame.moment(conflict.theirs_at_utc),
        ),
        is_item=not conflict.field,
    )


def proposal_line(proposal: Proposal, name: str, frame: Frame) -> ProposalLine:
    """A proposal of a branch."""
    return ProposalLine(
        proposal.proposal_id,
        proposal.branch_id,
        proposal.gtin,
        name,
        field_words(proposal.field, frame.texts),
        _value_or_raw(proposal.field, proposal.value, frame),
        proposal.who,
        frame.moment(proposal.at_utc),
        is_price=proposal.field == "price_minor",
    )


def branch_line(branch: Branch, frame: Frame) -> BranchLine:
    """A branch of this headquarters."""
    return BranchLine(branch.branch_id, branch.zone, frame.moment(branch.seen_at_utc), branch.behind)


def field_words(field: str, texts: Texts) -> str:
    """What people call a field; its own name where they have none for it."""
    match field:
        case "":
            return texts.text("Item")
        case "price_minor":
            return texts.text("Price")
        case "names":
            return texts.text("Name")
        case "department":
            return texts.text("Department")
        case "aisle" | "bay" | "shelf":
            return texts.text("Place")
        case "deposit_minor":
            return texts.text("Deposit")
        case "tax_class":
            return texts.text("Tax class")
        case _:
            return field.replace("_", " ").upper() if field in ("sku", "plu") else field.replace("_", " ")


def _value_or_raw(field: str, value: str, frame: Frame) -> str:
    try:
        return frame.value(field, value)
    except ValueError:  # what a branch says need not be JSON
        return value[:_LONGEST]
