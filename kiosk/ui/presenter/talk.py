"""Owns the words of the conversation with staff: what was said, what one may say, and what one is typing.

It must not know Kivy. Every phrase is worded in the shopper's language (`inventory.domain.phrase_words`); a
typed text stays as it was typed.
"""

from __future__ import annotations

from dataclasses import replace

from assets.languages import direction_of, own_name_of
from assets.texts import Texts
from assets.typesetting.isolation import bare, in_own_order
from inventory.domain.phrase_words import OPEN, language_name, said, unfilled
from inventory.domain.phrases import ShopperPhrase, Side, StaffPhrase, TextFault, read_text
from kiosk.assist.faq import Moment, moment_of
from kiosk.checkout.messages import Sheet
from kiosk.checkout.preferences import Preference, Preferences
from kiosk.checkout.state import LaneState
from kiosk.checkout.talk import Passing, Spoken
from kiosk.ui.presenter import finding, keys
from kiosk.ui.presenter.goods import full_name
from kiosk.ui.presenter.pages import (
    FULLEST,
    TILES_A_SIMPLE_PAGE,
    TILES_ON_THE_FULLEST_PAGE,
    page_after,
    page_before,
)
from kiosk.ui.presenter.scene import Scene
from kiosk.ui.screen_model import ButtonModel, HelpBanner, ScreenName, Told
from kiosk.ui.talk_model import BubbleModel, TalkModel, WriteModel

TILES_A_PAGE = 6
FIELD_LETTERS, FIELD_LETTERS_LARGE = 24, 12
"""So much of a text stands in its field; all of it is shown beside."""

_P = ShopperPhrase
_GOODS = (_P.ITEM_WONT_SCAN, _P.PRICE_WRONG, _P.WRONG_ITEM_ADDED, _P.WHERE_IS, _P.COUPON_FAILS)
_MONEY = (_P.CARD_DECLINED, _P.PAID_NO_RECEIPT, _P.CHARGED_TWICE, _P.WANT_INVOICE, _P.WANT_REFUND)
_NEEDS = (_P.NEED_BAG, _P.NEED_BASKET_HELP, _P.NEED_AGE_CHECK, _P.NEED_WHEELCHAIR_LANE, _P.LOYALTY_FAILS)
_SELF = (_P.THANKS, _P.NEVER_MIND, _P.SPEAK, _P.I_AM_DEAF_WRITE, _P.I_AM_BLIND_SPEAK)
_SAFETY = (_P.LOST_CHILD, _P.SPILL_OR_DANGER)
_PAYING = frozenset({Moment.PAYING, Moment.NOT_PAID, Moment.THANKS})
_ICONS = {
    _P.ITEM_WONT_SCAN: "barcode",
    _P.PRICE_WRONG: "receipt",
    _P.WRONG_ITEM_ADDED: "basket",
    _P.WHERE_IS: "find",
    _P.COUPON_FAILS: "voucher",
    _P.CARD_DECLINED: "card",
    _P.PAID_NO_RECEIPT: "printer",
    _P.CHARGED_TWICE: "card",
    _P.WANT_INVOICE: "receipt",
    _P.WANT_REFUND: "returns",
    _P.NEED_BAG: "bag",
    _P.NEED_BASKET_HELP: "basket",
    _P.NEED_AGE_CHECK: "person",
    _P.NEED_WHEELCHAIR_LANE: "accessibility",
    _P.LOYALTY_FAILS: "voucher",
    _P.THANKS: "face-great",
    _P.NEVER_MIND: "tick",
    _P.SPEAK: "globe",
    _P.I_AM_DEAF_WRITE: "write",
    _P.I_AM_BLIND_SPEAK: "speaker",
    _P.LOST_CHILD: "exclamation",
    _P.SPILL_OR_DANGER: "exclamation",
}
_PRIVATE = frozenset(
    {StaffPhrase.PRICE_IS, StaffPhrase.CANNOT_SELL_ITEM, StaffPhrase.SHOW_ID_PLEASE, StaffPhrase.OFFER_ENDED}
    | {StaffPhrase.BANK_REFUSED_NOT_US}
)
"""About money, goods or age: a loudspeaker says only that somebody has written."""


