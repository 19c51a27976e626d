"""A crowd is served a few at a time, in order; whoever has a short question is not kept waiting."""

from __future__ import annotations

import asyncio

from inventory.web.turnstile import Turnstile


def test_a_crowd_passes_in_its_order_a_few_in_each_turn() -> None:
    async def play() -> tuple[list[int], list[int]]:
        turnstile, served, by_turn = Turnstile(3), list[int](), list[int]()

        async def come(number: int) -> None:
            await turnstile.passed()
            served.append(number)

        crowd = [asyncio.create_task(come(number)) for number in range(20)]
        while len(served) < 20:
            before = len(served)
            await asyncio.sleep(0)
            by_turn.append(len(served) - before)
        await asyncio.gather(*crowd)
        return served, by_turn

    served, by_turn = asyncio.run(play())
    assert served == list(range(20))
    assert max(by_turn) <= 3


def test_who_comes_alone_passes_at_once_again_and_again() -> None:
    async def play() -> int:
        turnstile, turns = Turnstile(2), 0
        for _ in range(5):
            waiting = asyncio.ensure_future(turnstile.passed())
            while not waiting.done():
                await asyncio.sleep(0)
                turns += 1
            await asyncio.sleep(0)
        return turns

    assert asyncio.run(play()) == 5


def test_one_that_gave_up_keeps_nobody_waiting() -> None:
    async def play() -> list[str]:
        turnstile, served = Turnstile(1), list[str]()

        async def come(name: str) -> None:
            await turnstile.passed()
            served.append(name)

        tasks = [asyncio.create_task(come(name)) for name in "abc"]
        await asyncio.sleep(0)
        tasks[1].cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        return served

    assert asyncio.run(play()) == ["a", "c"]
