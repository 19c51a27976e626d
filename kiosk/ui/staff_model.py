"""Owns what the staff screens (K21) show, as plain values.

It must not know PINs: one is shown as dots. Nothing here knows the lane's state.
"""

from __future__ import annotations

from dataclasses import dataclass

from kiosk.ui.model_parts import ButtonModel, RowModel


@dataclass(frozen=True, slots=True)
class PadModel:
    """A number pad. `shown` is what was typed, a PIN as dots; `alarm` marks a text that says what failed.

    `spoken`: no secret is typed here, so what was typed may be said.
    """

    title: str
    text: str
    shown: str
    alarm: bool
    erase: ButtonModel
    ok: ButtonModel
    spoken: bool = False


@dataclass(frozen=True, slots=True)
class StaffNeed:
    """One thing that waits for a person, with what may be done about it; `icon` a stem of assets/icons."""

    text: str
    icon: str
    buttons: tuple[ButtonModel, ...]
    well: bool = False  # nothing to be done about it: what was looked at works


@dataclass(frozen=True, slots=True)
class StaffModel:
    """K21. `text` is for whoever shops here: staff work at this screen just now."""

    title: str
    text: str
    needs: tuple[StaffNeed, ...]
    empty_text: str
    rows: tuple[RowModel, ...]
    tools: tuple[ButtonModel, ...]
    end: ButtonModel
