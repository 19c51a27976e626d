"""Owns the making of processes that may be killed: a small parent that forks them with everything loaded.

It must not know what they do. A program that forks while its threads run may inherit a lock nobody will
ever open; so the parent here has none, and lives from before the first thread of whoever uses it.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import sys
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

Task = Callable[[dict[str, Any], socket.socket], None]
"""Runs in a process of its own: its settings, and a socket to whoever asked for it."""

MAX_REQUEST_BYTES = 64 * 1024
START_LIMIT_S = 30.0


@dataclass(frozen=True, slots=True)
class Child:
    """A process and the socket to it. Its death is the end of the socket's stream."""

    pid: int
    line: socket.socket

    def signal(self, number: signal.Signals) -> None:
        """Sends a signal; nothing happens when the process has ended."""
        try:
            os.kill(self.pid, number)
        except ProcessLookupError:
            return


class Nursery:
    """Forks a process for each `start`. Make it before any thread; `close` ends it and what it made."""

    def __init__(self, tasks: Mapping[str, Task]) -> None:
        self._line, far = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._line.settimeout(START_LIMIT_S)
        self._pid = os.fork()
        if self._pid == 0:
            self._line.close()
            _in_child(lambda: _serve(far, tasks), Path("/dev/null"))
        far.close()

    def start(self, task: str, log: Path, **settings: Any) -> Child:
        """A new process running `task`; what it writes to its standard streams is appended to `log`."""
        near, far = socket.socketpair()
        request = json.dumps({"task": task, "log": str(log), "settings": settings}).encode()
        assert len(request) <= MAX_REQUEST_BYTES, "settings are small"
        with far:
            socket.send_fds(self._line, [request], [far.fileno()])
        pid = int(self._line.recv(32))
        return Child(pid, near)

    def close(self) -> None:
        self._line.close()
        os.waitpid(self._pid, 0)


def _serve(line: socket.socket, tasks: Mapping[str, Task]) -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for them: the kernel buries them
    while True:
        request, handles, _, _ = socket.recv_fds(line, MAX_REQUEST_BYTES, 1)
        if not request:
            return
        words = json.loads(request)
        far = socket.socket(fileno=handles[0])
        pid = os.fork()
        if pid == 0:
            line.close()
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            _in_child(partial(tasks[words["task"]], words["settings"], far), Path(words["log"]))
        far.close()
        line.send(str(pid).encode())


def _in_child(run: Callable[[], None], log: Path) -> None:
    """Ends the process after `run`, without the clean-up of the program it was forked from."""
    code = 1
    try:
        handle = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        os.dup2(handle, sys.stdout.fileno())
        os.dup2(handle, sys.stderr.fileno())
        run()
        code = 0
    except BaseException:  # noqa: BLE001 - the process ends here, and its log says why
        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(code)
