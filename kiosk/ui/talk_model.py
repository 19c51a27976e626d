"""Owns what the conversation with staff shows, as plain values: phrases to say, and a text to type.

It must not know Kivy or the lane's state. Both are screens the window knows already: tiles as of questions,
keys as of the search.
"""

from __future__ import annotations

from dataclasses import dataclass

from kiosk.ui.screen_model import ButtonModel, FindModel, QuestionsModel


@dataclass(frozen=True, slots=True)
class BubbleModel:
    """One thing said. `note` is the language it was typed in, or that it is not sent yet."""

    who: str
    text: str
    note: str = ""
    mine: bool = False


@dataclass(frozen=True, slots=True)
class TalkModel(QuestionsModel):
    """What was said, oldest first, and the phrases one may say."""

    bubbles: tuple[BubbleModel, ...] = ()


@dataclass(frozen=True, slots=True)
class WriteModel(FindModel):
    """A text being typed: `draft` is all of it, `query` its end; `send` is off while it may not go."""

    draft: str = ""
    send: ButtonModel | None = None
