"""Owns the look for card numbers where none may be: in texts, in binary files, in hex and in packed BCD.

It must not know protocols or files, and never hands out a number it found: only its place and its last four
digits. Sources: ISO/IEC 7812-1 (length, Luhn, issuer ranges), ISO/IEC 7813 (tracks), PCI DSS 3.4 (masking).

The trade-off. Bare digits count only when they have an issuer's beginning and length, pass Luhn, stand alone
(no more digits on either side, not inside a number with a decimal point, not inside a hash), and are not an
article number: of thirteen or fourteen digits those with a right GS1 check digit are taken for goods. So one
13-digit Visa number in ten would be missed, a kind no issuer gives out any more. Packed BCD cannot be told
from other bytes by itself: it counts behind a length that fits it (as in BMP 22 to 24, EMV tags 5A and 57).
Digits one by one ("4 1 1 1"), and digits of other scripts, are not looked for.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from typing import Final


class Form(Enum):
    """How a number was written."""

    TEXT = "text"
    UTF_16 = "UTF-16"
    BCD = "BCD"
    HEX = "hex"


@dataclass(frozen=True, slots=True)
class FoundNumber:
    """`offset` counts characters of a text or bytes of data; `masked` shows at most four digits."""

    offset: int
    form: Form
    masked: str


_FROM_16: Final = frozenset(range(16, 20))
_ISSUERS: Final = (
    # first number, last number (as many digits each), lengths
    ("4", "4", frozenset({13, 16, 19})),  # Visa
    ("51", "55", frozenset({16})),  # Mastercard
    ("2221", "2720", frozenset({16})),
    ("2200", "2204", _FROM_16),  # Mir
    ("34", "34", frozenset({15})),  # American Express
    ("37", "37", frozenset({15})),
    ("300", "305", frozenset(range(14, 20))),  # Diners
    ("36", "36", frozenset(range(14, 20))),
    ("38", "39", frozenset(range(14, 20))),
    ("3528", "3589", _FROM_16),  # JCB
    ("6011", "6011", _FROM_16),  # Discover
    ("644", "659", _FROM_16),
    ("62", "62", _FROM_16),  # UnionPay
    ("50", "50", frozenset(range(13, 20))),  # Maestro, and the debit schemes beside it
    ("56", "58", frozenset(range(13, 20))),
    ("60", "60", _FROM_16),
    ("63", "63", frozenset(range(13, 20))),
    ("67", "67", frozenset(range(13, 20))),  # girocard too
)

_START: Final = re.compile(r"[0-9](?<![0-9]{2})(?<![0-9]\.[0-9])(?=[0-9 -]{12})")
_LAYOUT: Final = re.compile(
    r"(?:[0-9]{13,19}"
    r"|[0-9]{4}([ -])[0-9]{4}\1[0-9]{4}\1[0-9]{1,4}(?:\1[0-9]{1,3})?"
    r"|[0-9]{4}([ -])[0-9]{6}\2[0-9]{4,5}"
    r"|[0-9]{6}[ -][0-9]{7,13}"
    r"|[0-9]{8}[ -][0-9]{5,11})(?![0-9])"
)
_DECIMALS: Final = re.compile(r"\.[0-9]")
_EXPIRY: Final = re.compile(r"[Dd][0-9]{2}(?:0[1-9]|1[0-2])")
_LONG: Final = re.compile(r"[0-9](?:[ -]?[0-9]){12,}")
_TRACK_REST: Final = re.compile(r"[=D][0-9]{3,}")

_HASH_FROM: Final = 24
_HEX_DIGITS: Final = frozenset("0123456789abcdefABCDEF")
_HEX_LETTERS: Final = frozenset("abcdefABCDEF")

_UTF_16: Final = re.compile(rb"[0-9](?:\x00[0-9 -]){12,}")
_HEX_RUN: Final = re.compile(r"(?:[0-9A-Fa-f]{2}[ :-]?){9,}")
_ESCAPE: Final = re.compile(rb"\\(?:x([0-9A-Fa-f]{2})|([tnr\\'\"]))")
_ESCAPE_LETTERS: Final = {b"t": b"\t", b"n": b"\n", b"r": b"\r"}

_DECIMAL: Final = b"[" + b"".join(rb"\x%d0-\x%d9" % (high, high) for high in range(10)) + b"]"
# An LLVAR or LLLVAR length (ZVT PA00P016 section 5.2.8), or tag 5A or 57 with its length (EMV book 3,
# annex A), then the number.
_BCD_AFTER_LENGTH: Final = re.compile(
    rb"(?:\xf0([\xf7-\xf9])|\xf1([\xf0-\xf9])|\x5a([\x07-\x0a])|\x57([\x08-\x13]))(?=" + _DECIMAL + rb"{6})"
)
_BCD_NUMBER: Final = re.compile(r"([0-9]{13,19})(?:f*$|d)")


def find_card_numbers(text: str) -> list[FoundNumber]:
    """Every card number in `text`, in decimal digits (also grouped by spaces or dashes) or as hex of BCD."""
    found = [_found(start, Form.TEXT, written) for start, written in _alarming(text)]
    for run in _HEX_RUN.finditer(text):
        found += [_found(run.start(), Form.HEX, digits) for digits in _in_hex(run[0])]
    return sorted(found, key=lambda each: each.offset)


def find_card_numbers_in_bytes(data: bytes) -> list[FoundNumber]:
    """Every card number in `data`: ASCII amid anything, UTF-16, hex, packed BCD, and BCD in a `repr`."""
    found = find_card_numbers(data.decode("latin-1"))
    found += [_found(offset, Form.UTF_16, digits) for offset, digits in _in_utf_16(data)]
    found += [_found(offset, Form.BCD, digits) for offset, digits in _in_bcd(data)]
    if b"\\x" in data:
        found += _in_escapes(data)
    return sorted(found, key=lambda each: each.offset)


def mask_card_numbers(text: str) -> str:
    """`text` with all but the last four digits of each card number as `*`, and what follows on a track too.

    Spaces and dashes stay, so that a slip keeps its columns. On the safe side of `find_card_numbers`: a
    number that could also be an article number is masked.
    """
    parts, at = [], 0
    for start, written in _candidates(text):
        if start < at:
            continue
        end = start + len(written)
        parts += [text[at:start], _masked(written)]
        rest = _TRACK_REST.match(text, end)
        at = end if rest is None else rest.end()
        parts.append(re.sub("[0-9]", "*", text[end:at]))
    return "".join((*parts, text[at:]))


def mask_long_numbers(text: str) -> str:
    """As `mask_card_numbers`, but of any thirteen or more digits, together or grouped, whatever they are.

    For a field that never holds so long a number by right, such as the name of a card.
    """
    return _LONG.sub(lambda match: _masked(match[0]), text)


def unescaped(written: bytes) -> bytes:
    r"""The bytes that a `repr` in a log stands for: \xNN, \t, \n, \r, \\ and quotes put back."""
    return _ESCAPE.sub(_plain, written)


def is_card_number(digits: str) -> bool:
    """Whether `digits` (ASCII, without separators) has an issuer's beginning and length and passes Luhn."""
    return 13 <= len(digits) <= 19 and _has_issuer(digits) and passes_luhn(digits)


