"""Owns the way from the lane's state to a screen: `present(state, scene) -> ScreenModel`, a pure function.

It must not know Kivy or devices. Words are put in here, in the shopper's language; nothing is decided.
"""

from __future__ import annotations

from assets.texts import Texts
from inventory.domain.help_desk import OPEN_STATES, HelpState
from kiosk.checkout.machine import TERMINAL
from kiosk.checkout.messages import Sheet
from kiosk.checkout.state import CAN_SCAN, LaneState, Phase
from kiosk.ui.presenter import assistance, goods, payment
from kiosk.ui.presenter.scene import LANGUAGE_NAMES, Scene
from kiosk.ui.screen_model import (
    AttractModel,
    Body,
    ButtonModel,
    DegradedModel,
    Lamp,
    LanguageSheet,
    RowSheet,
    ScreenModel,
    ScreenName,
    TopBar,
)

_WITH_STRIP = frozenset({ScreenName.BASKET, ScreenName.FIND, ScreenName.NOT_PAID})
_BASKET_SHEETS = frozenset({Sheet.FIND, Sheet.NO_BARCODE, Sheet.WEIGH})


def present(state: LaneState, scene: Scene, *, serial: int = 0, sound: str = "") -> ScreenModel:
    """The whole screen for `state`; `scene` holds what is not the lane's state (shelf, texts, time)."""
    texts = scene.texts(state.language)
    name, body = _body(state, scene, texts)
    sheet = _sheet(state, texts)
    if isinstance(sheet, RowSheet):
        name = ScreenName.ROW
    elif isinstance(sheet, LanguageSheet):
        name = ScreenName.LANGUAGE
    return ScreenModel(
        name=name,
        language=state.language,
        top=_top(state, scene, texts, name),
        body=body,
        help=assistance.help_button(state, texts),
        banner=assistance.banner(state, texts),
        strip=assistance.strip(state, texts) if name in _WITH_STRIP else None,
        sheet=sheet,
        sound=sound,
        serial=serial,
    )


def _body(state: LaneState, scene: Scene, texts: Texts) -> tuple[ScreenName, Body]:
    if state.view.sheet is Sheet.WEIGH and state.phase in CAN_SCAN:
        return goods.weigh(state, texts)
    match state.phase:
        case Phase.PAYING if state.devices.storage_failed:
            return payment.checking(state, texts)
        case Phase.PAYING:
            return payment.paying(state, texts)
        case Phase.CHECKING:
            return payment.checking(state, texts)
        case Phase.NOT_PAID:
            return payment.not_paid(state, texts)
        case Phase.THANKS:
            return payment.thanks(state, scene, texts)
        case Phase.ATTRACT | Phase.SCANNING:
            return _gathering(state, scene, texts)


def _gathering(state: LaneState, scene: Scene, texts: Texts) -> tuple[ScreenName, Body]:
    match state.view.sheet:
        case Sheet.FIND:
            return goods.find(state, scene, texts)
        case Sheet.NO_BARCODE:
            return goods.no_barcode(state, scene, texts)
        case _:
            pass
    if state.devices.storage_failed:
        return ScreenName.DEGRADED, DegradedModel(
            headline=texts("This lane is closed"),
            text=f"{texts('Please tap Help.')} {texts('Your basket is kept.')}",
        )
    if state.phase is Phase.SCANNING:
        return goods.basket(state, scene, texts)
    return ScreenName.ATTRACT, _attract(state, scene, texts)


def _attract(state: LaneState, scene: Scene, texts: Texts) -> AttractModel:
    title = "Scan your first item"
    others = [Texts(language)(title) for language in LANGUAGE_NAMES if language != state.language]
    return AttractModel(
        title=texts("Scan your first item"),
        other_titles=tuple(others),
        languages=_language_buttons(state),
        payment_kinds=texts("Card · Phone"),
        find=ButtonModel("find", texts("Find an item"), "find"),
        notice=_notice(state, scene, texts),
    )


def _notice(state: LaneState, scene: Scene, texts: Texts) -> str:
    """What does not work is said before the first scan, not after the last."""
    if state.view.problem is not None:
        return assistance.problem_words(state, texts)
    if not scene.shelf.version:
        return texts("This lane is getting its prices. One moment, please.")
    if TERMINAL not in state.devices.ready:
        return texts("The card reader is not working. Please use another lane.")
    return ""


def _language_buttons(state: LaneState) -> tuple[ButtonModel, ...]:
    return tuple(
        ButtonModel(f"lang:{code}", name, chosen=code == state.language)
        for code, name in LANGUAGE_NAMES.items()
    )


def _sheet(state: LaneState, texts: Texts) -> RowSheet | LanguageSheet | None:
    if state.view.sheet is Sheet.LANGUAGE:
        return LanguageSheet(
            title=texts("Choose your language"),
            languages=_language_buttons(state),
            close=ButtonModel("close", texts("Close"), "close"),
        )
    if state.view.sheet is Sheet.ROW and state.phase is Phase.SCANNING:
        return goods.row_sheet(state, texts)
    return None


def _top(state: LaneState, scene: Scene, texts: Texts, name: ScreenName) -> TopBar:
    lane = texts("Lane %(lane)s") % {"lane": scene.lane_label}
    count = state.basket.piece_count
    aside = note = ""
    if state.phase is Phase.ATTRACT and state.view.sheet not in _BASKET_SHEETS:
        if TERMINAL in state.devices.ready:
            lane = texts("Lane %(lane)s · open") % {"lane": scene.lane_label}
        aside = scene.store_name
    elif state.phase is Phase.THANKS:
        aside = texts("Next scan starts a new basket")
    elif count:
        note = texts.plural("%(n)d item", "%(n)d items", count)
    back = _back(state, texts, name)
    return TopBar(
        lamp=_lamp(state),
        lane=lane,
        note=note,
        back=back,
        language=ButtonModel("language", LANGUAGE_NAMES[state.language], "globe"),
        aside=aside,
    )


def _back(state: LaneState, texts: Texts, name: ScreenName) -> ButtonModel | None:
    if name in (ScreenName.FIND, ScreenName.NO_BARCODE, ScreenName.WEIGH):
        return ButtonModel("close", texts("Close"), "close")
    if state.phase in (Phase.PAYING, Phase.NOT_PAID) and name in (ScreenName.PAY, ScreenName.NOT_PAID):
        return ButtonModel("back", texts("Back to basket"), "back")
    return None


def _lamp(state: LaneState) -> Lamp:
    call = state.help
    if state.devices.storage_failed:
        return Lamp.CLOSED
    if call is None or call.state not in OPEN_STATES:
        return Lamp.CALLING if state.phase is Phase.CHECKING else Lamp.FREE
    if call.state in (HelpState.REQUESTED, HelpState.DELIVERED):
        return Lamp.CALLING
    return Lamp.HERE if call.state is HelpState.ARRIVED else Lamp.COMING
