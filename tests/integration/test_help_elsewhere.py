"""Calls that other stores' people answer: put before the right desk, taken by one, seen by nobody else."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlmodel import select

from inventory.db.news_exchange import NewsExchange
from inventory.db.tables import AuditRow
from inventory.db.unit_of_work import Announcement, Database
from inventory.domain.help_desk import Decision, Escalate, HelpReason, HelpState, Resolve, Take
from inventory.domain.help_waiting import Level
from inventory.domain.routing import WhyElsewhere
from inventory.services import desk_calls, desk_news, desks, help_desk, help_routes, interventions, lanes
from inventory.services.approvals import NotAllowed
from inventory.services.desk_calls import Helper
from inventory.services.desks import DeskTerms
from inventory.services.help_desk import AlreadyTaken, ImpossibleStepError, UnknownRequestError
from inventory.services.help_routes import DeskUnableError, RoutingRules
from inventory.wire import DeskNewsMessage, HelpUpdateMessage
from tests.support.engines import NewStore
from tests.support.store_samples import (
    LANE_ID,
    NOW,
    OTHER_LANE_ID,
    STORE_ID,
    heard,
    help_message,
    intervention_message,
    lane_state,
)
from tests.support.two_stores import DESK, INES, MARCO_AFAR, OTHER, be_there, call, two_stores

RULES = RoutingRules()
WAIT_S = 30


@pytest.fixture
def database(tmp_path: Path, new_store: NewStore) -> Iterator[Database]:
    with two_stores(tmp_path, new_store=new_store) as database:
        be_there(database, DESK, "Ines")
        yield database


def routed(database: Database, after_s: int = 0, *, rules: RoutingRules = RULES) -> int:
    return help_routes.route(database, STORE_ID, rules, NOW + timedelta(seconds=after_s))


def seen(database: Database, desk_id: str = DESK, after_s: int = 0) -> list[str]:
    with database.read() as uow:
        queue = desk_calls.queue(uow, desk_id, NOW + timedelta(seconds=after_s))
        return [each.call.help_id for each in queue]


def do(
    database: Database, deed: Take | Resolve, help_id: str = "help-1", *, store_id: str = STORE_ID
) -> None:
    with database.write() as uow:
        desk_calls.do(uow, Helper(deed.desk, deed.by), store_id, help_id, deed, NOW)


def taken_by(helper: Helper) -> Take:
    return Take(helper.name, HelpState.ACCEPTED, helper.desk_id)


def test_a_store_with_nobody_signed_in_sends_its_calls_to_the_desk_at_once(database: Database) -> None:
    call(database)
    announcements = heard(database)
    assert (routed(database), routed(database)) == (1, 0)
    assert [(each.store_id, each.event_name) for each in announcements] == [(DESK, "desk")]
    with database.read() as uow:
        (found,) = desk_calls.queue(uow, DESK, NOW)
    assert (found.store.store_id, found.why, found.lane.lane_id) == (
        STORE_ID, WhyElsewhere.NOBODY_HERE, LANE_ID,
    )  # fmt: skip


def test_a_store_with_people_keeps_its_calls_until_the_supervisors_hear_of_them(database: Database) -> None:
    be_there(database, STORE_ID, "Marco")
    call(database)
    assert routed(database, 29) == 0
    with database.write() as uow:
        help_desk.do(uow, STORE_ID, "help-1", Escalate(Level.SUPERVISOR), NOW)
    assert routed(database, 30) == 1
    assert seen(database) == ["help-1"]


def test_a_language_nobody_speaks_at_home_is_no_reason_to_wait(database: Database) -> None:
    be_there(database, STORE_ID, "Marco")
    call(database, language="fil")
    call(database, "help-2", language="en", lane_id=OTHER_LANE_ID)
    assert routed(database, rules=RoutingRules(languages=frozenset({"en"}))) == 1
    assert seen(database) == ["help-1"]


@pytest.mark.parametrize("reason", [HelpReason.BRING, HelpReason.SHELF_EMPTY, HelpReason.AGE])
def test_what_needs_hands_stays_at_home_by_the_clock_and_by_hand(
    database: Database, reason: HelpReason
) -> None:
    call(database, reason=reason)
    assert routed(database, 600) == 0
    with pytest.raises(DeskUnableError), database.write() as uow:
        help_routes.send(uow, STORE_ID, "help-1", DESK, by="Marco", now_utc=NOW)


def test_somebody_sends_a_call_to_a_desk_and_gives_it_on_by_that(database: Database) -> None:
    be_there(database, STORE_ID, "Marco")
    call(database)
    with database.write() as uow:
        help_desk.do(uow, STORE_ID, "help-1", Take("Marco", HelpState.ACCEPTED), NOW)
        with pytest.raises(AlreadyTaken):
            help_routes.send(uow, STORE_ID, "help-1", DESK, by="Ada", now_utc=NOW)
    with database.write() as uow:
        help_routes.send(uow, STORE_ID, "help-1", DESK, by="Marco", now_utc=NOW)
    with database.read() as uow:
        (found,) = desk_calls.queue(uow, DESK, NOW)
    assert (found.why, found.sent_by, found.call.state) == (WhyElsewhere.SENT, "Marco", HelpState.DELIVERED)


def test_the_shopper_is_told_that_whoever_answers_sits_elsewhere(database: Database) -> None:
    call(database)
    routed(database)
    announcements = heard(database)
    do(database, taken_by(INES))
    told = [each.message for each in announcements if isinstance(each.message, HelpUpdateMessage)]
    assert [(each.staff_name, each.is_afar, each.state) for each in told] == [
        ("Ines", True, HelpState.ACCEPTED)
    ]
    do(database, Resolve("Ines", None, DESK))
    with database.read() as uow:
        found = help_desk.find(uow, STORE_ID, "help-1")
        deeds = [(each.what, each.who, each.detail) for each in help_desk.history(uow, STORE_ID, "help-1")]
    assert found is not None
    assert (found.state, found.case.desk) == (HelpState.RESOLVED, DESK)
    assert deeds[-2:] == [("accepted", "Ines", f"({DESK})"), ("resolved", "Ines", f"({DESK})")]


def test_every_deed_from_afar_stands_in_the_trail_of_both_stores(database: Database) -> None:
    call(database)
    routed(database)
    do(database, taken_by(INES))
    with database.read() as uow:
        rows = uow.session.exec(select(AuditRow).where(AuditRow.what == "help.afar")).all()
    assert sorted((row.store_id, row.who) for row in rows) == [
        (STORE_ID, f"Ines ({DESK})"),
        (DESK, "Ines"),
    ]


def test_of_home_and_two_at_the_desk_exactly_one_has_the_call_even_under_one_name(
    database: Database,
) -> None:
    call(database)
    routed(database)
    start, outcomes = threading.Barrier(3), []

    def home() -> None:
        with database.write() as uow:
            help_desk.do(uow, STORE_ID, "help-1", Take("Marco", HelpState.ACCEPTED), NOW)

    def race(who: str, deed: object) -> None:
        start.wait()
        try:
            deed()  # type: ignore[operator]
            outcomes.append(who)
        except AlreadyTaken:
            outcomes.append("")

    runners = [
        threading.Thread(target=race, args=args)
        for args in (
            ("home", home),
            ("Marco afar", lambda: do(database, taken_by(MARCO_AFAR))),
            ("Ines", lambda: do(database, taken_by(INES))),
        )
    ]
    for runner in runners:
        runner.start()
    for runner in runners:
        runner.join(WAIT_S)
    assert sorted(filter(None, outcomes)) == [next(filter(None, outcomes))], outcomes
    assert len(outcomes) == 3


def test_a_call_that_somebody_at_home_has_is_no_longer_seen_elsewhere(database: Database) -> None:
    call(database)
    routed(database)
    with database.write() as uow:
        help_desk.do(uow, STORE_ID, "help-1", Take("Marco", HelpState.ACCEPTED), NOW)
    assert seen(database) == []
    with pytest.raises(AlreadyTaken):
        do(database, taken_by(INES))
    with pytest.raises(AlreadyTaken):
        do(database, Resolve("Ines", None, DESK))


def test_a_desk_sees_one_lane_of_one_store_and_only_while_the_call_is_open(database: Database) -> None:
    with database.write() as uow:
        for lane_id in (LANE_ID, OTHER_LANE_ID):
            lanes.report_state(uow, STORE_ID, lane_state(lane_id=lane_id), NOW)
    call(database)
    call(database, "help-2", lane_id=OTHER_LANE_ID, reason=HelpReason.AGE)
    routed(database)
    with database.read() as uow:
        (found,) = desk_calls.queue(uow, DESK, NOW)
    assert found.lane.state is not None
    assert [each.help_id for each in found.lane.requests] == ["help-1"]
    assert seen(database, OTHER) == seen(database, STORE_ID) == []
    with database.write() as uow:
        help_desk.receive(uow, STORE_ID, help_message(HelpState.CANCELLED), NOW)
    assert seen(database) == []


def test_a_desk_that_does_not_serve_a_store_can_do_nothing_there(database: Database) -> None:
    call(database)
    routed(database)
    with database.write() as uow:
        desks.settle(uow, OTHER, DeskTerms(serves=("somewhere-else",)))
    for helper, store_id, help_id in (
        (Helper(OTHER, "Rosa"), STORE_ID, "help-1"),
        (INES, OTHER, "help-1"),
        (INES, STORE_ID, "help-2"),
    ):
        with pytest.raises(UnknownRequestError):
            do(database, taken_by(helper), help_id, store_id=store_id)
    with database.write() as uow:
        desks.settle(uow, DESK, DeskTerms(serves=(OTHER,)))
    assert seen(database) == [], "its settings changed since the call was put before it"
    with pytest.raises(UnknownRequestError):
        do(database, taken_by(INES))
    with database.write() as uow:
        desks.settle(uow, DESK, None)
    with pytest.raises(UnknownRequestError):
        do(database, taken_by(INES))


def test_a_call_in_which_somebody_may_come_to_harm_is_answered_by_nobody_elsewhere(
    database: Database,
) -> None:
    call(database)
    routed(database)
    with database.write() as uow:
        help_desk.put_first(uow, STORE_ID, "help-1", NOW)
    assert seen(database) == []
    with pytest.raises(UnknownRequestError), database.write() as uow:
        desk_calls.before_writing(uow, INES, STORE_ID, "help-1", NOW)


def test_a_call_that_somebody_elsewhere_has_rings_at_home_when_somebody_may_come_to_harm(
    database: Database,
) -> None:
    call(database)
    routed(database)
    do(database, taken_by(INES))
    with database.write() as uow:
        help_desk.put_first(uow, STORE_ID, "help-1", NOW + timedelta(seconds=90))
        found = help_desk.find(uow, STORE_ID, "help-1")
    assert found is not None
    assert (found.case.is_waiting, found.case.desk, found.case.turn) == (True, "", 1)
    assert found.ringing_since_utc == NOW + timedelta(seconds=90)
    assert seen(database) == []


def test_a_call_given_back_rings_at_home_and_does_not_come_again_by_itself(database: Database) -> None:
    call(database)
    routed(database)
    do(database, taken_by(INES))
    with database.write() as uow:
        desk_calls.give_back(uow, INES, STORE_ID, "help-1", NOW, note="somebody has to look")
    with database.read() as uow:
        found = help_desk.find(uow, STORE_ID, "help-1")
    assert found is not None
    assert (found.case.is_waiting, found.hand_note, found.case.desk) == (True, "somebody has to look", "")
    assert routed(database, 600) == 0
    assert seen(database) == []
    with database.write() as uow:
        help_routes.send(uow, STORE_ID, "help-1", DESK, by="Marco", now_utc=NOW)
    assert seen(database) == ["help-1"], "by hand it may be asked once more"


def test_who_does_not_want_a_ringing_call_gives_it_back_without_taking_it(database: Database) -> None:
    call(database)
    routed(database)
    with database.write() as uow:
        desk_calls.give_back(uow, INES, STORE_ID, "help-1", NOW)
    assert seen(database) == []
    with database.read() as uow:
        what = [each.what for each in help_desk.history(uow, STORE_ID, "help-1")]
    assert what == ["called", "sent-elsewhere", "given-back"]


def test_a_desk_decides_only_for_a_lane_whose_call_it_has(database: Database) -> None:
    call(database)
    routed(database)
    with database.write() as uow:
        for lane_id in (LANE_ID, OTHER_LANE_ID):
            raised = intervention_message(intervention_id=f"look-{lane_id}", lane_id=lane_id)
            interventions.receive(uow, STORE_ID, raised, NOW)

    def question(lane_id: str) -> interventions.Intervention | None:
        with database.read() as uow:
            return desk_calls.question(uow, INES, STORE_ID, f"look-{lane_id}", NOW)

    assert question(LANE_ID) is None, "it rings, and nobody at the desk has it yet"
    do(database, taken_by(INES))
    asked = question(LANE_ID)
    assert asked is not None
    assert question(OTHER_LANE_ID) is None
    with pytest.raises(NotAllowed), database.write() as uow:
        desk_calls.decide(uow, INES, STORE_ID, asked, Decision.REFUSED, NOW)  # an age, from afar
    do(database, Resolve("Ines", None, DESK))
    with pytest.raises(ImpossibleStepError), database.write() as uow:
        help_desk.do(uow, STORE_ID, "help-1", Take("Marco", HelpState.ACCEPTED), NOW)


def test_desks_ring_one_after_the_other(database: Database) -> None:
    with database.write() as uow:
        desks.settle(uow, OTHER, DeskTerms(serves=("*",)))
    be_there(database, OTHER, "Rosa")
    call(database)
    assert (routed(database), seen(database), seen(database, OTHER)) == (1, ["help-1"], [])
    assert routed(database, 14) == 0
    assert (routed(database, 15), seen(database, OTHER)) == (1, ["help-1"])


# --- news between the processes -------------------------------------------------------------------


class Process:
    """What one process's streams are told."""

    def __init__(self, stack: ExitStack, url: str, store_id: str) -> None:
        self.database = Database(url)
        stack.callback(self.database.dispose)
        self.database.before_commit(lambda uow: desk_news.tell(uow, NOW))
        self.told: list[Announcement] = []
        self._told = threading.Condition()
        self.database.listen(self._hear)
        alone = self.database.is_embedded
        clock = lambda: datetime.now(UTC)  # noqa: E731
        stack.enter_context(NewsExchange(self.database, store_id, None, clock, listen_s=0.05, is_alone=alone))

    def _hear(self, news: tuple[Announcement, ...]) -> None:
        with self._told:
            self.told += news
            self._told.notify_all()

    def waits_for(self, store_id: str, event_name: str) -> object:
        def found() -> list[object]:
            return [
                each.message
                for each in self.told
                if (each.store_id, each.event_name) == (store_id, event_name)
            ]

        with self._told:
            assert self._told.wait_for(found, WAIT_S), (store_id, event_name, self.told)
            return found()[-1]


