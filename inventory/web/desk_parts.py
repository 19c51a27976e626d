"""Owns the parts of a desk's page, as values a template draws: calls of other stores, and the mirror of one.

It must not know where their words come from, nor HTTP, the database or the clock.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from inventory.domain.help_ringing import Ring
from inventory.web.call_parts import Action, Ending
from inventory.web.talk_parts import Talk
from inventory.web.wall_parts import Approval, DeviceWords, PanelLine, Tone


@dataclass(frozen=True, slots=True)
class GiveBack:
    """The call becomes its store's own again, with a note for whoever takes it."""

    key: str
    action: Action
    most_note: int


@dataclass(frozen=True, slots=True)
class DeskButtons:
    """All that can be done with one call from here."""

    step: Action | None = None
    ending: Ending | None = None
    give_back: GiveBack | None = None


@dataclass(frozen=True, slots=True)
class DeskTile:
    """One call. `chosen_by` is what the address of its mirror names it."""

    key: str
    chosen_by: str
    tone: Tone
    title: str
    store: str
    lines: tuple[str, ...]
    language_tag: str
    language_name: str
    since_utc: datetime
    waited: str
    taken_by: str
    ring: Ring
    ring_key: str
    spoken: str
    buttons: DeskButtons


@dataclass(frozen=True, slots=True)
class DeskPanel:
    """The mirror of one call's lane; without a call only a sentence."""

    chosen_by: str = ""
    title: str = ""
    sentence: str = ""
    lines: tuple[PanelLine, ...] = ()
    total: str = ""
    devices: tuple[DeviceWords, ...] = ()
    questions: tuple[str, ...] = ()
    """What the lane waits for, in words, where nobody elsewhere may decide it."""
    answers: tuple[Action, ...] = ()
    approvals: tuple[Approval, ...] = ()
    buttons: DeskButtons = DeskButtons()
    talk: Talk | None = None
    call_link: str = ""

    @property
    def lane_id(self) -> str:
        """What the forms of a conversation carry back."""
        return self.chosen_by


@dataclass(frozen=True, slots=True)
class DeskWall:
    """The whole page."""

    now_utc: datetime
    tiles: tuple[DeskTile, ...]
    panel: DeskPanel
    is_chosen: bool
    notice: str
