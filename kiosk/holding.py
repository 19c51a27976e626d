"""Owns what a lane tells the store of its open baskets: so much of each good is not on the shelf any more.

It must not know the store. A basket that was put away counts for as long as its shopper may well come back;
a paid one does not: its sale says so itself.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta

from inventory.wire import HeldMessage
from kiosk.checkout.basket import BasketLine
from kiosk.checkout.state import BASKET_KEPT_S, LaneState, Phase

MOST_HELD = 2000


def held_in(state: LaneState, now_utc: datetime) -> tuple[HeldMessage, ...]:
    """The goods of the basket, of what was scanned while paying, and of baskets put away lately, by GTIN."""
    held: Counter[str] = Counter()
    for line in _open_lines(state, now_utc):
        if line.pending:
            continue  # nobody knows these goods yet
        gtin, units = line.item.booked_as
        held[gtin] += line.as_sale_line(state.language).quantity_milli * units
    return tuple(
        HeldMessage(gtin=gtin, quantity_milli=milli) for gtin, milli in sorted(held.items())[:MOST_HELD]
    )


def _open_lines(state: LaneState, now_utc: datetime) -> Iterator[BasketLine]:
    if state.phase is not Phase.THANKS:
        yield from state.basket.lines
    yield from state.payment.added_while_paying
    for parked in state.parked:
        if now_utc - parked.parked_at < timedelta(seconds=BASKET_KEPT_S):
            yield from parked.basket.lines
