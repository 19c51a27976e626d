"""Owns how bytes go wrong on their way: flipped, lost, doubled, swapped, cut, spliced, split.

It must not know any protocol. All chance comes from the `Random` handed in, so a seed repeats a campaign.
"""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

NOISE_LIMIT = 80
"""Longest burst of pure noise, in bytes."""


def damaged(data: bytes, chance: Random, others: Sequence[bytes], telling: bytes = b"") -> bytes:
    """`data` after one to four accidents; `telling` are bytes that mean something in the protocol."""
    broken = bytearray(data)
    for _ in range(chance.choice((1, 1, 1, 2, 2, 3, 4))):
        _damage(broken, chance, others, telling)
    return bytes(broken)


def _damage(broken: bytearray, chance: Random, others: Sequence[bytes], telling: bytes) -> None:
    at = chance.randrange(len(broken) + 1)
    match chance.randrange(9):
        case 0 if broken:
            broken[at - 1] ^= 1 << chance.randrange(8)
        case 1 if broken:
            broken[at - 1] = chance.randrange(256)
        case 2 if broken and telling:
            broken[at - 1] = chance.choice(telling)
        case 3:
            broken.insert(at, chance.choice(telling) if telling else chance.randrange(256))
        case 4:
            del broken[at : at + chance.choice((1, 1, 2, 8))]
        case 5:
            broken[at:at] = broken[at : at + chance.randrange(1, 9)]
        case 6:
            del broken[at:]
        case 7:
            other = chance.choice(others)
            broken[at:] = other[chance.randrange(len(other) + 1) :]
        case _:
            broken[at:at] = chance.randbytes(chance.randrange(1, 6))


def noise(chance: Random) -> bytes:
    return chance.randbytes(chance.randrange(1, NOISE_LIMIT))


def split(data: bytes, chance: Random) -> list[bytes]:
    """The same bytes as a line may deliver them: whole, in pieces, or one by one."""
    way = chance.random()
    if way < 0.6 or len(data) < 2:
        return [data]
    if way > 0.97:
        return [data[at : at + 1] for at in range(len(data))]
    cuts = sorted(chance.randrange(1, len(data)) for _ in range(chance.randrange(1, 4)))
    return [data[a:b] for a, b in zip([0, *cuts], [*cuts, len(data)], strict=True) if a < b]
