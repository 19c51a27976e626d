"""Owns where a text may be taken apart: what a reader sees as one character, and where a line may end.

It must not know fonts or widths. Both follow the Unicode annexes (UAX #29 §3, UAX #14) as far as a shop's
texts need. Thai is written without spaces between words and we carry no dictionary: a Thai line ends at a
space, and only a stretch too wide for a line is broken, between clusters, sometimes inside a word.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Final

_JOINER: Final = "\u200d"
_SOFT_BREAK: Final = "\u200b"
_GLUE: Final = frozenset("\xa0\u202f\u2060")
# Each member carries on the cluster before it, besides the marks that unicodedata knows (UAX #29, Extend).
_EXTENDING: Final = re.compile("[\u0e33\u0eb3\u200c\u200d\uff9e\uff9f\U0001f3fb-\U0001f3ff]")
_LEADING_VOWELS: Final = re.compile(
    "[\u0e40-\u0e44\u0ec0-\u0ec4]"
)  # written before the consonant they follow
_LINKERS: Final = frozenset("\u094d\u09cd")  # UAX #29 GB9c: a virama ties the next consonant to itself
_INDIC_CONSONANT: Final = re.compile("[\u0915-\u0939\u0958-\u095f\u0978-\u097f\u0995-\u09b9\u09dc-\u09df]")
_FLAG: Final = re.compile("[\U0001f1e6-\U0001f1ff]")
_JAMO_LEAD: Final = re.compile("[\u1100-\u115f\ua960-\ua97c]")
_JAMO_TAIL: Final = re.compile("[\u1160-\u11ff\ud7b0-\ud7fb]")
_LETTER_BY_LETTER: Final = re.compile("[\u0020-\u02ff\u0370-\u0482\u048a-\u052f\u2010-\u2027\u20a0-\u20bf]*")
_LETTER_BY_LETTER_CJK: Final = re.compile(
    "[\u0020-\u02ff\u3000-\u3029\u3041-\u3096\u30a0-\u9fff\uac00-\ud7a3]*"
)

_WIDE: Final = (
    "\u2e80-\u2fdf\u3000-\u3029\u3030-\u3098\u309b-\ua4cf\uf900-\ufaff\uff00-\uff64\U00020000-\U0003fffd"
)
_BREAKS_ANYWHERE: Final = re.compile(f"[{_WIDE}]")
# Kinsoku: JIS X 4051 and GB/T 15834 name more; these are the ones that occur.
_NOT_AT_START: Final = frozenset(
    "!%),.:;?]}¢°’”‰′″℃、。々〉》」』】〕〗〙〛ぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮヵヶ・ーヽヾ゛゜！％），．：；？］｝～ๆฯ…"
)
_NOT_AT_END: Final = frozenset("$([{£¥‘“〈《「『【〔〖〘〚＄（［｛￡￥฿€₩")


@lru_cache(maxsize=2048)
def clusters(text: str) -> tuple[str, ...]:
    """The characters a reader sees: nothing may be cut, drawn or deleted by half."""
    if _LETTER_BY_LETTER.fullmatch(text) or _LETTER_BY_LETTER_CJK.fullmatch(text):
        return tuple(text)
    found: list[str] = []
    for character in text:
        if found and _joins(found[-1], character):
            found[-1] += character
        else:
            found.append(character)
    return tuple(found)


def _joins(cluster: str, character: str) -> bool:
    last = cluster[-1]
    if last == "\n" or character == "\n":
        return False
    if _EXTENDING.match(character) or unicodedata.category(character) in {"Mn", "Mc", "Me"}:
        return True
    if last == _JOINER:
        return not cluster[0].isspace() and unicodedata.category(character) == "So"
    if _LEADING_VOWELS.match(last) or last in _LINKERS:
        return bool(_INDIC_CONSONANT.match(character)) if last in _LINKERS else character.isalpha()
    if _FLAG.match(last):
        return bool(_FLAG.match(character)) and len(cluster) == 1
    return bool(_JAMO_TAIL.match(character) and (_JAMO_LEAD.match(last) or _JAMO_TAIL.match(last)))


def pieces(word: str) -> tuple[str, ...]:
    """A word without spaces, divided where a line may end inside it: everywhere in CJK, nowhere in Latin."""
    found = [piece for part in word.split(_SOFT_BREAK) for piece in _pieces(part)]
    return tuple(found) or ("",)


def _pieces(word: str) -> list[str]:
    if not word or not _BREAKS_ANYWHERE.search(word):
        return [word] if word else []
    first, *rest = clusters(word)
    found = [first]
    for cluster in rest:
        if _may_end(found[-1], cluster):
            found.append(cluster)
        else:
            found[-1] += cluster
    return found


def _may_end(before: str, after: str) -> bool:
    last, first = before[-1], after[0]
    if first in _NOT_AT_START or last in _NOT_AT_END or first in _GLUE or last in _GLUE:
        return False
    return bool(_BREAKS_ANYWHERE.match(first) or _BREAKS_ANYWHERE.match(_base_of(before)))


def _base_of(piece: str) -> str:
    """The last character of a piece that is not a mark on another."""
    return next((c for c in reversed(piece) if unicodedata.category(c) not in {"Mn", "Mc", "Me"}), piece[-1])
