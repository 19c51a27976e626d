"""Owns the help campaign: rounds side by side until enough calls were made, each checked, and their sum.

It must not know how a store is made, nor what a finding means.
"""

from __future__ import annotations

import asyncio
import gc
import multiprocessing
import os
import queue
import shutil
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

from kiosk.campaign import puppet
from kiosk.campaign.help_checks import check
from kiosk.campaign.help_people import Helper, Shopper
from kiosk.campaign.help_report import HelpTally
from kiosk.campaign.help_shop import HelpShop
from kiosk.campaign.help_troubles import Troubles
from kiosk.campaign.nursery import Nursery
from kiosk.campaign.shop import ShopError, Template
from kiosk.campaign.trials import Sabotage, TrialStore

LANES = 10
PEOPLE = 4
CALLS_A_ROUND = 150
ROUND_LIMIT_S = 120.0
SETTLE_LIMIT_S = 30.0

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class HelpOptions:
    """What to run. `keep` gets the folders of rounds with a finding; `only_round` plays one again."""

    requests: int
    seed: int
    workers: int = 2
    keep: Path | None = None
    only_round: int | None = None


@dataclass(frozen=True, slots=True)
class HelpSabotage:
    """What is broken on purpose in lanes and store, to try the checks."""

    lane: Sabotage
    store: Sabotage


@dataclass(slots=True)
class HelpRound:
    """One round as it went. `trouble`: it could not be run, which proves nothing."""

    number: int
    requests: int = 0
    findings: tuple[str, ...] = ()
    faults: Counter[str] = field(default_factory=Counter)
    counts: Counter[str] = field(default_factory=Counter)
    deliver_s: tuple[float, ...] = ()
    ack_s: tuple[float, ...] = ()
    took_s: float = 0.0
    trouble: str = ""


def run_help(
    options: HelpOptions, store: TrialStore, say: Say, broken: HelpSabotage | None = None
) -> HelpTally:
    """Plays rounds until `options.requests` calls were made. Raises ShopError when one cannot be played."""
    tally, started_s = HelpTally(options.seed), time.monotonic()
    folder = Path(tempfile.mkdtemp(prefix="lanelight-help-"))
    try:
        for played in _rounds(options, store, folder, broken):
            if played.trouble:
                raise ShopError(f"round {played.number}: {played.trouble}")
            tally.add(played)
            say(_line(played, tally))
            if played.findings and options.keep is not None:
                for found in folder.glob(f"worker-*/round-{played.number}"):
                    shutil.copytree(found, options.keep / found.name, dirs_exist_ok=True)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    tally.elapsed_s = time.monotonic() - started_s
    return tally


def _line(played: HelpRound, tally: HelpTally) -> str:
    words = f"round {played.number}: {played.requests} calls, {played.took_s:.0f} s; in all {tally.requests}"
    return words + "".join(f"\n  ✕ {each}" for each in played.findings)


# --- workers -------------------------------------------------------------------------------------


def _rounds(
    options: HelpOptions, store: TrialStore, folder: Path, broken: HelpSabotage | None
) -> Iterator[HelpRound]:
    context = multiprocessing.get_context("fork")
    results: Any = context.Queue()
    made, number = context.Value("q", 0), context.Value("q", 0)
    template = Template(folder / "template", _template(store, folder / "template"))
    puppet.warm()
    store.warm()
    gc.collect()
    gc.freeze()  # what is loaded stays shared with every process that is forked below
    owner = os.getpid()

    def work(place: int) -> None:
        nursery = _nursery(store, broken)
        while os.getppid() == owner:
            with number.get_lock():
                mine, number.value = number.value, number.value + 1
                left = options.requests - made.value
                made.value += CALLS_A_ROUND
            is_only = options.only_round is not None
            if left <= 0 or (is_only and mine > 0):
                break
            which = options.only_round if options.only_round is not None else mine
            where = folder / f"worker-{place}" / f"round-{which}"
            played = _played(which, where, nursery, template, options.seed, min(left, CALLS_A_ROUND))
            if not played.findings and not played.trouble:
                shutil.rmtree(where, ignore_errors=True)
            results.put(played)
        results.put(None)
        results.close()
        results.join_thread()
        os._exit(0)

    processes = [context.Process(target=work, args=(place,)) for place in range(options.workers)]
    for process in processes:
        process.start()
    try:
        yield from _listen(results, processes)
    finally:
        for process in processes:
            process.kill()  # lanes and stores see their lines end, and end too
            process.join()


