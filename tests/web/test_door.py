"""The door of a lane on the tablet: closed and opened by one button, by one person at a time."""

from __future__ import annotations

import html
import re

from inventory.domain.staff import Role
from inventory.services import doors, lanes, staff
from inventory.wire import LaneStateMessage
from tests.support.web_store import STORE, SignedIn, StoreInTest, Visitor, as_role

LANE = "/staff?lane=lane-1"
DOORS = "/staff/doors"


def report(
    store: StoreInTest,
    screen: str = "attract",
    *,
    lane_id: str = "lane-1",
    closed_by: str = "",
    door_id: str = "",
) -> None:
    message = LaneStateMessage(
        lane_id=lane_id,
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


def test_a_lane_is_paused_and_opened_and_closed_from_there(store: StoreInTest, signed_in: SignedIn) -> None:
    report(store)
    marco = signed_in("Marco")
    assert "Pause lane" in seen(marco)
    press(marco, "pause", after(marco))
    assert "Marco has paused it. The lane has not heard of it yet." in seen(marco)
    report(store, "degraded", closed_by="Marco", door_id=after(marco))
    shown = seen(marco)
    assert "1 · Paused" in shown
    assert "Paused by Marco." in shown
    assert "Open lane" in shown
    assert "Close lane" in shown


def rows_on(visitor: Visitor) -> dict[str, str]:
    """What each check box of the page of doors would send, by lane."""
    values = map(html.unescape, re.findall(r'name="chosen" value="([^"]*)"', visitor.get(DOORS).text))
    return {value.rpartition(" ")[2]: value for value in values}


def choose(visitor: Visitor, wish: str, *values: str) -> str:
    form: dict[str, str | list[str]] = {
        "form_token": visitor.token_on(DOORS),
        "wish": wish,
        "chosen": list(values),
    }
    return html.unescape(visitor.send(DOORS, form).text)


def wishes(store: StoreInTest) -> dict[str, str]:
    with store.database.read() as uow:
        return {lane_id: each.wish.value for lane_id, each in doors.newest(uow, STORE).items()}


def test_many_lanes_are_closed_at_once_and_one_moved_meanwhile_is_named(
    store: StoreInTest, signed_in: SignedIn
) -> None:
    for lane_id in ("lane-1", "lane-2"):
        report(store, lane_id=lane_id)
    marco, giulia = signed_in("Marco"), signed_in("Giulia")
    rows = rows_on(marco)
    assert rows == {"lane-1": " lane-1", "lane-2": " lane-2", "lane-3": " lane-3"}
    press(giulia, "pause", "")
    said = choose(marco, "close", *rows.values(), "x nowhere", "nonsense")
    assert "Closed: Lane 2. Lane 1: Giulia has paused this lane already." in said
    assert wishes(store) == {"lane-1": "paused", "lane-2": "closed"}
    said = choose(marco, "open", *rows_on(marco).values())
    assert "Opened: Lane 1, Lane 2." in said
    assert "The chosen lanes are so already." in choose(marco, "open", *rows_on(marco).values())


def test_nothing_chosen_and_nothing_known_move_no_door(store: StoreInTest, signed_in: SignedIn) -> None:
    report(store)
    marco = signed_in("Marco")
    assert "Choose at least one lane." in choose(marco, "close")
    assert "There is no such step." in choose(marco, "burn", " lane-1")
    assert wishes(store) == {}


def test_a_helper_elsewhere_and_a_stolen_form_move_no_door(store: StoreInTest, signed_in: SignedIn) -> None:
    report(store)
    marco = signed_in("Marco")
    stolen = {"form_token": "stolen", "wish": "close", "chosen": " lane-1"}
    assert marco.send(DOORS, stolen).status_code == 403
    as_role(store, "Marco", Role.REMOTE)
    marco = signed_in("Marco")
    own = {"form_token": marco.token_on("/staff"), "wish": "close", "chosen": " lane-1"}
    assert marco.send(DOORS, own).status_code == 403
    assert marco.get(DOORS).status_code == 403
    assert wishes(store) == {}
