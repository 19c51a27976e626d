"""Owns sample screens: one of every kind in English, and the same with the long words of other languages.

It must not know the lane: these are finished values, for pictures and for the tests of the window.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import fields, is_dataclass, replace
from pathlib import Path
from typing import Any

from assets.languages import SHIPPED, own_name_of
from kiosk.ui import gallery_visit
from kiosk.ui.gallery_finding import FIND, PAD, cards, sticker_samples
from kiosk.ui.gallery_questions import CARD_SHEET, MORE_TILES, asked_samples
from kiosk.ui.gallery_staff import add_staff_samples, pending_sheet
from kiosk.ui.gallery_words import LONG_WORDS
from kiosk.ui.screen_model import (
    AttractModel,
    BasketModel,
    Body,
    ButtonModel,
    CardSheet,
    CheckingModel,
    DegradedModel,
    FoundItem,
    HelpBanner,
    Lamp,
    LastItem,
    NoBarcodeModel,
    NotPaidModel,
    PayModel,
    RowModel,
    RowSheet,
    ScreenModel,
    ScreenName,
    Step,
    Strip,
    TileSheet,
    TopBar,
    WeighModel,
)
from kiosk.ui.theme import Panel

LANGUAGE = ButtonModel("language", "English", icon="globe")
HELP = ButtonModel("help", "Help", icon="help")
ACCESS = ButtonModel("accessibility", "Accessibility", icon="accessibility")
CALLED = ButtonModel("help", "Called", icon="tick", chosen=True)
BACK = ButtonModel("back", "Back to basket", icon="back")
CLOSE = ButtonModel("close", "Close", icon="close")
LANGUAGES = tuple(ButtonModel(f"lang:{code}", own_name_of(code), chosen=code == "en") for code in SHIPPED)
TOOLS = (
    ButtonModel("no-barcode", "No barcode", icon="no-barcode"),
    ButtonModel("bag", "Bag +", icon="bag"),
    ButtonModel("find", "Find", icon="find"),
    ButtonModel("questions", "Questions", icon="questions"),
)
ROWS = (
    RowModel("row:4", "Farmhouse bread", "", "2.10", "bread"),
    RowModel("row:3", "Apples, Golden", "0.485 kg × €2.09/kg", "1.01", "apple-golden"),
    RowModel(
        "row:2", "2 × Strawberry yogurt", "Second half price: you save €0.50", "1.50", "yogurt", saving=True
    ),
    RowModel("row:1", "Amber beer 0.5 L", "Deposit €0.08 included", "1.88", "beer"),
)
LAST = LastItem("row:5", "Whole milk 1 L", "", "€1.29", "milk", "Added")
BASKET = BasketModel(
    last=LAST,
    rows=ROWS,
    empty_text="Scan your first item",
    total_label="Total",
    total="€7.78",
    saved="You saved €0.50",
    tools=TOOLS,
    pay=ButtonModel("pay", "Pay"),
    pay_amount="€7.78",
)
STRIP = Strip("Adult check for 1 item.", "Marco is looking at it, keep scanning.")
REASONS = (
    *(
        ButtonModel(f"reason:{code}", label, chosen=code == "scan")
        for code, label in (
            ("price", "Price"),
            ("scan", "Won’t scan"),
            ("payment", "Payment"),
            ("find", "Find"),
            ("age", "Age"),
            ("other", "Other"),
        )
    ),
    TOOLS[-1],
)
BANNER = HelpBanner(
    title="Marco is coming",
    text="about 1 minute · go on scanning",
    initial="M",
    cancel=ButtonModel("help-cancel", "Cancel"),
    prompt="Tell us what it is about, if you like",
    reasons=REASONS,
)
STEPS = (Step("Tap", "now"), Step("PIN", "next"), Step("Bank", "next"), Step("Paid", "next"))
BUSY_STEPS = (Step("Tap", "done"), Step("PIN", "done"), Step("Bank", "now"), Step("Paid", "next"))
PAY = PayModel(
    amount_label="To pay",
    amount="€7.78",
    headline="Tap card or phone on the reader",
    steps=STEPS,
    hint="Missed something? Just scan it.",
    busy=False,
    buttons=(ButtonModel("other-ways", "Cash or voucher", icon="voucher"), TOOLS[-1]),
)
TILES = tuple(
    FoundItem(f"tile:{n}", name, price, "", 0, "", "", picture, chosen=False)
    for n, (name, price, picture) in enumerate(
        (
            ("Golden apples", "€2.09/kg", "apple-golden"),
            ("Bananas", "€1.69/kg", "banana"),
            ("Vine tomatoes", "€2.99/kg", "tomato"),
            ("Lemons", "€0.45 each", "lemon"),
            ("Potatoes", "€1.29/kg", "potato"),
            ("Onions", "€1.49/kg", "onion"),
        )
    )
)


def english() -> dict[str, ScreenModel]:
    """Every screen and everything that may lie over one, by name."""
    samples: dict[str, ScreenModel] = {}

    def add(title: str, name: ScreenName, body: Body, **rest: object) -> None:
        bar = rest.pop("top", TopBar(Lamp.FREE, "Lane 3", note="5 items", language=LANGUAGE))
        values = {"help": HELP, "access": ACCESS, **rest}
        serial = len(samples) + 1
        samples[title] = ScreenModel(name, "en", bar, body, serial=serial, **values)  # type: ignore[arg-type]

    welcome = TopBar(Lamp.FREE, "Lane 3 · open", aside="Mercato Aurora")
    add("attract", ScreenName.ATTRACT, _attract(), top=welcome)
    add("basket", ScreenName.BASKET, BASKET, strip=STRIP)
    add(
        "basket-empty", ScreenName.BASKET, _empty_basket(), top=TopBar(Lamp.FREE, "Lane 3", language=LANGUAGE)
    )
    add("basket-full", ScreenName.BASKET, full_basket(40))
    calling = TopBar(Lamp.CALLING, "Lane 3", note="5 items", language=LANGUAGE)
    coming = replace(calling, lamp=Lamp.COMING)
    add("help", ScreenName.HELP, BASKET, top=coming, banner=BANNER, help=CALLED)
    paying = TopBar(Lamp.FREE, "Lane 3", back=BACK, language=LANGUAGE)
    add("pay", ScreenName.PAY, PAY, top=paying)
    add("pay-help", ScreenName.HELP, PAY, top=paying, banner=BANNER, help=CALLED)
    add("paying", ScreenName.PAYING, _busy(), top=TopBar(Lamp.FREE, "Lane 3", language=LANGUAGE))
    add("not-paid", ScreenName.NOT_PAID, _not_paid(), top=paying)
    add("checking", ScreenName.CHECKING, _checking(), top=replace(calling, note=""))
    add(
        "thanks",
        ScreenName.THANKS,
        gallery_visit.thanks(),
        top=TopBar(Lamp.FREE, "Lane 3", aside="Next scan starts a new basket"),
    )
    helped = {"top": replace(coming, note=""), "banner": BANNER, "help": CALLED}
    add("not-paid-help", ScreenName.HELP, _not_paid(), **helped)
    add("checking-help", ScreenName.HELP, _checking(), **helped)
    add("thanks-help", ScreenName.HELP, gallery_visit.thanks(), **helped)
    _add_cards(add, paying)
    add("no-barcode", ScreenName.NO_BARCODE, _no_barcode(), top=paying)
    for title, pad in sticker_samples().items():
        add(title, ScreenName.NO_BARCODE, pad, top=replace(paying, back=replace(BACK, label="Back")))
    _add_questions(add)
    add("weigh", ScreenName.WEIGH, _weigh(), top=paying)
    add("degraded", ScreenName.DEGRADED, _degraded(), top=TopBar(Lamp.CLOSED, "Lane 3", language=LANGUAGE))
    add_staff_samples(add, BASKET, paying, CLOSE)
    for title, name, sheet in _sheets():
        add(title, name, BASKET, sheet=sheet)
    return samples | gallery_visit.samples(samples)


def _add_cards(add: Callable[..., None], paying: TopBar) -> None:
    searching = TopBar(Lamp.FREE, "Lane 3", back=CLOSE, language=LANGUAGE)
    add("find", ScreenName.FIND, FIND, top=searching)
    nothing = replace(FIND, query="", results=(), map=None)
    add("find-empty", ScreenName.FIND, nothing, top=searching)
    add("find-figures", ScreenName.FIND, replace(FIND, keys=PAD), top=searching)
    add(
        "find-help",
        ScreenName.FIND,
        FIND,
        top=replace(paying, back=CLOSE),
        banner=replace(BANNER, reasons=()),
        help=CALLED,
    )
    closable = TopBar(Lamp.FREE, "Lane 3", back=CLOSE, language=LANGUAGE)
    for title, card in cards().items():
        add(title, ScreenName.FIND, card, top=closable)
    brought = Strip(
        "Sara brings it to lane 3.", "Lactose-free milk 1 L", "person", ButtonModel("errand:1", "Cancel")
    )
    add("item-brought", ScreenName.FIND, cards()["item"], top=closable, strip=brought)


def _add_questions(add: Callable[..., None]) -> None:
    for title, body, rest in asked_samples(CLOSE, LANGUAGE):
        helped = {"banner": BANNER, "help": CALLED} if title.endswith("help") else {}
        add(title, ScreenName.QUESTIONS, body, **rest, **helped)


def _sheets() -> tuple[tuple[str, ScreenName, RowSheet | TileSheet | CardSheet], ...]:
    """What may lie over the basket."""
    languages = TileSheet("Language", LANGUAGES, ButtonModel("language-close", "Close"))
    return (
        ("row", ScreenName.ROW, _row_sheet()),
        ("row-pending", ScreenName.ROW, pending_sheet()),
        ("language", ScreenName.LANGUAGE, languages),
        ("accessibility", ScreenName.ACCESSIBILITY, _access_sheet()),
        ("accessibility-speaking", ScreenName.ACCESSIBILITY, _access_sheet(MORE_TILES)),
        ("settings-card", ScreenName.SETTINGS_CARD, CARD_SHEET),
    )


def _access_sheet(more: tuple[ButtonModel, ...] = ()) -> TileSheet:
    words = (
        ("large-text", "Larger text", "larger"),
        ("high-contrast", "More contrast", "contrast"),
        ("reach", "Everything lower", "lower"),
        ("speak", "Read aloud", "speaker"),
        ("slower", "More time", "clock"),
        ("reduced-motion", "Less motion", "still"),
        ("simple", "One thing at a time", "single"),
    )
    tiles = tuple(
        ButtonModel(f"prefer:{code}", label, icon, chosen=code == "slower") for code, label, icon in words
    )
    return TileSheet("How can we make it easier?", tiles + more, ButtonModel("close", "Done", "tick"))


def _attract() -> AttractModel:
    titles = (
        "Scansiona il primo articolo",
        "Pindai barang pertama",
        "Scanează primul produs",
        "I-scan ang unang item",
    )
    more = ButtonModel("language", "More", icon="globe")
    find = ButtonModel("find", "Find an item", icon="find")
    return AttractModel(
        "Scan your first item",
        titles,
        (*LANGUAGES[:5], more),
        "Card · Phone · Voucher",
        find,
        TOOLS[-1],
        no_barcode=TOOLS[0],
    )


def _empty_basket() -> BasketModel:
    pay = ButtonModel("pay", "Pay", enabled=False)
    return replace(BASKET, last=None, rows=(), total="€0.00", saved="", pay=pay, pay_amount="€0.00")


def full_basket(count: int, *, total: str = "€1,066.42") -> BasketModel:
    """A basket of `count` rows under the last item."""
    rows = tuple(replace(ROWS[n % len(ROWS)], tap_id=f"row:{count - n}") for n in range(count))
    return replace(BASKET, rows=rows, total=total, pay_amount=total)


def _busy() -> PayModel:
    return replace(PAY, headline="Contacting the bank", steps=BUSY_STEPS, hint="", busy=True, buttons=())


def _not_paid() -> NotPaidModel:
    return NotPaidModel(
        headline="The card was declined",
        assurance="You have not been charged.",
        text="Your basket is still here. Try another card, or pay another way.",
        buttons=(
            ButtonModel("again", "Try another card", icon="card"),
            ButtonModel("other-ways", "Cash or voucher", icon="voucher"),
            ButtonModel("back", "Back to basket", icon="basket"),
            TOOLS[-1],
        ),
    )


def _checking() -> CheckingModel:
    return CheckingModel(
        "Your payment is being checked.",
        "Please do not pay again.",
        "We lost the card reader for a moment and are asking it what happened. "
        "This takes up to 30 seconds. Sara has been told.",
    )


def _no_barcode() -> NoBarcodeModel:
    return NoBarcodeModel(
        title="Which one is it?",
        tiles=TILES,
        letters=tuple(
            ButtonModel(f"page:{n}", label, "tick" if n == 0 else "", chosen=n == 0)
            for n, label in enumerate(("A–B", "C–G", "L–M", "O–R", "S–Z"))
        ),
        previous=ButtonModel("previous", "Before", icon="arrow-left", enabled=False),
        next=ButtonModel("next", "More", icon="arrow-right"),
        search=ButtonModel("search", "Search by name", icon="find"),
        number=ButtonModel("sticker", "Number", icon="sticker"),
    )


def _weigh() -> WeighModel:
    again = ButtonModel("weigh-again", "Weigh again", icon="scale")
    text = "Keep hands and bags off the scale. It is added by itself."
    return WeighModel("Golden apples", "apple-golden", "€2.09/kg", "Put them on the scale", text, again)


def _degraded() -> DegradedModel:
    return DegradedModel("This lane is closed", "I cannot take this here. Lane 4 is open, to your right.")


def _row_sheet() -> RowSheet:
    return RowSheet(
        name="Strawberry yogurt",
        detail="€1.00 each · second half price",
        amount="€1.50",
        pictogram="yogurt",
        quantity="2",
        less=ButtonModel("row-less", "", icon="minus"),
        more=ButtonModel("row-more", "", icon="plus"),
        remove=ButtonModel("row-remove", "Remove", icon="trash"),
        done=ButtonModel("row-done", "Done"),
        counts=(
            *(ButtonModel(f"units:{n}", str(n), chosen=n == 2) for n in range(1, 7)),
            ButtonModel("count", "7+"),
        ),
        search=ButtonModel("price-wrong", "Price wrong?"),
    )


def long_texts() -> dict[str, ScreenModel]:
    """The same screens with longer words everywhere: some 40 per cent and more over English (UX §8.1)."""
    return {name: _lengthened(model) for name, model in english().items()}


def _lengthened(value: Any) -> Any:
    """The value with every known text exchanged, however deep it lies; identifiers and pictures stay."""
    if isinstance(value, str):
        return LONG_WORDS.get(value, value)
    if isinstance(value, tuple):
        return tuple(_lengthened(part) for part in value)
    if is_dataclass(value) and not isinstance(value, type):
        kept = {"tap_id", "icon", "pictogram", "qr", "sound", "state", "keys"}
        names = (field.name for field in fields(value) if field.name not in kept)
        return replace(value, **{name: _lengthened(getattr(value, name)) for name in names})
    return value


def write_pictures(panel: Panel, samples: dict[str, ScreenModel], folder: Path) -> None:
    """Open a window for the panel, write NAME.png of every sample into `folder`, and close it again."""
    from kiosk.ui.app import LaneWindow  # noqa: PLC0415  (the samples are wanted without a window, too)
    from kiosk.ui.hand import Hand  # noqa: PLC0415

    window = LaneWindow(panel, reduced_motion=True)

    def draw() -> None:
        try:
            hand = Hand(window)
            if window.wait_until_running(20):
                for name, model in samples.items():
                    window.show(model)
                    hand.screenshot(folder / f"{name}.png")
        finally:
            window.stop()

    hands = threading.Thread(target=draw, name="gallery")
    hands.start()
    window.run()
    hands.join()
