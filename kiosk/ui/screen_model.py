"""Owns what a screen shows, as plain values: the presenter makes them, the window draws them.

It must not know Kivy, the lane's state (preferences excepted) or gettext. All texts are final. A tap on what
carries a `tap_id` comes back to the lane as that string; nothing else comes back.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from inventory.domain.store_map import StoreMap
from kiosk.checkout.preferences import Preferences
from kiosk.ui.item_card_model import ItemCardModel
from kiosk.ui.model_parts import ButtonModel as ButtonModel  # noqa: PLC0414 - part of every screen
from kiosk.ui.model_parts import Lamp as Lamp  # noqa: PLC0414 - part of every screen
from kiosk.ui.model_parts import RowModel as RowModel  # noqa: PLC0414 - part of every screen
from kiosk.ui.model_parts import ScreenName as ScreenName  # noqa: PLC0414 - part of every screen
from kiosk.ui.model_parts import Told as Told  # noqa: PLC0414 - part of every screen
from kiosk.ui.panel_model import PanelModel as PanelModel  # noqa: PLC0414 - a body like the others
from kiosk.ui.staff_model import PadModel as PadModel  # noqa: PLC0414 - a body like the others
from kiosk.ui.staff_model import StaffModel as StaffModel  # noqa: PLC0414 - a body like the others
from kiosk.ui.staff_model import StaffNeed as StaffNeed  # noqa: PLC0414 - part of a body


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
    """The help request in progress (K14). `initial` is the helper's first letter or "".

    `again` stands beside `cancel` once somebody says that all is solved: it was not. `news` is what staff
    wrote last, for the eyes in the place of the text.
    """

    title: str
    text: str
    initial: str
    cancel: ButtonModel | None
    prompt: str
    reasons: tuple[ButtonModel, ...]
    again: ButtonModel | None = None
    news: str = ""

    @property
    def answers(self) -> tuple[ButtonModel, ...]:
        """What ends the banner or begins it anew."""
        return tuple(each for each in (self.cancel, self.again) if each is not None)

    @property
    def last_answer(self) -> tuple[ButtonModel, ...]:
        """The one that stays where there is room for no more: a yes comes by itself after a while."""
        return self.answers[-1:]


@dataclass(frozen=True, slots=True)
class Strip:
    """One inline message over the total; never a dialog. `icon` a stem of assets/icons."""

    lead: str
    text: str
    icon: str = "clock"
    action: ButtonModel | None = None
    second: ButtonModel | None = None


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
    questions: ButtonModel | None = None
    notice: str = ""  # degraded modes are said before the first scan
    no_barcode: ButtonModel | None = None


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
    counts: tuple[ButtonModel, ...] = ()
    """The numbers one tap sets; empty where there is nothing to count."""
    search: ButtonModel | None = None  # unknown goods by name; known ones: the price is wrong


@dataclass(frozen=True, slots=True)
class TileSheet:
    """K17 and K18, drawn over any screen: big tiles to choose from, those that are chosen marked."""

    title: str
    tiles: tuple[ButtonModel, ...]
    close: ButtonModel


@dataclass(frozen=True, slots=True)
class CardSheet:
    """The preference card as a QR code to photograph or to print, drawn over any screen."""

    title: str
    text: str
    note: str
    qr: str
    close: ButtonModel
    print_button: ButtonModel | None = None  # None: there is no paper


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
    pin: bool = False  # being entered: nothing but one fixed sentence may be said


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
    reasons: tuple[ButtonModel, ...] = ()
    """What may have gone wrong, in the place of the faces after a bad one; nobody need choose."""
    person: str = ""
    """After the worst face: that Help is there. That staff hear of the face by themselves is never said."""


@dataclass(frozen=True, slots=True)
class FoundItem:
    """One good that was found. `bars` 0..3 draws the stock band; `detail` is the price of a kilogram."""

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
    detail: str = ""


@dataclass(frozen=True, slots=True)
class FindModel:
    """K15. `keys` are rows of characters; the window adds space and backspace from their buttons."""

    query: str
    placeholder: str
    results: tuple[FoundItem, ...]
    empty_text: str
    map: StoreMap | None
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
    letters: tuple[ButtonModel, ...]
    previous: ButtonModel | None
    next: ButtonModel | None
    search: ButtonModel | None
    """None where one thing at a time is shown, and this is not its turn."""
    number: ButtonModel | None = None


@dataclass(frozen=True, slots=True)
class Good:
    """One good to look at: it is chosen by a button, not by itself."""

    name: str
    price: str
    pictogram: str


@dataclass(frozen=True, slots=True)
class NumberModel:
    """K3, the number on a sticker: what was typed, and the good that carries it; `alarm` where none does."""

    title: str
    text: str
    number: str
    found: Good | None
    alarm: bool
    erase: ButtonModel
    ok: ButtonModel


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
class QuestionsModel:
    """K16: at most twelve situations, the likely ones first; pages only where a page is full with six."""

    title: str
    tiles: tuple[ButtonModel, ...]
    previous: ButtonModel | None
    next: ButtonModel | None


@dataclass(frozen=True, slots=True)
class AnswerLine:
    """One paragraph of an answer; `point` gives it a dot, `strong` heavier letters."""

    text: str
    point: bool = False
    strong: bool = False


@dataclass(frozen=True, slots=True)
class AnswerModel:
    """K16, one answer: its picture, a few lines, and whether it helped."""

    title: str
    icon: str
    lines: tuple[AnswerLine, ...]
    asked: str
    buttons: tuple[ButtonModel, ...]
    close: ButtonModel


@dataclass(frozen=True, slots=True)
class DegradedModel:
    """K20: the lane cannot sell; what to do instead."""

    headline: str
    text: str


@dataclass(frozen=True, slots=True)
class StillThereModel:
    """K19: the question, and later the veil over a kept basket. The whole screen is the one button.

    `asks` draws the ring of a question; a veil is calm and shows nothing of the basket.
    """

    headline: str
    text: str
    here: ButtonModel
    asks: bool


@dataclass(frozen=True, slots=True)
class ParkedModel:
    """K10's other ways: the code under which staff find the basket, big and as a QR code."""

    headline: str
    code: str
    text: str
    qr: str
    buttons: tuple[ButtonModel, ...]


Body = (
    AttractModel
    | BasketModel
    | PayModel
    | NotPaidModel
    | CheckingModel
    | ThanksModel
    | FindModel
    | ItemCardModel
    | NoBarcodeModel
    | NumberModel
    | WeighModel
    | DegradedModel
    | QuestionsModel
    | AnswerModel
    | StillThereModel
    | ParkedModel
    | PadModel
    | StaffModel
    | PanelModel
)


@dataclass(frozen=True, slots=True)
class ScreenModel:
    """One whole screen. `name` is what stands in front; `help` and `access` are the same everywhere."""

    name: ScreenName
    language: str
    top: TopBar
    body: Body
    help: ButtonModel
    access: ButtonModel
    banner: HelpBanner | None = None
    strip: Strip | None = None
    sheet: RowSheet | TileSheet | CardSheet | None = None
    preferences: Preferences = field(default_factory=Preferences)  # how all of it is to be drawn and said
    currency: str = ""  # ISO 4217, for amounts that show no sign
    sound: str = ""
    told: Told | None = None  # by staff, in the call that is open
    for_shopper: bool = True  # an installer's screen has neither help nor accessibility
    serial: int = 0
    """Grows by one with every snapshot; the window may skip any but the newest."""
