"""Owns what people do in the help campaign: shoppers who call, staff who come, both drawn by seed.

It must not break anything but a lane under its shopper's own tap, nor judge what came of it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random

from inventory.domain.help_desk import OPEN_STATES, HelpState
from kiosk.campaign.help_lane import HelpLane
from kiosk.campaign.help_tablet import StaffTablet
from kiosk.campaign.help_wall import CallTile

REASONS = ("price", "wont-scan", "payment", "find", "sales", "other")
KILLED_AT = (
    "before-commit/HelpRequested",
    "after-commit/HelpRequested",
    "before-effect/HelpRequested",
    "before-send-matter",
    "after-send-matter",
    "before-commit/HelpCancelled",
    "after-commit/HelpCancelled",
    "after-commit/HelpUpdated",
)
"""Where a lane dies right before or after its call goes out, is taken back, or is heard of."""

WAITS_S = 12.0
"""How long a shopper waits for somebody before they go, in a trial."""


@dataclass(frozen=True, slots=True)
class CallPlan:
    """What one shopper does. None is a thing they do not do."""

    pause_s: float
    reason: str = ""
    taps: int = 1
    cancel_after_s: float | None = None
    kill_at: str = ""
    kill_after_s: float | None = None
    errand: str = ""
    reopens: bool = False
    dismisses: bool = True


def draw_call(chance: Random, *, calm: bool = False) -> CallPlan:
    """One call, with what its shopper does about it. In a `calm` trial no lane dies."""
    kill = 1.0 if calm else chance.random()
    return CallPlan(
        pause_s=chance.uniform(0.0, 0.25),
        reason=chance.choice(("", "", *REASONS)),
        taps=chance.choice((1, 1, 1, 2, 3)),
        cancel_after_s=chance.choice((0.0, 0.01, 0.05, 0.2, 0.5, 1.0)) * chance.uniform(0.5, 1.5)
        if chance.random() < 0.3
        else None,
        kill_at=chance.choice(KILLED_AT) if kill < 0.04 else "",
        kill_after_s=chance.uniform(0.0, 0.06) if 0.04 <= kill < 0.08 else None,
        errand=chance.choice(("", "", "", "", "", "bring", "shelf-empty")),
        reopens=chance.random() < 0.3,
        dismisses=chance.random() < 0.8,
    )


class Shopper:
    """Whoever stands at one lane, one after another, until `quota` calls were made or it is `over`."""

    def __init__(self, lane: HelpLane, chance: Random, gtins: Sequence[str], *, calm: bool = False) -> None:
        self._lane = lane
        self._chance = chance
        self._gtins = gtins
        self._calm = calm

    async def shop(self, wants_more: Callable[[], bool]) -> None:
        while wants_more():
            if not self._lane.is_up:
                await asyncio.sleep(self._chance.uniform(0.0, 0.3))
                await self._lane.revive()
                await self._lane.until(lambda lane: lane.is_up, 5.0)
            await self._call(draw_call(self._chance, calm=self._calm))

    async def _call(self, plan: CallPlan) -> None:
        lane = self._lane
        await asyncio.sleep(plan.pause_s)
        if plan.kill_at:
            lane.tell(arm=f"{plan.kill_at}@1=kill")
        if plan.errand:
            lane.tell(tap=f"{plan.errand}:{self._chance.choice(self._gtins)}")
        before = lane.call[0] if lane.call else ""
        for _ in range(plan.taps):
            lane.tell(tap="help")
        if plan.reason:
            lane.tell(tap=f"reason:{plan.reason}")
        if plan.kill_after_s is not None:
            await asyncio.sleep(plan.kill_after_s)
            await lane.kill()
            return
        await lane.until(
            lambda lane: not lane.is_up or (lane.call is not None and lane.call[0] != before), 2.0
        )
        if plan.cancel_after_s is not None:
            await asyncio.sleep(plan.cancel_after_s)
            lane.tell(tap="cancel")
            await lane.until(lambda lane: lane.call is None or not lane.is_up, 1.0)
        else:
            await lane.until(_is_over, WAITS_S)
        self._leave(plan)

    def _leave(self, plan: CallPlan) -> None:
        lane = self._lane
        if (
            lane.call is not None
            and (plan.dismisses or lane.call[1].state in OPEN_STATES)
            and not plan.reopens
        ):
            lane.tell(tap="all-fixed")
        for errand_id in lane.errands:
            if self._chance.random() < 0.5:
                lane.tell(tap=f"errand:{errand_id}")


def _is_over(lane: HelpLane) -> bool:
    return not lane.is_up or lane.call is None or lane.call[1].state is HelpState.RESOLVED


_ON_THE_WAY = (("en-route", 0.25), ("arrive", 0.25), ("hand-over", 0.12), ("escalate", 0.04))
"""What whoever has a call may press before they end it, and how often they do."""


class Helper:
    """Somebody with a tablet: answers what rings, goes there, gives on or solves, until it is `over`."""

    def __init__(self, tablet: StaffTablet, chance: Random) -> None:
        self._tablet = tablet
        self._chance = chance

    async def serve(self, is_over: Callable[[], bool]) -> None:
        while not is_over():
            mine = [call for call in self._tablet.calls.values() if call.is_mine]
            ringing = [call for call in self._tablet.calls.values() if "accept" in call.steps]
            if mine and await self._go_on(mine[0]):
                continue  # the answer brought the wall with it
            if ringing and not mine and await self._answer(ringing):
                continue
            await self._tablet.news(0.5)

    async def _answer(self, ringing: list[CallTile]) -> bool:
        """Whether a wall came back. Everybody reaches for the first; some tap twice; a few just end it."""
        await asyncio.sleep(self._chance.uniform(0.0, 0.15))
        call = ringing[0] if self._chance.random() < 0.8 else self._chance.choice(ringing)
        step = "resolve" if "resolve" in call.steps and self._chance.random() < 0.05 else "accept"
        if self._chance.random() < 0.15:
            tablet = self._tablet
            both = await asyncio.gather(tablet.press(call.help_id, step), tablet.press(call.help_id, step))
            return all(both)
        return await self._tablet.press(call.help_id, step)

    async def _go_on(self, call: CallTile) -> bool:
        await asyncio.sleep(self._chance.uniform(0.0, 0.2))
        steps = [step for step, share in _ON_THE_WAY if self._chance.random() < share]
        wanted = next((step for step in steps if step in call.steps), "resolve")
        words = {"to": self._chance.choice(("", *call.colleagues))} if wanted == "hand-over" else {}
        return await self._tablet.press(call.help_id, wanted, **words)
