"""Owns what a mutant is, a bug that must be found, and how one is played until it is.

It must not know any single one. A bug that shows at once proves more than one that shows by luck: every visit
and every fault is prescribed.
"""

from __future__ import annotations

import multiprocessing
import re
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from enum import Enum
from functools import cache, partial
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

from inventory import trial_store
from kiosk.campaign import trial as campaign_trial
from kiosk.campaign.plan import Fault, Kind, Visit
from kiosk.campaign.power_loss import survey
from kiosk.campaign.run import catches
from kiosk.campaign.trial import Story, Trial
from kiosk.campaign.trials import Job, made_elsewhere
from tests.campaigns.mutants_edit import Edit
from tests.campaigns.mutants_shopping import SteadyTrial

SEED = 1
PATIENCE_S = 20.0
"""How long a visit may last where the lane is not to be stuck, in seconds of the machine."""


TRIALS = 3
"""How often a mutant is tried, up to the first finding: a busy machine may make a terminal look silent early,
and then the lane goes another way than the one with the bug.
"""


class Room(Enum):
    """Where a bug is put in."""

    CHECKOUT = "checkout"
    LANE = "lane"
    DRIVER = "driver"
    STORE = "store"


@dataclass(frozen=True, slots=True)
class Shoppers:
    """One trial with exactly these visits, then the quiet one that ends every trial.

    A lane that has just started may still ask the terminal for its base: where the card matters, begin with
    `QUIET`. `hurried` shortens waits of the lane, which is no bug: the unbroken lane is hurried as well.
    `patience_s` is how long one visit may last before it counts as stuck, in seconds of the machine. A card
    that is shown early is in the reader before anybody taps on Pay.
    """

    visits: tuple[Visit, ...]
    personality: str = "keeps"
    hurried: tuple[Edit, ...] = ()
    patience_s: float = PATIENCE_S
    shows_card_early: bool = False


@dataclass(frozen=True, slots=True)
class PowerCuts:
    """A history whose power is cut in `states` ways."""

    history: Callable[..., Any]
    states: int


@dataclass(frozen=True, slots=True)
class Mutant:
    """One bug. `breaks` says it in a sentence; a finding that tells of it matches `shows_as`.

    Any other finding is a consequence or an accident, and does not count.
    """

    name: str
    room: Room
    breaks: str
    shows_as: str
    sabotage: tuple[Edit, ...]
    jobs: Shoppers | PowerCuts

    def sabotage_in(self, *rooms: Room) -> tuple[Edit, ...]:
        return self.sabotage if self.room in rooms else ()


@dataclass(frozen=True, slots=True)
class Caught:
    """What became of one mutant: the finding that told of it, "" when none did, and all there was."""

    mutant: Mutant
    finding: str
    found: tuple[str, ...]
    seconds: float


# --- playing -------------------------------------------------------------------------------------


def play(mutant: Mutant) -> Caught:
    """Plays one mutant. Raises EditError when its bug does not fit, ShopError when the trial does not run."""
    started_s = time.monotonic()
    for each in mutant.sabotage:
        each.code()  # here, so that a bug that does not fit is not mistaken for a lane that does not start
    match mutant.jobs:
        case Shoppers() as shoppers:
            lane = mutant.sabotage_in(Room.CHECKOUT, Room.LANE, Room.DRIVER)
            found = _shop([shoppers] * TRIALS, lane, mutant.sabotage_in(Room.STORE))
        case PowerCuts() as cuts:
            found = _cut_power(cuts, mutant.sabotage)
    telling = [words for words in found if re.search(mutant.shows_as, words)]
    seconds = time.monotonic() - started_s
    return Caught(mutant, telling[0] if telling else "", tuple(found), seconds)


def play_unbroken(jobs: Iterable[Shoppers | PowerCuts]) -> list[str]:
    """What the same jobs find in the product as it is; each job once."""
    found, by_hurry = [], dict[tuple[Edit, ...], list[Shoppers]]()
    patient = (replace(job, patience_s=PATIENCE_S) if isinstance(job, Shoppers) else job for job in jobs)
    for job in dict.fromkeys(patient):
        match job:
            case Shoppers():
                by_hurry.setdefault(job.hurried, []).append(job)
            case PowerCuts():
                found += _cut_power(job, ())
    for shoppers in by_hurry.values():
        found += _shop(shoppers, (), ())
    return found


def _shop(each: list[Shoppers], lane: tuple[Edit, ...], store: tuple[Edit, ...]) -> list[str]:
    def job(number: int) -> Job | None:
        if number >= len(each):
            return None
        return Job(number, each[number].personality, partial(_visit, each[number]))

    _template()  # here: what a forked process makes is not kept
    (hurried,) = {shoppers.hurried for shoppers in each}
    return catches(
        _MadeOnce(), job, lane=partial(_put_in, (*hurried, *lane)), shop=partial(_put_in, store), seed=SEED
    )


class _MadeOnce:
    """The campaign's store, its template made once for all mutants: none of them breaks its making."""

    StoreHistory = trial_store.StoreHistory
    warm = staticmethod(trial_store.warm)
    run_store = staticmethod(trial_store.run_store)

    def make_store(self, folder: Path, *, lanes: int = 1, people: int = 1) -> dict[str, Any]:
        assert lanes == people == 1, "each of them has a shop of its own"
        files, words = _template()
        folder.mkdir(parents=True)
        for name, data in files.items():
            (folder / name).write_bytes(data)
        return words


@cache
def _template() -> tuple[dict[str, bytes], dict[str, Any]]:
    with TemporaryDirectory() as name:
        words = made_elsewhere(trial_store, Path(name))
        return {file.name: file.read_bytes() for file in Path(name).iterdir()}, words


def _visit(shoppers: Shoppers, trial: Trial) -> Story:
    campaign_trial.VISIT_LIMIT_S = shoppers.patience_s  # in the worker's process, for each trial anew
    steady = SteadyTrial(trial.shop, Random(SEED), shows_card_early=shoppers.shows_card_early)
    steady.story = trial.story
    return steady.play(shoppers.visits)


def _cut_power(cuts: PowerCuts, sabotage: tuple[Edit, ...]) -> list[str]:
    """In a process of its own: what is broken there stays broken."""
    context = multiprocessing.get_context("fork")
    near, far = context.Pipe(duplex=False)

    def work() -> None:
        _put_in(sabotage)
        far.send(survey(cuts.history, cuts.states, SEED).failures)

    process = context.Process(target=work)
    process.start()
    far.close()
    found: list[str] = near.recv()
    process.join()
    return found


def _put_in(edits: tuple[Edit, ...]) -> None:
    for each in edits:
        each()


# --- words for jobs ------------------------------------------------------------------------------


def kill(*points: str) -> tuple[Fault, ...]:
    """The lane is killed at the first point, then at the second while it recovers, and so on."""
    return tuple(Fault(Kind.FAILPOINT, points=f"{point}=kill") for point in points)
