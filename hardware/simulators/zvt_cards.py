"""Owns what a simulated shopper does at the terminal, and when somebody pulls the cable meanwhile.

It must not know ZVT or act: these are the words of scripts and journeys.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum


class CardAction(Enum):
    """What happens once the card is presented."""

    APPROVE = "approve"
    DECLINE = "decline"
    CANCEL = "cancel"
    WRONG_PIN = "wrong-pin"
    """Wrong once, then right: the payment is approved."""
    SILENT = "silent"
    """The terminal hangs until the cable is pulled or another card is presented."""


class UnplugMoment(Enum):
    """When the cable comes out by itself."""

    AFTER_START = "after_start"
    """After 80 00 to the payment command, before any card."""
    BEFORE_RESULT = "before_result"
    """The bank has approved; the lane has not heard."""
    AFTER_STATUS = "after_status"
    """The lane has the positive result; the terminal did not wait for the answer."""
    AFTER_ANSWER = "after_answer"
    """The terminal has the lane's answer; the completion is not sent."""


class Habit(Enum):
    """What a terminal does with an approved payment whose result was never answered.

    The public documents contradict each other here, so both kinds exist.
    """

    KEEPS = "keeps"
    AUTO_REVERSES = "auto-reverses"


@dataclass(frozen=True, slots=True)
class CardScript:
    """One shopper's card. `slow_s` is how long the bank takes, in seconds."""

    action: CardAction = CardAction.APPROVE
    slow_s: float = 0.0
    unplug_at: UnplugMoment | None = None
    card_name: str = "girocard"
    card_last4: str = "4242"


class CardReader:
    """Holds at most one card, put in by any thread and taken out by the terminal's; `roused` hears of it."""

    def __init__(self, roused: Callable[[], None]) -> None:
        self._roused = roused
        self._lock = threading.Lock()
        self._script: CardScript | None = None

    def put(self, script: CardScript) -> None:
        with self._lock:
            self._script = script
        self._roused()

    def take(self) -> CardScript | None:
        with self._lock:
            script, self._script = self._script, None
            return script

    def holds_card(self) -> bool:
        return self._script is not None
