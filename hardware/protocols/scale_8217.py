"""Owns the Toledo 8217 dialogue: polls a scale, reads weight and status answers, decides when it settled.

It must not know prices, goods or ports.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from hardware.events import WeightRefusal, WeightRefused, WeightSettled
from hardware.line import HangUp, Output, Ready, Report, Send

POLL_S: Final = 0.25
WEIGHING_LIMIT_S: Final = 10.0
SILENT_POLL_LIMIT: Final = 3
CAPACITY_G: Final = 30_000

_ASK_WEIGHT: Final = b"W"
_STX: Final = 0x02
_CR: Final = 0x0D
_FRAME_LIMIT: Final = 12
_WEIGHT: Final = re.compile(rb" ?(\d{2})\.(\d{3})(N?)")  # kilograms; N marks a net weight

_STATUS_MOVING: Final = 0x01
_STATUS_OVER: Final = 0x02
_STATUS_NEGATIVE: Final = 0x04
_STATUS_OUTSIDE_ZERO: Final = 0x08


@dataclass(frozen=True, slots=True)
class Weight:
    """A stable weight, 0 to 99,999 g. `is_net` when a tare is set in the scale."""

    weight_g: int
    is_net: bool


@dataclass(frozen=True, slots=True)
class Status:
    """The status byte the scale sends when it has no weight to give."""

    bits: int


@dataclass(frozen=True, slots=True)
class Malformed:
    """Bytes that are no 8217 answer."""


Answer = Weight | Status | Malformed


def extract_answer(buffer: bytearray) -> Answer | None:
    """Takes the first answer off `buffer`; None while it is still incomplete.

    `STX [sp]dd.ddd[N] CR` or `STX ? status CR`. The status byte may itself be a CR (moving, negative and
    outside zero together), so a status answer is told by its length.
    """
    start = buffer.find(_STX)
    if start < 0:
        return _refuse(buffer) if _CR in buffer or len(buffer) > _FRAME_LIMIT else None
    del buffer[:start]
    if buffer[1:2] == b"?":
        return _extract_status(buffer)
    end = buffer.find(_CR)
    if end < 0:
        return _refuse(buffer) if len(buffer) > _FRAME_LIMIT else None
    match = _WEIGHT.fullmatch(buffer, 1, end)
    if match is None:
        return _refuse(buffer)
    weight_g = int(match[1]) * 1000 + int(match[2])
    is_net = bool(match[3])
    del buffer[: end + 1]
    return Weight(weight_g, is_net)


def _extract_status(buffer: bytearray) -> Answer | None:
    if len(buffer) < 4:
        return None
    if buffer[3] != _CR:
        return _refuse(buffer)
    bits = buffer[2]
    del buffer[:4]
    return Status(bits)


def _refuse(buffer: bytearray) -> Malformed:
    buffer.clear()
    return Malformed()


class Scale8217Protocol:
    """A LineProtocol. Polls until the scale first answers, then only while a weighing runs.

    Each `weigh` gets one WeightSettled or WeightRefused, unless a further `weigh` restarts it. A weighing
    that ends without any answer of the scale (line lost, or not connected) is refused as IMPLAUSIBLE.
    """

    def __init__(self, device: str) -> None:
        self._device = device
        self._buffer = bytearray()
        self._is_open = False
        self._is_ready = False
        self._awaits_answer = False
        self._silent_polls = 0
        self._next_poll_s = 0.0
        self._weighing_ends_s: float | None = None

    def weigh(self, now_s: float) -> Iterable[Output]:
        if not self._is_open:
            return [self._refused(WeightRefusal.IMPLAUSIBLE)]
        self._weighing_ends_s = now_s + WEIGHING_LIMIT_S
        if self._awaits_answer:
            # The answer under way weighs what lay there before: drop it and ask at the next poll.
            self._awaits_answer = False
        else:
            self._next_poll_s = now_s
        return self.elapsed(now_s)

    def opened(self, now_s: float) -> Iterable[Output]:
        self._is_open = True
        self._is_ready = False
        self._silent_polls = 0
        return self._poll(now_s)

    def received(self, data: bytes, now_s: float) -> Iterable[Output]:
        if not self._awaits_answer:
            return []
        if self._is_overdue(now_s):
            return self.elapsed(now_s)
        self._buffer += data
        answer = extract_answer(self._buffer)
        if answer is None:
            return []
        self._awaits_answer = False
        self._buffer.clear()
        if isinstance(answer, Malformed) and not self._is_ready:
            self._awaits_answer = True  # counted as silence: whoever talks there is no 8217 scale yet
            return []
        self._silent_polls = 0
        outputs: list[Output] = [] if self._is_ready else [Ready()]
        self._is_ready = True
        if self._weighing_ends_s is not None:
            outputs += self._weighed(answer)
        return outputs

    def elapsed(self, now_s: float) -> Iterable[Output]:
        if not self._is_open:
            return []
        if self._is_overdue(now_s):
            return self._finish(self._refused(WeightRefusal.MOVING))
        if now_s < self._next_poll_s or (self._is_ready and self._weighing_ends_s is None):
            return []
        if self._awaits_answer:
            self._silent_polls += 1
            if self._silent_polls >= SILENT_POLL_LIMIT:
                return [HangUp("the scale does not answer")]
        return self._poll(now_s)

    def closed(self, now_s: float) -> Iterable[Output]:
        self._is_open = False
        self._awaits_answer = False
        self._next_poll_s = now_s
        if self._weighing_ends_s is None:
            return []
        return self._finish(self._refused(WeightRefusal.IMPLAUSIBLE))

    def _poll(self, now_s: float) -> list[Output]:
        self._buffer.clear()
        self._awaits_answer = True
        self._next_poll_s = now_s + POLL_S
        return [Send(_ASK_WEIGHT)]

    def _is_overdue(self, now_s: float) -> bool:
        return self._weighing_ends_s is not None and now_s >= self._weighing_ends_s

    def _weighed(self, answer: Answer) -> list[Output]:
        match answer:
            case Malformed():
                return self._finish(self._refused(WeightRefusal.IMPLAUSIBLE))
            case Weight(weight_g=weight_g) if weight_g > CAPACITY_G:
                return self._finish(self._refused(WeightRefusal.IMPLAUSIBLE))
            case Weight(is_net=True):
                # Somebody set a tare on the scale itself; the lane expects gross weights only.
                return self._finish(self._refused(WeightRefusal.NOT_ZEROED))
            case Weight(weight_g=weight_g):
                return self._finish(Report(WeightSettled(self._device, weight_g)))
            case Status(bits):
                reason = _refusal_for(bits)
                return [] if reason is None else self._finish(self._refused(reason))

    def _finish(self, answer: Report) -> list[Output]:
        self._weighing_ends_s = None
        self._awaits_answer = False
        return [answer]

    def _refused(self, reason: WeightRefusal) -> Report:
        return Report(WeightRefused(self._device, reason))


def _refusal_for(bits: int) -> WeightRefusal | None:
    """None while it is worth asking again: a moving plate may still settle on a good weight."""
    if bits & _STATUS_MOVING:
        return None
    if bits & _STATUS_OVER:
        return WeightRefusal.OVERLOAD
    if bits & _STATUS_NEGATIVE:
        return WeightRefusal.NEGATIVE
    if bits & _STATUS_OUTSIDE_ZERO:
        return WeightRefusal.NOT_ZEROED
    return None
