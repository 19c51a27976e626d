"""Owns the way from the lane's state to a screen: `present(state, scene) -> ScreenModel`, a pure function.

It must not know Kivy or devices. Words are put in here, in the shopper's language; nothing is decided.
"""

from __future__ import annotations

from assets.languages import own_name_of
from assets.texts import Texts
from kiosk.assist.faq import may_ask
from kiosk.checkout import signalling
from kiosk.checkout.machine import TERMINAL
from kiosk.checkout.messages import ScanProblem, Sheet
from kiosk.checkout.preferences import Preference
from kiosk.checkout.state import CAN_SCAN, LaneState, Phase, Presence
from kiosk.ui.presenter import (
    assistance,
    away,
    counting,
    degraded,
    finding,
    goods,
    loose,
    news,
    payment,
    questions,
    settings,
    staff,
    talk,
)
from kiosk.ui.presenter.scene import Scene
from kiosk.ui.presenter.simple import simplified
from kiosk.ui.screen_model import (
    AttractModel,
    Body,
    ButtonModel,
    CardSheet,
    DegradedModel,
    Lamp,
    RowSheet,
    ScreenModel,
    ScreenName,
    Strip,
    TileSheet,
    TopBar,
)

_WITH_STRIP = frozenset({ScreenName.BASKET, ScreenName.FIND, ScreenName.NO_BARCODE, ScreenName.NOT_PAID})
_SHEET_NAMES = {
    Sheet.ROW: ScreenName.ROW,
    Sheet.LANGUAGE: ScreenName.LANGUAGE,
    Sheet.ACCESSIBILITY: ScreenName.ACCESSIBILITY,
    Sheet.CARD: ScreenName.SETTINGS_CARD,
    Sheet.STAFF_CONFIRM: ScreenName.STAFF,
    Sheet.STAFF_REASON: ScreenName.STAFF,
}
_BASKET_SHEETS = frozenset({Sheet.FIND, Sheet.NO_BARCODE, Sheet.STICKER, Sheet.WEIGH})


_LAMPS = {
    signalling.FREE: Lamp.FREE,
    signalling.CALLING: Lamp.CALLING,
    signalling.CALLING_UNHEARD: Lamp.CALLING_FAST,
    signalling.COMING: Lamp.COMING,
    signalling.HERE: Lamp.HERE,
    signalling.CLOSED: Lamp.CLOSED,
}
"""The lamp on the glass shows what the light above the lane shows."""


def present(state: LaneState, scene: Scene, *, serial: int = 0, sound: str = "") -> ScreenModel:
    """The whole screen for `state`; `scene` holds what is not the lane's state (shelf, texts, time)."""
    texts = scene.texts(state.language)
    name, body = _body(state, scene, texts)
    sheet = _sheet(state, scene, texts)
    simple = Preference.SIMPLE in state.preferences
    name = _SHEET_NAMES.get(state.view.sheet, name) if sheet is not None else name
    model = ScreenModel(
        name=name,
        language=state.language,
        top=_top(state, scene, texts, name),
        body=body,
        help=assistance.help_button(state, texts),
        access=ButtonModel("accessibility", texts("Accessibility"), "accessibility"),
        banner=talk.with_news(assistance.banner(state, scene, texts), state, scene, texts),
        strip=_strip(state, scene, texts) if name in _WITH_STRIP else None,
        sheet=sheet,
        preferences=state.preferences,
        currency=state.currency,
        sound=sound,
        told=talk.told(state, scene, texts),
        serial=serial,
    )
    return simplified(model) if simple else model


def _strip(state: LaneState, scene: Scene, texts: Texts) -> Strip | None:
    """What stops paying or failed goes first, then what somebody brings, then what is merely so."""
    if assistance.is_urgent(state):
        return assistance.strip(state, scene, texts)
    return finding.errand_strip(state, scene, texts) or assistance.strip(state, scene, texts)


def _body(state: LaneState, scene: Scene, texts: Texts) -> tuple[ScreenName, Body]:
    if state.view.sheet is Sheet.STAFF_PIN and state.phase is not Phase.PAYING:
        return staff.pin_pad(state, texts)
    if state.staff is not None:
        pad = state.view.sheet is Sheet.STAFF_PRICE
        return staff.price_pad(state, texts) if pad else staff.mode(state, texts)
    if state.view.base is Sheet.WEIGH and state.phase in CAN_SCAN:
        return goods.weigh(state, scene, texts)
    if state.presence is not Presence.HERE:
        return away.still_there(state, texts)
    if state.view.base is Sheet.QUESTIONS and may_ask(state):
        return questions.questions(state, scene.answers, texts)
    if talk.may_talk(state) and may_ask(state):
        return talk.talk(state, scene, texts)
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
        case Phase.PARKED:
            return away.parked(state, texts)
        case Phase.ATTRACT | Phase.SCANNING:
            return _gathering(state, scene, texts)


