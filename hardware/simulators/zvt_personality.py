"""Owns the characters of simulated terminals: what the public documents leave open, as plain switches.

It must not act on them. Each character is one that a document describes or that users of other tills met.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Final

from hardware.simulators.zvt_cards import Habit


@dataclass(frozen=True, slots=True, kw_only=True)
class Traits:
    """The switches of one terminal. Make a mixture of your own with `dataclasses.replace`."""

    habit: Habit = Habit.KEEPS
    synchronises: bool = False
    """Sends tag 1F1F with its last receipt number, and obeys the lane's (PA00P015 section 4)."""
    status_lag_s: float = 0.0
    """How far 05 01 and 06 20 may run ahead of a payment, at most; drawn anew for each payment."""
    repeats_receipts: bool = True
    restarts_receipt_numbers: bool = False
    alters_amount: bool = False
    wrong_pins: int = 0
    """How often each PIN is wrong before it is right."""
    bank_s: float = 0.0
    """How long PIN and bank take at least, in seconds."""
    day_is_due: bool = False
    prints_through_lane: bool = False
    sends_abort_frame: bool = True
    waits_on_unplugged: bool = False
    speaks_zvt: bool = True


class Personality(Enum):
    """The terminals one can choose by name."""

    KEEPS = "keeps"
    AUTO_REVERSES = "auto-reverses"
    SYNCHRONISES = "synchronises"
    OVERTAKING_STATUS = "overtaking-status"
    REPEAT_RECEIPT_EMPTY = "repeat-receipt-empty"
    COUNTER_RESET = "counter-reset"
    AMOUNT_ALTERED = "amount-altered"
    WRONG_PIN_TWICE = "wrong-pin-twice"
    SLOW = "slow"
    END_OF_DAY_DUE = "end-of-day-due"
    PRINTS_THROUGH_ECR = "prints-through-ecr"
    ABORT_FRAME_MISSING = "abort-frame-missing"
    WAITS_ON = "waits-on"
    OTHER_PROTOCOL = "other-protocol"

    @property
    def traits(self) -> Traits:
        return _CHARACTERS[self][0]

    @property
    def description(self) -> str:
        """One line for people."""
        return _CHARACTERS[self][1]


_CHARACTERS: Final[dict[Personality, tuple[Traits, str]]] = {
    Personality.KEEPS: (
        Traits(),
        "keeps an approved charge when nobody answers its result",
    ),
    Personality.AUTO_REVERSES: (
        Traits(habit=Habit.AUTO_REVERSES),
        "takes an approved charge back when nobody answers its result",
    ),
    Personality.SYNCHRONISES: (
        Traits(synchronises=True),
        "tells its last receipt number (1F1F); reverses the last charge when the lane's is one behind",
    ),
    Personality.OVERTAKING_STATUS: (
        Traits(status_lag_s=0.02),
        "answers questions up to 20 ms ahead of a payment, with the state before it",
    ),
    Personality.REPEAT_RECEIPT_EMPTY: (
        Traits(repeats_receipts=False),
        "ends the repeat of a receipt without repeating anything",
    ),
    Personality.COUNTER_RESET: (
        Traits(restarts_receipt_numbers=True),
        "counts receipts from 1 again after a restart, a pulled cable or the end of the day",
    ),
    Personality.AMOUNT_ALTERED: (
        Traits(alters_amount=True),
        "charges 1 to 99 hundredths more than it was asked for, as with a tip",
    ),
    Personality.WRONG_PIN_TWICE: (
        Traits(wrong_pins=2),
        "reports a wrong PIN twice, then approves",
    ),
    Personality.SLOW: (
        Traits(bank_s=180.0),
        "takes 180 s for PIN and bank, and says so every 10 s",
    ),
    Personality.END_OF_DAY_DUE: (
        Traits(day_is_due=True),
        "refuses every payment until the end of the day was done",
    ),
    Personality.PRINTS_THROUGH_ECR: (
        Traits(prints_through_lane=True),
        "has the lane print its slips, customer's and merchant's, if the lane registered for them",
    ),
    Personality.ABORT_FRAME_MISSING: (
        Traits(sends_abort_frame=False),
        "says that a payment failed and then never closes it",
    ),
    Personality.WAITS_ON: (
        Traits(waits_on_unplugged=True),
        "goes on waiting for a card while the cable is pulled",
    ),
    Personality.OTHER_PROTOCOL: (
        Traits(speaks_zvt=False),
        "speaks no ZVT: answers every frame in the words of ECR17",
    ),
}
