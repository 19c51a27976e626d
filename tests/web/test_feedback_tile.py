"""The tablet's tile of bad faces: told softly, seen to by one, and what those hear who come too late."""

from __future__ import annotations

import re
from datetime import timedelta

from inventory.domain.feedback import Face, FeedbackReason
from inventory.services import feedback, feedback_alerts
from inventory.wire import FeedbackMessage
from tests.support.web_store import STORE, SignedIn, StoreInTest, Visitor, lane_token


def touch(
    store: StoreInTest, face: Face = Face.AWFUL, *, number: int = 1, reason: FeedbackReason | None = None
) -> None:
    with store.database.write() as uow:
        message = FeedbackMessage(
            feedback_id=f"f{number}", lane_id="lane-1", face=face, reason=reason, at_utc=store.clock()
        )
        feedback.receive(uow, STORE, message, store.clock())


def tile(visitor: Visitor) -> str:
    found = re.search(r'<li id="alert-.*?</li>', visitor.get("/staff").text, re.DOTALL)
    return found[0] if found else ""


def alert_path(store: StoreInTest) -> str:
    with store.database.read() as uow:
        (found,) = feedback_alerts.standing(uow, STORE, store.clock())
    return f"/staff/alerts/{found.alert_id}"


def test_a_bad_face_chimes_and_says_whether_the_shopper_is_still_there(
    store: StoreInTest, signed_in: SignedIn
) -> None:
    marco = signed_in("Marco")
    store.report("lane-1", "thanks")
    touch(store, reason=FeedbackReason.WAITED)
    shown = tile(marco)
    for words in ("1 · Feedback", "<p>Awful</p>", "Waited for help", "The shopper is still at the lane."):
        assert words in shown
    assert 'class="tile unhappy' in shown
    assert 'data-chime="Lane 1: a shopper is not happy"' in shown
    assert "data-call" not in shown
    store.clock.advance(timedelta(seconds=26))  # nothing heard of the lane since
    shown = tile(marco)
    assert "The shopper" not in shown
    assert "data-chime" not in shown


def test_who_sees_to_it_is_told_to_the_others_and_ends_it(store: StoreInTest, signed_in: SignedIn) -> None:
    marco, ada = signed_in("Marco"), signed_in("Ada")
    store.report("lane-1", "thanks")
    touch(store)
    path = alert_path(store)
    assert marco.submit(f"{path}/see", page="/staff").status_code == 303
    assert "Yours" in tile(marco)
    assert "Done" in tile(marco)
    assert "Taken by Marco" in tile(ada)
    assert "<button" not in tile(ada)
    assert "data-chime" not in tile(ada)
    assert "Marco sees to this already." in ada.submit(f"{path}/see", page="/staff").text
    assert "Marco sees to this already." in ada.submit(f"{path}/done", page="/staff").text
    assert marco.submit(f"{path}/done", page="/staff").status_code == 303
    assert tile(marco) == tile(ada) == ""
    assert "This is over already." in marco.submit(f"{path}/see", page="/staff").text


def test_faces_are_counted_on_the_tile(store: StoreInTest, signed_in: SignedIn) -> None:
    for number, face in enumerate((Face.BAD, Face.AWFUL, Face.BAD)):
        touch(store, face, number=number)
    assert "Awful, Bad × 2" in tile(signed_in("Marco"))


def test_a_step_that_does_not_exist_and_a_form_without_its_token_do_nothing(
    store: StoreInTest, signed_in: SignedIn
) -> None:
    marco = signed_in("Marco")
    touch(store)
    path = alert_path(store)
    assert marco.submit(f"{path}/take", page="/staff").status_code == 404
    assert marco.send(f"{path}/see", {"form_token": "x"}).status_code == 403
    assert store.visitor().send(f"{path}/see", {"form_token": "x"}).status_code in (303, 401, 403)
    assert "Yours" not in tile(marco)


def test_the_lane_itself_says_through_the_wire_that_its_shopper_left(
    store: StoreInTest, signed_in: SignedIn
) -> None:
    marco = signed_in("Marco")
    store.report("lane-1", "thanks")
    touch(store)
    store.clock.advance(timedelta(seconds=4))
    state = {
        "lane_id": "lane-1",
        "screen": "attract",
        "language": "en",
        "currency": "EUR",
        "total_minor": 0,
        "at_utc": store.clock().isoformat(),
    }
    headers = {"authorization": f"Bearer {lane_token('lane-1')}"}
    answer = marco.client.post("/api/v1/lanes/lane-1/state", json=state, headers=headers)
    assert answer.is_success
    assert "The shopper has left." in tile(marco)
