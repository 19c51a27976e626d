"""Help in one process: no story breaks a promise, and every seeded bug breaks one that is seen."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from inventory.domain import help_desk as machine
from inventory.domain import help_waiting
from inventory.services import help_desk
from kiosk.checkout import assisting
from tests.campaigns.help_model import HelpModel
from tests.campaigns.mutants_edit import Edit, edit

STEPS = 80
"""Of each act."""

STORIES = range(4)
MOST_STORIES = 12
"""How many a bug is given until it must have shown."""


@pytest.mark.parametrize("seed", STORIES)
def test_no_story_loses_a_call_brings_one_back_or_promises_it_twice(seed: int, tmp_path: Path) -> None:
    assert HelpModel(tmp_path, seed).play(STEPS) == ()


BUGS: dict[str, tuple[Edit, str]] = {
    "accept without looking who has it": (
        Edit(
            machine._taken,
            (
                ("if not _may(case, deed):", "if False:"),
                ("if not may_become(case.state, deed.step):", "if case.staff_name == deed.by:"),
            ),
        ),
        "double_accepted: .*was taken by|double_accepted: .*never had it",
    ),
    "a call that is over can be solved": (
        edit(machine.act, "if not case.is_open:", "if not case.is_open and not isinstance(deed, Resolve):"),
        "ghost: .*",
    ),
    "the store does not hear a cancel": (
        edit(help_desk._take_over, "if not is_cancel:", "if is_cancel or not is_cancel:"),
        "ghost: .*does not wait",
    ),
    "the store takes a second word for a cancel": (
        edit(help_desk._take_over, "message.state is HelpState.CANCELLED", "True"),
        "lost: .*no shopper did that",
    ),
    "the lane forgets its call when it starts again": (
        edit(assisting.say_again, "state.help.state in OPEN_STATES:", "state.help.state not in OPEN_STATES:"),
        "lost: .*never reached the store",
    ),
    "the lane does not take back what it forgot": (
        edit(assisting.help_updated, "return state, (_send(forgotten),) if", "return state, () if"),
        "ghost: .*does not wait",
    ),
    "the lane looks at no turn": (
        edit(assisting.help_updated, "is_given_on = event.turn > call.turn", "is_given_on = False"),
        "stale: .*in the store and",
    ),
    "a reopened call is one like any other": (
        edit(
            help_desk._new_help_row,
            "reopens=message.reopens if earlier is not None else",
            'reopens="" if True else',
        ),
        "stale: .*the store forgot it",
    ),
    "a reopened call stands behind the others": (
        edit(help_waiting.in_order, "not call.is_reopened,", "call.is_reopened,"),
        "stale: .*is not first",
    ),
    "a rung of the ladder is missing": (
        edit(
            help_waiting.Ladder.level_after,
            "if waited_s >= self.supervisor_s:",
            "if waited_s > self.manager_s:",
        ),
        "stale: .*rings at level 1",
    ),
}


@contextmanager
def put_in(bug: Edit) -> Iterator[None]:
    whole = bug._target()
    before = whole.__code__
    try:
        bug()
        yield
    finally:
        whole.__code__ = before


@pytest.mark.parametrize("name", BUGS)
def test_a_seeded_bug_breaks_a_promise_and_is_seen(name: str, tmp_path: Path) -> None:
    bug, shows_as = BUGS[name]
    found: list[str] = []
    with put_in(bug):
        for seed in range(MOST_STORIES):
            (tmp_path / str(seed)).mkdir()
            found = [str(each) for each in HelpModel(tmp_path / str(seed), seed).play(STEPS)]
            if any(re.search(shows_as, each) for each in found):
                return
    raise AssertionError((name, found))
