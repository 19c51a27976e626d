"""Owns the one button for many questions of low risk: what it shows, carries and answers, in words.

It must not know HTTP, the database or the clock, nor which question is of low risk (the policy does).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from inventory.services.approvals import BatchOutcome, Shown, for_batch
from inventory.services.lanes import LaneOnWall
from inventory.web.decision_tiles import Deciding
from inventory.web.form_text import is_id
from inventory.web.texts import Texts
from inventory.web.wall_parts import Batch

FEWEST: Final = 2
"""One alone has its own button."""
_BETWEEN = " "


def batch_of(lanes: Iterable[LaneOnWall], deciding: Deciding, texts: Texts) -> Batch | None:
    """The button, while there is more than one question for it."""
    waiting = [each for lane in lanes for each in lane.interventions]
    shown = for_batch(waiting, deciding.role, deciding.policy)
    if len(shown) < FEWEST:
        return None
    label = texts.text("Approve all low-risk ({count})").format(count=len(shown))
    return Batch(label, tuple(f"{each.mark}{_BETWEEN}{each.intervention_id}" for each in shown))


def read_shown(sent: Iterable[str]) -> tuple[Shown, ...]:
    """What a form says it showed; anything that is no such entry is passed over."""
    pairs = (each.partition(_BETWEEN) for each in sent)
    return tuple(Shown(intervention_id, mark) for mark, _, intervention_id in pairs if is_id(intervention_id))


def outcome_words(outcome: BatchOutcome, texts: Texts) -> str:
    """What became of them."""
    sentences = [texts.text("Approved: {count}.").format(count=outcome.done)]
    if outcome.by_others:
        names = ", ".join(sorted(set(outcome.by_others)))
        words = texts.text("Decided before by {names}: {count}.")
        sentences.append(words.format(names=names, count=len(outcome.by_others)))
    if outcome.changed:
        words = texts.text("Changed meanwhile, look again: {count}.")
        sentences.append(words.format(count=outcome.changed))
    return " ".join(sentences)
