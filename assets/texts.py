"""Owns the reading of translations: one gettext catalogue a language for lane and store.

It must not know any text. Catalogues are read from the .po files themselves, so that what a translator saved
is what a shopper reads; the test locales are made when asked for. A language without a catalogue, a file that
cannot be read, or a text without a translation that fits, stays English.
"""

from __future__ import annotations

import gettext
import logging
import re
from functools import lru_cache
from io import BytesIO
from pathlib import Path

from babel.messages import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import PoFileError, read_po

from assets import ROOT
from assets.languages import Direction, cldr_of, direction_of, is_test_locale
from assets.pseudo import pseudo_translations

DOMAIN = "lanelight"
LOCALE = ROOT / "locale"

_PLACE = re.compile(r"%\([a-z_]+\)[sd]|\{[a-z_]*\}")
_LOG = logging.getLogger(__name__)


def catalogue_path(language: str, folder: Path = LOCALE) -> Path:
    """Where the texts of `language` (a BCP 47 tag such as "it") stand, if there are any."""
    return folder / language / "LC_MESSAGES" / f"{DOMAIN}.po"


def has_texts(language: str, folder: Path = LOCALE) -> bool:
    """Whether there is anything but English to show in `language`."""
    return is_test_locale(language) or catalogue_path(language, folder).is_file()


@lru_cache(maxsize=32)
def translations(language: str, folder: Path = LOCALE) -> gettext.NullTranslations:
    """The catalogue of `language`, with plurals; English needs none."""
    if is_test_locale(language):
        return pseudo_translations(language)
    path = catalogue_path(language, folder)
    if not path.is_file():
        return gettext.NullTranslations()
    compiled = BytesIO()
    try:
        write_mo(compiled, _fitting(path, cldr_of(language)))
        compiled.seek(0)
        return gettext.GNUTranslations(compiled)
    except (OSError, ValueError, PoFileError, LookupError):
        _LOG.exception("%s cannot be read; its texts stay English", path)
        return gettext.NullTranslations()


def _fitting(path: Path, locale: str) -> Catalog:
    """The file's texts without those that ask for a value the English one does not know."""
    with path.open("rb") as source:
        catalogue = read_po(source, locale=locale)
    for message in list(catalogue):
        if message.id and not _fits(message):
            _LOG.warning("%s: the translation of %r asks for another value", path, message.id)
            catalogue.delete(message.id)
    return catalogue


def _fits(message: Message) -> bool:
    wanted = set(_PLACE.findall(_joined(message.id)))
    text = _joined(message.string)
    return set(_PLACE.findall(text)) <= wanted and ("%(" not in _PLACE.sub("", text))


def _joined(text: object) -> str:
    return " ".join(map(str, text)) if isinstance(text, (tuple, list)) else str(text or "")


class Texts:
    """One language's texts. Called with the English text; `plural` picks the form for a number."""

    def __init__(self, language: str) -> None:
        self.language = language
        self._catalogue = translations(language)

    @property
    def direction(self) -> Direction:
        """Which way the language is read."""
        return direction_of(self.language)

    def __call__(self, english: str) -> str:
        return self._catalogue.gettext(english)

    def plural(self, one: str, many: str, number: int) -> str:
        """The form for `number`, with %(n)d filled in."""
        return self._catalogue.ngettext(one, many, number) % {"n": number}
