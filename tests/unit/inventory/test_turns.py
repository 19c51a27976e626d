"""Who asks first writes first."""

from __future__ import annotations

import threading
import time

from inventory.db.turns import Turns


def test_turns_are_taken_in_the_order_in_which_they_were_asked_for() -> None:
    turns = Turns()
    served: list[int] = []

    def serve(number: int) -> None:
        with turns:
            served.append(number)

    threads = [threading.Thread(target=serve, args=(number,)) for number in range(6)]
    with turns:
        for number, thread in enumerate(threads):
            thread.start()
            while turns.waiting <= number:
                time.sleep(0.001)
    for thread in threads:
        thread.join()
    assert served == list(range(6))


def test_a_turn_that_fails_is_handed_on() -> None:
    turns = Turns()
    try:
        with turns:
            raise ValueError
    except ValueError:
        pass
    with turns:
        assert turns.waiting == 0
