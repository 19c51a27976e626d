"""Owns the tiles of lanes at work, written and drawn once for all tablets until the lane says something else.

It must not know how a tile is written or drawn. They are the most of a wall, and the same for everybody: no
button of theirs carries anybody's token.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from inventory.services.lane_list import Lag
from inventory.services.lanes import LaneOnWall
from inventory.web.lane_tile import LaneTiles
from inventory.web.wall_parts import Tile


class CalmTiles:
    """The tile of each lane as it was last drawn. Any thread may ask."""

    def __init__(self) -> None:
        self._drawn: dict[str, tuple[LaneOnWall, Lag | None, Tile]] = {}

    def tile(self, lane: LaneOnWall, tiles: LaneTiles, draw: Callable[[Tile], str]) -> Tile:
        """The lane's tile, drawn where the lane is heard of; a silent one is timed, and drawn anew."""
        if not lane.is_online:
            return tiles.tile(lane)
        lag = tiles.facts.lags.get(lane.catalogue_version)
        known = self._drawn.get(lane.lane_id)
        if known is not None and known[:2] == (lane, lag):
            return known[2]
        plain = tiles.tile(lane)
        drawn = replace(plain, markup=draw(plain))
        self._drawn[lane.lane_id] = (lane, lag, drawn)
        return drawn
