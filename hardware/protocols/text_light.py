"""Owns the words a light over a lane is told over a line: colour, pattern and `buzz`, one line a state.

It must not know lanes or calls. Such a light says nothing; what it missed while its line was cut it is told
when the line is back.
"""

from __future__ import annotations

from collections.abc import Iterable

from hardware.line import Output, Ready, Send
from hardware.ports import Light


def line_of(light: Light) -> bytes:
    """As `amber fast buzz` and a line end."""
    words = (light.colour.value, light.pattern.value, *(("buzz",) if light.buzzes else ()))
    return (" ".join(words) + "\n").encode("ascii")


class TextLightProtocol:
    """A LineProtocol that only speaks."""

    def __init__(self) -> None:
        self._light: Light | None = None
        self._is_open = False

    def show(self, light: Light) -> Iterable[Output]:
        self._light = light
        return self._told()

    def opened(self, now_s: float) -> Iterable[Output]:  # noqa: ARG002 - the clock matters to others
        self._is_open = True
        return [Ready(), *self._told()]

    def received(self, data: bytes, now_s: float) -> Iterable[Output]:  # noqa: ARG002
        return []

    def elapsed(self, now_s: float) -> Iterable[Output]:  # noqa: ARG002
        return []

    def closed(self, now_s: float) -> Iterable[Output]:  # noqa: ARG002
        self._is_open = False
        return []

    def _told(self) -> list[Output]:
        return [Send(line_of(self._light))] if self._is_open and self._light is not None else []
