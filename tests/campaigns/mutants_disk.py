"""Owns the bugs that only a power cut shows: what is called written and is not on the disk.

It must not play them. A killed program shows none of these: the kernel keeps what it was given.
"""

from __future__ import annotations

from inventory.db import unit_of_work
from inventory.power_history import StoreHistory
from kiosk import journal
from kiosk.campaign.lane_history import LaneHistory
from kiosk.journal import Journal
from tests.campaigns.mutants_edit import Edit, edit
from tests.campaigns.mutants_playing import Mutant, PowerCuts, Room

LANE, STORE = PowerCuts(LaneHistory, 240), PowerCuts(StoreHistory, 240)


def _synchronous(side: PowerCuts, level: str) -> Edit:
    if side is LANE:
        return edit(journal._set_up, "synchronous=FULL", f"synchronous={level}")
    return edit(unit_of_work._sqlite_engine, "synchronous = FULL", f"synchronous = {level}")


def _lane(name: str, breaks: str, shows_as: str, *sabotage: Edit) -> Mutant:
    return Mutant(name, Room.LANE, breaks, shows_as, sabotage, LANE)


def _store(name: str, breaks: str, shows_as: str, *sabotage: Edit) -> Mutant:
    return Mutant(name, Room.STORE, breaks, shows_as, sabotage, STORE)


MUTANTS = (
    _lane(
        "the-lane-waits-for-no-disk",
        "The lane's journal is not synced at a commit (synchronous=NORMAL).",
        "lost sale|tail cut",
        _synchronous(LANE, "NORMAL"),
    ),
    _lane(
        "the-lane-never-syncs",
        "The lane's journal is never synced at all (synchronous=OFF).",
        "lost sale|corrupt",
        _synchronous(LANE, "OFF"),
    ),
    _lane(
        "an-entry-without-its-sale",
        "An entry and its sale are two transactions, because nobody began one.",
        "half",
        Edit(
            Journal._append,
            (('self._db.execute("BEGIN IMMEDIATE")', "..."), ('self._db.execute("COMMIT")', "...")),
        ),
    ),
    _lane(
        "the-anchor-comes-first",
        "The anchor is written before the entry it names is safe.",
        "tail cut",
        edit(
            Journal._append,
            'fp("before-commit")',
            'self._anchor.write(Head(seq, digest)); fp("before-commit")',
        ),
    ),
    _store(
        "the-store-waits-for-no-disk",
        "The store's database is not synced at a commit (synchronous=NORMAL).",
        "lost sale",
        _synchronous(STORE, "NORMAL"),
    ),
    _store(
        "the-store-never-syncs",
        "The store's database is never synced at all (synchronous=OFF).",
        "lost sale|corrupt",
        _synchronous(STORE, "OFF"),
    ),
    _store(
        "a-sale-without-its-movements",
        "A sale, its lines and its movements are a transaction each, because nobody began one.",
        "half",
        edit(unit_of_work._sqlite_engine, "driver.execute(begin)", "..."),
    ),
)
