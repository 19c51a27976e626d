"""Owns what managers may change of people, and that a store is never left without one of them."""

from __future__ import annotations

import re

import pytest

from inventory.domain.staff import Role
from inventory.services import badges, lane_staff, sessions, staff, staff_changes
from inventory.services.staff_changes import LastManagerError
from inventory.wire import StaffPinMessage
from tests.support.web_store import STORE, SignedIn, StoreInTest, Visitor

LIST = "/manager/staff"


def id_of(store: StoreInTest, name: str) -> str:
    with store.database.read() as uow:
        members = staff.members(uow, STORE, now_utc=store.clock())
    return next(each.staff_id for each in members if each.name == name)


def change(store: StoreInTest, visitor: Visitor, name: str, what: str, **fields: str) -> tuple[int, str]:
    page = f"{LIST}/{id_of(store, name)}"
    answer = visitor.submit(f"{page}/{what}", page=LIST, **fields)
    return answer.status_code, answer.text


def test_people_are_listed_and_found_and_lead_to_their_page(store: StoreInTest, signed_in: SignedIn) -> None:
    ada = signed_in("Ada")
    found = re.findall(r'href="(/manager/staff/[0-9a-f]{16})">(\w+)</a>', ada.get(f"{LIST}?name=mar").text)
    assert [name for _, name in found] == ["Marco"]
    page = ada.get(found[0][0]).text
    for words in ("Marco", "attendant", "Make a badge", "Change PIN", "Has left"):
        assert words in page, words
    assert ada.get(f"{LIST}/nobody").status_code == 404
    assert "Ada" in ada.get(f"{LIST}?role=manager&export=csv").text


def test_a_new_pin_is_the_only_one_and_ends_every_sign_in(store: StoreInTest, signed_in: SignedIn) -> None:
    marco, ada = signed_in("Marco"), signed_in("Ada")
    assert change(store, ada, "Marco", "pin", pin="111111")[0] == 409
    assert change(store, ada, "Marco", "pin", pin="740921")[0] == 303
    assert marco.get("/staff").status_code == 303
    assert store.visitor().sign_in("Marco").status_code == 401
    assert store.visitor().sign_in("Marco", pin="740921").status_code == 303
    assert "changed the PIN of" in ada.get("/manager/audit").text


def test_a_new_pin_takes_a_lock_off(store: StoreInTest, signed_in: SignedIn) -> None:
    for _ in range(5):
        store.visitor().sign_in("Giulia", pin="000000")
    assert store.visitor().sign_in("Giulia").status_code == 401
    change(store, signed_in("Ada"), "Giulia", "pin", pin="740921")
    assert store.visitor().sign_in("Giulia", pin="740921").status_code == 303


def test_a_role_holds_at_once_where_somebody_is_signed_in(store: StoreInTest, signed_in: SignedIn) -> None:
    marco, ada = signed_in("Marco"), signed_in("Ada")
    assert marco.get("/manager").status_code == 403
    change(store, ada, "Marco", "role", role="manager")
    assert marco.get("/manager").status_code == 200
    change(store, ada, "Marco", "role", role="attendant")
    assert marco.get("/manager").status_code == 403


@pytest.mark.parametrize(("what", "fields"), [("role", {"role": "attendant"}), ("leave", {})])
def test_the_last_manager_stays_one_until_there_is_another(
    store: StoreInTest, signed_in: SignedIn, what: str, fields: dict[str, str]
) -> None:
    ada = signed_in("Ada")
    status, page = change(store, ada, "Ada", what, **fields)
    assert status == 409
    assert "This is the last manager." in page
    change(store, ada, "Marco", "role", role="manager")
    assert change(store, ada, "Ada", what, **fields)[0] == 303
    assert ada.get("/manager").status_code in (303, 403)


def test_a_manager_who_has_left_counts_no_more(store: StoreInTest) -> None:
    with store.database.write() as uow:
        marco, ada = id_of(store, "Marco"), id_of(store, "Ada")
        staff_changes.set_role(uow, STORE, marco, role=Role.MANAGER, by="Ada", now_utc=store.clock())
        staff_changes.deactivate(uow, STORE, marco, by="Ada", now_utc=store.clock())
        with pytest.raises(LastManagerError):
            staff_changes.deactivate(uow, STORE, ada, by="Ada", now_utc=store.clock())


def test_whoever_has_left_gets_in_nowhere_and_may_come_back(store: StoreInTest, signed_in: SignedIn) -> None:
    marco, ada = signed_in("Marco"), signed_in("Ada")
    with store.database.write() as uow:
        who = badges.give(uow, STORE, id_of(store, "Marco"), by="Ada", now_utc=store.clock())
    badge = StaffPinMessage(lane_id="lane-1", who=who, pin="205189")
    assert change(store, ada, "Marco", "leave")[0] == 303
    assert marco.get("/staff").status_code == 303
    refused = store.visitor().sign_in("Marco")
    assert refused.status_code == 401
    assert "Name or PIN is not right." in refused.text
    assert lane_staff.check_pin(store.database, STORE, badge, store.clock()).outcome == "wrong"
    assert "has left" in ada.get(f"{LIST}?state=left").text
    assert change(store, ada, "Marco", "back")[0] == 303
    assert lane_staff.check_pin(store.database, STORE, badge, store.clock()).outcome == "right"


