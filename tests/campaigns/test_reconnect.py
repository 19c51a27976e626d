"""Lanes that come back all at once lose nothing and double nothing: the short form of the storm."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from tests.campaigns import reconnect


def test_lanes_that_come_back_at_once_lose_nothing_and_double_nothing(tmp_path: Path) -> None:
    storm = reconnect.blow(tmp_path, lanes=10, sales=12, seed=20261128)
    assert (storm.sent, storm.lost, storm.double, storm.altered, storm.stock_differences) == (120, 0, 0, 0, 0)
    assert storm.sent_again > 0
    assert storm.asked > 0
    assert storm.passed


def test_the_judge_sees_a_sale_that_is_missing_and_stock_that_was_not_sold(tmp_path: Path) -> None:
    storm = reconnect.blow(tmp_path, lanes=1, sales=2, seed=1, lines=1)
    assert storm.passed
    lane = reconnect._Lane("lane-000", "", [("lane-000.1.x", b"{}"), ("lane-000.9.x", b"{}")])
    with closing(sqlite3.connect(tmp_path / "store.db")) as db:
        (body,) = db.execute("SELECT body FROM sale WHERE sale_id = 'lane-000.1.x'").fetchone()
    lane.queue[0] = ("lane-000.1.x", body.encode())
    assert reconnect._judge(tmp_path, [lane]) == {
        "lost": 1,
        "double": 1,
        "altered": 0,
        "stock_differences": 0,
    }
    lane.queue.append(("lane-000.2.x", body.encode()))
    assert reconnect._judge(tmp_path, [lane])["altered"] == 1
    assert reconnect._judge(tmp_path, [lane])["stock_differences"] == 1
