"""Owns what a desk's page shows: the calls of other stores in turn, and the mirror of one, in words.

It must not know HTTP, the database or the clock; it turns what the services say into values a template draws.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import assert_never

from inventory.domain.approving import Policy
from inventory.domain.call_link import CallAddress
from inventory.domain.help_desk import Cause
from inventory.domain.help_ringing import Ring
from inventory.domain.money import format_amount
from inventory.domain.phrases import StaffPhrase
from inventory.domain.routing import WhyElsewhere
from inventory.domain.staff import Role
from inventory.services.desk_calls import DeskCall, Helper
from inventory.services.help_desk import MAX_HAND_NOTE
from inventory.services.interventions import Intervention
from inventory.web.call_parts import Action, Ending
from inventory.web.decision_tiles import Deciding, approval_of, decision_tile, plain_answers
from inventory.web.decision_tiles import name_of as name_of_question
from inventory.web.desk_parts import DeskButtons, DeskPanel, DeskTile, DeskWall, GiveBack
from inventory.web.help_views import cause_label
from inventory.web.lane_facts import PIN_SCREENS, devices_of
from inventory.web.talk_parts import Choice, Talk
from inventory.web.texts import Texts, own_name
from inventory.web.wall_parts import Approval, PanelLine, Tone
from inventory.web.wall_words import lane_words, language_tag, line_words, reason_words, waited
from inventory.wire import LaneStateMessage

ROOT = "/staff/desk"
_ON_FOOT = frozenset(
    phrase.value for phrase in (StaffPhrase.COMING, StaffPhrase.ON_MY_WAY, StaffPhrase.SHOW_ID_PLEASE)
)
BETWEEN = "/"
"""Between store and call in what names a call: neither id holds one."""


@dataclass(frozen=True, slots=True)
class OfCall:
    """What belongs to one call beside its lane."""

    policy: Policy
    talk: Talk | None = None
    link: CallAddress | None = None


def name_of(call: DeskCall) -> str:
    """What the address of its mirror names a call."""
    return f"{call.store.store_id}{BETWEEN}{call.call.help_id}"


@dataclass(frozen=True, slots=True)
class DeskWriter:
    """Writes the page for one person at one moment. `beside` holds what belongs to each call, by its name."""

    me: Helper
    now_utc: datetime
    texts: Texts
    beside: Mapping[str, OfCall]

    def wall(self, calls: Sequence[DeskCall], *, chosen: str, notice: str) -> DeskWall:
        """The whole view. One that is not chosen, or not to be seen any more, is as none."""
        known = {name_of(call): call for call in calls}
        mine = [name for name, call in known.items() if self._is_mine(call)]
        shown = chosen if chosen in known else next(iter((*mine, *known)), "")
        panel = self._panel(known[shown]) if shown else self._nothing()
        tiles = tuple(self._tile(call) for call in calls)
        return DeskWall(self.now_utc, tiles, panel, chosen in known, notice)

    def _tile(self, call: DeskCall) -> DeskTile:
        t, lane = self.texts.text, lane_words(call.lane, self.texts)
        is_waiting = call.call.case.is_waiting
        about = f"{call.store.name} · {lane}"
        calls = t("{lane} calls for help").format(lane=about)
        talk = self.beside[name_of(call)].talk
        written = f"✎ {talk.newest.words}" if talk is not None and talk.newest is not None else ""
        lines = (
            reason_words(call.call.reason, self.texts),
            written,
            call.call.hand_note,
            self._why(call) if is_waiting else "",
        )
        return DeskTile(
            key=f"call-{call.store.store_id}-{call.call.help_id}",
            chosen_by=name_of(call),
            tone=Tone.CALL if is_waiting else Tone.TAKEN,
            title=lane,
            store=call.store.name,
            lines=tuple(filter(None, lines)),
            language_tag=language_tag(call.call.language, self.texts),
            language_name=own_name(call.call.language),
            since_utc=call.call.waiting_since_utc,
            waited=waited(call.call.waiting_since_utc, self.now_utc),
            taken_by="" if is_waiting else self._taken(call),
            ring=Ring.CALL if is_waiting else Ring.NONE,
            ring_key=f"{call.store.store_id}.{call.call.help_id}.{call.call.case.turn}",
            spoken=calls,
            buttons=self._buttons(call, about, "tile"),
        )

    def _why(self, call: DeskCall) -> str:
        t = self.texts.text
        match call.why:
            case WhyElsewhere.SENT:
                return t("Sent by {name}.").format(name=call.sent_by)
            case WhyElsewhere.NOBODY_HERE:
                return t("Nobody is signed in there.")
            case WhyElsewhere.LANGUAGE:
                return t("Nobody there speaks this language.")
            case WhyElsewhere.LATE:
                return t("Nobody there has answered.")
            case _:
                assert_never(call.why)

    def _is_mine(self, call: DeskCall) -> bool:
        return call.is_of(self.me.desk_id) and call.call.staff_name == self.me.name

    def _taken(self, call: DeskCall) -> str:
        t = self.texts.text
        return t("Yours") if self._is_mine(call) else t("Taken by {name}").format(name=call.call.staff_name)

    def _buttons(self, call: DeskCall, about: str, place: str) -> DeskButtons:
        t, is_mine = self.texts.text, self._is_mine(call)
        path = f"{ROOT}/{call.store.store_id}/help/{call.call.help_id}"
        key = f"{place}-{call.store.store_id}-{call.call.help_id}"
        if not (call.call.case.is_waiting or is_mine):
            return DeskButtons()
        turn = (("turn", str(call.call.case.turn)),)
        back = Action(f"{key}-back", f"{path}/give-back", t("Give back"), "", about, turn)
        give_back = GiveBack(f"back-{key}", back, MAX_HAND_NOTE)
        if not is_mine:
            step = Action(f"{key}-0", f"{path}/accept", t("I’ll help"), "go", about, turn)
            return DeskButtons(step, give_back=give_back)
        solved = Action(f"{key}-end", f"{path}/resolve", t("Just solved"), "ok", about, turn)
        causes = tuple(Choice(cause.value, cause_label(cause, self.texts)) for cause in Cause)
        return DeskButtons(None, Ending(f"end-{key}", t("Solved"), causes, solved), give_back)

    def _panel(self, call: DeskCall) -> DeskPanel:
        t, about = self.texts.text, f"{call.store.name} · {lane_words(call.lane, self.texts)}"
        beside, path = self.beside[name_of(call)], f"{ROOT}/{call.store.store_id}"
        asked, is_mine = call.lane.interventions, self._is_mine(call)
        deciding = Deciding(Role.REMOTE, beside.policy)
        plain = [plain_answers(each, about, self.texts, deciding, place="panel") for each in asked]
        approvals = [approval_of(each, about, self.texts, deciding, place="panel") for each in asked]
        panel = DeskPanel(
            chosen_by=name_of(call),
            title=t("{lane} · mirror").format(lane=about),
            questions=tuple(
                self._question(call, each, deciding)
                for each, approval in zip(asked, approvals, strict=True)
                if approval is None or not is_mine
            ),
            answers=tuple(_at(each, path) for each in sum(plain, ()) if is_mine),
            approvals=tuple(_approval_at(each, path) for each in approvals if each is not None and is_mine),
            buttons=self._buttons(call, about, "panel"),
            talk=None if beside.talk is None else _talk_at(beside.talk, path),
            call_link=beside.link.url if beside.link is not None and is_mine else "",
        )
        return self._with_basket(panel, call.lane.state, is_online=call.lane.is_online)

    def _question(self, call: DeskCall, asked: Intervention, deciding: Deciding) -> str:
        tile = decision_tile(call.lane, asked, self.now_utc, self.texts, deciding)
        return " · ".join((name_of_question(asked.kind, self.texts), *tile.lines))

    def _with_basket(self, panel: DeskPanel, state: LaneStateMessage | None, *, is_online: bool) -> DeskPanel:
        t = self.texts.text
        if state is None:
            return replace(panel, sentence=t("This lane has never reported."))
        if state.screen in PIN_SCREENS:
            return replace(panel, sentence=t("PIN in progress"))
        sentence = "" if is_online else t("Offline: this is the last basket it sent.")
        lines = tuple(
            PanelLine(
                line_words(line),
                format_amount(line.amount_minor, state.currency, self.texts.language),
                f"{line.age_limit}+" if line.age_limit else "",
            )
            for line in state.lines
        )
        return replace(
            panel,
            sentence=sentence if lines else t("The basket is empty."),
            lines=lines,
            total=format_amount(state.total_minor, state.currency, self.texts.language),
            devices=devices_of(state),
        )

    def _nothing(self) -> DeskPanel:
        t = self.texts.text
        return DeskPanel(
            title=t("Mirror"), sentence=t("You see a basket here while its store asks for help.")
        )


def _talk_at(talk: Talk, path: str) -> Talk:
    """The same conversation, posted for another store, without what only somebody there could truly say."""
    likely, others = (
        tuple(each for each in answers if each.phrase not in _ON_FOOT)
        for answers in (talk.likely, talk.others)
    )
    return replace(talk, likely=likely, others=others, path=f"{path}/talk")


def _at(action: Action, path: str) -> Action:
    """The same button, posted for another store than this one."""
    return replace(action, path=f"{path}{action.path.removeprefix('/staff')}")


def _approval_at(approval: Approval, path: str) -> Approval:
    return replace(approval, answers=tuple(_at(answer, path) for answer in approval.answers))
