"""Owns what must hold at the sign-in: who gets in, with which cookie, and who is kept out."""

from __future__ import annotations

from datetime import timedelta

import pytest

from inventory.services import sessions, staff
from tests.support.web_store import NOON, STORE, SignedIn, StoreInTest, Visitor


def test_an_attendant_arrives_at_the_lanes_and_a_manager_at_the_console(store: StoreInTest) -> None:
    assert store.visitor().sign_in("Marco").headers["location"] == "/staff"
    assert store.visitor().sign_in("Ada").headers["location"] == "/manager"


def test_a_page_asked_for_without_sign_in_comes_after_it(store: StoreInTest) -> None:
    visitor = store.visitor()
    asked = visitor.get("/manager/stock")
    assert (asked.status_code, asked.headers["location"]) == (303, "/sign-in?next=/manager/stock")
    token = visitor.token_on("/sign-in")
    form = {"name": "Ada", "pin": "860142", "form_token": token, "next": "/manager/stock"}
    assert visitor.send("/sign-in", form).headers["location"] == "/manager/stock"


@pytest.mark.parametrize(
    "elsewhere",
    ["https://evil.example/staff", "//evil.example", "/\\evil.example", "/staff//evil", "staff", "/stafford"],
)
def test_a_sign_in_never_sends_anybody_elsewhere(store: StoreInTest, elsewhere: str) -> None:
    visitor = store.visitor()
    form = {"name": "Marco", "pin": "205189", "form_token": visitor.token_on("/sign-in"), "next": elsewhere}
    assert visitor.send("/sign-in", form).headers["location"] == "/staff"


def test_the_cookie_is_for_this_host_and_no_script(visitor: Visitor) -> None:
    cookie = visitor.sign_in("Marco").headers["set-cookie"]
    assert cookie.startswith("lanelight=")
    assert "HttpOnly" in cookie
    assert "samesite=strict" in cookie.lower()
    assert "Domain" not in cookie


def test_over_https_the_cookie_is_bound_to_the_host(store: StoreInTest) -> None:
    visitor = store.visitor(base_url="https://aurora.example", address="10.0.0.7")
    answer = visitor.sign_in("Marco")
    assert answer.headers["set-cookie"].startswith("__Host-lanelight=")
    assert "Secure" in answer.headers["set-cookie"]
    assert visitor.get("/staff").status_code == 200


def test_a_pin_is_not_taken_over_an_open_network(store: StoreInTest) -> None:
    visitor = store.visitor(base_url="http://aurora.example", address="10.0.0.7")
    refused = visitor.sign_in("Marco")
    assert refused.status_code == 403
    assert "https" in refused.text


def test_each_sign_in_has_a_new_token_and_ends_the_one_before(store: StoreInTest) -> None:
    visitor = store.signed_in("Marco")
    former = visitor.client.cookies["lanelight"]
    visitor.sign_in("Marco")
    assert visitor.client.cookies["lanelight"] != former
    with store.database.read() as uow:
        assert sessions.session(uow, STORE, token=former, now_utc=NOON) is None


def test_a_token_planted_before_the_sign_in_is_worth_nothing_after_it(store: StoreInTest) -> None:
    visitor = store.visitor()
    visitor.client.cookies.set("lanelight", "planted-by-somebody-else")
    visitor.sign_in("Marco")
    thief = store.visitor()
    thief.client.cookies.set("lanelight", "planted-by-somebody-else")
    assert thief.get("/staff").status_code == 303


def test_a_wrong_pin_and_an_unknown_name_read_the_same(visitor: Visitor) -> None:
    wrong = visitor.sign_in("Marco", pin="999990")
    unknown = visitor.sign_in("Nobody", pin="999990")
    assert (wrong.status_code, unknown.status_code) == (401, 401)
    assert "Name or PIN is not right." in wrong.text
    assert wrong.text.replace("Marco", "Nobody") == unknown.text


def test_after_five_wrong_pins_the_right_one_must_wait(store: StoreInTest) -> None:
    visitor = store.visitor()
    for _ in range(5):
        visitor.sign_in("Marco", pin="999990")
    assert "Wait 15 minutes" in visitor.sign_in("Marco").text
    store.clock.advance(timedelta(minutes=15))
    assert visitor.sign_in("Marco").status_code == 303


