"""Owns the tile of a lane where nobody calls: at work, free, closed, in need of a hand, or silent.

It must not know HTTP, the database or the clock.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from inventory.domain.doors import DoorWish
from inventory.services.lanes import LaneOnWall
from inventory.web.door_part import is_shut, shut_words, wish_of
from inventory.web.lane_facts import FactWriter, devices_of
from inventory.web.texts import Texts, own_name
from inventory.web.wall_parts import Tile, Tone, Urgency
from inventory.web.wall_words import lane_number, language_tag, screen_words, waited

_FREE_SCREENS = frozenset({"attract"})


@dataclass(frozen=True, slots=True)
class LaneTiles:
    """Writes the tiles of lanes at one moment."""

    now_utc: datetime
    texts: Texts
    facts: FactWriter

    def tile(self, lane: LaneOnWall) -> Tile:
        """Free, busy, closed, in need, or silent."""
        t = self.texts.text
        state = lane.state
        if state is None or not lane.is_online:
            since = lane.heard_at_utc
            return Tile(
                key=f"lane-{lane.lane_id}",
                lane_id=lane.lane_id,
                tone=Tone.DOWN,
                mark="⚠",
                title=f"{lane_number(lane)} · {t('Offline')}",
                urgency=Urgency.DOWN,
                lines=(t("Not heard from. It sells on by itself; its sales come in later.") if since
                       else t("This lane has never reported."),),
                since_utc=since,
                waited=waited(since, self.now_utc) if since else "",
            )  # fmt: skip
        if is_shut(state):
            shut = t("Paused") if wish_of(lane) is DoorWish.PAUSED else t("Closed")
            return Tile(
                key=f"lane-{lane.lane_id}",
                lane_id=lane.lane_id,
                tone=Tone.CALM,
                mark="■",
                title=f"{lane_number(lane)} · {shut}",
                urgency=Urgency.FREE,
                lines=(shut_words(lane, self.texts),),
            )
        unwell = any(not device.is_well for device in devices_of(state))
        is_down = unwell or state.screen == "degraded"
        is_free = state.screen in _FREE_SCREENS
        lines = (
            *self.facts.troubles(lane),
            t("Closes after this visit.") if state.closed_by else "",
            self.facts.sum_words(state),
            "" if is_free or not language_tag(state.language, self.texts) else own_name(state.language),
        )
        return Tile(
            key=f"lane-{lane.lane_id}",
            lane_id=lane.lane_id,
            tone=Tone.DOWN if is_down else Tone.CALM,
            mark="⚠" if is_down else ("○" if is_free else "▸"),
            title=f"{lane_number(lane)} · {screen_words(state.screen, self.texts)}",
            urgency=Urgency.DOWN if is_down else (Urgency.FREE if is_free else Urgency.BUSY),
            lines=tuple(filter(None, lines)),
        )
