"""What each role is let do on the tablet and in the console, asked through the web."""

from __future__ import annotations

import pytest

from inventory.domain.help_desk import InterventionKind
from inventory.domain.staff import Role
from tests.support.web_store import SignedIn, StoreInTest, as_role


@pytest.mark.parametrize(
    ("path", "fields"),
    [
        ("/staff/doors/lane-1/close", {}),
        ("/staff/help/h-1/en-route", {}),
        ("/staff/help/h-1/arrive", {}),
        ("/staff/shelf/unknown/count", {"counted": "3"}),
        ("/staff/prices/unknown/approve", {"name": "Bread", "price": "1.20"}),
        ("/staff/day/close", {"lane_id": "lane-1"}),
        ("/staff/waste", {"gtin": "8001234567890"}),
    ],
)
def test_a_helper_elsewhere_is_refused_what_is_done_at_a_lane(
    store: StoreInTest, signed_in: SignedIn, path: str, fields: dict[str, str]
) -> None:
    as_role(store, "Marco", Role.REMOTE)
    answer = signed_in("Marco").submit(path, page="/staff", **fields)
    assert answer.status_code == 403
    assert "Somebody at the lanes has to do this." in answer.text


@pytest.mark.parametrize("kind", [InterventionKind.AGE_CHECK, InterventionKind.PAYMENT_IN_DOUBT])
def test_a_helper_elsewhere_decides_neither_age_nor_money(
    store: StoreInTest, signed_in: SignedIn, kind: InterventionKind
) -> None:
    as_role(store, "Marco", Role.REMOTE)
    store.ask("q-1", "lane-1", kind, "18")
    answer = signed_in("Marco").submit("/staff/interventions/q-1/approve", page="/staff", pin="205189")
    assert "Somebody at the lane decides this." in answer.text


def test_a_helper_elsewhere_takes_a_call(store: StoreInTest, signed_in: SignedIn) -> None:
    as_role(store, "Marco", Role.REMOTE)
    store.call("h-1", "lane-1")
    assert signed_in("Marco").submit("/staff/help/h-1/accept", page="/staff").status_code == 303


def test_a_supervisor_sees_the_numbers_and_no_more_of_the_console(
    store: StoreInTest, signed_in: SignedIn
) -> None:
    as_role(store, "Marco", Role.SUPERVISOR)
    marco = signed_in("Marco")
    assert marco.get("/manager/feedback").status_code == 200
    refused = [marco.get(path).status_code for path in ("/manager", "/manager/staff", "/manager/devices")]
    assert refused == [403, 403, 403]
    rail = marco.get("/staff/day").text
    assert 'href="/manager/feedback"' in rail
    assert 'href="/manager/staff"' not in rail


@pytest.mark.parametrize(("role", "words"), [("supervisor", "supervisor"), ("remote", "helper elsewhere")])
def test_a_manager_gives_every_role(store: StoreInTest, signed_in: SignedIn, role: str, words: str) -> None:
    ada = signed_in("Ada")
    ada.submit("/manager/staff", page="/manager/staff", name="Noa", pin="740921", role=role)
    assert f">{words}</td>" in ada.get("/manager/staff?name=noa").text.replace("\n", "")
