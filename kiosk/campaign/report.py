"""Owns what a campaign adds up to, and the JSON that says so.

It must not judge trials: it counts what they and their checks said.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from statistics import quantiles
from typing import TYPE_CHECKING, Any

from kiosk.campaign.checks import INVARIANTS
from kiosk.failpoints import NAMES

if TYPE_CHECKING:
    from kiosk.campaign.trials import TrialResult

STORE_FAILPOINTS = ("store-before-commit", "store-after-commit")
RANDOM_TIME = "random-time"

COUNTED = ("double_charges", "lost_sales", "free_goods", "duplicate_movements", "unknown_open")


@dataclass(slots=True)
class Tally:
    """Sums over all trials so far."""

    seed: int
    elapsed_s: float = 0.0
    machine: str = ""
    trials: int = 0
    lane_crashes: int = 0
    store_crashes: int = 0
    sales: int = 0
    attempts: int = 0
    charges: int = 0
    decisions: int = 0
    counts: Counter[str] = field(default_factory=Counter)
    invariants: Counter[str] = field(default_factory=Counter)
    failpoints: Counter[str] = field(default_factory=Counter)
    crash_points: Counter[str] = field(default_factory=Counter)
    cells: Counter[str] = field(default_factory=Counter)
    steps: Counter[str] = field(default_factory=Counter)
    injected: Counter[str] = field(default_factory=Counter)
    personalities: Counter[str] = field(default_factory=Counter)
    recoveries_s: list[float] = field(default_factory=list)
    violations: list[str] = field(default_factory=list)

    @property
    def crashes(self) -> int:
        return self.lane_crashes + self.store_crashes

    @property
    def sound(self) -> bool:
        """Whether nothing was found, in something that was really tried."""
        return not self.violations and self.attempts > 0 and bool(self.failpoints)

    def add(self, result: TrialResult) -> None:
        story, findings = result.story, result.findings
        self.trials += 1
        self.lane_crashes += story.lane_kills
        self.store_crashes += story.store_kills
        self.decisions += story.decisions
        self.injected += story.injected
        self.personalities[result.personality] += 1
        self.recoveries_s += story.recoveries_s
        self.failpoints[RANDOM_TIME] += story.random_kills
        for name, money, event in result.fired:
            self.failpoints[name] += 1
            if name in NAMES:
                self.cells[f"{money} × {event}"] += 1
                self.crash_points[f"{name} × {event}"] += 1
        where = f"trial {result.number} ({result.personality}): "
        for words in story.stuck:
            self.invariants["I14"] += 1
            self.violations.append(f"{where}I14 (nothing waits for ever) {words}")
        for words in story.crashed:
            self.invariants["I9"] += 1
            self.violations.append(f"{where}I9 (a lane dies only when it is killed) it said: {words}")
        if findings is None:
            return
        self.sales += findings.sales
        self.attempts += findings.attempts
        self.charges += findings.charges
        self.steps += Counter(
            {f"{money} × {event}": count for (money, event), count in findings.cells.items()}
        )
        for violation in findings.violations:
            self.counts[violation.rule.count] += 1
            if violation.rule.invariant in INVARIANTS:
                self.invariants[violation.rule.invariant] += 1
            self.violations.append(where + str(violation))

    def as_json(self) -> dict[str, Any]:
        """The report. Times in seconds; counts of everything that was looked for are there, zeros too."""
        every = (*NAMES, *STORE_FAILPOINTS, RANDOM_TIME)
        return {
            "seed": self.seed,
            "crashes": self.crashes,
            "sales": self.sales,
            **{name: self.counts[name] for name in COUNTED},
            "invariants": {name: self.invariants[name] for name in INVARIANTS},
            "failpoints": {name: self.failpoints[name] for name in every},
            "cells": dict(sorted(self.cells.items())),
            "crash_points": dict(sorted(self.crash_points.items())),
            "steps": dict(sorted(self.steps.items())),
            "lane_crashes": self.lane_crashes,
            "store_crashes": self.store_crashes,
            "trials": self.trials,
            "attempts": self.attempts,
            "charges": self.charges,
            "decisions_by_staff": self.decisions,
            "injected": dict(sorted(self.injected.items())),
            "personalities": dict(sorted(self.personalities.items())),
            "first_screen_s": _spread(self.recoveries_s),
            "elapsed_s": round(self.elapsed_s, 1),
            "crashes_per_s": round(self.crashes / self.elapsed_s, 2) if self.elapsed_s else 0,
            "machine": self.machine,
            "violations": self.violations,
        }


def _spread(values: list[float]) -> dict[str, float]:
    if len(values) < 2:
        return {"count": len(values), **({"max": round(values[0], 3)} if values else {})}
    cuts = quantiles(values, n=100, method="inclusive")
    return {
        "count": len(values),
        "p50": round(cuts[49], 3),
        "p99": round(cuts[98], 3),
        "max": round(max(values), 3),
    }
