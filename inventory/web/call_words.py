"""Owns the words of a call on the tablet: its subject, how far it is, who has it.

It must not know tiles or buttons.
"""

from __future__ import annotations

from typing import assert_never

from inventory.domain.help_desk import HelpCase, HelpReason, HelpState
from inventory.domain.help_waiting import Level
from inventory.services.help_desk import HelpRequest
from inventory.web.texts import Texts

_MODES = {
    "large-text": "Larger text",
    "high-contrast": "More contrast",
    "reach": "Everything lower",
    "speak": "Read aloud",
    "slower": "More time",
    "reduced-motion": "Less motion",
    "simple": "One thing at a time",
}
"""What a shopper switched on, in the words the shopper read; what else a lane may name is passed over."""


def subject_words(request: HelpRequest, texts: Texts) -> str:
    """What a tile about it is called."""
    match request.reason:
        case HelpReason.BRING:
            return texts.text("Bring")
        case HelpReason.SHELF_EMPTY:
            return texts.text("Shelf")
        case _:
            return texts.text("Help")


def wait_words(case: HelpCase, texts: Texts) -> tuple[str, str]:
    """A mark and words for a call that nobody has answered: who has been called so far."""
    t = texts.text
    match case.level:
        case Level.EVERYONE:
            return "○", t("Waiting")
        case Level.AGAIN:
            return "◔", t("Nobody came yet")
        case Level.SUPERVISOR:
            return "◑", t("Nobody came yet: supervisors called")
        case Level.MANAGER:
            return "●", t("Nobody came yet: managers called")
        case _ as never:
            assert_never(never)


def taken_words(request: HelpRequest, texts: Texts, *, is_mine: bool) -> str:
    """Who has a call, and how far they are."""
    t = texts.text
    match request.state:
        case HelpState.EN_ROUTE:
            step = t("on the way")
        case HelpState.ARRIVED:
            step = t("at the lane")
        case _:
            step = t("accepted")
    who = t("Yours") if is_mine else t("Taken by {name}").format(name=request.staff_name)
    return f"{who} · {step}"


def mode_words(modes: tuple[str, ...], texts: Texts) -> tuple[str, ...]:
    """How the shopper wants the lane to be."""
    return tuple(texts.text(_MODES[mode]) for mode in modes if mode in _MODES)
