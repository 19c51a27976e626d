"""Doors on the store's side: who is first wins, the audit says who, and open is what sells."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from inventory.db.unit_of_work import Database
from inventory.domain.doors import DoorWish
from inventory.services import doors, lanes, staff
from inventory.services.doors import SeenDoor
from inventory.wire import LaneStateMessage
from tests.support.engines import NewStore
from tests.support.store_samples import LANE_ID, NOW, OTHER_LANE_ID, STORE_ID, heard, opened_store


@pytest.fixture
def database(tmp_path: Path, new_store: NewStore) -> Iterator[Database]:
    with opened_store(tmp_path, new_store=new_store) as database:
        yield database


def order(database: Database, who: str, *, wish: DoorWish = DoorWish.CLOSED, after: str = "") -> str:
    with database.write() as uow:
        return doors.order(uow, STORE_ID, LANE_ID, who, NOW, wish=wish, after=after).door_id


def report(database: Database, lane_id: str, **more: object) -> None:
    good: dict[str, object] = {
        "lane_id": lane_id,
        "screen": "attract",
        "language": "it",
        "currency": "EUR",
        "total_minor": 0,
        "devices": {"terminal": "ready"},
        "at_utc": NOW,
    }
    with database.write() as uow:
        lanes.report_state(uow, STORE_ID, LaneStateMessage.model_validate(good | more), NOW)


def open_ids(database: Database, *, after_s: int = 0) -> list[str]:
    with database.read() as uow:
        return [each.lane_id for each in lanes.open_lanes(uow, STORE_ID, NOW + timedelta(seconds=after_s))]


def test_of_two_who_act_on_the_same_view_exactly_one_wins_and_stands_in_the_audit_trail(
    database: Database,
) -> None:
    first = order(database, "Marco")
    with pytest.raises(doors.DoorMovedError, match="Marco has closed"):
        order(database, "Giulia")
    second = order(database, "Ada", wish=DoorWish.OPEN, after=first)
    for wish in DoorWish:
        with pytest.raises(doors.DoorMovedError, match="Ada has opened"):
            order(database, "Giulia", wish=wish, after=first)
    with database.read() as uow:
        trail = [
            (entry.who, entry.what)
            for entry in staff.audit_trail(uow, STORE_ID, limit=9)
            if "lane." in entry.what
        ]
        newest = doors.of_lane(uow, STORE_ID, LANE_ID)
    assert sorted(trail) == [("Ada", "lane.open"), ("Marco", "lane.close")]
    assert newest is not None
    assert (newest.door_id, newest.closed) == (second, False)


def test_a_door_is_told_to_its_lane_alone(database: Database) -> None:
    news = heard(database)
    order(database, "Marco")
    (told,) = [each for each in news if each.event_name == "door"]
    assert told.audience == f"lane:{LANE_ID}"


def test_open_is_what_was_heard_lately_is_not_closed_and_can_take_a_card(database: Database) -> None:
    report(database, LANE_ID)
    report(database, OTHER_LANE_ID, closed_by="Marco")
    assert open_ids(database) == [LANE_ID]
    faults: tuple[dict[str, object], ...] = (
        {"devices": {"terminal": "lost"}},
        {"devices": {}},
        {"screen": "degraded"},
    )
    for broken in faults:
        report(database, OTHER_LANE_ID, **broken)
        assert open_ids(database) == [LANE_ID]
    report(database, OTHER_LANE_ID, screen="basket")
    assert open_ids(database) == sorted([LANE_ID, OTHER_LANE_ID])
    assert open_ids(database, after_s=26) == []


def test_a_report_of_an_open_lane_is_one_that_older_stores_can_read(database: Database) -> None:
    message = LaneStateMessage(
        lane_id=LANE_ID, screen="attract", language="it", currency="EUR", total_minor=0, at_utc=NOW
    )
    assert "closed_by" not in message.model_dump_json()
    assert "door_id" not in message.model_dump_json()


def test_a_pause_is_told_as_one_and_stands_in_the_trail(database: Database) -> None:
    order(database, "Marco", wish=DoorWish.PAUSED)
    with database.read() as uow:
        told = doors.of_lane(uow, STORE_ID, LANE_ID)
        trail = staff.audit_trail(uow, STORE_ID, limit=9)
    assert told is not None
    assert (told.closed, told.paused) == (True, True)
    assert [entry.what for entry in trail if entry.what.startswith("lane.")] == ["lane.pause"]


def test_many_lanes_are_ordered_and_one_that_was_moved_meanwhile_stays(database: Database) -> None:
    order(database, "Giulia", wish=DoorWish.PAUSED)
    seen = (SeenDoor(LANE_ID, ""), SeenDoor(OTHER_LANE_ID, ""))
    with database.write() as uow:
        outcome = doors.order_many(uow, STORE_ID, seen, "Marco", NOW, wish=DoorWish.CLOSED)
    assert outcome.done == (OTHER_LANE_ID,)
    ((lane_id, moved),) = outcome.moved
    assert (lane_id, moved.by, moved.wish) == (LANE_ID, "Giulia", DoorWish.PAUSED)
    with database.read() as uow:
        newest = doors.newest(uow, STORE_ID)
    assert {each: newest[each].wish for each in newest} == {
        LANE_ID: DoorWish.PAUSED,
        OTHER_LANE_ID: DoorWish.CLOSED,
    }
