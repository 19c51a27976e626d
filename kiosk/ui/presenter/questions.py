"""Owns the words and order of the questions a shopper may look up, and of one answer.

It must not know Kivy. The answers' own words are in assets/faq, one file a language.
"""

from __future__ import annotations

from assets.answers import Answer, Answers, BlockKind
from assets.texts import Texts
from inventory.domain.help_desk import OPEN_STATES
from inventory.domain.money import format_money
from inventory.domain.questions import AnswerOutcome
from kiosk.assist.faq import Question, moment_of, ordered
from kiosk.checkout.preferences import Preference, Preferences
from kiosk.checkout.state import LaneState, Phase
from kiosk.ui.presenter.pages import (
    FULLEST,
    TILES_A_SIMPLE_PAGE,
    TILES_ON_THE_FULLEST_PAGE,
    page_after,
    page_before,
)
from kiosk.ui.screen_model import AnswerLine, AnswerModel, ButtonModel, QuestionsModel, ScreenName

TILES_A_PAGE = 12
TILES_ON_A_FULL_PAGE = 6
"""So many where large letters, low controls or the help banner take the room."""


def entry(texts: Texts) -> ButtonModel:
    """The way to the questions, wherever a screen has room for it."""
    return ButtonModel("questions", texts("Questions"), "questions")


def questions(
    state: LaneState, answers: Answers, texts: Texts
) -> tuple[ScreenName, QuestionsModel | AnswerModel]:
    if state.view.question:
        answer = answers.get(state.view.question, state.language)
        if answer is not None:
            return ScreenName.QUESTIONS, _answer(answer, state, texts)
    tiles = tuple(
        ButtonModel(f"question:{question.value}", answer.title, answer.icon)
        for question, answer in _known(state, answers)
    )
    size = tiles_a_page(state.preferences, help_called=state.help is not None)
    pages = max(1, -(-len(tiles) // size))
    simple = Preference.SIMPLE in state.preferences
    page = min(max(state.view.page, 0), pages - 1)
    return ScreenName.QUESTIONS, QuestionsModel(
        title=texts("What would you like to know?"),
        tiles=tiles[page * size : (page + 1) * size],
        previous=None if simple else page_before(page, texts),
        next=page_after(page, pages, texts, round_again=simple),
    )


def _known(state: LaneState, answers: Answers) -> list[tuple[Question, Answer]]:
    """A question nobody has answered in any language of the chain has no tile."""
    found = (
        (question, answers.get(question.value, state.language)) for question in ordered(moment_of(state))
    )
    return [(question, answer) for question, answer in found if answer is not None]


def tiles_a_page(preferences: Preferences, *, help_called: bool) -> int:
    """Fewer where each takes more room, or where little is to be shown at once."""
    if Preference.SIMPLE in preferences:
        return TILES_A_SIMPLE_PAGE - 1 if help_called else TILES_A_SIMPLE_PAGE
    if preferences.on >= FULLEST:
        return TILES_ON_THE_FULLEST_PAGE
    roomy = {Preference.LARGE_TEXT, Preference.REACH} & preferences.on
    return TILES_ON_A_FULL_PAGE if roomy or help_called else TILES_A_PAGE


def _answer(answer: Answer, state: LaneState, texts: Texts) -> AnswerModel:
    is_called = state.help is not None and state.help.state in OPEN_STATES
    call = () if is_called else (ButtonModel("call-staff", texts("Call staff"), "person"),)
    buttons: tuple[ButtonModel, ...]
    match state.view.outcome:
        case None:
            asked = texts("Did this help?")
            buttons = (
                ButtonModel("answer:helped", texts("Yes"), "tick"),
                ButtonModel("answer:no", texts("No"), "cross"),
                *call,
            )
        case AnswerOutcome.HELPED:
            asked, buttons = texts("Good to know."), ()
        case AnswerOutcome.NOT_HELPED | AnswerOutcome.CALLED:
            asked, buttons = _not_helped(texts, is_called=is_called), call
    return AnswerModel(
        title=answer.title,
        icon=answer.icon,
        lines=tuple(
            AnswerLine(block.text, block.kind is BlockKind.ITEM, _is_strong(block.kind, strong=block.strong))
            for block in answer.blocks
        ),
        asked=asked,
        buttons=buttons,
        close=ButtonModel("close", texts("Close"), "close"),
    )


def _not_helped(texts: Texts, *, is_called: bool) -> str:
    sorry = texts("Sorry, we will write it better.")
    return sorry if is_called else f"{sorry} {texts('A colleague can help you now.')}"


def _is_strong(kind: BlockKind, *, strong: bool) -> bool:
    return strong or kind is BlockKind.HEADING


def back(state: LaneState, texts: Texts) -> ButtonModel:
    """From an answer to the list, from the list to the screen below."""
    if state.view.question:
        return ButtonModel("questions", texts("All questions"), "back")
    return ButtonModel("close", texts("Close"), "close")


def aside(state: LaneState, texts: Texts) -> str:
    """What the basket comes to, or what the reader waits for: it stays in sight."""
    if not state.basket.lines or state.phase is Phase.THANKS:
        return ""
    amount = format_money(state.basket.total_minor, state.currency, state.language)
    label = texts("To pay") if state.phase is Phase.PAYING else texts("Basket")
    return f"{label} {amount}"
