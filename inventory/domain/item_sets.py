"""Owns the sum by which two sides see that they hold the same items, whatever way each came by them.

It must not know versions or messages. The sum of a set is that of its items' digests, so that one changed
item costs one subtraction and one addition, and no order matters.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import MISSING, fields
from enum import Enum
from hashlib import blake2b

from inventory.domain.catalogue import Item

_BYTES = 16
_MODULUS = 1 << (8 * _BYTES)
_FIELDS = tuple(
    (each.name, None if each.default is MISSING else each.default)
    for each in sorted(fields(Item), key=lambda each: each.name)
)


def item_digest(item: Item) -> int:
    """128 bits of one item. A field at its default is left out: who does not know it yet has the same."""
    parts = []
    for name, default in _FIELDS:
        value = getattr(item, name)
        if value != default:
            parts.append(f"{name}\x1e{_written(value)}")
    return int.from_bytes(blake2b("\x1f".join(parts).encode(), digest_size=_BYTES).digest())


def sum_of(items: Iterable[Item]) -> str:
    """The sum of a set of items in 32 hexadecimal digits."""
    return _hex(sum(map(item_digest, items)))


def moved_sum(before: str, *, gone: Iterable[Item], come: Iterable[Item]) -> str:
    """The sum `before` without the items that are gone and with those that have come."""
    return _hex(int(before, 16) - sum(map(item_digest, gone)) + sum(map(item_digest, come)))


def _hex(total: int) -> str:
    return f"{total % _MODULUS:032x}"


def _written(value: object) -> str:
    if isinstance(value, dict):
        return "\x1d".join(f"{key}\x1c{value[key]}" for key in sorted(value))
    if isinstance(value, tuple):
        return "\x1d".join(map(str, value))
    return str(value.value if isinstance(value, Enum) else value)
