"""A bad face comes in time: ahead of a day's sales and all that nobody waits for, behind calls for help."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from pathlib import Path

from inventory.db.unit_of_work import Announcement
from inventory.demo import DemoStore
from inventory.domain.catalogue import SoldBy
from inventory.domain.feedback import Face
from inventory.services import feedback_alerts
from inventory.wire import FeedbackAlertMessage, FeedbackMessage
from kiosk.clock import Clock
from tests.integration import test_store_link as link
from tests.integration.test_store_link import LANE, LaneSide, Opened, help_message, impatient, lanes, store
from tests.support import device_events
from tests.support.fake_store import Answer, FakeStore

__all__ = ["impatient", "lanes", "store"]
wait_until = partial(device_events.wait_until, timeout_s=20)
SALES = 6


def face(feedback_id: str, kind: Face, *, ago: timedelta = timedelta()) -> FeedbackMessage:
    return FeedbackMessage(feedback_id=feedback_id, lane_id=LANE, face=kind, at_utc=Clock().utc() - ago)


def test_a_bad_face_waits_for_the_one_request_under_way_and_for_calls_for_help(
    store: FakeStore, lanes: Opened
) -> None:
    lane = lanes(store.url)
    for number in range(SALES):
        lane.sell(number)
    heard: list[str] = []

    def touch_at_the_second_sale(method: str, path: str, body: bytes) -> Answer | None:
        if method == "GET" or path.endswith("/state"):
            return None
        heard.append(path.rpartition("/")[2])
        if b"sale-0001" in body:
            lane.link.say_feedback(face("good", Face.GOOD))
            lane.link.say_feedback(face("late", Face.AWFUL, ago=timedelta(minutes=15)))
            lane.link.say_feedback(face("bad", Face.AWFUL))
            lane.link.say_help(help_message())
        return None

    store.spoil = touch_at_the_second_sale
    lane.open()
    wait_until(lambda: "good" in heard and "late" in heard)
    assert heard == ["sales", "sales", "help-1", "bad", *["sales"] * (SALES - 2), "good", "late"]


def test_the_real_store_alarms_before_it_has_the_sales_of_a_day_without_it(tmp_path: Path) -> None:
    store = DemoStore(tmp_path / "store")
    lane = LaneSide(tmp_path, store.url, token=store.lane_token).open()
    sales_by_then: list[int] = []

    def listener(news: tuple[Announcement, ...]) -> None:
        if any(isinstance(each.message, FeedbackAlertMessage) for each in news):
            sales_by_then.append(len(store.sales()))

    store._database.listen(listener)
    try:
        link.wait_until(lambda: lane.link.shelf.version > 0)
        goods = next(each for each in lane.link.shelf.by_gtin.values() if each.sold_by is SoldBy.UNIT)
        store.down()
        for number in range(SALES):
            lane.sell(number, goods)
        lane.link.say_feedback(face("bad", Face.AWFUL))
        store.up()
        wait_until(lambda: len(store.sales()) == SALES)
        assert sales_by_then == [0]
        with store._database.read() as uow:
            (found,) = feedback_alerts.standing(uow, link.STORE_ID, Clock().utc())
        assert (found.lane_id, found.alert.awful) == (LANE, 1)
    finally:
        lane.close()
        store.close()
