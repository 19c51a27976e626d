"""How long a lane waits before it tries its store again."""

from __future__ import annotations

import random

from kiosk.store_line import BACK_OFF_CAP_S, pause_s


def test_pauses_lie_within_their_bounds_and_apart_from_one_another() -> None:
    chance = random.Random(1)
    pauses_s = [pause_s(failures, chance) for failures in range(1, 40)]
    assert all(0.05 <= pause_s <= BACK_OFF_CAP_S for pause_s in pauses_s)
    assert len(set(pauses_s)) > 30


def test_a_lane_that_waits_leaves_the_random_numbers_of_others_alone() -> None:
    before = random.getstate()
    pause_s(3, random.Random(1))
    assert random.getstate() == before
