"""Owns the remote hand: a Unix socket over which a journey touches, reads and photographs the real window.

It must not know what a journey is. It exists only when the lane was started with `--remote SOCKET`, in a
folder only this user can enter; a lane in a shop has none.
"""

from __future__ import annotations

import json
import logging
import socket
import threading
from collections.abc import Callable
from dataclasses import asdict
from enum import Enum
from pathlib import Path
from typing import Any

from kiosk.ui.hand import Hand, HandError

log = logging.getLogger(__name__)

MAX_REQUEST_BYTES = 64 * 1024
OPEN_LIMIT_S = 60.0

Reply = dict[str, Any]
Deed = Callable[[Reply], Any]


class RemoteHand:
    """One JSON request a line, one JSON answer a line: {"ok": true, "value": …} or {"ok": false, "why": …}.

    `deeds` adds what the lane itself can do (move its clock, show a picture to its camera).
    """

    def __init__(
        self, path: Path, hand: Hand, deeds: dict[str, Deed], window_opened: Callable[[float], bool]
    ) -> None:
        self._path = path
        self._window_opened = window_opened
        self._deeds: dict[str, Deed] = {
            "tap": lambda request: hand.tap(str(request["id"])),
            "flail": lambda request: hand.flail(request["slides"], request["keys"]),
            "texts": lambda _request: hand.texts(),
            "rectangles": lambda _request: hand.rectangles(),
            "model": lambda _request: _plain(hand.model()),
            "screenshot": lambda request: hand.screenshot(Path(request["path"])),
            **deeds,
        }
        path.unlink(missing_ok=True)
        self._server = socket.socket(socket.AF_UNIX)

    def open(self) -> None:
        threading.Thread(target=self._serve, name="remote-hand", daemon=True).start()

    def close(self) -> None:
        self._server.close()
        self._path.unlink(missing_ok=True)

    def _serve(self) -> None:
        if not self._window_opened(OPEN_LIMIT_S):
            return
        self._server.bind(str(self._path))  # only now: whoever connects may touch at once
        self._server.listen(1)
        while True:
            try:
                connection, _ = self._server.accept()
            except OSError:  # closed: the lane is going down
                return
            with connection, connection.makefile("rwb") as stream:
                while line := stream.readline(MAX_REQUEST_BYTES):
                    stream.write(json.dumps(self._answer(line)).encode() + b"\n")
                    stream.flush()

    def _answer(self, line: bytes) -> Reply:
        try:
            request = json.loads(line)
            return {"ok": True, "value": self._deeds[request["do"]](request)}
        except (HandError, OSError, KeyError, TypeError, ValueError) as error:
            return {"ok": False, "why": str(error) or type(error).__name__}


def _plain(value: Any) -> Any:
    return None if value is None else json.loads(json.dumps(asdict(value), default=_name))


def _name(value: Any) -> Any:
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, frozenset):
        return sorted(map(_name, value))
    raise TypeError(f"{type(value).__name__} has no JSON form")
