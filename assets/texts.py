"""Owns the reading of translations: one gettext catalogue a language for lane and store.

It must not know any text. Catalogues are read from the .po files themselves, so that what a translator saved
is what a shopper reads; a language without a catalogue, or a text without a translation, stays English.
"""

from __future__ import annotations

import gettext
from functools import lru_cache
from io import BytesIO
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from assets import ROOT

DOMAIN = "lanelight"
LOCALE = ROOT / "locale"


def catalogue_path(language: str, folder: Path = LOCALE) -> Path:
    """Where the texts of `language` (a BCP 47 tag such as "it") stand, if there are any."""
    return folder / language / "LC_MESSAGES" / f"{DOMAIN}.po"


@lru_cache(maxsize=32)
def translations(language: str, folder: Path = LOCALE) -> gettext.NullTranslations:
    """The catalogue of `language`, with plurals; English needs none."""
    path = catalogue_path(language, folder)
    if not path.is_file():
        return gettext.NullTranslations()
    compiled = BytesIO()
    with path.open("rb") as source:
        write_mo(compiled, read_po(source, locale=language.replace("-", "_")))
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


class Texts:
    """One language's texts. Called with the English text; `plural` picks the form for a number."""

    def __init__(self, language: str) -> None:
        self.language = language
        self._catalogue = translations(language)

    def __call__(self, english: str) -> str:
        return self._catalogue.gettext(english)

    def plural(self, one: str, many: str, number: int) -> str:
        """The form for `number`, with %(n)d filled in."""
        return self._catalogue.ngettext(one, many, number) % {"n": number}
