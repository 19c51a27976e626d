"""Owns what becomes of a text before anything is measured or drawn: no control, no trick, no endless pile.

It must not know fonts, languages or lines. `clean` is the one door; it never fails and is cheap to repeat.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Final

LONGEST: Final = 2_000
"""Characters kept of one text. A screen holds fewer; a catalogue may hold anything."""

UNKNOWN: Final = "\ufffd"
_MARKS_KEPT: Final = 8  # on one letter; the longest in use, in Tibetan and Hebrew, have fewer
_CUT: Final = "…"

_BREAKS: Final = re.compile("\r\n|[\r\u2028\u2029]")
# Unicode Standard Annex #9 §3: embeddings and overrides. A name that carries one could turn a price round
# ("500" drawn as "005"), so they go; isolates and marks cannot, so they stay.
_DROPPED: Final = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\xad\u202a-\u202e\u2065\u206a-\u206f\ufe00-\ufe0f\ufeff\ufff0-\ufffb"
    "\U000e0000-\U000e0fff]"
)
_SPACES: Final = re.compile("[\t\x0b\x0c\x85]")
_UNPAIRED: Final = re.compile("[\ud800-\udfff]")
_PLAIN: Final = re.compile(r"[\x20-\x7e\n\xa0-\xac\xae-\u02ff\u2010-\u2027\u20a0-\u20bf]*")
"""What needs no cleaning: Latin letters, signs and punctuation, all of them composed."""


@lru_cache(maxsize=4096)
def clean(text: str) -> str:
    """`text` composed (NFC), at most LONGEST characters, without control characters but "\\n".

    Half a surrogate pair becomes U+FFFD, which is drawn as the box of an unknown character.
    """
    if len(text) > LONGEST:
        text = text[: LONGEST - 1] + _CUT
    if _PLAIN.fullmatch(text):
        return text
    text = _UNPAIRED.sub(UNKNOWN, text)
    text = _DROPPED.sub("", _SPACES.sub(" ", _BREAKS.sub("\n", text)))
    # Composing never grows a text beyond three times its length (UAX #15, §3.3).
    return _few_marks(unicodedata.normalize("NFC", text))


def _few_marks(text: str) -> str:
    kept: list[str] = []
    marks = 0
    for character in text:
        marks = marks + 1 if unicodedata.category(character) in {"Mn", "Me"} else 0
        if marks <= _MARKS_KEPT:
            kept.append(character)
    return "".join(kept)
