"""What is asked at every tap and every connection is found by an index, however many calls there were."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, event

from inventory.db.unit_of_work import Database
from inventory.domain.help_desk import HelpState, Take
from inventory.domain.help_waiting import Ladder
from inventory.domain.phrases import ShopperPhrase
from inventory.services import escalation, help_desk, help_places, interventions, talk
from inventory.wire import PhraseMessage
from tests.support.engines import on_file
from tests.support.store_samples import LANE_ID, NOW, STORE_ID, help_message, opened_store

GROWING = ("help_request", "help_event", "help_phrase", "intervention")
BY_STORE_ALONE = "(store_id=?)"


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    with opened_store(tmp_path, new_store=on_file) as database:
        yield database


@contextmanager
def asked() -> Iterator[dict[str, Any]]:
    """The statements that are sent meanwhile, with their parameters."""
    found: dict[str, Any] = {}

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_rest: Any) -> None:
        found[statement] = parameters

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield found
    finally:
        event.remove(Engine, "before_cursor_execute", note)


def plans(database: Database, statements: dict[str, Any]) -> list[str]:
    """How SQLite finds the rows of those tables that grow."""
    with database.read() as uow:
        driver: Any = uow.session.connection().connection.driver_connection
        return [
            row[3]
            for statement, parameters in statements.items()
            if statement.startswith(("SELECT", "UPDATE", "DELETE"))
            for row in driver.execute(f"EXPLAIN QUERY PLAN {statement}", parameters)
            if row[3].startswith(("SCAN ", "SEARCH ")) and row[3].split()[1] in GROWING
        ]


def test_no_tap_and_no_connection_goes_through_all_calls_that_ever_were(database: Database) -> None:
    since_utc = NOW - timedelta(hours=1)
    said = PhraseMessage(
        phrase_id="p-1", help_id="help-1", lane_id=LANE_ID, phrase=ShopperPhrase.LOST_CHILD.value, at_utc=NOW
    )
    with asked() as statements:
        with database.write() as uow:
            help_desk.receive(uow, STORE_ID, help_message(), NOW)
            talk.shopper_said(uow, STORE_ID, said, NOW)
        escalation.climb(database, STORE_ID, Ladder(), NOW + timedelta(seconds=60))
        with database.write() as uow:
            help_desk.do(uow, STORE_ID, "help-1", Take("Marco", HelpState.ACCEPTED), NOW)
        with database.read() as uow:
            talk.of_calls(uow, STORE_ID, ["help-1"])
            talk.told_to_lane(uow, STORE_ID, LANE_ID, since_utc=since_utc, open_ids=["help-1"])
            help_desk.requests_of_lane(uow, STORE_ID, LANE_ID, since_utc=since_utc)
            help_desk.seconds_to_answer(uow, STORE_ID, since_utc=since_utc)
            calls = help_desk.open_requests(uow, STORE_ID)
            help_places.places_of_lane(uow, STORE_ID, LANE_ID, calls, NOW)
            interventions.waiting(uow, STORE_ID)
            interventions.decisions_of_lane(uow, STORE_ID, LANE_ID, since_utc=since_utc)
    found = plans(database, statements)
    assert len(found) > 10
    assert [each for each in found if each.startswith("SCAN ") or BY_STORE_ALONE in each] == []
