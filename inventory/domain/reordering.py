"""Owns when to order again: the point, the target, and what sales suggest for both.

It must not know suppliers: pack sizes and delivery days are theirs.
"""

from __future__ import annotations

from dataclasses import dataclass

WEEKS = 4
"""How many weeks of sales a suggestion looks back on."""

COVER_WEEKS = 1
TARGET_WEEKS = 2
"""A suggestion orders when less than one week's sales is there, up to two weeks' sales."""


@dataclass(frozen=True, slots=True)
class ReorderRule:
    """Order when `point_milli` or less is there or coming, up to `target_milli` (thousandths or grams)."""

    gtin: str
    point_milli: int
    target_milli: int


class RuleError(ValueError):
    """A target below its point, or a number below nothing."""


def check_rule(rule: ReorderRule) -> None:
    """Raises RuleError for a rule that would order nothing when it asks for more."""
    if rule.point_milli < 0 or rule.target_milli < rule.point_milli:
        raise RuleError("The target must not be below the reorder point.")


def suggested(gtin: str, sold_milli: int) -> ReorderRule:
    """A rule from what was sold in the last WEEKS weeks (0 or more), rounded up to whole pieces."""
    point = -(-max(sold_milli, 0) * COVER_WEEKS // WEEKS)
    target = -(-max(sold_milli, 0) * TARGET_WEEKS // WEEKS)
    return ReorderRule(gtin, _whole(point), _whole(target))


def _whole(milli: int) -> int:
    return -(-milli // 1000) * 1000
