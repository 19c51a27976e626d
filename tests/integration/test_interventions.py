"""Interventions on the store's side: repeated messages, and of two who decide exactly one."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from inventory.db.unit_of_work import STAFF, Database
from inventory.domain.help_desk import Decision, InterventionKind
from inventory.services import interventions, staff
from inventory.services.help_desk import ForeignRequestError, ImpossibleStepError, UnknownRequestError
from inventory.services.interventions import AlreadyDecided
from inventory.services.staff import AuditEntry
from inventory.wire import DecisionMessage
from tests.support.engines import NewStore
from tests.support.store_samples import (
    LANE_ID,
    NOW,
    OTHER_LANE_ID,
    STORE_ID,
    heard,
    intervention_message,
    opened_store,
)


@pytest.fixture
def database(tmp_path: Path, new_store: NewStore) -> Iterator[Database]:
    with opened_store(tmp_path, new_store=new_store) as database:
        yield database


def decide(database: Database, decision: Decision, by: str = "Marco") -> DecisionMessage:
    with database.write() as uow:
        return interventions.decide(uow, STORE_ID, "look-1", decision, by, "18 seen", NOW)


def test_an_unknown_id_is_named(database: Database) -> None:
    with pytest.raises(UnknownRequestError, match="look-1"):
        decide(database, Decision.APPROVED)
    with database.read() as uow:
        assert interventions.find(uow, STORE_ID, "look-1") is None


def test_a_decision_is_written_down_with_who_when_and_what_about(database: Database) -> None:
    with database.write() as uow:
        interventions.receive(uow, STORE_ID, intervention_message(), NOW - timedelta(minutes=1))
    decide(database, Decision.REFUSED)
    with database.read() as uow:
        (entry,) = staff.audit_trail(uow, STORE_ID, limit=5)
    detail = "age-check on lane-1 (look-1), from the tablet: 18 or older; Brave beer – 18 seen"
    assert entry == AuditEntry(NOW, "Marco", "intervention.refused", detail)


def test_what_is_raised_again_with_other_facts_shows_them_until_it_is_decided(database: Database) -> None:
    message = intervention_message()
    raised = (message, message.model_copy(update={"facts": ("the terminal says that it charged",)}))
    for each in raised:
        with database.write() as uow:
            assert interventions.receive(uow, STORE_ID, each, NOW) is None
    with database.read() as uow:
        (waiting,) = interventions.waiting(uow, STORE_ID)
    assert waiting.facts == raised[1].facts
    decide(database, Decision.REFUSED)
    with database.write() as uow:
        interventions.receive(uow, STORE_ID, message, NOW)
        found = interventions.find(uow, STORE_ID, "look-1")
    assert found is not None
    assert found.facts == raised[1].facts


def test_what_was_asked_can_be_found_again_after_it_was_decided(database: Database) -> None:
    with database.write() as uow:
        interventions.receive(uow, STORE_ID, intervention_message(), NOW)
    decide(database, Decision.APPROVED)
    with database.read() as uow:
        found = interventions.find(uow, STORE_ID, "look-1")
    assert found is not None
    assert (found.kind, found.lane_id) == (InterventionKind.AGE_CHECK, LANE_ID)


def test_an_intervention_is_decided_once_and_its_lane_is_told(database: Database) -> None:
    with database.write() as uow:
        assert interventions.receive(uow, STORE_ID, intervention_message(), NOW) is None
    announcements = heard(database)
    decision = decide(database, Decision.APPROVED)
    with pytest.raises(AlreadyDecided) as second:
        decide(database, Decision.REFUSED, by="Ada")
    assert (second.value.by, second.value.decision) == ("Marco", Decision.APPROVED)
    assert [(told.message, told.audience) for told in announcements] == [(decision, "lane:lane-1")]
    with database.read() as uow:
        assert interventions.waiting(uow, STORE_ID) == []
        assert interventions.decisions_of_lane(uow, STORE_ID, LANE_ID, since_utc=NOW) == [decision]


def test_an_intervention_sent_again_is_answered_with_its_decision(database: Database) -> None:
    with database.write() as uow:
        interventions.receive(uow, STORE_ID, intervention_message(), NOW)
        (waiting,) = interventions.waiting(uow, STORE_ID)
    assert waiting.facts == ("18 or older", "Brave beer")
    decision = decide(database, Decision.REFUSED)
    with database.write() as uow:
        assert interventions.receive(uow, STORE_ID, intervention_message(), NOW) == decision
        withdrawn = intervention_message(withdrawn=True)
        assert interventions.receive(uow, STORE_ID, withdrawn, NOW) == decision


def test_a_withdrawn_intervention_waits_for_nobody(database: Database) -> None:
    announcements = heard(database)
    for withdrawn in (False, True, True):
        with database.write() as uow:
            message = intervention_message(withdrawn=withdrawn)
            assert interventions.receive(uow, STORE_ID, message, NOW) is None
    assert [told.audience for told in announcements] == [STAFF, STAFF]
    with pytest.raises(ImpossibleStepError):
        decide(database, Decision.APPROVED)


def test_a_lane_cannot_withdraw_another_lanes_intervention(database: Database) -> None:
    with database.write() as uow:
        interventions.receive(uow, STORE_ID, intervention_message(), NOW)
        message = intervention_message(lane_id=OTHER_LANE_ID, withdrawn=True)
        with pytest.raises(ForeignRequestError):
            interventions.receive(uow, STORE_ID, message, NOW)
