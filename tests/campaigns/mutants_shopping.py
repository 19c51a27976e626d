"""Owns shoppers one can rely on: a campaign's trial whose course does not hang on who was quicker.

It must not know mutants, nor judge anything.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from random import Random
from typing import Any

from kiosk.campaign import trial as campaign_trial
from kiosk.campaign.plan import Kind, Visit
from kiosk.campaign.shop import Shop
from kiosk.campaign.trial import Trial

TAP_AGAIN_S = 2.0
"""How long a shopper waits before they do the same thing again: only a lane that died has not heard it."""

BETWEEN_TAPS_S = 0.2
"""Between two taps on Pay: a shopper is no machine gun."""

LATE_FAILPOINT_S = 4.0
"""How long after its visit a failpoint may fire: sales are sent when the shopper has gone."""

TRIES = 3
"""How often a shopper pays at a terminal that always takes the charge back."""


class SteadyTrial(Trial):
    """Shoppers who do one thing for each thing that has changed, so that every trial goes the same way.

    A tap that crosses with news of stock would otherwise be done twice: the basket would be another one, and
    the card of the visit would be kept for an attempt that never comes. A visit is over when every failpoint
    that was armed for it has fired.
    """

    def __init__(self, shop: Shop, chance: Random, *, shows_card_early: bool) -> None:
        """`shows_card_early`: the card is in the reader before anybody taps on Pay."""
        super().__init__(shop, chance)
        self._shows_card_early = shows_card_early
        self._deed: tuple[Any, ...] = ()
        self._paid_s = 0.0
        self._cards = 0

    def visit(self, visit: Visit) -> None:
        self._cards = 0
        to_fire = sum(fault.kind is Kind.FAILPOINT for fault in visit.faults) + len(self.shop.fired())
        self._await(self._is_ready, campaign_trial.VISIT_LIMIT_S)
        if self._shows_card_early:
            self.shop.terminal.present(visit.card)
        super().visit(visit)
        self._await(lambda: len(self.shop.fired()) >= to_fire, LATE_FAILPOINT_S)

    def _is_ready(self) -> bool:
        seen = self.shop.facts
        return bool(seen) and bool(seen["online"]) and "terminal" in seen["ready"]

    def _await(self, come: Callable[[], bool], limit_s: float) -> None:
        until_s = time.monotonic() + limit_s
        while not come() and not self.story.stuck and time.monotonic() < until_s:
            self._tend()

    # -- the shopper -----------------------------------------------------------------------------

    def _shop(self, errand: Any, seen: dict[str, Any]) -> bool:
        gives_up = bool(seen["phase"] == "scanning") and errand.pays > TRIES
        return gives_up or super()._shop(errand, seen)

    def _pay(self, errand: Any, seen: dict[str, Any]) -> None:
        """A terminal that is not free yet costs no try: the shopper's card has not been seen."""
        if time.monotonic() - self._paid_s > BETWEEN_TAPS_S:
            self._paid_s = time.monotonic()
            super()._pay(errand, seen)
            errand.pays = min(errand.pays, self._cards + 1)

    def _at_the_reader(self, errand: Any, seen: dict[str, Any]) -> None:
        if seen["payment"] == "intent" and seen["attempt"] not in self._carded:
            is_back_in_hand = self._cards > 0 and self.shop.terminal._cards.holds_card()
            self._cards += not is_back_in_hand
            errand.pays = self._cards
        super()._at_the_reader(errand, seen)

    def _may_act(self, seen: dict[str, Any]) -> bool:
        deed = (seen["phase"], seen["lines"], seen["attempt"], self.story.lane_kills, self._paid_s)
        now_s = time.monotonic()
        if deed == self._deed and now_s - self._acted_s < TAP_AGAIN_S:
            return False
        self._deed, self._acted_s = deed, now_s
        return True
