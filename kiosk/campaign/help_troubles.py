"""Owns what breaks in the help campaign, and when, drawn by seed: processes, cables, clocks, sign-ins.

It must not judge what came of it; it counts what it did.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Sequence
from enum import Enum
from random import Random
from typing import TYPE_CHECKING, assert_never

from kiosk.campaign.cable import Cable, Trouble

if TYPE_CHECKING:
    from kiosk.campaign.help_shop import HelpShop


class Kind(Enum):
    """What strikes."""

    STORE_KILLED = "store killed"
    STORE_FAILPOINT = "store killed at a commit"
    LANE_KILLED = "lane killed"
    LANE_CABLE = "a lane's cable"
    TABLET_CABLE = "a tablet's cable"
    PARTITION = "partition"
    TABLET_SLEEPS = "a tablet sleeps"
    SIGN_IN_LOST = "a sign-in lost"
    STORE_CLOCK = "the store's clock jumps"
    LANE_CLOCK = "a lane's clock jumps"


CALLS_A_TROUBLE = 6
_WEIGHTS = (10, 6, 12, 22, 12, 8, 12, 5, 5, 8)
_JUMPS_S = (400.0, 20.0, 45.0, -5.0, 90.0)
"""The first ends every sign-in; another lets calls climb."""


class Troubles:
    """Strikes now and then until it is over; `mend` then makes everything whole."""

    def __init__(self, shop: HelpShop, chance: Random) -> None:
        self._shop = shop
        self._chance = chance
        self._lasting: set[asyncio.Task[None]] = set()
        self.struck: Counter[str] = Counter()

    async def strike(self, is_over: Callable[[], bool]) -> None:
        """After every few calls, so that a slow machine does not break more than it calls."""
        calls = 0
        while not is_over():
            calls += self._chance.randint(1, 2 * CALLS_A_TROUBLE - 1)
            await self._shop.called(calls)
            await asyncio.sleep(self._chance.uniform(0.0, 0.2))
            kind = self._chance.choices(tuple(Kind), _WEIGHTS)[0]
            self.struck[kind.value] += 1
            await self._do(kind)

    async def mend(self) -> None:
        for task in self._lasting:
            task.cancel()
        await asyncio.gather(*self._lasting, return_exceptions=True)
        for cable in self._shop.cables:
            cable.mend(delivers_late=self._chance.random() < 0.5)
        for tablet in self._shop.tablets:
            tablet.wake()

    async def _do(self, kind: Kind) -> None:
        shop, chance = self._shop, self._chance
        match kind:
            case Kind.STORE_KILLED:
                await shop.restart_store(after_s=chance.choice((0.0, 0.1, 0.8)))
            case Kind.STORE_FAILPOINT:
                point = chance.choice(("store-before-commit", "store-after-commit"))
                await shop.restart_store(failpoint=point, passing=chance.choice((3, 8, 20)))
            case Kind.LANE_KILLED:
                await chance.choice(shop.lanes).kill()
            case Kind.LANE_CABLE:
                self._break([chance.choice(shop.lanes).cable])
            case Kind.TABLET_CABLE:
                self._break([chance.choice(shop.tablet_cables)])
            case Kind.PARTITION:
                self._break(chance.sample(shop.cables, len(shop.cables) // 2))
            case Kind.TABLET_SLEEPS:
                chance.choice(shop.tablets).sleep(chance.uniform(0.3, 2.5))
            case Kind.SIGN_IN_LOST:
                chance.choice(shop.tablets).forget_sign_in()
            case Kind.STORE_CLOCK:
                shop.move_store_clock(chance.choice(_JUMPS_S))
            case Kind.LANE_CLOCK:
                chance.choice(shop.lanes).tell(advance=str(chance.choice((1, 6, 50, 200))))
            case _:
                assert_never(kind)

    def _break(self, cables: Sequence[Cable]) -> None:
        """The same trouble for all of them, for a while."""
        trouble = self._chance.choice(tuple(Trouble))
        self.struck[trouble.value] += 1
        delay_s = self._chance.uniform(0.02, 0.3)
        lasts_s = self._chance.choice((0.05, 0.3, 1.0, 2.5))
        delivers_late = self._chance.random() < 0.5
        for cable in cables:
            cable.suffer(trouble, delay_s=delay_s)
        task = asyncio.create_task(_mend_later(cables, lasts_s, delivers_late=delivers_late))
        self._lasting.add(task)
        task.add_done_callback(self._lasting.discard)


async def _mend_later(cables: Sequence[Cable], after_s: float, *, delivers_late: bool) -> None:
    await asyncio.sleep(after_s)
    for cable in cables:
        cable.mend(delivers_late=delivers_late)
