"""Owns the layouts of the on-screen keyboard: one JSON file a language, read strictly.

It must not know what is written with them, nor how large a key is drawn.
"""

from __future__ import annotations

import json
import logging
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from assets import ROOT
from assets.answers import FALLBACK_LANGUAGE, languages_for

log = logging.getLogger(__name__)

KEYBOARDS = ROOT / "keyboards"
VERSION = 1
MOST_KEYS = 10
"""So many keys of 15 mm stand side by side on the narrowest glass."""

_FIELDS = {"version": int, "language": str, "rows": list, "accents": str, "letters": str, "pad": list}
_TELEPHONE = ("123", "456", "789", "0")


class LayoutError(Exception):
    """A layout that cannot be used; the text names the file, and the line where there is one."""


@dataclass(frozen=True, slots=True)
class Layout:
    """`rows` are the letters, the row of accents first where there is one; every character is a key.

    `pad` holds the figures in the order of a telephone; `letters` is the word on the key that leads back.
    """

    language: str
    rows: tuple[str, ...]
    pad: tuple[str, ...]
    letters: str


def parse_layout(text: str, source: str) -> Layout:
    """Raises LayoutError for the first thing that is not as it should be."""
    try:
        found = json.loads(text, object_pairs_hook=_once)
    except json.JSONDecodeError as error:
        raise LayoutError(f"{source}:{error.lineno}: {error.msg}") from error
    except (ValueError, RecursionError) as error:
        raise LayoutError(f"{source}: {error}") from error
    if not isinstance(found, dict) or set(found) != set(_FIELDS):
        raise LayoutError(f"{source}: a layout has exactly {', '.join(_FIELDS)}")
    for name, kind in _FIELDS.items():
        if type(found[name]) is not kind:
            raise LayoutError(f"{source}: {name} is not of the right kind")
    if found["version"] != VERSION:
        raise LayoutError(f"{source}: version {found['version']} is not known; this program reads {VERSION}")
    rows, pad = _rows(found["rows"], "rows", source), _rows(found["pad"], "pad", source)
    accents = (found["accents"],) if found["accents"] else ()
    _check_letters((*accents, *rows), source)
    _check_pad(pad, source)
    if not 0 < len(found["letters"]) <= 4:
        raise LayoutError(f"{source}: letters is a word of one to four characters")
    return Layout(found["language"], (*accents, *rows), pad, found["letters"])


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    names = [name for name, _ in pairs]
    if len(set(names)) != len(names):
        raise ValueError("a name stands twice")
    return dict(pairs)


def _rows(rows: list[object], name: str, source: str) -> tuple[str, ...]:
    checked = tuple(row for row in rows if isinstance(row, str))
    if len(checked) != len(rows):
        raise LayoutError(f"{source}: {name} is a list of words, one a row of keys")
    return checked


def _check_letters(rows: tuple[str, ...], source: str) -> None:
    if not 3 <= len(rows) <= 5 or not all(0 < len(row) <= MOST_KEYS for row in rows):
        raise LayoutError(f"{source}: letters stand in 3 to 5 rows of 1 to {MOST_KEYS}, accents included")
    if len(rows[-1]) >= MOST_KEYS:
        raise LayoutError(f"{source}: the last row keeps a place for the key that deletes")
    keys = "".join(rows)
    twice = sorted({key for key in keys if keys.count(key) > 1})
    if twice:
        raise LayoutError(f"{source}: {twice[0]} stands on two keys")
    strange = [key for key in keys if not key.isalpha() or unicodedata.combining(key)]
    if strange:
        raise LayoutError(f"{source}: U+{ord(strange[0]):04X} is not a letter")


def _check_pad(pad: tuple[str, ...], source: str) -> None:
    figures = tuple("".join(key for key in row if key.isdigit()) for row in pad)
    if figures != _TELEPHONE or max(map(len, pad)) > 4 or len(pad[-1]) > 3:
        raise LayoutError(f"{source}: pad holds 1 to 9 and 0 in the order of a telephone, four keys a row")
    keys = "".join(pad)
    if len(set(keys)) != len(keys) or not keys.isprintable():
        raise LayoutError(f"{source}: a key of the pad stands twice or cannot be shown")


@lru_cache(maxsize=64)
def layout_for(language: str) -> Layout:
    """The keyboard of `language`, else of the next in its chain, else English."""
    for tongue in languages_for(language):
        path = KEYBOARDS / f"{tongue}.json"
        try:
            if path.is_file():
                return read_layout(path)
        except LayoutError as error:
            log.warning("a keyboard is left out: %s", error)
    return read_layout(KEYBOARDS / f"{FALLBACK_LANGUAGE}.json")


def read_layout(path: Path) -> Layout:
    """Raises LayoutError, also for a file that cannot be opened or is another language's."""
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise LayoutError(f"{path}: the file cannot be read: {error}") from error
    layout = parse_layout(text, str(path))
    if layout.language != path.stem:
        raise LayoutError(f"{path}: the file says it is for {layout.language}")
    return layout
