"""Searches that found nothing: counted once, at their end, by a word that names nobody, kept until sent."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardware.events import BarcodeRead
from inventory.domain.searches import LONGEST_TERM, term_of
from kiosk.lane import Tapped, Typed
from kiosk.search_tally import MOST_TERMS, SearchTally
from kiosk.shelf import Shelf
from tests.support.lane_fakes import MILK, LaneBench


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[LaneBench]:
    bench = LaneBench(tmp_path)
    bench.work(Tapped("find"))
    yield bench
    bench.close()


def type_word(bench: LaneBench, word: str) -> None:
    bench.work(*(Typed(sign) for sign in word))


# --- when it counts ------------------------------------------------------------------------------


def test_a_word_that_finds_nothing_is_counted_once_when_the_shopper_leaves(bench: LaneBench) -> None:
    type_word(bench, "lievito")
    assert bench.voice.searches == []
    bench.work(Tapped("close"))
    assert bench.voice.searches == [("lievito", "en")]


@pytest.mark.parametrize("end", [BarcodeRead("scanner", MILK.gtin.lstrip("0")), Tapped("no-barcode")])
def test_any_other_way_out_counts_too(bench: LaneBench, end: BarcodeRead | Tapped) -> None:
    type_word(bench, "lievito")
    bench.work(end)
    if isinstance(end, BarcodeRead):  # the scan opens the card of what is in the hand: something was found
        assert bench.voice.searches == []
    else:
        assert bench.voice.searches == [("lievito", "en")]


def test_a_shopper_who_walks_away_is_counted_in_the_language_of_the_search(bench: LaneBench) -> None:
    bench.work(Tapped("lang:it"))
    type_word(bench, "zafferano")
    bench.wait(46)
    assert bench.voice.searches == [("zafferano", "it")]


def test_starting_over_counts_the_longest_word_and_the_next_one_by_itself(bench: LaneBench) -> None:
    type_word(bench, "lievito")
    bench.work(*[Tapped("erase")] * 7)
    assert bench.voice.searches == [("lievito", "en")]
    type_word(bench, "zafferano")
    bench.work(Tapped("close"))
    assert bench.voice.searches == [("lievito", "en"), ("zafferano", "en")]


def test_a_slip_that_was_mended_and_led_to_a_good_counts_nothing(bench: LaneBench) -> None:
    type_word(bench, "mixxxk")
    bench.work(*[Tapped("erase")] * 4)
    type_word(bench, "lk")
    bench.work(Tapped(f"result:{MILK.gtin}"), Tapped("close"))
    assert bench.voice.searches == []


def test_a_word_that_finds_something_counts_nothing(bench: LaneBench) -> None:
    type_word(bench, "milk")
    bench.work(Tapped("close"))
    assert bench.voice.searches == []


def test_a_lane_without_a_catalogue_counts_nothing(bench: LaneBench) -> None:
    bench.shelf = Shelf()
    type_word(bench, "milk")
    bench.work(Tapped("close"))
    assert bench.voice.searches == []


def test_nothing_of_a_search_is_written_into_the_journal(bench: LaneBench) -> None:
    before = bench.kinds
    type_word(bench, "lievito")
    bench.work(Tapped("close"))
    assert bench.kinds == before


# --- what may be counted -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "term"),
    [
        ("  Lievito   DI birra ", "lievito di birra"),
        ("LATTE 500", "latte 500"),
        ("حليب", "حليب"),
        ("酵母", "酵母"),
        ("m", ""),
        ("12", ""),
        ("333 4445556", ""),
        ("mario 3334445556", ""),
        ("4111 1111 1111 1111", ""),
        ("٣٣٣٤٤٤٥", ""),
        ("mario.rossi@example.org", ""),
        ("a\u200bb\u202ec", "a b c"),
        ("x" * 50, "x" * LONGEST_TERM),
    ],
)
def test_a_word_is_folded_and_cut_and_what_could_be_somebodys_number_is_refused(
    query: str, term: str
) -> None:
    assert term_of(query) == term


@given(st.text(max_size=60))
def test_no_word_holds_an_address_or_five_digits(query: str) -> None:
    term = term_of(query)
    assert len(term) <= LONGEST_TERM
    assert "@" not in term
    assert sum(sign.isdigit() for sign in term) < 5


# --- kept until the store has it -----------------------------------------------------------------


def tally(path: Path, first: int = 1) -> SearchTally:
    numbers = count(first)
    return SearchTally("lane-3", lambda: f"report-{next(numbers)}", path)


def test_counts_outlive_a_power_cut(tmp_path: Path) -> None:
    path = tmp_path / "searches.json"
    kept = tally(path)
    for _ in range(3):
        kept.count("lievito", "it")
    kept.keep()
    report = tally(path).report()
    assert report is not None
    assert [(each.term, each.language, each.count) for each in report.counts] == [("lievito", "it", 3)]


def test_a_report_keeps_its_name_over_a_power_cut_so_that_it_is_counted_once(tmp_path: Path) -> None:
    path = tmp_path / "searches.json"
    kept = tally(path)
    kept.count("lievito", "it")
    sent = kept.report()
    kept.count("zafferano", "it")
    kept.keep()
    again = tally(path, first=9)
    assert again.report() == sent
    offered = again.report()
    assert offered is not None
    again.settle(offered)
    following = again.report()
    assert following is not None
    assert following.report_id == "report-9"
    again.settle(following)
    assert tally(path).report() is None


def test_a_damaged_file_costs_the_counts_alone(tmp_path: Path) -> None:
    path = tmp_path / "searches.json"
    path.write_bytes(b"\xff{")
    assert tally(path).report() is None


@pytest.mark.parametrize(
    ("term", "language", "number"),
    [
        ("a", "en", 1),
        ("lie\0vito", "it", 1),
        ("me@home.it", "it", 2),
        ("lievito", "it", 0),
        ("lievito", "?", 1),
        ("x" * 99, "en", 1),
    ],
)
def test_a_kept_count_that_no_store_would_take_does_not_hold_up_the_others(
    tmp_path: Path, term: str, language: str, number: int
) -> None:
    path = tmp_path / "searches.json"
    path.write_text(json.dumps({"counts": [[term, language, number], ["zafferano", "it", 3]]}), "utf-8")
    report = tally(path).report()
    assert report is not None
    assert [(each.term, each.count) for each in report.counts] == [("zafferano", 3)]


def test_a_report_in_the_name_of_another_lane_is_not_offered(tmp_path: Path) -> None:
    path = tmp_path / "searches.json"
    former = SearchTally("lane-4", lambda: "report-1", path)
    former.count("lievito", "it")
    former.report()
    assert tally(path).report() is None


def test_a_folder_that_takes_nothing_stops_nobody(tmp_path: Path) -> None:
    kept = tally(tmp_path / "none" / "searches.json")
    kept.count("lievito", "it")
    assert kept.report() is not None


def test_a_lane_long_alone_keeps_so_many_words_and_no_more(tmp_path: Path) -> None:
    kept = tally(tmp_path / "searches.json")
    for number in range(MOST_TERMS + 50):
        kept.count(f"word {chr(0x4E00 + number)}", "it")
    report = kept.report()
    assert report is not None
    assert len(report.counts) == MOST_TERMS
