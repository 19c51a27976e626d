"""Owns what the store's news means to a lane: an event's name and data in, what happened for the lane out.

It must not know how news travels. News for another lane, or of a kind this version does not know, is nothing.
"""

from __future__ import annotations

import logging

from inventory.domain.help_desk import HelpState
from inventory.domain.orders import OrderState
from inventory.wire import (
    DecisionMessage,
    DoorMessage,
    HelpPlaceMessage,
    HelpUpdateMessage,
    OrderMessage,
    StaffPhraseMessage,
)
from kiosk.checkout.messages import Event, HelpPlaced, HelpUpdated, InterventionDecided, OrderReceived
from kiosk.checkout.visit_events import DoorOrdered
from kiosk.jottings import Jottings
from kiosk.phrase_news import heard

log = logging.getLogger(__name__)


def news(name: str, data: str, lane_id: str, jottings: Jottings) -> Event | None:
    """The event of a piece of news. Raises ValidationError for data of another form."""
    match name:
        case "help":
            return _called(HelpUpdateMessage.model_validate_json(data), lane_id)
        case "place":
            place = HelpPlaceMessage.model_validate_json(data)
            return HelpPlaced(place.help_id, place.place, place.band) if place.lane_id == lane_id else None
        case "phrase":
            told = StaffPhraseMessage.model_validate_json(data)
            return heard(told, jottings) if told.lane_id == lane_id else None
        case "decision":
            return _decided(DecisionMessage.model_validate_json(data), lane_id)
        case "order":
            asked = OrderMessage.model_validate_json(data)
            return OrderReceived(asked.order, asked.state is OrderState.SENT)
        case "door":
            door = DoorMessage.model_validate_json(data)
            ordered = DoorOrdered(door.door_id, door.closed, door.staff_name, door.paused)
            return ordered if door.lane_id == lane_id else None
        case _:
            log.debug("news this version does not know: %s", name)
            return None


def _called(update: HelpUpdateMessage, lane_id: str) -> HelpUpdated | None:
    if update.lane_id != lane_id or update.state is HelpState.REQUESTED:
        return None
    return HelpUpdated(
        update.help_id,
        update.state,
        update.staff_name,
        turn=update.turn,
        level=update.level,
        is_afar=update.is_afar,
    )


def _decided(message: DecisionMessage, lane_id: str) -> InterventionDecided | None:
    if message.lane_id != lane_id:
        return None
    return InterventionDecided(message.intervention_id, message.decision, message.staff_name, message.price)
