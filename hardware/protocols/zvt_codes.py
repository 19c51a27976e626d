"""Owns the meaning of ZVT numbers: result codes, intermediate states, currency numbers.

It must not know in which order messages come. Sources: VdTH PA00P015 section 10 (result codes) and table 17
(intermediate states), ISO 4217 (currency numbers).
"""

from __future__ import annotations

from typing import Final

from hardware.events import CardPhase, DeclineReason

RESULT_WRONG_PIN: Final = 0x37
RESULT_NOT_REGISTERED: Final = 0x6B
RESULT_CURRENCY: Final = 0x6F
RESULT_BUSY: Final = 0x9C
RESULT_WRONG_PASSWORD: Final = 0x37
"""As 84 37 to a registration; as a card's result the same number is a wrong PIN."""
RESULT_UNSUPPORTED: Final = 0x83
RESULT_ALREADY_REVERSED: Final = 0xB4
RESULT_UPDATE_STARTS: Final = 0xE0
RESULT_RESTARTS: Final = 0xFC
REFUSED_WITH_CODE: Final = 0x1E
"""84 1E: the result code follows as data."""

_EXPIRED: Final = frozenset({0x36, 0x50, 0x78})
_UNREADABLE: Final = frozenset({0x64, 0x65, 0x72, 0x73, 0xE2})
_NOT_READY: Final = frozenset(
    # 6A, B1, B2, F0: its store is full or the day must be closed; 9B, A0-A3: no line to the bank.
    {0x51, 0x6A, 0x6B, 0x77, 0x7D, 0x83, 0x85, 0x89, 0x9B, 0x9C, 0xA0, 0xA1, 0xA3}
    | {0xB1, 0xB2, 0xC2, 0xCC, 0xDC, 0xE0, 0xE4, 0xED, 0xF0}
)
_REFUSED_LOCALLY: Final = frozenset({0x71, 0xC3})
_HOST_TROUBLE_FROM: Final = 0x5B
_BAD_AMOUNT: Final = 0x0D

_ENTER_PIN: Final = frozenset({0x01, 0x02, 0xCC})
_CONTACTING: Final = frozenset({0x04, 0x0E, 0x17, 0xD2, 0xD3})
_WRONG_PIN: Final = frozenset({0x15})

_FAILURES: Final = {
    0x37: "the terminal refuses our password, or the PIN was wrong",
    0x51: "the terminal must be initialised first",
    0x64: "the card could not be read",
    0x68: "not possible with this card",
    0x6A: "the terminal's store is full: close the day first",
    0x6B: "the terminal forgot its registration",
    0x6C: "stopped at the terminal, or nobody acted in time",
    0x6F: "the terminal does not take this currency",
    0x77: "the terminal cannot close its day now",
    0x83: "the terminal does not know this order",
    0x9B: "the terminal cannot reach the bank",
    0x9C: "the terminal is busy",
    0xA1: "the bank does not answer",
    0xA3: "the terminal has no connection",
    0xB4: "already reversed",
    0xB5: "the terminal cannot reverse this payment",
    0xB7: "not the amount of the payment",
    0xC2: "the terminal needs a diagnosis first",
    0xCC: "the terminal's printer does not work",
    0xF0: "the day must be closed first",
}

_CURRENCIES: Final = {
    "BGN": "0975", "CHF": "0756", "CZK": "0203", "DKK": "0208", "EUR": "0978", "GBP": "0826", "HUF": "0348",
    "ISK": "0352", "NOK": "0578", "PLN": "0985", "RON": "0946", "SEK": "0752", "USD": "0840",
}  # fmt: skip
_NAMES: Final = {number: name for name, number in _CURRENCIES.items()}


def decline_reason(result_code: int) -> DeclineReason:
    """The class a shopper can act on; `result_code` 0 to 255 from BMP 27, 06 1E or 84 xx."""
    match result_code:
        case 0x6C:  # key pressed or time run out: the terminal does not say which
            return DeclineReason.CANCELLED
        case 0x37:
            return DeclineReason.WRONG_PIN
        case _ if result_code in _EXPIRED:
            return DeclineReason.CARD_EXPIRED
        case _ if result_code in _UNREADABLE:
            return DeclineReason.CARD_UNREADABLE
        case _ if result_code in _NOT_READY:
            return DeclineReason.TERMINAL_NOT_READY
        case _ if result_code in _REFUSED_LOCALLY:
            return DeclineReason.REFUSED_BY_BANK
        case _ if 0 < result_code < _HOST_TROUBLE_FROM and result_code != _BAD_AMOUNT:
            return DeclineReason.REFUSED_BY_BANK
        case _:
            return DeclineReason.OTHER


def failure_text(result_code: int) -> str:
    """What a refused order means to staff; `result_code` 0 to 255, 0 where the terminal gave none."""
    if result_code == 0:
        return "the terminal stopped without saying why"
    return _FAILURES.get(result_code, f"the terminal answered {result_code:02X}")


def card_phase(intermediate_status: int) -> CardPhase | None:
    """Where the shopper stands, or None for a state that asks nothing of a shopper."""
    match intermediate_status:
        case 0x0A:
            return CardPhase.PRESENT_CARD
        case _ if intermediate_status in _ENTER_PIN:
            return CardPhase.ENTER_PIN
        case _ if intermediate_status in _CONTACTING:
            return CardPhase.CONTACTING_BANK
        case _ if intermediate_status in _WRONG_PIN:
            return CardPhase.WRONG_PIN
        case 0x0B:
            return CardPhase.REMOVE_CARD
        case _ if 0x41 <= intermediate_status <= 0x67:  # the state 40h below it, "and remove the card"
            return CardPhase.REMOVE_CARD
        case _:
            return None


def currency_number(currency: str) -> str | None:
    """Four digits as BMP 49 carries them, or None for a currency this driver does not know."""
    return _CURRENCIES.get(currency)


def currency_name(number: str) -> str:
    """ISO 4217 letters; a number without a known name stays a number, so that it can match no request."""
    return _NAMES.get(number, number)
