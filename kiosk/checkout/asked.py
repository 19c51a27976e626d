"""Owns the events of a shopper who reads questions and answers: volatile, a power cut may forget them.

It must not decide anything (`asking` does) nor know the questions.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class QuestionOpened:
    """A tile of the questions was tapped; the value is one of `kiosk.assist.faq.Question`."""

    question: str


@dataclass(frozen=True, slots=True)
class AnswerRated:
    helped: bool


AskingEvent = QuestionOpened | AnswerRated
