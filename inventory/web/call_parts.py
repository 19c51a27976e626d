"""Owns the parts of a call's buttons: its steps, what it turned out to be, who it is given to.

It must not know where their words come from, nor HTTP, the database or the clock.
"""

from __future__ import annotations

from dataclasses import dataclass

from inventory.web.talk_parts import Choice


@dataclass(frozen=True, slots=True)
class Action:
    """One button. `key` names its place, so that focus stays there when its meaning moves on.

    `fields` go with it unseen. `is_kept`: a tap without a connection is kept and sent later; only a step may
    be that is one step however often it is sent.
    """

    key: str
    path: str
    label: str
    tone: str
    about: str
    fields: tuple[tuple[str, str], ...] = ()
    is_kept: bool = False


@dataclass(frozen=True, slots=True)
class Ending:
    """What a call turned out to be: eight large buttons, and one that says nothing of it."""

    key: str
    label: str
    causes: tuple[Choice, ...]
    unsaid: Action


@dataclass(frozen=True, slots=True)
class HandOn:
    """A call given to a colleague who is signed in, to all, or to a desk elsewhere, with a note."""

    key: str
    action: Action
    colleagues: tuple[str, ...]
    most_note: int
    desks: tuple[Choice, ...] = ()


@dataclass(frozen=True, slots=True)
class CallButtons:
    """All that can be done with one call, as one person sees it. The first step is the next one."""

    key: str
    about: str
    steps: tuple[Action, ...]
    ending: Ending | None = None
    hand_on: HandOn | None = None
    escalate: Action | None = None
    link: str = ""
    """Where to talk to the shopper, for whoever has the call."""

    @property
    def has_more(self) -> bool:
        """Whether there is anything beside its steps and its end."""
        return self.hand_on is not None or self.escalate is not None