def _listen(results: Any, processes: list[Any]) -> Iterator[HelpRound]:
    left = len(processes)
    while left:
        try:
            played = results.get(timeout=1)
        except queue.Empty:
            if not any(process.is_alive() for process in processes):
                raise ShopError("a worker ended without a word") from None
            continue
        if played is None:
            left -= 1
        else:
            yield played


def _template(store: TrialStore, folder: Path) -> dict[str, Any]:
    """A database opened before a fork is not safe after it, so the template is made elsewhere."""
    context = multiprocessing.get_context("fork")
    near, far = context.Pipe(duplex=False)
    process = context.Process(target=lambda: far.send(store.make_store(folder, lanes=LANES, people=PEOPLE)))
    process.start()
    far.close()
    words: dict[str, Any] = near.recv()
    process.join()
    return words


def _nothing() -> None:
    return


def _nursery(store: TrialStore, broken: HelpSabotage | None) -> Nursery:
    lane, shop = (broken.lane, broken.store) if broken is not None else (_nothing, _nothing)
    return Nursery(
        {
            "lane": lambda settings, line: puppet.run_lane(settings, line, lane),
            "store": lambda settings, line: store.run_store(settings, line, shop),
        }
    )


# --- one round -----------------------------------------------------------------------------------


def _played(
    number: int, where: Path, nursery: Nursery, template: Template, seed: int, calls: int
) -> HelpRound:
    shop, played, started_s = HelpShop(where, nursery, template), HelpRound(number), time.monotonic()
    try:
        asyncio.run(_play(shop, played, f"{seed}/{number}", calls))
    except Exception as error:  # noqa: BLE001 - a worker that fell silent would hang the campaign
        traceback.print_exc()
        played.trouble = f"{type(error).__name__}: {error}"
    played.took_s = time.monotonic() - started_s
    return played


async def _play(shop: HelpShop, played: HelpRound, seed: str, calls: int) -> None:
    def chance(who: str) -> Random:
        return Random(f"{seed}/{who}")  # noqa: S311 - a plan that can be drawn again

    until_s = time.monotonic() + ROUND_LIMIT_S
    try:
        await shop.open()
        troubles = Troubles(shop, chance("troubles"))
        is_shut = asyncio.Event()
        staff = [
            asyncio.create_task(Helper(tablet, chance(tablet.name)).serve(is_shut.is_set))
            for tablet in shop.tablets
        ]
        watching = asyncio.create_task(shop.watch_store())
        breaking = asyncio.create_task(troubles.strike(is_shut.is_set))

        def wants_more() -> bool:
            return shop.calls < calls and time.monotonic() < until_s

        await asyncio.gather(
            *(
                Shopper(lane, chance(lane.lane_id), shop.words["gtins"]).shop(wants_more)
                for lane in shop.lanes
            )
        )
        breaking.cancel()
        with suppress(asyncio.CancelledError):
            await breaking
        await troubles.mend()
        is_shut.set()
        await asyncio.gather(*staff)
        await shop.restart_store()  # one that is armed would die while all settles
        is_quiet = await shop.settle(SETTLE_LIMIT_S)
        watching.cancel()
        evidence = await shop.evidence()
    finally:
        await shop.close()
    findings = check(evidence)
    played.findings = tuple(map(str, findings))
    played.requests = sum(len(book.made) for book in evidence.lanes)
    played.faults = Counter(finding.fault.value for finding in findings)
    played.counts = _counts(shop, troubles, is_quiet=is_quiet)
    played.deliver_s = tuple(wait_s for lane in shop.lanes for wait_s in lane.delivered_s.values())
    played.ack_s = tuple(wait_s for lane in shop.lanes for wait_s in lane.answered_s.values())


def _counts(shop: HelpShop, troubles: Troubles, *, is_quiet: bool) -> Counter[str]:
    return Counter(
        {
            "lane_kills": sum(lane.deaths for lane in shop.lanes) - len(shop.lanes),
            "store_kills": shop.store_kills,
            "sign_ins": sum(tablet.sign_ins for tablet in shop.tablets),
            "presses": sum(tablet.pressed for tablet in shop.tablets),
            "accepted": sum(len(lane.answered_s) for lane in shop.lanes),
            "never_quiet": int(not is_quiet),
            **troubles.struck,
        }
    )
