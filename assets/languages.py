"""Owns the one table of languages: code, own name, direction, rank, formats, voice and plural forms.

It must not know any text or screen. A language is added here, and only here; its catalogue stands in
`assets/locale`, its product names in the catalogue of the shop.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum, StrEnum
from types import MappingProxyType
from typing import Final

ENGLISH: Final = "en"
"""The language of the texts themselves: it needs no catalogue, and stands in where another has no word."""


class Direction(StrEnum):
    """Which way a line is read; the values are those of HTML's `dir`."""

    LEFT_TO_RIGHT = "ltr"
    RIGHT_TO_LEFT = "rtl"


class Tier(Enum):
    """FIRST stands on the welcome screen, SECOND under the globe, TEST only where it is asked for by name."""

    FIRST = "first"
    SECOND = "second"
    TEST = "test"


@dataclass(frozen=True, slots=True)
class Language:
    """`code` is BCP 47; `cldr` is the locale of its formats; `voice` is espeak-ng's, "" where it has none.

    `plurals` are the forms of its catalogue (GNU gettext manual, "Plural forms"; CLDR for ro and ar).
    """

    code: str
    own_name: str
    tier: Tier
    cldr: str
    plurals: str
    voice: str = ""
    direction: Direction = Direction.LEFT_TO_RIGHT


_ONE_FORM = "nplurals=1; plural=0;"
_ONE_OR_MORE = "nplurals=2; plural=(n != 1);"
_UP_TO_ONE_OR_MORE = "nplurals=2; plural=(n > 1);"
_ROMANIAN = "nplurals=3; plural=(n == 1 ? 0 : (n == 0 || (n % 100 > 0 && n % 100 < 20)) ? 1 : 2);"
_ARABIC = (
    "nplurals=6; plural=(n == 0 ? 0 : n == 1 ? 1 : n == 2 ? 2 : n % 100 >= 3 && n % 100 <= 10 ? 3 "
    ": n % 100 >= 11 ? 4 : 5);"
)

_TABLE = (
    Language(ENGLISH, "English", Tier.FIRST, "en_GB", _ONE_OR_MORE, "en-gb"),
    Language("it", "Italiano", Tier.FIRST, "it", _ONE_OR_MORE, "it"),
    Language("id", "Indonesia", Tier.FIRST, "id", _ONE_FORM, "id"),
    Language("ro", "Română", Tier.FIRST, "ro", _ROMANIAN, "ro"),
    Language("fil", "Filipino", Tier.FIRST, "fil", _UP_TO_ONE_OR_MORE),
    Language("es", "Español", Tier.SECOND, "es", _ONE_OR_MORE, "es"),
    Language("fr", "Français", Tier.SECOND, "fr", _UP_TO_ONE_OR_MORE, "fr-fr"),
    Language("de", "Deutsch", Tier.SECOND, "de", _ONE_OR_MORE, "de"),
    Language("ar", "العربية", Tier.SECOND, "ar", _ARABIC, "ar", Direction.RIGHT_TO_LEFT),
    Language("zh-Hans", "简体中文", Tier.SECOND, "zh_Hans", _ONE_FORM, "cmn"),
    Language("en-XA", "English XA", Tier.TEST, "en", _ONE_OR_MORE, "en-gb"),
    Language("ar-XB", "English XB", Tier.TEST, "ar", _ONE_OR_MORE, "ar", Direction.RIGHT_TO_LEFT),
)

LANGUAGES: Final = MappingProxyType({language.code: language for language in _TABLE})
"""Every language by its code, in the order in which a person sees them."""

SHIPPED: Final = tuple(code for code, language in LANGUAGES.items() if language.tier is not Tier.TEST)
"""What every lane offers."""

FIRST_TIER: Final = tuple(code for code, language in LANGUAGES.items() if language.tier is Tier.FIRST)

TRANSLATED: Final = tuple(code for code in SHIPPED if code != ENGLISH)
"""The languages with a catalogue of their own."""


def own_name_of(language: str) -> str:
    """A language in its own words; a code that is not in the table stays as it is."""
    known = LANGUAGES.get(language)
    return known.own_name if known else language


def direction_of(language: str) -> Direction:
    """Which way `language` is read; what is not in the table is read from left to right."""
    known = LANGUAGES.get(language)
    return known.direction if known else Direction.LEFT_TO_RIGHT


def cldr_of(language: str) -> str:
    """The CLDR locale whose numbers and dates `language` uses, as Babel writes it."""
    known = LANGUAGES.get(language)
    return known.cldr if known else language.replace("-", "_")


def is_test_locale(language: str) -> bool:
    """Whether `language` is one of those made by a rule, for the eyes of people who build screens."""
    return language in LANGUAGES and LANGUAGES[language].tier is Tier.TEST


def unknown_language(code: str, known: Iterable[str] = SHIPPED) -> str:
    """Why a code cannot be used, with the nearest one that can."""
    codes = list(known)
    near = difflib.get_close_matches(code, codes, n=1, cutoff=0.5)
    # People write what the language is called, or a country's code beside it.
    beginning = next((each for each in codes if each.split("-")[0] == code.lower().split("-")[0]), "")
    named = next((each for each in codes if own_name_of(each).casefold() == code.casefold()), "")
    best = named or beginning or (near[0] if near else "")
    rest = f"; did you mean “{best}”?" if best else f"; there are {', '.join(codes)}"
    return f"“{code}” is not a language of the lane{rest}"
