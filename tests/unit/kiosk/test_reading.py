"""Reading without looking: keys, headset and screens, and what never leaves the headset."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assets.languages import SHIPPED as LANGUAGES
from hardware.events import CardCompleted, CardPhase, CardProgress, Key
from inventory.domain.feedback import FeedbackReason
from inventory.domain.help_desk import HelpState
from inventory.domain.help_waiting import Band
from kiosk.assist import reading, script
from kiosk.assist.reading import DEFAULT_VOLUME, VOLUMES, Deed, Hush, Output, Reader, Say, Tap
from kiosk.assist.spoken import holds_money
from kiosk.assist.surroundings import Height, Side, Surroundings
from kiosk.checkout import messages as m
from kiosk.checkout import visit_events as v
from kiosk.checkout.machine import TERMINAL
from kiosk.checkout.preferences import Preference, Preferences
from kiosk.ui.presenter import present
from kiosk.ui.presenter.nodes import reachable
from kiosk.ui.screen_model import ButtonModel
from kiosk.ui.staff_model import PadModel
from tests.support.lane_fakes import BEER, ITEMS, WATER, Walk
from tests.support.lane_walks import RandomWalk
from tests.unit.kiosk.test_presenter import scene, shown

SPEAK = m.PreferencesChosen(Preferences(frozenset({Preference.SPEAK})))


class Listener:
    """Somebody at the lane: keeps what the lane did for them, newest last."""

    def __init__(self, walk: Walk | None = None, place: Surroundings | None = None) -> None:
        self.walk = walk or Walk()
        self.reader = Reader(place or Surroundings())
        self.deeds: list[Deed] = []
        self.see()

    def see(self) -> list[str]:
        return self._turn(reading.shown(self.reader, shown(self.walk)))

    def does(self, *events: m.Event) -> list[str]:
        self.walk.take(*events)
        return self.see()

    def press(self, key: Key) -> list[str]:
        return self._turn(reading.pressed(self.reader, key))

    def plug(self, *, inserted: bool = True) -> list[str]:
        return self._turn(reading.jack(self.reader, inserted=inserted))

    def _turn(self, turn: reading.Turn) -> list[str]:
        self.reader, deeds = turn
        self.deeds += deeds
        self.newest = deeds
        return [deed.text for deed in deeds if isinstance(deed, Say)]

    @property
    def taps(self) -> list[str]:
        return [deed.tap_id for deed in self.newest if isinstance(deed, Tap)]


def with_headset(walk: Walk | None = None) -> Listener:
    listener = Listener(walk)
    listener.plug()
    return listener


def test_the_headset_is_greeted_with_lane_language_keys_and_where_to_scan() -> None:
    said = Listener().plug()
    assert said[0].startswith("Self checkout. Lane 3")
    assert "Press right for other languages, question mark for help." in said
    assert any("The scanner glass is in front of you." in text for text in said)


def test_where_things_are_comes_from_the_lanes_profile() -> None:
    place = Surroundings(Side.LEFT, Height.CHEST, Side.FRONT, 0, Side.RIGHT)
    said = " ".join(Listener(place=place).plug())
    assert "The scanner glass is at your left hand. It is at chest height." in said


def test_putting_the_headset_in_turns_speech_on_and_out_turns_it_off_at_once() -> None:
    listener = Listener()
    listener.plug()
    assert listener.taps == ["speak:on"]
    assert listener.plug() == []
    listener.plug(inserted=False)
    assert listener.newest == (Hush(), Tap("speak:off"))
    assert listener.press(Key.DOWN) == []


def test_a_scan_is_said_with_price_total_and_count() -> None:
    listener = with_headset()
    listener.walk.scan()
    assert listener.see() == ["Milk, 1 euro 29. Total 1 euro 29, 1 item."]
    listener.walk.scan(WATER, "b")
    assert listener.see() == ["Water, 1 euro 14. Total 2 euros 43, 2 items."]
    assert listener.see() == [], "the same screen again is no news"


def test_a_failed_scan_is_said_and_after_three_other_ways_are_offered() -> None:
    listener = with_headset(Walk().scan())
    words = []
    for _ in range(3):
        listener.walk.take(m.ScanRejected(m.ScanProblem.UNREADABLE))
        model = replace(shown(listener.walk), sound="scan_fail")
        words = listener._turn(reading.shown(listener.reader, model))
        listener.walk.take(m.TimerExpired(m.Timer.NOTICE))
        listener.see()
    assert words[0].endswith("Press down for No barcode, or question mark for help.")


def test_down_begins_at_no_barcode_and_says_its_place() -> None:
    listener = with_headset(Walk().scan())
    count = len(reachable(shown(listener.walk)))
    assert listener.press(Key.DOWN) == [f"No barcode, button, 3 of {count}"]
    assert listener.press(Key.DOWN) == [f"Find, button, 4 of {count}"]
    assert listener.press(Key.UP) == [f"No barcode, button, 3 of {count}"]
    assert listener.press(Key.UP) == [f"Milk, 1 euro 29, item, 2 of {count}. Press select to change it."]


def test_right_goes_from_the_tools_to_pay_and_select_pays() -> None:
    listener = with_headset(Walk().scan())
    listener.press(Key.DOWN)
    while listener.reader.focus != "pay":
        said = listener.press(Key.NEXT)
    assert said[0].startswith("Pay, 1 euro 29, button, ")
    assert listener.press(Key.SELECT) == []
    assert listener.taps == ["pay"]


def test_right_on_the_start_screen_goes_to_the_languages_each_in_its_own_voice() -> None:
    listener = with_headset()
    listener.press(Key.NEXT)
    listener.press(Key.DOWN)
    said = [deed for deed in listener.newest if isinstance(deed, Say)]
    assert [(say.text, say.language) for say in said] == [("Italiano", "it")]


@pytest.mark.parametrize("key", [Key.UP, Key.DOWN])
def test_moving_on_comes_round_and_reaches_everything(key: Key) -> None:
    listener = with_headset(Walk().scan().scan(BEER, "b"))
    everything = {node.id for node in reachable(shown(listener.walk))}
    met = []
    for _ in everything:
        listener.press(key)
        met.append(listener.reader.focus)
    assert set(met) == everything


def test_back_help_and_volume() -> None:
    listener = with_headset(Walk().scan())
    assert listener.press(Key.BACK) == ["There is nothing to go back to."]
    listener.press(Key.HELP)
    assert listener.taps == ["help"]
    for _ in range(2 * VOLUMES):
        said = listener.press(Key.VOLUME_UP)
    assert said == [f"Volume {VOLUMES}"]
    listener.does(m.SheetOpened(m.Sheet.LANGUAGE))
    listener.press(Key.BACK)
    assert listener.taps == ["close"]


def test_volume_has_ten_steps_and_goes_back_with_the_visit() -> None:
    listener = with_headset(Walk().scan())
    steps = set()
    for _ in range(VOLUMES):
        listener.press(Key.VOLUME_DOWN)
        steps.add(listener.reader.volume)
    for _ in range(VOLUMES):
        listener.press(Key.VOLUME_UP)
        steps.add(listener.reader.volume)
    assert len(steps) == 10
    listener.walk.state = Walk().state  # the next visit
    listener.see()
    assert listener.reader.volume == DEFAULT_VOLUME


def test_help_is_said_when_called_and_when_somebody_comes_without_breaking_in() -> None:
    listener = with_headset(Walk().scan())
    said = listener.does(m.StoreReached(online=True), m.HelpRequested("h"))
    assert said == ["Help is called. Keep scanning."]
    said = listener.does(m.HelpUpdated("h", HelpState.ACCEPTED, "Marco"))
    assert said == ["Marco is coming. Keep scanning."]
    said = listener.does(m.HelpPlaced("h", 0, Band.UNDER_A_MINUTE))
    assert said == ["Marco is coming. About one minute. Keep scanning."]
    news = [deed for deed in listener.newest if isinstance(deed, Say)]
    assert not any(say.interrupt for say in news)


def test_the_faces_are_offered_by_ear_and_answered_by_keys_alone() -> None:
    listener = with_headset(Walk().know_terminal().scan().pay().authorise())
    said = listener.does(CardCompleted(TERMINAL, listener.walk.attempt.attempt_id))
    assert "How was it? Press down to answer." in said[-1]
    for name in ("Great", "Good", "Bad", "Awful"):
        assert name in listener.press(Key.DOWN)[-1]
    listener.press(Key.SELECT)
    assert Tap("face:awful") in listener.newest
    assert listener.does(m.FeedbackGiven("awful", "f1")) == [
        "What went wrong? You need not answer. Press down to answer. Want a hand? Please tap Help."
    ]
    assert "Too slow" in listener.press(Key.DOWN)[-1]
    thanked = listener.does(v.FeedbackReasonGiven(FeedbackReason.SLOW))
    assert thanked == ["Thank you for telling us. Want a hand? Please tap Help."]


def test_select_never_touches_a_face_that_was_not_read_out() -> None:
    walk = Walk().know_terminal().scan().pay().authorise().complete()
    listener = with_headset(walk)
    listener.does(m.ReceiptWanted())  # while it is printed there is no button for it
    listener.press(Key.SELECT)
    assert not [deed for deed in listener.newest if isinstance(deed, Tap)]


def test_the_focus_stays_when_the_language_changes() -> None:
    listener = with_headset(Walk().scan())
    listener.press(Key.DOWN)
    before = listener.reader.focus
    listener.does(m.LanguageChosen("it"))
    assert listener.reader.focus == before


# --- what stays private --------------------------------------------------------------------------


def test_a_pin_is_met_with_one_sentence_and_silence_whatever_is_pressed() -> None:
    listener = with_headset(Walk().know_terminal().scan().pay())
    said = listener.does(CardProgress(TERMINAL, "try-1", CardPhase.ENTER_PIN))
    assert said == ["The reader asks for your PIN. Its keys have a raised dot on 5."]
    for key in set(Key) - {Key.READ}:
        assert listener.press(key) == []
    assert listener.press(Key.READ) == said, "that sentence may be heard again, and nothing else"
    assert listener.does(m.HelpRequested("h")) == []
    assert listener.does(CardProgress(TERMINAL, "try-1", CardPhase.WRONG_PIN)) == []
    listener.plug(inserted=False)
    assert listener.plug() == []


def test_a_pad_says_what_it_is_for_and_nothing_of_what_is_typed_on_it() -> None:
    pad = PadModel(
        "Your PIN", "Four digits.", "•••", False, ButtonModel("e", "Delete"), ButtonModel("o", "OK")
    )
    model = replace(shown(Walk()), body=pad)
    assert script.screen(model, Surroundings()) == (script.public("Your PIN."),)


def test_without_a_headset_a_scan_says_that_something_was_added_and_nothing_else() -> None:
    listener = Listener(Walk().scan())
    listener.does(SPEAK)
    listener.walk.scan(WATER, "b")
    assert listener.see() == ["Added."]
    assert all(say.output is Output.SPEAKER for say in listener.deeds if isinstance(say, Say))


def test_a_number_from_a_sticker_is_asked_for_and_what_it_is_said_once_it_is_whole() -> None:
    listener = with_headset(Walk().scan())
    (asked,) = listener.does(m.SheetOpened(m.Sheet.STICKER))
    assert asked == "Type the number on the sticker. It has four or five digits."
    assert listener.does(m.QueryTyped("4"), m.QueryTyped("402")) == []
    (found,) = listener.does(m.QueryTyped("4020"))
    assert found == "4, 0, 2, 0. Apples, 2 euros 09 a kilo. Is it this one? Then tap OK."
    (unknown,) = listener.does(m.QueryTyped("4999"))
    assert unknown == "4, 9, 9, 9. I do not know this number. Check it, or tap Help."


def test_a_loudspeaker_says_that_a_number_was_found_and_not_what_it_is() -> None:
    listener = Listener(Walk().scan())
    listener.does(SPEAK)
    listener.does(m.SheetOpened(m.Sheet.STICKER))
    assert listener.does(m.QueryTyped("4020")) == ["Is it this one? Then tap OK."]


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 2**32), steps=st.integers(5, 60), language=st.sampled_from(LANGUAGES))
def test_no_price_no_goods_and_no_age_is_ever_said_on_the_loudspeaker(
    seed: int, steps: int, language: str
) -> None:
    walk, chance = RandomWalk(), Random(seed)
    walk.take(m.LanguageChosen(language))
    reader = Reader(Surroundings())
    goods = {item.name(code) for item in ITEMS for code in ("en", "it")}
    for _ in range(steps):
        walk.wander(chance)
        state = replace(walk.state, preferences=SPEAK.preferences, language=language)
        model = present(state, scene())
        bought = {line.item.name(language) for line in state.basket.lines} & goods
        reader, deeds = reading.shown(reader, model)
        said = list(deeds)
        for key in chance.sample(list(Key), 4):
            offered = state.view.sheet in (m.Sheet.FIND, m.Sheet.NO_BARCODE, m.Sheet.STICKER)
            reader, deeds = reading.pressed(reader, key)
            said += [] if offered else deeds
        for say in said:
            if isinstance(say, Say):
                assert say.output is Output.SPEAKER
                assert not holds_money(say.text, language)
                assert "euro" not in say.text.lower()
                assert not any(name in say.text for name in bought), say.text
                assert "Adult check" not in say.text


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 2**32), steps=st.integers(5, 80))
def test_any_walk_and_any_keys_are_read_without_a_stop_and_tap_only_what_is_there(
    seed: int, steps: int
) -> None:
    walk, chance = RandomWalk(), Random(seed)
    reader, _ = reading.jack(Reader(), inserted=True)
    for _ in range(steps):
        walk.wander(chance)
        model = shown(walk)
        reader, _ = reading.shown(reader, model)
        there = {node.id for node in reachable(model)} | {"speak:on", "close", "back"}
        reader, deeds = reading.pressed(reader, chance.choice(list(Key)))
        assert {deed.tap_id for deed in deeds if isinstance(deed, Tap)} <= there
        assert reader.focus in there | {""}
