"""The campaign's checkers see: every seeded bug is found by what it does, and nothing else is."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context
from pathlib import Path

import pytest

from kiosk.campaign.checks import INVARIANTS, read_rules
from kiosk.journal import entry_hash
from tests.campaigns import mutants
from tests.campaigns.mutants import (
    MUTANTS,
    ROOMS,
    as_json,
    controls,
    line_of,
    play_by_name,
    play_room_unbroken,
)
from tests.campaigns.mutants_edit import Edit, EditError, edit
from tests.campaigns.mutants_playing import Caught, PowerCuts

pytestmark = pytest.mark.timeout(600)


@pytest.fixture(scope="module")
def player() -> Iterator[ProcessPoolExecutor]:
    """A process with one thread, as a trial's forks need it; a test run may have more."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        yield pool


# --- the proof -----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", MUTANTS)
def test_a_seeded_bug_is_caught_by_what_it_does(name: str, player: ProcessPoolExecutor) -> None:
    finding, found = player.submit(play_by_name, name).result()
    assert finding, (MUTANTS[name].breaks, found)


@pytest.mark.parametrize("room", ROOMS)
def test_the_same_jobs_find_nothing_in_the_product(room: str, player: ProcessPoolExecutor) -> None:
    assert player.submit(play_room_unbroken, room).result() == []


# --- the list ------------------------------------------------------------------------------------


def test_every_bug_fits_the_product_as_it_is() -> None:
    edits = [each for mutant in MUTANTS.values() for each in mutant.sabotage]
    assert len(edits) >= len(MUTANTS)
    for each in edits:
        assert each.code() != each.function.__code__, each.name


def test_there_are_enough_bugs_and_each_is_told_in_one_sentence() -> None:
    assert len(MUTANTS) == sum(map(len, ROOMS.values())) >= 40
    for mutant in MUTANTS.values():
        assert re.fullmatch(r"[A-Z][^.]+\.", mutant.breaks), mutant.name


def test_every_invariant_the_campaign_checks_catches_at_least_one_bug() -> None:
    shop = [mutant for mutant in MUTANTS.values() if not isinstance(mutant.jobs, PowerCuts)]
    signs = {sign for mutant in shop for sign in re.findall(r"\^(I\d+) ", mutant.shows_as)}
    assert {rule.invariant for rule in read_rules()} - {"unknown"} == set(INVARIANTS) == signs


def test_every_job_of_a_bug_is_played_without_it_too() -> None:
    played = [job for jobs in controls().values() for job in jobs]
    assert set(played) == {mutant.jobs for mutant in MUTANTS.values()}
    assert len(played) == len(set(played))


# --- the report ----------------------------------------------------------------------------------


def test_a_report_names_what_caught_a_bug_and_what_escaped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    first, second = list(MUTANTS.values())[:2]
    played = {first.name: Caught(first, "I1 (words) twice", ("I1 (words) twice",), 1.26)}
    played[second.name] = Caught(second, "", ("I9 (words) something else",), 2)
    monkeypatch.setattr(mutants, "play", lambda mutant: played[mutant.name])
    file = tmp_path / "report.json"
    assert mutants.main(["--json", str(file), first.name, second.name]) == 1
    report = json.loads(file.read_text("utf-8"))
    assert (report["mutants"], report["caught"]) == (2, 1)
    assert report["each"][0] == {
        "name": first.name,
        "room": "checkout",
        "breaks": first.breaks,
        "caught_by": "I1 (words) twice",
        "seconds": 1.3,
    }
    said = capsys.readouterr().out
    assert "1 of 2 mutants caught" in said
    assert "I9 (words) something else" in said
    assert mutants.main([first.name]) == 0
    with pytest.raises(SystemExit):
        mutants.main(["a-bug-nobody-made"])
    assert "there is no mutant a-bug-nobody-made" in capsys.readouterr().err
    assert line_of(played[second.name]).startswith("ESCAPED")
    assert as_json([]) == {"mutants": 0, "caught": 0, "each": []}


# --- putting a bug in ----------------------------------------------------------------------------


def price_of(pieces: int) -> int:
    """What so many pieces cost."""
    return 129 * pieces


@contextmanager
def restored() -> Iterator[None]:
    before = price_of.__code__
    try:
        yield
    finally:
        price_of.__code__ = before


def test_a_bug_reaches_whoever_holds_the_function_already() -> None:
    held = price_of
    with restored():
        edit(price_of, "129 * pieces", "129 + pieces")()
        assert held(3) == 132
    assert held(3) == 387


def test_a_bug_is_not_put_in_twice() -> None:
    bug = edit(price_of, "129 * pieces", "129 + pieces")
    with restored():
        bug()
        with pytest.raises(EditError, match="price_of has a bug already"):
            bug()


def test_a_bug_for_another_text_is_refused_and_changes_nothing() -> None:
    with pytest.raises(EditError, match="price_of holds 0 times, not once: 130"):
        edit(price_of, "130 * pieces", "0")()
    with pytest.raises(EditError, match="price_of holds 3 times, not once: pieces"):
        edit(price_of, "pieces", "pieces + 1")()
    assert price_of(2) == 258


def test_a_bug_can_stand_in_several_places_of_one_function() -> None:
    with restored():
        Edit(price_of, (("129", "130"), (" * pieces", " * pieces - 1")))()
        assert price_of(2) == 259


def test_a_function_inside_another_is_refused() -> None:
    rate = 2

    def inner(amount: int) -> int:
        return amount * rate

    assert inner(2) == 4
    with pytest.raises(EditError, match="belongs to a function around it"):
        edit(inner, "rate", "3")()


def test_making_a_bugs_code_puts_nothing_in() -> None:
    code = edit(entry_hash, "kind, body, previous]", "body, kind, previous]").code()
    assert code != entry_hash.__code__
    assert code.co_firstlineno == entry_hash.__code__.co_firstlineno
