"""Owns the count of searches that found nothing until the store has it, in memory and in a small file.

It must not know how a report travels, nor who searched. Any thread may count, one thread sends.
"""

from __future__ import annotations

import contextlib
import logging
import os
import threading
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from inventory.wire import SearchCountMessage, SearchReport
from kiosk.anchor import sync_folder
from kiosk.ids import NewId

log = logging.getLogger(__name__)

MOST = 10_000
MOST_TERMS = 200
"""Words that wait for the store at once: a lane without one for weeks keeps the first of them."""


class _Kept(BaseModel):
    """What the file holds: the report the store has not settled, and what was counted since."""

    model_config = ConfigDict(extra="forbid")

    offered: SearchReport | None = None
    counts: tuple[tuple[str, str, int], ...] = ()


class SearchTally:
    """A report keeps its name until it is settled, over restarts too: the store counts it once."""

    def __init__(self, lane_id: str, new_id: NewId, path: Path) -> None:
        self._lane_id = lane_id
        self._new_id = new_id
        self._path = path
        self._lock = threading.Lock()
        kept = _read(path)
        own = kept.offered is not None and kept.offered.lane_id == lane_id
        self._offered = kept.offered if own else None
        self._counts: Counter[tuple[str, str]] = Counter(
            {(each.term, each.language): each.count for each in _still_countable(kept)}
        )
        self._changed = False

    def count(self, term: str, language: str) -> None:
        with self._lock:
            key = (term, language)
            if key in self._counts or len(self._counts) < MOST_TERMS:
                self._counts[key] = min(self._counts[key] + 1, MOST)
                self._changed = True

    def report(self) -> SearchReport | None:
        """What the store should have now; on disk under its name before anybody sends it."""
        with self._lock:
            if self._offered is None and self._counts:
                counts = tuple(
                    SearchCountMessage(term=term, language=language, count=count)
                    for (term, language), count in sorted(self._counts.items())
                )
                self._offered = SearchReport(report_id=self._new_id(), lane_id=self._lane_id, counts=counts)
                self._counts.clear()
                self._changed = True
        self.keep()
        return self._offered

    def settle(self, report: SearchReport) -> None:
        """The store has it, or will never take it."""
        with self._lock:
            if self._offered is report:
                self._offered = None
                self._changed = True
        self.keep()

    def keep(self) -> None:
        """Writes what changed beside and renames it. A disk that takes nothing costs these counts alone."""
        with self._lock:
            if not self._changed:
                return
            counts = tuple((term, language, count) for (term, language), count in self._counts.items())
            text = _Kept(offered=self._offered, counts=counts).model_dump_json()
            self._changed = False
        try:
            temporary = self._path.with_suffix(".new")
            with temporary.open("wb") as file:
                file.write(text.encode("utf-8"))
                file.flush()
                os.fsync(file.fileno())  # a name lost with the power would be counted again under another
            temporary.replace(self._path)
            sync_folder(self._path.parent)
        except OSError as error:
            log.warning("the counts of searches could not be kept: %s", error)


def _still_countable(kept: _Kept) -> Iterator[SearchCountMessage]:
    """What the store takes: a damaged count, or one from before a stricter rule, would block the rest."""
    for term, language, count in kept.counts[:MOST_TERMS]:
        with contextlib.suppress(ValidationError):
            yield SearchCountMessage(term=term, language=language, count=count)


def _read(path: Path) -> _Kept:
    """What was kept; nothing where there is no file, or a damaged one."""
    with contextlib.suppress(OSError, ValidationError, UnicodeDecodeError):
        return _Kept.model_validate_json(path.read_text("utf-8"))
    return _Kept()
