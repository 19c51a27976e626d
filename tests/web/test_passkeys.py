"""Passkeys of supervisors and managers: made, shown, copied, replayed, taken away."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import httpx
import pytest

from inventory.domain.staff import Role
from inventory.services import pins, staff, staff_changes
from inventory.web.app import create_app
from tests.support.soft_passkey import PRESENT, SoftPasskey
from tests.support.web_store import PINS, STORE, StoreInTest, Visitor, as_role

ORIGIN = "https://aurora.example"
MINE = "/staff/passkeys"


@pytest.fixture
def shop(store: StoreInTest) -> StoreInTest:
    """The store under a public address, where a PIN is taken from tablets alone."""
    told = {"public_url": ORIGIN, "staff_needs_enrolled_tablet": False}
    config = store.config.model_copy(update=told)
    app = create_app(config, store.database, store.broker, clock=store.clock)
    return replace(store, config=config, app=app)


def visitor_of(shop: StoreInTest) -> Visitor:
    return shop.visitor(base_url=ORIGIN, address="10.0.0.7")


def signed_in(shop: StoreInTest, name: str = "Ada") -> Visitor:
    visitor = visitor_of(shop)
    assert visitor.sign_in(name).status_code == 303
    return visitor


def asked(visitor: Visitor, page: str, path: str) -> dict[str, Any]:
    told = visitor.send(path, {}, **{"x-form-token": visitor.token_on(page)})
    assert told.status_code == 200, told.status_code
    found: dict[str, Any] = told.json()
    return found


def make(visitor: Visitor, key: SoftPasskey, *, pin: str = PINS["Ada"]) -> httpx.Response:
    answer = key.make(asked(visitor, MINE, f"{MINE}/question"))
    return visitor.submit(MINE, page=MINE, name="Phone", pin=pin, answer=answer)


def made(shop: StoreInTest, name: str = "Ada") -> SoftPasskey:
    key = SoftPasskey(ORIGIN, "aurora.example")
    assert make(signed_in(shop, name), key, pin=PINS[name]).status_code == 303
    return key


def question(visitor: Visitor) -> dict[str, Any]:
    return asked(visitor, "/sign-in", "/sign-in/passkey/question")


def send(visitor: Visitor, answer: str) -> httpx.Response:
    return visitor.submit("/sign-in/passkey", page="/sign-in", answer=answer)


def show(visitor: Visitor, key: SoftPasskey) -> httpx.Response:
    return send(visitor, key.show(question(visitor)))


def trail(shop: StoreInTest) -> list[tuple[str, str]]:
    with shop.database.read() as uow:
        return [(each.who, each.what) for each in staff.audit_trail(uow, STORE, limit=10)]


def ada(shop: StoreInTest) -> str:
    with shop.database.read() as uow:
        person = pins.person_named(uow, STORE, "Ada")
        assert person is not None
        return person.staff_id


def test_a_passkey_signs_its_owner_in_without_a_name_or_a_pin(shop: StoreInTest) -> None:
    key, visitor = made(shop), visitor_of(shop)
    answer = show(visitor, key)
    assert (answer.status_code, answer.headers["location"]) == (303, "/manager")
    assert visitor.get("/manager").status_code == 200
    assert ("Ada", "passkey.made") in trail(shop)
    with shop.database.read() as uow:
        assert staff.audit_trail(uow, STORE, limit=1)[0].detail == "manager, passkey"


def test_several_passkeys_of_one_person_each_open(shop: StoreInTest) -> None:
    first, second = made(shop), made(shop)
    assert [show(visitor_of(shop), key).status_code for key in (first, second, first)] == [303] * 3


def test_where_only_tablets_take_a_pin_a_passkey_opens_from_anywhere(shop: StoreInTest) -> None:
    key = made(shop)
    config = shop.config.model_copy(update={"staff_needs_enrolled_tablet": True})
    strict = replace(shop, app=create_app(config, shop.database, shop.broker, clock=shop.clock))
    visitor = visitor_of(strict)
    assert visitor.sign_in("Ada").status_code == 403
    assert show(visitor, key).status_code == 303
    assert visitor.get("/manager").status_code == 200


def test_the_browser_is_told_to_verify_the_person_and_asks_for_no_name(shop: StoreInTest) -> None:
    told = question(visitor_of(shop))
    assert (told["userVerification"], told["rpId"]) == ("required", "aurora.example")
    assert not told.get("allowCredentials")
    told = asked(signed_in(shop), MINE, f"{MINE}/question")
    assert told["authenticatorSelection"]["userVerification"] == "required"
    assert told["authenticatorSelection"]["residentKey"] == "required"


def test_an_answer_that_was_sent_once_opens_nothing_again(shop: StoreInTest) -> None:
    key, visitor = made(shop), visitor_of(shop)
    answer = key.show(question(visitor))
    assert send(visitor, answer).status_code == 303
    assert send(visitor, answer).status_code == 401
    assert send(visitor_of(shop), answer).status_code == 401


def test_a_question_is_answered_within_two_minutes_or_not_at_all(shop: StoreInTest) -> None:
    key, visitor = made(shop), visitor_of(shop)
    answer = key.show(question(visitor))
    shop.clock.advance(timedelta(minutes=2))
    assert send(visitor, answer).status_code == 401


def test_a_question_to_make_a_passkey_is_no_question_at_the_door(shop: StoreInTest) -> None:
    key = made(shop)
    told = asked(signed_in(shop), MINE, f"{MINE}/question")
    assert send(visitor_of(shop), key.show(told)).status_code == 401


def bend_origin(key: SoftPasskey) -> None:
    key.origin = "https://aurora.example.evil.example"


def bend_host(key: SoftPasskey) -> None:
    key.rp_id = "evil.example"


def leave_unverified(key: SoftPasskey) -> None:
    key.flags = PRESENT


def lend_to_another(key: SoftPasskey) -> None:
    key.user_handle = b"somebody else"


def forge(key: SoftPasskey) -> None:
    key.key = SoftPasskey(ORIGIN, "aurora.example").key


def copy_an_old_one(key: SoftPasskey) -> None:
    key.sign_count = 0


@pytest.mark.parametrize(
    "bend", [bend_origin, bend_host, leave_unverified, lend_to_another, forge, copy_an_old_one]
)
def test_an_answer_that_is_not_wholly_right_is_refused_and_noted(
    shop: StoreInTest, bend: Callable[[SoftPasskey], None]
) -> None:
    key = made(shop)
    assert show(visitor_of(shop), key).status_code == 303
    bend(key)
    refused = show(visitor_of(shop), key)
    assert refused.status_code == 401
    assert "opens nothing here" in refused.text
    assert ("Ada", "passkey.refused") in trail(shop)


@pytest.mark.parametrize(
    "answer", ["", "[]", "null", "{", '{"id": 3}', '{"id":"a","rawId":"a"}', "[" * 9_000]
)
def test_what_is_no_answer_is_refused(shop: StoreInTest, answer: str) -> None:
    assert send(visitor_of(shop), answer).status_code == 401
    ada_here = signed_in(shop)
    refused = ada_here.submit(MINE, page=MINE, name="x", pin=PINS["Ada"], answer=answer)
    assert refused.status_code == 409


def test_a_passkey_nobody_made_here_opens_nothing(shop: StoreInTest) -> None:
    stranger = SoftPasskey(ORIGIN, "aurora.example", user_handle=ada(shop).encode())
    assert show(visitor_of(shop), stranger).status_code == 401


def test_whoever_has_left_or_may_hold_none_any_more_opens_nothing_with_theirs(shop: StoreInTest) -> None:
    as_role(shop, "Giulia", Role.MANAGER)
    key = made(shop)
    with shop.database.write() as uow:
        staff_changes.deactivate(uow, STORE, ada(shop), by="Giulia", now_utc=shop.clock())
    assert show(visitor_of(shop), key).status_code == 401
    assert ("Ada", "passkey.refused") in trail(shop)
    with shop.database.write() as uow:
        staff_changes.reactivate(uow, STORE, ada(shop), by="Giulia", now_utc=shop.clock())
    as_role(shop, "Ada", Role.ATTENDANT)
    assert show(visitor_of(shop), key).status_code == 401


def test_a_passkey_taken_away_opens_nothing_and_ends_what_it_opened(shop: StoreInTest) -> None:
    as_role(shop, "Giulia", Role.MANAGER)
    key, thief = made(shop), visitor_of(shop)
    assert show(thief, key).status_code == 303
    giulia, page = signed_in(shop, "Giulia"), f"/manager/staff/{ada(shop)}"
    found = re.search(rf'action="({page}/passkeys/[^"]+/revoke)"', giulia.get(page).text)
    assert found is not None
    giulia.submit(found[1], page=page)
    assert thief.get("/manager").status_code == 303
    assert show(visitor_of(shop), key).status_code == 401
    assert ("Giulia", "passkey.revoked") in trail(shop)


def test_nobody_takes_away_the_passkey_of_somebody_else_on_their_own_page(shop: StoreInTest) -> None:
    as_role(shop, "Marco", Role.SUPERVISOR)
    key = made(shop)
    page = signed_in(shop).get(MINE).text
    found = re.search(rf'action="({MINE}/[^"]+/revoke)"', page)
    assert found is not None
    signed_in(shop, "Marco").submit(found[1], page=MINE)
    assert show(visitor_of(shop), key).status_code == 303


def test_an_open_session_makes_no_passkey_without_the_pin(shop: StoreInTest) -> None:
    key, visitor = SoftPasskey(ORIGIN, "aurora.example"), signed_in(shop)
    assert make(visitor, key, pin="000000").status_code == 409
    assert show(visitor_of(shop), key).status_code == 401


def test_a_passkey_made_by_one_is_not_kept_for_another(shop: StoreInTest) -> None:
    as_role(shop, "Marco", Role.SUPERVISOR)
    answer = SoftPasskey(ORIGIN, "aurora.example").make(asked(signed_in(shop), MINE, f"{MINE}/question"))
    marco = signed_in(shop, "Marco")
    refused = marco.submit(MINE, page=MINE, name="x", pin=PINS["Marco"], answer=answer)
    assert refused.status_code == 409


def test_a_key_that_does_not_count_opens_again_and_again_and_its_answers_once_each(shop: StoreInTest) -> None:
    key = made(shop)
    key.counts = False
    first, second = visitor_of(shop), visitor_of(shop)
    answer = key.show(question(first))
    assert send(first, answer).status_code == 303
    assert show(second, key).status_code == 303
    assert send(second, answer).status_code == 401


def test_a_passkey_taken_away_is_not_brought_back(shop: StoreInTest) -> None:
    key, visitor = made(shop), signed_in(shop)
    found = re.search(rf'action="({MINE}/[^"]+/revoke)"', visitor.get(MINE).text)
    assert found is not None
    visitor.submit(found[1], page=MINE)
    assert make(visitor, key).status_code == 409
    assert show(visitor_of(shop), key).status_code == 401


def test_one_passkey_is_kept_once(shop: StoreInTest) -> None:
    key = made(shop)
    assert make(signed_in(shop), key).status_code == 409


@pytest.mark.parametrize("role", [Role.ATTENDANT, Role.REMOTE])
def test_attendants_and_helpers_elsewhere_hold_none(shop: StoreInTest, role: Role) -> None:
    if role is not Role.ATTENDANT:
        as_role(shop, "Marco", role)
    assert signed_in(shop, "Marco").get(MINE).status_code == 403


def test_questions_and_answers_come_from_forms_of_ours_and_not_without_end(shop: StoreInTest) -> None:
    visitor = visitor_of(shop)
    assert visitor.send("/sign-in/passkey/question", {}).status_code == 403
    assert visitor.send("/sign-in/passkey", {"answer": "{}"}).status_code == 403
    elsewhere = {"origin": "https://evil.example", "sec-fetch-site": "cross-site"}
    assert visitor.send("/sign-in/passkey", {"answer": "{}"}, **elsewhere).status_code == 403
    token = visitor.token_on("/sign-in")
    for _ in range(20):
        visitor.send("/sign-in/passkey/question", {}, **{"x-form-token": token})
    asked_again = visitor.send("/sign-in/passkey/question", {}, **{"x-form-token": token})
    assert asked_again.status_code == 429


def test_without_a_public_address_there_are_no_passkeys(store: StoreInTest) -> None:
    visitor = store.signed_in("Ada")
    assert "Passkeys are off" in visitor.get(MINE).text
    assert visitor.submit(f"{MINE}/question", page=MINE).status_code == 404
    assert "passkey" not in store.visitor().get("/sign-in").text
    assert store.visitor().send("/sign-in/passkey", {"answer": "{}"}).status_code == 404


def test_the_table_holds_no_question_in_plain(shop: StoreInTest) -> None:
    told = question(visitor_of(shop))["challenge"]
    assert told.encode() not in (shop.config.data_dir / "store.db").read_bytes()
    assert json.dumps(told) not in str(trail(shop))
