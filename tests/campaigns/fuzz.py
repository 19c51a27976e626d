"""Owns the fuzz campaigns: `python -m tests.campaigns.fuzz zvt --frames 1000000 --seed 1` prints JSON.

It must not judge by the clock on the wall: a frame hangs when it takes processor time. A seed repeats a
campaign exactly; an error names the frame's number, never its bytes. The exit status is 1 when a rule broke:
no exception out of `received`, none but its own out of a parser, no frame above 50 ms, memory flat, and no
card number in an event.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import sys
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path
from random import Random
from typing import Final

from tests.campaigns import corrupted
from tests.campaigns.mutation import split
from tests.campaigns.rig import PAUSES_S, Rig, Target
from tests.campaigns.targets import TARGETS

HANG_MS: Final = 50.0
GROWTH_LIMIT_KIB: Final = 1024
FRAMES_PER_SCENE: Final = 8
ERRORS_KEPT: Final = 20
_PAGE_KIB: Final = os.sysconf("SC_PAGE_SIZE") // 1024


@dataclass
class Findings:
    """What one campaign came to. Times are processor time; `events` shows that the protocol was reached."""

    protocol: str
    frames: int
    seed: int
    errors: int = 0
    slowest_ms: float = 0.0
    rss_growth_kib: int = 0
    frames_per_s: int = 0
    parser_frames_per_s: int = 0
    events: int = 0
    first_errors: list[str] = field(default_factory=list)

    @property
    def passed(self) -> bool:
        calm = self.slowest_ms <= HANG_MS and self.rss_growth_kib < GROWTH_LIMIT_KIB
        return calm and not self.errors and self.events > 0

    def fail(self, number: int, where: str, error: BaseException) -> None:
        self.errors += 1
        if len(self.first_errors) < ERRORS_KEPT:
            # Not the error's text: it may hold bytes of the frame, and with them a card number.
            self.first_errors.append(f"frame {number}: {type(error).__name__} in {where}")


class Campaign:
    """One protocol under fire."""

    def __init__(self, name: str, target: Target, frames: int, seed: int) -> None:
        self.findings = Findings(name, frames, seed)
        self._target = target
        self._chance = Random(seed)
        self._rig: Rig | None = None
        self._parsing_s = 0.0

    def run(self) -> Findings:
        findings, frames = self.findings, self.findings.frames
        warm, start_kib = max(1, frames // 5), 0
        began_s = time.perf_counter()
        for number in range(frames):
            if number == warm:
                start_kib = _resident_kib()
            self._one(number)
        findings.frames_per_s = int(frames / (time.perf_counter() - began_s))
        findings.parser_frames_per_s = int(frames / max(self._parsing_s, 1e-9))
        findings.rss_growth_kib = max(0, _resident_kib() - start_kib)
        findings.slowest_ms = round(findings.slowest_ms, 3)
        return findings

    def _one(self, number: int) -> None:
        frame, content = self._target.frame(self._chance)
        self._parse(number, content)
        try:
            self._listen(number, frame)
        except Exception as error:  # noqa: BLE001 - whatever comes out is what the campaign looks for
            self.findings.fail(number, "received", error)
            self._rig = None

    def _listen(self, number: int, frame: bytes) -> None:
        chance = self._chance
        if self._rig is None or number % FRAMES_PER_SCENE == 0:
            self._rig = chance.choice(self._target.scenes)()
        rig, before = self._rig, self._rig.reports
        rig.wait(chance.choice(PAUSES_S))
        began_s = time.thread_time()
        for chunk in split(frame, chance):
            rig.hear(chunk)
        self._clocked(began_s)
        if chance.random() < 0.05:
            rig.meddle(chance)
        if chance.random() < 0.01:
            rig.reopen()
        self.findings.events += rig.reports - before

    def _parse(self, number: int, content: bytes) -> None:
        began_s = time.thread_time()
        for parser in self._target.parsers:
            try:
                parser.parse(content)
            except parser.allowed:
                continue
            except Exception as error:  # noqa: BLE001 - the same
                self.findings.fail(number, "a parser", error)
        self._parsing_s += self._clocked(began_s)

    def _clocked(self, began_s: float) -> float:
        took_s = time.thread_time() - began_s
        self.findings.slowest_ms = max(self.findings.slowest_ms, took_s * 1000)
        return took_s


def _resident_kib() -> int:
    gc.collect()
    return int(Path("/proc/self/statm").read_text().split()[1]) * _PAGE_KIB


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.campaigns.fuzz")
    parser.add_argument("campaign", choices=(*TARGETS, "corrupted"))
    parser.add_argument("--frames", type=int, default=20_000)
    parser.add_argument("--payments", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args(arguments)
    if chosen.campaign == "corrupted":
        tally = corrupted.run(chosen.payments, chosen.seed)
        _say(json.dumps(asdict(tally)))
        return 0 if tally.passed else 1
    findings = Campaign(chosen.campaign, TARGETS[chosen.campaign](), chosen.frames, chosen.seed).run()
    _say(json.dumps(asdict(findings)))
    return 0 if findings.passed else 1


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
