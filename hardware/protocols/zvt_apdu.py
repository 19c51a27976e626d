"""Owns ZVT messages: the APDU with its two length forms, the commands we send, the messages we read.

It must not know frames, order or time. Every malformed input raises hardware.events.ProtocolError and
nothing else. Sources: VdTH PA00P016 section 5.2, VdTH PA00P015 sections 2 and 3.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from hardware.card_numbers import mask_long_numbers
from hardware.events import CardEvidence, ProtocolError
from hardware.protocols import zvt_bmp as bmp
from hardware.protocols.zvt_bmp import bcd_to_digits, digits_to_bcd, parse_bmps, parse_tlv, take_var
from hardware.protocols.zvt_codes import RESULT_CURRENCY, currency_name
from hardware.protocols.zvt_text import Charset, decode_text

STATUS_INFORMATION: Final = 0x040F
INTERMEDIATE_STATUS: Final = 0x04FF
SET_DATE_TIME: Final = 0x0401
STATUS_ENQUIRY: Final = 0x0501
REGISTRATION: Final = 0x0600
AUTHORISATION: Final = 0x0601
COMPLETION: Final = 0x060F
ABORTED: Final = 0x061E
REPEAT_RECEIPT: Final = 0x0620
ABORT: Final = 0x06B0
PRINT_LINE: Final = 0x06D1
PRINT_TEXT_BLOCK: Final = 0x06D3

LARGEST_AMOUNT_MINOR: Final = 999_999_999_999
"""Twelve BCD digits."""

_EXTENDED: Final = 0xFF
_TLV_TEXT_BLOCKS: Final = bytes.fromhex("06 06 26 04 0A 02 06 D3")


@dataclass(frozen=True, slots=True)
class Apdu:
    """One message. `control` is class and instruction, 0x0000 to 0xFFFF; `data` 0 to 65535 bytes."""

    control: int
    data: bytes = b""

    def __str__(self) -> str:
        return f"{self.control >> 8:02X} {self.control & 0xFF:02X}"


ACCEPTED: Final = Apdu(0x8000)
GOODS_REFUSED: Final = Apdu(0x8466)
"""To a positive 04 0F: the sale cannot go on, the terminal must reverse. PA00P015 section 2.2.6."""
UNSUPPORTED: Final = Apdu(0x8483)


@dataclass(frozen=True, slots=True)
class StatusInformation:
    """04 0F as far as the lane needs it. Absent fields are None or empty; numbers keep their zeros."""

    result_code: int
    amount_minor: int | None
    currency: str
    terminal_id: str
    receipt_no: str
    trace_no: str
    card_name: str = field(compare=False)
    """Not compared: the same result may have been read in another character set."""
    card_last4: str
    authorisation_id: str
    terminal_date: str
    terminal_time: str
    totals: bytes | None
    """BMP 60, which only an end of day has."""

    @property
    def positive(self) -> bool:
        return self.result_code == 0

    @property
    def holds_totals(self) -> bool:
        return self.totals is not None

    def evidence(self, registered_currency: str) -> CardEvidence:
        """A terminal that names no currency means the registered one (PA00P015 section 2.1).

        An amount it does not name becomes 0, which equals no request.
        """
        return CardEvidence(
            terminal_id=self.terminal_id,
            receipt_no=self.receipt_no,
            trace_no=self.trace_no,
            amount_minor=self.amount_minor or 0,
            currency=self.currency or registered_currency,
            result_code=self.result_code,
            card_name=self.card_name,
            card_last4=self.card_last4,
            authorisation_id=self.authorisation_id,
            terminal_date=self.terminal_date,
            terminal_time=self.terminal_time,
        )


@dataclass(frozen=True, slots=True)
class IntermediateStatus:
    """04 FF: a state number, and how many minutes the terminal asks us to be patient, if it does."""

    status: int
    timeout_min: int | None


def is_answer(apdu: Apdu) -> bool:
    """Whether it answers a command (80 00, 84 xx) rather than being one."""
    return apdu.control == 0x8000 or apdu.control >> 8 == 0x84


def refusal(answer: Apdu) -> int | None:
    """The error number of 84 xx, or None when the answer is positive; 84 00 is positive too (5.2.3)."""
    return answer.control & 0xFF or None


def compose_apdu(apdu: Apdu) -> bytes:
    assert len(apdu.data) <= 0xFFFF, "an APDU carries at most 65535 bytes"
    size = len(apdu.data)
    length = bytes((size,)) if size < _EXTENDED else bytes((_EXTENDED,)) + size.to_bytes(2, "little")
    return apdu.control.to_bytes(2, "big") + length + apdu.data


def parse_apdu(raw: bytes) -> Apdu:
    """Reads a whole frame's content. Raises ProtocolError when the length field tells another length."""
    if len(raw) < 3:
        raise ProtocolError("too short for an APDU")
    size, start = raw[2], 3
    if size == _EXTENDED:  # low byte first, unlike TLV lengths
        if len(raw) < 5:
            raise ProtocolError("the extended length is cut short")
        size, start = int.from_bytes(raw[3:5], "little"), 5
    if len(raw) - start != size:
        raise ProtocolError(f"the length field says {size}, there are {len(raw) - start} bytes")
    return Apdu(int.from_bytes(raw[:2], "big"), raw[start:])


