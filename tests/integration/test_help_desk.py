"""Help on the store's side: repeated messages, and of two helpers exactly one."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from inventory.db.help_table import HelpRequestRow
from inventory.db.unit_of_work import Database
from inventory.domain.help_desk import HelpReason, HelpState, Resolve, Take
from inventory.services import help_desk, interventions, lanes
from inventory.services.help_desk import (
    AlreadyTaken,
    ForeignRequestError,
    ImpossibleStepError,
    UnknownRequestError,
)
from inventory.wire import HelpMessage, HelpUpdateMessage
from tests.support.engines import NewStore
from tests.support.store_samples import (
    LANE_ID,
    NOW,
    OTHER_LANE_ID,
    STORE_ID,
    TOKENS,
    heard,
    help_message,
    intervention_message,
    lane_state,
    opened_store,
)


@pytest.fixture
def database(tmp_path: Path, new_store: NewStore) -> Iterator[Database]:
    with opened_store(tmp_path, new_store=new_store) as database:
        yield database


def receive(database: Database, message: HelpMessage) -> HelpState:
    with database.write() as uow:
        return help_desk.receive(uow, STORE_ID, message, NOW).state


def move(database: Database, state: HelpState, by: str = "Marco", after_s: int = 0) -> HelpUpdateMessage:
    with database.write() as uow:
        deed = Resolve(by) if state is HelpState.RESOLVED else Take(by, state)
        return help_desk.do(uow, STORE_ID, "help-1", deed, NOW + timedelta(seconds=after_s))


def test_a_new_call_is_delivered_and_its_lane_is_told(database: Database) -> None:
    announcements = heard(database)
    assert receive(database, help_message()) is HelpState.DELIVERED
    assert [(told.event_name, told.audience) for told in announcements] == [
        ("help", "lane:lane-1"),
        ("place", "lane:lane-1"),
    ]
    with database.read() as uow:
        (request,) = help_desk.open_requests(uow, STORE_ID)
    assert (request.lane_id, request.language, request.waiting_since_utc) == (LANE_ID, "it", NOW)


def test_the_same_call_again_changes_nothing_and_tells_nobody(database: Database) -> None:
    receive(database, help_message())
    move(database, HelpState.ACCEPTED)
    announcements = heard(database)
    assert receive(database, help_message()) is HelpState.ACCEPTED
    assert announcements == []


def test_a_reason_given_later_is_taken_over(database: Database) -> None:
    receive(database, help_message())
    receive(database, help_message(reason=HelpReason.PRICE))
    with database.read() as uow:
        assert [request.reason for request in help_desk.open_requests(uow, STORE_ID)] == [HelpReason.PRICE]


def test_a_call_that_comes_to_be_about_a_good_says_which_even_when_cancelled(
    database: Database,
) -> None:
    receive(database, help_message())
    about = {"reason": HelpReason.SALES, "gtin": "09520000030018", "note": "Whole milk · aisle 7"}
    receive(database, help_message().model_copy(update=about))
    receive(database, help_message(state=HelpState.CANCELLED))
    with database.read() as uow:
        call = help_desk.find(uow, STORE_ID, "help-1")
    assert call is not None
    assert (call.reason, call.gtin, call.case.state) == (
        HelpReason.SALES,
        "09520000030018",
        HelpState.CANCELLED,
    )


def test_a_cancel_wins_while_the_call_is_open_and_is_final(database: Database) -> None:
    receive(database, help_message())
    move(database, HelpState.ACCEPTED)
    assert receive(database, help_message(HelpState.CANCELLED)) is HelpState.CANCELLED
    assert receive(database, help_message()) is HelpState.CANCELLED
    with pytest.raises(ImpossibleStepError):
        move(database, HelpState.ARRIVED)


def test_a_cancel_after_the_end_changes_nothing(database: Database) -> None:
    receive(database, help_message())
    move(database, HelpState.RESOLVED)
    assert receive(database, help_message(HelpState.CANCELLED)) is HelpState.RESOLVED


def test_a_cancel_that_overtook_its_call_keeps_the_call_from_opening(database: Database) -> None:
    assert receive(database, help_message(HelpState.CANCELLED)) is HelpState.CANCELLED
    assert receive(database, help_message()) is HelpState.CANCELLED
    with database.read() as uow:
        assert help_desk.open_requests(uow, STORE_ID) == []


def test_a_lane_cannot_touch_another_lanes_call_nor_play_staff(database: Database) -> None:
    receive(database, help_message())
    with pytest.raises(ForeignRequestError):
        receive(database, help_message(HelpState.CANCELLED, lane_id=OTHER_LANE_ID))
    with pytest.raises(ImpossibleStepError):
        receive(database, help_message(HelpState.RESOLVED))


def test_the_second_helper_learns_who_was_first(database: Database) -> None:
    receive(database, help_message())
    assert move(database, HelpState.ACCEPTED).staff_name == "Marco"
    with pytest.raises(AlreadyTaken) as taken:
        move(database, HelpState.ACCEPTED, by="Ada")
    assert taken.value.by == "Marco"
    with pytest.raises(AlreadyTaken):
        move(database, HelpState.EN_ROUTE, by="Ada")


def test_whoever_had_looked_before_the_other_took_it_is_still_the_second(database: Database) -> None:
    receive(database, help_message())
    told: list[object] = []

    def take() -> None:
        with database.write() as uow:
            seen = uow.session.get(HelpRequestRow, (STORE_ID, "help-1"))
            assert seen is not None
            try:
                told.append(help_desk.do(uow, STORE_ID, "help-1", Take("Giulia", HelpState.ACCEPTED), NOW))
            except AlreadyTaken as taken:
                told.append(taken.by)

    second = threading.Thread(target=take)
    with database.write() as uow:
        help_desk.do(uow, STORE_ID, "help-1", Take("Marco", HelpState.ACCEPTED), NOW)
        second.start()
        second.join(0.2)  # on a server it waits for the row, in a file for its turn
    second.join(10)
    assert told == ["Marco"]


def test_a_double_tap_is_one_step(database: Database) -> None:
    receive(database, help_message())
    first = move(database, HelpState.ACCEPTED)
    announcements = heard(database)
    assert move(database, HelpState.ACCEPTED) == first
    assert announcements == []


def test_steps_may_be_skipped_but_never_taken_back(database: Database) -> None:
    receive(database, help_message())
    assert move(database, HelpState.ARRIVED).state is HelpState.ARRIVED
    assert move(database, HelpState.EN_ROUTE).state is HelpState.ARRIVED
    assert move(database, HelpState.RESOLVED).state is HelpState.RESOLVED


@pytest.mark.parametrize("state", [HelpState.CANCELLED, HelpState.DELIVERED, HelpState.REQUESTED])
def test_staff_cannot_take_the_shoppers_steps(database: Database, state: HelpState) -> None:
    receive(database, help_message())
    with pytest.raises(ImpossibleStepError):
        move(database, state)


def test_whoever_stands_there_may_resolve(database: Database) -> None:
    receive(database, help_message())
    move(database, HelpState.ACCEPTED)
    assert move(database, HelpState.RESOLVED, by="Ada").staff_name == "Ada"


def test_unknown_ids_are_named(database: Database) -> None:
    with pytest.raises(UnknownRequestError, match="help-1"):
        move(database, HelpState.ACCEPTED)


def test_the_longest_wait_comes_first_and_no_clock_makes_it_negative(database: Database) -> None:
    receive(database, help_message(help_id="ahead", at_utc=NOW + timedelta(hours=3)))
    receive(database, help_message(help_id="early", at_utc=NOW - timedelta(minutes=2)))
    with database.read() as uow:
        requests = help_desk.open_requests(uow, STORE_ID)
    assert [request.help_id for request in requests] == ["early", "ahead"]
    assert requests[1].waiting_since_utc == NOW


def test_the_time_to_an_answer_is_counted_from_the_call(database: Database) -> None:
    receive(database, help_message())
    move(database, HelpState.ACCEPTED, after_s=42)
    move(database, HelpState.RESOLVED, after_s=90)
    with database.read() as uow:
        assert help_desk.seconds_to_answer(uow, STORE_ID, since_utc=NOW) == [42]
        assert help_desk.seconds_to_answer(uow, STORE_ID, since_utc=NOW + timedelta(days=1)) == []


def test_a_lane_that_comes_back_hears_what_is_open_and_what_changed(database: Database) -> None:
    receive(database, help_message())
    with database.read() as uow:
        later = NOW + timedelta(hours=1)
        assert len(help_desk.requests_of_lane(uow, STORE_ID, LANE_ID, since_utc=later)) == 1
        assert help_desk.requests_of_lane(uow, STORE_ID, OTHER_LANE_ID, since_utc=NOW) == []
    move(database, HelpState.RESOLVED, after_s=10)
    with database.read() as uow:
        assert len(help_desk.requests_of_lane(uow, STORE_ID, LANE_ID, since_utc=NOW)) == 1
        assert help_desk.requests_of_lane(uow, STORE_ID, LANE_ID, since_utc=later) == []


def test_the_wall_shows_every_lane_with_what_waits_there(database: Database) -> None:
    receive(database, help_message())
    with database.write() as uow:
        interventions.receive(uow, STORE_ID, intervention_message(), NOW)
        lanes.report_state(uow, STORE_ID, lane_state(), NOW)
    with database.read() as uow:
        first, other = lanes.wall(uow, STORE_ID, NOW + timedelta(seconds=20))
        offline, _ = lanes.wall(uow, STORE_ID, NOW + timedelta(seconds=30))
    assert (first.is_online, len(first.requests), len(first.interventions)) == (True, 1, 1)
    assert first.state == lane_state()
    assert (other.lane_id, other.is_online, other.state, other.requests) == (OTHER_LANE_ID, False, None, ())
    assert not offline.is_online


def test_a_lane_is_known_by_its_token_until_it_is_retired(database: Database) -> None:
    with database.write() as uow:
        assert lanes.authenticate(uow, STORE_ID, TOKENS[LANE_ID]) == LANE_ID
        assert lanes.authenticate(uow, STORE_ID, TOKENS[LANE_ID] + "x") is None
        assert lanes.authenticate(uow, "elsewhere", TOKENS[LANE_ID]) is None
        lanes.retire(uow, STORE_ID, keep={LANE_ID: "a new token that is long enough"})
        assert lanes.authenticate(uow, STORE_ID, TOKENS[LANE_ID]) is None
        assert lanes.authenticate(uow, STORE_ID, TOKENS[OTHER_LANE_ID]) is None


def test_lanes_may_swap_their_tokens(database: Database) -> None:
    swapped = {LANE_ID: TOKENS[OTHER_LANE_ID], OTHER_LANE_ID: TOKENS[LANE_ID]}
    with database.write() as uow:
        lanes.retire(uow, STORE_ID, keep=swapped)
        for lane_id, token in swapped.items():
            lanes.enrol(uow, STORE_ID, lane_id, token, NOW)
        assert lanes.authenticate(uow, STORE_ID, TOKENS[LANE_ID]) == OTHER_LANE_ID


def test_a_short_token_is_refused(database: Database) -> None:
    with database.write() as uow, pytest.raises(ValueError, match="shorter than 22"):
        lanes.enrol(uow, STORE_ID, "lane-9", "guessable", NOW)
