"""What the store makes of a lane whose clock or texts are odd: a call is taken, and the wall stays whole."""

from __future__ import annotations

import json
import re
from typing import Any

import httpx
import pytest

from tests.support.web_store import NOON, SignedIn, StoreInTest, lane_token

WITHOUT_A_ZONE = "2026-11-21T11:59:00"


def put(store: StoreInTest, path: str, message: dict[str, Any]) -> httpx.Response:
    sent = {"authorization": f"Bearer {lane_token('lane-1')}", "content-type": "application/json"}
    body = json.dumps({"lane_id": "lane-1", **message})
    return store.visitor().client.put(f"/api/v1{path}", content=body, headers=sent)


def called(store: StoreInTest, help_id: str, **fields: str) -> httpx.Response:
    usual = {"help_id": help_id, "state": "requested", "requested_at_utc": NOON.isoformat()}
    return put(store, f"/help/{help_id}", {**usual, **fields})


def test_an_instant_without_a_zone_is_utc_and_breaks_nothing(store: StoreInTest, signed_in: SignedIn) -> None:
    odd = {"at_utc": WITHOUT_A_ZONE}
    question = {"intervention_id": "q-1", "kind": "void", "raised_at_utc": WITHOUT_A_ZONE}
    answers = (
        called(store, "h-1", requested_at_utc=WITHOUT_A_ZONE),
        put(store, "/help/h-1/phrases/p-1", {"phrase_id": "p-1", "help_id": "h-1", "text": "Ciao", **odd}),
        put(store, "/feedback/f-1", {"feedback_id": "f-1", "face": "awful", **odd}),
        put(store, "/interventions/q-1", question),
    )
    assert [each.status_code for each in answers] == [200, 204, 204, 202]
    assert ">1:00<" in signed_in("Marco").get("/staff").text


@pytest.mark.parametrize("told", ["1970-01-01T00:00:00Z", "0001-01-01T00:00:00+12:00"])
def test_a_lane_whose_clock_was_lost_waits_from_when_its_call_came(
    store: StoreInTest, signed_in: SignedIn, told: str
) -> None:
    called(store, "h-1", requested_at_utc=told)
    put(store, "/interventions/q-1", {"intervention_id": "q-1", "kind": "void", "raised_at_utc": told})
    waits = re.findall(r'class="t num" data-since="[^"]+">([^<]*)<', signed_in("Marco").get("/staff").text)
    assert waits == ["0:00", "0:00"]


def test_a_call_is_taken_whatever_its_note_and_the_wall_shows_one_line_of_it(
    store: StoreInTest, signed_in: SignedIn
) -> None:
    told = "Milk\u202e\n" + "x" * 100_000
    assert called(store, "h-1", note=told, language="x" * 5000).status_code == 200
    assert called(store, "h-1", note=told, language="x" * 5000).status_code == 200
    page = signed_in("Marco").get("/staff").text
    assert "Milk xxx" in page
    assert "\u202e" not in page
    assert len(page) < 30_000


def test_a_question_of_a_thousand_facts_does_not_fill_every_tablet(
    store: StoreInTest, signed_in: SignedIn
) -> None:
    facts = ["x" * 100_000, *map(str, range(1000))]
    asked = {"intervention_id": "q-1", "kind": "items-removed", "raised_at_utc": NOON.isoformat()}
    assert put(store, "/interventions/q-1", {**asked, "facts": facts}).status_code == 202
    assert len(signed_in("Marco").get("/staff").text) < 40_000


def test_a_note_with_the_number_of_a_card_is_not_kept(store: StoreInTest, signed_in: SignedIn) -> None:
    called(store, "h-1")
    marco = signed_in("Marco")
    marco.submit("/staff/help/h-1/accept", page="/staff")
    number = "4" + "1" * 15  # in two parts: no file may hold one
    answer = marco.submit("/staff/help/h-1/hand-over", page="/staff", note=f"Paid with {number}")
    assert "Please type no card numbers here." in answer.text
    assert number not in marco.get("/staff").text


def test_nothing_a_lane_says_turns_the_letters_of_the_wall_round(
    store: StoreInTest, signed_in: SignedIn
) -> None:
    turned = "\u202egnp"
    called(store, "h-1", note=turned, language=turned)
    asked = {"intervention_id": "q-1", "kind": "void", "raised_at_utc": NOON.isoformat()}
    put(store, "/interventions/q-1", {**asked, "language": turned, "facts": [turned, "5 EUR"]})
    page = signed_in("Marco").get("/staff").text
    assert page.count("gnp") >= 2
    assert "\u202e" not in page
