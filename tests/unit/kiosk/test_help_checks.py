"""The help campaign's checks see: a broken promise is found by what it leaves behind, a kept one is not."""

from __future__ import annotations

from dataclasses import replace

import pytest

from inventory.domain.help_desk import HelpState
from kiosk.campaign.help_checks import (
    Deed,
    Evidence,
    Fault,
    Kept,
    LaneBook,
    Standing,
    Told,
    check,
)

S = HelpState
CALLED, TAKEN, DONE = Deed("called", ""), Deed("accepted", "Ada"), Deed("resolved", "Ada")
GIVEN_ON = Deed("handed-over", "Ada")
WAITS, ANSWERED = Standing(S.DELIVERED), Standing(S.ACCEPTED, "Ada")


def lane(*made: str, taken_back: tuple[str, ...] = (), **standing: Standing) -> LaneBook:
    return LaneBook("lane-1", frozenset(made), frozenset(taken_back), standing, {})


def kept(standing: Standing, *deeds: Deed, help_id: str = "h1") -> Kept:
    return Kept(help_id, "lane-1", standing, (CALLED, *deeds))


def books(
    book: LaneBook, *calls: Kept, shown: tuple[HelpState, ...] = (), told: tuple[Told, ...] = ()
) -> Evidence:
    there = {call.help_id: call for call in calls}
    open_there = frozenset(help_id for help_id, call in there.items() if call.standing.is_open)
    return Evidence((book,), there, {"h1": shown} if shown else {}, told, {"Ada": open_there})


WAITING = books(lane("h1", h1=WAITS), kept(WAITS), shown=(S.REQUESTED, S.DELIVERED))
COMING = books(lane("h1", h1=ANSWERED), kept(ANSWERED, TAKEN), told=(Told("h1", "Ada"),))
SOLVED = books(lane("h1"), kept(Standing(S.RESOLVED, "Ada"), TAKEN, DONE), shown=(S.DELIVERED, S.RESOLVED))
TAKEN_BACK = books(
    lane("h1", taken_back=("h1",)), kept(Standing(S.CANCELLED), Deed("cancelled", "")), shown=(S.DELIVERED,)
)
GIVEN_TO_NOOR = books(
    lane("h1", h1=Standing(S.ACCEPTED, "Noor", 1)),
    kept(Standing(S.ACCEPTED, "Noor", 1), TAKEN, GIVEN_ON, Deed("accepted", "Noor")),
    told=(Told("h1", "Ada"), Told("h1", "Noor")),
)
SHELF_REPORT = books(lane("shelf-1"), kept(WAITS, help_id="shelf-1"))
"""Its shopper has gone, and the shelf is still empty."""
NEVER_SENT = books(lane("h1", taken_back=("h1",)), shown=(S.REQUESTED,))
"""Taken back before the store heard of it: nobody was promised anything."""


@pytest.mark.parametrize(
    "sound", [WAITING, COMING, SOLVED, TAKEN_BACK, GIVEN_TO_NOOR, SHELF_REPORT, NEVER_SENT, Evidence()]
)
def test_a_promise_that_was_kept_is_no_finding(sound: Evidence) -> None:
    assert check(sound) == ()


def _closed_by_nobody(state: HelpState) -> Evidence:
    return books(lane("h1"), kept(Standing(state), Deed(state.value, "")), shown=(S.DELIVERED,))


@pytest.mark.parametrize(
    ("broken", "fault", "words"),
    [
        (replace(WAITING, kept={}, lanes=(lane("h1"),), walls={}), Fault.LOST, "does not have it"),
        (books(lane("h1", h1=Standing(S.REQUESTED))), Fault.LOST, "never reached the store"),
        (_closed_by_nobody(S.CANCELLED), Fault.LOST, "no shopper did that"),
        (_closed_by_nobody(S.RESOLVED), Fault.LOST, "nobody on the staff did that"),
        (replace(WAITING, walls={"Ada": frozenset()}), Fault.LOST, "stands on no tablet"),
        (replace(WAITING, lanes=(lane("h1", taken_back=("h1",)),)), Fault.GHOST, "lane-1 does not wait"),
        (
            replace(SHELF_REPORT, lanes=(lane("shelf-1", taken_back=("shelf-1",)),)),
            Fault.GHOST,
            "lane-1 does not wait",
        ),
        (replace(WAITING, lanes=(lane(),)), Fault.GHOST, "lane-1 never made it"),
        (
            books(lane("h1", h1=WAITS), kept(WAITS, TAKEN, DONE, GIVEN_ON)),
            Fault.GHOST,
            "went on in the store after it was over",
        ),
        (
            replace(SOLVED, shown={"h1": (S.ACCEPTED, S.RESOLVED, S.DELIVERED)}),
            Fault.GHOST,
            "came back on its lane",
        ),
        (replace(SOLVED, walls={"Ada": frozenset({"h1"})}), Fault.GHOST, "stands on the tablet of Ada"),
        (replace(SOLVED, lanes=(lane("h1", h1=ANSWERED),)), Fault.GHOST, "is over, and lane-1 still waits"),
        (
            books(lane("h1", h1=ANSWERED), kept(ANSWERED, TAKEN, Deed("accepted", "Noor"))),
            Fault.DOUBLE,
            "was taken by Ada and Noor in turn 0",
        ),
        (
            replace(COMING, told=(Told("h1", "Ada"), Told("h1", "Noor"))),
            Fault.DOUBLE,
            "was promised to Noor, who never had it",
        ),
        (replace(GIVEN_TO_NOOR, told=(Told("h1", "Ada", 1),)), Fault.DOUBLE, "was promised to Ada"),
        (
            replace(COMING, lanes=(lane("h1", h1=WAITS),)),
            Fault.STALE,
            "is accepted by Ada in turn 0 in the store",
        ),
        (
            replace(WAITING, lanes=(replace(WAITING.lanes[0], reopened={"h1": "h1"}),)),
            Fault.STALE,
            "the store forgot it",
        ),
    ],
)
def test_a_broken_promise_is_found_by_what_it_leaves_behind(
    broken: Evidence, fault: Fault, words: str
) -> None:
    assert any(each.fault is fault and words in each.words for each in check(broken)), check(broken)


def test_one_call_counts_once_for_each_fault() -> None:
    both = replace(WAITING, kept={}, lanes=(lane("h1", h1=WAITS),), walls={})
    assert [each.fault for each in check(both)] == [Fault.LOST]
