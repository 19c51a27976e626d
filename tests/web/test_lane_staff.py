"""Staff at a lane's own screen, on the store's side: their PIN over the lane's line, and the audit trail."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import httpx
import pytest

from inventory.domain.staff import Role
from inventory.services import badges, staff
from inventory.web.app import create_app
from inventory.wire import StaffActionMessage, StaffPinAnswer, StaffPinMessage
from tests.support.web_store import NOON, PINS, STORE, AsgiTransport, StoreInTest, as_role, lane_token


def lane(store: StoreInTest, address: str = "127.0.0.1", lane_id: str = "lane-1") -> httpx.Client:
    return httpx.Client(
        base_url="http://127.0.0.1:8480/api/v1",
        transport=AsgiTransport(store.app, address),
        headers={"authorization": f"Bearer {lane_token(lane_id)}"},
    )


def ask(client: httpx.Client, pin: str, who: str = "Marco", lane_id: str = "lane-1") -> httpx.Response:
    message = StaffPinMessage(lane_id=lane_id, who=who, pin=pin)
    return client.post("/staff/pin", content=message.model_dump_json())


def told(answer: httpx.Response) -> StaffPinAnswer:
    assert answer.status_code == 200, answer.text
    return StaffPinAnswer.model_validate_json(answer.content)


def audit(store: StoreInTest) -> list[tuple[str, str, str]]:
    with store.database.read() as uow:
        return [(entry.who, entry.what, entry.detail) for entry in staff.audit_trail(uow, STORE, limit=20)]


def test_a_right_pin_answers_the_name_and_a_wrong_one_nothing(store: StoreInTest) -> None:
    client = lane(store)
    right = StaffPinAnswer(outcome="right", staff_name="Marco", price_cut_percent=30)
    assert told(ask(client, PINS["Marco"])) == right
    assert told(ask(client, "111222")) == StaffPinAnswer(outcome="wrong")
    assert told(ask(client, PINS["Marco"], who="Nobody")) == StaffPinAnswer(outcome="wrong")


def test_how_far_a_price_may_be_corrected_is_the_role_s_and_the_settings(store: StoreInTest) -> None:
    changed = {"attendant_price_cut_percent": 0, "manager_price_cut_percent": 50}
    app = create_app(store.config.model_copy(update=changed), store.database, store.broker, clock=store.clock)
    client = lane(replace(store, app=app))
    marco, ada = ask(client, PINS["Marco"]), ask(client, PINS["Ada"], who="Ada")
    assert [told(each).price_cut_percent for each in (marco, ada)] == [0, 50]
    assert "price_cut_percent" not in marco.text, "an older lane reads the answer without it"


def test_a_helper_elsewhere_is_let_in_at_no_lane_and_the_trail_says_so(store: StoreInTest) -> None:
    as_role(store, "Marco", Role.REMOTE)
    assert told(ask(lane(store), PINS["Marco"])) == StaffPinAnswer(outcome="wrong")
    assert ("Marco", "lane.not-here", "lane-1: remote") in audit(store)


def test_a_supervisor_corrects_a_price_between_the_two_others(store: StoreInTest) -> None:
    as_role(store, "Marco", Role.SUPERVISOR)
    assert told(ask(lane(store), PINS["Marco"])).price_cut_percent == 50


def test_a_badge_names_its_person_and_one_nobody_has_is_a_wrong_pin(store: StoreInTest) -> None:
    with store.database.read() as uow:
        people = {each.name: each.staff_id for each in staff.members(uow, STORE, now_utc=NOON)}
    client = lane(store)
    with store.database.write() as uow:
        badge = badges.give(uow, STORE, people["Giulia"], by="Ada", now_utc=NOON)
    assert told(ask(client, PINS["Giulia"], who=badge)).staff_name == "Giulia"
    assert told(ask(client, PINS["Marco"], who=badge)).outcome == "wrong"
    assert told(ask(client, PINS["Marco"], who="STAFF-0000000000000000")).outcome == "wrong"
    assert told(ask(client, PINS["Giulia"], who=f"STAFF-{people['Giulia']}")).outcome == "wrong"


def test_wrong_pins_count_towards_the_wait_and_the_lock_like_any_sign_in(store: StoreInTest) -> None:
    client = lane(store)
    assert [told(ask(client, "111222")).outcome for _ in range(5)] == ["wrong"] * 4 + ["wait"]
    assert told(ask(client, PINS["Marco"])).outcome == "wait", "a right PIN is not told from a wrong one"
    store.clock.advance(timedelta(minutes=16))
    for _ in range(5):
        last = told(ask(client, "111222")).outcome
    assert last == "locked"
    assert told(ask(client, PINS["Marco"])).outcome == "locked"
    assert ("Marco", "lane.pin-refused", "10 wrong in a row") in audit(store)


def test_a_pin_is_refused_where_it_could_be_read_on_its_way(store: StoreInTest) -> None:
    answer = ask(lane(store, address="192.0.2.7"), PINS["Marco"])
    assert answer.status_code == 403
    assert "https" in answer.text


def test_no_answer_and_no_message_shown_holds_the_pin(store: StoreInTest) -> None:
    answer = ask(lane(store), PINS["Marco"])
    assert PINS["Marco"] not in answer.text
    assert PINS["Marco"] not in repr(StaffPinMessage(lane_id="lane-1", who="Marco", pin=PINS["Marco"]))


def test_a_lane_asks_and_tells_for_itself_alone_and_never_without_its_token(store: StoreInTest) -> None:
    client = lane(store)
    assert ask(client, PINS["Marco"], lane_id="lane-2").status_code == 403
    client.headers.pop("authorization")
    assert ask(client, PINS["Marco"]).status_code == 401


def deed(action_id: str = "a1", **changes: object) -> StaffActionMessage:
    fields = {
        "action_id": action_id,
        "lane_id": "lane-1",
        "staff_name": "Marco",
        "what": "lane.void",
        "detail": "Milk 129 EUR",
        "at_utc": NOON,
    }
    return StaffActionMessage.model_validate({**fields, **changes})


def put(client: httpx.Client, message: StaffActionMessage) -> int:
    path = f"/staff/actions/{message.action_id}"
    return client.put(path, content=message.model_dump_json()).status_code


def test_a_deed_told_twice_stands_once_in_the_audit_trail(store: StoreInTest) -> None:
    client = lane(store)
    assert [put(client, deed()), put(client, deed())] == [204, 204]
    assert audit(store).count(("Marco", "lane.void", "lane-1: Milk 129 EUR")) == 1


def test_two_lanes_may_give_their_deeds_the_same_id(store: StoreInTest) -> None:
    assert put(lane(store), deed()) == 204
    assert put(lane(store, lane_id="lane-2"), deed(lane_id="lane-2")) == 204
    assert len([entry for entry in audit(store) if entry[1] == "lane.void"]) == 2


def test_a_lane_whose_clock_runs_ahead_writes_nothing_into_the_future(store: StoreInTest) -> None:
    put(lane(store), deed(at_utc=NOON + timedelta(days=400)))
    with store.database.read() as uow:
        (entry, *_) = staff.audit_trail(uow, STORE, limit=1)
    assert entry.at_utc <= store.clock.now_utc


@pytest.mark.parametrize("what", ["sign-in.done", "lane.", "lane.Void", "lane.void\nlane.open", "x" * 41])
def test_a_lane_writes_no_other_kind_of_entry(store: StoreInTest, what: str) -> None:
    body = deed().model_dump_json().replace("lane.void", what.replace("\n", "\\n"))
    answer = lane(store).put("/staff/actions/a1", content=body)
    assert answer.status_code == 422