def talk(state: LaneState, scene: Scene, texts: Texts) -> tuple[ScreenName, TalkModel | WriteModel]:
    """What is being typed, else what was said and the phrases one may say."""
    if state.view.base is Sheet.WRITE:
        return ScreenName.TALK, _write(state, scene, texts)
    simple = Preference.SIMPLE in state.preferences
    size = _tiles_a_page(state.preferences) - 1  # the way to the keys stands on every page
    likely = _ordered(moment_of(state), size)
    pages = -(-len(likely) // size)
    page = min(max(state.view.page, 0), pages - 1)
    return ScreenName.TALK, TalkModel(
        title=texts("What do you want to say?"),
        tiles=(
            *(_tile(each, state, texts) for each in likely[page * size : (page + 1) * size]),
            ButtonModel("typing", texts("Type it yourself"), "write"),
        ),
        previous=None if simple else page_before(page, texts),
        next=page_after(page, pages, texts, round_again=simple),
        bubbles=tuple(_bubble(each, state, scene, texts) for each in state.talk.entries),
    )


def may_talk(state: LaneState) -> bool:
    """Not where one sentence alone may stand on the screen; a card in the reader comes first."""
    return state.view.base in (Sheet.TALK, Sheet.WRITE) and state.staff is None


def told(state: LaneState, scene: Scene, texts: Texts) -> Told | None:
    """What staff said last in the call that is open."""
    newest = state.talk.newest_of_staff
    if newest is None:
        return None
    who = newest.staff_name or texts("Staff")
    is_private = newest.phrase is None or newest.phrase.phrase_id in _PRIVATE
    text = f"{who}: {_words(newest, state, scene, texts)}"
    wrote = texts("%(name)s has written to you.") % {"name": who}
    return Told(newest.entry_id, text, wrote if is_private else text)


def with_news(banner: HelpBanner | None, state: LaneState, scene: Scene, texts: Texts) -> HelpBanner | None:
    """The banner with the way to write, and with what staff said last as its line."""
    if banner is None or banner.cancel is None or banner.cancel.tap_id != "cancel":
        return banner
    if may_talk(state):  # all of it stands below
        return replace(banner, text="", prompt="", reasons=())
    newest = state.talk.newest_of_staff
    is_shopper = all(button.tap_id != "staff" for button in banner.reasons)
    write = (ButtonModel("write", texts("Write"), "write"),) if is_shopper else ()
    news = _words(newest, state, scene, texts) if newest is not None else ""
    return replace(banner, news=news, reasons=(*write, *banner.reasons))


def back(state: LaneState, texts: Texts) -> ButtonModel:
    """From typing to what was said, from there to the screen below."""
    if state.view.base is Sheet.WRITE:
        return ButtonModel("write", texts("Back"), "back")
    return ButtonModel("close", texts("Close"), "close")


def _tiles_a_page(preferences: Preferences) -> int:
    """Fewer than of questions: what was said wants its room beside them."""
    if Preference.SIMPLE in preferences or preferences.on >= FULLEST:
        return TILES_A_SIMPLE_PAGE
    return TILES_ON_THE_FULLEST_PAGE if Preference.LARGE_TEXT in preferences else TILES_A_PAGE


def _ordered(moment: Moment, size: int) -> tuple[ShopperPhrase, ...]:
    """What people say at such a moment first; where somebody may come to harm always on the first page."""
    groups = (_MONEY, _GOODS) if moment in _PAYING else (_GOODS, _MONEY)
    calm = [each for group in (*groups, _SELF, _NEEDS) for each in group]
    first = max(size - len(_SAFETY), 1)
    return (*calm[:first], *_SAFETY, *calm[first:])


def _tile(phrase: ShopperPhrase, state: LaneState, texts: Texts) -> ButtonModel:
    label = unfilled(phrase, texts)
    if phrase is ShopperPhrase.SPEAK:  # one tap says which
        label = label.replace(OPEN, language_name(state.language, texts))
    return ButtonModel(f"say:{phrase.value}", label, _ICONS[phrase])


def _bubble(spoken: Spoken, state: LaneState, scene: Scene, texts: Texts) -> BubbleModel:
    is_mine = spoken.side is Side.SHOPPER
    who = texts("You") if is_mine else spoken.staff_name or texts("Staff")
    return BubbleModel(who, _words(spoken, state, scene, texts), _note(spoken, state, texts), mine=is_mine)


def _note(spoken: Spoken, state: LaneState, texts: Texts) -> str:
    if spoken.passing is Passing.REFUSED:
        return texts("This could not be passed on.")
    if spoken.passing is Passing.UNDER_WAY and not state.devices.store_online:
        return texts("Not sent yet")
    is_foreign = spoken.phrase is None and spoken.language != state.language
    return own_name_of(spoken.language) if is_foreign else ""


def _words(spoken: Spoken, state: LaneState, scene: Scene, texts: Texts) -> str:
    if spoken.phrase is None:
        return in_own_order(scene.typed.get(spoken.entry_id) or "…", direction_of(state.language))

    def name_of(gtin: str) -> str:
        item = scene.shelf.by_gtin.get(gtin)
        return bare(full_name(item, state.language)) if item is not None else gtin

    return said(spoken.phrase, texts, currency=state.currency, name_of=name_of)


# --- typing --------------------------------------------------------------------------------------


def _write(state: LaneState, scene: Scene, texts: Texts) -> WriteModel:
    asks_item = bool(state.view.subject)
    draft = state.view.query
    found = finding.asked_for(state, scene, texts) if asks_item else ()
    return WriteModel(
        query=_end_of(draft, state),
        placeholder=texts("Type a name") if asks_item else texts("Type to staff"),
        results=found,
        empty_text=_hint(draft, texts, asks_item=asks_item),
        map=None,
        keys=keys.rows(state),
        space=ButtonModel("space", texts("space")),
        erase=ButtonModel("erase", texts("Delete"), "backspace"),
        accents=keys.other_page(state),
        basket_total="",
        draft="" if asks_item else in_own_order(draft, direction_of(state.language)),
        send=None if asks_item else _send(draft, texts),
    )


def _end_of(draft: str, state: LaneState) -> str:
    most = FIELD_LETTERS_LARGE if Preference.LARGE_TEXT in state.preferences else FIELD_LETTERS
    end = draft if len(draft) <= most else f"…{draft[-most:]}"
    return in_own_order(end, direction_of(state.language))


def _send(draft: str, texts: Texts) -> ButtonModel:
    return ButtonModel("send", texts("Send"), "write", enabled=isinstance(read_text(draft), str))


def _hint(draft: str, texts: Texts, *, asks_item: bool) -> str:
    if asks_item:
        return texts("Nothing found. Try another word.") if len(draft.strip()) > 1 else ""
    if read_text(draft) is TextFault.CARD_NUMBER:
        return texts("Please type no card numbers here.")
    return ""
