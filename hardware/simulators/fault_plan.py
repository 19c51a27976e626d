"""Owns what a bad cable does to bytes: how often which fault, and the spoiling of one piece after another.

It must not read a clock, touch a cable or know what the bytes mean.
"""

from __future__ import annotations

import random
import threading
from collections import Counter
from dataclasses import dataclass
from enum import Enum
from typing import Final


class Fault(Enum):
    """The kinds; the value is the name of their rate in a plan."""

    DROP = "drop"
    """One byte is lost, or, one time in four, the whole piece."""
    DUPLICATE = "duplicate"
    """One byte comes twice, or, one time in four, the whole piece."""
    FLIP = "flip"
    """One bit is turned."""
    INSERT = "insert"
    """One byte too many."""
    SPLIT = "split"
    """The rest of the piece comes later."""
    MERGE = "merge"
    """The piece waits for the next one and comes in one go with it."""
    DELAY = "delay"
    """The piece, and all behind it, comes later."""
    HANG_UP = "hang_up"
    """The lane's end goes away, the piece with it, and comes back under a new name."""


class Direction(Enum):
    TO_LANE = "to lane"
    TO_DEVICE = "to device"


BOTH: Final = frozenset(Direction)
HIGHEST_DRAWN_RATE: Final = 0.30
HIGHEST_DRAWN_HANG_UP: Final = 0.03
"""A payment has some forty pieces: more hang-ups than that and no run would ever reach its end."""
WHOLE_PIECE_IN: Final = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class FaultPlan:
    """How often each fault happens, as a share (0 to 1) of the pieces.

    A piece is what arrives in one go, usually one frame or one acknowledgement. `delay_s` is the range of
    each delay, also between the halves of a split piece, and its end the longest a merged one waits; `away_s`
    how long the lane's end stays away. No more than `most_faults` in all (None: no limit), and only in
    `directions`.
    Raises ValueError for a rate outside 0 to 1 or a range that runs backwards.
    """

    drop: float = 0.0
    duplicate: float = 0.0
    flip: float = 0.0
    insert: float = 0.0
    split: float = 0.0
    merge: float = 0.0
    delay: float = 0.0
    hang_up: float = 0.0
    delay_s: tuple[float, float] = (0.0, 0.2)
    away_s: tuple[float, float] = (0.05, 0.5)
    most_faults: int | None = None
    directions: frozenset[Direction] = BOTH

    def __post_init__(self) -> None:
        if not all(0.0 <= self.rate(kind) <= 1.0 for kind in Fault):
            raise ValueError("a rate is a share from 0 to 1")
        if not all(0.0 <= low <= high for low, high in (self.delay_s, self.away_s)):
            raise ValueError("a range of seconds begins at 0 or later and does not run backwards")

    def rate(self, kind: Fault) -> float:
        return float(getattr(self, kind.value))

    @classmethod
    def drawn(cls, seed: int, *, longest_delay_s: float = 1.0) -> FaultPlan:
        """A plan by chance: about half of the kinds never happen, the others in up to 30 % of the pieces.

        Hang-ups stay below 3 %. The same seed draws the same plan.
        """
        chance = random.Random(f"plan:{seed}")

        def rate(highest: float = HIGHEST_DRAWN_RATE) -> float:
            return chance.choice((0.0, 1.0)) * chance.uniform(0.0, highest)

        longest_s = chance.uniform(0.0, longest_delay_s)
        return cls(
            drop=rate(),
            duplicate=rate(),
            flip=rate(),
            insert=rate(),
            split=rate(),
            merge=rate(),
            delay=rate(),
            hang_up=rate(HIGHEST_DRAWN_HANG_UP),
            delay_s=(0.0, longest_s),
            away_s=(longest_s / 10, longest_s),
        )


