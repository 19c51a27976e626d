"""What many lanes show at once is kept together, and one that cannot be kept harms no other."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import wait
from pathlib import Path
from typing import Any

import pytest

from inventory.db.unit_of_work import Database, UnitOfWork
from inventory.services import lanes
from inventory.services.state_intake import Report, StateIntake
from inventory.wire import LaneStateMessage
from tests.support.engines import NewStore
from tests.support.store_samples import NOW, STORE_ID, heard, lane_state, opened_store

LANES = [f"lane-{number}" for number in range(40)]


@pytest.fixture
def database(tmp_path: Path, new_store: NewStore) -> Iterator[Database]:
    with opened_store(tmp_path, new_store=new_store) as database:
        with database.write() as uow:
            for lane_id in LANES:
                lanes.enrol(uow, STORE_ID, lane_id, f"token-of-{lane_id}-0123456789", NOW)
        yield database


def screens(database: Database) -> dict[str, str]:
    with database.read() as uow:
        seen = lanes.wall(uow, STORE_ID, NOW)
    return {each.lane_id: each.state.screen for each in seen if each.state is not None}


def shows(lane_id: str, screen: str = "scanning") -> Report:
    return Report(lane_state(lane_id=lane_id, screen=screen))


def test_a_crowd_is_kept_and_told_and_the_last_word_of_a_lane_stands(database: Database) -> None:
    news = heard(database)
    intake = StateIntake(database, STORE_ID, lambda: NOW)
    wait([intake.take(shows(lane_id)) for lane_id in LANES] + [intake.take(shows("lane-7", "paying"))])
    assert screens(database) == dict.fromkeys(LANES, "scanning") | {"lane-7": "paying"}
    assert sum(each.event_name == "lane" for each in news) == len(LANES) + 1


def test_a_report_that_cannot_be_kept_is_told_to_its_lane_alone(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    keeps = lanes.report_state

    def stumbles(uow: UnitOfWork, store_id: str, message: LaneStateMessage, *words: Any, **more: Any) -> None:
        if message.lane_id == "lane-3":
            raise OSError("no room")
        keeps(uow, store_id, message, *words, **more)

    monkeypatch.setattr(lanes, "report_state", stumbles)
    intake = StateIntake(database, STORE_ID, lambda: NOW)
    futures = {lane_id: intake.take(shows(lane_id)) for lane_id in LANES}
    wait(futures.values())
    assert {lane_id for lane_id, future in futures.items() if future.exception()} == {"lane-3"}
    assert set(screens(database)) == set(LANES) - {"lane-3"}
