"""The grammar of journeys: every verb with its words, and a refusal that names file and line."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.demo.journey import DEFAULT_WAIT_S, SCREENS, JourneyError, Step, parse_journey, read_journey
from kiosk.demo.player import Player, minor
from kiosk.demo.start import FIRST_SALE

JOURNEYS = Path(__file__).parents[2] / "journeys"


def one(line: str) -> Step:
    (step,) = parse_journey(line, "j")
    return step


@pytest.mark.parametrize(
    ("line", "verb", "args"),
    [
        ("scan 8001234000004", "scan", ("8001234000004",)),
        ("camera shelf/milk.png", "camera", ("shelf/milk.png",)),
        ("weigh 435", "weigh", ("435",)),
        ("weigh -40", "weigh", ("-40",)),
        ("bag 1020.5", "bag", ("1020.5",)),
        ("tap lang:it", "tap", ("lang:it",)),
        ("key volume-up", "key", ("volume-up",)),
        ('type "oat drink"', "type", ("oat drink",)),
        ("type oat drink", "type", ("oat drink",)),
        ("headset in", "headset", ("in",)),
        ("card approve", "card", ("approve",)),
        ("card slow 12.5", "card", ("slow", "12.5")),
        ("paper out", "paper", ("out",)),
        ("store down", "store", ("down",)),
        ("staff accept", "staff", ("accept",)),
        ("staff approve lane-3", "staff", ("approve", "lane-3")),
        ("clock +86400", "clock", ("+86400",)),
        ("wait 0.5", "wait", ("0.5",)),
        ("kill", "kill", ()),
        ("restart", "restart", ()),
        ("screenshot thanks", "screenshot", ("thanks",)),
        ("expect screen not-paid", "expect screen", ("not-paid",)),
        ('expect line "Whole milk" 2 2.58', "expect line", ("Whole milk", "2", "2.58")),
        ('expect line Apples 0.435 "€ 0,91"', "expect line", ("Apples", "0.435", "€ 0,91")),
        ('expect no-line "Whole milk"', "expect no-line", ("Whole milk",)),
        ("expect total 12,90", "expect total", ("12,90",)),
        ("expect paid €7.78", "expect paid", ("€7.78",)),
        ('expect text "Please do not pay again."', "expect text", ("Please do not pay again.",)),
        ('expect receipt "COPY"', "expect receipt", ("COPY",)),
        ("expect stock 8001234000004 39.565", "expect stock", ("8001234000004", "39.565")),
        ("expect sales 1", "expect sales", ("1",)),
        ("expect help accepted", "expect help", ("accepted",)),
        ("expect light calling", "expect light", ("calling",)),
        ('expect spoken "Scan"', "expect spoken", ("Scan",)),
    ],
)
def test_every_verb_is_understood(line: str, verb: str, args: tuple[str, ...]) -> None:
    assert one(line) == Step(1, line, verb, args)


@pytest.mark.parametrize("screen", SCREENS)
def test_every_screen_of_the_plan_can_be_expected(screen: str) -> None:
    assert one(f"expect screen {screen}").args == (screen,)


@pytest.mark.parametrize(
    "line",
    ["expect within 20 screen thanks", "expect screen thanks within 20", "expect screen thanks within 20.0"],
)
def test_an_expectation_may_be_given_more_time(line: str) -> None:
    step = one(line)
    assert (step.verb, step.args, step.within_s) == ("expect screen", ("thanks",), 20.0)


def test_without_a_word_it_takes_ten_seconds_at_most() -> None:
    assert one("expect screen thanks").within_s == DEFAULT_WAIT_S == 10.0


def test_comments_and_empty_lines_are_skipped_and_lines_are_counted() -> None:
    steps = parse_journey("# a sale\n\nscan 1  # milk\n  \n  tap pay\n", "j")
    assert [(step.line, step.verb) for step in steps] == [(3, "scan"), (5, "tap")]


def test_a_hash_in_quotes_is_text() -> None:
    assert one('type "#1"').args == ("#1",)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("scann 1", "unknown verb 'scann'"),
        ("scan", "scan takes 1 word"),
        ("scan 1 2", "scan takes 1 word"),
        ("weigh heavy", "not a number"),
        ("weigh ٤", "not a number"),
        ("card maybe", "not one of approve"),
        ("card slow", "takes its seconds"),
        ("card slow soon", "takes its seconds"),
        ("card approve 5", "takes its seconds"),
        ("clock 5", "not a number"),
        ("clock -5", "not a number"),
        ("wait -1", "not a number"),
        ("kill now", "kill takes 0 word"),
        ("expect", "expect what?"),
        ("expect peace", "expect what?"),
        ("expect screen nowhere", "not one of"),
        ("expect total much", "not a number"),
        ("expect sales -1", "not a number"),
        ("expect screen thanks within long", "no number"),
        ('type "open', "No closing quotation"),
        ('expect text ""', "says nothing"),
        ('scan ""', "says nothing"),
        ("screenshot ../../away", "not a name"),
        ("screenshot /away", "not a name"),
        ("screenshot ..", "not a name"),
    ],
)
def test_a_line_that_is_no_step_is_refused_with_file_and_line(line: str, words: str) -> None:
    with pytest.raises(JourneyError, match=r"^j\.journey:2: ") as refused:
        parse_journey(f"scan 1\n{line}\n", "j.journey")
    assert words in str(refused.value)


@given(st.text(max_size=120))
def test_any_text_is_a_journey_or_a_journey_error(text: str) -> None:
    try:
        steps = parse_journey(text, "j")
    except JourneyError:
        return
    assert all(step.verb for step in steps)


def test_a_journey_that_cannot_be_read_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(JourneyError, match="cannot be read"):
        read_journey(tmp_path / "nowhere.journey")
    (tmp_path / "latin.journey").write_bytes(b"type \xe8\n")
    with pytest.raises(JourneyError, match="cannot be read"):
        read_journey(tmp_path / "latin.journey")


@pytest.mark.parametrize(
    "path", [FIRST_SALE, *sorted(JOURNEYS.glob("*.journey"))], ids=lambda path: path.stem
)
def test_every_journey_of_the_house_can_be_read(path: Path) -> None:
    assert any(step.verb.startswith("expect") for step in read_journey(path))


def test_every_verb_has_somebody_who_carries_it_out() -> None:
    for line in ("scan", "camera", "weigh", "bag", "tap", "key", "type", "headset", "card", "paper", "store"):
        assert callable(getattr(Player, f"_do_{line}"))
    for line in ("staff", "clock", "wait", "kill", "restart", "screenshot"):
        assert callable(getattr(Player, f"_do_{line}"))
    for thing in ("screen", "line", "no_line", "total", "paid", "text", "receipt", "stock", "sales", "help"):
        assert callable(getattr(Player, f"_see_{thing}"))


@pytest.mark.parametrize(
    ("amount", "minor_units"),
    [("7.78", 778), ("€7,78", 778), ("7", 700), ("0.05", 5), ("-1.5", -150), ("12 lei", 1200)],
)
def test_amounts_are_read_as_people_write_them(amount: str, minor_units: int) -> None:
    assert minor(amount) == minor_units
