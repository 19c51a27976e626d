"""Owns how a place in a list is written for a reader that comes back for the next page.

It must not know lists. A cursor is opaque: what is in it may change with any version of the program.
"""

from __future__ import annotations

import base64
import json
from datetime import datetime
from http import HTTPStatus

from inventory.web.problems import Problem

_WRONG = "cursor: send back what `next` said, unchanged."


def cursor_of_key(key: str) -> str:
    """The place after a key."""
    return _written([key])


def cursor_of_moment(at_utc: datetime, key: str) -> str:
    """The place after a key at an instant."""
    return _written([at_utc.isoformat(), key])


def key_of(cursor: str) -> str:
    """The key of a cursor made by `cursor_of_key`, "" for no cursor. Raises Problem 422."""
    if not cursor:
        return ""
    match _read(cursor):
        case [str() as key]:
            return key
        case _:
            raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, _WRONG)


def moment_of(cursor: str) -> tuple[datetime, str] | None:
    """Instant and key of a cursor made by `cursor_of_moment`, None for no cursor. Raises Problem 422."""
    if not cursor:
        return None
    match _read(cursor):
        case [str() as stamp, str() as key]:
            try:
                at_utc = datetime.fromisoformat(stamp)
            except ValueError:
                at_utc = None
            if at_utc is not None and at_utc.tzinfo is not None:
                return at_utc, key
    raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, _WRONG)


def _written(parts: list[str]) -> str:
    return base64.urlsafe_b64encode(json.dumps(parts).encode()).decode().rstrip("=")


def _read(cursor: str) -> object:
    try:
        text = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        place: object = json.loads(text)
        # What a table cannot be asked for is no place either: lone surrogates and NUL are not printable.
        return place if _is_text(place) else None
    except (ValueError, RecursionError):
        return None


def _is_text(place: object) -> bool:
    return isinstance(place, list) and all(isinstance(part, str) and part.isprintable() for part in place)
