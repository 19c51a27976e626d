"""The console's page of faces: shares with their bounds, nothing of too few, and news without a reload."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from inventory.domain.feedback import Face, FeedbackReason
from inventory.services import feedback
from inventory.wire import FeedbackMessage
from tests.support.web_store import STORE, SignedIn, StoreInTest

PAGE = "/manager/feedback"


def say(
    store: StoreInTest, lane_id: str, *faces: Face, reason: FeedbackReason | None = None, first: int = 0
) -> None:
    with store.database.write() as uow:
        for number, face in enumerate(faces, first):
            message = FeedbackMessage(
                feedback_id=f"{lane_id}-{number}",
                lane_id=lane_id,
                face=face,
                reason=reason,
                at_utc=store.clock(),
            )
            feedback.receive(uow, STORE, message, store.clock())


def words(text: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", text).split())


def test_shares_stand_with_their_bounds_and_counts(store: StoreInTest, signed_in: SignedIn) -> None:
    say(store, "lane-1", *[Face.GREAT] * 5, *[Face.GOOD] * 5)
    say(store, "lane-1", Face.BAD, Face.BAD, reason=FeedbackReason.WAITED, first=50)
    text = words(signed_in("Ada").get(PAGE).text)
    assert "Lane 1 12 faces" in text
    assert "Great 42% 19% to 68% 5" in text
    assert "Awful 0% 0% to 24% 0" in text
    assert "What went wrong Waited for help 2" in text


def test_of_nine_faces_no_share_is_shown(store: StoreInTest, signed_in: SignedIn) -> None:
    say(store, "lane-1", *[Face.AWFUL] * 9, reason=FeedbackReason.PRICE)
    text = words(signed_in("Ada").get(PAGE).text)
    assert "Too few yet" in text
    assert "Awful" not in text
    assert "Price or offer" not in text


def test_all_lanes_together_may_be_enough_where_one_is_not(store: StoreInTest, signed_in: SignedIn) -> None:
    say(store, "lane-1", *[Face.GOOD] * 6)
    say(store, "lane-2", *[Face.GOOD] * 6)
    text = words(signed_in("Ada").get(PAGE).text)
    assert "All lanes 12 faces" in text
    assert text.count("Too few yet") == 2


def test_a_day_is_chosen_in_the_address_and_a_strange_one_is_today(
    store: StoreInTest, signed_in: SignedIn
) -> None:
    say(store, "lane-1", *[Face.GOOD] * 10)
    store.clock.advance(timedelta(days=1))
    ada = signed_in("Ada")
    assert "Nobody has touched a face" in words(ada.get(PAGE).text)
    assert "Lane 1 10 faces" in words(ada.get(f"{PAGE}?day=2026-11-21").text)
    for strange in ("2026-11-99", "1999-01-01", "2999-01-01", "<script>"):
        assert "Nobody has touched a face" in words(ada.get(PAGE, day=strange).text)
        assert "<script>alert" not in ada.get(f"{PAGE}?day={strange}").text


@pytest.mark.parametrize("path", [PAGE, f"{PAGE}/part"])
def test_only_a_manager_sees_it(store: StoreInTest, signed_in: SignedIn, path: str) -> None:
    assert signed_in("Marco").get(path).status_code == 403
    assert signed_in("Ada").get(path).status_code == 200


def test_a_page_left_open_does_not_keep_its_sign_in_alive(store: StoreInTest, signed_in: SignedIn) -> None:
    ada = signed_in("Ada")
    for _ in range(13):
        store.clock.advance(timedelta(minutes=1))
        last = ada.get(f"{PAGE}/part")
    assert last.status_code in (303, 401)
