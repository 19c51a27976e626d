"""Owns the words of a ZVT terminal as text: its character sets, and that no card number stands in them.

It must not know which message a text came in. Control and format characters never leave this module.
Source: VdTH PA00P015 section 15 (character sets); ISO/IEC 7812-1 (length and check digit of card numbers).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import Final, Literal, get_args

from hardware.card_numbers import is_card_number, passes_luhn

Charset = Literal["cp437", "latin-1", "utf-8", "ascii"]
"""What a terminal writes in: CP437 unless told otherwise; card complete always sends ISO 8859."""

CHARSETS: Final[frozenset[str]] = frozenset(get_args(Charset))

KEPT_DIGITS: Final = 4

_UNREADABLE: Final = "\N{REPLACEMENT CHARACTER}"
_DIGIT_GROUPS: Final = re.compile(r"[0-9]+(?:[ ./-]{1,3}[0-9]+)*")
_LONG_RUN: Final = re.compile(r"[0-9]{14,}")
_SHORTEST_CARD_NUMBER: Final = 13
_LONGEST_CARD_NUMBER: Final = 19
_INNER_GROUP: Final = range(4, 7)
"""Card numbers are printed in groups of four to six digits; the last group may be shorter."""


def decode_text(raw: bytes, charset: Charset) -> str:
    """One line of plain text. What the character set does not know becomes "?"."""
    text = raw.decode(charset, "replace").replace(_UNREADABLE, "?")
    return "".join(_plain(character) for character in text)


def decode_lines(raw: bytes, charset: Charset) -> list[str]:
    """The same for a text that may hold line feeds; at least one line, which may be empty."""
    return [decode_text(line, charset) for line in raw.replace(b"\r\n", b"\n").split(b"\n")]


def _plain(character: str) -> str:
    if unicodedata.category(character)[0] == "Z":  # any kind of space
        return " "
    return character if character.isprintable() else ""


def mask_card_numbers(text: str) -> str:
    """`text` with all but the last four digits of anything that can be a card number as asterisks.

    That is 13 to 19 digits, in one piece or in groups parted by up to three blanks, hyphens, dots or strokes,
    whose last is the check digit of the others; or a known issuer's number with digits written against it.
    """
    masked = list(text)
    for chain in _DIGIT_GROUPS.finditer(text):
        groups = [(chain.start() + group.start(), group[0]) for group in re.finditer(r"[0-9]+", chain[0])]
        for first in range(len(groups)):
            for last in range(first, len(groups)):
                if _is_card_number([digits for _, digits in groups[first : last + 1]]):
                    places = [at + n for at, digits in groups[first : last + 1] for n in range(len(digits))]
                    for place in places[:-KEPT_DIGITS]:
                        masked[place] = "*"
    for run in _LONG_RUN.finditer(text):
        for start, end in _card_numbers_inside(run[0]):
            for place in range(run.start() + start, run.start() + end - KEPT_DIGITS):
                masked[place] = "*"
    return "".join(masked)


def _card_numbers_inside(digits: str) -> Iterator[tuple[int, int]]:
    """Where numbers of a known issuer stand in a run of digits that something else was written against."""
    for size in range(_SHORTEST_CARD_NUMBER, _LONGEST_CARD_NUMBER + 1):
        for start in range(len(digits) - size + 1):
            if is_card_number(digits[start : start + size]):
                yield start, start + size


def _is_card_number(groups: list[str]) -> bool:
    digits = "".join(groups)
    if not _SHORTEST_CARD_NUMBER <= len(digits) <= _LONGEST_CARD_NUMBER:
        return False
    as_printed = all(len(group) in _INNER_GROUP for group in groups[:-1]) or [*map(len, groups)] == [8, 8]
    return as_printed and passes_luhn(digits)
