"""Owns commands that start at once: forks of a process that has the whole program loaded, but no window.

It must not know what they do. Each is a process of its own all the same, with its own environment, streams
and window, and may be killed; other tests start the program as a shop does.
"""

from __future__ import annotations

import multiprocessing
import os
import subprocess
import sys
from collections.abc import Mapping
from functools import cache
from multiprocessing.context import ForkServerContext
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO

from kiosk.demo.home import Running

LOADED = (
    *("main", "inventory.demo", "inventory.db.migrations"),
    *("kiosk.bootstrap", "kiosk.ui.app", "kiosk.ui.hand", "kiosk.ui.remote", "tests.support.warm_program"),
)
"""Kivy is loaded with them; its window opens when `kivy.core.window` is."""


class _Forked:
    """A forked process, as `subprocess.Popen` shows one."""

    def __init__(
        self, words: tuple[str, ...], environment: Mapping[str, str], folder: Path, said: str, complained: str
    ) -> None:
        self._process = _server().Process(
            target=_run, args=(words, dict(environment), str(folder), said, complained)
        )
        self._process.start()

    def poll(self) -> int | None:
        return self._process.exitcode

    def send_signal(self, sig: int, /) -> None:
        if self._process.pid is not None:
            os.kill(self._process.pid, sig)

    def wait(self, timeout: float | None = None) -> int:
        self._process.join(timeout)
        if self._process.exitcode is None:
            raise subprocess.TimeoutExpired("lane", timeout or 0)
        return self._process.exitcode

    def kill(self) -> None:
        self._process.kill()


def forked(command: tuple[str, ...], environment: Mapping[str, str], log: IO[bytes]) -> Running:
    """Starts the lane that `command` names (see `kiosk.demo.home.started`)."""
    return _Forked(command[command.index("lane") :], environment, Path.cwd(), log.name, log.name)


def ran(
    *words: str, environment: Mapping[str, str], folder: Path, timeout_s: float = 60
) -> subprocess.CompletedProcess[str]:
    """Runs the command to its end, started in `folder`, with nothing on its standard input."""
    with TemporaryDirectory() as name:
        said, complained = Path(name) / "said", Path(name) / "complained"
        said.touch()
        complained.touch()
        process = _Forked(words, environment, folder, str(said), str(complained))
        try:
            code = process.wait(timeout_s)
        finally:
            process.kill()
        return subprocess.CompletedProcess(
            words, code, said.read_text("utf-8"), complained.read_text("utf-8")
        )


@cache
def _server() -> ForkServerContext:
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(list(LOADED))
    return context


def _run(
    words: tuple[str, ...], environment: dict[str, str], folder: str, said: str, complained: str
) -> None:
    for name, stream in ((said, sys.stdout), (complained, sys.stderr)):
        handle = os.open(name, os.O_WRONLY | os.O_APPEND)
        os.dup2(handle, stream.fileno())
        os.close(handle)
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    sys.argv = ["main.py", *words]

    from main import cli  # noqa: PLC0415 - in the forked process, which has it loaded

    cli()
