"""Owns sample screens: one of every kind in English, and the same with the long words of other languages.

It must not know the lane: these are finished values, for pictures and for the tests of the window.
"""

from __future__ import annotations

import threading
from dataclasses import fields, is_dataclass, replace
from pathlib import Path
from typing import Any

from kiosk.ui.gallery_words import LONG_WORDS
from kiosk.ui.screen_model import (
    AttractModel,
    BasketModel,
    Body,
    ButtonModel,
    CheckingModel,
    DegradedModel,
    FindModel,
    FoundItem,
    HelpBanner,
    Lamp,
    LanguageSheet,
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
    ThanksModel,
    TopBar,
    WeighModel,
)
from kiosk.ui.theme import Panel

LANGUAGE = ButtonModel("language", "English", icon="globe")
HELP = ButtonModel("help", "Help", icon="help")
CALLED = ButtonModel("help", "Called", icon="tick", chosen=True)
BACK = ButtonModel("back", "Back to basket", icon="back")
CLOSE = ButtonModel("close", "Close", icon="close")
LANGUAGES = tuple(
    ButtonModel(f"language:{code}", name, chosen=code == "en")
    for code, name in (
        ("en", "English"),
        ("it", "Italiano"),
        ("id", "Indonesia"),
        ("ro", "Română"),
        ("fil", "Filipino"),
    )
)
TOOLS = (
    ButtonModel("no-barcode", "No barcode", icon="no-barcode"),
    ButtonModel("bag", "Bag +", icon="bag"),
    ButtonModel("find", "Find", icon="find"),
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
REASONS = tuple(
    ButtonModel(f"reason:{code}", label, chosen=code == "scan")
    for code, label in (
        ("price", "Price"),
        ("scan", "Won’t scan"),
        ("payment", "Payment"),
        ("find", "Find"),
        ("age", "Age"),
        ("other", "Other"),
    )
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
    hint="Missed something? Just scan it. Other ways:",
    busy=False,
    buttons=(
        ButtonModel("voucher", "Voucher", icon="voucher"),
        ButtonModel("split", "Split"),
        ButtonModel("cash", "Cash", enabled=False),
    ),
)
MILK_1L = FoundItem(
    tap_id="found:1",
    name="Lactose-free milk 1 L",
    price="€1.59",
    place="Aisle 7 · Bay 3",
    bars=2,
    band="A few left",
    age="checked 12 min ago",
    pictogram="milk-lactose-free",
    chosen=True,
    actions=(ButtonModel("bring", "Bring it to me"), ButtonModel("shelf-empty", "Shelf is empty")),
)
MILK_HALF = replace(
    MILK_1L, tap_id="found:2", name="Lactose-free milk ½ L", price="€0.99", bars=3, band="Plenty", age=""
)
KEYS = tuple(tuple(row) for row in ("qwertyuiop", "asdfghjkl", "zxcvbnm"))
FIND = FindModel(
    query="lactose free mi",
    placeholder="What are you looking for?",
    results=(MILK_1L, replace(MILK_HALF, chosen=False, actions=())),
    empty_text="Nothing found. Try another word.",
    map_aisles=("1", "2", "3", "4", "5", "6", "7", "8", "9"),
    map_chosen="7",
    map_you="You",
    keys=KEYS,
    space=ButtonModel("space", "space"),
    erase=ButtonModel("erase", "", icon="backspace"),
    accents=ButtonModel("accents", "à è ș"),
    basket_total="Basket €7.78",
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
        values = {"help": HELP, **rest}
        serial = len(samples) + 1
        samples[title] = ScreenModel(name, "en", bar, body, serial=serial, **values)  # type: ignore[arg-type]

    add(
        "attract",
        ScreenName.ATTRACT,
        _attract(),
        top=TopBar(Lamp.FREE, "Lane 3 · open", aside="Mercato Aurora"),
    )
    add("basket", ScreenName.BASKET, BASKET, strip=STRIP)
    add(
        "basket-empty", ScreenName.BASKET, _empty_basket(), top=TopBar(Lamp.FREE, "Lane 3", language=LANGUAGE)
    )
    add("basket-full", ScreenName.BASKET, _full_basket(40))
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
        _thanks(),
        top=TopBar(Lamp.FREE, "Lane 3", aside="Next scan starts a new basket"),
    )
    helped = {"top": replace(coming, note=""), "banner": BANNER, "help": CALLED}
    add("not-paid-help", ScreenName.HELP, _not_paid(), **helped)
    add("checking-help", ScreenName.HELP, _checking(), **helped)
    add("thanks-help", ScreenName.HELP, _thanks(), **helped)
    add("find", ScreenName.FIND, FIND, top=TopBar(Lamp.FREE, "Lane 3", back=CLOSE, language=LANGUAGE))
    nothing = replace(FIND, query="", results=(), map_chosen="")
    add(
        "find-empty", ScreenName.FIND, nothing, top=TopBar(Lamp.FREE, "Lane 3", back=CLOSE, language=LANGUAGE)
    )
    add(
        "find-help",
        ScreenName.FIND,
        FIND,
        top=replace(paying, back=CLOSE),
        banner=replace(BANNER, reasons=()),
        help=CALLED,
    )
    add("no-barcode", ScreenName.NO_BARCODE, _no_barcode(), top=paying)
    add("weigh", ScreenName.WEIGH, _weigh(), top=paying)
    add("degraded", ScreenName.DEGRADED, _degraded(), top=TopBar(Lamp.CLOSED, "Lane 3", language=LANGUAGE))
    add("row", ScreenName.ROW, BASKET, sheet=_row_sheet())
    languages = LanguageSheet("Language", LANGUAGES, ButtonModel("language-close", "Close"))
    add("language", ScreenName.LANGUAGE, BASKET, sheet=languages, top=replace(calling, lamp=Lamp.HERE))
    return samples


def _attract() -> AttractModel:
    titles = (
        "Scansiona il primo articolo",
        "Pindai barang pertama",
        "Scanează primul produs",
        "I-scan ang unang item",
    )
    more = ButtonModel("language", "More", icon="globe")
    find = ButtonModel("find", "Find an item", icon="find")
    return AttractModel("Scan your first item", titles, (*LANGUAGES, more), "Card · Phone · Voucher", find)


def _empty_basket() -> BasketModel:
    pay = ButtonModel("pay", "Pay", enabled=False)
    return replace(BASKET, last=None, rows=(), total="€0.00", saved="", pay=pay, pay_amount="€0.00")


def _full_basket(count: int) -> BasketModel:
    rows = tuple(replace(ROWS[n % len(ROWS)], tap_id=f"row:{count - n}") for n in range(count))
    return replace(BASKET, rows=rows, total="€1,066.42", pay_amount="€1,066.42")


def _busy() -> PayModel:
    return replace(PAY, headline="Contacting the bank", steps=BUSY_STEPS, hint="", busy=True, buttons=())


def _not_paid() -> NotPaidModel:
    return NotPaidModel(
        headline="The card was declined",
        assurance="You have not been charged.",
        text="Your basket is still here. Try another card, or pay another way.",
        buttons=(
            ButtonModel("again", "Try another card", icon="card"),
            ButtonModel("other", "Pay another way"),
        ),
    )


def _checking() -> CheckingModel:
    return CheckingModel(
        "We are checking your payment",
        "Please don’t pay again.",
        "We lost the card reader for a moment and are asking it what happened. "
        "This takes up to 30 seconds. Sara has been told.",
    )


def _thanks() -> ThanksModel:
    faces = (("great", "Great"), ("good", "Good"), ("bad", "Bad"), ("awful", "Awful"))
    return ThanksModel(
        headline="Paid €7.78",
        text="Take your bags and your card.",
        qr="https://aurora.example/r/7Q2M9K4TX1",
        receipt_title="Your receipt",
        receipt_text="Point your phone at it, no app needed.",
        print_button=ButtonModel("print", "Print it", icon="printer"),
        question="How was it?",
        faces=tuple(ButtonModel(f"face:{code}", label, icon=f"face-{code}") for code, label in faces),
        closing="Closing in 10 s",
    )


def _no_barcode() -> NoBarcodeModel:
    return NoBarcodeModel(
        title="Which one is it?",
        tiles=TILES,
        previous=ButtonModel("previous", "Before", icon="arrow-left", enabled=False),
        next=ButtonModel("next", "More", icon="arrow-right"),
        search=ButtonModel("search", "Search by name", icon="find"),
    )


def _weigh() -> WeighModel:
    again = ButtonModel("weigh-again", "Weigh again", icon="scale")
    text = "Keep hands and bags off the scale. It is added by itself."
    return WeighModel("Golden apples", "apple-golden", "€2.09/kg", "Put them on the scale", text, again)


def _degraded() -> DegradedModel:
    return DegradedModel(
        "This lane is resting", "Lane 4 is open, right beside you. Your basket comes with you."
    )


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
