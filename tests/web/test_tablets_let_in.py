"""Tablets: let in by a code, known by their cookie, and what a stolen session or a lost tablet is worth."""

from __future__ import annotations

import asyncio
import re
from dataclasses import replace
from datetime import timedelta

import pytest

from inventory.domain.staff import Role
from inventory.services import staff, tablets
from inventory.web.app import create_app
from inventory.web.pages import pages_for
from inventory.web.staff_news import StaffNews
from inventory.web.staff_view import StaffView
from tests.support.web_store import PINS, STORE, SignedIn, StoreInTest, Visitor, as_role

DEVICES = "/manager/devices"


def code_for(store: StoreInTest, name: str = "Front") -> str:
    ada = store.signed_in("Ada")
    page = ada.submit(f"{DEVICES}/tablets", page=DEVICES, name=name).text
    found = re.search(r'class="code num"><bdi dir="ltr">(\d{4} \d{4})<', page)
    assert found is not None
    return found[1]


def let_in(store: StoreInTest, visitor: Visitor, name: str = "Front") -> Visitor:
    assert visitor.submit("/tablet", page="/tablet", code=code_for(store, name)).status_code == 200
    return visitor


def strict(store: StoreInTest) -> StoreInTest:
    """The same store, where a PIN is taken from tablets alone."""
    config = store.config.model_copy(update={"staff_needs_enrolled_tablet": True})
    return replace(store, app=create_app(config, store.database, store.broker, clock=store.clock))


def trail(store: StoreInTest) -> list[tuple[str, str, str]]:
    with store.database.read() as uow:
        return [(each.who, each.what, each.detail) for each in staff.audit_trail(uow, STORE, limit=20)]


def revoke(store: StoreInTest, name: str = "Front") -> None:
    with store.database.read() as uow:
        found = next(each for each in tablets.enrolled(uow, STORE) if each.name == name)
    store.signed_in("Ada").submit(f"{DEVICES}/tablets/{found.tablet_id}/revoke", page=DEVICES)


def test_a_code_makes_a_browser_a_tablet_and_the_trail_names_it(store: StoreInTest) -> None:
    tablet = let_in(store, store.visitor())
    assert "Front" in tablet.get("/sign-in").text
    assert tablet.sign_in("Marco").status_code == 303
    assert tablet.get("/staff").status_code == 200
    assert ("Marco", "sign-in.done", "attendant, pin, Front") in trail(store)
    assert ("Ada", "tablet.enrol", "Front: by code") in trail(store)
    page = store.signed_in("Ada").get(DEVICES).text
    assert "Front" in page
    assert "never" not in page.split("Tablets</h2>")[1].split("</section>")[0]


def test_the_cookie_stays_for_long_and_no_script_and_no_other_site_gets_at_it(store: StoreInTest) -> None:
    visitor = store.visitor(base_url="https://aurora.example", address="10.0.0.7")
    answer = visitor.submit("/tablet", page="/tablet", code=code_for(store))
    cookie = next(
        each for each in answer.headers.get_list("set-cookie") if each.startswith("__Host-lanelight-tablet=")
    ).lower()
    for part in ("httponly", "samesite=strict", "secure", "path=/", "max-age=34560000"):
        assert part in cookie


def test_the_token_is_kept_as_a_hash_alone(store: StoreInTest) -> None:
    token = let_in(store, store.visitor()).client.cookies["lanelight-tablet"]
    assert len(token) >= 43
    assert token.encode() not in (store.config.data_dir / "store.db").read_bytes()


def test_a_code_works_once_and_for_ten_minutes(store: StoreInTest) -> None:
    code = code_for(store)
    assert store.visitor().submit("/tablet", page="/tablet", code=code).status_code == 200
    again = store.visitor().submit("/tablet", page="/tablet", code=code)
    assert again.status_code == 403
    assert "wrong, used or too old" in again.text
    late = code_for(store)
    store.clock.advance(timedelta(minutes=10))
    assert store.visitor().submit("/tablet", page="/tablet", code=late).status_code == 403