def test_after_ten_wrong_pins_a_manager_unlocks_the_name(store: StoreInTest) -> None:
    visitor = store.visitor()
    for _ in range(2):
        for _ in range(5):
            visitor.sign_in("Marco", pin="999990")
        store.clock.advance(timedelta(minutes=15))
    assert "locked" in visitor.sign_in("Marco").text
    manager = store.signed_in("Ada")
    assert "✕" in manager.get("/manager/staff").text
    with store.database.read() as uow:
        marco = next(
            each for each in staff.members(uow, STORE, now_utc=store.clock()) if each.name == "Marco"
        )
    manager.submit(f"/manager/staff/{marco.staff_id}/unlock", page="/manager/staff")
    assert visitor.sign_in("Marco").status_code == 303


def test_one_address_has_twenty_tries_in_five_minutes(store: StoreInTest) -> None:
    visitor = store.visitor()
    answers = [visitor.sign_in(f"Nobody {count}", pin="999990").status_code for count in range(21)]
    assert answers == [401] * 20 + [429]
    store.clock.advance(timedelta(minutes=5))
    assert visitor.sign_in("Marco").status_code == 303


def test_a_form_sent_after_the_session_ended_leads_to_the_sign_in(store: StoreInTest) -> None:
    visitor = store.signed_in("Ada")
    token = visitor.token_on("/manager/staff")
    store.clock.advance(timedelta(minutes=5))
    answer = visitor.send("/manager/staff", {"form_token": token, "name": "Bea"})
    assert answer.headers["location"] == "/sign-in?next=/manager"
    assert visitor.send("/staff/seen", {"form_token": token}, accept="*/*").status_code == 401


def test_five_idle_minutes_end_a_session_and_use_keeps_it(store: StoreInTest) -> None:
    visitor = store.signed_in("Marco")
    for _ in range(3):
        store.clock.advance(timedelta(minutes=4))
        assert visitor.get("/staff").status_code == 200
    store.clock.advance(timedelta(minutes=5))
    assert visitor.get("/staff").status_code == 303


def test_a_page_that_only_watches_does_not_keep_the_session(store: StoreInTest) -> None:
    visitor = store.signed_in("Marco")
    store.clock.advance(timedelta(minutes=4))
    assert visitor.get("/staff/wall").status_code == 200
    store.clock.advance(timedelta(minutes=1))
    assert visitor.get("/staff/wall", **{"x-fragment": "wall"}).status_code == 401


def test_twelve_hours_end_a_session_however_busy(store: StoreInTest) -> None:
    visitor = store.signed_in("Marco")
    for _ in range(12 * 15 - 1):
        store.clock.advance(timedelta(minutes=4))
        assert visitor.get("/staff").status_code == 200
    store.clock.advance(timedelta(minutes=4))
    assert visitor.get("/staff").status_code == 303


def test_signing_out_ends_the_session_at_the_server(store: StoreInTest) -> None:
    visitor = store.signed_in("Marco")
    token = visitor.client.cookies["lanelight"]
    visitor.submit("/sign-out", page="/staff")
    visitor.client.cookies.set("lanelight", token)
    assert visitor.get("/staff").status_code == 303


def test_a_manager_ends_the_sessions_of_a_colleague_and_they_are_out(
    store: StoreInTest, signed_in: SignedIn
) -> None:
    marco, ada = signed_in("Marco"), signed_in("Ada")
    with store.database.read() as uow:
        found = next(each for each in staff.members(uow, STORE, now_utc=NOON) if each.name == "Marco")
    assert found.sessions == 1
    ada.submit(f"/manager/staff/{found.staff_id}/revoke", page="/manager/staff")
    assert marco.get("/staff").status_code == 303
    assert ada.get("/manager").status_code == 200


def test_who_is_signed_out_learns_only_how_many_calls_are_open(store: StoreInTest) -> None:
    store.call("h1", "lane-1")
    assert store.visitor().get("/staff/bell").json() == {"open": 1}
