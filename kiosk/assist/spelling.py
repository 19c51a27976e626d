"""Owns the words by which a letter is told from another one that sounds like it: B as in Bravo.

It must not know keys or screens. A language without words of its own takes those of radio (ICAO), which end
in Latin letters; any other letter has none.
"""

from __future__ import annotations

from typing import Final

_RADIO: Final = (
    "Alfa Bravo Charlie Delta Echo Foxtrot Golf Hotel India Juliett Kilo Lima Mike "
    "November Oscar Papa Quebec Romeo Sierra Tango Uniform Victor Whiskey Xray Yankee "
    "Zulu"
)
_BY_LANGUAGE: Final = {
    "it": (
        "Ancona Bologna Como Domodossola Empoli Firenze Genova Hotel Imola Jolly Kursaal "
        "Livorno Milano Napoli Otranto Padova Quarto Roma Savona Torino Udine Venezia "
        "Washington Xilofono York Zara"
    ),
    "ro": (
        "Ana Barbu Constantin Dumitru Elena Florea Gheorghe Haralambie Ion Jiu Kilogram Lazăr "
        "Maria Nicolae Olga Petre Radu Sandu Tudor Udrea Vasile Xenia Zamfir"
    ),
    "de": (
        "Aachen Berlin Chemnitz Düsseldorf Essen Frankfurt Goslar Hamburg Ingelheim Jena Köln "
        "Leipzig München Nürnberg Offenbach Potsdam Quickborn Rostock Salzwedel Tübingen Unna "
        "Völklingen Wuppertal Xanten Ypsilon Zwickau"
    ),
}
"""Towns and names, as one spells on the telephone; German by DIN 5009."""


def _table(words: str) -> dict[str, str]:
    return {word[0]: word for word in words.split()}


_TABLES: Final = {language: _table(words) for language, words in _BY_LANGUAGE.items()}
_RADIO_TABLE: Final = _table(_RADIO)


def spelled(letter: str, language: str) -> str:
    """The word for a letter, "" where it has none: figures, signs, letters with accents, other scripts."""
    return _TABLES.get(language, _RADIO_TABLE).get(letter.upper(), "")
