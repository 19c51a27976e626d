"""Owns what a lane leaves out of its words to a store that is older than they are.

It must not know how anything is sent. Such a store refuses a message for one field it has never heard of.
"""

from __future__ import annotations

import httpx
from pydantic import BaseModel

from inventory.wire import KNOWS_HEADER, KNOWS_SHELF, HelpMessage, LaneStateMessage


class StoreKnowledge:
    """Whether the store understands baskets and goods of a call; it says so with its answers."""

    def __init__(self) -> None:
        self._shelf = False

    def hear(self, answer: httpx.Response) -> None:
        """Any answer that brings a message says it, or says nothing of it."""
        if answer.is_success and answer.headers.get("content-type", "") == "application/json":
            self._shelf = KNOWS_SHELF in answer.headers.get(KNOWS_HEADER, "").split()

    def fit(self, message: BaseModel) -> BaseModel:
        """The message as this store takes it."""
        match message:
            case LaneStateMessage() if not self._shelf:
                return message.model_copy(update={"held": ()})
            case HelpMessage() if not self._shelf:
                return message.model_copy(update={"gtin": ""})
            case _:
                return message
