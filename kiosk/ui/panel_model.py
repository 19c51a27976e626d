"""Owns what the installer's measuring of the glass shows, as plain values.

It must not know a file, the lane or Kivy.
"""

from __future__ import annotations

from dataclasses import dataclass

from kiosk.ui.model_parts import ButtonModel


@dataclass(frozen=True, slots=True)
class BoxSide:
    """One side of the box: its name, its length as text, and four steps from much less to much more."""

    label: str
    shown: str
    steps: tuple[ButtonModel, ...]


@dataclass(frozen=True, slots=True)
class PanelModel:
    """A box as large as a bank card has to be. `warning` takes the place of `text`."""

    title: str
    text: str
    warning: str
    box_px: tuple[int, int]
    sides: tuple[BoxSide, ...]
    figures: tuple[str, ...]
    turn: ButtonModel
    save: ButtonModel
