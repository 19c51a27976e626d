"""Owns a whole demonstration: stage up, play or wait, leave a record, stage down.

It must not know how a store is made: `open_store` is handed in by the program's entry.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from hardware.bench import SimulatedBench
from hardware.simulators.zvt_journal import APPROVED, TransactionRecord
from hardware.simulators.zvt_personality import Personality
from kiosk.demo import player as playing
from kiosk.demo.film import Pose
from kiosk.demo.home import (
    LaneProcess,
    LaneProcessError,
    LaneSettings,
    StartProgram,
    started,
    write_lane_config,
)
from kiosk.demo.journey import Step
from kiosk.demo.simulate import BenchDoor
from kiosk.demo.tablet import Tablet
from kiosk.journal import JournalError, export_journal, verify

WATCH_PACE_S = 0.8
"""How slow the simulated terminal is when somebody watches."""


class Person(Protocol):
    name: str
    pin: str
    role: str


class DemoStore(playing.Store, Protocol):
    """A seeded store (see `inventory.demo.DemoStore`)."""

    lane_token: str
    people: tuple[Any, ...]

    def close(self) -> None: ...


OpenStore = Callable[[Path, int], DemoStore]


@dataclass(frozen=True, slots=True)
class DemoOptions:
    """What the command line chose. `program` starts this program again, for the lane's own process."""

    program: tuple[str, ...]
    store_id: str
    store_name: str
    lane_id: str
    bag_gtin: str
    language: str = "en"
    landscape: bool = False
    headless: bool = False
    personality: Personality = Personality.KEEPS
    """The terminal's."""
    film: tuple[Pose, ...] = ()
    """In which languages and looks each screenshot of a journey is taken once more."""
    start: StartProgram = started
    """Starts the lane's own process."""
    port: int = 0
    """Of the store, while somebody watches; journeys take any free one."""


@dataclass(slots=True)
class Stage:
    """Store, bench and lane of one demonstration, all in one folder of their own."""

    folder: Path
    store: DemoStore
    bench: SimulatedBench
    lane: LaneProcess

    @property
    def journal_path(self) -> Path:
        return self.folder / "lane" / "journal.sqlite"

    def close(self) -> None:
        self.lane.stop()
        self.bench.stop()
        self.store.close()


def set_stage(folder: Path, options: DemoOptions, open_store: OpenStore, *, watched: bool) -> Stage:
    """Everything up and running. Raises what its parts raise, with nothing left running."""
    store = open_store(folder / "store", options.port if watched else 0)
    pace_s = WATCH_PACE_S if watched else 0.0
    bench = SimulatedBench(folder / "bench", pace_s=pace_s, personality=options.personality)
    lane = LaneProcess(
        options.program, folder, store.lane_token, headless=options.headless, start=options.start
    )
    stage = Stage(folder, store, bench, lane)
    try:
        _commission(bench)
        bench.start()
        write_lane_config(folder, _settings(options, store), bench.urls)
        lane.start()
    except BaseException:
        stage.close()
        raise
    return stage


def _commission(bench: SimulatedBench) -> None:
    """An installed terminal has one test payment behind it: a last receipt that a lane can start from."""
    if not bench.terminal.journal.records():
        bench.terminal.journal.add(TransactionRecord(APPROVED, 1, 1, 1, "0978", day="0101", clock="080000"))


def _settings(options: DemoOptions, store: DemoStore) -> LaneSettings:
    return LaneSettings(
        store_id=options.store_id,
        store_name=options.store_name,
        store_url=store.url,
        lane_id=options.lane_id,
        token=store.lane_token,
        language=options.language,
        landscape=options.landscape,
        bag_gtin=options.bag_gtin,
        silent=options.headless,
        terminal_receipts="terminal",  # a terminal on the bench may print through the lane; most do not
    )


def play_journey(
    steps: tuple[Step, ...],
    source: Path,
    out: Path,
    options: DemoOptions,
    open_store: OpenStore,
    say: Callable[[str], None],
) -> bool:
    """Plays a journey and leaves `result.json`, pictures and receipts in `out`; True when all came true."""
    out.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="lanelight-"))
    record = _Record(out, source)
    record.write()  # a place one cannot write to shows before anything starts
    try:
        stage = set_stage(folder, options, open_store, watched=False)
        try:
            _play(steps, stage, source, options, record, say)
        finally:
            record.read_stage(stage)
            stage.close()
        record.read_journal(stage.journal_path)
    except LaneProcessError as error:
        record.fail(str(error))
        say(f"✕ {error}")
    finally:
        record.write()
        shutil.rmtree(folder, ignore_errors=True)
    return record.passed


