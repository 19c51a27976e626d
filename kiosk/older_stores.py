"""Owns what a lane leaves out of its words to a store that is older than they are.

It must not know how anything is sent. Such a store refuses a message for one field it has never heard of.
"""

from __future__ import annotations

import httpx
from pydantic import BaseModel

from inventory.domain.help_desk import HelpReason
from inventory.wire import KNOWS_HEADER, KNOWS_HELP, KNOWS_MODES, KNOWS_SHELF, HelpMessage, LaneStateMessage


class StoreKnowledge:
    """Which of the newer words the store understands; it says so with its answers."""

    def __init__(self) -> None:
        self._words: frozenset[str] = frozenset()

    def hear(self, answer: httpx.Response) -> None:
        """Any answer that brings a message says it, or says nothing of it."""
        if answer.is_success and answer.headers.get("content-type", "") == "application/json":
            self._words = frozenset(answer.headers.get(KNOWS_HEADER, "").split())

    def fit(self, message: BaseModel) -> BaseModel:
        """The message as this store takes it."""
        match message:
            case LaneStateMessage():
                return self._fit_state(message)
            case HelpMessage():
                return self._fit_call(message)
            case _:
                return message

    def _fit_state(self, message: LaneStateMessage) -> LaneStateMessage:
        left_out: dict[str, object] = {} if KNOWS_SHELF in self._words else {"held": ()}
        if KNOWS_MODES not in self._words:
            left_out["modes"] = ()
        return message.model_copy(update=left_out) if left_out else message

    def _fit_call(self, message: HelpMessage) -> HelpMessage:
        left_out: dict[str, object] = {} if KNOWS_SHELF in self._words else {"gtin": ""}
        if KNOWS_HELP not in self._words:
            left_out["reopens"] = ""
            if message.reason is HelpReason.SALES:
                left_out["reason"] = HelpReason.OTHER
        return message.model_copy(update=left_out) if left_out else message
