"""Questions and answers on the lane: in the order of the moment, over a basket and a payment left alone."""

from __future__ import annotations

from random import Random

import pytest

from assets.texts import Texts
from hardware.events import CardDeclined, CardInDoubt, CardPhase, CardProgress, DeclineReason
from inventory.domain.help_desk import HelpState
from inventory.domain.questions import AnswerOutcome
from kiosk.assist.faq import Moment, Question, may_ask, moment_of, ordered
from kiosk.checkout import effects as fx
from kiosk.checkout import messages as m
from kiosk.checkout.asked import AnswerRated, QuestionOpened
from kiosk.checkout.asking import NOT_LISTED
from kiosk.checkout.machine import TERMINAL
from kiosk.checkout.preferences import Preference, Preferences
from kiosk.checkout.state import Phase
from kiosk.manner import manner_tap
from kiosk.ui.presenter import present
from kiosk.ui.presenter.scene import Scene
from kiosk.ui.screen_model import (
    AnswerModel,
    AttractModel,
    BasketModel,
    CheckingModel,
    FindModel,
    PayModel,
    QuestionsModel,
    ScreenModel,
    ScreenName,
)
from tests.support.lane_fakes import BEER, MILK, NOON, Walk, line, shelf
from tests.support.lane_walks import RandomWalk

SCENE = Scene("Mercato Aurora", "3", shelf(), NOON)


def opened(walk: Walk, question: Question | None = None) -> Walk:
    walk.take(m.SheetOpened(m.Sheet.QUESTIONS))
    if question is not None:
        walk.take(QuestionOpened(question.value))
    return walk


def screen(walk: Walk) -> ScreenModel:
    return present(walk.state, SCENE)


def listed(walk: Walk) -> QuestionsModel:
    body = screen(walk).body
    assert isinstance(body, QuestionsModel)
    return body


def answered(walk: Walk) -> AnswerModel:
    body = screen(walk).body
    assert isinstance(body, AnswerModel)
    return body


def declined(walk: Walk) -> Walk:
    walk.take(CardDeclined(TERMINAL, walk.attempt.attempt_id, DeclineReason.REFUSED_BY_BANK, 5))
    return walk


def in_doubt(walk: Walk) -> Walk:
    walk.take(CardInDoubt(TERMINAL, walk.attempt.attempt_id, "silence"))
    return walk


def counted(effects: tuple[fx.Effect, ...]) -> list[fx.CountAnswer]:
    return [effect for effect in effects if isinstance(effect, fx.CountAnswer)]


@pytest.mark.parametrize("moment", Moment)
def test_every_moment_lists_all_questions_once(moment: Moment) -> None:
    assert sorted(ordered(moment), key=str) == sorted(Question, key=str)


def test_after_a_refused_card_the_card_comes_first() -> None:
    walk = declined(Walk().scan().pay())
    assert moment_of(walk.state) is Moment.NOT_PAID
    assert [tile.tap_id for tile in listed(opened(walk)).tiles[:2]] == [
        "question:card-refused",
        "question:pay-other",
    ]


def test_while_an_adult_check_waits_it_comes_first() -> None:
    assert listed(opened(Walk().scan(BEER))).tiles[0].tap_id == "question:age"


def test_all_twelve_stand_on_one_page_and_on_two_where_letters_are_large() -> None:
    walk = opened(Walk())
    assert len(listed(walk).tiles) == 12
    assert listed(walk).next is None
    walk.take(m.PreferencesChosen(Preferences(frozenset({Preference.LARGE_TEXT}))))
    first = listed(walk)
    walk.take(m.ResultChosen(page=1))
    second = listed(walk)
    assert (len(first.tiles), len(second.tiles)) == (6, 6)
    assert not set(first.tiles) & set(second.tiles)
    assert second.previous is not None
    assert second.next is None


def test_an_answer_is_in_the_shopper_s_language_and_follows_it() -> None:
    walk = opened(Walk().scan(), Question.SCAN)
    assert answered(walk).title == "How do I scan?"
    walk.take(m.LanguageChosen("it"))
    assert answered(walk).title != "How do I scan?"


