"""Owns the months in which a good is in season: how a shop writes them, and whether a month is one of them.

It must not know today's date: whoever asks brings the month.
"""

from __future__ import annotations

import re

MONTHS = 12

_SPAN = re.compile(r"([0-9]{1,2})(?:-([0-9]{1,2}))?", re.ASCII)

Season = tuple[int, ...]
"""Months from 1 to 12 in order; empty where nobody said, which is not the same as never."""


def read_season(text: str) -> Season | None:
    """Months written as `5-9`, `11-2` over the turn of the year, or several parts as `4 9-10`.

    None for anything else.
    """
    months: set[int] = set()
    for part in text.replace(",", " ").split():
        span = _SPAN.fullmatch(part)
        if span is None:
            return None
        first, last = int(span[1]), int(span[2] or span[1])
        if not (1 <= first <= MONTHS and 1 <= last <= MONTHS):
            return None
        length = (last - first) % MONTHS + 1
        months.update((first - 1 + step) % MONTHS + 1 for step in range(length))
    return tuple(sorted(months))


def write_season(season: Season) -> str:
    """Month by month, which no spreadsheet takes for a date; `read_season` reads it back alike."""
    return " ".join(map(str, season))
