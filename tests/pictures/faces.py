"""Owns a month of shoppers' faces for the picture of their page: one lane goes wrong at noon.

It must not touch the last seven days' sales, which other pictures show.
"""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

from inventory.db.feedback_alert_table import FeedbackAlertPastRow
from inventory.db.feedback_table import FeedbackRow
from inventory.db.repositories import insert_all
from inventory.db.tables import SaleRow
from inventory.db.unit_of_work import UnitOfWork
from inventory.demo import STORE_ID
from inventory.domain.feedback import BAD_FACES, Face, FeedbackReason

SALES = 6000
ANSWERED = 0.24
"""Which part of the shoppers touches a face."""
_USUAL = (52, 36, 9, 3)
_AT_NOON = (22, 30, 30, 18)
"""Great, good, bad and awful of a hundred; the latter on lane 2 from eleven to two."""
_ALERTS = 23


def a_month_of_faces(uow: UnitOfWork, now: datetime) -> None:
    """Sales of the three weeks before the last one, and what was said after some of them."""
    chance = random.Random(11)
    sales, faces = [], []
    for number in range(SALES):
        lane = 1 + number % 3
        day = now.date() - timedelta(days=chance.randint(8, 29))
        hour = int(chance.triangular(8, 20, 17.5))
        sales.append(_sale(number, f"lane-{lane}", datetime(day.year, day.month, day.day, hour, tzinfo=UTC)))
        if chance.random() < ANSWERED:
            weights = _AT_NOON if lane == 2 and 11 <= hour < 14 else _USUAL
            face = chance.choices(tuple(Face), weights)[0]
            faces.append(_face(chance, number, f"lane-{lane}", day.isoformat(), hour, face))
    insert_all(uow.session, sales)
    insert_all(uow.session, faces)
    insert_all(uow.session, [_alert(chance, number, now) for number in range(_ALERTS)])


def _face(chance: random.Random, number: int, lane_id: str, day: str, hour: int, face: Face) -> FeedbackRow:
    reason = chance.choice([*FeedbackReason, FeedbackReason.WAITED, FeedbackReason.WAITED, None])
    return FeedbackRow(
        store_id=STORE_ID,
        lane_id=lane_id,
        feedback_id=f"picture-{number}",
        business_day=day,
        business_hour=hour,
        face=face.value,
        reason=reason.value if reason and face in BAD_FACES else "",
    )


def _alert(chance: random.Random, number: int, now: datetime) -> FeedbackAlertPastRow:
    return FeedbackAlertPastRow(
        store_id=STORE_ID,
        alert_id=f"picture-{number}",
        lane_id=chance.choice(("lane-1", "lane-2", "lane-2")),
        business_day=(now.date() - timedelta(days=chance.randint(1, 29))).isoformat(),
        business_hour=chance.randint(9, 19),
        seen_to_after_s=None if number % 6 == 5 else round(chance.triangular(8, 180, 25)),
    )


def _sale(number: int, lane_id: str, paid_at_utc: datetime) -> SaleRow:
    return SaleRow(
        store_id=STORE_ID,
        sale_id=f"picture-faces-{number}",
        lane_id=lane_id,
        receipt_no=100_000 + number,
        body="{}",
        body_hash="",
        answer="",
        flag_count=0,
        journal_seq=0,
        journal_head="",
        paid_at_utc=paid_at_utc,
        received_at_utc=paid_at_utc,
        business_day=paid_at_utc.date().isoformat(),
        business_hour=paid_at_utc.hour,
        currency="EUR",
        total_minor=1290,
    )
