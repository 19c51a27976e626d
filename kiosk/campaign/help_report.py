"""Owns what the help campaign adds up to, and the JSON that says so.

It must not judge rounds: it counts what they and their checks said.
"""

from __future__ import annotations

import os
import platform
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from math import ceil
from typing import TYPE_CHECKING, Any

from kiosk.campaign.cable import Trouble
from kiosk.campaign.help_checks import Fault

if TYPE_CHECKING:
    from kiosk.campaign.help_rounds import HelpRound


@dataclass(slots=True)
class HelpTally:
    """Sums over all rounds so far."""

    seed: int
    elapsed_s: float = 0.0
    rounds: int = 0
    requests: int = 0
    faults: Counter[str] = field(default_factory=Counter)
    counts: Counter[str] = field(default_factory=Counter)
    findings: list[str] = field(default_factory=list)
    deliver_s: list[float] = field(default_factory=list)
    ack_s: list[float] = field(default_factory=list)

    @property
    def sound(self) -> bool:
        """Whether nothing was found, in something that was really tried."""
        return not self.findings and self.requests > 0 and bool(self.ack_s)

    def add(self, played: HelpRound) -> None:
        self.rounds += 1
        self.requests += played.requests
        self.faults += played.faults
        self.counts += played.counts
        self.findings += [f"round {played.number}: {words}" for words in played.findings]
        self.deliver_s += played.deliver_s
        self.ack_s += played.ack_s

    def as_json(self) -> dict[str, Any]:
        """The report. `ack_ms` is from the shopper's tap to the answer on the lane's screen."""
        counts = dict(sorted(self.counts.items()))
        return {
            "seed": self.seed,
            "requests": self.requests,
            **{fault.value: self.faults[fault.value] for fault in Fault},
            "ack_ms": _spread(self.ack_s),
            "deliver_ms": _spread(self.deliver_s),
            "rounds": self.rounds,
            "kills": self.counts["lane_kills"] + self.counts["store_kills"],
            "partitions": sum(self.counts[trouble.value] for trouble in Trouble),
            "counts": counts,
            "elapsed_s": round(self.elapsed_s, 1),
            "machine": f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}",
            "findings": self.findings,
        }


def _spread(waits_s: Sequence[float]) -> dict[str, float]:
    """Nearest ranks, in milliseconds; zeros where nobody waited."""
    ordered = sorted(waits_s) or [0.0]
    return {
        f"p{share}": round(ordered[ceil(len(ordered) * share / 100) - 1] * 1e3, 1) for share in (50, 95, 99)
    }
