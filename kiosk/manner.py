"""Owns the taps that say how a visit is to go, not what is bought: preferences, questions.

It must not know the catalogue, a clock or a device: these taps need none.
"""

from __future__ import annotations

from dataclasses import replace

from kiosk.assist.faq import Question, may_ask
from kiosk.checkout import messages as m
from kiosk.checkout.asked import AnswerRated, QuestionOpened
from kiosk.checkout.preferences import Preference, Preferences
from kiosk.checkout.state import LaneState

_PREFERENCES = frozenset(preference.value for preference in Preference)
_QUESTIONS = frozenset(question.value for question in Question)


def manner_tap(verb: str, subject: str, state: LaneState) -> m.Event | None:
    """The event behind such a tap; None for a tap of another kind, or one that has lost its meaning."""
    match verb:
        case "prefer" if subject in _PREFERENCES:
            toggled = state.preferences.toggled(Preference(subject))
            return None if toggled == state.preferences else m.PreferencesChosen(toggled)
        case "speech-rate":
            return m.PreferencesChosen(state.preferences.next_rate())
        case "prefer-nothing":
            return m.PreferencesChosen(Preferences())
        case "keep-settings":
            return m.SheetOpened(m.Sheet.CARD)
        case "speak" if subject in ("on", "off"):
            return _speak(subject, state)
        case "questions" if may_ask(state):
            return m.SheetOpened(m.Sheet.QUESTIONS)
        case "question" if subject in _QUESTIONS:
            return QuestionOpened(subject)
        case "answer" if subject in ("helped", "no"):
            return AnswerRated(subject == "helped")
        case _:
            return None


def _speak(subject: str, state: LaneState) -> m.Event | None:
    """`speak:on` and `speak:off` set what they say, however often they come."""
    now = state.preferences
    if subject == "on":
        wanted = replace(now, on=now.on | {Preference.SPEAK})
    else:  # nothing may stay dark for whoever comes next
        wanted = replace(now, on=now.on - {Preference.SPEAK, Preference.HIDE_SCREEN})
    return m.PreferencesChosen(wanted) if wanted != now else None