def test_five_guesses_end_every_open_code_of_a_tablet_and_none_of_a_lane(store: StoreInTest) -> None:
    code = code_for(store)
    lane = store.signed_in("Ada").submit(f"{DEVICES}/codes", page=DEVICES, lane_id="lane-9").text
    for number in range(5):
        thief = store.visitor(base_url="https://aurora.example", address=f"10.0.0.{number}")
        assert thief.submit("/tablet", page="/tablet", code=f"0000000{number}").status_code == 403
    assert store.visitor().submit("/tablet", page="/tablet", code=code).status_code == 403
    assert ("Ada", "tablet.code-dead", "Front: 5 wrong tries") in trail(store)
    found = re.search(r"--code (\d{8})", lane)
    assert found is not None
    told = {"code": found[1], "lane_id": "lane-9", "token": "a-token-the-lane-made-by-itself-43-letters"}
    assert store.visitor().client.post("/api/v1/enrolments", json=told).status_code == 201


def test_an_address_that_guesses_codes_has_to_wait(store: StoreInTest) -> None:
    thief = store.visitor()
    answers = [thief.submit("/tablet", page="/tablet", code="1").status_code for _ in range(11)]
    assert answers == [403] * 10 + [429]


def test_a_code_from_another_page_or_over_an_open_network_is_not_looked_at(store: StoreInTest) -> None:
    code = code_for(store)
    assert store.visitor().send("/tablet", {"code": code, "form_token": "mine"}).status_code == 403
    open_network = store.visitor(base_url="http://192.168.1.5:8480", address="192.168.1.9")
    assert open_network.submit("/tablet", page="/tablet", code=code).status_code == 403
    assert store.visitor().submit("/tablet", page="/tablet", code=code).status_code == 200


def test_where_only_tablets_may_a_pin_typed_elsewhere_is_not_looked_at(store: StoreInTest) -> None:
    tablet = let_in(store, store.visitor())
    shop = strict(store)
    elsewhere = shop.visitor()
    refused = elsewhere.sign_in("Marco")
    assert refused.status_code == 403
    assert "not let in yet" in refused.text
    for _ in range(10):
        assert elsewhere.sign_in("Marco", pin="000000").status_code == 403
    here = shop.visitor()
    here.client.cookies.set("lanelight-tablet", tablet.client.cookies["lanelight-tablet"])
    assert here.sign_in("Marco").status_code == 303, "ten refusals counted against nobody"
    assert here.get("/staff").status_code == 200


def test_a_sign_in_from_before_the_setting_ends_with_it(store: StoreInTest) -> None:
    marco = store.signed_in("Marco")
    shop = strict(store)
    same = shop.visitor()
    same.client.cookies.set("lanelight", marco.client.cookies["lanelight"])
    assert same.get("/staff").status_code == 303


def test_a_session_stolen_from_a_tablet_is_worth_nothing_elsewhere_and_the_trail_says_so(
    store: StoreInTest,
) -> None:
    tablet = let_in(store, store.visitor())
    tablet.sign_in("Marco")
    stolen = tablet.client.cookies["lanelight"]
    thief = let_in(store, store.visitor(), "Back")
    thief.client.cookies.set("lanelight", stolen)
    assert thief.get("/staff").status_code == 303
    assert thief.get("/staff").status_code == 303
    told = [each for each in trail(store) if each[1] == "sign-in.elsewhere"]
    assert told == [("Marco", "sign-in.elsewhere", "Back")], "said once"
    assert tablet.get("/staff").status_code == 303, "whoever it was signs in again"


@pytest.mark.parametrize("token", ["", "not-a-token"])
def test_a_stolen_session_without_its_tablet_is_worth_nothing(store: StoreInTest, token: str) -> None:
    tablet = let_in(store, store.visitor())
    tablet.sign_in("Marco")
    thief = store.visitor()
    thief.client.cookies.set("lanelight", tablet.client.cookies["lanelight"])
    if token:
        thief.client.cookies.set("lanelight-tablet", token)
    assert thief.get("/staff").status_code == 303
    assert ("Marco", "sign-in.elsewhere", "") in trail(store)


