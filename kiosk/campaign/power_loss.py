"""Owns the power-loss campaign: cut the power after every operation on the disk, start again, and judge.

It must not know what a lane or a store keeps in its files: a scenario plays a history and judges what is
left of it. States follow from a seed, so that a failure can be seen again (TRUST goal R3).
"""

from __future__ import annotations

import logging
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from random import Random
from typing import Literal, Protocol

from kiosk.campaign.disk import Disk, Mode
from kiosk.campaign.lane_history import LaneHistory
from kiosk.campaign.recording import recording
from kiosk.campaign.write_log import Promised, WriteLog

Kind = Literal["lost sale", "lost entry", "corrupt", "half"]
"""What may be wrong: a promised sale or entry is gone; files cannot be used; a part of a whole is missing."""

MEMORY = Path("/dev/shm")  # noqa: S108 - a file system in memory where there is one, only for speed
FAILURES_KEPT = 20


class Scenario(Protocol):
    """One history on real files, and what must be left of it. Other rooms may make one by its shape."""

    @property
    def name(self) -> str: ...

    def play(self, promise: Callable[[str], None]) -> None:
        """Plays the history in its folder; tells `promise` a word for everything now promised to be kept."""

    def judge(self, folder: Path, promised: Sequence[str]) -> Iterable[tuple[Kind, str]]:
        """Starts on the files in `folder` as the program would: what is wrong, in words. May change them."""


MakeScenario = Callable[[Path], Scenario]


@dataclass(frozen=True, slots=True)
class PowerLossReport:
    """What a campaign found. A state may count as lost, corrupt and half at once.

    `operations` is the number of places the power was cut at; `acknowledged_sales_lost` and `_entries_lost`
    count losses, `corrupt` and `half` count states. `failures` names the first 20, each with its seed,
    operation and mode.
    """

    seed: int
    states: int
    lane_states: int
    store_states: int
    operations: int
    acknowledged_sales_lost: int
    acknowledged_entries_lost: int
    corrupt: int
    half: int
    failures: tuple[str, ...]

    @property
    def is_clean(self) -> bool:
        return not self.failures

    def as_dict(self) -> dict[str, object]:
        """The fields, for a file of JSON."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Cut:
    """The power fails after the first `operation` operations; `roll` is the throw for what is torn."""

    operation: int
    mode: Mode
    roll: int = 0


@dataclass(slots=True)
class Tally:
    """Findings over many states."""

    states: int = 0
    operations: int = 0
    losses: Counter[Kind] = field(default_factory=Counter)
    failures: list[str] = field(default_factory=list)

    def add(self, place: str, findings: Iterable[tuple[Kind, str]]) -> None:
        self.states += 1
        found = tuple(findings)
        self.losses.update(kind for kind, _ in found if kind.startswith("lost"))
        self.losses.update({kind for kind, _ in found if not kind.startswith("lost")})
        self.failures += [f"{place}: {kind}: {words}" for kind, words in found]
        del self.failures[FAILURES_KEPT:]


def run_power_loss(states: int, seed: int, store_scenario: MakeScenario | None = None) -> PowerLossReport:
    """Tries `states` power cuts, half of them on the store's files when a store scenario is given.

    Raises RecordingUnavailableError where Python's SQLite cannot be watched.
    """
    store_states = states // 2 if store_scenario is not None else 0
    lane = survey(LaneHistory, states - store_states, seed)
    store = survey(store_scenario, store_states, seed) if store_scenario is not None else Tally()
    losses = lane.losses + store.losses
    return PowerLossReport(
        seed=seed,
        states=lane.states + store.states,
        lane_states=lane.states,
        store_states=store.states,
        operations=lane.operations + store.operations,
        acknowledged_sales_lost=losses["lost sale"],
        acknowledged_entries_lost=losses["lost entry"],
        corrupt=losses["corrupt"],
        half=losses["half"],
        failures=tuple((lane.failures + store.failures)[:FAILURES_KEPT]),
    )


def survey(make: MakeScenario, states: int, seed: int) -> Tally:
    """Plays one history and judges `states` power cuts of it."""
    with _workplace() as place:
        played, after = place / "played", place / "after"
        played.mkdir()
        after.mkdir()
        scenario = make(played)
        with recording(played) as log:
            scenario.play(log.promise)
        with _without_warnings():
            return _judge_all(scenario, log, after, states, seed)


def _judge_all(scenario: Scenario, log: WriteLog, after: Path, states: int, seed: int) -> Tally:
    disk, promised, done = Disk(log.before), list[str](), 0
    places = boundaries(log)
    tally = Tally(operations=len(places))
    for cut in plan(places, states, seed):
        for operation in log.operations[done : cut.operation]:
            disk.take(operation)
            if isinstance(operation, Promised):
                promised.append(operation.word)
        done = cut.operation
        chance = Random(f"{seed}/{cut.operation}/{cut.roll}")  # noqa: S311 - to be thrown again, not secret
        lay_out(after, disk.after_a_power_cut(cut.mode, chance))
        place = f"{scenario.name}: seed {seed}, operation {cut.operation}, {cut.mode.value} ({cut.roll})"
        tally.add(place, scenario.judge(after, tuple(promised)))
    return tally


def boundaries(log: WriteLog) -> tuple[int, ...]:
    """Where the power may fail: after every operation, and all that was promised before the next one."""
    ends = [number for number, each in enumerate(log.operations) if not isinstance(each, Promised)]
    return (*ends, len(log.operations))


def plan(places: Sequence[int], states: int, seed: int) -> list[Cut]:
    """`states` cuts in the order of their operations: everywhere none and all kept, and torn to fill up.

    Fewer states than that are a fair draw.
    """
    rolls = max(1, -(-states // len(places)) - 2)
    cuts = [Cut(place, mode) for place in places for mode in (Mode.NONE, Mode.ALL)]
    torn = [Cut(place, Mode.TORN, roll) for roll in range(1, rolls + 1) for place in places]
    if states > len(cuts):
        cuts += torn[: states - len(cuts)]
    else:
        cuts = Random(seed).sample(cuts + torn, states)  # noqa: S311 - to be drawn again, not secret
    return sorted(cuts, key=lambda cut: cut.operation)


def lay_out(folder: Path, files: dict[str, bytes]) -> None:
    """Puts exactly these files into a folder."""
    for old in folder.iterdir():
        old.unlink()
    for name, content in files.items():
        (folder / name).write_bytes(content)


@contextmanager
def _without_warnings() -> Iterator[None]:
    """A start after a power cut may warn of a torn anchor; thousands of them would bury the report."""
    before = logging.root.manager.disable
    logging.disable(logging.WARNING)
    try:
        yield
    finally:
        logging.disable(before)


@contextmanager
def _workplace() -> Iterator[Path]:
    where = MEMORY if MEMORY.is_dir() else None
    with tempfile.TemporaryDirectory(prefix="lanelight-power-", dir=where) as folder:
        yield Path(folder)
