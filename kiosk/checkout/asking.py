"""Owns what happens to a shopper's visit while they read questions and answers: never anything to the basket.

It must not know the questions nor their words.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from inventory.domain.questions import AnswerOutcome
from kiosk.checkout.asked import AnswerRated, QuestionOpened
from kiosk.checkout.effects import CountAnswer, Effect, StartTimer
from kiosk.checkout.messages import Sheet, Timer
from kiosk.checkout.state import LaneState, Phase

NOT_LISTED = "not-listed"
"""What is counted when somebody looks at the questions and calls a person without opening one."""

Outcome = tuple[LaneState, tuple[Effect, ...]]


def question_opened(state: LaneState, event: QuestionOpened, _at: datetime) -> Outcome:
    if state.view.base is not Sheet.QUESTIONS:
        return state, ()
    view = replace(state.view, question=event.question, outcome=None)
    return replace(state, view=view), still_reading(state)


def answer_rated(state: LaneState, event: AnswerRated, _at: datetime) -> Outcome:
    """One word an answer: a second tap changes nothing and is not counted."""
    view = state.view
    if view.base is not Sheet.QUESTIONS or not view.question or view.outcome is not None:
        return state, ()
    outcome = AnswerOutcome.HELPED if event.helped else AnswerOutcome.NOT_HELPED
    count = CountAnswer(view.question, state.language, outcome)
    return replace(state, view=replace(view, outcome=outcome)), (count, *still_reading(state))


def unanswered(state: LaneState) -> tuple[Effect, ...]:
    """Help was tapped over the questions: what stood there did not answer, unless it was already rated."""
    view = state.view
    if view.base is not Sheet.QUESTIONS or view.outcome is not None:
        return ()
    return (CountAnswer(view.question or NOT_LISTED, state.language, AnswerOutcome.CALLED),)


def still_reading(state: LaneState) -> tuple[Effect, ...]:
    """Whoever reads is here: the screens that leave by themselves wait anew."""
    match state.phase:
        case Phase.ATTRACT:
            return (StartTimer(Timer.IDLE),)
        case Phase.THANKS:
            return (StartTimer(Timer.THANKS),)
        case Phase.SCANNING if not state.basket.lines:
            return (StartTimer(Timer.IDLE),)
        case _:
            return ()


def closed_by_a_scan(state: LaneState) -> LaneState:
    """Any scan closes the questions; the reader's progress below them stays."""
    if state.view.base is not Sheet.QUESTIONS:
        return state
    view = replace(state.view, sheet=Sheet.NONE, under=Sheet.NONE, question="", outcome=None)
    return replace(state, view=view)
