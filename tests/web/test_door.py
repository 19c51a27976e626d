"""The door of a lane on the tablet: closed and opened by one button, by one person at a time."""

from __future__ import annotations

import html
import re

from inventory.services import lanes, staff
from inventory.wire import LaneStateMessage
from tests.support.web_store import STORE, SignedIn, StoreInTest, Visitor

LANE = "/staff?lane=lane-1"


def report(store: StoreInTest, screen: str = "attract", *, closed_by: str = "", door_id: str = "") -> None:
    message = LaneStateMessage(
        lane_id="lane-1",
        screen=screen,
        language="en",
        currency="EUR",
        total_minor=0,
        at_utc=store.clock(),
        closed_by=closed_by,
        door_id=door_id,
    )
    with store.database.write() as uow:
        lanes.report_state(uow, STORE, message, store.clock())


def seen(visitor: Visitor) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", visitor.get(LANE).text)).split())


def after(visitor: Visitor) -> str:
    found = re.search(r'name="after" value="([^"]*)"', visitor.get(LANE).text)
    assert found is not None
    return found[1]


def press(visitor: Visitor, word: str, last: str) -> str:
    answer = visitor.submit(f"/staff/doors/lane-1/{word}", page=LANE, lane="lane-1", after=last)
    assert answer.status_code in (200, 303), answer.text
    return answer.text


def test_a_lane_is_closed_and_the_wall_says_how_far_it_is(store: StoreInTest, signed_in: SignedIn) -> None:
    report(store)
    marco = signed_in("Marco")
    press(marco, "close", after(marco))
    assert "Marco has closed it. The lane has not heard of it yet." in seen(marco)
    door = after(marco)
    report(store, "basket", closed_by="Marco", door_id=door)
    assert "Marco has closed it. It ends this visit first." in seen(marco)
    assert "Closes after this visit." in seen(marco)
    report(store, "degraded", closed_by="Marco", door_id=door)
    assert "1 · Closed" in seen(marco)
    assert "Needs staff" not in seen(marco)
    press(marco, "open", door)
    report(store, door_id=after(marco))
    assert "1 · Free" in seen(marco)
    assert "Close lane" in seen(marco)


def test_of_two_who_press_at_once_the_second_is_told_who_was_first(
    store: StoreInTest, signed_in: SignedIn
) -> None:
    report(store)
    marco, giulia = signed_in("Marco"), signed_in("Giulia")
    last = after(giulia)
    press(marco, "close", last)
    assert "Marco has closed this lane already." in press(giulia, "close", last)
    with store.database.read() as uow:
        trail = [entry for entry in staff.audit_trail(uow, STORE, limit=20) if entry.what == "lane.close"]
    assert [entry.who for entry in trail] == ["Marco"]


def test_a_lane_nobody_knows_and_a_step_nobody_knows_are_refused_in_words(
    store: StoreInTest, signed_in: SignedIn
) -> None:
    report(store)
    marco = signed_in("Marco")
    for path in ("/staff/doors/lane-9/close", "/staff/doors/lane-1/burn"):
        assert marco.submit(path, page=LANE, lane="", after="").status_code == 404


def test_a_lane_that_never_reported_has_no_door_to_press(store: StoreInTest, signed_in: SignedIn) -> None:
    assert "Close lane" not in seen(signed_in("Marco"))
