"""Owns the names of ZVT messages, who sends them, and how their data is laid out.

It must not read data. A message that is not in this table has no name, and its data is not shown.
Source: VdTH PA00P015 sections 2 and 3; answers PA00P016 section 5.2.3.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, auto
from types import MappingProxyType
from typing import Final


class Direction(Enum):
    """Who speaks to whom."""

    TO_TERMINAL = "ecr->pt"
    FROM_TERMINAL = "pt->ecr"
    EITHER = "either"
    UNKNOWN = "unknown"


class Layout(Enum):
    """What stands before the bitmaps of a message, and in a few messages instead of them."""

    BITMAPS = auto()
    PASSWORD = auto()
    """Three bytes, then bitmaps."""
    MAYBE_PASSWORD = auto()
    """Nothing at all, or like PASSWORD."""
    REGISTRATION = auto()
    """Password, configuration byte, perhaps a currency without its number, bitmaps."""
    READ_CARD = auto()
    """Timeout in seconds, then bitmaps."""
    BAUD_RATE = auto()
    INTERMEDIATE = auto()
    COMPLETION = auto()
    """Its meaning depends on the command that is completed; section 3.2."""
    ABORTED = auto()
    """Nothing, or a result code, then the currency after 6F, else bitmaps; section 3.3."""
    PRINT_LINE = auto()
    REFUSAL = auto()
    """84 xx: the result is the instruction byte."""
    OPAQUE = auto()
    """Not laid out here: only its length is shown."""


@dataclass(frozen=True, slots=True)
class Command:
    """One message by its class and instruction."""

    name: str
    direction: Direction
    layout: Layout


def _orders() -> Mapping[int, Command]:
    rows = {
        0x0501: ("status enquiry", Layout.MAYBE_PASSWORD),
        0x0600: ("registration", Layout.REGISTRATION),
        0x0601: ("authorisation", Layout.BITMAPS),
        0x0602: ("log-off", Layout.BITMAPS),
        0x0610: ("turnover totals", Layout.PASSWORD),
        0x0618: ("reset", Layout.MAYBE_PASSWORD),
        0x0620: ("repeat receipt", Layout.PASSWORD),
        0x0622: ("pre-authorisation", Layout.BITMAPS),
        0x0623: ("partial reversal", Layout.BITMAPS),
        0x0624: ("book total", Layout.BITMAPS),
        0x0625: ("pre-authorisation reversal", Layout.BITMAPS),
        0x0630: ("reversal", Layout.PASSWORD),
        0x0631: ("refund", Layout.PASSWORD),
        0x0650: ("end-of-day", Layout.PASSWORD),
        0x0670: ("diagnosis", Layout.BITMAPS),
        0x0691: ("set date and time of the terminal", Layout.BITMAPS),
        0x0693: ("initialisation", Layout.PASSWORD),
        0x06B0: ("abort", Layout.BITMAPS),
        0x06C0: ("read card", Layout.READ_CARD),
        0x06E0: ("display text", Layout.BITMAPS),
        0x0840: ("change baud rate", Layout.BAUD_RATE),
    }
    return {number: Command(name, Direction.TO_TERMINAL, layout) for number, (name, layout) in rows.items()}


def _reports() -> Mapping[int, Command]:
    rows = {
        0x0401: ("set date and time", Layout.BITMAPS),
        0x040D: ("input request", Layout.OPAQUE),
        0x040E: ("menu request", Layout.OPAQUE),
        0x040F: ("status information", Layout.BITMAPS),
        0x04FF: ("intermediate status", Layout.INTERMEDIATE),
        0x060F: ("completion", Layout.COMPLETION),
        0x061E: ("abort", Layout.ABORTED),
        0x06D1: ("print line", Layout.PRINT_LINE),
        0x06D3: ("print text block", Layout.BITMAPS),
        0x06D8: ("dial up", Layout.OPAQUE),
        0x06D9: ("send over the dialled line", Layout.OPAQUE),
        0x06DA: ("receive over the dialled line", Layout.OPAQUE),
        0x06DB: ("hang up", Layout.OPAQUE),
    }
    return {number: Command(name, Direction.FROM_TERMINAL, layout) for number, (name, layout) in rows.items()}


def _answers() -> Mapping[int, Command]:
    positive = Command("positive answer", Direction.EITHER, Layout.BITMAPS)
    negative = Command("negative answer", Direction.EITHER, Layout.REFUSAL)
    wait = Command("wait", Direction.EITHER, Layout.REFUSAL)
    # 84 00 is positive too: refusing a payment with it would approve the payment.
    return {
        **{0x8400 | code: negative for code in range(256)},
        0x8000: positive,
        0x8400: positive,
        0x849C: wait,
    }


COMMANDS: Final[Mapping[int, Command]] = MappingProxyType({**_orders(), **_reports(), **_answers()})
UNKNOWN_COMMAND: Final = Command("unknown command", Direction.UNKNOWN, Layout.OPAQUE)
