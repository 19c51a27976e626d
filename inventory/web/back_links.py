"""Owns the links that shoppers keep until an item is back: signed, for a season, with no person in them.

It must not keep anything about a link: what it says is all in it, and the signature says that we made it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from itsdangerous import BadData, URLSafeTimedSerializer

from inventory.db.unit_of_work import Database
from inventory.services import link_keys

KEPT_FOR: Final = timedelta(days=90)
LONGEST: Final = 200


@dataclass(frozen=True, slots=True)
class BackLink:
    """Which item, and the language of who wants it."""

    gtin: str
    language: str


class BackLinks:
    """Makes and reads the links of one store."""

    def __init__(self, database: Database, store_id: str) -> None:
        self._database = database
        self._store_id = store_id

    def make(self, gtin: str, language: str) -> str:
        return self._serializer().dumps([gtin, language])

    def read(self, token: str) -> BackLink | None:
        """What a link says; None for one that nobody made here, or that is older than a season."""
        if len(token) > LONGEST:
            return None
        try:
            gtin, language = self._serializer().loads(token, max_age=int(KEPT_FOR.total_seconds()))
        except (BadData, ValueError, TypeError):
            return None
        return BackLink(str(gtin), str(language))

    def _serializer(self) -> URLSafeTimedSerializer:
        with self._database.read() as uow:
            key = link_keys.key_of(uow, self._store_id)
        return URLSafeTimedSerializer(key, salt="lanelight.back")
