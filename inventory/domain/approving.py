"""Owns who may decide what from where: one table of kinds and places, tightened by a store, never loosened.

It must not know screens, PINs or tables. A store's settings may ask for more than the table does; less than
the law asks for, which is that somebody sees who buys what has an age limit, no setting can say.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum, IntEnum
from typing import assert_never

from inventory.domain.help_desk import Decision, InterventionKind
from inventory.domain.staff import Permission, Role, may, needed_to_decide


class Place(Enum):
    """Where somebody decides. IN_SIGHT is what they said with a tick: the shopper is before their eyes."""

    AFAR = "afar"
    IN_SIGHT = "in-sight"
    AT_LANE = "at-lane"
    """Signed in at the lane's own screen, by badge or name and PIN."""


class Verdict(IntEnum):
    """The stricter, the greater."""

    ALLOWED = 0
    NEEDS_PIN = 1
    """The PIN again, whoever signed in on the tablet."""
    NEEDS_TICK = 2
    """Whoever decides must say first that they see the shopper."""
    REFUSED = 3


@dataclass(frozen=True, slots=True)
class Asked:
    """What a lane asks: the kind, and what it told about it."""

    kind: InterventionKind
    facts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Policy:
    """What a store asks for beyond the table. Limits are those of a question of low risk."""

    low_risk_minor: int = 1000
    low_risk_pieces: int = 10
    low_risk_g: int = 30
    currency: str = ""
    """What `low_risk_minor` is of; "" takes any."""
    with_pin: frozenset[InterventionKind] = frozenset()
    at_lane: frozenset[InterventionKind] = frozenset()
    """Decided at the lane itself alone."""
    helpers_elsewhere: bool = True
    """Whether somebody who stands before no lane decides anything at all."""


PLAIN_POLICY = Policy()

MAY_BE_AT_LANE_ALONE = frozenset(
    {
        InterventionKind.AGE_CHECK,
        InterventionKind.PRICE,
        InterventionKind.WEIGHT,
        InterventionKind.VOID,
        InterventionKind.QUANTITY,
        InterventionKind.COUPON,
    }
)
"""Kinds that a lane's own screen can settle; the others would have nowhere to go."""

ABOUT_ONE_ROW = frozenset(
    {InterventionKind.WEIGHT, InterventionKind.VOID, InterventionKind.QUANTITY, InterventionKind.COUPON}
)

_ANYWHERE: Mapping[Place, Verdict] = dict.fromkeys(Place, Verdict.ALLOWED)
_TABLE: Mapping[InterventionKind, Mapping[Place, Verdict]] = dict.fromkeys(InterventionKind, _ANYWHERE) | {
    InterventionKind.AGE_CHECK: {
        Place.AFAR: Verdict.NEEDS_TICK,
        Place.IN_SIGHT: Verdict.ALLOWED,
        Place.AT_LANE: Verdict.ALLOWED,
    },
    InterventionKind.PAYMENT_IN_DOUBT: {
        Place.AFAR: Verdict.NEEDS_PIN,
        Place.IN_SIGHT: Verdict.NEEDS_PIN,
        Place.AT_LANE: Verdict.REFUSED,  # the slip is compared with what the tablet shows
    },
}
"""What approving takes of somebody who may decide the kind at all (`needed_to_decide`)."""


def verdict(
    asked: Asked,
    role: Role,
    place: Place,
    *,
    decision: Decision = Decision.APPROVED,
    policy: Policy = PLAIN_POLICY,
) -> Verdict:
    """What stands between this person at this place and this decision."""
    if not may(role, needed_to_decide(asked.kind)):
        return Verdict.REFUSED
    if not may(role, Permission.WORK_AT_LANE) and not _is_for_helpers_elsewhere(asked, place, policy):
        return Verdict.REFUSED
    if asked.kind in policy.at_lane and place is not Place.AT_LANE:
        return Verdict.REFUSED
    found = _TABLE[asked.kind][place]
    if found is Verdict.NEEDS_TICK and decision is Decision.REFUSED:
        found = Verdict.ALLOWED  # the law asks who is sold to, not who is sent away
    is_asked_again = asked.kind in policy.with_pin and place is not Place.AT_LANE
    return max(found, Verdict.NEEDS_PIN) if is_asked_again else found


