"""Owns named places where a test may stop or fail the lane. Inert unless the environment arms one.

It must not know what a failpoint is for. `LANELIGHT_FAILPOINTS="before-commit=kill"` arms one by name;
actions are `kill` (SIGKILL to this process) and `io-error` (OSError). An armed lane says so in its log.
"""

from __future__ import annotations

import os
import signal

NAMES = (
    "before-commit",
    "after-commit",
    "before-effect",
    "after-effect",
    "before-send-sale",
    "after-send-sale",
)

_SENSELESS = frozenset({"after-commit=io-error"})
"""What is committed cannot fail any more; only the lane can die there."""

_armed: dict[str, str] = {}


class FailpointError(OSError):
    """The injected failure of `io-error`."""


def arm(description: str) -> None:
    """Arms `name=action` pairs separated by commas. Raises ValueError for an unknown name or action."""
    for pair in filter(None, description.split(",")):
        name, _, action = pair.partition("=")
        known = name in NAMES and action in ("kill", "io-error")
        if not known or pair in _SENSELESS:
            raise ValueError(
                f"unknown failpoint {pair!r}; names: {', '.join(NAMES)}; actions: kill, io-error"
            )
        _armed[name] = action


def fp(name: str) -> None:
    """Passes through; an armed place fails the way it was told to."""
    match _armed.get(name):
        case "kill":
            os.kill(os.getpid(), signal.SIGKILL)
        case "io-error":
            raise FailpointError(f"failpoint {name}")
