"""Owns lanes that start at once: forks of a process that has the whole program loaded, but no window.

It must not know what a lane does. Each is a process of its own all the same, with its own window, and may be
killed; `test_the_command_plays_the_first_sale` starts one as a shop does.
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
from typing import IO

from kiosk.demo.home import Running

LOADED = (
    "main",
    "kiosk.bootstrap",
    "kiosk.ui.app",
    "kiosk.ui.hand",
    "kiosk.ui.remote",
    "tests.support.warm_program",
)
"""Kivy is loaded with them; its window opens when `kivy.core.window` is."""


class _Forked:
    """A forked process, as `subprocess.Popen` shows one."""

    def __init__(self, command: tuple[str, ...], environment: Mapping[str, str], log: IO[bytes]) -> None:
        words = command[command.index("lane") :]
        self._process = _server().Process(
            target=_run, args=(words, dict(environment), log.name, str(Path.cwd())), daemon=True
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
    return _Forked(command, environment, log)


@cache
def _server() -> ForkServerContext:
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(list(LOADED))
    return context


def _run(words: tuple[str, ...], environment: dict[str, str], log: str, folder: str) -> None:
    handle = os.open(log, os.O_WRONLY | os.O_APPEND)
    os.dup2(handle, sys.stdout.fileno())
    os.dup2(handle, sys.stderr.fileno())
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    sys.argv = ["main.py", *words]

    from main import cli  # noqa: PLC0415 - in the forked process, which has it loaded

    cli()
