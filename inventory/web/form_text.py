"""Owns the first look at what a form sends: ids that could be one, and text on one line or several.

It must not know what any field means. PostgreSQL holds no NUL, and no page or table shows other such signs.
"""

from __future__ import annotations

from typing import Final

LONGEST_ID: Final = 200
MOST_LETTERS: Final = 4000
"""Of a text field more is not even looked at; what is shorter and still too long is refused in words."""


def is_id(sent: str) -> bool:
    """Whether this could be the id of anything."""
    return 0 < len(sent) <= LONGEST_ID and sent.isprintable()


def one_line(sent: str) -> str:
    """Text without line breaks, doubled spaces, and signs that nothing shows."""
    cut = sent[:MOST_LETTERS]
    return " ".join("".join(each if each.isprintable() else " " for each in cut).split())


def some_lines(sent: str) -> str:
    """Text as typed, line by line."""
    lines = sent[:MOST_LETTERS].replace("\r\n", "\n").split("\n")
    return "\n".join("".join(each for each in line if each.isprintable()) for line in lines).strip()
