"""Owns what a lane says to its store: the calls, and the message behind each effect that speaks.

It must not know how a message travels (`store_link`) nor when it is said.
"""

from __future__ import annotations

from datetime import datetime
from typing import Protocol, assert_never

from inventory.domain.questions import AnswerOutcome
from inventory.wire import (
    LONGEST_DETAIL,
    FeedbackMessage,
    HelpMessage,
    InterventionMessage,
    OrderReport,
    PhraseMessage,
    StaffActionMessage,
)
from kiosk.checkout import effects as fx
from kiosk.checkout.reports import FeedbackReport
from kiosk.checkout.state import LaneState

Said = (
    fx.ReportOrder
    | fx.CountAnswer
    | fx.CountSearch
    | fx.SendHelp
    | fx.SendPhrase
    | fx.RaiseIntervention
    | fx.WithdrawIntervention
    | fx.ReportStaff
    | fx.ReportFeedback
)


class StoreVoice(Protocol):
    """What the lane says to the store; every call returns at once."""

    def sales_waiting(self) -> None: ...
    def say_help(self, message: HelpMessage) -> None: ...
    def say_phrase(self, message: PhraseMessage) -> None: ...
    def say_intervention(self, message: InterventionMessage) -> None: ...
    def say_order(self, message: OrderReport) -> None: ...
    def say_staff(self, message: StaffActionMessage) -> None: ...
    def say_feedback(self, message: FeedbackMessage) -> None: ...
    def check_pin(self, who: str, pin: str) -> None: ...
    def count_answer(self, question: str, language: str, outcome: AnswerOutcome) -> None: ...
    def count_search(self, term: str, language: str) -> None: ...


def say(voice: StoreVoice, effect: Said, state: LaneState, at: datetime) -> None:
    """Puts the lane's name, the shopper's language and the instant to what the checkout wants said."""
    match effect:
        case fx.ReportOrder(outcome):
            voice.say_order(OrderReport(outcome=outcome))
        case fx.ReportStaff(report):
            voice.say_staff(
                StaffActionMessage(
                    action_id=report.report_id,
                    lane_id=state.lane_id,
                    staff_name=report.staff_name,
                    what=report.what,
                    detail=report.detail[:LONGEST_DETAIL],
                    at_utc=report.at_utc,
                )
            )
        case fx.ReportFeedback(said):
            voice.say_feedback(_feedback(said, state))
        case fx.CountAnswer(question, language, answer_outcome):
            voice.count_answer(question, language, answer_outcome)
        case fx.CountSearch(term, language):
            voice.count_search(term, language)
        case fx.SendHelp() as call:
            voice.say_help(
                HelpMessage(
                    help_id=call.help_id,
                    lane_id=state.lane_id,
                    state=call.state,
                    reason=call.reason,
                    language=state.language,
                    requested_at_utc=call.requested_at or at,
                    note=call.note,
                    gtin=call.gtin,
                    reopens=call.reopens,
                )
            )
        case fx.SendPhrase() as spoken:
            voice.say_phrase(_phrase(spoken, state))
        case fx.RaiseIntervention() | fx.WithdrawIntervention():
            voice.say_intervention(_intervention(effect, state, at))
        case _:
            assert_never(effect)


def _intervention(
    effect: fx.RaiseIntervention | fx.WithdrawIntervention, state: LaneState, at: datetime
) -> InterventionMessage:
    return InterventionMessage(
        intervention_id=effect.intervention_id,
        lane_id=state.lane_id,
        kind=effect.kind,
        language=state.language,
        raised_at_utc=at,
        facts=effect.facts if isinstance(effect, fx.RaiseIntervention) else (),
        withdrawn=isinstance(effect, fx.WithdrawIntervention),
    )


def _feedback(said: FeedbackReport, state: LaneState) -> FeedbackMessage:
    return FeedbackMessage(
        feedback_id=said.report_id,
        lane_id=state.lane_id,
        face=said.face,
        reason=said.reason,
        at_utc=said.at_utc,
    )


def _phrase(spoken: fx.SendPhrase, state: LaneState) -> PhraseMessage:
    """What was typed stands elsewhere: the link puts it in."""
    return PhraseMessage(
        phrase_id=spoken.entry_id,
        help_id=spoken.help_id,
        lane_id=state.lane_id,
        phrase=spoken.phrase.phrase_id.value if spoken.phrase else "",
        slots=spoken.phrase.slots if spoken.phrase else {},
        language=spoken.language,
        at_utc=spoken.said_at,
    )
