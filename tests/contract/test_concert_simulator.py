"""Owns the proof of the simulated Concert terminal's own manners, byte by byte, without our own till.

It must not use the lane's codecs. The frames are those of the public layout.
"""

from __future__ import annotations

import os
import select
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from hardware.simulators.concert_terminal import CALL_S, ConcertTerminalSimulator, Unpaid
from hardware.simulators.zvt_cards import CardAction, CardScript

ENQ, ACK, NAK, EOT = b"\x05", b"\x06", b"\x15", b"\x04"
ORDER = b"\x020100001010010978          A010B010\x03\x06"
CHARGED = b"\x020100000101019780000000001\x03\x34"
REFUSED = b"\x020170000101019780000000000\x03\x32"
PATIENCE_S = 4.0


class Till:
    """The lane's end of the cable as a bare file."""

    def __init__(self, link: Path) -> None:
        self._file = os.open(link, os.O_RDWR | os.O_NOCTTY)

    def say(self, data: bytes) -> None:
        os.write(self._file, data)

    def hear(self, expected: bytes) -> None:
        """The next bytes are those expected."""
        heard, deadline_s = b"", time.monotonic() + PATIENCE_S
        while len(heard) < len(expected) and (left_s := deadline_s - time.monotonic()) > 0:
            if select.select([self._file], [], [], left_s)[0]:
                heard += os.read(self._file, len(expected) - len(heard))
        assert heard == expected

    def order(self) -> None:
        self.say(ENQ)
        self.hear(ACK)
        self.say(ORDER)
        self.hear(ACK)
        self.say(EOT)

    def close(self) -> None:
        os.close(self._file)


@pytest.fixture
def terminal(tmp_path: Path) -> Iterator[ConcertTerminalSimulator]:
    terminal = ConcertTerminalSimulator(tmp_path / "terminal", tmp_path / "journal", unpaid=Unpaid.STAYS_BUSY)
    terminal.start()
    yield terminal
    terminal.stop()


@pytest.fixture
def till(terminal: ConcertTerminalSimulator, tmp_path: Path) -> Iterator[Till]:
    till = Till(tmp_path / "terminal")
    yield till
    till.close()


@pytest.mark.parametrize(
    "damaged",
    [
        ORDER[:-1] + b"\x07",
        ORDER[:20],
        ORDER.replace(b"1010", b"1o10").replace(b"\x03\x06", b"\x03\x59"),
        ORDER[:-3] + b"\x03\x36",
    ],
    ids=["wrong check byte", "cut short", "an amount with a letter", "33 characters"],
)
def test_an_order_that_cannot_be_read_is_refused_and_a_good_one_then_taken(
    till: Till, terminal: ConcertTerminalSimulator, damaged: bytes
) -> None:
    till.say(ENQ)
    till.hear(ACK)
    till.say(damaged)
    till.hear(NAK)
    assert terminal.orders_taken == 0
    till.say(ORDER)
    till.hear(ACK)
    assert terminal.orders_taken == 1


def test_after_three_bad_orders_it_listens_no_more(till: Till, terminal: ConcertTerminalSimulator) -> None:
    till.say(ENQ)
    till.hear(ACK)
    for _ in range(3):
        till.say(ORDER[:-1] + b"\x07")
        till.hear(NAK)
    till.say(ORDER)
    till.order()
    assert terminal.orders_taken == 1


def test_it_lets_nobody_speak_while_an_order_is_pending(till: Till) -> None:
    till.order()
    till.say(ENQ)
    till.hear(NAK)


def test_an_answer_that_was_damaged_is_said_again_and_charged_once(
    till: Till, terminal: ConcertTerminalSimulator
) -> None:
    till.order()
    terminal.present(CardScript())
    till.hear(ENQ)
    till.say(ACK)
    till.hear(CHARGED)
    till.say(NAK)
    till.hear(CHARGED)
    till.say(ACK)
    till.hear(EOT)
    assert terminal.journal.charged_minor() == 1010


def test_an_answer_that_stays_damaged_is_begun_anew(till: Till, terminal: ConcertTerminalSimulator) -> None:
    till.order()
    terminal.present(CardScript(CardAction.DECLINE))
    till.hear(ENQ)
    till.say(ACK)
    for _ in range(3):
        till.hear(REFUSED)
        till.say(NAK)
    till.hear(EOT + ENQ)
    till.say(ACK)
    till.hear(REFUSED)
    till.say(ACK)
    till.hear(EOT)


def test_it_goes_first_when_both_want_to_speak(till: Till, terminal: ConcertTerminalSimulator) -> None:
    till.order()
    terminal.present(CardScript(CardAction.DECLINE))
    till.hear(ENQ)
    till.say(ENQ)
    till.hear(ENQ)
    till.say(ACK)
    till.hear(REFUSED)


def test_it_gives_up_an_answer_nobody_wants_to_hear(till: Till, terminal: ConcertTerminalSimulator) -> None:
    till.order()
    terminal.present(CardScript())
    for _ in range(3):
        till.hear(ENQ)
    time.sleep(CALL_S * 1.3)
    till.order()
    assert terminal.journal.charged_minor() == 1010


def test_charges_are_remembered_by_the_next_terminal_on_the_same_journal(
    till: Till, terminal: ConcertTerminalSimulator, tmp_path: Path
) -> None:
    till.order()
    terminal.present(CardScript())
    till.hear(ENQ)
    terminal.stop()
    again = ConcertTerminalSimulator(tmp_path / "terminal", tmp_path / "journal")
    assert again.journal.charged_minor() == 1010
