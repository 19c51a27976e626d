"""Owns opening hours as people write them: `Mo-Fr 08:00-20:00; Sa 09:00-13:00`, by a wall clock.

It must not know time zones: an instant comes in as the place's own wall clock shows it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Final

DAYS: Final = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
_DAY_MIN: Final = 24 * 60
_WEEK_MIN: Final = 7 * _DAY_MIN
_RULE: Final = re.compile(
    r"(Mo|Tu|We|Th|Fr|Sa|Su)(?:-(Mo|Tu|We|Th|Fr|Sa|Su))? ([0-9]{2}):([0-9]{2})-([0-9]{2}):([0-9]{2})"
)
MOST_RULES: Final = 50


@dataclass(frozen=True, slots=True)
class OpeningHours:
    """Spans of the week in minutes since Monday 0:00, end excluded; none at all is always open.

    A span may begin on Sunday and end on Monday: its end is then beyond the week.
    """

    spans: tuple[tuple[int, int], ...] = ()

    def is_open(self, local: datetime) -> bool:
        """Whether it is open when the place's clock shows `local`."""
        minute = local.weekday() * _DAY_MIN + local.hour * 60 + local.minute
        return not self.spans or any(
            begin <= at < end for begin, end in self.spans for at in (minute, minute + _WEEK_MIN)
        )


ALWAYS: Final = OpeningHours()


def read_hours(text: str) -> OpeningHours:
    """Rules parted by semicolons; "" is always. An end that is not later than its begin is the next day's.

    Raises ValueError with one sentence.
    """
    rules = [rule.strip() for rule in text.split(";")] if text.strip() else []
    if len(rules) > MOST_RULES:
        raise ValueError(f"there are more than {MOST_RULES} opening hours")
    return OpeningHours(tuple(sorted({span for rule in rules for span in _spans(rule)})))


def _spans(rule: str) -> list[tuple[int, int]]:
    found = _RULE.fullmatch(rule)
    if found is None:
        raise ValueError(f"“{rule}” are no opening hours, such as Mo-Fr 08:00-20:00")
    first, last = DAYS.index(found[1]), DAYS.index(found[2] or found[1])
    begin, end = _minute(found[3], found[4], rule), _minute(found[5], found[6], rule)
    if begin in (end, _DAY_MIN):
        raise ValueError(f"“{rule}” opens and closes at once")
    days = range(first, last + 1 if last >= first else last + 8)
    length = (end - begin) % _DAY_MIN or _DAY_MIN
    return [(day % 7 * _DAY_MIN + begin, day % 7 * _DAY_MIN + begin + length) for day in days]


def _minute(hour: str, minute: str, rule: str) -> int:
    found = int(hour) * 60 + int(minute)
    if int(minute) > 59 or found > _DAY_MIN:
        raise ValueError(f"“{rule}” holds a time that no clock shows")
    return found
