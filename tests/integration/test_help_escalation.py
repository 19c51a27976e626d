"""Calls that nobody answers climb once a level; reopened ones stand at the front; lanes learn their place."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from inventory.db.unit_of_work import Database
from inventory.domain.help_desk import HandOver, HelpReason, HelpState, Resolve, Take
from inventory.domain.help_waiting import Band, Ladder, Level
from inventory.services import escalation, help_desk
from inventory.services.help_desk import ForeignRequestError
from inventory.wire import HelpPlaceMessage
from tests.support.engines import NewStore
from tests.support.store_samples import NOW, OTHER_LANE_ID, STORE_ID, heard, help_message, opened_store

LADDER = Ladder(15, 30, 60)


@pytest.fixture
def database(tmp_path: Path, new_store: NewStore) -> Iterator[Database]:
    with opened_store(tmp_path, new_store=new_store) as database:
        yield database


def call(database: Database, help_id: str = "help-1", *, after_s: int = 0, **fields: str) -> None:
    at_utc = NOW + timedelta(seconds=after_s)
    message = help_message(help_id=help_id, at_utc=at_utc).model_copy(update=fields)
    with database.write() as uow:
        help_desk.receive(uow, STORE_ID, message, at_utc)


def climbed(database: Database, after_s: int) -> list[tuple[str, Level]]:
    calls = escalation.climb(database, STORE_ID, LADDER, NOW + timedelta(seconds=after_s))
    return [(each.help_id, each.case.level) for each in calls]


def test_each_level_is_reached_once_and_the_lane_hears_of_it(database: Database) -> None:
    call(database)
    announcements = heard(database)
    assert [climbed(database, after_s) for after_s in (14, 15, 16, 31, 61, 500)] == [
        [],
        [("help-1", Level.AGAIN)],
        [],
        [("help-1", Level.SUPERVISOR)],
        [("help-1", Level.MANAGER)],
        [],
    ]
    assert [told.event_name for told in announcements].count("help") == 3


def test_a_store_that_slept_climbs_to_the_top_at_once(database: Database) -> None:
    call(database)
    assert climbed(database, 300) == [("help-1", Level.MANAGER)]


def test_an_answered_call_does_not_climb_and_one_given_on_begins_at_the_bottom(database: Database) -> None:
    call(database)
    assert climbed(database, 40) == [("help-1", Level.SUPERVISOR)]
    with database.write() as uow:
        help_desk.do(uow, STORE_ID, "help-1", Take("Marco", HelpState.ACCEPTED), NOW + timedelta(seconds=41))
    assert climbed(database, 120) == []
    with database.write() as uow:
        given = help_desk.do(
            uow, STORE_ID, "help-1", HandOver("Marco", "Ada"), NOW + timedelta(seconds=130), note="the scale"
        )
    assert (given.state, given.turn, given.level) == (HelpState.DELIVERED, 1, Level.EVERYONE)
    assert climbed(database, 140) == []
    assert climbed(database, 146) == [("help-1", Level.AGAIN)]
    with database.read() as uow:
        what = [(each.what, each.who, each.detail) for each in help_desk.history(uow, STORE_ID, "help-1")]
    assert what == [
        ("called", "", "unsaid"),
        ("escalated", "", "supervisor"),
        ("accepted", "Marco", ""),
        ("handed-over", "Marco", "the scale"),
        ("escalated", "", "again"),
    ]


def test_a_call_that_is_answered_in_the_moment_it_climbs_does_not_keep_the_others_down(
    database: Database,
) -> None:
    call(database, "help-1")
    call(database, "help-2")
    found: list[tuple[str, Level]] = []
    climbing = threading.Thread(target=lambda: found.extend(climbed(database, 60)))
    with database.write() as uow:
        help_desk.do(uow, STORE_ID, "help-1", Take("Marco", HelpState.ACCEPTED), NOW)
        climbing.start()
        climbing.join(0.2)  # on a server it waits for the row, in a file for its turn
    climbing.join(10)
    assert found == [("help-2", Level.MANAGER)]


def test_an_empty_shelf_wakes_no_manager(database: Database) -> None:
    message = help_message().model_copy(update={"reason": HelpReason.SHELF_EMPTY})
    with database.write() as uow:
        help_desk.receive(uow, STORE_ID, message, NOW)
    assert climbed(database, 1000) == []


def test_a_reopened_call_stands_at_the_front(database: Database) -> None:
    call(database)
    with database.write() as uow:
        help_desk.do(uow, STORE_ID, "help-1", Resolve("Marco"), NOW + timedelta(seconds=9))
    call(database, "help-2", after_s=10, lane_id=OTHER_LANE_ID)
    call(database, "help-3", after_s=20, reopens="help-1")
    with database.read() as uow:
        first, second = help_desk.open_requests(uow, STORE_ID)
    assert (first.help_id, first.case.is_reopened) == ("help-3", True)
    assert second.help_id == "help-2"


def test_nobody_reopens_what_is_not_theirs_and_an_unknown_one_is_one_more_call(database: Database) -> None:
    call(database)
    with pytest.raises(ForeignRequestError):
        call(database, "help-2", lane_id=OTHER_LANE_ID, reopens="help-1")
    call(database, "help-3", reopens="never-heard-of")
    with database.read() as uow:
        found = help_desk.find(uow, STORE_ID, "help-3")
    assert found is not None
    assert found.state is HelpState.DELIVERED
    assert not found.case.is_reopened


def test_lanes_learn_their_place_and_move_up_when_somebody_is_answered(database: Database) -> None:
    call(database)
    announcements = heard(database)
    call(database, "help-2", after_s=5, lane_id=OTHER_LANE_ID)
    with database.write() as uow:
        help_desk.do(uow, STORE_ID, "help-1", Take("Marco", HelpState.ACCEPTED), NOW)
    places = [told.message for told in announcements if told.event_name == "place"]
    assert all(isinstance(each, HelpPlaceMessage) for each in places)
    told = [(each.help_id, each.place, each.band) for each in places if isinstance(each, HelpPlaceMessage)]
    assert told == [
        ("help-1", 1, Band.UNDER_A_MINUTE),
        ("help-2", 2, Band.ONE_TO_TWO),
        ("help-2", 1, Band.UNDER_A_MINUTE),
        ("help-1", 0, Band.UNDER_A_MINUTE),
    ]
