"""A conversation on one lane: said once, kept in order, typed words beside the journal, read out at once."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from assets.languages import SHIPPED
from inventory.domain.help_desk import HelpReason, HelpState
from inventory.domain.phrases import (
    LONGEST_TEXT,
    MOST_ENTRIES,
    MOST_OF_ONE_SIDE,
    Phrase,
    ShopperPhrase,
    Side,
    StaffPhrase,
)
from inventory.wire import PhraseMessage, StaffPhraseMessage
from kiosk.checkout import effects as fx
from kiosk.checkout import messages as m
from kiosk.checkout import visit_events as v
from kiosk.checkout.preferences import Preference, Preferences
from kiosk.checkout.state import LaneState, Phase
from kiosk.checkout.talk import Passing, PhraseHeard, PhrasePassed, PhraseSaid
from kiosk.jottings import MOST, Jottings
from kiosk.phrase_news import heard, worded
from kiosk.talk_taps import talk_tap, talk_typed
from kiosk.ui.presenter import present
from kiosk.ui.presenter.nodes import reachable
from kiosk.ui.screen_model import ScreenModel, ScreenName, TileSheet
from kiosk.ui.talk_model import TalkModel, WriteModel
from tests.support.lane_fakes import MILK, NOON, Walk, counter
from tests.unit.kiosk.test_presenter import scene
from tests.unit.kiosk.test_reading import Listener, with_headset

WONT_SCAN = Phrase(ShopperPhrase.ITEM_WONT_SCAN)
COMING = Phrase(StaffPhrase.COMING, 2)
TALK, WRITE = m.SheetOpened(m.Sheet.TALK), m.SheetOpened(m.Sheet.WRITE)


def called() -> Walk:
    walk = Walk().scan()
    walk.take(m.HelpRequested("help-1"))
    return walk


def answered(entry_id: str = "s1", phrase: Phrase | None = COMING, help_id: str = "help-1") -> PhraseHeard:
    return PhraseHeard(entry_id, help_id, "Marco", phrase, "en")


def entries(walk: Walk) -> list[tuple[Side, str]]:
    return [(each.side, each.entry_id) for each in walk.state.talk.entries]


def screen(state: LaneState, language: str = "en", **typed: str) -> ScreenModel:
    return present(replace(state, language=language), replace(scene(), typed=typed))


# --- the conversation ----------------------------------------------------------------------------


def test_what_is_said_is_sent_under_its_own_id_and_stops_nothing() -> None:
    walk = called()
    assert walk.take(PhraseSaid("p1", "unused", WONT_SCAN)) == (
        fx.SendPhrase("p1", "help-1", WONT_SCAN, walk.state.language, NOON),
    )
    walk.scan(line_id="b")
    assert walk.state.basket.piece_count == 2


@pytest.mark.parametrize(
    ("phrase", "reason"),
    [
        (WONT_SCAN, HelpReason.WONT_SCAN),
        (Phrase(ShopperPhrase.CHARGED_TWICE), HelpReason.PAYMENT),
        (Phrase(ShopperPhrase.LOST_CHILD), HelpReason.UNSAID),
        (None, HelpReason.UNSAID),
    ],
)
def test_with_no_call_open_the_same_tap_calls_first(phrase: Phrase | None, reason: HelpReason) -> None:
    walk = Walk()
    effects = walk.take(PhraseSaid("p1", "help-9", phrase))
    (call,) = [each for each in effects if isinstance(each, fx.SendHelp)]
    (said,) = [each for each in effects if isinstance(each, fx.SendPhrase)]
    assert (call.help_id, call.reason, call.state) == ("help-9", reason, HelpState.REQUESTED)
    assert said.help_id == "help-9"
    assert effects.index(call) < effects.index(said), "nobody is answered before being called"


def test_the_same_entry_again_changes_nothing_and_staff_keep_room_for_an_answer() -> None:
    walk = called()
    walk.take(PhraseSaid("p1", "x", WONT_SCAN))
    before = walk.state
    assert walk.take(PhraseSaid("p1", "x", WONT_SCAN)) == ()
    assert walk.state == before
    for number in range(MOST_ENTRIES):
        walk.take(PhraseSaid(f"more-{number}", "x", WONT_SCAN))
    assert len(walk.state.talk.entries) == MOST_OF_ONE_SIDE < MOST_ENTRIES
    assert walk.take(PhraseSaid("late", "x", WONT_SCAN)) == ()


def test_an_answer_is_heard_once_and_only_in_the_call_it_belongs_to() -> None:
    walk = called()
    walk.take(PhraseSaid("p1", "x", WONT_SCAN))
    assert walk.take(answered()) == (fx.PlaySound(fx.Sound.ATTENTION),)
    assert walk.take(answered()) == ()
    assert walk.take(answered("s2", help_id="another")) == ()
    assert entries(walk) == [(Side.SHOPPER, "p1"), (Side.STAFF, "s1")]


def test_a_conversation_ends_with_its_call_and_with_its_visit() -> None:
    for end in (m.HelpCancelled(), m.HelpUpdated("help-1", HelpState.CANCELLED, "")):
        walk = called()
        walk.take(PhraseSaid("p1", "x", WONT_SCAN), end)
        assert entries(walk) == []
    walk = Walk().know_terminal().scan().pay().authorise().complete()
    walk.take(PhraseSaid("p1", "help-1", Phrase(ShopperPhrase.PAID_NO_RECEIPT)))
    walk.take(m.TimerExpired(m.Timer.THANKS))
    assert walk.state.phase is Phase.ATTRACT
    assert entries(walk) == []


def test_whoever_reads_on_is_not_sent_away_while_the_call_is_open() -> None:
    walk = Walk().know_terminal().scan().pay().authorise().complete()
    walk.take(TALK, PhraseSaid("p1", "help-1", Phrase(ShopperPhrase.PAID_NO_RECEIPT)))
    assert walk.take(m.TimerExpired(m.Timer.THANKS)) == (fx.StartTimer(m.Timer.THANKS),)
    assert entries(walk) == [(Side.SHOPPER, "p1")]
    idle = Walk()
    idle.take(TALK, PhraseSaid("p1", "help-1", WONT_SCAN))
    assert idle.take(m.TimerExpired(m.Timer.IDLE)) == (fx.StartTimer(m.Timer.IDLE),)
    assert entries(idle) == [(Side.SHOPPER, "p1")]


def test_after_a_restart_the_store_hears_what_it_has_not_taken_with_the_same_words() -> None:
    walk = called()
    first = walk.take(PhraseSaid("p1", "x", WONT_SCAN))
    walk.take(PhraseSaid("p2", "x", WONT_SCAN), PhrasePassed("p2", taken=True))
    walk.at += timedelta(minutes=3)
    again = walk.take(m.LaneStarted("boot-2"))
    assert [each for each in again if isinstance(each, fx.SendPhrase)] == list(first)


def test_what_the_store_refused_is_said_to_be_so() -> None:
    walk = called()
    walk.take(PhraseSaid("p1", "x", WONT_SCAN), TALK, PhrasePassed("p1", taken=False))
    assert walk.state.talk.entries[0].passing is Passing.REFUSED
    body = screen(walk.state).body
    assert isinstance(body, TalkModel)
    assert body.bubbles[0].note == "This could not be passed on."


def test_offline_it_says_that_nothing_was_sent_yet() -> None:
    walk = called()
    walk.take(PhraseSaid("p1", "x", WONT_SCAN), TALK, m.StoreReached(online=False))
    body = screen(walk.state).body
    assert isinstance(body, TalkModel)
    assert body.bubbles[0].note == "Not sent yet"


# --- taps ----------------------------------------------------------------------------------------


def tap(walk: Walk, verb: str, subject: str = "", jottings: Jottings | None = None) -> m.Event | None:
    return talk_tap(verb, subject, walk.state, scene().shelf, counter(), jottings or Jottings())


@pytest.mark.parametrize("phrase", ShopperPhrase)
def test_each_phrase_is_one_tap_but_the_one_that_asks_for_an_item(phrase: ShopperPhrase) -> None:
    walk = called()
    walk.take(TALK)
    event = tap(walk, "say", phrase.value)
    if phrase is ShopperPhrase.WHERE_IS:
        assert event == m.SheetOpened(m.Sheet.WRITE, "where_is")
        return
    assert isinstance(event, PhraseSaid)
    assert event.phrase == Phrase(phrase, "en" if phrase is ShopperPhrase.SPEAK else "")


def test_an_item_is_asked_for_by_its_card_and_the_answer_is_read_where_all_of_it_stands() -> None:
    walk = called()
    walk.take(TALK, m.SheetOpened(m.Sheet.WRITE, "where_is"), m.QueryTyped("milk"))
    event = tap(walk, "ask", MILK.gtin)
    assert isinstance(event, PhraseSaid)
    walk.take(event)
    assert (walk.state.view.sheet, walk.state.view.query) == (m.Sheet.TALK, "")
    assert tap(walk, "ask", "09999999999999") is None


def test_typing_grows_a_text_up_to_its_length_and_only_what_may_go_is_sent() -> None:
    walk, jottings = called(), Jottings()
    walk.take(WRITE)
    assert tap(walk, "send", jottings=jottings) is None
    assert talk_typed("C\u0007iao", walk.state) == m.QueryTyped("Ciao")
    for draft, key, grown in (
        ("", "C", "C"),
        ("C", "I", "Ci"),
        ("Ciao. ", "O", "Ciao. O"),
        ("Ciao o", "H", "Ciao oh"),
    ):
        walk.take(m.QueryTyped(draft))
        assert tap(walk, "key", key) == m.QueryTyped(grown)
    walk.take(m.QueryTyped("x" * LONGEST_TEXT))
    assert talk_typed("y", walk.state) == m.QueryTyped("x" * LONGEST_TEXT)
    walk.take(m.QueryTyped("4111 1111 1111 1111"))
    assert tap(walk, "send", jottings=jottings) is None
    walk.take(m.QueryTyped("Ciao"))
    event = tap(walk, "send", jottings=jottings)
    assert isinstance(event, PhraseSaid)
    assert event.phrase is None
    assert jottings.get(event.entry_id) == "Ciao"
    assert "Ciao" not in repr(event), "the journal never holds a typed word"


def test_away_from_the_conversation_its_taps_mean_nothing() -> None:
    walk = called()
    for verb, subject in (("say", "thanks"), ("typing", ""), ("send", ""), ("ask", MILK.gtin), ("key", "A")):
        assert tap(walk, verb, subject) is None
    assert tap(walk, "write") == TALK


# --- typed words ---------------------------------------------------------------------------------


def test_typed_words_outlive_a_restart_and_go_with_their_call(tmp_path: Path) -> None:
    path = tmp_path / "jottings.json"
    jottings = Jottings(path)
    jottings.put("p1", "Ciao")
    jottings.keep({"p1"})
    jottings.put("p2", "not shown yet")
    assert Jottings(path).all() == {"p1": "Ciao", "p2": "not shown yet"}
    jottings.keep(set())
    assert jottings.all() == {"p2": "not shown yet"}
    jottings.keep({"p2"})
    jottings.keep(set())
    assert not path.exists()


@pytest.mark.parametrize("content", ["", "[1]", "{", '{"a": 7}', "\x00"])
def test_a_damaged_file_holds_nothing_and_stops_nobody(tmp_path: Path, content: str) -> None:
    path = tmp_path / "jottings.json"
    path.write_text(content)
    assert Jottings(path).all() == {}


def test_a_disk_that_takes_nothing_leaves_the_words_in_memory(tmp_path: Path) -> None:
    jottings = Jottings(tmp_path / "no-such-folder" / "jottings.json")
    jottings.put("p1", "Ciao")
    assert jottings.get("p1") == "Ciao"
    for number in range(MOST + 1):
        jottings.put(f"n{number}", "x")
    assert len(jottings.all()) == MOST


def test_a_text_is_put_in_on_its_way_out_and_taken_out_on_its_way_in() -> None:
    jottings = Jottings()
    message = PhraseMessage(phrase_id="p1", help_id="h", lane_id="lane-3", at_utc=NOON)
    assert worded(message, jottings) is None
    jottings.put("p1", "Ciao")
    sent = worded(message, jottings)
    assert sent is not None
    assert sent.text == "Ciao"
    told = StaffPhraseMessage(
        phrase_id="s1",
        help_id="h",
        lane_id="lane-3",
        staff_name="Marco",
        text="Oo",
        language="fil",
        at_utc=NOON,
    )
    assert heard(told, jottings) == PhraseHeard("s1", "h", "Marco", None, "fil")
    assert jottings.get("s1") == "Oo"
    newer = told.model_copy(update={"text": "", "phrase": "sing_a_song"})
    assert heard(newer, jottings) is None


# --- on the screen -------------------------------------------------------------------------------


def test_each_side_reads_the_other_in_its_own_language() -> None:
    walk = called()
    walk.take(PhraseSaid("p1", "x", WONT_SCAN), answered(), answered("s2", None), TALK)
    for language, words in {
        "it": ["Un articolo non si legge", "Arrivo tra 2 minuti", "Eccomi!"],
        "fil": ["May item na ayaw ma-scan", "Nandiyan na ako sa loob ng 2 minuto", "Eccomi!"],
    }.items():
        body = screen(walk.state, language, s2="Eccomi!").body
        assert isinstance(body, TalkModel)
        assert [bubble.text for bubble in body.bubbles] == words
        assert [bubble.mine for bubble in body.bubbles] == [True, False, False]


@pytest.mark.parametrize(
    "chosen", [(), (Preference.SIMPLE,), (Preference.LARGE_TEXT,), (Preference.LARGE_TEXT, Preference.REACH)]
)
def test_every_phrase_is_on_some_page_and_danger_within_two_in_every_look(
    chosen: tuple[Preference, ...],
) -> None:
    walk = called()
    walk.take(m.PreferencesChosen(Preferences(frozenset(chosen))), TALK)
    pages: list[list[str]] = []
    for page in range(22):
        walk.take(m.ResultChosen(page=page))
        body = screen(walk.state).body
        assert isinstance(body, TalkModel)
        tiles = [tile.tap_id for tile in body.tiles]
        assert tiles[-1] == "typing"
        if tiles[:-1] in pages:
            break
        pages.append(tiles[:-1])
    said = [tap_id.removeprefix("say:") for page in pages for tap_id in page]
    assert sorted(said) == sorted(phrase.value for phrase in ShopperPhrase)
    assert {"lost_child", "spill_or_danger"} <= set(said[: 2 * len(pages[0])])


def test_who_has_just_paid_finds_what_is_about_money_first() -> None:
    walk = Walk().know_terminal().scan().pay().authorise().complete()
    walk.take(m.HelpRequested("help-1"), TALK)
    body = screen(walk.state).body
    assert isinstance(body, TalkModel)
    assert body.tiles[0].tap_id == "say:card_declined"


def test_the_banner_leads_to_the_conversation_and_shows_the_newest_answer() -> None:
    walk = called()
    assert walk.state.view.sheet is m.Sheet.NONE
    model = screen(walk.state)
    assert model.banner is not None
    assert model.banner.reasons[0].tap_id == "write"
    walk.take(answered())
    model = screen(walk.state, "it")
    assert model.banner is not None
    assert model.banner.news == "Arrivo tra 2 minuti"


def test_who_cannot_hear_writes_without_calling_first() -> None:
    walk = Walk()
    walk.take(m.SheetOpened(m.Sheet.ACCESSIBILITY))
    sheet = screen(walk.state).sheet
    assert isinstance(sheet, TileSheet)
    assert "write" in [tile.tap_id for tile in sheet.tiles]
    walk.take(TALK)
    model = screen(walk.state)
    assert model.name is ScreenName.TALK
    assert model.banner is None


def test_a_card_number_cannot_be_sent_and_the_screen_says_why() -> None:
    walk = called()
    walk.take(WRITE, m.QueryTyped("4111111111111111"))
    model = screen(walk.state)
    assert model.name is ScreenName.TALK
    assert isinstance(model.body, WriteModel)
    assert model.body.send is not None
    assert not model.body.send.enabled
    assert model.body.empty_text == "Please type no card numbers here."


def test_while_a_payment_is_in_doubt_only_its_own_sentence_stands_there() -> None:
    walk = Walk().know_terminal().scan().pay()
    walk.take(TALK, m.HelpRequested("help-1"))
    assert screen(walk.state).name is ScreenName.TALK
    walk.take(m.StorageFailed("", "disk full"))
    assert screen(walk.state).name is ScreenName.CHECKING


# --- without looking -----------------------------------------------------------------------------


def test_an_answer_is_read_out_as_it_comes_in_the_shopper_s_language() -> None:
    walk = called()
    walk.take(m.LanguageChosen("it"))
    listener = with_headset(walk)
    assert listener.does(answered()) == ["Marco: Arrivo tra 2 minuti"]
    price = answered("s2", Phrase(StaffPhrase.PRICE_IS, 249))
    assert listener.does(price) == ["Marco: Il prezzo è 2 euro 49"]


def test_a_loudspeaker_says_of_money_only_that_somebody_has_written() -> None:
    walk = called()
    walk.take(m.PreferencesChosen(Preferences(frozenset({Preference.SPEAK}))))
    listener = Listener(walk)
    assert listener.does(answered()) == ["Marco: I will be there in 2 minutes"]
    for entry_id, phrase in (("s2", Phrase(StaffPhrase.PRICE_IS, 249)), ("s3", None)):
        assert listener.does(answered(entry_id, phrase)) == ["Marco has written to you."]
    moved = listener.does(m.HelpUpdated("help-1", HelpState.EN_ROUTE, "Marco"))
    assert "2.49" not in " ".join(moved)


@pytest.mark.parametrize("language", SHIPPED)
def test_the_keys_reach_every_phrase_and_the_words_said_so_far_are_read(language: str) -> None:
    walk = called()
    walk.take(PhraseSaid("p1", "x", WONT_SCAN), answered(), TALK)
    model = screen(walk.state, language)
    ids = [node.id for node in reachable(model)]
    assert {"say:item_wont_scan", "say:lost_child", "typing", "close", "cancel"} <= set(ids)
    walk.take(v.Touched(), WRITE)
    ids = [node.id for node in reachable(screen(walk.state, language))]
    assert {"send", "write", "erase", "space"} <= set(ids)
