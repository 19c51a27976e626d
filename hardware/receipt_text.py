"""Owns what text may reach a receipt printer: safe characters, widths, and a code page per language.

It must not know escape sequences or documents. No control character leaves this module.
"""

from __future__ import annotations

import unicodedata
from typing import Final

from wcwidth import wcwidth

UNKNOWN: Final = "?"

_DROPPED_CATEGORIES: Final = {"Cc", "Cf", "Cs", "Co", "Cn"}
_SPACE_CATEGORIES: Final = {"Zs", "Zl", "Zp"}
_BREAKS: Final = "\t\n\v\f\r\x85"

_SPELLINGS: Final = str.maketrans(
    {
        **dict.fromkeys(_BREAKS, " "),
        "ș": "ş",  # the comma-below letters came after the printers' code pages; Romanian accepts the cedilla
        "ț": "ţ",
        "Ș": "Ş",
        "Ț": "Ţ",
        "₱": "PHP ",
        "’": "'",
        "‘": "'",
        "‚": "'",
        "“": '"',
        "”": '"',
        "„": '"',
        "–": "-",
        "—": "-",
        "‑": "-",
        "−": "-",
        "…": "...",
        "•": "*",
    }
)

_WEST: Final = ("cp858",)
_CENTRAL: Final = ("cp852", "cp858")  # CP852 has no euro sign; CP858 helps the lines that need one
_PAGES: Final = {
    **dict.fromkeys(("bs", "cs", "hr", "hu", "pl", "ro", "sk", "sl", "sq"), _CENTRAL),
    "tr": ("cp857", "cp858"),
    "el": ("cp737", "cp858"),
    **dict.fromkeys(("be", "bg", "ru", "uk"), ("cp866", "cp858")),
}
_MARKS_PER_COLUMN: Final = 4


def safe_text(text: str) -> str:
    """`text` in NFC without any control, format or unassigned character, in spellings printers know.

    Breaks and all kinds of space become one plain space each; ₱ becomes `PHP `, ș becomes ş.
    """
    spelled = unicodedata.normalize("NFC", text).translate(_SPELLINGS)
    return "".join(_safe_character(character) for character in spelled)


def _safe_character(character: str) -> str:
    category = unicodedata.category(character)
    if category in _SPACE_CATEGORIES:
        return " "
    return "" if category in _DROPPED_CATEGORIES else character


def width_of(text: str) -> int:
    """Columns `text` takes: two for East Asian wide characters, none for combining marks."""
    return sum(max(0, wcwidth(character)) for character in text)


def clip(text: str, columns: int) -> str:
    """The longest start of `text` that fits `columns`, with a bounded number of combining marks."""
    kept: list[str] = []
    used = 0
    for character in text[: columns * _MARKS_PER_COLUMN]:
        used += max(0, wcwidth(character))
        if used > columns:
            break
        kept.append(character)
    return "".join(kept)


def fit(left: str, right: str, *, columns: int) -> tuple[str, str]:
    """Both parts, clipped so that they share `columns` with a space between; `left` gives way first."""
    right = clip(right, columns)
    return clip(left, max(0, columns - width_of(right) - 1)), right


def page_for(text: str, language: str) -> str | None:
    """The first of the language's code pages (Python codec name) that says all of `text`, or None.

    `language` is a BCP 47 tag; only its first part counts.
    """
    return next((page for page in _pages(language) if _can_say(page, text)), None)


def spell_unknown(text: str, language: str) -> str:
    """`text` as the language's best code page can say it, UNKNOWN in each column it cannot."""
    spellings = [
        "".join(c if _can_say(page, c) else UNKNOWN * max(0, wcwidth(c)) for c in text)
        for page in _pages(language)
    ]
    return min(spellings, key=lambda said: said.count(UNKNOWN))


def _pages(language: str) -> tuple[str, ...]:
    return _PAGES.get(language.replace("_", "-").split("-")[0].lower(), _WEST)


def _can_say(page: str, text: str) -> bool:
    try:
        encoded = text.encode(page)
    except UnicodeEncodeError:
        return False
    # Belt and braces: nothing a printer could take for a command, whatever a codec does.
    return all(byte >= 0x20 and byte != 0x7F for byte in encoded)
