"""Owns the two test locales: English made longer and accented (en-XA), or written in Arabic letters (ar-XB).

It must not know any text: both are made from the English text when it is asked for, so they are never out of
date. What shows no accent on an en-XA screen was never sent to a translator; what stands on the wrong side of
an ar-XB screen is not mirrored. Placeholders stay as they are.
"""

from __future__ import annotations

import gettext
import re
from collections.abc import Callable
from itertools import cycle
from typing import Final

from assets.languages import Direction, direction_of

GROWTH_PCT: Final = 40
"""How much longer than English a translation may well be; German and Filipino come near it."""

_PLACEHOLDER = re.compile(r"(%\([a-z_]+\)[sd]|\{[a-z_]*\}|%%|#)")
_VOWELS: Final = frozenset("aeiouyAEIOUY")
_ACCENTED: Final = str.maketrans(
    "aceginorstuwyzACEGINORSTUWYZdhjklDHJKL",
    "åçéĝîñöŕšţûŵýžÅÇÉĜÎÑÖŔŠŢÛŴÝŽđĥĵķļĐĤĴĶĻ",
)
_ARABIC: Final = str.maketrans(
    "abcdefghijklmnopqrstuvwxyz",
    "ابجدعفغهيذكلمنوبقرستثحطخيز",
)
_ARABIC_SIGNS: Final = str.maketrans("?,;", "؟،؛")


class PseudoTranslations(gettext.NullTranslations):
    """A catalogue that makes every translation out of the English text by one rule."""

    def __init__(self, change: Callable[[str], str]) -> None:
        super().__init__()
        self._change = change

    def gettext(self, message: str) -> str:
        return self._change(message)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return self._change(msgid1 if n == 1 else msgid2)


def pseudo_translations(language: str) -> PseudoTranslations:
    """The test locale `language`; which of the two follows from the way it is read."""
    is_mirrored = direction_of(language) is Direction.RIGHT_TO_LEFT
    return PseudoTranslations(mirrored if is_mirrored else lengthened)


def lengthened(text: str) -> str:
    """`[Ŝçåån ýöûûŕ …]`: accents, brackets at both ends to see a cut, and 40 % more than English."""
    if not text:
        return ""
    parts = _PLACEHOLDER.split(text)
    words = "".join(parts[::2])
    room = -(-len(words) * GROWTH_PCT // 100) - 2  # the brackets are part of the growth
    vowels = [at for at, sign in enumerate(words) if sign in _VOWELS]
    extra = [0] * len(words)
    for at, _ in zip(cycle(vowels), range(max(room, 0)), strict=False):
        extra[at] += 1
    grown = iter([sign * (1 + more) for sign, more in zip(words, extra, strict=True)])
    parts[::2] = ["".join(next(grown) for _ in part).translate(_ACCENTED) for part in parts[::2]]
    return f"[{''.join(parts)}]"


def mirrored(text: str) -> str:
    """Every Latin letter as an Arabic one, so that real right-to-left text is shaped, ordered and drawn."""
    parts = _PLACEHOLDER.split(text)
    parts[::2] = [part.lower().translate(_ARABIC).translate(_ARABIC_SIGNS) for part in parts[::2]]
    return "".join(parts)
