"""Owns what the tablet shows: tiles by urgency and wait, and the mirror of one lane, in words.

It must not know HTTP, the database or the clock; it turns what the services say into values a template draws.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime

from inventory.domain.help_desk import HelpReason, HelpState
from inventory.domain.money import format_amount, format_money
from inventory.services.feedback_alerts import StandingAlert
from inventory.services.help_desk import HelpRequest
from inventory.services.lanes import LaneOnWall
from inventory.web.batch_part import batch_of
from inventory.web.decision_tiles import (
    Deciding,
    approval_of,
    decision_tile,
    payment_question,
    plain_answers,
    price_asked,
)
from inventory.web.door_part import door_of, is_shut
from inventory.web.feedback_tile import alert_tiles
from inventory.web.shelf_tile import Shelves, count_question
from inventory.web.talk_parts import Talk, Talks
from inventory.web.texts import Texts, own_name
from inventory.web.wall_parts import (
    Action,
    DeviceWords,
    Panel,
    PanelLine,
    Tile,
    Tone,
    Urgency,
    Wall,
)
from inventory.web.wall_words import (
    lane_number,
    lane_words,
    language_tag,
    line_words,
    pieces,
    reason_words,
    screen_words,
    waited,
)
from inventory.wire import LaneStateMessage, MirrorLine

TASKS_SHOWN = 2
_WELL = frozenset({"ready", "ok"})
_FREE_SCREENS = frozenset({"attract"})
_PIN_SCREENS = frozenset({"paying"})


@dataclass(frozen=True, slots=True)
class WallWriter:
    """Writes the wall for one person at one moment."""

    me: str
    now_utc: datetime
    texts: Texts
    deciding: Deciding = field(default_factory=Deciding)
    shelves: Shelves = field(default_factory=dict)
    talks: Talks = field(default_factory=dict)

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
        known = {lane.lane_id: lane for lane in lanes}
        tiles = sorted(
            (
                *(tile for lane in known.values() for tile in self._tiles(lane)),
                *alert_tiles(known, alerts, self.me, self.now_utc, self.texts),
            ),
            key=lambda tile: (tile.urgency, tile.since_utc or self.now_utc, tile.title),
        )
        is_chosen = chosen in known
        shown = (
            chosen if is_chosen else next((tile.lane_id for tile in tiles if tile.urgency < Urgency.BUSY), "")
        )
        return Wall(
            now_utc=self.now_utc,
            tiles=tuple(tiles),
            open_count=sum(len(lane.requests) + len(lane.interventions) for lane in known.values()),
            panel=self._panel(known.get(shown)),
            is_chosen=is_chosen,
            notice=notice,
            answered_s=answered_s,
            tasks=tasks[:TASKS_SHOWN],
            task_count=len(tasks),
            batch=batch_of(known.values(), self.deciding, self.texts),
        )

    def _tiles(self, lane: LaneOnWall) -> Iterator[Tile]:
        for intervention in lane.interventions:
            yield decision_tile(lane, intervention, self.now_utc, self.texts, self.deciding)
        for request in lane.requests:
            yield self._help_tile(lane, request)
        if not lane.requests and not lane.interventions:
            yield self._lane_tile(lane)

    def _help_tile(self, lane: LaneOnWall, request: HelpRequest) -> Tile:
        is_open = request.state in (HelpState.REQUESTED, HelpState.DELIVERED)
        is_mine = request.staff_name == self.me and not is_open
        title = f"{lane_number(lane)} · {self._subject(request)}"
        is_shelf = request.reason is HelpReason.SHELF_EMPTY
        talk = self.talks.get(request.help_id)
        written = f"✎ {talk.newest.words}" if talk is not None and talk.newest is not None else ""
        words = (reason_words(request.reason, self.texts), written, request.note, self._sum_words(lane.state))
        return Tile(
            key=f"help-{request.help_id}",
            lane_id=lane.lane_id,
            tone=Tone.CALL if is_open else Tone.TAKEN,
            mark="?",
            title=title,
            urgency=_urgency(is_open=is_open, is_mine=is_mine, can_wait=is_shelf),
            lines=tuple(filter(None, words)),
            language_tag=language_tag(request.language, self.texts),
            language_name=own_name(request.language),
            since_utc=request.waiting_since_utc,
            waited=waited(request.waiting_since_utc, self.now_utc),
            taken_by="" if is_open else self._taken_words(request, is_mine=is_mine),
            is_ringing=is_open and not is_shelf,
            spoken=self._spoken(lane, request),
            actions=self._help_actions(request, title, place="tile")[: 2 if is_shelf and not is_open else 1],
            count=count_question(request, title, self.shelves, self.texts, place="tile"),
        )

    def _subject(self, request: HelpRequest) -> str:
        match request.reason:
            case HelpReason.BRING:
                return self.texts.text("Bring")
            case HelpReason.SHELF_EMPTY:
                return self.texts.text("Shelf")
            case _:
                return self.texts.text("Help")

    def _spoken(self, lane: LaneOnWall, request: HelpRequest) -> str:
        t = self.texts.text
        is_bring = request.reason is HelpReason.BRING
        words = t("{lane} asks for something") if is_bring else t("{lane} calls for help")
        return words.format(lane=lane_words(lane, self.texts))

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
        if request.reason in (HelpReason.BRING, HelpReason.SHELF_EMPTY):
            accept, solved = (t("I’ll do it"), "accept"), (t("Done"), "resolve")
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
                urgency=Urgency.DOWN,
                lines=(t("Not heard from. It sells on by itself; its sales come in later.") if since
                       else t("This lane has never reported."),),
                since_utc=since,
                waited=waited(since, self.now_utc) if since else "",
            )  # fmt: skip
        if is_shut(state):
            return Tile(
                key=f"lane-{lane.lane_id}",
                lane_id=lane.lane_id,
                tone=Tone.CALM,
                mark="■",
                title=f"{lane_number(lane)} · {t('Closed')}",
                urgency=Urgency.FREE,
                lines=(t("Closed by {name}.").format(name=state.closed_by),),
            )
        unwell = [device.words for device in devices_of(state) if not device.is_well]
        is_down = bool(unwell) or state.screen == "degraded"
        is_free = state.screen in _FREE_SCREENS
        lines = (
            *unwell,
            t("Closes after this visit.") if state.closed_by else "",
            self._sum_words(state),
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
        asked = self._panel_asked(lane)
        door = door_of(lane, self.texts)
        state = lane.state
        if state is None:
            sentence = t("This lane has never reported.")
            return replace(asked, title=title, sentence=sentence)
        lines: tuple[PanelLine, ...] = ()
        if state.screen in _PIN_SCREENS:
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
        plain = (plain_answers(each, about, texts, deciding, place="panel") for each in asked)
        steps = (self._help_actions(request, about, place="panel") for request in lane.requests)
        approvals = (approval_of(each, about, texts, deciding, place="panel") for each in asked)
        questions = (payment_question(each, about, texts, deciding, place="panel") for each in asked)
        prices = (price_asked(each, about, texts, deciding, place="panel") for each in asked)
        return Panel(
            lane.lane_id,
            talk=self._talk(lane),
            actions=tuple(action for actions in (*plain, *steps) for action in actions),
            approvals=tuple(each for each in approvals if each is not None),
            questions=tuple(each for each in questions if each is not None),
            prices=tuple(each for each in prices if each is not None),
        )


def _urgency(*, is_open: bool, is_mine: bool, can_wait: bool) -> Urgency:
    """An empty shelf waits behind people who wait."""
    if is_open:
        return Urgency.DOWN if can_wait else Urgency.CALL
    return Urgency.MINE if is_mine else Urgency.OTHERS


def devices_of(state: LaneStateMessage) -> tuple[DeviceWords, ...]:
    """A lane's devices by name, each with what is wrong where something is."""
    return tuple(
        DeviceWords(name.capitalize() if word in _WELL else f"{name.capitalize()}: {word}", word in _WELL)
        for name, word in sorted(state.devices.items())
    )
