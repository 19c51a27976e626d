"""Owns what people typed to each other in an open call: a small file beside the journal, emptied at its end.

It must not know calls or screens. The journal keeps for ever, so no typed text goes into it: an entry of the
journal names what was said by its id, and the words stand here.
"""

from __future__ import annotations

import json
import logging
import os
import threading
from collections.abc import Collection
from contextlib import suppress
from pathlib import Path
from typing import Final

log = logging.getLogger(__name__)

MOST: Final = 200
"""More than one call can hold; the oldest go first."""


class Jottings:
    """Texts by the id of what was said. Without a path they live in memory alone. Any thread may call."""

    def __init__(self, path: Path | None = None) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._texts = _read(path)
        self._shown: set[str] = set(self._texts)

    def put(self, entry_id: str, text: str) -> None:
        """Keeps a text before anything says that it is there."""
        with self._lock:
            self._texts[entry_id] = text
            while len(self._texts) > MOST:
                self._texts.pop(next(iter(self._texts)))
            self._write()

    def get(self, entry_id: str) -> str:
        """The text, or "" where it is gone."""
        with self._lock:
            return self._texts.get(entry_id, "")

    def all(self) -> dict[str, str]:
        """Every text there is."""
        with self._lock:
            return dict(self._texts)

    def keep(self, entry_ids: Collection[str]) -> None:
        """Forgets what was among those named before and is so no more; what was not named yet stays."""
        with self._lock:
            gone = (self._shown - set(entry_ids)) & set(self._texts)
            self._shown |= set(entry_ids)
            if gone:
                self._texts = {key: text for key, text in self._texts.items() if key not in gone}
                self._shown -= gone
                self._write()

    def _write(self) -> None:
        """A disk that takes nothing keeps nobody from writing to each other: the texts are in memory then."""
        if self._path is None:
            return
        new = self._path.with_suffix(".new")
        try:
            if not self._texts:
                self._path.unlink(missing_ok=True)
                return
            with new.open("w", encoding="utf-8") as file:
                json.dump(self._texts, file, ensure_ascii=False)
                file.flush()
                os.fsync(file.fileno())
            new.replace(self._path)
        except OSError as error:
            log.error("what was typed in a call could not be kept: %s", error.strerror)


def _read(path: Path | None) -> dict[str, str]:
    with suppress(OSError, ValueError):
        found = json.loads(path.read_text("utf-8")) if path is not None else {}
        if isinstance(found, dict):
            return {str(key): text for key, text in found.items() if isinstance(text, str)}
    return {}
