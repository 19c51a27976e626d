"""Owns the words of the web pages: the shop's catalogues (`assets.texts`), with English as the text itself.

It must not know pages or people. A language without a catalogue is English, and says so.
"""

from __future__ import annotations

import gettext
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from babel import Locale, UnknownLocaleError

from assets.languages import LANGUAGES, cldr_of, own_name_of
from assets.texts import LOCALE, has_texts, translations

SOURCE_LANGUAGE = "en"
PAGE_LANGUAGE = SOURCE_LANGUAGE
"""Of pages for which a store names no language; shoppers' languages are the lane's."""


@dataclass(frozen=True, slots=True)
class Texts:
    """The words of one language. `language` is what a page may claim in its `lang` attribute."""

    language: str
    translations: gettext.NullTranslations

    def text(self, message: str) -> str:
        return self.translations.gettext(message)

    def plural(self, one: str, many: str, count: int) -> str:
        """The form for `count`, its placeholders not filled in yet."""
        return self.translations.ngettext(one, many, count)


@cache
def texts_for(language: str, folder: Path = LOCALE) -> Texts:
    """The words in `language` (BCP 47), or English where no catalogue is found."""
    return Texts(language if has_texts(language, folder) else SOURCE_LANGUAGE, translations(language, folder))


@cache
def own_name(language: str) -> str:
    """A language by its own name, with a capital: `Italiano`. Unknown codes stay as sent."""
    if language in LANGUAGES:
        return own_name_of(language)
    try:
        name = Locale.parse(cldr_of(language)).get_display_name()
    except (UnknownLocaleError, ValueError):
        return language
    return name[:1].upper() + name[1:] if name else language
