"""Owns what became of an answer on a lane: it helped, it did not, or a person was called instead.

It must not know who asked: a count names a question and a language, nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class AnswerOutcome(Enum):
    HELPED = "helped"
    NOT_HELPED = "not helped"
    CALLED = "called"  # staff were called from the answer, or from the list without opening one


@dataclass(frozen=True, slots=True)
class AnswerSummary:
    """One question in one language over some days."""

    question: str
    language: str
    helped: int = 0
    not_helped: int = 0
    called: int = 0

    @property
    def unanswered(self) -> int:
        return self.not_helped + self.called
