"""Owns the printing of jobs under supervision: asks an ESC/POS printer how it is, sends, asks again.

It must not know what a job says or how it was rendered.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from typing import Final

from hardware.events import Paper, PaperChanged, PrintFailed, PrintFinished
from hardware.line import HangUp, Output, Ready, Report, Send

POLL_S: Final = 2.0
ANSWER_LIMIT_S: Final = 0.5
AFTER_JOB_LIMIT_S: Final = 10.0
"""The last bytes may still wait in the operating system: 4 kB take four seconds at 9600 baud."""

SILENT_ROUND_LIMIT: Final = 3
CHUNK_BYTES: Final = 1024
JOB_LIMIT: Final = 16

_QUESTIONS: Final = (b"\x10\x04\x01", b"\x10\x04\x02", b"\x10\x04\x04")  # DLE EOT n: printer, cause, paper
_FIXED_BITS: Final = 0x93  # in every DLE EOT answer bits 0 and 7 are 0, bits 1 and 4 are 1
_FIXED_VALUE: Final = 0x12


@dataclass(frozen=True, slots=True)
class PrinterStatus:
    """What three DLE EOT answers say together. `trouble` is empty when the printer can print."""

    paper: Paper
    trouble: str


def parse_status(printer: int, cause: int, sensor: int) -> PrinterStatus:
    """Answers to DLE EOT 1, 2 and 4 (ESC/POS command reference, Epson).

    An off-line printer with paper left is Paper.UNKNOWN: its sensors say nothing with the cover open.
    """
    if sensor & 0x60 or cause & 0x20:  # paper end sensor; stopped for paper end
        return PrinterStatus(Paper.OUT, "the paper is out")
    if cause & 0x04:
        return PrinterStatus(Paper.UNKNOWN, "the cover is open")
    if cause & 0x40:
        return PrinterStatus(Paper.UNKNOWN, "the printer reports an error")
    if printer & 0x08:
        return PrinterStatus(Paper.UNKNOWN, "the printer is off line")
    return PrinterStatus(Paper.LOW if sensor & 0x0C else Paper.OK, "")


@dataclass(frozen=True, slots=True)
class _Job:
    job_id: str
    content: bytes


class _Phase(Enum):
    CLOSED = "closed"
    IDLE = "idle"
    ASKING = "asking"
    BEFORE_JOB = "asking before a job"
    SENDING = "sending"
    AFTER_JOB = "asking after a job"


_ROUNDS: Final = (_Phase.ASKING, _Phase.BEFORE_JOB, _Phase.AFTER_JOB)


class PrinterProtocol:
    """A LineProtocol. Each job gets one PrintFinished or PrintFailed and is never sent again by itself.

    The printer is asked every POLL_S and around each job, but never in the middle of one: a question in
    the midst of picture data would become part of the picture.
    """

    def __init__(self, device: str) -> None:
        self._device = device
        self._phase = _Phase.CLOSED
        self._jobs: deque[_Job] = deque()
        self._unsent = b""
        self._answers: list[int] = []
        self._asked_s = 0.0
        self._next_poll_s = 0.0
        self._silent_rounds = 0
        self._is_ready = False
        self._paper: Paper | None = None

    def print_job(self, job_id: str, content: bytes, *, now_s: float) -> Iterable[Output]:
        if self._phase is _Phase.CLOSED:
            return [self._failed(job_id, "the printer is not connected")]
        if len(self._jobs) >= JOB_LIMIT:
            return [self._failed(job_id, "too many receipts wait")]
        self._jobs.append(_Job(job_id, content))
        return self._go_on(now_s) if self._phase is _Phase.IDLE else []

    def opened(self, now_s: float) -> Iterable[Output]:
        self._is_ready = False
        self._silent_rounds = 0
        return self._ask(_Phase.ASKING, now_s)

    def received(self, data: bytes, now_s: float) -> Iterable[Output]:
        outputs: list[Output] = []
        for byte in data:
            if self._phase not in _ROUNDS or byte & _FIXED_BITS != _FIXED_VALUE:
                continue  # XON/XOFF, automatic status and late answers carry other fixed bits or no question
            self._answers.append(byte)
            if len(self._answers) < len(_QUESTIONS):
                self._asked_s = now_s
                outputs.append(Send(_QUESTIONS[len(self._answers)]))
            else:
                outputs += self._answered(parse_status(*self._answers), now_s)
        return outputs

    def elapsed(self, now_s: float) -> Iterable[Output]:
        match self._phase:
            case _Phase.CLOSED:
                return []
            case _Phase.IDLE:
                return self._ask(_Phase.ASKING, now_s) if now_s >= self._next_poll_s else []
            case _Phase.SENDING:
                return self._send(now_s)
            case _Phase.ASKING | _Phase.BEFORE_JOB:
                return self._silent(now_s) if now_s - self._asked_s >= ANSWER_LIMIT_S else []
            case _Phase.AFTER_JOB:
                return self._silent(now_s) if now_s - self._asked_s >= AFTER_JOB_LIMIT_S else []

    def closed(self, now_s: float) -> Iterable[Output]:
        self._phase = _Phase.CLOSED
        self._next_poll_s = now_s
        outputs = self._see(Paper.UNKNOWN)
        outputs += [self._failed(job.job_id, "the printer was lost") for job in self._jobs]
        self._jobs.clear()
        return outputs

    def _ask(self, phase: _Phase, now_s: float) -> list[Output]:
        self._phase = phase
        self._answers = []
        self._asked_s = now_s
        return [Send(_QUESTIONS[0])]

    def _answered(self, status: PrinterStatus, now_s: float) -> list[Output]:
        self._silent_rounds = 0
        outputs: list[Output] = [] if self._is_ready else [Ready()]
        self._is_ready = True
        outputs += self._see(status.paper)
        if self._phase is _Phase.BEFORE_JOB and not status.trouble:
            self._unsent = self._jobs[0].content
            self._phase = _Phase.SENDING
            return outputs + self._send(now_s)
        if self._phase is not _Phase.ASKING:
            outputs.append(self._end_job(status.trouble))
        return outputs + self._go_on(now_s)

    def _silent(self, now_s: float) -> list[Output]:
        outputs = self._see(Paper.UNKNOWN)
        if self._phase is not _Phase.ASKING:
            outputs.append(self._end_job("the printer does not answer"))
        self._silent_rounds += 1
        if self._silent_rounds >= SILENT_ROUND_LIMIT:
            self._phase = _Phase.IDLE
            self._next_poll_s = now_s + POLL_S
            return [*outputs, HangUp("the printer does not answer")]
        return outputs + self._go_on(now_s)

    def _go_on(self, now_s: float) -> list[Output]:
        if self._jobs:
            return self._ask(_Phase.BEFORE_JOB, now_s)
        self._phase = _Phase.IDLE
        self._next_poll_s = now_s + (POLL_S if self._is_ready else ANSWER_LIMIT_S)
        return []

    def _send(self, now_s: float) -> list[Output]:
        """One chunk a call, so that a slow line never blocks longer than one chunk takes."""
        chunk, self._unsent = self._unsent[:CHUNK_BYTES], self._unsent[CHUNK_BYTES:]
        outputs: list[Output] = [Send(chunk)] if chunk else []
        return outputs if self._unsent else outputs + self._ask(_Phase.AFTER_JOB, now_s)

    def _end_job(self, trouble: str) -> Output:
        job = self._jobs.popleft()
        if trouble:
            return self._failed(job.job_id, trouble)
        return Report(PrintFinished(self._device, job.job_id))

    def _failed(self, job_id: str, reason: str) -> Report:
        return Report(PrintFailed(self._device, job_id, reason))

    def _see(self, paper: Paper) -> list[Output]:
        if paper is self._paper:
            return []
        self._paper = paper
        return [Report(PaperChanged(self._device, paper))]
