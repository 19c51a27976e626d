"""Owns what the tablet shows: tiles by urgency and wait, and the mirror of one lane, in words.

It must not know HTTP, the database or the clock; it turns what the services say into values a template draws.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from inventory.domain.help_desk import HelpState, InterventionKind
from inventory.domain.money import format_amount, format_money
from inventory.services.help_desk import HelpRequest, Intervention
from inventory.services.lanes import LaneOnWall
from inventory.web.texts import Texts, own_name
from inventory.web.wall_words import (
    lane_number,
    lane_words,
    line_words,
    pieces,
    reason_words,
    screen_words,
    waited,
)
from inventory.wire import LaneStateMessage, MirrorLine

_WELL = frozenset({"ready", "ok"})
_FREE_SCREENS = frozenset({"attract"})
_PIN_SCREENS = frozenset({"paying"})


class Tone(Enum):
    """How a tile looks; never by colour alone, each has its mark and its words."""

    DOUBT = "doubt"
    CALL = "call"
    TAKEN = "taken"
    DOWN = "down"
    CALM = "calm"


@dataclass(frozen=True, slots=True)
class Action:
    """One button. `key` names its place, so that focus stays there when its meaning moves on."""

    key: str
    path: str
    label: str
    tone: str
    about: str


@dataclass(frozen=True, slots=True)
class Tile:
    """One thing on the wall: an open call, a decision to make, or a lane at work."""

    key: str
    lane_id: str
    tone: Tone
    mark: str
    title: str
    urgency: int
    lines: tuple[str, ...] = ()
    language_tag: str = ""
    language_name: str = ""
    since_utc: datetime | None = None
    waited: str = ""
    taken_by: str = ""
    is_ringing: bool = False
    spoken: str = ""
    actions: tuple[Action, ...] = ()


@dataclass(frozen=True, slots=True)
class PanelLine:
    name: str
    amount: str
    age: str


@dataclass(frozen=True, slots=True)
class DeviceWords:
    words: str
    is_well: bool


@dataclass(frozen=True, slots=True)
class Panel:
    """The mirror beside the wall; without a lane only a sentence."""

    lane_id: str = ""
    title: str = ""
    sentence: str = ""
    lines: tuple[PanelLine, ...] = ()
    total: str = ""
    devices: tuple[DeviceWords, ...] = ()
    actions: tuple[Action, ...] = ()


@dataclass(frozen=True, slots=True)
class Wall:
    now_utc: datetime
    tiles: tuple[Tile, ...]
    open_count: int
    panel: Panel
    is_chosen: bool
    notice: str
    answered_s: int | None


@dataclass(frozen=True, slots=True)
class WallWriter:
    """Writes the wall for one person at one moment."""

    me: str
    now_utc: datetime
    texts: Texts

    def wall(
        self,
        lanes: Iterable[LaneOnWall],
        *,
        chosen: str = "",
        notice: str = "",
        answered_s: int | None = None,
    ) -> Wall:
        """The whole view. `chosen` is a lane id; one that is not known is as none."""
        known = {lane.lane_id: lane for lane in lanes}
        tiles = sorted(
            (tile for lane in known.values() for tile in self._tiles(lane)),
            key=lambda tile: (tile.urgency, tile.since_utc or self.now_utc, tile.title),
        )
        is_chosen = chosen in known
        shown = chosen if is_chosen else next((tile.lane_id for tile in tiles if tile.urgency < _BUSY), "")
        return Wall(
            now_utc=self.now_utc,
            tiles=tuple(tiles),
            open_count=sum(len(lane.requests) + len(lane.interventions) for lane in known.values()),
            panel=self._panel(known.get(shown)),
            is_chosen=is_chosen,
            notice=notice,
            answered_s=answered_s,
        )

    def _tiles(self, lane: LaneOnWall) -> Iterator[Tile]:
        for intervention in lane.interventions:
            yield self._decision_tile(lane, intervention)
        for request in lane.requests:
            yield self._help_tile(lane, request)
        if not lane.requests and not lane.interventions:
            yield self._lane_tile(lane)

    def _help_tile(self, lane: LaneOnWall, request: HelpRequest) -> Tile:
        t = self.texts.text
        is_open = request.state in (HelpState.REQUESTED, HelpState.DELIVERED)
        is_mine = request.staff_name == self.me and not is_open
        title = f"{lane_number(lane)} · {t('Help')}"
        words = (reason_words(request.reason, self.texts), request.note, self._sum_words(lane.state))
        return Tile(
            key=f"help-{request.help_id}",
            lane_id=lane.lane_id,
            tone=Tone.CALL if is_open else Tone.TAKEN,
            mark="?",
            title=title,
            urgency=_CALL if is_open else (_MINE if is_mine else _OTHERS),
            lines=tuple(filter(None, words)),
            language_tag=self._language_tag(request.language),
            language_name=own_name(request.language),
            since_utc=request.waiting_since_utc,
            waited=waited(request.waiting_since_utc, self.now_utc),
            taken_by="" if is_open else self._taken_words(request, is_mine=is_mine),
            is_ringing=is_open,
            spoken=t("{lane} calls for help").format(lane=lane_words(lane, self.texts)),
            actions=self._help_actions(request, title, place="tile")[:1],
        )

    def _taken_words(self, request: HelpRequest, *, is_mine: bool) -> str:
        t = self.texts.text
        match request.state:
            case HelpState.EN_ROUTE:
                step = t("on the way")
            case HelpState.ARRIVED:
                step = t("at the lane")
            case _:
                step = t("accepted")
        who = t("Yours") if is_mine else t("Taken by {name}").format(name=request.staff_name)
        return f"{who} · {step}"

    def _help_actions(self, request: HelpRequest, about: str, *, place: str) -> tuple[Action, ...]:
        t = self.texts.text
        accept, go = (t("I’m coming"), "accept"), (t("On my way"), "en-route")
        here, solved = (t("I’m here"), "arrive"), (t("Solved"), "resolve")
        is_mine = request.staff_name == self.me
        match request.state:
            case HelpState.REQUESTED | HelpState.DELIVERED:
                steps = [accept, solved]
            case HelpState.ACCEPTED if is_mine:
                steps = [go, here, solved]
            case HelpState.EN_ROUTE if is_mine:
                steps = [here, solved]
            case HelpState.ARRIVED if is_mine:
                steps = [solved]
            case _:
                # A colleague's call: only ending it is left, and not from the wall by a slip of the thumb.
                steps = [] if place == "tile" else [solved]
        return tuple(
            Action(
                key=f"{place}-{request.help_id}-{slot}",
                path=f"/staff/help/{request.help_id}/{step}",
                label=label,
                tone="ok" if step == "resolve" else ("go" if slot == 0 else ""),
                about=about,
            )
            for slot, (label, step) in enumerate(steps)
        )

    def _decision_tile(self, lane: LaneOnWall, intervention: Intervention) -> Tile:
        t = self.texts.text
        is_age = intervention.kind is InterventionKind.AGE_CHECK
        name = t("Age check") if is_age else t("Paid?")
        rule = (
            t("Approve only with the shopper in sight.")
            if is_age
            else t("Read the terminal’s receipt before you decide.")
        )
        title = f"{lane_number(lane)} · {name}"
        return Tile(
            key=f"decision-{intervention.intervention_id}",
            lane_id=lane.lane_id,
            tone=Tone.CALL if is_age else Tone.DOUBT,
            mark="18" if is_age else "!",
            title=title,
            urgency=_CALL if is_age else _DOUBT,
            lines=(*intervention.facts, rule)
            if is_age
            else (t("Payment in doubt."), *intervention.facts, rule),
            language_tag=self._language_tag(intervention.language),
            language_name=own_name(intervention.language),
            since_utc=intervention.waiting_since_utc,
            waited=waited(intervention.waiting_since_utc, self.now_utc),
            is_ringing=True,
            spoken=f"{lane_words(lane, self.texts)}: {name}",
            actions=self._decision_actions(intervention, title, place="tile"),
        )

    def _decision_actions(self, intervention: Intervention, about: str, *, place: str) -> tuple[Action, ...]:
        t = self.texts.text
        is_age = intervention.kind is InterventionKind.AGE_CHECK
        approve = t("✓ Adult") if is_age else t("✓ Paid")
        refuse = t("✕ Refuse") if is_age else t("✕ Not paid")
        base = f"/staff/interventions/{intervention.intervention_id}"
        key = f"{place}-{intervention.intervention_id}"
        return (
            Action(f"{key}-yes", f"{base}/approve", approve, "ok", about),
            Action(f"{key}-no", f"{base}/refuse", refuse, "", about),
        )

    def _lane_tile(self, lane: LaneOnWall) -> Tile:
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
                urgency=_DOWN,
                lines=(t("Not heard from. It sells on by itself; its sales come in later.") if since
                       else t("This lane has never reported."),),
                since_utc=since,
                waited=waited(since, self.now_utc) if since else "",
            )  # fmt: skip
        unwell = [device.words for device in _devices(state) if not device.is_well]
        is_down = bool(unwell) or state.screen == "degraded"
        is_free = state.screen in _FREE_SCREENS
        lines = (
            *unwell,
            self._sum_words(state),
            "" if is_free or not self._language_tag(state.language) else own_name(state.language),
        )
        return Tile(
            key=f"lane-{lane.lane_id}",
            lane_id=lane.lane_id,
            tone=Tone.DOWN if is_down else Tone.CALM,
            mark="⚠" if is_down else ("○" if is_free else "▸"),
            title=f"{lane_number(lane)} · {screen_words(state.screen, self.texts)}",
            urgency=_DOWN if is_down else (_FREE if is_free else _BUSY),
            lines=tuple(filter(None, lines)),
        )

    def _language_tag(self, language: str) -> str:
        """Only a language that is not the reader's own is worth a tag."""
        return "" if language == self.texts.language else language.upper()

    def _sum_words(self, state: LaneStateMessage | None) -> str:
        if state is None:
            return ""
        if state.screen in _PIN_SCREENS:
            sum_due = format_money(state.total_minor, state.currency, self.texts.language)
            return self.texts.text("{total}. PIN in progress.").format(total=sum_due)
        count = sum(pieces(line) for line in state.lines)
        if not count:
            return ""
        words = self.texts.plural("{count} item, {total}", "{count} items, {total}", count)
        total = format_money(state.total_minor, state.currency, self.texts.language)
        return words.format(count=count, total=total)

    def _panel(self, lane: LaneOnWall | None) -> Panel:
        t = self.texts.text
        if lane is None:
            return Panel(title=t("Mirror"), sentence=t("Choose a lane to see its basket."))
        title = t("{lane} · mirror").format(lane=lane_words(lane, self.texts))
        actions = tuple(self._panel_actions(lane))
        state = lane.state
        if state is None:
            return Panel(lane.lane_id, title, t("This lane has never reported."), actions=actions)
        lines: tuple[PanelLine, ...] = ()
        if state.screen in _PIN_SCREENS:
            sentence = t("PIN in progress")
        elif not state.lines:
            sentence = t("The basket is empty.")
        else:
            sentence = "" if lane.is_online else t("Offline: this is the last basket it sent.")
            lines = tuple(self._panel_line(line, state.currency) for line in state.lines)
        total = format_amount(state.total_minor, state.currency, self.texts.language)
        return Panel(lane.lane_id, title, sentence, lines, total, _devices(state), actions)

    def _panel_line(self, line: MirrorLine, currency: str) -> PanelLine:
        amount = format_amount(line.amount_minor, currency, self.texts.language)
        return PanelLine(line_words(line), amount, f"{line.age_limit}+" if line.age_limit else "")

    def _panel_actions(self, lane: LaneOnWall) -> Iterator[Action]:
        for intervention in lane.interventions:
            yield from self._decision_actions(intervention, lane_words(lane, self.texts), place="panel")
        for request in lane.requests:
            yield from self._help_actions(request, lane_words(lane, self.texts), place="panel")


_DOUBT, _CALL, _MINE, _DOWN, _OTHERS, _BUSY, _FREE = range(7)


def _devices(state: LaneStateMessage) -> tuple[DeviceWords, ...]:
    return tuple(
        DeviceWords(name.capitalize() if word in _WELL else f"{name.capitalize()}: {word}", word in _WELL)
        for name, word in sorted(state.devices.items())
    )
