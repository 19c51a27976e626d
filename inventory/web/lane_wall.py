"""Owns what the tablet shows: tiles by urgency and wait, and the mirror of one lane, in words.

It must not know HTTP, the database or the clock; it turns what the services say into values a template draws.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from inventory.domain.help_ringing import Listener, hears_from
from inventory.domain.help_waiting import Level, in_order
from inventory.domain.money import format_amount
from inventory.domain.routing import Desk
from inventory.domain.staff import Role
from inventory.services.feedback_alerts import StandingAlert
from inventory.services.lane_list import Lag
from inventory.services.lanes import LaneOnWall
from inventory.services.on_shift import Colleague
from inventory.web.batch_part import batch_of
from inventory.web.call_buttons import ButtonWriter
from inventory.web.call_tiles import CallTiles
from inventory.web.calm_tiles import CalmTiles
from inventory.web.decision_tiles import (
    PANEL,
    Deciding,
    approval_of,
    decision_tile,
    payment_question,
    plain_answers,
    price_asked,
)
from inventory.web.door_part import door_of
from inventory.web.feedback_tile import alert_tiles
from inventory.web.lane_facts import PIN_SCREENS, FactWriter, devices_of
from inventory.web.lane_tile import LaneTiles
from inventory.web.shelf_tile import Shelves
from inventory.web.talk_parts import Talk, Talks
from inventory.web.texts import Texts
from inventory.web.wall_parts import (
    CallButtons,
    Panel,
    PanelLine,
    Tile,
    Urgency,
    Wall,
)
from inventory.web.wall_words import (
    lane_words,
    line_words,
)
from inventory.wire import MirrorLine

TASKS_SHOWN = 2


@dataclass(frozen=True, slots=True)
class WallWriter:
    """Writes the wall for one person at one moment."""

    me: str
    now_utc: datetime
    texts: Texts
    deciding: Deciding = field(default_factory=Deciding)
    shelves: Shelves = field(default_factory=dict)
    talks: Talks = field(default_factory=dict)
    role: Role = Role.ATTENDANT
    colleagues: tuple[Colleague, ...] = ()
    desks: tuple[Desk, ...] = ()
    links: Mapping[str, str] = field(default_factory=dict)
    lags: Mapping[int, Lag] = field(default_factory=dict)
    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("UTC"))
    calm: CalmTiles = field(default_factory=CalmTiles)
    draw: Callable[[Tile], str] = field(default=lambda _tile: "")

    @property
    def facts(self) -> FactWriter:
        """What is known of each lane, in short."""
        return FactWriter(self.texts, self.lags, self.zone)

    def wall(
        self,
        lanes: Iterable[LaneOnWall],
        *,
        chosen: str = "",
        notice: str = "",
        answered_s: int | None = None,
        tasks: tuple[str, ...] = (),
        alerts: Iterable[StandingAlert] = (),
    ) -> Wall:
        """The whole view. `chosen` is a lane id; one not known is as none. `tasks` are those about money."""
        known, calls = {lane.lane_id: lane for lane in lanes}, self._call_tiles()
        at_work = LaneTiles(self.now_utc, self.texts, self.facts)
        tiles = _sorted(
            (
                *(tile for lane in known.values() for tile in self._tiles(lane, calls, at_work)),
                *alert_tiles(known, alerts, self.me, self.now_utc, self.texts),
            ),
            self.now_utc,
        )
        is_chosen = chosen in known
        shown = (
            chosen if is_chosen else next((tile.lane_id for tile in tiles if tile.urgency < Urgency.BUSY), "")
        )
        return Wall(
            now_utc=self.now_utc,
            tiles=tuple(tiles),
            open_count=sum(len(lane.requests) + len(lane.interventions) for lane in known.values()),
            panel=self.panel(known.get(shown)),
            is_chosen=is_chosen,
            notice=notice,
            answered_s=answered_s,
            tasks=tasks[:TASKS_SHOWN],
            task_count=len(tasks),
            batch=batch_of(known.values(), self.deciding, self.texts),
        )

    def _tiles(self, lane: LaneOnWall, calls: CallTiles, lanes: LaneTiles) -> Iterator[Tile]:
        for intervention in lane.interventions:
            yield decision_tile(lane, intervention, self.now_utc, self.texts, self.deciding)
        for request in lane.requests:
            yield calls.tile(lane, request)
        if not lane.requests and not lane.interventions:
            yield self.calm.tile(lane, lanes, self.draw)

    def panel(self, lane: LaneOnWall | None) -> Panel:
        """The mirror of one lane; None is no lane."""
        t = self.texts.text
        if lane is None:
            return Panel(title=t("Mirror"), sentence=t("Choose a lane to see its basket."))
        title = t("{lane} · mirror").format(lane=lane_words(lane, self.texts))
        asked = self._panel_asked(lane)
        door = door_of(lane, self.texts)
        state = lane.state
        if state is None:
            sentence = t("This lane has never reported.")
            return replace(asked, title=title, sentence=sentence)
        lines: tuple[PanelLine, ...] = ()
        if state.screen in PIN_SCREENS:
            sentence = t("PIN in progress")
        elif not state.lines:
            sentence = t("The basket is empty.")
        else:
            sentence = "" if lane.is_online else t("Offline: this is the last basket it sent.")
            lines = tuple(self._panel_line(line, state.currency) for line in state.lines)
        total = format_amount(state.total_minor, state.currency, self.texts.language)
        devices = devices_of(state)
        return replace(
            asked,
            title=title,
            sentence=sentence,
            lines=lines,
            total=total,
            devices=devices,
            door=door,
        )

    def _talk(self, lane: LaneOnWall) -> Talk | None:
        """The conversation of the lane's call; errands have none."""
        return next((self.talks[each.help_id] for each in lane.requests if each.help_id in self.talks), None)

    def _panel_line(self, line: MirrorLine, currency: str) -> PanelLine:
        amount = format_amount(line.amount_minor, currency, self.texts.language)
        return PanelLine(line_words(line), amount, f"{line.age_limit}+" if line.age_limit else "")

    def _panel_asked(self, lane: LaneOnWall) -> Panel:
        """What the lane asks for, as the buttons and fields of its mirror."""
        about, texts, deciding = lane_words(lane, self.texts), self.texts, self.deciding
        asked = lane.interventions
        plain = (plain_answers(each, about, texts, deciding, place=PANEL) for each in asked)
        approvals = (approval_of(each, about, texts, deciding, place=PANEL) for each in asked)
        questions = (payment_question(each, about, texts, deciding, place=PANEL) for each in asked)
        prices = (price_asked(each, about, texts, deciding, place=PANEL) for each in asked)
        return Panel(
            lane.lane_id,
            talk=self._talk(lane),
            calls=self._panel_calls(lane),
            actions=tuple(action for actions in plain for action in actions),
            approvals=tuple(each for each in approvals if each is not None),
            questions=tuple(each for each in questions if each is not None),
            prices=tuple(each for each in prices if each is not None),
        )

    def _panel_calls(self, lane: LaneOnWall) -> tuple[CallButtons, ...]:
        about, writer = lane_words(lane, self.texts), self._call_tiles().buttons
        return tuple(writer.buttons(request, about, place="panel") for request in lane.requests)

    def _call_tiles(self) -> CallTiles:
        first = [each for each in self.colleagues if hears_from(each.role) is Level.EVERYONE]
        others = tuple(each.name for each in self.colleagues if each.name != self.me)
        listener = Listener(self.me, self.role, is_alone=not any(each.name != self.me for each in first))
        buttons = ButtonWriter(listener, self.texts, others, self.desks, self.links)
        return CallTiles(listener, self.now_utc, self.texts, self.facts, self.shelves, buttons, self.talks)


def _sorted(tiles: Iterable[Tile], now_utc: datetime) -> list[Tile]:
    """By urgency, then by whose turn it is, then by wait."""
    found = list(tiles)
    turns = in_order(tile.line for tile in found if tile.line is not None)
    places = {line.help_id: place for place, line in enumerate(turns)}
    return sorted(
        found,
        key=lambda tile: (
            tile.urgency,
            places.get(tile.line.help_id, 0) if tile.line is not None else 0,
            tile.since_utc or now_utc,
            tile.title,
        ),
    )