def _is_for_helpers_elsewhere(asked: Asked, place: Place, policy: Policy) -> bool:
    """They see the basket and nothing else: low risk, from afar, and only where the store lets them."""
    return policy.helpers_elsewhere and place is Place.AFAR and is_low_risk(asked, policy)


def may_be_in_batch(asked: Asked, role: Role, policy: Policy = PLAIN_POLICY) -> bool:
    """Whether this may be approved with others by one tap: low risk, and nothing more is asked for."""
    return is_low_risk(asked, policy) and verdict(asked, role, Place.AFAR, policy=policy) is Verdict.ALLOWED


def is_low_risk(asked: Asked, policy: Policy = PLAIN_POLICY) -> bool:
    """Whether a mistake would cost little. What a lane told in words that are not understood is not low."""
    match asked.kind:
        case (
            InterventionKind.AGE_CHECK
            | InterventionKind.PAYMENT_IN_DOUBT
            | InterventionKind.CHARGE_CONTRADICTED
            | InterventionKind.PRICE
            | InterventionKind.BASKET_LEFT
        ):
            return False
        case InterventionKind.ITEMS_REMOVED:
            return 0 < len(asked.facts) <= policy.low_risk_pieces
        case InterventionKind.WEIGHT:
            row = row_of(asked.facts)
            return row is not None and len(row.grams) == 2 and _apart_g(row) <= policy.low_risk_g
        case InterventionKind.VOID | InterventionKind.QUANTITY | InterventionKind.COUPON:
            row = row_of(asked.facts)
            return row is not None and bool(row.currency) and _is_cheap(row, policy)
        case _ as never:
            assert_never(never)


@dataclass(frozen=True, slots=True)
class AskedRow:
    """The row a question is about, as its lane told it. `grams` are those expected and those seen."""

    name: str
    pieces: int = 1
    amount_minor: int = 0
    currency: str = ""
    grams: tuple[int, ...] = field(default=())


def row_facts(row: AskedRow) -> tuple[str, ...]:
    """The row as a lane tells it, in words that need no translation: name, `12`, `1188 EUR`, `500 g`."""
    amount = (f"{row.amount_minor} {row.currency}",) if row.currency else ()
    pieces = (str(row.pieces),) if row.pieces != 1 else ()
    return (row.name, *pieces, *amount, *(f"{grams} g" for grams in row.grams))


def row_of(facts: tuple[str, ...]) -> AskedRow | None:
    """The row that was told; None for anything that reads otherwise."""
    if not facts or not facts[0].split():
        return None
    pieces, amounts, grams = [], [], []
    for fact in facts[1:]:
        if re.fullmatch(r"[1-9][0-9]{0,4}", fact, re.ASCII):
            pieces.append(int(fact))
        elif amount := re.fullmatch(r"([0-9]{1,12}) ([A-Z]{3})", fact, re.ASCII):
            amounts.append((int(amount[1]), amount[2]))
        elif weight := re.fullmatch(r"([0-9]{1,6}) g", fact, re.ASCII):
            grams.append(int(weight[1]))
        else:
            return None
    if len(pieces) > 1 or len(amounts) > 1 or len(grams) > 2:
        return None
    amount_minor, currency = amounts[0] if amounts else (0, "")
    return AskedRow(facts[0], pieces[0] if pieces else 1, amount_minor, currency, tuple(grams))


def mark_of(facts: tuple[str, ...]) -> str:
    """Tells these facts from others: what was shown is approved, and not what a lane has said since."""
    told = "".join(f"{len(fact)}:{fact}" for fact in facts)
    return hashlib.sha256(told.encode(errors="surrogatepass")).hexdigest()[:16]


def _apart_g(row: AskedRow) -> int:
    return abs(row.grams[0] - row.grams[1])


def _is_cheap(row: AskedRow, policy: Policy) -> bool:
    is_our_money = policy.currency in ("", row.currency)
    is_little = row.amount_minor <= policy.low_risk_minor and row.pieces <= policy.low_risk_pieces
    return is_our_money and is_little
