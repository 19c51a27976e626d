"""Owns how a day and a time of day are written for people, in each language.

It must not read a clock nor choose a time zone: a moment is written in the zone it comes in. Months are
named, never numbered: 3/7 is July to some and March to others. Hours run to 24 everywhere: a receipt has no
room for the words of morning and afternoon.
"""

from __future__ import annotations

from datetime import datetime

from babel import Locale
from babel.dates import format_date, format_skeleton

from assets.languages import cldr_of


def format_clock(moment: datetime, language: str) -> str:
    """`14:05`, and `14.05` where people write it so."""
    return _written("Hm", moment, language)


def format_day(moment: datetime, language: str) -> str:
    """`27 Nov 2026`."""
    return _written("yMMMd", moment, language)


def format_weekday(moment: datetime, language: str) -> str:
    """`Friday, 27 November 2026`, for the head of a page of one day."""
    return str(format_date(moment, "full", locale=Locale.parse(cldr_of(language))))


def format_moment(moment: datetime, language: str) -> str:
    """`27 Nov 2026 14:05`."""
    return f"{format_day(moment, language)} {format_clock(moment, language)}"


def _written(skeleton: str, moment: datetime, language: str) -> str:
    locale = Locale.parse(cldr_of(language))
    text = str(format_skeleton(skeleton, moment, locale=locale))
    return text.replace("\u202f", " ")