def unreadable_journey(source: Path, out: Path, why: str) -> None:
    """The record of a journey that could not even be read. Raises OSError."""
    out.mkdir(parents=True, exist_ok=True)
    record = _Record(out, source)
    record.fail(why)
    record.write()


def _play(
    steps: tuple[Step, ...],
    stage: Stage,
    source: Path,
    options: DemoOptions,
    record: _Record,
    say: Callable[[str], None],
) -> None:
    attendant = next(person for person in stage.store.people if person.role == "attendant")
    player = playing.Player(
        bench=stage.bench,
        store=stage.store,
        lane=stage.lane,
        attendant=lambda: Tablet(stage.store.url, attendant.name, attendant.pin),
        lane_id=options.lane_id,
        out=record.out,
        here=source.parent,
        screenshots=record.screenshots,
        film=options.film,
    )
    try:
        for step in steps:
            try:
                seen = player.play(step)
            except playing.UnmetError as error:
                say(f"✕ {source}:{step.line}: {step.text}\n  {error}")
                record.step(step, ok=False, seen=str(error))
                return
            say(f"✓ {step.text}")
            record.step(step, ok=True, seen=seen)
        record.passed = True
    finally:
        player.close()


class _Record:
    """What a journey leaves behind, written also when it fails."""

    def __init__(self, out: Path, source: Path) -> None:
        self.out = out
        self.passed = False
        self.screenshots: list[str] = []
        self._facts: dict[str, Any] = {
            "journey": source.name,
            "steps": [],
            "sales": [],
            "journal_ok": False,
            "stock": {},
        }

    def step(self, step: Step, *, ok: bool, seen: str) -> None:
        self._facts["steps"].append({"line": step.line, "text": step.text, "ok": ok, "seen": seen})

    def fail(self, why: str) -> None:
        self.passed = False
        self._facts["failure"] = why

    def read_stage(self, stage: Stage) -> None:
        """Sales and stock as the store has them, paper as the printer has it."""
        self._facts["sales"] = stage.store.sales()
        self._facts["stock"] = stage.store.on_hand()
        for source, name in (
            (stage.lane.log_path, "lane.log"),
            (stage.folder / "bench" / "terminal.journal", "terminal.jsonl"),
        ):
            if source.exists():
                shutil.copy(source, self.out / name)
        text = stage.bench.printer.text()
        if text:
            (self.out / "receipt.txt").write_text(text + "\n", "utf-8")
        for number, slip in enumerate(stage.bench.printer.slips, start=1):
            name = "receipt.png" if number == 1 else f"receipt-{number}.png"
            stage.bench.printer.picture(slip).save(self.out / name)

    def read_journal(self, path: Path) -> None:
        try:
            self._facts["journal_entries"] = verify(path).seq
            export_journal(path, self.out / "journal.jsonl")
            self._facts["journal_ok"] = True
        except JournalError as error:
            self.fail(f"the journal does not verify: {error}")

    def write(self) -> None:
        """Raises OSError where the folder cannot be written to."""
        facts = {"passed": self.passed, **self._facts, "screenshots": self.screenshots}
        (self.out / "result.json").write_text(json.dumps(facts, indent=2, ensure_ascii=False) + "\n", "utf-8")


def watch(options: DemoOptions, open_store: OpenStore, say: Callable[[str], None]) -> None:
    """Opens the window for somebody to try, with four simulated devices, until the window is closed."""
    folder = Path(tempfile.mkdtemp(prefix="lanelight-"))
    try:
        stage = set_stage(folder, options, open_store, watched=True)
        try:
            door = BenchDoor(stage.bench, folder / "bench")
            _introduce(stage, _typed(options.program), say)
            stage.lane.wait()
            door.close()
        finally:
            stage.close()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _introduce(stage: Stage, program: str, say: Callable[[str], None]) -> None:
    say("The window is open. Devices are simulated, goods and staff invented; nothing leaves this machine.")
    for person in stage.store.people:
        page = "/manager" if person.role == "manager" else "/staff"
        say(f"  {stage.store.url}{page}  sign in as {person.name}, PIN {person.pin}")
    say("Scan and pay from another terminal:")
    for words in (
        "simulate scanner 9520000030018",
        "simulate terminal approve",
        "simulate scale 485",
        "simulate printer out",
    ):
        say(f"  {program} {words} --bench {stage.folder / 'bench'}")


def _typed(program: tuple[str, ...]) -> str:
    """This program as a person would type it: paths as seen from here, where that is shorter."""
    here = Path.cwd()
    return " ".join(
        str(Path(word).relative_to(here)) if Path(word).is_relative_to(here) else word for word in program
    )
