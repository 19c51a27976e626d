"""What a shopper is told of a call: true in every phase, no number runs down, and one tap calls again."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from assets.texts import Texts
from hardware.events import Key
from inventory.domain.help_desk import HelpPhase, HelpReason, HelpState
from inventory.domain.help_waiting import BAND_UPPER_S, Band, Level
from inventory.domain.phrases import Phrase, StaffPhrase
from kiosk.assist.help_call import call_words
from kiosk.assist.reading import Reader, Tap, pressed, shown
from kiosk.checkout import effects as fx
from kiosk.checkout import messages as m
from kiosk.checkout.signalling import help_phase
from kiosk.checkout.state import delay_s
from kiosk.checkout.talk import PhraseHeard
from kiosk.ui.presenter import present
from kiosk.ui.presenter.scene import Scene
from kiosk.ui.screen_model import HelpBanner
from tests.support.lane_fakes import MILK, NOON, Walk, shelf

LATE = m.TimerExpired(m.Timer.HELP_LATE)


def called(*events: m.Event, online: bool = True) -> Walk:
    walk = Walk().scan()
    walk.take(m.StoreReached(online=online), m.HelpRequested("help-1"), *events)
    return walk


def update(state: HelpState, name: str = "Marco", **more: int) -> m.HelpUpdated:
    return m.HelpUpdated("help-1", state, name, **more)  # type: ignore[arg-type]


def words(walk: Walk, desk: str = "") -> str:
    said = call_words(walk.state, Texts("en"), desk=desk)
    return "" if said is None else f"{said.title}. {said.text}".strip()


def banner(walk: Walk) -> HelpBanner:
    found = present(walk.state, Scene("Mercato Aurora", "3", shelf(), NOON)).banner
    assert found is not None
    return found


def placed(place: int, band: Band) -> m.HelpPlaced:
    return m.HelpPlaced("help-1", place, band)


ACCEPTED, EN_ROUTE = update(HelpState.ACCEPTED), update(HelpState.EN_ROUTE)
RESOLVED = update(HelpState.RESOLVED)

TOLD: dict[HelpPhase, tuple[Callable[[], Walk], str]] = {
    HelpPhase.IDLE: (lambda: Walk().scan(), ""),
    HelpPhase.OFFLINE: (
        lambda: called(online=False),
        "The light is on. Staff can see it. Keep scanning.",
    ),
    HelpPhase.REQUESTED: (called, "Help is called. Keep scanning."),
    HelpPhase.DELIVERED: (
        lambda: called(update(HelpState.DELIVERED, ""), placed(2, Band.A_FEW)),
        "Help is called. You are number 2. Keep scanning.",
    ),
    HelpPhase.REOPENED: (
        lambda: called(RESOLVED, m.HelpRequested("help-2")),
        "Help is called again. You come first. Keep scanning.",
    ),
    HelpPhase.ESCALATED: (
        lambda: called(update(HelpState.DELIVERED, "", level=Level.SUPERVISOR)),
        "We have called more people. Keep scanning.",
    ),
    HelpPhase.ACCEPTED: (
        lambda: called(ACCEPTED, placed(0, Band.ONE_TO_TWO)),
        "Marco is coming. One to two minutes. Keep scanning.",
    ),
    HelpPhase.CHAT: (
        lambda: called(ACCEPTED, PhraseHeard("said-1", "help-1", "Marco", Phrase(StaffPhrase.SORRY_WAIT))),
        "Marco writes to you. Keep scanning.",
    ),
    HelpPhase.EN_ROUTE: (
        lambda: called(EN_ROUTE, placed(0, Band.A_FEW)),
        "Marco is on the way. A few minutes. Keep scanning.",
    ),
    HelpPhase.ARRIVED: (lambda: called(update(HelpState.ARRIVED)), "Marco is here."),
    HelpPhase.RESOLVED: (lambda: called(RESOLVED), "All fixed?. If not, you come first."),
}


@pytest.mark.parametrize(("phase", "led", "said"), [(phase, *rest) for phase, rest in TOLD.items()])
def test_every_phase_has_its_sentence(phase: HelpPhase, led: Callable[[], Walk], said: str) -> None:
    walk = led()
    assert help_phase(walk.state) is phase
    assert words(walk) == said


def test_the_first_in_line_is_next_and_nobody_hears_of_others() -> None:
    assert "You are next." in words(called(placed(1, Band.UNDER_A_MINUTE)))
    assert "next" not in words(called(placed(3, Band.UNDER_A_MINUTE)))


def test_a_store_that_keeps_names_to_itself_sends_a_colleague() -> None:
    assert words(called(update(HelpState.ACCEPTED, ""))).startswith("A colleague is coming.")


def test_without_a_word_of_the_store_no_time_is_promised() -> None:
    assert words(called(ACCEPTED)) == "Marco is coming. Keep scanning."


def test_whoever_answers_from_elsewhere_does_not_walk_up() -> None:
    walk = called(update(HelpState.ACCEPTED, is_afar=True))
    assert words(walk) == "Marco sees your basket. The answer comes here, in writing."


def test_a_call_that_was_given_on_says_who_comes_instead() -> None:
    walk = called(EN_ROUTE, update(HelpState.DELIVERED, "", turn=1))
    assert words(walk).startswith("A colleague takes over.")
    walk.take(update(HelpState.ACCEPTED, "Ada", turn=1))
    assert words(walk).startswith("Ada is coming.")


def test_nobody_who_has_not_begun_to_scan_is_told_to_go_on() -> None:
    walk = Walk()
    walk.take(m.StoreReached(online=True), m.HelpRequested("help-1"))
    assert words(walk) == "Help is called."


# --- promises ------------------------------------------------------------------------------------


@pytest.mark.parametrize("band", Band)
def test_a_band_that_was_not_kept_is_said_to_take_longer(band: Band) -> None:
    walk = called(ACCEPTED)
    assert fx.StartTimer(m.Timer.HELP_LATE) in walk.take(placed(0, band))
    assert delay_s(m.Timer.HELP_LATE, walk.state) == BAND_UPPER_S[band]
    walk.take(LATE)
    assert words(walk) == "Marco is coming. It is taking longer than usual, sorry. Keep scanning."
    assert not walk.of(fx.StartTimer), "it is said once, and nothing counts down"


def test_the_same_word_again_does_not_begin_the_time_anew() -> None:
    walk = called(ACCEPTED, placed(0, Band.UNDER_A_MINUTE))
    assert walk.take(placed(0, Band.UNDER_A_MINUTE)) == ()
    walk.take(LATE, EN_ROUTE)
    assert "longer than usual" in words(walk)


def test_whoever_takes_over_promises_anew() -> None:
    walk = called(ACCEPTED, placed(0, Band.UNDER_A_MINUTE), LATE)
    walk.take(update(HelpState.DELIVERED, "", turn=1))
    assert fx.StopTimer(m.Timer.HELP_LATE) in walk.effects
    assert "longer" not in words(walk)


def test_nothing_is_late_once_somebody_is_there_or_the_call_is_over() -> None:
    walk = called(ACCEPTED, placed(0, Band.UNDER_A_MINUTE))
    assert fx.StopTimer(m.Timer.HELP_LATE) in walk.take(update(HelpState.ARRIVED))
    walk.take(LATE)
    assert words(walk) == "Marco is here."


def test_after_a_minute_out_of_reach_the_lane_says_where_else_staff_are() -> None:
    desk = "the service desk by the exit"
    walk = called(online=False)
    assert fx.StartTimer(m.Timer.HELP_LATE) in walk.effects
    assert delay_s(m.Timer.HELP_LATE, walk.state) == 60
    assert desk not in words(walk, desk)
    walk.take(LATE)
    assert "Or come to: the service desk by the exit." in words(walk, desk)
    assert words(walk) == "The light is on. Staff can see it. Keep scanning.", "no desk was configured"
    walk.take(m.StoreReached(online=True))
    assert words(walk, desk) == "Help is called. Keep scanning."


# --- once it is solved ---------------------------------------------------------------------------


def test_still_need_help_is_one_tap_beside_yes_and_comes_first() -> None:
    solved = banner(called(RESOLVED))
    assert [each.label for each in solved.answers] == ["Yes, thanks", "Still need help"]
    assert solved.again is not None
    assert solved.again.tap_id.partition(":")[0] == "help", "it does what Help does"
    assert banner(called()).again is None


def test_the_help_key_calls_again_what_was_not_solved() -> None:
    model = present(called(RESOLVED).state, Scene("Mercato Aurora", "3", shelf(), NOON))
    reader, _deeds = shown(Reader(), model)
    _reader, deeds = pressed(reader, Key.HELP)
    assert Tap("help:again") in deeds


# --- about one good ------------------------------------------------------------------------------


def test_a_call_about_a_good_says_that_somebody_who_knows_it_is_called() -> None:
    walk = Walk().scan()
    walk.take(m.StoreReached(online=True), m.HelpRequested("help-1", HelpReason.SALES, MILK))
    assert words(walk) == "Called: somebody who knows the goods. They see which item it is. Keep scanning."
    assert not [each for each in banner(walk).reasons if each.tap_id.startswith("reason:")]
