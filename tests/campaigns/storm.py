"""Owns the touch storm: `python -m tests.campaigns.storm --seconds 60 --seed 1` prints JSON.

A whole simulated lane and store; random touches and keys at up to a thousand a second, scans in between,
no card anywhere. It must not judge what may be on screen, only what may never happen: the lane ends, leaves
its window, stops itself, makes a sale, or the terminal charges somebody. The exit status is 1 when one did.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from random import Random
from typing import Final

from hardware.simulators.zvt_journal import TerminalJournal
from inventory.demo import DemoStore
from inventory.demo_names import DEMO
from kiosk.demo.run import DemoOptions, Stage, set_stage
from kiosk.journal import verify

PROGRAM: Final = (sys.executable, str(Path(__file__).parents[2] / "main.py"))
SIZE_PX: Final = (1080, 1920)
BATCH: Final = 50
KEYS_OF_A_BATCH: Final = 5
RATE_HZ: Final = 1000
SCAN_EVERY: Final = 8
"""Batches. Without goods most of the lane would never be reached."""

KEYS: Final = (
    *range(0x20, 0x7F),
    *(8, 9, 13, 27, 127),  # backspace, tab, return, escape, delete
    *range(273, 297),  # arrows, insert, home, end, pages, F1 to F15
    *range(300, 323),  # locks, shifts, controls, menu, power
    1001,  # Android's back
)
CODES: Final = ("9520000030018", "9520000090012", "9520000030179", "4020", "0000000000000", "9999999999994")
"""Milk, a beer for adults, yogurt, loose apples, a zero, and one that no shelf knows."""


@dataclass(frozen=True, slots=True)
class Storm:
    """What one storm came to. `seconds` is how long it really blew."""

    seed: int
    touches: int
    keys: int
    scans: int
    seconds: float
    alive: bool
    sales: int
    charged_minor: int
    journal_entries: int

    @property
    def passed(self) -> bool:
        return self.alive and not self.sales and not self.charged_minor and self.journal_entries > 0


def blow(folder: Path, *, seconds: float, seed: int, landscape: bool = False) -> Storm:
    """One storm over one lane, from a closed curtain to a closed curtain."""
    options = DemoOptions(
        program=PROGRAM,
        store_id=DEMO.store_id,
        store_name=DEMO.store_name,
        lane_id=DEMO.lane_id,
        bag_gtin=DEMO.bag_gtin,
        landscape=landscape,
        headless=True,
    )
    stage = set_stage(folder, options, lambda where, port: DemoStore(where, port=port), watched=False)
    try:
        before_minor = _charged_minor(folder)
        batches, took_s = _flail(stage, Random(seed), seconds, SIZE_PX[::-1] if landscape else SIZE_PX)
        alive = stage.lane.running and bool(stage.lane.ask("model"))
        sales = len(stage.store.sales())
    finally:
        stage.close()
    return Storm(
        seed=seed,
        touches=batches * BATCH,
        keys=batches * KEYS_OF_A_BATCH,
        scans=batches // SCAN_EVERY,
        seconds=round(took_s, 1),
        alive=alive,
        sales=sales,
        charged_minor=_charged_minor(folder) - before_minor,
        journal_entries=verify(stage.journal_path).seq,
    )


def _flail(stage: Stage, chance: Random, seconds: float, size_px: tuple[int, int]) -> tuple[int, float]:
    """Batches dispatched and the seconds they took, at most `RATE_HZ` touches a second."""
    began_s, batches = time.monotonic(), 0
    while (since_s := time.monotonic() - began_s) < seconds:
        if since_s < batches * BATCH / RATE_HZ:
            time.sleep(0.005)
            continue
        slides = [_slide(chance, size_px) for _ in range(BATCH)]
        stage.lane.ask("flail", slides=slides, keys=chance.choices(KEYS, k=KEYS_OF_A_BATCH))
        batches += 1
        if batches % SCAN_EVERY == 0:
            stage.bench.scanner.send(chance.choice(CODES))
    return batches, time.monotonic() - began_s


def _slide(chance: Random, size_px: tuple[int, int]) -> tuple[float, float, float, float]:
    """Most fingers are lifted where they came down, one in ten somewhere else."""
    x, y = chance.uniform(0, size_px[0] - 1), chance.uniform(0, size_px[1] - 1)
    if chance.random() < 0.9:
        return x, y, x, y
    return x, y, chance.uniform(0, size_px[0] - 1), chance.uniform(0, size_px[1] - 1)


def _charged_minor(folder: Path) -> int:
    return TerminalJournal(folder / "bench" / "terminal.journal").charged_minor()


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description="Touch a lane a thousand times a second.")
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--landscape", action="store_true")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="storm-") as folder:
        storm = blow(Path(folder), seconds=options.seconds, seed=options.seed, landscape=options.landscape)
    sys.stdout.write(json.dumps({**asdict(storm), "passed": storm.passed}) + "\n")
    return 0 if storm.passed else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
