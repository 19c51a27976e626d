"""Owns the messages about calls for help, both ways.

It must not be imported by name: `inventory.wire` is the one shared format and holds these too.
"""

from __future__ import annotations

from pydantic import Field, SerializerFunctionWrapHandler, model_serializer

from inventory.domain.help_desk import HelpReason, HelpState
from inventory.domain.help_waiting import Band, Level
from inventory.wire_stock import Instant, Message

LONGEST_HELP_ID = 64


class HelpUpdateMessage(Message):
    """Event `help`: somebody on the staff, or the clock, moved a call on.

    `turn` counts hand-overs: with a greater one a call may wait again. `level` is who it rings for now.
    `is_afar`: whoever answers does so from elsewhere and will not walk up. All three are left out where they
    say nothing, and to a lane that does not know them.
    """

    help_id: str
    lane_id: str
    state: HelpState
    staff_name: str = ""
    turn: int = Field(default=0, ge=0)
    level: Level = Level.EVERYONE
    is_afar: bool = False

    def plain(self) -> HelpUpdateMessage:
        """As a lane understands it that knows no turns."""
        return HelpUpdateMessage(
            help_id=self.help_id, lane_id=self.lane_id, state=self.state, staff_name=self.staff_name
        )

    @model_serializer(mode="wrap")
    def _without_nothing(self, handler: SerializerFunctionWrapHandler) -> dict[str, object]:
        fields: dict[str, object] = handler(self)
        for name in ("turn", "level", "is_afar"):
            if not fields.get(name):
                fields.pop(name, None)
        return fields


class HelpPlaceMessage(Message):
    """Event `place`: how many waiting calls are answered before this one is, itself counted, and how soon.

    `place` is 0 once somebody has answered. Only lanes that know it are told.
    """

    help_id: str
    lane_id: str
    place: int = Field(ge=0)
    band: Band


class DeskNewsMessage(Message):
    """Event `desk`, to the staff of a desk: something changed at a lane of another store whose call it has.

    No more than that: the desk's page asks for what it may see.
    """

    store_id: str
    lane_id: str


class HelpMessage(Message):
    """PUT /api/v1/help/{help_id}: the shopper's side of a request; state requested or cancelled.

    `gtin` is the good it is about, left out where it is about none, and to a store that does not know it.
    `reopens` is the call that was said to be solved and was not; left out likewise: to an older store this is
    simply one more call.
    """

    help_id: str
    lane_id: str
    state: HelpState
    reason: HelpReason = HelpReason.UNSAID
    language: str = "en"
    requested_at_utc: Instant
    note: str = ""
    gtin: str = Field(default="", pattern=r"^(\d{14})?$")
    reopens: str = Field(default="", max_length=LONGEST_HELP_ID)

    @model_serializer(mode="wrap")
    def _without_nothing(self, handler: SerializerFunctionWrapHandler) -> dict[str, object]:
        fields: dict[str, object] = handler(self)
        for name in ("gtin", "reopens"):
            if not fields.get(name):
                fields.pop(name, None)
        return fields
