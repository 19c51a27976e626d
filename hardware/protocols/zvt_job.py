"""Owns what one job of a ZVT conversation is: the steps it may take, its settings, answers outside any job.

It must not know bytes or frames. A job sees APDUs and time, and returns steps as data.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal, Protocol

from hardware.events import ProtocolError
from hardware.line import HangUp, Ready, Report
from hardware.protocols import zvt_apdu
from hardware.protocols.zvt_apdu import (
    ACCEPTED,
    GOODS_REFUSED,
    UNSUPPORTED,
    Apdu,
    StatusInformation,
    parse_status_information,
)
from hardware.protocols.zvt_channel import Letter, Purpose
from hardware.protocols.zvt_codes import REFUSED_WITH_CODE, currency_number
from hardware.protocols.zvt_standing import Standing, parse_clock
from hardware.protocols.zvt_text import CHARSETS, Charset

CONFIG_OWN_RECEIPTS: Final = 0x3E
"""We print both receipts, want 04 FF, and lock amount entry and administration on the terminal (table 1)."""

CONFIG_TERMINAL_RECEIPTS: Final = 0xBE
"""The same, but the terminal composes the receipts and sends them as 06 D1 or 06 D3."""

Receipts = Literal["lane", "terminal"]
"""Who composes the receipts that we print."""

SERVICE_NO_MENU: Final = 0x01


@dataclass(frozen=True, slots=True)
class ZvtSettings:
    """How one terminal is spoken to. Times in seconds; T1 to T4 as PA00P016 names them.

    Raises ValueError for a password that is not six digits, a currency without a known number, and a
    character set or a composer of receipts that there is not.
    """

    password: str = "000000"  # noqa: S105 - the factory setting every manual prints
    currency: str = "EUR"
    t1_s: float = 0.2
    t2_s: float = 5.0
    t3_s: float = 5.0
    t4_s: float = 180.0
    hold_limit_s: float = 4.0
    """How long an authorisation waits for the lane; below the terminal's own 5 s."""
    final_word_s: float = 30.0
    """How long 06 0F or 06 1E may take after a result was answered; then the payment is in doubt."""
    command_limit_s: float = 60.0
    """How long a registration, enquiry or repeat may take after 80 00."""
    start_wait_s: float = 15.0
    """How long a payment waits for the end of a question of ours before it is declined, unsent."""
    poll_every_s: float = 3.0
    query_limit_s: float = 200.0
    charset: Charset = "cp437"
    receipts: Receipts = "lane"

    def __post_init__(self) -> None:
        if len(self.password) != 6 or not (self.password.isascii() and self.password.isdigit()):
            raise ValueError("a ZVT password has six digits")
        if currency_number(self.currency) is None:
            raise ValueError(f"no currency number is known for {self.currency!r}")
        if self.charset not in CHARSETS:
            raise ValueError(f"no terminal writes in the character set {self.charset!r}")
        if self.receipts not in ("lane", "terminal"):
            raise ValueError("receipts are composed by the lane or by the terminal")

    @property
    def config_byte(self) -> int:
        return CONFIG_OWN_RECEIPTS if self.receipts == "lane" else CONFIG_TERMINAL_RECEIPTS

    @property
    def currency_digits(self) -> str:
        number = currency_number(self.currency)
        assert number is not None, "checked when the settings were made"
        return number


@dataclass(frozen=True, slots=True)
class Transmit:
    """Send this APDU."""

    letter: Letter


@dataclass(frozen=True, slots=True)
class Finished:
    """The job is over. `confirmed` is the result a payment ended with after the lane had confirmed it."""

    confirmed: StatusInformation | None = None


@dataclass(frozen=True, slots=True)
class Learned:
    """The terminal registered and said this of itself."""

    standing: Standing


Step = Transmit | Report | Ready | HangUp | Finished | Learned


@dataclass(frozen=True, slots=True)
class Began:
    """The job has the line."""


@dataclass(frozen=True, slots=True)
class Answered:
    """The terminal answered our command; `error` is xx of 84 xx, None when the answer is positive.

    `detail` is what stands behind the error: 84 1E carries a result code.
    """

    command: Apdu
    error: int | None
    detail: bytes = b""

    @property
    def code(self) -> int | None:
        """Why it was refused, as a result code; None when it was not."""
        return self.detail[0] if self.error == REFUSED_WITH_CODE and self.detail else self.error


@dataclass(frozen=True, slots=True)
class Told:
    """The terminal sent a message of its own, which needs an answer."""

    message: Apdu


@dataclass(frozen=True, slots=True)
class Failed:
    """No acknowledgement, or no answer to a command within T3.

    `noise` means that bytes came all the same, though never a frame.
    """

    letter: Letter
    noise: bool = False


@dataclass(frozen=True, slots=True)
class Elapsed:
    """Time has passed."""


@dataclass(frozen=True, slots=True)
class Closed:
    """The line is gone; of the letters in `unsent` no byte had left."""

    unsent: tuple[Letter, ...]


Turn = Began | Answered | Told | Failed | Elapsed | Closed


class Job(Protocol):
    """One conversation."""

    def on(self, turn: Turn, now_s: float) -> Iterable[Step]: ...


def command(apdu: Apdu) -> Transmit:
    return Transmit(Letter(apdu, Purpose.COMMAND))


def answer(apdu: Apdu) -> Transmit:
    return Transmit(Letter(apdu, Purpose.ANSWER))


def stray_answer(message: Apdu, confirmed: StatusInformation | None) -> Apdu:
    """What we say to a message that belongs to no running job.

    A positive result that nobody waits for is refused, so that the terminal reverses it, unless it repeats
    the result the lane has confirmed (`confirmed`): then our first answer was lost.
    """
    match message.control:
        case zvt_apdu.STATUS_INFORMATION:
            return _stray_result_answer(message, confirmed)
        case (
            zvt_apdu.INTERMEDIATE_STATUS
            | zvt_apdu.COMPLETION
            | zvt_apdu.ABORTED
            | zvt_apdu.PRINT_LINE
            | zvt_apdu.PRINT_TEXT_BLOCK
        ):
            return ACCEPTED
        case zvt_apdu.SET_DATE_TIME:
            return _clock_answer(message)
        case _:
            return UNSUPPORTED


def _clock_answer(message: Apdu) -> Apdu:
    """The lane's clock is set by its own means; the terminal only wants to know that it was understood."""
    try:
        parse_clock(message.data)
    except ProtocolError:
        return UNSUPPORTED
    return ACCEPTED


def _stray_result_answer(message: Apdu, confirmed: StatusInformation | None) -> Apdu:
    try:
        status = parse_status_information(message.data)
    except ProtocolError:
        return UNSUPPORTED
    wanted = not status.positive or status.holds_totals or status == confirmed
    return ACCEPTED if wanted else GOODS_REFUSED


class Resting:
    """Registered, and nothing to do."""

    def __init__(self, confirmed: StatusInformation | None = None) -> None:
        self._confirmed = confirmed

    def on(self, turn: Turn, now_s: float) -> Iterable[Step]:  # noqa: ARG002 - a job's shape
        match turn:
            case Told(message):
                return (answer(stray_answer(message, self._confirmed)),)
            case _:
                return ()
