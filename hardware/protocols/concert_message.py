"""Owns the two messages of Concert V2: the order to charge a card, and the terminal's answer to it.

It must not know how messages travel. Source: Concert V2 (protocol E+), request of 34 characters, answer of
25 or 80; the answer flag is always 0 here, because the long answer begins with the card number.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import IntEnum
from typing import Final

from hardware.events import ProtocolError
from hardware.protocols.zvt_codes import currency_number

LARGEST_AMOUNT_MINOR: Final = 99_999_999
"""Eight digits."""

_SHORT_ANSWER: Final = "0"
_CARD: Final = "1"
_DEBIT: Final = "0"
_PRIVATE: Final = " " * 10
_ANSWER_AT_THE_END: Final = "A010"
"""A011 would answer at once, and only that the order was taken."""
_TERMINAL_AUTHORISES: Final = "B010"

_ANSWER: Final = re.compile(r"([0-9]{2})([0-9])([0-9]{8})[ -~]([0-9]{3})", re.ASCII)


class ResultCode(IntEnum):
    """The results the protocol defines; any other digit says nothing that can be relied on."""

    CHARGED = 0
    REFUSED = 7
    NOT_COMPLETED = 9


@dataclass(frozen=True, slots=True)
class Answer:
    """What the terminal says of an order. `amount_minor` 0 to 99,999,999 of the numbered currency."""

    pos_number: int
    result_code: int
    amount_minor: int
    currency_digits: str


def compose_order(pos_number: int, amount_minor: int, currency_digits: str) -> str:
    """The 34 characters of a request to debit a card. Raises ValueError outside what the fields hold."""
    if not 1 <= pos_number <= 99:
        raise ValueError(f"a till has a number from 1 to 99, not {pos_number}")
    if not 1 <= amount_minor <= LARGEST_AMOUNT_MINOR:
        raise ValueError(f"{amount_minor} does not fit into eight digits")
    if not re.fullmatch(r"[0-9]{3}", currency_digits, re.ASCII):
        raise ValueError(f"{currency_digits!r} is no currency number of three digits")
    return (
        f"{pos_number:02d}{amount_minor:08d}{_SHORT_ANSWER}{_CARD}{_DEBIT}{currency_digits}"
        f"{_PRIVATE}{_ANSWER_AT_THE_END}{_TERMINAL_AUTHORISES}"
    )


def parse_answer(text: str) -> Answer:
    """Reads the kept 15 characters of an answer: till, result, amount, mode, currency.

    The mode is not looked at: terminals put the kind of card there. Raises ProtocolError.
    """
    match = _ANSWER.fullmatch(text)
    if match is None:
        raise ProtocolError("an answer that is not made of its fields")
    return Answer(int(match[1]), int(match[2]), int(match[3]), match[4])


def currency_digits(currency: str) -> str | None:
    """Three digits of ISO 4217, or None for a currency whose number is not known here."""
    number = currency_number(currency)
    return None if number is None else number[-3:]