def test_a_lost_tablet_is_locked_out_and_everybody_on_it_signed_out(store: StoreInTest) -> None:
    tablet = let_in(store, store.visitor())
    tablet.sign_in("Marco")
    revoke(store)
    assert tablet.get("/staff").status_code == 303
    assert ("Ada", "tablet.revoke", "Front: 1 sign-ins ended") in trail(store)
    shop = strict(store)
    lost = shop.visitor()
    lost.client.cookies.set("lanelight-tablet", tablet.client.cookies["lanelight-tablet"])
    assert lost.sign_in("Marco").status_code == 403


def test_the_stream_of_a_lost_tablet_ends_at_once(store: StoreInTest) -> None:
    tablet = let_in(store, store.visitor())
    tablet.sign_in("Marco")
    token = tablet.client.cookies["lanelight"]
    view = StaffView(STORE, store.database, pages_for(store.config.name), store.clock)
    wall = StaffNews(view, store.broker)

    async def listen() -> list[str]:
        stream = wall.news(token)
        heard = [await anext(stream)]
        await asyncio.to_thread(revoke, store)
        async with asyncio.timeout(2):
            heard.extend([told async for told in stream])
        return heard

    assert "signed-out" in asyncio.run(listen())[-1]


def test_a_tablet_gets_another_name_and_an_impossible_one_is_refused(
    store: StoreInTest, signed_in: SignedIn
) -> None:
    let_in(store, store.visitor())
    ada = signed_in("Ada")
    with store.database.read() as uow:
        found = tablets.enrolled(uow, STORE)[0].tablet_id
    ada.submit(f"{DEVICES}/tablets/{found}/rename", page=DEVICES, name=" Bakery ")
    assert ("Ada", "tablet.rename", "Front: Bakery") in trail(store)
    assert ada.submit(f"{DEVICES}/tablets/{found}/rename", page=DEVICES, name="\u202e").status_code == 422
    assert ada.submit(f"{DEVICES}/tablets", page=DEVICES, name=" ").status_code == 422


@pytest.mark.parametrize("role", [Role.ATTENDANT, Role.SUPERVISOR, Role.REMOTE])
def test_only_a_manager_makes_codes(store: StoreInTest, signed_in: SignedIn, role: Role) -> None:
    if role is not Role.ATTENDANT:
        as_role(store, "Marco", role)
    marco = signed_in("Marco")
    assert marco.submit(f"{DEVICES}/tablets", page="/staff", name="Mine").status_code == 403


def test_whoever_was_signed_in_where_a_tablet_begins_signs_in_again(store: StoreInTest) -> None:
    visitor = store.signed_in("Marco")
    token = visitor.client.cookies["lanelight"]
    let_in(store, visitor)
    assert "lanelight" not in visitor.client.cookies
    visitor.client.cookies.set("lanelight", token)
    assert visitor.get("/staff").status_code == 303


def test_a_tablet_that_guesses_pins_has_to_wait_wherever_it_is(store: StoreInTest) -> None:
    token = let_in(store, store.visitor()).client.cookies["lanelight-tablet"]
    answers = []
    for number in range(21):
        guesser = store.visitor(base_url="https://aurora.example", address=f"10.0.1.{number}")
        guesser.client.cookies.set("__Host-lanelight-tablet", token)
        answers.append(guesser.sign_in(f"Nobody {number}", pin="000000").status_code)
    assert answers == [401] * 20 + [429]


def test_many_names_from_one_address_and_one_name_from_many_addresses_are_both_stopped(
    store: StoreInTest,
) -> None:
    one = store.visitor(base_url="https://aurora.example", address="10.0.2.1")
    tried = [one.sign_in(name, pin="000000").status_code for _ in range(7) for name in PINS]
    assert tried == [401] * 20 + [429]
    for number in range(5):
        many = store.visitor(base_url="https://aurora.example", address=f"10.0.3.{number}")
        many.sign_in("Marco", pin="000000")
    fresh = store.visitor(base_url="https://aurora.example", address="10.0.4.1")
    assert "Wait 15 minutes" in fresh.sign_in("Marco").text, "the right PIN is not told from a wrong one"
