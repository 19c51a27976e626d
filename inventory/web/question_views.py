"""Owns what the console shows of shoppers' questions: which answers did not help, which words found nothing.

It must not know HTTP, the database or the clock.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from assets.answers import Answers
from inventory.domain.questions import AnswerSummary
from inventory.domain.searches import MissedTerm
from inventory.web.texts import PAGE_LANGUAGE, Texts, own_name
from inventory.web.today_views import Repair

ROWS_SHOWN = 8
NOT_LISTED = "not-listed"
"""What a lane reports when staff were called from the list, with no question opened."""


@dataclass(frozen=True, slots=True)
class QuestionLine:
    """One question in one language, as the console names both."""

    question: str
    language: str
    not_helped: int
    called: int
    helped: int


def question_lines(summaries: Sequence[AnswerSummary], texts: Texts) -> tuple[QuestionLine, ...]:
    """Those that left somebody without an answer, the worst first."""
    answers = Answers()
    return tuple(
        QuestionLine(
            _name(each.question, answers, texts),
            own_name(each.language),
            each.not_helped,
            each.called,
            each.helped,
        )
        for each in summaries
        if each.unanswered
    )[:ROWS_SHOWN]


@dataclass(frozen=True, slots=True)
class MissedLine:
    """One word that found nothing; `is_many`: often enough to do something about it."""

    term: str
    language: str
    count: int
    is_many: bool


def missed_lines(terms: Sequence[MissedTerm]) -> tuple[MissedLine, ...]:
    return tuple(MissedLine(each.term, own_name(each.language), each.count, each.is_many) for each in terms)


def repairs_of_searches(terms: Sequence[MissedTerm], texts: Texts) -> list[Repair]:
    """The words that found nothing so often that somebody should do something about them."""
    what = texts.text("Search “{word}”, {language}")
    why = texts.text("{count} times without a result: add an alias or the item")
    return [
        Repair(
            what.format(word=each.term, language=own_name(each.language)),
            why.format(count=each.count),
            f"/manager/words?{urlencode({'term': each.term})}",
            texts.text("Search words"),
        )
        for each in terms
        if each.is_many
    ]


def _name(question: str, answers: Answers, texts: Texts) -> str:
    if question == NOT_LISTED:
        return texts.text("None of the questions fitted")
    answer = answers.get(question, PAGE_LANGUAGE)
    return answer.title if answer is not None else question