def test_what_was_done_is_sorted_filtered_and_taken_away(store: StoreInTest, signed_in: SignedIn) -> None:
    signed_in("Marco")
    ada = signed_in("Ada")
    page = ada.get("/manager/audit?who=marco&what=sign-in.done").text
    assert "signed in" in page
    assert "1 row" in page
    assert "Marco" in ada.get("/manager/audit?export=csv").text


def badge_for(store: StoreInTest, name: str) -> str:
    ada = store.signed_in("Ada")
    page = ada.submit(f"{LIST}/{id_of(store, name)}/badge", page=LIST).text
    found = re.search(r"STAFF-[0-9a-f]{16}", page)
    assert found is not None
    return found[0]


def test_a_badge_is_shown_once_and_kept_as_a_hash(store: StoreInTest, signed_in: SignedIn) -> None:
    badge, ada = badge_for(store, "Marco"), signed_in("Ada")
    page = ada.get(f"{LIST}/{id_of(store, 'Marco')}").text
    assert "has one" in page
    assert badge not in page
    assert badge.removeprefix("STAFF-").encode() not in (store.config.data_dir / "store.db").read_bytes()
    assert "gave a badge to" in ada.get("/manager/audit").text


def test_a_badge_signs_in_on_a_tablet_with_the_pin_and_never_without(store: StoreInTest) -> None:
    badge = badge_for(store, "Marco")
    for pin in ("", "318064", badge):
        visitor = store.visitor()
        token = visitor.token_on("/sign-in")
        answer = visitor.send("/sign-in", {"name": badge, "pin": pin, "form_token": token})
        assert answer.status_code == 401
    assert store.visitor().sign_in(badge, pin="205189").status_code == 303
    with store.database.read() as uow:
        trail = [(each.who, each.detail) for each in staff.audit_trail(uow, STORE, limit=3)]
    assert ("Marco", "attendant, badge") in trail


def test_wrong_pins_behind_a_badge_lock_the_person_as_any_do(store: StoreInTest) -> None:
    badge = badge_for(store, "Marco")
    for _ in range(5):
        store.visitor().sign_in(badge, pin="000000")
    assert "Wait 15 minutes" in store.visitor().sign_in("Marco").text


def test_a_badge_taken_back_or_replaced_is_nobodys(store: StoreInTest, signed_in: SignedIn) -> None:
    old = badge_for(store, "Marco")
    new = badge_for(store, "Marco")
    assert store.visitor().sign_in(old, pin="205189").status_code == 401
    assert store.visitor().sign_in(new, pin="205189").status_code == 303
    assert change(store, signed_in("Ada"), "Marco", "badge/back")[0] == 303
    assert store.visitor().sign_in(new, pin="205189").status_code == 401


def test_one_session_of_several_is_ended_and_the_page_says_how_each_began(
    store: StoreInTest, signed_in: SignedIn
) -> None:
    first, second, ada = signed_in("Marco"), signed_in("Marco"), signed_in("Ada")
    page = f"{LIST}/{id_of(store, 'Marco')}"
    assert ada.get(page).text.count("another device") == 4, "each is named, and named again for the ear"
    with store.database.read() as uow:
        begun = sessions.open_of(uow, STORE, id_of(store, "Marco"), store.clock())
    assert first.client.cookies["lanelight"] not in str(begun)
    ada.submit(f"{page}/sessions/{begun[0].session_id}/end", page=page)
    assert sorted(each.get("/staff").status_code for each in (first, second)) == [200, 303]
    ada.submit(f"{page}/sessions/{begun[0].session_id}/end", page=page)
    still = next(each for each in (first, second) if each.get("/staff").status_code == 200)
    still.submit("/sign-out", page="/staff")
    assert "signed out" in ada.get("/manager/audit?who=marco").text
    assert "ended a session of" in ada.get("/manager/audit").text


def test_a_session_is_ended_on_the_page_of_its_person_alone(store: StoreInTest, signed_in: SignedIn) -> None:
    marco, ada = signed_in("Marco"), signed_in("Ada")
    with store.database.read() as uow:
        begun = sessions.open_of(uow, STORE, id_of(store, "Marco"), store.clock())
    page = f"{LIST}/{id_of(store, 'Giulia')}"
    ada.submit(f"{page}/sessions/{begun[0].session_id}/end", page=page)
    assert marco.get("/staff").status_code == 200
