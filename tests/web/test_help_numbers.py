"""The console's page of help: waits, shares and causes of the days asked for, and the calls as a file."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from urllib.parse import quote

import pytest

from inventory.domain.help_desk import Cause, Escalate, HelpReason, HelpState, InterventionKind, Resolve, Take
from inventory.domain.help_waiting import Level
from inventory.services import help_desk, interventions
from inventory.wire import HelpMessage, InterventionMessage
from tests.support.web_store import STORE, SignedIn, StoreInTest

PAGE = "/manager/help"


def call(
    store: StoreInTest,
    help_id: str,
    *,
    at_utc: datetime | None = None,
    answered_s: int = 10,
    cause: Cause | None = None,
) -> None:
    at_utc = at_utc or store.clock()
    message = HelpMessage(
        help_id=help_id,
        lane_id="lane-1",
        state=HelpState.REQUESTED,
        reason=HelpReason.PRICE,
        requested_at_utc=at_utc,
    )
    with store.database.write() as uow:
        help_desk.receive(uow, STORE, message, at_utc)
        for deed, after_s in (
            (Take("Marco", HelpState.ACCEPTED), answered_s),
            (Take("Marco", HelpState.ARRIVED), answered_s + 30),
            (Resolve("Marco", cause), answered_s + 65),
        ):
            help_desk.do(uow, STORE, help_id, deed, at_utc + timedelta(seconds=after_s))


def stop(store: StoreInTest, number: int) -> None:
    message = InterventionMessage(
        intervention_id=f"i{number}",
        lane_id="lane-1",
        kind=InterventionKind.PRICE,
        raised_at_utc=store.clock(),
        facts=("04006381333931", "1"),
    )
    with store.database.write() as uow:
        interventions.receive(uow, STORE, message, store.clock())


def words(text: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", text).split())


def test_waits_and_causes_of_the_days_stand_on_the_page(store: StoreInTest, signed_in: SignedIn) -> None:
    for number in range(6):
        call(store, f"h{number}", answered_s=10 + number, cause=Cause.SCANNING if number else None)
    for number in range(5):
        stop(store, number)
    text = words(signed_in("Ada").get(PAGE).text)
    assert "Answered 0:12 nine in ten within 0:15 · goal 0:20" in text
    assert "Somebody there 0:42" in text
    assert "Would not scan 5 45% 45%" in text
    assert "Unknown item 5 45% 91%" in text
    assert "04006381333931 5 stops" in text
    assert "Marco" not in text


def test_what_is_older_than_the_days_is_not_counted(store: StoreInTest, signed_in: SignedIn) -> None:
    call(store, "old", at_utc=store.clock() - timedelta(days=9))
    browser = signed_in("Ada")
    assert "Nobody has called in these days." in words(browser.get(PAGE).text)
    assert "1 calls" in words(browser.get(f"{PAGE}?days=28").text)


@pytest.mark.parametrize("days", ["0", "-1", "1000000000", "x", "7; DROP TABLE sale", "٧"])
def test_a_span_that_is_none_is_a_week(store: StoreInTest, signed_in: SignedIn, days: str) -> None:
    call(store, "old", at_utc=store.clock() - timedelta(days=6))
    assert "1 calls" in words(signed_in("Ada").get(f"{PAGE}?days={quote(days)}").text)


def test_every_call_can_be_listed_and_taken_away_as_a_file_without_names(
    store: StoreInTest, signed_in: SignedIn
) -> None:
    call(store, "h1", cause=Cause.GOODS)
    browser = signed_in("Ada")
    text = words(browser.get(f"{PAGE}/calls").text)
    assert "Price solved Goods en 0:10 0:40 1:15 0 0" in text
    file = browser.get(f"{PAGE}/calls?export=csv")
    assert file.headers["content-type"].startswith("text/csv")
    assert "Goods" in file.text
    assert "Marco" not in file.text


def test_a_call_that_climbed_says_how_far(store: StoreInTest, signed_in: SignedIn) -> None:
    message = HelpMessage(
        help_id="h1", lane_id="lane-1", state=HelpState.REQUESTED, requested_at_utc=store.clock()
    )
    with store.database.write() as uow:
        help_desk.receive(uow, STORE, message, store.clock())
        help_desk.do(uow, STORE, "h1", Escalate(Level.MANAGER), store.clock())
    assert "Not said waits en 3 0" in words(signed_in("Ada").get(f"{PAGE}/calls").text)


def test_an_attendant_does_not_see_the_numbers(store: StoreInTest, signed_in: SignedIn) -> None:
    for path in (PAGE, f"{PAGE}/calls"):
        assert signed_in("Marco").get(path).status_code == 403
