"""What the screen says at a visit's ends: who is silent, who pays elsewhere, who has paid, who is next."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass

import pytest

from inventory.domain.feedback import FeedbackReason
from inventory.domain.help_desk import Decision
from kiosk.checkout import messages as m
from kiosk.checkout import visit_events as v
from kiosk.checkout.state import Phase
from kiosk.ui.presenter import present
from kiosk.ui.presenter.scene import Scene
from kiosk.ui.screen_model import ParkedModel, ScreenModel, ScreenName, StillThereModel, ThanksModel
from tests.support.lane_fakes import BEER, BUN, NOON, WATER, Walk, shelf

ASK, VEIL = m.TimerExpired(m.Timer.IDLE), m.TimerExpired(m.Timer.STILL_THERE)


def shown(walk: Walk) -> ScreenModel:
    return present(
        walk.state, Scene("Mercato Aurora", "3", shelf(), NOON, receipt_qr="RECEIPT", bag_gtin=BUN.gtin)
    )


def words(value: object) -> Iterator[str]:
    """Every text of a model, however deep."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple):
        for part in value:
            yield from words(part)
    elif is_dataclass(value) and not isinstance(value, type):
        for each in fields(value):
            yield from words(getattr(value, each.name))


def silent(*events: m.Event) -> Walk:
    walk = Walk().scan(BEER, "secret-beer")
    walk.take(ASK, *events)
    return walk


def paid(walk: Walk) -> Walk:
    if walk.state.age_intervention_id:
        walk.take(m.InterventionDecided(walk.state.age_intervention_id, Decision.APPROVED, "Marco"))
    return walk.pay().authorise().complete()


def thanks(walk: Walk) -> ThanksModel:
    body = shown(walk).body
    assert isinstance(body, ThanksModel)
    return body


def test_the_whole_screen_asks_and_is_the_answer() -> None:
    model = shown(silent())
    assert model.name is ScreenName.STILL_THERE
    assert isinstance(model.body, StillThereModel)
    assert (model.body.here.tap_id, model.body.here.label) == ("here", "I’m here")


def test_the_veil_says_how_to_go_on_and_nothing_about_the_basket() -> None:
    model = shown(silent(VEIL))
    assert model.name is ScreenName.KEPT
    said = " ".join(words(model))
    for secret in ("Beer", "1.99", "secret-beer", "1 item"):
        assert secret not in said
    assert "Touch the screen to go on." in said


def test_help_language_and_accessibility_stay_where_they_are_while_the_lane_asks() -> None:
    for walk in (silent(), silent(VEIL), at_till()):
        model = shown(walk)
        assert model.help.tap_id == "help"
        assert model.access.tap_id == "accessibility"
        assert model.top.language is not None


def test_a_language_chosen_on_the_veil_does_not_lift_it() -> None:
    walk = silent(VEIL, m.SheetOpened(m.Sheet.LANGUAGE))
    assert shown(walk).name is ScreenName.LANGUAGE
    walk.take(m.LanguageChosen("it"))
    assert shown(walk).name is ScreenName.KEPT


def test_the_row_of_a_veiled_basket_cannot_be_opened() -> None:
    walk = silent(VEIL, m.SheetOpened(m.Sheet.ROW, "secret-beer"))
    assert shown(walk).sheet is None


def at_till() -> Walk:
    walk = Walk().scan(BEER, "secret-beer")
    walk.take(v.PayElsewhereRequested())
    return walk


def test_the_code_stands_big_and_as_a_picture() -> None:
    model = shown(at_till())
    body = model.body
    assert isinstance(body, ParkedModel)
    assert (model.name, body.code) == (ScreenName.PARKED, "A10")
    assert body.qr == "lanelight:basket:aurora-1:lane-3:A10"
    assert "1.99" not in " ".join(words(model))


@pytest.mark.parametrize("reason", list(FeedbackReason))
def test_six_reasons_follow_a_bad_face_and_nobody_need_choose(reason: FeedbackReason) -> None:
    walk = paid(Walk().know_terminal().scan())
    assert len(thanks(walk).faces) == 4
    walk.take(m.FeedbackGiven("awful"))
    assert [button.tap_id for button in thanks(walk).reasons] == [
        f"why:{each.value}" for each in FeedbackReason
    ]
    assert thanks(walk).faces == ()
    walk.take(v.FeedbackReasonGiven(reason))
    assert (thanks(walk).reasons, thanks(walk).question) == ((), "Thank you for telling us.")
    assert walk.state.face_reason is reason


def test_after_the_worst_face_alone_help_is_offered_and_no_more_is_said() -> None:
    walk = paid(Walk().know_terminal().scan())
    assert thanks(walk).person == ""
    walk.take(m.FeedbackGiven("awful"))
    assert thanks(walk).person == "Want a hand? Please tap Help."
    assert "colleague" not in " ".join(words(shown(walk)))  # who hears of it is not said
    walk.take(v.FeedbackReasonGiven(FeedbackReason.SLOW))
    assert thanks(walk).person != ""
    walk.take(m.HelpRequested("h1"))
    assert thanks(walk).person == ""  # now the banner says who comes
    other = paid(Walk().know_terminal().scan())
    other.take(m.FeedbackGiven("bad"))
    assert thanks(other).person == ""


@pytest.mark.parametrize("face", ["great", "good"])
def test_nobody_who_is_content_is_asked_why(face: str) -> None:
    walk = paid(Walk().know_terminal().scan())
    walk.take(m.FeedbackGiven(face), v.FeedbackReasonGiven(FeedbackReason.SLOW))
    assert thanks(walk).reasons == ()
    assert walk.state.face_reason is None


@pytest.mark.parametrize(
    "former",
    [lambda: paid(Walk().know_terminal().scan(BEER, "secret-beer")), lambda: silent(VEIL), at_till],
    ids=["thanks", "veil", "code"],
)
def test_the_next_scan_leaves_nothing_of_the_former_shopper(former: Callable[[], Walk]) -> None:
    walk = former()
    walk.take(m.LanguageChosen("it"))
    walk.scan(WATER, "w")
    assert walk.state.phase is Phase.SCANNING
    said = " ".join(words(shown(walk)))
    for secret in ("Beer", "1.99", "secret-beer", "A10", "RECEIPT", "Italiano"):
        assert secret not in said
    assert [line.line_id for line in walk.state.basket.lines] == ["w"]
    assert (walk.state.sale, walk.state.face, walk.state.language) == (None, "", "en")
