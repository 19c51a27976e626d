"""Owns the order in which a line is drawn: the Unicode Bidirectional Algorithm (UAX #9), by libfribidi.

It must not know fonts. The base direction comes from the language of the screen, never from the first letter.
"""

from __future__ import annotations

import ctypes
import logging
import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from typing import Any, Final

from PIL import features

_LOG = logging.getLogger(__name__)

LIBRARY: Final = "libfribidi.so.0"
MISSING: Final = (
    "right-to-left and joined scripts are drawn wrongly: libfribidi is missing; "
    "run `apt-get install libfribidi0`"
)
_PARAGRAPH_LTR: Final = 0x110  # FRIBIDI_PAR_LTR, FRIBIDI_PAR_RTL: fribidi-bidi-types.h
_PARAGRAPH_RTL: Final = 0x111

_NEEDS_ORDER: Final = re.compile(
    "[\u0590-\u08ff\u200f\u2066-\u2069\ufb1d-\ufdff\ufe70-\ufefe\U00010800-\U00010fff\U0001e800-\U0001efff]"
)
"""Without one of these a left-to-right line is already in order."""

_RIGHT_TO_LEFT: Final = frozenset({"ar", "ckb", "dv", "fa", "he", "ps", "sd", "ug", "ur", "yi"})


def reads_right_to_left(language: str) -> bool:
    """Whether a language (BCP 47; only its first part counts) is written from right to left."""
    return language.split("-", maxsplit=1)[0] in _RIGHT_TO_LEFT


@dataclass(frozen=True, slots=True)
class Stretch:
    """Characters of one direction, in reading order; the stretches of a line stand in drawing order."""

    text: str
    rtl: bool


@lru_cache(maxsize=1)
def fribidi() -> Any:
    """The library, or None; that it is missing is said once."""
    try:
        library = ctypes.CDLL(LIBRARY)
    except OSError:
        library = None
    if library is None or not features.check("raqm") or not features.check("fribidi"):
        _LOG.error(MISSING)
        return None
    library.fribidi_get_par_embedding_levels_ex.restype = ctypes.c_int8
    return library


def orders_text() -> bool:
    """Whether right-to-left and joined scripts are drawn rightly on this machine."""
    return fribidi() is not None


def in_drawing_order(line: str, *, rtl: bool) -> tuple[Stretch, ...]:
    """The stretches of one line from left to right. Digits are never turned round, brackets face in."""
    if not line:
        return ()
    if not rtl and not _NEEDS_ORDER.search(line):
        return (Stretch(line, rtl=False),)
    return _ordered(line, rtl=rtl)


@lru_cache(maxsize=2048)
def _ordered(line: str, *, rtl: bool) -> tuple[Stretch, ...]:
    library = fribidi()
    levels = _levels(library, line, rtl=rtl) if library else [0] * len(line)
    runs = [
        (level, "".join(line[at] for at in places))
        for level, places in groupby(range(len(line)), key=levels.__getitem__)
    ]
    # Rule L2: from the highest level down, turn round every sequence that stands that high or higher.
    for level in range(max(levels), 0, -1):
        runs = _turned(runs, level)
    return tuple(Stretch(text, rtl=level % 2 == 1) for level, text in runs)


def _turned(runs: list[tuple[int, str]], level: int) -> list[tuple[int, str]]:
    turned: list[tuple[int, str]] = []
    for high, group in groupby(runs, key=lambda run: run[0] >= level):
        stretch = list(group)
        turned += reversed(stretch) if high else stretch
    return turned


def _levels(library: Any, line: str, *, rtl: bool) -> list[int]:
    length = len(line)
    characters = (ctypes.c_uint32 * length).from_buffer_copy(line.encode("utf-32-le"))
    types, brackets = (ctypes.c_uint32 * length)(), (ctypes.c_uint32 * length)()
    levels = (ctypes.c_int8 * length)()
    base = ctypes.c_uint32(_PARAGRAPH_RTL if rtl else _PARAGRAPH_LTR)
    library.fribidi_get_bidi_types(characters, length, types)
    library.fribidi_get_bracket_types(characters, length, types, brackets)
    if not library.fribidi_get_par_embedding_levels_ex(types, brackets, length, ctypes.byref(base), levels):
        return [int(rtl)] * length  # no memory: the line in its base direction
    return list(levels)


@lru_cache(maxsize=512)
def mirrored(character: str) -> str:
    """The character drawn for this one where the direction is right to left: rule L4."""
    library = fribidi()
    other = ctypes.c_uint32()
    if library is None or not library.fribidi_get_mirror_char(ord(character), ctypes.byref(other)):
        return character
    return chr(other.value)
