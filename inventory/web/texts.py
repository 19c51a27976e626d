"""Owns the words of the web pages: the shop's catalogues (`assets.texts`), with English as the text itself.

It must not know pages or people. A language without a catalogue is English, and says so.
"""

from __future__ import annotations

import gettext
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from babel import Locale, UnknownLocaleError

from assets.texts import LOCALE, catalogue_path, translations

SOURCE_LANGUAGE = "en"
PAGE_LANGUAGE = SOURCE_LANGUAGE
"""Language of tablet and console; shoppers' languages are the lane's."""


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
    known = catalogue_path(language, folder).is_file()
    return Texts(language if known else SOURCE_LANGUAGE, translations(language, folder))


@cache
def own_name(language: str) -> str:
    """A language by its own name, with a capital: `Italiano`. Unknown codes stay as sent."""
    try:
        name = Locale.parse(language.replace("-", "_")).get_display_name()
    except (UnknownLocaleError, ValueError):
        return language
    return name[:1].upper() + name[1:] if name else language
