"""Owns which tables and indexes are one engine's own: full-text tables here, inverted indexes there.

It must not check anything; tests compare the rest with the tables' shapes.
"""

from __future__ import annotations

from typing import Any

_TABLES = ("item_words",)
_INDEXES = frozenset({"ix_search_entry_words", "ix_search_entry_tier"})


def is_of_the_engine(name: str) -> bool:
    """Whether a table belongs to one engine alone, with the tables the engine keeps behind it."""
    return name in _TABLES or name.startswith(tuple(f"{table}_" for table in _TABLES))


def _is_compared(_found: Any, name: str | None, kind: str, _reflected: bool, _other: Any) -> bool:
    is_own = kind == "table" and is_of_the_engine(name or "")
    return not is_own and name not in _INDEXES


AGREEING: dict[str, Any] = {"compare_type": True, "include_object": _is_compared}
"""Options of a comparison of the tables with their migrations."""