@pytest.mark.parametrize("over", [m.Sheet.LANGUAGE, m.Sheet.ACCESSIBILITY])
def test_the_language_and_accessibility_sheets_give_the_answer_back(over: m.Sheet) -> None:
    walk = opened(Walk().scan(), Question.SCAN)
    walk.take(m.SheetOpened(over))
    model = screen(walk)
    assert isinstance(model.body, AnswerModel)
    assert model.sheet is not None
    walk.take(m.LanguageChosen("it") if over is m.Sheet.LANGUAGE else m.SheetClosed())
    assert screen(walk).sheet is None
    assert answered(walk).icon == "barcode"
    walk.take(m.SheetClosed())
    assert isinstance(screen(walk).body, BasketModel)


def test_a_search_is_still_there_after_a_change_of_language() -> None:
    walk = Walk().scan()
    walk.take(m.SheetOpened(m.Sheet.FIND), m.QueryTyped("mi"))
    walk.take(m.SheetOpened(m.Sheet.LANGUAGE), m.LanguageChosen("it"))
    body = screen(walk).body
    assert isinstance(body, FindModel)
    assert body.query == "mi"


def test_total_help_and_language_stay_on_top() -> None:
    walk = opened(Walk().scan(), Question.BAGS)
    model = screen(walk)
    assert model.name is ScreenName.QUESTIONS
    assert model.top.aside == "Basket €1.29"
    assert model.top.language is not None
    assert model.help.tap_id == "help"
    walk.take(m.SheetOpened(m.Sheet.QUESTIONS))
    assert screen(walk).top.aside == "Basket €1.29"


def test_any_scan_closes_the_questions_and_adds_the_item() -> None:
    walk = opened(Walk().scan(), Question.SCAN)
    walk.take(m.ItemScanned(line(MILK, "b")))
    assert isinstance(screen(walk).body, BasketModel)
    assert walk.state.basket.piece_count == 2


def test_a_scan_that_cannot_be_sold_closes_them_too_and_says_why() -> None:
    walk = opened(Walk().scan(), Question.SCAN)
    walk.take(m.ScanRejected(m.ScanProblem.UNKNOWN_ITEM, "123"))
    model = screen(walk)
    assert isinstance(model.body, BasketModel)
    assert model.strip is not None


def test_reading_while_paying_leaves_the_payment_alone() -> None:
    walk = Walk().scan().pay()
    before = walk.state.payment
    opened(walk, Question.PAY_OTHER)
    assert (walk.state.payment, walk.state.phase) == (before, Phase.PAYING)
    assert screen(walk).top.aside == "To pay €1.29"
    assert before.attempt is not None
    walk.take(CardProgress(TERMINAL, before.attempt.attempt_id, CardPhase.ENTER_PIN))
    assert isinstance(screen(walk).body, AnswerModel)
    walk.take(m.SheetClosed())
    body = screen(walk).body
    assert isinstance(body, PayModel)
    assert body.headline == "Enter your PIN on the reader"


def test_a_scan_while_paying_closes_them_and_waits_for_the_reader() -> None:
    walk = opened(Walk().scan().pay(), Question.PAY_OTHER)
    walk.take(m.ItemScanned(line(MILK, "b")))
    assert isinstance(screen(walk).body, PayModel)
    assert len(walk.state.payment.added_while_paying) == 1


def test_nothing_is_answered_while_a_payment_is_in_doubt() -> None:
    walk = in_doubt(Walk().scan().pay())
    assert not may_ask(walk.state)
    assert manner_tap("questions", "", walk.state) is None
    walk.take(m.SheetOpened(m.Sheet.QUESTIONS))
    assert isinstance(screen(walk).body, CheckingModel)


def test_no_is_counted_once_and_offers_a_colleague() -> None:
    walk = opened(Walk().scan(), Question.RETURNS)
    walk.take(m.LanguageChosen("ro"))
    effects = walk.take(AnswerRated(helped=False))
    assert counted(effects) == [fx.CountAnswer("returns", "ro", AnswerOutcome.NOT_HELPED)]
    assert counted(walk.take(AnswerRated(helped=True))) == []
    assert [button.tap_id for button in answered(walk).buttons] == ["call-staff"]
    assert counted(walk.take(m.HelpRequested("h"))) == []
    assert answered(walk).buttons == ()


