"""Owns how one Concert V2 terminal is spoken to: till number, currency, patience.

It must not know what the times are used for.
"""

from __future__ import annotations

from dataclasses import dataclass

from hardware.protocols.concert_message import currency_digits


@dataclass(frozen=True, slots=True)
class ConcertSettings:
    """How one terminal is spoken to. Times in seconds.

    Raises ValueError for a till number outside 1 to 99 or a currency without a known number.
    """

    currency: str = "EUR"
    pos_number: int = 1
    enquiry_s: float = 1.5
    """How long one ENQ waits for its ACK."""
    ack_s: float = 3.0
    """How long the order waits for its ACK."""
    answer_s: float = 180.0
    """From the order's ACK to the terminal's answer: shopper, PIN and bank."""
    resume_s: float = 10.0
    """How long an answer may take once the terminal has asked to speak, repeats included."""
    hold_limit_s: float = 4.0
    """How long a positive answer waits for the lane, and the terminal for our ACK."""
    release_s: float = 2.0
    """How long the terminal's EOT may take after our ACK; it may also never come."""

    def __post_init__(self) -> None:
        if not 1 <= self.pos_number <= 99:
            raise ValueError(f"a till has a number from 1 to 99, not {self.pos_number}")
        if currency_digits(self.currency) is None:
            raise ValueError(f"no currency number is known for {self.currency!r}")

    @property
    def currency_digits(self) -> str:
        digits = currency_digits(self.currency)
        assert digits is not None, "checked when the settings were made"
        return digits
