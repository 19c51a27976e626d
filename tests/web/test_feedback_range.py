"""Feedback over days: who answered, the map of hours, what became of alerts, and the same as a file."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable
from datetime import timedelta

import pytest

from inventory.db.repositories import insert_all
from inventory.db.tables import SaleRow
from inventory.domain.feedback import Face
from inventory.services import feedback, feedback_alerts, lanes
from inventory.wire import FeedbackMessage
from tests.support.web_store import STORE, SignedIn, StoreInTest, lane_token
from tests.web.test_feedback_page import PAGE, say, words


def sold(store: StoreInTest, lane_id: str, count: int) -> None:
    """Sales of today of which nothing matters but lane and day."""
    now = store.clock()
    rows = [
        SaleRow(
            store_id=STORE,
            sale_id=f"{lane_id}-{number}-{now:%d}",
            lane_id=lane_id,
            receipt_no=number,
            body="{}",
            body_hash="",
            answer="",
            flag_count=0,
            journal_seq=0,
            journal_head="",
            paid_at_utc=now,
            received_at_utc=now,
            business_day=now.date().isoformat(),
            business_hour=now.hour,
            currency="EUR",
            total_minor=100,
        )
        for number in range(count)
    ]
    with store.database.write() as uow:
        insert_all(uow.session, rows)


def table(text: str) -> list[list[str]]:
    """The map of hours, row by row."""
    found = re.search(r'<table class="heat">.*?</table>', text, re.DOTALL)
    assert found is not None
    rows = re.findall(r"<tr>(.*?)</tr>", found[0], re.DOTALL)
    return [[words(cell) for cell in re.findall(r"<t[hd].*?</t[hd]>", row, re.DOTALL)] for row in rows]


def at_hour(store: StoreInTest, hour: int, faces: Iterable[Face], *, lane_id: str = "lane-1") -> None:
    """Faces of that hour of Rome's clock, an hour ahead in winter."""
    at = store.clock().replace(hour=hour - 1, minute=0)
    with store.database.write() as uow:
        for number, face in enumerate(faces):
            message = FeedbackMessage(
                feedback_id=f"{lane_id}-{hour}-{number}", lane_id=lane_id, face=face, at_utc=at
            )
            feedback.receive(uow, STORE, message, store.clock())


def test_how_many_answered_stands_beside_how_many_said_what(store: StoreInTest, signed_in: SignedIn) -> None:
    say(store, "lane-1", *[Face.GOOD] * 10)
    say(store, "lane-2", *[Face.GOOD] * 2)
    sold(store, "lane-1", 40)
    sold(store, "lane-2", 1)  # the other sale is not here yet
    sold(store, "lane-3", 19)
    text = words(signed_in("Ada").get(PAGE).text)
    assert "All lanes 12 faces · 20% of 60 sales answered" in text
    assert "Lane 1 10 faces · 25% of 40 sales answered" in text
    assert "Lane 2 2 faces · 100% of 1 sale answered" in text


def test_a_week_and_a_month_add_up_their_days(store: StoreInTest, signed_in: SignedIn) -> None:
    for ago in (40, 20, 3, 0):
        store.clock.advance(timedelta(days=-ago))
        say(store, "lane-1", *[Face.GOOD] * 10, first=ago * 100)
        store.clock.advance(timedelta(days=ago))
    ada = signed_in("Ada")
    for query, count in (("", 10), ("?span=7", 20), ("?span=30", 30), ("?span=3650", 10), ("?span=<b>", 10)):
        assert f"Lane 1 {count} faces" in words(ada.get(PAGE + query).text)
    month = ada.get(f"{PAGE}?span=30").text
    assert "data-renew" not in month  # what was said long ago does not change while one looks
    assert "data-renew" in ada.get(PAGE).text


def test_the_map_says_share_and_count_of_each_hour_and_nothing_of_few(
    store: StoreInTest, signed_in: SignedIn
) -> None:
    at_hour(store, 9, [Face.GOOD] * 8 + [Face.BAD, Face.AWFUL])
    at_hour(store, 11, [Face.AWFUL] * 9)
    at_hour(store, 9, [Face.GREAT] * 10, lane_id="lane-2")
    page = signed_in("Ada").get(PAGE).text
    assert table(page) == [
        ["Lane", "09", "10", "11"],
        ["All lanes", "10% 20", "–", "few"],
        ["Lane 1", "20% 10", "–", "few"],
        ["Lane 2", "0% 10", "–", "–"],
    ]
    assert '<div class="scroll" tabindex="0" role="region" aria-labelledby="faces-by-hour">' in page
    assert 'class="heat-3"' in page


def test_alerts_are_counted_with_how_soon_somebody_saw_to_them(
    store: StoreInTest, signed_in: SignedIn
) -> None:
    for number, after_s in enumerate((10, 40, 90, None)):
        say(store, "lane-1", Face.AWFUL, first=number)
        with store.database.write() as uow:
            (found,) = feedback_alerts.standing(uow, STORE, store.clock())
            if after_s is not None:
                seen = store.clock() + timedelta(seconds=after_s)
                feedback_alerts.finish(uow, STORE, found.alert_id, "Marco", seen)
            else:
                feedback_alerts.sweep(uow, STORE, store.clock() + timedelta(minutes=15))
    text = words(signed_in("Ada").get(PAGE).text)
    assert "How many 4 Seen to 3 Half of them within 40 s Nine in ten within 90 s" in text


def test_the_file_holds_what_the_page_shows_and_no_formula(store: StoreInTest, signed_in: SignedIn) -> None:
    with store.database.write() as uow:
        lanes.enrol(uow, STORE, "lane-2", lane_token("lane-2"), store.clock(), name="=HYPERLINK(1)")
    at_hour(store, 9, [Face.GOOD] * 9 + [Face.AWFUL])
    at_hour(store, 9, [Face.BAD] * 2, lane_id="lane-2")
    sold(store, "lane-1", 40)
    answer = signed_in("Ada").get(f"{PAGE}?export=csv")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert "feedback-2026-11-21-2026-11-21.csv" in answer.headers["content-disposition"]
    head = "Lane,Hour,Faces,Sales,Sales: Share,Great,Great: Share,Great: From,Great: To,"
    assert answer.text.startswith(f"\ufeff{head}")
    rows = list(csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff"))))
    found = [(row["Lane"], row["Hour"], row["Faces"], row["Sales"], row["Awful"]) for row in rows]
    assert found == [
        ("All lanes", "", "12", "40", "1"),
        ("Lane 1", "", "10", "40", "1"),
        ("Lane 1", "9", "10", "", "1"),
        ("'=HYPERLINK(1)", "", "2", "", ""),
        ("'=HYPERLINK(1)", "9", "2", "", ""),
    ]
    assert (rows[1]["Sales: Share"], rows[1]["Good: Share"], rows[1]["Awful: To"]) == (
        "0.250",
        "0.900",
        "0.404",
    )


@pytest.mark.parametrize("path", [f"{PAGE}?export=csv", f"{PAGE}?span=30"])
def test_only_who_may_see_numbers_gets_them(store: StoreInTest, signed_in: SignedIn, path: str) -> None:
    assert signed_in("Marco").get(path).status_code == 403
    assert store.visitor().get(path).status_code == 303
