"""Owns how long a simulated terminal waits for anything, and how much faster than life it may run.

It must not wait itself. Names T1 to T3 from VdTH PA00P016 sections 3.4 and 5.2.5.
"""

from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Tempo:
    """Every wait of the terminal in seconds as in life, and the `speed` that divides them all.

    Raises ValueError for a speed that is not a finite number above zero.
    """

    byte_gap_s: float = 0.2
    """T1: a frame whose bytes stop for this long is damaged."""
    acknowledge_s: float = 5.0
    """T2: how long the lane's ACK may take before a frame is sent again."""
    answer_s: float = 5.0
    """T3: how long the lane's 80 00 or 84 xx may take."""
    card_wait_s: float = 60.0
    wait_notice_s: float = 10.0
    """How often a slow bank makes the terminal say "please wait"."""
    goods_pause_s: float = 2.0
    """After 84 9C, before the result is offered again (PA00P015 section 2.2.6)."""
    pace_s: float = 0.0
    """How long each step on the terminal's display stays for eyes."""
    speed: float = 1.0

    def __post_init__(self) -> None:
        if not (math.isfinite(self.speed) and self.speed > 0):
            raise ValueError("a terminal's speed is a number above zero")

    def scaled_s(self, duration_s: float) -> float:
        """A duration of life at this speed."""
        return duration_s / self.speed

    def at_speed(self) -> Tempo:
        """The waits as they really take."""
        return Tempo(
            byte_gap_s=self.scaled_s(self.byte_gap_s),
            acknowledge_s=self.scaled_s(self.acknowledge_s),
            answer_s=self.scaled_s(self.answer_s),
            card_wait_s=self.scaled_s(self.card_wait_s),
            wait_notice_s=self.scaled_s(self.wait_notice_s),
            goods_pause_s=self.scaled_s(self.goods_pause_s),
            pace_s=self.scaled_s(self.pace_s),
        )
