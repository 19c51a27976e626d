"""Owns the reading of one recorded Concert V2 (protocol E+) message for a person: fields, or why not.

It must not take part in a dialogue, and it never shows the report of a full-size answer: that one begins with
the card number.
Source: the public Concert/Caisse-AP description (request 34 characters, answer 25 or 80); LRC is the XOR of
all bytes behind STX up to and with ETX.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from operator import xor
from typing import Final

from hardware.events import ProtocolError
from hardware.protocols.zvt_codes import currency_name

STX: Final = 0x02
ETX: Final = 0x03
_CONTROL: Final = {0x04: "EOT", 0x05: "ENQ", 0x06: "ACK", 0x15: "NAK"}

_MODES: Final = {"1": "card", "C": "cheque"}
_KINDS: Final = {"0": "debit", "1": "credit", "2": "refund", "4": "automatic"}
_RESULTS: Final = {"0": "accepted", "7": "refused", "9": "not completed"}
_DELAYS: Final = {"A010": "answer at the end", "A011": "answer at once, without the result"}
_CONSENTS: Final = {"B010": "the terminal decides", "B011": "authorisation forced"}
_REPORTS: Final = {"0": "short answer", "1": "full answer, holds the card number"}
_UNKNOWN: Final = "no meaning known"

_ANSWER_SIZE: Final = 25
_REPORT_SIZE: Final = 55


class ConcertFieldError(ProtocolError):
    """A message that cannot be read. `offset` is the byte where reading stopped."""

    def __init__(self, reason: str, offset: int) -> None:
        super().__init__(reason)
        self.offset = offset


@dataclass(frozen=True, slots=True)
class ConcertReading:
    """One message as a person may see it. `direction` is ecr->pt, pt->ecr or either."""

    direction: str
    command: str
    control: str
    fields: dict[str, object]
    length: int


def read_concert(raw: bytes) -> ConcertReading:
    """Reads one frame or control character. Raises ConcertFieldError; its offset is the place in `raw`."""
    if not raw:
        raise ConcertFieldError("nothing here", 0)
    if (name := _CONTROL.get(raw[0])) is not None:
        if len(raw) > 1:
            raise ConcertFieldError(f"{name} stands alone; one frame or control character a line", 1)
        return ConcertReading("either", name, f"{raw[0]:02X}", {}, 0)
    text = _unframed(raw)
    match len(text):
        case 34:
            return ConcertReading("ecr->pt", "payment request", "02", _request(text), len(text))
        case 25 | 80:
            return ConcertReading("pt->ecr", "payment answer", "02", _answer(text), len(text))
        case size:
            words = f"there are {size} characters; a request has 34, an answer 25 or 80"
            raise ConcertFieldError(words, len(raw) - 2)


def _unframed(raw: bytes) -> str:
    if raw[0] != STX:
        raise ConcertFieldError("a Concert V2 frame begins with 02", 0)
    end = raw.find(ETX)
    if end < 0:
        raise ConcertFieldError("the frame does not end with 03", len(raw))
    for at in range(1, end):
        if not 0x20 <= raw[at] < 0x7F:
            raise ConcertFieldError("a character is outside 20 to 7E", at)
    if len(raw) == end + 1:
        raise ConcertFieldError("the LRC is missing", len(raw))
    wanted = reduce(xor, raw[1 : end + 1])
    if raw[end + 1] != wanted:
        words = f"the LRC is {raw[end + 1]:02X}, the content asks for {wanted:02X}"
        raise ConcertFieldError(words, end + 1)
    if len(raw) > end + 2:
        raise ConcertFieldError("there is more behind the frame; one frame a line", end + 2)
    return raw[1:end].decode("ascii")


class _Cursor:
    """Takes the characters of a frame from left to right; the first one stands behind STX."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0

    def take(self, size: int) -> str:
        part = self._text[self._at : self._at + size]
        self._at += size
        return part

    def digits(self, size: int) -> str:
        start = self._at
        part = self.take(size)
        for index, sign in enumerate(part):
            if not sign.isdigit():
                raise ConcertFieldError("a digit is wanted here", 1 + start + index)
        return part


def _request(text: str) -> dict[str, object]:
    cursor = _Cursor(text)
    till, amount_minor = cursor.digits(2), int(cursor.digits(8))
    report, mode, kind = cursor.take(1), cursor.take(1), cursor.take(1)
    currency = _currency(cursor)
    return {
        "till_no": till,
        "amount": {"amount_minor": amount_minor, "currency": currency},
        "answer": _coded(report, _REPORTS),
        "payment_mode": _coded(mode, _MODES),
        "payment_kind": _coded(kind, _KINDS),
        "currency": currency,
        "private": cursor.take(10),
        "delay": _coded(cursor.take(4), _DELAYS),
        "authorisation": _coded(cursor.take(4), _CONSENTS),
    }


def _answer(text: str) -> dict[str, object]:
    cursor = _Cursor(text)
    till, result, amount_minor = cursor.digits(2), cursor.take(1), int(cursor.digits(8))
    fields: dict[str, object] = {"till_no": till, "result": _coded(result, _RESULTS)}
    mode = cursor.take(1)
    if len(text) > _ANSWER_SIZE:
        cursor.take(_REPORT_SIZE)
        fields["report"] = f"not shown, {_REPORT_SIZE} bytes"
    currency = _currency(cursor)
    return {
        **fields,
        "amount": {"amount_minor": amount_minor, "currency": currency},
        "payment_mode": _coded(mode, _MODES),
        "currency": currency,
        "private": cursor.take(10),
    }


def _currency(cursor: _Cursor) -> str:
    return currency_name(f"0{cursor.digits(3)}")


def _coded(code: str, words: dict[str, str]) -> dict[str, str]:
    return {"code": code, "meaning": words.get(code, _UNKNOWN)}