def test_a_desk_in_a_process_of_its_own_hears_of_the_call_and_the_store_of_the_answer(
    database: Database,
) -> None:
    url = database.url.render_as_string(hide_password=False)
    with ExitStack() as stack:
        home, desk = Process(stack, url, STORE_ID), Process(stack, url, DESK)
        call(home.database)
        assert help_routes.route(home.database, STORE_ID, RULES, NOW) == 1
        assert desk.waits_for(DESK, "desk") == DeskNewsMessage(store_id=STORE_ID, lane_id=LANE_ID)
        desk.told.clear()
        with home.database.write() as uow:
            lanes.report_state(uow, STORE_ID, lane_state(), NOW)
        assert desk.waits_for(DESK, "desk")
        home.told.clear()
        do(desk.database, taken_by(INES))
        told = home.waits_for(STORE_ID, "help")
        assert isinstance(told, HelpUpdateMessage)
        assert (told.staff_name, told.is_afar) == ("Ines", True)
        assert {each.store_id for each in desk.told} <= {DESK, STORE_ID}
        assert not [each for each in home.told if each.store_id == DESK and each.event_name != "desk"]


def test_a_call_that_is_over_is_taken_off_the_desks_list(database: Database) -> None:
    database.before_commit(lambda uow: desk_news.tell(uow, NOW))
    call(database)
    routed(database)
    do(database, taken_by(INES))
    do(database, Resolve("Ines", None, DESK))
    with database.read() as uow:
        (row,) = help_routes.asked(uow, STORE_ID, "help-1")
    assert row.ended_at_utc == NOW
