"""Owns what a screen shows, as plain values: the presenter makes them, the window draws them.

It must not know Kivy, the lane's state or gettext. All texts are final and in the shopper's language. A tap
on anything that carries a `tap_id` comes back to the lane as that string; nothing else comes back.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class ScreenName(Enum):
    """Names a journey may expect; the whole list is kept even where a screen is drawn over another."""

    ATTRACT = "attract"
    BASKET = "basket"
    ROW = "row"
    NO_BARCODE = "no-barcode"
    WEIGH = "weigh"
    PAY = "pay"
    PAYING = "paying"
    NOT_PAID = "not-paid"
    CHECKING = "checking"
    THANKS = "thanks"
    HELP = "help"
    FIND = "find"
    LANGUAGE = "language"
    DEGRADED = "degraded"


class Lamp(Enum):
    """The lane lamp, on screen and above the lane: colour and pattern always change together."""

    FREE = "free"  # green, steady
    CALLING = "calling"  # amber, slow pulse
    COMING = "coming"  # amber, steady
    HERE = "here"  # blue, steady
    CLOSED = "closed"  # grey ring with a bar


@dataclass(frozen=True, slots=True)
class ButtonModel:
    """One thing to tap. `icon` is a file stem of assets/icons or ""."""

    tap_id: str
    label: str
    icon: str = ""
    enabled: bool = True
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class TopBar:
    """Upper edge of every screen. `back` replaces the lane's name where a way back exists."""

    lamp: Lamp
    lane: str
    note: str = ""
    back: ButtonModel | None = None
    language: ButtonModel | None = None
    aside: str = ""


@dataclass(frozen=True, slots=True)
class HelpBanner:
    """The help request in progress (K14). `initial` is the helper's first letter or ""."""

    title: str
    text: str
    initial: str
    cancel: ButtonModel | None
    prompt: str
    reasons: tuple[ButtonModel, ...]


@dataclass(frozen=True, slots=True)
class Strip:
    """One inline message over the total; never a dialog. `icon` a stem of assets/icons."""

    lead: str
    text: str
    icon: str = "clock"
    action: ButtonModel | None = None


@dataclass(frozen=True, slots=True)
class RowModel:
    """One basket row; tapping anywhere on it opens its sheet. `saving` colours the detail as a saving."""

    tap_id: str
    name: str
    detail: str
    amount: str
    pictogram: str
    saving: bool = False


@dataclass(frozen=True, slots=True)
class LastItem:
    """What the shopper just scanned, big. `tick` is the word under the tick ("Added")."""

    tap_id: str
    name: str
    detail: str
    price: str
    pictogram: str
    tick: str


@dataclass(frozen=True, slots=True)
class AttractModel:
    title: str
    other_titles: tuple[str, ...]
    languages: tuple[ButtonModel, ...]
    payment_kinds: str
    find: ButtonModel
    notice: str = ""  # degraded modes are said before the first scan


@dataclass(frozen=True, slots=True)
class BasketModel:
    last: LastItem | None
    rows: tuple[RowModel, ...]
    empty_text: str
    total_label: str
    total: str
    saved: str
    tools: tuple[ButtonModel, ...]
    pay: ButtonModel
    pay_amount: str


@dataclass(frozen=True, slots=True)
class RowSheet:
    """K2, drawn over the basket."""

    name: str
    detail: str
    amount: str
    pictogram: str
    quantity: str
    less: ButtonModel | None  # None: sold by weight or with a price label, so there is nothing to count
    more: ButtonModel | None
    remove: ButtonModel
    done: ButtonModel


@dataclass(frozen=True, slots=True)
class LanguageSheet:
    """K17, drawn over any screen: big tiles, names in their own language."""

    title: str
    languages: tuple[ButtonModel, ...]
    close: ButtonModel


@dataclass(frozen=True, slots=True)
class Step:
    """One phase of paying; `state` is "done", "now" or "next"."""

    label: str
    state: str


@dataclass(frozen=True, slots=True)
class PayModel:
    """K10 and K11. `busy` shows a turning ring instead of the reader's picture."""

    amount_label: str
    amount: str
    headline: str
    steps: tuple[Step, ...]
    hint: str
    busy: bool
    buttons: tuple[ButtonModel, ...]


@dataclass(frozen=True, slots=True)
class NotPaidModel:
    """K12: what happened, that nothing was charged, two ways on."""

    headline: str
    assurance: str
    text: str
    buttons: tuple[ButtonModel, ...]


@dataclass(frozen=True, slots=True)
class CheckingModel:
    """K12b."""

    headline: str
    warning: str
    text: str


@dataclass(frozen=True, slots=True)
class ThanksModel:
    """K13. `qr` is the text of the receipt's QR code, "" when there is none."""

    headline: str
    text: str
    qr: str
    receipt_title: str
    receipt_text: str
    print_button: ButtonModel | None
    question: str
    faces: tuple[ButtonModel, ...]
    closing: str


@dataclass(frozen=True, slots=True)
class FoundItem:
    """One search result. `bars` 0..3 draws the stock band; the word stands beside it."""

    tap_id: str
    name: str
    price: str
    place: str
    bars: int
    band: str
    age: str
    pictogram: str
    chosen: bool
    actions: tuple[ButtonModel, ...] = ()


@dataclass(frozen=True, slots=True)
class FindModel:
    """K15. `keys` are rows of characters; the window adds space and backspace from their buttons."""

    query: str
    placeholder: str
    results: tuple[FoundItem, ...]
    empty_text: str
    map_aisles: tuple[str, ...]
    map_chosen: str  # "" draws no map
    map_you: str
    keys: tuple[tuple[str, ...], ...]
    space: ButtonModel
    erase: ButtonModel
    accents: ButtonModel
    basket_total: str


@dataclass(frozen=True, slots=True)
class NoBarcodeModel:
    """K3: pictures to choose from, `page` turned by its buttons."""

    title: str
    tiles: tuple[FoundItem, ...]
    previous: ButtonModel | None
    next: ButtonModel | None
    search: ButtonModel


@dataclass(frozen=True, slots=True)
class WeighModel:
    """K4."""

    name: str
    pictogram: str
    price: str
    headline: str
    text: str
    again: ButtonModel | None


@dataclass(frozen=True, slots=True)
class DegradedModel:
    """K20: the lane cannot sell; what to do instead."""

    headline: str
    text: str


Body = (
    AttractModel
    | BasketModel
    | PayModel
    | NotPaidModel
    | CheckingModel
    | ThanksModel
    | FindModel
    | NoBarcodeModel
    | WeighModel
    | DegradedModel
)


@dataclass(frozen=True, slots=True)
class ScreenModel:
    """One whole screen. `name` is what stands in front; `help` is the fixed button, the same everywhere."""

    name: ScreenName
    language: str
    top: TopBar
    body: Body
    help: ButtonModel
    banner: HelpBanner | None = None
    strip: Strip | None = None
    sheet: RowSheet | LanguageSheet | None = None
    sound: str = ""
    serial: int = 0
    """Grows by one with every snapshot; the window may skip any but the newest."""
