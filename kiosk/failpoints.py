"""Owns named places where a test may stop or fail the lane. Inert unless the environment arms one.

It must not know what a failpoint is for. `LANELIGHT_FAILPOINTS="before-commit/CardAuthorised@2=kill"` arms
the second passing of that place with that event; `/EVENT` and `@PASSING` may be left out. Actions are `kill`
(SIGKILL to this process) and `io-error` (OSError; once with a passing, else until it is disarmed). An armed
lane says so in its log.
"""

from __future__ import annotations

import os
import re
import signal
from dataclasses import dataclass
from pathlib import Path

NAMES = (
    "before-commit",
    "in-transaction",
    "after-commit",
    "before-effect",
    "after-effect",
    "before-write",
    "half-written",
    "after-write",
    "after-read",
    "before-send-sale",
    "after-send-sale",
    "before-mark-sent",
    "before-send-matter",
    "after-send-matter",
)

_CANNOT_FAIL = frozenset({"after-commit"})
"""What is committed cannot fail any more; only the lane can die there."""

NOTES_VARIABLE = "LANELIGHT_FAILPOINT_NOTES"
"""A file that gets one line for each failpoint that fired: name, the money's state, event, deed."""

_DESCRIPTION = re.compile(
    r"(?P<name>[a-z-]+)(/(?P<event>\w+))?(@(?P<passing>[1-9]\d{0,5}))?=(?P<action>[a-z-]+)"
)


class FailpointError(OSError):
    """The injected failure of `io-error`."""


@dataclass(slots=True)
class _Armed:
    event: str
    left: int
    action: str
    stays: bool


_armed: dict[str, _Armed] = {}
_where = ("", "")


def arm(description: str) -> None:
    """Arms places separated by commas; "" arms none. Raises ValueError for an unknown one."""
    for text in filter(None, description.split(",")):
        match = _DESCRIPTION.fullmatch(text)
        action = match["action"] if match else ""
        known = match is not None and match["name"] in NAMES and action in ("kill", "io-error")
        if match is None or not known or (action == "io-error" and match["name"] in _CANNOT_FAIL):
            raise ValueError(
                f"unknown failpoint {text!r}; names: {', '.join(NAMES)}; actions: kill, io-error"
            )
        _armed[match["name"]] = _Armed(
            match["event"] or "", int(match["passing"] or 1), action, not match["passing"]
        )


def disarm() -> None:
    """Nothing is armed any more."""
    _armed.clear()


def here(money: str, event: str) -> None:
    """Tells which event is being taken in which state of the money: what a failpoint may ask for."""
    global _where  # noqa: PLW0603 - one lane a process; a value of its own would be handed through every layer
    _where = (money, event)


def fp(name: str) -> None:
    """Passes through; an armed place fails the way it was told to."""
    armed = _armed.get(name)
    if armed is None or (armed.event and armed.event != _where[1]):
        return
    armed.left -= 1
    if armed.left > 0:
        return
    if not armed.stays:
        del _armed[name]
    note(name, armed.action)
    if armed.action == "kill":
        os.kill(os.getpid(), signal.SIGKILL)
    raise FailpointError(f"failpoint {name}")


def note(name: str, deed: str) -> None:
    """Writes down that something happened here, where `NOTES_VARIABLE` names a file."""
    path = os.environ.get(NOTES_VARIABLE)
    if path:
        with Path(path).open("a", encoding="ascii") as file:
            file.write(f"{name} {_where[0] or '-'} {_where[1] or '-'} {deed}\n")