def _gathering(state: LaneState, scene: Scene, texts: Texts) -> tuple[ScreenName, Body]:
    match state.view.base:
        case Sheet.FIND:
            return finding.find(state, scene, texts)
        case Sheet.NO_BARCODE:
            return loose.no_barcode(state, scene, texts)
        case Sheet.STICKER:
            return loose.sticker(state, scene, texts)
        case _:
            pass
    if state.devices.storage_failed:
        return ScreenName.DEGRADED, DegradedModel(
            headline=texts("This lane is closed"),
            text=f"{texts('Please tap Help.')} {texts('Your basket is kept.')}",
        )
    if state.closed_by and state.phase is Phase.ATTRACT:
        other = degraded.other_lane(state, scene, texts)
        if state.view.problem is ScanProblem.LANE_CLOSED:
            other = f"{texts('I cannot take this here.')} {other}"
        headline = texts("Back in a moment") if state.is_paused else texts("This lane is closed")
        return ScreenName.DEGRADED, DegradedModel(headline=headline, text=other)
    if state.phase is Phase.SCANNING:
        pad = counting.count_pad(state, texts) if state.view.base is Sheet.COUNT else None
        return pad or goods.basket(state, scene, texts)
    return ScreenName.ATTRACT, _attract(state, scene, texts)


def _attract(state: LaneState, scene: Scene, texts: Texts) -> AttractModel:
    title = "Scan your first item"
    others = [Texts(language)(title) for language in scene.chips if language != state.language]
    return AttractModel(
        title=texts("Scan your first item"),
        other_titles=tuple(others),
        languages=_language_buttons(state, scene.chips),
        payment_kinds=texts("Card · Phone"),
        find=ButtonModel("find", texts("Find an item"), "find"),
        questions=questions.entry(texts),
        notice=_notice(state, scene, texts),
        no_barcode=ButtonModel("no-barcode", texts("No barcode"), "no-barcode"),
    )


def _notice(state: LaneState, scene: Scene, texts: Texts) -> str:
    """What does not work is said before the first scan, not after the last."""
    if state.news is not None:
        return news.notice(state, texts)
    if state.view.problem is not None:
        return assistance.problem_words(state, texts)
    if state.view.card_read:
        return texts("Your settings are on.")
    if not scene.shelf.version:
        return texts("This lane is getting its prices. One moment, please.")
    return degraded.notice(state, scene, texts)


def _language_buttons(state: LaneState, codes: tuple[str, ...]) -> tuple[ButtonModel, ...]:
    return tuple(
        ButtonModel(f"lang:{code}", own_name_of(code), chosen=code == state.language) for code in codes
    )


def _sheet(state: LaneState, scene: Scene, texts: Texts) -> RowSheet | TileSheet | CardSheet | None:
    if state.view.sheet is Sheet.LANGUAGE:
        return TileSheet(
            title=texts("Choose your language"),
            tiles=_language_buttons(state, scene.offered),
            close=ButtonModel("close", texts("Close"), "close"),
        )
    if state.view.sheet is Sheet.ACCESSIBILITY:
        return assistance.accessibility_sheet(state, texts)
    if state.view.sheet is Sheet.CARD:
        return settings.card_sheet(state, scene, texts)
    if state.view.sheet is Sheet.STAFF_CONFIRM and state.staff is not None:
        return staff.confirm_sheet(state, texts)
    if state.view.sheet is Sheet.STAFF_REASON and state.staff is not None:
        return staff.reason_sheet(state, texts)
    if state.view.sheet is Sheet.ROW and state.phase is Phase.SCANNING and state.presence is Presence.HERE:
        return goods.row_sheet(state, texts)
    return None


def _top(state: LaneState, scene: Scene, texts: Texts, name: ScreenName) -> TopBar:
    lane = texts("Lane %(lane)s") % {"lane": scene.lane_label}
    count = state.basket.piece_count
    aside = note = ""
    if name is ScreenName.QUESTIONS:
        aside = questions.aside(state, texts)
    elif state.phase is Phase.ATTRACT and state.view.base not in _BASKET_SHEETS:
        if TERMINAL in state.devices.ready:
            lane = texts("Lane %(lane)s · open") % {"lane": scene.lane_label}
        aside = scene.store_name
    elif state.phase in (Phase.THANKS, Phase.PARKED):
        aside = texts("Next scan starts a new basket")
    elif count and state.presence is not Presence.AWAY:
        note = texts.plural("%(n)d item", "%(n)d items", count)
    back = _back(state, texts, name)
    return TopBar(
        lamp=_LAMPS[signalling.light(state)],
        lane=lane,
        note=note,
        back=back,
        language=ButtonModel("language", own_name_of(state.language), "globe"),
        aside=aside,
    )


def _back(state: LaneState, texts: Texts, name: ScreenName) -> ButtonModel | None:
    if name is ScreenName.QUESTIONS:
        return questions.back(state, texts)
    if name is ScreenName.TALK:
        return talk.back(state, texts)
    if name is ScreenName.STAFF:
        pads = (Sheet.STAFF_PIN, Sheet.STAFF_PRICE, Sheet.STAFF_TEST)
        return ButtonModel("close", texts("Close"), "close") if state.view.sheet in pads else None
    if state.view.base is Sheet.STICKER and name is ScreenName.NO_BARCODE:
        return ButtonModel("no-barcode", texts("Back"), "back")
    if name is ScreenName.ROW and state.view.base is Sheet.COUNT:
        return ButtonModel("count-back", texts("Back"), "back")
    if name in (ScreenName.FIND, ScreenName.NO_BARCODE, ScreenName.WEIGH):
        return ButtonModel("close", texts("Close"), "close")
    if state.phase in (Phase.PAYING, Phase.NOT_PAID) and name in (ScreenName.PAY, ScreenName.NOT_PAID):
        return ButtonModel("back", texts("Back to basket"), "back")
    return None
