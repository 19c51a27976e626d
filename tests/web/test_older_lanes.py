"""A lane of an older version hears only fields it knows, and what is left for the next shopper as stock."""

from __future__ import annotations

from datetime import UTC, datetime

from fastapi import Request

from inventory.web.events import encode_event
from inventory.web.older_lanes import (
    knows_shelf,
    translation_for,
    without_baskets_in_event,
    without_pauses_in_event,
)
from inventory.wire import KNOWS, KNOWS_HEADER, CatalogueChangedMessage, DoorMessage, StockMessage

NOW = datetime(2026, 5, 4, 10, 30, tzinfo=UTC)
LEVEL = StockMessage(
    gtin="09520000000011",
    on_hand_milli=12_000,
    as_of_utc=NOW,
    reserved_milli=3_000,
    counted_at_utc=NOW,
    doubts=2,
)
PLAIN = b'{"gtin":"09520000000011","on_hand_milli":9000,"as_of_utc":"2026-05-04T10:30:00Z"}'


def test_stock_is_told_to_an_older_lane_in_the_words_it_knows() -> None:
    assert LEVEL.plain().model_dump_json().encode() == PLAIN
    told = without_baskets_in_event(encode_event("stock", LEVEL))
    assert told == b"event: stock\ndata: " + PLAIN + b"\n\n"


def test_a_pause_is_a_closed_door_to_an_older_lane() -> None:
    door = DoorMessage(door_id="d1", lane_id="lane-1", closed=True, staff_name="Marco", paused=True)
    told = without_pauses_in_event(encode_event("door", door))
    assert told == (
        b'event: door\ndata: {"door_id":"d1","lane_id":"lane-1","closed":true,"staff_name":"Marco"}\n\n'
    )
    assert b"paused" not in encode_event("door", door.plain())


def test_lanes_of_one_version_share_one_translation_and_the_newest_needs_none() -> None:
    def asking(words: str) -> Request:
        return Request({"type": "http", "headers": [(KNOWS_HEADER.encode(), words.encode())]})

    assert translation_for(asking(KNOWS)) is None
    assert translation_for(asking("shelf more")) is translation_for(asking("shelf"))
    assert translation_for(asking("shelf")) is not translation_for(asking("shelf help"))


def test_all_other_news_pass_as_they_are() -> None:
    for encoded in (encode_event("catalogue", CatalogueChangedMessage(version=3)), b": ping\n\n"):
        assert without_baskets_in_event(encoded) is encoded


def test_a_lane_says_what_it_knows() -> None:
    def asking(*words: str) -> Request:
        headers = [(KNOWS_HEADER.encode(), word.encode()) for word in words]
        return Request({"type": "http", "headers": headers})

    assert knows_shelf(asking("shelf"))
    assert knows_shelf(asking("tomorrow shelf"))
    assert not knows_shelf(asking())
    assert not knows_shelf(asking("shelfless"))
