"""Owns which buttons a call has for whoever looks at it.

It must not know HTTP, the database or the clock, nor what a button does; the help desk decides again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from inventory.domain.help_desk import Cause, HelpReason, HelpState
from inventory.domain.help_ringing import Listener
from inventory.domain.help_waiting import Level
from inventory.domain.routing import Desk, RoutedCall, able
from inventory.domain.staff import Permission, may
from inventory.services.help_desk import MAX_HAND_NOTE, HelpRequest
from inventory.web.call_form import ELSEWHERE
from inventory.web.call_parts import Action, CallButtons, Ending, HandOn
from inventory.web.help_views import cause_label
from inventory.web.talk_parts import Choice
from inventory.web.texts import Texts

_ERRANDS = (HelpReason.BRING, HelpReason.SHELF_EMPTY)


@dataclass(frozen=True, slots=True)
class ButtonWriter:
    """Writes the buttons of calls for one person; `colleagues` are the others who are signed in."""

    listener: Listener
    texts: Texts
    colleagues: tuple[str, ...] = ()
    desks: tuple[Desk, ...] = ()
    """Of other stores, that serve this one."""
    links: Mapping[str, str] = field(default_factory=dict)
    """Addresses to talk to the shopper, by the id of the call."""

    def buttons(self, request: HelpRequest, about: str, *, place: str) -> CallButtons:
        """`place` tells the tile's buttons from those of the mirror beside it."""
        key, is_waiting = f"{place}-{request.help_id}", request.case.is_waiting
        is_mine = request.staff_name == self.listener.name and not request.case.desk
        may_act = is_waiting or is_mine
        return CallButtons(
            key=key,
            about=about,
            steps=tuple(
                self._action(request, key, about, slot, label, step)
                for slot, (label, step) in enumerate(self._steps(request, is_mine=is_mine))
            ),
            # A colleague's call is ended from the mirror alone, not from the wall by a slip of the thumb.
            ending=self._ending(request, key, about) if is_mine or place == "panel" else None,
            hand_on=self._hand_on(request, key, about) if may_act else None,
            escalate=self._escalate(request, key, about) if may_act else None,
            link=self.links.get(request.help_id, "") if is_mine and place == "panel" else "",
        )

    def _steps(self, request: HelpRequest, *, is_mine: bool) -> list[tuple[str, str]]:
        t = self.texts.text
        accept = (t("I’ll do it") if request.reason in _ERRANDS else t("I’m coming"), "accept")
        go, here = (t("On my way"), "en-route"), (t("I’m here"), "arrive")
        match request.state:
            case HelpState.REQUESTED | HelpState.DELIVERED:
                return [accept]
            case HelpState.ACCEPTED if is_mine:
                return [go, here]
            case HelpState.EN_ROUTE if is_mine:
                return [here]
            case _:
                return []

    def _action(self, request: HelpRequest, key: str, about: str, slot: int, label: str, step: str) -> Action:
        return Action(
            key=f"{key}-{slot}",
            path=_path(request, step),
            label=label,
            tone="go" if slot == 0 else "",
            about=about,
            fields=_turn(request),
            is_kept=True,
        )

    def _ending(self, request: HelpRequest, key: str, about: str) -> Ending:
        t = self.texts.text
        label = t("Done") if request.reason in _ERRANDS else t("Solved")
        causes = () if request.reason in _ERRANDS else tuple(Cause)
        return Ending(
            key=f"end-{key}",
            label=label,
            causes=tuple(Choice(cause.value, cause_label(cause, self.texts)) for cause in causes),
            unsaid=Action(
                key=f"{key}-end",
                path=_path(request, "resolve"),
                label=t("Just solved") if causes else label,
                tone="ok",
                about=about,
                fields=_turn(request),
                is_kept=True,
            ),
        )

    def _hand_on(self, request: HelpRequest, key: str, about: str) -> HandOn | None:
        if not may(self.listener.role, Permission.HAND_OVER) or request.reason in _ERRANDS:
            return None
        label = self.texts.text("Hand over")
        action = Action(
            f"{key}-hand", _path(request, "hand-over"), label, "", about, _turn(request), is_kept=True
        )
        return HandOn(f"hand-{key}", action, self.colleagues, MAX_HAND_NOTE, self._desks(request))

    def _desks(self, request: HelpRequest) -> tuple[Choice, ...]:
        """Those that could answer it now, the best first."""
        call = RoutedCall(request.reason, request.language, is_safety=request.is_safety)
        return tuple(Choice(f"{ELSEWHERE}{desk.desk_id}", desk.name) for desk in able(call, self.desks))

    def _escalate(self, request: HelpRequest, key: str, about: str) -> Action | None:
        level = Level.SUPERVISOR if request.case.level < Level.SUPERVISOR else Level.MANAGER
        if request.reason in _ERRANDS or request.case.level is Level.MANAGER:
            return None
        t = self.texts.text
        label = t("Call a supervisor") if level is Level.SUPERVISOR else t("Call a manager")
        fields = (*_turn(request), ("level", str(int(level))))
        return Action(f"{key}-up", _path(request, "escalate"), label, "", about, fields, is_kept=True)


def _path(request: HelpRequest, step: str) -> str:
    return f"/staff/help/{request.help_id}/{step}"


def _turn(request: HelpRequest) -> tuple[tuple[str, str], ...]:
    """A tap on what is no longer so does nothing: a call that was given on is another's."""
    return (("turn", str(request.case.turn)),)
