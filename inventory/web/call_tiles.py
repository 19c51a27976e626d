"""Owns the tile of a call for help: how it waits, who has it, what is known of the lane it comes from.

It must not know HTTP, the database or the clock.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from inventory.domain.help_desk import HelpReason
from inventory.domain.help_ringing import Listener, Ring, ring_of
from inventory.services.help_desk import HelpRequest
from inventory.services.lanes import LaneOnWall
from inventory.web.call_buttons import ButtonWriter
from inventory.web.call_words import subject_words, taken_words, wait_words
from inventory.web.lane_facts import FactWriter
from inventory.web.shelf_tile import Shelves, count_question
from inventory.web.talk_parts import Talks
from inventory.web.texts import Texts, own_name
from inventory.web.wall_parts import Tile, Tone, Urgency
from inventory.web.wall_words import lane_number, lane_words, language_tag, reason_words, waited


@dataclass(frozen=True, slots=True)
class CallTiles:
    """Writes the tiles of calls for one person at one moment."""

    listener: Listener
    now_utc: datetime
    texts: Texts
    facts: FactWriter
    shelves: Shelves
    buttons: ButtonWriter
    talks: Talks

    def tile(self, lane: LaneOnWall, request: HelpRequest) -> Tile:
        """One call."""
        is_waiting, is_shelf = request.case.is_waiting, request.reason is HelpReason.SHELF_EMPTY
        is_mine = (request.staff_name, request.case.desk) == (self.listener.name, "")
        title = f"{lane_number(lane)} · {subject_words(request, self.texts)}"
        ring = Ring.NONE if is_shelf else ring_of(request.case, self.listener, is_danger=request.is_safety)
        mark, words = wait_words(request.case, self.texts) if is_waiting and not is_shelf else ("", "")
        return Tile(
            key=f"help-{request.help_id}",
            lane_id=lane.lane_id,
            tone=Tone.CALL if is_waiting else Tone.TAKEN,
            mark="⚠" if request.is_safety else "?",
            title=title,
            urgency=_urgency(request, is_mine=is_mine),
            lines=self._lines(lane, request),
            tags=self._tags(lane, request),
            language_tag=language_tag(request.language, self.texts),
            language_name=own_name(request.language),
            since_utc=request.waiting_since_utc,
            waited=waited(request.waiting_since_utc, self.now_utc),
            state_mark=mark,
            state_words=words,
            taken_by="" if is_waiting else taken_words(request, self.texts, is_mine=is_mine),
            for_whom=self._for_whom(request),
            hand_note=request.hand_note,
            ring=ring,
            ring_key=f"{request.help_id}.{request.case.turn}.{int(request.case.level)}",
            spoken=self._spoken(lane, request, words),
            line=request.in_line if is_waiting else None,
            buttons=self.buttons.buttons(request, title, place="tile"),
            count=count_question(request, title, self.shelves, self.texts, place="tile"),
        )

    def _lines(self, lane: LaneOnWall, request: HelpRequest) -> tuple[str, ...]:
        talk = self.talks.get(request.help_id)
        written = f"✎ {talk.newest.words}" if talk is not None and talk.newest is not None else ""
        words = (
            reason_words(request.reason, self.texts),
            written,
            request.note,
            self.facts.sum_words(lane.state),
            *self.facts.troubles(lane),
        )
        return tuple(filter(None, words))

    def _tags(self, lane: LaneOnWall, request: HelpRequest) -> tuple[str, ...]:
        again = f"↺ {self.texts.text('Called again')}" if request.case.is_reopened else ""
        return tuple(filter(None, (again, *self.facts.flags(lane))))

    def _for_whom(self, request: HelpRequest) -> str:
        name = request.case.meant_for
        if not name or not request.case.is_waiting:
            return ""
        t = self.texts.text
        return t("For you") if name == self.listener.name else t("For {name}").format(name=name)

    def _spoken(self, lane: LaneOnWall, request: HelpRequest, state_words: str) -> str:
        t = self.texts.text
        is_bring = request.reason is HelpReason.BRING
        words = t("{lane} asks for something") if is_bring else t("{lane} calls for help")
        spoken = words.format(lane=lane_words(lane, self.texts))
        for_whom = self._for_whom(request)
        more = [for_whom] if for_whom else []
        return ". ".join([spoken, *more, state_words] if request.case.level else [spoken, *more])


def _urgency(request: HelpRequest, *, is_mine: bool) -> Urgency:
    """Danger first; an empty shelf waits behind people who wait."""
    if request.case.is_waiting:
        if request.is_safety:
            return Urgency.DANGER
        return Urgency.DOWN if request.reason is HelpReason.SHELF_EMPTY else Urgency.CALL
    return Urgency.MINE if is_mine else Urgency.OTHERS
