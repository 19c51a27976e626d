"""Owns the benchmarks of the window: scan to frame, scan to finished screen, process start to first frame.

It must not open a window itself: each run has a lane process of its own (`tests.benchmarks.lane_process`),
on the display that is there or on an Xvfb of its own. Off-screen drivers draw in another way: never timed.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from hardware.bench import SimulatedBench
from hardware.simulators.zvt_cards import CardScript
from kiosk.config import TOKEN_VARIABLE
from kiosk.demo.home import LaneSettings, write_lane_config
from kiosk.shelf import save_copy
from tests.benchmarks.figures import Effort, Figure, Skipped, middle, spread
from tests.benchmarks.samples import LANE_ID, STORE_ID, demo_shop

SCREEN = "1080x1920x24"
CLOSED_PORT_URL = "http://127.0.0.1:9"
RUN_LIMIT_S = 400.0
CARD_EVERY_S = 0.02


def measure_scans(folder: Path, effort: Effort) -> Iterator[Figure]:
    """Scans through pty, driver, lane, journal and presenter to the flipped frame; the store is down."""
    config = _lane_home(folder)
    answer = _run("scans", config, str(effort.of(500, 60)))
    floor = middle(answer["redraws_s"], "ms")
    yield replace(spread("full_redraw", answer["redraws_s"], "ms"), note=answer["driver"])
    yield spread("scan_to_state", answer["to_state_s"], "ms")
    yield spread("scan_to_screen", answer["to_screen_s"], "ms", floor=floor, floor_name="full redraw")


def measure_help(folder: Path, effort: Effort) -> Iterator[Figure]:
    """From a tap on Help to the frame with the banner, and to the light over the lane; the store is down."""
    config = _lane_home(folder, {"light": f"serial://{folder / 'light'}"})
    answer = _process("tests.benchmarks.call_process", str(config), str(effort.of(150, 20)))
    yield spread("help_to_banner", answer["to_banner_s"], "ms")
    yield spread("help_to_light", answer["to_light_s"], "ms")


def measure_first_frame(folder: Path, effort: Effort) -> Iterator[Figure]:
    """From the start of the process until the welcome screen has been flipped."""
    config = _lane_home(folder)
    samples_s = []
    for _ in range(effort.of(3, 1)):
        start_s = time.monotonic()
        samples_s.append(_run("first-frame", config)["at_s"] - start_s)
    yield spread("first_frame", samples_s, "s")


def measure_window(_folder: Path, effort: Effort) -> Iterator[Figure]:
    """The window's own share: a finger comes down, a row joins, a list moves, nobody touches."""
    answer = _process("tests.benchmarks.glass_process", str(effort.of(150, 20)))
    yield spread("touch_to_screen", answer["touches_s"], "ms")
    short = middle(answer["short_s"], "ms")
    yield spread("rows_60", answer["short_s"], "ms")
    yield spread("rows_300", answer["long_s"], "ms", floor=short, floor_name="60 rows")
    yield spread("scroll_frame", answer["scrolls_s"], "ms")
    yield Figure("idle_frames", "frames/s", 1, {"rate": answer["idle_frames"] / answer["idle_s"]})


def measure_memory(folder: Path, effort: Effort) -> Iterator[Figure]:
    """Sale after sale on one lane with a simulated terminal and printer: what the process holds by then."""
    bench = SimulatedBench(folder / "bench")
    bench.start()
    ended = threading.Event()
    cards = threading.Thread(target=_hold_cards, args=(bench, ended), name="cards")
    cards.start()
    try:
        config = _lane_home(folder, {name: bench.urls[name] for name in ("terminal", "printer")})
        answer = _run("sales", config, str(effort.of(1000, 100)))
    finally:
        ended.set()
        cards.join()
        bench.stop()
    early, late = answer["early_kib"] / 1024, answer["late_kib"] / 1024
    floor = f"after {answer['early_sales']} sales"
    yield Figure("memory", "MiB", answer["sales"], {"p50": late}, floor=early, floor_name=floor)


def _hold_cards(bench: SimulatedBench, ended: threading.Event) -> None:
    """Whoever pays, there is a card in the reader, and it will be approved."""
    while not ended.wait(CARD_EVERY_S):
        bench.terminal.present(CardScript())


def _lane_home(folder: Path, urls: Mapping[str, str] | None = None) -> Path:
    """A lane's settings and its copy of the catalogue; by itself its only device is the scanner on a pty."""
    shop = demo_shop(folder)
    settings = LaneSettings(
        store_id=STORE_ID,
        store_name=shop.message.store_name,
        store_url=CLOSED_PORT_URL,
        lane_id=LANE_ID,
        token=shop.token,
        language="en",
        landscape=False,
        bag_gtin="",
    )
    config = write_lane_config(folder, settings, urls or {"scanner": f"serial://{folder / 'scanner'}"})
    (folder / "lane").mkdir()
    save_copy(folder / "lane" / "catalogue.json", shop.message)
    return config


def _run(what: str, config: Path, *words: str) -> dict[str, Any]:
    """The answer of one lane process. Raises Skipped without a display, RuntimeError with its last words."""
    return _process("tests.benchmarks.lane_process", what, str(config), *words)


def _process(module: str, *words: str) -> dict[str, Any]:
    command = [sys.executable, "-m", module, *words]
    with _display() as display:
        extra = {TOKEN_VARIABLE: "a-token-nobody-asks-for", "SDL_AUDIODRIVER": "dummy"}
        environment = {**os.environ, **display, **extra}
        done = subprocess.run(
            command, check=False, env=environment, capture_output=True, text=True, timeout=RUN_LIMIT_S
        )
    if done.returncode != 0:
        raise RuntimeError(f"the lane process ended: {done.stderr.strip()[-2000:]}")
    answer: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return answer


@contextlib.contextmanager
def _display() -> Iterator[Mapping[str, str]]:
    """The display that is there, or an Xvfb that lives as long as this."""
    if os.environ.get("DISPLAY"):
        yield {"SDL_VIDEODRIVER": "x11"}
        return
    if shutil.which("Xvfb") is None:
        raise Skipped("there is neither a display nor Xvfb")
    read_end, write_end = os.pipe()
    command = ["Xvfb", "-displayfd", str(write_end), "-screen", "0", SCREEN, "-nolisten", "tcp"]
    server = subprocess.Popen(command, pass_fds=(write_end,), stderr=subprocess.DEVNULL)
    os.close(write_end)
    try:
        with os.fdopen(read_end) as told:
            number = told.readline().strip()  # Xvfb names a free display once it is ready
        if not number:
            raise Skipped("Xvfb does not start")
        yield {"DISPLAY": f":{number}", "SDL_VIDEODRIVER": "x11"}
    finally:
        server.terminate()
        server.wait(timeout=10)
