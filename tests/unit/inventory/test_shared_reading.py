"""A reading that many share: one reads for a crowd, and nobody gets what was begun before they asked."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from itertools import count

from inventory.web.shared_reading import SharedReading


def test_whoever_asked_before_it_was_begun_shares_it_and_whoever_asks_later_does_not() -> None:
    numbers = count(1)
    reading = SharedReading(lambda: next(numbers))
    asked_s = time.monotonic()
    time.sleep(0.001)
    assert reading.since(asked_s) == 1
    assert reading.since(asked_s) == 1
    assert reading.since(time.monotonic()) == 2


def test_a_crowd_that_asked_while_one_reads_gets_one_more_reading() -> None:
    numbers, may_go = count(1), threading.Event()

    def read() -> int:
        number = next(numbers)
        if number == 1:
            may_go.wait(5)
        return number

    reading = SharedReading(read)
    with ThreadPoolExecutor(9) as pool:
        first = pool.submit(reading.since, time.monotonic())
        while not reading._lock.locked():
            time.sleep(0.001)
        time.sleep(0.001)
        crowd = [pool.submit(reading.since, time.monotonic()) for _ in range(8)]
        time.sleep(0.01)
        may_go.set()
        assert first.result() == 1
        assert {each.result() for each in crowd} == {2}


def test_a_reading_that_failed_is_begun_anew() -> None:
    tries = count(1)

    def read() -> int:
        if (number := next(tries)) == 1:
            raise OSError("the disk is gone")
        return number

    reading = SharedReading(read)
    asked_s = time.monotonic()
    try:
        reading.since(asked_s)
    except OSError:
        assert reading.since(asked_s) == 2
