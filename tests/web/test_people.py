"""Owns what managers may change of people, and that a store is never left without one of them."""

from __future__ import annotations

import re

import pytest

from inventory.domain.staff import Role
from inventory.services import lane_staff, staff, staff_changes
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
    for words in ("Marco", "attendant", "STAFF-", "Change PIN", "Has left"):
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
    badge = StaffPinMessage(lane_id="lane-1", who=lane_staff.badge_of(id_of(store, "Marco")), pin="205189")
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
