"""Owns the demonstration lane's own files: its configuration, written afresh, and its process.

It must not know journeys. The lane runs as a process of its own, exactly as in a shop, so that it can be
killed and started again like one.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Protocol

from kiosk.config import TOKEN_VARIABLE

START_LIMIT_S = 40.0
HELP_DESK_PLACE = "Service desk by the exit"
ANSWER_LIMIT_S = 30.0


class LaneProcessError(Exception):
    """The lane process did not start, or ended: one sentence and the last lines of its log."""


class RefusedError(Exception):
    """The lane could not do what the remote hand asked; its reason in words."""


@dataclass(frozen=True, slots=True)
class LaneSettings:
    """What differs from one demonstration to another."""

    store_id: str
    store_name: str
    store_url: str
    lane_id: str
    token: str
    language: str
    landscape: bool
    bag_gtin: str
    fullscreen: bool = False
    camera: bool = True
    terminal_receipts: str = "lane"
    silent: bool = False
    """Speech is made and goes nowhere."""


def write_lane_config(folder: Path, settings: LaneSettings, urls: Mapping[str, str]) -> Path:
    """Writes `lane.toml` into `folder`; the token goes by the environment, not into the file."""
    width, height = (1920, 1080) if settings.landscape else (1080, 1920)
    tables: dict[str, dict[str, Any]] = {
        "lane": {
            "id": settings.lane_id,
            "label": settings.lane_id.rpartition("-")[2],
            "store_id": settings.store_id,
            "store_name": settings.store_name,
            "language": settings.language,
            "bag_gtin": settings.bag_gtin,
            "help_desk_place": HELP_DESK_PLACE,
            "data": str(folder / "lane"),
        },
        "store": {"url": settings.store_url, "shopper_url": settings.store_url},
        "devices": {**urls, "camera": settings.camera},
        "panel": {"width_px": width, "height_px": height, "fullscreen": settings.fullscreen},
    }
    if settings.silent:
        tables["speech"] = {"headset": "none", "speaker": "none"}
    if "terminal" in urls:
        tables["devices"]["terminal_receipts"] = settings.terminal_receipts
    path = folder / "lane.toml"
    # JSON's strings, numbers and booleans are TOML's too; nothing else stands in these tables.
    text = "\n".join(
        f"[{name}]\n" + "".join(f"{key} = {json.dumps(value)}\n" for key, value in table.items())
        for name, table in tables.items()
    )
    path.write_text(text, "utf-8")
    return path


class Running(Protocol):
    """A process of this program, as `subprocess.Popen` shows one."""

    def poll(self) -> int | None: ...
    def send_signal(self, sig: int, /) -> None: ...
    def wait(self, timeout: float | None = None) -> int: ...
    def kill(self) -> None: ...


StartProgram = Callable[[tuple[str, ...], Mapping[str, str], IO[bytes]], Running]
"""Starts the command in the environment; what it says goes to the file."""


def started(command: tuple[str, ...], environment: Mapping[str, str], log: IO[bytes]) -> Running:
    """A process of its own, as in a shop."""
    return subprocess.Popen(  # noqa: S603 - our own program with our own words
        command, env=environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log
    )


class LaneProcess:
    """One run of `lane --config … --remote …`, with a hand on its window."""

    def __init__(
        self,
        program: tuple[str, ...],
        folder: Path,
        token: str,
        *,
        headless: bool,
        start: StartProgram = started,
    ) -> None:
        self._program = program
        self._start = start
        self._folder = folder
        self._environment = {**os.environ, TOKEN_VARIABLE: token}
        if headless:
            self._environment |= {"SDL_VIDEODRIVER": "offscreen", "SDL_AUDIODRIVER": "dummy"}
        self._process: Running | None = None
        self._stream: socket.SocketIO | Any = None
        self.log_path = folder / "lane.log"

    @property
    def running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def start(self) -> None:
        """Starts the lane and waits for its window. Raises LaneProcessError with the lane's own words."""
        socket_path = self._folder / "hand"
        socket_path.unlink(missing_ok=True)
        config = str(self._folder / "lane.toml")
        with self.log_path.open("ab") as log:
            command = (*self._program, "lane", "--config", config, "--remote", str(socket_path))
            self._process = self._start(command, self._environment, log)
        until_s = time.monotonic() + START_LIMIT_S
        while time.monotonic() < until_s:
            if not self.running:
                raise LaneProcessError(f"the lane did not start: {self._last_words()}")
            with contextlib.suppress(OSError):
                self._connect(socket_path)
                return
            time.sleep(0.05)
        self.kill()
        raise LaneProcessError(f"the lane's window did not open within {START_LIMIT_S:.0f} s")

    def ask(self, do: str, **words: object) -> Any:
        """One deed of the remote hand. Raises RefusedError, or LaneProcessError when the lane is gone."""
        try:
            self._stream.write(json.dumps({"do": do, **words}).encode() + b"\n")
            self._stream.flush()
            line = self._stream.readline()
        except (OSError, AttributeError, ValueError) as error:
            raise LaneProcessError(f"the lane does not answer: {self._last_words()}") from error
        if not line:
            raise LaneProcessError(f"the lane ended: {self._last_words()}")
        answer = json.loads(line)
        if not answer["ok"]:
            raise RefusedError(answer["why"])
        return answer["value"]

    def wait(self) -> int:
        """Waits until the window is closed; the exit code."""
        return self._process.wait() if self._process else 0

    def kill(self) -> None:
        """SIGKILL: the lane gets no chance to tidy up."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        self._end(signal.SIGTERM)

    def _end(self, how: signal.Signals) -> None:
        if self._stream is not None:
            with contextlib.suppress(OSError):
                self._stream.close()
            self._stream = None
        if self._process is None:
            return
        if self.running:
            self._process.send_signal(how)
        try:
            self._process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process = None

    def _connect(self, path: Path) -> None:
        connection = socket.socket(socket.AF_UNIX)
        connection.settimeout(ANSWER_LIMIT_S)
        try:
            connection.connect(str(path))
        except OSError:
            connection.close()
            raise
        self._stream = connection.makefile("rwb")
        connection.close()  # the stream keeps the socket open until it is closed itself

    def _last_words(self) -> str:
        with contextlib.suppress(OSError):
            lines = self.log_path.read_text("utf-8", "replace").strip().splitlines()
            return lines[-1] if lines else "it said nothing"
        return "it left no log"
