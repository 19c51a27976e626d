"""Owns what is known of a lane in short: its basket, its devices, its prices, what waits there, its modes.

It must not know tiles, HTTP, the database or the clock.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from inventory.domain.moments import format_clock
from inventory.domain.money import format_money
from inventory.services.lane_list import Lag
from inventory.services.lanes import LaneOnWall
from inventory.web.call_words import mode_words
from inventory.web.decision_tiles import name_of
from inventory.web.texts import Texts
from inventory.web.wall_parts import DeviceWords
from inventory.web.wall_words import pieces, screen_words
from inventory.wire import LaneStateMessage

PIN_SCREENS = frozenset({"paying"})
_WELL = frozenset({"ready", "ok"})


@dataclass(frozen=True, slots=True)
class FactWriter:
    """Writes facts of lanes. `lags` are of the price lists that are not the newest, by version."""

    texts: Texts
    lags: Mapping[int, Lag] = field(default_factory=dict)
    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("UTC"))

    def sum_words(self, state: LaneStateMessage | None) -> str:
        """`3 items, €5.27`; "" for an empty basket."""
        if state is None:
            return ""
        total = format_money(state.total_minor, state.currency, self.texts.language)
        if state.screen in PIN_SCREENS:
            return self.texts.text("{total}. PIN in progress.").format(total=total)
        count = sum(pieces(line) for line in state.lines)
        if not count:
            return ""
        words = self.texts.plural("{count} item, {total}", "{count} items, {total}", count)
        return words.format(count=count, total=total)

    def troubles(self, lane: LaneOnWall) -> tuple[str, ...]:
        """Devices that are not well, and prices that are not the newest."""
        unwell = () if lane.state is None else devices_of(lane.state)
        words = [each.words for each in unwell if not each.is_well]
        lag = self.lags.get(lane.catalogue_version)
        if lag is not None:
            since = format_clock(lag.since_utc.astimezone(self.zone), self.texts.language)
            behind = self.texts.text("{count} behind since {since}").format(count=lag.versions, since=since)
            words.append(f"{self.texts.text('Price list')}: {behind}")
        return tuple(words)

    def flags(self, lane: LaneOnWall) -> tuple[str, ...]:
        """What else waits there, the highest age limit in the basket, where the shopper stands, and modes."""
        waiting = dict.fromkeys(name_of(each.kind, self.texts) for each in lane.interventions)
        state = lane.state
        if state is None:
            return tuple(waiting)
        age = max((line.age_limit for line in state.lines), default=0)
        return (
            *waiting,
            *((f"{age}+",) if age else ()),
            screen_words(state.screen, self.texts),
            *mode_words(state.modes, self.texts),
        )


def devices_of(state: LaneStateMessage) -> tuple[DeviceWords, ...]:
    """A lane's devices by name, each with what is wrong where something is."""
    return tuple(
        DeviceWords(name.capitalize() if word in _WELL else f"{name.capitalize()}: {word}", word in _WELL)
        for name, word in sorted(state.devices.items())
    )