# --- commands, ECR to terminal -------------------------------------------------------------------


def registration(password: str, config: int, service: int, currency_number: str) -> Apdu:
    """06 00, PA00P015 section 2.1. The TLV says we could take text blocks, and lets the terminal send TLV."""
    data = digits_to_bcd(password, 3) + bytes((config,)) + digits_to_bcd(currency_number, 2)
    return Apdu(REGISTRATION, data + bytes((0x03, service)) + _TLV_TEXT_BLOCKS)


def authorisation(amount_minor: int, currency_number: str) -> Apdu:
    """06 01, section 2.2; `amount_minor` 1 to 999 999 999 999."""
    amount = bytes((bmp.AMOUNT,)) + digits_to_bcd(str(amount_minor), 6)
    return Apdu(AUTHORISATION, amount + bytes((bmp.CURRENCY,)) + digits_to_bcd(currency_number, 2))


def status_enquiry(password: str) -> Apdu:
    """05 01, section 2.56: service byte 03 = no service menu, no version text."""
    return Apdu(STATUS_ENQUIRY, digits_to_bcd(password, 3) + b"\x03\x03")


def repeat_receipt(password: str) -> Apdu:
    """06 20, section 2.20: service byte 03 = send the status information again, print nothing."""
    return Apdu(REPEAT_RECEIPT, digits_to_bcd(password, 3) + b"\x03\x03")


# --- messages, terminal to ECR -------------------------------------------------------------------


def parse_status_information(data: bytes, charset: Charset = "cp437") -> StatusInformation:
    """Reads 04 0F, its card name in `charset`.

    Raises ProtocolError also when there is no result code: then it says nothing.
    """
    fields = parse_bmps(data)
    if bmp.RESULT not in fields:
        raise ProtocolError("status information without a result code")
    number = _digits(fields, bmp.CURRENCY)
    amount = _digits(fields, bmp.AMOUNT)
    return StatusInformation(
        result_code=fields[bmp.RESULT][0],
        amount_minor=int(amount) if amount else None,
        currency=currency_name(number) if number else "",
        terminal_id=_digits(fields, bmp.TERMINAL_ID),
        receipt_no=_digits(fields, bmp.RECEIPT),
        trace_no=_trace(fields),
        card_name=mask_long_numbers(_text(fields.get(bmp.CARD_NAME, b""), charset)),
        card_last4=fields.get(bmp.PAN, b"").decode("ascii"),
        authorisation_id=_text(fields.get(bmp.AUTHORISATION_ID, b""), "ascii"),
        terminal_date=_digits(fields, bmp.DATE),
        terminal_time=_digits(fields, bmp.TIME),
        totals=fields.get(bmp.TOTALS),
    )


def parse_intermediate_status(data: bytes) -> IntermediateStatus:
    """Reads 04 FF, section 3.7. The timeout byte may be left out even before a TLV container (5.1)."""
    if not data:
        raise ProtocolError("intermediate status without a state")
    rest = data[1:]
    if not rest or _is_tlv_container(rest):
        return IntermediateStatus(data[0], None)
    parse_bmps(rest[1:])
    return IntermediateStatus(data[0], int(bcd_to_digits(rest[:1])))


def parse_enquiry_completion(data: bytes) -> int:
    """The terminal status in the 06 0F that ends a 05 01: [version LLLVAR] status [TLV], section 2.56.5."""
    at = 0
    if len(data) > 3 and all(byte >> 4 == 0xF for byte in data[:3]):  # F0 alone is a status
        _, at = take_var(data, 0, 3)
    if at >= len(data):
        raise ProtocolError("status enquiry completed without a status")
    if data[at + 1 :] and not _is_tlv_container(data[at + 1 :]):
        raise ProtocolError("something else than a status enquiry was completed")
    return data[at]


def parse_abort(data: bytes) -> int | None:
    """The result code of 06 1E, section 3.3; None when the terminal gave none."""
    if not data:
        return None
    code, rest = data[0], data[1:]
    if code == RESULT_CURRENCY and len(rest) == 2:  # followed by its currency, without a field number
        return code
    parse_bmps(rest)
    return code


def _is_tlv_container(data: bytes) -> bool:
    try:
        return list(parse_bmps(data)) == [bmp.TLV]
    except ProtocolError:
        return False


def _digits(fields: dict[int, bytes], number: int) -> str:
    return bcd_to_digits(fields.get(number, b""))


def _trace(fields: dict[int, bytes]) -> str:
    trace = _digits(fields, bmp.TRACE)
    if trace.strip("0"):
        return trace
    for item in parse_tlv(fields.get(bmp.TLV, b"")):
        # A trace number of more than six digits travels here; one of over twelve may be a card number.
        if item.tag == bmp.LONG_TRACE_TAG and len(item.value) <= 6:
            return bcd_to_digits(item.value)
    return trace


def _text(raw: bytes, charset: Charset) -> str:
    return decode_text(raw.split(b"\0")[0], charset).strip()  # NUL ends a name on many