class Tally:
    """Counts faults for both directions of one line; refuses more than `most_faults`. Any thread."""

    def __init__(self, most_faults: int | None) -> None:
        self._most = most_faults
        self._lock = threading.Lock()
        self._counts: Counter[str] = Counter()

    def take(self, kind: Fault) -> bool:
        with self._lock:
            if self._most is not None and self._counts.total() >= self._most:
                return False
            self._counts[kind.value] += 1
            return True

    def counts(self) -> dict[str, int]:
        """Each kind's number, kinds that never happened included."""
        with self._lock:
            return {kind.value: self._counts[kind.value] for kind in Fault}


@dataclass(frozen=True, slots=True)
class Piece:
    """Bytes to pass on after `wait_s` more seconds, in order."""

    data: bytes
    wait_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Spoiled:
    """What becomes of one piece. `away_s` is how long the lane's end hangs up now, None when it does not."""

    pieces: tuple[Piece, ...] = ()
    away_s: float | None = None


class Spoiler:
    """One direction of a line.

    Each kind draws from a stream of its own, so that one plan differs from another only in what it changes.
    """

    def __init__(self, plan: FaultPlan, seed: int, direction: Direction, tally: Tally) -> None:
        self._plan = plan
        self._tally = tally
        self._active = direction in plan.directions
        self._chance = {kind: random.Random(f"{seed}:{direction.value}:{kind.value}") for kind in Fault}
        self._held = b""

    @property
    def merge_limit_s(self) -> float | None:
        """How long a held piece may wait for the next one; None while none is held."""
        return self._plan.delay_s[1] if self._held else None

    def release(self) -> bytes:
        """The held piece; nothing came to merge it with."""
        held, self._held = self._held, b""
        return held

    def spoil(self, data: bytes) -> Spoiled:
        """`data` is one piece, not empty."""
        was_held = bool(self._held)
        data = self.release() + data
        if self._happens(Fault.HANG_UP):
            return Spoiled(away_s=self._chance[Fault.HANG_UP].uniform(*self._plan.away_s))
        for kind, damage in _DAMAGES.items():
            if self._happens(kind, possible=bool(data)):
                data = damage(data, self._chance[kind])
        if self._happens(Fault.MERGE, possible=bool(data) and not was_held):
            self._held = data
            return Spoiled()
        return Spoiled(self._timed(data))

    def _timed(self, data: bytes) -> tuple[Piece, ...]:
        wait_s = self._draw_delay_s(Fault.DELAY) if self._happens(Fault.DELAY, possible=bool(data)) else 0.0
        if self._happens(Fault.SPLIT, possible=len(data) > 1):
            cut = self._chance[Fault.SPLIT].randrange(1, len(data))
            return Piece(data[:cut], wait_s), Piece(data[cut:], self._draw_delay_s(Fault.SPLIT))
        return (Piece(data, wait_s),) if data else ()

    def _draw_delay_s(self, kind: Fault) -> float:
        return self._chance[kind].uniform(*self._plan.delay_s)

    def _happens(self, kind: Fault, *, possible: bool = True) -> bool:
        if not self._active:
            return False
        hit = self._chance[kind].random() < self._plan.rate(kind)
        return hit and possible and self._tally.take(kind)


def _drop(data: bytes, chance: random.Random) -> bytes:
    at = chance.randrange(len(data))
    return b"" if chance.randrange(WHOLE_PIECE_IN) == 0 else data[:at] + data[at + 1 :]


def _duplicate(data: bytes, chance: random.Random) -> bytes:
    at = chance.randrange(len(data))
    return data + data if chance.randrange(WHOLE_PIECE_IN) == 0 else data[: at + 1] + data[at:]


def _flip(data: bytes, chance: random.Random) -> bytes:
    at = chance.randrange(len(data))
    return data[:at] + bytes((data[at] ^ (1 << chance.randrange(8)),)) + data[at + 1 :]


def _insert(data: bytes, chance: random.Random) -> bytes:
    at = chance.randrange(len(data) + 1)
    return data[:at] + bytes((chance.randrange(256),)) + data[at:]


_DAMAGES: Final = {
    Fault.DROP: _drop,
    Fault.DUPLICATE: _duplicate,
    Fault.FLIP: _flip,
    Fault.INSERT: _insert,
}
