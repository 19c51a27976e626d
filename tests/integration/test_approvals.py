"""Answers by policy on the store's side: what is refused, what a batch does, what the trail says."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from inventory.db.unit_of_work import Database
from inventory.domain.approving import PLAIN_POLICY, Place, Verdict, mark_of
from inventory.domain.help_desk import Decision, InterventionKind
from inventory.domain.staff import Role
from inventory.services import approvals, interventions, staff
from inventory.services.approvals import BatchOutcome, Decider, NotAllowed, Shown
from inventory.wire import InterventionMessage
from tests.support.engines import NewStore
from tests.support.store_samples import LANE_ID, NOW, OTHER_LANE_ID, STORE_ID, heard, opened_store

MARCO = Decider("Marco", Role.ATTENDANT)
FEW = ("Yogurt", "2", "198 EUR")
MANY = ("Caviar", "40", "400000 EUR")


@pytest.fixture
def database(tmp_path: Path, new_store: NewStore) -> Iterator[Database]:
    with opened_store(tmp_path, new_store=new_store) as database:
        yield database


def ask(
    database: Database,
    intervention_id: str,
    *facts: str,
    kind: InterventionKind = InterventionKind.QUANTITY,
    lane_id: str = LANE_ID,
    withdrawn: bool = False,
) -> None:
    message = InterventionMessage(
        intervention_id=intervention_id,
        lane_id=lane_id,
        kind=kind,
        raised_at_utc=NOW,
        facts=facts,
        withdrawn=withdrawn,
    )
    with database.write() as uow:
        interventions.receive(uow, STORE_ID, message, NOW)


def shown(database: Database, role: Role = Role.ATTENDANT) -> tuple[Shown, ...]:
    with database.read() as uow:
        return approvals.for_batch(interventions.waiting(uow, STORE_ID), role, PLAIN_POLICY)


def approve_all(database: Database, them: tuple[Shown, ...], decider: Decider = MARCO) -> BatchOutcome:
    with database.write() as uow:
        return approvals.approve_all(uow, STORE_ID, them, decider, PLAIN_POLICY, NOW)


def decide(database: Database, intervention_id: str, decider: Decider, *, reason: str = "") -> None:
    with database.write() as uow:
        asked = interventions.find(uow, STORE_ID, intervention_id)
        assert asked is not None
        approvals.decide(uow, STORE_ID, asked, Decision.APPROVED, decider, PLAIN_POLICY, NOW, reason=reason)


def open_ids(database: Database) -> list[str]:
    with database.read() as uow:
        return [each.intervention_id for each in interventions.waiting(uow, STORE_ID)]


def trail(database: Database) -> list[tuple[str, str]]:
    with database.read() as uow:
        found = staff.audit_trail(uow, STORE_ID, limit=20)
    return [(each.who, each.detail) for each in found if each.what.startswith("intervention.")]


def test_an_age_check_from_afar_is_refused_and_in_sight_is_written_down_word_for_word(
    database: Database,
) -> None:
    ask(database, "age", "Red wine", "18+", kind=InterventionKind.AGE_CHECK)
    with pytest.raises(NotAllowed) as refused:
        decide(database, "age", MARCO)
    assert refused.value.needed is Verdict.NEEDS_TICK
    assert open_ids(database) == ["age"]
    decide(
        database, "age", Decider("Marco", Role.ATTENDANT, Place.IN_SIGHT), reason="“I can see the shopper”"
    )
    assert trail(database) == [
        ("Marco", "age-check on lane-1 (age), in sight: Red wine; 18+ – “I can see the shopper”")
    ]


def test_a_payment_takes_the_pin_and_no_helper_elsewhere(database: Database) -> None:
    ask(database, "pay", "1290 EUR", kind=InterventionKind.PAYMENT_IN_DOUBT)
    for decider, needed in (
        (MARCO, Verdict.NEEDS_PIN),
        (Decider("Desk", Role.REMOTE, has_shown_pin=True), Verdict.REFUSED),
    ):
        with pytest.raises(NotAllowed) as refused:
            decide(database, "pay", decider)
        assert refused.value.needed is needed
    decide(database, "pay", Decider("Marco", Role.ATTENDANT, has_shown_pin=True))
    assert open_ids(database) == []


def test_a_helper_elsewhere_approves_what_is_of_low_risk_and_the_lane_is_told_who(database: Database) -> None:
    ask(database, "few", *FEW)
    ask(database, "many", *MANY)
    news = heard(database)
    desk = Decider("Desk", Role.REMOTE)
    decide(database, "few", desk)
    with pytest.raises(NotAllowed):
        decide(database, "many", desk)
    (told,) = [each for each in news if each.event_name == "decision"]
    assert told.audience == f"lane:{LANE_ID}"
    assert '"staff_name":"Desk"' in told.message.model_dump_json()
    assert trail(database) == [("Desk", "quantity on lane-1 (few), from the tablet: Yogurt; 2; 198 EUR")]


def test_a_batch_approves_what_was_shown_and_nothing_that_came_since(database: Database) -> None:
    ask(database, "a", *FEW)
    ask(database, "b", *FEW, lane_id=OTHER_LANE_ID)
    ask(database, "many", *MANY)
    ask(database, "age", "Red wine", kind=InterventionKind.AGE_CHECK)
    them = shown(database)
    assert [each.intervention_id for each in them] == ["a", "b"]
    ask(database, "later", *FEW)
    assert approve_all(database, them) == BatchOutcome(done=2)
    assert sorted(open_ids(database)) == ["age", "later", "many"]
    assert {detail.rpartition(" – ")[2] for _, detail in trail(database)} == {"with others of low risk"}


def test_a_batch_says_what_a_colleague_had_decided_and_passes_over_what_has_changed(
    database: Database,
) -> None:
    for each in ("a", "b", "c", "d"):
        ask(database, each, *FEW)
    them = shown(database)
    decide(database, "a", Decider("Giulia", Role.ATTENDANT))
    ask(database, "b", "Yogurt", "3", "297 EUR")
    ask(database, "c", *FEW, withdrawn=True)
    assert approve_all(database, them) == BatchOutcome(done=1, by_others=("Giulia",), changed=2)
    assert open_ids(database) == ["b"]
    assert approve_all(database, them) == BatchOutcome(by_others=("Giulia", "Marco"), changed=2)


def test_a_batch_that_was_made_up_approves_nothing_it_may_not(database: Database) -> None:
    ask(database, "many", *MANY)
    ask(database, "age", "Red wine", kind=InterventionKind.AGE_CHECK)
    ask(database, "pay", "1290 EUR", kind=InterventionKind.PAYMENT_IN_DOUBT)
    made_up = (
        Shown("many", mark_of(MANY)),
        Shown("age", mark_of(("Red wine",))),
        Shown("pay", mark_of(("1290 EUR",))),
        Shown("nobody", "0"),
    )
    for role in Role:
        outcome = approve_all(database, made_up, Decider("Eve", role, Place.IN_SIGHT, has_shown_pin=True))
        assert outcome == BatchOutcome(changed=4)
    assert len(open_ids(database)) == 3


def test_items_taken_out_may_be_noted_together_but_not_by_a_helper_elsewhere(database: Database) -> None:
    ask(database, "out", "Yogurt · €0.99", kind=InterventionKind.ITEMS_REMOVED)
    assert [each.intervention_id for each in shown(database)] == ["out"]
    assert shown(database, Role.REMOTE) == ()


def test_where_it_was_decided_stays_with_the_question(database: Database) -> None:
    ask(database, "few", *FEW)
    decide(database, "few", MARCO)
    with database.read() as uow:
        told = interventions.decisions_of_lane(uow, STORE_ID, LANE_ID, since_utc=NOW - timedelta(hours=1))
    assert [each.decision for each in told] == [Decision.APPROVED]