def passes_luhn(digits: str) -> bool:
    """Whether the last of the decimal `digits` is the check digit of the others (ISO/IEC 7812-1 annex B)."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) << (place & 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def _has_issuer(digits: str) -> bool:
    return any(
        first <= digits[: len(first)] <= last and len(digits) in lengths for first, last, lengths in _ISSUERS
    )


def _is_article_number(digits: str) -> bool:
    """GTIN-13 or GTIN-14 with a right check digit (GS1 General Specifications 7.9)."""
    if not digits.isdigit() or len(digits) not in (13, 14):
        return False
    weighted = sum(int(digit) * (3 if place & 1 else 1) for place, digit in enumerate(reversed(digits)))
    return weighted % 10 == 0


def _found(offset: int, form: Form, written: str) -> FoundNumber:
    return FoundNumber(offset, form, _masked(written))


def _masked(written: str) -> str:
    left = sum(character.isdigit() for character in written) - 4
    masked = []
    for character in written:
        masked.append("*" if character.isdigit() and left > 0 else character)
        left -= character.isdigit()
    return "".join(masked)


def _candidates(text: str) -> Iterator[tuple[int, str]]:
    """Where something written like a card number begins and is one; with groups, the longest that is."""
    for start in _START.finditer(text):
        layout = _LAYOUT.match(text, start.start())
        written = layout[0] if layout else ""
        while len(_digits(written)) >= 13:
            if is_card_number(_digits(written)):
                yield start.start(), written
                break
            written = written[: max(written.rfind(" "), written.rfind("-"), 0)]


def _alarming(text: str) -> Iterator[tuple[int, str]]:
    for start, written in _candidates(text):
        end = start + len(written)
        decimals = _DECIMALS.match(text, end) is not None
        in_hash = written.isdigit() and _is_in_hash(text, start, end) and not _EXPIRY.match(text, end)
        if not (decimals or in_hash or _is_article_number(written)):
            yield start, written


def _digits(written: str) -> str:
    return written.replace(" ", "").replace("-", "")


def _is_in_hash(text: str, start: int, end: int) -> bool:
    """Whether the digits are part of a long run of hex: a hash, an id, a frame (those are decoded apart)."""
    while start > 0 and text[start - 1] in _HEX_DIGITS:
        start -= 1
    while end < len(text) and text[end] in _HEX_DIGITS:
        end += 1
    return end - start >= _HASH_FROM and not _HEX_LETTERS.isdisjoint(text[start:end])


def _in_utf_16(data: bytes) -> Iterator[tuple[int, str]]:
    for run in _UTF_16.finditer(data):
        for start, written in _alarming(run[0].replace(b"\0", b"").decode("ascii")):
            yield run.start() + 2 * start, written


def _in_hex(written: str) -> Iterator[str]:
    nibbles = re.sub("[ :-]", "", written)
    for first in (0, 1):  # a digit that does not belong to it may stand before it
        data = bytes.fromhex(nibbles[first : len(nibbles) - (len(nibbles) - first) % 2])
        yield from (digits for _, digits in _in_bcd(data))
        yield from (digits for _, digits in _alarming(data.decode("latin-1")))


def _in_bcd(data: bytes) -> Iterator[tuple[int, str]]:
    for match in _BCD_AFTER_LENGTH.finditer(data):
        start = match.end()
        number = _BCD_NUMBER.match(data[start : start + _announced_size(match)].hex())
        if number is not None and is_card_number(number[1]):
            yield start, number[1]


def _in_escapes(data: bytes) -> Iterator[FoundNumber]:
    offset = 0
    for line in data.splitlines(keepends=True):
        if b"\\x" in line:
            for _, digits in _in_bcd(unescaped(line)):
                yield _found(offset, Form.BCD, digits)
        offset += len(line)


def _announced_size(match: re.Match[bytes]) -> int:
    units, tens, *tlv = match.groups()
    if units is not None:
        return int(units[0] & 0xF)
    if tens is not None:
        return 10 + int(tens[0] & 0xF)
    return next(int(size[0]) for size in tlv if size is not None)


def _plain(match: re.Match[bytes]) -> bytes:
    if match[1] is not None:
        return bytes.fromhex(match[1].decode("ascii"))
    return _ESCAPE_LETTERS.get(match[2], match[2])
