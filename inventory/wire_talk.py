"""Owns the messages of a conversation: what a shopper says in a call, and what staff answer.

It must not be imported by name: `inventory.wire` is the one shared format and holds these too.
"""

from __future__ import annotations

from pydantic import Field

from inventory.domain.phrases import LONGEST_TEXT
from inventory.wire_stock import Instant, Message

_TAG = r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$"


class PhraseMessage(Message):
    """PUT /api/v1/help/{help_id}/phrases/{phrase_id}: something the shopper says in an open call.

    Either `phrase` with its `slots` (`inventory.domain.phrases`), or `text` as typed in `language`.
    """

    phrase_id: str = Field(max_length=64)
    help_id: str = Field(max_length=64)
    lane_id: str
    phrase: str = Field(default="", max_length=40)
    slots: dict[str, str | int] = Field(default_factory=dict, max_length=4)
    text: str = Field(default="", max_length=LONGEST_TEXT)
    language: str = Field(default="en", pattern=_TAG)
    at_utc: Instant


class StaffPhraseMessage(Message):
    """Event `phrase`: somebody on the staff answers in a call; told again at each connection."""

    phrase_id: str
    help_id: str
    lane_id: str
    staff_name: str
    phrase: str = ""
    slots: dict[str, str | int] = Field(default_factory=dict)
    text: str = ""
    language: str = "en"
    at_utc: Instant
