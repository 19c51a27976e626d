"""Owns the two campaigns over payments: drawn by chance until enough was killed, and the prescribed matrix.

It must not know processes: `kiosk.campaign.trials` runs what is asked for here, and one report adds it up.
"""

from __future__ import annotations

import os
import platform
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import groupby
from pathlib import Path
from typing import Any

from kiosk.campaign.matrix import Cell, cells
from kiosk.campaign.report import Tally
from kiosk.campaign.shop import ShopError
from kiosk.campaign.trial import Story, Trial
from kiosk.campaign.trials import Job, Jobs, Sabotage, Scene, TrialResult, TrialStore, work_through

CRASHES_A_TRIAL = 30
"""Few enough that a lane's start does not grow long, many enough that a shop has a history."""

CRASHES_AT_A_SLOW_TERMINAL = 5
"""Each of its payments takes 9 s even in a trial."""

CELLS_A_TRIAL = 24
NO_END = 1 << 62

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class CampaignOptions:
    """What to run. `workers` trials at a time; `keep` gets the folders of trials with a finding."""

    crashes: int
    seed: int
    personalities: tuple[str, ...]
    workers: int = 4
    keep: Path | None = None
    only_trial: int | None = None


@dataclass(frozen=True, slots=True)
class MatrixOptions:
    """Which part of the matrix: every `of`-th cell from `part` on (0 to `of` - 1); all of it by default."""

    part: int = 0
    of: int = 1
    workers: int = 4
    keep: Path | None = None
    only_trial: int | None = None


def run_campaign(options: CampaignOptions, store: TrialStore, say: Say) -> Tally:
    """Runs until `options.crashes` processes were killed. Raises ShopError when a trial cannot be run."""

    def job(number: int) -> Job | None:
        if options.only_trial is not None:
            number, after = options.only_trial, number > 0
            if after:
                return None
        personality = options.personalities[number % len(options.personalities)]
        crashes = CRASHES_AT_A_SLOW_TERMINAL if personality == "slow" else CRASHES_A_TRIAL
        return Job(number, personality, partial(Trial.run, crashes=crashes))

    with _scene(store) as scene:
        tally, _ = _add_up(job, scene, options.seed, options.workers, options.crashes, options.keep, say)
    return tally


def run_matrix(options: MatrixOptions, store: TrialStore, say: Say) -> tuple[Tally, dict[str, Any]]:
    """Runs every cell; what it came to, and how many cells a failpoint really struck."""
    chosen = [cell for number, cell in enumerate(cells()) if number % options.of == options.part]
    groups = [list(group) for _, group in groupby(chosen, key=lambda cell: cell.personality)]
    trials = [list(part) for group in groups for part in _parts(group, CELLS_A_TRIAL)]

    def job(number: int) -> Job | None:
        if options.only_trial is not None:
            number = options.only_trial if number == 0 else len(trials)
        if number >= len(trials):
            return None
        return Job(number, trials[number][0].personality, partial(_play, trials[number]))

    with _scene(store) as scene:
        tally, results = _add_up(job, scene, 0, options.workers, NO_END, options.keep, say)
    struck = {cell.name for result in results for cell in _struck(trials[result.number], result)}
    missed = sorted(cell.name for trial in trials for cell in trial if cell.name not in struck)
    return tally, {"cells": len(chosen), "struck": len(struck), "never_struck": missed}


def _parts(group: list[Cell], size: int) -> Iterator[list[Cell]]:
    for start in range(0, len(group), size):
        yield group[start : start + size]


def _play(trial_cells: list[Cell], trial: Trial) -> Story:
    return trial.play(cell.visit for cell in trial_cells)


def _struck(trial_cells: list[Cell], result: TrialResult) -> list[Cell]:
    return [trial_cells[place] for place in result.story.struck]


def catches(store: TrialStore, job: Jobs, *, lane: Sabotage, shop: Sabotage, seed: int) -> list[str]:
    """What the first trial that finds anything finds, in a product that `lane` and `shop` have broken."""
    with _scene(store, lane, shop) as scene:
        for result in work_through(job, scene, seed=seed, workers=1, enough=NO_END):
            if result.trouble:
                raise ShopError(result.trouble)
            if result.wrong:
                return result.wrong
    return []


@contextmanager
def _scene(store: TrialStore, lane: Sabotage | None = None, shop: Sabotage | None = None) -> Iterator[Scene]:
    folder = Path(tempfile.mkdtemp(prefix="lanelight-campaign-"))
    try:
        yield Scene(store, folder, lane or _nothing, shop or _nothing)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _nothing() -> None:
    return


def _add_up(
    job: Jobs, scene: Scene, seed: int, workers: int, enough: int, keep: Path | None, say: Say
) -> tuple[Tally, list[TrialResult]]:
    tally, results, started_s = Tally(seed), [], time.monotonic()
    for result in work_through(job, scene, seed=seed, workers=workers, enough=enough):
        if result.trouble:
            raise ShopError(f"trial {result.number}: {result.trouble}")
        tally.add(result)
        results.append(result)
        if keep is not None and result.wrong:
            _keep(result, scene.folder, keep)
        say(_line(result, tally))
    tally.elapsed_s = time.monotonic() - started_s
    tally.machine = f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}"
    return tally, results


def _keep(result: TrialResult, folder: Path, keep: Path) -> None:
    without = shutil.ignore_patterns("terminal", "printer")  # links to cables that are no more
    for found in folder.glob(f"worker-*/trial-{result.number}"):
        shutil.copytree(found, keep / found.name, dirs_exist_ok=True, ignore=without)


def _line(result: TrialResult, tally: Tally) -> str:
    story = result.story
    words = (
        f"trial {result.number} ({result.personality}): {story.crashes} crashes,"
        f" {story.visits} visits, {story.elapsed_s:.0f} s; in all {tally.crashes} crashes"
    )
    return words + "".join(f"\n  ✕ {each}" for each in result.wrong)
