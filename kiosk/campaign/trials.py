"""Owns trials side by side: workers with one template store that each have a nursery, and shop after shop.

It must not know how a store is made, nor what a trial is for: both are handed in. A finding names the seed
and the trial's number, so that it can be played again alone.
"""

from __future__ import annotations

import gc
import multiprocessing
import os
import queue
import shutil
import time
import traceback
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any, Protocol

from kiosk.campaign import puppet
from kiosk.campaign.checks import Books, Findings, check
from kiosk.campaign.nursery import Nursery, Task
from kiosk.campaign.shop import Shop, ShopError, Template
from kiosk.campaign.trial import Story, Trial
from kiosk.checkout.state import LaneState

Sabotage = Callable[[], None]
"""Breaks something on purpose, inside a process of the trial: how the checks themselves are tried."""


class TrialStore(Protocol):
    """The store's side of a trial (see `inventory.trial_store`)."""

    StoreHistory: Any
    """What `kiosk.campaign.power_loss` plays on the store's files."""

    def warm(self) -> None: ...
    def make_store(self, folder: Path, *, lanes: int = 1, people: int = 1) -> dict[str, Any]: ...
    def run_store(self, settings: dict[str, Any], line: Any, prepare_first: Sabotage) -> None: ...


def _unbroken() -> None:
    return


@dataclass(frozen=True, slots=True)
class Scene:
    """Where trials happen: the store's side, a folder, and what is broken in lane and store beforehand."""

    store: TrialStore
    folder: Path
    lane_sabotage: Sabotage = _unbroken
    store_sabotage: Sabotage = _unbroken


@dataclass(frozen=True, slots=True)
class Job:
    """One trial to run. `work` says what happens in it."""

    number: int
    personality: str
    work: Callable[[Trial], Story]


Jobs = Callable[[int], Job | None]
"""The job of a number, counted from 0; None after the last."""


@dataclass(frozen=True, slots=True)
class TrialResult:
    """One trial as it went and as its books say. `trouble`: it could not be run, which proves nothing."""

    number: int
    personality: str
    story: Story
    findings: Findings | None
    fired: tuple[tuple[str, str, str], ...]
    trouble: str = ""

    @property
    def wrong(self) -> list[str]:
        """What must not be, one sentence each."""
        crashed = [
            f"I9 (a lane dies only when it is killed) it said: {words}" for words in self.story.crashed
        ]
        return [*self.story.stuck, *crashed, *map(str, self.findings.violations if self.findings else ())]


@dataclass(frozen=True, slots=True)
class Workshop:
    """What a worker needs to run trials: made once, before any thread. The template is shared by all."""

    nursery: Nursery
    template: Template
    folder: Path


def work_through(jobs: Jobs, scene: Scene, *, seed: int, workers: int, enough: int) -> Iterator[TrialResult]:
    """The results of all workers, as they come, until `enough` processes were killed or no job is left.

    Who stops listening ends the workers.
    """
    context = multiprocessing.get_context("fork")
    results: Any = context.Queue()
    killed, number = context.Value("q", 0), context.Value("q", 0)

    owner = os.getpid()

    folder = scene.folder / "template"
    template = Template(folder, made_elsewhere(scene.store, folder))
    puppet.warm()
    scene.store.warm()
    gc.collect()
    gc.freeze()  # what is loaded stays shared with every process that is forked below

    def work(place: int) -> None:
        workshop = open_workshop(scene, template, scene.folder / f"worker-{place}")
        while killed.value < enough:
            if os.getppid() != owner:  # whoever asked was killed
                os._exit(1)
            with number.get_lock():
                job = jobs(number.value)
                number.value += 1
            if job is None:
                break
            result = _run_safely(workshop, job, seed)
            with killed.get_lock():
                killed.value += result.story.crashes
            if not result.wrong and not result.trouble:
                shutil.rmtree(workshop.folder / f"trial-{job.number}", ignore_errors=True)
            results.put(result)
        results.put(None)
        results.close()
        results.join_thread()
        os._exit(0)

    processes = [context.Process(target=work, args=(place,)) for place in range(workers)]
    for process in processes:
        process.start()
    try:
        left = workers
        while left:
            try:
                result = results.get(timeout=1)
            except queue.Empty:
                if not any(process.is_alive() for process in processes):
                    raise ShopError("a worker ended without a word") from None
                continue
            if result is not None:
                yield result
            left -= result is None
    finally:
        for process in processes:
            process.kill()  # lanes and stores see their lines end, and end too
            process.join()


def open_workshop(scene: Scene, template: Template, folder: Path) -> Workshop:
    """Must be called while this process has no second thread."""
    store = scene.store
    tasks: Mapping[str, Task] = {
        "lane": lambda settings, line: puppet.run_lane(settings, line, scene.lane_sabotage),
        "store": lambda settings, line: store.run_store(settings, line, scene.store_sabotage),
    }
    return Workshop(Nursery(tasks), template, folder)


def made_elsewhere(store: TrialStore, folder: Path) -> dict[str, Any]:
    """A database opened before a fork is not safe after it, so the template is made elsewhere."""
    context = multiprocessing.get_context("fork")
    near, far = context.Pipe(duplex=False)
    process = context.Process(target=lambda: far.send(store.make_store(folder)))
    process.start()
    far.close()
    words: dict[str, Any] = near.recv()
    process.join()
    return words


def _run_safely(workshop: Workshop, job: Job, seed: int) -> TrialResult:
    try:
        return run_trial(workshop, job, seed)
    except Exception as error:  # noqa: BLE001 - a worker that fell silent would hang the campaign
        traceback.print_exc()
        return TrialResult(job.number, job.personality, Story(), None, (), f"{type(error).__name__}: {error}")


def run_trial(workshop: Workshop, job: Job, seed: int) -> TrialResult:
    """One trial in a folder of its own, checked; the folder stays."""
    folder = workshop.folder / f"trial-{job.number}"
    shop = Shop(folder, workshop.nursery, workshop.template, personality=job.personality, seed=job.number)
    trial = Trial(shop, Random(f"{seed}/{job.number}"))  # noqa: S311 - a plan that can be drawn again
    trouble, started_s = "", time.monotonic()
    try:
        shop.open()
        job.work(trial)
    except ShopError as error:
        trouble = str(error)
    finally:
        shop.close()
        trial.story.elapsed_s = time.monotonic() - started_s
    fired = tuple(shop.fired())
    books = Books(shop.journal_path, folder / "terminal.journal", shop.store_path, fired)
    findings = None if trouble else check(books, fresh_lane(workshop.template))
    return TrialResult(job.number, job.personality, trial.story, findings, fired, trouble)


def fresh_lane(template: Template) -> LaneState:
    """The state of the trial's lane before its first entry."""
    return LaneState(template.words["store_id"], template.words["lane_id"], "EUR", "en", "en")
