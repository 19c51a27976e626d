"""Owns the words of the web pages: gettext catalogues, with English as the text itself.

It must not know pages or people. A language without a compiled catalogue is English, and says so.
"""

from __future__ import annotations

import gettext
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from babel import Locale, UnknownLocaleError

DOMAIN = "lanelight"
SOURCE_LANGUAGE = "en"
PAGE_LANGUAGE = SOURCE_LANGUAGE
"""Language of tablet and console until their catalogues are complete; shoppers' languages are the lane's."""

LOCALE_FOLDER = Path(__file__).resolve().parents[2] / "assets" / "locale"


@dataclass(frozen=True, slots=True)
class Texts:
    """The words of one language. `language` is what a page may claim in its `lang` attribute."""

    language: str
    translations: gettext.NullTranslations

    def text(self, message: str) -> str:
        return self.translations.gettext(message)

    def plural(self, one: str, many: str, count: int) -> str:
        return self.translations.ngettext(one, many, count)


@cache
def texts_for(language: str, folder: Path = LOCALE_FOLDER) -> Texts:
    """The words in `language` (BCP 47), or English where no compiled catalogue is found."""
    try:
        found = gettext.translation(DOMAIN, folder, languages=[language.replace("-", "_")])
    except OSError:
        return Texts(SOURCE_LANGUAGE, gettext.NullTranslations())
    return Texts(language, found)


@cache
def own_name(language: str) -> str:
    """A language by its own name, with a capital: `Italiano`. Unknown codes stay as sent."""
    try:
        name = Locale.parse(language.replace("-", "_")).get_display_name()
    except (UnknownLocaleError, ValueError):
        return language
    return name[:1].upper() + name[1:] if name else language