def test_yes_is_counted_and_thanked_for() -> None:
    walk = opened(Walk(), Question.SCAN)
    assert counted(walk.take(AnswerRated(helped=True))) == [
        fx.CountAnswer("scan", "en", AnswerOutcome.HELPED)
    ]
    assert answered(walk).buttons == ()


def test_staff_called_from_an_answer_or_from_the_list_are_counted_as_unanswered() -> None:
    walk = opened(Walk(), Question.INVOICE)
    assert counted(walk.take(m.HelpRequested("h"))) == [fx.CountAnswer("invoice", "en", AnswerOutcome.CALLED)]
    assert counted(opened(Walk()).take(m.HelpRequested("h"))) == [
        fx.CountAnswer(NOT_LISTED, "en", AnswerOutcome.CALLED)
    ]
    assert counted(Walk().take(m.HelpRequested("h"))) == []


def test_a_rating_without_an_open_answer_counts_nothing() -> None:
    assert counted(Walk().take(AnswerRated(helped=False))) == []
    assert counted(opened(Walk()).take(AnswerRated(helped=False))) == []


def test_help_while_reading_does_not_ask_for_questions_again() -> None:
    walk = opened(Walk().scan())
    walk.take(m.HelpRequested("h"))
    banner = screen(walk).banner
    assert banner is not None
    assert "questions" not in {reason.tap_id for reason in banner.reasons}
    walk.take(m.SheetClosed())
    banner = screen(walk).banner
    assert banner is not None
    assert banner.reasons[-1].tap_id == "questions"
    assert walk.state.help is not None
    assert walk.state.help.state is HelpState.REQUESTED


def test_one_tap_leads_to_the_questions_from_the_screens_of_a_visit() -> None:
    attract = present(Walk().state, SCENE).body
    assert isinstance(attract, AttractModel)
    assert attract.questions is not None
    for walk in (Walk().scan(), Walk().scan().pay(), declined(Walk().scan().pay())):
        body = screen(walk).body
        buttons = body.tools if isinstance(body, BasketModel) else body.buttons  # type: ignore[union-attr]
        assert "questions" in {button.tap_id for button in buttons}


def test_reading_keeps_a_free_lane_awake() -> None:
    assert fx.StartTimer(m.Timer.IDLE) in Walk().take(m.SheetOpened(m.Sheet.QUESTIONS))
    assert fx.StartTimer(m.Timer.THANKS) in Walk().scan().pay().authorise().complete().take(
        m.SheetOpened(m.Sheet.QUESTIONS)
    )


def test_the_taps_of_questions_mean_what_they_say() -> None:
    state = Walk().state
    assert manner_tap("questions", "", state) == m.SheetOpened(m.Sheet.QUESTIONS)
    assert manner_tap("question", "scan", state) == QuestionOpened("scan")
    assert manner_tap("answer", "no", state) == AnswerRated(helped=False)
    assert manner_tap("answer", "helped", state) == AnswerRated(helped=True)
    for verb, subject in (("question", "unheard"), ("answer", "maybe"), ("question", "")):
        assert manner_tap(verb, subject, state) is None


@pytest.mark.parametrize("seed", range(30))
def test_reading_never_changes_basket_or_payment(seed: int) -> None:
    chance = Random(seed)
    walk = RandomWalk()
    for _ in range(40):
        walk.wander(chance)
        before = (walk.state.basket, walk.state.payment, walk.state.phase)
        walk.take(m.SheetOpened(m.Sheet.QUESTIONS))
        walk.take(QuestionOpened("scan"), AnswerRated(helped=chance.random() < 0.5))
        assert (walk.state.basket, walk.state.payment, walk.state.phase) == before
        assert screen(walk).language == walk.state.language
        assert Texts(walk.state.language)
