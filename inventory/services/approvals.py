"""Owns answers to what lanes ask, as far as the store's policy lets somebody give them: one, or many at once.

It must not know PINs or screens: whoever calls says whether the PIN was shown, and has seen to it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from inventory.db.unit_of_work import UnitOfWork
from inventory.domain.approving import Asked, Place, Policy, Verdict, mark_of, may_be_in_batch, verdict
from inventory.domain.help_desk import Decision
from inventory.domain.pricing import GivenPrice
from inventory.domain.staff import Role
from inventory.services import interventions
from inventory.services.help_desk import ImpossibleStepError, UnknownRequestError
from inventory.services.interventions import AlreadyDecided, Intervention
from inventory.wire import DecisionMessage

MOST_AT_ONCE = 200
"""More open questions than any store has lanes."""
_AT_ONCE = "with others of low risk"


class NotAllowed(Exception):  # noqa: N818 - it names what somebody is told
    """The policy asks for more than was given."""

    def __init__(self, needed: Verdict) -> None:
        super().__init__(f"The policy says {needed.name}.")
        self.needed = needed


@dataclass(frozen=True, slots=True)
class Decider:
    """Who decides, from where, and whether they have shown their PIN for it."""

    name: str
    role: Role
    place: Place = Place.AFAR
    has_shown_pin: bool = False


@dataclass(frozen=True, slots=True)
class Shown:
    """A question as somebody saw it: its id, and the mark of its facts."""

    intervention_id: str
    mark: str


@dataclass(frozen=True, slots=True)
class BatchOutcome:
    """What became of many. `by_others` names who had decided, once for each question they had."""

    done: int = 0
    by_others: tuple[str, ...] = ()
    changed: int = 0
    """What is no longer asked, is asked otherwise by now, or is nothing for a batch."""


def asked_of(intervention: Intervention) -> Asked:
    return Asked(intervention.kind, intervention.facts)


def decide(
    uow: UnitOfWork,
    store_id: str,
    intervention: Intervention,
    decision: Decision,
    decider: Decider,
    policy: Policy,
    now_utc: datetime,
    *,
    reason: str = "",
    price: GivenPrice | None = None,
) -> DecisionMessage:
    """Decides one question as `interventions.decide` does. Raises NotAllowed, and whatever that raises."""
    needed = verdict(asked_of(intervention), decider.role, decider.place, decision=decision, policy=policy)
    if needed is Verdict.NEEDS_PIN and decider.has_shown_pin:
        needed = Verdict.ALLOWED
    if needed is not Verdict.ALLOWED:
        raise NotAllowed(needed)
    return interventions.decide(
        uow,
        store_id,
        intervention.intervention_id,
        decision,
        decider.name,
        reason,
        now_utc,
        price=price,
        place=decider.place,
    )


def for_batch(waiting: Iterable[Intervention], role: Role, policy: Policy) -> tuple[Shown, ...]:
    """What may be approved by one tap, as it is asked now."""
    return tuple(
        Shown(each.intervention_id, mark_of(each.facts))
        for each in waiting
        if may_be_in_batch(asked_of(each), role, policy)
    )


def approve_all(
    uow: UnitOfWork,
    store_id: str,
    shown: Iterable[Shown],
    decider: Decider,
    policy: Policy,
    now_utc: datetime,
) -> BatchOutcome:
    """Approves what was shown and is still asked in the same words; each is decided once, by who is first.

    In the order of their ids: two who do this at once wait for each other instead of locking each other out.
    """
    done, changed, others = 0, 0, []
    for each in sorted(set(shown), key=lambda one: (one.intervention_id, one.mark))[:MOST_AT_ONCE]:
        try:
            done += _approve(uow, store_id, each, decider, policy, now_utc)
        except AlreadyDecided as decided:
            others.append(decided.by)
        except (NotAllowed, ImpossibleStepError, UnknownRequestError):
            changed += 1
    return BatchOutcome(done, tuple(others), changed)


def _approve(
    uow: UnitOfWork, store_id: str, shown: Shown, decider: Decider, policy: Policy, now_utc: datetime
) -> int:
    asked = interventions.find_to_decide(uow, store_id, shown.intervention_id)
    is_as_shown = mark_of(asked.facts) == shown.mark
    if not (is_as_shown and may_be_in_batch(asked_of(asked), decider.role, policy)):
        raise NotAllowed(Verdict.REFUSED)
    decide(uow, store_id, asked, Decision.APPROVED, decider, policy, now_utc, reason=_AT_ONCE)
    return 1
