"""Owns the reading of a tablet's page: its calls, what their buttons send, and whose they are.

It must not press anything, nor know how a page is fetched.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Final

_STEP: Final = re.compile(r"/staff/help/[^/]+/([a-z-]+)")
_CALL: Final = "help-"
_MINE: Final = "Yours"


@dataclass(slots=True)
class CallTile:
    """A call on the wall. `steps` are what its buttons do, each with the fields that its form sends."""

    help_id: str
    steps: dict[str, dict[str, str]] = field(default_factory=dict)
    colleagues: list[str] = field(default_factory=list)
    """To whom it may be given."""
    is_mine: bool = False

    @property
    def turn(self) -> int | None:
        """Which turn it is, as its buttons say; None without buttons."""
        turns = [fields["turn"] for fields in self.steps.values() if "turn" in fields]
        return int(turns[0]) if turns else None


@dataclass(frozen=True, slots=True)
class ReadWall:
    """What a page shows, in its order; `form_token` is "" on a page without any form."""

    calls: dict[str, CallTile]
    form_token: str


def read_wall(page: str) -> ReadWall:
    """The calls of a page or a wall."""
    reader = _Reader()
    reader.feed(page)
    return ReadWall(reader.calls, reader.form_token)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.calls: dict[str, CallTile] = {}
        self.form_token = ""
        self._tile: CallTile | None = None
        self._items = 0
        self._fields: dict[str, str] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        words = {name: value or "" for name, value in attrs}
        match tag:
            case "li" if self._tile is not None:
                self._items += 1
            case "li" if words.get("id", "").startswith(_CALL):
                self._tile = CallTile(words["id"].removeprefix(_CALL))
                self.calls[self._tile.help_id] = self._tile
            case "form":
                step = _STEP.fullmatch(words.get("action", ""))
                self._fields = {}
                if self._tile is not None and step is not None:
                    self._tile.steps[step[1]] = self._fields
            case "input" if words.get("type") == "hidden" and "name" in words:
                self._take(words["name"], words.get("value", ""))
            case "option" if self._tile is not None and words.get("value"):
                self._tile.colleagues.append(words["value"])

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._fields = None
        if tag == "li" and self._tile is not None:
            if not self._items:
                self._tile = None
            self._items = max(0, self._items - 1)

    def handle_data(self, data: str) -> None:
        if self._tile is not None and _MINE in data:
            self._tile.is_mine = True

    def _take(self, name: str, value: str) -> None:
        if name == "form_token":
            self.form_token = value
        elif self._fields is not None:
            self._fields[name] = value
