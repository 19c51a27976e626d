"""Owns a ZVT terminal as a model: what it does about each command, and what it holds as the truth.

It must not share code with the lane's codecs. Its frames are right when they leave; what becomes of them on
the way is the campaign's business. Sources: VdTH PA00P015 sections 2.1, 2.2, 2.20, 2.56.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from enum import Enum, auto
from functools import lru_cache
from typing import Final

from tests.campaigns.zvt_frames import message, result

DECIDING: Final = (b"\x04\x0f", b"\x06\x0f", b"\x06\x1e")
"""The messages that say what became of the money."""

_DECLINED: Final = 0x05
_REVERSED: Final = 0x6C
_STARTED: Final = message("8000")
_DONE: Final = message("060F")
_IDLE: Final = message("060F", b"\x00")
_ABORT_REFUSED: Final = message("8483")


class Cut(Enum):
    """When the line is lost in a payment."""

    NEVER = auto()
    BEFORE_RESULT = auto()
    BEFORE_ANSWER = auto()  # the result came, our answer never arrives
    AFTER_ANSWER = auto()  # the terminal has our answer, its last word never arrives


@dataclass(frozen=True, slots=True)
class Script:
    """One payment as it truly goes. The payment before it has the receipt number below."""

    amount_minor: int
    receipt_no: int
    earlier_amount_minor: int
    approves: bool
    cut: Cut
    keeps: bool
    """Whether a charge stands when the line is lost before our answer; else the terminal takes it back."""


class PayingTerminal:
    """Takes APDUs of the lane with `hear`, gives its own one by one with `next`; `charged` is the truth."""

    def __init__(self, script: Script) -> None:
        self.script = script
        self.charged = False
        self._mine = _result(script.amount_minor, script.receipt_no, 41)
        self._held = _result(script.earlier_amount_minor, script.receipt_no - 1, 40)
        self._say: deque[bytes] = deque()
        self._last_said = b""
        self._undecided = False

    def next(self) -> bytes | None:
        """What it says now; None while it waits for the lane."""
        if self._last_said or not self._say:
            return None
        said = self._say.popleft()
        self._last_said = b"" if said[0] in (0x80, 0x84) else said  # its own messages want an answer
        return said

    def hear(self, apdu: bytes) -> None:
        match apdu[:2]:
            case b"\x06\x00":
                self._take(_DONE)
            case b"\x05\x01":
                self._take(_IDLE)
            case b"\x06\x20":
                self._take(self._held, _DONE)
            case b"\x06\x01":
                self._pay()
            case b"\x06\xb0":
                self._say.append(_ABORT_REFUSED)
            case _:
                self._answered(apdu)

    def lose_line(self) -> None:
        if self._undecided:
            self._settle(self.script.keeps)
        self._say.clear()
        self._last_said = b""

    def _take(self, *messages: bytes) -> None:
        """A new command: what the one before had left to say is dropped."""
        self.lose_line()
        self._say.extend((_STARTED, *messages))

    def _pay(self) -> None:
        if self.script.approves:
            self._take(self._mine)
            self._undecided = True
        else:
            self._take(_declined(self.script.amount_minor, self.script.receipt_no))

    def _answered(self, apdu: bytes) -> None:
        """To a result, 80 00 and 84 00 keep the charge and any other 84 xx takes it back (2.2.6)."""
        said, self._last_said = self._last_said, b""
        if said == self._mine and self._undecided:
            kept = apdu[:2] in (b"\x80\x00", b"\x84\x00")
            self._settle(kept)
            self._say.append(_DONE if kept else message("061E", bytes((_REVERSED,))))
        elif said[:2] == b"\x04\x0f" and said not in (self._mine, self._held):
            self._say.append(message("061E", bytes((_DECLINED,))))

    def _settle(self, kept: bool) -> None:
        self._undecided = False
        self.charged = kept
        if kept:
            self._held = self._mine


@lru_cache(4096)
def _result(amount_minor: int, receipt_no: int, trace_no: int) -> bytes:
    return result(amount_minor, receipt_no, trace_no=trace_no)


@lru_cache(4096)
def _declined(amount_minor: int, receipt_no: int) -> bytes:
    return result(amount_minor, receipt_no, result_code=_DECLINED)
